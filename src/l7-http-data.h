/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the reader of HTTP share. */
#ifndef L7_HTTP_DATA_H
#define L7_HTTP_DATA_H

#include <htp/htp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "l7-http.h"
#include "stream.h"

#define L7_HTTP_TEXT_MAX (256 * 1024) /* all texts of a transaction, escaped */

/* Of one message of a transaction, beside what libhtp keeps. */
struct l7_http_part {
	bool seen, ended, lost;
	uint64_t start_ns, end_ns;
	uint64_t body_size;
	size_t n_body;
	uint8_t *body;
};

/* Of one transaction; the bodies follow it. */
struct l7_http_exchange {
	struct l7_http_part parts[STREAM_SIDE_MAX];
	int status; /* of the response, as it was sent */
};

struct l7_http {
	struct l7_http_config config;
	struct l7_http_counts counts;
	struct stream_table *streams;
	htp_cfg_t *cfg;
	size_t n_held; /* octets that the connections keep */
	/* The transaction that is told. */
	char *text;
	size_t n_text;
	bool text_cut;
	struct l7_http_header headers[STREAM_SIDE_MAX][L7_HTTP_HEADERS_MAX];
};

struct l7_http_connection {
	struct l7_http *http;
	const struct stream *stream;
	htp_connp_t *parser;
	uint64_t now_ns;
	size_t n_held;
	uint32_t n_pending; /* transactions that were not told */
	uint32_t n_parsed;  /* by this parser */
	size_t n_body;      /* octets of what is fed that were found to be of bodies */
	bool in_body[STREAM_SIDE_MAX];
	bool synced[STREAM_SIDE_MAX]; /* the next octets begin or continue a message */
	bool swapped;                 /* the guess of the client was wrong */
	bool is_http;                 /* the first line of a message was right */
	bool ended;                   /* a side sends no more */
	bool connecting;              /* the answer to a CONNECT is not there */
	bool early;                   /* nor did the client wait for it */
	bool tunnel;                  /* what follows is another protocol */
	size_t n_skipped;             /* octets before the first message */
};

/* ---- l7-http.c: what a connection keeps ---- */

void l7_http_hold(struct l7_http_connection *connection, size_t n);
/* A transaction is over. */
void l7_http_release(struct l7_http_connection *connection);

/* ---- l7-http-parse.c: what libhtp finds ---- */

int l7_http_parse_init(struct l7_http *http);
int l7_http_parse_begin(struct l7_http_connection *connection);
/* Tells what is open, and frees the parser. */
void l7_http_parse_end(struct l7_http_connection *connection);

/* ---- l7-http-tell.c ---- */

void l7_http_tell(struct l7_http_connection *connection, const htp_tx_t *tx,
		  const struct l7_http_exchange *exchange);

#endif
