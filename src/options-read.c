/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the value of an option, one function per kind of value. */
#include "config.h"

#include "options-table.h"

#include <errno.h>
#include <net/if.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "filter.h"
#include "fmt.h"
#include "log.h"
#include "macro.h"
#include "options.h"
#include "parse.h"
#include "view-prefix.h"

#define INTERVAL_MIN_NS (100 * NSEC_PER_MSEC)
#define INTERVAL_MAX_NS (3600 * NSEC_PER_SEC)
#define DURATION_MAX_NS (366 * 24 * 3600 * NSEC_PER_SEC)
#define SCREEN_MIN_COLUMNS 20
#define SCREEN_MIN_LINES 5
#define SCREEN_MAX 1000

int option_refuse(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_va(LOG_ERR, 0, format, args);
	va_end(args);
	return -EINVAL;
}

/* "a, b, c" for sentences. */
static const char *choice_names(char *buf, size_t size, const struct option_choice *choices)
{
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; choices[i].name && used < size; i++)
		if (!choices[i].hidden)
			used += snprintf(buf + used, size - used, "%s%s", i ? ", " : "",
					 choices[i].name);
	return buf;
}

/* The value of a choice, or an error. choices end with a record without a name. */
static int choice_read(const struct option_spec *option, const char *value,
		       const struct option_choice *choices)
{
	char names[1024];

	for (size_t i = 0; choices[i].name; i++) {
		if (strcmp(value, choices[i].name) == 0)
			return choices[i].value;
	}
	return option_refuse("--%s: no %s \"%s\"; one of: %s", option->name, option->what, value,
			     choice_names(names, sizeof(names), choices));
}

static void *option_target(const struct option_spec *option, struct options *options)
{
	return (char *)options + option->offset;
}

int option_read_flag(const struct option_spec *option, char *value ATTR_UNUSED,
		     struct options *options)
{
	*(bool *)option_target(option, options) = true;
	return 0;
}

int option_read_file(const struct option_spec *option, char *value, struct options *options)
{
	if (!*value)
		return option_refuse("--%s: the name of the file is empty", option->name);
	*(const char **)option_target(option, options) = value;
	return 0;
}

int option_read_count(const struct option_spec *option, char *value, struct options *options)
{
	if (parse_u64(value, option->min, option->max, option_target(option, options)) < 0)
		return option_refuse("--%s: \"%s\" is not a number from %llu to %llu", option->name,
				     value, (unsigned long long)option->min,
				     (unsigned long long)option->max);
	return 0;
}

/* A size in bytes. */
int option_read_bytes(const struct option_spec *option, char *value, struct options *options)
{
	uint64_t n;

	if (parse_size(value, &n) < 0 || n < option->min || n > option->max)
		return option_refuse("--%s: \"%s\" is not a size from %llu to %llu bytes, such as "
				     "100M",
				     option->name, value, (unsigned long long)option->min,
				     (unsigned long long)option->max);
	memcpy(option_target(option, options), &n, sizeof(n));
	return 0;
}

int option_read_duration(const struct option_spec *option, char *value, struct options *options)
{
	char min[FMT_MAX], max[FMT_MAX];
	uint64_t ns;

	if (parse_duration(value, &ns) < 0 || ns < option->min || ns > option->max) {
		fmt_duration(min, sizeof(min), option->min);
		fmt_duration(max, sizeof(max), option->max);
		return option_refuse("--%s: \"%s\" is not a duration from %s to %s", option->name,
				     value, min, max);
	}
	memcpy(option_target(option, options), &ns, sizeof(ns));
	return 0;
}

int option_read_url(const struct option_spec *option, char *value, struct options *options)
{
	if (strncmp(value, "http://", 7) != 0 && strncmp(value, "https://", 8) != 0)
		return option_refuse("--%s: \"%s\" begins with neither https:// nor http://",
				     option->name, value);
	*(const char **)option_target(option, options) = value;
	return 0;
}

int option_read_top(const struct option_spec *option, char *value, struct options *options)
{
	uint64_t n;

	if (parse_u64(value, 0, UINT32_MAX, &n) < 0)
		return option_refuse("--%s: \"%s\" is not a number from 0 to %u", option->name,
				     value, UINT32_MAX);
	options->report.top = (size_t)n;
	return 0;
}

int option_read_timeout(const struct option_spec *option, char *value, struct options *options)
{
	uint64_t ns;

	if (parse_duration(value, &ns) < 0 || ns > DURATION_MAX_NS)
		return option_refuse(
			"--%s: \"%s\" is not a duration up to a year, such as 500ms, 10s, 1h30m",
			option->name, value);
	options->timeout_ns = ns;
	return 0;
}

