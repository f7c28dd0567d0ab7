/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The choice of the flows that leave, against sorting. */
#include "config.h"

#include <sys/random.h>

#include "flow-rank.h"
#include "flow-table.h"
#include "macro.h"
#include "tap.h"

#define N_MAX 300

static int compare(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return CMP(x, y);
}

/* Exactly the n_leave smallest leave, whatever the order and however many are equal. */
static bool cut_is_right(const uint64_t *ranks, uint32_t n, uint32_t n_leave)
{
	uint64_t sorted[N_MAX], scratch[N_MAX];
	struct flow_rank_cut cut;
	uint32_t left = 0;
	uint64_t largest_out = 0, smallest_in = UINT64_MAX;

	memcpy(sorted, ranks, n * sizeof(*ranks));
	qsort(sorted, n, sizeof(*sorted), compare);
	flow_rank_cut(ranks, scratch, n, n_leave, &cut);
	for (uint32_t i = 0; i < n; i++) {
		if (flow_rank_leaves(&cut, ranks[i])) {
			left++;
			largest_out = MAX(largest_out, ranks[i]);
		} else {
			smallest_in = MIN(smallest_in, ranks[i]);
		}
	}
	return left == n_leave && largest_out == sorted[n_leave - 1] &&
	       (n_leave == n || smallest_in == sorted[n_leave]);
}

static void test_cut(uint64_t seed)
{
	/* How many different ranks there are, and in which order they come. */
	static const uint32_t values[] = {1, 2, 7, 100, 1000000};
	static const uint32_t sizes[] = {1, 2, 3, 4, 17, N_MAX};
	uint64_t ranks[N_MAX], state = seed;

	for (size_t v = 0; v < ARRAY_SIZE(values); v++)
		for (size_t s = 0; s < ARRAY_SIZE(sizes); s++) {
			uint32_t n = sizes[s];
			bool random = true, sorted = true;

			for (uint32_t i = 0; i < n; i++) {
				state = state * 6364136223846793005 + 1442695040888963407;
				ranks[i] = (state >> 33) % values[v];
			}
			for (uint32_t n_leave = 1; n_leave <= n; n_leave++)
				random &= cut_is_right(ranks, n, n_leave);
			qsort(ranks, n, sizeof(*ranks), compare);
			for (uint32_t n_leave = 1; n_leave <= n; n_leave++)
				sorted &= cut_is_right(ranks, n, n_leave);
			ok(random, "%u ranks of %u values (seed %" PRIu64 ")", n, values[v], seed);
			ok(sorted, "%u ranks of %u values, sorted", n, values[v]);
		}
}

static void test_rank(void)
{
	/* In the order in which they leave. */
	static const struct flow order[] = {
		{.count.packets = 0, .tick = 9},
		{.count.packets = 1, .tick = 3, .count.bytes = 1000000},
		{.count.packets = 1, .tick = 4, .count.bytes = 1},
		{.count.packets = 2, .tick = 1},
		{.count.packets = 1ULL << 31, .tick = 1},
		{.count.packets = 1ULL << 33, .tick = 1},
		{.count.packets = 1ULL << 32, .tick = 2},
	};

	for (size_t i = 1; i < ARRAY_SIZE(order); i++)
		ok(flow_rank(&order[i - 1]) < flow_rank(&order[i]), "flow %zu leaves before %zu",
		   i - 1, i);
	is_u64(flow_rank_tick(flow_rank(&order[2])), 4, "the interval is in the rank");
}

int main(void)
{
	uint64_t seed;

	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		abort();
	test_rank();
	test_cut(seed);
	return tap_done();
}
