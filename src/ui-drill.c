/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens the flows of a group, and finds the way back. */
#include "config.h"

#include "ui-drill.h"

#include <stdlib.h>
#include <string.h>

#include "ui-filter.h"
#include "ui-state.h"

void ui_drill_open(struct ui_state *state)
{
	struct ui_drill drill = {
		.view = state->view,
		.selected_id = state->selected_id,
		.top = state->top,
		.frozen = state->frozen,
	};

	if (state->n_drills == UI_DRILLS_MAX) {
		ui_state_say(state, LOG_INFO,
			     "%d groups within each other are the most; Esc goes "
			     "back",
			     UI_DRILLS_MAX);
		return;
	}
	drill.filter = strdup(ui_filter_text(state));
	if (!drill.filter) {
		ui_state_say(state, LOG_ERR, "no memory for the filter");
		return;
	}
	if (!ui_filter_add_selected(state, false)) {
		free(drill.filter);
		return;
	}
	state->drills[state->n_drills++] = drill;
	ui_state_set_view(state, state->table_view);
}

bool ui_drill_is_newest(const struct ui_state *state)
{
	return state->n_drills && state->drills[state->n_drills - 1].frozen;
}

bool ui_drill_back(struct ui_state *state)
{
	struct ui_drill drill;

	if (!state->n_drills)
		return false;
	drill = state->drills[--state->n_drills];
	ui_filter_restore(state, drill.filter);
	free(drill.filter);
	ui_state_set_view(state, drill.view);
	ui_state_seek(state, drill.selected_id, drill.top);
	return true;
}

void ui_drill_done(struct ui_state *state)
{
	while (state->n_drills)
		free(state->drills[--state->n_drills].filter);
}
