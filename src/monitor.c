/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One run: connects a back end to the tables and the tables to a front end. */
#include "config.h"

#include "monitor.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "capture-record.h"
#include "capture-replay.h"
#include "capture.h"
#include "cleanup.h"
#include "column.h"
#include "event.h"
#include "filter.h"
#include "flow-name.h"
#include "flow-place.h"
#include "flow-table.h"
#include "geo.h"
#include "ledger.h"
#include "log.h"
#include "loop.h"
#include "macro.h"
#include "monitor-data.h"
#include "name-seen.h"
#include "nl-diag.h"
#include "nl.h"
#include "options.h"
#include "owner.h"
#include "privs.h"
#include "report.h"
#include "resolve.h"
#include "ui.h"

#define MANY_IFACES 32
#define ATTACH_STEP_NS (100 * NSEC_PER_MSEC) /* the table answers keys in between */

int monitor_fail(struct monitor *monitor, int r)
{
	if (!monitor->error)
		monitor->error = r;
	return r;
}

/* The loop */

static int check_read(struct monitor *monitor, int r)
{
	if (r >= 0)
		return 0;
	if (monitor->replay && *capture_replay_reason(monitor->capture))
		(void)log_err(0, "%s", capture_replay_reason(monitor->capture));
	else
		(void)log_err(r, "cannot read the counters");
	return monitor_fail(monitor, r);
}

static int on_timer(void *data, ATTR_UNUSED uint64_t n_expired)
{
	struct monitor *monitor = data;

	if (monitor->replay && capture_replay_done(monitor->capture)) {
		if (!monitor->ui)
			loop_quit(monitor->loop, 0);
		return 0;
	}
	return check_read(monitor, monitor->capture->ops->tick(monitor->capture));
}

static int on_timeout(void *data, ATTR_UNUSED uint64_t n_expired)
{
	struct monitor *monitor = data;

	loop_quit(monitor->loop, 0);
	return 0;
}

static int on_signal(void *data, int signo)
{
	struct monitor *monitor = data;

	if (signo == SIGHUP && monitor->stream && monitor->options->output) {
		event_stream_reopen(monitor->stream);
		return 0;
	}
	loop_quit(monitor->loop, 0);
	return 0;
}

static void on_interval(void *data, uint64_t interval_ns)
{
	struct monitor *monitor = data;

	if (monitor->ticker)
		(void)loop_set_timer(monitor->ticker, interval_ns, interval_ns);
}

static void on_quit(void *data)
{
	struct monitor *monitor = data;

	loop_quit(monitor->loop, 0);
}

static int on_ask_tcp(void *data, const struct flow_key *key, struct sample_tcp *ret_tcp)
{
	struct monitor *monitor = data;
	const struct sample_iface *iface = ledger_get_iface(monitor->ledger, key->iface);
	int r = monitor->diag ? 0 : nl_open_diag(&monitor->diag);

	return r < 0 ? r : nl_diag_tcp(monitor->diag, key, iface ? iface->index : 0, ret_tcp);
}

static void on_watch(void *data, const struct flow_key *keys, size_t n_keys)
{
	struct monitor *monitor = data;

	monitor->capture->ops->watch(monitor->capture, keys, n_keys);
}

static const struct sample_sizes *on_sizes(void *data)
{
	struct monitor *monitor = data;

	return monitor->capture->ops->sizes(monitor->capture);
}

static const int end_signals[] = {SIGINT, SIGTERM, SIGHUP, 0};
static const int end_signals_nohup[] = {SIGINT, SIGTERM, 0};

/* From here on a signal ends the program in good order, also while it attaches. */
static int watch_signals(struct monitor *monitor)
{
	struct sigaction hangup;
	bool nohup = sigaction(SIGHUP, NULL, &hangup) == 0 && hangup.sa_handler == SIG_IGN;

	return loop_add_signals(monitor->loop, nohup ? end_signals_nohup : end_signals, on_signal,
				monitor);
}

