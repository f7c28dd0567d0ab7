/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The processes of a run, with a number for each: a process is a pid and the time of its start. One
 * that has ended is forgotten after a while, and its number is not used again.
 */
#ifndef CAPTURE_OWNER_PROCESS_H
#define CAPTURE_OWNER_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

struct process_table;

struct owner_process {
	uint32_t number; /* from 1 */
	uint32_t pid;
	uint64_t start; /* in the caller's unit */
	/* what the caller knows of it */
	uint64_t start_ns; /* CLOCK_BOOTTIME; 0: not known */
	uint64_t cgroup_id;
	uint64_t print; /* of what was reported */
	uint32_t uid;
	char comm[16]; /* as the kernel has it */
	/* the table's */
	bool gone;
	uint32_t next, younger;
	uint64_t gone_ns;
};

typedef void (*process_fn)(void *data, struct owner_process *process);

/* Up to n_max at a time. Memory is taken as they come. */
int process_table_new(uint32_t n_max, struct process_table **ret_table);
/* NULL is allowed. */
void process_table_free(struct process_table *table);

/*
 * A process; a new one, of which nothing else is known yet, sets *ret_new. Valid until it is
 * forgotten. NULL: there is no room for it, which is counted.
 */
struct owner_process *process_table_get(struct process_table *table, uint32_t pid, uint64_t start,
					bool *ret_new);
/* It has ended. */
void process_table_end(struct process_table *table, struct owner_process *process, uint64_t now_ns);
/* Each of them may have ended without a word: is to be looked at once. */
void process_table_doubt(struct process_table *table);
/* Looks at some of those, and calls fn where they have ended. */
void process_table_check(struct process_table *table, process_fn fn, void *data);
/* Forgets those that have ended long ago; now_ns as in process_table_end(). */
void process_table_tick(struct process_table *table, uint64_t now_ns);
uint64_t process_table_refused(const struct process_table *table);

#endif
