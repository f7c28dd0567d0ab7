/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names and texts for the parts of a flow key. */
#ifndef FLOW_H
#define FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample.h"

enum side { SIDE_SRC, SIDE_DST };

/* Where the host is: for an in-flow where it goes to, for an out-flow where it comes from. */
static inline enum side flow_local_side(const struct flow_key *key)
{
	return key->direction == DIRECTION_IN ? SIDE_DST : SIDE_SRC;
}

static inline enum side flow_remote_side(const struct flow_key *key)
{
	return key->direction == DIRECTION_IN ? SIDE_SRC : SIDE_DST;
}

static inline const uint8_t *flow_side_addr(const struct flow_key *key, enum side side)
{
	return side == SIDE_SRC ? key->src : key->dst;
}

static inline uint16_t flow_side_port(const struct flow_key *key, enum side side)
{
	return side == SIDE_SRC ? key->sport : key->dport;
}

/* Left open when flows were folded. */
static inline bool flow_addr_is_open(const struct flow_key *key, enum side side)
{
	return key->open & (side == SIDE_SRC ? OPEN_SRC_ADDR : OPEN_DST_ADDR);
}

static inline bool flow_port_is_open(const struct flow_key *key, enum side side)
{
	return key->open & (side == SIDE_SRC ? OPEN_SRC_PORT : OPEN_DST_PORT);
}

/* Buffer for an address with port: "[2001:db8:...]:65535" and more. */
#define FLOW_TEXT_MAX 80

/* Lower-case name of the IP protocol: "tcp", "icmp6", "arp"; the number for others. */
int flow_proto_name(char *buf, size_t size, const struct flow_key *key);
/* IANA protocol number for a name of the table, -ENOENT otherwise. */
int flow_proto_number(const char *name);
/* True where sport and dport are ports (TCP, UDP, UDP-Lite, SCTP, DCCP). */
bool flow_has_ports(const struct flow_key *key);
/* "192.0.2.1", "2001:db8::1", "*" where left open. */
int flow_addr(char *buf, size_t size, const struct flow_key *key, enum side side);
/* With port: "192.0.2.1:443", "[2001:db8::1]:443", "*:443"; without where there is none. */
int flow_endpoint(char *buf, size_t size, const struct flow_key *key, enum side side);
/*
 * What the ports mean where they are none: "echo-request", "type 3 code 1", "spi 0x1a2b3c4d",
 * "request"; "" else, and for later fragments where 0 cannot be a value.
 */
int flow_detail(char *buf, size_t size, const struct flow_key *key);
/* "SYN,ACK" in the order of the header bits; "-" for none. */
int flow_tcp_flags(char *buf, size_t size, uint8_t flags);
/* Name of one bit 0..7: "FIN" ... "CWR". */
const char *flow_tcp_flag(unsigned int bit);
const char *flow_direction(uint8_t direction); /* "in", "out" */
/* How the application protocol of a flow is known. */
enum l7_source {
	L7_SOURCE_NONE,
	L7_SOURCE_PAYLOAD, /* of either direction */
	L7_SOURCE_PORT,    /* a guess: nothing but a port says so */
	L7_SOURCE_MAX
};

const char *flow_l7_name(unsigned int l7);       /* "http", "none" */
const char *flow_l7_source(unsigned int source); /* "payload", "port", "none" */
/* For people: "http", "http?" for a guess. */
int flow_l7_text(char *buf, size_t size, unsigned int l7, unsigned int source);
/* What a port stands for, that of the service where both do; L7_NONE for most. */
uint8_t flow_l7_guess(const struct flow_key *key);
/*
 * Text that is a filter of pktop and an expression of tcpdump(8): of a flow, or, with both, of its
 * two directions. "tcp and host 192.0.2.1 and port 443 and host ...". What tcpdump cannot tell
 * (ports of DCCP) is left out.
 */
int flow_expression(char *buf, size_t size, const struct flow_key *key, bool both);
/* Of the protocol alone: "tcp", "proto 47". */
int flow_expression_proto(char *buf, size_t size, const struct flow_key *key);
/* What such a text passes besides the flow: "all ports", "all types"; NULL: nothing. */
const char *flow_expression_more(const struct flow_key *key);
/* True where such a text can have ports. */
bool flow_expression_has_ports(const struct flow_key *key);
/*
 * Community ID v1 with seed 0 ("1:..."), "" for keys that have none: ARP, open, and later
 * fragments (ports both 0 where that cannot be).
 */
int flow_community_id(char *buf, size_t size, const struct flow_key *key);
/* ICMP type or ARP operation that answers or asks this one, -ENOENT where it is one-way. */
int flow_counterpart(const struct flow_key *key);
/*
 * The key of the other direction on the same interface: ends swapped, requests and replies
 * exchanged. SPIs and what else stands in for ports stay as they are.
 */
void flow_key_reverse(const struct flow_key *key, struct flow_key *ret_reverse);
/*
 * Keyed hash of the conversation that a flow belongs to: the same for both directions, on whatever
 * interface and in whatever VLAN it is seen.
 */
uint64_t flow_conversation_hash(const struct flow_key *key, const uint64_t seed[2]);
/* Total order over keys: by interface, direction, protocol, then ends. */
int flow_key_cmp(const struct flow_key *a, const struct flow_key *b);

#endif
