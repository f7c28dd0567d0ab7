/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks sock_diag(7) about a single TCP connection. */
#ifndef NL_DIAG_H
#define NL_DIAG_H

#include <stdint.h>

struct flow_key;
struct nl;
struct sample_tcp;

/*
 * The connection that a flow of either direction belongs to, in the network namespace that nl was
 * opened in by nl_open_diag(). iface: index of the interface, for sockets that are bound to one; 0:
 * they are not found. -ENOENT where there is no such connection, and for flows that are none.
 */
int nl_diag_tcp(struct nl *nl, const struct flow_key *key, uint32_t iface,
		struct sample_tcp *ret_tcp);

#endif