int option_read_interval(const struct option_spec *option, char *value, struct options *options)
{
	uint64_t ns;

	if (parse_duration(value, &ns) < 0 || ns < INTERVAL_MIN_NS || ns > INTERVAL_MAX_NS)
		return option_refuse("--%s: \"%s\" is not a duration from 100ms to 1h",
				     option->name, value);
	options->interval_ns = ns;
	options->interval_given = true;
	return 0;
}

static int add_iface(const struct option_spec *option, const char *name, struct options *options)
{
	if (!*name)
		return option_refuse("--%s: an interface name is empty", option->name);
	if (strlen(name) >= IF_NAMESIZE && !strpbrk(name, "*?["))
		return option_refuse(
			"--%s: \"%s\" is longer than the %d characters of an interface name",
			option->name, name, IF_NAMESIZE - 1);
	if (options->capture.n_ifaces == ARRAY_SIZE(options->ifaces))
		return option_refuse(
			"--%s: more than %zu names; a pattern such as \"eth*\" or \"any\" is one",
			option->name, ARRAY_SIZE(options->ifaces));
	options->ifaces[options->capture.n_ifaces++] = name;
	return 0;
}

/* Cuts the list at its commas, in argv. */
int option_read_ifaces(const struct option_spec *option, char *value, struct options *options)
{
	char *name;

	while ((name = strsep(&value, ","))) {
		int r = add_iface(option, name, options);

		if (r < 0)
			return r;
	}
	return 0;
}

int option_read_max_flows(const struct option_spec *option, char *value, struct options *options)
{
	uint64_t n;

	if (parse_size(value, &n) < 0 ||
	    (n != 0 && (n < CAPTURE_FLOWS_MIN || n > CAPTURE_FLOWS_MAX)))
		return option_refuse(
			"--%s: \"%s\" is neither 0 (chosen) nor a number from %u to %u",
			option->name, value, CAPTURE_FLOWS_MIN, CAPTURE_FLOWS_MAX);
	options->capture.max_flows = (uint32_t)n;
	return 0;
}

int option_read_layer(const struct option_spec *option, char *value, struct options *options)
{
	static const struct option_choice layers[] = {
		{"l2", false, false}, {"ip", true, false}, {0}};
	int layer = choice_read(option, value, layers);

	if (layer < 0)
		return layer;
	options->capture.layer_ip = layer;
	return 0;
}

/* Into an enum. */
int option_read_choice(const struct option_spec *option, char *value, struct options *options)
{
	int choice = choice_read(option, value, option->choices);

	if (choice < 0)
		return choice;
	memcpy(option_target(option, options), &choice, sizeof(choice));
	return 0;
}

/* There is one at a time. */
static int choose_backend(const struct option_spec *option, const struct capture_ops *backend,
			  struct options *options)
{
	if (options->backend && options->backend != backend)
		return option_refuse("--%s: the %s back end is chosen already, and there is one at "
				     "a time",
				     option->name, options->backend->name);
	options->backend = backend;
	return 0;
}

int option_read_backend(const struct option_spec *option, char *value, struct options *options)
{
	struct option_choice backends[16] = {0};
	size_t n = 0;
	int i;

	if (strcmp(value, "help") == 0)
		return options_print_backends();
	for (; capture_backends[n] && n < ARRAY_SIZE(backends) - 1; n++)
		backends[n] = (struct option_choice){capture_backends[n]->name, (int)n, false};
	i = choice_read(option, value, backends);
	return i < 0 ? i : choose_backend(option, capture_backends[i], options);
}

/* An option that stands for a back end. */
int option_read_own_backend(const struct option_spec *option, char *value ATTR_UNUSED,
			    struct options *options)
{
	return choose_backend(option, option->backend, options);
}

int option_read_cgroup(const struct option_spec *option, char *value, struct options *options)
{
	if (!*value)
		return option_refuse("--%s: the name of the cgroup is empty", option->name);
	options->capture.cgroup = value;
	return choose_backend(option, option->backend, options);
}

/* option->min is the kind of report that the option stands for. */
int option_read_kind(const struct option_spec *option, char *value ATTR_UNUSED,
		     struct options *options)
{
	options->report.kind = (enum report_kind)option->min;
	return 0;
}

