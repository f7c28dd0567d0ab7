/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Event streams, "pktop log": records of what happened, a line each, as text or as JSON.
 *
 * A kind of event is one record of event_kinds. JSON is newline-delimited: first a record of type
 * "meta" that says what run this is, then one record a line, each with "type", "time" and
 * "time_ns". Whatever kind is asked for, records of type "ledger" tell of packets that no flow
 * stands for, and records of type "loss" of events that are missing in the stream.
 */
#ifndef EVENT_H
#define EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "event-sink.h"

struct capture_info;
struct event_stream;
struct flow_table;
struct ledger;
struct loop;
struct owner_table;
struct sample_conn;
struct sample_segment;

enum event_kind_id { EVENT_FLOWS, EVENT_CONNS, EVENT_DNS, EVENT_TLS, EVENT_HTTP, EVENT_KIND_MAX };

/* Functions are NULL where a kind has none; they return 0 or -errno. */
struct event_kind {
	const char *name;
	const char *help;
	uint32_t payload; /* bits of enum sample_payload that it reads */
	/* On failure may write a sentence to error. */
	int (*begin)(struct event_stream *stream, char *error, size_t error_size);
	void (*end)(struct event_stream *stream); /* frees what begin() made, if it did */
	/* Puts the events of the interval that was closed. */
	int (*tick)(struct event_stream *stream);
	int (*segment)(struct event_stream *stream, const struct sample_segment *segment);
	int (*conn)(struct event_stream *stream, const struct sample_conn *conn);
	/* The stream ends: puts what is still open. */
	int (*finish)(struct event_stream *stream);
};

extern const struct event_kind event_kinds[EVENT_KIND_MAX];

/* Networks that traffic does not leave unless --internal-networks says others. */
#define EVENT_INTERNAL                                                                             \
	"10.0.0.0/8,172.16.0.0/12,192.168.0.0/16,100.64.0.0/10,127.0.0.0/8,169.254.0.0/16,"        \
	"224.0.0.0/4,255.255.255.255,0.0.0.0,::,::1,fc00::/7,fe80::/10,ff00::/8"

struct event_config {
	bool kinds[EVENT_KIND_MAX];
	bool json;
	bool unique;          /* the first event of each connection alone */
	bool external;        /* only what leaves the internal networks */
	const char *internal; /* a list with commas; NULL: EVENT_INTERNAL */
	uint64_t max_events;  /* 0: no limit */
	bool headers;         /* http: in the records */
	bool no_mask;         /* also those that are secrets */
	uint64_t body;        /* octets of each body */
	const char *filter;   /* NULL: all */
	struct event_sink_config sinks;
};

/* What events are read from; all of it outlives the stream. */
struct event_input {
	const struct capture_info *info;
	const struct flow_table *table;
	const struct ledger *ledger;
	struct owner_table *owners;
	struct loop *loop;
};

/* Kind of a name, -ENOENT. */
int event_kind_find(const char *name);
/* Bits of enum sample_payload that the chosen kinds read. */
uint32_t event_payload(const struct event_config *config);
/* Opens the sinks and writes the first record. On failure may write a sentence to error. */
int event_stream_new(const struct event_config *config, const struct event_input *input,
		     struct event_stream **ret_stream, char *error, size_t error_size);
/* The interval was closed. 1: as many events as were asked for; -errno of the output. */
int event_stream_tick(struct event_stream *stream);
/* The same, when this came. */
int event_stream_segment(struct event_stream *stream, const struct sample_segment *segment);
int event_stream_conn(struct event_stream *stream, const struct sample_conn *conn);
/* A file that records go to is opened anew, for those who move it away. */
void event_stream_reopen(struct event_stream *stream);
/* Writes the last records, and waits a moment for them to be taken. */
int event_stream_finish(struct event_stream *stream);
void event_stream_free(struct event_stream *stream); /* NULL is allowed */

#endif
