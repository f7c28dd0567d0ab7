/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * The one packet parser. Reads headers between data and end without trusting a byte of them, and
 * leaves a key. Steps over headers of variable length, for which the verifier wants CAP_PERFMON.
 *
 * parse_ipv4() and parse_ipv6() are compiled twice: with common set they know only what nearly
 * every packet is (no options or extension headers, not a fragment, TCP or UDP) and give up with
 * VERDICT_RARE on anything else, so that the way of those packets is short and stays in registers;
 * then the full parser, out of line, starts over. On what both know they agree.
 */
#ifndef PARSE_BPF_H
#define PARSE_BPF_H

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "abi.h"

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define VLAN_TAGS_MAX 2 /* in the frame; one more may be in the metadata */
#define IPV6_EXTENSIONS_MAX                                                                        \
	6 /* of one packet; past them the packet is filed under the next one's number */
#define HEADERS_MAX 256 /* bytes pulled into the linear part when headers lie outside it */
/* Octets before the network header on a device without Ethernet header; a power of two, minus 1. */
#define L3_OFFSET_MAX 127

/* Ethertypes and protocols: IANA "IEEE 802 Numbers", "Protocol Numbers". */
#define ETHERTYPE_IPV4 0x0800
#define ETHERTYPE_ARP 0x0806
#define ETHERTYPE_VLAN 0x8100  /* 802.1Q */
#define ETHERTYPE_QINQ 0x88a8  /* 802.1ad */
#define ETHERTYPE_QINQ1 0x9100 /* before 802.1ad */
#define ETHERTYPE_IPV6 0x86dd

enum {
	PROTO_HOPOPTS = 0,
	PROTO_ICMP = 1,
	PROTO_IGMP = 2,
	PROTO_IPIP = 4,
	PROTO_TCP = 6,
	PROTO_UDP = 17,
	PROTO_DCCP = 33,
	PROTO_IPV6 = 41,
	PROTO_ROUTING = 43,
	PROTO_FRAGMENT = 44,
	PROTO_GRE = 47,
	PROTO_ESP = 50,
	PROTO_AH = 51,
	PROTO_ICMPV6 = 58,
	PROTO_DSTOPTS = 60,
	PROTO_OSPF = 89,
	PROTO_SCTP = 132,
	PROTO_UDPLITE = 136,
};

#define ETHERTYPE_ETHERNET 0x6558 /* a whole frame, inside a tunnel */

/* UDP ports of the tunnels whose super-frames the kernel builds and takes apart. */
#define PORT_VXLAN 4789
#define PORT_VXLAN_OLD 8472 /* the default of Linux, and of flannel and Cilium */
#define PORT_GENEVE 6081

#define TCP_FIN 0x01
#define TCP_SYN 0x02
#define TCP_RST 0x04
#define TCP_ACK 0x10

enum verdict {
	VERDICT_IPV4, /* or ARP */
	VERDICT_IPV6,
	VERDICT_NOT_IP,
	VERDICT_MALFORMED,
	VERDICT_SHORT, /* headers go on past end */
	VERDICT_RARE,  /* not a common packet */
};

struct packet {
	__u64 addrs[4];   /* IPv4 and ARP: addrs[0] */
	__u64 tuple;      /* without hook */
	__u32 l2_len;     /* bytes before the network header */
	__u32 l4_offset;  /* of the transport header; 0: there is none to be read */
	__u32 l3_len;     /* IP octets by the IP header; 0: it does not say */
	__u32 header_len; /* all headers up to the payload; 0: unknown */
	__u8 flags;
};

/* Unaligned loads: memcpy() from a packet becomes single bytes; arm64 and x86 allow the access. */
#define LOAD16(p) (*(const volatile __u16 *)(p))
#define LOAD32(p) (*(const volatile __u32 *)(p))
#define LOAD64(p) (*(const volatile __u64 *)(p))
#define LOAD8(p) (*(const volatile __u8 *)(p))

