/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of themes. */
#include "config.h"

#include "ui-theme-table.h"

#include <curses.h>

#define SHADE(of_8_, of_256_, rgb_)                                                                \
	{                                                                                          \
		.set = true, .of_8 = COLOR_##of_8_, .of_256 = of_256_, .rgb = rgb_                 \
	}

/*
 * A colour never says anything that a word or an attribute does not say too: the attributes of
 * ui-theme.c are those of every theme. Without a background of their own, colours have to be
 * readable on black as well as on white. rgb is never below 256, where terminals with direct colour
 * may keep their palette.
 */
const struct ui_theme_spec ui_theme_table[UI_THEME_MAX] = {
	[UI_THEME_DEFAULT] =
		{
			.name = "default",
			.help = "the terminal's own text and background",
			.role =
				{
					[UI_ROLE_GRAPH] = SHADE(CYAN, 37, 0x00afaf),
					[UI_ROLE_GOOD] = SHADE(GREEN, 71, 0x5faf5f),
					[UI_ROLE_WARN] = SHADE(YELLOW, 172, 0xd78700),
					[UI_ROLE_ALARM] = SHADE(RED, 160, 0xd70000),
				},
		},
	[UI_THEME_DARK] =
		{
			.name = "dark",
			.help = "light text on a dark background",
			.back = SHADE(BLACK, 234, 0x1c1c1c),
			.role =
				{
					[UI_ROLE_NORMAL] = SHADE(WHITE, 252, 0xd0d0d0),
					[UI_ROLE_TITLE] = SHADE(WHITE, 231, 0xffffff),
					[UI_ROLE_LABEL] = SHADE(WHITE, 246, 0x949494),
					[UI_ROLE_HEADING] = SHADE(CYAN, 110, 0x87afd7),
					[UI_ROLE_SORT] = SHADE(CYAN, 117, 0x87d7ff),
					[UI_ROLE_IDLE] = SHADE(WHITE, 246, 0x949494),
					[UI_ROLE_GRAPH] = SHADE(CYAN, 80, 0x5fd7d7),
					[UI_ROLE_GOOD] = SHADE(GREEN, 114, 0x87d787),
					[UI_ROLE_WARN] = SHADE(YELLOW, 221, 0xffd75f),
					[UI_ROLE_ALARM] = SHADE(RED, 210, 0xff8787),
				},
		},
	[UI_THEME_LIGHT] =
		{
			.name = "light",
			.help = "dark text on a light background",
			.back = SHADE(WHITE, 255, 0xeeeeee),
			.role =
				{
					[UI_ROLE_NORMAL] = SHADE(BLACK, 235, 0x262626),
					[UI_ROLE_TITLE] = SHADE(BLACK, 232, 0x080808),
					[UI_ROLE_LABEL] = SHADE(BLACK, 241, 0x626262),
					[UI_ROLE_HEADING] = SHADE(BLUE, 24, 0x005f87),
					[UI_ROLE_SORT] = SHADE(BLUE, 25, 0x005faf),
					[UI_ROLE_IDLE] = SHADE(BLACK, 241, 0x626262),
					[UI_ROLE_GRAPH] = SHADE(BLUE, 30, 0x008787),
					[UI_ROLE_GOOD] = SHADE(GREEN, 22, 0x005f00),
					[UI_ROLE_WARN] = SHADE(MAGENTA, 94, 0x875f00),
					[UI_ROLE_ALARM] = SHADE(RED, 124, 0xaf0000),
				},
		},
	[UI_THEME_HIGH_CONTRAST] =
		{
			.name = "high-contrast",
			.help = "white on black, strong colours, nothing dim",
			.no_dim = true,
			.back = SHADE(BLACK, 16, 0x000000),
			.role =
				{
					[UI_ROLE_NORMAL] = SHADE(WHITE, 231, 0xffffff),
					[UI_ROLE_GRAPH] = SHADE(CYAN, 51, 0x00ffff),
					[UI_ROLE_GOOD] = SHADE(GREEN, 46, 0x00ff00),
					[UI_ROLE_WARN] = SHADE(YELLOW, 226, 0xffff00),
					[UI_ROLE_ALARM] = SHADE(YELLOW, 226, 0xffff00),
				},
		},
	[UI_THEME_COLOUR_BLIND] =
		{
			.name = "colour-blind",
			.alias = "color-blind",
			.help = "the terminal's own text; blue and orange instead of green and red",
			.role =
				{
					[UI_ROLE_GRAPH] = SHADE(CYAN, 74, 0x56b4e9),
					[UI_ROLE_GOOD] = SHADE(BLUE, 32, 0x0087d7),
					[UI_ROLE_WARN] = SHADE(YELLOW, 172, 0xd78700),
					[UI_ROLE_ALARM] = SHADE(YELLOW, 166, 0xd55e00),
				},
		},
	[UI_THEME_MONO] =
		{
			.name = "mono",
			.help = "no colour: bold, underlined and reverse text alone",
		},
};
