/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows of a view at one moment: built from a table, read by front ends. */
#include "config.h"

#include "snapshot.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/random.h>

#include "clock.h"
#include "flow-table.h"
#include "macro.h"
#include "snapshot-data.h"

/* Rows that are sorted at least when one behind the sorted ones is asked for. */
#define SORT_MORE 256

int snapshot_new(struct snapshot **ret_snapshot)
{
	struct snapshot *snapshot = calloc(1, sizeof(*snapshot));

	if (!snapshot)
		return -ENOMEM;
	if (getrandom(snapshot->seed, sizeof(snapshot->seed), GRND_NONBLOCK) !=
	    sizeof(snapshot->seed)) {
		snapshot->seed[0] = clock_mono_ns();
		snapshot->seed[1] = (uintptr_t)snapshot;
	}
	*ret_snapshot = snapshot;
	return 0;
}

void snapshot_free(struct snapshot *snapshot)
{
	if (!snapshot)
		return;
	snapshot_groups_done(&snapshot->groups);
	snapshot_places_done(&snapshot->held);
	free(snapshot->shares.sums);
	free(snapshot->peers.slots);
	free(snapshot->picked);
	free(snapshot->entries);
	free(snapshot);
}

/* Everything but the order. */
static int build_rows(struct snapshot *snapshot, const struct flow_table *table,
		      const struct ledger *ledger, const struct snapshot_config *config)
{
	int r;

	snapshot->n_entries = 0;
	snapshot->n_sorted = 0;
	snapshot->table = table;
	snapshot->context = (struct view_context){
		.ledger = ledger,
		.owners = flow_table_owners(table),
		.geo = flow_table_geo(table),
	};
	snapshot->config = *config;
	snapshot->view = &view_table[config->view];
	snapshot->column = &column_table[column_in_unit(config->sort, config->unit)];
	snapshot->invert = snapshot->column->descending != config->reverse ? UINT64_MAX : 0;
	snapshot->now_ns = flow_table_now(table);
	snapshot->flows = flow_table_flows(table, &snapshot->n_flows);
	r = snapshot_filter(snapshot);
	if (r >= 0 && snapshot->view->rows == VIEW_GROUPS)
		r = snapshot_group_flows(snapshot);
	return r < 0 ? r : snapshot_rank(snapshot);
}

static int build(struct snapshot *snapshot, const struct flow_table *table,
		 const struct ledger *ledger, const struct snapshot_config *config, bool held)
{
	int r = held ? snapshot_places_keep(snapshot) : 0;

	if (r >= 0)
		r = build_rows(snapshot, table, ledger, config);
	if (r >= 0 && held)
		r = snapshot_places_restore(snapshot);
	if (r < 0) {
		snapshot->n_entries = 0;
		snapshot->n_sorted = 0;
		return r;
	}
	snapshot_sort_until(snapshot, config->n_sorted ? config->n_sorted : SIZE_MAX);
	return 0;
}

int snapshot_build(struct snapshot *snapshot, const struct flow_table *table,
		   const struct ledger *ledger, const struct snapshot_config *config)
{
	return build(snapshot, table, ledger, config, false);
}

int snapshot_build_held(struct snapshot *snapshot, const struct flow_table *table,
			const struct ledger *ledger, const struct snapshot_config *config)
{
	bool same_view = snapshot->view == &view_table[config->view];

	return build(snapshot, table, ledger, config, same_view);
}

size_t snapshot_n_rows(const struct snapshot *snapshot)
{
	return snapshot->n_entries;
}

const struct snapshot_part *snapshot_passed(const struct snapshot *snapshot)
{
	return &snapshot->passed;
}

void snapshot_row(struct snapshot *snapshot, size_t place, struct row *ret_row)
{
	assert(place < snapshot->n_entries);
	if (place >= snapshot->n_sorted) {
		size_t more = MAX(snapshot->n_sorted / 2, (size_t)SORT_MORE);

		snapshot_sort_until(snapshot, MAX(place + 1, snapshot->n_sorted + more));
	}
	snapshot_row_init(snapshot, ret_row);
	snapshot_row_fill(snapshot, snapshot->entries[place].item, ROW_ALL, ret_row);
	if (snapshot->view->rows == VIEW_GROUPS)
		snapshot_shares_fill(snapshot, place, ret_row);
}

int64_t snapshot_find(struct snapshot *snapshot, uint64_t id)
{
	for (size_t i = 0; i < snapshot->n_entries; i++)
		if (snapshot->entries[i].id == id)
			return (int64_t)snapshot_place_of(snapshot, i);
	return -ENOENT;
}
