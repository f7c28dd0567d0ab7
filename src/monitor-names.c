/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of hosts: asks for them, shows them as they come, and waits for those of a report. */
#include "config.h"

#include <errno.h>

#include "capture.h"
#include "clock.h"
#include "flow-name.h"
#include "log.h"
#include "loop.h"
#include "macro.h"
#include "monitor-data.h"
#include "name-seen.h"
#include "options.h"
#include "resolve.h"
#include "ui.h"

#define NAMES_WAIT_NS (3 * NSEC_PER_SEC) /* before a report */

static void on_names(void *data)
{
	struct monitor *monitor = data;
	struct resolve_counts counts;

	if (monitor->ui)
		ui_update_names(monitor->ui);
	resolve_get_counts(monitor->resolve, &counts);
	if (monitor->waits_for_names && !counts.n_pending)
		loop_quit(monitor->loop, 0);
}

int monitor_use_names(void *data)
{
	struct monitor *monitor = data;
	const struct resolve_config config = {.changed = on_names, .data = monitor};
	int r;

	/* those who only watch names do not want anybody asked */
	if (monitor->resolve || (monitor->seen && !monitor->options->names))
		return 0;
	r = resolve_new(&config, monitor->loop, &monitor->resolve);

	if (r == -ENOTSUP) {
		(void)log_err(0, "this pktop was built without names of hosts (c-ares)");
		return r;
	}
	if (r < 0)
		return log_err(r, "cannot ask for names of hosts");
	flow_name_use(monitor->resolve);
	return 0;
}

bool monitor_has_names(const struct options *options)
{
	return options->names || options->watch_dns || options->watch_tls;
}

int monitor_watch_names(struct monitor *monitor)
{
	const struct options *options = monitor->options;
	const char *option = options->watch_dns ? "--watch-dns" : "--watch-tls";
	uint32_t payload = monitor_payload(options) & (PAYLOAD_DNS | PAYLOAD_TLS);
	const struct capture_info *info = monitor->capture->ops->info(monitor->capture);
	int r;

	if (!payload)
		return 0;
	if (!info->segments) {
		(void)log_err(0, "%s: %s passes no payload of packets (tc and xdp do)", option,
			      monitor->replay ? "a recording" : info->backend);
		return -EOPNOTSUPP;
	}
	if (info->segments->result < 0) {
		(void)log_err(0, "%s: %s", option, info->segments->note);
		return info->segments->result;
	}
	r = name_seen_new(payload, monitor->owners, &monitor->seen);
	if (r < 0)
		return log_err(r, "cannot watch for names");
	flow_name_use_seen(monitor->seen);
	return 0;
}

void monitor_show_names(const struct options *options, bool people)
{
	flow_name_show_hosts(people && monitor_has_names(options));
	flow_name_show_ports(people && options->port_names);
}

static int on_timeout(void *data, ATTR_UNUSED uint64_t n_expired)
{
	struct monitor *monitor = data;

	loop_quit(monitor->loop, 0);
	return 0;
}

void monitor_wait_for_names(struct monitor *monitor)
{
	const struct report_input input = monitor_report_input(monitor);
	uint64_t until_ns = clock_mono_ns() + NAMES_WAIT_NS;
	struct resolve_counts counts;

	if (monitor->ticker) /* counting is over */
		(void)loop_set_timer(monitor->ticker, LOOP_NEVER, 0);
	if (loop_add_timer(monitor->loop, NAMES_WAIT_NS, 0, on_timeout, monitor, NULL) < 0)
		return;
	monitor->waits_for_names = true;
	while (report_want_names(&monitor->report, &input) == 0 && clock_mono_ns() < until_ns) {
		resolve_get_counts(monitor->resolve, &counts);
		if (!counts.n_pending || loop_run(monitor->loop) < 0)
			return;
	}
}
