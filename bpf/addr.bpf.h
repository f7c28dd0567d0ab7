/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Lists the addresses of the network namespaces that processes are in, without entering them; a
 * part of socket.bpf.c. The lists are those that the kernel keeps under RCU, which an iterator
 * holds too: a device that leaves meanwhile leads on, or at worst to nothing.
 */
#ifndef ADDR_BPF_H
#define ADDR_BPF_H

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#include "owner.bpf.h"

/* Devices and addresses of a namespace that are listed at most: they fit the buffer of an iterator,
 * of 8 pages since Linux 5.10 (commit af65320948b8). */
#define WALK_STEPS 256

/* The one of the interfaces, which user space follows by itself. */
const volatile __u32 home_netns = 0;

/* Which list this is; namespaces that are in it have its number. */
volatile __u32 n_list;
/* Namespaces that have more than WALK_STEPS, of all lists. */
volatile __u64 n_cut;

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, __u32); /* inode */
	__type(value, __u32);
} listed SEC(".maps");

#define member(pointer, type, member)                                                              \
	((void *)((char *)(pointer) + bpf_core_field_offset(struct type, member)))
#define container(pointer, type, member)                                                           \
	((struct type *)((char *)(pointer)-bpf_core_field_offset(struct type, member)))

/* Where the walk is, of which there is one at a time: the next address of each family, and the next
 * device; and what was found there. */
struct {
	struct list_head *devices, *device; /* head and place of the list */
	struct in_ifaddr *addr4;
	struct list_head *addrs6, *addr6;
	struct socket_tuple tuple;
} walk;

static __always_inline struct list_head *next_of(const struct list_head *list)
{
	return BPF_CORE_READ(list, next);
}

static __always_inline void enter_device(const struct net_device *device)
{
	struct inet6_dev *ipv6 = BPF_CORE_READ(device, ip6_ptr);

	walk.addr4 = BPF_CORE_READ(device, ip_ptr, ifa_list);
	walk.addrs6 = ipv6 ? member(ipv6, inet6_dev, addr_list) : NULL;
	walk.addr6 = ipv6 ? next_of(walk.addrs6) : NULL;
}

/*
 * To the next address; family 0: a device came first. 0 at the end of all. A function of its own,
 * not static: the verifier looks at it once, and not again for each step.
 */
__noinline int walk_step(void)
{
	const struct in_ifaddr *addr4 = walk.addr4;
	const struct inet6_ifaddr *addr6;

	walk.tuple.family = 0;
	if (addr4) {
		walk.tuple.family = 4;
		walk.tuple.local[0] = BPF_CORE_READ(addr4, ifa_local);
		walk.tuple.local[1] = walk.tuple.local[2] = walk.tuple.local[3] = 0;
		walk.addr4 = BPF_CORE_READ(addr4, ifa_next);
	} else if (walk.addr6 && walk.addr6 != walk.addrs6) {
		addr6 = container(walk.addr6, inet6_ifaddr, if_list);
		walk.tuple.family = 6;
		BPF_CORE_READ_INTO(&walk.tuple.local, addr6, addr);
		walk.addr6 = next_of(walk.addr6);
	} else if (walk.device && walk.device != walk.devices) {
		enter_device(container(walk.device, net_device, dev_list));
		walk.device = next_of(walk.device);
	} else {
		return 0;
	}
	return 1;
}

SEC("iter/task")
int on_namespace(struct bpf_iter__task *ctx)
{
	struct socket_event event = {.what = ABI_EVENT_ADDR};
	struct task_struct *task = ctx->task;
	__u32 netns, list = n_list, *known;
	struct net *net;
	int i;

	if (!task)
		return 0;
	net = BPF_CORE_READ(task, nsproxy, net_ns);
	netns = BPF_CORE_READ(net, ns.inum);
	known = bpf_map_lookup_elem(&listed, &netns);
	if (!net || netns == home_netns || (known && *known == list))
		return 0;
	bpf_map_update_elem(&listed, &netns, &list, BPF_ANY);
	event.entry.netns = netns;
	walk.devices = member(net, net, dev_base_head);
	walk.device = next_of(walk.devices);
	walk.addr4 = NULL;
	walk.addr6 = NULL;
	for (i = 0; i < WALK_STEPS && walk_step(); i++) {
		event.entry.tuple = walk.tuple;
		if (!event.entry.tuple.family ||
		    !bpf_seq_write(ctx->meta->seq, &event, sizeof(event)))
			continue;
		/* the buffer is full of others: it is emptied, and this task comes again */
		bpf_map_delete_elem(&listed, &netns);
		break;
	}
	if (i == WALK_STEPS && walk_step())
		n_cut++;
	return 0;
}

#endif
