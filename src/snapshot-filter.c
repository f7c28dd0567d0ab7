/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Picks the flows that the rows of a snapshot are made of. */
#include "config.h"

#include "filter.h"
#include "snapshot-data.h"

/* A flow is fetched so many flows before its turn. */
#define AHEAD 16

/* The parts of a flow that filters and sums read; going past the end does no harm. */
static inline void prefetch(const struct flow *flow)
{
	__builtin_prefetch(&flow->key);
	__builtin_prefetch(&flow->key.direction);
	__builtin_prefetch(&flow->delta);
}

static void add_passed(struct snapshot *snapshot, const struct flow *flow)
{
	snapshot->passed.n_flows++;
	snapshot->passed.packets += flow->count.packets;
	snapshot->passed.bytes += flow->count.bytes;
}

static void pick_flows(struct snapshot *snapshot)
{
	const struct filter *filter = snapshot->config.filter;
	bool active = snapshot->config.active;

	for (uint32_t i = 0; i < snapshot->n_flows; i++) {
		const struct flow *flow = &snapshot->flows[i];

		prefetch(flow + AHEAD);
		if (active && !flow_is_active(snapshot->table, flow))
			continue;
		if (filter && !filter_match(filter, flow))
			continue;
		snapshot->picked[snapshot->n_picked++] = i;
		add_passed(snapshot, flow);
	}
}

/* The leading flow stands for both. */
static void pick_conversations(struct snapshot *snapshot)
{
	const struct filter *filter = snapshot->config.filter;
	const struct flow *flows = snapshot->flows;

	for (uint32_t i = 0; i < snapshot->n_flows; i++) {
		const struct flow *flow = &flows[i], *other = NULL;
		const struct flow *ahead = &flows[MIN(i + AHEAD, snapshot->n_flows - 1)];

		prefetch(flow + 2 * AHEAD);
		if (ahead->opposite != FLOW_NONE && ahead->key.direction == DIRECTION_IN)
			prefetch(&flows[ahead->opposite]);
		if (!snapshot_leads(flow))
			continue;
		if (flow->opposite != FLOW_NONE)
			other = &flows[flow->opposite];
		if (!filter_match(filter, flow) && !(other && filter_match(filter, other)))
			continue;
		snapshot->picked[snapshot->n_picked++] = i;
		add_passed(snapshot, flow);
		if (other)
			add_passed(snapshot, other);
	}
}

int snapshot_filter(struct snapshot *snapshot)
{
	int r;

	snapshot->passed = (struct snapshot_part){0};
	snapshot->n_picked = snapshot->n_flows;
	if (!snapshot->config.filter && !snapshot->config.active)
		return 0;
	snapshot->n_picked = 0;
	r = snapshot_reserve(&snapshot->picked, &snapshot->picked_capacity, snapshot->n_flows,
			     sizeof(*snapshot->picked), 0);
	if (r < 0)
		return r;
	if (snapshot->config.filter)
		filter_begin(snapshot->config.filter, snapshot->table, snapshot->context.ledger);
	if (snapshot->view->rows == VIEW_CONVERSATIONS)
		pick_conversations(snapshot);
	else
		pick_flows(snapshot);
	return 0;
}
