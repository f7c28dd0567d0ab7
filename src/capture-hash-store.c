/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads and rotates the hash maps that the BPF programs write. */
#include "config.h"

#include "capture-hash-store.h"

#include <linux/types.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture-hash-drain.h"
#include "capture-rcu.h"
#include "capture-size.h"
#include "capture-tuple.h"
#include "capture-watch.h"
#include "capture.h"
#include "macro.h"

#include "abi.h"

#define BATCH 128  /* flows handed over at a time */
#define ELEMENT 64 /* bytes that the kernel adds to an element, about */
/* By default: what is allocated at the start takes time, 2 us per element on 2 CPUs. */
#define FLOWS_MAX 32768u

enum kind { KIND_FLOWS4, KIND_FLOWS6, KIND_COARSE4, KIND_COARSE6, KIND_HOOKS, KIND_MAX };

static const struct {
	const char *names[2]; /* even, odd */
	size_t key_size, value_size;
} kinds[KIND_MAX] = {
#define KIND(name, key, value)                                                                     \
	{                                                                                          \
		{name "_even", name "_odd"}, sizeof(key), sizeof(value)                            \
	}
	[KIND_FLOWS4] = KIND("flows4", struct hash_key4, struct hash_value),
	[KIND_FLOWS6] = KIND("flows6", struct hash_key6, struct hash_value),
	[KIND_COARSE4] = KIND("coarse4", struct hash_key4, struct hash_value),
	[KIND_COARSE6] = KIND("coarse6", struct hash_key6, struct hash_value),
	[KIND_HOOKS] = KIND("hooks", struct hash_hook_key, struct hook_total),
#undef KIND
};

struct hash_store {
	struct hash_store_config config;
	struct rcu rcu;
	struct watch_tallies watch;
	uint64_t ended; /* epoch */
	int fds[2][KIND_MAX];
	int spill_fd;
	struct hash_drain *drain;
	struct hook_total *totals; /* of one element, all CPUs */
	/* while it drains */
	const struct sample_sink *sink;
	enum kind kind;
	uint32_t n_flows;
	struct sample_hook *hooks; /* by slot * 2 + direction */
	uint64_t slots[SAMPLE_IFACE_MAX / 64];
	struct sample_flow batch[BATCH];
	size_t n_batch;
};

static uint32_t entries_of(enum kind kind, uint32_t max_flows)
{
	return kind == KIND_FLOWS4 ? max_flows : MAX(max_flows / 2, ABI_SLOTS_MIN);
}

uint64_t hash_store_bytes(uint32_t max_flows)
{
	uint64_t values = capture_n_cpus() * sizeof(struct hash_value);
	uint64_t n4 = entries_of(KIND_FLOWS4, max_flows) + HASH_COARSE;
	uint64_t n6 = entries_of(KIND_FLOWS6, max_flows) + HASH_COARSE;
	uint64_t hooks = (ELEMENT + capture_n_cpus() * sizeof(struct hook_total)) * ABI_HOOK_MAX;

	return 2 * (n4 * (ELEMENT + sizeof(struct hash_key4) + values) +
		    n6 * (ELEMENT + sizeof(struct hash_key6) + values) + hooks);
}

uint32_t hash_store_default_flows(void)
{
	uint64_t budget = capture_budget();
	uint32_t flows = FLOWS_MAX;

	while (flows > CAPTURE_DEFAULT_FLOWS_MIN && hash_store_bytes(flows) > budget)
		flows /= 2;
	return flows;
}

int hash_store_size(struct bpf_object *object, uint32_t max_flows)
{
	for (enum kind kind = KIND_FLOWS4; kind <= KIND_FLOWS6; kind++) {
		for (int parity = 0; parity < 2; parity++) {
			struct bpf_map *map =
				bpf_object__find_map_by_name(object, kinds[kind].names[parity]);
			int r = map ? bpf_map__set_max_entries(map, entries_of(kind, max_flows))
				    : -ENOENT;

			if (r < 0)
				return r;
		}
	}
	return 0;
}

