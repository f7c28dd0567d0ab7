/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Counts where the tables of account.bpf.h cannot: in programs that another one, or the same, may
 * interrupt on its CPU.
 *
 * Flows, folding rows and totals are in preallocated per-CPU hash maps, two of each, for epochs of
 * even and odd number. Every word is added to by an atomic operation, and a program reads the epoch
 * once. User space starts the next epoch, waits for an RCU grace period, and takes everything out
 * of the maps that nobody writes to any more.
 *
 * The books balance as in account.bpf.h: what finds no room in the map of flows goes to a folding
 * row, then to a counter of the hook. Where there is no room for a hook either, the whole packet
 * goes to the spill: total and counter.
 */
#ifndef HASH_BPF_H
#define HASH_BPF_H

#include "abi.h"
#include "parse.bpf.h"

/* Written by user space. */
volatile __u64 epoch = 1;

#define HASH_MAP(name, entries, key_type, value_type)                                              \
	struct {                                                                                   \
		__uint(type, BPF_MAP_TYPE_PERCPU_HASH);                                            \
		__uint(max_entries, entries);                                                      \
		__type(key, key_type);                                                             \
		__type(value, value_type);                                                         \
	} name##_even SEC(".maps"), name##_odd SEC(".maps")

/* Sizes of the first two are set before loading. */
HASH_MAP(flows4, ABI_SLOTS_MIN, struct hash_key4, struct hash_value);
HASH_MAP(flows6, ABI_SLOTS_MIN, struct hash_key6, struct hash_value);
HASH_MAP(coarse4, HASH_COARSE, struct hash_key4, struct hash_value);
HASH_MAP(coarse6, HASH_COARSE, struct hash_key6, struct hash_value);
HASH_MAP(hooks, ABI_HOOK_MAX, struct hash_hook_key, struct hook_total);

/* Who is behind the places, where user space has to be told: one for all CPUs. */
#define HASH_OWNERS(name, entries)                                                                 \
	struct {                                                                                   \
		__uint(type, BPF_MAP_TYPE_HASH);                                                   \
		__uint(max_entries, entries);                                                      \
		__type(key, __u64);                                                                \
		__type(value, struct process_owner);                                               \
	} name##_even SEC(".maps"), name##_odd SEC(".maps")

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 4); /* parity * 2 + direction */
	__type(key, __u32);
	__type(value, struct hook_total);
} spill SEC(".maps");

static const struct hash_value hash_no_value;
static const struct hook_total hash_no_total;

/* Result unused: the old form of the instruction, which every kernel has. */
#define HASH_ADD(word, n) ((void)__sync_fetch_and_add(&(word), (n)))

/* Element of a key, new where there is none. NULL: no room. is_new may be set without need. */
static __always_inline void *hash_take(void *map, const void *key, const void *zero, bool *is_new)
{
	void *value = bpf_map_lookup_elem(map, key);

	if (likely(value))
		return value;
	*is_new = true;
	/* fails where an interrupting program was faster, too */
	(void)bpf_map_update_elem(map, key, zero, BPF_NOEXIST);
	return bpf_map_lookup_elem(map, key);
}

