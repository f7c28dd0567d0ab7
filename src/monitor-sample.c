/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes what a back end reports to the tables, and each interval to the front end. */
#include "config.h"

#include "flow-table.h"
#include "ledger.h"
#include "loop.h"
#include "monitor-data.h"
#include "name-seen.h"
#include "owner.h"
#include "ui.h"

static void on_iface(void *data, const struct sample_iface *iface)
{
	struct monitor *monitor = data;

	ledger_iface(monitor->ledger, iface);
}

static void on_owner(void *data, const struct sample_owner *owner)
{
	struct monitor *monitor = data;

	owner_table_owner(monitor->owners, owner);
}

static void on_sockets(void *data, const struct sample_socket *sockets, size_t n_sockets)
{
	struct monitor *monitor = data;

	owner_table_sockets(monitor->owners, sockets, n_sockets);
}

static void on_addr(void *data, const struct sample_addr *addr)
{
	struct monitor *monitor = data;

	owner_table_addr(monitor->owners, addr);
}

static void on_flows(void *data, const struct sample_flow *flows, size_t n_flows)
{
	struct monitor *monitor = data;

	flow_table_add(monitor->table, flows, n_flows);
}

static void on_hook(void *data, const struct sample_hook *hook)
{
	struct monitor *monitor = data;

	ledger_hook(monitor->ledger, hook);
}

static void on_segment(void *data, const struct sample_segment *segment)
{
	struct monitor *monitor = data;

	if (monitor->seen)
		name_seen_segment(monitor->seen, segment);
	if (monitor->stream)
		monitor_stream_segment(monitor, segment);
}

static void on_tick(void *data, const struct sample_tick *tick)
{
	struct monitor *monitor = data;

	flow_table_tick(monitor->table, tick);
	ledger_tick(monitor->ledger, tick);
	owner_table_tick(monitor->owners, tick->end_ns);
	if (monitor->seen)
		name_seen_tick(monitor->seen, tick->end_ns);
	if (monitor->ui)
		ui_update(monitor->ui);
	if (monitor->stream)
		monitor_stream_tick(monitor);
	if (monitor->periodic && !monitor_is_last(monitor) && monitor_report(monitor) < 0)
		loop_quit(monitor->loop, monitor->error);
	if (monitor_is_last(monitor))
		loop_quit(monitor->loop, 0);
	if (monitor_is_over(monitor)) {
		monitor->over = true;
		loop_quit(monitor->loop, 0);
	}
}

void monitor_init_sink(struct monitor *monitor)
{
	monitor->sink = (struct sample_sink){
		.data = monitor,
		.owner = on_owner,
		.sockets = on_sockets,
		.addr = on_addr,
		.iface = on_iface,
		.flows = on_flows,
		.hook = on_hook,
		.segment = on_segment,
		.tick = on_tick,
	};
}
