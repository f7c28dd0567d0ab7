/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads the packet programs, runs them over frames and records what the store hands over. */
#include "config.h"

#include "packet-rig.h"

#include <linux/types.h>

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi.h"
#include "capture-size.h"
#include "cleanup.h"
#include "macro.h"
#include "packet.skel.h"

#define FRAME_MAX (1 << 16)
#ifndef BPF_F_XDP_HAS_FRAGS
#define BPF_F_XDP_HAS_FRAGS (1U << 5) /* kernel commit c2f2cdbeffda (5.18) */
#endif

struct rig {
	struct packet_bpf *skel;
	bool xdp;
	struct store *store;
	uint64_t used[SAMPLE_IFACE_MAX / 64];
};
DEFINE_CLEANUP(struct rig *, rig_free);

static int print_nothing(ATTR_UNUSED enum libbpf_print_level level, ATTR_UNUSED const char *format,
			 ATTR_UNUSED va_list args)
{
	return 0;
}

static unsigned int n_writers(const struct rig_config *config)
{
	return config->preemptible ? 2 * capture_n_cpus() : capture_n_cpus();
}

static int load(struct rig *rig, const struct rig_config *config, uint32_t slots4, uint32_t slots6,
		bool frags)
{
	int r;

	libbpf_set_print(print_nothing);
	rig->skel = packet_bpf__open();
	if (!rig->skel)
		return -errno;
	rig->skel->rodata->slots4_last = slots4 - 1;
	rig->skel->rodata->slots6_last = slots6 - 1;
	rig->skel->rodata->slots6_offset = ABI_OFFSET_SLOTS6((size_t)slots4);
	rig->skel->rodata->arp_flows = !config->no_arp;
	rig->skel->rodata->labels = !config->no_l7;
	rig->skel->rodata->hash_seed = 0x5eed5eed5eed5eedULL;
	rig->skel->rodata->preemptible = config->preemptible;
	rig->skel->rodata->n_cpus = capture_n_cpus();
	rig->skel->rodata->xdp_frags = frags;
	(void)bpf_program__set_flags(rig->skel->progs.on_xdp, frags ? BPF_F_XDP_HAS_FRAGS : 0);
	r = bpf_map__set_value_size(rig->skel->maps.halves, (__u32)store_half_size(slots4, slots6));
	if (r == 0)
		r = bpf_map__set_max_entries(rig->skel->maps.halves, 2 * n_writers(config));
	if (r == 0)
		r = packet_bpf__load(rig->skel);
	return r;
}

int rig_new(const struct rig_config *config, struct rig **ret_rig)
{
	uint32_t slots4 = config->slots4 ? config->slots4 : ABI_SLOTS_MIN;
	uint32_t slots6 = config->slots6 ? config->slots6 : ABI_SLOTS_MIN;
	struct store_config store = {
		.n_writers = n_writers(config),
		.slots4 = slots4,
		.slots6 = slots6,
		.no_membarrier = config->no_membarrier,
	};
	cleanup(rig_freep) struct rig *rig = calloc(1, sizeof(*rig));
	int r;

	if (!rig)
		return -ENOMEM;
	rig->xdp = config->xdp;
	r = load(rig, config, slots4, slots6, !config->no_frags);
	if (r == -EINVAL) {
		packet_bpf__destroy(rig->skel);
		r = load(rig, config, slots4, slots6, false);
	}
	if (r < 0)
		return r;
	store.map_fd = bpf_map__fd(rig->skel->maps.halves);
	store.control = (volatile uint64_t *)&rig->skel->data->control;
	r = store_new(&store, &rig->store);
	if (r < 0)
		return r;
	rig->used[0] = 1; /* slot 0: interfaces that are not known */
	rig_set_iface(rig, 1, RIG_SLOT, 0, 0);
	*ret_rig = take_ptr(rig);
	return 0;
}

void rig_free(struct rig *rig)
{
	if (!rig)
		return;
	store_free(rig->store);
	packet_bpf__destroy(rig->skel);
	free(rig);
}

void rig_occupy(const struct rig *rig, bool inner, uint64_t entered)
{
	uint32_t size = bpf_map__value_size(rig->skel->maps.halves), n = 2 * capture_n_cpus();
	cleanup(freep) struct half_head *half = malloc(size);
	int fd = bpf_map__fd(rig->skel->maps.halves);

	for (uint32_t i = 0; half && i < n; i++) {
		uint32_t number = inner ? n + i : i;

		if (bpf_map_lookup_elem(fd, &number, half) < 0)
			abort();
		half->entered = entered;
		if (bpf_map_update_elem(fd, &number, half, BPF_ANY) < 0)
			abort();
	}
}

uint64_t rig_uncounted(const struct rig *rig)
{
	return rig->skel->bss->uncounted;
}

