/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the screen look like: colours, attributes, and the characters of graphs. */
#ifndef UI_THEME_H
#define UI_THEME_H

#include <stdbool.h>
#include <stddef.h>

#include <curses.h>

enum ui_role {
	UI_ROLE_NORMAL,
	UI_ROLE_TITLE,
	UI_ROLE_LABEL,   /* says what a value is */
	UI_ROLE_HEADING, /* of a column */
	UI_ROLE_SORT,    /* of the column that orders the rows */
	UI_ROLE_IDLE,    /* a row without traffic now */
	UI_ROLE_SELECTED,
	UI_ROLE_GRAPH,
	UI_ROLE_GOOD,
	UI_ROLE_WARN,
	UI_ROLE_ALARM,
	UI_ROLE_MAX
};

struct ui_theme {
	attr_t attr[UI_ROLE_MAX];
	bool ascii;
};

/* Asks the terminal, which must be open. */
void ui_theme_init(struct ui_theme *theme, bool color, bool ascii);

/* Writes a graph of the last width of n values, the largest of them as high as a line. */
void ui_theme_graph(const struct ui_theme *theme, char *buf, size_t size, const double *values,
		    size_t n, size_t width);
/* The sign for an order: largest first, or smallest first. */
const char *ui_theme_arrow(const struct ui_theme *theme, bool descending);

#endif
