/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What programs tell of connections, in the terms of samples. */
#include "config.h"

#include "capture-owner-conn.h"

#include <linux/types.h>

#include <string.h>

#include "abi-socket.h"
#include "capture-owner-hooks.h"
#include "capture.h"
#include "macro.h"
#include "sample.h"

_Static_assert((int)CONN_CONNECT == ABI_CONN_CONNECT && (int)CONN_ACCEPT == ABI_CONN_ACCEPT &&
		       (int)CONN_CLOSE == ABI_CONN_CLOSE && (int)CONN_OPEN == ABI_CONN_OPEN &&
		       (int)CONN_SIDE_LOCAL == ABI_SIDE_CONNECTED &&
		       (int)CONN_SIDE_REMOTE == ABI_SIDE_ACCEPTED,
	       "begins and ends of connections");

void owner_conn_read(const struct conn_event *event, uint32_t owner, struct sample_conn *ret_conn)
{
	const struct socket_tuple *tuple = &event->socket.entry.tuple;

	*ret_conn = (struct sample_conn){
		.lport = tuple->lport,
		.rport = tuple->rport,
		.family = tuple->family == 4 ? FAMILY_IPV4 : FAMILY_IPV6,
		.proto = tuple->proto,
		.what = event->kind,
		.side = event->side,
		.netns = event->socket.entry.netns,
		.owner = owner,
		.error = (int)event->error,
		.cookie = event->socket.cookie,
		.time_ns = event->time_ns,
		.duration_ns = event->duration_ns,
		.sent = event->sent,
		.received = event->received,
	};
	memcpy(ret_conn->local, tuple->local, sizeof(ret_conn->local));
	memcpy(ret_conn->remote, tuple->remote, sizeof(ret_conn->remote));
}

/* States tell nearly all of it; the rest is told by these. */
void owner_conn_note(const struct owner_hooks *hooks, const char *why_no_hooks,
		     struct capture_conns *ret_conns)
{
	static const struct {
		enum owner_source source;
		const char *lost;
	} rest[] = {
		{OWNER_SOURCE_USE, "a process that was handed a connection is not named, and UDP "
				   "that is connected not told of"},
		{OWNER_SOURCE_CREATE, "UDP is not told of, nor what cannot be sent at all"},
		{OWNER_SOURCE_CALL, "what is accepted is told of when it is used, and what cannot "
				    "be sent at all is not"},
	};

	*ret_conns = (struct capture_conns){.note = hooks ? "" : why_no_hooks};
	if (!hooks)
		return;
	if (owner_hooks_source(hooks, OWNER_SOURCE_STATE) < 0) {
		ret_conns->note = "this kernel does not tell of them: Linux 5.12 with BTF does";
		return;
	}
	ret_conns->works = true;
	for (size_t i = 0; i < ARRAY_SIZE(rest) && !*ret_conns->note; i++)
		if (owner_hooks_source(hooks, rest[i].source) < 0)
			ret_conns->note = rest[i].lost;
}
