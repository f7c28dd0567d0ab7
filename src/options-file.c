/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the configuration file by the table of options. */
#include "config.h"

#include "options-file.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "conf.h"
#include "log.h"
#include "macro.h"
#include "options-table.h"
#include "options.h"

#define KEY_PREFIX "key."

struct reader {
	const char *path;
	struct options *settings;
	unsigned int number; /* of the line, 0: it is no longer known */
	char refusal[1200];  /* what a reader of an option has said */
};

const char *options_file_path(char *buf, size_t size)
{
	const char *directory = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
	int n = -1;

	/* relative ones are to be ignored, says the XDG base directory specification */
	if (directory && *directory == '/')
		n = snprintf(buf, size, "%s/pktop/pktop.conf", directory);
	else if (home && *home == '/')
		n = snprintf(buf, size, "%s/.config/pktop/pktop.conf", home);
	return n < 0 || (size_t)n >= size ? NULL : buf;
}

static ATTR_PRINTF(2, 3) void warn(struct reader *reader, const char *format, ...)
{
	char *kept = reader->settings->warning;
	size_t size = sizeof(reader->settings->warning);
	char place[24] = "", text[1200];
	va_list args;

	if (reader->number)
		(void)snprintf(place, sizeof(place), "line %u: ", reader->number);
	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	(void)log_warn(0, "%s: %s%s", reader->path, place, text);
	/* the screen has no room for more */
	if (!*kept && snprintf(kept, size, "%s: %s%s", reader->path, place, text) >= (int)size)
		kept[size - 1] = '\0';
}

static void on_refusal(void *data, enum log_level level ATTR_UNUSED, const char *line)
{
	struct reader *reader = data;

	(void)snprintf(reader->refusal, sizeof(reader->refusal), "%s", line);
}

/* As on the command line; a refusal becomes a warning. */
static int read_value(struct reader *reader, const struct option_spec *option, char *value,
		      struct options *options)
{
	log_sink_fn sink;
	void *data;
	int r;

	log_get_sink(&sink, &data);
	log_set_sink(on_refusal, reader);
	r = option->read(option, value, options);
	log_set_sink(sink, data);
	/* it begins with the two dashes that the file does not have */
	if (r < 0)
		warn(reader, "%s", reader->refusal + 2 * !strncmp(reader->refusal, "--", 2));
	return r;
}

static void read_flag(struct reader *reader, const struct option_spec *option, char *value)
{
	if (strcmp(value, "yes") == 0)
		(void)read_value(reader, option, value, reader->settings);
	else if (strcmp(value, "no") != 0)
		warn(reader, "%s: \"%s\" is neither yes nor no", option->name, value);
}

void options_file_place(struct options *settings)
{
	struct report_config *rows = &settings->report;
	struct ui_view_config *view =
		&settings->ui.views[settings->view_given ? rows->view : VIEW_ID_CONVERSATIONS];

	if (rows->n_columns) {
		memcpy(view->columns, rows->columns, rows->n_columns * sizeof(*view->columns));
		view->n_columns = rows->n_columns;
	}
	if (rows->sort_given) {
		view->sort = rows->sort;
		view->sort_given = true;
	}
	if (rows->sort_given || rows->reverse)
		view->reverse = rows->reverse;
	rows->columns = NULL;
	rows->n_columns = 0;
	rows->sort_given = rows->reverse = false;
}

/* "columns.src = ...": of that view, whichever the table begins with. */
static void read_of_view(struct reader *reader, const struct option_spec *option, const char *name,
			 char *value)
{
	struct options one = {.view_given = true};
	int view = view_find(name);

	if (view < 0) {
		warn(reader, "%s: no view \"%s\"; see pktop --view=help", option->name, name);
		return;
	}
	one.report.view = (enum view_id)view;
	one.ui.views[view] = reader->settings->ui.views[view];
	if (read_value(reader, option, value, &one) < 0)
		return;
	options_file_place(&one);
	reader->settings->ui.views[view] = one.ui.views[view];
}

static const struct option_spec *find_option(const char *name, size_t len)
{
	for (size_t i = 0; i < option_table_n; i++)
		if (strlen(option_table[i].name) == len &&
		    strncmp(option_table[i].name, name, len) == 0)
			return &option_table[i];
	return NULL;
}

static void read_key(struct reader *reader, const char *action, char *value)
{
	char error[1000];

	if (ui_bindings_set(&reader->settings->bindings, action, value, error, sizeof(error)) < 0)
		warn(reader, KEY_PREFIX "%s: %s", action, error);
}

static void on_line(void *data, unsigned int number, char *name, char *value)
{
	struct reader *reader = data;
	size_t len = strcspn(name, ".");
	const struct option_spec *option = find_option(name, len);

	reader->number = number;
	if (!value)
		warn(reader, "\"%s\" is not of the form NAME = VALUE", name);
	else if (strncmp(name, KEY_PREFIX, strlen(KEY_PREFIX)) == 0)
		read_key(reader, name + strlen(KEY_PREFIX), value);
	else if (!option)
		warn(reader, "there is no option \"%s\"", name);
	else if (!(option->flags & OPTION_FILE))
		warn(reader, "\"%s\" is an option of the command line alone", name);
	else if (name[len] && !(option->flags & OPTION_OF_VIEW))
		warn(reader, "\"%s\" is the same for all views", option->name);
	else if (strcmp(value, "help") == 0)
		warn(reader, "%s: lists are printed on the command line alone", option->name);
	else if (name[len])
		read_of_view(reader, option, name + len + 1, value);
	else if (!option->argument)
		read_flag(reader, option, value);
	else
		(void)read_value(reader, option, value, reader->settings);
}

/* Columns that the rows of their view do not have; of the first view, when that is known. */
static void check_views(struct reader *reader)
{
	reader->number = 0;
	for (int i = 0; i < VIEW_ID_MAX; i++) {
		struct ui_view_config *config = &reader->settings->ui.views[i];
		const struct view *view = &view_table[i];
		size_t n = 0;

		for (size_t c = 0; c < config->n_columns; c++) {
			if (view_has_column(view, config->columns[c]))
				config->columns[n++] = config->columns[c];
			else
				warn(reader, "columns: rows of the view \"%s\" have no %s",
				     view->name, column_table[config->columns[c]].name);
		}
		config->n_columns = n;
		if (!config->sort_given || view_has_column(view, config->sort))
			continue;
		warn(reader, "sort: rows of the view \"%s\" have no %s", view->name,
		     column_table[config->sort].name);
		config->sort_given = config->reverse = false;
	}
}

int options_file_read(const char *path, struct options *settings, const char **ret_why)
{
	struct reader reader = {.path = path, .settings = settings};
	int r = conf_read(path, on_line, &reader, ret_why);

	options_file_place(settings);
	check_views(&reader);
	return r;
}
