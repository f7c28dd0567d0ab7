/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Adds flows up to the row of a group. */
#include "config.h"

#include "snapshot-sum.h"

#include <string.h>

#include "column.h"
#include "flow-table.h"
#include "flow.h"
#include "geo.h"
#include "ledger.h"
#include "macro.h"
#include "owner.h"

struct rates {
	double bps, pps;
};

struct peaks {
	struct rates now, highest;
};

struct averages {
	double bps[WINDOW_MAX], pps[WINDOW_MAX];
};

struct state {
	uint64_t first_ns, last_ns;
	uint64_t retransmits;
	uint32_t n_flows;
	uint16_t iface; /* of the first flow */
	bool ifaces;    /* there are several */
	bool elsewhere;
	uint8_t tcp_flags;
	uint8_t l7, l7_source; /* of all flows, or none */
};

struct owners {
	const struct owner *owner; /* of the first flow; NULL as soon as a flow has none */
	uint16_t same;             /* ROW_SAME_* */
	uint8_t reason;
	bool begun;
	bool estimated;
};

struct places {
	const struct geo_place *far; /* of the first flow */
	bool begun;
	bool same_country, same_asn;
};

/* Arrays have an element per direction. */
struct whole {
	struct tally counts[DIRECTION_MAX];
	struct peaks peaks[DIRECTION_MAX];
	struct averages averages[DIRECTION_MAX];
	struct state state;
	struct owners owners;
	struct places places;
};
_Static_assert(sizeof(struct whole) == SUM_SIZE_MAX, "the largest sum");

static inline void counts_add(void *sum, const struct flow_table *table ATTR_UNUSED,
			      const struct flow *flow)
{
	struct tally *counts = sum;

	tally_add(&counts[flow->key.direction], &flow->count);
}

static void counts_fill(const void *sum, const struct ledger *ledger ATTR_UNUSED, struct row *row)
{
	const struct tally *counts = sum;

	for (int d = 0; d < DIRECTION_MAX; d++)
		row->side[d].count = counts[d];
}

static inline void rates_add(void *sum, const struct flow_table *table, const struct flow *flow)
{
	struct rates *rates = (struct rates *)sum + flow->key.direction;

	rates->bps += flow_bps(table, flow);
	rates->pps += flow_pps(table, flow);
}

static void rates_fill(const void *sum, const struct ledger *ledger ATTR_UNUSED, struct row *row)
{
	const struct rates *rates = sum;

	for (int d = 0; d < DIRECTION_MAX; d++) {
		row->side[d].bps = rates[d].bps;
		row->side[d].pps = rates[d].pps;
	}
}

static inline void peaks_add(void *sum, const struct flow_table *table, const struct flow *flow)
{
	struct peaks *peaks = (struct peaks *)sum + flow->key.direction;
	double bps = flow_bps(table, flow), pps = flow_pps(table, flow);

	peaks->now.bps += bps;
	peaks->now.pps += pps;
	bps = MAX(bps, (double)flow->peak_bps);
	pps = MAX(pps, (double)flow->peak_pps);
	peaks->highest.bps = MAX(peaks->highest.bps, bps);
	peaks->highest.pps = MAX(peaks->highest.pps, pps);
}

static void peaks_fill(const void *sum, const struct ledger *ledger ATTR_UNUSED, struct row *row)
{
	const struct peaks *peaks = sum;

	for (int d = 0; d < DIRECTION_MAX; d++) {
		const struct rates *now = &peaks[d].now, *highest = &peaks[d].highest;
		struct row_side *side = &row->side[d];

		side->bps = now->bps;
		side->pps = now->pps;
		side->peak_bps = MAX(highest->bps, now->bps);
		side->peak_pps = MAX(highest->pps, now->pps);
	}
}

static inline void averages_add(void *sum, const struct flow_table *table, const struct flow *flow)
{
	struct averages *averages = (struct averages *)sum + flow->key.direction;

	for (enum window window = 0; window < WINDOW_MAX; window++) {
		averages->bps[window] += flow_average_bps(table, flow, window);
		averages->pps[window] += flow_average_pps(table, flow, window);
	}
}

static void averages_fill(const void *sum, const struct ledger *ledger ATTR_UNUSED, struct row *row)
{
	const struct averages *averages = sum;

	for (int d = 0; d < DIRECTION_MAX; d++)
		for (enum window window = 0; window < WINDOW_MAX; window++) {
			row->side[d].average_bps[window] = averages[d].bps[window];
			row->side[d].average_pps[window] = averages[d].pps[window];
		}
}

static inline void state_add(void *sum, const struct flow_table *table ATTR_UNUSED,
			     const struct flow *flow)
{
	struct state *state = sum;

	if (!state->n_flows++) {
		state->first_ns = flow->first_ns;
		state->iface = flow->key.iface;
		state->l7 = flow->l7;
		state->l7_source = flow->l7_source;
	}
	if (state->l7 != flow->l7 || state->l7_source != flow->l7_source) {
		state->l7 = L7_NONE;
		state->l7_source = L7_SOURCE_NONE;
	}
	state->first_ns = MIN(state->first_ns, flow->first_ns);
	state->last_ns = MAX(state->last_ns, flow->last_ns);
	state->ifaces |= flow->key.iface != state->iface;
	state->elsewhere |= flow->elsewhere;
	state->tcp_flags |= flow->tcp_flags;
	state->retransmits += flow->retransmits;
}

