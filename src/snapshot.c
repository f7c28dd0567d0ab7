/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Makes rows from flows, groups them, and puts as many in order as are looked at. */
#include "config.h"

#include "snapshot.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "clock.h"
#include "flow-table.h"
#include "ledger.h"
#include "macro.h"

/* Ahead of the flow at hand, so that its other direction has arrived when it is needed. */
#define PREFETCH_DISTANCE 24
#define CACHE_LINE 64 /* of most machines */
/* Rows that are sorted at least when one behind the sorted ones is asked for. */
#define SORT_MORE 256
/* Stretches this short are sorted by insertion. */
#define SORT_SHORT 12

/* A row to be: ordered by rank, see entry_before(). */
struct entry {
	uint64_t rank; /* smaller first: of the column, inverted where larger comes first */
	uint64_t id;
	uint32_t item; /* position of the leading flow, or of the group */
};

/* The bytes that a flow is grouped by. */
struct group_key {
	uint64_t hash; /* seeded, see hash_bytes() */
	uint8_t size;
	uint8_t bytes[VIEW_KEY_MAX];
};

/* Flows with the same key. */
struct group {
	struct group_key key;
	uint64_t first_ns, last_ns;
	uint32_t first_flow; /* position of one of its flows */
	uint32_t n_flows;
	uint16_t iface; /* of that flow: it need not be read again for every other */
	uint8_t tcp_flags;
	bool elsewhere;
	bool ifaces; /* its flows are of several interfaces */
	bool labelled;
	struct row_side side[DIRECTION_MAX];
};

/* Hash table of positions: high half of the hash, position + 1; 0 is free. */
struct index {
	uint64_t *slots;
	size_t n_slots, capacity;
};

struct snapshot {
	const struct flow_table *table;
	const struct ledger *ledger;
	struct snapshot_config config;
	const struct view *view;
	const struct column *column; /* sorted by */
	uint64_t invert;             /* XOR on ranks: all ones where larger comes first */
	const struct flow *flows;
	uint32_t n_flows;
	uint64_t now_ns;

	struct entry *entries; /* the first n_sorted are in order, and before all others */
	size_t n_entries, n_sorted, entries_capacity;

	struct group *groups;
	char (*labels)[VIEW_LABEL_MAX]; /* of groups, written when first looked at */
	size_t n_groups, groups_capacity, labels_capacity;
	struct index group_index;

	/* Held order: ids by the place they had; the entries that claim these places. */
	uint64_t *held_ids;
	uint32_t *held_entries;
	struct entry *spare;
	size_t n_held, held_ids_capacity, held_entries_capacity, spare_capacity;
	struct index held_index;

	uint64_t seed; /* keeps whoever sends packets from choosing hashes */
};

int snapshot_new(struct snapshot **ret_snapshot)
{
	struct snapshot *snapshot = calloc(1, sizeof(*snapshot));

	if (!snapshot)
		return -ENOMEM;
	if (getrandom(&snapshot->seed, sizeof(snapshot->seed), GRND_NONBLOCK) !=
	    sizeof(snapshot->seed))
		snapshot->seed = clock_mono_ns() ^ (uintptr_t)snapshot;
	*ret_snapshot = snapshot;
	return 0;
}

void snapshot_free(struct snapshot *snapshot)
{
	if (!snapshot)
		return;
	free(snapshot->entries);
	free(snapshot->groups);
	free(snapshot->labels);
	free(snapshot->group_index.slots);
	free(snapshot->held_ids);
	free(snapshot->held_entries);
	free(snapshot->spare);
	free(snapshot->held_index.slots);
	free(snapshot);
}

/* ---- memory that is used again ---- */

