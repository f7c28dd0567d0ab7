/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The one place that counts.
 *
 * Every packet adds to the total of its hook and to exactly one of: a flow's slot, a folding row, a
 * reason of "other". Packets of a flow that loses its slot move to a folding row. So, per hook and
 * epoch, flows + folded + other = total.
 *
 * No lock and no atomic operation: a half is written by one CPU, and the hooks that call this run
 * with softirqs off, so that nothing on the same CPU can come between (tc and TCX: ingress runs in
 * softirq context or with BH disabled, egress under rcu_read_lock_bh() in __dev_queue_xmit(); XDP:
 * in NAPI context).
 *
 * But with PREEMPT_RT that is not so since softirqs lost their lock (commit 3253cb49cbad, 6.18):
 * there a program says when it is at a half, and who comes between finds that and takes another.
 *
 * No packet is counted twice or lost while user space reads. A program reads the control word once
 * and writes only to the half of that epoch. User space stores the next epoch, then waits for an
 * RCU grace period. Programs run inside RCU read-side sections, so after it every program that saw
 * the old epoch has ended, and those that follow see the new one: the old half has no writer any
 * more, and holds everything that was counted in its epoch. It is read in peace before the epoch
 * after the next one writes to it again.
 */
#ifndef ACCOUNT_BPF_H
#define ACCOUNT_BPF_H

#include "abi.h"
#include "parse.bpf.h"
#include "watch.bpf.h"

/* Slots of the two tables, powers of two, minus 1, and the offset of the second; set before
 * loading. */
const volatile __u64 slots4_last = ABI_SLOTS_MIN - 1;
const volatile __u64 slots6_last = ABI_SLOTS_MIN - 1;
const volatile __u64 slots6_offset = ABI_OFFSET_SLOTS6(ABI_SLOTS_MIN);
/* Random, so that nobody can choose packets that fall into one bucket. */
const volatile __u64 hash_seed = 0;

/*
 * A program may be interrupted by another one, or itself, on its CPU: then there are twice as many
 * halves. Who comes in the middle of two finds both taken, and is counted here alone.
 */
const volatile bool preemptible = false;
const volatile __u32 n_cpus = 1;
volatile __u64 uncounted;

/* Flows are labelled with the protocol of their payload. */
const volatile bool labels = true;
/* So many packets of a flow are looked into in an epoch, until one of them has a label. */
#define LABEL_PACKETS 8

/* ABI_CONTROL(); written by user space. */
volatile __u64 control = ABI_CONTROL(1, 0, 0);

struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(map_flags, BPF_F_MMAPABLE);
	__uint(max_entries, 2); /* 2 * possible CPUs; sizes are set before loading */
	__uint(key_size, sizeof(__u32));
	__uint(value_size, ABI_HALF_SIZE(ABI_SLOTS_MIN, ABI_SLOTS_MIN));
} halves SEC(".maps");

/* Seeded multiply-xorshift; 1 to 3 ns where the kernel's jhash takes 19. The high bits are the
 * best. */
static __always_inline __u64 hash_mix(__u64 a, __u64 b)
{
	__u64 h = (a ^ hash_seed) * 0x9e3779b97f4a7c15ULL;

	h ^= h >> 32;
	return (h + b) * 0xd6e8feb86659fd93ULL;
}

static __always_inline __u64 hash4(__u64 addrs, __u64 tuple)
{
	return hash_mix(addrs, tuple);
}

static __always_inline __u64 hash6(const __u64 *addrs, __u64 tuple)
{
	__u64 h = hash_mix(addrs[0] ^ addrs[2] * 0xff51afd7ed558ccdULL, addrs[1] + tuple);

	return hash_mix(h ^ h >> 32, addrs[3]);
}

/* The two buckets of a hash. */
#define BUCKET_FIRST(hash) ((hash) >> 44)
#define BUCKET_SECOND(hash) ((hash) >> 24)

/* The parts of the words of a slot. */
#define PACKETS(stamp) ((stamp) & ((1ULL << ABI_STAMP_SHIFT) - 1))
#define BYTES(bytes) ((bytes) & ((1ULL << ABI_LABEL_SHIFT) - 1))
#define LABEL_MASK (((1ULL << ABI_LABEL_BITS) - 1) << ABI_LABEL_SHIFT)

/* Whether a packet is to be looked into, by the words of the slot before it was counted. */
static __always_inline bool wants_label(__u64 bytes, __u64 stamp)
{
	return labels && unlikely(PACKETS(stamp) < LABEL_PACKETS) && !(bytes & LABEL_MASK);
}

