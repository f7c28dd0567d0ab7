/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the screen look like: colours, attributes, and the characters of graphs. */
#ifndef UI_THEME_H
#define UI_THEME_H

#include <stdbool.h>
#include <stddef.h>

#include <curses.h>

#include "ui-theme-table.h"

struct ui_theme {
	attr_t attr[UI_ROLE_MAX];
	bool ascii;
	enum ui_graph graph;
};

/* Asks the terminal, which must be open and gets the background. */
void ui_theme_init(struct ui_theme *theme, const struct ui_theme_spec *spec, bool color, bool ascii,
		   enum ui_graph graph);

/* Values that a graph shows in each column of the screen. */
size_t ui_theme_graph_density(const struct ui_theme *theme);
/*
 * Writes a graph, width columns wide, of the last of n values, the largest of them as high as a
 * line.
 */
void ui_theme_graph(const struct ui_theme *theme, char *buf, size_t size, const double *values,
		    size_t n, size_t width);
/* Writes a bar from left to right; width columns stand for top. */
void ui_theme_bar(const struct ui_theme *theme, char *buf, size_t size, double value, double top,
		  size_t width);
/* The sign for an order: largest first, or smallest first. */
const char *ui_theme_arrow(const struct ui_theme *theme, bool descending);

#endif
