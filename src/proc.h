/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What /proc says about processes. */
#ifndef PROC_H
#define PROC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* False in another pid namespace than the first: the kernel's numbers are not those of /proc. */
bool proc_is_initial(void);
/*
 * True while the process lives that had started when the system had run for start_ns
 * (CLOCK_BOOTTIME): no other has its pid. 0 stands for any.
 */
bool proc_alive(uint32_t pid, uint64_t start_ns);
/* Who a process is, as its files say. */
struct proc_who {
	uint64_t start_ns; /* CLOCK_BOOTTIME, to the clock tick */
	uint32_t uid;
	char comm[16];
};
int proc_who(uint32_t pid, struct proc_who *ret_who);
/* Times of /proc and of the kernel are the same time where they are in the same clock tick. */
uint64_t proc_tick_ns(void);
/* Command line, escaped, arguments separated by spaces; "" where there is none. */
int proc_command(uint32_t pid, char *buf, size_t size);
/* Path of its cgroup of version 2 below the root, as it is. */
int proc_cgroup(uint32_t pid, char *buf, size_t size);

/* The parts, on text. Start in clock ticks from a line of /proc/PID/stat. */
int proc_parse_stat(const char *line, uint64_t *ret_ticks);
/* Makes a line for people of arguments that end with NUL each. */
size_t proc_format_command(char *buf, size_t size, const char *arguments, size_t n);

#endif
