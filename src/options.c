/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the command line by option_table, and refuses what does not go together. */
#include "config.h"

#include "options.h"

#include <assert.h>
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "log.h"
#include "macro.h"
#include "options-file.h"
#include "options-table.h"

#define OPTIONS_MAX 128

/* What getopt_long() returns for the option at a place of the table: no letter is that high. */
#define VALUE_FIRST 256

/* The command line under way, with members by the place in option_table. */
struct command {
	struct option longs[OPTIONS_MAX + 1];
	char shorts[3 * OPTIONS_MAX + 2];
	bool given[OPTIONS_MAX];
	char *values[OPTIONS_MAX]; /* the last one of each */
};

/* Pairs that exclude each other, beyond a report and the table. */
static const struct {
	const char *a, *b;
	const char *why;
} exclusions[] = {
	{"json", "csv", "a report has one form"},
	{"json", "total", "a report has one form"},
	{"csv", "total", "a report has one form"},
	{"total", "columns", "the totals have no rows"},
	{"total", "sort", "the totals have no rows"},
	{"total", "reverse", "the totals have no rows"},
	{"total", "top", "the totals have no rows"},
	{"total", "view", "the totals have no rows"},
	{"total", "by", "the totals have no rows"},
	{"config", "no-config", "one reads a file, the other none"},
	{"by", "view", "both choose what a row is"},
	{"replay", "iface", "a recording has its own interfaces"},
	{"replay", "attach", "a recording is attached to nothing"},
	{"replay", "no-arp", "a recording is shown as it was counted"},
	{"replay", "no-l7", "a recording is shown as it was counted"},
	{"replay", "no-owners", "a recording is shown as it was counted"},
	{"replay", "layer", "a recording is shown as it was counted"},
	{"replay", "record", "a recording can be copied as a file"},
};

/* An option that has a meaning only with another. */
static const struct {
	const char *option, *needs;
} needs[] = {
	{"script", "replay"},
	{"size", "script"},
	{"internal-networks", "external"},
	{"no-mask", "headers"},
	{"rotate-size", "output"},
	{"rotate-every", "output"},
	{"rotate-keep", "output"},
	{"callback-token", "callback"},
	{"callback-ca", "callback"},
	{"spool", "callback"},
	{"spool-max", "callback"},
};

static bool is_given(const struct command *command, const char *name)
{
	for (size_t i = 0; i < option_table_n; i++) {
		if (strcmp(option_table[i].name, name) == 0)
			return command->given[i];
	}
	assert(!"an option that is not in the table");
	return false;
}

static void command_init(struct command *command)
{
	size_t n_shorts = 0;

	assert(option_table_n <= OPTIONS_MAX);
	memset(command, 0, sizeof(*command));
	command->shorts[n_shorts++] = ':'; /* a missing value is told from a wrong option */
	for (size_t i = 0; i < option_table_n; i++) {
		const struct option_spec *option = &option_table[i];

		command->longs[i] = (struct option){
			.name = option->name,
			.has_arg = option->argument ? required_argument : no_argument,
			.val = VALUE_FIRST + (int)i,
		};
		if (!option->letter)
			continue;
		command->shorts[n_shorts++] = option->letter;
		if (option->argument)
			command->shorts[n_shorts++] = ':';
	}
}

/* By what getopt_long() returned or left in optopt: a place or a letter. NULL: neither. */
static const struct option_spec *option_by_value(int value)
{
	if (value >= VALUE_FIRST)
		return &option_table[value - VALUE_FIRST];
	for (size_t i = 0; value && i < option_table_n; i++) {
		if (option_table[i].letter == value)
			return &option_table[i];
	}
	return NULL;
}

