/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Visits the network namespaces of processes. */
#ifndef NL_NETNS_H
#define NL_NETNS_H

#include <stdint.h>

/* In a namespace, given by its inode. A negative result ends the visits, and is theirs. */
typedef int (*nl_netns_fn)(void *data, uint32_t netns);

/* Inode of the network namespace of this process, 0 where /proc does not tell. */
uint32_t nl_netns_own(void);
/*
 * Calls fn in each of the namespaces that other processes are in, and comes back. Wants
 * CAP_SYS_ADMIN to enter them, -EPERM without; those of processes that may not be looked at are left
 * out. Only the calling thread enters them.
 */
int nl_netns_others(nl_netns_fn fn, void *data);

#endif
