/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of the kind "flows": each interval the flows that had packets in it, oldest first. */
#include "config.h"

#include "event-data.h"
#include "event-seen.h"
#include "flow-table.h"
#include "flow.h"
#include "snapshot.h"

/* What the flow did in the interval, in place of what it did since it began. */
static void narrow(const struct flow_table *table, struct row *row)
{
	const struct flow *flow = flow_table_find(table, row->key);

	row->side[row->key->direction].count = flow->delta;
	row->tcp_flags = flow->delta_flags;
}

int event_flow_tick(struct event_stream *stream)
{
	const struct sample_tick *tick = ledger_last_tick(stream->ledger);
	const struct snapshot_config config = {
		.view = VIEW_ID_FLOWS,
		.sort = COLUMN_FIRST,
		.real_offset_ns = (int64_t)(tick->real_ns - tick->end_ns),
		.filter = stream->filter,
		.active = true,
	};
	int r = snapshot_build(stream->snapshot, stream->table, stream->ledger, &config);
	size_t n = snapshot_n_rows(stream->snapshot);

	for (size_t i = 0; i < n && r == 0 && !stream->ended; i++) {
		struct row row;

		snapshot_row(stream->snapshot, i, &row);
		if (stream->seen && !event_seen_add(stream->seen, row.key))
			continue;
		narrow(stream->table, &row);
		if (stream->config.json)
			r = event_json_flow(stream->record, tick->real_ns, &row);
		else
			event_text_flow(stream->record, tick->real_ns, &row);
		if (r == 0)
			r = event_end(stream);
	}
	return r;
}
