/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* The maps of what is known of sockets, and the way to tell user space of one. */
#ifndef OWNER_BPF_H
#define OWNER_BPF_H

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <linux/in.h>

#include "abi-socket.h"

#define AF_INET 2
#define AF_INET6 10
#define PF_KTHREAD 0x00200000
#define TCP_ESTABLISHED 1
#define TCP_SYN_SENT 2
#define TCP_CLOSE 7
#define TCP_LISTEN 10

/* Sizes are set before loading. The oldest entries make room for new ones. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, __u64); /* cookie */
	__type(value, struct socket_entry);
} sockets SEC(".maps");

/* Processes that own sockets, by ID, with their start: only of those it matters that they end. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, __u64);
} processes SEC(".maps");

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

/* Begin and end of connections are told as they happen: wakes user space for whatever there is. */
const volatile bool wants_conns;

/*
 * Tells user space. It reads the ring once per interval anyway, so it is woken only where the ring
 * fills, and where a process appears whose command line can be read while it lives.
 */
static __always_inline void emit(const struct socket_event *event, bool wake)
{
	__u64 flags = BPF_RB_NO_WAKEUP;
	__u32 zero = 0;
	__u64 *n_lost;

	if (wants_conns)
		flags = 0;
	else if (wake || bpf_ringbuf_query(&events, BPF_RB_AVAIL_DATA) >
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

static __always_inline bool is_udp(__u8 proto)
{
	return proto == IPPROTO_UDP || proto == IPPROTO_UDPLITE;
}

static __always_inline void fill_process(struct socket_process *process, struct task_struct *task)
{
	struct task_struct *leader = BPF_CORE_READ(task, group_leader);

	process->tgid = BPF_CORE_READ(task, tgid);
	process->uid = BPF_CORE_READ(task, cred, uid.val);
	process->start_ns = BPF_CORE_READ(leader, start_boottime);
	process->cgroup_id = BPF_CORE_READ(task, cgroups, dfl_cgrp, kn, id);
	BPF_CORE_READ_INTO(&process->comm, leader, comm);
}

static __always_inline struct task_struct *current_task(void)
{
	return (void *)bpf_get_current_task();
}

/* True for a process that user space was not told of. */
static __always_inline bool is_new(const struct socket_process *process)
{
	__u32 tgid = process->tgid;
	__u64 start_ns = process->start_ns, *known = bpf_map_lookup_elem(&processes, &tgid);

	if (known && *known == start_ns)
		return false;
	bpf_map_update_elem(&processes, &tgid, &start_ns, BPF_ANY);
	return true;
}

static __always_inline void read_tuple(const struct sock *sk, struct socket_tuple *tuple)
{
	const struct sock_common *common = &sk->__sk_common;

	tuple->proto = BPF_CORE_READ(sk, sk_protocol);
	if (has_ports(tuple->proto)) {
		tuple->lport = BPF_CORE_READ(common, skc_num);
		tuple->rport = bpf_ntohs(BPF_CORE_READ(common, skc_dport));
	}
	if (BPF_CORE_READ(common, skc_family) == AF_INET) {
		tuple->family = 4;
		tuple->local[0] = BPF_CORE_READ(common, skc_rcv_saddr);
		tuple->remote[0] = BPF_CORE_READ(common, skc_daddr);
	} else {
		tuple->family = 6;
		BPF_CORE_READ_INTO(&tuple->local, common, skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO(&tuple->remote, common, skc_v6_daddr);
	}
	if (BPF_CORE_READ(common, skc_state) == TCP_LISTEN)
		tuple->kind = ABI_SOCKET_LISTENING;
	else if (!tuple->rport)
		tuple->kind = ABI_SOCKET_BOUND;
	if (tuple->kind != ABI_SOCKET_CONNECTED) {
		tuple->remote[0] = tuple->remote[1] = tuple->remote[2] = tuple->remote[3] = 0;
		tuple->rport = 0;
	}
}

static __always_inline __u32 read_netns(const struct sock *sk)
{
	return BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
}

#endif
