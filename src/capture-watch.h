/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Has the programs tally the packets of one flow by size (bpf/watch.bpf.h says how), in the epochs
 * that begin while it is watched. Knows nothing of libbpf: it works on mapped memory.
 */
#ifndef CAPTURE_WATCH_H
#define CAPTURE_WATCH_H

#include <linux/types.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample.h"

#include "abi.h"

struct watch_tallies {
	/* Where programs look and add, by parity of the epoch: both directions, n times (one for
	 * each CPU, say) at a distance of so many bytes. */
	uint8_t *memory[2];
	size_t n, distance;

	struct watch flows[DIRECTION_MAX]; /* what is watched from the next epoch on */
	uint32_t last;                     /* number of what was watched last */
	uint32_t wanted;                   /* number of what is watched, 0: nothing is */
	uint32_t numbers[2];               /* that the epochs are of, by parity */
	unsigned int ended;                /* parity */
	struct sample_sizes sizes;
};

/* Fills what a flow is known by; hook and place are the back end's. */
void watch_fill(struct watch *watch, const struct flow_key *key, uint64_t hook, uint64_t place);
/*
 * From the next epoch on tallies what is in tallies->flows, which the caller has filled; tallies of
 * other flows are forgotten.
 */
void watch_start(struct watch_tallies *tallies);
void watch_stop(struct watch_tallies *tallies);
/* Before an epoch of this parity begins, when what there was of the last one has been read. */
void watch_flip(struct watch_tallies *tallies, unsigned int parity);
/* When nobody writes to the epoch that ended: adds its tallies. */
void watch_read(struct watch_tallies *tallies, uint64_t start_ns, uint64_t end_ns);

#endif
