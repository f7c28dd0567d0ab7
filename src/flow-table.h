/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Every flow of the run, with its totals and rates. Address space is reserved for max_flows at
 * start and touched as flows come.
 *
 * Flows live in a dense array; flow-index.h finds them.
 *
 * When the table is full, the quarter with the fewest packets leaves, oldest first among equals;
 * their counts go to the folded part of the ledger (flow_sum), never into nothing. Rows that a back
 * end has already folded (key.open) are kept as flows of their own, and their counts are folded as
 * well.
 *
 * Rates: of the last interval; averages over 10 s and 60 s decay exponentially (time constants),
 * stored as rate.h describes. Rates, averages and times are those of the last closed interval when
 * read between flow_table_tick() and the next flow_table_add().
 */
#ifndef FLOW_TABLE_H
#define FLOW_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rate.h"
#include "sample.h"

#define FLOW_NONE UINT32_MAX

/* The first two cache lines are what adding to a flow touches, and ranking, and leaving. */
struct flow {
	struct flow_key key;
	struct tally count; /* since the flow was first seen */
	struct tally delta; /* in interval number tick */
	uint32_t tick;      /* number of the interval that delta belongs to */
	uint32_t opposite; /* position of the other direction on the same interface, or FLOW_NONE */
	uint8_t tcp_flags;
	bool elsewhere;       /* the same addresses and ports were seen on another interface too */
	bool owner_estimated; /* the owner may be another one */
	uint8_t owner_reason; /* enum owner_reason: why it has no owner */
	uint32_t peak_pps;    /* highest rate of any interval */
	uint64_t peak_bps;    /* the same, bits per second */
	uint64_t id;          /* unique in the run, never used again */
	uint32_t owner;       /* its number, see owner.h; 0: none */
	uint32_t owner_version; /* of the owner table, when the owner was last looked for */
	uint8_t delta_flags;    /* as tcp_flags, of the interval that delta belongs to */
	uint8_t l7;             /* enum l7: what the payload of either direction is, or a guess */
	uint8_t l7_source;      /* enum l7_source */
	uint8_t delta_l7;       /* what its payload is in the interval that delta belongs to */
	uint8_t reserved[4];
	uint64_t first_ns; /* CLOCK_MONOTONIC; start of the interval it was first seen in */
	uint64_t last_ns;  /* end of the interval it was last seen in */
	double average[WINDOW_MAX][2]; /* bytes, packets; stored: read with flow_average_*() */
	uint64_t retransmits;          /* TCP segments sent again */
	uint32_t places[2];            /* of its ends, by enum side: see geo.h */
};
_Static_assert(sizeof(struct flow) == 192, "struct flow is three cache lines");

struct flow_table;
struct geo;
struct owner_table;

/* Flows that a table can be made for. */
#define FLOW_TABLE_MAX (1u << 26)

/* -EINVAL where max_flows is 0 or more than FLOW_TABLE_MAX. */
int flow_table_new(uint32_t max_flows, struct flow_table **ret_table);
void flow_table_free(struct flow_table *table);
/*
 * From now on the table looks for the owners of its flows: when a flow is new, and when it has
 * packets again after something about its sockets changed. owners must outlive the table.
 */
void flow_table_set_owners(struct flow_table *table, struct owner_table *owners);
/* NULL where it does not look. */
const struct owner_table *flow_table_owners(const struct flow_table *table);
/*
 * From now on the table looks up where the ends of new flows are. geo must outlive the table and
 * its copies.
 */
void flow_table_set_geo(struct flow_table *table, struct geo *geo);
/* NULL where it does not. */
const struct geo *flow_table_geo(const struct flow_table *table);
/* Looks up the ends of a flow that is in no table. */
void flow_table_find_places(const struct flow_table *table, struct flow *flow);
/* A copy with the same flows at the same positions and the same owners, for a frozen view. */
int flow_table_clone(const struct flow_table *table, struct flow_table **ret_table);

/* Adds counts to the open interval. Interfaces are below SAMPLE_IFACE_MAX. */
void flow_table_add(struct flow_table *table, const struct sample_flow *flows, size_t n_flows);
/* Closes the interval: computes rates and averages. */
void flow_table_tick(struct flow_table *table, const struct sample_tick *tick);

/* Flows at positions 0 .. n-1; positions change only in flow_table_add(). */
const struct flow *flow_table_flows(const struct flow_table *table, uint32_t *ret_n);
const struct flow *flow_table_find(const struct flow_table *table, const struct flow_key *key);
uint32_t flow_table_capacity(const struct flow_table *table);
/* Flows seen in the last closed interval. */
uint32_t flow_table_active(const struct flow_table *table);
/* Rows that left to make room, in the whole run. */
uint64_t flow_table_evicted(const struct flow_table *table);

/* What a hook's flows add up to: in the table as flows; folded (by the kernel or by eviction). */
struct flow_sum {
	struct tally flows;
	struct tally folded;
};
void flow_table_sum(const struct flow_table *table, uint16_t iface, enum direction direction,
		    struct flow_sum *ret_sum);

/* True for a flow that was in the last closed interval, of which delta is then. */
bool flow_is_active(const struct flow_table *table, const struct flow *flow);

/* Rates at the end of the last closed interval; 0 for a flow that was not in it. */
double flow_bps(const struct flow_table *table, const struct flow *flow);
double flow_pps(const struct flow_table *table, const struct flow *flow);
double flow_average_bps(const struct flow_table *table, const struct flow *flow,
			enum window window);
double flow_average_pps(const struct flow_table *table, const struct flow *flow,
			enum window window);
uint64_t flow_table_now(const struct flow_table *table); /* end of the last closed interval */

#endif
