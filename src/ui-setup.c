/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chooses columns of the view, their order, and what the table looks like. */
#include "config.h"

#include "ui-setup.h"

#include <stdio.h>
#include <string.h>

#include "fmt.h"
#include "macro.h"
#include "ui-draw.h"
#include "ui-keys.h"
#include "ui-state.h"
#include "view.h"

#define NAME_WIDTH 18

/* ---- values: a line each, above the columns ---- */

static void theme_text(const struct ui_state *state, char *buf, size_t size)
{
	const struct ui_theme_spec *theme = &ui_theme_table[state->config.theme];

	(void)snprintf(buf, size, "%s: %s", theme->name, theme->help);
}

static void unit_text(const struct ui_state *state, char *buf, size_t size)
{
	(void)snprintf(buf, size, "rates in %s", ui_unit_names[state->unit]);
}

static void interval_text(const struct ui_state *state, char *buf, size_t size)
{
	char text[FMT_MAX];

	ui_state_format_span(text, sizeof(text), state->interval_ns);
	(void)snprintf(buf, size, "%s", text);
}

static void sort_text(const struct ui_state *state, char *buf, size_t size)
{
	(void)snprintf(buf, size, "%s",
		       view_heading(&view_table[state->view], ui_state_sort(state), state->unit));
}

static void direction_text(const struct ui_state *state, char *buf, size_t size)
{
	bool descending =
		column_table[ui_state_sort(state)].descending != state->reverse[state->view];

	(void)snprintf(buf, size, "%s", descending ? "largest first" : "smallest first");
}

static void step_theme(struct ui_state *state, int step)
{
	state->config.theme =
		(state->config.theme + UI_THEME_MAX + (unsigned int)step) % UI_THEME_MAX;
}

static const struct {
	const char *name;
	void (*text)(const struct ui_state *state, char *buf, size_t size);
	void (*step)(struct ui_state *state, int step); /* NULL: by these actions */
	const char *less, *more;
} values[] = {
	{.name = "Theme", .text = theme_text, .step = step_theme},
	{.name = "Unit", .text = unit_text, .less = "unit", .more = "unit"},
	{.name = "Interval", .text = interval_text, .less = "shorter", .more = "longer"},
	{.name = "Order by", .text = sort_text, .less = "sort-left", .more = "sort-right"},
	{.name = "Direction", .text = direction_text, .less = "reverse", .more = "reverse"},
};

#define N_VALUES ARRAY_SIZE(values)

/* ---- columns ---- */

/* Those that are shown, then all others that the rows have. */
static void fill(struct ui_state *state)
{
	struct ui_setup *setup = &state->setup;
	const struct ui_view_config *config = &state->config.views[state->view];
	const enum column_id *shown =
		config->n_columns ? config->columns : view_table[state->view].columns;
	size_t n = config->n_columns ? config->n_columns : COLUMN_MAX;
	bool seen[COLUMN_MAX] = {false};

	setup->n_columns = 0;
	for (size_t i = 0; i < n && shown[i] < COLUMN_MAX; i++) {
		if (!seen[shown[i]])
			setup->columns[setup->n_columns++] = shown[i];
		seen[shown[i]] = true;
	}
	setup->n_shown = setup->n_columns;
	for (int id = 0; id < COLUMN_MAX; id++)
		if (!seen[id] && view_has_column(&view_table[state->view], (enum column_id)id))
			setup->columns[setup->n_columns++] = (enum column_id)id;
}

/* The table gets the columns as they are on the page. */
static void apply(struct ui_state *state)
{
	struct ui_view_config *config = &state->config.views[state->view];

	memcpy(config->columns, state->setup.columns,
	       state->setup.n_shown * sizeof(*config->columns));
	config->n_columns = state->setup.n_shown;
	state->renewed = true;
}

/* Takes the column at one place to another, with the cursor. */
static void carry(struct ui_setup *setup, size_t from, size_t to)
{
	enum column_id id = setup->columns[from];

	if (from < to)
		memmove(setup->columns + from, setup->columns + from + 1, (to - from) * sizeof(id));
	else
		memmove(setup->columns + to + 1, setup->columns + to, (from - to) * sizeof(id));
	setup->columns[to] = id;
	setup->line = N_VALUES + to;
}

static void toggle(struct ui_state *state)
{
	struct ui_setup *setup = &state->setup;
	size_t line = setup->line, place = line - N_VALUES;

	if (line < N_VALUES)
		return;
	if (place < setup->n_shown && setup->n_shown == 1) {
		ui_state_say(state, LOG_INFO, "the last column stays");
		return;
	}
	if (place < setup->n_shown) {
		carry(setup, place, --setup->n_shown);
		setup->line = line; /* at the next one */
	} else {
		carry(setup, place, setup->n_shown++);
	}
	apply(state);
}

static void step(struct ui_state *state, int by)
{
	struct ui_setup *setup = &state->setup;
	size_t place = setup->line - N_VALUES;

	if (setup->line < N_VALUES) {
		if (values[setup->line].step)
			values[setup->line].step(state, by);
		else
			ui_keys_act(state,
				    by < 0 ? values[setup->line].less : values[setup->line].more);
		return;
	}
	if (place >= setup->n_shown) {
		ui_state_say(state, LOG_INFO, "Space shows the column first");
		return;
	}
	if ((by < 0 && place == 0) || (by > 0 && place + 1 == setup->n_shown))
		return;
	carry(setup, place, by < 0 ? place - 1 : place + 1);
	apply(state);
}

