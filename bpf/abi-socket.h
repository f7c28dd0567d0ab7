/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What the programs that watch sockets share with user space; needs <linux/types.h> before.
 *
 * Three maps: "sockets" holds what is known of a socket by its cookie, "processes" which processes
 * own sockets, and "events" is a ring buffer of struct socket_event.
 */
#ifndef ABI_SOCKET_H
#define ABI_SOCKET_H

#define ABI_COMM_SIZE 16

struct socket_process {
	__u64 start_ns;  /* of the thread group's leader, CLOCK_BOOTTIME */
	__u64 cgroup_id; /* version 2 */
	__u32 tgid;
	__u32 uid;
	char comm[ABI_COMM_SIZE]; /* of the leader, as the kernel has it */
};

enum { ABI_SOCKET_CONNECTED, ABI_SOCKET_BOUND, ABI_SOCKET_LISTENING };

/* IPv4 as the low words of the addresses, also where an IPv6 socket speaks it. */
struct socket_tuple {
	__u32 local[4]; /* in network order */
	__u32 remote[4];
	__u16 lport; /* in host order */
	__u16 rport;
	__u8 family; /* 4 or 6; 0: no ends yet */
	__u8 proto;
	__u8 kind; /* ABI_SOCKET_* */
	__u8 reserved;
};

/* Why the process of a socket is an estimate. */
enum {
	ABI_ESTIMATED_SCANNED = 1, /* found by a scan, no program saw its process use it */
	ABI_ESTIMATED_PASSED_ON,   /* its process forked, and no program sees who uses it */
};

/* Element of "sockets". */
struct socket_entry {
	struct socket_process process;
	struct socket_tuple tuple; /* as user space was last told */
	__u32 netns;               /* inode */
	__u8 estimated;            /* ABI_ESTIMATED_*, or 0 */
	__u8 n_moves;              /* times it went to another process */
	__u8 bound;                /* by its process; UDP */
	__u8 opened;               /* it was told that it has sent to its remote end; UDP */
};

enum {
	ABI_EVENT_SOCKET, /* has these ends and this owner */
	ABI_EVENT_CLOSED,
	ABI_EVENT_SCANNED, /* like the first, found by the iterator */
	ABI_EVENT_EXEC,    /* process alone: runs another program */
	ABI_EVENT_EXIT,    /* process alone: ended */
	ABI_EVENT_CONN,    /* struct conn_event */
	ABI_EVENT_ADDR,    /* tuple.local and netns alone: the namespace has the address */
};

struct socket_event {
	__u64 cookie;
	__u32 what;  /* ABI_EVENT_* */
	__u32 fresh; /* the process was read in its own context */
	struct socket_entry entry;
};

enum {
	ABI_CONN_CONNECT, /* established from here; with an error: not */
	ABI_CONN_ACCEPT,
	ABI_CONN_CLOSE,
	ABI_CONN_OPEN, /* UDP: the first datagram to a far end */
};

/* Who began. */
enum { ABI_SIDE_UNKNOWN, ABI_SIDE_CONNECTED, ABI_SIDE_ACCEPTED };

/* Begin or end of a connection: of the entry, process, tuple and netns are set. */
struct conn_event {
	struct socket_event socket;
	__u64 time_ns;     /* CLOCK_MONOTONIC */
	__u64 duration_ns; /* of connecting or of the connection; 0: not known */
	__u64 sent;        /* octets of payload, not those that were sent again */
	__u64 received;
	__u32 error; /* errno, or 0 */
	__u8 kind;   /* ABI_CONN_* */
	__u8 side;   /* ABI_SIDE_* */
	__u8 reserved[2];
};

/* A socket that this many processes took over in turn stays with the last one. */
#define ABI_MOVES_MAX 8

_Static_assert(sizeof(struct socket_process) == 40, "socket_process");
_Static_assert(sizeof(struct socket_tuple) == 40, "socket_tuple");
_Static_assert(sizeof(struct socket_entry) == 88, "socket_entry");
_Static_assert(sizeof(struct socket_event) == 104, "socket_event");
_Static_assert(sizeof(struct conn_event) == 144, "conn_event");

#endif
