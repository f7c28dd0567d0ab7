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

/* Inode of the network namespace of this process, 0 where /proc does not tell. */
uint32_t nl_addr_netns(void);
/* Tells of all addresses before it returns, and of changes from the loop. */
int nl_addrs_open(struct loop *loop, nl_addr_fn fn, void *data, struct nl_addrs **ret_addrs);
void nl_addrs_close(struct nl_addrs *addrs); /* NULL is allowed */
/*
 * Tells of the addresses in the network namespaces of all other processes, as they are now. Wants
 * CAP_SYS_ADMIN, to enter them; this process must have one thread. -EPERM without.
 */
int nl_addrs_scan_others(struct nl_addrs *addrs);

#endif