/* Two 16-bit numbers as a pair of ports in the order of memory. */
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define PORTS(s, d) ((__u32)bpf_htons(s) | (__u32)bpf_htons(d) << 16)
#define PORT_SRC_MASK 0x0000ffffULL
#define PORT_DST_MASK 0xffff0000ULL
#define ADDR4_SRC_MASK 0x00000000ffffffffULL
#define ADDR4_DST_MASK 0xffffffff00000000ULL
#else
#define PORTS(s, d) ((__u32)(s) << 16 | (__u32)(d))
#define PORT_SRC_MASK 0xffff0000ULL
#define PORT_DST_MASK 0x0000ffffULL
#define ADDR4_SRC_MASK 0xffffffff00000000ULL
#define ADDR4_DST_MASK 0x00000000ffffffffULL
#endif

/* p points at the transport header, offset bytes into the frame. */
static __always_inline enum verdict parse_transport(void *p, void *end, __u32 offset, __u8 proto,
						    bool common, struct packet *packet)
{
	__u64 tuple = packet->tuple | (__u64)proto << ABI_PROTO_SHIFT;

	if (common) {
		if (unlikely(proto != PROTO_TCP && proto != PROTO_UDP))
			return VERDICT_RARE;
		if (unlikely(p + 8 > end))
			return VERDICT_RARE;
		packet->tuple = tuple | LOAD32(p);
		if (proto == PROTO_TCP) {
			if (unlikely(p + 20 > end))
				return VERDICT_RARE;
			packet->flags = LOAD8(p + 13);
		}
		return VERDICT_IPV4;
	}
	if (unlikely(p > end)) /* options or extension headers that go on past the end */
		return VERDICT_SHORT;
	packet->tuple = tuple;
	packet->l4_offset = offset;
	switch (proto) {
	case PROTO_TCP:
		if (unlikely(p + 20 > end))
			return VERDICT_SHORT;
		packet->tuple = tuple | LOAD32(p);
		packet->flags = LOAD8(p + 13);
		packet->header_len = offset + (LOAD8(p + 12) >> 4) * 4;
		break;
	case PROTO_UDP:
	case PROTO_UDPLITE:
		if (unlikely(p + 8 > end))
			return VERDICT_SHORT;
		packet->tuple = tuple | LOAD32(p);
		packet->header_len = offset + 8;
		break;
	case PROTO_ICMP:
		if (unlikely(p + 8 > end))
			return VERDICT_SHORT;
		packet->tuple = tuple | PORTS(LOAD8(p), LOAD8(p + 1));
		break;
	case PROTO_ICMPV6:
		if (unlikely(p + 4 > end)) /* RFC 4443, 2.1 */
			return VERDICT_SHORT;
		packet->tuple = tuple | PORTS(LOAD8(p), LOAD8(p + 1));
		break;
	case PROTO_SCTP:
	case PROTO_DCCP:
		if (unlikely(p + 12 > end)) /* RFC 9260, 3.1; RFC 4340, 5.1 */
			return VERDICT_SHORT;
		packet->tuple = tuple | LOAD32(p);
		packet->header_len = offset + 12;
		break;
	case PROTO_ESP: /* RFC 4303, 2: SPI, sequence number */
		if (unlikely(p + 8 > end))
			return VERDICT_SHORT;
		packet->tuple = tuple | LOAD32(p);
		break;
	case PROTO_AH: /* RFC 4302, 2.2 to 2.4: SPI in the second word */
		if (unlikely(p + 12 > end))
			return VERDICT_SHORT;
		packet->tuple = tuple | LOAD32(p + 4);
		break;
	case PROTO_GRE: /* RFC 2784, 2.1: ethertype in bytes 2 and 3 */
		if (unlikely(p + 4 > end))
			return VERDICT_SHORT;
		packet->tuple = tuple | PORTS(bpf_ntohs(LOAD16(p + 2)), 0);
		break;
	case PROTO_OSPF: /* RFC 2328, A.3.1: version, type */
		if (unlikely(p + 4 > end))
			return VERDICT_SHORT;
		packet->tuple = tuple | PORTS(LOAD8(p + 1), LOAD8(p));
		break;
	case PROTO_IGMP:
		if (unlikely(p + 8 > end))
			return VERDICT_SHORT;
		packet->tuple = tuple | PORTS(LOAD8(p), 0);
		break;
	}
	return VERDICT_IPV4;
}

static __always_inline enum verdict parse_ipv4(void *p, void *end, __u32 offset, bool common,
					       struct packet *packet)
{
	__u32 header_len;
	__u8 version;

