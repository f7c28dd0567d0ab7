/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds flows by key, and the flows that belong together.
 *
 * A word of the index is 0 or holds a position + 1 in its low half. The high half is a tag: 21 bits
 * of the hash, the direction, and the interface. The hash leaves out interface and direction and is
 * the same for both directions of a conversation, so that one probe passes everything that belongs
 * together, and the tag tells it apart without a look at the flows.
 *
 * The hash is keyed with random numbers: nobody outside can choose flows that collide. At most half
 * of the words are in use. The part of the words in use grows with the number of flows, so that a
 * table with few flows stays in the caches.
 */
#ifndef FLOW_INDEX_H
#define FLOW_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample.h"

struct flow;

#define FLOW_INDEX_SPI_SLOTS 4096

struct flow_index {
	uint64_t *words;
	uint64_t *hashes; /* by position, so that the index can be rebuilt without the flows */
	unsigned int bits, max_bits; /* log2 of the words in use and of the room */
	uint64_t seed[5];
	/* Flow between two ends, in a direction, that has an SPI and no opposite yet; a cache. */
	uint32_t (*spi)[DIRECTION_MAX];
};

/* Bytes of zeroed memory that flow_index_init() wants for this many flows. */
size_t flow_index_size(uint32_t max_flows);
/* memory stays the caller's. */
int flow_index_init(struct flow_index *index, uint32_t max_flows, void *memory);

/* Place in the index above, tag in the low half. */
uint64_t flow_index_hash(const struct flow_index *index, const struct flow_key *key);
/* Position, or FLOW_NONE. */
uint32_t flow_index_find(const struct flow_index *index, const struct flow *flows, uint64_t hash,
			 const struct flow_key *key);
/* Adds flows[position], which must be the last flow: sets its opposite and elsewhere and those of
 * the flows that it belongs to. */
void flow_index_add(struct flow_index *index, struct flow *flows, uint32_t position, uint64_t hash);
/* Flow from became flow to. Followed by a rebuild. */
void flow_index_move(struct flow_index *index, uint32_t from, uint32_t to);
/* Finds flows 0 .. n-1, and no others, from now on. They were added before. */
void flow_index_rebuild(struct flow_index *index, const struct flow *flows, uint32_t n);
/* Makes index, which is new, find what from finds. Both have the same size. */
void flow_index_copy(struct flow_index *index, const struct flow_index *from,
		     const struct flow *flows, uint32_t n);

/*
 * What flow_index_find() is going to touch, for prefetching: the word first, later the flow that
 * the word points to, or a wrong one now and then.
 */
const void *flow_index_word(const struct flow_index *index, uint64_t hash);
const struct flow *flow_index_guess(const struct flow_index *index, const struct flow *flows,
				    uint64_t hash);

#endif
