/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The numbers of processes: a process is a pid and the clock tick in which it started. */
#ifndef CAPTURE_OWNER_PROCESS_H
#define CAPTURE_OWNER_PROCESS_H

#include <stdbool.h>
#include <stdint.h>

struct process_table;
struct socket_process;

struct owner_process {
	uint32_t pid;
	uint32_t uid;
	uint64_t start_ns;
	uint64_t cgroup_id;
	char comm[16]; /* as the kernel has it */
	bool gone;
};

/* Up to n_max numbers. Memory is taken as they are given out. */
int process_table_new(uint32_t n_max, struct process_table **ret_table);
/* NULL is allowed. */
void process_table_free(struct process_table *table);

/*
 * The number of a process, from 1; a new one sets *ret_new. 0: there is no room for it, which is
 * counted.
 */
uint32_t process_table_number(struct process_table *table, const struct socket_process *process,
			      bool *ret_new);
/* Of a number that was given out. */
struct owner_process *process_table_get(struct process_table *table, uint32_t number);
uint32_t process_table_size(const struct process_table *table);
uint64_t process_table_refused(const struct process_table *table);

#endif
