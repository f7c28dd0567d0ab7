/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The stream of events: its kinds, its limits, and what it says about itself. */
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
	[EVENT_FLOWS] = {"flows", "each interval the flows that had packets in it",
			 event_flow_tick},
};

int event_kind_find(const char *name)
{
	for (int i = 0; i < EVENT_KIND_MAX; i++) {
		if (strcmp(event_kinds[i].name, name) == 0)
			return i;
	}
	return -ENOENT;
}

int event_record_end(struct event_stream *stream)
{
	int r;

	fputc('\n', stream->record);
	r = fflush(stream->record) == 0 && !ferror(stream->record) ? 0 : -ENOMEM;
	if (r == 0)
		r = event_sink_put(stream->sink, stream->text, stream->size);
	rewind(stream->record);
	return r;
}

int event_end(struct event_stream *stream)
{
	int r = event_record_end(stream);

	stream->n_events++;
	if (stream->config.max_events && stream->n_events >= stream->config.max_events)
		stream->ended = true;
	return r;
}

static uint64_t now_real_ns(const struct event_stream *stream)
{
	if (ledger_n_ticks(stream->ledger) == 0)
		return stream->info->start_real_ns;
	return ledger_last_tick(stream->ledger)->real_ns;
}

/* Tells how many more there are now than the last time. */
static int tell_loss(struct event_stream *stream, const char *what, uint64_t n, uint64_t *told)
{
	uint64_t more = n - *told;
	int r = 0;

	if (!more)
		return 0;
	*told = n;
	if (stream->config.json)
		r = event_json_loss(stream->record, now_real_ns(stream), what, more);
	else
		event_text_loss(stream->record, now_real_ns(stream), what, more);
	return r < 0 ? r : event_record_end(stream);
}

/* Packets that are in no flow of their own. */
static struct tally unnamed(const struct ledger_line *line)
{
	struct tally sum = line->folded;

	for (size_t i = 0; i < OTHER_MAX; i++)
		tally_add(&sum, &line->other[i]);
	return sum;
}

/* The books of each hook: where that has changed, or (at the end) all. */
static int tell_ledger(struct event_stream *stream, bool all)
{
	size_t n_slots = ledger_n_slots(stream->ledger);
	int r = 0;

	for (size_t i = 0; i < n_slots * DIRECTION_MAX && r == 0; i++) {
		struct ledger_line line;
		struct tally sum;

		if (!ledger_get(stream->ledger, stream->table, (uint16_t)(i / DIRECTION_MAX),
				(enum direction)(i % DIRECTION_MAX), &line) ||
		    !line.seen)
			continue;
		sum = unnamed(&line);
		if (all ? !line.total.packets : sum.packets == stream->unnamed_told[i].packets)
			continue;
		stream->unnamed_told[i] = sum;
		if (stream->config.json)
			r = event_json_ledger(stream->record, now_real_ns(stream), &line);
		else
			event_text_ledger(stream->record, now_real_ns(stream), &line);
		if (r == 0)
			r = event_record_end(stream);
	}
	return r;
}

static int tell_losses(struct event_stream *stream)
{
	uint64_t forgotten = stream->seen ? event_seen_forgotten(stream->seen) : 0;
	int r = tell_loss(stream, "records that the output did not take",
			  event_sink_dropped(stream->sink), &stream->lost_told);

	if (r < 0)
		return r;
	return tell_loss(stream, "connections that --unique had to forget", forgotten,
			 &stream->forgotten_told);
}

int event_stream_tick(struct event_stream *stream)
{
	int r = 0;

	for (int i = 0; i < EVENT_KIND_MAX && r == 0 && !stream->ended; i++) {
		if (stream->config.kinds[i])
			r = event_kinds[i].tick(stream);
	}
	if (r == 0 && !stream->ended)
		r = tell_ledger(stream, false);
	if (r == 0)
		r = tell_losses(stream);
	return r < 0 ? r : stream->ended;
}

int event_stream_reopen(struct event_stream *stream)
{
	return event_sink_reopen(stream->sink);
}

int event_stream_finish(struct event_stream *stream)
{
	int r = tell_ledger(stream, true);

	return r < 0 ? r : event_sink_finish(stream->sink);
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
	int r;

	if (!stream->config.json)
		return 0;
	r = event_json_meta(stream->record, stream);
	return r < 0 ? r : event_record_end(stream);
}

int event_stream_new(const struct event_config *config, struct loop *loop,
		     const struct capture_info *info, const struct flow_table *table,
		     const struct ledger *ledger, struct event_stream **ret_stream, char *error,
		     size_t error_size)
{
	cleanup(event_stream_freep) struct event_stream *stream = calloc(1, sizeof(*stream));
	int r;

	*error = '\0';
	if (!stream)
		return -ENOMEM;
	stream->config = *config;
	stream->info = info;
	stream->table = table;
	stream->ledger = ledger;
	stream->unnamed_told =
		calloc(SAMPLE_IFACE_MAX * DIRECTION_MAX, sizeof(*stream->unnamed_told));
	stream->record = open_memstream(&stream->text, &stream->size);
	if (!stream->unnamed_told || !stream->record)
		return -ENOMEM;
	r = snapshot_new(&stream->snapshot);
	if (r == 0 && config->unique)
		r = event_seen_new(&stream->seen);
	if (r == 0)
		r = read_filter(stream, error, error_size);
	if (r == 0)
		r = event_sink_new(config->output, config->waits, loop, &stream->sink);
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
	if (stream->record)
		(void)fclose(stream->record);
	free(stream->text);
	free(stream->unnamed_told);
	event_sink_free(stream->sink);
	event_seen_free(stream->seen);
	snapshot_free(stream->snapshot);
	filter_free(stream->filter);
	free(stream);
}
