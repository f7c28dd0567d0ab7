/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stream of events: its kinds, its beginning and its end. */
#include "config.h"

#include "event.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "cleanup.h"
#include "event-data.h"
#include "event-seen.h"
#include "event-sink.h"
#include "filter.h"
#include "macro.h"
#include "snapshot.h"

DEFINE_CLEANUP(struct event_stream *, event_stream_free);

const struct event_kind event_kinds[EVENT_KIND_MAX] = {
	[EVENT_FLOWS] = {.name = "flows",
			 .help = "each interval the flows that had packets in it",
			 .begin = event_flow_begin,
			 .tick = event_flow_tick},
	[EVENT_CONNS] = {.name = "conns",
			 .help = "connections, as they begin and end",
			 .begin = event_conn_begin,
			 .end = event_conn_end,
			 .tick = event_conn_tick,
			 .conn = event_conn},
	[EVENT_DNS] = {.name = "dns",
		       .help = "each query of DNS, with its answer",
		       .payload = PAYLOAD_DNS,
		       .begin = event_dns_begin,
		       .end = event_dns_end,
		       .tick = event_dns_tick,
		       .finish = event_dns_finish,
		       .segment = event_dns_segment},
	[EVENT_HTTP] = {.name = "http",
			.help = "each request of HTTP/1, with its response",
			.payload = PAYLOAD_HTTP,
			.begin = event_http_begin,
			.end = event_http_end,
			.tick = event_http_tick,
			.finish = event_http_finish,
			.segment = event_http_segment},
	[EVENT_TLS] = {.name = "tls",
		       .help = "each handshake of TLS, over TCP or in QUIC",
		       .payload = PAYLOAD_TLS,
		       .begin = event_tls_begin,
		       .end = event_tls_end,
		       .tick = event_tls_tick,
		       .finish = event_tls_finish,
		       .segment = event_tls_segment},
};

int event_kind_find(const char *name)
{
	for (int i = 0; i < EVENT_KIND_MAX; i++) {
		if (strcmp(event_kinds[i].name, name) == 0)
			return i;
	}
	return -ENOENT;
}

uint32_t event_payload(const struct event_config *config)
{
	uint32_t payload = 0;

	for (int i = 0; i < EVENT_KIND_MAX; i++) {
		if (config->kinds[i])
			payload |= event_kinds[i].payload;
	}
	return payload;
}

uint64_t event_real_ns(const struct event_stream *stream, uint64_t mono_ns)
{
	const struct capture_info *info = stream->input.info;

	return mono_ns + (info->start_real_ns - info->start_mono_ns);
}

int event_stream_tick(struct event_stream *stream)
{
	int r = 0;

	for (int i = 0; i < EVENT_KIND_MAX && r == 0 && !stream->ended; i++) {
		if (stream->config.kinds[i] && event_kinds[i].tick)
			r = event_kinds[i].tick(stream);
	}
	if (r == 0 && !stream->ended)
		r = event_tell_ledger(stream, false);
	if (r == 0)
		r = event_tell_losses(stream);
	return r < 0 ? r : stream->ended;
}

int event_stream_segment(struct event_stream *stream, const struct sample_segment *segment)
{
	int r = 0;

	for (int i = 0; i < EVENT_KIND_MAX && r == 0 && !stream->ended; i++) {
		if (stream->config.kinds[i] && event_kinds[i].segment)
			r = event_kinds[i].segment(stream, segment);
	}
	return r < 0 ? r : stream->ended;
}

int event_stream_conn(struct event_stream *stream, const struct sample_conn *conn)
{
	int r = 0;

	for (int i = 0; i < EVENT_KIND_MAX && r == 0 && !stream->ended; i++) {
		if (stream->config.kinds[i] && event_kinds[i].conn)
			r = event_kinds[i].conn(stream, conn);
	}
	return r < 0 ? r : stream->ended;
}

void event_stream_reopen(struct event_stream *stream)
{
	event_sinks_reopen(stream->sinks);
}

int event_stream_finish(struct event_stream *stream)
{
	int r = 0;

	for (int i = 0; i < EVENT_KIND_MAX && r == 0 && !stream->ended; i++) {
		if (stream->config.kinds[i] && event_kinds[i].finish)
			r = event_kinds[i].finish(stream);
	}
	if (r == 0)
		r = event_tell_ledger(stream, true);
	if (r == 0)
		r = event_tell_losses(stream);
	return r < 0 ? r : event_sinks_finish(stream->sinks);
}

