/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts text into boxes and lines of the screen. */
#include "config.h"

#include "ui-draw.h"

#include <string.h>

#include "macro.h"
#include "text.h"

/* Blanks between two facts. */
#define FACT_GAP 2

/* For screens without UTF-8: a "?" for each character that they do not have. */
static void to_ascii(char *buf, size_t size, const char *text)
{
	size_t n = 0;

	for (; *text && n + 1 < size; text++) {
		unsigned char byte = (unsigned char)*text;

		if ((byte & 0xc0) == 0x80) /* not the first byte of a character */
			continue;
		buf[n++] = byte < 0x80 ? *text : '?';
	}
	buf[n] = '\0';
}

void ui_draw_text(const struct ui_theme *theme, struct ui_box box, attr_t attr, const char *text)
{
	char plain[512], fitted[512];
	int used, pad;

	if (box.width <= 0)
		return;
	if (theme->ascii) {
		to_ascii(plain, sizeof(plain), text);
		text = plain;
	}
	used = (int)text_elide(fitted, sizeof(fitted), text, (size_t)box.width, theme->ascii);
	pad = box.width - used;
	(void)attrset((int)A_NORMAL);
	(void)attron((int)attr);
	if (pad)
		(void)mvhline(box.y, box.right ? box.x : box.x + used, ' ' | attr, pad);
	if (used)
		(void)mvaddstr(box.y, box.right ? box.x + pad : box.x, fitted);
	(void)attrset((int)A_NORMAL);
}

size_t ui_draw_facts_width(const struct ui_fact *facts, size_t n_facts)
{
	size_t width = 0;

	for (size_t i = 0; i < n_facts; i++)
		width += text_width(facts[i].text) + (i ? FACT_GAP : 0);
	return width;
}

/* Columns of the facts up to a priority. */
static int width_up_to(const struct ui_fact *facts, size_t n_facts, int priority)
{
	int width = 0;

	for (size_t i = 0; i < n_facts; i++)
		if (facts[i].priority <= priority)
			width += (int)text_width(facts[i].text) + (width ? FACT_GAP : 0);
	return width;
}

void ui_draw_facts(const struct ui_theme *theme, int y, int n_columns, const struct ui_fact *facts,
		   size_t n_facts)
{
	int priority = UINT8_MAX, x = 0, right_width = 0;

	while (priority > 0 && width_up_to(facts, n_facts, priority) > n_columns)
		priority--;
	for (size_t i = 0; i < n_facts; i++)
		if (facts[i].right && facts[i].priority <= priority)
			right_width += (int)text_width(facts[i].text) + FACT_GAP;
	for (size_t i = 0; i < n_facts; i++) {
		int width = (int)text_width(facts[i].text);

		if (facts[i].priority > priority)
			continue;
		if (facts[i].right && right_width) {
			x = MAX(x, n_columns - right_width + FACT_GAP);
			right_width = 0;
		}
		ui_draw_text(theme, (struct ui_box){y, x, MIN(width, n_columns - x), false},
			     theme->attr[facts[i].role], facts[i].text);
		x += width + FACT_GAP;
	}
}