/*
 * From the first one on, a second signal ends the program at once; but not one that came together
 * with the first, as timeout(1) and service managers send them.
 */
static void restore_signals(void)
{
	const struct timespec now = {0};
	sigset_t set;

	sigemptyset(&set);
	for (size_t i = 0; end_signals[i]; i++)
		sigaddset(&set, end_signals[i]);
	while (sigtimedwait(&set, NULL, &now) > 0)
		;
	(void)sigprocmask(SIG_UNBLOCK, &set, NULL);
}

/* Start */

uint32_t monitor_payload(const struct options *options)
{
	return event_payload(&options->event) | (options->watch_dns ? PAYLOAD_DNS : 0) |
	       (options->watch_tls ? PAYLOAD_TLS : 0);
}

static int open_capture(struct monitor *monitor, bool live)
{
	const struct options *options = monitor->options;
	const struct sample_sink *sink = &monitor->sink;
	struct capture_config config = options->capture;
	const struct capture_info *info;
	char error[512] = "";
	int r;

	config.paced = live;
	config.payload = monitor_payload(options);
	config.attach_step_ns = live ? ATTACH_STEP_NS : 0;
	if (options->record) {
		r = capture_record_new(options->record, sink, &monitor->record);
		if (r == -EEXIST)
			return log_err(r, "--record: %s is there already", options->record);
		if (r < 0)
			return log_err(r, "--record: cannot create %s", options->record);
		sink = capture_record_sink(monitor->record);
	}
	r = options->backend->open(&config, monitor->loop, sink, &monitor->capture, error,
				   sizeof(error));
	if (r < 0) {
		(void)log_err(*error ? 0 : r, "%s", *error ? error : "cannot start counting");
		return r;
	}
	info = options->backend->info(monitor->capture);
	if (strcmp(info->layer, "payload") == 0)
		column_count_calls();
	if (monitor->record)
		r = capture_record_begin(monitor->record, info);
	if (r == 0)
		r = flow_table_new(info->max_flows, &monitor->table);
	if (r < 0)
		return log_err(r, "cannot start");
	if (info->owners)
		owner_table_begin(monitor->owners, info->netns, info->start_mono_ns);
	else
		owner_table_off(monitor->owners, capture_owners(info)->reason);
	flow_table_set_owners(monitor->table, monitor->owners);
	flow_table_set_geo(monitor->table, monitor->geo);
	return 0;
}

/*
 * Interfaces that come later have to be attached too; files may be in another user's directory.
 */
static int drop_privs(const struct monitor *monitor)
{
	uint32_t keep = monitor->replay ? 0 : PRIV_BPF | PRIV_NET_ADMIN;
	int r;

	if (monitor->options->output || monitor->options->event.sinks.spool ||
	    monitor->options->event.sinks.token)
		keep |= PRIV_DAC_OVERRIDE;
	r = privs_drop(keep);
	return r < 0 ? log_err(r, "cannot give up privileges") : 0;
}

static int open_ui(struct monitor *monitor)
{
	const struct ui_hooks hooks = {
		.data = monitor,
		.set_interval = on_interval,
		.use_names = monitor_use_names,
		.quit = on_quit,
		.ask_tcp = monitor->replay ? NULL : on_ask_tcp,
		.watch = on_watch,
		.sizes = on_sizes,
	};
	struct ui_config config = monitor->options->ui;
	const struct capture_info *info = monitor->capture->ops->info(monitor->capture);
	int r;

	config.real_offset_ns = (int64_t)(info->start_real_ns - info->start_mono_ns);
	r = ui_open(&config, &hooks, monitor->loop, info, monitor->table, monitor->ledger,
		    &monitor->ui);
	return r < 0 ? log_err(r, "cannot use this terminal; --batch gives a report") : 0;
}

static bool next_interval(void *data)
{
	struct monitor *monitor = data;
	uint64_t n = ledger_n_ticks(monitor->ledger);

	return check_read(monitor, monitor->capture->ops->tick(monitor->capture)) == 0 &&
	       ledger_n_ticks(monitor->ledger) > n;
}

