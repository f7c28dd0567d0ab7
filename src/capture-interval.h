/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ends the intervals of a back end whose tables are read after a grace period. */
#ifndef CAPTURE_INTERVAL_H
#define CAPTURE_INTERVAL_H

#include <stdbool.h>
#include <stdint.h>

struct grace;
struct loop;
struct loop_source;

struct interval_ops {
	void (*flip)(void *data); /* from now on counts go elsewhere */
	int (*wait)(void *data);  /* until nobody adds to what ended; in another thread */
	/* Reads what ended, of start_ns to end_ns (CLOCK_MONOTONIC; real_ns: the end). */
	int (*deliver)(void *data, uint64_t start_ns, uint64_t end_ns, uint64_t real_ns);
};

struct interval {
	const struct interval_ops *ops;
	void *data;
	struct grace *grace;
	struct loop_source *source;
	bool waiting;
	uint64_t start_ns, flip_ns, flip_real_ns;
};

/* The first interval begins. interval is all 0, and stays where it is. */
int interval_open(struct interval *interval, const struct interval_ops *ops, void *data,
		  struct loop *loop);
void interval_close(struct interval *interval);
/* As in struct capture_ops. */
int interval_tick(struct interval *interval);
int interval_finish(struct interval *interval);

#endif
