/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the tests of the flow table share: keys, and short ways to fill a table. */
#ifndef FLOW_FIXTURE_H
#define FLOW_FIXTURE_H

#include "flow-table.h"
#include "macro.h"
#include "tap.h"

#define SEC NSEC_PER_SEC

static inline struct flow_table *new_table(uint32_t max_flows)
{
	struct flow_table *table;

	if (flow_table_new(max_flows, &table) < 0)
		abort();
	return table;
}

/* IPv4 10.0.0.src to 10.0.0.dst on interface 0. */
static inline struct flow_key make_key(enum direction direction, uint8_t proto, uint8_t src,
				       uint16_t sport, uint8_t dst, uint16_t dport)
{
	return (struct flow_key){
		.src = {10, 0, 0, src},
		.dst = {10, 0, 0, dst},
		.sport = sport,
		.dport = dport,
		.direction = (uint8_t)direction,
		.family = FAMILY_IPV4,
		.proto = proto,
	};
}

static inline struct flow_key move_key(struct flow_key key, uint16_t iface)
{
	key.iface = iface;
	return key;
}

static inline void add(struct flow_table *table, const struct flow_key *key, uint64_t packets,
		       uint64_t bytes)
{
	struct sample_flow sample = {.key = *key, .count = {packets, bytes}};

	flow_table_add(table, &sample, 1);
}

static inline void tick(struct flow_table *table, uint64_t start_ns, uint64_t end_ns)
{
	flow_table_tick(table, &(struct sample_tick){.start_ns = start_ns, .end_ns = end_ns});
}

static inline uint32_t position_of(const struct flow_table *table, const struct flow_key *key)
{
	uint32_t n;
	const struct flow *flows = flow_table_flows(table, &n), *flow;

	flow = flow_table_find(table, key);
	return flow ? (uint32_t)(flow - flows) : FLOW_NONE;
}

static inline uint32_t n_flows(const struct flow_table *table)
{
	uint32_t n;

	flow_table_flows(table, &n);
	return n;
}

#endif