/* text: the argument that getopt_long() did not understand; optopt: the letter in it, if any. */
static int refuse_unknown(const char *text)
{
	size_t len = strcspn(text + 2, "=");
	const char *found[2] = {0};
	size_t n = 0;

	if (optopt >= VALUE_FIRST)
		return option_refuse("--%s: takes no value",
				     option_table[optopt - VALUE_FIRST].name);
	if (optopt)
		return option_refuse("-%c: no such option; see pktop --help", optopt);
	for (size_t i = 0; i < option_table_n && n < ARRAY_SIZE(found); i++) {
		if (strncmp(option_table[i].name, text + 2, len) == 0)
			found[n++] = option_table[i].name;
	}
	if (n == ARRAY_SIZE(found))
		return option_refuse("%s: may be --%s or --%s; see pktop --help", text, found[0],
				     found[1]);
	return option_refuse("%s: no such option; see pktop --help", text);
}

static int read_option(struct command *command, int value, struct options *options)
{
	const struct option_spec *option = option_by_value(value);

	command->given[option - option_table] = true;
	command->values[option - option_table] = optarg;
	return option->read(option, optarg, options);
}

static int read_options(struct command *command, int argc, char **argv, struct options *options)
{
	int value, r;

	optind = 0; /* glibc: start over, also with the permutation of arguments */
	opterr = 0;
	for (;;) {
		optopt = 0;
		value = getopt_long(argc, argv, command->shorts, command->longs, NULL);
		if (value == -1)
			return 0;
		if (value == '?' && optopt == '?')
			return options_print_help();
		if (value == '?')
			return refuse_unknown(argv[optind - 1]);
		if (value == ':') {
			const struct option_spec *option = option_by_value(optopt);

			return option_refuse("--%s: needs a value: %s", option->name,
					     option->argument);
		}
		r = read_option(command, value, options);
		if (r)
			return r;
	}
}

/* The words behind the verb. */
static int read_kinds(int argc, char **argv, struct options *options)
{
	if (optind + 1 == argc)
		return option_refuse("log: needs a kind of events; see pktop log help");
	for (int i = optind + 1; i < argc; i++) {
		int kind = event_kind_find(argv[i]);

		if (strcmp(argv[i], "help") == 0)
			return options_print_kinds();
		if (kind < 0)
			return option_refuse("log: no kind of events \"%s\"; see pktop log help",
					     argv[i]);
		options->event.kinds[kind] = true;
	}
	return 0;
}

static int read_verb(int argc, char **argv, struct options *options)
{
	if (optind == argc)
		return 0;
	if (strcmp(argv[optind], verb_table[VERB_LOG].name) == 0) {
		options->verb = VERB_LOG;
		return read_kinds(argc, argv, options);
	}
	if (argc - optind > 1)
		return option_refuse(
			"\"%s\": one verb is enough, and every option begins with a dash",
			argv[optind + 1]);
	for (int verb = VERB_TOP + 1; verb < VERB_MAX; verb++) {
		if (strcmp(argv[optind], verb_table[verb].name) == 0) {
			options->verb = (enum verb)verb;
			return 0;
		}
	}
	return option_refuse("\"%s\": no such verb; one of: %s, %s, see pktop --help", argv[optind],
			     verb_table[VERB_LOG].name, verb_table[VERB_CHECK].name);
}

/* The first option on the command line whose flag has this value. */
static const struct option_spec *find_given(const struct command *command, uint8_t flag, bool value)
{
	for (size_t i = 0; i < option_table_n; i++) {
		if (command->given[i] && !!(option_table[i].flags & flag) == value)
			return &option_table[i];
	}
	return NULL;
}

static int check_together(const struct command *command)
{
	const struct option_spec *report = find_given(command, OPTION_REPORT, true);
	const struct option_spec *table = find_given(command, OPTION_TABLE, true);

	for (size_t i = 0; i < ARRAY_SIZE(exclusions); i++) {
		if (is_given(command, exclusions[i].a) && is_given(command, exclusions[i].b))
			return option_refuse("--%s does not go with --%s: %s", exclusions[i].a,
					     exclusions[i].b, exclusions[i].why);
	}
	for (size_t i = 0; i < ARRAY_SIZE(needs); i++) {
		if (is_given(command, needs[i].option) && !is_given(command, needs[i].needs))
			return option_refuse("--%s needs --%s", needs[i].option, needs[i].needs);
	}
	if (report && table)
		return option_refuse(
			"--%s does not go with --%s: one is for the table, one for a report",
			table->name, report->name);
	return 0;
}

