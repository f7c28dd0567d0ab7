/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the reader of the kernel's tables, over memory that is filled by hand. */
#include "config.h"

#include <linux/types.h>

#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "capture-store.h"
#include "capture-watch.h"
#include "cleanup.h"
#include "macro.h"
#include "sample.h"
#include "tap.h"

#include "abi.h"

#define N_CPUS 2
#define FLOWS_MAX 100000

/* A store, and the memory that the programs would write to. */
struct bench {
	struct store *store;
	volatile uint64_t control;
	uint8_t *map;
	size_t map_size, half_size;
	uint32_t slots4, slots6;
	int fd;
	/* what came */
	struct sample_flow *flows;
	size_t n_flows;
	struct sample_hook hooks[16];
	size_t n_hooks;
	uint32_t used;
};

static void bench_init(struct bench *bench, uint32_t slots4, uint32_t slots6)
{
	struct store_config config = {.n_writers = N_CPUS, .slots4 = slots4, .slots6 = slots6};

	memset(bench, 0, sizeof(*bench));
	bench->slots4 = slots4;
	bench->slots6 = slots6;
	bench->half_size = store_half_size(slots4, slots6);
	bench->map_size = (bench->half_size * N_CPUS * 2 + 65535) / 65536 * 65536;
	bench->fd = memfd_create("halves", MFD_CLOEXEC);
	bench->flows = calloc(FLOWS_MAX, sizeof(*bench->flows));
	config.map_fd = bench->fd;
	config.control = &bench->control;
	if (bench->fd < 0 || !bench->flows || ftruncate(bench->fd, (off_t)bench->map_size) < 0 ||
	    store_new(&config, &bench->store) < 0)
		abort();
	bench->map = mmap(NULL, bench->map_size, PROT_READ | PROT_WRITE, MAP_SHARED, bench->fd, 0);
	if (bench->map == MAP_FAILED)
		abort();
}

static void bench_done(struct bench *bench)
{
	store_free(bench->store);
	(void)munmap(bench->map, bench->map_size);
	close_fdp(&bench->fd);
	free(bench->flows);
}

static void on_flows(void *data, const struct sample_flow *flows, size_t n_flows)
{
	struct bench *bench = data;

	if (bench->n_flows + n_flows > FLOWS_MAX)
		abort();
	memcpy(bench->flows + bench->n_flows, flows, n_flows * sizeof(*flows));
	bench->n_flows += n_flows;
}

static void on_hook(void *data, const struct sample_hook *hook)
{
	struct bench *bench = data;

	if (bench->n_hooks == ARRAY_SIZE(bench->hooks))
		abort();
	bench->hooks[bench->n_hooks++] = *hook;
}

/* Ends the interval and reads it; slots 0 to 2 and the last are interfaces. */
static void drain(struct bench *bench)
{
	struct sample_sink sink = {.data = bench, .flows = on_flows, .hook = on_hook};
	uint64_t ifaces[SAMPLE_IFACE_MAX / 64] = {7};

	ifaces[SAMPLE_IFACE_MAX / 64 - 1] = 1ULL << 63;
	bench->n_flows = bench->n_hooks = 0;
	store_flip(bench->store);
	store_drain(bench->store, &sink, ifaces, &bench->used);
}

/* The side of the programs */

static uint32_t epoch_of(const struct bench *bench)
{
	return (uint32_t)bench->control & ABI_EPOCH_MASK;
}

static uint32_t active4(const struct bench *bench)
{
	return ((uint32_t)(bench->control >> ABI_EPOCH_BITS & ABI_MASK_MASK) + 1) * ABI_BUCKET;
}

static uint32_t active6(const struct bench *bench)
{
	return ((uint32_t)(bench->control >> (ABI_EPOCH_BITS + ABI_MASK_BITS)) + 1) * ABI_BUCKET;
}

static struct half_head *half_of(const struct bench *bench, unsigned int cpu)
{
	struct half_head *half =
		(struct half_head *)(bench->map +
				     bench->half_size * (cpu * 2 + (epoch_of(bench) & 1)));

