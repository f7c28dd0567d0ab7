/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of the kind "tls": a record for each handshake, over TCP or in QUIC. */
#include "config.h"

#include "event-data.h"
#include "l7-quic.h"
#include "l7-tls-watch.h"
#include "macro.h"

/* More names than fit their room. */
#define NAMES_MAX (sizeof(((struct tls_names *)0)->text) / 2)

static void put_names(struct event_stream *stream, const char *member,
		      const struct tls_names *names)
{
	const char *texts[NAMES_MAX];
	size_t n = 0;

	for (const char *name = tls_names_next(names, NULL); name && n < NAMES_MAX;
	     name = tls_names_next(names, name))
		texts[n++] = name;
	event_put_list(stream, member, texts, n);
}

static void put_offer(struct event_stream *stream, const struct tls_hello *client)
{
	char texts[ARRAY_SIZE(client->versions)][TLS_TEXT_MAX];
	const char *list[ARRAY_SIZE(client->versions)];

	for (uint8_t i = 0; i < client->n_versions; i++) {
		tls_version_name(texts[i], sizeof(texts[i]), client->versions[i]);
		list[i] = texts[i];
	}
	event_put_list(stream, "versions_offered", list, client->n_versions);
	put_names(stream, "alpn_offered", &client->alpn);
}

/* server NULL: it did not answer. */
static void put_choice(struct event_stream *stream, const struct tls_hello *server)
{
	char version[TLS_TEXT_MAX], cipher[TLS_TEXT_MAX], group[TLS_TEXT_MAX];

	if (server) {
		tls_version_name(version, sizeof(version), server->versions[0]);
		tls_cipher_name(cipher, sizeof(cipher), server->cipher);
		tls_group_name(group, sizeof(group), server->group);
	}
	event_put_text(stream, "version", server ? version : NULL);
	event_put_text(stream, "cipher", server ? cipher : NULL);
	event_put_text(stream, "group", server && server->group ? group : NULL);
	event_put_text(stream, "alpn", server ? tls_names_next(&server->alpn, NULL) : NULL);
}

static void put_outcome(struct event_stream *stream, const struct tls_seen *seen)
{
	const struct tls_handshake *handshake = seen->handshake;
	bool failed = handshake->outcome == TLS_FAILED;
	char error[TLS_TEXT_MAX];

	event_put_text(stream, "outcome", tls_outcome_name(handshake->outcome));
	if (failed && handshake->alerted)
		tls_alert_name(error, sizeof(error), handshake->alert);
	else if (failed)
		quic_error_name(error, sizeof(error), seen->quic->error);
	event_put_text(stream, "error", failed ? error : NULL);
	event_put_text(stream, "failed_by",
		       !failed                                ? NULL
		       : handshake->failed_side == TLS_CLIENT ? "client"
							      : "server");
	event_put_bool(stream, "incomplete", seen->incomplete);
	if (seen->times->said_ns[TLS_SERVER] > seen->times->said_ns[TLS_CLIENT])
		event_put_milliseconds(stream, "duration_ms",
				       seen->times->said_ns[TLS_SERVER] -
					       seen->times->said_ns[TLS_CLIENT]);
	else
		event_put_null(stream, "duration_ms");
}

static int on_handshake(void *data, const struct tls_seen *seen)
{
	struct event_stream *stream = data;
	const struct tls_handshake *handshake = seen->handshake;
	const struct tls_hello *client = &handshake->hello[TLS_CLIENT];
	char version[TLS_TEXT_MAX];
	struct event_row row;

	if (stream->ended || !event_row_fill(stream, seen->key, &row))
		return 0;
	event_record_begin(stream, "tls", event_real_ns(stream, seen->time_ns));
	event_put_ends(stream, &row.row);
	if (seen->quic)
		quic_version_name(version, sizeof(version), seen->quic->version);
	event_put_text(stream, "quic", seen->quic ? version : NULL);
	event_put_text(stream, "server_name", *client->server_name ? client->server_name : NULL);
	event_put_bool(stream, "ech", client->ech);
	put_choice(stream, handshake->said[TLS_SERVER] ? &handshake->hello[TLS_SERVER] : NULL);
	put_offer(stream, client);
	event_put_bool(stream, "resumed", tls_handshake_resumed(handshake));
	event_put_bool(stream, "retried", handshake->retried);
	put_outcome(stream, seen);
	event_put_owner(stream, "owner", &row.row);
	return event_end(stream);
}

static struct tls_watch *watch_of(const struct event_stream *stream)
{
	return stream->kinds[EVENT_TLS];
}

static uint64_t now_ns(const struct event_stream *stream)
{
	return ledger_last_tick(stream->input.ledger)->end_ns;
}

static void set_losses(struct event_stream *stream)
{
	struct tls_watch_counts counts;

	tls_watch_get_counts(watch_of(stream), &counts);
	event_set_loss(stream, "tls_handshakes_unreadable", counts.unreadable);
	event_set_loss(stream, "tls_handshakes_forgotten", counts.forgotten);
}

int event_tls_begin(struct event_stream *stream, char *error ATTR_UNUSED,
		    size_t error_size ATTR_UNUSED)
{
	struct tls_watch *watch = NULL;
	int r = tls_watch_new(on_handshake, stream, &watch);

	stream->kinds[EVENT_TLS] = watch;
	return r;
}

void event_tls_end(struct event_stream *stream)
{
	tls_watch_free(watch_of(stream));
}

int event_tls_segment(struct event_stream *stream, const struct sample_segment *segment)
{
	return tls_watch_segment(watch_of(stream), segment);
}

int event_tls_tick(struct event_stream *stream)
{
	int r = tls_watch_tick(watch_of(stream), now_ns(stream));

	set_losses(stream);
	return r;
}

int event_tls_finish(struct event_stream *stream)
{
	int r = tls_watch_finish(watch_of(stream), now_ns(stream));

	set_losses(stream);
	return r;
}
