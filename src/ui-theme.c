/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns the roles of what is on the screen into what the terminal can show. */
#include "config.h"

#include "ui-theme.h"

#include <stdint.h>

#include <curses.h>
#include <term.h>

#include "macro.h"
#include "text.h"

/* The same in every theme, so that nothing is said by a colour alone. */
static const attr_t role_attrs[UI_ROLE_MAX] = {
	[UI_ROLE_TITLE] = A_BOLD,        [UI_ROLE_LABEL] = A_DIM,
	[UI_ROLE_HEADING] = A_UNDERLINE, [UI_ROLE_SORT] = A_UNDERLINE | A_BOLD,
	[UI_ROLE_IDLE] = A_DIM,          [UI_ROLE_SELECTED] = A_REVERSE,
	[UI_ROLE_WARN] = A_BOLD,         [UI_ROLE_ALARM] = A_BOLD | A_REVERSE,
};

/* Headings have to differ from rows also where nothing can be underlined. */
static attr_t possible(attr_t attr)
{
	attr_t able = termattrs();

	if ((attr & A_UNDERLINE) && !(able & A_UNDERLINE))
		attr = (attr & ~A_UNDERLINE) | A_REVERSE;
	return attr;
}

/* Terminals whose colours are red, green and blue of eight bits each say so by RGB. */
static bool has_direct_color(void)
{
	return COLORS == 1 << 24 && (tigetflag("RGB") > 0 || tigetnum("RGB") > 0 ||
				     (tigetstr("RGB") && tigetstr("RGB") != (char *)-1));
}

/* The number of a colour on this terminal; -1: its own. */
static int color_number(const struct ui_shade *shade)
{
	if (!shade->set)
		return -1;
	if (has_direct_color())
		return shade->rgb;
	return COLORS >= 256 ? shade->of_256 : shade->of_8;
}

void ui_theme_init(struct ui_theme *theme, const struct ui_theme_spec *spec, bool color, bool ascii,
		   enum ui_graph graph)
{
	int back;

	theme->ascii = ascii;
	theme->graph = graph;
	/* A terminal that cannot go back to its own colours would be left with ours. */
	color = color && has_colors() && start_color() == OK && use_default_colors() == OK;
	back = color_number(&spec->back);
	for (int role = 0; role < UI_ROLE_MAX; role++) {
		const struct ui_shade *shade = &spec->role[role];
		int text = color_number(shade->set ? shade : &spec->role[UI_ROLE_NORMAL]);

		theme->attr[role] = possible(role_attrs[role]);
		/* Half of a colour that was chosen to be read would not be. */
		if (spec->no_dim || (color && shade->set && COLORS >= 256))
			theme->attr[role] &= ~A_DIM;
		if (color && (text >= 0 || back >= 0) &&
		    init_extended_pair(role + 1, text, back) == OK)
			theme->attr[role] |= (attr_t)COLOR_PAIR(role + 1);
	}
	/* What is drawn without a colour, and what is not drawn at all, gets this one. */
	bkgdset(' ' | (chtype)theme->attr[UI_ROLE_NORMAL]);
}

const char *ui_theme_arrow(const struct ui_theme *theme, bool descending)
{
	if (theme->ascii)
		return descending ? "v" : "^";
	return descending ? "▼" : "▲";
}

/* ---- graphs ---- */

/* Of highest steps; what is there at all is seen. */
static size_t graph_height(double value, double top, size_t highest)
{
	return value > 0 ? 1 + (size_t)(value / top * (double)(highest - 1) + 0.5) : 0;
}

#define BLOCK_FIRST 0x2581 /* an eighth of a line high */
#define BLOCK_HIGHEST 8
#define BRAILLE_FIRST 0x2800 /* without dots */
#define BRAILLE_HIGHEST 4

/* Columns of dots from the bottom up, left and right, as bits of the character. */
static const uint8_t braille_dots[2][BRAILLE_HIGHEST + 1] = {{0x00, 0x40, 0x44, 0x46, 0x47},
							     {0x00, 0x80, 0xa0, 0xb0, 0xb8}};

size_t ui_theme_graph_density(const struct ui_theme *theme)
{
	return !theme->ascii && theme->graph == UI_GRAPH_BRAILLE ? 2 : 1;
}

/* The character for a value, or for two of them. */
static uint32_t graph_character(const struct ui_theme *theme, const double values[2], double top)
{
	static const char ascii[] = " _.-=#";
	uint32_t c = BRAILLE_FIRST;

	if (theme->ascii)
		return (uint32_t)ascii[graph_height(values[0], top, sizeof(ascii) - 2)];
	if (values[0] <= 0 && values[1] <= 0)
		return ' ';
	if (theme->graph == UI_GRAPH_BLOCK)
		return BLOCK_FIRST - 1 + (uint32_t)graph_height(values[0], top, BLOCK_HIGHEST);
	for (int i = 0; i < 2; i++)
		c |= braille_dots[i][graph_height(values[i], top, BRAILLE_HIGHEST)];
	return c;
}

void ui_theme_graph(const struct ui_theme *theme, char *buf, size_t size, const double *values,
		    size_t n, size_t width)
{
	size_t density = ui_theme_graph_density(theme), n_places = width * density, used = 0;
	double top = 0;

	for (size_t i = n - MIN(n, n_places); i < n; i++)
		top = MAX(top, values[i]);
	for (size_t place = n_places; place > 0 && used + TEXT_CHARACTER_MAX < size;
	     place -= density) {
		double cell[2] = {0};

		/* place counts from the right, where the newest value is */
		for (size_t i = 0; i < density; i++)
			cell[i] = place - i <= n ? values[n - (place - i)] : 0;
		used += text_encode(buf + used, graph_character(theme, cell, top));
	}
	buf[used] = '\0';
}

#define BAR_FIRST 0x258f /* an eighth of a column wide; those before it are wider */
#define BAR_WIDEST 8
#define BAR_BRAILLE_HALF 0x2847 /* the left dots */
#define BAR_BRAILLE_FULL 0x28ff

/* The character of a column of which so many parts are to be seen. */
static uint32_t bar_character(const struct ui_theme *theme, size_t n, size_t n_parts)
{
	if (theme->ascii)
		return '#';
	if (theme->graph == UI_GRAPH_BRAILLE)
		return n == n_parts ? BAR_BRAILLE_FULL : BAR_BRAILLE_HALF;
	return BAR_FIRST + 1 - (uint32_t)n;
}

void ui_theme_bar(const struct ui_theme *theme, char *buf, size_t size, double value, double top,
		  size_t width)
{
	size_t n_parts = theme->ascii ? 1 : theme->graph == UI_GRAPH_BRAILLE ? 2 : BAR_WIDEST;
	size_t n = width ? graph_height(value, top, width * n_parts) : 0, used = 0;

	while (n > 0 && used + TEXT_CHARACTER_MAX < size) {
		size_t part = MIN(n, n_parts);

		used += text_encode(buf + used, bar_character(theme, part, n_parts));
		n -= part;
	}
	buf[used] = '\0';
}
