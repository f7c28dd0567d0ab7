/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads addresses by rtnetlink. */
#include "config.h"

#include "nl-addr.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

#include "cleanup.h"
#include "loop.h"
#include "macro.h"
#include "nl-netns.h"
#include "nl.h"
#include "sample.h"

struct nl_addrs {
	struct nl *events;
	struct loop_source *source;
	nl_addr_fn fn;
	void *data;
	uint32_t netns; /* that is read */
};
DEFINE_CLEANUP(struct nl_addrs *, nl_addrs_close);

/* On a point-to-point link IFA_ADDRESS is the far end. */
static int attribute(const struct nlattr *attr, void *data)
{
	const struct nlattr **found = data;
	uint16_t type = mnl_attr_get_type(attr);

	if (type == IFA_LOCAL || (type == IFA_ADDRESS && !*found))
		*found = attr;
	return MNL_CB_OK;
}

static int on_message(const struct nlmsghdr *message, void *data)
{
	const struct nl_addrs *addrs = data;
	const struct nlattr *found = NULL;
	struct sample_addr addr = {.netns = addrs->netns};
	const struct ifaddrmsg *info;
	size_t n;

	if (!message ||
	    (message->nlmsg_type != RTM_NEWADDR && message->nlmsg_type != RTM_DELADDR) ||
	    mnl_nlmsg_get_payload_len(message) < sizeof(*info))
		return 0;
	info = mnl_nlmsg_get_payload(message);
	if (info->ifa_family != AF_INET && info->ifa_family != AF_INET6)
		return 0;
	n = info->ifa_family == AF_INET ? 4 : 16;
	if (mnl_attr_parse(message, sizeof(*info), attribute, &found) < 0 || !found ||
	    mnl_attr_get_payload_len(found) < n)
		return 0;
	addr.family = info->ifa_family == AF_INET ? FAMILY_IPV4 : FAMILY_IPV6;
	addr.gone = message->nlmsg_type == RTM_DELADDR;
	memcpy(addr.addr, mnl_attr_get_payload(found), n);
	addrs->fn(addrs->data, &addr);
	return 0;
}

static int read_all(struct nl_addrs *addrs)
{
	_Alignas(struct nlmsghdr) uint8_t buf[64] = {0};
	struct nlmsghdr *request = mnl_nlmsg_put_header(buf);
	struct ifaddrmsg *info = mnl_nlmsg_put_extra_header(request, sizeof(*info));
	struct nl *nl = NULL;
	int r = nl_open(0, &nl);

	if (r < 0)
		return r;
	request->nlmsg_type = RTM_GETADDR;
	info->ifa_family = AF_UNSPEC;
	r = nl_dump(nl, request, on_message, addrs);
	nl_close(nl);
	return r;
}

/* Two interfaces may have the same address: those that are left are told again. */
static int on_events(void *data, uint32_t events ATTR_UNUSED)
{
	struct nl_addrs *addrs = data;
	int r = nl_events(addrs->events, on_message, addrs);

	return r < 0 && r != -ENOBUFS ? r : read_all(addrs);
}

int nl_addrs_open(struct loop *loop, nl_addr_fn fn, void *data, struct nl_addrs **ret_addrs)
{
	cleanup(nl_addrs_closep) struct nl_addrs *addrs = calloc(1, sizeof(*addrs));
	int r;

	if (!addrs)
		return -ENOMEM;
	*addrs = (struct nl_addrs){.fn = fn, .data = data, .netns = nl_netns_own()};
	r = nl_open(RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR, &addrs->events);
	if (r >= 0)
		r = read_all(addrs);
	if (r >= 0)
		r = loop_add_fd(loop, nl_fd(addrs->events), EPOLLIN, on_events, addrs,
				&addrs->source);
	if (r < 0)
		return r;
	*ret_addrs = take_ptr(addrs);
	return 0;
}

void nl_addrs_close(struct nl_addrs *addrs)
{
	if (!addrs)
		return;
	loop_remove(addrs->source);
	nl_close(addrs->events);
	free(addrs);
}

/* ---- other namespaces ---- */

static int on_other(void *data, uint32_t netns)
{
	struct nl_addrs *addrs = data;

	addrs->netns = netns;
	return read_all(addrs);
}

int nl_addrs_scan_others(struct nl_addrs *addrs)
{
	uint32_t own = addrs->netns;
	int r = nl_netns_others(on_other, addrs);

	addrs->netns = own;
	return r;
}