	if (half->epoch != epoch_of(bench)) {
		half->epoch = epoch_of(bench);
		half->n4 = half->n6 = half->n_folded = 0;
	}
	return half;
}

static uint64_t tuple_of(uint8_t proto, uint16_t sport, uint16_t dport, uint16_t vlan,
			 uint32_t hook)
{
	uint8_t bytes[4] = {(uint8_t)(sport >> 8), (uint8_t)sport, (uint8_t)(dport >> 8),
			    (uint8_t)dport};
	uint32_t ports;

	memcpy(&ports, bytes, sizeof(ports));
	return ports | (uint64_t)proto << ABI_PROTO_SHIFT | (uint64_t)vlan << ABI_VLAN_SHIFT |
	       (uint64_t)hook << ABI_HOOK_SHIFT;
}

static void fill4(struct slot4 *slot, const char *src, const char *dst, uint64_t tuple,
		  uint64_t bytes, uint64_t packets, uint32_t epoch)
{
	uint8_t addrs[8];

	if (inet_pton(AF_INET, src, addrs) != 1 || inet_pton(AF_INET, dst, addrs + 4) != 1)
		abort();
	memcpy(&slot->addrs, addrs, sizeof(addrs));
	slot->tuple = tuple;
	slot->bytes = bytes;
	slot->stamp = packets | (uint64_t)epoch << ABI_STAMP_SHIFT;
}

static void fill6(struct slot6 *slot, const char *src, const char *dst, uint64_t tuple,
		  uint64_t bytes, uint64_t packets, uint32_t epoch)
{
	uint8_t addrs[32];

	if (inet_pton(AF_INET6, src, addrs) != 1 || inet_pton(AF_INET6, dst, addrs + 16) != 1)
		abort();
	memcpy(slot->addrs, addrs, sizeof(addrs));
	slot->tuple = tuple;
	slot->bytes = bytes;
	slot->stamp = packets | (uint64_t)epoch << ABI_STAMP_SHIFT;
}

static struct slot4 *slot4_at(struct half_head *half, uint32_t number)
{
	return (struct slot4 *)((uint8_t *)half + ABI_OFFSET_SLOTS4) + number;
}

static struct slot6 *slot6_at(const struct bench *bench, struct half_head *half, uint32_t number)
{
	return (struct slot6 *)((uint8_t *)half + ABI_OFFSET_SLOTS6((size_t)bench->slots4)) +
	       number;
}

/* Takes a slot, as a first packet does. */
static struct slot4 *take4(const struct bench *bench, struct half_head *half, uint32_t number)
{
	uint32_t *order = (uint32_t *)((uint8_t *)half + ABI_OFFSET_ORDER4((size_t)bench->slots4));

	order[half->n4++] = number;
	return slot4_at(half, number);
}

static struct slot6 *take6(const struct bench *bench, struct half_head *half, uint32_t number)
{
	uint32_t *order = (uint32_t *)((uint8_t *)half + ABI_OFFSET_ORDER6((size_t)bench->slots4,
									   (size_t)bench->slots6));

	order[half->n6++] = number;
	return slot6_at(bench, half, number);
}

/* n flows all over the part in use, a packet of 60 octets each; ports tell them apart. */
static void fill_table4(const struct bench *bench, struct half_head *half, uint32_t n)
{
	uint32_t step = active4(bench) / n;

	for (uint32_t i = 0; i < n; i++)
		fill4(take4(bench, half, i * step), "192.0.2.1", "192.0.2.2",
		      tuple_of(17, (uint16_t)(i >> 16), (uint16_t)i, 0, 2), 60, 1, epoch_of(bench));
}

static void fill_table6(const struct bench *bench, struct half_head *half, uint32_t n)
{
	uint32_t step = active6(bench) / n;

	for (uint32_t i = 0; i < n; i++)
		fill6(take6(bench, half, i * step), "2001:db8::1", "2001:db8::2",
		      tuple_of(17, (uint16_t)(i >> 16), (uint16_t)i, 0, 2), 80, 1, epoch_of(bench));
}

