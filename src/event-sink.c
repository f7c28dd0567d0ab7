/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Hands every record to all sinks of a stream. */
#include "config.h"

#include "event-sink.h"

#include <errno.h>
#include <stdlib.h>

#include "cleanup.h"
#include "event-sink-data.h"
#include "macro.h"

static const struct event_sink_ops *const kinds[EVENT_SINK_MAX] = {
	[EVENT_SINK_STDOUT] = &event_sink_stdout_ops,
	[EVENT_SINK_FILE] = &event_sink_file_ops,
	[EVENT_SINK_CALLBACK] = &event_sink_callback_ops,
	[EVENT_SINK_SYSLOG] = &event_sink_syslog_ops,
	[EVENT_SINK_JOURNAL] = &event_sink_journal_ops,
};

struct event_sinks {
	struct event_sink *sinks[EVENT_SINK_MAX]; /* NULL: not asked for */
};
DEFINE_CLEANUP(struct event_sinks *, event_sinks_free);

int event_sinks_new(const struct event_sink_config *config, struct loop *loop,
		    struct event_sinks **ret_sinks, char *error, size_t error_size)
{
	cleanup(event_sinks_freep) struct event_sinks *sinks = calloc(1, sizeof(*sinks));

	if (!sinks)
		return -ENOMEM;
	for (int i = 0; i < EVENT_SINK_MAX; i++) {
		int r;

		if (!kinds[i]->wanted(config))
			continue;
		r = kinds[i]->open(config, loop, &sinks->sinks[i], error, error_size);
		if (r < 0)
			return r;
	}
	*ret_sinks = take_ptr(sinks);
	return 0;
}

void event_sinks_free(struct event_sinks *sinks)
{
	if (!sinks)
		return;
	for (int i = 0; i < EVENT_SINK_MAX; i++) {
		if (sinks->sinks[i])
			kinds[i]->close(sinks->sinks[i]);
	}
	free(sinks);
}

int event_sinks_begin(struct event_sinks *sinks, const char *record, size_t size)
{
	int r = 0;

	for (int i = 0; i < EVENT_SINK_MAX && r == 0; i++) {
		if (sinks->sinks[i])
			r = (kinds[i]->begin ? kinds[i]->begin : kinds[i]->put)(sinks->sinks[i],
										record, size);
	}
	return r;
}

int event_sinks_put(struct event_sinks *sinks, const char *record, size_t size)
{
	int r = 0;

	for (int i = 0; i < EVENT_SINK_MAX && r == 0; i++) {
		if (sinks->sinks[i])
			r = kinds[i]->put(sinks->sinks[i], record, size);
	}
	return r;
}

uint64_t event_sinks_dropped(const struct event_sinks *sinks, enum event_sink_id id,
			     const char **ret_name)
{
	const struct event_sink *sink = sinks->sinks[id];

	*ret_name = sink ? kinds[id]->dropped : NULL;
	return sink ? sink->n_dropped : 0;
}

void event_sinks_reopen(struct event_sinks *sinks)
{
	for (int i = 0; i < EVENT_SINK_MAX; i++) {
		if (sinks->sinks[i] && kinds[i]->reopen)
			kinds[i]->reopen(sinks->sinks[i]);
	}
}

int event_sinks_finish(struct event_sinks *sinks)
{
	int first = 0;

	for (int i = 0; i < EVENT_SINK_MAX; i++) {
		int r = sinks->sinks[i] && kinds[i]->finish ? kinds[i]->finish(sinks->sinks[i]) : 0;

		if (r < 0 && first == 0)
			first = r;
	}
	return first;
}
