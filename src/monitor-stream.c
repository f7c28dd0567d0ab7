/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Feeds a stream of events, and ends the run when the stream does. */
#include "config.h"

#include <errno.h>

#include "capture.h"
#include "event.h"
#include "log.h"
#include "loop.h"
#include "monitor-data.h"
#include "options.h"

bool monitor_wants(const struct monitor *monitor, enum event_kind_id kind)
{
	return monitor->options->verb == VERB_LOG && monitor->options->event.kinds[kind];
}

int monitor_open_stream(struct monitor *monitor)
{
	const struct options *options = monitor->options;
	struct event_config config = options->event;
	const struct event_input input = {
		.info = monitor->capture->ops->info(monitor->capture),
		.table = monitor->table,
		.ledger = monitor->ledger,
		.owners = monitor->owners,
		.loop = monitor->loop,
	};
	char error[512] = "";
	int r;

	config.filter = options->filter;
	config.sinks.file = options->output;
	config.sinks.waits = monitor->replay;
	r = event_stream_new(&config, &input, &monitor->stream, error, sizeof(error));
	if (r < 0)
		(void)log_err(*error ? 0 : r, "%s", *error ? error : "cannot write the records");
	else if (monitor_wants(monitor, EVENT_CONNS) && *capture_owners(input.info)->conns.note)
		(void)log_warn(0, "log conns: %s", capture_owners(input.info)->conns.note);
	return r;
}

/* Ends the run where the stream cannot go on, or is complete. */
static void after(struct monitor *monitor, int r)
{
	if (r < 0)
		monitor_fail(monitor, log_err(r, "cannot write the records"));
	if (r)
		loop_quit(monitor->loop, monitor->error);
}

void monitor_stream_tick(struct monitor *monitor)
{
	if (!monitor->error)
		after(monitor, event_stream_tick(monitor->stream));
}

void monitor_stream_segment(struct monitor *monitor, const struct sample_segment *segment)
{
	if (!monitor->error)
		after(monitor, event_stream_segment(monitor->stream, segment));
}

void monitor_stream_conn(struct monitor *monitor, const struct sample_conn *conn)
{
	if (!monitor->error)
		after(monitor, event_stream_conn(monitor->stream, conn));
}

int monitor_finish_stream(struct monitor *monitor)
{
	int r = event_stream_finish(monitor->stream);

	return r < 0 ? monitor_fail(monitor, log_err(r, "cannot write the records")) : 0;
}
