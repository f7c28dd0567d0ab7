/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts text into boxes and lines of the screen. */
#include "config.h"

#include "ui-draw.h"

#include <stdarg.h>
#include <stdio.h>
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

/* ---- facts ---- */

/* What comes behind the first line of a text. */
static const char *next_line(const char *text, int width)
{
	text += text_line(text, (size_t)width);
	return text + strspn(text, " ");
}

void ui_draw_message(const struct ui_theme *theme, attr_t attr, const char *text, int y,
		     int n_columns)
{
	char line[TEXT_LINE_MAX + 1];
	int n = 0;

	for (const char *rest = text; *rest && n < y; n++)
		rest = next_line(rest, n_columns);
	for (; n > 0; n--, text = next_line(text, n_columns)) {
		size_t length = text_line(text, (size_t)n_columns);

		(void)snprintf(line, sizeof(line), "%.*s", (int)length, text);
		/* of what has no room in the last line, at least the end is seen */
		ui_draw_text(theme, (struct ui_box){y - n + 1, 0, n_columns, false}, attr,
			     n > 1 ? line : text);
	}
}

struct ui_fact *ui_facts_add(struct ui_facts *facts, enum ui_role role, uint8_t priority,
			     const char *format, ...)
{
	struct ui_fact *fact;
	va_list args;

	facts->n = MIN(facts->n + 1, (size_t)UI_FACTS_MAX);
	fact = &facts->fact[facts->n - 1];
	*fact = (struct ui_fact){.role = role, .priority = priority};
	va_start(args, format);
	(void)vsnprintf(fact->text, sizeof(fact->text), format, args);
	va_end(args);
	return fact;
}

void ui_facts_append(struct ui_facts *facts, const struct ui_facts *more)
{
	for (size_t i = 0; i < more->n && facts->n < UI_FACTS_MAX; i++)
		facts->fact[facts->n++] = more->fact[i];
}

/* Columns of the facts up to a priority. */
static int width_up_to(const struct ui_facts *facts, int priority)
{
	int width = 0;

	for (size_t i = 0; i < facts->n; i++)
		if (facts->fact[i].priority <= priority)
			width += (int)text_width(facts->fact[i].text) + (width ? FACT_GAP : 0);
	return width;
}

size_t ui_facts_width(const struct ui_facts *facts)
{
	return (size_t)width_up_to(facts, UINT8_MAX);
}

void ui_facts_draw(const struct ui_facts *facts, const struct ui_theme *theme, int y, int n_columns)
{
	int priority = UINT8_MAX, x = 0, right_width = 0;

	while (priority > 0 && width_up_to(facts, priority) > n_columns)
		priority--;
	for (size_t i = 0; i < facts->n; i++)
		if (facts->fact[i].right && facts->fact[i].priority <= priority)
			right_width += (int)text_width(facts->fact[i].text) + FACT_GAP;
	for (size_t i = 0; i < facts->n; i++) {
		const struct ui_fact *fact = &facts->fact[i];
		int width = (int)text_width(fact->text);

		if (fact->priority > priority)
			continue;
		if (fact->right && right_width) {
			x = MAX(x, n_columns - right_width + FACT_GAP);
			right_width = 0;
		}
		ui_draw_text(theme, (struct ui_box){y, x, MIN(width, n_columns - x), false},
			     theme->attr[fact->role], fact->text);
		x += width + FACT_GAP;
	}
}
