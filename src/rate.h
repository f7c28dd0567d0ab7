/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Rates and decaying averages of many counters that share their intervals.
 *
 * The average over a window of time constant T is the rate weighted with exp(-age / T), corrected
 * for the time before the run began, as if only the run existed: a constant rate reads as itself
 * from the first interval on.
 *
 * Nothing decays in place. A counter stores its average multiplied by G(t) = exp((t - base) / T),
 * so that an interval only adds to it: sum += count * weight. Reading is one multiplication as
 * well: sum * scale. Both factors are the same for all counters and are computed once per interval;
 * a counter that saw nothing costs nothing. When G grows large, base moves to now and every stored
 * sum is multiplied by the same small number.
 */
#ifndef RATE_H
#define RATE_H

#include <stdbool.h>
#include <stdint.h>

enum window { WINDOW_10S, WINDOW_60S, WINDOW_MAX };

/* All zero before the first interval. */
struct rate {
	bool started;
	uint64_t start_ns; /* CLOCK_MONOTONIC: start of the first interval */
	uint64_t base_ns;  /* where G is 1 */
	uint64_t now_ns;   /* end of the last interval */
	double per_second; /* count of the last interval to rate: 1 / length */
	double weight[WINDOW_MAX];
	double scale[WINDOW_MAX];
};

/* Intervals shorter than this are divided by this, so that no rate is absurd. */
#define RATE_SHORTEST_NS 1000000ULL

/*
 * Closes an interval. When it returns true, every stored sum must be multiplied by ret_rescale
 * before the counts of this interval are added.
 */
bool rate_tick(struct rate *rate, uint64_t start_ns, uint64_t end_ns,
	       double ret_rescale[WINDOW_MAX]);

/* A rate as an integer, at most max. */
uint64_t rate_round(double value, uint64_t max);

#endif
