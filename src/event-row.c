/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes rows of events, so that they have the columns and the filter of flows. */
#include "config.h"

#include "event-data.h"
#include "filter.h"
#include "owner.h"

/* The flow as the table has it, or one that had no packet yet. */
static void find_flow(const struct event_stream *stream, const struct flow_key *key,
		      struct flow *ret_flow)
{
	const struct flow *known = flow_table_find(stream->input.table, key);
	struct owner_match match;

	if (known) {
		*ret_flow = *known;
	} else {
		*ret_flow = (struct flow){.key = *key, .opposite = FLOW_NONE};
		ret_flow->first_ns = ret_flow->last_ns = flow_table_now(stream->input.table);
	}
	if (ret_flow->owner)
		return;
	owner_find(stream->input.owners, key, &match);
	ret_flow->owner = match.owner;
	ret_flow->owner_reason = match.reason;
	ret_flow->owner_estimated = match.estimated;
}

bool event_row_fill(struct event_stream *stream, const struct flow_key *key,
		    struct event_row *ret_row)
{
	struct flow *flow = &ret_row->flow;
	struct row *row = &ret_row->row;

	find_flow(stream, key, flow);
	if (stream->filter) {
		filter_begin(stream->filter, stream->input.table, stream->input.ledger);
		if (!filter_match(stream->filter, flow))
			return false;
	}
	*row = (struct row){
		.key = &flow->key,
		.id = flow->id,
		.first_ns = flow->first_ns,
		.last_ns = flow->last_ns,
		.n_flows = 1,
		.tcp_flags = flow->tcp_flags,
		.elsewhere = flow->elsewhere,
		.iface = ledger_get_iface(stream->input.ledger, key->iface),
		.owner = flow->owner ? owner_get(stream->input.owners, flow->owner) : NULL,
		.owner_reason = flow->owner_reason,
		.owner_estimated = flow->owner_estimated,
	};
	row->owner_same = row->owner ? ROW_SAME_ALL : 0;
	row->side[key->direction].count = flow->count;
	return true;
}
