/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One netlink socket: requests with acknowledgement, dumps, events. */

#include "config.h"

#include "nl.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/uio.h>

#include <libmnl/libmnl.h>
#include <linux/rtnetlink.h>

#include "cleanup.h"
#include "macro.h"

/* The kernel fills at most 32 KiB per part of a dump, and less when the reader offers less. */
#define RECEIVE_SIZE 32768
/* On a host that starts containers all the time some dumps are always interrupted. */
#define DUMP_TRIES 8

struct nl {
	struct mnl_socket *socket;
	uint32_t seq;
	_Alignas(struct nlmsghdr) uint8_t buf[RECEIVE_SIZE];
};

DEFINE_CLEANUP(struct nl *, nl_close);

static int open_bus(int bus, uint32_t groups, struct nl **ret_nl)
{
	cleanup(nl_closep) struct nl *nl = calloc(1, sizeof(*nl));

	if (!nl)
		return -ENOMEM;
	nl->socket = mnl_socket_open2(bus, SOCK_CLOEXEC);
	if (!nl->socket)
		return -errno;
	if (mnl_socket_bind(nl->socket, groups, MNL_SOCKET_AUTOPID) < 0)
		return -errno;
	*ret_nl = take_ptr(nl);
	return 0;
}

int nl_open(uint32_t groups, struct nl **ret_nl)
{
	return open_bus(NETLINK_ROUTE, groups, ret_nl);
}

int nl_open_diag(struct nl **ret_nl)
{
	return open_bus(NETLINK_SOCK_DIAG, 0, ret_nl);
}

void nl_close(struct nl *nl)
{
	if (!nl)
		return;
	if (nl->socket)
		(void)mnl_socket_close(nl->socket);
	free(nl);
}

int nl_fd(const struct nl *nl)
{
	return mnl_socket_get_fd(nl->socket);
}

/* One datagram from the kernel into nl->buf; returns its length. Those of other senders are
 * skipped: any process may write to this socket. */
static ssize_t receive(struct nl *nl, int flags)
{
	struct sockaddr_nl from;
	struct iovec iov = {.iov_base = nl->buf, .iov_len = sizeof(nl->buf)};

	for (;;) {
		struct msghdr header = {
			.msg_name = &from,
			.msg_namelen = sizeof(from),
			.msg_iov = &iov,
			.msg_iovlen = 1,
		};
		ssize_t n = recvmsg(nl_fd(nl), &header, flags);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (header.msg_namelen != sizeof(from) || from.nl_pid != 0)
			continue;
		if (header.msg_flags & MSG_TRUNC)
			return -EMSGSIZE;
		return n;
	}
}

/* The code in an error or end-of-dump message. */
static int message_error(const struct nlmsghdr *message)
{
	const int *code = mnl_nlmsg_get_payload(message);

	if (mnl_nlmsg_get_payload_len(message) < sizeof(*code))
		return message->nlmsg_type == NLMSG_DONE ? 0 : -EBADMSG;
	return MIN(*code, 0);
}

struct dump {
	nl_message_fn fn;
	void *data;
	int result;       /* of fn, or of the kernel */
	bool interrupted; /* a change came between two parts */
	bool last_try;
	bool done;
};

static void dump_message(struct dump *dump, const struct nlmsghdr *message)
{
	if (message->nlmsg_flags & NLM_F_DUMP_INTR)
		dump->interrupted = true;
	if (message->nlmsg_type == NLMSG_DONE || message->nlmsg_type == NLMSG_ERROR) {
		dump->done = true;
		if (dump->result >= 0)
			dump->result = message_error(message);
		return;
	}
	if (message->nlmsg_type < NLMSG_MIN_TYPE || dump->result < 0)
		return;
	if (!dump->interrupted || dump->last_try)
		dump->result = dump->fn(message, dump->data);
}

