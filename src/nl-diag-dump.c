/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tells of the sockets in a network namespace, by sock_diag(7). */
#include "config.h"

#include "nl-diag-dump.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>

#include "cleanup.h"
#include "macro.h"
#include "nl.h"

/* Kernel commit 6e3a401fc8af (5.8), which headers may not have yet. */
#define DIAG_CGROUP_ID 21
/* Both belong to no process any more, or not yet. */
#define STATES (~(1u << TCP_TIME_WAIT | 1u << TCP_SYN_RECV))

DEFINE_CLEANUP(struct nl *, nl_close);

static const struct {
	int family, proto;
} kinds[] = {
	{AF_INET, IPPROTO_TCP},     {AF_INET6, IPPROTO_TCP},     {AF_INET, IPPROTO_UDP},
	{AF_INET6, IPPROTO_UDP},    {AF_INET, IPPROTO_RAW},      {AF_INET6, IPPROTO_RAW},
	{AF_INET, IPPROTO_UDPLITE}, {AF_INET6, IPPROTO_UDPLITE},
};

struct dump {
	nl_diag_fn fn;
	void *data;
	int proto;
};

static int on_attribute(const struct nlattr *attr, void *data)
{
	struct nl_diag_socket *socket = data;
	uint16_t type = mnl_attr_get_type(attr), n = mnl_attr_get_payload_len(attr);

	if (type == INET_DIAG_PROTOCOL && n >= sizeof(uint8_t))
		socket->proto = mnl_attr_get_u8(attr);
	if (type == DIAG_CGROUP_ID && n >= sizeof(uint64_t))
		socket->cgroup_id = mnl_attr_get_u64(attr);
	return MNL_CB_OK;
}

/* A dump that starts over tells again: that does no harm. */
static int on_message(const struct nlmsghdr *message, void *data)
{
	const struct dump *dump = data;
	const struct inet_diag_msg *told;
	struct nl_diag_socket socket = {.proto = (uint8_t)dump->proto};

	if (!message || mnl_nlmsg_get_payload_len(message) < sizeof(*told))
		return 0;
	told = mnl_nlmsg_get_payload(message);
	if ((told->idiag_family != AF_INET && told->idiag_family != AF_INET6) || !told->idiag_inode)
		return 0;
	socket.family = told->idiag_family;
	socket.state = told->idiag_state;
	socket.inode = told->idiag_inode;
	socket.cookie = (uint64_t)told->id.idiag_cookie[1] << 32 | told->id.idiag_cookie[0];
	memcpy(socket.local, told->id.idiag_src, socket.family == AF_INET ? 4 : 16);
	memcpy(socket.remote, told->id.idiag_dst, socket.family == AF_INET ? 4 : 16);
	if (mnl_attr_parse(message, sizeof(*told), on_attribute, &socket) < 0)
		return 0;
	if (dump->proto != IPPROTO_RAW) {
		socket.lport = ntohs(told->id.idiag_sport);
		socket.rport = ntohs(told->id.idiag_dport);
	}
	dump->fn(dump->data, &socket);
	return 0;
}

static int dump_kind(struct nl *nl, struct dump *dump, int family)
{
	_Alignas(struct nlmsghdr) uint8_t buf[128] = {0};
	struct nlmsghdr *request = mnl_nlmsg_put_header(buf);
	struct inet_diag_req_v2 *asked = mnl_nlmsg_put_extra_header(request, sizeof(*asked));

	request->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	asked->sdiag_family = (uint8_t)family;
	asked->sdiag_protocol = (uint8_t)dump->proto;
	asked->idiag_states = STATES;
	return nl_dump(nl, request, on_message, dump);
}

int nl_diag_dump(nl_diag_fn fn, void *data)
{
	cleanup(nl_closep) struct nl *nl = NULL;
	int result = -ENOENT, r = nl_open_diag(&nl);

	if (r < 0)
		return r;
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		struct dump dump = {.fn = fn, .data = data, .proto = kinds[i].proto};

		r = dump_kind(nl, &dump, kinds[i].family);
		if (r >= 0)
			result = 0;
		else if (result < 0)
			result = r;
	}
	return result;
}
