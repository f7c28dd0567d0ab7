/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes rows from flows: one at a time for readers, all of them in turn for ranking. */
#include "config.h"

#include "flow.h"
#include "geo.h"
#include "ledger.h"
#include "owner.h"
#include "snapshot-data.h"

/* Ahead of the flow at hand, so that its other direction has arrived when it is needed. */
#define PREFETCH_DISTANCE 24

/* Ranking comes here for every flow: what a column does not need is not even read. */
static inline void fill_side(const struct flow_table *table, const struct flow *flow,
			     unsigned int needs, struct row_side *side)
{
	if (needs & ROW_COUNTS)
		side->count = flow->count;
	if (needs & (ROW_RATES | ROW_PEAKS)) {
		side->bps = flow_bps(table, flow);
		side->pps = flow_pps(table, flow);
	}
	if (needs & ROW_PEAKS) {
		side->peak_bps = MAX((double)flow->peak_bps, side->bps);
		side->peak_pps = MAX((double)flow->peak_pps, side->pps);
	}
	for (int window = 0; needs & ROW_AVERAGES && window < WINDOW_MAX; window++) {
		side->average_bps[window] = flow_average_bps(table, flow, window);
		side->average_pps[window] = flow_average_pps(table, flow, window);
	}
}

static void fill_state(const struct snapshot *snapshot, const struct flow *flow,
		       const struct flow *other, struct row *row)
{
	row->first_ns = flow->first_ns;
	row->last_ns = flow->last_ns;
	row->n_flows = 1;
	row->tcp_flags = flow->tcp_flags;
	row->l7 = flow->l7;
	row->l7_source = flow->l7_source;
	row->retransmits = flow->retransmits;
	row->elsewhere = flow->elsewhere;
	row->iface = ledger_get_iface(snapshot->context.ledger, flow->key.iface);
	if (!other)
		return;
	row->first_ns = MIN(row->first_ns, other->first_ns);
	row->last_ns = MAX(row->last_ns, other->last_ns);
	row->n_flows = 2;
	row->tcp_flags |= other->tcp_flags;
	row->retransmits += other->retransmits;
	row->elsewhere |= other->elsewhere;
}

/* Both directions have the same near end. */
static void fill_owner(const struct snapshot *snapshot, const struct flow *flow,
		       const struct flow *other, struct row *row)
{
	if (other && !flow->owner && other->owner)
		flow = other;
	row->owner = flow->owner ? owner_get(snapshot->context.owners, flow->owner) : NULL;
	row->owner_same = row->owner ? ROW_SAME_ALL : 0;
	row->owner_reason = flow->owner_reason;
	row->owner_estimated = flow->owner_estimated;
}

/* Both directions have the same far end. */
static void fill_places(const struct snapshot *snapshot, const struct flow *flow, struct row *row)
{
	enum side far = flow_remote_side(&flow->key);

	row->places[ROW_END_SRC] = geo_place(snapshot->context.geo, flow->places[SIDE_SRC]);
	row->places[ROW_END_DST] = geo_place(snapshot->context.geo, flow->places[SIDE_DST]);
	row->places[ROW_END_FAR] = row->places[far == SIDE_SRC ? ROW_END_SRC : ROW_END_DST];
	row->same_country = row->same_asn = true;
}

static void fill_flow(struct snapshot *snapshot, uint32_t item, unsigned int needs, struct row *row)
{
	const struct flow *flow = &snapshot->flows[item], *other = NULL;
	enum direction direction = flow->key.direction;
	struct row_side *other_side = &row->side[DIRECTION_OUT - direction];

	if (snapshot->view->rows == VIEW_CONVERSATIONS && flow->opposite != FLOW_NONE)
		other = &snapshot->flows[flow->opposite];
	row->key = &flow->key;
	row->id = flow->id;
	fill_side(snapshot->table, flow, needs, &row->side[direction]);
	if (other) {
		row->id = MIN(flow->id, other->id);
		fill_side(snapshot->table, other, needs, other_side);
	} else {
		*other_side = (struct row_side){.bps = 0};
	}
	if (needs & ROW_STATE)
		fill_state(snapshot, flow, other, row);
	if (needs & ROW_OWNER)
		fill_owner(snapshot, flow, other, row);
	if (needs & ROW_PLACE)
		fill_places(snapshot, flow, row);
}