/* True when the flows are those of fill_table*(), each once. */
static bool has_table(const struct bench *bench, uint8_t family, uint32_t n)
{
	cleanup(freep) bool *seen = calloc(n, sizeof(*seen));
	uint32_t found = 0;

	if (!seen)
		abort();
	for (size_t i = 0; i < bench->n_flows; i++) {
		const struct sample_flow *flow = &bench->flows[i];
		uint32_t number = (uint32_t)flow->key.sport << 16 | flow->key.dport;

		if (flow->key.family != family)
			continue;
		if (number >= n || seen[number] || flow->count.packets != 1 ||
		    flow->count.bytes != (family == FAMILY_IPV6 ? 80 : 60))
			return false;
		seen[number] = true;
		found++;
	}
	return found == n;
}

/* Tests */

static bool same_bytes(const void *a, const char *family_text, int family)
{
	uint8_t want[16] = {0};

	return inet_pton(family, family_text, want) == 1 && memcmp(a, want, sizeof(want)) == 0;
}

static void test_fields(void)
{
	struct bench bench;
	struct half_head *half;
	struct sample_flow *flow;

	bench_init(&bench, 1024, 1024);
	half = half_of(&bench, 1);
	fill4(take4(&bench, half, 17), "192.0.2.7", "198.51.100.1",
	      tuple_of(6, 41234, 443, 4095, 2047),
	      0x12ULL << ABI_FLAGS_SHIFT | (__u64)L7_SIP << ABI_LABEL_SHIFT | 0x3ffffffffffffULL,
	      (1ULL << ABI_STAMP_SHIFT) - 1, 1);
	fill4(take4(&bench, half, 18), "192.0.2.7", "192.0.2.1", tuple_of(0, 1, 0, 0, 2) | ABI_ARP,
	      42, 1, 1);
	fill6(take6(&bench, half, 1023), "2001:db8::7", "2001:db8:1::1",
	      tuple_of(132, 65535, 1, 1, 5), 1000, 10, 1);
	drain(&bench);
	is_u64(bench.n_flows, 3, "fields: three flows");
	flow = &bench.flows[0];
	ok(same_bytes(flow->key.src, "192.0.2.7", AF_INET), "IPv4: source");
	ok(same_bytes(flow->key.dst, "198.51.100.1", AF_INET), "IPv4: destination");
	is_int(flow->key.sport, 41234, "IPv4: source port");
	is_int(flow->key.dport, 443, "IPv4: destination port");
	is_int(flow->key.vlan, 4095, "IPv4: VLAN");
	is_int(flow->key.iface, 1023, "IPv4: interface");
	is_int(flow->key.direction, DIRECTION_OUT, "IPv4: direction");
	is_int(flow->key.family, FAMILY_IPV4, "IPv4: family");
	is_int(flow->key.proto, 6, "IPv4: protocol");
	is_int(flow->key.open, 0, "IPv4: nothing open");
	is_u64(flow->count.packets, (1ULL << 40) - 1, "IPv4: the most packets");
	is_u64(flow->count.bytes, (1ULL << 50) - 1, "IPv4: the most bytes");
	is_int(flow->l7, L7_SIP, "IPv4: label");
	is_int(flow->tcp_flags, 0x12, "IPv4: flags");
	flow = &bench.flows[1];
	is_int(flow->key.family, FAMILY_ARP, "ARP: family");
	is_int(flow->key.sport, 1, "ARP: operation");
	is_int(flow->key.iface, 1, "ARP: interface");
	is_int(flow->key.direction, DIRECTION_IN, "ARP: direction");
	flow = &bench.flows[2];
	ok(same_bytes(flow->key.src, "2001:db8::7", AF_INET6), "IPv6: source");
	ok(same_bytes(flow->key.dst, "2001:db8:1::1", AF_INET6), "IPv6: destination");
	is_int(flow->key.sport, 65535, "IPv6: source port");
	is_int(flow->key.iface, 2, "IPv6: interface");
	is_int(flow->key.direction, DIRECTION_OUT, "IPv6: direction");
	is_int(flow->key.proto, 132, "IPv6: protocol");
	is_int(flow->key.family, FAMILY_IPV6, "IPv6: family");
	is_u64(flow->count.packets, 10, "IPv6: packets");
	is_u64(flow->count.bytes, 1000, "IPv6: bytes");
	is_u64(bench.used, 3, "slots in use");
	bench_done(&bench);
}

