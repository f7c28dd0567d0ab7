/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How large the tables of this machine are. */
#include "config.h"

#include "capture-size.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "capture-store.h"
#include "capture.h"
#include "cleanup.h"
#include "macro.h"

#define BUDGET_SHARE 64 /* of the memory, for the tables in the kernel */
#define BUDGET_MAX (512ULL << 20)

/* "0-3,8-11\n": the largest number is one less than the size of per-CPU things. */
unsigned int capture_n_cpus(void)
{
	static unsigned int n;
	cleanup(fclosep) FILE *file = NULL;
	unsigned int value = 0, first, last;
	char separator;

	if (n)
		return n;
	file = fopen("/sys/devices/system/cpu/possible", "re");
	while (file && fscanf(file, "%u", &first) == 1) {
		value = first + 1;
		if (fscanf(file, "%c", &separator) == 1 && separator == '-') {
			if (fscanf(file, "%u", &last) == 1)
				value = last + 1;
			if (fscanf(file, "%c", &separator) != 1)
				break;
		}
	}
	if (!value)
		value = (unsigned int)MAX(sysconf(_SC_NPROCESSORS_CONF), 1L);
	n = value;
	return n;
}

unsigned int capture_n_writers(void)
{
	struct utsname name;
	bool preempted = uname(&name) == 0 &&
			 (strstr(name.version, "PREEMPT_RT") || strstr(name.version, "PREEMPT RT"));

	return preempted ? 2 * capture_n_cpus() : capture_n_cpus();
}

uint64_t capture_map_bytes(uint32_t max_flows)
{
	uint32_t slots = 1024;

	while (slots < max_flows)
		slots *= 2;
	return (uint64_t)store_half_size(slots, MAX(slots / 2, 1024u)) * capture_n_writers() * 2;
}

uint64_t capture_budget(void)
{
	uint64_t memory =
		(uint64_t)MAX(sysconf(_SC_PHYS_PAGES), 0L) * (uint64_t)sysconf(_SC_PAGESIZE);

	return MIN(memory / BUDGET_SHARE, BUDGET_MAX);
}

uint32_t capture_default_flows(void)
{
	uint64_t budget = capture_budget();
	uint32_t flows = CAPTURE_DEFAULT_FLOWS_MAX;

	while (flows > CAPTURE_DEFAULT_FLOWS_MIN && capture_map_bytes(flows) > budget)
		flows /= 2;
	return flows;
}
