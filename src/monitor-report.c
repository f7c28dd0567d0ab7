/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes reports, and knows when one of them is the last. */
#include "config.h"

#include <errno.h>
#include <stdio.h>

#include "capture.h"
#include "filter.h"
#include "ledger.h"
#include "log.h"
#include "monitor-data.h"
#include "options.h"

struct report_input monitor_report_input(const struct monitor *monitor)
{
	return (struct report_input){
		.info = monitor->capture->ops->info(monitor->capture),
		.table = monitor->table,
		.ledger = monitor->ledger,
	};
}

int monitor_report(struct monitor *monitor)
{
	const struct report_input input = monitor_report_input(monitor);
	FILE *stream = monitor->file ? report_file_stream(monitor->file) : stdout;
	int r;

	monitor->report.continued = monitor->n_reports > 0;
	if (monitor->periodic && monitor->options->names)
		(void)report_want_names(&monitor->report, &input); /* for the next one */
	r = report_write(stream, &monitor->report, &input);
	if (r == -ENOTSUP) {
		(void)log_err(0, "this pktop was built without JSON (libjansson)");
		return monitor_fail(monitor, r);
	}
	if (r < 0)
		return monitor_fail(monitor, log_err(r, "cannot write the report"));
	monitor->n_reports++;
	return 0;
}

bool monitor_is_over(const struct monitor *monitor)
{
	const struct options *options = monitor->options;
	struct ledger_line line;
	struct filter_sum sum;

	if (!options->exit_over)
		return false;
	if (monitor->report.filter) {
		filter_set_span(monitor->report.filter, 0);
		filter_sum(monitor->report.filter, monitor->table, monitor->ledger, &sum);
		line.pps = sum.pps[DIRECTION_IN] + sum.pps[DIRECTION_OUT];
		line.bps = sum.bps[DIRECTION_IN] + sum.bps[DIRECTION_OUT];
	} else {
		ledger_sum(monitor->ledger, monitor->table, DIRECTION_MAX, &line);
	}
	return (options->exit_over_packets ? line.pps : line.bps) > (double)options->exit_over;
}

bool monitor_is_last(const struct monitor *monitor)
{
	return monitor->options->n_reports && monitor->n_reports >= monitor->options->n_reports;
}