int hash_store_new(struct bpf_object *object, const struct hash_store_config *config,
		   struct hash_store **ret_store)
{
	struct hash_store *store = calloc(1, sizeof(*store));
	int r;

	if (!store)
		return -ENOMEM;
	store->config = *config;
	store->rcu = RCU_NONE;
	store->hooks = calloc(ABI_HOOK_MAX, sizeof(*store->hooks));
	store->totals = calloc(config->n_cpus, sizeof(*store->totals));
	r = store->hooks && store->totals ? rcu_open(&store->rcu, false) : -ENOMEM;
	if (r == 0)
		r = hash_drain_new(sizeof(struct hash_key6),
				   sizeof(struct hook_total) * config->n_cpus, &store->drain);
	for (int parity = 0; parity < 2; parity++)
		for (enum kind kind = 0; kind < KIND_MAX; kind++)
			store->fds[parity][kind] =
				bpf_object__find_map_fd_by_name(object, kinds[kind].names[parity]);
	store->spill_fd = bpf_object__find_map_fd_by_name(object, "spill");
	if (r < 0) {
		hash_store_free(store);
		return r;
	}
	if (config->watches) {
		store->watch.n = 1;
		store->watch.memory[0] = (uint8_t *)config->watches;
		store->watch.memory[1] = (uint8_t *)(config->watches + DIRECTION_MAX);
	}
	*config->epoch = 1;
	*ret_store = store;
	return 0;
}

void hash_store_free(struct hash_store *store)
{
	if (!store)
		return;
	rcu_close(&store->rcu);
	hash_drain_free(store->drain);
	free(store->hooks);
	free(store->totals);
	free(store);
}

uint32_t hash_store_slots(const struct hash_store *store)
{
	return entries_of(KIND_FLOWS4, store->config.max_flows) +
	       entries_of(KIND_FLOWS6, store->config.max_flows);
}

struct watch_tallies *hash_store_watch(struct hash_store *store)
{
	return &store->watch;
}

void hash_store_flip(struct hash_store *store)
{
	store->ended = *store->config.epoch;
	watch_flip(&store->watch, 1 - (store->ended & 1));
	*store->config.epoch = store->ended + 1;
}

int hash_store_wait(const struct hash_store *store)
{
	return rcu_wait(&store->rcu);
}

int hash_store_fd(const struct hash_store *store, struct bpf_object *object, const char *name)
{
	char full[32];

	(void)snprintf(full, sizeof(full), "%s_%s", name, store->ended & 1 ? "odd" : "even");
	return bpf_object__find_map_fd_by_name(object, full);
}

static void flush_batch(struct hash_store *store)
{
	if (store->n_batch)
		store->sink->flows(store->sink->data, store->batch, store->n_batch);
	store->n_batch = 0;
}

static void on_flow(void *data, const void *key, const void *values)
{
	struct hash_store *store = data;
	const struct hash_key4 *key4 = key;
	const struct hash_key6 *key6 = key;
	const struct hash_value *value = values;
	bool ipv4 = store->kind == KIND_FLOWS4 || store->kind == KIND_COARSE4;
	uint64_t tuple = ipv4 ? key4->tuple : key6->tuple;
	struct sample_flow *flow;

	if (store->n_batch == BATCH)
		flush_batch(store);
	flow = &store->batch[store->n_batch++];
	memset(flow, 0, sizeof(*flow));
	tuple_to_key(tuple, &flow->key);
	flow->key.direction = tuple >> ABI_HOOK_SHIFT & 1;
	flow->key.family = ipv4 ? FAMILY_IPV4 : FAMILY_IPV6;
	memcpy(flow->key.src, ipv4 ? &key4->addrs : key6->addrs, ipv4 ? 4 : 16);
	memcpy(flow->key.dst,
	       ipv4 ? (const uint8_t *)&key4->addrs + 4 : (const uint8_t *)key6->addrs + 16,
	       ipv4 ? 4 : 16);
	if (store->kind == KIND_COARSE4 || store->kind == KIND_COARSE6)
		tuple_open_key(&flow->key);
	else
		store->n_flows++;
	store->config.place(store->config.data, ipv4 ? key4->place : key6->place, &flow->key);
	for (unsigned int cpu = 0; cpu < store->config.n_cpus; cpu++) {
		flow->count.packets += value[cpu].packets;
		flow->count.bytes += value[cpu].bytes;
		flow->retransmits += (uint32_t)value[cpu].retransmits;
		for (int bit = 0; bit < 8; bit++)
			flow->tcp_flags |= (uint8_t)(value[cpu].flags[bit] << bit);
	}
}

