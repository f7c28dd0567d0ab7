/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the flows of a group add up to. Ranking goes to the sum of a group for every flow: it takes
 * a kind with little more than what the column needs, so that the sums of many groups stay in the
 * caches.
 */
#ifndef SNAPSHOT_SUM_H
#define SNAPSHOT_SUM_H

#include <stddef.h>

struct flow;
struct flow_table;
struct ledger;
struct row;

/* A sum is size bytes, aligned as uint64_t, all 0 before the first flow. */
struct sum_kind {
	unsigned int gives; /* ROW_* that fill() fills */
	size_t size;
	void (*add)(void *sum, const struct flow_table *table, const struct flow *flow);
	/* At least one flow was added. */
	void (*fill)(const void *sum, const struct ledger *ledger, struct row *row);
};

#define SUM_SIZE_MAX 232 /* of any kind */

/* The smallest kind for these ROW_*. */
const struct sum_kind *sum_kind_find(unsigned int needs);

#endif
