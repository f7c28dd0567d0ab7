/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What a front end shows: the rows of a view over the flow table at one moment, in order. Building
 * ranks every row but sorts only as many as are asked for.
 *
 * A conversation is led by its in-flow where there is one; its id is that of its older flow. The id
 * of a group is a hash of its key bytes. In a group, counts and rates are sums over its flows,
 * first and last seen the extremes, flags the union; peaks as struct row_side says.
 *
 * With a filter, rows are made of the flows that pass. A conversation is shown whole when one of
 * its directions passes.
 */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "column.h"
#include "view.h"

struct filter;
struct flow_table;
struct ledger;
struct snapshot;

struct snapshot_config {
	enum view_id view;
	enum column_id sort;
	bool reverse;           /* of the column's natural order */
	enum unit unit;         /* UNIT_PACKETS: a sort by *bps means *pps */
	size_t n_sorted;        /* rows that must be in order at the top; 0: all */
	int64_t real_offset_ns; /* CLOCK_REALTIME - CLOCK_MONOTONIC */
	bool whole_run;         /* shares are of bytes, not of rates */
	struct filter *filter;  /* NULL: all flows; not needed after building */
	bool active;            /* of flows: only those of the last interval */
};

int snapshot_new(struct snapshot **ret_snapshot);
void snapshot_free(struct snapshot *snapshot);

/*
 * Fills the snapshot. table and ledger must stay unchanged while rows are read. Memory is reused;
 * -ENOMEM leaves the snapshot empty.
 */
int snapshot_build(struct snapshot *snapshot, const struct flow_table *table,
		   const struct ledger *ledger, const struct snapshot_config *config);
/*
 * As build, but rows keep the order they had; rows that had no place yet, because they are new or
 * were never sorted, come last, in order. Same as build when the view is another one.
 */
int snapshot_build_held(struct snapshot *snapshot, const struct flow_table *table,
			const struct ledger *ledger, const struct snapshot_config *config);

size_t snapshot_n_rows(const struct snapshot *snapshot);
/* What the rows are made of; with a filter not all there is. */
struct snapshot_part {
	uint32_t n_flows; /* each direction apart */
	uint64_t packets, bytes;
};
/* Zeros where there was no filter. */
const struct snapshot_part *snapshot_passed(const struct snapshot *snapshot);
/*
 * Row at a place of the order, less than n_rows; sorts further when place lies behind what was
 * sorted so far. What the row points to lives until the next build.
 */
void snapshot_row(struct snapshot *snapshot, size_t place, struct row *ret_row);
/*
 * Rows behind the n from place top on that by their column alone come before the last of these: 0
 * while the order is not held.
 */
size_t snapshot_n_risen(struct snapshot *snapshot, size_t top, size_t n);
/*
 * Row of a flow of the table, or of its conversation, also where the filter leaves it out; in a
 * view of groups of the flow alone. False: the table has neither it nor, in conversations, its
 * other direction.
 */
bool snapshot_flow_row(struct snapshot *snapshot, const struct flow_key *key, struct row *ret_row);
/* Place of the row with this id, -ENOENT otherwise. */
int64_t snapshot_find(struct snapshot *snapshot, uint64_t id);

#endif
