/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of rows: which columns fit, how wide they are, what is in them. */
#ifndef UI_TABLE_H
#define UI_TABLE_H

#include <stddef.h>
#include <stdint.h>

#include "column.h"

struct ui_state;
struct ui_theme;

/* A column on the screen. */
struct ui_table_column {
	enum column_id id;
	int x, width;
};

struct ui_table {
	/* How wide the texts of each column have been; columns grow, but never shrink while one
	 * looks. */
	uint8_t seen[COLUMN_MAX];
	struct ui_table_column columns[COLUMN_MAX]; /* as drawn last */
	size_t n_columns;
};

/* New texts will come: after another view, another size. */
void ui_table_reset(struct ui_table *table);

/*
 * Chooses columns for a screen of n_columns: those with the largest priority number are left out
 * until the others fit, but never that of the order. Without room for packets of each direction
 * there is their sum. Returns how many; at most COLUMN_MAX.
 */
size_t ui_table_layout(const struct ui_table *table, const enum column_id *ids, size_t n_ids,
		       enum column_id sort, enum unit unit, int n_columns,
		       struct ui_table_column *ret_columns);

/* Draws the heading in line y and n_rows rows below it. state has been prepared. */
void ui_table_draw(struct ui_table *table, const struct ui_state *state,
		   const struct ui_theme *theme, int y, int n_rows, int n_columns);

#endif