void snapshot_row_init(const struct snapshot *snapshot, struct row *ret_row)
{
	*ret_row = (struct row){
		.now_ns = snapshot->now_ns,
		.real_offset_ns = snapshot->config.real_offset_ns,
	};
}

void snapshot_row_fill(struct snapshot *snapshot, uint32_t item, unsigned int needs,
		       struct row *row)
{
	if (snapshot->view->rows == VIEW_GROUPS)
		snapshot_group_fill(snapshot, item, needs, row);
	else
		fill_flow(snapshot, item, needs, row);
}

bool snapshot_flow_row(struct snapshot *snapshot, const struct flow_key *key, struct row *ret_row)
{
	bool paired = snapshot->view->rows == VIEW_CONVERSATIONS;
	const struct flow *flow = flow_table_find(snapshot->table, key);
	struct flow_key reverse;

	if (!flow && paired) {
		flow_key_reverse(key, &reverse);
		flow = flow_table_find(snapshot->table, &reverse);
	}
	if (!flow)
		return false;
	if (paired && !snapshot_leads(flow))
		flow = &snapshot->flows[flow->opposite];
	snapshot_row_init(snapshot, ret_row);
	fill_flow(snapshot, (uint32_t)(flow - snapshot->flows), ROW_ALL, ret_row);
	return true;
}

static inline void add_entry(struct snapshot *snapshot, uint32_t item, const struct row *row)
{
	snapshot->entries[snapshot->n_entries++] = (struct snapshot_entry){
		.rank = snapshot->column->rank(row) ^ snapshot->invert,
		.id = row->id,
		.item = item,
	};
}

/* What ranking reads of a flow, but for its counts. */
static inline void prefetch(const struct flow *flow)
{
	__builtin_prefetch(&flow->key.direction);
	__builtin_prefetch(&flow->delta);
	__builtin_prefetch(&flow->id);
}

static void rank_flows(struct snapshot *snapshot, struct row *row)
{
	const struct flow *flows = snapshot->flows;
	uint32_t n = snapshot->n_picked;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t item = snapshot_pick(snapshot, i);

		prefetch(&flows[snapshot_pick(snapshot, MIN(i + PREFETCH_DISTANCE, n - 1))]);
		fill_flow(snapshot, item, snapshot->column->needs, row);
		add_entry(snapshot, item, row);
	}
}

static void rank_conversations(struct snapshot *snapshot, struct row *row)
{
	const struct flow *flows = snapshot->flows;
	uint32_t n = snapshot->n_picked;

	for (uint32_t i = 0; i < n; i++) {
		const struct flow *ahead =
			&flows[snapshot_pick(snapshot, MIN(i + PREFETCH_DISTANCE, n - 1))];
		uint32_t item = snapshot_pick(snapshot, i);

		prefetch(&flows[snapshot_pick(snapshot, MIN(i + 2 * PREFETCH_DISTANCE, n - 1))]);
		if (ahead->opposite != FLOW_NONE && ahead->key.direction == DIRECTION_IN)
			prefetch(&flows[ahead->opposite]);
		if (!snapshot_leads(&flows[item]))
			continue;
		fill_flow(snapshot, item, snapshot->column->needs, row);
		add_entry(snapshot, item, row);
	}
}

static void rank_groups(struct snapshot *snapshot, struct row *row)
{
	for (uint32_t i = 0; i < snapshot->groups.n; i++) {
		snapshot_group_fill(snapshot, i, snapshot->column->needs, row);
		add_entry(snapshot, i, row);
	}
}

static void (*const rank_rows[])(struct snapshot *snapshot, struct row *row) = {
	[VIEW_FLOWS] = rank_flows,
	[VIEW_CONVERSATIONS] = rank_conversations,
	[VIEW_GROUPS] = rank_groups,
};

int snapshot_rank(struct snapshot *snapshot)
{
	bool grouped = snapshot->view->rows == VIEW_GROUPS;
	struct row row;
	int r;

	r = snapshot_reserve(&snapshot->entries, &snapshot->entries_capacity,
			     grouped ? snapshot->groups.n : snapshot->n_picked,
			     sizeof(*snapshot->entries), 0);
	if (r < 0)
		return r;
	snapshot_row_init(snapshot, &row);
	rank_rows[snapshot->view->rows](snapshot, &row);
	return 0;
}