void rig_set_iface(struct rig *rig, uint32_t index, uint16_t slot, uint16_t flags,
		   unsigned int place)
{
	rig->skel->bss->ifaces[(index + place) & (ABI_IFACE_TABLE - 1)] =
		ABI_IFACE(index, slot, flags);
	rig->used[slot / 64] |= 1ULL << slot % 64;
}

void rig_clear_ifaces(struct rig *rig)
{
	memset((void *)rig->skel->bss->ifaces, 0, sizeof(rig->skel->bss->ifaces));
}

struct store *rig_store(const struct rig *rig)
{
	return rig->store;
}

int rig_program(const struct rig *rig, enum direction direction)
{
	if (direction == DIRECTION_OUT)
		return bpf_program__fd(rig->skel->progs.on_egress);
	return bpf_program__fd(rig->xdp ? rig->skel->progs.on_xdp : rig->skel->progs.on_ingress);
}

uint32_t rig_active4(const struct rig *rig)
{
	uint64_t control = rig->skel->data->control;

	return ((uint32_t)(control >> ABI_EPOCH_BITS & ABI_MASK_MASK) + 1) * ABI_BUCKET;
}

int rig_run(const struct rig *rig, enum direction direction, const struct rig_frame *frame)
{
	static uint8_t out[FRAME_MAX];
	bool xdp = rig->xdp && direction == DIRECTION_IN;
	struct __sk_buff skb = {
		.ifindex = frame->ifindex,
		.gso_size = frame->gso_size,
		.gso_segs = frame->gso_segs,
	};
	struct xdp_md md = {
		.data_end = (__u32)(frame->linear ? frame->linear : frame->size),
		.ingress_ifindex = frame->ifindex,
	};
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame->data,
		    .data_size_in = (__u32)frame->size, .data_out = out,
		    .data_size_out = sizeof(out), .ctx_in = xdp ? (void *)&md : (void *)&skb,
		    .ctx_size_in = xdp ? sizeof(md) : sizeof(skb),
		    .repeat = frame->repeat ? (int)frame->repeat : 1);
	int r = bpf_prog_test_run_opts(rig_program(rig, direction), &opts);

	if (r < 0)
		return r;
	if (opts.retval != (xdp ? XDP_PASS : (__u32)-1))
		return -EPROTO;
	if (opts.data_size_out != frame->size || memcmp(out, frame->data, frame->size) != 0)
		return -EBADMSG;
	return 0;
}

static void add_flows(void *data, const struct sample_flow *flows, size_t n_flows)
{
	struct record *record = data;

	if (record->n_flows + n_flows > record->n_allocated) {
		record->n_allocated = (record->n_flows + n_flows) * 2;
		record->flows =
			realloc(record->flows, record->n_allocated * sizeof(*record->flows));
		if (!record->flows)
			abort();
	}
	memcpy(record->flows + record->n_flows, flows, n_flows * sizeof(*flows));
	record->n_flows += n_flows;
}

static void add_hook(void *data, const struct sample_hook *hook)
{
	struct record *record = data;
	struct sample_hook *sum = record->hooks;

	while (sum < record->hooks + record->n_hooks &&
	       (sum->iface != hook->iface || sum->direction != hook->direction))
		sum++;
	if (sum == record->hooks + ARRAY_SIZE(record->hooks))
		abort();
	if (sum == record->hooks + record->n_hooks) {
		record->n_hooks++;
		*sum = *hook;
		return;
	}
	tally_add(&sum->total, &hook->total);
	for (int i = 0; i < OTHER_MAX; i++)
		tally_add(&sum->other[i], &hook->other[i]);
	sum->syn += hook->syn;
	sum->syn_ack += hook->syn_ack;
	sum->fin += hook->fin;
	sum->rst += hook->rst;
}

int rig_collect(struct rig *rig, bool wait, struct record *record)
{
	struct sample_sink sink = {.data = record, .flows = add_flows, .hook = add_hook};
	int r = 0;

	store_flip(rig->store);
	if (wait)
		r = store_wait(rig->store);
	if (r == 0)
		store_drain(rig->store, &sink, rig->used, &record->used);
	return r;
}

void record_clear(struct record *record)
{
	record->n_flows = record->n_hooks = 0;
	record->used = 0;
}

void record_done(struct record *record)
{
	free(record->flows);
	*record = (struct record){.flows = NULL};
}

static int compare_flows(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct flow_key)); /* the key is the first member */
}
_Static_assert(offsetof(struct sample_flow, key) == 0, "key first");

void record_sort(struct record *record)
{
	size_t n = 0;

	if (record->n_flows == 0)
		return;
	qsort(record->flows, record->n_flows, sizeof(*record->flows), compare_flows);
	for (size_t i = 1; i < record->n_flows; i++) {
		struct sample_flow *last = &record->flows[n];

		if (compare_flows(last, &record->flows[i]) != 0) {
			record->flows[++n] = record->flows[i];
			continue;
		}
		tally_add(&last->count, &record->flows[i].count);
		last->tcp_flags |= record->flows[i].tcp_flags;
	}
	record->n_flows = n + 1;
}

