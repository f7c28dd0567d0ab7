/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The factors behind rates and decaying averages. */
#include "config.h"

#include "rate.h"

#include <math.h>

#include "macro.h"

/* exp(RESCALE_AT) times any sum of counts is far from the end of a double (exp(709)). */
#define RESCALE_AT 200.0

static const uint64_t window_ns[WINDOW_MAX] = {
	[WINDOW_10S] = 10 * NSEC_PER_SEC,
	[WINDOW_60S] = 60 * NSEC_PER_SEC,
};

static double constants(uint64_t ns, enum window window)
{
	return (double)ns / (double)window_ns[window];
}

bool rate_tick(struct rate *rate, uint64_t start_ns, uint64_t end_ns,
	       double ret_rescale[WINDOW_MAX])
{
	uint64_t length, run;
	bool rescale;

	/* Time does not go back, and what was counted in no time is an impulse at its end. */
	end_ns = MAX(end_ns, rate->now_ns);
	start_ns = MIN(start_ns, end_ns);
	if (!rate->started) {
		rate->started = true;
		rate->start_ns = start_ns;
		rate->base_ns = start_ns;
	}
	length = end_ns - start_ns;
	run = MAX(end_ns - rate->start_ns, RATE_SHORTEST_NS);
	rate->now_ns = end_ns;
	rate->per_second = (double)NSEC_PER_SEC / (double)MAX(length, RATE_SHORTEST_NS);

	rescale = constants(end_ns - rate->base_ns, WINDOW_10S) > RESCALE_AT;
	for (enum window w = 0; rescale && w < WINDOW_MAX; w++)
		ret_rescale[w] = exp(-constants(end_ns - rate->base_ns, w));
	if (rescale)
		rate->base_ns = end_ns;

	for (enum window w = 0; w < WINDOW_MAX; w++) {
		double growth = exp(constants(end_ns - rate->base_ns, w));
		double seconds = (double)window_ns[w] / (double)NSEC_PER_SEC;
		double x = constants(length, w);

		/* The integral of the decay over the interval, divided by its length. */
		rate->weight[w] = growth / seconds * (x > 0 ? -expm1(-x) / x : 1);
		rate->scale[w] = 1 / (growth * -expm1(-constants(run, w)));
	}
	return rescale;
}

uint64_t rate_round(double value, uint64_t max)
{
	if (!(value > 0))
		return 0;
	/* max as a double may be larger than max: compare before converting. */
	return value >= (double)max ? max : (uint64_t)(value + 0.5);
}
