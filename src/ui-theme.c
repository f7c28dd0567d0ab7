/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Turns the roles of what is on the screen into what the terminal can show. */
#include "config.h"

#include "ui-theme.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "macro.h"

/*
 * The background is always the terminal's own, so colours have to be readable on black as well as
 * on white. A colour never says anything that a word or an attribute does not say too.
 */
static const struct {
	attr_t attr;
	int16_t color;     /* of 8, -1: the terminal's own */
	int16_t color_256; /* where there are as many */
} roles[UI_ROLE_MAX] = {
	[UI_ROLE_NORMAL] = {A_NORMAL, -1, -1},
	[UI_ROLE_TITLE] = {A_BOLD, -1, -1},
	[UI_ROLE_LABEL] = {A_DIM, -1, -1},
	[UI_ROLE_HEADING] = {A_UNDERLINE, -1, -1},
	[UI_ROLE_SORT] = {A_UNDERLINE | A_BOLD, -1, -1},
	[UI_ROLE_IDLE] = {A_DIM, -1, -1},
	[UI_ROLE_SELECTED] = {A_REVERSE, -1, -1},
	[UI_ROLE_GRAPH] = {A_NORMAL, COLOR_CYAN, 37},
	[UI_ROLE_GOOD] = {A_NORMAL, COLOR_GREEN, 71},
	[UI_ROLE_WARN] = {A_BOLD, COLOR_YELLOW, 172},
	[UI_ROLE_ALARM] = {A_BOLD | A_REVERSE, COLOR_RED, 160},
};

/* Headings have to differ from rows also where nothing can be underlined. */
static attr_t possible(attr_t attr)
{
	attr_t able = termattrs();

	if ((attr & A_UNDERLINE) && !(able & A_UNDERLINE))
		attr = (attr & ~A_UNDERLINE) | A_REVERSE;
	return attr;
}

void ui_theme_init(struct ui_theme *theme, bool color, bool ascii)
{
	theme->ascii = ascii;
	/* A terminal that cannot go back to its own colours would be left with ours. */
	color = color && has_colors() && start_color() == OK && use_default_colors() == OK;
	for (short role = 0; role < UI_ROLE_MAX; role++) {
		short shade = COLORS >= 256 ? roles[role].color_256 : roles[role].color;

		theme->attr[role] = possible(roles[role].attr);
		if (color && shade >= 0 && init_pair((short)(role + 1), shade, -1) == OK)
			theme->attr[role] |= (attr_t)COLOR_PAIR(role + 1);
	}
}

const char *ui_theme_arrow(const struct ui_theme *theme, bool descending)
{
	if (theme->ascii)
		return descending ? "v" : "^";
	return descending ? "▼" : "▲";
}

void ui_theme_graph(const struct ui_theme *theme, char *buf, size_t size, const double *values,
		    size_t n, size_t width)
{
	static const char *const blocks[] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	static const char *const ascii[] = {" ", "_", ".", "-", "=", "#"};
	const char *const *steps = theme->ascii ? ascii : blocks;
	size_t n_steps = theme->ascii ? ARRAY_SIZE(ascii) : ARRAY_SIZE(blocks), used = 0;
	double top = 0;

	*buf = '\0';
	for (size_t i = n - MIN(n, width); i < n; i++)
		top = MAX(top, values[i]);
	for (size_t i = width; i-- > 0;) {
		double value = i < n ? values[n - 1 - i] : 0;
		size_t step = 0;

		if (value > 0)
			step = 1 + (size_t)(value / top * (double)(n_steps - 2) + 0.5);
		if (used + strlen(steps[step]) >= size)
			return;
		used += (size_t)snprintf(buf + used, size - used, "%s", steps[step]);
	}
}
