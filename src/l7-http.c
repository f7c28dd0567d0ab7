/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Feeds the streams that are HTTP to a parser each, within the limits. */
#include "config.h"

#include "l7-http.h"

#include <errno.h>

#include "macro.h"

#ifdef HAVE_HTP

#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "l7-http-data.h"

#define HELD_MAX (64u << 20)           /* octets of heads and first bodies, in all */
#define HELD_CONNECTION_MAX (4u << 20) /* of one connection */
#define CONNECTIONS_MAX 8192
#define PARSED_MAX 1000 /* transactions of a parser, for it remembers each: then a new one */
#define METHOD_MAX 32
#define SKIPPED_MAX (1u << 20) /* octets until a stream that was joined must have begun */

DEFINE_CLEANUP(struct l7_http *, l7_http_free);

void l7_http_hold(struct l7_http_connection *connection, size_t n)
{
	connection->n_held += n;
	connection->http->n_held += n;
}

void l7_http_release(struct l7_http_connection *connection)
{
	/* What is held is not known by transaction: each has its share. */
	size_t n = connection->n_held / connection->n_pending--;

	connection->n_held -= n;
	connection->http->n_held -= n;
}

/* The octets begin as a message of this side does, as far as there are any. */
static bool is_beginning(enum stream_side side, const uint8_t *bytes, size_t n)
{
	static const char response[] = "HTTP/1.";
	size_t i = 0;

	if (side == STREAM_SERVER)
		return memcmp(bytes, response, MIN(n, sizeof(response) - 1)) == 0;
	while (i < n && i < METHOD_MAX && ((bytes[i] >= 'A' && bytes[i] <= 'Z') || bytes[i] == '-'))
		i++;
	return i == n || (i > 0 && bytes[i] == ' ');
}

static bool on_open(void *data, struct stream *stream)
{
	struct l7_http *http = data;
	struct l7_http_connection *connection = calloc(1, sizeof(*connection));

	if (!connection)
		return false;
	connection->http = http;
	connection->stream = stream;
	if (l7_http_parse_begin(connection) < 0) {
		free(connection);
		return false;
	}
	l7_http_hold(connection, sizeof(*connection));
	stream->user = connection;
	return true;
}

/* Looks for the next message in both directions. False: the stream never was HTTP. */
static bool lose_track(struct l7_http_connection *connection)
{
	bool is_http = connection->is_http;

	l7_http_parse_end(connection);
	if (!is_http)
		return false;
	connection->http->counts.lost_track++;
	connection->synced[STREAM_CLIENT] = connection->synced[STREAM_SERVER] = false;
	return l7_http_parse_begin(connection) == 0;
}

static bool is_within_limits(struct l7_http_connection *connection)
{
	struct l7_http *http = connection->http;

	if (connection->n_held <= HELD_CONNECTION_MAX && http->n_held <= HELD_MAX)
		return true;
	http->counts.given_up++;
	return false;
}

static bool pass_early(struct l7_http_connection *connection)
{
	connection->early = true;
	connection->synced[STREAM_CLIENT] = false;
	return true;
}

/*
 * Octets of a side, or (NULL) a loss of them. What a client sends behind a CONNECT is not for HTTP,
 * unless that is refused: then requests go on with a segment.
 */
static bool feed(struct l7_http_connection *connection, enum stream_side side, const uint8_t *bytes,
		 size_t n)
{
	bool in_body = connection->in_body[side];
	int status;

	if (side == STREAM_CLIENT && connection->connecting)
		return pass_early(connection);
	connection->n_body = 0;
	if (side == STREAM_CLIENT)
		status = htp_connp_req_data(connection->parser, NULL, bytes, n);
	else
		status = htp_connp_res_data(connection->parser, NULL, bytes, n);
	if (bytes && !in_body)
		l7_http_hold(connection, n - MIN(n, connection->n_body));
	if (connection->tunnel)
		return false;
	if (status == HTP_STREAM_DATA_OTHER && side == STREAM_CLIENT && connection->connecting)
		return pass_early(connection);
	if (status != HTP_STREAM_DATA)
		return lose_track(connection);
	if (!is_within_limits(connection))
		return false;
	if (connection->n_pending || connection->n_parsed < PARSED_MAX)
		return true;
	l7_http_parse_end(connection);
	return l7_http_parse_begin(connection) == 0;
}

static enum stream_side side_of(const struct l7_http_connection *connection, enum stream_side side)
{
	return connection->swapped ? !side : side;
}

/*
 * True where the octets are the next ones of a message. A wrong guess of the client is found here:
 * responses do not begin as requests do.
 */
