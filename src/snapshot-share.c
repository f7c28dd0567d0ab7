/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The shares that groups have in the traffic of all of them. */
#include "config.h"

#include "snapshot-data.h"

int snapshot_shares_begin(struct snapshot *snapshot)
{
	snapshot->shares.n = 0;
	return snapshot_reserve_sparse(&snapshot->shares.sums, &snapshot->shares.capacity,
				       snapshot->groups.n, sizeof(*snapshot->shares.sums));
}

/* What shares are of. */
static double traffic(const struct snapshot *snapshot, const struct row *row)
{
	const struct row_side *in = &row->side[DIRECTION_IN], *out = &row->side[DIRECTION_OUT];

	if (snapshot->config.whole_run)
		return (double)in->count.bytes + (double)out->count.bytes;
	return in->bps + out->bps;
}

/* Sums up the rows down to this place, from the last one that was asked for. */
static void sum_until(struct snapshot *snapshot, size_t place)
{
	struct snapshot_shares *shares = &snapshot->shares;
	unsigned int needs = snapshot->config.whole_run ? ROW_COUNTS : ROW_RATES;
	double sum = shares->n ? shares->sums[shares->n - 1] : 0;
	struct row row;

	/* Groups that were not summed up for the order have to be now. */
	if (!(snapshot->groups.kind->gives & needs))
		needs = ROW_ALL;
	snapshot_row_init(snapshot, &row);
	for (; shares->n <= place; shares->n++) {
		snapshot_row_fill(snapshot, snapshot->entries[shares->n].item, needs, &row);
		sum += traffic(snapshot, &row);
		shares->sums[shares->n] = sum;
	}
}

void snapshot_shares_fill(struct snapshot *snapshot, size_t place, struct row *row)
{
	double total =
		snapshot->config.whole_run ? (double)snapshot->groups.bytes : snapshot->groups.bps;

	if (!(total > 0))
		return;
	sum_until(snapshot, place);
	row->share = traffic(snapshot, row) / total;
	row->cumulative_share = snapshot->shares.sums[place] / total;
}
