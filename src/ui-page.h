/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A page of text that is longer than the screen may be: titles, and terms with what they mean. */
#ifndef UI_PAGE_H
#define UI_PAGE_H

#include <stddef.h>

struct ui_facts;
struct ui_state;
struct ui_theme;

/* Its lines come one after the other; only those on the screen are drawn. */
struct ui_page {
	const struct ui_theme *theme;
	int n_columns, term_width;
	size_t n_visible; /* lines, from line 1 of the screen on */
	size_t top;       /* the first one of them */
	size_t n;         /* lines so far */
};

/*
 * Has the page put twice: once to know how long it is, which brings *top back where it lies behind
 * the end, once to draw it.
 */
void ui_page_draw(struct ui_page *page,
		  void (*put)(struct ui_page *page, const struct ui_state *state),
		  const struct ui_state *state, size_t *top);
/* Line of the screen for the next line of the page, 0 when it is not on the screen. */
int ui_page_next(struct ui_page *page);
/* With an empty line above, but for the first one. */
void ui_page_put_title(struct ui_page *page, const char *title);
/* What it is and what it does; what is too long goes on in the next line. */
void ui_page_put_entry(struct ui_page *page, const char *term, const char *text);
/* Where in the page one is, and how to scroll; for the foot. */
void ui_page_add_place(const struct ui_page *page, struct ui_facts *foot);

#endif
