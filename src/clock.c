/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the two clocks, or returns what a test set them to. */
#include "config.h"

#include "clock.h"

#include <stdbool.h>
#include <time.h>

#include "macro.h"

static struct {
	bool frozen;
	uint64_t mono_ns, real_ns;
} stopped;

static uint64_t read_clock(clockid_t id)
{
	struct timespec now = {0};

	/* Cannot fail for the two clocks that every Linux kernel has. */
	(void)clock_gettime(id, &now);
	return (uint64_t)now.tv_sec * NSEC_PER_SEC + (uint64_t)now.tv_nsec;
}

uint64_t clock_mono_ns(void)
{
	return stopped.frozen ? stopped.mono_ns : read_clock(CLOCK_MONOTONIC);
}

uint64_t clock_real_ns(void)
{
	return stopped.frozen ? stopped.real_ns : read_clock(CLOCK_REALTIME);
}

void clock_freeze(uint64_t mono_ns, uint64_t real_ns)
{
	stopped.frozen = true;
	stopped.mono_ns = mono_ns;
	stopped.real_ns = real_ns;
}

void clock_thaw(void)
{
	stopped.frozen = false;
}
