/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What the counting programs are measured against: nothing ("empty"), and a counter with the maps
 * of the usual design ("ref": a per-CPU LRU hash with a key of 72 bytes and a second LRU hash with
 * one of 40 looked up for every packet). And a driver that gives every packet a source of its own
 * from a table before it goes on to the program under test. Each for the tc hooks and for XDP.
 */
#include "vmlinux.h"

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define IDS (1U << 21)
#define NEXT (-1)

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, IDS * sizeof(__u32));
} ids SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PROG_ARRAY);
	__uint(max_entries, 1);
	__uint(key_size, sizeof(__u32));
	__uint(value_size, sizeof(__u32));
} target SEC(".maps"), target_xdp SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} position SEC(".maps");

/* An id of all ones stands for a source that was never seen before. */
#define ID_FRESH 0xffffffffU

static __always_inline void change_source(void *data, void *end)
{
	__u32 zero = 0, id;
	__u64 *at = bpf_map_lookup_elem(&position, &zero);
	__u32 *table = bpf_map_lookup_elem(&ids, &zero);
	__u16 type;

	if (!at || !table || data + 54 > end)
		return;
	id = table[*at & (IDS - 1)];
	if (id == ID_FRESH) /* a permutation of 2^31 numbers, apart for each CPU's half */
		id = 0x80000000U |
		     (__u32)((*at * 2 + (bpf_get_smp_processor_id() & 1)) * 2654435761U) >> 1;
	++*at;
	type = *(volatile __u16 *)(data + 12);
	if (type == bpf_htons(0x0800))
		*(volatile __u32 *)(data + 26) = id;
	else if (type == bpf_htons(0x86dd))
		*(volatile __u32 *)(data + 34) = id; /* last word of the source */
	else
		*(volatile __u32 *)(data + 30) = id; /* one VLAN tag */
}

SEC("tc")
int driver(struct __sk_buff *skb)
{
	change_source((void *)(long)skb->data, (void *)(long)skb->data_end);
	bpf_tail_call(skb, &target, 0);
	return NEXT;
}

SEC("xdp.frags")
int driver_xdp(struct xdp_md *xdp)
{
	change_source((void *)(long)xdp->data, (void *)(long)xdp->data_end);
	bpf_tail_call(xdp, &target_xdp, 0);
	return XDP_PASS;
}

SEC("tc")
int empty(struct __sk_buff *skb)
{
	return NEXT;
}

SEC("xdp.frags")
int empty_xdp(struct xdp_md *xdp)
{
	return XDP_PASS;
}

struct ref_key {
	__u64 src[2], dst[2];
	__u64 reserved[4]; /* cgroup, command, pid */
	__u64 tuple;
};

struct ref_label_key {
	__u64 src[2], dst[2], tuple;
};

struct ref_value {
	__u64 packets, bytes;
};

struct {
	__uint(type, BPF_MAP_TYPE_LRU_PERCPU_HASH);
	__uint(max_entries, 131072);
	__type(key, struct ref_key);
	__type(value, struct ref_value);
} ref_flows SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 131072);
	__type(key, struct ref_label_key);
	__type(value, __u8);
} ref_labels SEC(".maps");

static __always_inline int ref_parse(void *p, void *end, struct ref_label_key *key)
{
	__u16 type;
	__u8 proto;

	if (p + 14 > end)
		return -1;
	type = *(volatile __u16 *)(p + 12);
	p += 14;
	if (type == bpf_htons(0x8100)) {
		if (p + 4 > end)
			return -1;
		type = *(volatile __u16 *)(p + 2);
		p += 4;
	}
	if (type == bpf_htons(0x0800)) {
		__u32 header_len;

		if (p + 20 > end)
			return -1;
		header_len = (*(volatile __u8 *)p & 15) * 4;
		key->src[1] = *(volatile __u32 *)(p + 12);
		key->dst[1] = *(volatile __u32 *)(p + 16);
		proto = *(volatile __u8 *)(p + 9);
		p += header_len;
	} else if (type == bpf_htons(0x86dd)) {
		if (p + 40 > end)
			return -1;
		key->src[0] = *(volatile __u64 *)(p + 8);
		key->src[1] = *(volatile __u64 *)(p + 16);
		key->dst[0] = *(volatile __u64 *)(p + 24);
		key->dst[1] = *(volatile __u64 *)(p + 32);
		proto = *(volatile __u8 *)(p + 6);
		p += 40;
	} else {
		return -1;
	}
	if (p + 8 > end)
		return -1;
	key->tuple = *(volatile __u32 *)p | (__u64)proto << 32;
	return 0;
}

static __always_inline void ref_count(void *data, void *end, __u64 len)
{
	struct ref_label_key label = {};
	struct ref_value *value, first = {1, len};
	struct ref_key key = {};
	__u8 none = 0;

	if (ref_parse(data, end, &label) < 0)
		return;
	if (!bpf_map_lookup_elem(&ref_labels, &label) && len >= 66)
		bpf_map_update_elem(&ref_labels, &label, &none, BPF_NOEXIST);
	key.src[0] = label.src[0];
	key.src[1] = label.src[1];
	key.dst[0] = label.dst[0];
	key.dst[1] = label.dst[1];
	key.tuple = label.tuple;
	value = bpf_map_lookup_elem(&ref_flows, &key);
	if (value) {
		value->packets++;
		value->bytes += len;
		return;
	}
	bpf_map_update_elem(&ref_flows, &key, &first, BPF_NOEXIST);
}

SEC("tc")
int ref(struct __sk_buff *skb)
{
	ref_count((void *)(long)skb->data, (void *)(long)skb->data_end, skb->len);
	return NEXT;
}

SEC("xdp.frags")
int ref_xdp(struct xdp_md *xdp)
{
	ref_count((void *)(long)xdp->data, (void *)(long)xdp->data_end, bpf_xdp_get_buff_len(xdp));
	return XDP_PASS;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
