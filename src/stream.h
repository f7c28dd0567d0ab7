/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TCP streams: what each side of a connection sent, in order and once, out of segments as they are
 * captured.
 *
 * A connection is its addresses and ports, on whatever interface: of a packet that passes several
 * (a veth device and its bridge), each side is taken from the hook that carried it first, for as
 * long as that one brings something. Everything is in fixed memory: connections past the limit end
 * the one that was silent for longest, and segments that are held for an earlier one past theirs
 * make the gap before them a loss. What was given up is told and counted.
 */
#ifndef STREAM_H
#define STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample.h"

struct stream_table;

enum stream_side { STREAM_CLIENT, STREAM_SERVER, STREAM_SIDE_MAX };

/* Why there is nothing more to tell of a stream. */
enum stream_end {
	STREAM_FINISHED, /* both sides had sent all */
	STREAM_RESET,
	STREAM_REPLACED, /* its ends began another connection */
	STREAM_IDLE,
	STREAM_EVICTED,  /* made room */
	STREAM_UNWANTED, /* by the receiver */
	STREAM_STOPPED,  /* the table is freed */
	STREAM_END_MAX
};

/* A connection, as its receiver sees it. */
struct stream {
	struct flow_key key; /* of what the client sends, where the connection was first seen */
	uint64_t start_ns;   /* of the first segment, CLOCK_MONOTONIC */
	bool guessed; /* no SYN told which end is the client: it has the higher port or spoke first
		       */
	bool joined[STREAM_SIDE_MAX]; /* what a side sent at first may be missing */
	void *user;                   /* of the receiver */
};

/*
 * Callbacks of whoever reads streams. A stream is opened when its first data comes, and closed once
 * where open() said true. Those that return bool say whether more of the
 * stream is wanted. None may call the table.
 */
struct stream_receiver {
	void *data;
	bool (*open)(void *data, struct stream *stream);
	bool (*bytes)(void *data, struct stream *stream, enum stream_side side, uint64_t time_ns,
		      const uint8_t *bytes, size_t n);
	/* n octets that were sent are not known. */
	bool (*gap)(void *data, struct stream *stream, enum stream_side side, uint64_t time_ns,
		    uint32_t n);
	/* The side sends no more; NULL: not wanted. */
	bool (*end)(void *data, struct stream *stream, enum stream_side side, uint64_t time_ns);
	void (*close)(void *data, struct stream *stream, enum stream_end end, uint64_t time_ns);
};

struct stream_config {
	uint32_t max_connections;
	uint32_t max_held;            /* segments out of order, of all connections together */
	uint32_t max_held_connection; /* of one */
	uint64_t idle_ns;
};

#define STREAM_CONNECTIONS_MAX 16384
#define STREAM_HELD_MAX 8192 /* 16 MiB */
#define STREAM_HELD_CONNECTION_MAX 512
#define STREAM_IDLE_NS (300 * 1000000000ULL)

/* What is missing is waited for at least so long, since it may come later or be sent again. */
#define STREAM_WAIT_NS 1000000000ULL

struct stream_counts {
	uint64_t opened;
	uint64_t joined; /* of them, where the first octets may be missing */
	uint64_t gaps;
	uint64_t gap_octets;
	uint64_t repeated;  /* segments with nothing new */
	uint64_t elsewhere; /* segments that another hook has as well */
	uint64_t no_room;   /* gaps that were no longer waited for, since the memory was full */
	uint64_t evicted;   /* streams that were open and made room */
	uint32_t n_open;
	uint32_t n_held; /* segments */
};

/* The receiver is copied. */
int stream_table_new(const struct stream_config *config, const struct stream_receiver *receiver,
		     struct stream_table **ret_table);
void stream_table_free(struct stream_table *table); /* NULL is allowed */
/* Segments of other protocols are ignored. */
void stream_table_segment(struct stream_table *table, const struct sample_segment *segment);
/* Time has passed: what is missing for too long is given up, and idle streams are closed. */
void stream_table_tick(struct stream_table *table, uint64_t now_ns);
void stream_table_get_counts(const struct stream_table *table, struct stream_counts *ret_counts);

#endif
