/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Brings together what programs and scans find of sockets and processes, and reports it. */
#include "config.h"

#include "capture-owner.h"

#include <linux/types.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/sysinfo.h>

#include "abi-socket.h"
#include "capture-owner-addr.h"
#include "capture-owner-conn.h"
#include "capture-owner-diag.h"
#include "capture-owner-hooks.h"
#include "capture-owner-name.h"
#include "capture-owner-process.h"
#include "capture.h"
#include "cgroup.h"
#include "cleanup.h"
#include "clock.h"
#include "log.h"
#include "loop.h"
#include "macro.h"
#include "nl-netns.h"
#include "proc.h"
#include "sample.h"

/* Sockets that the programs know at a time: an honest share of the memory, at 160 bytes each. */
#define SOCKETS_MIN (1u << 14)
#define SOCKETS_MAX (1u << 18)
#define MEMORY_SHARE 1024
#define SOCKET_BYTES 160

_Static_assert((int)SOCKET_CONNECTED == ABI_SOCKET_CONNECTED &&
		       (int)SOCKET_BOUND == ABI_SOCKET_BOUND &&
		       (int)SOCKET_LISTENING == ABI_SOCKET_LISTENING,
	       "kinds of sockets");
/* Sockets handed over at a time. */
#define BATCH 128
/* Time between two scans after events were lost. */
#define RESCAN_NS (5 * NSEC_PER_SEC)

struct owner_watch {
	const struct sample_sink *sink;
	struct capture_owners info;
	char note[256];
	uint8_t unknown; /* enum owner_reason: why a socket has no process */
	int cgroup_fd;
	struct cgroup_names *cgroups;
	struct owner_names *names;
	struct process_table *table;
	struct owner_hooks *hooks; /* NULL: none works */
	struct loop_source *source;
	uint64_t tick_ns; /* start times of processes are compared to the clock tick */
	bool can_check;   /* whether a process lives: its number is one of ours */
	bool check_ends;  /* nobody tells when one ends */
	uint64_t scanned_ns;
	uint64_t lost_scanned; /* events lost before the last scan */
	/* what a scan found, until the sink is ready for it */
	struct socket_event *found;
	size_t n_found, n_found_allocated;
	uint64_t n_unkept; /* for want of memory */
	struct host_addrs *addrs;
	struct sample_socket batch[BATCH];
	size_t n_batch;
};

DEFINE_CLEANUP(struct owner_watch *, owner_watch_close);

/* Reports */

static void flush(struct owner_watch *watch)
{
	if (watch->n_batch)
		watch->sink->sockets(watch->sink->data, watch->batch, watch->n_batch);
	watch->n_batch = 0;
}

static void report_process(struct owner_watch *watch, const struct owner_process *process)
{
	struct sample_owner owner;

	flush(watch);
	owner_names_fill(watch->names, process, &owner);
	watch->sink->owner(watch->sink->data, &owner);
}

static void on_gone(void *data, struct owner_process *process)
{
	struct owner_watch *watch = data;

	if (process->gone)
		return;
	process_table_end(watch->table, process, clock_mono_ns());
	report_process(watch, process);
}

/* A process, which is reported where it is new or another program by now; NULL: none. */
static struct owner_process *process_of(struct owner_watch *watch,
					const struct socket_process *told, bool fresh)
{
	struct owner_process *process;
	bool new;

	if (!told->tgid)
		return NULL;
	process =
		process_table_get(watch->table, told->tgid, told->start_ns / watch->tick_ns, &new);
	if (!process)
		return NULL;
	if (!new && (!fresh || process->gone ||
		     (process->uid == told->uid && process->cgroup_id == told->cgroup_id &&
		      memcmp(process->comm, told->comm, sizeof(process->comm)) == 0)))
		return process;
	process->start_ns = told->start_ns;
	process->uid = told->uid;
	process->cgroup_id = told->cgroup_id;
	memcpy(process->comm, told->comm, sizeof(process->comm));
	report_process(watch, process);
	/* a socket may outlive the process that made it, of whose end nobody will tell again */
	if (new && watch->can_check && !proc_alive(process->pid, process->start_ns))
		on_gone(watch, process);
	return process;
}

static uint32_t number_of(struct owner_watch *watch, const struct socket_process *told, bool fresh)
{
	const struct owner_process *process = process_of(watch, told, fresh);

	return process ? process->number : 0;
}

