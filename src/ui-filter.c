/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Connects the filter of the table with the prompt, the selected row and the head. */
#include "config.h"

#include "ui-filter.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "filter.h"
#include "fmt.h"
#include "ledger.h"
#include "snapshot.h"
#include "text.h"
#include "ui-draw.h"
#include "ui-state.h"
#include "view.h"

/* What is left of the line of the head for the text, at least. */
#define TEXT_MIN 12

const char *ui_filter_text(const struct ui_state *state)
{
	return state->filter ? filter_text(state->filter) : "";
}

/* ---- changing it ---- */

/* From now on rows are made of what passes. */
static void use(struct ui_state *state, struct filter *filter)
{
	filter_free(state->filter);
	state->filter = filter;
	state->reordered = true;
	if (!state->follow)
		state->top = 0;
}

static int set_text(struct ui_state *state, const char *text, struct filter_error *ret_error)
{
	struct filter *filter = NULL;
	int r = filter_parse(text, &filter, ret_error);

	if (r < 0)
		return r;
	use(state, filter);
	return 0;
}

int ui_filter_init(struct ui_state *state, const char *text)
{
	struct filter_error error;

	return text ? set_text(state, text, &error) : 0;
}

void ui_filter_done(struct ui_state *state)
{
	filter_free(take_ptr(state->filter));
	free(take_ptr(state->filter_before));
	ui_history_done(&state->filter_history);
}

void ui_filter_restore(struct ui_state *state, const char *text)
{
	struct filter_error error;

	if (strcmp(text, ui_filter_text(state)) != 0 && set_text(state, text, &error) < 0)
		ui_state_say(state, LOG_ERR, "no memory for the filter");
}

void ui_filter_clear(struct ui_state *state)
{
	if (!state->filter) {
		ui_state_say(state, LOG_INFO, "there is no filter");
		return;
	}
	use(state, NULL);
}

/* ---- typing it ---- */

static void note_error(struct ui_state *state, int r, const struct filter_error *error)
{
	if (r == -ENOMEM)
		ui_prompt_note(&state->prompt, LOG_ERR, "no memory for the filter");
	else
		ui_prompt_note(&state->prompt, error->unfinished ? LOG_DEBUG : LOG_WARN,
			       "column %u: %s", error->column, error->text);
}

/* The rows follow while the text is right; otherwise they stay as they are. */
static void on_change(void *data, const char *text)
{
	struct ui_state *state = data;
	struct filter *filter = NULL;
	struct filter_error error;
	int r = filter_parse(text, &filter, &error);

	if (r < 0)
		note_error(state, r, &error);
	else if (filter && filter_is_begun(filter))
		filter_free(filter);
	else
		use(state, filter);
}

static bool on_accept(void *data, const char *text)
{
	struct ui_state *state = data;
	struct filter_error error;
	int r = set_text(state, text, &error);

	if (r == 0)
		return true;
	error.unfinished = false; /* it was to be all */
	note_error(state, r, &error);
	return false;
}

static void on_cancel(void *data)
{
	struct ui_state *state = data;

	ui_filter_restore(state, state->filter_before);
}

static size_t on_complete(void *data, const char *text,
			  void (*each)(void *each_data, const char *word), void *each_data)
{
	struct ui_state *state = data;

	return filter_complete(text, state->ledger, each, each_data);
}

static const struct ui_prompt_ops prompt_ops = {
	.label = "filter: ",
	.hint = "Enter keep  Esc undo  Tab complete",
	.change = on_change,
	.accept = on_accept,
	.cancel = on_cancel,
	.complete = on_complete,
};

void ui_filter_open(struct ui_state *state)
{
	char *before = strdup(ui_filter_text(state));

	if (!before) {
		ui_state_say(state, LOG_ERR, "no memory for the filter");
		return;
	}
	free(state->filter_before);
	state->filter_before = before;
	ui_prompt_open(&state->prompt, &prompt_ops, state, &state->filter_history, before);
}

/* ---- taking it from a row ---- */

bool ui_filter_add_selected(struct ui_state *state, bool exclude)
{
	char part[FILTER_LENGTH_MAX + 1], text[FILTER_LENGTH_MAX + sizeof(part) + 16];
	const char *before = ui_filter_text(state);
	bool loose = state->filter && filter_is_loose(state->filter), group;
	struct filter_error error;
	struct row row;
	int r;

	if (!ui_state_selected_row(state, &row))
		return false;
	r = view_table[state->view].filter(part, sizeof(part), &row);
	if (!r) {
		ui_state_say(state, LOG_INFO, "nothing tells this row from others");
		return false;
	}
	if ((size_t)r >= sizeof(part)) {
		ui_state_say(state, LOG_ERR, "a filter would be longer than %d bytes",
			     FILTER_LENGTH_MAX);
		return false;
	}
	group = exclude && strstr(part, " and ");
	(void)snprintf(text, sizeof(text), "%s%s%s%s%s%s%s%s", loose ? "(" : "", before,
		       loose ? ")" : "", *before ? " and " : "", exclude ? "not " : "",
		       group ? "(" : "", part, group ? ")" : "");
	r = set_text(state, text, &error);
	if (r < 0)
		ui_state_say(state, LOG_ERR, "%s",
			     r == -ENOMEM ? "no memory for the filter" : error.text);
	return r == 0;
}

/* ---- the head ---- */

int ui_filter_draw(const struct ui_state *state, const struct ui_theme *theme, int y, int n_columns)
{
	static const char label[] = "filter ";
	const struct snapshot_part *passed = snapshot_passed(state->snapshot);
	char text[4 * FILTER_LENGTH_MAX + 1], share[FMT_MAX], facts[128];
	int x = (int)sizeof(label) - 1, width, room;

	if (!state->filter)
		return 0;
	(void)text_clean(text, sizeof(text), filter_text(state->filter), (size_t)-1);
	(void)fmt_percent(share, sizeof(share), passed->bytes,
			  state->books.sum[DIRECTION_MAX].total.bytes);
	(void)snprintf(facts, sizeof(facts), "shows %u of %u flows, %s of bytes", passed->n_flows,
		       state->books.n_kept, share);
	if ((int)text_width(facts) > n_columns - x - 1 - TEXT_MIN)
		(void)snprintf(facts, sizeof(facts), "%u of %u, %s", passed->n_flows,
			       state->books.n_kept, share);
	width = (int)text_width(text);
	room = n_columns - x - 2 - (int)text_width(facts);
	ui_draw_text(theme, (struct ui_box){y, 0, x, false}, theme->attr[UI_ROLE_LABEL], label);
	ui_draw_text(theme, (struct ui_box){y, x, MIN(width, room), false},
		     theme->attr[UI_ROLE_WARN], text);
	ui_draw_text(theme,
		     (struct ui_box){y, x + MIN(width, room) + 2, (int)text_width(facts), false},
		     A_NORMAL, facts);
	return 1;
}
