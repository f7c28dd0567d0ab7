/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps track of the selected flow for its pane. */
#include "config.h"

#include "ui-detail.h"

#include <errno.h>
#include <string.h>

#include "capture.h"
#include "flow-table.h"
#include "flow.h"
#include "ledger.h"
#include "snapshot.h"
#include "ui-state.h"
#include "ui.h"
#include "view.h"

/* ---- history ---- */

static void add_rates(const struct flow_table *table, const struct flow_key *key,
		      double values[UI_DETAIL_SERIES_MAX])
{
	const struct flow *flow = flow_table_find(table, key);

	if (!flow)
		return;
	values[UI_DETAIL_RX_BPS + key->direction] = flow_bps(table, flow);
	values[UI_DETAIL_RX_PPS + key->direction] = flow_pps(table, flow);
}

static void take_values(const struct ui_state *state, const struct flow_table *table,
			double ret_values[UI_DETAIL_SERIES_MAX])
{
	const struct flow_key *key = &state->detail.key;
	struct flow_key reverse;
	double bps, pps;

	memset(ret_values, 0, UI_DETAIL_SERIES_MAX * sizeof(*ret_values));
	add_rates(table, key, ret_values);
	if (view_table[state->view].rows == VIEW_CONVERSATIONS) {
		flow_key_reverse(key, &reverse);
		add_rates(table, &reverse, ret_values);
	}
	bps = ret_values[UI_DETAIL_RX_BPS] + ret_values[UI_DETAIL_TX_BPS];
	pps = ret_values[UI_DETAIL_RX_PPS] + ret_values[UI_DETAIL_TX_PPS];
	ret_values[UI_DETAIL_SIZE] = pps > 0 ? bps / 8 / pps : 0;
}

static void drop_oldest(struct ui_detail_history *history)
{
	history->n--;
	history->n_past++;
	for (int i = 0; i < UI_DETAIL_SERIES_MAX; i++)
		memmove(history->values[i], history->values[i] + 1,
			history->n * sizeof(history->values[i][0]));
	memmove(history->start_ns, history->start_ns + 1,
		history->n * sizeof(history->start_ns[0]));
}

static void record(struct ui_state *state, const struct flow_table *table,
		   const struct sample_tick *tick)
{
	struct ui_detail_history *history = &state->detail.history;
	double values[UI_DETAIL_SERIES_MAX];

	take_values(state, table, values);
	if (history->n == UI_DETAIL_HISTORY)
		drop_oldest(history);
	for (int i = 0; i < UI_DETAIL_SERIES_MAX; i++)
		history->values[i][history->n] = values[i];
	history->start_ns[history->n++] = tick->start_ns;
	history->end_ns = tick->end_ns;
}

void ui_detail_select(struct ui_state *state, const struct row *row)
{
	struct ui_detail *detail = &state->detail;

	detail->known = view_table[state->view].rows != VIEW_GROUPS;
	if (!detail->known)
		return;
	detail->key = *row->key;
	detail->history.n = detail->history.n_past = 0;
	/* the interval that is on the screen */
	record(state, ui_state_table(state), &state->books.tick);
	detail->shown = detail->history;
}

/* ---- sizes of packets ---- */

/* The keys of the row; 0 where it is gone. */
static size_t list_keys(const struct ui_state *state, struct flow_key ret_keys[DIRECTION_MAX])
{
	const struct flow_key *key = &state->detail.key;
	bool both = view_table[state->view].rows == VIEW_CONVERSATIONS;

	ret_keys[0] = *key;
	flow_key_reverse(key, &ret_keys[1]);
	if (!flow_table_find(state->table, key) &&
	    !(both && flow_table_find(state->table, &ret_keys[1])))
		return 0;
	return both ? DIRECTION_MAX : 1;
}

static void start_watch(struct ui_state *state)
{
	struct ui_detail *detail = &state->detail;
	struct flow_key keys[DIRECTION_MAX];
	size_t n_keys = list_keys(state, keys);

	detail->sizes = (struct sample_sizes){.end_ns = 0};
	if (!state->hooks || state->info->sizes_note)
		detail->watch = UI_DETAIL_WATCH_NONE;
	else if (detail->key.open)
		detail->watch = UI_DETAIL_WATCH_FOLDED;
	else if (!n_keys)
		detail->watch = UI_DETAIL_WATCH_LOST;
	else
		detail->watch = UI_DETAIL_WATCH_ON;
	if (detail->watch == UI_DETAIL_WATCH_ON)
		state->hooks->watch(state->hooks->data, keys, n_keys);
}

static void stop_watch(struct ui_state *state, enum ui_detail_watch watch)
{
	if (state->detail.watch == UI_DETAIL_WATCH_ON)
		state->hooks->watch(state->hooks->data, NULL, 0);
	state->detail.watch = watch;
}

void ui_detail_tick(struct ui_state *state)
{
	struct flow_key keys[DIRECTION_MAX];

	if (state->detail.known)
		record(state, state->table, ledger_last_tick(state->ledger));
	if (state->detail.watch == UI_DETAIL_WATCH_ON && !list_keys(state, keys))
		stop_watch(state, UI_DETAIL_WATCH_LOST);
}

/* ---- the pane ---- */

static void ask_tcp(struct ui_state *state)
{
	const struct ui_hooks *hooks = state->hooks;
	struct ui_detail *detail = &state->detail;

	if (!hooks || !hooks->ask_tcp)
		detail->tcp_result = -ENOTSUP;
	else if (state->frozen)
		detail->tcp_result = -EAGAIN; /* what it says now is not of the picture */
	else
		detail->tcp_result = hooks->ask_tcp(hooks->data, &detail->key, &detail->tcp);
}

void ui_detail_prepare(struct ui_state *state)
{
	struct ui_detail *detail = &state->detail;

	detail->shown = detail->history;
	if (detail->open)
		ask_tcp(state);
	if (detail->watch == UI_DETAIL_WATCH_ON)
		detail->sizes = *state->hooks->sizes(state->hooks->data);
}

void ui_detail_open(struct ui_state *state)
{
	struct ui_detail *detail = &state->detail;

	if (!state->selected) {
		ui_state_say(state, LOG_INFO, "select a row first, with Down");
		return;
	}
	detail->open = true;
	detail->top = 0;
	ask_tcp(state);
	start_watch(state);
}

void ui_detail_close(struct ui_state *state)
{
	state->detail.open = false;
	stop_watch(state, UI_DETAIL_WATCH_NONE);
	/* Meanwhile its row has moved. */
	state->seek = state->rebuild = true;
}