/* Several places may share a slot, which is reported once. */
static void add_hook(struct hash_store *store, uint16_t slot, uint8_t direction,
		     const struct hook_total *totals)
{
	struct sample_hook *hook = &store->hooks[slot * 2 + direction];

	store->slots[slot / 64] |= 1ULL << slot % 64;
	for (unsigned int cpu = 0; cpu < store->config.n_cpus; cpu++) {
		const struct hook_total *total = &totals[cpu];

		hook->total.packets += total->packets;
		hook->total.bytes += total->bytes;
		for (int i = 0; i < OTHER_MAX; i++) {
			hook->other[i].packets += total->other[i].packets;
			hook->other[i].bytes += total->other[i].bytes;
		}
		hook->syn += total->syn;
		hook->syn_ack += total->syn_ack;
		hook->fin += total->fin;
		hook->rst += total->rst;
	}
}

static void on_hook(void *data, const void *key, const void *values)
{
	struct hash_store *store = data;
	const struct hash_hook_key *hook = key;

	add_hook(store, store->config.hook_place(store->config.data, hook->place),
		 hook->direction & 1, values);
}

/* What found no room for its hook; the elements of an array are not taken out but cleared. */
static int drain_spill(struct hash_store *store)
{
	for (uint32_t direction = 0; direction < DIRECTION_MAX; direction++) {
		uint32_t number = (store->ended & 1) * 2 + direction;
		size_t size = store->config.n_cpus * sizeof(*store->totals);

		if (bpf_map_lookup_elem(store->spill_fd, &number, store->totals) < 0)
			return -errno;
		add_hook(store, 0, (uint8_t)direction, store->totals);
		if (!store->hooks[direction].total.packets)
			continue;
		memset(store->totals, 0, size);
		if (bpf_map_update_elem(store->spill_fd, &number, store->totals, BPF_ANY) < 0)
			return -errno;
	}
	return 0;
}

/* Every hook that ever was, also where nothing came. */
static void report_hooks(struct hash_store *store)
{
	for (uint32_t number = 0; number < ABI_HOOK_MAX; number++) {
		struct sample_hook *hook = &store->hooks[number];

		if (!(store->slots[number / 2 / 64] >> number / 2 % 64 & 1))
			continue;
		hook->iface = (uint16_t)(number / 2);
		hook->direction = number % 2;
		if (number >= 2 || hook->total.packets)
			store->sink->hook(store->sink->data, hook);
	}
}

int hash_store_drain(struct hash_store *store, const struct sample_sink *sink, uint32_t *ret_used)
{
	const int *fds = store->fds[store->ended & 1];
	int result = 0, r;

	store->sink = sink;
	store->n_flows = 0;
	memset(store->hooks, 0, ABI_HOOK_MAX * sizeof(*store->hooks));
	for (store->kind = 0; store->kind < KIND_MAX; store->kind++) {
		r = hash_drain_run(store->drain, fds[store->kind], kinds[store->kind].key_size,
				   kinds[store->kind].value_size * store->config.n_cpus,
				   store->kind == KIND_HOOKS ? on_hook : on_flow, store);
		result = result < 0 ? result : r;
	}
	flush_batch(store);
	r = drain_spill(store);
	report_hooks(store);
	*ret_used = store->n_flows;
	return result < 0 ? result : r;
}
