/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts the segments of one side of a connection in order, and tells each octet once. */
#include "config.h"

#include <errno.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

#include "macro.h"
#include "stream-data.h"

/*
 * A number so far behind the next one was sent before. One that is further away is ahead, for a
 * jump past half of all numbers is a loss. Windows could be 1 GiB (RFC 7323, 2.3), and are not.
 */
#define BEHIND_MAX (1u << 26)

/* Octets that follow each other, of wire that their packet had from there on. */
struct part {
	uint64_t time_ns;
	uint32_t seq;
	uint32_t size;
	uint32_t wire;
	const uint8_t *data;
};

int stream_pool_init(struct stream_pool *pool, uint32_t n_max)
{
	pool->blocks = malloc((size_t)n_max * sizeof(*pool->blocks));
	pool->n_max = n_max;
	pool->free = STREAM_NONE;
	return pool->blocks || !n_max ? 0 : -ENOMEM;
}

void stream_pool_done(struct stream_pool *pool)
{
	free(pool->blocks);
}

static uint32_t pool_take(struct stream_pool *pool)
{
	uint32_t position = pool->free;

	if (position != STREAM_NONE)
		pool->free = pool->blocks[position].next;
	else
		position = pool->n_touched++;
	pool->n_used++;
	return position;
}

static void pool_put(struct stream_pool *pool, uint32_t position)
{
	pool->blocks[position].next = pool->free;
	pool->free = position;
	pool->n_used--;
}

bool stream_half_is_ahead(const struct stream_half *half, uint32_t seq)
{
	uint32_t distance = seq - half->next;

	return distance && distance <= UINT32_MAX - BEHIND_MAX;
}

bool stream_half_is_near(const struct stream_half *half, uint32_t seq)
{
	return seq - half->next < BEHIND_MAX || half->next - seq < BEHIND_MAX;
}

static void drop_first(struct stream_table *table, struct stream_connection *connection,
		       struct stream_half *half)
{
	uint32_t position = half->first;

	half->first = table->pool.blocks[position].next;
	if (half->first == STREAM_NONE)
		half->last = STREAM_NONE;
	pool_put(&table->pool, position);
	connection->n_held--;
}

void stream_half_drop(struct stream_table *table, struct stream_connection *connection,
		      enum stream_side side)
{
	struct stream_half *half = &connection->halves[side];

	while (half->first != STREAM_NONE)
		drop_first(table, connection, half);
}

static void advance(struct stream_half *half, uint32_t n)
{
	half->next += n;
	half->known -= MIN(half->known, n);
}

/* Tells what is new of a part that is not ahead. */
static void pass(struct stream_table *table, struct stream_connection *connection,
		 enum stream_side side, const struct part *part)
{
	struct stream_half *half = &connection->halves[side];
	uint32_t old = half->next - part->seq;

	if (old < part->size) {
		advance(half, part->size - old);
		half->known = MAX(half->known, part->wire - part->size);
		stream_tell_bytes(table, connection, side, part->time_ns, part->data + old,
				  part->size - old);
	} else if (old < part->wire) {
		half->known = MAX(half->known, part->wire - old);
	} else if (part->wire) {
		table->counts.repeated++;
	}
}

static void skip(struct stream_table *table, struct stream_connection *connection,
		 enum stream_side side, uint64_t time_ns, uint32_t seq)
{
	struct stream_half *half = &connection->halves[side];
	uint32_t n = seq - half->next;

	table->counts.gaps++;
	table->counts.gap_octets += n;
	advance(half, n);
	stream_tell_gap(table, connection, side, time_ns, n);
}

/* The octets before seq were in packets that came before, and were not passed. */
static bool is_known_lost(const struct stream_half *half, uint32_t seq)
{
	return stream_half_is_ahead(half, seq) && seq - half->next <= half->known;
}

/* Tells what is held and whose turn it is. */
static void settle(struct stream_table *table, struct stream_connection *connection,
		   enum stream_side side, uint64_t time_ns)
{
	struct stream_half *half = &connection->halves[side];

	while (!connection->done && half->first != STREAM_NONE) {
		const struct stream_block *block = &table->pool.blocks[half->first];
		const struct part part = {block->time_ns, block->seq, block->size, block->wire,
					  block->data};

		if (is_known_lost(half, part.seq))
			skip(table, connection, side, time_ns, part.seq);
		if (connection->done || stream_half_is_ahead(half, part.seq))
			break;
		pass(table, connection, side, &part);
		drop_first(table, connection, half);
	}
	if (!connection->done && half->has_fin && !half->ended && !stream_half_is_ahead(half, half->fin)) {
		half->ended = true;
		stream_tell_end(table, connection, side, time_ns);
	}
}

