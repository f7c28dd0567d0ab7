/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects the addresses of this host and reports them. */
#include "config.h"

#include "capture-owner-addr.h"

#include <linux/types.h>

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "abi-socket.h"
#include "capture-owner-hooks.h"
#include "cleanup.h"
#include "clock.h"
#include "log.h"
#include "macro.h"
#include "mix.h"
#include "nl-addr.h"
#include "nl-netns.h"
#include "sample.h"

/* Learned ones that are remembered, so that each is reported once; one that falls on the place of
 * another takes it, and the other may be reported again. */
#define LEARNED 4096
#define LIST_MAX (1u << 16)
/* New namespaces between two lists, by their number; those that have no address but common ones
 * must not be looked for with every socket. */
#define ASKED 64
/* Time after which addresses are listed again though nothing hints at new ones. */
#define LIST_NS (10 * NSEC_PER_SEC)
/* Time between two lists that a new namespace was the reason for. */
#define WANTED_NS (200 * NSEC_PER_MSEC)

struct learned {
	uint8_t addr[16];
	uint32_t netns; /* 0: empty */
	uint8_t family;
};

struct addr_list {
	struct sample_addr *addrs;
	size_t n, n_allocated;
};

struct host_addrs {
	const struct sample_sink *sink;
	struct nl_addrs *nl;
	uint32_t home;            /* network namespace, whose addresses are followed */
	struct addr_list changes; /* there is to report */
	struct addr_list listed; /* of other namespaces, the last time; in order, without doubles */
	struct addr_list found;  /* this time */
	uint64_t listed_ns;      /* in time; 0: never */
	uint64_t wanted_ns;      /* before its time; 0: never */
	bool wanted;             /* a namespace is new: before its time */
	uint32_t asked[ASKED];   /* namespaces that it was wanted for since the last one in time */
	uint64_t n_cut;          /* namespaces that have more addresses than are listed, at most */
	uint64_t n_lost;
	struct learned learned[LEARNED];
};

DEFINE_CLEANUP(struct host_addrs *, host_addrs_close);

static void add(struct host_addrs *addrs, struct addr_list *list, const struct sample_addr *addr)
{
	size_t n = MAX((size_t)64, 2 * list->n_allocated);

	if (list->n == list->n_allocated) {
		struct sample_addr *grown =
			list->n < LIST_MAX ? reallocarray(list->addrs, n, sizeof(*grown)) : NULL;

		if (!grown) {
			addrs->n_lost++;
			return;
		}
		list->addrs = grown;
		list->n_allocated = n;
	}
	list->addrs[list->n++] = *addr;
}

static void keep(void *data, const struct sample_addr *addr)
{
	struct host_addrs *addrs = data;

	add(addrs, &addrs->changes, addr);
}

int host_addrs_open(struct loop *loop, const struct sample_sink *sink,
		    struct host_addrs **ret_addrs)
{
	cleanup(host_addrs_closep) struct host_addrs *addrs = calloc(1, sizeof(*addrs));
	int r;

	if (!addrs)
		return -ENOMEM;
	addrs->sink = sink;
	addrs->home = nl_netns_own();
	r = nl_addrs_open(loop, keep, addrs, &addrs->nl);
	if (r < 0)
		return r;
	*ret_addrs = take_ptr(addrs);
	return 0;
}

void host_addrs_close(struct host_addrs *addrs)
{
	if (!addrs)
		return;
	nl_addrs_close(addrs->nl);
	free(addrs->changes.addrs);
	free(addrs->listed.addrs);
	free(addrs->found.addrs);
	free(addrs);
}

void host_addrs_enter_others(struct host_addrs *addrs)
{
	int r = nl_addrs_scan_others(addrs->nl);

	if (r < 0)
		log_info("cannot read addresses in other network namespaces: %s", strerror(-r));
}

void host_addrs_report(struct host_addrs *addrs)
{
	for (size_t i = 0; i < addrs->changes.n; i++)
		addrs->sink->addr(addrs->sink->data, &addrs->changes.addrs[i]);
	addrs->changes.n = 0;
}

/* ---- other namespaces ---- */

/* Not the address of any one namespace: none, loopback, multicast, broadcast. */
static bool is_common(const uint8_t *addr, uint8_t family)
{
	static const uint8_t loopback6[16] = {[15] = 1};
	static const uint8_t none[16], broadcast[4] = {255, 255, 255, 255};

	if (memcmp(addr, none, sizeof(none)) == 0)
		return true;
	if (family == FAMILY_IPV6)
		return addr[0] == 0xff || memcmp(addr, loopback6, sizeof(loopback6)) == 0;
	return addr[0] == 127 || addr[0] >> 4 == 14 ||
	       memcmp(addr, broadcast, sizeof(broadcast)) == 0;
}

/* Reports an address, unless that was done. */
static void tell(struct host_addrs *addrs, const struct sample_addr *addr)
{
	struct learned *learned;
	uint64_t word[2];
	bool known;

	memcpy(word, addr->addr, sizeof(word));
	learned = &addrs->learned[mix(mix(word[0] ^ 1, word[1] ^ 2) ^ 3, addr->netns) % LEARNED];
	known = learned->netns == addr->netns && learned->family == addr->family &&
		memcmp(learned->addr, addr->addr, sizeof(learned->addr)) == 0;
	if (known && !addr->gone)
		return;
	if (known)
		learned->netns = 0;
	if (!addr->gone) {
		*learned = (struct learned){.netns = addr->netns, .family = addr->family};
		memcpy(learned->addr, addr->addr, sizeof(learned->addr));
	}
	addrs->sink->addr(addrs->sink->data, addr);
}

