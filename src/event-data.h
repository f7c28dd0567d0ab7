/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of an event stream share. */
#ifndef EVENT_DATA_H
#define EVENT_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "event.h"
#include "ledger.h"

struct event_seen;
struct event_sink;
struct row;
struct snapshot;

struct event_stream {
	struct event_config config;
	const struct capture_info *info;
	const struct flow_table *table;
	const struct ledger *ledger;
	struct event_sink *sink;
	struct event_seen *seen; /* --unique */
	struct filter *filter;
	struct snapshot *snapshot;
	FILE *record; /* the one that is being made, in text */
	char *text;
	size_t size;
	uint64_t n_events;
	uint64_t lost_told; /* of the sink's dropped records */
	uint64_t forgotten_told;
	struct tally *unnamed_told; /* by slot and direction */
	bool ended;
};

/* Hands the record to the sink. */
int event_record_end(struct event_stream *stream);
/* True when no more events are wanted. Ends a record that is an event, and counts it. */
int event_end(struct event_stream *stream);

int event_flow_tick(struct event_stream *stream);

/* Text and JSON of each record, without the end of the line. */
void event_text_flow(FILE *stream, uint64_t real_ns, const struct row *row);
void event_text_ledger(FILE *stream, uint64_t real_ns, const struct ledger_line *line);
void event_text_loss(FILE *stream, uint64_t real_ns, const char *what, uint64_t n);

int event_json_meta(FILE *stream, const struct event_stream *of);
int event_json_flow(FILE *stream, uint64_t real_ns, const struct row *row);
int event_json_ledger(FILE *stream, uint64_t real_ns, const struct ledger_line *line);
int event_json_loss(FILE *stream, uint64_t real_ns, const char *what, uint64_t n);

#endif