	if (unlikely(p + 20 > end))
		return VERDICT_SHORT;
	version = LOAD8(p);
	if (common) {
		if (unlikely(version != 0x45 || LOAD16(p + 6) & bpf_htons(0x3fff)))
			return VERDICT_RARE;
		packet->addrs[0] = LOAD64(p + 12);
		return parse_transport(p + 20, end, offset + 20, LOAD8(p + 9), true, packet);
	}
	header_len = (version & 15) * 4;
	if (unlikely(version >> 4 != 4 || header_len < 20))
		return VERDICT_MALFORMED;
	if (unlikely(p + header_len > end))
		return VERDICT_SHORT;
	packet->l3_len = bpf_ntohs(LOAD16(p + 2));
	if (packet->l3_len < header_len)
		packet->l3_len = 0; /* large GSO frames, or nonsense */
	packet->addrs[0] = LOAD64(p + 12);
	/* RFC 791: only the fragment at offset 0 has ports; the others are filed without */
	if (unlikely(LOAD16(p + 6) & bpf_htons(0x1fff))) {
		packet->tuple |= (__u64)LOAD8(p + 9) << ABI_PROTO_SHIFT;
		return VERDICT_IPV4;
	}
	return parse_transport(p + header_len, end, offset + header_len, LOAD8(p + 9), false,
			       packet);
}

static __always_inline enum verdict parse_ipv6(void *p, void *end, __u32 offset, bool common,
					       struct packet *packet)
{
	enum verdict verdict;
	__u32 len;
	__u8 next;

	if (unlikely(p + 40 > end))
		return VERDICT_SHORT;
	if (unlikely(LOAD8(p) >> 4 != 6))
		return VERDICT_MALFORMED;
	if (!common) {
		len = bpf_ntohs(LOAD16(p + 4));
		packet->l3_len =
			len ? len + 40 : 0; /* RFC 2675: 0 for jumbograms; big GSO frames */
	}
	packet->addrs[0] = LOAD64(p + 8);
	packet->addrs[1] = LOAD64(p + 16);
	packet->addrs[2] = LOAD64(p + 24);
	packet->addrs[3] = LOAD64(p + 32);
	next = LOAD8(p + 6);
	if (common)
		return parse_transport(p + 40, end, offset + 40, next, true, packet);
	p += 40;
	offset += 40;

#pragma unroll
	for (int i = 0; i < IPV6_EXTENSIONS_MAX; i++) {
		if (likely(next != PROTO_HOPOPTS && next != PROTO_ROUTING &&
			   next != PROTO_FRAGMENT && next != PROTO_DSTOPTS))
			break;
		if (unlikely(p + 8 > end))
			return VERDICT_SHORT;
		if (next == PROTO_FRAGMENT) {
			next = LOAD8(p);
			if (LOAD16(p + 2) & bpf_htons(0xfff8)) { /* RFC 8200, 4.5 */
				packet->tuple |= (__u64)next << ABI_PROTO_SHIFT;
				return VERDICT_IPV6;
			}
			len = 8;
		} else {
			next = LOAD8(p);
			len = (LOAD8(p + 1) + 1) * 8; /* RFC 8200, 4.3 */
		}
		p += len;
		offset += len;
	}
	verdict = parse_transport(p, end, offset, next, false, packet);
	return verdict == VERDICT_IPV4 ? VERDICT_IPV6 : verdict;
}

/* RFC 826, for IPv4 over Ethernet; other kinds are not IP. */
static __always_inline enum verdict parse_arp(void *p, void *end, struct packet *packet)
{
	if (unlikely(p + 28 > end))
		return VERDICT_SHORT;
	if (LOAD16(p + 2) != bpf_htons(ETHERTYPE_IPV4) || LOAD8(p + 4) != 6 || LOAD8(p + 5) != 4)
		return VERDICT_NOT_IP;
	packet->l3_len = 28;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	packet->addrs[0] = LOAD32(p + 14) | (__u64)LOAD32(p + 24) << 32;
#else
	packet->addrs[0] = (__u64)LOAD32(p + 14) << 32 | LOAD32(p + 24);
#endif
	packet->tuple |= ABI_ARP | PORTS(bpf_ntohs(LOAD16(p + 6)), 0);
	return VERDICT_IPV4;
}

