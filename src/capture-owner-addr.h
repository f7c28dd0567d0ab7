/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The addresses of this host, in all of its network namespaces, for those who look for owners. */
#ifndef CAPTURE_OWNER_ADDR_H
#define CAPTURE_OWNER_ADDR_H

#include <stdint.h>

struct host_addrs;
struct loop;
struct owner_hooks;
struct sample_sink;
struct sample_socket;

/* The addresses that there are reach the sink with the first report. */
int host_addrs_open(struct loop *loop, const struct sample_sink *sink,
		    struct host_addrs **ret_addrs);
/* NULL is allowed. */
void host_addrs_close(struct host_addrs *addrs);

/*
 * Addresses of other network namespaces, where no program lists them: as they are now, while they
 * may be entered.
 */
void host_addrs_enter_others(struct host_addrs *addrs);
/* Reports what changed in this namespace. */
void host_addrs_report(struct host_addrs *addrs);
/*
 * Reports what changed in others, as the program lists it, where a socket in a namespace without
 * an address was learned of, or from time to time.
 */
void host_addrs_list(struct host_addrs *addrs, struct owner_hooks *hooks);
/* The same for what cannot wait for the end of the interval: the first time, and for a namespace. */
void host_addrs_list_wanted(struct host_addrs *addrs, struct owner_hooks *hooks);
/*
 * A socket that has an address in another network namespace shows that the namespace has it: where
 * none are listed, that is how those are known that came after the start.
 */
void host_addrs_learn(struct host_addrs *addrs, const struct sample_socket *socket);
/* Changes that were lost for want of memory, and namespaces of which not all is read. */
uint64_t host_addrs_lost(const struct host_addrs *addrs);

#endif
