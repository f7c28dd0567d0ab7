/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints what sock_diag and /proc say of sockets, a line each, for shell tests. */
#include "config.h"

#include <arpa/inet.h>
#include <linux/types.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi-socket.h"
#include "capture-owner-diag.h"

static const char *const kinds[] = {
	[ABI_SOCKET_CONNECTED] = "connected",
	[ABI_SOCKET_BOUND] = "bound",
	[ABI_SOCKET_LISTENING] = "listening",
};

static const char *proto_name(uint8_t proto)
{
	return proto == IPPROTO_TCP ? "tcp" : proto == IPPROTO_UDP ? "udp" : "icmp";
}

/* "NETNS KIND PROTO ADDRESS PORT [ADDRESS PORT] PID COMM" */
static void print(void *data, struct socket_event *event)
{
	const struct socket_tuple *tuple = &event->entry.tuple;
	int family = tuple->family == 4 ? AF_INET : AF_INET6;
	char local[INET6_ADDRSTRLEN], remote[INET6_ADDRSTRLEN];

	(void)data;
	if (!event->cookie || !event->entry.estimated || event->what != ABI_EVENT_SCANNED)
		abort();
	printf("%u %s %s %s %u ", event->entry.netns, kinds[tuple->kind], proto_name(tuple->proto),
	       inet_ntop(family, tuple->local, local, sizeof(local)), tuple->lport);
	if (tuple->kind == ABI_SOCKET_CONNECTED)
		printf("%s %u ", inet_ntop(family, tuple->remote, remote, sizeof(remote)),
		       tuple->rport);
	printf("%u %.16s\n", event->entry.process.tgid, event->entry.process.comm);
}

int main(void)
{
	struct owner_diag_result result;
	int r = owner_diag_scan(print, NULL, &result);

	if (r < 0) {
		fprintf(stderr, "owner-tool: %s\n", strerror(-r));
		return EXIT_FAILURE;
	}
	printf("others %d, refused %u, denied %s\n", result.others, result.n_refused,
	       result.n_denied ? "some" : "none");
	return EXIT_SUCCESS;
}