/*
 * layer3: there is no Ethernet header, and ethertype (network order) says what comes at offset.
 * vlan: id of the tag in the metadata, 0 for none. Fills every member of packet.
 */
static __always_inline enum verdict parse_frame(void *data, void *end, bool layer3, __u32 offset,
						__u16 ethertype, __u16 vlan, bool arp,
						struct packet *packet)
{
	void *p = data + offset;

	packet->l3_len = 0;
	packet->l4_offset = 0;
	packet->header_len = 0;
	packet->flags = 0;
	packet->l2_len = offset;
	if (likely(!layer3)) {
		if (unlikely(p + 14 > end))
			return VERDICT_SHORT;
		ethertype = LOAD16(p + 12);
		p += 14;
		offset = 14;
#pragma unroll
		for (int i = 0; i < VLAN_TAGS_MAX; i++) {
			if (likely(ethertype != bpf_htons(ETHERTYPE_VLAN) &&
				   ethertype != bpf_htons(ETHERTYPE_QINQ) &&
				   ethertype != bpf_htons(ETHERTYPE_QINQ1)))
				break;
			if (unlikely(p + 4 > end))
				return VERDICT_SHORT;
			if (!vlan)
				vlan = bpf_ntohs(LOAD16(p)) & 0xfff;
			ethertype = LOAD16(p + 2);
			p += 4;
			offset += 4;
		}
		packet->l2_len = offset;
	}
	packet->tuple = (__u64)vlan << ABI_VLAN_SHIFT;
	if (ethertype == bpf_htons(ETHERTYPE_IPV4))
		return parse_ipv4(p, end, offset, false, packet);
	if (ethertype == bpf_htons(ETHERTYPE_IPV6))
		return parse_ipv6(p, end, offset, false, packet);
	if (ethertype == bpf_htons(ETHERTYPE_ARP) && arp)
		return parse_arp(p, end, packet);
	return VERDICT_NOT_IP;
}

/*
 * Where the packet inside a tunnel packet starts, and its ethertype (network order). 0: no tunnel
 * that is known. VXLAN: RFC 7348, 5; Geneve: RFC 8926, 3.4; GRE: RFC 2784 and 2890.
 */
static __always_inline __u32 find_inner(void *data, void *end, const struct packet *packet,
					__u16 *ret_ethertype)
{
	__u32 offset = packet->l4_offset;
	__u16 flags;
	void *p;

	if (!offset || offset > HEADERS_MAX)
		return 0;
	p = data + offset;
	if (p + 16 > end)
		return 0;
	switch ((__u8)(packet->tuple >> ABI_PROTO_SHIFT)) {
	case PROTO_UDP:
		*ret_ethertype = bpf_htons(ETHERTYPE_ETHERNET);
		flags = LOAD8(p + 8);
		if ((LOAD16(p + 2) == bpf_htons(PORT_VXLAN) ||
		     LOAD16(p + 2) == bpf_htons(PORT_VXLAN_OLD)) &&
		    flags & 8)
			return offset + 16;
		if (LOAD16(p + 2) != bpf_htons(PORT_GENEVE) || flags >> 6)
			return 0;
		*ret_ethertype = LOAD16(p + 10);
		return offset + 16 + (flags & 63) * 4;
	case PROTO_GRE:
		flags = bpf_ntohs(LOAD16(p));
		*ret_ethertype = LOAD16(p + 2);
		return offset + 4 + (flags >> 15 & 1) * 4 + (flags >> 13 & 1) * 4 +
		       (flags >> 12 & 1) * 4;
	case PROTO_IPIP:
		*ret_ethertype = bpf_htons(ETHERTYPE_IPV4);
		return offset;
	case PROTO_IPV6:
		*ret_ethertype = bpf_htons(ETHERTYPE_IPV6);
		return offset;
	}
	return 0;
}

/*
 * A super-frame of n segments (GSO on the way out, GRO or LRO on the way in) stands for n packets,
 * each with the headers of the first. Frames from virtual machines say the size of a segment but
 * not the number (SKB_GSO_DODGY).
 */
static __always_inline __u64 count_segments(__u32 segments, __u32 size, __u32 len, __u32 header_len)
{
	if (segments || len <= header_len)
		return segments > 1 ? segments : 1;
	return (len - header_len + size - 1) / size;
}

#endif
