/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The filter of the table: typed at the foot, taken from a row, shown in the head. */
#ifndef UI_FILTER_H
#define UI_FILTER_H

#include <stdbool.h>

struct ui_state;
struct ui_theme;

/* Takes over the text of a filter, which is right; "" or NULL: none. */
int ui_filter_init(struct ui_state *state, const char *text);
void ui_filter_done(struct ui_state *state);

/* Lets the filter be typed. */
void ui_filter_open(struct ui_state *state);
void ui_filter_clear(struct ui_state *state);
const char *ui_filter_text(const struct ui_state *state); /* "": none */
/* Makes a text that was the filter the filter again. */
void ui_filter_restore(struct ui_state *state, const char *text);
/*
 * Narrows the filter to what the selected row stands for, or to all else. False where that cannot
 * be, and a message says why.
 */
bool ui_filter_add_selected(struct ui_state *state, bool exclude);

/* Draws the line of the head; returns how many there are. */
int ui_filter_draw(const struct ui_state *state, const struct ui_theme *theme, int y,
		   int n_columns);

#endif