static void on_listed(void *data, const struct socket_event *event)
{
	struct host_addrs *addrs = data;
	const struct socket_tuple *tuple = &event->entry.tuple;
	struct sample_addr addr = {
		.netns = event->entry.netns,
		.family = tuple->family == 4 ? FAMILY_IPV4 : FAMILY_IPV6,
	};

	memcpy(addr.addr, tuple->local, sizeof(addr.addr));
	if (addr.netns != addrs->home && !is_common(addr.addr, addr.family))
		add(addrs, &addrs->found, &addr);
}

static int in_order(const void *a, const void *b)
{
	const struct sample_addr *x = a, *y = b;
	int order = CMP(x->netns, y->netns);

	if (!order)
		order = CMP(x->family, y->family);
	return order ? order : memcmp(x->addr, y->addr, sizeof(x->addr));
}

static void put_in_order(struct addr_list *list)
{
	size_t n = 0;

	if (!list->n)
		return;
	qsort(list->addrs, list->n, sizeof(*list->addrs), in_order);
	for (size_t i = 1; i < list->n; i++)
		if (in_order(&list->addrs[i], &list->addrs[n]) != 0)
			list->addrs[++n] = list->addrs[i];
	list->n = n + 1;
}

/* Tells what is in one list alone, both in order. */
static void tell_differences(struct host_addrs *addrs)
{
	const struct addr_list *old = &addrs->listed, *new = &addrs->found;
	size_t i = 0, j = 0;

	while (i < old->n || j < new->n) {
		int order = i == old->n   ? 1
			    : j == new->n ? -1
					  : in_order(&old->addrs[i], &new->addrs[j]);

		if (order < 0) {
			struct sample_addr gone = old->addrs[i];

			gone.gone = true;
			tell(addrs, &gone);
		} else if (order > 0) {
			tell(addrs, &new->addrs[j]);
		}
		i += order <= 0;
		j += order >= 0;
	}
}

static void say_cut(struct host_addrs *addrs, uint64_t n)
{
	if (n <= addrs->n_cut)
		return;
	addrs->n_cut = n;
	(void)log_warn(0,
		       "%" PRIu64 " network namespace%s more addresses than are read: traffic of "
		       "the others is taken for forwarded until a socket has them",
		       n, n == 1 ? " has" : "s have");
}

void host_addrs_list(struct host_addrs *addrs, struct owner_hooks *hooks)
{
	uint64_t now_ns = clock_mono_ns();
	bool in_time = !addrs->listed_ns || now_ns - addrs->listed_ns >= LIST_NS;
	uint64_t n_cut = owner_hooks_cut(hooks);
	struct addr_list old;
	int r;

	if (owner_hooks_source(hooks, OWNER_SOURCE_ADDR) < 0 || (!addrs->wanted && !in_time))
		return;
	if (in_time) {
		addrs->listed_ns = now_ns;
		memset(addrs->asked, 0, sizeof(addrs->asked));
	}
	addrs->wanted = false;
	addrs->found.n = 0;
	r = owner_hooks_scan(hooks, OWNER_SOURCE_ADDR, on_listed, addrs);
	if (r < 0) {
		log_info("cannot list addresses in other network namespaces: %s", strerror(-r));
		return;
	}
	say_cut(addrs, owner_hooks_cut(hooks) - n_cut);
	put_in_order(&addrs->found);
	tell_differences(addrs);
	old = addrs->listed;
	addrs->listed = addrs->found;
	addrs->found = old;
}

void host_addrs_list_wanted(struct host_addrs *addrs, struct owner_hooks *hooks)
{
	uint64_t now_ns = clock_mono_ns();

	if (addrs->listed_ns && (!addrs->wanted || now_ns - addrs->wanted_ns < WANTED_NS))
		return;
	addrs->wanted_ns = addrs->listed_ns ? now_ns : 0;
	host_addrs_list(addrs, hooks);
}

static int by_netns(const void *key, const void *element)
{
	return CMP(*(const uint32_t *)key, ((const struct sample_addr *)element)->netns);
}

static void want_list(struct host_addrs *addrs, uint32_t netns)
{
	uint32_t *asked = &addrs->asked[netns % ASKED];

	addrs->wanted |= *asked != netns;
	*asked = netns;
}

void host_addrs_learn(struct host_addrs *addrs, const struct sample_socket *socket)
{
	struct sample_addr addr = {.family = socket->family, .netns = socket->netns};

	if (!socket->netns || socket->netns == addrs->home)
		return;
	if (!addrs->listed.n || !bsearch(&socket->netns, addrs->listed.addrs, addrs->listed.n,
					 sizeof(*addrs->listed.addrs), by_netns))
		want_list(addrs, socket->netns);
	memcpy(addr.addr, socket->local, sizeof(addr.addr));
	if (!is_common(addr.addr, addr.family))
		tell(addrs, &addr);
}

uint64_t host_addrs_lost(const struct host_addrs *addrs)
{
	return addrs->n_lost + addrs->n_cut;
}