/* Room for n elements; what was there is lost unless keep is true. */
static int reserve(void *array, size_t *capacity, size_t n, size_t size, bool keep)
{
	void *p;

	if (n <= *capacity)
		return 0;
	n = MAX(n, *capacity + *capacity / 2);
	memcpy(&p, array, sizeof(p));
	if (!keep) {
		free(p);
		p = NULL;
		*capacity = 0;
		memcpy(array, &p, sizeof(p));
	}
	p = reallocarray(p, n, size);
	if (!p)
		return -ENOMEM;
	memcpy(array, &p, sizeof(p));
	*capacity = n;
	return 0;
}

/* An empty index with room for n positions, at most half full. */
static int index_clear(struct index *index, size_t n)
{
	size_t n_slots = 64;
	int r;

	while (n_slots < 2 * n)
		n_slots *= 2;
	r = reserve(&index->slots, &index->capacity, n_slots, sizeof(*index->slots), false);
	if (r < 0)
		return r;
	memset(index->slots, 0, n_slots * sizeof(*index->slots));
	index->n_slots = n_slots;
	return 0;
}

static uint64_t mix(uint64_t word)
{
	word *= 0x9fb21c651e98df25ULL; /* any odd number with its bits well spread */
	return word ^ word >> 32;
}

static uint64_t hash_bytes(const uint8_t *bytes, size_t n, uint64_t seed)
{
	uint64_t hash = mix(seed ^ n), word;

	for (size_t i = 0; i < n; i += sizeof(word)) {
		word = 0;
		memcpy(&word, bytes + i, MIN(sizeof(word), n - i));
		hash = mix(mix(hash ^ word) + seed);
	}
	return hash;
}

/* ---- rows ---- */

/* Ranking comes here for every flow: what a column does not need is not even read. */
static inline void fill_side(const struct snapshot *snapshot, const struct flow *flow,
			     unsigned int needs, struct row_side *side)
{
	const struct flow_table *table = snapshot->table;

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
	row->elsewhere = flow->elsewhere;
	row->iface = ledger_get_iface(snapshot->ledger, flow->key.iface);
	if (!other)
		return;
	row->first_ns = MIN(row->first_ns, other->first_ns);
	row->last_ns = MAX(row->last_ns, other->last_ns);
	row->n_flows = 2;
	row->tcp_flags |= other->tcp_flags;
	row->elsewhere |= other->elsewhere;
}

static void fill_flow(const struct snapshot *snapshot, const struct flow *flow, unsigned int needs,
		      struct row *row)
{
	bool both = snapshot->view->rows == VIEW_CONVERSATIONS && flow->opposite != FLOW_NONE;
	const struct flow *other = both ? &snapshot->flows[flow->opposite] : NULL;
	enum direction direction = flow->key.direction;
	struct row_side *other_side = &row->side[DIRECTION_OUT - direction];

	row->key = &flow->key;
	row->id = flow->id;
	fill_side(snapshot, flow, needs, &row->side[direction]);
	if (other) {
		row->id = MIN(flow->id, other->id);
		fill_side(snapshot, other, needs, other_side);
	} else {
		*other_side = (struct row_side){.bps = 0};
	}
	if (needs & ROW_STATE)
		fill_state(snapshot, flow, other, row);
}

static const char *group_label(const struct snapshot *snapshot, uint32_t item)
{
	struct group *group = &snapshot->groups[item];
	char *label = snapshot->labels[item];

	if (!group->labelled)
		(void)snapshot->view->label(label, VIEW_LABEL_MAX,
					    &snapshot->flows[group->first_flow], snapshot->ledger);
	group->labelled = true;
	return label;
}

static void fill_group(const struct snapshot *snapshot, uint32_t item, unsigned int needs,
		       struct row *row)
{
	const struct group *group = &snapshot->groups[item];
	const struct flow *flow = &snapshot->flows[group->first_flow];

