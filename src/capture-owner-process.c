/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The numbers of processes. */
#include "config.h"

#include "capture-owner-process.h"

#include <linux/types.h>

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/random.h>

#include "abi-socket.h"
#include "macro.h"
#include "mix.h"
#include "proc.h"

#define INDEX_MIN 1024

struct process_table {
	uint32_t n, n_max;
	uint64_t n_refused;
	uint64_t seed, tick_ns;
	struct owner_process *processes; /* by number - 1 */
	uint32_t *index;                 /* numbers by hash, 0: empty; never more than half full */
	size_t index_size;               /* a power of two */
};

/* Pages that nobody writes to take no memory. */
static void *reserve(size_t size)
{
	void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE,
			    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return memory == MAP_FAILED ? NULL : memory;
}

int process_table_new(uint32_t n_max, struct process_table **ret_table)
{
	struct process_table *table = calloc(1, sizeof(*table));

	if (!table)
		return -ENOMEM;
	table->n_max = n_max;
	table->tick_ns = proc_tick_ns();
	table->index_size = INDEX_MIN;
	table->processes = reserve(n_max * sizeof(*table->processes));
	table->index = calloc(table->index_size, sizeof(*table->index));
	if (!table->processes || !table->index) {
		process_table_free(table);
		return -ENOMEM;
	}
	if (getrandom(&table->seed, sizeof(table->seed), 0) < 0)
		table->seed = (uintptr_t)table;
	*ret_table = table;
	return 0;
}

void process_table_free(struct process_table *table)
{
	if (!table)
		return;
	if (table->processes)
		(void)munmap(table->processes, table->n_max * sizeof(*table->processes));
	free(table->index);
	free(table);
}

static uint64_t hash_of(const struct process_table *table, uint64_t start_ns, uint32_t pid)
{
	return mix(start_ns / table->tick_ns ^ table->seed, pid | 1ULL << 32);
}

/* A larger index, where it is half full: one for all that could come would have a page for each. */
static bool make_room(struct process_table *table)
{
	size_t size = 2 * table->index_size;
	uint32_t *index;

	if (2 * (size_t)table->n < table->index_size)
		return true;
	index = calloc(size, sizeof(*index));
	if (!index)
		return false;
	for (uint32_t i = 0; i < table->n; i++) {
		const struct owner_process *process = &table->processes[i];
		size_t place = hash_of(table, process->start_ns, process->pid) & (size - 1);

		while (index[place])
			place = (place + 1) & (size - 1);
		index[place] = i + 1;
	}
	free(table->index);
	table->index = index;
	table->index_size = size;
	return true;
}

uint32_t process_table_number(struct process_table *table, const struct socket_process *process,
			      bool *ret_new)
{
	uint64_t start = process->start_ns / table->tick_ns;
	struct owner_process *new;
	size_t place;

	*ret_new = false;
	if (!make_room(table)) {
		table->n_refused++;
		return 0;
	}
	place = hash_of(table, process->start_ns, process->tgid) & (table->index_size - 1);
	for (; table->index[place]; place = (place + 1) & (table->index_size - 1)) {
		const struct owner_process *known = &table->processes[table->index[place] - 1];

		if (known->pid == process->tgid && known->start_ns / table->tick_ns == start)
			return table->index[place];
	}
	if (table->n == table->n_max) {
		table->n_refused++;
		return 0;
	}
	new = &table->processes[table->n++];
	*new = (struct owner_process){
		.pid = process->tgid,
		.uid = process->uid,
		.start_ns = process->start_ns,
		.cgroup_id = process->cgroup_id,
	};
	memcpy(new->comm, process->comm, sizeof(new->comm));
	table->index[place] = table->n;
	*ret_new = true;
	return table->n;
}

struct owner_process *process_table_get(struct process_table *table, uint32_t number)
{
	return &table->processes[number - 1];
}

uint32_t process_table_size(const struct process_table *table)
{
	return table->n;
}

uint64_t process_table_refused(const struct process_table *table)
{
	return table->n_refused;
}
