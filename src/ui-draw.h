/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text on the screen, cut to fit. */
#ifndef UI_DRAW_H
#define UI_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "macro.h"
#include "ui-theme.h"

struct ui_box {
	int y, x, width;
	bool right; /* aligned */
};

/* Fills the box: text that is too long is elided, the rest becomes blank. */
void ui_draw_text(const struct ui_theme *theme, struct ui_box box, attr_t attr, const char *text);

/* In as many lines as it takes, the last of them line y; but not in the first of the screen. */
void ui_draw_message(const struct ui_theme *theme, attr_t attr, const char *text, int y,
		     int n_columns);

/* Part of a line that is a list of facts. */
struct ui_fact {
	char text[112];
	enum ui_role role;
	uint8_t priority; /* 0 is never left out */
	bool right;       /* at the right end of the line */
};

#define UI_FACTS_MAX 12

/* A line. */
struct ui_facts {
	struct ui_fact fact[UI_FACTS_MAX];
	size_t n;
};

/* Adds a fact and returns it. One too many takes the place of the last. */
struct ui_fact *ui_facts_add(struct ui_facts *facts, enum ui_role role, uint8_t priority,
			     const char *format, ...) ATTR_PRINTF(4, 5);
/* Adds all facts of another line. */
void ui_facts_append(struct ui_facts *facts, const struct ui_facts *more);
/* Columns that all facts together would take. */
size_t ui_facts_width(const struct ui_facts *facts);
/* Facts with the largest priority number are left out until the others fit. */
void ui_facts_draw(const struct ui_facts *facts, const struct ui_theme *theme, int y,
		   int n_columns);

#endif
