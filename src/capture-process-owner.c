/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The processes that the programs have seen, and the numbers that they have in this run. */
#include "config.h"

#include "capture-process-owner.h"

#include <linux/types.h>

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "capture-owner-name.h"
#include "capture-owner-process.h"
#include "cgroup.h"
#include "cleanup.h"
#include "clock.h"
#include "macro.h"
#include "proc.h"
#include "sample.h"

#include "abi.h"

struct process_owners {
	const struct sample_sink *sink;
	int cgroup_fd;
	struct cgroup_names *cgroups;
	struct owner_names *names;
	struct process_table *table; /* by the parts of the place */
	bool can_check;              /* whether a process lives: its number is one of ours */
};

DEFINE_CLEANUP(struct process_owners *, process_owners_free);

int process_owners_new(const struct sample_sink *sink, struct process_owners **ret_owners)
{
	cleanup(process_owners_freep) struct process_owners *owners = calloc(1, sizeof(*owners));
	int r;

	if (!owners)
		return -ENOMEM;
	owners->sink = sink;
	owners->cgroup_fd = cgroup_root_open();
	r = cgroup_names_new(owners->cgroup_fd, &owners->cgroups);
	if (r == 0)
		r = owner_names_new(owners->cgroups, &owners->names);
	if (r == 0)
		r = process_table_new(SAMPLE_OWNER_MAX, &owners->table);
	if (r < 0)
		return r;
	owners->can_check = proc_is_initial();
	*ret_owners = take_ptr(owners);
	return 0;
}

void process_owners_free(struct process_owners *owners)
{
	if (!owners)
		return;
	process_table_free(owners->table);
	owner_names_free(owners->names);
	cgroup_names_free(owners->cgroups);
	close_fdp(&owners->cgroup_fd);
	free(owners);
}

uint64_t process_owners_refused(const struct process_owners *owners)
{
	return process_table_refused(owners->table);
}

static struct owner_process *get(struct process_owners *owners, uint64_t place, bool *ret_new)
{
	return process_table_get(owners->table, PROCESS_TGID(place), PROCESS_START_NS(place),
				 ret_new);
}

static void report(const struct process_owners *owners, const struct owner_process *process)
{
	struct sample_owner sample;

	if (!owners->sink->owner)
		return;
	cgroup_names_refresh(owners->cgroups);
	owner_names_fill(owners->names, process, &sample);
	owners->sink->owner(owners->sink->data, &sample);
}

/* FNV-1a over what may change. */
static uint64_t print_of(const struct process_owner *owner)
{
	uint64_t hash = 0xcbf29ce484222325ULL;
	const uint8_t *bytes = (const uint8_t *)owner;

	for (size_t i = 0; i < sizeof(*owner); i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3ULL;
	return hash | 1;
}

void process_owners_add(struct process_owners *owners, uint64_t place,
			const struct process_owner *owner)
{
	bool new;
	struct owner_process *process = get(owners, place, &new);
	uint64_t print = print_of(owner);

	if (!process || process->print == print)
		return;
	process->print = print;
	process->start_ns = owner->start_ns;
	process->cgroup_id = owner->cgroup_id;
	process->uid = owner->uid;
	memcpy(process->comm, owner->comm, MIN(sizeof(process->comm), sizeof(owner->comm)));
	report(owners, process);
}

uint32_t process_owners_number(struct process_owners *owners, uint64_t place)
{
	struct owner_process *process;
	bool new;

	if (!place)
		return 0;
	process = get(owners, place, &new);
	if (!process)
		return 0;
	if (new) {
		process->uid = UINT32_MAX;
		report(owners, process);
	}
	return process->number;
}

static void on_gone(void *data, struct owner_process *process)
{
	struct process_owners *owners = data;

	process_table_end(owners->table, process, clock_mono_ns());
	report(owners, process);
}

void process_owners_tick(struct process_owners *owners)
{
	if (owners->can_check) {
		process_table_doubt(owners->table);
		process_table_check(owners->table, on_gone, owners);
	}
	process_table_tick(owners->table, clock_mono_ns());
}