	row->key = &flow->key;
	row->id = hash_bytes(group->key.bytes, group->key.size, 0); /* alike in every run */
	row->group = needs & ROW_GROUP ? group_label(snapshot, item) : "";
	for (int d = 0; d < DIRECTION_MAX; d++) {
		struct row_side *side = &row->side[d];

		*side = group->side[d];
		side->peak_bps = MAX(side->peak_bps, side->bps);
		side->peak_pps = MAX(side->peak_pps, side->pps);
	}
	if (!(needs & ROW_STATE))
		return;
	row->first_ns = group->first_ns;
	row->last_ns = group->last_ns;
	row->n_flows = group->n_flows;
	row->tcp_flags = group->tcp_flags;
	row->elsewhere = group->elsewhere;
	row->iface = group->ifaces ? NULL : ledger_get_iface(snapshot->ledger, group->iface);
}

static void row_init(const struct snapshot *snapshot, struct row *ret_row)
{
	*ret_row = (struct row){
		.now_ns = snapshot->now_ns,
		.real_offset_ns = snapshot->config.real_offset_ns,
	};
}

/* row went through row_init(), and may have held other rows since, filled with the same needs. */
static void fill_row(const struct snapshot *snapshot, uint32_t item, unsigned int needs,
		     struct row *row)
{
	if (snapshot->view->rows == VIEW_GROUPS)
		fill_group(snapshot, item, needs, row);
	else
		fill_flow(snapshot, &snapshot->flows[item], needs, row);
}

/* ---- order ---- */

/* Rows of equal rank: building two rows is slow, and only columns of text come here often. */
static int compare_rows(const struct snapshot *snapshot, uint32_t a, uint32_t b)
{
	unsigned int needs = snapshot->column->needs;
	struct row a_row, b_row;
	int order;

	row_init(snapshot, &a_row);
	row_init(snapshot, &b_row);
	fill_row(snapshot, a, needs, &a_row);
	fill_row(snapshot, b, needs, &b_row);
	order = snapshot->column->compare(&a_row, &b_row);
	return snapshot->invert ? CMP(0, order) : order;
}

/* Total: ids tell rows apart, and items do should two groups ever hash alike. */
static bool entry_before(const struct snapshot *snapshot, const struct entry *a,
			 const struct entry *b)
{
	int order;

	if (a->rank != b->rank)
		return a->rank < b->rank;
	order = snapshot->column->compare ? compare_rows(snapshot, a->item, b->item) : 0;
	if (order)
		return order < 0;
	return a->id != b->id ? a->id < b->id : a->item < b->item;
}

static void entry_swap(struct entry *a, struct entry *b)
{
	struct entry copy = *a;

	*a = *b;
	*b = copy;
}

static void sort_short(const struct snapshot *snapshot, struct entry *entries, size_t n)
{
	for (size_t i = 1; i < n; i++)
		for (size_t k = i; k && entry_before(snapshot, &entries[k], &entries[k - 1]); k--)
			entry_swap(&entries[k], &entries[k - 1]);
}

/*
 * Moves a pivot to the front: the median of a sample, or less where only a few entries are wanted.
 * The sample is random, so that no order of arrival is a bad one.
 */
static void choose_pivot(const struct snapshot *snapshot, struct entry *entries, size_t n,
			 size_t n_wanted)
{
	size_t sample[15], n_sample = 0;
	size_t chosen = MIN(n_wanted * ARRAY_SIZE(sample) / n + 1, ARRAY_SIZE(sample) / 2);
	uint64_t random = mix(snapshot->seed ^ n);

	for (; n_sample < ARRAY_SIZE(sample); n_sample++) {
		size_t place, k = n_sample;

		random = mix(random + snapshot->seed);
		place = (size_t)(random >> 16) % n;
		for (; k && entry_before(snapshot, &entries[place], &entries[sample[k - 1]]); k--)
			sample[k] = sample[k - 1];
		sample[k] = place;
	}
	entry_swap(&entries[0], &entries[sample[chosen]]);
}