struct sample_hook record_hook(const struct record *record, uint16_t iface,
			       enum direction direction)
{
	for (size_t i = 0; i < record->n_hooks; i++)
		if (record->hooks[i].iface == iface && record->hooks[i].direction == direction)
			return record->hooks[i];
	return (struct sample_hook){.iface = iface, .direction = (uint8_t)direction};
}

struct tally record_sum(const struct record *record, uint16_t iface, enum direction direction,
			bool folded)
{
	struct tally sum = {0, 0};

	for (size_t i = 0; i < record->n_flows; i++) {
		const struct sample_flow *flow = &record->flows[i];

		if (flow->key.iface == iface && flow->key.direction == direction &&
		    (flow->key.open != 0) == folded)
			tally_add(&sum, &flow->count);
	}
	return sum;
}

bool record_balances(const struct record *record)
{
	struct tally hooks = {0, 0}, flows = {0, 0};

	for (size_t i = 0; i < record->n_hooks; i++) {
		const struct sample_hook *hook = &record->hooks[i];
		struct tally sum = record_sum(record, hook->iface, hook->direction, false);
		struct tally folded = record_sum(record, hook->iface, hook->direction, true);

		tally_add(&sum, &folded);
		tally_add(&hooks, &sum);
		for (int reason = 0; reason < OTHER_MAX; reason++)
			tally_add(&sum, &hook->other[reason]);
		if (sum.packets != hook->total.packets || sum.bytes != hook->total.bytes)
			return false;
	}
	for (size_t i = 0; i < record->n_flows; i++)
		tally_add(&flows, &record->flows[i].count);
	return flows.packets == hooks.packets && flows.bytes == hooks.bytes;
}

static void print_flow(FILE *out, const struct sample_flow *flow)
{
	static const char *const families[FAMILY_MAX] = {"none", "v4", "v6", "arp"};
	const struct flow_key *key = &flow->key;
	int family = key->family == FAMILY_IPV6 ? AF_INET6 : AF_INET;
	char src[INET6_ADDRSTRLEN], dst[INET6_ADDRSTRLEN];
	const char *left = family == AF_INET6 ? "[" : "", *right = family == AF_INET6 ? "]" : "";

	inet_ntop(family, key->src, src, sizeof(src));
	inet_ntop(family, key->dst, dst, sizeof(dst));
	if (key->vlan)
		fprintf(out, "vlan %u ", key->vlan);
	fprintf(out, "%s %u %s%s%s:%u > %s%s%s:%u", families[key->family % FAMILY_MAX], key->proto,
		left, src, right, key->sport, left, dst, right, key->dport);
	if (key->open)
		fprintf(out, " open %x", key->open);
	if (flow->tcp_flags)
		fprintf(out, " flags %02x", flow->tcp_flags);
	if (key->owner)
		fputs(" RESERVED", out);
}

static void print_counter(FILE *out, const char *name, uint64_t n)
{
	if (n == 1)
		fprintf(out, ", %s", name);
	else if (n)
		fprintf(out, ", %llu %s", (unsigned long long)n, name);
}

void record_text(const struct record *record, uint16_t iface, enum direction direction, char *buf,
		 size_t size)
{
	static const char *const reasons[OTHER_MAX] = {"not-ip", "malformed", "no-room"};
	struct sample_hook hook = record_hook(record, iface, direction);
	const char *separator = "";
	cleanup(fclosep) FILE *out = fmemopen(buf, size, "w");

	if (!out)
		abort();
	for (size_t i = 0; i < record->n_flows; i++) {
		if (record->flows[i].key.iface != iface ||
		    record->flows[i].key.direction != direction)
			continue;
		fputs(separator, out);
		print_flow(out, &record->flows[i]);
		separator = "; ";
	}
	for (int i = 0; i < OTHER_MAX; i++) {
		if (hook.other[i].packets || hook.other[i].bytes) {
			fprintf(out, "%s%s", separator, reasons[i]);
			separator = "; ";
		}
	}
	print_counter(out, "syn", hook.syn);
	print_counter(out, "syn-ack", hook.syn_ack);
	print_counter(out, "fin", hook.fin);
	print_counter(out, "rst", hook.rst);
	fprintf(out, " = %llu/%llu", (unsigned long long)hook.total.packets,
		(unsigned long long)hook.total.bytes);
	if (!record_balances(record))
		fputs(" UNBALANCED", out);
	for (size_t i = 0; i < record->n_hooks; i++)
		if ((record->hooks[i].iface != iface || record->hooks[i].direction != direction) &&
		    record->hooks[i].total.packets)
			fputs(" ELSEWHERE", out);
}
