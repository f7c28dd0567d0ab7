/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The order in which flows leave a full table. */
#include "config.h"

#include "flow-rank.h"

#include <string.h>

#include "flow-table.h"
#include "macro.h"

uint64_t flow_rank(const struct flow *flow)
{
	return MIN(flow->count.packets, (uint64_t)UINT32_MAX) << 32 | flow->tick;
}

uint32_t flow_rank_tick(uint64_t rank)
{
	return (uint32_t)rank;
}

static uint64_t median3(uint64_t a, uint64_t b, uint64_t c)
{
	uint64_t small = MIN(a, b), large = MAX(a, b), limited = MIN(large, c);

	return MAX(small, limited);
}

/*
 * The value that has place k in the order of v[0 .. n-1], which is left in disorder. Hoare's
 * selection: equal values are split evenly, so that many of them cost nothing extra. The pivots are
 * picked by a generator, so that no order of arrival is a bad one.
 */
static uint64_t select_nth(uint64_t *v, uint32_t n, uint32_t k)
{
	int64_t low = 0, high = (int64_t)n - 1;
	uint64_t random = 0x9e3779b97f4a7c15;

	while (low < high) {
		uint64_t span = (uint64_t)(high - low + 1), pivot, swap;
		int64_t i = low, j = high;

		random = random * 6364136223846793005 + 1442695040888963407; /* Knuth, MMIX */
		pivot = median3(v[low + (int64_t)((random >> 33) % span)],
				v[low + (int64_t)((random >> 16) % span)],
				v[low + (high - low) / 2]);
		while (i <= j) {
			while (v[i] < pivot)
				i++;
			while (v[j] > pivot)
				j--;
			if (i > j)
				break;
			swap = v[i];
			v[i++] = v[j];
			v[j--] = swap;
		}
		/* low .. j <= pivot, i .. high >= pivot, the one between equals it. */
		if (k <= j)
			high = j;
		else if (k >= i)
			low = i;
		else
			return pivot;
	}
	return v[low];
}

void flow_rank_cut(const uint64_t *ranks, uint64_t *scratch, uint32_t n, uint32_t n_leave,
		   struct flow_rank_cut *ret_cut)
{
	struct flow_rank_cut cut = {.n_ties = n_leave};

	memcpy(scratch, ranks, n * sizeof(*ranks));
	cut.limit = select_nth(scratch, n, n_leave - 1);
	for (uint32_t i = 0; i < n; i++)
		cut.n_ties -= ranks[i] < cut.limit;
	*ret_cut = cut;
}

bool flow_rank_leaves(struct flow_rank_cut *cut, uint64_t rank)
{
	if (rank != cut->limit || !cut->n_ties)
		return rank < cut->limit;
	cut->n_ties--;
	return true;
}
