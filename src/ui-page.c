/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lays out a page of text and draws the part of it that is on the screen. */
#include "config.h"

#include "ui-page.h"

#include <stdio.h>
#include <string.h>

#include "macro.h"
#include "text.h"
#include "ui-draw.h"

void ui_page_draw(struct ui_page *page,
		  void (*put)(struct ui_page *page, const struct ui_state *state),
		  const struct ui_state *state, size_t *top)
{
	size_t n_visible = page->n_visible;

	page->n_visible = page->n = 0;
	put(page, state);
	*top = MIN(*top, page->n > n_visible ? page->n - n_visible : 0);
	page->top = *top;
	page->n_visible = n_visible;
	page->n = 0;
	put(page, state);
}

int ui_page_next(struct ui_page *page)
{
	size_t line = page->n++;

	if (line < page->top || line >= page->top + page->n_visible)
		return 0;
	return 1 + (int)(line - page->top);
}

void ui_page_put_title(struct ui_page *page, const char *title)
{
	int y;

	if (page->n)
		(void)ui_page_next(page);
	y = ui_page_next(page);
	if (y)
		ui_draw_text(page->theme, (struct ui_box){y, 0, page->n_columns, false},
			     page->theme->attr[UI_ROLE_SORT], title);
}

void ui_page_put_entry(struct ui_page *page, const char *term, const char *text)
{
	int width = page->n_columns - page->term_width;
	bool first = true;

	while (*text || first) {
		size_t n = text_line(text, (size_t)width);
		char part[TEXT_LINE_MAX + 1];
		int y = ui_page_next(page);

		(void)snprintf(part, sizeof(part), "%.*s", (int)n, text);
		if (y && first)
			ui_draw_text(page->theme,
				     (struct ui_box){y, 1, page->term_width - 2, false},
				     page->theme->attr[UI_ROLE_TITLE], term);
		if (y)
			ui_draw_text(page->theme,
				     (struct ui_box){y, page->term_width, width, false},
				     page->theme->attr[UI_ROLE_NORMAL], part);
		first = false;
		text += n;
		while (*text == ' ')
			text++;
	}
}

void ui_page_add_place(const struct ui_page *page, struct ui_facts *foot)
{
	ui_facts_add(foot, UI_ROLE_LABEL, 2, "Up Down PgUp PgDn scroll");
	ui_facts_add(foot, UI_ROLE_LABEL, 1, "lines %zu-%zu of %zu", page->top + 1,
		     MIN(page->top + page->n_visible, page->n), page->n)
		->right = true;
}