/* The filter of the user and --external are one filter. */
static int read_filter(struct event_stream *stream, char *error, size_t error_size)
{
	const struct event_config *config = &stream->config;
	const char *internal = config->internal ? config->internal : EVENT_INTERNAL;
	char text[2 * FILTER_LENGTH_MAX + 4 * sizeof(EVENT_INTERNAL)];
	struct filter_error why;
	int r;

	if (config->external)
		r = snprintf(text, sizeof(text), "%s%s%s(ip or ip6) and not (src %s and dst %s)",
			     config->filter ? "(" : "", config->filter ? config->filter : "",
			     config->filter ? ") and " : "", internal, internal);
	else
		r = snprintf(text, sizeof(text), "%s", config->filter ? config->filter : "");
	if ((size_t)r >= sizeof(text) || filter_parse(text, &stream->filter, &why) < 0) {
		(void)snprintf(error, error_size,
			       "--filter and --internal-networks are too long together");
		return -EINVAL;
	}
	return 0;
}

static int put_meta(struct event_stream *stream)
{
	const struct capture_info *info = stream->input.info;
	const char *kinds[EVENT_KIND_MAX];
	size_t n_kinds = 0;

	if (!stream->config.json)
		return 0;
	for (int i = 0; i < EVENT_KIND_MAX; i++) {
		if (stream->config.kinds[i])
			kinds[n_kinds++] = event_kinds[i].name;
	}
	event_record_begin(stream, "meta", info->start_real_ns);
	event_put_text(stream, "schema", "pktop-log/1");
	event_put_text(stream, "version", PACKAGE_VERSION);
	event_put_text(stream, "host", info->host);
	event_put_text(stream, "backend", info->backend);
	event_put_text(stream, "layer", info->layer);
	event_put_list(stream, "kinds", kinds, n_kinds);
	return event_head_end(stream);
}

/* A stream that could tell nothing of what it was asked for does not begin. */
static int check_payload(const struct event_stream *stream, char *error, size_t error_size)
{
	const struct capture_info *info = stream->input.info;

	if (!event_payload(&stream->config) || (info->segments && info->segments->result == 0))
		return 0;
	if (!info->segments) {
		(void)snprintf(error, error_size, "%s passes no payload of packets (tc and xdp do)",
			       info->backend);
		return -EOPNOTSUPP;
	}
	(void)snprintf(error, error_size, "%s", info->segments->note);
	return info->segments->result;
}

static int begin_kinds(struct event_stream *stream, char *error, size_t error_size)
{
	int r = 0;

	for (int i = 0; i < EVENT_KIND_MAX && r == 0; i++) {
		if (stream->config.kinds[i] && event_kinds[i].begin)
			r = event_kinds[i].begin(stream, error, error_size);
	}
	return r;
}

int event_stream_new(const struct event_config *config, const struct event_input *input,
		     struct event_stream **ret_stream, char *error, size_t error_size)
{
	cleanup(event_stream_freep) struct event_stream *stream = calloc(1, sizeof(*stream));
	int r = 0;

	*error = '\0';
	if (!stream)
		return -ENOMEM;
#ifndef HAVE_JANSSON
	if (config->json) {
		(void)snprintf(error, error_size, "this pktop was built without JSON (libjansson)");
		return -ENOTSUP;
	}
#endif
	stream->config = *config;
	stream->input = *input;
	stream->unnamed_told =
		calloc(SAMPLE_IFACE_MAX * DIRECTION_MAX, sizeof(*stream->unnamed_told));
	stream->record = open_memstream(&stream->text, &stream->size);
	if (!stream->unnamed_told || !stream->record)
		return -ENOMEM;
	if (config->unique)
		r = event_seen_new(&stream->seen);
	if (r == 0)
		r = read_filter(stream, error, error_size);
	if (r == 0)
		r = check_payload(stream, error, error_size);
	if (r == 0)
		r = begin_kinds(stream, error, error_size);
	if (r == 0)
		r = event_sinks_new(&config->sinks, input->loop, &stream->sinks, error, error_size);
	if (r == 0)
		r = put_meta(stream);
	if (r < 0)
		return r;
	*ret_stream = take_ptr(stream);
	return 0;
}

void event_stream_free(struct event_stream *stream)
{
	if (!stream)
		return;
	for (int i = 0; i < EVENT_KIND_MAX; i++) {
		if (event_kinds[i].end)
			event_kinds[i].end(stream);
	}
	if (stream->record)
		(void)fclose(stream->record);
	free(stream->text);
	free(stream->json);
	free(stream->unnamed_told);
	event_sinks_free(stream->sinks);
	event_seen_free(stream->seen);
	snapshot_free(stream->snapshot);
	filter_free(stream->filter);
	free(stream);
}
