/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Rates and decaying averages, as the flow table shows them. */
#include "config.h"

#include <math.h>
#include <sys/random.h>

#include "flow-fixture.h"
#include "flow-table.h"
#include "macro.h"
#include "tap.h"

static void test_average_known(void)
{
	struct flow_table *table = new_table(8);
	struct flow_key key = make_key(DIRECTION_IN, 6, 1, 1, 2, 80);
	const struct flow *flow;

	for (unsigned int t = 0; t < 10; t++) {
		add(table, &key, 10, 1000);
		tick(table, t * SEC, (t + 1) * SEC);
		flow = flow_table_find(table, &key);
		is_near(flow_average_bps(table, flow, WINDOW_10S), 8000, 1e-12,
			"a constant rate is its average after %u s", t + 1);
	}
	is_near(flow_average_pps(table, flow, WINDOW_60S), 10, 1e-12, "in packets, over 60 s");
	/* 10 s at 8000, then 10 s of nothing: 8000 e^-1 / (1 + e^-1). */
	tick(table, 10 * SEC, 20 * SEC);
	is_near(flow_average_bps(table, flow, WINDOW_10S), 2151.53137096, 1e-9, "after a pause");
	/* 8000 e^(-1/6) / (1 + e^(-1/6)) */
	is_near(flow_average_bps(table, flow, WINDOW_60S), 3667.43613427, 1e-9,
		"over 60 s after a pause");
	flow_table_free(table);
}

#define N_INTERVALS 6000

struct interval {
	double start, end; /* seconds */
	double bytes;
};

/* The definition: each rate weighted with the integral of the decay over its interval. */
static double direct_average(const struct interval *intervals, size_t n, double seconds)
{
	double now = intervals[n - 1].end, sum = 0;

	for (size_t i = 0; i < n; i++) {
		double length = intervals[i].end - intervals[i].start;

		sum += 8 * intervals[i].bytes / length * exp(-(now - intervals[i].end) / seconds) *
		       -expm1(-length / seconds);
	}
	return sum / -expm1(-(now - intervals[0].start) / seconds);
}

static uint32_t next_random(uint64_t *state, uint32_t n)
{
	*state = *state * 6364136223846793005 + 1442695040888963407;
	return (uint32_t)((*state >> 33) % n);
}

/* Hours of irregular intervals, with pauses; from an hour after boot. */
static void test_average_direct(uint64_t seed)
{
	static struct interval intervals[N_INTERVALS];
	struct flow_table *table = new_table(8);
	struct flow_key key = make_key(DIRECTION_IN, 6, 1, 1, 2, 80);
	struct flow_key early = make_key(DIRECTION_IN, 6, 1, 2, 2, 80);
	uint64_t state = seed;
	uint64_t now = 3600 * SEC;
	unsigned int compared = 0, wrong = 0;

	add(table, &early, 1, 1000000);
	for (size_t i = 0; i < N_INTERVALS; i++) {
		uint64_t length = SEC / 100 + (uint64_t)next_random(&state, 5000) * 1000000;
		uint32_t bytes = next_random(&state, 3) ? next_random(&state, 1000000) : 0;
		const struct flow *flow;

		if (next_random(&state, 500) == 0)
			length = 1800 * SEC;
		intervals[i] =
			(struct interval){(double)now / 1e9, (double)(now + length) / 1e9, bytes};
		if (bytes || i == 0)
			add(table, &key, 1, bytes);
		tick(table, now, now + length);
		now += length;
		if (i % 60 != 59)
			continue;
		flow = flow_table_find(table, &key);
		for (enum window w = 0; w < WINDOW_MAX; w++) {
			double want = direct_average(intervals, i + 1, w == WINDOW_10S ? 10 : 60);
			double got = flow_average_bps(table, flow, w);

			compared++;
			if (!(fabs(got - want) <= 1e-7 * want + 1e-9))
				wrong++;
		}
	}
	is_u64(compared, 200, "averages compared");
	is_u64(wrong, 0, "averages are what the definition says (seed %" PRIu64 ")", seed);
	printf("# %.1f hours\n", (double)(now - 3600 * SEC) / 3600e9);
	is_near(flow_average_bps(table, flow_table_find(table, &early), WINDOW_60S), 0, 0,
		"what was hours ago has faded");
	flow_table_free(table);
}

/* Intervals without length, backward, tiny: counts are kept, all numbers stay finite. */
static void test_odd_intervals(void)
{
	static const struct {
		uint64_t start, end;
	} cases[] = {
		{10 * SEC, 10 * SEC},
		{10 * SEC, 10 * SEC + 1},
		{11 * SEC, 10 * SEC},
		{9 * SEC, 9 * SEC},
		{0, 0},
		{10 * SEC, 11 * SEC},
		{11 * SEC, 11 * SEC},
		{11 * SEC, 1000000 * SEC},
		{1000000 * SEC, UINT64_MAX},
		{UINT64_MAX, UINT64_MAX},
	};
	struct flow_table *table = new_table(8);
	struct flow_key key = make_key(DIRECTION_IN, 6, 1, 1, 2, 80);
	const struct flow *flow = NULL;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		bool finite = true;

		add(table, &key, 1, 1000);
		tick(table, cases[i].start, cases[i].end);
		flow = flow_table_find(table, &key);
		finite &= isfinite(flow_bps(table, flow)) && isfinite(flow_pps(table, flow));
		for (enum window w = 0; w < WINDOW_MAX; w++)
			finite &= isfinite(flow_average_bps(table, flow, w)) &&
				  isfinite(flow_average_pps(table, flow, w)) &&
				  flow_average_bps(table, flow, w) >= 0;
		ok(finite, "interval %zu: all numbers are finite", i);
		if (i == 0) {
			is_near(flow_bps(table, flow), 8e6, 1e-12, "no length counts as 1 ms");
			is_near(flow_average_bps(table, flow, WINDOW_10S), 8e6, 1e-4,
				"for the average too");
		}
	}
	is_u64(flow->count.packets, ARRAY_SIZE(cases), "no packet is lost");
	is_u64(flow->peak_bps, 8000000, "the peak is not absurd");

	add(table, &key, UINT64_MAX / 2, UINT64_MAX / 2);
	tick(table, UINT64_MAX, UINT64_MAX);
	is_u64(flow->peak_bps, UINT64_MAX, "a peak that does not fit is the largest number");
	is_u64(flow->peak_pps, UINT32_MAX, "in packets as well");
	flow_table_free(table);
}

int main(void)
{
	uint64_t seed;

	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		abort();
	test_average_known();
	test_average_direct(seed);
	test_odd_intervals();
	return tap_done();
}
