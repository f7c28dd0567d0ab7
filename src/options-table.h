/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the program knows about an option: one record each, for the parser and for --help. */
#ifndef OPTIONS_TABLE_H
#define OPTIONS_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "macro.h"

struct capture_ops;
struct options;

enum option_group {
	GROUP_COUNT,
	GROUP_TIME,
	GROUP_ROWS,
	GROUP_REPORT,
	GROUP_LOG,
	GROUP_TABLE,
	GROUP_FILES,
	GROUP_OTHER,
	GROUP_MAX
};

/* An option of another name, or of another program, that is read but not shown in --help. */
#define GROUP_HIDDEN GROUP_MAX

enum {
	OPTION_REPORT = 1 << 0,  /* asks for a report instead of the table */
	OPTION_TABLE = 1 << 1,   /* asks for the table */
	OPTION_CHECK = 1 << 2,   /* has a meaning with the verb "check" too */
	OPTION_FILE = 1 << 3,    /* may stand in the configuration file */
	OPTION_OF_VIEW = 1 << 4, /* there for a view too, as NAME.VIEW */
	OPTION_LOG = 1 << 5,     /* of rows or reports, and has a meaning with the verb "log" too */
};

struct option_choice {
	const char *name;
	int value;
	bool hidden; /* another program's name of one that has another here */
};

struct option_spec {
	const char *name;     /* without dashes */
	char letter;          /* 0: none */
	const char *argument; /* its name in --help; NULL: takes none */
	const char *what;     /* what the value names, for a sentence about a wrong one */
	const char *help;
	enum option_group group;
	uint8_t flags;
	size_t offset; /* in struct options, for the readers that store a plain value */
	const struct option_choice *choices; /* ended by a record without name */
	uint64_t min, max;                   /* durations in ns */
	const struct capture_ops *backend;   /* that the option belongs to; NULL: to all */
	/* 0; 1: something was printed instead; -errno after a sentence in the log. */
	int (*read)(const struct option_spec *option, char *value, struct options *options);
};

struct verb_spec {
	const char *name;
	const char *help;
};

extern const struct option_spec option_table[];
extern const size_t option_table_n;
extern const struct verb_spec verb_table[]; /* by enum verb; the first has no name */

/* Writes a sentence to the log, and returns -EINVAL. */
int option_refuse(const char *format, ...) ATTR_PRINTF(1, 2);

/* Readers, in options-read.c. */
#define READER(name)                                                                               \
	int option_read_##name(const struct option_spec *option, char *value,                      \
			       struct options *options)
READER(flag);
READER(file);
READER(count);
READER(top);
READER(timeout);
READER(interval);
READER(ifaces);
READER(max_flows);
READER(layer);
READER(choice);
READER(backend);
READER(own_backend);
READER(cgroup);
READER(kind);
READER(sort);
READER(columns);
READER(view);
READER(by);
READER(prefix);
READER(filter);
READER(geo);
READER(networks);
READER(bytes);
READER(duration);
READER(url);
READER(exit_over);
READER(theme);
READER(size);
READER(verbose);
READER(help);
READER(keys);
READER(version);
READER(list);
#undef READER

/* These write to stdout and return 1, or -errno after a message when that failed. */
int options_print_help(void);
int options_print_keys(void);
int options_print_version(void);
int options_print_list(void);
int options_print_columns(void);
int options_print_views(void);
int options_print_groups(void); /* the views that group */
int options_print_themes(void);
int options_print_backends(void);
int options_print_kinds(void);  /* of events */
int options_print_filter(void); /* fields and signs of --filter */

#endif
