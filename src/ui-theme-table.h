/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The themes by name, and their colours: one record each. */
#ifndef UI_THEME_TABLE_H
#define UI_THEME_TABLE_H

#include <stdbool.h>
#include <stdint.h>

enum ui_theme_id {
	UI_THEME_DEFAULT,
	UI_THEME_DARK,
	UI_THEME_LIGHT,
	UI_THEME_HIGH_CONTRAST,
	UI_THEME_COLOUR_BLIND,
	UI_THEME_MONO,
	UI_THEME_MAX
};

enum ui_graph { UI_GRAPH_BLOCK, UI_GRAPH_BRAILLE };

/* What a part of the screen is for. */
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

/* The same colour on terminals that have 8, 256, or all of them. */
struct ui_shade {
	bool set; /* false: the theme's text, or the terminal's own */
	int16_t of_8, of_256;
	int32_t rgb;
};

struct ui_theme_spec {
	const char *name;
	const char *alias; /* another spelling, or NULL */
	const char *help;
	bool no_dim; /* nothing is darker than the text */
	struct ui_shade back;
	struct ui_shade role[UI_ROLE_MAX];
};

extern const struct ui_theme_spec ui_theme_table[UI_THEME_MAX];

#endif
