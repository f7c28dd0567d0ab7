/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes the help page from the tables of actions, views and columns. */
#include "config.h"

#include "ui-help.h"

#include <stdio.h>
#include <string.h>

#include "macro.h"
#include "text.h"
#include "ui-draw.h"
#include "ui-keys.h"
#include "ui-state.h"

#define TERM_WIDTH 17

/* A line of the page, of which only those on the screen are drawn. */
struct page {
	const struct ui_theme *theme;
	int n_columns;
	size_t top, n_visible; /* in lines of the page */
	size_t n;              /* lines so far */
};

/* Line of the screen for the next line of the page, 0 when it is not on the screen. */
static int next_line(struct page *page)
{
	size_t line = page->n++;

	if (line < page->top || line >= page->top + page->n_visible)
		return 0;
	return 1 + (int)(line - page->top);
}

static void put_title(struct page *page, const char *title)
{
	int y;

	if (page->n)
		(void)next_line(page);
	y = next_line(page);
	if (y)
		ui_draw_text(page->theme, (struct ui_box){y, 0, page->n_columns, false},
			     page->theme->attr[UI_ROLE_SORT], title);
}

/* What it is and what it does; what is too long goes on in the next line. */
static void put_entry(struct page *page, const char *term, const char *help)
{
	int width = page->n_columns - TERM_WIDTH;
	bool first = true;

	while (*help || first) {
		size_t n = strlen(help), cut;
		char part[256];
		int y = next_line(page);

		if (n > (size_t)width) {
			for (cut = (size_t)width; cut && help[cut] != ' '; cut--)
				;
			n = cut ? cut : (size_t)width;
		}
		(void)snprintf(part, sizeof(part), "%.*s", (int)n, help);
		if (y && first)
			ui_draw_text(page->theme, (struct ui_box){y, 1, TERM_WIDTH - 2, false},
				     page->theme->attr[UI_ROLE_TITLE], term);
		if (y)
			ui_draw_text(page->theme, (struct ui_box){y, TERM_WIDTH, width, false},
				     A_NORMAL, part);
		first = false;
		help += n;
		while (*help == ' ')
			help++;
	}
}

/* "PgUp C-b", or "1 .. 8" where there are too many. */
static void name_keys(char *buf, size_t size, const uint32_t *keys)
{
	char name[UI_KEY_NAME_MAX], last[UI_KEY_NAME_MAX];
	size_t n = 0, used = 0;

	while (n < UI_ACTION_KEYS && keys[n])
		n++;
	if (n > 4) {
		(void)ui_key_name(name, sizeof(name), keys[0]);
		(void)ui_key_name(last, sizeof(last), keys[n - 1]);
		(void)snprintf(buf, size, "%s .. %s", name, last);
		return;
	}
	for (size_t i = 0; i < n && used < size; i++) {
		(void)ui_key_name(name, sizeof(name), keys[i]);
		used += (size_t)snprintf(buf + used, size - used, "%s%s", i ? " " : "", name);
	}
}

static void put_actions(struct page *page, const struct ui_state *state)
{
	char keys[64];

	for (int group = 0; group < UI_ACTION_GROUP_MAX; group++) {
		put_title(page, ui_action_groups[group]);
		for (size_t i = 0; i < ui_n_actions; i++) {
			if ((int)ui_action_table[i].group != group)
				continue;
			name_keys(keys, sizeof(keys), ui_bindings_keys(state->config.bindings, i));
			put_entry(page, keys, ui_action_table[i].help);
		}
	}
}

static void put_views(struct page *page)
{
	char term[64];

	put_title(page, "Views");
	for (int view = 0; view < VIEW_ID_MAX; view++) {
		/* There is no digit for the tenth. */
		if (view < UI_DIGITS)
			(void)snprintf(term, sizeof(term), "%d %s", view + 1,
				       view_table[view].title);
		else /* by Tab and t */
			(void)snprintf(term, sizeof(term), "  %s", view_table[view].title);
		put_entry(page, term, view_table[view].help);
	}
}

static void put_columns(struct page *page, const struct ui_state *state)
{
	enum column_id columns[COLUMN_MAX];
	size_t n = ui_state_columns(state, columns);

	put_title(page, "Columns of this view; a wider terminal shows more of them");
	for (size_t i = 0; i < n; i++)
		put_entry(page, column_title(&column_table[columns[i]], state->unit),
			  column_table[columns[i]].help);
}

void ui_help_draw(struct ui_state *state, const struct ui_theme *theme, int n_columns, int n_lines)
{
	struct page page = {.theme = theme, .n_columns = n_columns, .n_visible = 0};
	struct ui_facts title = {.n = 0}, foot = {.n = 0};

	/* Once without drawing, to know how long it is. */
	put_actions(&page, state);
	put_views(&page);
	put_columns(&page, state);
	page.n_visible = (size_t)MAX(n_lines - 2, 0);
	state->help_top =
		MIN(state->help_top, page.n > page.n_visible ? page.n - page.n_visible : 0);
	page.top = state->help_top;
	page.n = 0;
	put_actions(&page, state);
	put_views(&page);
	put_columns(&page, state);

	ui_facts_add(&title, UI_ROLE_TITLE, 0, "pktop: keys, views, columns");
	ui_facts_draw(&title, theme, 0, n_columns);
	ui_facts_add(&foot, UI_ROLE_LABEL, 0, "Esc back");
	ui_facts_add(&foot, UI_ROLE_LABEL, 2, "Up Down PgUp PgDn scroll");
	ui_facts_add(&foot, UI_ROLE_LABEL, 1, "lines %zu-%zu of %zu", page.top + 1,
		     MIN(page.top + page.n_visible, page.n), page.n)
		->right = true;
	ui_facts_draw(&foot, theme, n_lines - 1, n_columns);
}