/* Adds packets and bytes (with flags, and no label) to the words of a slot. */
static __always_inline void count_slot(__u64 *slot_bytes, __u64 *stamp, __u64 packets, __u64 bytes)
{
	*slot_bytes = (*slot_bytes + BYTES(bytes)) | (bytes & ~BYTES(~0ULL));
	*stamp += packets;
}

/*
 * What one function leaves for the next. In the half and not on the stack, since the functions for
 * what is not common are global: the verifier looks at each of them once, not once per way that
 * leads there, and they take numbers only (pointers to memory came with 5.13, commit e5069b9c23b3).
 */
struct scratch {
	struct packet packet; /* for account_any() */
	struct packet inner;  /* of a tunnel packet */
	struct slot4 slot4;   /* for account4_search(), fold4() */
	struct slot6 slot6;
	struct slot6 key6; /* of fold6() */
};
_Static_assert(sizeof(struct scratch) <= sizeof(((struct half_head *)0)->scratch), "scratch");

/* Word by word, since a whole slot on the stack is more than the verifier's 512 bytes have room
 * for. */
#define SWAP(a, b)                                                                                 \
	({                                                                                         \
		__u64 a_ = (a);                                                                    \
		(a) = (b);                                                                         \
		(b) = a_;                                                                          \
	})

/* Of a program that interrupts none. */
static __always_inline struct half_head *find_outer(__u64 control_word)
{
	__u32 number = bpf_get_smp_processor_id() * 2 + (control_word & 1);

	return bpf_map_lookup_elem(&halves, &number);
}

static __always_inline struct half_head *find_half(__u64 control_word)
{
	__u32 number = (bpf_get_smp_processor_id() + n_cpus) * 2 + (control_word & 1);

	if (preemptible && control_word & ABI_INNER)
		return bpf_map_lookup_elem(&halves, &number);
	return find_outer(control_word);
}

/* False: somebody is there. Whoever sees a 1 is alone, and whoever comes later sees more. */
static __always_inline bool try_half(struct half_head *half)
{
	(void)__sync_fetch_and_add(&half->entered, 1);
	barrier();
	if (likely(*(volatile __u64 *)&half->entered == 1))
		return true;
	(void)__sync_fetch_and_add(&half->entered, -1);
	return false;
}

/* The half of a program that begins, which is its own until leave_half(). NULL: there is none. */
static __always_inline struct half_head *enter_half(__u64 *control_word)
{
	struct half_head *half = find_half(*control_word);

	if (!preemptible || !half || try_half(half))
		return half;
	*control_word |= ABI_INNER;
	half = find_half(*control_word);
	if (half && try_half(half))
		return half;
	(void)__sync_fetch_and_add(&uncounted, 1);
	return NULL;
}

static __always_inline void leave_half(__u64 control_word)
{
	struct half_head *half;

	if (!preemptible)
		return;
	half = find_half(control_word);
	if (half)
		(void)__sync_fetch_and_add(&half->entered, -1);
}

static __always_inline struct scratch *find_scratch(struct half_head *half)
{
	return (void *)half->scratch;
}

/* The first slot or fold of an epoch resets the half's list of slots in use. */
static __always_inline void half_enter(struct half_head *half, __u64 epoch)
{
	if (half->epoch != epoch) {
		half->epoch = epoch;
		half->n4 = 0;
		half->n6 = 0;
		half->n_folded = 0;
	}
}

static __always_inline void count_no_room(struct half_head *half, __u64 tuple, __u64 packets,
					  __u64 bytes)
{
	struct hook_total *total = &half->hooks[tuple >> ABI_HOOK_SHIFT & (ABI_HOOK_MAX - 1)];

	total->other[ABI_OTHER_NO_ROOM].packets += packets;
	total->other[ABI_OTHER_NO_ROOM].bytes += bytes;
}

/*
 * What is left of a tuple when it is folded: the near side of the hook keeps its port (the
 * destination of what comes in, the source of what goes out), since the far side is what a spoofed
 * flood varies; the field of the far port holds the level.
 */
static __always_inline __u64 fold_tuple(__u64 tuple, __u32 level, bool out)
{
	__u64 near = out ? PORT_SRC_MASK : PORT_DST_MASK;
	__u64 kept = level == ABI_FOLD_PORT ? tuple & near : 0;

	return (tuple & ~0xffffffffULL) | kept | (out ? PORTS(0, level) : PORTS(level, 0));
}

