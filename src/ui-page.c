/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lays out a page of text and draws the part of it that is on the screen. */
#include "config.h"

#include "ui-page.h"

#include <stdio.h>
#include <string.h>

#include "macro.h"
#include "text.h"
#include "ui-draw.h"

/* Bytes of a line. */
#define PART_MAX 512

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

/* Bytes of the text that make a line: up to two blanks, or to one, where there are some. */
static size_t fit(const char *text, size_t width)
{
	size_t n = 0, used = 0, blank = 0, gap = 0;

	while (text[n] && n + TEXT_CHARACTER_MAX < PART_MAX) {
		char character[TEXT_CHARACTER_MAX + 1] = {text[n]};
		size_t length = 1;

		while ((text[n + length] & 0xc0) == 0x80 && length < TEXT_CHARACTER_MAX) {
			character[length] = text[n + length];
			length++;
		}
		used += text_width(character);
		if (text[n] == ' ' && n && text[n - 1] != ' ') {
			blank = n;
			gap = text[n + 1] == ' ' ? n : gap;
		}
		if (used > width)
			return gap ? gap : blank ? blank : MAX(n, length);
		n += length;
	}
	return n;
}

void ui_page_put_entry(struct ui_page *page, const char *term, const char *text)
{
	int width = page->n_columns - page->term_width;
	bool first = true;

	while (*text || first) {
		size_t n = fit(text, (size_t)width);
		char part[PART_MAX];
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
