/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a capture back end hands upward: counts of one interval, without any kernel type.
 *
 * An interval is everything between two calls of sample_sink.tick(). Within it a back end reports
 * each hook at most once and each flow as often as it likes (one part per CPU); the receiver adds.
 * For every hook: sum of flows (folded or not) + sum of other = total, in packets and in bytes.
 */
#ifndef SAMPLE_H
#define SAMPLE_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum direction { DIRECTION_IN, DIRECTION_OUT, DIRECTION_MAX };

/* What the two addresses of a key are. */
enum family { FAMILY_NONE, FAMILY_IPV4, FAMILY_IPV6, FAMILY_ARP, FAMILY_MAX };

/* Which parts of a key are left open, in a row that sums up flows that had no slot of their own. */
enum {
	OPEN_SRC_ADDR = 1 << 0,
	OPEN_SRC_PORT = 1 << 1,
	OPEN_DST_ADDR = 1 << 2,
	OPEN_DST_PORT = 1 << 3,
};

/*
 * Identity of a flow. No padding, so that it can be compared and hashed as bytes. Addresses in
 * network order, IPv4 and ARP in the first four bytes with the rest 0. Ports in host order; what
 * they mean depends on proto: ICMP type and code, ESP and AH the SPI (high half, low half), GRE
 * inner ethertype in sport, ARP operation in sport, OSPF type and version, IGMP type in sport.
 */
struct flow_key {
	uint8_t src[16];
	uint8_t dst[16];
	uint16_t sport;
	uint16_t dport;
	uint16_t vlan;       /* id of the outermost tag, 0: none */
	uint16_t iface;      /* slot: index of the interface in this run, see sample_iface */
	uint8_t direction;   /* enum direction, as the interface sees it */
	uint8_t family;      /* enum family */
	uint8_t proto;       /* IP protocol number, 0 for ARP */
	uint8_t open;        /* OPEN_*; 0 for a real flow */
	uint8_t reserved[4]; /* 0 */
};
_Static_assert(sizeof(struct flow_key) == 48, "struct flow_key has padding");

struct tally {
	uint64_t packets;
	uint64_t bytes;
};

static inline void tally_add(struct tally *sum, const struct tally *part)
{
	sum->packets += part->packets;
	sum->bytes += part->bytes;
}

/* TCP flags as in the header: bit 0 FIN, SYN, RST, PSH, ACK, URG, ECE, bit 7 CWR (RFC 9293, 3.1).
 */
struct sample_flow {
	struct flow_key key;
	struct tally count;
	uint8_t tcp_flags; /* OR over the packets */
};

/* Packets that have no flow, by reason. */
enum other {
	OTHER_NOT_IP,    /* neither IP nor ARP */
	OTHER_MALFORMED, /* headers cut short or impossible */
	OTHER_NO_ROOM,   /* flow table and folding table full */
	OTHER_MAX
};

/* One direction of one interface. */
struct sample_hook {
	uint16_t iface;
	uint8_t direction;
	struct tally total;
	struct tally other[OTHER_MAX];
	uint64_t syn; /* SYN without ACK */
	uint64_t syn_ack;
	uint64_t fin;
	uint64_t rst;
};

/* Interfaces at a time; the slots of interfaces that are gone are used again last. */
#define SAMPLE_IFACE_MAX 1024

enum iface_state {
	IFACE_ATTACHED,
	IFACE_DOWN,   /* attached, administratively down */
	IFACE_GONE,   /* was removed; its flows stay */
	IFACE_FAILED, /* could not be attached; reason in note */
	IFACE_STATE_MAX
};

/* Slot of an interface: stable for the run, also when the interface is renamed, goes and comes. */
struct sample_iface {
	uint16_t slot;
	uint8_t state;              /* enum iface_state */
	bool layer3;                /* frames start with the network header */
	uint32_t index;             /* of the kernel, 0 when gone */
	uint64_t speed_bps;         /* of the link, 0: unknown */
	char name[4 * IF_NAMESIZE]; /* escaped */
	char attach[16];            /* how: "tcx", "clsact", "xdp-native" ... */
	char note[96];              /* a sentence for people, or "" */
};

/* Ends an interval. */
struct sample_tick {
	uint64_t start_ns; /* CLOCK_MONOTONIC */
	uint64_t end_ns;
	uint64_t real_ns;    /* CLOCK_REALTIME at end_ns */
	uint32_t slots;      /* capacity of the tables in the kernel for one interval, all CPUs */
	uint32_t slots_used; /* of them, in this interval */
};

/* Receiver. All members are set; called from the loop's thread only. */
struct sample_sink {
	void *data;
	void (*iface)(void *data, const struct sample_iface *iface);
	void (*flows)(void *data, const struct sample_flow *flows, size_t n_flows);
	void (*hook)(void *data, const struct sample_hook *hook);
	void (*tick)(void *data, const struct sample_tick *tick);
};

#endif
