/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Programs for the hooks of network interfaces: count every packet, change none. Here are those for
 * the tc hooks (TCX and clsact), xdp.bpf.h has the one for XDP.
 */
#include "vmlinux.h"

#include "account.bpf.h"
#include "frame.bpf.h"
#include "label.bpf.h"

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

/* Copies octets of a packet; 0, or an error where it is not that long. */
typedef int (*load_fn)(void *context, __u32 offset, void *to, __u32 size);

/*
 * Label of a packet whose transport header is at offset and ends, with the payload, len octets
 * behind it; 0: with the frame, at end.
 */
static __always_inline __u32 label_packet(void *context, load_fn load, __u32 offset, __u32 len,
					  __u32 end, __u64 tuple)
{
	struct payload payload = {};
	__u32 ports = tuple, header = 8, size;
	__u8 proto = tuple >> ABI_PROTO_SHIFT, words;

	if (proto == PROTO_TCP) {
		if (load(context, offset + 12, &words, 1))
			return L7_NONE;
		header = (words >> 4) * 4;
	} else if (proto != PROTO_UDP) {
		return L7_NONE;
	}
	if (len && offset + len < end)
		end = offset + len;
	offset += header;
	if (offset >= end)
		return L7_NONE;
	payload.len = end - offset;
	payload.sport = bpf_ntohs(((__u16 *)&ports)[0]);
	payload.dport = bpf_ntohs(((__u16 *)&ports)[1]);
	size = payload.len < LABEL_SIZE ? payload.len : LABEL_SIZE;
	/* what was just said, for the verifier */
	asm volatile("" : "+r"(size));
	size = ((size - 1) & (LABEL_SIZE - 1)) + 1;
	if (load(context, offset, payload.words, size))
		return L7_NONE;
#pragma unroll
	for (int i = 0; i < LABEL_WORDS; i++)
		payload.words[i] = bpf_be64_to_cpu(payload.words[i]);
	return proto == PROTO_TCP ? label_tcp(&payload) : label_udp(&payload);
}

/* Payload that was sent from this host is seldom in the linear part. */
static __always_inline int load_skb(void *context, __u32 offset, void *to, __u32 size)
{
	return bpf_skb_load_bytes(context, offset, to, size);
}

__noinline int label_skb(struct __sk_buff *skb, __u32 offset, __u32 len, __u64 tuple)
{
	return label_packet(skb, load_skb, offset, len, skb->len, tuple);
}

/* A packet that is to be looked into, as label_packet() takes it, and where its label goes. */
struct unlabelled {
	__u64 *word; /* NULL: it is not */
	__u64 tuple;
	__u32 offset, len;
};

/* Once a packet is counted. label is label_skb() or its like. */
#define LABEL(label, context, unlabelled)                                                          \
	do {                                                                                       \
		if (unlikely((unlabelled).word))                                                   \
			*(unlabelled).word |= (__u64)label(context, (unlabelled).offset,           \
							   (unlabelled).len, (unlabelled).tuple)   \
					      << ABI_LABEL_SHIFT;                                  \
	} while (0)

/* The packet in scratch, with what account_any() said of it. Later fragments have no payload that
 * begins with something. */
static __always_inline struct unlabelled find_unlabelled(struct half_head *half, __u32 verdict,
							 __u32 number)
{
	const struct packet *packet = &find_scratch(half)->packet;
	__u32 network = packet->l4_offset - packet->l2_len;
	struct unlabelled unlabelled = {
		.tuple = packet->tuple,
		.offset = packet->l4_offset,
		.len = packet->l3_len > network ? packet->l3_len - network : 0,
	};

	if (packet->l4_offset)
		unlabelled.word = label_word(half, verdict, number);
	return unlabelled;
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
	struct unlabelled unlabelled;
	int verdict, number;

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
	if (flags & ABI_IFACE_WATCH)
		account_watched(half, verdict, hook, packets, len, header_len + size);
	number = account_any(control_word, verdict, hook, packets, len);
	unlabelled = find_unlabelled(half, verdict, number);
	LABEL(label_skb, skb, unlabelled);
	return NEXT;
}

