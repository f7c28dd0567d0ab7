/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of interfaces, dumped once and then kept current by events. */

#include "config.h"

#include "nl-link.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <linux/rtnetlink.h>

#include "cleanup.h"
#include "loop.h"
#include "macro.h"
#include "nl-link-data.h"
#include "nl.h"

struct nl_links {
	struct nl *requests;
	struct nl *events; /* NULL: not followed */
	struct loop_source *source;
	nl_links_fn changed;
	void *data;
	struct link_list list;          /* sorted by index */
	uint64_t last_serial;           /* given to a link */
	struct link_index_list uplinks; /* interfaces of default routes, with repetitions */
	/* what the events of this batch did */
	bool links_dirty;
	bool routes_dirty;
};

DEFINE_CLEANUP(struct nl_links *, nl_links_close);

static int link_compare(const void *a, const void *b)
{
	const struct nl_link *x = a, *y = b;

	return CMP(x->index, y->index);
}

static void links_mark_uplinks(struct nl_links *links)
{
	for (size_t i = 0; i < links->list.n; i++) {
		struct nl_link *link = &links->list.links[i];

		link->default_route = false;
		for (size_t j = 0; j < links->uplinks.n; j++)
			link->default_route |= links->uplinks.indexes[j] == link->index;
	}
}