/* Both maps of a kind have the same shape, but a program must name the one that it means. */
#define HASH_TAKE(name, now, key, zero, is_new)                                                    \
	((now)&1 ? hash_take(&name##_odd, key, zero, is_new)                                       \
		 : hash_take(&name##_even, key, zero, is_new))

struct hash_count {
	__u64 packets;
	__u64 bytes;
	__u64 retransmits;
	__u32 flags;
};

static __always_inline bool hash_add(struct hash_value *value, const struct hash_count *count)
{
	if (unlikely(!value))
		return false;
	if (count->packets) {
		HASH_ADD(value->packets, count->packets);
		HASH_ADD(value->bytes, count->bytes);
	}
	if (count->retransmits)
		HASH_ADD(value->retransmits, count->retransmits);
	if (count->flags) {
#pragma unroll
		for (int i = 0; i < 8; i++)
			if (count->flags >> i & 1)
				value->flags[i] = 1;
	}
	return true;
}

/* As fold_tuple() in account.bpf.h: the near side is kept, the field of the far port holds the
 * level. */
static __always_inline __u64 hash_fold_tuple(__u64 tuple, __u32 level, bool out)
{
	__u64 near = out ? PORT_SRC_MASK : PORT_DST_MASK;
	__u64 kept = level == ABI_FOLD_PORT ? tuple & near : 0;

	return (tuple & ~0xffffffffULL) | kept | (out ? PORTS(0, level) : PORTS(level, 0));
}

static __noinline bool hash_fold4(__u64 now, const struct hash_key4 *flow,
				  const struct hash_count *count)
{
	bool out = flow->tuple >> ABI_HOOK_SHIFT & 1, is_new;
	struct hash_key4 key = {
		.addrs = flow->addrs & (out ? ADDR4_SRC_MASK : ADDR4_DST_MASK),
		.tuple = hash_fold_tuple(flow->tuple, ABI_FOLD_PORT, out),
		.place = flow->place,
	};

	if (hash_add(HASH_TAKE(coarse4, now, &key, &hash_no_value, &is_new), count))
		return true;
	key.tuple = hash_fold_tuple(flow->tuple, ABI_FOLD_ADDR, out);
	return hash_add(HASH_TAKE(coarse4, now, &key, &hash_no_value, &is_new), count);
}

static __noinline bool hash_fold6(__u64 now, const struct hash_key6 *flow,
				  const struct hash_count *count)
{
	bool out = flow->tuple >> ABI_HOOK_SHIFT & 1, is_new;
	struct hash_key6 key = {
		.addrs = {out ? flow->addrs[0] : 0, out ? flow->addrs[1] : 0,
			  out ? 0 : flow->addrs[2], out ? 0 : flow->addrs[3]},
		.tuple = hash_fold_tuple(flow->tuple, ABI_FOLD_PORT, out),
		.place = flow->place,
	};

	if (hash_add(HASH_TAKE(coarse6, now, &key, &hash_no_value, &is_new), count))
		return true;
	key.tuple = hash_fold_tuple(flow->tuple, ABI_FOLD_ADDR, out);
	return hash_add(HASH_TAKE(coarse6, now, &key, &hash_no_value, &is_new), count);
}

static __always_inline void hash_other(struct hook_total *total, __u32 reason,
				       const struct hash_count *count)
{
	HASH_ADD(total->other[reason].packets, count->packets);
	HASH_ADD(total->other[reason].bytes, count->bytes);
}

static __always_inline void hash_flags(struct hook_total *total, __u32 flags)
{
	if (likely(!(flags & (TCP_SYN | TCP_FIN | TCP_RST))))
		return;
	if (flags & TCP_SYN) {
		if (flags & TCP_ACK)
			HASH_ADD(total->syn_ack, 1);
		else
			HASH_ADD(total->syn, 1);
	}
	if (flags & TCP_FIN)
		HASH_ADD(total->fin, 1);
	if (flags & TCP_RST)
		HASH_ADD(total->rst, 1);
}

static __noinline void hash_spill(__u64 now, bool out, const struct hash_count *count)
{
	__u32 number = (now & 1) * 2 + out;
	struct hook_total *total = bpf_map_lookup_elem(&spill, &number);

	if (!total)
		return; /* cannot be */
	HASH_ADD(total->packets, count->packets);
	HASH_ADD(total->bytes, count->bytes);
	hash_other(total, ABI_OTHER_NO_ROOM, count);
}

/* A flow's part. False: there was room nowhere. Sets *is_new where the flow may be new. */
static __always_inline bool hash_flow(__u64 now, bool ipv4, const __u64 *addrs, __u64 tuple,
				      __u64 place, const struct hash_count *count, bool *is_new)
{
	if (ipv4) {
		struct hash_key4 key = {.addrs = addrs[0], .tuple = tuple, .place = place};

		return hash_add(HASH_TAKE(flows4, now, &key, &hash_no_value, is_new), count) ||
		       hash_fold4(now, &key, count);
	} else {
		struct hash_key6 key = {
			.addrs = {addrs[0], addrs[1], addrs[2], addrs[3]},
			.tuple = tuple,
			.place = place,
		};

		return hash_add(HASH_TAKE(flows6, now, &key, &hash_no_value, is_new), count) ||
		       hash_fold6(now, &key, count);
	}
}

/* The one place that counts: total of the hook, and a flow or a reason of "other". */
static __always_inline void hash_account(__u64 now, __u32 verdict, const __u64 *addrs, __u64 tuple,
					 __u64 place, const struct hash_hook_key *hook,
					 const struct hash_count *count, bool *is_new)
{
	bool new_hook, out = hook->direction;
	struct hook_total *total = HASH_TAKE(hooks, now, hook, &hash_no_total, &new_hook);

	if (unlikely(!total)) {
		hash_spill(now, out, count);
		return;
	}
	HASH_ADD(total->packets, count->packets);
	HASH_ADD(total->bytes, count->bytes);
	if (unlikely(verdict > VERDICT_IPV6)) {
		hash_other(total,
			   verdict == VERDICT_NOT_IP ? ABI_OTHER_NOT_IP : ABI_OTHER_MALFORMED,
			   count);
		return;
	}
	hash_flags(total, count->flags);
	tuple |= (__u64)out << ABI_HOOK_SHIFT;
	if (!hash_flow(now, verdict == VERDICT_IPV4, addrs, tuple, place, count, is_new))
		hash_other(total, ABI_OTHER_NO_ROOM, count);
}

#endif
