/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Plays keys from a file on a screen in memory, and writes that screen as text. */
#include "config.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include <curses.h>

#include "capture.h"
#include "cleanup.h"
#include "clock.h"
#include "ledger.h"
#include "log.h"
#include "macro.h"
#include "ui-keys.h"
#include "ui-screen.h"
#include "ui-state.h"
#include "ui-terminal.h"
#include "ui.h"

struct script {
	struct ui_state state;
	struct ui_screen screen;
	const struct ledger *ledger;
	bool (*next)(void *data);
	void *data;
	bool ended; /* a key has quit */
	char error[160];
};

static ATTR_PRINTF(2, 3) int refuse(struct script *script, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(script->error, sizeof(script->error), format, args);
	va_end(args);
	return -EINVAL;
}

static void draw(struct script *script)
{
	ui_screen_draw(&script->screen, &script->state);
}

/* ---- the screen as text ---- */

static void put_dashes(void)
{
	for (int x = 0; x < COLS; x++)
		(void)putchar('-');
	(void)putchar('\n');
}

static int show_text(int y)
{
	wchar_t cells[4 * 1024]; /* of a cell several: combining characters */
	char bytes[MB_LEN_MAX];
	mbstate_t state = {0};
	size_t n;

	if (mvinnwstr(y, 0, cells, (int)ARRAY_SIZE(cells) - 1) == ERR)
		return -EIO;
	n = wcslen(cells);
	while (n && cells[n - 1] == L' ')
		n--;
	for (size_t i = 0; i < n; i++) {
		size_t n_bytes = wcrtomb(bytes, cells[i], &state);

		if (n_bytes == (size_t)-1)
			return -EILSEQ;
		(void)fwrite(bytes, 1, n_bytes, stdout);
	}
	(void)putchar('\n');
	return 0;
}

/* A letter for each cell: reverse, bold, underlined, dim, plain. */
static int show_styles(int y)
{
	static const struct {
		attr_t attr;
		char letter;
	} styles[] = {{A_REVERSE, 'R'}, {A_BOLD, 'B'}, {A_UNDERLINE, 'U'}, {A_DIM, 'D'}};
	int end = 0;

	for (int x = 0; x < COLS; x++) {
		attr_t attr = mvinch(y, x) & A_ATTRIBUTES;
		size_t i = 0;

		while (i < ARRAY_SIZE(styles) && !(attr & styles[i].attr))
			i++;
		if (i == ARRAY_SIZE(styles))
			continue;
		(void)printf("%*s%c", x - end, "", styles[i].letter);
		end = x + 1;
	}
	(void)putchar('\n');
	return 0;
}

struct colors {
	int text, back; /* -1: the terminal's own */
};

/* Of a cell, also of one with a character that is no byte. */
static struct colors cell_colors(int y, int x)
{
	struct colors colors = {-1, -1};
	wchar_t text[CCHARW_MAX + 1];
	attr_t attr;
	cchar_t cell;
	short pair = 0;

	if (mvin_wch(y, x, &cell) == OK && getcchar(&cell, text, &attr, &pair, NULL) == OK && pair)
		(void)extended_pair_content(pair, &colors.text, &colors.back);
	return colors;
}

static void put_color(int color)
{
	if (color < 0)
		(void)putchar('-');
	else
		(void)printf("%d", color);
}

/* "LINE COLUMNS TEXT/BACKGROUND" for each part of the line that has a colour. */
static int show_colors(int y)
{
	for (int x = 0, from = 0; x < COLS; from = x) {
		struct colors colors = cell_colors(y, x), next = colors;

		while (next.text == colors.text && next.back == colors.back && ++x < COLS)
			next = cell_colors(y, x);
		if (colors.text < 0 && colors.back < 0)
			continue;
		(void)printf("%d %d-%d ", y, from, x - 1);
		put_color(colors.text);
		(void)putchar('/');
		put_color(colors.back);
		(void)putchar('\n');
	}
	return 0;
}

static int show(struct script *script, int (*line)(int y))
{
	int r = 0;

	draw(script);
	put_dashes();
	for (int y = 0; y < LINES && r == 0; y++)
		r = line(y);
	put_dashes();
	return ferror(stdout) ? -EIO : r;
}

/* ---- commands: each gets what stands behind its name ---- */

static int run_show(struct script *script, const char *argument ATTR_UNUSED)
{
	return show(script, show_text);
}

static int run_styles(struct script *script, const char *argument ATTR_UNUSED)
{
	return show(script, show_styles);
}

static int run_colors(struct script *script, const char *argument ATTR_UNUSED)
{
	return show(script, show_colors);
}

static void press(struct script *script, uint32_t key)
{
	/* As on a terminal, where there is always a picture before a key. */
	draw(script);
	ui_keys_handle(&script->state, key);
	script->ended |= script->state.want_quit;
	script->state.want_redraw = script->state.want_suspend = false;
}

static int run_key(struct script *script, const char *argument)
{
	int64_t key = ui_key_find(argument);

	if (key < 0)
		return refuse(script, "no key is named \"%s\"", argument);
	press(script, (uint32_t)key);
	return 0;
}

