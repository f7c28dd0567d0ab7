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
	table->index_size = 2;
	while (table->index_size < 2 * (size_t)n_max)
		table->index_size *= 2;
	table->processes = reserve(n_max * sizeof(*table->processes));
	table->index = reserve(table->index_size * sizeof(*table->index));
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
	if (table->index)
		(void)munmap(table->index, table->index_size * sizeof(*table->index));
	free(table);
}

uint32_t process_table_number(struct process_table *table, const struct socket_process *process,
			      bool *ret_new)
{
	uint64_t start = process->start_ns / table->tick_ns;
	uint64_t hash = mix(start ^ table->seed, process->tgid | 1ULL << 32);
	size_t place = hash & (table->index_size - 1);
	struct owner_process *new;

	*ret_new = false;
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
