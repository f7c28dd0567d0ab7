/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps track of what the screen shows. */
#include "config.h"

#include "ui-state.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "capture.h"
#include "cleanup.h"
#include "clock.h"
#include "flow-place.h"
#include "flow-table.h"
#include "fmt.h"
#include "ledger.h"
#include "macro.h"
#include "snapshot.h"
#include "ui-filter.h"

const char *const ui_unit_names[UNIT_MAX] = {
	[UNIT_BITS] = "bits",
	[UNIT_BYTES] = "bytes",
	[UNIT_PACKETS] = "packets",
};

/* Why the view says nothing. */
static void say_if_empty(struct ui_state *state)
{
	if (view_table[state->view].places && flow_place_off())
		ui_state_say(state, LOG_WARN, "%s", flow_place_off());
}

int ui_state_init(struct ui_state *state, const struct ui_config *config,
		  const struct ui_hooks *hooks, const struct capture_info *info,
		  const struct flow_table *table, const struct ledger *ledger)
{
	int r;

	*state = (struct ui_state){
		.config = *config,
		.hooks = hooks,
		.info = info,
		.table = table,
		.ledger = ledger,
		.view = config->view,
		.unit = config->unit,
		.interval_ns = config->interval_ns,
		.updated = true,
		.reordered = true,
	};
	for (int view = 0; view < VIEW_ID_MAX; view++) {
		const struct ui_view_config *own = &config->views[view];

		state->sort[view] = own->sort_given ? own->sort : view_table[view].sort;
		state->reverse[view] = own->reverse;
	}
	if (view_table[config->view].rows != VIEW_GROUPS)
		state->table_view = config->view;
	if (info->note && *info->note)
		ui_state_say(state, LOG_INFO, "%s", info->note);
	say_if_empty(state);
	if (config->warning)
		ui_state_say(state, LOG_WARN, "%s", config->warning);
	r = ui_filter_init(state, config->filter);
	return r < 0 ? r : snapshot_new(&state->snapshot);
}

void ui_state_done(struct ui_state *state)
{
	snapshot_free(state->snapshot);
	flow_table_free(state->frozen);
	ledger_free(state->frozen_ledger);
	ui_history_done(&state->write_history);
	ui_books_done(&state->books);
	ui_filter_done(state);
	ui_drill_done(state);
	*state = (struct ui_state){0};
}

/* ---- what is shown ---- */

static bool has_column(const enum column_id *columns, size_t n, enum column_id id)
{
	for (size_t i = 0; i < n; i++)
		if (columns[i] == id)
			return true;
	return false;
}

enum column_id ui_state_sort(const struct ui_state *state)
{
	return column_in_unit(state->sort[state->view], state->unit);
}

size_t ui_state_columns(const struct ui_state *state, enum column_id columns[COLUMN_MAX])
{
	const struct ui_view_config *config = &state->config.views[state->view];
	bool own = config->n_columns > 0;
	const enum column_id *wanted = own ? config->columns : view_table[state->view].columns;
	size_t n_wanted = own ? config->n_columns : COLUMN_MAX, n = 0;

	for (size_t i = 0; i < n_wanted && wanted[i] < COLUMN_MAX && n < COLUMN_MAX; i++) {
		/* In packets, a column of bits stands for its column of packets, shown once. */
		enum column_id id = column_in_unit(wanted[i], state->unit);

		if (id == COLUMN_OWNER && !own && !state->info->owners)
			continue; /* it would say "off" in every row */
		if (!has_column(columns, n, id))
			columns[n++] = id;
	}
	if (!has_column(columns, n, ui_state_sort(state)) && n < COLUMN_MAX)
		columns[n++] = ui_state_sort(state);
	return n;
}

const struct flow_table *ui_state_table(const struct ui_state *state)
{
	return state->frozen ? state->frozen : state->table;
}

const struct ledger *ui_state_ledger(const struct ui_state *state)
{
	return state->frozen ? state->frozen_ledger : state->ledger;
}

size_t ui_state_n_rows(const struct ui_state *state)
{
	return snapshot_n_rows(state->snapshot);
}

void ui_state_row(const struct ui_state *state, size_t place, struct row *ret_row)
{
	snapshot_row(state->snapshot, place, ret_row);
}

