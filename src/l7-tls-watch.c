/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Handshakes of TLS as segments of payload bring them. */
#include "config.h"

#include "l7-tls-watch.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>

#include "cleanup.h"
#include "flow.h"
#include "l7-quic-table.h"
#include "macro.h"
#include "stream.h"

#define CONNECTIONS_MAX 4096
#define IDLE_NS (30 * NSEC_PER_SEC)

struct tls_watch {
	tls_watch_fn fn;
	void *data;
	struct stream_table *tcp;
	struct quic_table *quic;
	uint64_t n_unreadable;
	int result; /* of fn, out of a connection */
};
DEFINE_CLEANUP(struct tls_watch *, tls_watch_free);

/* A handshake over TCP. */
struct connection {
	struct tls_stream tls;
	struct tls_times times;
	bool begun;
	enum stream_side client; /* who spoke first */
	bool incomplete;
};

static int tell(struct tls_watch *watch, const struct tls_seen *seen)
{
	if (seen->handshake->said[TLS_CLIENT])
		return watch->fn ? watch->fn(watch->data, seen) : 0;
	watch->n_unreadable++;
	return 0;
}

/* ---- TCP ---- */

static bool on_open(void *data ATTR_UNUSED, struct stream *stream)
{
	stream->user = calloc(1, sizeof(struct connection));
	return stream->user;
}

static bool on_bytes(void *data ATTR_UNUSED, struct stream *stream, enum stream_side side,
		     uint64_t time_ns, const uint8_t *bytes, size_t n)
{
	struct connection *connection = stream->user;
	int r;

	if (!connection->begun)
		connection->client = side;
	connection->begun = true;
	r = tls_stream_feed(&connection->tls, side == connection->client ? TLS_CLIENT : TLS_SERVER,
			    bytes, n);
	tls_times_note(&connection->times, &connection->tls.handshake, time_ns);
	connection->incomplete = r < 0;
	return r == 0;
}

static bool on_gap(void *data ATTR_UNUSED, struct stream *stream, enum stream_side side ATTR_UNUSED,
		   uint64_t time_ns ATTR_UNUSED, uint32_t n ATTR_UNUSED)
{
	struct connection *connection = stream->user;

	connection->incomplete = true;
	return false;
}

static void on_close(void *data, struct stream *stream, enum stream_end end ATTR_UNUSED,
		     uint64_t time_ns)
{
	struct connection *connection = stream->user;
	struct flow_key key = stream->key;
	struct tls_watch *watch = data;
	int r;

	if (connection->client == STREAM_SERVER)
		flow_key_reverse(&stream->key, &key);
	r = tell(watch, &(struct tls_seen){
				.key = &key,
				.handshake = &connection->tls.handshake,
				.times = &connection->times,
				.time_ns = time_ns,
				.incomplete = connection->incomplete,
			});
	if (r)
		watch->result = r;
	tls_stream_done(&connection->tls);
	free(connection);
}

/* ---- QUIC ---- */

static int tell_quic(struct tls_watch *watch, struct quic_connection *connection, uint64_t time_ns,
		     bool incomplete)
{
	struct flow_key key = connection->key;

	if (connection->stream.swapped)
		flow_key_reverse(&connection->key, &key);
	connection->told = true;
	return tell(watch, &(struct tls_seen){
				   .key = &key,
				   .handshake = &connection->stream.handshake,
				   .times = &connection->times,
				   .quic = &connection->stream,
				   .time_ns = time_ns,
				   .incomplete = incomplete,
			   });
}

static int take_datagram(struct tls_watch *watch, const struct sample_segment *segment)
{
	struct quic_connection *connection;
	enum tls_side side;
	int r;

	connection = quic_table_find(watch->quic, &segment->key, segment->time_ns, &side);
	if (connection->told)
		return 0;
	r = quic_stream_feed(&connection->stream, side, segment->data, segment->size);
	tls_times_note(&connection->times, &connection->stream.handshake, segment->time_ns);
	return r ? tell_quic(watch, connection, segment->time_ns, r < 0) : 0;
}

static int expire_quic(struct tls_watch *watch, uint64_t until_ns, uint64_t now_ns)
{
	struct quic_connection *connection;
	int r = 0;

	while (r == 0 && (connection = quic_table_expire(watch->quic, until_ns)))
		r = tell_quic(watch, connection, now_ns, connection->stream.cut);
	return r;
}

/* ---- both ---- */

int tls_watch_new(tls_watch_fn fn, void *data, struct tls_watch **ret_watch)
{
	static const struct stream_config config = {
		.max_connections = CONNECTIONS_MAX,
		.max_held = STREAM_HELD_MAX,
		.max_held_connection = STREAM_HELD_CONNECTION_MAX,
		.idle_ns = IDLE_NS,
	};
	cleanup(tls_watch_freep) struct tls_watch *watch = calloc(1, sizeof(*watch));
	const struct stream_receiver receiver = {
		.data = watch,
		.open = on_open,
		.bytes = on_bytes,
		.gap = on_gap,
		.close = on_close,
	};
	int r;

	if (!watch)
		return -ENOMEM;
	watch->fn = fn;
	watch->data = data;
	r = quic_table_new(&watch->quic);
	if (r == 0)
		r = stream_table_new(&config, &receiver, &watch->tcp);
	if (r < 0)
		return r;
	*ret_watch = take_ptr(watch);
	return 0;
}

void tls_watch_free(struct tls_watch *watch)
{
	if (!watch)
		return;
	watch->fn = NULL;
	stream_table_free(watch->tcp);
	quic_table_free(watch->quic);
	free(watch);
}

int tls_watch_segment(struct tls_watch *watch, const struct sample_segment *segment)
{
	if (segment->what != PAYLOAD_TLS)
		return 0;
	if (segment->key.proto != IPPROTO_TCP)
		return take_datagram(watch, segment);
	stream_table_segment(watch->tcp, segment);
	return watch->result;
}

int tls_watch_tick(struct tls_watch *watch, uint64_t now_ns)
{
	stream_table_tick(watch->tcp, now_ns);
	return watch->result ? watch->result : expire_quic(watch, now_ns, now_ns);
}

int tls_watch_finish(struct tls_watch *watch, uint64_t now_ns)
{
	stream_table_free(watch->tcp);
	watch->tcp = NULL;
	return watch->result ? watch->result : expire_quic(watch, UINT64_MAX, now_ns);
}

void tls_watch_get_counts(const struct tls_watch *watch, struct tls_watch_counts *ret_counts)
{
	*ret_counts = (struct tls_watch_counts){
		.unreadable = watch->n_unreadable,
		.forgotten = quic_table_forgotten(watch->quic),
	};
}
