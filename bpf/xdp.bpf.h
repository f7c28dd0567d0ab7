/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The program for XDP, the first hook that a received packet meets; a part of packet.bpf.c.
 *
 * It sees frames as the driver has them: with the VLAN tags that the hardware leaves in them (a tag
 * that it took off is in its descriptor, where programs that are not bound to one device cannot
 * look), before GRO, in one buffer or several. Generic XDP runs behind the driver: where frames
 * come from a NIC there is no GRO before it either (netif_elide_gro() in
 * include/linux/netdevice.h), but a super-frame that another device of this host hands over is one
 * frame, and does not say of how many segments it is.
 */
#ifndef XDP_BPF_H
#define XDP_BPF_H

/*
 * Frames may lie in several buffers, and the kernel has the helpers for them (5.18, commits
 * c2f2cdbeffda, 0165cc817075, 3f364222d032); set before loading.
 */
const volatile bool xdp_frags = false;

/*
 * A copy of the headers of a frame, for frames that have some of them outside of the first buffer.
 * Only HEADERS_MAX octets of it are ever written and read; the rest is there for the verifier,
 * which knows how far headers may reach, but not that the parser goes no further than the end it is
 * given.
 */
#define COPY_SIZE (ETH_SIZE_MAX + 40 + IPV6_EXTENSIONS_MAX * 256 * 8 + 64)
#define ETH_SIZE_MAX (14 + VLAN_TAGS_MAX * 4)

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 2); /* the other one for a program that interrupts */
	__uint(key_size, sizeof(__u32));
	__uint(value_size, COPY_SIZE);
} headers SEC(".maps");

static __always_inline __u64 xdp_len(struct xdp_md *xdp)
{
	long len = (long)xdp->data_end, data = (long)xdp->data;

	if (xdp_frags)
		return bpf_xdp_get_buff_len(xdp);
	asm volatile("%0 -= %1" : "+r"(len) : "r"(data)); /* in 64 bits: they are pointers */
	return len;
}

/* A device without Ethernet header does not say what it received: the version of IP does. */
static __always_inline int parse_xdp(void *data, void *end, __u32 flags, struct packet *packet)
{
	bool layer3 = flags & ABI_IFACE_LAYER3;
	__u16 ethertype = 0;

	if (layer3 && data + 1 <= end) {
		__u8 version = LOAD8(data) >> 4;

		if (version == 4)
			ethertype = bpf_htons(ETHERTYPE_IPV4);
		else if (version == 6)
			ethertype = bpf_htons(ETHERTYPE_IPV6);
	}
	return parse_frame(data, end, layer3, 0, ethertype, 0, arp_flows, packet);
}

/* Leaves the packet in scratch and returns the verdict, as parse_any() does. */
__noinline int parse_buffer(struct xdp_md *xdp, __u64 control_word, __u32 flags)
{
	struct half_head *half = find_half(control_word);

	if (!half)
		return VERDICT_MALFORMED;
	return parse_xdp((void *)(long)xdp->data, (void *)(long)xdp->data_end, flags,
			 &find_scratch(half)->packet);
}

/* The same for headers in several buffers. */
__noinline int parse_copy(struct xdp_md *xdp, __u64 control_word, __u32 flags)
{
	struct half_head *half;
	__u32 number = preemptible && control_word & ABI_INNER;
	__u64 len;
	void *copy;

	if (!xdp_frags)
		return VERDICT_SHORT;
	len = bpf_xdp_get_buff_len(xdp);
	if (len > HEADERS_MAX)
		len = HEADERS_MAX;
	if (!len)
		return VERDICT_SHORT;
	/* what was just said, for verifiers that take nothing from a comparison with 0 */
	asm volatile("" : "+r"(len));
	len = ((len - 1) & (HEADERS_MAX - 1)) + 1;
	copy = bpf_map_lookup_elem(&headers, &number);
	half = find_half(control_word);
	if (!half || !copy || bpf_xdp_load_bytes(xdp, 0, copy, len))
		return VERDICT_SHORT;
	return parse_xdp(copy, copy + len, flags, &find_scratch(half)->packet);
}

/* What the verifier believes a distance from a packet's begin to be. */
#define OFFSET_MASK 0xfff

