/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Programs for the hooks of network interfaces: count every packet, change none. Here are those for
 * the tc hooks (TCX and clsact), xdp.bpf.h has the one for XDP.
 */
#include "vmlinux.h"

#include "account.bpf.h"
#include "frame.bpf.h"

/* ARP has flows of its own; otherwise it is not IP. */
const volatile bool arp_flows = true;

/* What counts of a frame of which the network header is to be the first octet. */
static __always_inline __u64 layer_len(const struct packet *packet, __u32 flags, __u64 len,
				       bool super)
{
	len -= packet->l2_len;
	if (flags & ABI_IFACE_LAYER_IP && packet->l3_len && packet->l3_len < len && !super)
		len = packet->l3_len; /* short frames are padded */
	return len;
}

/*
 * Leaves the packet in scratch and returns the verdict. Global, so that the verifier looks at it
 * once and not once per call.
 */
__noinline int parse_any(struct __sk_buff *skb, __u64 control_word, __u32 flags)
{
	struct half_head *half = find_half(control_word);

	if (!half)
		return VERDICT_MALFORMED;
	return parse_skb(skb, flags, arp_flows, &find_scratch(half)->packet);
}

/* Where the packet in scratch, a tunnel's, has another inside: its offset, its ethertype above it.
 */
__noinline __u32 find_tunnel(struct __sk_buff *skb, __u64 control_word)
{
	struct half_head *half = find_half(control_word);
	__u16 ethertype = 0;
	__u32 offset;

	if (!half)
		return 0;
	offset = find_inner((void *)(long)skb->data, (void *)(long)skb->data_end,
			    &find_scratch(half)->packet, &ethertype);
	return offset | (__u32)ethertype << 16;
}

/*
 * Bytes of all headers of a super-frame up to the payload that is cut into segments, the tunnel's
 * and the inner packet's included. 0: not known.
 */
__noinline __u32 parse_headers(struct __sk_buff *skb, __u64 control_word)
{
	struct half_head *half = find_half(control_word);
	__u32 tunnel = find_tunnel(skb, control_word);
	__u16 ethertype = tunnel >> 16;
	__u32 offset = tunnel & 0x3ff;
	struct packet *inner;

	if (!half)
		return 0;
	if (!offset)
		return find_scratch(half)->packet.header_len;
	inner = &find_scratch(half)->inner;
	if (parse_frame((void *)(long)skb->data + offset, (void *)(long)skb->data_end,
			ethertype != bpf_htons(ETHERTYPE_ETHERNET), 0, ethertype, 0, false,
			inner) > VERDICT_IPV6 ||
	    !inner->header_len)
		return 0;
	return offset + inner->header_len;
}

/* Any packet, the long way. */
__noinline int count_any(struct __sk_buff *skb, __u64 control_word, __u32 out)
{
	struct half_head *half = find_half(control_word);
	__u64 entry = find_iface(skb->ifindex);
	__u32 flags = entry >> 48, hook = (entry >> 32 & 0xffff) * 2 + out;
	__u32 tag_len = skb->vlan_present ? 4 : 0; /* on the wire, not in the frame */
	__u32 segments = skb->gso_segs, size = skb->gso_size;
	__u64 packets = 1, len = skb->len;
	struct packet *packet;
	__u32 header_len = 0;
	int verdict;

	if (!half)
		return NEXT;
	packet = &find_scratch(half)->packet;
	verdict = parse_any(skb, control_word, flags);
	if (verdict == VERDICT_SHORT && !pull_headers(skb))
		verdict = parse_any(skb, control_word, flags);
	if (size && verdict <= VERDICT_IPV6) {
		header_len = parse_headers(skb, control_word);
		if (!header_len && !pull_headers(skb))
			header_len = parse_headers(skb, control_word);
	}
	if (size)
		packets = count_segments(segments, size, len, header_len);
	if (flags & (ABI_IFACE_LAYER_IP | ABI_IFACE_LAYER3)) {
		len = layer_len(packet, flags, len, size);
		if (header_len)
			header_len -= packet->l2_len;
	} else {
		len += tag_len;
		if (header_len)
			header_len += tag_len;
	}
	len += (packets - 1) * header_len;
	account_any(control_word, verdict, hook, packets, len);
	return NEXT;
}

/*
 * The short way, for an Ethernet frame whose network header is at offset. False: not a common
 * packet, and nothing was counted.
 */
static __always_inline bool count_common(void *data, void *end, __u64 control_word,
					 struct half_head *half, __u32 hook, __u16 vlan,
					 __u64 bytes, __u32 offset)
{
	struct packet packet = {};
	__u16 ethertype;

	if (unlikely(data + offset > end))
		return false;
	ethertype = LOAD16(data + offset - 2);
	packet.tuple = (__u64)hook << ABI_HOOK_SHIFT | (__u64)vlan << ABI_VLAN_SHIFT;
	if (likely(ethertype == bpf_htons(ETHERTYPE_IPV4))) {
		if (unlikely(parse_ipv4(data + offset, end, offset, true, &packet) != VERDICT_IPV4))
			return false;
		count_flags(count_total(half, hook, 1, bytes), packet.flags);
		account4(half, control_word, packet.addrs[0], packet.tuple, bytes, packet.flags);
		return true;
	}
	if (ethertype == bpf_htons(ETHERTYPE_IPV6)) {
		if (unlikely(parse_ipv6(data + offset, end, offset, true, &packet) != VERDICT_IPV4))
			return false;
		count_flags(count_total(half, hook, 1, bytes), packet.flags);
		account6(half, control_word, packet.addrs, packet.tuple, bytes, packet.flags);
		return true;
	}
	return false;
}

/* The same for a frame with one tag in it. Apart, so that the others do not pay for it. */
static __noinline int count_tagged(struct __sk_buff *skb, __u64 control_word, __u32 hook)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct half_head *half = find_half(control_word);
	__u16 vlan;

	if (!half || data + 18 > end)
		return false;
	vlan = bpf_ntohs(LOAD16(data + 14)) & 0xfff;
	return count_common(data, end, control_word, half, hook, vlan, skb->len, 18);
}

/*
 * Common packets go the short way; whatever is not common goes to count_any(). Helpers are called
 * first, so that all that follows can stay in registers.
 */
static __always_inline int count_skb(struct __sk_buff *skb, bool out)
{
	__u64 control_word = control;
	struct half_head *half = find_half(control_word);
	__u64 entry = ifaces[skb->ifindex & (ABI_IFACE_TABLE - 1)];
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	__u64 bytes = skb->len;
	__u32 hook = (entry >> 32) * 2 + out;
	__u16 vlan = 0;

	if (unlikely(!half))
		return NEXT; /* cannot be: there is a half for every possible CPU */
	/* no flags, the right index, not a super-frame */
	if (unlikely(entry >> 48 || (__u32)entry != skb->ifindex || skb->gso_size))
		return count_any(skb, control_word, out);
	if (skb->vlan_present) {
		vlan = vlan_of(skb);
		bytes += 4;
	} else if (unlikely(skb->protocol == bpf_htons(ETHERTYPE_VLAN))) {
		if (!count_tagged(skb, control_word, hook))
			return count_any(skb, control_word, out);
		return NEXT;
	}
	if (unlikely(!count_common(data, end, control_word, half, hook, vlan, bytes, 14)))
		return count_any(skb, control_word, out);
	return NEXT;
}

SEC("tc")
int on_ingress(struct __sk_buff *skb)
{
	return count_skb(skb, false);
}

SEC("tc")
int on_egress(struct __sk_buff *skb)
{
	return count_skb(skb, true);
}

#include "xdp.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";
