/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of the kind "conns": connections, as they begin and end. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "event-data.h"
#include "event-seen.h"
#include "flow.h"
#include "macro.h"
#include "owner.h"
#include "text.h"

/* What the kind keeps. */
struct conn_events {
	char node[256]; /* name of this machine, or what a cluster calls it */
};

int event_conn_begin(struct event_stream *stream, char *error, size_t error_size)
{
	const struct capture_conns *conns = &capture_owners(stream->input.info)->conns;
	const char *node = getenv("NODE_NAME");
	struct conn_events *events;

	if (!conns->works) {
		(void)snprintf(error, error_size, "log conns: %s", conns->note);
		return -EOPNOTSUPP;
	}
	events = malloc(sizeof(*events));
	if (!events)
		return -ENOMEM;
	if (node && *node)
		(void)text_escape(events->node, sizeof(events->node), node, strlen(node));
	else
		(void)snprintf(events->node, sizeof(events->node), "%s", stream->input.info->host);
	stream->kinds[EVENT_CONNS] = events;
	return 0;
}

void event_conn_end(struct event_stream *stream)
{
	free(stream->kinds[EVENT_CONNS]);
}

/* As a packet of who began it: from there to here if that was the far end. */
static void key_of(const struct sample_conn *conn, struct flow_key *key)
{
	static const uint8_t any[sizeof(conn->local)];
	bool in = conn->side == CONN_SIDE_REMOTE;

	*key = (struct flow_key){
		.sport = in ? conn->rport : conn->lport,
		.dport = in ? conn->lport : conn->rport,
		.iface = SAMPLE_IFACE_NONE,
		.direction = in ? DIRECTION_IN : DIRECTION_OUT,
		.family = conn->family,
		.proto = conn->proto,
	};
	/* what UDP has not chosen, and what connect() had no time to */
	if (memcmp(conn->local, any, sizeof(any)) == 0)
		key->open |= OPEN_SRC_ADDR;
	if (!conn->lport)
		key->open |= OPEN_SRC_PORT;
	memcpy(key->src, in ? conn->remote : conn->local, sizeof(key->src));
	memcpy(key->dst, in ? conn->local : conn->remote, sizeof(key->dst));
}

static void put_error(struct event_stream *stream, int error)
{
	const char *name = error ? strerrorname_np(error) : NULL;
	char number[16];

	(void)snprintf(number, sizeof(number), "%d", error);
	event_put_text(stream, "error", error && !name ? number : name);
}

static void put_duration(struct event_stream *stream, uint64_t duration_ns)
{
	if (duration_ns)
		event_put_seconds(stream, "duration_s", duration_ns);
	else
		event_put_null(stream, "duration_s");
}

/* Each text of the owner for itself, which in JSON are members of it. */
static void put_owner(struct event_stream *stream, const struct row *row)
{
	static const struct {
		enum owner_text text;
		const char *name;
	} texts[] = {
		{OWNER_CGROUP, "cgroup"},
		{OWNER_CONTAINER, "container"},
		{OWNER_CONTAINER_NAME, "container_name"},
		{OWNER_POD, "pod"},
		{OWNER_POD_NAMESPACE, "pod_namespace"},
	};
	static const enum column_id column = COLUMN_OWNER;
	const struct owner *owner = row->owner;

	event_put_columns(stream, &column, 1, row);
	if (stream->config.json || !owner)
		return;
	if (owner->pid)
		event_put_number(stream, "pid", owner->pid);
	if (*owner->text[OWNER_COMM])
		event_put_text(stream, "comm", owner->text[OWNER_COMM]);
	if (owner->uid != OWNER_UID_NONE)
		event_put_number(stream, "uid", owner->uid);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (*owner->text[texts[i].text])
			event_put_text(stream, texts[i].name, owner->text[texts[i].text]);
	event_put_bool(stream, "estimated", row->owner_estimated);
}

static void put_conn(struct event_stream *stream, const struct sample_conn *conn,
		     const struct row *row)
{
	static const char *const types[CONN_WHAT_MAX] = {
		[CONN_CONNECT] = "connect",
		[CONN_ACCEPT] = "accept",
		[CONN_CLOSE] = "close",
		[CONN_OPEN] = "open",
	};
	static const enum column_id ids[] = {
		COLUMN_PROTO, COLUMN_SRC_ADDR, COLUMN_SRC_PORT, COLUMN_DST_ADDR, COLUMN_DST_PORT,
	};
	const struct conn_events *events = stream->kinds[EVENT_CONNS];
	char src[FLOW_TEXT_MAX], dst[FLOW_TEXT_MAX], proto[FLOW_TEXT_MAX];

	event_record_begin(stream, types[conn->what], event_real_ns(stream, conn->time_ns));
	flow_endpoint(src, sizeof(src), row->key, SIDE_SRC);
	flow_endpoint(dst, sizeof(dst), row->key, SIDE_DST);
	flow_proto_name(proto, sizeof(proto), row->key);
	event_put_words(stream, " %s -> %s %s", src, dst, proto);
	event_put_columns(stream, ids, ARRAY_SIZE(ids), row);
	event_put_text(stream, "direction",
		       conn->side ? flow_direction(row->key->direction) : NULL);
	put_error(stream, conn->error);
	put_duration(stream, conn->duration_ns);
	if (conn->what == CONN_CLOSE) {
		event_put_number(stream, "bytes_sent", conn->sent);
		event_put_number(stream, "bytes_received", conn->received);
	} else {
		event_put_null(stream, "bytes_sent");
		event_put_null(stream, "bytes_received");
	}
	put_owner(stream, row);
	event_put_number(stream, "netns", conn->netns);
	event_put_number(stream, "cookie", conn->cookie);
	event_put_text(stream, "node", events->node);
}

int event_conn(struct event_stream *stream, const struct sample_conn *conn)
{
	struct event_row event;
	struct flow_key key;

	key_of(conn, &key);
	if (!event_row_fill_owner(stream, &key, conn->owner, &event))
		return 0;
	if (stream->seen && !event_seen_add(stream->seen, &key))
		return 0;
	put_conn(stream, conn, &event.row);
	return event_end(stream);
}

int event_conn_tick(struct event_stream *stream)
{
	event_set_loss(stream, "connection_events_lost",
		       capture_owners(stream->input.info)->conns.n_lost);
	return 0;
}
