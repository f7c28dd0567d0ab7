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

#include "l7.h"
#include "size.h"

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
	uint16_t vlan;     /* id of the outermost tag, 0: none */
	uint16_t iface;    /* slot: index of the interface in this run, see sample_iface */
	uint8_t direction; /* enum direction, as the interface sees it */
	uint8_t family;    /* enum family */
	uint8_t proto;     /* IP protocol number, 0 for ARP */
	uint8_t open;      /* OPEN_*; 0 for a real flow */
	uint32_t owner;    /* where each owner is counted apart (process): its number; else 0 */
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
	uint8_t tcp_flags;    /* OR over the packets */
	uint8_t l7;           /* enum l7, by what a payload looks like */
	uint32_t retransmits; /* TCP segments sent again, where the back end sees them */
};

/* Packets of a watched flow by size, over whole intervals. */
struct sample_sizes {
	uint64_t packets[DIRECTION_MAX][SIZE_CLASSES];
	uint64_t start_ns; /* CLOCK_MONOTONIC */
	uint64_t end_ns;   /* of the last interval; 0: none has passed yet */
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
/* In a key of what comes from none. */
#define SAMPLE_IFACE_NONE SAMPLE_IFACE_MAX

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
	char note[96];              /* sentences for people, or "" */
};

/*
 * Who sends and receives: a process, with the cgroup and container that it is in. Reported before
 * anything that names its number, and again when something about it changes. A process that ended
 * keeps its number; another process with the same pid gets another. Texts are escaped, valid during
 * the call alone, and "" where not known.
 */
struct sample_owner {
	uint32_t number; /* from 1, one by one as they come; 0: no owner */
	uint32_t pid; /* thread group, in the initial pid namespace; 0: the process is not known */
	uint32_t uid; /* UINT32_MAX: not known */
	uint64_t start_ns;   /* of the process, CLOCK_BOOTTIME; 0: not known */
	uint64_t cgroup_id;  /* inode of its cgroup v2 directory; 0: not known */
	bool gone;           /* has ended; texts that are "" then are as they were */
	const char *comm;    /* of the thread group's leader */
	const char *command; /* command line, arguments separated by spaces */
	const char *user;
	const char *cgroup;    /* path below the root of the cgroup file system */
	const char *runtime;   /* "docker", "containerd", "cri-o", "podman", "nspawn", "lxc" */
	const char *container; /* id in full; a name where the runtime has no ids */
	const char *container_name;
	const char *image;
	const char *pod;
	const char *pod_namespace;
};

/* Owners at a time; those past it are not named, and counted. */
#define SAMPLE_OWNER_MAX (1u << 20)

enum socket_kind {
	SOCKET_CONNECTED, /* has both ends */
	SOCKET_BOUND,     /* has a local end: UDP and raw */
	SOCKET_LISTENING, /* owns what it accepts until the accepted socket is known by itself */
	SOCKET_KIND_MAX
};

/* A socket and its owner. A later report about the same ends replaces the earlier one. */
struct sample_socket {
	uint8_t local[16]; /* as in struct flow_key; all 0: any address */
	uint8_t remote[16];
	uint16_t lport, rport; /* raw sockets: 0 */
	uint8_t family; /* FAMILY_IPV4, FAMILY_IPV6 (an IPv6 socket of any address takes both) */
	uint8_t proto;
	uint8_t kind;    /* enum socket_kind */
	bool estimated;  /* found by a scan, not seen by a hook: the owner may have changed */
	bool passed_on;  /* its process forked, and it is not seen which one uses it */
	bool gone;       /* was closed: packets still on their way keep its owner */
	uint32_t netns;  /* inode of its network namespace; 0: not known */
	uint32_t owner;  /* number; 0: nobody can be named, see reason */
	uint8_t reason;  /* enum owner_reason, why not */
	uint64_t cookie; /* 0: not known */
};

/* What the kernel knows of a TCP connection that ends on this host. */
struct sample_tcp {
	uint8_t state;          /* TCP_* of the kernel */
	uint32_t rtt_us;        /* smoothed (RFC 6298) */
	uint32_t rtt_var_us;    /* its mean deviation */
	uint32_t rtt_min_us;    /* of the last minutes; 0: this kernel does not tell */
	uint32_t segments;      /* sent so far, those that were sent again among them */
	uint32_t retransmits;   /* segments sent again so far */
	uint32_t window;        /* for congestion, in segments */
	uint32_t segment_bytes; /* at most, of what is sent */
};