/* Hoare's partition; returns how many entries are in the lower part, at least 1, less than n. */
static size_t partition(const struct snapshot *snapshot, struct entry *entries, size_t n)
{
	const struct entry pivot = entries[0];
	size_t i = 0, k = n - 1;

	for (;; i++, k--) {
		while (entry_before(snapshot, &entries[i], &pivot))
			i++;
		while (entry_before(snapshot, &pivot, &entries[k]))
			k--;
		if (i >= k)
			return k + 1;
		entry_swap(&entries[i], &entries[k]);
	}
}

/* Brings the first n_wanted of n into order and leaves the others behind them in disorder. */
static void sort_first(const struct snapshot *snapshot, struct entry *entries, size_t n,
		       size_t n_wanted)
{
	while (n > SORT_SHORT) {
		size_t n_low;

		choose_pivot(snapshot, entries, n, n_wanted);
		n_low = partition(snapshot, entries, n);
		if (n_wanted <= n_low) {
			n = n_low;
		} else if (n_low < n - n_low) { /* the shorter part by recursion: it stays flat */
			sort_first(snapshot, entries, n_low, n_low);
			entries += n_low;
			n -= n_low;
			n_wanted -= n_low;
		} else {
			sort_first(snapshot, entries + n_low, n - n_low, n_wanted - n_low);
			n = n_wanted = n_low;
		}
	}
	sort_short(snapshot, entries, n);
}

static void sort_until(struct snapshot *snapshot, size_t n)
{
	size_t n_done = snapshot->n_sorted;

	n = MIN(n, snapshot->n_entries);
	if (n <= n_done)
		return;
	sort_first(snapshot, snapshot->entries + n_done, snapshot->n_entries - n_done, n - n_done);
	snapshot->n_sorted = n;
}

/* ---- groups ---- */

static void group_insert(struct snapshot *snapshot, uint32_t item)
{
	struct index *index = &snapshot->group_index;
	uint64_t hash = snapshot->groups[item].key.hash;
	size_t i = hash & (index->n_slots - 1);

	while (index->slots[i])
		i = (i + 1) & (index->n_slots - 1);
	index->slots[i] = (hash >> 32) << 32 | (item + 1);
}

static struct group *group_find(struct snapshot *snapshot, const struct group_key *key)
{
	const struct index *index = &snapshot->group_index;
	size_t i = key->hash & (index->n_slots - 1);

	for (; index->slots[i]; i = (i + 1) & (index->n_slots - 1)) {
		struct group *group = &snapshot->groups[(uint32_t)index->slots[i] - 1];

		if (index->slots[i] >> 32 == key->hash >> 32 && group->key.size == key->size &&
		    !memcmp(group->key.bytes, key->bytes, key->size))
			return group;
	}
	return NULL;
}

static int group_add(struct snapshot *snapshot, const struct group_key *key, uint32_t position,
		     struct group **ret_group)
{
	size_t n = snapshot->n_groups;
	int r;

	r = reserve(&snapshot->groups, &snapshot->groups_capacity, n + 1, sizeof(**ret_group),
		    true);
	if (r < 0)
		return r;
	snapshot->groups[n] = (struct group){
		.key = *key,
		.first_ns = UINT64_MAX,
		.first_flow = position,
		.iface = snapshot->flows[position].key.iface,
	};
	snapshot->n_groups++;
	if (2 * snapshot->n_groups <= snapshot->group_index.n_slots) {
		group_insert(snapshot, (uint32_t)n);
	} else {
		r = index_clear(&snapshot->group_index, 2 * snapshot->n_groups);
		if (r < 0)
			return r;
		for (uint32_t item = 0; item <= n; item++)
			group_insert(snapshot, item);
	}
	*ret_group = &snapshot->groups[n];
	return 0;
}