/* A quarter of the slots is where the walk by order ends and that by memory begins. */
static void test_walks(void)
{
	static const uint32_t counts[] = {1, 2, 127, 128, 129, 255, 256, 257, 512, 1024};
	struct bench bench;

	bench_init(&bench, 1024, 1024);
	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		fill_table4(&bench, half_of(&bench, 0), counts[i]);
		fill_table6(&bench, half_of(&bench, 1), counts[i]);
		drain(&bench);
		ok(has_table(&bench, FAMILY_IPV4, counts[i]), "walk: %u flows of IPv4, each once",
		   counts[i]);
		ok(has_table(&bench, FAMILY_IPV6, counts[i]), "walk: %u flows of IPv6, each once",
		   counts[i]);
		is_u64(bench.used, 2 * counts[i], "walk: slots in use");
	}
	drain(&bench);
	is_u64(bench.n_flows, 0, "walk: nothing in an interval without packets");
	is_u64(bench.used, 0, "walk: no slot in use");
	bench_done(&bench);
}

/* Slots of other epochs lie between those of this one. */
static void test_stamps(void)
{
	struct bench bench;
	struct half_head *half;

	bench_init(&bench, 1024, 1024);
	half = half_of(&bench, 0);
	fill_table4(&bench, half, 1024);
	fill_table6(&bench, half, 1024);
	drain(&bench);
	drain(&bench); /* the other half; then this one again, as epoch 3 */
	half = half_of(&bench, 0);
	is_u64(half->epoch, 3, "stamps: the third epoch");
	fill_table4(&bench, half, 512);
	fill_table6(&bench, half, 100);
	drain(&bench);
	ok(has_table(&bench, FAMILY_IPV4, 512), "stamps: half of the slots are of another epoch");
	ok(has_table(&bench, FAMILY_IPV6, 100), "stamps: most of them, by order");
	is_u64(bench.n_flows, 612, "stamps: no others");

	(void)half_of(&bench, 0); /* entered, and left without a flow */
	drain(&bench);
	is_u64(bench.n_flows, 0, "stamps: none at all");
	bench_done(&bench);
}

static void test_folding(void)
{
	static const struct {
		const char *name;
		uint32_t hook;
		uint16_t sport, dport; /* in the row */
		uint8_t open;
		uint16_t want_sport, want_dport;
	} cases[] = {
		{"in, port", 2, ABI_FOLD_PORT, 443, OPEN_SRC_ADDR | OPEN_SRC_PORT, 0, 443},
		{"in, address", 2, ABI_FOLD_ADDR, 0, OPEN_SRC_ADDR | OPEN_SRC_PORT | OPEN_DST_PORT,
		 0, 0},
		{"out, port", 3, 443, ABI_FOLD_PORT, OPEN_DST_ADDR | OPEN_DST_PORT, 443, 0},
		{"out, address", 3, 0, ABI_FOLD_ADDR, OPEN_DST_ADDR | OPEN_DST_PORT | OPEN_SRC_PORT,
		 0, 0},
	};
	struct bench bench;

	bench_init(&bench, 1024, 1024);
	for (size_t i = 0; i < 2 * ARRAY_SIZE(cases); i++) {
		const char *name = cases[i / 2].name;
		struct half_head *half = half_of(&bench, 0);
		uint64_t tuple =
			tuple_of(17, cases[i / 2].sport, cases[i / 2].dport, 9, cases[i / 2].hook);
		const struct flow_key *key = &bench.flows[0].key;

		half->n_folded = 1;
		if (i % 2)
			fill6(&half->coarse6[ABI_COARSE - 1 - i], "::", "2001:db8::1", tuple, 700,
			      7, epoch_of(&bench));
		else
			fill4(&half->coarse4[ABI_COARSE - 1 - i], "0.0.0.0", "192.0.2.1", tuple,
			      700, 7, epoch_of(&bench));
		drain(&bench);
		is_u64(bench.n_flows, 1, "folded %s: one row, and none of before", name);
		is_int(key->family, i % 2 ? FAMILY_IPV6 : FAMILY_IPV4, "folded %s: family", name);
		is_int(key->open, cases[i / 2].open, "folded %s: what is open", name);
		is_int(key->sport, cases[i / 2].want_sport, "folded %s: source port", name);
		is_int(key->dport, cases[i / 2].want_dport, "folded %s: destination port", name);
		is_int(key->vlan, 9, "folded %s: VLAN", name);
		is_u64(bench.flows[0].count.packets, 7, "folded %s: packets", name);
		is_u64(bench.flows[0].count.bytes, 700, "folded %s: bytes", name);
	}
	bench_done(&bench);
}

