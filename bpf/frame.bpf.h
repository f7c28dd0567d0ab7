/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Frames on the hooks of interfaces: which interface it is, and where in them the packet begins. */
#ifndef FRAME_BPF_H
#define FRAME_BPF_H

#include "parse.bpf.h"

#define NEXT (-1) /* TCX_NEXT, TC_ACT_UNSPEC: later programs and filters run */

/* Interfaces by index, ABI_IFACE(); written by user space before it attaches. */
volatile __u64 ifaces[ABI_IFACE_TABLE];

/* Entry of an interface; 0 for one that is not in the table, which counts on slot 0. */
static __always_inline __u64 find_iface(__u32 index)
{
	for (__u32 i = 0; i < ABI_IFACE_PROBES; i++) {
		__u64 entry = ifaces[(index + i) & (ABI_IFACE_TABLE - 1)];

		if ((__u32)entry == index)
			return entry;
	}
	return 0;
}

static __always_inline __u16 vlan_of(struct __sk_buff *skb)
{
	return skb->vlan_present ? skb->vlan_tci & 0xfff : 0;
}

/*
 * Where the network header of a frame without Ethernet header is. Nearly always in front, but some
 * tunnels leave there what they took off, or will put on: GRE without a fixed remote address, and
 * most others on ingress before Linux 5.14 (commit aab1e898c26c and its neighbours).
 *
 * Octets can be loaded by their distance from the network header, up to the end of the linear part;
 * what of it lies beyond reach is what stands before the network header.
 */
__noinline __u32 find_network(struct __sk_buff *skb)
{
	long linear = (long)skb->data_end, data = (long)skb->data;
	__u32 offset = 0;
	__u8 octet;

	asm volatile("%0 -= %1" : "+r"(linear) : "r"(data)); /* in 64 bits: they are pointers */
	if (linear <= 0 || linear > 0xffff ||
	    !bpf_skb_load_bytes_relative(skb, linear - 1, &octet, 1, BPF_HDR_START_NET))
		return 0;
#pragma unroll
	for (__u32 step = (L3_OFFSET_MAX + 1) / 2; step; step /= 2) {
		long at = linear - offset - step;
		long r = bpf_skb_load_bytes_relative(skb, at, &octet, 1, BPF_HDR_START_NET);

		offset |= (r & ~at) >> 63 & step; /* no branch: ways would double at every step */
	}
	return offset;
}

/* Fills packet, unless the verdict says that there is none. */
static __always_inline enum verdict parse_skb(struct __sk_buff *skb, __u32 flags, bool arp,
					      struct packet *packet)
{
	bool layer3 = flags & ABI_IFACE_LAYER3;
	__u32 offset = 0;

	if (layer3)
		offset = find_network(skb) & L3_OFFSET_MAX;
	return parse_frame((void *)(long)skb->data, (void *)(long)skb->data_end, layer3, offset,
			   skb->protocol, vlan_of(skb), arp, packet);
}

/* Headers outside the linear part, as some drivers leave them: parse again where it returns 0. */
static __always_inline long pull_headers(struct __sk_buff *skb)
{
	__u32 len = skb->len;

	return bpf_skb_pull_data(skb, len < HEADERS_MAX ? len : HEADERS_MAX);
}

#endif
