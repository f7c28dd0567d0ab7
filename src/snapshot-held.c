/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lets rows keep the places that they had in the build before. */
#include "config.h"

#include <stdlib.h>

#include "mix.h"
#include "snapshot-data.h"

#define NO_ENTRY UINT32_MAX
#define NO_PLACE UINT32_MAX

static uint64_t id_hash(const struct snapshot *snapshot, uint64_t id)
{
	return mix(id ^ snapshot->seed[0], snapshot->seed[1]);
}

static uint32_t find_place(const struct snapshot *snapshot, uint64_t id)
{
	const struct snapshot_index *index = &snapshot->held.index;
	uint64_t hash = id_hash(snapshot, id);
	size_t slot = snapshot_index_find(index, hash);

	for (; index->slots[slot]; slot = snapshot_index_find_next(index, slot, hash)) {
		uint32_t place = snapshot_index_position(index, slot);

		if (snapshot->held.ids[place] == id)
			return place;
	}
	return NO_PLACE;
}

int snapshot_places_keep(struct snapshot *snapshot)
{
	struct snapshot_places *held = &snapshot->held;
	size_t n = snapshot->n_sorted;
	int r;

	held->n = 0;
	r = snapshot_reserve(&held->ids, &held->ids_capacity, n, sizeof(*held->ids), 0);
	if (r >= 0)
		r = snapshot_reserve(&held->entries, &held->entries_capacity, n,
				     sizeof(*held->entries), 0);
	if (r >= 0)
		r = snapshot_index_clear(&held->index, n);
	if (r < 0)
		return r;
	for (uint32_t place = 0; place < n; place++) {
		uint64_t id = snapshot->entries[place].id;

		/* of groups whose ids are equal, as attackers may choose them, one has a place */
		if (find_place(snapshot, id) == NO_PLACE)
			snapshot_index_add(&held->index, id_hash(snapshot, id), place);
		held->ids[place] = id;
		held->entries[place] = NO_ENTRY;
	}
	held->n = n;
	return 0;
}

int snapshot_places_restore(struct snapshot *snapshot)
{
	struct snapshot_places *held = &snapshot->held;
	struct snapshot_entry *entries = snapshot->entries;
	size_t n = 0, capacity = snapshot->entries_capacity;
	int r;

	r = snapshot_reserve(&held->spare, &held->spare_capacity, snapshot->n_entries,
			     sizeof(*held->spare), 0);
	if (r < 0)
		return r;
	for (uint32_t i = 0; i < snapshot->n_entries; i++) {
		uint32_t place = find_place(snapshot, entries[i].id);

		if (place != NO_PLACE && held->entries[place] == NO_ENTRY)
			held->entries[place] = i;
	}
	for (size_t place = 0; place < held->n; place++) {
		uint32_t entry = held->entries[place];

		if (entry == NO_ENTRY)
			continue;
		held->spare[n++] = entries[entry];
		entries[entry].item = UINT32_MAX; /* taken */
	}
	snapshot->n_sorted = n;
	for (size_t i = 0; i < snapshot->n_entries; i++)
		if (entries[i].item != UINT32_MAX)
			held->spare[n++] = entries[i];
	snapshot->entries = held->spare;
	snapshot->entries_capacity = held->spare_capacity;
	held->spare = entries;
	held->spare_capacity = capacity;
	return 0;
}

void snapshot_places_done(struct snapshot_places *places)
{
	free(places->ids);
	free(places->entries);
	free(places->spare);
	free(places->index.slots);
}
