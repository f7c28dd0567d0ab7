/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The numbers of processes: given out, found again, and forgotten. */
#include "config.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "capture-owner-process.h"
#include "macro.h"
#include "tap.h"

#define SEC NSEC_PER_SEC

static struct process_table *table;
static bool is_new;

static uint32_t number(uint32_t pid, uint64_t start)
{
	const struct owner_process *process = process_table_get(table, pid, start, &is_new);

	return process ? process->number : 0;
}

static void end(uint32_t pid, uint64_t start, uint64_t now_ns)
{
	process_table_end(table, process_table_get(table, pid, start, &is_new), now_ns);
}

static void begin(uint32_t n_max)
{
	if (process_table_new(n_max, &table) < 0)
		abort();
}

static void test_numbers(void)
{
	begin(4);
	is_u64(number(10, 1), 1, "the first one");
	ok(is_new, "is new");
	is_u64(number(10, 1), 1, "is found again");
	ok(!is_new, "is known then");
	is_u64(number(10, 2), 2, "another one with the same pid");
	is_u64(number(11, 1), 3, "another one of the same time");
	is_u64(number(12, 1), 4, "one more");
	is_u64(number(13, 1), 0, "no room");
	is_u64(process_table_refused(table), 1, "is counted");
	is_u64(number(11, 1), 3, "those that are there stay");
	end(10, 2, 100 * SEC);
	end(10, 2, 150 * SEC); /* is told twice */
	end(12, 1, 120 * SEC);
	process_table_tick(table, 159 * SEC);
	is_u64(number(10, 2), 2, "one that has ended is known for a minute");
	process_table_tick(table, 160 * SEC);
	is_u64(number(13, 1), 5, "then it makes room, and its number is not used again");
	is_u64(number(12, 1), 4, "one that ended later is still known");
	is_u64(number(10, 1), 1, "and one that has not ended");
	is_u64(number(10, 2), 0, "but there is no more room");
	process_table_tick(table, 200 * SEC);
	is_u64(number(10, 2), 6, "until that one makes room");
	process_table_free(table);
}

/* Many times more than there is room for at a time. */
static void test_many(void)
{
	uint32_t wrong = 0;

	begin(5000);
	for (uint32_t i = 1; i <= 1000000; i++) {
		wrong += number(i % 30000, i) != i;
		if (i > 1000)
			wrong += number((i - 1000) % 30000, i - 1000) != i - 1000 || is_new;
		end(i % 30000, i, i * SEC / 50);
		process_table_tick(table, i * SEC / 50);
	}
	is_u64(wrong, 0, "a million processes, 50 a second");
	is_u64(process_table_refused(table), 0, "none was refused");
	process_table_free(table);
}

static void on_gone(void *data, struct owner_process *process)
{
	uint32_t *sum = data;

	*sum += process->number;
	process_table_end(table, process, 0);
}

static void test_check(void)
{
	uint32_t gone = 0;
	pid_t child = fork();

	if (child < 0)
		abort();
	if (child == 0) {
		(void)pause();
		_exit(0);
	}
	begin(5000);
	(void)number((uint32_t)getpid(), 1);
	(void)number((uint32_t)child, 1);
	for (uint32_t i = 0; i < 1000; i++)
		end(100, i + 1, 0);
	process_table_check(table, on_gone, &gone);
	is_u64(gone, 0, "nobody doubts");
	process_table_doubt(table);
	for (int i = 0; i < 10; i++)
		process_table_check(table, on_gone, &gone);
	is_u64(gone, 0, "both live");
	(void)kill(child, SIGKILL);
	(void)waitpid(child, NULL, 0);
	for (int i = 0; i < 10; i++)
		process_table_check(table, on_gone, &gone);
	is_u64(gone, 0, "each was looked at once");
	process_table_doubt(table);
	for (int i = 0; i < 10; i++)
		process_table_check(table, on_gone, &gone);
	is_u64(gone, 2, "one has ended");
	process_table_free(table);
}

int main(void)
{
	test_numbers();
	test_many();
	test_check();
	return tap_done();
}
