/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Counts the distinct addresses at the other end of a group's flows. */
#include "config.h"

#include <string.h>

#include "flow.h"
#include "mix.h"
#include "snapshot-data.h"

/* At most half of them full. */
static size_t slots_for(uint32_t n_flows)
{
	size_t n_slots = 2;

	while (n_slots < 2 * (size_t)n_flows)
		n_slots *= 2;
	return n_slots;
}

int snapshot_peers_reserve(struct snapshot *snapshot)
{
	/* For a group of all flows: each has one peer. */
	return snapshot_reserve_sparse(&snapshot->peers.slots, &snapshot->peers.capacity,
				       slots_for(snapshot->n_picked),
				       sizeof(*snapshot->peers.slots));
}

/* Stands for an address: 64 bits of a keyed hash, never 0. */
static uint64_t address(const struct snapshot *snapshot, const struct flow_key *key, enum side side)
{
	uint64_t words[2], hash;

	memcpy(words, flow_side_addr(key, side), sizeof(words));
	hash = mix(words[0] ^ snapshot->seed[0], words[1] ^ snapshot->seed[1]);
	hash = mix(hash ^ snapshot->seed[1], (key->family == FAMILY_IPV6) ^ snapshot->seed[0]);
	return hash ? hash : 1;
}

static bool put(uint64_t *slots, size_t n_slots, uint64_t hash)
{
	size_t slot = hash & (n_slots - 1);

	while (slots[slot] && slots[slot] != hash)
		slot = (slot + 1) & (n_slots - 1);
	if (slots[slot])
		return false;
	slots[slot] = hash;
	return true;
}

uint32_t snapshot_peers_count(struct snapshot *snapshot, uint32_t first, uint32_t n_flows)
{
	uint64_t *slots = snapshot->peers.slots;
	size_t n_slots = slots_for(n_flows);
	uint32_t n = 0;

	memset(slots, 0, n_slots * sizeof(*slots));
	for (uint32_t position = first; n_flows--; position = snapshot->groups.next[position]) {
		const struct flow_key *key = &snapshot->flows[position].key;
		enum side side = snapshot->view->peer(key);

		if (n_flows)
			__builtin_prefetch(&snapshot->flows[snapshot->groups.next[position]].key);
		if (!flow_addr_is_open(key, side))
			n += put(slots, n_slots, address(snapshot, key, side));
	}
	return n;
}
