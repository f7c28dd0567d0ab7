/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of a run share. */
#ifndef MONITOR_DATA_H
#define MONITOR_DATA_H

#include <stdbool.h>
#include <stdint.h>

#include "report.h"
#include "sample.h"

struct capture;
struct capture_record;
struct event_stream;
struct flow_table;
struct ledger;
struct loop;
struct loop_source;
struct nl;
struct options;
struct owner_table;
struct report_file;
struct resolve;
struct ui;

struct monitor {
	const struct options *options;
	struct loop *loop;
	struct loop_source *ticker;
	struct capture *capture;
	struct capture_record *record;
	struct flow_table *table;
	struct ledger *ledger;
	struct owner_table *owners;
	struct ui *ui;
	struct event_stream *stream; /* of the verb log */
	struct report_file *file;
	struct nl *diag;         /* for questions about sockets; NULL: none was asked */
	struct resolve *resolve; /* NULL: no names of hosts are asked for */
	struct name_seen *seen;  /* NULL: DNS is not watched for names */
	struct report_config report;
	struct sample_sink sink;
	uint64_t n_reports; /* written so far */
	bool waits_for_names;
	bool replay;
	bool periodic;
	bool over; /* --exit-over */
	int error; /* the first */
};

/* Remembers the first error, with which the run ends. Returns r. */
int monitor_fail(struct monitor *monitor, int r);

/* monitor-sample.c */

/* Where the back end reports to; set up at the start. */
void monitor_init_sink(struct monitor *monitor);

/* monitor-report.c */

struct report_input monitor_report_input(const struct monitor *monitor);
/* Writes one report. */
int monitor_report(struct monitor *monitor);
/* True when as many reports were written as -n asks for. */
bool monitor_is_last(const struct monitor *monitor);
/* True when the rates of the interval exceed --exit-over. */
bool monitor_is_over(const struct monitor *monitor);

/* monitor-stream.c */

int monitor_open_stream(struct monitor *monitor);
void monitor_stream_tick(struct monitor *monitor);
void monitor_stream_segment(struct monitor *monitor, const struct sample_segment *segment);
int monitor_finish_stream(struct monitor *monitor);

/* Bits of enum sample_payload that the options want. */
uint32_t monitor_payload(const struct options *options);

/* monitor-names.c: of hosts */

/* From now on they are asked for. data: the monitor. */
int monitor_use_names(void *data);
/* Where the options want it, or read DNS anyway: names by the answers that go past. */
int monitor_watch_names(struct monitor *monitor);
/* As the options say. What machines read has addresses and ports, and the names beside them. */
void monitor_show_names(const struct options *options, bool people);
/* Until the names that a report shows are known, or have taken too long. */
void monitor_wait_for_names(struct monitor *monitor);

#endif
