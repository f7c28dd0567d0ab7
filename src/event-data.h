/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of an event stream share. */
#ifndef EVENT_DATA_H
#define EVENT_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "column.h"
#include "event.h"
#include "flow-table.h"
#include "ledger.h"

struct event_seen;
struct event_sinks;
struct json_t;
struct snapshot;

/* Of one sort, what could not be told: in all, and what a record has said so far. */
struct event_loss {
	const char *what;
	uint64_t total, told;
};

struct event_stream {
	struct event_config config;
	struct event_input input;
	struct event_sinks *sinks;
	struct event_seen *seen; /* --unique */
	struct filter *filter;
	struct snapshot *snapshot;
	FILE *record; /* the one that is being made */
	char *text;
	size_t size;
	struct json_t *object; /* of it, in JSON; or the item of its list */
	struct json_t *outer, *list;
	char *json; /* the object's text */
	size_t json_size;
	uint64_t n_events;
	struct event_loss losses[48];
	struct tally *unnamed_told;  /* by slot and direction */
	void *kinds[EVENT_KIND_MAX]; /* what each kind keeps, its own */
	bool ended;                  /* no more events are wanted */
};

/* CLOCK_REALTIME of a time of CLOCK_MONOTONIC. */
uint64_t event_real_ns(const struct event_stream *stream, uint64_t mono_ns);

/*
 * A record: in JSON an object that has "type", "time" and "time_ns"; in text a line of the time,
 * the type in capitals, and NAME=VALUE. A member that has no value is null in JSON and not in the
 * text. Texts are escaped already. Errors are kept until the end of the record.
 */
void event_record_begin(struct event_stream *stream, const char *type, uint64_t real_ns);
/* In the text alone, as printf(). */
void event_put_words(struct event_stream *stream, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void event_put_text(struct event_stream *stream, const char *name, const char *text);
void event_put_number(struct event_stream *stream, const char *name, uint64_t value);
void event_put_seconds(struct event_stream *stream, const char *name, uint64_t ns);
void event_put_milliseconds(struct event_stream *stream, const char *name, uint64_t ns);
void event_put_bool(struct event_stream *stream, const char *name, bool value);
void event_put_null(struct event_stream *stream, const char *name);
void event_put_list(struct event_stream *stream, const char *name, const char *const *texts,
		    size_t n_texts);
/* In JSON alone: a list of objects, and what is put between begin and end of an item is in it. */
void event_list_begin(struct event_stream *stream, const char *name);
void event_item_begin(struct event_stream *stream);
void event_item_end(struct event_stream *stream);
void event_list_end(struct event_stream *stream);
/* In JSON alone. */
void event_put_columns(struct event_stream *stream, const enum column_id *ids, size_t n_ids,
		       const struct row *row);
void event_put_ledger(struct event_stream *stream, const struct ledger_line *line);
/* Both ends. */
void event_put_ends(struct event_stream *stream, const struct row *row);
/* In the text the label and the pod alone. */
void event_put_owner(struct event_stream *stream, const char *name, const struct row *row);
/* Hands the record to the sinks. 0 or -errno. */
int event_record_end(struct event_stream *stream);
/* The same of the one that every output begins with. */
int event_head_end(struct event_stream *stream);
/* The same of a record that is an event: they are counted. */
int event_end(struct event_stream *stream);

/* What an event is about: a flow that may be in no table, and the row that shows it. */
struct event_row {
	struct flow flow;
	struct row row;
};

/* False where the filter does not pass it. Valid until the table changes. */
bool event_row_fill(struct event_stream *stream, const struct flow_key *key,
		    struct event_row *ret_row);
/*
 * The same of an event that comes from no interface, with its owner. 0: who would be the owner of
 * such a flow, estimated.
 */
bool event_row_fill_owner(struct event_stream *stream, const struct flow_key *key, uint32_t owner,
			  struct event_row *ret_row);

/* event-books.c */

/* So many are missing in all: a record tells when there are more. what is an identifier that stays.
 */
void event_set_loss(struct event_stream *stream, const char *what, uint64_t total);
int event_tell_losses(struct event_stream *stream);
/* The books of each hook: where that has changed, or (at the end) all. */
int event_tell_ledger(struct event_stream *stream, bool all);

/* event-flow.c */

int event_flow_begin(struct event_stream *stream, char *error, size_t error_size);
int event_flow_tick(struct event_stream *stream);

/* event-conn.c */

int event_conn_begin(struct event_stream *stream, char *error, size_t error_size);
void event_conn_end(struct event_stream *stream);
int event_conn(struct event_stream *stream, const struct sample_conn *conn);
int event_conn_tick(struct event_stream *stream);

/* event-dns.c */

int event_dns_begin(struct event_stream *stream, char *error, size_t error_size);
void event_dns_end(struct event_stream *stream);
int event_dns_segment(struct event_stream *stream, const struct sample_segment *segment);
int event_dns_tick(struct event_stream *stream);
int event_dns_finish(struct event_stream *stream);

/* event-http.c */

int event_http_begin(struct event_stream *stream, char *error, size_t error_size);
void event_http_end(struct event_stream *stream);
int event_http_segment(struct event_stream *stream, const struct sample_segment *segment);
int event_http_tick(struct event_stream *stream);
int event_http_finish(struct event_stream *stream);

/* event-tls.c */

int event_tls_begin(struct event_stream *stream, char *error, size_t error_size);
void event_tls_end(struct event_stream *stream);
int event_tls_segment(struct event_stream *stream, const struct sample_segment *segment);
int event_tls_tick(struct event_stream *stream);
int event_tls_finish(struct event_stream *stream);

#endif
