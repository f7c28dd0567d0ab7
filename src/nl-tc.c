/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attaches BPF programs to interfaces by clsact and cleans up after runs that were killed. */

#include "config.h"

#include "nl-tc.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <linux/if_ether.h>
#include <linux/rtnetlink.h>

#include "cleanup.h"
#include "macro.h"
#include "nl-tc-data.h"
#include "nl.h"

/* Where the kernel starts when it chooses priorities itself: downwards from 0xc000. */
#define PRIORITY_AUTO_MIN 0x8000

/* Others may add or remove a qdisc at any moment between a look and an act. */
#define TRIES 4

DEFINE_CLEANUP(struct nl_tc *, nl_tc_close);

int nl_tc_open(struct nl_tc **ret_tc)
{
	cleanup(nl_tc_closep) struct nl_tc *tc = calloc(1, sizeof(*tc));
	int r;

	if (!tc)
		return -ENOMEM;
	tc->owner_fd = -1;
	r = nl_open(0, &tc->nl);
	if (r < 0)
		return r;
	do {
		uint64_t id;

		if (getrandom(&id, sizeof(id), 0) != (ssize_t)sizeof(id))
			return -errno;
		snprintf(tc->name, sizeof(tc->name), TC_NAME_PREFIX "%016llx",
			 (unsigned long long)id);
		r = tc_name_bind(tc->name);
	} while (r == -EADDRINUSE);
	if (r < 0)
		return r;
	tc->owner_fd = r;
	*ret_tc = take_ptr(tc);
	return 0;
}

enum qdisc_fate {
	QDISC_KEEP,
	QDISC_BY_MARK, /* goes with the last filter when one says that it is ours */
	QDISC_MADE,    /* is ours even though no filter says so */
};

static int remove_filters(struct nl_tc *tc, const struct tc_hooks *hooks, enum tc_owner owner,
			  enum qdisc_fate fate)
{
	/* dead ones go with the qdisc */
	size_t n_others =
		tc_hooks_count(hooks, TC_OWNER_OTHER) + tc_hooks_count(hooks, TC_OWNER_ALIVE);
	int r = 0;

	if (owner != TC_OWNER_SELF)
		n_others += tc_hooks_count(hooks, TC_OWNER_SELF);
	if (fate == QDISC_BY_MARK && tc_hooks_marked(hooks))
		fate = QDISC_MADE;
	if (hooks->clsact && n_others == 0 && fate == QDISC_MADE)
		return tc_qdisc_delete(tc->nl, hooks->ifindex);
	for (size_t i = 0; i < hooks->n; i++) {
		int r2 = 0;

		if (hooks->filters[i].owner == owner)
			r2 = tc_filter_delete(tc->nl, hooks->ifindex, &hooks->filters[i]);
		r = r < 0 ? r : r2;
	}
	return r;
}

/* Removes the filters of this owner. Returns 1 when there was something to remove. What others
 * removed meanwhile, and with it every error about it, shows in the next look. */
static int remove_owned(struct nl_tc *tc, uint32_t ifindex, enum tc_owner owner,
			enum qdisc_fate fate)
{
	cleanup(tc_hooks_done) struct tc_hooks hooks = {0};
	int r = 0;

	for (int i = 0; i < TRIES; i++) {
		int r2 = tc_hooks_read(tc, ifindex, &hooks);

		if (r2 < 0)
			return r2;
		if (!hooks.clsact && !hooks.ingress)
			return i > 0;
		if (!tc_hooks_count(&hooks, owner) && (i > 0 || fate != QDISC_MADE))
			return i > 0;
		r = remove_filters(tc, &hooks, owner, fate);
		if (r == 0)
			return 1;
	}
	return r;
}

/*
 * A priority in front of the filters of others. The kernel's own choice (0) is in front of all that
 * it chose itself, but behind what was put at a low number. At number 1 a BPF filter can still join
 * those of the same kind, of which the newest runs first. False when somebody stays in front.
 */
static bool front_priority(const struct tc_hooks *hooks, uint32_t parent, uint16_t *ret_priority)
{
	const struct tc_filter *first = NULL;

	for (size_t i = 0; i < hooks->n; i++) {
		const struct tc_filter *filter = &hooks->filters[i];

		if (filter->parent == parent && filter->chain == 0 &&
		    filter->owner == TC_OWNER_OTHER &&
		    (!first || filter->priority < first->priority))
			first = filter;
	}
	*ret_priority = 0;
	if (!first || first->priority >= PRIORITY_AUTO_MIN)
		return true;
	*ret_priority = MAX((uint16_t)(first->priority - 1), (uint16_t)1);
	if (first->priority > 1 || (first->bpf && first->protocol == htons(ETH_P_ALL)))
		return true;
	*ret_priority = 0;
	return false;
}