static void report_socket(struct owner_watch *watch, const struct socket_event *event)
{
	const struct socket_entry *entry = &event->entry;
	struct sample_socket *socket;
	uint32_t number = number_of(watch, &entry->process, event->fresh);

	if (watch->n_batch == BATCH)
		flush(watch);
	socket = &watch->batch[watch->n_batch++];
	*socket = (struct sample_socket){
		.lport = entry->tuple.lport,
		.rport = entry->tuple.rport,
		.family = entry->tuple.family == 4 ? FAMILY_IPV4 : FAMILY_IPV6,
		.proto = entry->tuple.proto,
		.kind = entry->tuple.kind,
		.estimated = entry->estimated == ABI_ESTIMATED_SCANNED,
		.passed_on = entry->estimated == ABI_ESTIMATED_PASSED_ON,
		.gone = event->what == ABI_EVENT_CLOSED,
		.netns = entry->netns,
		.owner = number,
		.reason = number ? OWNER_KNOWN : watch->unknown,
		.cookie = event->cookie,
	};
	memcpy(socket->local, entry->tuple.local, sizeof(socket->local));
	memcpy(socket->remote, entry->tuple.remote, sizeof(socket->remote));
	if (!socket->gone)
		host_addrs_learn(watch->addrs, socket);
}

static void on_exec(struct owner_watch *watch, const struct socket_process *told)
{
	(void)number_of(watch, told, true);
}

static void on_end(struct owner_watch *watch, const struct socket_process *told)
{
	struct owner_process *process = process_of(watch, told, false);

	if (process)
		on_gone(watch, process);
}

static void report_conn(struct owner_watch *watch, const struct conn_event *event)
{
	uint32_t number = number_of(watch, &event->socket.entry.process, false);
	struct sample_conn conn;

	owner_conn_read(event, number, &conn);
	flush(watch);
	watch->sink->conn(watch->sink->data, &conn);
}

static void on_event(void *data, const struct socket_event *event)
{
	struct owner_watch *watch = data;

	switch (event->what) {
	case ABI_EVENT_EXEC:
		on_exec(watch, &event->entry.process);
		break;
	case ABI_EVENT_EXIT:
		on_end(watch, &event->entry.process);
		break;
	case ABI_EVENT_CONN:
		report_conn(watch, (const struct conn_event *)event);
		break;
	default:
		report_socket(watch, event);
	}
}

/* Only what cannot wait for the end of the interval: new processes, and a ring that fills. */
static int on_ready(void *data, ATTR_UNUSED uint32_t events)
{
	struct owner_watch *watch = data;
	int r = owner_hooks_read(watch->hooks);

	flush(watch);
	return r < 0 ? log_warn(0, "cannot read what happens to sockets") : 0;
}

/* Scans */

static void keep_found(void *data, const struct socket_event *event)
{
	struct owner_watch *watch = data;
	size_t n = MAX((size_t)1024, 2 * watch->n_found_allocated);
	struct socket_event *found;

	if (watch->n_found == watch->n_found_allocated) {
		found = reallocarray(watch->found, n, sizeof(*found));
		if (!found) {
			watch->n_unkept++;
			return;
		}
		watch->found = found;
		watch->n_found_allocated = n;
	}
	watch->found[watch->n_found++] = *event;
}

static void scan(struct owner_watch *watch)
{
	int r;

	process_table_doubt(watch->table);
	watch->lost_scanned = owner_hooks_lost(watch->hooks);
	watch->scanned_ns = clock_mono_ns();
	r = owner_hooks_scan(watch->hooks, OWNER_SOURCE_SCAN, keep_found, watch);
	if (r < 0)
		log_info("cannot look for sockets that are there already: %s", strerror(-r));
}

static void keep_diag(void *data, struct socket_event *event)
{
	const struct owner_watch *watch = data;

	if (owner_hooks_add(watch->hooks, event))
		keep_found(data, event);
}

static int scan_diag(struct owner_watch *watch)
{
	struct owner_diag_result result;
	int r = owner_diag_scan(keep_diag, watch, &result);

	if (r < 0)
		return r;
	if (result.others < 0)
		log_info("cannot read sockets in other network namespaces: %s",
			 strerror(-result.others));
	if (result.n_denied)
		watch->unknown = OWNER_NOT_PERMITTED;
	watch->n_unkept += result.n_refused;
	return 0;
}

/* Without an iterator: at start alone, while this process may read the files of others. */
static void scan_first(struct owner_watch *watch)
{
	int r;

	if (owner_hooks_source(watch->hooks, OWNER_SOURCE_SCAN) == 0) {
		scan(watch);
		return;
	}
	r = scan_diag(watch);
	if (r < 0)
		log_info("cannot look for sockets that are there already: %s", strerror(-r));
}

static void report_found(struct owner_watch *watch)
{
	for (size_t i = 0; i < watch->n_found; i++)
		on_event(watch, &watch->found[i]);
	free(watch->found);
	watch->found = NULL;
	watch->n_found = watch->n_found_allocated = 0;
}

void owner_watch_read(struct owner_watch *watch)
{
	if (!watch || !watch->hooks)
		return;
	host_addrs_report(watch->addrs);
	report_found(watch);
	(void)owner_hooks_read(watch->hooks);
	/* records of the same interval have owners elsewhere, too */
	host_addrs_list_wanted(watch->addrs, watch->hooks);
	flush(watch);
}

