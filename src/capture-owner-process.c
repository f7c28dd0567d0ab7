/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of processes. */
#include "config.h"

#include "capture-owner-process.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/random.h>

#include "macro.h"
#include "mix.h"
#include "proc.h"

#define HEADS_MIN 1024
#define CHECK_BATCH 256 /* looked at in a call: each costs a system call or three */
/* What is heard of a process comes from several queues, and may come after its end. */
#define LATE_NS (60 * NSEC_PER_SEC)

/* Places count from 1, so that memory that nobody has written to has none. */
struct process_table {
	uint32_t n_max, n_used, n; /* places; ever used; used now */
	uint32_t last_number;
	uint32_t free;               /* first free place below n_used, linked by next */
	uint32_t eldest, youngest;   /* of those that have ended */
	uint32_t checked, n_doubted; /* the last one looked at; how many are to be */
	uint64_t n_refused;
	uint64_t seed;
	struct owner_process *processes;
	uint32_t *heads; /* by hash, linked by next */
	uint32_t n_heads;
};

static struct owner_process *at(const struct process_table *table, uint32_t place)
{
	return &table->processes[place - 1];
}

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
	table->n_heads = HEADS_MIN;
	table->processes = reserve(n_max * sizeof(*table->processes));
	table->heads = calloc(table->n_heads, sizeof(*table->heads));
	if (!table->processes || !table->heads) {
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
	free(table->heads);
	free(table);
}

static uint32_t *head_of(const struct process_table *table, uint32_t pid, uint64_t start)
{
	return &table->heads[mix(start ^ table->seed, pid | 1ULL << 32) & (table->n_heads - 1)];
}

static void link_place(struct process_table *table, uint32_t place)
{
	struct owner_process *process = at(table, place);
	uint32_t *head = head_of(table, process->pid, process->start);

	process->next = *head;
	*head = place;
}

static void unlink_place(struct process_table *table, uint32_t place)
{
	uint32_t *link = head_of(table, at(table, place)->pid, at(table, place)->start);

	while (*link != place)
		link = &at(table, *link)->next;
	*link = at(table, place)->next;
}

/* Twice the chains, where they become long; without memory for it they become longer. */
static void grow(struct process_table *table)
{
	uint32_t *heads = calloc(2 * (size_t)table->n_heads, sizeof(*heads));

	if (!heads)
		return;
	free(table->heads);
	table->heads = heads;
	table->n_heads *= 2;
	for (uint32_t place = 1; place <= table->n_used; place++)
		if (at(table, place)->number)
			link_place(table, place);
}

/* A free place, 0: there is none. */
static uint32_t take_place(struct process_table *table)
{
	uint32_t place = table->free;

	if (table->last_number == UINT32_MAX)
		return 0;
	if (place)
		table->free = at(table, place)->next;
	else if (table->n_used < table->n_max)
		place = ++table->n_used;
	return place;
}

struct owner_process *process_table_get(struct process_table *table, uint32_t pid, uint64_t start,
					bool *ret_new)
{
	uint32_t place = *head_of(table, pid, start);

	*ret_new = false;
	for (; place; place = at(table, place)->next)
		if (at(table, place)->pid == pid && at(table, place)->start == start)
			return at(table, place);
	place = take_place(table);
	if (!place) {
		table->n_refused++;
		return NULL;
	}
	if (++table->n > table->n_heads)
		grow(table);
	*at(table, place) = (struct owner_process){
		.number = ++table->last_number,
		.pid = pid,
		.start = start,
	};
	link_place(table, place);
	*ret_new = true;
	return at(table, place);
}

void process_table_end(struct process_table *table, struct owner_process *process, uint64_t now_ns)
{
	uint32_t place = (uint32_t)(process - table->processes) + 1;

	if (process->gone)
		return;
	process->gone = true;
	process->gone_ns = now_ns;
	if (table->eldest)
		at(table, table->youngest)->younger = place;
	else
		table->eldest = place;
	table->youngest = place;
}

void process_table_doubt(struct process_table *table)
{
	table->n_doubted = table->n_used;
}

void process_table_check(struct process_table *table, process_fn fn, void *data)
{
	uint32_t n = MIN(table->n_doubted, (uint32_t)CHECK_BATCH);

	table->n_doubted -= n;
	while (n--) {
		struct owner_process *process;

		table->checked = table->checked % table->n_used + 1;
		process = at(table, table->checked);
		if (process->number && !process->gone &&
		    !proc_alive(process->pid, process->start_ns))
			fn(data, process);
	}
}

void process_table_tick(struct process_table *table, uint64_t now_ns)
{
	while (table->eldest && now_ns - at(table, table->eldest)->gone_ns >= LATE_NS) {
		uint32_t place = table->eldest;

		table->eldest = at(table, place)->younger;
		unlink_place(table, place);
		*at(table, place) = (struct owner_process){.next = table->free};
		table->free = place;
		table->n--;
	}
}

uint64_t process_table_refused(const struct process_table *table)
{
	return table->n_refused;
}