bool ui_state_selected_row(struct ui_state *state, struct row *ret_row)
{
	int64_t place =
		state->selected ? snapshot_find(state->snapshot, state->selected_id) : -ENOENT;

	if (place < 0) {
		/* evicted, or kept out by the filter: not what somebody failed to do */
		if (state->selected)
			ui_state_say(state, LOG_WARN, "the selected row is gone");
		else
			ui_state_say(state, LOG_INFO, "select a row first, with Down");
		return false;
	}
	ui_state_row(state, (size_t)place, ret_row);
	return true;
}

void ui_state_update(struct ui_state *state)
{
	state->updated = true;
	ui_detail_tick(state);
}

static size_t last_top(const struct ui_state *state)
{
	size_t n_rows = ui_state_n_rows(state);

	return n_rows > state->n_page ? n_rows - state->n_page : 0;
}

/* Finds the selected row on the screen; where it is to be followed or shown, anywhere. */
static void find_selected(struct ui_state *state)
{
	size_t n_rows = ui_state_n_rows(state);
	int64_t place = -1;

	for (size_t i = state->top; i < MIN(n_rows, state->top + state->n_page) && place < 0; i++) {
		struct row row;

		ui_state_row(state, i, &row);
		if (row.id == state->selected_id)
			place = (int64_t)i;
	}
	if (place < 0 && (state->follow || state->seek)) {
		place = snapshot_find(state->snapshot, state->selected_id);
		if (place < 0)
			ui_state_say(state, LOG_WARN, "the %s row is gone",
				     state->follow ? "followed" : "selected");
		state->follow &= place >= 0;
		state->selected &= place >= 0 || !state->seek;
	}
	state->seek = false;
	if (place < 0)
		return;
	state->cursor = (size_t)place;
	/* A followed row that left the screen comes back to its middle. */
	if (state->cursor < state->top || state->cursor >= state->top + state->n_page)
		state->top = state->cursor - MIN(state->cursor, state->n_page / 2);
}

static void build(struct ui_state *state)
{
	const struct snapshot_config config = {
		.view = state->view,
		.sort = state->sort[state->view],
		.reverse = state->reverse[state->view],
		.unit = state->unit,
		/* One page more, so that scrolling finds it done. */
		.n_sorted = state->top + 2 * state->n_page + 1,
		.real_offset_ns = state->config.real_offset_ns,
		.filter = state->filter,
	};
	const struct flow_table *table = ui_state_table(state);
	const struct ledger *ledger = ui_state_ledger(state);
	bool hold = state->hold || clock_mono_ns() < state->hold_until_ns;
	int r;

	state->held = hold && !state->reordered;
	if (state->held)
		r = snapshot_build_held(state->snapshot, table, ledger, &config);
	else
		r = snapshot_build(state->snapshot, table, ledger, &config);
	if (r < 0)
		ui_state_say(state, LOG_ERR, "no memory for the rows");
	state->rebuild = state->reordered = false;
}

void ui_state_prepare(struct ui_state *state, size_t n_page)
{
	bool fresh = state->updated && !state->frozen;
	bool built = fresh || state->rebuild || state->reordered;

	state->n_page = n_page;
	if (fresh) {
		state->updated = false;
		if (ui_books_update(&state->books, state->ledger, state->table) < 0)
			ui_state_say(state, LOG_ERR, "no memory for the interfaces");
	}
	if (built)
		build(state);
	if (fresh)
		ui_detail_prepare(state);
	state->top = MIN(state->top, last_top(state));
	if (state->selected && (built || state->follow))
		find_selected(state);
	state->top = MIN(state->top, last_top(state));
}

uint64_t ui_state_hold_ns(const struct ui_state *state)
{
	uint64_t now = clock_mono_ns();

	/* Where they stay anyway, and before there is new data, it is no matter. */
	if (state->hold || state->frozen || !state->held || now >= state->hold_until_ns)
		return 0;
	return state->hold_until_ns - now;
}

uint64_t ui_state_next_change(const struct ui_state *state)
{
	uint64_t next = UINT64_MAX, now = clock_mono_ns();

	if (state->frozen)
		next = NSEC_PER_SEC - (now - state->frozen_ns) % NSEC_PER_SEC;
	if (ui_state_hold_ns(state))
		next = MIN(next, (ui_state_hold_ns(state) - 1) % NSEC_PER_SEC + 1);
	if (state->message_until_ns > now)
		next = MIN(next, state->message_until_ns - now);
	return next;
}