void owner_watch_drain(struct owner_watch *watch)
{
	if (!watch)
		return;
	cgroup_names_refresh(watch->cgroups);
	if (watch->hooks) {
		if (owner_hooks_lost(watch->hooks) != watch->lost_scanned &&
		    clock_mono_ns() - watch->scanned_ns > RESCAN_NS)
			scan(watch);
		owner_watch_read(watch);
		host_addrs_list(watch->addrs, watch->hooks);
		watch->info.n_lost = owner_hooks_lost(watch->hooks) + watch->n_unkept +
				     host_addrs_lost(watch->addrs);
		watch->info.n_evicted = owner_hooks_evicted(watch->hooks);
		watch->info.conns.n_lost = owner_hooks_lost_conns(watch->hooks);
	}
	if (watch->check_ends)
		process_table_doubt(watch->table);
	if (watch->can_check)
		process_table_check(watch->table, on_gone, watch);
	process_table_tick(watch->table, clock_mono_ns());
	flush(watch);
	watch->info.n_refused = process_table_refused(watch->table);
}

/* Start and end */

static uint32_t choose_sockets(void)
{
	struct sysinfo system;
	uint64_t bytes = sysinfo(&system) == 0 ? (uint64_t)system.totalram * system.mem_unit : 0;
	uint32_t n = SOCKETS_MIN;

	while (n < SOCKETS_MAX && 2 * (uint64_t)n * SOCKET_BYTES <= bytes / MEMORY_SHARE)
		n *= 2;
	return n;
}

static int open_hooks(struct owner_watch *watch, struct loop *loop)
{
	const struct owner_hooks_config config = {
		.cgroup_fd = watch->cgroup_fd,
		.n_sockets = choose_sockets(),
		.conns = watch->sink->conn != NULL,
		.home = nl_netns_own(),
		.fn = on_event,
		.data = watch,
	};
	int r = owner_hooks_open(&config, &watch->hooks);

	if (r < 0)
		return r;
	watch->check_ends = owner_hooks_source(watch->hooks, OWNER_SOURCE_PROCESS) < 0;
	return loop_add_fd(loop, owner_hooks_fd(watch->hooks), EPOLLIN, on_ready, watch,
			   &watch->source);
}

/* What each of them tells is for "pktop check" to say. */
static void note_missing(struct owner_watch *watch)
{
	for (size_t i = 0; i < OWNER_SOURCE_MAX && !*watch->note; i++)
		if (i != OWNER_SOURCE_CALL && owner_hooks_source(watch->hooks, i) < 0)
			(void)snprintf(watch->note, sizeof(watch->note),
				       "some are not known here, see pktop check");
}

int owner_watch_open(const struct capture_config *config, struct loop *loop,
		     const struct sample_sink *sink, struct owner_watch **ret_watch)
{
	cleanup(owner_watch_closep) struct owner_watch *watch = NULL;
	int r;

	*ret_watch = NULL;
	if (config->no_owners || !sink->owner || !sink->sockets || !sink->addr)
		return 0;
	watch = calloc(1, sizeof(*watch));
	if (!watch)
		return -ENOMEM;
	watch->sink = sink;
	watch->info.note = watch->note;
	watch->unknown = OWNER_GONE;
	watch->tick_ns = proc_tick_ns();
	watch->can_check = proc_is_initial();
	watch->cgroup_fd = cgroup_root_open();
	r = cgroup_names_new(watch->cgroup_fd, &watch->cgroups);
	if (r == 0)
		r = owner_names_new(watch->cgroups, &watch->names);
	if (r == 0)
		r = process_table_new(SAMPLE_OWNER_MAX, &watch->table);
	if (r < 0)
		return r;
	r = host_addrs_open(loop, sink, &watch->addrs);
	if (r == 0)
		r = open_hooks(watch, loop);
	if (r < 0) {
		watch->info.reason = r == -EPERM ? OWNER_NOT_PERMITTED : OWNER_OFF;
		(void)snprintf(watch->note, sizeof(watch->note),
			       "programs that watch sockets cannot be used: %s",
			       r == -ESRCH ? "this kernel has no BTF" : strerror(-r));
	} else {
		watch->info.reason = OWNER_KNOWN;
		note_missing(watch);
		if (owner_hooks_source(watch->hooks, OWNER_SOURCE_ADDR) < 0)
			host_addrs_enter_others(watch->addrs);
		scan_first(watch);
	}
	owner_conn_note(watch->hooks, watch->note, &watch->info.conns);
	*ret_watch = take_ptr(watch);
	return 0;
}

void owner_watch_close(struct owner_watch *watch)
{
	if (!watch)
		return;
	loop_remove(watch->source);
	owner_hooks_close(watch->hooks);
	host_addrs_close(watch->addrs);
	process_table_free(watch->table);
	owner_names_free(watch->names);
	cgroup_names_free(watch->cgroups);
	close_fdp(&watch->cgroup_fd);
	free(watch->found);
	free(watch);
}

const struct capture_owners *owner_watch_info(const struct owner_watch *watch)
{
	return watch ? &watch->info : NULL;
}
