/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What a stream says of itself: the books of the counters, and what is missing in it. */
#include "config.h"

#include <assert.h>
#include <string.h>

#include "capture.h"
#include "event-data.h"
#include "event-seen.h"
#include "event-sink.h"
#include "macro.h"

static uint64_t now_real_ns(const struct event_stream *stream)
{
	if (ledger_n_ticks(stream->input.ledger) == 0)
		return stream->input.info->start_real_ns;
	return ledger_last_tick(stream->input.ledger)->real_ns;
}

void event_set_loss(struct event_stream *stream, const char *what, uint64_t total)
{
	for (size_t i = 0; i < ARRAY_SIZE(stream->losses); i++) {
		struct event_loss *loss = &stream->losses[i];

		if (loss->what && strcmp(loss->what, what) != 0)
			continue;
		loss->what = what;
		loss->total = total;
		return;
	}
	assert(!"a place for every sort of loss");
}

static void set_segments(struct event_stream *stream, const struct capture_segments *segments)
{
	event_set_loss(stream, "segments_full", segments->n_full);
	event_set_loss(stream, "segments_unread", segments->n_unread);
	event_set_loss(stream, "connections_unfollowed", segments->n_forgotten);
}

int event_tell_losses(struct event_stream *stream)
{
	int r = 0;

	if (stream->input.info->segments)
		set_segments(stream, stream->input.info->segments);
	if (stream->seen)
		event_set_loss(stream, "connections_forgotten", event_seen_forgotten(stream->seen));
	for (int i = 0; i < EVENT_SINK_MAX; i++) {
		const char *name;
		uint64_t n = event_sinks_dropped(stream->sinks, (enum event_sink_id)i, &name);

		if (name)
			event_set_loss(stream, name, n);
	}
	for (size_t i = 0; i < ARRAY_SIZE(stream->losses) && r == 0; i++) {
		struct event_loss *loss = &stream->losses[i];

		if (loss->total == loss->told)
			continue;
		event_record_begin(stream, "loss", now_real_ns(stream));
		event_put_text(stream, "what", loss->what);
		event_put_number(stream, "count", loss->total - loss->told);
		event_put_number(stream, "total", loss->total); /* this record may be lost, too */
		loss->told = loss->total;
		r = event_record_end(stream);
	}
	return r;
}

/* Packets that are in no flow of their own. */
static struct tally unnamed(const struct ledger_line *line)
{
	struct tally sum = line->folded;

	for (size_t i = 0; i < OTHER_MAX; i++)
		tally_add(&sum, &line->other[i]);
	return sum;
}

int event_tell_ledger(struct event_stream *stream, bool all)
{
	size_t n_slots = ledger_n_slots(stream->input.ledger);
	int r = 0;

	for (size_t i = 0; i < n_slots * DIRECTION_MAX && r == 0; i++) {
		struct ledger_line line;
		struct tally sum;

		if (!ledger_get(stream->input.ledger, stream->input.table,
				(uint16_t)(i / DIRECTION_MAX), (enum direction)(i % DIRECTION_MAX),
				&line) ||
		    !line.seen)
			continue;
		sum = unnamed(&line);
		if (all ? !line.total.packets : sum.packets == stream->unnamed_told[i].packets)
			continue;
		stream->unnamed_told[i] = sum;
		event_record_begin(stream, "ledger", now_real_ns(stream));
		event_put_ledger(stream, &line);
		r = event_record_end(stream);
	}
	return r;
}
