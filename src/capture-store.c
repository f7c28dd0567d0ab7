/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads and rotates the tables that the BPF programs write. */
#include "config.h"

#include "capture-store.h"

#include <linux/types.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "capture-rcu.h"
#include "capture-tuple.h"
#include "capture-watch.h"
#include "macro.h"

#include "abi.h"

#define BATCH 128  /* flows handed over at a time */
#define PREFETCH 8 /* slots looked up ahead */
/* Slots in use from the start; more only where the table is larger and they are needed (TLB
 * misses). */
#define ACTIVE_SLOTS (1u << 17)
/* Epochs with few flows before the part in use shrinks. */
#define SHRINK_AFTER 60

_Static_assert(SAMPLE_IFACE_MAX == ABI_IFACE_MAX, "interfaces");
_Static_assert((int)OTHER_NOT_IP == ABI_OTHER_NOT_IP &&
		       (int)OTHER_MALFORMED == ABI_OTHER_MALFORMED &&
		       (int)OTHER_NO_ROOM == ABI_OTHER_NO_ROOM,
	       "reasons");

/* What decides how much of a table is in use. */
struct active {
	uint32_t slots, slots_max;
	unsigned int n_quiet;
};

struct store {
	struct store_config config;
	size_t half_size;
	size_t map_size;
	uint8_t *map;
	uint32_t epoch;                 /* that runs */
	uint32_t ended;                 /* the one before, 0: none yet */
	struct active active4, active6; /* from the next flip on */
	uint32_t running4, running6;    /* slots that the epoch that runs may use */
	uint32_t ended4, ended6;
	struct rcu rcu;
	struct watch_tallies watch;
	/* Totals as last read: [hook][writer * 2 + parity]; touched as hooks appear. */
	struct hook_total *previous;
	size_t previous_size;
	struct sample_flow batch[BATCH];
	size_t n_batch;
};

size_t store_half_size(uint32_t slots4, uint32_t slots6)
{
	return ABI_HALF_SIZE((size_t)slots4, (size_t)slots6);
}

static struct half_head *get_half(const struct store *store, unsigned int writer, uint32_t epoch)
{
	return (struct half_head *)(store->map + store->half_size * (writer * 2 + (epoch & 1)));
}

struct watch_tallies *store_watch(struct store *store)
{
	return &store->watch;
}

static void write_control(struct store *store)
{
	store->running4 = store->active4.slots;
	store->running6 = store->active6.slots;
	*store->config.control = ABI_CONTROL(store->epoch, store->running4 / ABI_BUCKET - 1,
					     store->running6 / ABI_BUCKET - 1);
}

int store_wait(const struct store *store)
{
	return rcu_wait(&store->rcu);
}

static void active_init(struct active *active, uint32_t slots_max)
{
	active->slots_max = slots_max;
	active->slots = MIN(slots_max, ACTIVE_SLOTS);
	active->n_quiet = 0;
}

/* All of a large table as soon as a CPU used a quarter of the part in use; halves it when it stays
 * empty. */
static void active_adapt(struct active *active, uint32_t used)
{
	if (used > active->slots / 4) {
		active->slots = active->slots_max;
		active->n_quiet = 0;
	} else if (used > active->slots / 16 || active->slots <= ACTIVE_SLOTS) {
		active->n_quiet = 0;
	} else if (++active->n_quiet >= SHRINK_AFTER) {
		active->slots /= 2;
		active->n_quiet = 0;
	}
}

