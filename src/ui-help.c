/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes the help page from the tables of actions, views and columns. */
#include "config.h"

#include "ui-help.h"

#include <stdio.h>
#include <string.h>

#include "macro.h"
#include "ui-draw.h"
#include "ui-keys.h"
#include "ui-page.h"
#include "ui-state.h"
#include "view.h"

#define TERM_WIDTH 17

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

static void put_actions(struct ui_page *page, const struct ui_state *state)
{
	char keys[64];

	for (int group = 0; group < UI_ACTION_GROUP_MAX; group++) {
		ui_page_put_title(page, ui_action_groups[group]);
		for (size_t i = 0; i < ui_n_actions; i++) {
			if ((int)ui_action_table[i].group != group)
				continue;
			name_keys(keys, sizeof(keys), ui_bindings_keys(state->config.bindings, i));
			ui_page_put_entry(page, keys, ui_action_table[i].help);
		}
	}
}

static void put_views(struct ui_page *page)
{
	char term[64];

	ui_page_put_title(page, "Views");
	for (int view = 0; view < VIEW_ID_MAX; view++) {
		/* 0 is for the tenth, as it comes behind 9 */
		if (view < UI_DIGITS)
			(void)snprintf(term, sizeof(term), "%d %s", (view + 1) % 10,
				       view_table[view].title);
		else /* by Tab and t */
			(void)snprintf(term, sizeof(term), "  %s", view_table[view].title);
		ui_page_put_entry(page, term, view_table[view].help);
	}
}

static void put_columns(struct ui_page *page, const struct ui_state *state)
{
	enum column_id columns[COLUMN_MAX];
	size_t n = ui_state_columns(state, columns);

	ui_page_put_title(page, "Columns of this view; a wider terminal shows more of them");
	for (size_t i = 0; i < n; i++)
		ui_page_put_entry(page,
				  view_heading(&view_table[state->view], columns[i], state->unit),
				  column_table[columns[i]].help);
}

static void put_all(struct ui_page *page, const struct ui_state *state)
{
	put_actions(page, state);
	put_views(page);
	put_columns(page, state);
}

void ui_help_draw(struct ui_state *state, const struct ui_theme *theme, int n_columns, int n_lines)
{
	struct ui_page page = {.theme = theme,
			       .n_columns = n_columns,
			       .term_width = TERM_WIDTH,
			       .n_visible = (size_t)MAX(n_lines - 2, 0)};
	struct ui_facts title = {.n = 0}, foot = {.n = 0};

	ui_page_draw(&page, put_all, state, &state->help_top);
	ui_facts_add(&title, UI_ROLE_TITLE, 0, "pktop: keys, views, columns");
	ui_facts_draw(&title, theme, 0, n_columns);
	ui_facts_add(&foot, UI_ROLE_LABEL, 0, "Esc back");
	ui_page_add_place(&page, &foot);
	ui_facts_draw(&foot, theme, n_lines - 1, n_columns);
}