/* Totals grow for ever, in each half apart; what is handed over is what was added. */
static void test_hooks(void)
{
	struct bench bench;
	struct hook_total *total;
	const struct sample_hook *hook = &bench.hooks[0];

	bench_init(&bench, 1024, 1024);
	drain(&bench);
	is_u64(bench.n_hooks, 6, "hooks: those of three interfaces; slot 0 only with packets");
	for (uint64_t i = 1; i <= 4; i++) {
		for (unsigned int cpu = 0; cpu < N_CPUS; cpu++) {
			total = &half_of(&bench, cpu)->hooks[2];
			total->packets += 10 * i;
			total->bytes += 1000 * i;
			total->syn += i;
			total->syn_ack += 2 * i;
			total->fin += 3 * i;
			total->rst += 4 * i;
			for (uint64_t reason = 0; reason < ABI_OTHER_MAX; reason++) {
				total->other[reason].packets += i + reason;
				total->other[reason].bytes += 100 * i + reason;
			}
		}
		drain(&bench);
		is_u64(bench.n_hooks, 6, "hooks, interval %" PRIu64 ": number", i);
		is_int(hook->iface, 1, "hooks: interface");
		is_int(hook->direction, DIRECTION_IN, "hooks: direction");
		is_u64(hook->total.packets, 20 * i, "hooks: packets");
		is_u64(hook->total.bytes, 2000 * i, "hooks: bytes");
		is_u64(hook->syn, 2 * i, "hooks: SYN");
		is_u64(hook->syn_ack, 4 * i, "hooks: SYN ACK");
		is_u64(hook->fin, 6 * i, "hooks: FIN");
		is_u64(hook->rst, 8 * i, "hooks: RST");
		is_u64(hook->other[OTHER_NOT_IP].packets, 2 * i, "hooks: not IP");
		is_u64(hook->other[OTHER_MALFORMED].packets, 2 * i + 2, "hooks: malformed");
		is_u64(hook->other[OTHER_NO_ROOM].packets, 2 * i + 4, "hooks: no room");
		is_u64(hook->other[OTHER_NO_ROOM].bytes, 200 * i + 4, "hooks: no room, bytes");
		is_u64(bench.hooks[1].total.packets, 0, "hooks: nothing of the other direction");
	}
	drain(&bench);
	is_u64(hook->total.packets, 0, "hooks: nothing twice");

	half_of(&bench, 0)->hooks[1].packets = 5;
	half_of(&bench, 0)->hooks[ABI_HOOK_MAX - 1].packets = 6;
	drain(&bench);
	is_u64(bench.n_hooks, 7, "hooks: and slot 0");
	is_int(hook->iface, 0, "hooks: slot 0");
	is_int(hook->direction, DIRECTION_OUT, "hooks: slot 0, out");
	is_u64(hook->total.packets, 5, "hooks: slot 0, packets");
	is_int(bench.hooks[6].iface, SAMPLE_IFACE_MAX - 1, "hooks: the last slot");
	is_u64(bench.hooks[6].total.packets, 6, "hooks: the last slot, packets");
	bench_done(&bench);
}

