/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Notices when somebody else removes filters of this run: "tc qdisc del" takes them all. */

#include "config.h"

#include "nl-tc.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/epoll.h>

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

#include "cleanup.h"
#include "loop.h"
#include "macro.h"
#include "nl-tc-data.h"
#include "nl.h"

struct tc_watch {
	struct nl_tc *tc;
	struct nl *events;
	struct loop_source *source;
	nl_tc_lost_fn lost;
	void *data;
};
DEFINE_CLEANUP(struct tc_watch *, tc_watch_free);

void tc_watch_free(struct tc_watch *watch)
{
	if (!watch)
		return;
	loop_remove(watch->source);
	nl_close(watch->events);
	free(watch);
}

/* 1 where filters are missing. An interface that is gone has lost nothing: its events say so. */
static int has_lost(struct nl_tc *tc, uint32_t ifindex)
{
	cleanup(tc_hooks_done) struct tc_hooks hooks = {0};
	int r = tc_hooks_read(tc, ifindex, &hooks);

	if (r < 0)
		return r == -ENODEV ? 0 : r;
	return tc_hooks_count(&hooks, TC_OWNER_SELF) < TC_N_PARENTS;
}

/* lost() may attach and detach: the list of interfaces changes meanwhile. */
static int look_at(struct tc_watch *watch, uint32_t ifindex)
{
	int r = has_lost(watch->tc, ifindex);

	if (r > 0)
		watch->lost(watch->data, ifindex);
	return MIN(r, 0);
}

static bool is_attached(const struct nl_tc *tc, uint32_t ifindex)
{
	for (size_t i = 0; i < tc->n_attached; i++)
		if (tc->attached[i] == ifindex)
			return true;
	return false;
}

static int on_message(const struct nlmsghdr *message, void *data)
{
	const struct tcmsg *tcm = mnl_nlmsg_get_payload(message);
	struct tc_watch *watch = data;

	if ((message->nlmsg_type != RTM_DELQDISC && message->nlmsg_type != RTM_DELTFILTER) ||
	    mnl_nlmsg_get_payload_len(message) < sizeof(*tcm) ||
	    !is_attached(watch->tc, (uint32_t)tcm->tcm_ifindex))
		return 0;
	return look_at(watch, (uint32_t)tcm->tcm_ifindex);
}

static int look_at_all(struct tc_watch *watch)
{
	size_t n = watch->tc->n_attached;
	cleanup(freep) uint32_t *indexes = calloc(n + 1, sizeof(*indexes));
	int r = 0;

	if (!indexes)
		return -ENOMEM;
	for (size_t i = 0; i < n; i++)
		indexes[i] = watch->tc->attached[i];
	for (size_t i = 0; r == 0 && i < n; i++)
		r = look_at(watch, indexes[i]);
	return r;
}

static int on_events(void *data, uint32_t epoll_events ATTR_UNUSED)
{
	struct tc_watch *watch = data;
	int r = nl_events(watch->events, on_message, watch);

	return r == -ENOBUFS ? look_at_all(watch) : r;
}

int nl_tc_watch(struct nl_tc *tc, struct loop *loop, nl_tc_lost_fn lost, void *data)
{
	cleanup(tc_watch_freep) struct tc_watch *watch = calloc(1, sizeof(*watch));
	int r;

	if (!watch)
		return -ENOMEM;
	*watch = (struct tc_watch){.tc = tc, .lost = lost, .data = data};
	r = nl_open(RTMGRP_TC, &watch->events);
	if (r >= 0)
		r = loop_add_fd(loop, nl_fd(watch->events), EPOLLIN, on_events, watch,
				&watch->source);
	if (r < 0)
		return r;
	tc->watch = take_ptr(watch);
	return 0;
}
