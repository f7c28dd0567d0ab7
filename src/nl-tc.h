/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Attachment by the clsact qdisc and a direct-action BPF filter, for kernels without TCX, in such a
 * way that whatever a killed run left can be told from everything else and removed.
 *
 * Each run binds an abstract unix socket "pktop-ID" in its network namespace, with a random ID of
 * 16 hex digits; the kernel drops the name with the process. Filters carry "pktop-ID" as their
 * name, "pktop-ID+q" where the qdisc was made by pktop as well. A filter whose socket name can be
 * bound belongs to nobody alive. Qdisc and filters are made in one batch, and the last run out
 * removes the qdisc (which takes the filters with it), so that there is no moment at which a qdisc
 * of ours stands without a filter that says so. Filters of others keep the qdisc.
 */
#ifndef NL_TC_H
#define NL_TC_H

#include <stdint.h>

struct loop;
struct nl_tc;

/* 0 where the kernel has the clsact qdisc, -ENOENT where it has not. Makes none. */
int nl_tc_try(void);

int nl_tc_open(struct nl_tc **ret_tc);
/* Detaches from every interface that is still attached. */
void nl_tc_close(struct nl_tc *tc);
/*
 * Adds both filters, and the qdisc where there is none, in front of the filters of others where the
 * kernel allows that. Returns 1 where one of others stays in front: it may take packets away before
 * they are counted. -EEXIST when already attached by this run, -EBUSY when there is an ingress
 * qdisc, which has the place of clsact and no egress side.
 */
int nl_tc_attach(struct nl_tc *tc, uint32_t ifindex, int ingress_prog_fd, int egress_prog_fd);
/* Removes what attach added. An interface that is gone, or was never attached, is no error. */
int nl_tc_detach(struct nl_tc *tc, uint32_t ifindex);
/*
 * From now on calls lost, from the loop, with each interface where somebody removed a filter that
 * attach added. nl_tc_detach() forgets what is left of them.
 */
typedef void (*nl_tc_lost_fn)(void *data, uint32_t ifindex);
int nl_tc_watch(struct nl_tc *tc, struct loop *loop, nl_tc_lost_fn lost, void *data);
/* Removes what dead runs left, on every interface. Returns how many interfaces were cleaned, or
 * -errno. */
int nl_tc_sweep(struct nl_tc *tc);
/*
 * Filters of others on the clsact hooks of an interface; -ENOENT when there is no clsact. Those of
 * other pktop runs do not count; one that holds many rules (flower, u32) counts once.
 */
int nl_tc_count_others(struct nl_tc *tc, uint32_t ifindex);

#endif