/* The epoch after the last is 2; what has its number from long ago must be gone by then. */
static void test_wrap(void)
{
	struct bench bench;

	bench_init(&bench, 1024, 1024);
	is_u64(epoch_of(&bench), 1, "wrap: the first epoch");
	for (int i = 0; i < 2; i++)
		drain(&bench);
	for (int parity = 0; parity < 2; parity++) { /* stamps 2 and 3, which nobody takes again */
		struct half_head *half = (struct half_head *)(bench.map + bench.half_size * parity);

		for (uint32_t slot = 0; slot < 1024; slot++) {
			fill4(slot4_at(half, slot), "192.0.2.1", "192.0.2.2", 0, 1, 1,
			      parity ? 3 : 2);
			fill6(slot6_at(&bench, half, slot), "::1", "::2", 0, 1, 1, parity ? 3 : 2);
		}
		fill4(&half->coarse4[5], "192.0.2.1", "192.0.2.2", 0, 1, 1, parity ? 3 : 2);
		fill6(&half->coarse6[5], "::1", "::2", 0, 1, 1, parity ? 3 : 2);
		half->epoch = parity ? 3 : 2;
		half->n4 = half->n6 = 1024;
		half->n_folded = 1;
		half->hooks[2].packets = 100;
	}
	store_set_epoch(bench.store, ABI_EPOCH_MASK - 1);
	drain(&bench);
	is_u64(epoch_of(&bench), ABI_EPOCH_MASK, "wrap: the last epoch");
	is_u64(bench.hooks[0].total.packets, 100, "wrap: totals of one half");
	drain(&bench);
	is_u64(epoch_of(&bench), 2, "wrap: epoch 2 again");
	is_u64(bench.hooks[0].total.packets, 100, "wrap: totals of the other");
	for (uint32_t epoch = 2; epoch < 4; epoch++) {
		struct half_head *half = half_of(&bench, 0);

		/* by memory, since most slots are in use */
		half->n4 = half->n6 = 1000;
		half->n_folded = 1;
		drain(&bench);
		is_u64(bench.n_flows, 0, "wrap: nothing of the old epoch %u", epoch);
		is_u64(bench.hooks[0].total.packets, 0, "wrap: the totals stay");
	}
	bench_done(&bench);
}

/*
 * A large table is used in part until that fills, and shrinks when it stays empty. The epoch that
 * runs while it changes still has its old size.
 */
static void test_active(void)
{
	const uint32_t large = 1u << 18, part = 1u << 17;
	struct bench bench;

	bench_init(&bench, large, large);
	is_u64(active4(&bench), part, "active: a part at first");
	is_u64(active6(&bench), part, "active: a part at first, IPv6");
	fill_table4(&bench, half_of(&bench, 0), part / 4);
	drain(&bench);
	is_u64(active4(&bench), part, "active: a quarter is not much");
	drain(&bench);
	is_u64(active4(&bench), part, "active: nor in the next interval");
	fill_table4(&bench, half_of(&bench, 1), part / 4 + 1);
	drain(&bench);
	ok(has_table(&bench, FAMILY_IPV4, part / 4 + 1), "active: all flows before it grows");
	is_u64(active4(&bench), part, "active: the epoch that runs has what it began with");
	fill_table4(&bench, half_of(&bench, 0), 1000);
	drain(&bench);
	ok(has_table(&bench, FAMILY_IPV4, 1000), "active: all flows while it grows");
	is_u64(active4(&bench), large, "active: then all of it");
	is_u64(active6(&bench), part, "active: the other table has no need");

	for (int i = 1; i < 60;
	     i++) { /* that with 1000 flows was the first; shrinks after the last */
		is_u64(active4(&bench), large, "active: %d quiet intervals", i);
		drain(&bench);
	}
	is_u64(active4(&bench), large, "active: an epoch runs that still has all of it");
	fill_table4(&bench, half_of(&bench, 0), part / 2);
	drain(&bench);
	ok(has_table(&bench, FAMILY_IPV4, part / 2), "active: all flows while it shrinks");
	bench_done(&bench);
}

