/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups the flows of a snapshot. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "mix.h"
#include "snapshot-data.h"

#define KEY_WORDS 5
_Static_assert(VIEW_KEY_MAX == KEY_WORDS * sizeof(uint64_t), "keys are hashed as words");

#define NO_GROUP UINT32_MAX
/* Flows whose groups are fetched at the same time. */
#define BATCH 32
/* A flow is fetched so many flows before its turn. */
#define AHEAD 32
#define CACHE_LINE 64 /* of most machines */

/* Flows with the same key. A cache line: finding a group reads nothing else. */
struct snapshot_group {
	uint64_t key[KEY_WORDS]; /* as the view has it, zeros behind */
	uint64_t hash;           /* see key_hash() */
	uint32_t first, last;    /* positions of flows; groups.next has those between */
	uint32_t n_flows;
	uint8_t key_size;
	bool labelled; /* groups.labels has it */
	bool whole;    /* groups.rows has it */
};
_Static_assert(sizeof(struct snapshot_group) == 64, "struct snapshot_group fits a cache line");

static uint64_t id_step(uint64_t word)
{
	word *= 0x9fb21c651e98df25ULL; /* any odd number with its bits well spread */
	return word ^ word >> 32;
}

/* Alike in every run. */
static uint64_t key_id(const struct snapshot_group *group)
{
	uint64_t id = id_step(group->key_size);

	for (size_t i = 0; i * sizeof(*group->key) < group->key_size; i++)
		id = id_step(id_step(id ^ group->key[i]));
	return id;
}

/* Nobody outside knows the seed, so that nobody can choose keys that collide. */
static uint64_t key_hash(const struct snapshot_group *group, const uint64_t seed[2])
{
	const uint64_t *key = group->key;
	uint64_t hash = mix(key[0] ^ seed[0], key[1] ^ seed[1]);

	if (group->key_size > 2 * sizeof(*key))
		hash = mix(key[2] ^ hash, key[3] ^ seed[0]);
	return mix(key[4] ^ hash, group->key_size ^ seed[1]);
}

static bool key_equal(const struct snapshot_group *a, const struct snapshot_group *b)
{
	uint64_t differ = a->hash ^ b->hash;

	for (size_t i = 0; i < KEY_WORDS; i++)
		differ |= a->key[i] ^ b->key[i];
	return !differ && a->key_size == b->key_size;
}

static void *sum_of(const struct snapshot_groups *groups, size_t item)
{
	return (char *)groups->sums + item * groups->kind->size;
}

/* Going past the end does no harm. */
static inline void prefetch_flow(const struct flow *flow)
{
	for (size_t i = 0; i < sizeof(*flow); i += CACHE_LINE)
		__builtin_prefetch((const char *)flow + i);
}

/* A group for each of n flows, of which it is the only one. */
static void make_groups(const struct snapshot *snapshot, uint32_t base, uint32_t n,
			struct snapshot_group *ret_groups)
{
	const struct snapshot_index *index = &snapshot->groups.index;

	for (uint32_t i = 0; i < n; i++) {
		uint32_t position = snapshot_pick(snapshot, base + i);
		uint32_t ahead = MIN(base + i + AHEAD, snapshot->n_picked - 1);
		const struct flow *flow = &snapshot->flows[position];
		struct snapshot_group *group = &ret_groups[i];

		prefetch_flow(&snapshot->flows[snapshot_pick(snapshot, ahead)]);
		*group = (struct snapshot_group){.first = position, .last = position, .n_flows = 1};
		group->key_size = (uint8_t)snapshot->view->key(flow, &snapshot->context,
							       (uint8_t *)group->key);
	}
	/* Not in the same loop: a word is slow to read right after its bytes were written. */
	for (uint32_t i = 0; i < n; i++) {
		ret_groups[i].hash = key_hash(&ret_groups[i], snapshot->seed);
		__builtin_prefetch(&index->slots[snapshot_index_first(index, ret_groups[i].hash)]);
	}
}

/* Groups that have a key of these already, or one with a similar hash now and then. */
static void prefetch_groups(const struct snapshot_groups *groups,
			    const struct snapshot_group *wanted, uint32_t n)
{
	const struct snapshot_index *index = &groups->index;

	for (uint32_t i = 0; i < n; i++) {
		size_t slot = snapshot_index_find(index, wanted[i].hash);
		uint32_t item;

		if (!index->slots[slot])
			continue;
		item = snapshot_index_position(index, slot);
		__builtin_prefetch(&groups->groups[item], 1);
		__builtin_prefetch(sum_of(groups, item), 1);
	}
}

static uint32_t find_group(const struct snapshot_groups *groups,
			   const struct snapshot_group *wanted)
{
	const struct snapshot_index *index = &groups->index;
	size_t slot = snapshot_index_find(index, wanted->hash);

	while (index->slots[slot]) {
		uint32_t item = snapshot_index_position(index, slot);

		if (key_equal(&groups->groups[item], wanted))
			return item;
		slot = snapshot_index_find_next(index, slot, wanted->hash);
	}
	return NO_GROUP;
}

static uint32_t add_group(struct snapshot_groups *groups, const struct snapshot_group *group)
{
	uint32_t item = (uint32_t)groups->n++;

	groups->groups[item] = *group;
	memset(sum_of(groups, item), 0, groups->kind->size);
	snapshot_index_add(&groups->index, group->hash, item);
	return item;
}

