/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws the whole screen: the head, the table or the help page, the line of messages. */
#include "config.h"

#include "ui-screen.h"

#include <stdio.h>
#include <stdlib.h>

#include "macro.h"
#include "ui-detail.h"
#include "ui-draw.h"
#include "ui-head.h"
#include "ui-help.h"
#include "ui-keys.h"
#include "ui-setup.h"
#include "ui-terminal.h"

/* Nothing useful fits into less. */
#define MIN_COLUMNS 40
#define MIN_LINES 10

static bool wants_color(const struct ui_config *config)
{
	const char *no_color = getenv("NO_COLOR");

	if (config->color == UI_COLOR_AUTO)
		return !no_color || !*no_color;
	return config->color == UI_COLOR_ALWAYS;
}

static void set_theme(struct ui_screen *screen, const struct ui_config *config)
{
	screen->theme_id = config->theme;
	ui_theme_init(&screen->theme, &ui_theme_table[config->theme], wants_color(config),
		      config->ascii || !ui_terminal_utf8(), config->graph);
}

void ui_screen_init(struct ui_screen *screen, const struct ui_config *config)
{
	*screen = (struct ui_screen){.view = VIEW_ID_MAX};
	set_theme(screen, config);
}

/* The most used keys. */
static void add_hints(struct ui_facts *facts, const struct ui_bindings *bindings)
{
	static const struct {
		const char *action, *and; /* NULL: no other */
		const char *text;
		uint8_t priority;
	} hints[] = {
		{"help", NULL, "help", 1},
		{"quit", NULL, "quit", 2},
		{"filter", NULL, "filter", 3},
		{"freeze", NULL, "freeze", 4},
		{"hold", NULL, "hold", 6},
		{"next-view", NULL, "view", 5},
		{"sort-left", "sort-right", "order", 5},
		{"directions", NULL, "directions", 7},
	};
	char key[UI_KEY_NAME_MAX], other[UI_KEY_NAME_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(hints); i++) {
		*other = '\0';
		if (hints[i].and)
			(void)ui_bindings_first(bindings, hints[i].and, other, sizeof(other));
		if (*ui_bindings_first(bindings, hints[i].action, key, sizeof(key)))
			ui_facts_add(facts, UI_ROLE_LABEL, hints[i].priority, "%s%s%s %s", key,
				     *other ? " " : "", other, hints[i].text);
	}
}

/* The last message while it is new, otherwise the most used keys; and where in the table one is. */
static void draw_foot(const struct ui_screen *screen, const struct ui_state *state, int y,
		      int n_columns)
{
	static const enum ui_role roles[LOG_LEVEL_MAX] = {[LOG_ERR] = UI_ROLE_ALARM,
							  [LOG_WARN] = UI_ROLE_WARN,
							  [LOG_INFO] = UI_ROLE_NORMAL,
							  [LOG_DEBUG] = UI_ROLE_LABEL};
	const char *message = ui_state_message(state);
	size_t n_rows = ui_state_n_rows(state);
	struct ui_facts facts = {.n = 0};

	if (message) {
		ui_draw_message(&screen->theme, screen->theme.attr[roles[state->message_level]],
				message, y, n_columns);
		return;
	}
	add_hints(&facts, state->config.bindings);
	if (n_rows)
		ui_facts_add(&facts, UI_ROLE_LABEL, 0, "%zu-%zu of %zu", state->top + 1,
			     MIN(state->top + state->n_page, n_rows), n_rows)
			->right = true;
	ui_facts_draw(&facts, &screen->theme, y, n_columns);
}

/* Another view, unit or size: columns find their width anew. */
static void renew_table(struct ui_screen *screen, struct ui_state *state, int n_columns)
{
	if (screen->view == state->view && screen->unit == state->unit &&
	    screen->n_columns == n_columns && !state->renewed)
		return;
	state->renewed = false;
	screen->view = state->view;
	screen->unit = state->unit;
	screen->n_columns = n_columns;
	ui_table_reset(&screen->table);
}

