/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The whole screen, put together from its parts. */
#ifndef UI_SCREEN_H
#define UI_SCREEN_H

#include "ui-state.h"
#include "ui-table.h"
#include "ui-theme.h"

struct ui_screen {
	struct ui_theme theme;
	enum ui_theme_id theme_id;
	struct ui_table table;
	int heading_y; /* of the table, -1: it is not on the screen */
	/* For these table was filled. */
	enum view_id view;
	enum unit unit;
	int n_columns;
};

/* The terminal must be open. */
void ui_screen_init(struct ui_screen *screen, const struct ui_config *config);
/* Brings the state up to date, and stdscr in line with it. */
void ui_screen_draw(struct ui_screen *screen, struct ui_state *state);
/* Somebody points at a cell of what was drawn: selects its row, or orders by its heading. */
void ui_screen_click(const struct ui_screen *screen, struct ui_state *state, int y, int x);
/* Scrolls what was drawn. */
void ui_screen_wheel(const struct ui_screen *screen, struct ui_state *state, bool up);

#endif