bool stream_half_waits(const struct stream_table *table, const struct stream_half *half,
		       uint64_t *ret_since_ns)
{
	if (half->ended || (half->first == STREAM_NONE && !half->known && !half->has_fin))
		return false;
	*ret_since_ns = half->first == STREAM_NONE ? half->seen_ns
						   : table->pool.blocks[half->first].time_ns;
	return true;
}

void stream_half_give_up(struct stream_table *table, struct stream_connection *connection,
			 enum stream_side side, uint64_t time_ns)
{
	struct stream_half *half = &connection->halves[side];
	uint32_t seq = half->next + half->known;

	if (half->first != STREAM_NONE)
		seq = table->pool.blocks[half->first].seq;
	else if (!half->known)
		seq = half->fin;
	skip(table, connection, side, time_ns, seq);
	settle(table, connection, side, time_ns);
}

/* Where in the chain of held blocks a part belongs. */
static uint32_t *find_link(struct stream_pool *pool, struct stream_half *half, uint32_t seq)
{
	uint32_t *link = &half->first;

	if (half->last != STREAM_NONE &&
	    pool->blocks[half->last].seq - half->next <= seq - half->next)
		return &pool->blocks[half->last].next;
	while (*link != STREAM_NONE && pool->blocks[*link].seq - half->next <= seq - half->next)
		link = &pool->blocks[*link].next;
	return link;
}

/* Keeps a part, for which there is room. */
static void hold(struct stream_table *table, struct stream_connection *connection,
		 struct stream_half *half, const struct part *part)
{
	struct stream_pool *pool = &table->pool;
	uint32_t *link = find_link(pool, half, part->seq);
	uint32_t position = pool_take(pool);
	struct stream_block *block = &pool->blocks[position];

	block->time_ns = part->time_ns;
	block->seq = part->seq;
	block->size = part->size;
	block->wire = part->wire;
	memcpy(block->data, part->data, part->size);
	block->next = *link;
	*link = position;
	if (block->next == STREAM_NONE)
		half->last = position;
	connection->n_held++;
}

static bool has_room(const struct stream_table *table, const struct stream_connection *connection,
		     uint32_t size)
{
	uint32_t n = size / STREAM_BLOCK_SIZE + 1;

	return table->pool.n_used + n <= table->pool.n_max &&
	       connection->n_held + n <= table->config.max_held_connection;
}

/* Keeps octets that are ahead of what is known, in as many parts as it takes. */
static void hold_all(struct stream_table *table, struct stream_connection *connection,
		     struct stream_half *half, struct part part)
{
	uint32_t rest = part.size;

	while (rest) {
		part.size = MIN(rest, (uint32_t)STREAM_BLOCK_SIZE);
		hold(table, connection, half, &part);
		part.seq += part.size;
		part.wire -= part.size;
		part.data += part.size;
		rest -= part.size;
	}
}

/* What comes first: seq, or what is held. */
static uint32_t earliest(const struct stream_table *table, const struct stream_half *half,
			 uint32_t seq)
{
	uint32_t held;

	if (half->first == STREAM_NONE)
		return seq;
	held = table->pool.blocks[half->first].seq;
	return held - half->next < seq - half->next ? held : seq;
}

void stream_half_segment(struct stream_table *table, struct stream_connection *connection,
			 enum stream_side side, const struct sample_segment *segment, uint32_t seq)
{
	struct stream_half *half = &connection->halves[side];
	const struct part part = {segment->time_ns, seq, segment->size,
				  MAX(segment->wire_size, segment->size), segment->data};

	if (half->ended)
		return;
	if (segment->tcp_flags & TH_FIN && !half->has_fin && stream_half_is_near(half, seq)) {
		half->has_fin = true;
		half->fin = seq + part.wire;
	}
	if (is_known_lost(half, seq))
		skip(table, connection, side, part.time_ns, seq);
	while (!connection->done && stream_half_is_ahead(half, seq) &&
	       !has_room(table, connection, part.size)) {
		table->counts.no_room++;
		skip(table, connection, side, part.time_ns, earliest(table, half, seq));
		settle(table, connection, side, part.time_ns);
	}
	if (connection->done)
		return;
	if (stream_half_is_ahead(half, seq))
		hold_all(table, connection, half, part);
	else
		pass(table, connection, side, &part);
	settle(table, connection, side, part.time_ns);
}