static void draw_too_small(const struct ui_screen *screen, int n_columns, int n_lines)
{
	char text[64];

	ui_draw_text(&screen->theme, (struct ui_box){0, 0, n_columns, false},
		     screen->theme.attr[UI_ROLE_TITLE], "terminal too small");
	(void)snprintf(text, sizeof(text), "%dx%d, needs %dx%d", n_columns, n_lines, MIN_COLUMNS,
		       MIN_LINES);
	if (n_lines > 1)
		ui_draw_text(&screen->theme, (struct ui_box){1, 0, n_columns, false}, A_NORMAL,
			     text);
}

void ui_screen_draw(struct ui_screen *screen, struct ui_state *state)
{
	int n_columns = getmaxx(stdscr), n_lines = getmaxy(stdscr), y, n_rows;

	if (screen->theme_id != state->config.theme)
		set_theme(screen, &state->config);
	screen->heading_y = -1;
	(void)erase();
	if (n_columns < MIN_COLUMNS || n_lines < MIN_LINES) {
		draw_too_small(screen, n_columns, n_lines);
		return;
	}
	renew_table(screen, state, n_columns);
	/* What is new first: the height of the head depends on it, and that of the table on both.
	 */
	ui_state_prepare(state, state->n_page);
	if (state->help) {
		ui_help_draw(state, &screen->theme, n_columns, n_lines);
		if (ui_state_message(state))
			draw_foot(screen, state, n_lines - 1, n_columns);
		return;
	}
	if (state->detail.open) {
		ui_detail_draw(state, &screen->theme, n_columns, n_lines);
		if (ui_state_message(state))
			draw_foot(screen, state, n_lines - 1, n_columns);
		return;
	}
	if (state->setup.open) {
		ui_setup_draw(state, &screen->theme, n_columns, n_lines);
		if (ui_state_message(state))
			draw_foot(screen, state, n_lines - 1, n_columns);
		return;
	}
	y = ui_head_draw(state, &screen->theme, n_columns, n_lines);
	n_rows = MAX(n_lines - y - 2 - (state->prompt.ops != NULL), 1); /* heading and foot */
	ui_state_prepare(state, (size_t)n_rows);
	screen->heading_y = y;
	ui_table_draw(&screen->table, state, &screen->theme, y, n_rows, n_columns);
	if (state->prompt.ops)
		ui_prompt_draw(&state->prompt, &screen->theme, n_lines - 2, n_columns);
	else
		draw_foot(screen, state, n_lines - 1, n_columns);
}

/* ---- pointing ---- */

/* Rows that a notch of the wheel moves. */
#define WHEEL_ROWS 3

/* Again on the same heading: the other way round. */
static void sort_by(const struct ui_table *table, struct ui_state *state, int x)
{
	enum column_id sort = ui_state_sort(state);

	for (size_t i = 0; i < table->n_columns; i++) {
		const struct ui_table_column *column = &table->columns[i];

		if (x < column->x || x >= column->x + column->width)
			continue;
		ui_state_set_sort(state, column->id,
				  column->id == sort && !state->reverse[state->view]);
	}
}

void ui_screen_click(const struct ui_screen *screen, struct ui_state *state, int y, int x)
{
	size_t place = state->top + (size_t)(y - screen->heading_y - 1);

	if (screen->heading_y < 0 || state->prompt.ops || y < screen->heading_y)
		return;
	ui_state_prepare(state, state->n_page);
	if (y == screen->heading_y)
		sort_by(&screen->table, state, x);
	else if (place < MIN(state->top + state->n_page, ui_state_n_rows(state)))
		ui_state_select(state, place);
}

void ui_screen_wheel(const struct ui_screen *screen, struct ui_state *state, bool up)
{
	if (screen->heading_y >= 0) {
		ui_state_prepare(state, state->n_page);
		ui_state_move(state, up ? -WHEEL_ROWS : WHEEL_ROWS, false);
		return;
	}
	for (int i = 0; i < WHEEL_ROWS; i++)
		ui_keys_handle(state, up ? UI_KEY_UP : UI_KEY_DOWN);
}
