/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Ends the intervals of a back end whose tables are read after a grace period. */
#include "config.h"

#include "capture-interval.h"

#include <sys/epoll.h>

#include "capture-grace.h"
#include "clock.h"
#include "log.h"
#include "loop.h"
#include "macro.h"

static int deliver(struct interval *interval)
{
	uint64_t start_ns = interval->start_ns;

	interval->start_ns = interval->flip_ns;
	return interval->ops->deliver(interval->data, start_ns, interval->flip_ns,
				      interval->flip_real_ns);
}

static void flip(struct interval *interval)
{
	interval->ops->flip(interval->data);
	interval->flip_ns = clock_mono_ns();
	interval->flip_real_ns = clock_real_ns();
}

static int on_grace(void *data, ATTR_UNUSED uint32_t events)
{
	struct interval *interval = data;
	int r = grace_finish(interval->grace);

	interval->waiting = false;
	if (r < 0)
		return log_err(r, "cannot wait for the programs to leave the tables");
	r = deliver(interval);
	return r < 0 ? log_err(r, "cannot read the tables") : 0;
}

int interval_tick(struct interval *interval)
{
	int r;

	if (interval->waiting)
		return 0;
	flip(interval);
	r = grace_start(interval->grace);
	interval->waiting = r == 0;
	return r;
}

int interval_finish(struct interval *interval)
{
	int r;

	if (interval->waiting) {
		r = on_grace(interval, 0);
		if (r < 0)
			return r;
	}
	flip(interval);
	r = interval->ops->wait(interval->data);
	return r < 0 ? r : deliver(interval);
}

int interval_open(struct interval *interval, const struct interval_ops *ops, void *data,
		  struct loop *loop)
{
	int r = grace_new(ops->wait, data, &interval->grace);

	interval->ops = ops;
	interval->data = data;
	interval->start_ns = clock_mono_ns();
	return r < 0 ? r
		     : loop_add_fd(loop, grace_fd(interval->grace), EPOLLIN, on_grace, interval,
				   &interval->source);
}

void interval_close(struct interval *interval)
{
	loop_remove(interval->source);
	grace_free(interval->grace);
}