int option_read_sort(const struct option_spec *option, char *value, struct options *options)
{
	struct option_choice columns[COLUMN_MAX + 1] = {0};
	bool reverse = value[0] == '-';
	int column;

	if (strcmp(value, "help") == 0)
		return options_print_columns();
	for (int i = 0; i < COLUMN_MAX; i++)
		columns[i] = (struct option_choice){column_table[i].name, i, false};
	column = choice_read(option, value + reverse, columns);
	if (column < 0)
		return column;
	options->report.sort = (enum column_id)column;
	options->report.sort_given = true;
	if (reverse)
		options->report.reverse = true;
	return 0;
}

int option_read_columns(const struct option_spec *option, char *value, struct options *options)
{
	char error[1200];
	int n;

	if (strcmp(value, "help") == 0)
		return options_print_columns();
	n = column_parse_list(value, options->columns, COLUMN_MAX, error, sizeof(error));
	if (n < 0)
		return option_refuse("--%s: %s", option->name, error);
	options->report.columns = options->columns;
	options->report.n_columns = (size_t)n;
	return 0;
}

/* Views that may follow --by (groups) or --view (all). */
static int view_read(const struct option_spec *option, const char *value, bool groups,
		     struct options *options)
{
	struct option_choice views[2 * VIEW_ID_MAX + 1] = {0};
	size_t n = 0;
	int view;

	for (int i = 0; i < VIEW_ID_MAX; i++) {
		if (groups && view_table[i].rows != VIEW_GROUPS)
			continue;
		views[n++] = (struct option_choice){view_table[i].name, i, false};
		if (view_table[i].alias)
			views[n++] = (struct option_choice){view_table[i].alias, i, true};
	}
	view = choice_read(option, value, views);
	if (view < 0)
		return view;
	options->report.view = (enum view_id)view;
	options->view_given = true;
	return 0;
}

int option_read_view(const struct option_spec *option, char *value, struct options *options)
{
	if (strcmp(value, "help") == 0)
		return options_print_views();
	return view_read(option, value, false, options);
}

int option_read_by(const struct option_spec *option, char *value, struct options *options)
{
	if (strcmp(value, "help") == 0)
		return options_print_groups();
	return view_read(option, value, true, options);
}

int option_read_prefix(const struct option_spec *option, char *value,
		       struct options *options ATTR_UNUSED)
{
	char *comma = strchr(value, ',');
	uint64_t v4, v6 = view_prefix_get().v6;
	bool good;

	if (comma)
		*comma = '\0';
	good = parse_u64(value, 1, 32, &v4) >= 0 &&
	       (!comma || parse_u64(comma + 1, 1, 128, &v6) >= 0);
	if (comma)
		*comma = ',';
	if (!good)
		return option_refuse(
			"--%s: \"%s\" is no length; give bits of IPv4 from 1 to 32, and "
			"after a comma of IPv6 from 1 to 128, such as 24,48",
			option->name, value);
	view_prefix_set((struct view_prefix){(uint8_t)v4, (uint8_t)v6});
	return 0;
}

/* Read again by who needs it: the table and a report each have a filter of their own. */
int option_read_filter(const struct option_spec *option, char *value, struct options *options)
{
	char names[FILTER_NAMES_MAX];
	struct filter *filter = NULL;
	struct filter_error error;
	int r;

	if (strcmp(value, "help") == 0)
		return options_print_filter();
	r = filter_parse(value, &filter, &error);
	if (r == -EINVAL && error.no_field) {
		filter_field_names(names, sizeof(names));
		return option_refuse("--%s: column %u: %s (fields: %s)", option->name, error.column,
				     error.text, names);
	}
	if (r == -EINVAL)
		return option_refuse("--%s: column %u: %s", option->name, error.column, error.text);
	if (r < 0)
		return log_err(r, "--%s", option->name);
	options->filter = filter ? value : NULL;
	filter_free(filter);
	return 0;
}

/* Addresses and networks as --filter has them; they are part of one later. */
int option_read_networks(const struct option_spec *option, char *value, struct options *options)
{
	char text[FILTER_LENGTH_MAX];
	struct filter *filter = NULL;
	struct filter_error error;
	int r = snprintf(text, sizeof(text), "src %s", value);

	if ((size_t)r >= sizeof(text) / 2)
		return option_refuse("--%s: longer than %zu characters", option->name,
				     sizeof(text) / 2 - sizeof("src "));
	if (strspn(value, "0123456789abcdefABCDEF:./,") != strlen(value) ||
	    filter_parse(text, &filter, &error) < 0)
		return option_refuse("--%s: \"%s\" is not a list of networks with commas, such as "
				     "10.0.0.0/8,fc00::/7",
				     option->name, value);
	filter_free(filter);
	*(const char **)option_target(option, options) = value;
	return 0;
}

