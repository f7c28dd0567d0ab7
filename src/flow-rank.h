/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Chooses the flows that leave a full table. */
#ifndef FLOW_RANK_H
#define FLOW_RANK_H

#include <stdbool.h>
#include <stdint.h>

struct flow;

/*
 * Small for flows that may leave: packets in the high half (2^32 - 1 stands for more as well), the
 * interval it was last seen in below.
 */
uint64_t flow_rank(const struct flow *flow);
uint32_t flow_rank_tick(uint64_t rank);

/* Which ranks leave: all below limit, and the first n_ties that equal it. */
struct flow_rank_cut {
	uint64_t limit;
	uint32_t n_ties;
};

/* The n_leave (1 .. n) smallest of n ranks. scratch has room for n. */
void flow_rank_cut(const uint64_t *ranks, uint64_t *scratch, uint32_t n, uint32_t n_leave,
		   struct flow_rank_cut *ret_cut);
/* To be asked once for each rank. */
bool flow_rank_leaves(struct flow_rank_cut *cut, uint64_t rank);

#endif
