/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the table of streams share. */
#ifndef STREAM_DATA_H
#define STREAM_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stream.h"

#define STREAM_NONE UINT32_MAX /* no position */
#define STREAM_BLOCK_SIZE 2024 /* octets that a block holds */

/* ---- stream-half.c: what one side sends, in order ---- */

/* A segment that waits for an earlier one, or a part of it. */
struct stream_block {
	uint64_t time_ns;
	uint32_t next; /* of the same side, by sequence number; or of those that are free */
	uint32_t seq;
	uint32_t size;
	uint32_t wire; /* octets that the packet had from here on */
	uint8_t data[STREAM_BLOCK_SIZE];
};
_Static_assert(sizeof(struct stream_block) == 2048, "struct stream_block has padding");

struct stream_pool {
	struct stream_block *blocks;
	uint32_t n_max, n_used;
	uint32_t n_touched; /* the others were never used */
	uint32_t free;
};

/* Sequence numbers wrap (RFC 9293, 3.4): they are compared by their distance from next. */
struct stream_half {
	uint64_t seen_ns;     /* when its hook last brought something; 0: there was none yet */
	uint32_t start;       /* the first of all */
	uint32_t next;        /* the next to tell */
	uint32_t known;       /* octets from there on that packets had, but were not passed */
	uint32_t fin;         /* where the side ends */
	uint32_t first, last; /* blocks that are held */
	uint16_t iface;       /* the hook that carries it */
	uint8_t direction;
	bool begun; /* the numbers are set */
	bool has_fin;
	bool ended; /* and that was told */
};

enum stream_list {
	STREAM_LIST_FREE,
	STREAM_LIST_SILENT, /* nobody is told of them: no data yet, closed, or not wanted */
	STREAM_LIST_OPEN,
	STREAM_LIST_MAX
};

struct stream_connection {
	struct stream stream;
	struct stream_half halves[STREAM_SIDE_MAX];
	uint64_t seen_ns;
	uint32_t chain;        /* next with this hash */
	uint32_t newer, older; /* in its list */
	uint32_t n_held;
	uint8_t list; /* enum stream_list */
	bool done;    /* silent for good: next is then behind all that was sent */
	bool reset;   /* known of one that is done */
};

struct stream_table {
	struct stream_config config;
	struct stream_receiver receiver;
	struct stream_counts counts;
	struct stream_pool pool;
	struct stream_connection *connections;
	uint32_t n_touched;
	struct {
		uint32_t newest, oldest;
	} lists[STREAM_LIST_MAX];
	uint32_t *heads; /* chains by hash */
	uint32_t n_heads;
	uint64_t seed[2];
};

int stream_pool_init(struct stream_pool *pool, uint32_t n_max);
void stream_pool_done(struct stream_pool *pool);

/* Takes a segment of a half that was begun; seq is that of its data. */
void stream_half_segment(struct stream_table *table, struct stream_connection *connection,
			 enum stream_side side, const struct sample_segment *segment, uint32_t seq);
/* True where something is missing; since when. */
bool stream_half_waits(const struct stream_table *table, const struct stream_half *half,
		       uint64_t *ret_since_ns);
/* Tells that what is missing first is lost, and then what was held for it. */
void stream_half_give_up(struct stream_table *table, struct stream_connection *connection,
			 enum stream_side side, uint64_t time_ns);
/* Forgets what is held. */
void stream_half_drop(struct stream_table *table, struct stream_connection *connection,
		      enum stream_side side);
/* True where seq comes after what was told. */
bool stream_half_is_ahead(const struct stream_half *half, uint32_t seq);
/* True where seq can be one of the side's: it is near what comes next. */
bool stream_half_is_near(const struct stream_half *half, uint32_t seq);

/* ---- stream-list.c: connections, found by their ends, and in the order of time ---- */

int stream_list_init(struct stream_table *table);
void stream_list_done(struct stream_table *table);
/* NULL, or the connection and which of its sides sends what has this key. */
struct stream_connection *stream_list_find(struct stream_table *table, const struct flow_key *key,
					   enum stream_side *ret_side);
/* A new one, silent, that is found by its key; NULL: there is no room. */
struct stream_connection *stream_list_add(struct stream_table *table, const struct flow_key *key);
void stream_list_remove(struct stream_table *table, struct stream_connection *connection);
/* To the newest end of a list, out of the one that it is in. */
void stream_list_move(struct stream_table *table, struct stream_connection *connection,
		      enum stream_list list);
struct stream_connection *stream_list_oldest(struct stream_table *table, enum stream_list list);
struct stream_connection *stream_list_newer(struct stream_table *table,
					    const struct stream_connection *connection);

/* ---- stream.c: telling ---- */

void stream_tell_bytes(struct stream_table *table, struct stream_connection *connection,
		       enum stream_side side, uint64_t time_ns, const uint8_t *bytes, size_t n);
void stream_tell_gap(struct stream_table *table, struct stream_connection *connection,
		     enum stream_side side, uint64_t time_ns, uint32_t n);
void stream_tell_end(struct stream_table *table, struct stream_connection *connection,
		     enum stream_side side, uint64_t time_ns);

#endif
