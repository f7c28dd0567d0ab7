/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of interfaces, dumped once and then kept current by events. */

#include "config.h"

#include "nl-link.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "cleanup.h"
#include "loop.h"
#include "macro.h"
#include "nl.h"

struct link_list {
	struct nl_link *links; /* sorted by index once complete */
	size_t n, n_allocated;
};

struct index_list {
	uint32_t *indexes;
	size_t n, n_allocated;
};

struct nl_links {
	struct nl *requests;
	struct nl *events; /* NULL: not followed */
	struct loop_source *source;
	nl_links_fn changed;
	void *data;
	struct link_list list;
	struct index_list uplinks; /* interfaces of default routes, with repetitions */
	/* what the events of this batch did */
	bool links_dirty;
	bool routes_dirty;
};

DEFINE_CLEANUP(struct nl_links *, nl_links_close);

static void link_list_done(struct link_list *list)
{
	free(list->links);
}

static void index_list_done(struct index_list *list)
{
	free(list->indexes);
}

/* Room for one more element of size bytes in an array of n. */
static int reserve(void *array, size_t size, size_t n, size_t *n_allocated)
{
	size_t n_new = MAX((size_t)64, *n_allocated * 2);
	void **p = array, *grown;

	if (n < *n_allocated)
		return 0;
	grown = reallocarray(*p, n_new, size);
	if (!grown)
		return -ENOMEM;
	*p = grown;
	*n_allocated = n_new;
	return 0;
}

/* Attributes of a stream of them, by type; later ones win. */
struct attributes {
	const struct nlattr **by_type;
	size_t n;
};

static int attribute_note(const struct nlattr *attribute, void *data)
{
	const struct attributes *attributes = data;
	uint16_t type = mnl_attr_get_type(attribute);

	if (type < attributes->n)
		attributes->by_type[type] = attribute;
	return MNL_CB_OK;
}

static uint32_t attribute_u32(const struct nlattr *attribute)
{
	if (!attribute || mnl_attr_validate(attribute, MNL_TYPE_U32) < 0)
		return 0;
	return mnl_attr_get_u32(attribute);
}

/* Copies a string attribute as the bytes it is. */
static void attribute_text(const struct nlattr *attribute, char *buf, size_t size)
{
	size_t n;

	if (!attribute)
		return;
	n = strnlen(mnl_attr_get_payload(attribute), mnl_attr_get_payload_len(attribute));
	n = MIN(n, size - 1);
	memcpy(buf, mnl_attr_get_payload(attribute), n);
	buf[n] = '\0';
}

static void link_parse_kind(struct nl_link *link, const struct nlattr *info)
{
	const struct nlattr *found[IFLA_INFO_KIND + 1] = {NULL};
	struct attributes attributes = {found, ARRAY_SIZE(found)};

	if (!info)
		return;
	(void)mnl_attr_parse_nested(info, attribute_note, &attributes);
	attribute_text(found[IFLA_INFO_KIND], link->kind, sizeof(link->kind));
}

/* The structure grows from kernel to kernel, and stands at 4-byte alignment. */
static void link_parse_counters(struct nl_link *link, const struct nlattr *attribute)
{
	struct rtnl_link_stats64 stats = {0};

	if (!attribute)
		return;
	memcpy(&stats, mnl_attr_get_payload(attribute),
	       MIN(sizeof(stats), (size_t)mnl_attr_get_payload_len(attribute)));
	link->rx_packets = stats.rx_packets;
	link->rx_bytes = stats.rx_bytes;
	link->tx_packets = stats.tx_packets;
	link->tx_bytes = stats.tx_bytes;
}

/* False for messages that do not describe an interface. */
static bool link_parse(const struct nlmsghdr *message, struct nl_link *link)
{
	const struct nlattr *found[IFLA_LINK_NETNSID + 1] = {NULL};
	struct attributes attributes = {found, ARRAY_SIZE(found)};
	const struct ifinfomsg *info = mnl_nlmsg_get_payload(message);

	if (mnl_nlmsg_get_payload_len(message) < sizeof(*info) || info->ifi_index <= 0)
		return false;
	/* bridges send the state of their ports in messages of the same type and group */
	if (info->ifi_family != AF_UNSPEC)
		return false;
	(void)mnl_attr_parse(message, sizeof(*info), attribute_note, &attributes);
	/* wireless extensions tell of scans in a message that holds no more than the name */
	if (found[IFLA_WIRELESS])
		return false;

	*link = (struct nl_link){
		.index = (uint32_t)info->ifi_index,
		.master = attribute_u32(found[IFLA_MASTER]),
		.lower_elsewhere = found[IFLA_LINK_NETNSID],
		.up = info->ifi_flags & IFF_UP,
		.running = info->ifi_flags & IFF_RUNNING,
		.loopback = info->ifi_flags & IFF_LOOPBACK,
		.type = info->ifi_type,
	};
	if (!link->lower_elsewhere)
		link->lower = attribute_u32(found[IFLA_LINK]);
	attribute_text(found[IFLA_IFNAME], link->name, sizeof(link->name));
	link_parse_kind(link, found[IFLA_LINKINFO]);
	link_parse_counters(link, found[IFLA_STATS64]);
	return true;
}

static int link_collect(const struct nlmsghdr *message, void *data)
{
	struct link_list *list = data;
	int r;

	if (!message) {
		list->n = 0;
		return 0;
	}
	if (message->nlmsg_type != RTM_NEWLINK)
		return 0;
	r = reserve(&list->links, sizeof(*list->links), list->n, &list->n_allocated);
	if (r < 0)
		return r;
	list->n += link_parse(message, &list->links[list->n]);
	return 0;
}

