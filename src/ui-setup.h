/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The page on which columns, order, theme, unit and interval are chosen, and saved. */
#ifndef UI_SETUP_H
#define UI_SETUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "column.h"

struct ui_state;
struct ui_theme;

struct ui_setup {
	bool open;
	size_t line, top; /* where the cursor is; the first line on the screen */
	/* Columns that the view may have: those shown in their order, then the others. */
	enum column_id columns[COLUMN_MAX];
	size_t n_columns, n_shown;
};

void ui_setup_open(struct ui_state *state);
/* Does what the key does on the page. */
void ui_setup_key(struct ui_state *state, uint32_t key);
void ui_setup_draw(struct ui_state *state, const struct ui_theme *theme, int n_columns,
		   int n_lines);

/* Writes what is set to the configuration file; says in a message how that went. */
void ui_setup_save(struct ui_state *state);

#endif
