/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The maps of what is known of sockets, and the way to tell user space of one. */
#ifndef OWNER_BPF_H
#define OWNER_BPF_H

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <linux/in.h>

#include "abi-socket.h"

#define AF_INET 2
#define AF_INET6 10

/* Sizes are set before loading. The oldest entries make room for new ones. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, __u64); /* cookie */
	__type(value, struct socket_entry);
} sockets SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} events SEC(".maps");

/* Counts what did not fit the ring. One element, an array so that several objects can share it. */
struct {
	__uint(type, BPF_MAP_TYPE_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} lost SEC(".maps");

/*
 * Tells user space. It reads the ring once per interval anyway, so it is woken only where the ring
 * fills, and where a process appears whose command line can be read while it lives.
 */
static __always_inline void emit(const struct socket_event *event, bool wake)
{
	__u64 flags = BPF_RB_NO_WAKEUP;
	__u32 zero = 0;
	__u64 *n_lost;

	if (wake || bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA) >
			    bpf_ringbuf_query(&events, BPF_RB_RING_SIZE) / 2)
		flags = BPF_RB_FORCE_WAKEUP;
	if (!bpf_ringbuf_output(&events, (void *)event, sizeof(*event), flags))
		return;
	n_lost = bpf_map_lookup_elem(&lost, &zero);
	if (n_lost)
		__sync_fetch_and_add(n_lost, 1);
}

static __always_inline bool same_tuple(const struct socket_tuple *a, const struct socket_tuple *b)
{
	const __u64 *x = (const void *)a, *y = (const void *)b;

	return ((x[0] ^ y[0]) | (x[1] ^ y[1]) | (x[2] ^ y[2]) | (x[3] ^ y[3]) | (x[4] ^ y[4])) == 0;
}

/* Addresses of an IPv6 socket that speaks IPv4 become those of IPv4. */
static __always_inline bool is_mapped(const __u32 *addr)
{
	return !addr[0] && !addr[1] && addr[2] == bpf_htonl(0xffff);
}

static __always_inline void unmap_tuple(struct socket_tuple *tuple)
{
	if (!is_mapped(tuple->local) && !is_mapped(tuple->remote))
		return;
	tuple->local[0] = tuple->local[3];
	tuple->remote[0] = tuple->remote[3];
	tuple->local[1] = tuple->local[2] = tuple->local[3] = 0;
	tuple->remote[1] = tuple->remote[2] = tuple->remote[3] = 0;
	tuple->family = 4;
}

/* Sockets of these have no ports: what stands in their place is not that of packets. */
static __always_inline bool has_ports(__u8 proto)
{
	return proto == IPPROTO_TCP || proto == IPPROTO_UDP || proto == IPPROTO_UDPLITE ||
	       proto == IPPROTO_SCTP || proto == IPPROTO_DCCP;
}

#endif
