/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps track of the selected flow for its pane. */
#include "config.h"

#include "ui-detail.h"

#include <errno.h>
#include <string.h>

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

void ui_detail_tick(struct ui_state *state)
{
	if (state->detail.known)
		record(state, state->table, ledger_last_tick(state->ledger));
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
	state->detail.shown = state->detail.history;
	if (state->detail.open)
		ask_tcp(state);
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
}

void ui_detail_close(struct ui_state *state)
{
	state->detail.open = false;
	/* Meanwhile its row has moved. */
	state->seek = state->rebuild = true;
}
