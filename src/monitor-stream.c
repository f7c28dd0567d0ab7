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
	char error[256] = "";
	int r;

	config.filter = options->filter;
	config.output = options->output;
	config.waits = monitor->replay;
	r = event_stream_new(&config, &input, &monitor->stream, error, sizeof(error));
	if (*error)
		(void)log_err(0, "%s", error);
	else if (r == -ENOTSUP)
		(void)log_err(0, "this pktop was built without JSON (libjansson)");
	else if (r < 0)
		(void)log_err(r, "cannot write to %s", config.output ? config.output : "stdout");
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

int monitor_finish_stream(struct monitor *monitor)
{
	int r = event_stream_finish(monitor->stream);

	return r < 0 ? monitor_fail(monitor, log_err(r, "cannot write the last records")) : 0;
}