static int uplink_add(struct index_list *uplinks, uint32_t index)
{
	int r = reserve(&uplinks->indexes, sizeof(*uplinks->indexes), uplinks->n,
			&uplinks->n_allocated);

	if (r < 0)
		return r;
	uplinks->indexes[uplinks->n++] = index;
	return 0;
}

static int uplink_add_nexthops(struct index_list *uplinks, const struct nlattr *attribute)
{
	const struct rtnexthop *hop = mnl_attr_get_payload(attribute);
	int left = mnl_attr_get_payload_len(attribute);

	for (; left >= (int)sizeof(*hop) && RTNH_OK(hop, left);
	     left -= (int)RTNH_ALIGN(hop->rtnh_len), hop = RTNH_NEXT(hop)) {
		int r = hop->rtnh_flags & RTNH_F_DEAD
				? 0
				: uplink_add(uplinks, (uint32_t)hop->rtnh_ifindex);

		if (r < 0)
			return r;
	}
	return 0;
}

/* True for a default route of the main table; found has RTA_TABLE + 1 elements. */
static bool route_is_default(const struct nlmsghdr *message, const struct nlattr **found)
{
	struct attributes attributes = {found, RTA_TABLE + 1};
	const struct rtmsg *route = mnl_nlmsg_get_payload(message);
	uint32_t table;

	if (mnl_nlmsg_get_payload_len(message) < sizeof(*route))
		return false;
	if (message->nlmsg_type != RTM_NEWROUTE && message->nlmsg_type != RTM_DELROUTE)
		return false;
	if (route->rtm_family != AF_INET && route->rtm_family != AF_INET6)
		return false;
	if (route->rtm_dst_len || route->rtm_type != RTN_UNICAST || route->rtm_flags & RTM_F_CLONED)
		return false;
	(void)mnl_attr_parse(message, sizeof(*route), attribute_note, &attributes);
	table = found[RTA_TABLE] ? attribute_u32(found[RTA_TABLE]) : route->rtm_table;
	return table == RT_TABLE_MAIN;
}

static int route_collect(const struct nlmsghdr *message, void *data)
{
	const struct nlattr *found[RTA_TABLE + 1] = {NULL};
	struct index_list *uplinks = data;

	if (!message) {
		uplinks->n = 0;
		return 0;
	}
	if (!route_is_default(message, found))
		return 0;
	if (found[RTA_MULTIPATH])
		return uplink_add_nexthops(uplinks, found[RTA_MULTIPATH]);
	return found[RTA_OIF] ? uplink_add(uplinks, attribute_u32(found[RTA_OIF])) : 0;
}

static int links_dump(struct nl *nl, struct link_list *list)
{
	_Alignas(struct nlmsghdr) uint8_t buf[64] = {0};
	struct nlmsghdr *request = mnl_nlmsg_put_header(buf);
	struct ifinfomsg *info = mnl_nlmsg_put_extra_header(request, sizeof(*info));

	request->nlmsg_type = RTM_GETLINK;
	info->ifi_family = AF_UNSPEC;
	return nl_dump(nl, request, link_collect, list);
}

/* One family at a time: the dump of all families holds bridges, multicast and MPLS as well. */
static int routes_dump(struct nl *nl, uint8_t family, struct index_list *uplinks)
{
	_Alignas(struct nlmsghdr) uint8_t buf[64] = {0};
	struct nlmsghdr *request = mnl_nlmsg_put_header(buf);
	struct rtmsg *route = mnl_nlmsg_put_extra_header(request, sizeof(*route));
	cleanup(index_list_done) struct index_list found = {0};
	int r;

	request->nlmsg_type = RTM_GETROUTE;
	route->rtm_family = family;
	r = nl_dump(nl, request, route_collect, &found);
	for (size_t i = 0; r >= 0 && i < found.n; i++)
		r = uplink_add(uplinks, found.indexes[i]);
	return r;
}

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

static int links_read(struct nl_links *links)
{
	cleanup(link_list_done) struct link_list list = {0};
	size_t n = 0;
	int r = links_dump(links->requests, &list);

	if (r < 0)
		return r;
	if (list.n)
		qsort(list.links, list.n, sizeof(*list.links), link_compare);
	/* an interrupted dump may hold a link twice */
	for (size_t i = 0; i < list.n; i++)
		if (n == 0 || list.links[n - 1].index != list.links[i].index)
			list.links[n++] = list.links[i];
	list.n = n;
	free(links->list.links);
	links->list = list;
	list = (struct link_list){0};
	links_mark_uplinks(links);
	return 0;
}

static int routes_read(struct nl_links *links)
{
	cleanup(index_list_done) struct index_list uplinks = {0};
	int r = routes_dump(links->requests, AF_INET, &uplinks);

	if (r >= 0)
		r = routes_dump(links->requests, AF_INET6, &uplinks);
	if (r < 0)
		return r;
	free(links->uplinks.indexes);
	links->uplinks = uplinks;
	uplinks = (struct index_list){0};
	links_mark_uplinks(links);
	return 0;
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
	int r = reserve(&list->links, sizeof(*list->links), list->n, &list->n_allocated);

	if (r < 0)
		return r;
	memmove(&list->links[place + 1], &list->links[place],
		(list->n - place) * sizeof(*list->links));
	list->links[place] = *link;
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
	new->rx_packets = old->rx_packets;
	new->rx_bytes = old->rx_bytes;
	new->tx_packets = old->tx_packets;
	new->tx_bytes = old->tx_bytes;
	*old = *new;
}

static int event_apply(const struct nlmsghdr *message, void *data)
{
	const struct nlattr *found[RTA_TABLE + 1] = {NULL};
	struct nl_links *links = data;
	struct nl_link link;
	size_t place;
	bool known;

	if (route_is_default(message, found))
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
