/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Requests and responses of HTTP/1.x, out of the streams of TCP (libhtp).
 *
 * Streams that do not begin as HTTP does are let go. One that was joined in the middle is read from
 * the first message on that begins with a segment; so is one in which octets of a head were lost.
 * Memory is bounded, per connection and in all; what was given up is counted.
 */
#ifndef L7_HTTP_H
#define L7_HTTP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample.h"
#include "stream.h"

struct l7_http;

/* Each is escaped. */
struct l7_http_header {
	const char *name;
	const char *value;
};

/* A request or a response. Texts are escaped, and "" where there is none. */
struct l7_http_message {
	bool seen;           /* its first line was */
	bool complete;       /* and its end, with nothing lost */
	const char *version; /* "1.1" */
	uint64_t start_ns;   /* when its first line was seen, CLOCK_MONOTONIC */
	uint64_t end_ns;     /* when the last octet was */
	const struct l7_http_header *headers;
	size_t n_headers;
	uint64_t body_size;  /* octets, without the framing of chunks */
	const uint8_t *body; /* as sent, the first of them up to a loss */
	size_t n_body;
};

struct l7_http_transaction {
	struct flow_key key; /* of what the client sends, where the connection was first seen */
	const char *method;
	const char *target; /* as in the request line: mostly a path with a query */
	const char *host;   /* as in the header; else as in the target */
	unsigned int status;
	const char *reason;
	bool cut; /* texts or headers did not fit */
	struct l7_http_message request;
	struct l7_http_message response;
};

/* Headers of a message that are kept. */
#define L7_HTTP_HEADERS_MAX 100

struct l7_http_config {
	size_t body_max;                     /* octets of each body to keep */
	const struct stream_config *streams; /* limits other than the usual; NULL: the usual */
	/*
	 * A transaction is over, or nothing more will come of it. What it points to is valid during
	 * the call alone.
	 */
	void (*transaction)(void *data, const struct l7_http_transaction *transaction);
	void *data;
};

struct l7_http_counts {
	uint64_t transactions;
	uint64_t incomplete; /* of them */
	uint64_t lost_track; /* times that the place in a stream was lost */
	uint64_t given_up;   /* connections that wanted too much memory */
	struct stream_counts streams;
};

/* -ENOTSUP: built without libhtp. */
int l7_http_new(const struct l7_http_config *config, struct l7_http **ret_http);
/* Tells what is open. NULL is allowed. */
void l7_http_free(struct l7_http *http);
void l7_http_segment(struct l7_http *http, const struct sample_segment *segment);
void l7_http_tick(struct l7_http *http, uint64_t now_ns);
void l7_http_get_counts(const struct l7_http *http, struct l7_http_counts *ret_counts);

#endif
