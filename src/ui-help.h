/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The help page. */
#ifndef UI_HELP_H
#define UI_HELP_H

struct ui_state;
struct ui_theme;

/* Draws the page, and keeps state->help_top within it. */
void ui_help_draw(struct ui_state *state, const struct ui_theme *theme, int n_columns, int n_lines);

#endif