/* Puts a flow at the end of its group, which single is, unless there is one with that key. */
static uint32_t join_group(struct snapshot_groups *groups, const struct snapshot_group *single)
{
	uint32_t item = find_group(groups, single);
	struct snapshot_group *group;

	if (item == NO_GROUP)
		return add_group(groups, single);
	group = &groups->groups[item];
	groups->next[group->last] = single->first;
	group->last = single->first;
	group->n_flows++;
	return item;
}

/* Room for n more groups. */
static int reserve_groups(struct snapshot_groups *groups, size_t n)
{
	size_t n_after = groups->n + n;
	int r;

	r = snapshot_reserve(&groups->groups, &groups->capacity, n_after, sizeof(*groups->groups),
			     groups->n);
	if (r >= 0)
		r = snapshot_reserve(&groups->sums, &groups->sums_capacity,
				     n_after * groups->kind->size, 1,
				     groups->n * groups->kind->size);
	if (r < 0 || 2 * n_after <= groups->index.n_slots)
		return r;
	r = snapshot_index_clear(&groups->index, 2 * n_after);
	for (uint32_t item = 0; r >= 0 && item < groups->n; item++)
		snapshot_index_add(&groups->index, groups->groups[item].hash, item);
	return r;
}

/* Room for what is worked out when a group is looked at. */
static int reserve_details(struct snapshot_groups *groups)
{
	int r = snapshot_reserve_sparse(&groups->labels, &groups->labels_capacity, groups->n,
					sizeof(*groups->labels));

	if (r < 0)
		return r;
	return snapshot_reserve_sparse(&groups->rows, &groups->rows_capacity, groups->n,
				       sizeof(*groups->rows));
}

/* In batches, so that the memory that many keys lead to is on its way at the same time. */
int snapshot_group_flows(struct snapshot *snapshot)
{
	struct snapshot_groups *groups = &snapshot->groups;
	struct snapshot_group batch[BATCH];
	uint32_t n;
	int r;

	/* there will be about as many groups as the last time */
	r = snapshot_index_clear(&groups->index, 2 * groups->n);
	if (r >= 0)
		r = snapshot_reserve(&groups->next, &groups->next_capacity, snapshot->n_flows,
				     sizeof(*groups->next), 0);
	if (r >= 0)
		r = snapshot_peers_reserve(snapshot);
	groups->n = 0;
	groups->bytes = 0;
	groups->bps = 0;
	groups->kind = sum_kind_find(snapshot->column->needs);
	for (uint32_t base = 0; r >= 0 && base < snapshot->n_picked; base += n) {
		n = MIN((uint32_t)BATCH, snapshot->n_picked - base);
		r = reserve_groups(groups, n);
		if (r < 0)
			break;
		make_groups(snapshot, base, n, batch);
		prefetch_groups(groups, batch, n);
		for (uint32_t i = 0; i < n; i++) {
			const struct flow *flow = &snapshot->flows[batch[i].first];

			groups->kind->add(sum_of(groups, join_group(groups, &batch[i])),
					  snapshot->table, flow);
			groups->bytes += flow->count.bytes;
			groups->bps += flow_bps(snapshot->table, flow);
		}
	}
	if (r >= 0)
		r = snapshot_shares_begin(snapshot);
	return r < 0 ? r : reserve_details(groups);
}

static const char *group_label(struct snapshot *snapshot, uint32_t item)
{
	struct snapshot_group *group = &snapshot->groups.groups[item];
	char *label = snapshot->groups.labels[item];

	if (!group->labelled)
		(void)snapshot->view->label(label, VIEW_LABEL_MAX, &snapshot->flows[group->first],
					    &snapshot->context);
	group->labelled = true;
	return label;
}

/* In the order in which ranking added the flows: the last digits of a sum depend on it. */
static void fill_whole(const struct snapshot *snapshot, const struct snapshot_group *group,
		       struct row *row)
{
	uint64_t sum[SUM_SIZE_MAX / sizeof(uint64_t)] = {0};
	const struct sum_kind *kind = sum_kind_find(ROW_ALL);
	uint32_t next = group->first;

	while (next != FLOW_NONE) {
		uint32_t positions[BATCH], n = 0;

		for (; n < BATCH && next != FLOW_NONE; n++) {
			prefetch_flow(&snapshot->flows[next]);
			positions[n] = next;
			next = next == group->last ? FLOW_NONE : snapshot->groups.next[next];
		}
		for (uint32_t i = 0; i < n; i++)
			kind->add(sum, snapshot->table, &snapshot->flows[positions[i]]);
	}
	kind->fill(sum, snapshot->context.ledger, row);
}

void snapshot_group_fill(struct snapshot *snapshot, uint32_t item, unsigned int needs,
			 struct row *row)
{
	struct snapshot_groups *groups = &snapshot->groups;
	struct snapshot_group *group = &groups->groups[item];

	if (needs == ROW_ALL && group->whole) {
		*row = groups->rows[item];
		return;
	}
	row->key = &snapshot->flows[group->first].key;
	row->id = key_id(group);
	row->group = needs & ROW_GROUP ? group_label(snapshot, item) : "";
	if (needs & ROW_PEERS)
		row->n_peers = snapshot_peers_count(snapshot, group->first, group->n_flows);
	if (needs != ROW_ALL) {
		groups->kind->fill(sum_of(groups, item), snapshot->context.ledger, row);
		return;
	}
	fill_whole(snapshot, group, row);
	groups->rows[item] = *row;
	group->whole = true;
}

void snapshot_groups_done(struct snapshot_groups *groups)
{
	free(groups->groups);
	free(groups->sums);
	free(groups->next);
	free(groups->labels);
	free(groups->rows);
	free(groups->index.slots);
}
