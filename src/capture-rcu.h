/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waits until every BPF program that runs now has ended: one RCU grace period. */
#ifndef CAPTURE_RCU_H
#define CAPTURE_RCU_H

#include <stdbool.h>

struct rcu {
	int outer_fd, inner_fd; /* where membarrier() cannot wait; else -1 */
};
#define RCU_NONE ((struct rcu){.outer_fd = -1, .inner_fd = -1})

/* no_membarrier, for tests: as where membarrier() cannot. On failure rcu_close() frees the rest. */
int rcu_open(struct rcu *rcu, bool no_membarrier);
void rcu_close(struct rcu *rcu);
/* Some milliseconds on an idle machine, more on a busy one. Safe in another thread than the rest.
 */
int rcu_wait(const struct rcu *rcu);

#endif