static int run_script(struct monitor *monitor)
{
	const struct options *options = monitor->options;
	const struct capture_info *info = monitor->capture->ops->info(monitor->capture);
	struct ui_config config = options->ui;

	config.real_offset_ns = (int64_t)(info->start_real_ns - info->start_mono_ns);
	return ui_script(options->script, options->script_columns, options->script_lines, &config,
			 info, monitor->table, monitor->ledger, next_interval, monitor);
}

/* Runs the loop until something ends it. */
static int run_loop(struct monitor *monitor)
{
	const struct options *options = monitor->options;
	uint64_t interval_ns = monitor->ui ? options->ui.interval_ns : options->interval_ns;
	int r = 0;

	if (options->timeout_ns)
		r = loop_add_timer(monitor->loop, options->timeout_ns, 0, on_timeout, monitor,
				   NULL);
	/* a recording paces itself in the table, and is read as fast as possible for a report */
	if (r == 0 && !(monitor->replay && monitor->ui))
		r = loop_add_timer(monitor->loop, monitor->replay ? 0 : interval_ns,
				   monitor->replay ? 1 : interval_ns, on_timer, monitor,
				   &monitor->ticker);
	if (r < 0)
		return log_err(r, "cannot start the event loop");
	r = loop_run(monitor->loop);
	return r < 0 ? monitor_fail(monitor, r) : 0;
}

/* The last interval, and what is owed at the end. */
static int finish(struct monitor *monitor, bool live)
{
	const struct options *options = monitor->options;
	int r;

	if (monitor->error)
		return monitor->error;
	if (!monitor->periodic || !(monitor->over || monitor_is_last(monitor))) {
		r = check_read(monitor, monitor->capture->ops->finish(monitor->capture));
		if (r < 0 || monitor->error)
			return monitor->error;
	}
	if (monitor->stream)
		return monitor_finish_stream(monitor);
	if (!monitor->periodic && (!live || options->output)) {
		monitor_show_names(options, options->report.kind == REPORT_TEXT);
		if (options->names)
			monitor_wait_for_names(monitor);
		r = monitor_report(monitor);
		if (r < 0)
			return r;
	}
	/* text and JSON say it themselves */
	if (monitor->replay && *capture_replay_reason(monitor->capture) &&
	    (options->report.kind == REPORT_CSV || options->report.kind == REPORT_TOTAL))
		(void)log_warn(0, "%s", capture_replay_reason(monitor->capture));
	if (monitor->file) {
		r = report_file_commit(take_ptr(monitor->file));
		if (r < 0)
			return monitor_fail(monitor,
					    log_err(r, "cannot write %s", options->output));
	}
	return 0;
}

/* The kernel takes some milliseconds for each of them, and whoever waits should know for what. */
static void say_detaching(const struct monitor *monitor)
{
	unsigned int n = 0;

	if (monitor->replay || !monitor->capture->ops->info(monitor->capture)->netns ||
	    !isatty(STDERR_FILENO))
		return;
	for (size_t i = 0; i < ledger_n_slots(monitor->ledger); i++) {
		const struct sample_iface *iface = ledger_get_iface(monitor->ledger, (uint16_t)i);

		n += iface && (iface->state == IFACE_ATTACHED || iface->state == IFACE_DOWN);
	}
	if (n >= MANY_IFACES)
		(void)log_warn(0, "detaching from %u interfaces", n);
}

static void monitor_done(struct monitor *monitor)
{
	int r;

	ui_close(monitor->ui);
	event_stream_free(monitor->stream);
	if (monitor->capture) {
		say_detaching(monitor);
		monitor->capture->ops->close(monitor->capture);
	}
	if (monitor->record) {
		r = capture_record_close(monitor->record);
		if (r < 0)
			monitor_fail(monitor, log_err(r, "--record: %s is not complete",
						      monitor->options->record));
	}
	report_file_discard(monitor->file);
	nl_close(monitor->diag);
	flow_name_use(NULL);
	resolve_free(monitor->resolve);
	flow_name_use_seen(NULL);
	name_seen_free(monitor->seen);
	filter_free(monitor->report.filter);
	flow_place_set_off(NULL);
	ledger_free(monitor->ledger);
	flow_table_free(monitor->table);
	geo_close(monitor->geo);
	owner_table_free(monitor->owners);
	loop_free(monitor->loop);
}

