/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shows the selected row as a filter, to be copied. */
#include "config.h"

#include "ui-copy.h"

#include <string.h>

#include "filter.h"
#include "flow.h"
#include "ui-state.h"
#include "view.h"

void ui_copy(struct ui_state *state)
{
	const struct view *view = &view_table[state->view];
	char filter[FILTER_LENGTH_MAX + 1] = "", tcpdump[FILTER_LENGTH_MAX + 1] = "";
	const char *more = NULL;
	struct row row;

	if (!ui_state_selected_row(state, &row))
		return;
	if (view->tcpdump)
		(void)view->tcpdump(tcpdump, sizeof(tcpdump), &row);
	if (view->rows == VIEW_GROUPS) {
		(void)view->filter(filter, sizeof(filter), &row);
	} else {
		memcpy(filter, tcpdump, sizeof(filter));
		more = flow_expression_more(row.key);
	}
	if (!*filter) {
		ui_state_say(state, LOG_INFO, "nothing tells this row from others");
		return;
	}
	/* two blanks: there a line may end */
	if (more)
		ui_state_say(state, LOG_INFO, "filter of %s, also for tcpdump:  %s", more, filter);
	else if (strcmp(filter, tcpdump) == 0)
		ui_state_say(state, LOG_INFO, "filter, also for tcpdump:  %s", filter);
	else if (*tcpdump)
		ui_state_say(state, LOG_INFO, "filter: %s  tcpdump: %s", filter, tcpdump);
	else
		ui_state_say(state, LOG_INFO, "filter of pktop alone:  %s", filter);
	state->message_stays = true;
}