static int run_type(struct script *script, const char *argument)
{
	mbstate_t state = {0};
	wchar_t c;

	while (*argument && !script->ended) {
		size_t n = mbrtowc(&c, argument, strlen(argument), &state);

		if (n > strlen(argument))
			return refuse(script, "\"%s\" is no text of this locale", argument);
		press(script, (uint32_t)c);
		argument += n;
	}
	return 0;
}

static void stop_clock(const struct ledger *ledger)
{
	const struct sample_tick *tick = ledger_last_tick(ledger);

	clock_freeze(tick->end_ns, tick->real_ns);
}

static int run_tick(struct script *script, const char *argument ATTR_UNUSED)
{
	uint64_t before = ledger_n_ticks(script->ledger);

	draw(script); /* a picture of every interval, as people would have seen it */
	(void)script->next(script->data);
	if (ledger_n_ticks(script->ledger) == before)
		return refuse(script, "the recording has no further interval");
	stop_clock(script->ledger);
	ui_state_update(&script->state);
	return 0;
}

static int run_resize(struct script *script, const char *argument)
{
	unsigned int n_columns, n_lines;
	char end;

	if (sscanf(argument, "%4ux%4u%c", &n_columns, &n_lines, &end) != 2 || n_columns < 1 ||
	    n_columns > 1000 || n_lines < 1 || n_lines > 1000)
		return refuse(script, "\"%s\" is not a size such as 80x24, at most 1000x1000",
			      argument);
	ui_terminal_resize_to(n_columns, n_lines);
	return 0;
}

static int run_click(struct script *script, const char *argument)
{
	int x, y;
	char end;

	if (sscanf(argument, "%3d,%3d%c", &x, &y, &end) != 2 || x < 0 || y < 0)
		return refuse(script, "\"%s\" is not a place such as 10,4", argument);
	draw(script);
	ui_screen_click(&script->screen, &script->state, y, x);
	return 0;
}

static int run_wheel(struct script *script, const char *argument)
{
	bool up = strcmp(argument, "up") == 0;

	if (!up && strcmp(argument, "down") != 0)
		return refuse(script, "\"%s\" is neither up nor down", argument);
	draw(script);
	ui_screen_wheel(&script->screen, &script->state, up);
	return 0;
}

static const struct {
	const char *name;
	bool argument;
	int (*run)(struct script *script, const char *argument);
} commands[] = {
	{"key", true, run_key},        {"type", true, run_type},   {"tick", false, run_tick},
	{"resize", true, run_resize},  {"show", false, run_show},  {"styles", false, run_styles},
	{"colors", false, run_colors}, {"click", true, run_click}, {"wheel", true, run_wheel},
};

/* line without its newline. */
static int run_line(struct script *script, char *line)
{
	char *argument = line + strcspn(line, " ");

	if (!*line || *line == '#')
		return 0;
	if (*argument)
		*argument++ = '\0';
	for (size_t i = 0; i < ARRAY_SIZE(commands); i++) {
		if (strcmp(commands[i].name, line) != 0)
			continue;
		if (commands[i].argument != (*argument != '\0'))
			return refuse(script, "%s takes %s argument", line,
				      commands[i].argument ? "an" : "no");
		return commands[i].run(script, argument);
	}
	return refuse(script,
		      "\"%s\" is not a command; there are key, type, tick, resize, show, "
		      "styles, colors, click, wheel",
		      line);
}

static int run_file(struct script *script, const char *path)
{
	cleanup(fclosep) FILE *file = fopen(path, "re");
	cleanup(freep) char *line = NULL;
	size_t size = 0;
	ssize_t n;
	int r = 0;

	if (!file)
		return log_err(-errno, "cannot open the script %s", path);
	for (unsigned int number = 1; !script->ended && (n = getline(&line, &size, file)) >= 0;
	     number++) {
		line[strcspn(line, "\r\n")] = '\0';
		r = run_line(script, line);
		if (r == 0)
			continue;
		log_set_sink(NULL, NULL);
		(void)log_err(*script->error ? 0 : r, "%s: line %u: %s", path, number,
			      *script->error ? script->error : "cannot write the screen");
		return r;
	}
	return fflush(stdout) == 0 ? 0 : log_err(-errno, "cannot write the screen");
}

static void on_log(void *data, enum log_level level, const char *line)
{
	struct script *script = data;

	ui_state_say(&script->state, level, "%s", line);
}

int ui_script(const char *path, unsigned int columns, unsigned int lines,
	      const struct ui_config *config, const struct capture_info *info,
	      const struct flow_table *table, const struct ledger *ledger, bool (*next)(void *data),
	      void *data)
{
	struct script script = {.ledger = ledger, .next = next, .data = data};
	int r;

	clock_freeze(info->start_mono_ns, info->start_real_ns);
	r = ui_state_init(&script.state, config, NULL, info, table, ledger);
	if (r == 0)
		r = ui_terminal_open_memory(columns, lines);
	if (r == 0) {
		ui_screen_init(&script.screen, config);
		log_set_sink(on_log, &script);
		r = run_file(&script, path);
		log_set_sink(NULL, NULL);
		ui_terminal_close();
	} else {
		(void)log_err(r, "cannot make a screen in memory");
	}
	ui_state_done(&script.state);
	clock_thaw();
	return r;
}