/* Adds to a row of the folding table; false when its bucket is full of others. */
static __always_inline bool fold4_into(struct half_head *half, __u64 addrs, __u64 tuple,
				       const struct slot4 *what)
{
	__u64 h = BUCKET_FIRST(hash4(addrs, tuple)) & (ABI_COARSE / ABI_BUCKET - 1);
	struct slot4 *slot = &half->coarse4[h * ABI_BUCKET];

#pragma unroll
	for (int i = 0; i < ABI_BUCKET; i++, slot++) {
		if ((slot->stamp ^ what->stamp) >> ABI_STAMP_SHIFT) {
			slot->addrs = addrs;
			slot->tuple = tuple;
			slot->bytes = what->bytes;
			slot->stamp = what->stamp;
			return true;
		}
		if (slot->addrs == addrs && slot->tuple == tuple) {
			count_slot(&slot->bytes, &slot->stamp, PACKETS(what->stamp), what->bytes);
			return true;
		}
	}
	return false;
}

/* Folds the counts in scratch.slot4. */
static __noinline int fold4(struct half_head *half)
{
	struct slot4 *what;
	__u64 addrs;
	bool out;

	if (!half)
		return 0;
	what = &find_scratch(half)->slot4;
	what->bytes &= ~LABEL_MASK; /* a row sums up flows of any */
	out = what->tuple >> ABI_HOOK_SHIFT & 1;
	half->n_folded++;
	addrs = what->addrs & (out ? ADDR4_SRC_MASK : ADDR4_DST_MASK);
	if (!fold4_into(half, addrs, fold_tuple(what->tuple, ABI_FOLD_PORT, out), what) &&
	    !fold4_into(half, addrs, fold_tuple(what->tuple, ABI_FOLD_ADDR, out), what))
		count_no_room(half, what->tuple, PACKETS(what->stamp), BYTES(what->bytes));
	return 0;
}

static __always_inline bool same6(const struct slot6 *slot, const __u64 *addrs, __u64 tuple)
{
	return ((slot->addrs[0] ^ addrs[0]) | (slot->addrs[1] ^ addrs[1]) |
		(slot->addrs[2] ^ addrs[2]) | (slot->addrs[3] ^ addrs[3]) |
		(slot->tuple ^ tuple)) == 0;
}

static __always_inline bool fold6_into(struct half_head *half, const __u64 *addrs, __u64 tuple,
				       const struct slot6 *what)
{
	__u64 h = BUCKET_FIRST(hash6(addrs, tuple)) & (ABI_COARSE / ABI_BUCKET - 1);
	struct slot6 *slot = &half->coarse6[h * ABI_BUCKET];

#pragma unroll
	for (int i = 0; i < ABI_BUCKET; i++, slot++) {
		if ((slot->stamp ^ what->stamp) >> ABI_STAMP_SHIFT) {
			slot->addrs[0] = addrs[0];
			slot->addrs[1] = addrs[1];
			slot->addrs[2] = addrs[2];
			slot->addrs[3] = addrs[3];
			slot->tuple = tuple;
			slot->bytes = what->bytes;
			slot->stamp = what->stamp;
			return true;
		}
		if (same6(slot, addrs, tuple)) {
			count_slot(&slot->bytes, &slot->stamp, PACKETS(what->stamp), what->bytes);
			return true;
		}
	}
	return false;
}

/* Folds the counts in scratch.slot6. */
static __noinline int fold6(struct half_head *half)
{
	struct slot6 *what;
	__u64 *addrs;
	bool out;

	if (!half)
		return 0;
	what = &find_scratch(half)->slot6;
	what->bytes &= ~LABEL_MASK; /* a row sums up flows of any */
	addrs = find_scratch(half)->key6.addrs;
	out = what->tuple >> ABI_HOOK_SHIFT & 1;
	half->n_folded++;
	addrs[0] = out ? what->addrs[0] : 0;
	addrs[1] = out ? what->addrs[1] : 0;
	addrs[2] = out ? 0 : what->addrs[2];
	addrs[3] = out ? 0 : what->addrs[3];
	if (!fold6_into(half, addrs, fold_tuple(what->tuple, ABI_FOLD_PORT, out), what) &&
	    !fold6_into(half, addrs, fold_tuple(what->tuple, ABI_FOLD_ADDR, out), what))
		count_no_room(half, what->tuple, PACKETS(what->stamp), BYTES(what->bytes));
	return 0;
}