static bool find_place(struct l7_http_connection *connection, enum stream_side *side,
		       const uint8_t *bytes, size_t n)
{
	bool is_other = !is_beginning(*side, bytes, n) && is_beginning(!*side, bytes, n);

	if (connection->synced[*side])
		return true;
	if (is_other && connection->stream->guessed && !connection->is_http) {
		connection->swapped = !connection->swapped;
		*side = !*side;
	} else if (!is_beginning(*side, bytes, n)) {
		connection->n_skipped += n;
		return false;
	}
	connection->synced[*side] = true;
	return true;
}

static bool on_bytes(void *data ATTR_UNUSED, struct stream *stream, enum stream_side from,
		     uint64_t time_ns, const uint8_t *bytes, size_t n)
{
	struct l7_http_connection *connection = stream->user;
	enum stream_side side = side_of(connection, from);

	connection->now_ns = time_ns;
	if (find_place(connection, &side, bytes, n))
		return feed(connection, side, bytes, n);
	return connection->is_http || (stream->joined[from] && connection->n_skipped < SKIPPED_MAX);
}

static bool on_gap(void *data ATTR_UNUSED, struct stream *stream, enum stream_side from,
		   uint64_t time_ns, uint32_t n)
{
	struct l7_http_connection *connection = stream->user;
	enum stream_side side = side_of(connection, from);

	connection->now_ns = time_ns;
	return !connection->synced[side] || feed(connection, side, NULL, n);
}

static bool on_end(void *data ATTR_UNUSED, struct stream *stream, enum stream_side from,
		   uint64_t time_ns)
{
	struct l7_http_connection *connection = stream->user;

	connection->now_ns = time_ns;
	connection->ended = true;
	if (side_of(connection, from) == STREAM_CLIENT)
		htp_connp_req_close(connection->parser, NULL);
	else
		htp_connp_close(connection->parser, NULL);
	return true;
}

static void on_close(void *data, struct stream *stream, enum stream_end end ATTR_UNUSED,
		     uint64_t time_ns)
{
	struct l7_http *http = data;
	struct l7_http_connection *connection = stream->user;

	connection->now_ns = time_ns;
	l7_http_parse_end(connection);
	http->n_held -= connection->n_held;
	free(connection);
}

int l7_http_new(const struct l7_http_config *config, struct l7_http **ret_http)
{
	static const struct stream_config usual = {CONNECTIONS_MAX, STREAM_HELD_MAX,
						   STREAM_HELD_CONNECTION_MAX, STREAM_IDLE_NS};
	cleanup(l7_http_freep) struct l7_http *http = calloc(1, sizeof(*http));
	const struct stream_receiver receiver = {http, on_open, on_bytes, on_gap, on_end, on_close};
	int r;

	if (!http)
		return -ENOMEM;
	http->config = *config;
	http->text = malloc(L7_HTTP_TEXT_MAX);
	r = http->text ? l7_http_parse_init(http) : -ENOMEM;
	if (r == 0)
		r = stream_table_new(config->streams ? config->streams : &usual, &receiver,
				     &http->streams);
	if (r < 0)
		return r;
	*ret_http = take_ptr(http);
	return 0;
}

void l7_http_free(struct l7_http *http)
{
	if (!http)
		return;
	stream_table_free(http->streams);
	if (http->cfg)
		htp_config_destroy(http->cfg);
	free(http->text);
	free(http);
}

void l7_http_segment(struct l7_http *http, const struct sample_segment *segment)
{
	stream_table_segment(http->streams, segment);
}

void l7_http_tick(struct l7_http *http, uint64_t now_ns)
{
	stream_table_tick(http->streams, now_ns);
}

void l7_http_get_counts(const struct l7_http *http, struct l7_http_counts *ret_counts)
{
	*ret_counts = http->counts;
	stream_table_get_counts(http->streams, &ret_counts->streams);
}

#else

int l7_http_new(const struct l7_http_config *config ATTR_UNUSED,
		struct l7_http **ret_http ATTR_UNUSED)
{
	return -ENOTSUP;
}

void l7_http_free(struct l7_http *http ATTR_UNUSED)
{
}

void l7_http_segment(struct l7_http *http ATTR_UNUSED,
		     const struct sample_segment *segment ATTR_UNUSED)
{
}

void l7_http_tick(struct l7_http *http ATTR_UNUSED, uint64_t now_ns ATTR_UNUSED)
{
}

void l7_http_get_counts(const struct l7_http *http ATTR_UNUSED, struct l7_http_counts *ret_counts)
{
	*ret_counts = (struct l7_http_counts){0};
}

#endif
