/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Tallies the packets of the watched flow by size.
 *
 * What is watched does not change within an epoch: user space writes it where the next epoch looks,
 * as long as nobody does. So the tallies of an epoch are of the packets that the flow's counters
 * have of it, and are read with them.
 */
#ifndef WATCH_BPF_H
#define WATCH_BPF_H

#include "abi.h"
#include "parse.bpf.h"

/* Whether a packet is one of the watched flow. addrs has as many words as the version needs. */
static __always_inline bool watch_matches(const struct watch *watch, __u32 verdict,
					  const __u64 *addrs, __u64 tuple, __u64 place)
{
	if (watch->tuple != tuple || watch->place != place || watch->addrs[0] != addrs[0])
		return false;
	if (verdict == VERDICT_IPV4)
		return watch->ip_version == 4;
	return verdict == VERDICT_IPV6 && watch->ip_version == 6 && watch->addrs[1] == addrs[1] &&
	       watch->addrs[2] == addrs[2] && watch->addrs[3] == addrs[3];
}

static __always_inline __u32 size_class(__u64 size)
{
	const __u32 ends[] = SIZE_ENDS;
	__u32 class = 0;

#pragma unroll
	for (int i = 0; i < SIZE_CLASSES - 1; i++)
		class += size > ends[i];
	return class;
}

/* Packets of so many bytes together: of a super-frame, all but the last one are of size full. */
static __noinline void watch_tally(struct watch *watch, __u64 packets, __u64 bytes, __u64 full)
{
	__u64 others = (packets - 1) * full;
	__u64 last = bytes > others ? bytes - others : 0; /* the number may be a guest's lie */

	if (packets > 1)
		__sync_fetch_and_add(&watch->packets[size_class(full)], packets - 1);
	__sync_fetch_and_add(&watch->packets[size_class(last)], 1);
}

#endif
