/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads interfaces and default routes from the messages of rtnetlink. */

#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>

#include "cleanup.h"
#include "macro.h"
#include "nl-link-data.h"
#include "nl.h"

void link_list_done(struct link_list *list)
{
	free(list->links);
}

void link_index_list_done(struct link_index_list *list)
{
	free(list->indexes);
}

int link_reserve(void *array, size_t size, size_t n, size_t *n_allocated)
{
	size_t n_new = MAX((size_t)64, *n_allocated * 2);
	void *p;

	if (n < *n_allocated)
		return 0;
	memcpy(&p, array, sizeof(p));
	p = reallocarray(p, n_new, size);
	if (!p)
		return -ENOMEM;
	memcpy(array, &p, sizeof(p));
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

bool link_parse(const struct nlmsghdr *message, struct nl_link *link)
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
	r = link_reserve(&list->links, sizeof(*list->links), list->n, &list->n_allocated);
	if (r < 0)
		return r;
	list->n += link_parse(message, &list->links[list->n]);
	return 0;
}

static int uplink_add(struct link_index_list *uplinks, uint32_t index)
{
	int r = link_reserve(&uplinks->indexes, sizeof(*uplinks->indexes), uplinks->n,
			     &uplinks->n_allocated);

	if (r < 0)
		return r;
	uplinks->indexes[uplinks->n++] = index;
	return 0;
}

static int uplink_add_nexthops(struct link_index_list *uplinks, const struct nlattr *attribute)
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
static bool route_parse(const struct nlmsghdr *message, const struct nlattr **found)
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

bool link_route_is_default(const struct nlmsghdr *message)
{
	const struct nlattr *found[RTA_TABLE + 1] = {NULL};

	return route_parse(message, found);
}

static int route_collect(const struct nlmsghdr *message, void *data)
{
	const struct nlattr *found[RTA_TABLE + 1] = {NULL};
	struct link_index_list *uplinks = data;

	if (!message) {
		uplinks->n = 0;
		return 0;
	}
	if (!route_parse(message, found))
		return 0;
	if (found[RTA_MULTIPATH])
		return uplink_add_nexthops(uplinks, found[RTA_MULTIPATH]);
	return found[RTA_OIF] ? uplink_add(uplinks, attribute_u32(found[RTA_OIF])) : 0;
}

int link_list_read(struct nl *nl, struct link_list *list)
{
	_Alignas(struct nlmsghdr) uint8_t buf[64] = {0};
	struct nlmsghdr *request = mnl_nlmsg_put_header(buf);
	struct ifinfomsg *info = mnl_nlmsg_put_extra_header(request, sizeof(*info));

	request->nlmsg_type = RTM_GETLINK;
	info->ifi_family = AF_UNSPEC;
	return nl_dump(nl, request, link_collect, list);
}

int link_uplinks_read(struct nl *nl, uint8_t family, struct link_index_list *uplinks)
{
	_Alignas(struct nlmsghdr) uint8_t buf[64] = {0};
	struct nlmsghdr *request = mnl_nlmsg_put_header(buf);
	struct rtmsg *route = mnl_nlmsg_put_extra_header(request, sizeof(*route));
	cleanup(link_index_list_done) struct link_index_list found = {0};
	int r;

	request->nlmsg_type = RTM_GETROUTE;
	route->rtm_family = family;
	r = nl_dump(nl, request, route_collect, &found);
	for (size_t i = 0; r >= 0 && i < found.n; i++)
		r = uplink_add(uplinks, found.indexes[i]);
	return r;
}
