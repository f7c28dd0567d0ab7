/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * One netlink socket: requests with acknowledgement, dumps, events. The nl* files are the only
 * ones that use libmnl. A socket that joined groups is for nl_events() alone: requests on it would
 * throw away the events that lie between their answers.
 */
#ifndef NL_H
#define NL_H

#include <stddef.h>
#include <stdint.h>

struct nl;
struct nlmsghdr;

/* groups: bits as in bind(2) for AF_NETLINK (RTMGRP_LINK), 0 for requests only. */
int nl_open(uint32_t groups, struct nl **ret_nl);
/* For requests to sock_diag(7). */
int nl_open_diag(struct nl **ret_nl);
void nl_close(struct nl *nl);
int nl_fd(const struct nl *nl);

/* A negative result ends the reading and becomes the result of the caller. */
typedef int (*nl_message_fn)(const struct nlmsghdr *message, void *data);

/*
 * Sends a dump request and calls fn for every answer. When the kernel says that the dump was
 * interrupted by a change it starts over, a few times, and says so by a call with message NULL:
 * forget the answers so far. The last attempt stands as it is; what it missed are events.
 */
int nl_dump(struct nl *nl, struct nlmsghdr *request, nl_message_fn fn, void *data);
/* Sends a request that is no dump, and calls fn for what is answered. */
int nl_ask(struct nl *nl, struct nlmsghdr *request, nl_message_fn fn, void *data);
/*
 * Sends requests, one after the other in buf (len bytes), in a single sendmsg(), which the kernel
 * carries out as a whole even when this process is killed. Each asks for an acknowledgement; its
 * result (0 or -errno) goes to results[i]. Returns -errno only when the exchange itself failed.
 */
int nl_batch(struct nl *nl, void *buf, size_t len, int *results, size_t n_results);
/* Reads pending events without waiting. -ENOBUFS: events were lost, dump again. */
int nl_events(struct nl *nl, nl_message_fn fn, void *data);

#endif
