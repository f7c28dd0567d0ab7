/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens the flows of a group, and finds the way back. */
#ifndef UI_DRILL_H
#define UI_DRILL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "view.h"

struct ui_state;

#define UI_DRILLS_MAX 8 /* groups within groups */

/* Where a group was opened. */
struct ui_drill {
	enum view_id view;
	char *filter; /* its text, "": none */
	uint64_t selected_id;
	size_t top;
	bool frozen;
};

/*
 * Shows the flows of the selected group: what makes them a group becomes a part of the filter,
 * where it is seen and can be changed.
 */
void ui_drill_open(struct ui_state *state);
/* True where Esc leaves the group before it ends the freeze: that is older. */
bool ui_drill_is_newest(const struct ui_state *state);
/* Back to where the last group was opened: view, filter and selection. False: there is none. */
bool ui_drill_back(struct ui_state *state);
void ui_drill_done(struct ui_state *state);

#endif