/*
 * Randomised admission: a newcomer of n packets takes the slot of the smallest flow of its bucket,
 * of m packets, with probability n / (m + n). Heavy flows stay, and a flow that keeps sending gets
 * in.
 */
static __always_inline bool admit(struct half_head *half, __u64 smallest, __u64 packets)
{
	__u32 x = half->random | 1; /* xorshift never leaves 0 */

	x ^= x << 13;
	x ^= x >> 17;
	x ^= x << 5;
	half->random = x;
	if (smallest > 0x7fffffff)
		return false;
	packets &= 0xffffff;
	return (__u64)x * (smallest + packets) < packets << 32;
}

/*
 * Finds or makes room for the counts in scratch.slot4. Returns the number of the slot and 1 where
 * the packet is to be looked into, else 0.
 */
__noinline int account4_search(__u64 control_word)
{
	__u64 epoch = control_word & ABI_EPOCH_MASK;
	__u64 mask = control_word >> ABI_EPOCH_BITS & slots4_last / ABI_BUCKET;
	struct half_head *half = find_half(control_word);
	struct slot4 *what, *bucket, *slot, *victim;
	__u64 hash, number, smallest;
	void *slots;

	if (!half)
		return 0;
	half_enter(half, epoch);
	slots = (void *)half + ABI_OFFSET_SLOTS4;
	what = &find_scratch(half)->slot4;
	hash = hash4(what->addrs, what->tuple);
	for (int choice = 0; choice < 2; choice++) {
		number = ((choice ? BUCKET_SECOND(hash) : BUCKET_FIRST(hash)) & mask) * ABI_BUCKET;
		slot = slots + number * sizeof(struct slot4);
#pragma unroll
		for (int i = 0; i < ABI_BUCKET; i++, slot++) {
			if (slot->stamp >> ABI_STAMP_SHIFT != epoch) {
				__u32 *order = (void *)half + ABI_OFFSET_ORDER4(slots4_last + 1);

				order[half->n4++ & slots4_last] = number + i;
				*slot = *what;
				return labels ? number + i + 1 : 0;
			}
			if (slot->addrs == what->addrs && slot->tuple == what->tuple) {
				bool wants = wants_label(slot->bytes, slot->stamp);

				count_slot(&slot->bytes, &slot->stamp, PACKETS(what->stamp),
					   what->bytes);
				return wants ? number + i + 1 : 0;
			}
		}
	}

	bucket = slots + (BUCKET_FIRST(hash) & mask) * ABI_BUCKET * sizeof(struct slot4);
	victim = bucket;
	smallest = bucket->stamp;
#pragma unroll
	for (int i = 1; i < ABI_BUCKET; i++) {
		if (bucket[i].stamp < smallest) {
			smallest = bucket[i].stamp;
			victim = bucket + i;
		}
	}
	if (admit(half, PACKETS(smallest), PACKETS(what->stamp))) {
		SWAP(victim->addrs, what->addrs);
		SWAP(victim->tuple, what->tuple);
		SWAP(victim->bytes, what->bytes);
		SWAP(victim->stamp, what->stamp);
	}
	return fold4(half);
}