int store_new(const struct store_config *config, struct store **ret_store)
{
	struct store *store = calloc(1, sizeof(*store));
	long page = sysconf(_SC_PAGESIZE);
	int r;

	if (!store)
		return -ENOMEM;
	store->config = *config;
	store->rcu = RCU_NONE;
	store->half_size = store_half_size(config->slots4, config->slots6);
	store->map_size = store->half_size * config->n_writers * 2;
	store->map_size = (store->map_size + (size_t)page - 1) / (size_t)page * (size_t)page;
	store->map =
		mmap(NULL, store->map_size, PROT_READ | PROT_WRITE, MAP_SHARED, config->map_fd, 0);
	if (store->map == MAP_FAILED) {
		r = -errno;
		store->map = NULL;
		store_free(store);
		return r;
	}
	store->previous_size = (size_t)ABI_HOOK_MAX * config->n_writers * 2 * sizeof(*store->previous);
	store->previous = mmap(NULL, store->previous_size, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (store->previous == MAP_FAILED) {
		r = -errno;
		store->previous = NULL;
		store_free(store);
		return r;
	}
	r = rcu_open(&store->rcu, config->no_membarrier);
	if (r < 0) {
		store_free(store);
		return r;
	}
	active_init(&store->active4, config->slots4);
	active_init(&store->active6, config->slots6);
	for (unsigned int parity = 0; parity < 2; parity++)
		store->watch.memory[parity] = (uint8_t *)get_half(store, 0, parity)->watches;
	store->watch.n = config->n_writers;
	store->watch.distance = 2 * store->half_size;
	store->epoch = 1; /* 0 is what untouched memory says */
	write_control(store);
	*ret_store = store;
	return 0;
}

void store_free(struct store *store)
{
	if (!store)
		return;
	if (store->map)
		(void)munmap(store->map, store->map_size);
	rcu_close(&store->rcu);
	if (store->previous)
		(void)munmap(store->previous, store->previous_size);
	free(store);
}

void store_set_epoch(struct store *store, uint32_t epoch)
{
	store->epoch = epoch;
	write_control(store);
}

/*
 * Epochs come back after 2^24 (half a year at one a second), and a slot that was left alone all the
 * time would seem to belong to the new one. So the last two before that, one of each half, wipe the
 * stamps behind them.
 */
static void wipe_stamps(struct store *store, uint32_t epoch)
{
	for (unsigned int writer = 0; writer < store->config.n_writers; writer++) {
		struct half_head *half = get_half(store, writer, epoch);

		half->epoch = 0;
		memset(half->coarse4, 0, sizeof(half->coarse4));
		memset(half->coarse6, 0, sizeof(half->coarse6));
		memset((uint8_t *)half + ABI_OFFSET_SLOTS4, 0,
		       store->half_size - ABI_OFFSET_SLOTS4);
	}
}

void store_flip(struct store *store)
{
	store->ended = store->epoch;
	store->ended4 = store->running4;
	store->ended6 = store->running6;
	/* the next epoch has the other parity, and none is 0 */
	store->epoch = store->epoch == ABI_EPOCH_MASK ? 2 : store->epoch + 1;
	watch_flip(&store->watch, store->epoch & 1);
	write_control(store);
}

static void flush_batch(struct store *store, const struct sample_sink *sink)
{
	if (store->n_batch)
		sink->flows(sink->data, store->batch, store->n_batch);
	store->n_batch = 0;
}

/* Next element of the batch, with what v4 and v6 have in common. */
static struct sample_flow *add_flow(struct store *store, const struct sample_sink *sink,
				    uint64_t tuple, uint64_t bytes, uint64_t stamp)
{
	uint32_t hook = tuple >> ABI_HOOK_SHIFT & (ABI_HOOK_MAX - 1);
	struct sample_flow *flow;

	if (store->n_batch == BATCH)
		flush_batch(store, sink);
	flow = &store->batch[store->n_batch++];
	memset(flow, 0, sizeof(*flow));
	tuple_to_key(tuple, &flow->key);
	flow->key.iface = (uint16_t)(hook / 2);
	flow->key.direction = hook % 2;
	flow->count.packets = stamp & ((1ULL << ABI_STAMP_SHIFT) - 1);
	flow->count.bytes = bytes & ((1ULL << ABI_LABEL_SHIFT) - 1);
	flow->l7 = bytes >> ABI_LABEL_SHIFT & ((1u << ABI_LABEL_BITS) - 1);
	flow->tcp_flags = (uint8_t)(bytes >> ABI_FLAGS_SHIFT);
	return flow;
}

static struct sample_flow *add_slot4(struct store *store, const struct sample_sink *sink,
				     const struct slot4 *slot)
{
	struct sample_flow *flow = add_flow(store, sink, slot->tuple, slot->bytes, slot->stamp);

	memcpy(flow->key.src, &slot->addrs, 4);
	memcpy(flow->key.dst, (const uint8_t *)&slot->addrs + 4, 4);
	flow->key.family = slot->tuple & ABI_ARP ? FAMILY_ARP : FAMILY_IPV4;
	return flow;
}

static struct sample_flow *add_slot6(struct store *store, const struct sample_sink *sink,
				     const struct slot6 *slot)
{
	struct sample_flow *flow = add_flow(store, sink, slot->tuple, slot->bytes, slot->stamp);

	memcpy(flow->key.src, slot->addrs, 32); /* both addresses */
	flow->key.family = FAMILY_IPV6;
	return flow;
}

static void drain_slots4(struct store *store, const struct sample_sink *sink,
			 const struct half_head *half)
{
	const uint8_t *base = (const uint8_t *)half;
	const struct slot4 *slots = (const struct slot4 *)(base + ABI_OFFSET_SLOTS4);
	const uint32_t *order =
		(const uint32_t *)(base + ABI_OFFSET_ORDER4((size_t)store->config.slots4));

	if (half->n4 > store->ended4 / 4) { /* dense: in the order of memory */
		for (uint32_t i = 0; i < store->ended4; i++)
			if (slots[i].stamp >> ABI_STAMP_SHIFT == store->ended)
				add_slot4(store, sink, &slots[i]);
		return;
	}
	for (uint32_t i = 0; i < half->n4; i++) {
		if (i + PREFETCH < half->n4)
			__builtin_prefetch(&slots[order[i + PREFETCH]]);
		add_slot4(store, sink, &slots[order[i]]);
	}
}

static void drain_slots6(struct store *store, const struct sample_sink *sink,
			 const struct half_head *half)
{
	const uint8_t *base = (const uint8_t *)half;
	const struct slot6 *slots =
		(const struct slot6 *)(base + ABI_OFFSET_SLOTS6((size_t)store->config.slots4));
	const uint32_t *order =
		(const uint32_t *)(base + ABI_OFFSET_ORDER6((size_t)store->config.slots4,
							    (size_t)store->config.slots6));

	if (half->n6 > store->ended6 / 4) {
		for (uint32_t i = 0; i < store->ended6; i++)
			if (slots[i].stamp >> ABI_STAMP_SHIFT == store->ended)
				add_slot6(store, sink, &slots[i]);
		return;
	}
	for (uint32_t i = 0; i < half->n6; i++) {
		if (i + PREFETCH < half->n6)
			__builtin_prefetch(&slots[order[i + PREFETCH]]);
		add_slot6(store, sink, &slots[order[i]]);
	}
}

static void drain_coarse(struct store *store, const struct sample_sink *sink,
			 const struct half_head *half)
{
	for (size_t i = 0; i < ABI_COARSE; i++) {
		if (half->coarse4[i].stamp >> ABI_STAMP_SHIFT == store->ended)
			tuple_open_key(&add_slot4(store, sink, &half->coarse4[i])->key);
		if (half->coarse6[i].stamp >> ABI_STAMP_SHIFT == store->ended)
			tuple_open_key(&add_slot6(store, sink, &half->coarse6[i])->key);
	}
}

/* Adds what one CPU counted on a hook since its half was last read. */
static void add_hook(struct sample_hook *sum, const struct hook_total *now,
		     struct hook_total *previous)
{
	sum->total.packets += now->packets - previous->packets;
	sum->total.bytes += now->bytes - previous->bytes;
	for (int i = 0; i < OTHER_MAX; i++) {
		sum->other[i].packets += now->other[i].packets - previous->other[i].packets;
		sum->other[i].bytes += now->other[i].bytes - previous->other[i].bytes;
	}
	sum->syn += now->syn - previous->syn;
	sum->syn_ack += now->syn_ack - previous->syn_ack;
	sum->fin += now->fin - previous->fin;
	sum->rst += now->rst - previous->rst;
	*previous = *now;
}

static void drain_hook(struct store *store, const struct sample_sink *sink, uint32_t hook)
{
	struct hook_total *previous = &store->previous[(size_t)hook * store->config.n_writers * 2];
	struct sample_hook sample = {
		.iface = (uint16_t)(hook / 2),
		.direction = hook % 2,
	};

	for (unsigned int writer = 0; writer < store->config.n_writers; writer++)
		add_hook(&sample, &get_half(store, writer, store->ended)->hooks[hook],
			 &previous[writer * 2 + (store->ended & 1)]);
	if (hook >= 2 || sample.total.packets) /* slot 0 stands for no known interface */
		sink->hook(sink->data, &sample);
}

void store_drain(struct store *store, const struct sample_sink *sink, const uint64_t *ifaces,
		 uint32_t *ret_used)
{
	uint32_t used = 0, max4 = 0, max6 = 0;

	for (unsigned int writer = 0; writer < store->config.n_writers; writer++) {
		const struct half_head *half = get_half(store, writer, store->ended);

		if (half->epoch != store->ended)
			continue; /* nothing came */
		drain_slots4(store, sink, half);
		drain_slots6(store, sink, half);
		if (half->n_folded)
			drain_coarse(store, sink, half);
		used += half->n4 + half->n6;
		max4 = MAX(max4, half->n4);
		max6 = MAX(max6, half->n6);
	}
	flush_batch(store, sink);
	for (uint32_t slot = 0; slot < ABI_IFACE_MAX; slot++) {
		if (!(ifaces[slot / 64] >> slot % 64 & 1))
			continue;
		drain_hook(store, sink, slot * 2);
		if (!store->config.in_only)
			drain_hook(store, sink, slot * 2 + 1);
	}
	active_adapt(&store->active4, max4);
	active_adapt(&store->active6, max6);
	if (store->ended >= ABI_EPOCH_MASK - 1)
		wipe_stamps(store, store->ended);
	*ret_used = used;
}