static int add_geo(const struct option_spec *option, const char *path, size_t n,
		   struct geo_config *geo)
{
	if (!n)
		return option_refuse("--%s: the name of a file is empty", option->name);
	if (n >= sizeof(geo->files[0]))
		return option_refuse("--%s: the name of a file is longer than %zu bytes",
				     option->name, sizeof(geo->files[0]) - 1);
	if (geo->n_files == GEO_FILES_MAX)
		return option_refuse("--%s: more than %d files", option->name, GEO_FILES_MAX);
	memcpy(geo->files[geo->n_files], path, n);
	geo->files[geo->n_files++][n] = '\0';
	return 0;
}

int option_read_geo(const struct option_spec *option, char *value, struct options *options)
{
	if (strcmp(value, "none") == 0) {
		options->geo.off = true;
		return 0;
	}
	for (const char *path = value;; path++) {
		size_t n = strcspn(path, ",");
		int r = add_geo(option, path, n, &options->geo);

		path += n;
		if (r < 0 || !*path)
			return r;
	}
}

int option_read_exit_over(const struct option_spec *option, char *value, struct options *options)
{
	enum parse_unit unit;
	uint64_t rate;

	if (parse_rate(value, &rate, &unit) < 0 || rate == 0)
		return option_refuse(
			"--%s: \"%s\" is not a rate above 0, such as 10Mbps, 1MB/s, 500kpps",
			option->name, value);
	options->exit_over = rate;
	options->exit_over_packets = unit == PARSE_PPS;
	return 0;
}

int option_read_theme(const struct option_spec *option, char *value, struct options *options)
{
	struct option_choice themes[2 * UI_THEME_MAX + 1] = {0};
	size_t n = 0;
	int theme;

	if (strcmp(value, "help") == 0)
		return options_print_themes();
	for (int i = 0; i < UI_THEME_MAX; i++) {
		themes[n++] = (struct option_choice){ui_theme_table[i].name, i, false};
		if (ui_theme_table[i].alias)
			themes[n++] = (struct option_choice){ui_theme_table[i].alias, i, true};
	}
	theme = choice_read(option, value, themes);
	if (theme < 0)
		return theme;
	options->ui.theme = (enum ui_theme_id)theme;
	return 0;
}

/* "132x43": columns, then lines. */
int option_read_size(const struct option_spec *option, char *value, struct options *options)
{
	char text[16], *lines;
	uint64_t columns, n_lines;

	snprintf(text, sizeof(text), "%s", value);
	lines = strchr(text, 'x');
	if (lines)
		*lines++ = '\0';
	if (!lines || strlen(value) >= sizeof(text) ||
	    parse_u64(text, SCREEN_MIN_COLUMNS, SCREEN_MAX, &columns) < 0 ||
	    parse_u64(lines, SCREEN_MIN_LINES, SCREEN_MAX, &n_lines) < 0)
		return option_refuse("--%s: \"%s\" is not a size from %dx%d to %dx%d", option->name,
				     value, SCREEN_MIN_COLUMNS, SCREEN_MIN_LINES, SCREEN_MAX,
				     SCREEN_MAX);
	options->script_columns = (unsigned int)columns;
	options->script_lines = (unsigned int)n_lines;
	return 0;
}

int option_read_verbose(const struct option_spec *option ATTR_UNUSED, char *value ATTR_UNUSED,
			struct options *options ATTR_UNUSED)
{
	log_set_level(log_get_level() < LOG_INFO ? LOG_INFO : LOG_DEBUG);
	return 0;
}

int option_read_help(const struct option_spec *option ATTR_UNUSED, char *value ATTR_UNUSED,
		     struct options *options ATTR_UNUSED)
{
	return options_print_help();
}

int option_read_keys(const struct option_spec *option ATTR_UNUSED, char *value ATTR_UNUSED,
		     struct options *options ATTR_UNUSED)
{
	return options_print_keys();
}

int option_read_version(const struct option_spec *option ATTR_UNUSED, char *value ATTR_UNUSED,
			struct options *options ATTR_UNUSED)
{
	return options_print_version();
}

int option_read_list(const struct option_spec *option ATTR_UNUSED, char *value ATTR_UNUSED,
		     struct options *options ATTR_UNUSED)
{
	return options_print_list();
}
