/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Frames byte by byte, with what the programs must make of them. */
#ifndef PACKET_CASES_H
#define PACKET_CASES_H

#include <stddef.h>
#include <stdint.h>

#define B16(x) (uint8_t)((x) >> 8 & 255), (uint8_t)((x)&255)
#define B32(x) B16((uint32_t)(x) >> 16), B16((uint32_t)(x)&0xffff)
#define FRAME(...)                                                                                 \
	.data = (const uint8_t[]){__VA_ARGS__}, .size = sizeof((const uint8_t[]){__VA_ARGS__})

#define ETH_SIZE 14
#define TAG_SIZE 4
/* Both addresses; a type or tags and a type follow. */
#define MACS 0x02, 0, 0, 0, 0, 2, 0x02, 0, 0, 0, 0, 1
#define ETH(type) MACS, B16(type)
#define TAG(type, tci) B16(type), B16(tci)

/* 192.0.2.7 > 198.51.100.1, 2001:db8:102:304:506:708:90a:b0c > 2001:db8:f:e:d:c:b:a */
#define ADDRS4 192, 0, 2, 7, 198, 51, 100, 1
#define ADDRS6                                                                                     \
	0x20, 0x01, 0x0d, 0xb8, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 0x20, 0x01, 0x0d, 0xb8, 0,  \
		15, 0, 14, 0, 13, 0, 12, 0, 11, 0, 10
#define SRC4 "192.0.2.7"
#define DST4 "198.51.100.1"
#define SRC6 "[2001:db8:102:304:506:708:90a:b0c]"
#define DST6 "[2001:db8:f:e:d:c:b:a]"

/* first: version and header length; fragment: flags and offset; payload: octets that follow */
#define IP4_WITH(first, fragment, proto, payload)                                                  \
	first, 0, B16(((first)&15) * 4 + (payload)), B16(1), B16(fragment), 64, proto, B16(0),     \
		ADDRS4
#define IP4(proto, payload) IP4_WITH(0x45, 0x4000, proto, payload)
#define IP6(next, payload) 0x60, 0, 0, 0, B16(payload), next, 64, ADDRS6
/* 8 octets each */
#define EXTENSION(next) next, 0, 1, 4, 0, 0, 0, 0
#define FRAGMENT6(next, offset_flags) next, 0, B16(offset_flags), B32(77)

#define TCP(flags) B16(41234), B16(443), B32(1), B32(2), 0x50, flags, B16(512), B32(0)
#define UDP(payload) B16(5353), B16(53), B16(8 + (payload)), B16(0)
#define ZEROS8 0, 0, 0, 0, 0, 0, 0, 0

struct frame_case {
	const char *name;
	const uint8_t *data;
	size_t size;
	/* Octets that say what it is; a frame cut before that is malformed. */
	size_t need;
	const char *want; /* as record_text() has it, without totals */
};

/* Ended by a case without a name. */
extern const struct frame_case frame_cases[];

#endif