static void state_fill(const void *sum, const struct ledger *ledger, struct row *row)
{
	const struct state *state = sum;

	row->first_ns = state->first_ns;
	row->last_ns = state->last_ns;
	row->n_flows = state->n_flows;
	row->tcp_flags = state->tcp_flags;
	row->l7 = state->l7;
	row->l7_source = state->l7_source;
	row->retransmits = state->retransmits;
	row->elsewhere = state->elsewhere;
	row->iface = state->ifaces ? NULL : ledger_get_iface(ledger, state->iface);
}

/* What two owners have in common. */
static uint16_t owner_same(const struct owner *a, const struct owner *b)
{
	uint16_t same = 0;

	for (unsigned int i = 0; i < OWNER_TEXT_MAX; i++)
		same |= (uint16_t)((a->text[i] == b->text[i]) << i);
	same |= a->pid == b->pid ? ROW_SAME_PID : 0;
	same |= a->uid == b->uid ? ROW_SAME_UID : 0;
	return same;
}

static void owners_add(struct owners *owners, const struct flow_table *table,
		       const struct flow *flow)
{
	const struct owner *owner =
		flow->owner ? owner_get(flow_table_owners(table), flow->owner) : NULL;

	owners->estimated |= flow->owner_estimated;
	if (!owners->begun) {
		owners->begun = true;
		owners->owner = owner;
		owners->same = owner ? ROW_SAME_ALL : 0;
		owners->reason = flow->owner_reason;
	} else if (owners->owner && owner) {
		if (owner != owners->owner)
			owners->same &= owner_same(owner, owners->owner);
	} else if (owners->owner || owner || owners->reason != flow->owner_reason) {
		owners->owner = NULL;
		owners->same = 0;
		owners->reason = OWNER_REASON_MAX;
	}
}

static void owners_fill(const struct owners *owners, struct row *row)
{
	row->owner = owners->owner;
	row->owner_same = owners->same;
	row->owner_reason = owners->reason;
	row->owner_estimated = owners->estimated;
}

static void places_add(void *sum, const struct flow_table *table, const struct flow *flow)
{
	struct places *places = sum;
	const struct geo_place *far =
		geo_place(flow_table_geo(table), flow->places[flow_remote_side(&flow->key)]);

	if (!places->begun) {
		*places = (struct places){far, true, true, true};
	} else if (far != places->far) {
		bool known = far && places->far;

		places->same_country &= known && !strcmp(far->country, places->far->country);
		places->same_asn &= known && far->asn == places->far->asn;
	}
}

static void places_fill(const void *sum, const struct ledger *ledger ATTR_UNUSED, struct row *row)
{
	const struct places *places = sum;

	row->places[ROW_END_FAR] = places->far;
	row->same_country = places->same_country;
	row->same_asn = places->same_asn;
}

static void whole_add(void *sum, const struct flow_table *table, const struct flow *flow)
{
	struct whole *whole = sum;

	counts_add(whole->counts, table, flow);
	peaks_add(whole->peaks, table, flow);
	averages_add(whole->averages, table, flow);
	state_add(&whole->state, table, flow);
	owners_add(&whole->owners, table, flow);
	places_add(&whole->places, table, flow);
}

static void whole_fill(const void *sum, const struct ledger *ledger, struct row *row)
{
	const struct whole *whole = sum;

	counts_fill(whole->counts, ledger, row);
	peaks_fill(whole->peaks, ledger, row);
	averages_fill(whole->averages, ledger, row);
	state_fill(&whole->state, ledger, row);
	owners_fill(&whole->owners, row);
	places_fill(&whole->places, ledger, row);
}

/* What snapshot-group.c finds otherwise. */
#define NOT_SUMMED (ROW_GROUP | ROW_PEERS)

#define BOTH(type) (DIRECTION_MAX * sizeof(type))

/* Smaller ones first; for a column that needs nothing the first one is good enough. */
static const struct sum_kind kinds[] = {
	{ROW_COUNTS, BOTH(struct tally), counts_add, counts_fill},
	{ROW_PLACE, sizeof(struct places), places_add, places_fill},
	{ROW_RATES, BOTH(struct rates), rates_add, rates_fill},
	{ROW_STATE, sizeof(struct state), state_add, state_fill},
	{ROW_RATES | ROW_PEAKS, BOTH(struct peaks), peaks_add, peaks_fill},
	{ROW_AVERAGES, BOTH(struct averages), averages_add, averages_fill},
	{ROW_ALL & ~NOT_SUMMED, sizeof(struct whole), whole_add, whole_fill},
};

const struct sum_kind *sum_kind_find(unsigned int needs)
{
	const struct sum_kind *kind = kinds;

	while (needs & ~NOT_SUMMED & ~kind->gives)
		kind++;
	return kind;
}