static void group_sum(const struct snapshot *snapshot, const struct flow *flow, struct group *group)
{
	struct row_side *side = &group->side[flow->key.direction];
	struct row_side part;

	fill_side(snapshot, flow, ROW_ALL, &part);
	tally_add(&side->count, &part.count);
	side->bps += part.bps;
	side->pps += part.pps;
	for (int window = 0; window < WINDOW_MAX; window++) {
		side->average_bps[window] += part.average_bps[window];
		side->average_pps[window] += part.average_pps[window];
	}
	side->peak_bps = MAX(side->peak_bps, part.peak_bps);
	side->peak_pps = MAX(side->peak_pps, part.peak_pps);
	group->first_ns = MIN(group->first_ns, flow->first_ns);
	group->last_ns = MAX(group->last_ns, flow->last_ns);
	group->n_flows++;
	group->tcp_flags |= flow->tcp_flags;
	group->elsewhere |= flow->elsewhere;
	group->ifaces |= flow->key.iface != group->iface;
}

static void make_keys(const struct snapshot *snapshot, uint32_t position, size_t n,
		      struct group_key *ret_keys)
{
	const struct index *index = &snapshot->group_index;

	for (size_t i = 0; i < n; i++) {
		struct group_key *key = &ret_keys[i];

		key->size =
			(uint8_t)snapshot->view->key(&snapshot->flows[position + i], key->bytes);
		key->hash = hash_bytes(key->bytes, key->size, snapshot->seed);
		__builtin_prefetch(&index->slots[key->hash & (index->n_slots - 1)]);
	}
}

/* Of the groups that the keys likely belong to. */
static void prefetch_groups(const struct snapshot *snapshot, const struct group_key *keys, size_t n)
{
	const struct index *index = &snapshot->group_index;

	for (size_t i = 0; i < n; i++) {
		uint64_t slot = index->slots[keys[i].hash & (index->n_slots - 1)];
		const char *group;

		if (!slot)
			continue;
		group = (const char *)&snapshot->groups[(uint32_t)slot - 1];
		for (size_t k = 0; k < sizeof(struct group); k += CACHE_LINE)
			__builtin_prefetch(group + k, 1);
	}
}

/* In batches, so that the memory that many keys lead to is on its way at the same time. */
static int group_flows(struct snapshot *snapshot, size_t n_expected)
{
	struct group_key keys[32];
	struct group *group;
	size_t n;
	int r;

	r = index_clear(&snapshot->group_index, n_expected);
	if (r < 0)
		return r;
	for (uint32_t base = 0; base < snapshot->n_flows; base += (uint32_t)n) {
		n = MIN(ARRAY_SIZE(keys), (size_t)(snapshot->n_flows - base));
		make_keys(snapshot, base, n, keys);
		prefetch_groups(snapshot, keys, n);
		for (size_t i = 0; i < n; i++) {
			group = group_find(snapshot, &keys[i]);
			if (!group)
				r = group_add(snapshot, &keys[i], base + (uint32_t)i, &group);
			if (r < 0)
				return r;
			group_sum(snapshot, &snapshot->flows[base + i], group);
		}
	}
	return reserve(&snapshot->labels, &snapshot->labels_capacity, snapshot->n_groups,
		       sizeof(*snapshot->labels), false);
}

/* ---- building ---- */

