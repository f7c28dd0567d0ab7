/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One-shot and periodic reports from the tables: text, JSON, CSV and a line of totals.
 *
 * Rates. A report of a whole run (not periodic) shows mean rates: what was counted, divided by the
 * time from the start of counting to the end of the last interval. Its last interval may have been
 * idle or a fraction of a second long, which would say nothing about the run. A periodic report
 * shows the rates of the last interval. Averages over 10 s and 60 s and peaks are the same in both.
 * Text says which in its head, JSON in "rates": "run" or "interval". Counts are those of the whole
 * run in both.
 *
 * JSON is the document "pktop/1". Unknown or inapplicable values are null. A report of a run is one
 * document with a flow per line; a periodic one is a document on one line. A row of folded packets
 * has "folded": true and null for what was left open.
 *
 * CSV: a line of column names, then a line per row, ended by LF, cells quoted as RFC 4180 says; no
 * value is an empty cell. A text that a spreadsheet would take for a formula gets a ' in front.
 * Periodic CSV has one more column in front: time, the end of the interval.
 *
 * With a filter, rows and the line of totals are those of the flows that pass. Text has a line on
 * how much that is; JSON has the members "filter" and "passed".
 *
 * REPORT_TOTAL is one line, for scripts:
 *   total: in N packets N bytes RATEpps RATEbps, out N packets N bytes RATEpps RATEbps, both ...
 * N are plain integers; rates have up to four digits and one of k M G T, as in "1.23kpps".
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "column.h"
#include "view.h"

struct capture_info;
struct filter;
struct flow_table;
struct ledger;
struct snapshot;

enum report_kind { REPORT_TEXT, REPORT_JSON, REPORT_CSV, REPORT_TOTAL, REPORT_KIND_MAX };

struct report_config {
	enum report_kind kind;
	enum view_id view;
	const enum column_id *columns; /* NULL: those of the view; JSON and CSV: all that apply */
	size_t n_columns;
	enum column_id sort;
	bool sort_given;
	bool reverse;
	enum unit unit;
	/* NULL: sorted anew; else rows as they are shown, which view, sort, unit and filter have
	 * made of the same tables. Not freed. */
	struct snapshot *shown;
	size_t top;            /* rows at most, 0: all */
	struct filter *filter; /* NULL: all flows; the books are always those of all traffic */
	bool periodic;         /* one of several: rates of the interval, JSON in one line */
	bool names;            /* JSON and CSV also have names of hosts */
	bool continued;        /* not the first of several: CSV has no line of names again */
};

struct report_input {
	const struct capture_info *info;
	const struct flow_table *table;
	const struct ledger *ledger;
};

/* Name to kind, -ENOENT. */
int report_kind_find(const char *name);
/*
 * Writes one report and flushes the stream. 0, or the error of the stream (a full disk) or of
 * memory; -ENOTSUP for JSON in a build without it.
 */
int report_write(FILE *stream, const struct report_config *config,
		 const struct report_input *input);
/* Names of hosts are asked for so many rows of a report, from the first one. */
#define REPORT_NAMED_ROWS 1000
/* Asks for the names that such a report would show and that are not known. */
int report_want_names(const struct report_config *config, const struct report_input *input);

/*
 * A file that appears under its name only when it is whole: written under a temporary name in the
 * same directory, flushed to disk, renamed. Opened at start, so that an impossible path is known
 * before counting. A symbolic link is followed.
 */
struct report_file;
/* What may be there already. */
enum report_file_over {
	REPORT_FILE_ANY,     /* no regular file (a device, a FIFO) is written to directly */
	REPORT_FILE_REGULAR, /* -ENXIO for others; never blocks on them */
	REPORT_FILE_NEW,     /* nothing: -EEXIST for a regular file, -ENXIO for others */
};
/* -EISDIR for a directory. */
int report_file_open(const char *path, enum report_file_over over, struct report_file **ret_file);
FILE *report_file_stream(struct report_file *file);
/* Renames. On error removes the temporary file and returns what went wrong. Frees file in any case.
 */
int report_file_commit(struct report_file *file);
void report_file_discard(struct report_file *file); /* NULL is allowed */

#endif