/* The same where the program may be interrupted, or has interrupted another one. */
__noinline int count_apart(struct __sk_buff *skb, __u64 control_word, __u32 out)
{
	if (enter_half(&control_word)) {
		(void)count_any(skb, control_word, out);
		leave_half(control_word);
	}
	return NEXT;
}

/*
 * The short way, for an Ethernet frame whose network header is at offset. False: not a common
 * packet, and nothing was counted.
 */
static __always_inline bool count_common(void *data, void *end, __u64 control_word,
					 struct half_head *half, __u32 hook, __u16 vlan,
					 __u64 bytes, __u32 offset,
					 struct unlabelled *ret_unlabelled)
{
	struct packet packet = {};
	__u16 ethertype;
	__u64 *word;

	if (unlikely(data + offset > end))
		return false;
	ethertype = LOAD16(data + offset - 2);
	packet.tuple = (__u64)hook << ABI_HOOK_SHIFT | (__u64)vlan << ABI_VLAN_SHIFT;
	if (likely(ethertype == bpf_htons(ETHERTYPE_IPV4))) {
		if (unlikely(parse_ipv4(data + offset, end, offset, true, &packet) != VERDICT_IPV4))
			return false;
		count_flags(count_total(half, hook, 1, bytes), packet.flags);
		word = account4(half, control_word, packet.addrs[0], packet.tuple, bytes,
				packet.flags);
		ret_unlabelled->word = word;
		if (word) {
			ret_unlabelled->tuple = packet.tuple;
			ret_unlabelled->offset = offset + 20;
			ret_unlabelled->len = bpf_ntohs(LOAD16(data + offset + 2)) - 20;
		}
		return true;
	}
	if (ethertype == bpf_htons(ETHERTYPE_IPV6)) {
		if (unlikely(parse_ipv6(data + offset, end, offset, true, &packet) != VERDICT_IPV4))
			return false;
		count_flags(count_total(half, hook, 1, bytes), packet.flags);
		word = account6(half, control_word, packet.addrs, packet.tuple, bytes,
				packet.flags);
		ret_unlabelled->word = word;
		if (word) {
			ret_unlabelled->tuple = packet.tuple;
			ret_unlabelled->offset = offset + 40;
			ret_unlabelled->len = bpf_ntohs(LOAD16(data + offset + 4));
		}
		return true;
	}
	return false;
}

/* The same for a frame with one tag in it. Apart, so that the others do not pay for it. */
static __noinline int count_tagged(struct __sk_buff *skb, __u64 control_word, __u32 hook)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct half_head *half = find_half(control_word);
	struct unlabelled unlabelled;
	__u16 vlan;

	if (!half || data + 18 > end)
		return false;
	vlan = bpf_ntohs(LOAD16(data + 14)) & 0xfff;
	if (!count_common(data, end, control_word, half, hook, vlan, skb->len, 18, &unlabelled))
		return false;
	LABEL(label_skb, skb, unlabelled);
	return true;
}

/*
 * Common packets go the short way; whatever is not common goes to count_any(). Helpers are called
 * first, so that all that follows can stay in registers.
 */
static __always_inline int count_skb(struct __sk_buff *skb, bool out)
{
	__u64 control_word = control;
	struct half_head *half = find_outer(control_word);
	__u64 entry = ifaces[skb->ifindex & (ABI_IFACE_TABLE - 1)];
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	__u64 bytes = skb->len;
	__u32 hook = (entry >> 32) * 2 + out;
	struct unlabelled unlabelled;
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
	if (unlikely(!count_common(data, end, control_word, half, hook, vlan, bytes, 14,
				   &unlabelled)))
		return count_any(skb, control_word, out);
	LABEL(label_skb, skb, unlabelled);
	return NEXT;
}

SEC("tc")
int on_ingress(struct __sk_buff *skb)
{
	return preemptible ? count_apart(skb, control, false) : count_skb(skb, false);
}

SEC("tc")
int on_egress(struct __sk_buff *skb)
{
	return preemptible ? count_apart(skb, control, true) : count_skb(skb, true);
}

#include "xdp.bpf.h"

char LICENSE[] SEC("license") = "Dual BSD/GPL";
