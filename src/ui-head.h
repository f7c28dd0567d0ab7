/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The lines above the table: the run, the interfaces, the books. */
#ifndef UI_HEAD_H
#define UI_HEAD_H

struct ui_facts;
struct ui_state;
struct ui_theme;

/* Draws from the first line on. Returns how many lines it took. */
int ui_head_draw(const struct ui_state *state, const struct ui_theme *theme, int n_columns,
		 int n_lines);
/* Whether the screen moves by itself. */
void ui_head_add_state(const struct ui_state *state, struct ui_facts *facts);

#endif
