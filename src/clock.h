/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Time: monotonic for differences, real for people. Can be stopped for tests. */
#ifndef CLOCK_H
#define CLOCK_H

#include <stdint.h>

uint64_t clock_mono_ns(void); /* CLOCK_MONOTONIC */
uint64_t clock_real_ns(void); /* CLOCK_REALTIME, since the epoch */

/* From now on both clocks return these values, until the next call. */
void clock_freeze(uint64_t mono_ns, uint64_t real_ns);
void clock_thaw(void);

#endif