/* ---- keys ---- */

static void go(struct ui_state *state, int by)
{
	struct ui_setup *setup = &state->setup;
	size_t last = N_VALUES + setup->n_columns - 1;

	if (by < 0)
		setup->line -= MIN(setup->line, (size_t)-by);
	else
		setup->line = MIN(setup->line + (size_t)by, last);
}

static void earlier(struct ui_state *state)
{
	step(state, -1);
}

static void later(struct ui_state *state)
{
	step(state, 1);
}

static void go_up(struct ui_state *state)
{
	go(state, -1);
}

static void go_down(struct ui_state *state)
{
	go(state, 1);
}

static void page_up(struct ui_state *state)
{
	go(state, -(int)state->n_page);
}

static void page_down(struct ui_state *state)
{
	go(state, (int)state->n_page);
}

static void go_first(struct ui_state *state)
{
	go(state, -INT16_MAX);
}

static void go_last(struct ui_state *state)
{
	go(state, INT16_MAX);
}

static void usual(struct ui_state *state)
{
	state->config.views[state->view].n_columns = 0;
	state->renewed = true;
	fill(state);
	ui_state_say(state, LOG_INFO, "the usual columns of this view");
}

static void leave(struct ui_state *state)
{
	state->setup.open = false;
}

static const struct {
	uint32_t key;
	void (*run)(struct ui_state *state);
} bindings[] = {
	{UI_KEY_UP, go_up},
	{'k', go_up},
	{UI_KEY_DOWN, go_down},
	{'j', go_down},
	{UI_KEY_PAGE_UP, page_up},
	{UI_KEY_PAGE_DOWN, page_down},
	{UI_KEY_HOME, go_first},
	{UI_KEY_END, go_last},
	{UI_KEY_LEFT, earlier},
	{UI_KEY_RIGHT, later},
	{' ', toggle},
	{UI_KEY_ENTER, toggle},
	{'u', usual},
	{'s', ui_setup_save},
	{UI_KEY_ESC, leave},
	{UI_KEY_F0 + 2, leave},
	{'q', leave},
};

void ui_setup_key(struct ui_state *state, uint32_t key)
{
	char name[UI_KEY_NAME_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(bindings); i++)
		if (bindings[i].key == key) {
			bindings[i].run(state);
			return;
		}
	(void)ui_key_name(name, sizeof(name), key);
	ui_state_say(state, LOG_INFO, "%s does nothing here; Esc leaves the setup", name);
}

void ui_setup_open(struct ui_state *state)
{
	state->setup = (struct ui_setup){.open = true};
	fill(state);
}

/* ---- drawing ---- */

static void draw_line(const struct ui_state *state, const struct ui_theme *theme, size_t line,
		      int y, int n_columns)
{
	const struct ui_setup *setup = &state->setup;
	enum ui_role role = line == setup->line ? UI_ROLE_SELECTED : UI_ROLE_NORMAL;
	char name[64], text[256];

	if (line < N_VALUES) {
		(void)snprintf(name, sizeof(name), "    %s", values[line].name);
		values[line].text(state, text, sizeof(text));
	} else {
		enum column_id id = setup->columns[line - N_VALUES];

		(void)snprintf(name, sizeof(name), "[%c] %s",
			       line - N_VALUES < setup->n_shown ? 'x' : ' ',
			       view_heading(&view_table[state->view], id, state->unit));
		(void)snprintf(text, sizeof(text), "%s", column_table[id].help);
	}
	ui_draw_text(theme, (struct ui_box){y, 0, NAME_WIDTH, false}, theme->attr[role], name);
	ui_draw_text(theme, (struct ui_box){y, NAME_WIDTH, n_columns - NAME_WIDTH, false},
		     theme->attr[role], text);
}

void ui_setup_draw(struct ui_state *state, const struct ui_theme *theme, int n_columns, int n_lines)
{
	struct ui_setup *setup = &state->setup;
	struct ui_facts title = {.n = 0}, foot = {.n = 0};
	size_t n_visible = (size_t)MAX(n_lines - 2, 1), n = N_VALUES + setup->n_columns;

	state->n_page = n_visible;
	if (setup->line < setup->top)
		setup->top = setup->line;
	else if (setup->line >= setup->top + n_visible)
		setup->top = setup->line + 1 - n_visible;
	ui_facts_add(&title, UI_ROLE_TITLE, 0, "pktop: setup");
	ui_facts_add(&title, UI_ROLE_NORMAL, 1, "columns and order of the view %s",
		     view_table[state->view].title);
	ui_facts_draw(&title, theme, 0, n_columns);
	for (size_t i = 0; i < n_visible && setup->top + i < n; i++)
		draw_line(state, theme, setup->top + i, 1 + (int)i, n_columns);
	ui_facts_add(&foot, UI_ROLE_LABEL, 0, "Esc back");
	ui_facts_add(&foot, UI_ROLE_LABEL, 0, "s save");
	ui_facts_add(&foot, UI_ROLE_LABEL, 1, "Space show");
	ui_facts_add(&foot, UI_ROLE_LABEL, 2, "Left Right change, move");
	ui_facts_add(&foot, UI_ROLE_LABEL, 3, "u usual columns");
	ui_facts_draw(&foot, theme, n_lines - 1, n_columns);
}