static inline void rank_item(struct snapshot *snapshot, uint32_t item, struct row *row)
{
	const struct column *column = snapshot->column;

	fill_row(snapshot, item, column->needs, row);
	snapshot->entries[snapshot->n_entries++] = (struct entry){
		.rank = column->rank(row) ^ snapshot->invert,
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
	for (uint32_t i = 0; i < snapshot->n_flows; i++) {
		prefetch(&snapshot->flows[MIN(i + PREFETCH_DISTANCE, snapshot->n_flows - 1)]);
		rank_item(snapshot, i, row);
	}
}

static void rank_conversations(struct snapshot *snapshot, struct row *row)
{
	const struct flow *flows = snapshot->flows;
	uint32_t n = snapshot->n_flows;

	for (uint32_t i = 0; i < n; i++) {
		const struct flow *ahead = &flows[MIN(i + PREFETCH_DISTANCE, n - 1)];

		prefetch(&flows[MIN(i + 2 * PREFETCH_DISTANCE, n - 1)]);
		if (ahead->opposite != FLOW_NONE && ahead->key.direction == DIRECTION_IN)
			prefetch(&flows[ahead->opposite]);
		if (flows[i].opposite == FLOW_NONE || flows[i].key.direction == DIRECTION_IN)
			rank_item(snapshot, i, row);
	}
}

static void rank_groups(struct snapshot *snapshot, struct row *row)
{
	for (size_t i = 0; i < snapshot->n_groups; i++)
		rank_item(snapshot, (uint32_t)i, row);
}

static void (*const rank_rows[])(struct snapshot *snapshot, struct row *row) = {
	[VIEW_FLOWS] = rank_flows,
	[VIEW_CONVERSATIONS] = rank_conversations,
	[VIEW_GROUPS] = rank_groups,
};

static void clear(struct snapshot *snapshot)
{
	snapshot->n_entries = 0;
	snapshot->n_sorted = 0;
	snapshot->n_groups = 0;
}

/* Everything but the order. */
static int build_rows(struct snapshot *snapshot, const struct flow_table *table,
		      const struct ledger *ledger, const struct snapshot_config *config)
{
	struct row row;
	size_t n_rows, n_groups = snapshot->n_groups;
	int r;

	clear(snapshot);
	snapshot->table = table;
	snapshot->ledger = ledger;
	snapshot->config = *config;
	snapshot->view = &view_table[config->view];
	snapshot->column = &column_table[column_in_unit(config->sort, config->unit)];
	snapshot->invert = snapshot->column->descending != config->reverse ? UINT64_MAX : 0;
	snapshot->now_ns = flow_table_now(table);
	snapshot->flows = flow_table_flows(table, &snapshot->n_flows);

	n_rows = snapshot->n_flows;
	if (snapshot->view->rows == VIEW_GROUPS) {
		r = group_flows(snapshot, n_groups);
		if (r < 0)
			return r;
		n_rows = snapshot->n_groups;
	}
	r = reserve(&snapshot->entries, &snapshot->entries_capacity, n_rows,
		    sizeof(*snapshot->entries), false);
	if (r < 0)
		return r;
	row_init(snapshot, &row);
	rank_rows[snapshot->view->rows](snapshot, &row);
	return 0;
}

static void sort_configured(struct snapshot *snapshot)
{
	sort_until(snapshot, snapshot->config.n_sorted ? snapshot->config.n_sorted : SIZE_MAX);
}

int snapshot_build(struct snapshot *snapshot, const struct flow_table *table,
		   const struct ledger *ledger, const struct snapshot_config *config)
{
	int r = build_rows(snapshot, table, ledger, config);

	if (r < 0) {
		clear(snapshot);
		return r;
	}
	sort_configured(snapshot);
	return 0;
}

/* ---- held order ---- */

/* Remembers the ids of the sorted rows by their place. */
static int hold(struct snapshot *snapshot)
{
	struct index *index = &snapshot->held_index;
	size_t n = snapshot->n_sorted;
	int r;

	snapshot->n_held = 0;
	r = reserve(&snapshot->held_ids, &snapshot->held_ids_capacity, n,
		    sizeof(*snapshot->held_ids), false);
	if (r >= 0)
		r = reserve(&snapshot->held_entries, &snapshot->held_entries_capacity, n,
			    sizeof(*snapshot->held_entries), false);
	if (r >= 0)
		r = index_clear(index, n);
	if (r < 0)
		return r;
	for (size_t place = 0; place < n; place++) {
		uint64_t id = snapshot->entries[place].id, hash = mix(id ^ snapshot->seed);
		size_t i = hash & (index->n_slots - 1);

		while (index->slots[i])
			i = (i + 1) & (index->n_slots - 1);
		index->slots[i] = (hash >> 32) << 32 | (place + 1);
		snapshot->held_ids[place] = id;
		snapshot->held_entries[place] = UINT32_MAX;
	}
	snapshot->n_held = n;
	return 0;
}

/* Gives an entry the place that its id had. */
static void claim_place(struct snapshot *snapshot, uint32_t entry)
{
	const struct index *index = &snapshot->held_index;
	uint64_t id = snapshot->entries[entry].id, hash = mix(id ^ snapshot->seed);
	size_t i = hash & (index->n_slots - 1);

	for (; index->slots[i]; i = (i + 1) & (index->n_slots - 1)) {
		uint32_t place = (uint32_t)index->slots[i] - 1;

		if (snapshot->held_ids[place] != id || snapshot->held_entries[place] != UINT32_MAX)
			continue;
		snapshot->held_entries[place] = entry;
		return;
	}
}

/* Puts the entries that had a place first, in that order. */
static int restore_places(struct snapshot *snapshot)
{
	struct entry *entries = snapshot->entries;
	size_t n = 0, capacity = snapshot->entries_capacity;
	int r;

	r = reserve(&snapshot->spare, &snapshot->spare_capacity, snapshot->n_entries,
		    sizeof(*snapshot->spare), false);
	if (r < 0)
		return r;
	for (size_t i = 0; i < snapshot->n_entries; i++)
		claim_place(snapshot, (uint32_t)i);
	for (size_t place = 0; place < snapshot->n_held; place++) {
		uint32_t entry = snapshot->held_entries[place];

		if (entry == UINT32_MAX)
			continue;
		snapshot->spare[n++] = entries[entry];
		entries[entry].item = UINT32_MAX; /* taken */
	}
	snapshot->n_sorted = n;
	for (size_t i = 0; i < snapshot->n_entries; i++)
		if (entries[i].item != UINT32_MAX)
			snapshot->spare[n++] = entries[i];
	snapshot->entries = snapshot->spare;
	snapshot->entries_capacity = snapshot->spare_capacity;
	snapshot->spare = entries;
	snapshot->spare_capacity = capacity;
	return 0;
}

int snapshot_build_held(struct snapshot *snapshot, const struct flow_table *table,
			const struct ledger *ledger, const struct snapshot_config *config)
{
	int r;

	if (snapshot->view != &view_table[config->view])
		return snapshot_build(snapshot, table, ledger, config);
	r = hold(snapshot);
	if (r >= 0)
		r = build_rows(snapshot, table, ledger, config);
	if (r >= 0)
		r = restore_places(snapshot);
	if (r < 0) {
		clear(snapshot);
		return r;
	}
	sort_configured(snapshot);
	return 0;
}

/* ---- reading ---- */

size_t snapshot_n_rows(const struct snapshot *snapshot)
{
	return snapshot->n_entries;
}

void snapshot_row(struct snapshot *snapshot, size_t place, struct row *ret_row)
{
	assert(place < snapshot->n_entries);
	if (place >= snapshot->n_sorted) {
		size_t more = MAX(snapshot->n_sorted / 2, (size_t)SORT_MORE);

		sort_until(snapshot, MAX(place + 1, snapshot->n_sorted + more));
	}
	row_init(snapshot, ret_row);
	fill_row(snapshot, snapshot->entries[place].item, ROW_ALL, ret_row);
}

/* Where a row that is not sorted yet would come: behind the sorted ones and all smaller ones. */
static size_t count_before(const struct snapshot *snapshot, const struct entry *entry)
{
	size_t n = snapshot->n_sorted;

	for (size_t i = snapshot->n_sorted; i < snapshot->n_entries; i++)
		n += entry_before(snapshot, &snapshot->entries[i], entry);
	return n;
}

int64_t snapshot_find(struct snapshot *snapshot, uint64_t id)
{
	for (size_t i = 0; i < snapshot->n_entries; i++) {
		if (snapshot->entries[i].id != id)
			continue;
		if (i >= snapshot->n_sorted)
			i = count_before(snapshot, &snapshot->entries[i]);
		return (int64_t)i;
	}
	return -ENOENT;
}
