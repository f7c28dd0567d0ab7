/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Has the programs tally the packets of one flow by size. */
#include "config.h"

#include "capture-watch.h"

#include <stdatomic.h>
#include <string.h>

#include "capture-tuple.h"

void watch_fill(struct watch *watch, const struct flow_key *key, uint64_t hook, uint64_t place)
{
	size_t size = key->family == FAMILY_IPV6 ? 16 : 4;

	*watch = (struct watch){
		.tuple = tuple_of_key(key) | hook << ABI_HOOK_SHIFT,
		.place = place,
		.ip_version = key->family == FAMILY_IPV6 ? 6 : 4,
	};
	memcpy(watch->addrs, key->src, size);
	memcpy((uint8_t *)watch->addrs + size, key->dst, size);
}

void watch_start(struct watch_tallies *tallies)
{
	tallies->wanted = ++tallies->last;
	tallies->sizes = (struct sample_sizes){.end_ns = 0};
}

void watch_stop(struct watch_tallies *tallies)
{
	memset(tallies->flows, 0, sizeof(tallies->flows));
	tallies->wanted = 0;
}

static struct watch *flows_at(const struct watch_tallies *tallies, unsigned int parity, size_t i)
{
	return (struct watch *)(tallies->memory[parity] + i * tallies->distance);
}

void watch_flip(struct watch_tallies *tallies, unsigned int parity)
{
	tallies->ended = 1 - parity;
	if (!tallies->wanted && !tallies->numbers[parity])
		return;
	tallies->numbers[parity] = tallies->wanted;
	for (size_t i = 0; i < tallies->n; i++)
		memcpy(flows_at(tallies, parity, i), tallies->flows, sizeof(tallies->flows));
	atomic_thread_fence(memory_order_release);
}

void watch_read(struct watch_tallies *tallies, uint64_t start_ns, uint64_t end_ns)
{
	struct sample_sizes *sizes = &tallies->sizes;

	if (!tallies->wanted || tallies->numbers[tallies->ended] != tallies->wanted)
		return;
	for (size_t i = 0; i < tallies->n; i++) {
		const struct watch *flows = flows_at(tallies, tallies->ended, i);

		for (int d = 0; d < DIRECTION_MAX; d++)
			for (int c = 0; c < SIZE_CLASSES; c++)
				sizes->packets[d][c] += flows[d].packets[c];
	}
	if (!sizes->end_ns)
		sizes->start_ns = start_ns;
	sizes->end_ns = end_ns;
}