/* The same for scratch.slot6. */
__noinline int account6_search(__u64 control_word)
{
	__u64 epoch = control_word & ABI_EPOCH_MASK;
	__u64 mask = control_word >> (ABI_EPOCH_BITS + ABI_MASK_BITS) & slots6_last / ABI_BUCKET;
	struct half_head *half = find_half(control_word);
	struct slot6 *what, *bucket, *slot, *victim;
	__u64 hash, number, smallest;
	void *slots;

	if (!half)
		return 0;
	half_enter(half, epoch);
	slots = (void *)half + slots6_offset;
	what = &find_scratch(half)->slot6;
	hash = hash6(what->addrs, what->tuple);
	for (int choice = 0; choice < 2; choice++) {
		number = ((choice ? BUCKET_SECOND(hash) : BUCKET_FIRST(hash)) & mask) * ABI_BUCKET;
		slot = slots + number * sizeof(struct slot6);
#pragma unroll
		for (int i = 0; i < ABI_BUCKET; i++, slot++) {
			if (slot->stamp >> ABI_STAMP_SHIFT != epoch) {
				__u32 *order = (void *)half + slots6_offset +
					       (slots6_last + 1) * sizeof(struct slot6);

				order[half->n6++ & slots6_last] = number + i;
				*slot = *what;
				return labels ? number + i + 1 : 0;
			}
			if (same6(slot, what->addrs, what->tuple)) {
				bool wants = wants_label(slot->bytes, slot->stamp);

				count_slot(&slot->bytes, &slot->stamp, PACKETS(what->stamp),
					   what->bytes);
				return wants ? number + i + 1 : 0;
			}
		}
	}

	bucket = slots + (BUCKET_FIRST(hash) & mask) * ABI_BUCKET * sizeof(struct slot6);
	victim = bucket;
	smallest = bucket->stamp;
#pragma unroll
	for (int i = 1; i < ABI_BUCKET; i++) {
		if (bucket[i].stamp < smallest) {
			smallest = bucket[i].stamp;
			victim = bucket + i;
		}
	}
	if (admit(half, PACKETS(smallest), PACKETS(what->stamp))) {
		SWAP(victim->addrs[0], what->addrs[0]);
		SWAP(victim->addrs[1], what->addrs[1]);
		SWAP(victim->addrs[2], what->addrs[2]);
		SWAP(victim->addrs[3], what->addrs[3]);
		SWAP(victim->tuple, what->tuple);
		SWAP(victim->bytes, what->bytes);
		SWAP(victim->stamp, what->stamp);
	}
	return fold6(half);
}

/* The word that takes a label, by what the searches return; NULL for 0. */
static __always_inline __u64 *label_word4(struct half_head *half, __u32 number)
{
	struct slot4 *slots = (void *)half + ABI_OFFSET_SLOTS4;

	return number ? &slots[(number - 1) & slots4_last].bytes : NULL;
}

static __always_inline __u64 *label_word6(struct half_head *half, __u32 number)
{
	struct slot6 *slots = (void *)half + slots6_offset;

	return number ? &slots[(number - 1) & slots6_last].bytes : NULL;
}

static __always_inline __u64 *label_word(struct half_head *half, __u32 verdict, __u32 number)
{
	return verdict == VERDICT_IPV4 ? label_word4(half, number) : label_word6(half, number);
}

static __always_inline struct hook_total *count_total(struct half_head *half, __u32 hook,
						      __u64 packets, __u64 bytes)
{
	struct hook_total *total = &half->hooks[hook & (ABI_HOOK_MAX - 1)];

	total->packets += packets;
	total->bytes += bytes;
	return total;
}

static __always_inline void count_flags(struct hook_total *total, __u8 flags)
{
	if (likely(!(flags & (TCP_SYN | TCP_FIN | TCP_RST))))
		return;
	if (flags & TCP_SYN) {
		if (flags & TCP_ACK)
			total->syn_ack++;
		else
			total->syn++;
	}
	if (flags & TCP_FIN)
		total->fin++;
	if (flags & TCP_RST)
		total->rst++;
}

/*
 * Common packets, one at a time: a flow in its first bucket is counted here. tuple has the hook.
 * Returns the word of the slot that takes a label, where the packet is to be looked into, else
 * NULL.
 */
static __always_inline __u64 *account4(struct half_head *half, __u64 control_word, __u64 addrs,
				       __u64 tuple, __u64 bytes, __u8 flags)
{
	__u64 epoch = control_word & ABI_EPOCH_MASK;
	__u64 mask = control_word >> ABI_EPOCH_BITS & slots4_last / ABI_BUCKET;
	__u64 number = (BUCKET_FIRST(hash4(addrs, tuple)) & mask) * ABI_BUCKET;
	struct slot4 *slot = (void *)half + ABI_OFFSET_SLOTS4 + number * sizeof(struct slot4);

	/* buckets fill from the front and are not emptied within an epoch: a free slot ends the
	 * search */
#pragma unroll
	for (int i = 0; i < ABI_BUCKET; i++, slot++) {
		__u64 stamp = slot->stamp;

		if (stamp >> ABI_STAMP_SHIFT != epoch)
			break;
		if (likely(slot->addrs == addrs && slot->tuple == tuple)) {
			__u64 word = (slot->bytes + bytes) | (__u64)flags << ABI_FLAGS_SHIFT;

			slot->stamp = stamp + 1;
			slot->bytes = word;
			return wants_label(word, stamp) ? &slot->bytes : NULL;
		}
	}
	slot = &find_scratch(half)->slot4;
	slot->addrs = addrs;
	slot->tuple = tuple;
	slot->bytes = bytes | (__u64)flags << ABI_FLAGS_SHIFT;
	slot->stamp = 1 | epoch << ABI_STAMP_SHIFT;
	return label_word4(half, account4_search(control_word));
}