static void test_errors(void)
{
	volatile uint64_t control = 0;
	struct store_config config = {
		.map_fd = -1, .control = &control, .n_writers = 1, .slots4 = 1024, .slots6 = 1024};
	struct store *store = NULL;

	is_int(store_new(&config, &store), -EBADF, "no map");
	ok(!store, "no store then");
	is_u64(control, 0, "and no control word");
	store_free(NULL);
	is_u64(store_half_size(1024, 1024), sizeof(struct half_head) + 106496, "size of a half");
}

static void drain_watch(struct bench *bench, uint64_t start_ns, uint64_t end_ns)
{
	drain(bench);
	watch_read(store_watch(bench->store), start_ns, end_ns);
}

/* What is watched belongs to whole epochs, and so do its tallies. */
static void test_watch(void)
{
	struct flow_key key = {.src = {192, 0, 2, 7},
			       .dst = {192, 0, 2, 1},
			       .sport = 41234,
			       .dport = 443,
			       .vlan = 5,
			       .iface = 1,
			       .family = FAMILY_IPV4,
			       .proto = 6};
	struct watch_tallies *tallies;
	struct slot4 slot;
	struct bench bench;
	struct watch *watch;

	bench_init(&bench, 1024, 1024);
	tallies = store_watch(bench.store);
	watch_fill(&tallies->flows[DIRECTION_IN], &key, 2, 0);
	watch_start(tallies);
	is_u64(half_of(&bench, 0)->watches[0].ip_version, 0, "not in the epoch that runs");
	drain_watch(&bench, 100, 200);
	is_u64(tallies->sizes.end_ns, 0, "so there is nothing yet");
	watch = &half_of(&bench, 0)->watches[DIRECTION_IN];
	fill4(&slot, "192.0.2.7", "192.0.2.1", tuple_of(6, 41234, 443, 5, 2), 0, 0, 1);
	is_u64(watch->addrs[0], slot.addrs, "addresses as the programs have them");
	is_u64(watch->tuple, slot.tuple, "and the tuple");
	is_u64(watch->ip_version, 4, "version of IP");
	is_u64(half_of(&bench, 0)->watches[DIRECTION_OUT].ip_version, 0, "not the other direction");
	watch->packets[0] += 3;
	half_of(&bench, 1)->watches[DIRECTION_IN].packets[0] += 4;
	half_of(&bench, 1)->watches[DIRECTION_IN].packets[6] += 5;
	drain_watch(&bench, 200, 300);
	is_u64(tallies->sizes.packets[DIRECTION_IN][0], 7, "the sum of the CPUs");
	is_u64(tallies->sizes.packets[DIRECTION_IN][6], 5, "the last class");
	is_u64(tallies->sizes.start_ns, 200, "from the begin of the first whole epoch");
	half_of(&bench, 0)->watches[DIRECTION_IN].packets[0] += 10;
	drain_watch(&bench, 300, 400);
	drain_watch(&bench, 400, 500);
	is_u64(tallies->sizes.packets[DIRECTION_IN][0], 17, "the sum of the epochs");
	is_u64(tallies->sizes.end_ns, 500, "to the end of the last one");

	half_of(&bench, 0)->watches[DIRECTION_IN].packets[0] += 100;
	watch_stop(tallies);
	watch_fill(&tallies->flows[DIRECTION_IN], &key, 2, 0);
	watch_start(tallies);
	drain_watch(&bench, 500, 600);
	is_u64(tallies->sizes.end_ns, 0, "begun again: not with what was watched before");
	watch_stop(tallies);
	drain_watch(&bench, 600, 700);
	drain_watch(&bench, 700, 800);
	is_u64(half_of(&bench, 0)->watches[0].ip_version, 0, "ended: no half has it any more");
	drain_watch(&bench, 800, 900);
	is_u64(half_of(&bench, 1)->watches[0].ip_version, 0, "nor the other one");
	bench_done(&bench);
}

int main(void)
{
	test_fields();
	test_walks();
	test_stamps();
	test_folding();
	test_hooks();
	test_wrap();
	test_active();
	test_watch();
	test_errors();
	return tap_done();
}