/* Why a flow has no owner. */
enum owner_reason {
	OWNER_KNOWN,
	OWNER_PENDING,   /* not looked for yet */
	OWNER_FORWARDED, /* neither end is an address of this host */
	OWNER_NO_SOCKET, /* no socket has it: the kernel itself, or a port where nobody listens */
	OWNER_GONE,      /* the process had ended before it could be asked */
	OWNER_NOT_PERMITTED, /* this run may not look */
	OWNER_OFF,           /* this run does not look */
	OWNER_FOLDED,        /* a row that sums up flows: it may have several */
	OWNER_REASON_MAX
};

enum conn_what {
	CONN_CONNECT, /* established from here; with an error: not */
	CONN_ACCEPT,  /* established from elsewhere, and taken by a process */
	CONN_CLOSE,
	CONN_OPEN, /* UDP: the first datagram to a far end */
	CONN_WHAT_MAX
};

/* Who began a connection. */
enum conn_side { CONN_SIDE_UNKNOWN, CONN_SIDE_LOCAL, CONN_SIDE_REMOTE };

/* Begin or end of a connection of a socket on this host, in any of its network namespaces. */
struct sample_conn {
	uint8_t local[16]; /* as in struct flow_key; all 0 and port 0: not chosen yet */
	uint8_t remote[16];
	uint16_t lport, rport;
	uint8_t family; /* FAMILY_IPV4, FAMILY_IPV6 */
	uint8_t proto;
	uint8_t what;         /* enum conn_what */
	uint8_t side;         /* enum conn_side */
	uint32_t netns;       /* inode */
	uint32_t owner;       /* number; 0: no process was seen with it */
	int error;            /* errno, or 0 */
	uint64_t cookie;      /* of the socket */
	uint64_t time_ns;     /* CLOCK_MONOTONIC */
	uint64_t duration_ns; /* of connecting, or of the connection at its end; 0: not known */
	uint64_t sent;        /* at the end: octets of payload, not those that were sent again */
	uint64_t received;
};

/* An address of this host, in any of its network namespaces. */
struct sample_addr {
	uint8_t addr[16];
	uint8_t family;
	uint32_t netns;
	bool gone;
};

/* What payload is of. */
enum sample_payload {
	PAYLOAD_DNS = 1 << 0,  /* UDP and TCP of port 53 */
	PAYLOAD_HTTP = 1 << 1, /* TCP connections that began like HTTP/1 on one side, or go on so */
	PAYLOAD_TLS = 1 << 2,  /* TCP that begins with a ClientHello, its begin; Initials of QUIC */
};

/*
 * Payload of one packet, or of a part of a super-frame: what streams of requests and names read.
 * Begin and end of a TCP connection come as segments that may have no data; those of connections
 * that are known by what they carry have no begin. The data is valid during the call alone.
 */
struct sample_segment {
	struct flow_key key;
	uint64_t time_ns;   /* CLOCK_MONOTONIC */
	uint32_t seq;       /* TCP: of the first octet of data; of a SYN, its own */
	uint8_t tcp_flags;  /* 0 where not TCP; FIN: behind the last octet */
	uint8_t what;       /* enum sample_payload */
	uint32_t wire_size; /* octets of payload up to the next segment of the same packet */
	uint32_t size;      /* of them in data */
	const uint8_t *data;
};

/* Ends an interval. */
struct sample_tick {
	uint64_t start_ns; /* CLOCK_MONOTONIC */
	uint64_t end_ns;
	uint64_t real_ns;    /* CLOCK_REALTIME at end_ns */
	uint32_t slots;      /* capacity of the tables in the kernel for one interval, all CPUs */
	uint32_t slots_used; /* of them, in this interval */
};

/*
 * Receiver, called from the loop's thread only. Those that tell of owners may be NULL: not wanted.
 * They are called before the flows of the interval in which they matter. Segments come as they are
 * seen, each direction of a connection on its own; NULL: not wanted. So do connections, as they
 * begin and end; an owner before what names it.
 */
struct sample_sink {
	void *data;
	void (*owner)(void *data, const struct sample_owner *owner);
	void (*sockets)(void *data, const struct sample_socket *sockets, size_t n_sockets);
	void (*addr)(void *data, const struct sample_addr *addr);
	void (*iface)(void *data, const struct sample_iface *iface);
	void (*flows)(void *data, const struct sample_flow *flows, size_t n_flows);
	void (*segment)(void *data, const struct sample_segment *segment);
	void (*conn)(void *data, const struct sample_conn *conn);
	void (*hook)(void *data, const struct sample_hook *hook);
	void (*tick)(void *data, const struct sample_tick *tick);
};

#endif