/* ---- changes ---- */

void ui_state_set_view(struct ui_state *state, enum view_id view)
{
	if (state->view == view)
		return;
	state->view = view;
	if (view_table[view].rows != VIEW_GROUPS)
		state->table_view = view;
	state->top = state->cursor = 0;
	state->selected = state->follow = false;
	state->reordered = true;
	say_if_empty(state);
}

void ui_state_set_sort(struct ui_state *state, enum column_id sort, bool reverse)
{
	state->sort[state->view] = sort;
	state->reverse[state->view] = reverse;
	state->reordered = true;
	if (!state->follow)
		state->top = 0;
}

void ui_state_set_unit(struct ui_state *state, enum unit unit)
{
	enum column_id before = ui_state_sort(state);

	state->unit = unit;
	state->reordered |= ui_state_sort(state) != before;
}

void ui_state_set_frozen(struct ui_state *state, bool frozen)
{
	int r;

	if (!frozen) {
		/* The rows point into the copy: nothing reads them before they are built again. */
		flow_table_free(take_ptr(state->frozen));
		ledger_free(take_ptr(state->frozen_ledger));
		state->updated = true;
		return;
	}
	r = ledger_clone(state->ledger, &state->frozen_ledger);
	if (r == 0)
		r = flow_table_clone(state->table, &state->frozen);
	if (r < 0) {
		ledger_free(take_ptr(state->frozen_ledger));
		ui_state_say(state, LOG_ERR, "no memory for a frozen copy of the table");
		return;
	}
	state->frozen_ns = clock_mono_ns();
	/* What came since the last drawing belongs to the picture that is frozen. */
	if (state->updated && ui_books_update(&state->books, state->ledger, state->table) == 0)
		state->updated = false;
	state->rebuild = true;
}

void ui_state_seek(struct ui_state *state, uint64_t id, size_t top)
{
	state->selected = state->seek = true;
	state->selected_id = id;
	state->top = top;
	state->reordered = true;
}

void ui_state_select(struct ui_state *state, size_t place)
{
	struct row row;

	ui_state_row(state, place, &row);
	if (!state->selected || state->selected_id != row.id)
		ui_detail_select(state, &row);
	state->selected = true;
	state->selected_id = row.id;
	state->hold_until_ns = clock_mono_ns() + UI_HOLD_NS;
	state->cursor = place;
	if (place < state->top)
		state->top = place;
	else if (place >= state->top + state->n_page)
		state->top = place + 1 - MIN(state->n_page, place + 1);
}

static size_t moved(size_t place, int64_t n, size_t last)
{
	if (n < 0)
		return place - MIN(place, (size_t)-n);
	return (size_t)n > last - MIN(place, last) ? last : place + (size_t)n;
}

void ui_state_move(struct ui_state *state, int64_t n_rows, bool select)
{
	size_t n = ui_state_n_rows(state);
	bool visible = state->selected && state->cursor >= state->top &&
		       state->cursor < state->top + state->n_page;

	if (!n || !state->n_page)
		return;
	if (!state->selected && !select)
		state->top = moved(state->top, n_rows, last_top(state));
	else if (!visible && select)
		ui_state_select(state, state->top); /* the first key shows where the cursor is */
	else {
		/* Pages move both, so that the cursor stays where it is on the screen. */
		size_t place = visible ? state->cursor : state->top;

		if (!select)
			state->top = moved(state->top, n_rows, last_top(state));
		ui_state_select(state, moved(place, n_rows, n - 1));
	}
}

/* ---- messages ---- */

void ui_state_format_span(char *buf, size_t size, uint64_t ns)
{
	char *zero;

	(void)fmt_duration(buf, size, ns);
	zero = strstr(buf, ".0s");
	if (zero)
		memcpy(zero, "s", sizeof("s"));
}

void ui_state_say(struct ui_state *state, enum log_level level, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(state->message, sizeof(state->message), format, args);
	va_end(args);
	state->message_level = level;
	state->n_messages++;
	state->message_stays = state->message_of_key = false;
	state->message_until_ns = clock_mono_ns() + UI_MESSAGE_NS;
}

const char *ui_state_message(const struct ui_state *state)
{
	bool shown = state->message_stays || clock_mono_ns() < state->message_until_ns;

	return shown ? state->message : NULL;
}
