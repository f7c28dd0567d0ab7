/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of the kind "http": a record for each request, with its response. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "event-data.h"
#include "l7-http.h"
#include "macro.h"
#include "text.h"

#define MASK "***"

struct http_state {
	struct l7_http *http;
	char *body; /* room for a body as text */
	size_t body_size;
	int error; /* of a record */
};

/* Parts of the names of headers that let whoever reads them in. */
static const char *const secrets[] = {
	"authorization", "cookie",     "token",  "api-key",  "apikey",
	"auth-key",      "access-key", "secret", "password",
};

static struct http_state *state_of(const struct event_stream *stream)
{
	return stream->kinds[EVENT_HTTP];
}

/* A line without a name may be one whose colon was forgotten. */
static bool is_secret(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(secrets); i++) {
		if (strcasestr(name, secrets[i]))
			return true;
	}
	return !*name;
}

static const char *shown(const struct event_stream *stream, const struct l7_http_header *header)
{
	return is_secret(header->name) && !stream->config.no_mask ? MASK : header->value;
}

static const char *text_or_null(const char *text)
{
	return *text ? text : NULL;
}

/* The target, without the user and password that it may have in front of a host. */
static void put_target(struct event_stream *stream, const char *target)
{
	const char *host = *target == '/' ? NULL : strstr(target, "://");
	const char *at = host ? memrchr(host, '@', strcspn(host + 3, "/?#") + 3) : NULL;
	cleanup(freep) char *masked = NULL;

	if (!at || stream->config.no_mask) {
		event_put_text(stream, "path", text_or_null(target));
		return;
	}
	if (asprintf(&masked, "%.*s" MASK "%s", (int)(host + 3 - target), target, at) < 0)
		masked = NULL;
	event_put_text(stream, "path", masked);
}

/* One word, whatever the name holds beside the characters that it may (RFC 9110, 5.6.2). */
static void member_name(char *buf, size_t size, const char *prefix, const char *name)
{
	static const char good[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
				   "!#$%&'*+-.^_`|~";

	(void)snprintf(buf, size, "%s.%s", prefix, name);
	while (*(buf += strspn(buf, good)))
		*buf = '_';
}

/* In JSON a list of names and values; in text a member each. */
static void put_headers(struct event_stream *stream, const char *member, const char *prefix,
			const struct l7_http_message *message)
{
	char name[256];

	if (!stream->config.headers)
		return;
	event_list_begin(stream, member);
	for (size_t i = 0; i < message->n_headers; i++) {
		const struct l7_http_header *header = &message->headers[i];

		event_item_begin(stream);
		if (stream->config.json) {
			event_put_text(stream, "name", header->name);
			event_put_text(stream, "value", shown(stream, header));
		} else {
			member_name(name, sizeof(name), prefix, header->name);
			event_put_text(stream, name, shown(stream, header));
		}
		event_item_end(stream);
	}
	event_list_end(stream);
}

static void put_body(struct event_stream *stream, const char *member,
		     const struct l7_http_message *message)
{
	const struct http_state *state = state_of(stream);

	if (!stream->config.body)
		return;
	(void)text_escape(state->body, state->body_size, (const char *)message->body,
			  message->n_body);
	event_put_text(stream, member, message->seen ? state->body : NULL);
}

static void put_size(struct event_stream *stream, const char *member,
		     const struct l7_http_message *message)
{
	if (message->seen)
		event_put_number(stream, member, message->body_size);
	else
		event_put_null(stream, member);
}

static void put_times(struct event_stream *stream, const struct l7_http_transaction *what)
{
	const struct l7_http_message *request = &what->request, *response = &what->response;
	bool both = request->seen && response->seen && response->start_ns >= request->start_ns;

	/* from the first line of the request to that of the response, and to the last octet */
	if (both)
		event_put_milliseconds(stream, "wait_ms", response->start_ns - request->start_ns);
	else
		event_put_null(stream, "wait_ms");
	if (both && response->end_ns >= request->start_ns)
		event_put_milliseconds(stream, "duration_ms", response->end_ns - request->start_ns);
	else
		event_put_null(stream, "duration_ms");
}

static void on_transaction(void *data, const struct l7_http_transaction *what)
{
	struct event_stream *stream = data;
	struct http_state *state = state_of(stream);
	const struct l7_http_message *request = &what->request, *response = &what->response;
	const struct l7_http_message *first = request->seen ? request : response;
	struct event_row row;

	if (stream->ended || state->error || !event_row_fill(stream, &what->key, &row))
		return;
	event_record_begin(stream, "http", event_real_ns(stream, first->start_ns));
	event_put_ends(stream, &row.row);
	event_put_text(stream, "method", text_or_null(what->method));
	event_put_text(stream, "host", text_or_null(what->host));
	put_target(stream, what->target);
	event_put_text(stream, "version", text_or_null(first->version));
	if (response->seen)
		event_put_number(stream, "status", what->status);
	else
		event_put_null(stream, "status");
	event_put_text(stream, "reason", text_or_null(what->reason));
	put_size(stream, "request_size", request);
	put_size(stream, "response_size", response);
	put_times(stream, what);
	event_put_bool(stream, "incomplete", !request->complete || !response->complete);
	event_put_bool(stream, "cut", what->cut);
	put_headers(stream, "request_headers", "request", request);
	put_headers(stream, "response_headers", "response", response);
	put_body(stream, "request_body", request);
	put_body(stream, "response_body", response);
	event_put_owner(stream, "owner", &row.row);
	state->error = event_end(stream);
}

static void set_losses(struct event_stream *stream)
{
	const struct http_state *state = state_of(stream);
	struct l7_http_counts counts;

	l7_http_get_counts(state->http, &counts);
	event_set_loss(stream, "http_places_lost", counts.lost_track);
	event_set_loss(stream, "http_connections_given_up", counts.given_up);
}

int event_http_begin(struct event_stream *stream, char *error, size_t error_size)
{
	struct http_state *state = calloc(1, sizeof(*state));
	const struct l7_http_config config = {
		.body_max = (size_t)stream->config.body,
		.transaction = on_transaction,
		.data = stream,
	};
	int r;

	if (!state)
		return -ENOMEM;
	stream->kinds[EVENT_HTTP] = state;
	state->body_size = 4 * (size_t)stream->config.body + 1; /* "\x00" */
	state->body = malloc(state->body_size);
	if (!state->body)
		return -ENOMEM;
	r = l7_http_new(&config, &state->http);
	if (r == -ENOTSUP)
		(void)snprintf(error, error_size, "this pktop was built without HTTP (libhtp)");
	return r;
}

void event_http_end(struct event_stream *stream)
{
	struct http_state *state = state_of(stream);

	if (!state)
		return;
	stream->ended = true; /* what is open was told in finish */
	l7_http_free(state->http);
	free(state->body);
	free(state);
}

int event_http_segment(struct event_stream *stream, const struct sample_segment *segment)
{
	struct http_state *state = state_of(stream);

	if (segment->what == PAYLOAD_HTTP)
		l7_http_segment(state->http, segment);
	return state->error;
}

int event_http_tick(struct event_stream *stream)
{
	struct http_state *state = state_of(stream);

	l7_http_tick(state->http, ledger_last_tick(stream->input.ledger)->end_ns);
	set_losses(stream);
	return state->error;
}

int event_http_finish(struct event_stream *stream)
{
	struct http_state *state = state_of(stream);

	set_losses(stream);
	l7_http_free(take_ptr(state->http)); /* tells what is open */
	return state->error;
}
