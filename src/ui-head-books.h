/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The line or two of the head that are about flows and books. */
#ifndef UI_HEAD_BOOKS_H
#define UI_HEAD_BOOKS_H

struct ui_state;
struct ui_theme;

/* Draws from line y on, for a screen of n_lines. Returns how many lines it took. */
int ui_head_books_draw(const struct ui_state *state, const struct ui_theme *theme, int y,
		       int n_columns, int n_lines);

#endif