static __always_inline __u64 *account6(struct half_head *half, __u64 control_word,
				       const __u64 *addrs, __u64 tuple, __u64 bytes, __u8 flags)
{
	__u64 epoch = control_word & ABI_EPOCH_MASK;
	__u64 mask = control_word >> (ABI_EPOCH_BITS + ABI_MASK_BITS) & slots6_last / ABI_BUCKET;
	__u64 number = (BUCKET_FIRST(hash6(addrs, tuple)) & mask) * ABI_BUCKET;
	struct slot6 *slot = (void *)half + slots6_offset + number * sizeof(struct slot6);

#pragma unroll
	for (int i = 0; i < ABI_BUCKET; i++, slot++) {
		__u64 stamp = slot->stamp;

		if (stamp >> ABI_STAMP_SHIFT != epoch)
			break;
		if (likely(same6(slot, addrs, tuple))) {
			__u64 word = (slot->bytes + bytes) | (__u64)flags << ABI_FLAGS_SHIFT;

			slot->stamp = stamp + 1;
			slot->bytes = word;
			return wants_label(word, stamp) ? &slot->bytes : NULL;
		}
	}
	slot = &find_scratch(half)->slot6;
	slot->addrs[0] = addrs[0];
	slot->addrs[1] = addrs[1];
	slot->addrs[2] = addrs[2];
	slot->addrs[3] = addrs[3];
	slot->tuple = tuple;
	slot->bytes = bytes | (__u64)flags << ABI_FLAGS_SHIFT;
	slot->stamp = 1 | epoch << ABI_STAMP_SHIFT;
	return label_word6(half, account6_search(control_word));
}

/*
 * The packet in scratch, where a flow is watched. Nothing looks at the watched flow on the short
 * way: its interface has a flag, and takes the long one.
 */
static __always_inline void account_watched(struct half_head *half, __u32 verdict, __u32 hook,
					    __u64 packets, __u64 bytes, __u64 full)
{
	const struct packet *packet = &find_scratch(half)->packet;
	struct watch *watch = &half->watches[hook & 1];
	__u64 tuple = packet->tuple | (__u64)(hook & (ABI_HOOK_MAX - 1)) << ABI_HOOK_SHIFT;

	if (watch_matches(watch, verdict, packet->addrs, tuple, 0))
		watch_tally(watch, packets, bytes, full);
}

/* Any packet, in scratch.packet: the long way. Returns what the searches do. */
__noinline int account_any(__u64 control_word, __u32 verdict, __u32 hook, __u64 packets,
			   __u64 bytes)
{
	struct half_head *half = find_half(control_word);
	struct hook_total *total;
	struct packet *packet;
	__u64 tuple, packed, stamp;

	if (!half)
		return 0;
	packet = &find_scratch(half)->packet;
	total = count_total(half, hook, packets, bytes);
	if (verdict > VERDICT_IPV6) {
		__u32 reason = verdict == VERDICT_NOT_IP ? ABI_OTHER_NOT_IP : ABI_OTHER_MALFORMED;

		total->other[reason].packets += packets;
		total->other[reason].bytes += bytes;
		return 0;
	}
	count_flags(total, packet->flags);
	tuple = packet->tuple | (__u64)(hook & (ABI_HOOK_MAX - 1)) << ABI_HOOK_SHIFT;
	packed = bytes | (__u64)packet->flags << ABI_FLAGS_SHIFT;
	stamp = packets | (control_word & ABI_EPOCH_MASK) << ABI_STAMP_SHIFT;
	if (verdict == VERDICT_IPV4) {
		struct slot4 *slot = &find_scratch(half)->slot4;

		slot->addrs = packet->addrs[0];
		slot->tuple = tuple;
		slot->bytes = packed;
		slot->stamp = stamp;
		return account4_search(control_word);
	} else {
		struct slot6 *slot = &find_scratch(half)->slot6;

		slot->addrs[0] = packet->addrs[0];
		slot->addrs[1] = packet->addrs[1];
		slot->addrs[2] = packet->addrs[2];
		slot->addrs[3] = packet->addrs[3];
		slot->tuple = tuple;
		slot->bytes = packed;
		slot->stamp = stamp;
		return account6_search(control_word);
	}
}

#endif
