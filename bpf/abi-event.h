/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What the programs that pass payload share with user space; needs <linux/types.h> before.
 *
 * The ring buffer "segments" holds struct event_segment, each followed by its payload. Words that
 * stand for bytes of a packet are as in abi.h.
 */
#ifndef ABI_EVENT_H
#define ABI_EVENT_H

/* What is wanted, and what a segment is: bits, those of enum sample_payload. */
#define ABI_PAYLOAD_DNS 1
#define ABI_PAYLOAD_HTTP 2
#define ABI_PAYLOAD_TLS 4

struct event_segment {
	__u64 time_ns; /* CLOCK_MONOTONIC */
	__u64 addrs[4];
	__u64 tuple; /* with hook */
	__u32 seq;
	__u32 wire_size; /* octets up to the next segment of the same packet, or to its end */
	__u32 size;      /* of them that follow */
	__u8 family;     /* 4 or 6 */
	__u8 tcp_flags;
	__u8 what; /* ABI_PAYLOAD_* */
	__u8 reserved;
};

/* Payload of one segment at most; a power of two. The rest of a packet is in the next ones. */
#define ABI_SEGMENT_SIZE 16384
/* Segments of one packet: a super-frame has 64 KiB, or so many datagrams. */
#define ABI_SEGMENTS_MAX 64

/* Of a TLS connection no more is passed in each direction: handshakes are at its begin. */
#define ABI_TLS_OCTETS 16384

/* Why segments are missing. */
enum {
	ABI_LOST_RING, /* was full */
	ABI_LOST_LOAD, /* the kernel could not give the octets */
	ABI_LOST_MAX
};

/* User space is woken once in this time, or when half of the ring is full. */
#define ABI_WAKE_NS 5000000

_Static_assert(sizeof(struct event_segment) == 64, "event_segment");

#endif
