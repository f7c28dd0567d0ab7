/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells of the sockets in a network namespace, by sock_diag(7). */
#ifndef NL_DIAG_DUMP_H
#define NL_DIAG_DUMP_H

#include <stdint.h>

struct nl_diag_socket {
	uint32_t local[4], remote[4]; /* in network order; IPv4 in the first word, the rest 0 */
	uint16_t lport, rport;        /* in host order; raw sockets: 0 */
	uint8_t family;               /* AF_INET, AF_INET6 */
	uint8_t proto;
	uint8_t state; /* TCP_* of the kernel, for all protocols */
	uint64_t inode; /* of "socket:[INODE]"; never 0: sockets of no process are left out */
	uint64_t cookie;
	uint64_t cgroup_id; /* in which it was made; 0: not known */
};

typedef void (*nl_diag_fn)(void *data, const struct nl_diag_socket *socket);

/*
 * Tells of those of TCP, UDP, UDP-Lite and raw ones in the network namespace that the thread is in.
 * Protocols that this kernel cannot tell of are left out; -errno where it can of none.
 */
int nl_diag_dump(nl_diag_fn fn, void *data);

#endif
