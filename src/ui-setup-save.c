/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes what the table looks like to the configuration file. */
#include "config.h"

#include "ui-setup.h"

#include <stdio.h>
#include <string.h>

#include "conf.h"
#include "macro.h"
#include "ui-state.h"

/* As many as there are options, and columns and order of each view. */
#define VALUES_MAX (8 + 2 * VIEW_ID_MAX)
#define NAME_MAX_ 32
#define TEXT_MAX 1024

struct values {
	struct conf_value value[VALUES_MAX];
	char name[VALUES_MAX][NAME_MAX_];
	char text[VALUES_MAX][TEXT_MAX];
	size_t n;
};

/* text NULL: the name is not to be in the file. */
static void add(struct values *values, const char *name, const char *view, const char *text)
{
	size_t i = values->n++;

	(void)snprintf(values->name[i], NAME_MAX_, "%s%s%s", name, view ? "." : "",
		       view ? view : "");
	if (text)
		(void)snprintf(values->text[i], TEXT_MAX, "%s", text);
	values->value[i] = (struct conf_value){values->name[i], text ? values->text[i] : NULL};
}

/* Only what differs from the view's own is written. */
static void add_view(struct values *values, const struct ui_state *state, enum view_id id)
{
	const struct ui_view_config *config = &state->config.views[id];
	const struct view *view = &view_table[id];
	bool sorted = state->sort[id] != view->sort || state->reverse[id];
	char text[TEXT_MAX];
	size_t used = 0;

	for (size_t i = 0; i < config->n_columns && used < sizeof(text); i++)
		used += (size_t)snprintf(text + used, sizeof(text) - used, "%s%s", i ? "," : "",
					 column_table[config->columns[i]].name);
	add(values, "columns", view->name, config->n_columns ? text : NULL);
	(void)snprintf(text, sizeof(text), "%s%s", state->reverse[id] ? "-" : "",
		       column_table[state->sort[id]].name);
	add(values, "sort", view->name, sorted ? text : NULL);
}

static void add_interval(struct values *values, uint64_t interval_ns)
{
	bool whole = interval_ns % NSEC_PER_SEC == 0;
	char text[32];

	(void)snprintf(text, sizeof(text), "%llu%s",
		       (unsigned long long)(interval_ns / (whole ? NSEC_PER_SEC : NSEC_PER_MSEC)),
		       whole ? "s" : "ms");
	add(values, "interval", NULL, text);
}

void ui_setup_save(struct ui_state *state)
{
	/* Other names for what is written under the view's name, or as the interval. */
	static const char *const others[] = {"columns", "sort", "reverse", "refresh"};
	struct values values = {.n = 0};
	const char *path = state->config.path, *why;
	int r;

	if (!path) {
		ui_state_say(state, LOG_ERR,
			     "not saved: neither XDG_CONFIG_HOME nor HOME names a directory");
		return;
	}
	add(&values, "theme", NULL, ui_theme_table[state->config.theme].name);
	add(&values, "unit", NULL, ui_unit_names[state->unit]);
	add_interval(&values, state->interval_ns);
	for (size_t i = 0; i < ARRAY_SIZE(others); i++)
		add(&values, others[i], NULL, NULL);
	for (int view = 0; view < VIEW_ID_MAX; view++)
		add_view(&values, state, (enum view_id)view);
	r = conf_write(path, values.value, values.n, &why);
	if (r < 0)
		ui_state_say(state, LOG_ERR, "%s is not written: %s", path,
			     why ? why : strerror(-r));
	else
		ui_state_say(state, LOG_INFO, "saved to %s", path);
}
