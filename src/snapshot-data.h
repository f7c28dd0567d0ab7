/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of a snapshot share: the rows to be, the groups, and the memory of both. */
#ifndef SNAPSHOT_DATA_H
#define SNAPSHOT_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "column.h"
#include "flow-table.h"
#include "macro.h"
#include "snapshot-index.h"
#include "snapshot-sum.h"
#include "snapshot.h"
#include "view.h"

/* A row to be: ordered by rank, see snapshot-order.c. */
struct snapshot_entry {
	uint64_t rank; /* smaller first: of the column, inverted where larger comes first */
	uint64_t id;
	uint32_t item; /* position of the leading flow, or of the group */
};

struct snapshot_group;

struct snapshot_groups {
	struct snapshot_group *groups;
	const struct sum_kind *kind; /* of sums: what the column of the order needs */
	void *sums;
	uint32_t *next; /* of each flow: the position of the next one of its group */
	size_t n, capacity, sums_capacity, next_capacity;
	struct snapshot_index index;
	/* Of groups that were looked at. */
	char (*labels)[VIEW_LABEL_MAX];
	struct row *rows;
	size_t labels_capacity, rows_capacity;
	/* Of all flows in groups. */
	double bps;
	uint64_t bytes;
};

/* What the rows down to each place add up to, as far as it was asked for. */
struct snapshot_shares {
	double *sums;
	size_t n, capacity;
};

/* Hashes of addresses: the distinct ones of a group. */
struct snapshot_peers {
	uint64_t *slots;
	size_t capacity;
};

/* Ids by the place they had, and the entries that claim these places. */
struct snapshot_places {
	uint64_t *ids;
	uint32_t *entries;
	struct snapshot_entry *spare;
	size_t n, ids_capacity, entries_capacity, spare_capacity;
	struct snapshot_index index;
};

struct snapshot {
	const struct flow_table *table;
	struct view_context context; /* of the table */
	struct snapshot_config config;
	const struct view *view;
	const struct column *column; /* sorted by */
	uint64_t invert;             /* XOR on ranks: all ones where larger comes first */
	const struct flow *flows;
	uint32_t n_flows;
	uint32_t *picked;  /* with a filter: positions of the flows that lead rows or join groups */
	uint32_t n_picked; /* without one as many as there are flows */
	size_t picked_capacity;
	struct snapshot_part passed;
	uint64_t now_ns;
	uint64_t seed[2]; /* keeps whoever sends packets from choosing hashes */

	struct snapshot_entry *entries; /* the first n_sorted are in order, before all others */
	size_t n_entries, n_sorted, entries_capacity;
	struct snapshot_groups groups;
	struct snapshot_shares shares;
	struct snapshot_peers peers;
	struct snapshot_places held;
};

/* Position of the flow that comes in this place among those picked. */
static inline uint32_t snapshot_pick(const struct snapshot *snapshot, uint32_t i)
{
	return snapshot->config.filter || snapshot->config.active ? snapshot->picked[i] : i;
}

/* False for the flow of a conversation that the other direction leads. */
static inline bool snapshot_leads(const struct flow *flow)
{
	return flow->opposite == FLOW_NONE || flow->key.direction == DIRECTION_IN;
}

/* snapshot-filter.c */

/* Picks flows by the filter of the configuration. */
int snapshot_filter(struct snapshot *snapshot);

/* snapshot-row.c */

/* The parts of a row that all rows have alike. */
void snapshot_row_init(const struct snapshot *snapshot, struct row *ret_row);
/* row went through snapshot_row_init(), and may have held other rows since, filled with the same
 * needs (ROW_*). */
void snapshot_row_fill(struct snapshot *snapshot, uint32_t item, unsigned int needs,
		       struct row *row);
/* Makes an entry of every row; groups are made before. */
int snapshot_rank(struct snapshot *snapshot);

/* snapshot-group.c */

int snapshot_group_flows(struct snapshot *snapshot);
void snapshot_group_fill(struct snapshot *snapshot, uint32_t item, unsigned int needs,
			 struct row *row);
void snapshot_groups_done(struct snapshot_groups *groups);

/* snapshot-share.c: of groups */

/* When there are groups. */
int snapshot_shares_begin(struct snapshot *snapshot);
/* The entries down to this place are in order, and row is the one there. */
void snapshot_shares_fill(struct snapshot *snapshot, size_t place, struct row *row);

/* snapshot-peers.c: of groups */

int snapshot_peers_reserve(struct snapshot *snapshot);
/* Exact, but for addresses whose hashes of 64 bits are the same. */
uint32_t snapshot_peers_count(struct snapshot *snapshot, uint32_t first, uint32_t n_flows);

/* snapshot-order.c */

/* Brings the first n entries into order. */
void snapshot_sort_until(struct snapshot *snapshot, size_t n);
/* The place at which the entry would come were all of them sorted. */
size_t snapshot_place_of(struct snapshot *snapshot, size_t entry);

/* snapshot-held.c */

/* Remembers the ids of the sorted entries by their place. */
int snapshot_places_keep(struct snapshot *snapshot);
/* Puts the entries whose ids had a place first, in that order. */
int snapshot_places_restore(struct snapshot *snapshot);
void snapshot_places_done(struct snapshot_places *places);

#endif