/* Always reads to the end: the kernel refuses a new dump while one is under way. */
static int dump_read(struct nl *nl, struct dump *dump)
{
	unsigned int portid = mnl_socket_get_portid(nl->socket);

	while (!dump->done) {
		ssize_t n = receive(nl, 0);
		const struct nlmsghdr *message = (const struct nlmsghdr *)nl->buf;
		int left = (int)n;

		if (n < 0)
			return (int)n;
		for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left))
			if (message->nlmsg_seq == nl->seq && message->nlmsg_pid == portid)
				dump_message(dump, message);
	}
	return MIN(dump->result, 0);
}

int nl_dump(struct nl *nl, struct nlmsghdr *request, nl_message_fn fn, void *data)
{
	request->nlmsg_flags |= NLM_F_REQUEST | NLM_F_DUMP;
	for (int i = 1;; i++) {
		struct dump dump = {.fn = fn, .data = data, .last_try = i == DUMP_TRIES};
		int r;

		request->nlmsg_seq = ++nl->seq;
		if (mnl_socket_sendto(nl->socket, request, request->nlmsg_len) < 0)
			return -errno;
		r = dump_read(nl, &dump);
		if (r < 0 || !dump.interrupted || dump.last_try)
			return r;
		r = fn(NULL, data);
		if (r < 0)
			return r;
	}
}

int nl_ask(struct nl *nl, struct nlmsghdr *request, nl_message_fn fn, void *data)
{
	struct dump answers = {.fn = fn, .data = data, .last_try = true};

	request->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
	request->nlmsg_seq = ++nl->seq;
	if (mnl_socket_sendto(nl->socket, request, request->nlmsg_len) < 0)
		return -errno;
	return dump_read(nl, &answers);
}

/* Numbers the requests in buf; -EINVAL when they are not n. */
static int batch_prepare(struct nl *nl, void *buf, size_t len, size_t n)
{
	struct nlmsghdr *message = buf;
	int left = (int)len;
	size_t i = 0;

	for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left), i++) {
		message->nlmsg_flags |= NLM_F_REQUEST | NLM_F_ACK;
		message->nlmsg_seq = ++nl->seq;
	}
	return i == n && n > 0 && left == 0 ? 0 : -EINVAL;
}

int nl_batch(struct nl *nl, void *buf, size_t len, int *results, size_t n_results)
{
	uint32_t first = nl->seq + 1;
	size_t n_answered = 0;
	int r = batch_prepare(nl, buf, len, n_results);

	if (r < 0)
		return r;
	/* rtnetlink acknowledges before sendmsg() returns, except what a fatal signal cut off */
	for (size_t i = 0; i < n_results; i++)
		results[i] = -EINTR;
	if (mnl_socket_sendto(nl->socket, buf, len) < 0)
		return -errno;
	while (n_answered < n_results) {
		ssize_t n = receive(nl, MSG_DONTWAIT);
		const struct nlmsghdr *message = (const struct nlmsghdr *)nl->buf;
		int left = (int)n;

		if (n == -EAGAIN)
			return 0;
		if (n < 0)
			return (int)n;
		for (; mnl_nlmsg_ok(message, left); message = mnl_nlmsg_next(message, &left)) {
			uint32_t i = message->nlmsg_seq - first;

			if (message->nlmsg_type != NLMSG_ERROR || i >= n_results)
				continue;
			results[i] = message_error(message);
			n_answered++;
		}
	}
	return 0;
}

int nl_events(struct nl *nl, nl_message_fn fn, void *data)
{
	bool lost = false;

	for (;;) {
		ssize_t n = receive(nl, MSG_DONTWAIT);
		const struct nlmsghdr *message = (const struct nlmsghdr *)nl->buf;
		int left = (int)n;

		/* what is queued is older than what was lost: after a new dump it would be wrong */
		if (n == -ENOBUFS || n == -EMSGSIZE) {
			lost = true;
			continue;
		}
		if (n == -EAGAIN)
			return lost ? -ENOBUFS : 0;
		if (n < 0)
			return (int)n;
		for (; !lost && mnl_nlmsg_ok(message, left);
		     message = mnl_nlmsg_next(message, &left)) {
			int r = message->nlmsg_type < NLMSG_MIN_TYPE ? 0 : fn(message, data);

			if (r < 0)
				return r;
		}
	}
}
