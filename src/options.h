/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line: one table of options, read into one structure. */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture.h"
#include "event.h"
#include "report.h"
#include "ui-keys.h"
#include "ui.h"

enum verb { VERB_TOP, VERB_LOG, VERB_CHECK, VERB_MAX };

struct options {
	enum verb verb;
	const struct capture_ops *backend;
	struct capture_config capture; /* ifaces points into argv */
	uint64_t timeout_ns;           /* -t, 0: none */
	uint64_t interval_ns;          /* --interval, -r; default 1 s */
	uint64_t n_reports;            /* -n, 0: no limit */
	bool interval_given;
	bool view_given;    /* report.view was asked for; else it is the one for reports */
	bool batch;         /* --batch, or implied by an option that asks for a report */
	bool names;         /* --names: of hosts */
	bool watch_dns;     /* --watch-dns: of hosts, without asking */
	bool port_names;    /* --port-names */
	bool table;         /* --tui: the table or nothing */
	const char *output; /* -o, NULL: stdout */
	const char *record; /* --record */
	const char *filter; /* --filter, correct; NULL: none */
	const char *script; /* --script: scripted screen for tests */
	unsigned int script_columns, script_lines; /* --size 80x24 */
	uint64_t exit_over;                        /* --exit-over, 0: none */
	bool exit_over_packets;
	struct event_config event; /* of the verb log; filter, output, waits are not set here */
	struct report_config report; /* columns is owned by this structure */
	const char *config;          /* --config, NULL: the usual one */
	bool no_config;              /* --no-config */
	struct ui_config ui;         /* real_offset_ns is not set here */
	struct ui_bindings bindings; /* those of ui */
	char path[PATH_MAX];         /* of the usual configuration file */
	char warning[256];           /* that of ui: the first one about the file */
	enum column_id columns[COLUMN_MAX];
	const char *ifaces[64];
};

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_OVER = 3 };

/*
 * 0: run with *ret_options, which must stay where it is: it holds pointers into itself. 1: --help,
 * --version or a list was printed, end with 0. -EINVAL: one sentence in the log named what was
 * wrong and what is allowed, end with EXIT_USAGE. Any other error: stdout could not be written, the
 * log says so, end with EXIT_FAILED. --verbose raises the level of the log.
 */
int options_parse(int argc, char **argv, struct options *ret_options);

/*
 * For the tests of manual and completion: name, letter or "-", argument or "-", and "shown" or
 * "hidden" (in --help), separated by tabs, a line per option. Also "pktop --options".
 */
void options_list(void);

#endif
