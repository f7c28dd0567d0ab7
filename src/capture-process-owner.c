/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The processes that the programs have seen, and the numbers that they have in this run. */
#include "config.h"

#include "capture-process-owner.h"

#include <linux/types.h>

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "capture-owner-name.h"
#include "capture-owner-process.h"
#include "cgroup.h"
#include "cleanup.h"
#include "macro.h"
#include "sample.h"

#include "abi.h"

#define TABLE_SIZE (2 * SAMPLE_OWNER_MAX) /* a power of two, at most half full */

struct known {
	uint64_t place; /* 0: empty */
	uint64_t print; /* of what was reported: 0, its place alone */
	uint32_t number;
	uint32_t reserved;
};

struct process_owners {
	const struct sample_sink *sink;
	int cgroup_fd;
	struct cgroup_names *cgroups;
	struct owner_names *names;
	struct known *table; /* touched as processes come */
	uint32_t n;
	uint64_t n_refused;
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
	if (r < 0)
		return r;
	owners->table = mmap(NULL, TABLE_SIZE * sizeof(*owners->table), PROT_READ | PROT_WRITE,
			     MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (owners->table == MAP_FAILED) {
		owners->table = NULL;
		return -ENOMEM;
	}
	*ret_owners = take_ptr(owners);
	return 0;
}

void process_owners_free(struct process_owners *owners)
{
	if (!owners)
		return;
	if (owners->table)
		(void)munmap(owners->table, TABLE_SIZE * sizeof(*owners->table));
	owner_names_free(owners->names);
	cgroup_names_free(owners->cgroups);
	close_fdp(&owners->cgroup_fd);
	free(owners);
}

uint64_t process_owners_refused(const struct process_owners *owners)
{
	return owners->n_refused;
}

/* NULL: no number is left. */
static struct known *find(struct process_owners *owners, uint64_t place)
{
	uint64_t at = place * 0x9e3779b97f4a7c15ULL >> 32;
	struct known *known;

	for (;; at++) {
		known = &owners->table[at & (TABLE_SIZE - 1)];
		if (known->place == place)
			return known;
		if (!known->place)
			break;
	}
	if (owners->n == SAMPLE_OWNER_MAX - 1) {
		owners->n_refused++;
		return NULL;
	}
	known->place = place;
	known->number = ++owners->n;
	return known;
}

static void report(const struct process_owners *owners, const struct known *known,
		   const struct process_owner *owner)
{
	struct owner_process process = {
		.pid = owner->tgid,
		.uid = owner->uid,
		.start_ns = owner->start_ns,
		.cgroup_id = owner->cgroup_id,
	};
	struct sample_owner sample = {
		.number = known->number,
		.pid = owner->tgid,
		.uid = owner->uid,
		.start_ns = owner->start_ns,
		.cgroup_id = owner->cgroup_id,
	};

	if (!owners->sink->owner)
		return;
	memcpy(process.comm, owner->comm, MIN(sizeof(process.comm), sizeof(owner->comm)));
	cgroup_names_refresh(owners->cgroups);
	owner_names_fill(owners->names, &process, &sample);
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
	struct known *known = find(owners, place);
	uint64_t print = print_of(owner);

	if (!known || known->print == print)
		return;
	known->print = print;
	report(owners, known, owner);
}

uint32_t process_owners_number(struct process_owners *owners, uint64_t place)
{
	const struct known *known;
	uint32_t n = owners->n;

	if (!place)
		return 0;
	known = find(owners, place);
	if (known && owners->n != n)
		report(owners, known,
		       &(struct process_owner){
			       .start_ns = PROCESS_START_NS(place),
			       .tgid = PROCESS_TGID(place),
			       .uid = UINT32_MAX,
		       });
	return known ? known->number : 0;
}