/* Place of the first link whose index is not below this one. */
static size_t list_place(const struct link_list *list, uint32_t index)
{
	size_t low = 0, high = list->n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (list->links[middle].index < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static int links_read(struct nl_links *links)
{
	cleanup(link_list_done) struct link_list list = {0};
	size_t n = 0;
	int r = link_list_read(links->requests, &list);

	if (r < 0)
		return r;
	if (list.n)
		qsort(list.links, list.n, sizeof(*list.links), link_compare);
	/* an interrupted dump may hold a link twice */
	for (size_t i = 0; i < list.n; i++)
		if (n == 0 || list.links[n - 1].index != list.links[i].index)
			list.links[n++] = list.links[i];
	list.n = n;
	for (size_t i = 0; i < n; i++) {
		size_t place = list_place(&links->list, list.links[i].index);

		list.links[i].serial = place < links->list.n && links->list.links[place].index ==
									list.links[i].index
					       ? links->list.links[place].serial
					       : ++links->last_serial;
	}
	free(links->list.links);
	links->list = list;
	list = (struct link_list){0};
	links_mark_uplinks(links);
	return 0;
}

static int routes_read(struct nl_links *links)
{
	cleanup(link_index_list_done) struct link_index_list uplinks = {0};
	int r = link_uplinks_read(links->requests, AF_INET, &uplinks);

	if (r >= 0)
		r = link_uplinks_read(links->requests, AF_INET6, &uplinks);
	if (r < 0)
		return r;
	free(links->uplinks.indexes);
	links->uplinks = uplinks;
	uplinks = (struct link_index_list){0};
	links_mark_uplinks(links);
	return 0;
}

/* Everything but the counters. */
static bool link_same(const struct nl_link *a, const struct nl_link *b)
{
	return a->master == b->master && a->lower == b->lower &&
	       a->lower_elsewhere == b->lower_elsewhere && a->up == b->up &&
	       a->running == b->running && a->loopback == b->loopback && a->type == b->type &&
	       strcmp(a->name, b->name) == 0 && strcmp(a->kind, b->kind) == 0;
}

static int link_insert(struct nl_links *links, size_t place, const struct nl_link *link)
{
	struct link_list *list = &links->list;
	int r = link_reserve(&list->links, sizeof(*list->links), list->n, &list->n_allocated);

	if (r < 0)
		return r;
	memmove(&list->links[place + 1], &list->links[place],
		(list->n - place) * sizeof(*list->links));
	list->links[place] = *link;
	list->links[place].serial = ++links->last_serial;
	list->n++;
	links->links_dirty = true;
	return 0;
}

static void link_remove(struct nl_links *links, size_t place)
{
	struct link_list *list = &links->list;

	list->n--;
	memmove(&list->links[place], &list->links[place + 1],
		(list->n - place) * sizeof(*list->links));
	links->links_dirty = true;
}

static void link_update(struct nl_links *links, size_t place, struct nl_link *new)
{
	struct nl_link *old = &links->list.links[place];

	if (link_same(old, new))
		return;
	/* IPv4 routes come and go with IFF_UP without an event of their own */
	links->routes_dirty |= old->up != new->up;
	links->links_dirty = true;
	/* an event may be older than the last dump: counters must never go back */
	new->serial = old->serial;
	new->rx_packets = old->rx_packets;
	new->rx_bytes = old->rx_bytes;
	new->tx_packets = old->tx_packets;
	new->tx_bytes = old->tx_bytes;
	*old = *new;
}

static int event_apply(const struct nlmsghdr *message, void *data)
{
	struct nl_links *links = data;
	struct nl_link link;
	size_t place;
	bool known;

	if (link_route_is_default(message))
		links->routes_dirty = true;
	if (message->nlmsg_type != RTM_NEWLINK && message->nlmsg_type != RTM_DELLINK)
		return 0;
	if (!link_parse(message, &link))
		return 0;
	place = list_place(&links->list, link.index);
	known = place < links->list.n && links->list.links[place].index == link.index;
	if (message->nlmsg_type == RTM_NEWLINK && !known)
		return link_insert(links, place, &link);
	if (message->nlmsg_type == RTM_NEWLINK)
		link_update(links, place, &link);
	else if (known)
		link_remove(links, place);
	return 0;
}

static int on_events(void *data, uint32_t epoll_events ATTR_UNUSED)
{
	struct nl_links *links = data;
	int r;

	links->links_dirty = links->routes_dirty = false;
	r = nl_events(links->events, event_apply, links);
	if (r == -ENOBUFS) {
		links->links_dirty = links->routes_dirty = true;
		r = links_read(links);
	}
	if (r < 0)
		return r;
	if (links->routes_dirty)
		r = routes_read(links);
	if (r < 0 || !(links->links_dirty || links->routes_dirty))
		return r;
	links_mark_uplinks(links);
	if (links->changed)
		links->changed(links->data);
	return 0;
}

int nl_links_open(struct loop *loop, nl_links_fn changed, void *data, struct nl_links **ret_links)
{
	cleanup(nl_links_closep) struct nl_links *links = calloc(1, sizeof(*links));
	int r;

	if (!links)
		return -ENOMEM;
	links->changed = changed;
	links->data = data;
	r = nl_open(0, &links->requests);
	/* first the events, then the dump: nothing falls between them */
	if (r >= 0 && loop)
		r = nl_open(RTMGRP_LINK | RTMGRP_IPV4_ROUTE | RTMGRP_IPV6_ROUTE, &links->events);
	if (r >= 0)
		r = routes_read(links);
	if (r >= 0)
		r = links_read(links);
	if (r >= 0 && loop)
		r = loop_add_fd(loop, nl_fd(links->events), EPOLLIN, on_events, links,
				&links->source);
	if (r < 0)
		return r;
	*ret_links = take_ptr(links);
	return 0;
}

void nl_links_close(struct nl_links *links)
{
	if (!links)
		return;
	loop_remove(links->source);
	nl_close(links->events);
	nl_close(links->requests);
	free(links->list.links);
	free(links->uplinks.indexes);
	free(links);
}

const struct nl_link *nl_links_get(const struct nl_links *links, size_t *ret_n)
{
	*ret_n = links->list.n;
	return links->list.links;
}

int nl_links_refresh(struct nl_links *links)
{
	/* routes are followed; without that they are as old as the links */
	int r = links->events ? 0 : routes_read(links);

	return r < 0 ? r : links_read(links);
}
