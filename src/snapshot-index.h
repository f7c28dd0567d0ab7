/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory that is used again from build to build, and hash tables of positions in it. */
#ifndef SNAPSHOT_INDEX_H
#define SNAPSHOT_INDEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Open addressing: high half of the hash, position + 1; 0 is free. */
struct snapshot_index {
	uint64_t *slots;
	size_t n_slots, capacity;
};

/*
 * Room for n elements of size bytes in *(T **)array, of which the first n_keep stay. They start at
 * a cache line.
 */
int snapshot_reserve(void *array, size_t *capacity, size_t n, size_t size, size_t n_keep);
/* The same for an array of which few elements will be touched, and the others take no memory. */
int snapshot_reserve_sparse(void *array, size_t *capacity, size_t n, size_t size);

/* An empty index with room for n positions, at most half full. */
int snapshot_index_clear(struct snapshot_index *index, size_t n);
/* The index has room for it, see snapshot_index_clear(). */
void snapshot_index_add(struct snapshot_index *index, uint64_t hash, uint32_t position);

/* The slot to look at first for a hash. */
static inline size_t snapshot_index_first(const struct snapshot_index *index, uint64_t hash)
{
	return hash & (index->n_slots - 1);
}

/* From a slot on, the first one that is free or may have a position with this hash. */
static inline size_t snapshot_index_probe(const struct snapshot_index *index, size_t slot,
					  uint64_t hash)
{
	while (index->slots[slot] && index->slots[slot] >> 32 != hash >> 32)
		slot = (slot + 1) & (index->n_slots - 1);
	return slot;
}

static inline size_t snapshot_index_find(const struct snapshot_index *index, uint64_t hash)
{
	return snapshot_index_probe(index, snapshot_index_first(index, hash), hash);
}

static inline size_t snapshot_index_find_next(const struct snapshot_index *index, size_t slot,
					      uint64_t hash)
{
	return snapshot_index_probe(index, (slot + 1) & (index->n_slots - 1), hash);
}

/* What a slot that is not free has. */
static inline uint32_t snapshot_index_position(const struct snapshot_index *index, size_t slot)
{
	return (uint32_t)index->slots[slot] - 1;
}

#endif
