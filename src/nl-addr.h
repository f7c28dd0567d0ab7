/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The addresses of this host: of its own network namespace, followed, and of others, as they are.
 */
#ifndef NL_ADDR_H
#define NL_ADDR_H

#include <stdint.h>

struct loop;
struct nl_addrs;
struct sample_addr;

typedef void (*nl_addr_fn)(void *data, const struct sample_addr *addr);

/* Tells of all addresses before it returns, and of changes from the loop. */
int nl_addrs_open(struct loop *loop, nl_addr_fn fn, void *data, struct nl_addrs **ret_addrs);
void nl_addrs_close(struct nl_addrs *addrs); /* NULL is allowed */
/* Tells of the addresses in other network namespaces, as they are now, see nl_netns_others(). */
int nl_addrs_scan_others(struct nl_addrs *addrs);

#endif