/* "a, b": the views whose rows have the column. */
static const char *views_with(enum column_id id, char *buf, size_t size)
{
	size_t used = 0;

	buf[0] = '\0';
	for (int i = 0; i < VIEW_ID_MAX && used < size; i++) {
		if (view_has_column(&view_table[i], id))
			used += snprintf(buf + used, size - used, "%s%s", used ? ", " : "",
					 view_table[i].name);
	}
	return buf;
}

static int check_column(const char *option, const struct view *view, enum column_id id)
{
	char names[256];

	if (view_has_column(view, id))
		return 0;
	return option_refuse("--%s: rows of the view \"%s\" have no %s; these have: %s", option,
			     view->name, column_table[id].name,
			     views_with(id, names, sizeof(names)));
}

/* Columns against the view, where it is known: the table and a report begin with different ones. */
static int check_columns(const struct options *options)
{
	const struct report_config *report = &options->report;
	const struct view *view = &view_table[report->view];
	int r = 0;

	if (!options->view_given && !options->batch)
		return 0;
	for (size_t i = 0; i < report->n_columns && r == 0; i++)
		r = check_column("columns", view, report->columns[i]);
	if (r == 0 && report->sort_given)
		r = check_column("sort", view, report->sort);
	return r;
}

/* True where the option means something with the verb. */
static bool verb_takes(enum verb verb, const struct option_spec *option)
{
	if (verb == VERB_CHECK)
		return option->flags & OPTION_CHECK;
	if (verb == VERB_TOP)
		return option->group != GROUP_LOG;
	if (option->flags & OPTION_LOG)
		return true;
	return !(option->flags & (OPTION_REPORT | OPTION_TABLE)) && option->group != GROUP_ROWS &&
	       option->group != GROUP_TABLE;
}

static int check_verb(const struct command *command, const struct options *options)
{
	for (size_t i = 0; i < option_table_n; i++) {
		const struct option_spec *option = &option_table[i];

		if (!command->given[i] || verb_takes(options->verb, option))
			continue;
		if (options->verb == VERB_TOP)
			return option_refuse("--%s needs the verb \"log\"", option->name);
		return option_refuse("--%s does not go with the verb \"%s\"", option->name,
				     verb_table[options->verb].name);
	}
	return 0;
}

/* Connections alone are told of without counting anything, unless an interface is named. */
static bool is_only_conns(const struct options *options)
{
	bool only = options->verb == VERB_LOG && options->event.kinds[EVENT_CONNS];

	for (int i = 0; i < EVENT_KIND_MAX; i++)
		only &= i == EVENT_CONNS || !options->event.kinds[i];
	return only;
}

static const struct capture_ops *default_backend(const struct options *options)
{
	if (options->capture.file)
		return &capture_replay_ops;
	if (is_only_conns(options) && !options->capture.n_ifaces)
		return &capture_sockets_ops;
	return capture_backends[0];
}

/* Recordings have a back end of their own; other back ends have options of their own. */
static int check_backend(const struct command *command, const struct options *options)
{
	bool replays = options->backend == &capture_replay_ops;

	for (size_t i = 0; i < option_table_n; i++) {
		const struct option_spec *option = &option_table[i];

		if (command->given[i] && option->backend && option->backend != options->backend)
			return option_refuse("--%s is an option of the %s back end, and this is %s",
					     option->name, option->backend->name,
					     options->backend->name);
	}
	if (options->backend == &capture_cgroup_ops && !options->capture.cgroup)
		return option_refuse("--backend=%s needs --cgroup", options->backend->name);
	if (options->backend == &capture_sockets_ops && options->verb != VERB_CHECK &&
	    !is_only_conns(options))
		return option_refuse("--backend=%s counts nothing: it needs log conns, alone",
				     options->backend->name);
	if (options->event.kinds[EVENT_CONNS] && options->capture.no_owners)
		return option_refuse("--no-owners: log conns tells of owners");
	if (replays == (options->capture.file != NULL))
		return 0;
	if (replays)
		return option_refuse("--backend=%s needs --replay", options->backend->name);
	return option_refuse("--backend=%s does not go with --replay", options->backend->name);
}