/* Adds what is missing. Where that fails, everything is as it was before. */
static int attach_once(struct nl_tc *tc, const struct tc_hooks *hooks, const int *prog_fds)
{
	struct tc_batch batch = {0};
	bool marked = !hooks->clsact || tc_hooks_marked(hooks), front = true;
	enum qdisc_fate fate = QDISC_KEEP;
	char name[TC_NAME_SIZE + sizeof(TC_NAME_MARK)];
	int r;

	snprintf(name, sizeof(name), "%s%s", tc->name, marked ? TC_NAME_MARK : "");
	if (!hooks->clsact)
		tc_batch_qdisc(&batch, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, hooks->ifindex);
	for (size_t i = 0; i < TC_N_PARENTS; i++) {
		uint16_t priority;

		front &= front_priority(hooks, tc_parents[i], &priority);
		tc_batch_filter(&batch, hooks->ifindex, tc_parents[i], priority, prog_fds[i], name);
	}
	r = tc_batch_send(tc->nl, &batch);
	if (r == 0)
		return !front;
	if (!hooks->clsact && batch.results[0] == 0)
		fate = QDISC_MADE;
	(void)remove_owned(tc, hooks->ifindex, TC_OWNER_SELF, fate);
	return r;
}

int nl_tc_attach(struct nl_tc *tc, uint32_t ifindex, int ingress_prog_fd, int egress_prog_fd)
{
	const int prog_fds[] = {ingress_prog_fd, egress_prog_fd};
	cleanup(tc_hooks_done) struct tc_hooks hooks = {0};
	cleanup(close_fdp) ATTR_UNUSED int lock = tc_lock_take(tc);
	uint32_t *attached = reallocarray(tc->attached, tc->n_attached + 1, sizeof(*attached));
	int r = -EAGAIN;

	if (!attached)
		return -ENOMEM;
	tc->attached = attached;
	for (int i = 0; r < 0 && i < TRIES; i++) {
		bool clsact = hooks.clsact;
		int r2 = tc_hooks_read(tc, ifindex, &hooks);

		if (r2 < 0)
			return r2;
		if (hooks.ingress)
			return -EBUSY;
		if (tc_hooks_count(&hooks, TC_OWNER_SELF))
			return -EEXIST;
		/* it only helps to try again when others made or removed the qdisc meanwhile */
		if (i > 0 && clsact == hooks.clsact)
			return r;
		r = attach_once(tc, &hooks, prog_fds);
	}
	if (r >= 0)
		tc->attached[tc->n_attached++] = ifindex;
	return r;
}

int nl_tc_detach(struct nl_tc *tc, uint32_t ifindex)
{
	cleanup(close_fdp) ATTR_UNUSED int lock = -1;
	size_t i = 0;
	int r;

	while (i < tc->n_attached && tc->attached[i] != ifindex)
		i++;
	if (i == tc->n_attached)
		return 0;
	lock = tc_lock_take(tc);
	r = remove_owned(tc, ifindex, TC_OWNER_SELF, QDISC_BY_MARK);
	if (r < 0)
		return r;
	tc->attached[i] = tc->attached[--tc->n_attached];
	return 0;
}

void nl_tc_close(struct nl_tc *tc)
{
	if (!tc)
		return;
	tc_watch_free(tc->watch);
	/* what cannot be removed now is left to the next sweep */
	for (size_t i = tc->n_attached; i > 0; i--)
		(void)nl_tc_detach(tc, tc->attached[i - 1]);
	close_fdp(&tc->owner_fd);
	nl_close(tc->nl);
	free(tc->attached);
	free(tc);
}

struct index_list {
	uint32_t *indexes;
	size_t n;
};

static void index_list_done(struct index_list *list)
{
	free(list->indexes);
}

static int clsact_collect(const struct nlmsghdr *message, void *data)
{
	struct index_list *list = data;
	const char *kind;
	uint32_t ifindex, *grown;

	if (!message) {
		list->n = 0;
		return 0;
	}
	if (!tc_qdisc_parse(message, &ifindex, &kind) || strcmp(kind, "clsact") != 0)
		return 0;
	grown = reallocarray(list->indexes, list->n + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	list->indexes = grown;
	list->indexes[list->n++] = ifindex;
	return 0;
}

/* 1 when there was something to remove. */
static int sweep_one(struct nl_tc *tc, uint32_t ifindex)
{
	cleanup(tc_hooks_done) struct tc_hooks hooks = {.tc = tc, .ifindex = ifindex};
	int r = tc_hooks_read_filters(tc->nl, &hooks);

	if (r < 0 || !tc_hooks_count(&hooks, TC_OWNER_DEAD))
		return r;
	return remove_owned(tc, ifindex, TC_OWNER_DEAD, QDISC_BY_MARK);
}

int nl_tc_sweep(struct nl_tc *tc)
{
	cleanup(index_list_done) struct index_list list = {0};
	cleanup(close_fdp) ATTR_UNUSED int lock = tc_lock_take(tc);
	int n_cleaned = 0;
	int r = tc_qdiscs_read(tc->nl, clsact_collect, &list);

	for (size_t i = 0; i < list.n; i++) {
		int r2 = sweep_one(tc, list.indexes[i]);

		if (r2 > 0)
			n_cleaned++;
		else
			r = r < 0 ? r : r2;
	}
	return r < 0 ? r : n_cleaned;
}

int nl_tc_count_others(struct nl_tc *tc, uint32_t ifindex)
{
	cleanup(tc_hooks_done) struct tc_hooks hooks = {0};
	int r = tc_hooks_read(tc, ifindex, &hooks);

	if (r < 0)
		return r;
	if (!hooks.clsact)
		return -ENOENT;
	return (int)MIN(tc_hooks_count(&hooks, TC_OWNER_OTHER), (size_t)INT_MAX);
}