/* Nothing comes before the end, and no end is set: who asked for a table waits for that one. */
static void say_what_ends(const struct monitor *monitor, const char *why_no_table)
{
	if (monitor->stream || monitor->replay || monitor->periodic ||
	    monitor->options->timeout_ns || !isatty(STDERR_FILENO))
		return;
	(void)log_warn(0, "%s%s%scounting until C-c, then a report",
		       why_no_table ? "no table: " : "", why_no_table ? why_no_table : "",
		       why_no_table ? "; " : "");
}

/* It was read as an option; what asks for databases that are not there is refused here. */
static int open_filter(struct monitor *monitor)
{
	struct filter_error error;
	int r = filter_parse(monitor->options->filter, &monitor->report.filter, &error);

	if (r == -EINVAL)
		(void)log_err(0, "--filter: column %u: %s", error.column, error.text);
	else if (r < 0)
		(void)log_err(r, "--filter");
	return r;
}

static int run(struct monitor *monitor)
{
	const struct options *options = monitor->options;
	const char *why = NULL;
	bool streams = options->verb == VERB_LOG;
	bool live = !streams && !options->batch && !options->script && ui_possible(&why);
	int r;

	if (options->table && !live)
		return log_err(-ENOTTY, "the table cannot be shown: %s", why ? why : "--batch");
	monitor->replay = options->backend == &capture_replay_ops;
	monitor->report = options->report;
	monitor->periodic = !live && !streams && !options->script &&
			    (options->n_reports || options->interval_given);
	monitor->report.periodic = monitor->periodic;
	r = monitor_open_geo(monitor, !live && !streams && !options->script);
	if (r == 0 && options->filter)
		r = open_filter(monitor);
	if (r < 0)
		return r;
	if (options->output && !streams) {
		r = report_file_open(options->output, REPORT_FILE_ANY, &monitor->file);
		if (r < 0)
			return log_err(r, "-o: cannot create %s", options->output);
	}
	r = loop_new(&monitor->loop);
	if (r == 0 && !options->script) /* a script runs without the loop */
		r = watch_signals(monitor);
	if (r == 0)
		r = ledger_new(&monitor->ledger);
	if (r == 0)
		r = owner_table_new(&monitor->owners);
	if (r < 0)
		return log_err(r, "cannot start");
	r = open_capture(monitor, live);
	if (r == 0 && streams)
		r = monitor_open_stream(monitor);
	if (r < 0)
		return r;
	r = drop_privs(monitor);
	if (r < 0)
		return r;
	monitor->report.names = monitor_has_names(options);
	monitor_show_names(options, live || options->script || options->report.kind == REPORT_TEXT);
	r = options->names ? monitor_use_names(monitor) : 0;
	if (r == 0 && options->script && options->names)
		(void)log_warn(0, "--names: nobody is asked for names while a script is played");
	if (r == 0)
		r = monitor_watch_names(monitor);
	if (r < 0)
		return r;
	if (options->script)
		return run_script(monitor);
	if (live) {
		r = open_ui(monitor);
		if (r < 0)
			return r;
	} else {
		say_what_ends(monitor, why);
	}
	r = run_loop(monitor);
	ui_close(take_ptr(monitor->ui)); /* before a second signal can end the program */
	restore_signals();
	if (r < 0)
		return r;
	return finish(monitor, live);
}

int monitor_run(const struct options *options)
{
	struct monitor monitor = {.options = options};
	int r;

	monitor_init_sink(&monitor);
	r = run(&monitor);
	monitor_done(&monitor);
	if (r < 0 || monitor.error)
		return EXIT_FAILED;
	return monitor.over ? EXIT_OVER : EXIT_DONE;
}