static __always_inline int load_xdp(void *context, __u32 offset, void *to, __u32 size)
{
	struct xdp_md *xdp = context;
	void *p = (void *)(long)xdp->data + (offset & OFFSET_MASK), *end = (void *)(long)xdp->data_end;
	__u8 *octets = to;
	int r = 0;

	if (xdp_frags)
		return bpf_xdp_load_bytes(xdp, offset, to, size);
	if (offset > OFFSET_MASK)
		return -1;
	/* without a loop, in which Linux 5.10 loses sight of where the buffer ends */
#pragma unroll
	for (__u32 i = 0; i < LABEL_SIZE; i++) {
		if (i >= size)
			continue;
		if (p + i + 1 <= end)
			octets[i] = LOAD8(p + i);
		else
			r = -1;
	}
	return r;
}

__noinline int label_xdp(struct xdp_md *xdp, __u32 offset, __u32 len, __u64 tuple)
{
	return label_packet(xdp, load_xdp, offset, len, xdp_len(xdp), tuple);
}

/* Any packet, the long way. */
__noinline int count_xdp(struct xdp_md *xdp, __u64 control_word)
{
	struct half_head *half = find_half(control_word);
	__u64 entry = find_iface(xdp->ingress_ifindex);
	__u32 flags = entry >> 48, hook = (entry >> 32 & 0xffff) * 2;
	__u64 len = xdp_len(xdp);
	struct unlabelled unlabelled;
	int verdict, number;

	if (!half)
		return XDP_PASS;
	verdict = parse_buffer(xdp, control_word, flags);
	if (verdict == VERDICT_SHORT)
		verdict = parse_copy(xdp, control_word, flags);
	if (flags & (ABI_IFACE_LAYER_IP | ABI_IFACE_LAYER3))
		len = layer_len(&find_scratch(half)->packet, flags, len, false);
	if (flags & ABI_IFACE_WATCH)
		account_watched(half, verdict, hook, 1, len, 0);
	number = account_any(control_word, verdict, hook, 1, len);
	unlabelled = find_unlabelled(half, verdict, number);
	LABEL(label_xdp, xdp, unlabelled);
	return XDP_PASS;
}

/* As count_apart(). */
__noinline int count_xdp_apart(struct xdp_md *xdp, __u64 control_word)
{
	if (enter_half(&control_word)) {
		(void)count_xdp(xdp, control_word);
		leave_half(control_word);
	}
	return XDP_PASS;
}

/* The short way for a frame with one tag in it. Apart, so that the others do not pay for it. */
static __noinline int count_xdp_tagged(struct xdp_md *xdp, __u64 control_word,
				       struct half_head *half, __u32 hook, __u64 bytes)
{
	void *data = (void *)(long)xdp->data, *end = (void *)(long)xdp->data_end;
	struct unlabelled unlabelled;
	__u16 vlan;

	if (data + 18 > end || LOAD16(data + 12) != bpf_htons(ETHERTYPE_VLAN))
		return false;
	vlan = bpf_ntohs(LOAD16(data + 14)) & 0xfff;
	if (!count_common(data, end, control_word, half, hook, vlan, bytes, 18, &unlabelled))
		return false;
	LABEL(label_xdp, xdp, unlabelled);
	return true;
}

static __always_inline int count_buffer(struct xdp_md *xdp, __u64 control_word)
{
	struct half_head *half = find_outer(control_word);
	__u32 index = xdp->ingress_ifindex;
	__u64 entry = ifaces[index & (ABI_IFACE_TABLE - 1)];
	__u64 bytes = xdp_len(xdp);
	void *data = (void *)(long)xdp->data, *end = (void *)(long)xdp->data_end;
	__u32 hook = (entry >> 32) * 2;
	struct unlabelled unlabelled;

	if (unlikely(!half))
		return XDP_PASS; /* cannot be: there is a half for every possible CPU */
	/* no flags, the right index */
	if (unlikely(entry >> 48 || (__u32)entry != index))
		return count_xdp(xdp, control_word);
	if (likely(count_common(data, end, control_word, half, hook, 0, bytes, 14, &unlabelled))) {
		LABEL(label_xdp, xdp, unlabelled);
		return XDP_PASS;
	}
	if (count_xdp_tagged(xdp, control_word, half, hook, bytes))
		return XDP_PASS;
	return count_xdp(xdp, control_word);
}

SEC("xdp")
int on_xdp(struct xdp_md *xdp)
{
	return preemptible ? count_xdp_apart(xdp, control) : count_buffer(xdp, control);
}

#endif
