/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of the kind "tls": a record for each handshake, over TCP or in QUIC. */
#include "config.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>

#include "event-data.h"
#include "event-tls-data.h"
#include "flow.h"
#include "l7-quic-table.h"
#include "macro.h"
#include "stream.h"

#define CONNECTIONS_MAX 4096
#define IDLE_NS (30 * NSEC_PER_SEC)

struct tls {
	struct event_stream *stream;
	struct stream_table *tcp;
	struct quic_table *quic;
	uint64_t n_unreadable; /* handshakes */
	int error;             /* of a record out of a connection */
};

/* A handshake over TCP. */
struct connection {
	struct tls_stream tls;
	struct tls_times times;
	bool begun;
	enum stream_side client; /* who spoke first */
	bool incomplete;
};

static struct tls *tls_of(struct event_stream *stream)
{
	return stream->kinds[EVENT_TLS];
}

static int tell(struct tls *tls, const struct event_tls *event)
{
	if (!event->handshake->said[TLS_CLIENT]) {
		tls->n_unreadable++;
		return 0;
	}
	return tls->stream->ended ? 0 : event_tls_put(tls->stream, event);
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
	struct tls *tls = data;
	int r;

	if (connection->client == STREAM_SERVER)
		flow_key_reverse(&stream->key, &key);
	r = tell(tls, &(struct event_tls){
			      .key = &key,
			      .handshake = &connection->tls.handshake,
			      .times = &connection->times,
			      .time_ns = time_ns,
			      .incomplete = connection->incomplete,
		      });
	if (r < 0)
		tls->error = r;
	tls_stream_done(&connection->tls);
	free(connection);
}

/* ---- QUIC ---- */

static int tell_quic(struct tls *tls, struct quic_connection *connection, uint64_t time_ns,
		     bool incomplete)
{
	connection->told = true;
	return tell(tls, &(struct event_tls){
				 .key = &connection->key,
				 .handshake = &connection->stream.handshake,
				 .times = &connection->times,
				 .quic = &connection->stream,
				 .time_ns = time_ns,
				 .incomplete = incomplete,
			 });
}

static int take_datagram(struct tls *tls, const struct sample_segment *segment)
{
	struct quic_connection *connection;
	enum tls_side side;
	int r;

	connection = quic_table_find(tls->quic, &segment->key, segment->time_ns, &side);
	if (connection->told)
		return 0;
	r = quic_stream_feed(&connection->stream, side, segment->data, segment->size);
	tls_times_note(&connection->times, &connection->stream.handshake, segment->time_ns);
	return r ? tell_quic(tls, connection, segment->time_ns, r < 0) : 0;
}

static int expire_quic(struct tls *tls, uint64_t until_ns, uint64_t now_ns)
{
	struct quic_connection *connection;
	int r = 0;

	while (r == 0 && (connection = quic_table_expire(tls->quic, until_ns)))
		r = tell_quic(tls, connection, now_ns, false);
	return r;
}

/* ---- the kind ---- */

int event_tls_begin(struct event_stream *stream, char *error ATTR_UNUSED,
		    size_t error_size ATTR_UNUSED)
{
	static const struct stream_config config = {
		.max_connections = CONNECTIONS_MAX,
		.max_held = STREAM_HELD_MAX,
		.max_held_connection = STREAM_HELD_CONNECTION_MAX,
		.idle_ns = IDLE_NS,
	};
	struct tls *tls = calloc(1, sizeof(*tls));
	int r;

	if (!tls)
		return -ENOMEM;
	stream->kinds[EVENT_TLS] = tls;
	tls->stream = stream;
	r = quic_table_new(&tls->quic);
	if (r < 0)
		return r;
	return stream_table_new(&config,
				&(struct stream_receiver){
					.data = tls,
					.open = on_open,
					.bytes = on_bytes,
					.gap = on_gap,
					.close = on_close,
				},
				&tls->tcp);
}

void event_tls_end(struct event_stream *stream)
{
	struct tls *tls = tls_of(stream);

	if (!tls)
		return;
	stream->ended = true; /* what is open was told by event_tls_finish(), or has no place */
	stream_table_free(tls->tcp);
	quic_table_free(tls->quic);
	free(tls);
}

int event_tls_segment(struct event_stream *stream, const struct sample_segment *segment)
{
	struct tls *tls = tls_of(stream);

	if (segment->what != PAYLOAD_TLS)
		return 0;
	if (segment->key.proto != IPPROTO_TCP)
		return take_datagram(tls, segment);
	stream_table_segment(tls->tcp, segment);
	return tls->error;
}

static uint64_t now_ns(const struct event_stream *stream)
{
	return ledger_last_tick(stream->input.ledger)->end_ns;
}

static void set_losses(struct event_stream *stream)
{
	struct tls *tls = tls_of(stream);

	event_set_loss(stream, "tls_handshakes_unreadable", tls->n_unreadable);
	event_set_loss(stream, "tls_handshakes_forgotten", quic_table_forgotten(tls->quic));
}

int event_tls_tick(struct event_stream *stream)
{
	struct tls *tls = tls_of(stream);
	int r;

	stream_table_tick(tls->tcp, now_ns(stream));
	r = tls->error;
	if (r == 0)
		r = expire_quic(tls, now_ns(stream), now_ns(stream));
	set_losses(stream);
	return r;
}

int event_tls_finish(struct event_stream *stream)
{
	struct tls *tls = tls_of(stream);
	int r;

	stream_table_free(tls->tcp);
	tls->tcp = NULL;
	r = tls->error;
	if (r == 0)
		r = expire_quic(tls, UINT64_MAX, now_ns(stream));
	set_losses(stream);
	return r;
}