/* A file that was named has to be there; another one is read where there is a table to show. */
static int read_config(const struct options *options, struct options *settings)
{
	const char *path = settings->ui.path, *why;
	bool wanted = options->config || (!options->no_config && !options->batch &&
					  !options->script && ui_possible(&why));
	int r;

	if (!wanted || !path)
		return 0;
	r = options_file_read(path, settings, &why);
	if (r == 0 || (!options->config && (r == -ENOENT || r == -ENOTDIR)))
		return 0;
	if (!why)
		why = strerror(-r);
	(void)snprintf(settings->warning, sizeof(settings->warning), "%s is not read: %s", path,
		       why);
	if (!options->config)
		return log_warn(0, "%s", settings->warning);
	(void)log_err(0, "%s", settings->warning);
	return r;
}

/* What the table is to look like: by the file, then by the command line. */
static int make_ui(const struct command *command, struct options *options)
{
	struct options settings = {.interval_ns = NSEC_PER_SEC};
	int r;

	ui_bindings_init(&settings.bindings);
	settings.ui.path = options->config
				   ? options->config
				   : options_file_path(options->path, sizeof(options->path));
	r = read_config(options, &settings);
	if (r < 0)
		return r;
	for (size_t i = 0; i < option_table_n; i++) {
		const struct option_spec *option = &option_table[i];

		if (!command->given[i] || !(option->flags & OPTION_FILE))
			continue;
		r = option->read(option, command->values[i], &settings);
		if (r < 0)
			return r;
	}
	options_file_place(&settings);
	options->ui = settings.ui;
	options->ui.view = settings.view_given ? settings.report.view : VIEW_ID_CONVERSATIONS;
	options->ui.unit = settings.report.unit;
	options->ui.interval_ns = settings.interval_ns;
	options->ui.filter = options->filter;
	if (!is_given(command, "geo"))
		options->geo = settings.geo;
	options->names |= settings.names;
	options->port_names |= settings.port_names;
	options->bindings = settings.bindings;
	options->ui.bindings = &options->bindings;
	memcpy(options->warning, settings.warning, sizeof(options->warning));
	options->ui.warning = *options->warning ? options->warning : NULL;
	return 0;
}

/* What follows from the options that were given. */
static void finish(const struct command *command, struct options *options)
{
	struct report_config *report = &options->report;

	options->batch = find_given(command, OPTION_REPORT, true) != NULL;
	if (!options->backend)
		options->backend = default_backend(options);
	options->capture.ifaces = options->ifaces;
	options->event.json = report->kind == REPORT_JSON || options->event.sinks.url;
	report->periodic = options->n_reports || options->interval_given;
	if (!options->view_given)
		report->view = VIEW_ID_FLOWS;
	if (!report->sort_given)
		report->sort = view_table[report->view].sort;
}

int options_parse(int argc, char **argv, struct options *ret_options)
{
	struct options *options = ret_options;
	struct command command;
	int r;

	memset(options, 0, sizeof(*options));
	options->interval_ns = NSEC_PER_SEC;
	options->event.sinks.rotate_keep = 5;
	options->script_columns = 80;
	options->script_lines = 24;
	command_init(&command);

	r = read_options(&command, argc, argv, options);
	if (r)
		return r;
	r = read_verb(argc, argv, options);
	if (r)
		return r;
	r = check_verb(&command, options);
	if (r < 0)
		return r;
	r = check_together(&command);
	if (r < 0)
		return r;
	finish(&command, options);
	r = check_backend(&command, options);
	if (r == 0)
		r = check_columns(options);
	return r < 0 ? r : make_ui(&command, options);
}
