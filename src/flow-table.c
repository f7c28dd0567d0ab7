/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of all flows. */
#include "config.h"

#include "flow-table.h"

#include <assert.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <string.h>
#include <sys/mman.h>

#include "cleanup.h"
#include "flow-index.h"
#include "flow-owner.h"
#include "flow-place.h"
#include "flow-rank.h"
#include "flow.h"
#include "macro.h"
#include "owner.h"

/* A flow is fetched this many flows before its turn, its word in the index twice as many. */
#define AHEAD 16
#define RING (4 * AHEAD)

/* Connections that nobody has accepted yet are looked at again; the oldest make room. */
#define LOOSE_MAX 4096
#define LOOSE_TICKS 60

/* New flows whose owners are looked for together. */
#define PENDING 32

/* One in so many leaves when the table is full. */
#define EVICT_SHARE 4

/* Parts of the mapping start at a multiple of this: the size of a huge page on most machines. */
#define PART_ALIGN ((size_t)2 << 20)

struct flow_table {
	struct flow *flows;
	struct flow_index index;
	uint32_t *touched; /* positions of the flows that are in the open interval */
	uint64_t *ranks;   /* scratch for eviction, twice capacity */
	uint32_t capacity, n, n_touched;
	uint32_t tick;     /* number of the open interval, from 1 */
	uint32_t n_active; /* flows in the last closed interval */
	uint64_t next_id;
	uint64_t open_id; /* flows from this id on are new in the open interval */
	uint64_t evicted;
	struct owner_table *owners; /* NULL: nobody asks */
	uint32_t owner_version;     /* its version; nothing changes while flows are added */
	bool is_clone;              /* owners is its own */
	struct geo *geo;            /* NULL: nobody asks */
	uint32_t pending[PENDING];  /* positions of new flows whose owners are to be found */
	uint32_t n_pending;
	struct loose {
		uint64_t id; /* of a flow, and 1; 0: free */
		uint32_t position, tick;
	} loose[LOOSE_MAX];
	uint32_t next_loose, n_loose;
	struct rate rate;
	void *map; /* everything above that is an array */
	size_t map_size;
	struct flow_sum sums[SAMPLE_IFACE_MAX][DIRECTION_MAX];
};
DEFINE_CLEANUP(struct flow_table *, flow_table_free);

static size_t align_part(size_t size)
{
	return (size + PART_ALIGN - 1) & ~(PART_ALIGN - 1);
}

/* Untouched pages of the mapping take no memory, and huge pages halve the cost of large tables. */
static int table_map(struct flow_table *table)
{
	size_t n = table->capacity;
	size_t flows = align_part(n * sizeof(*table->flows));
	size_t index = align_part(flow_index_size(table->capacity));
	size_t touched = align_part(n * sizeof(*table->touched));
	size_t ranks = align_part(2 * n * sizeof(*table->ranks));
	size_t size = PART_ALIGN + flows + index + touched + ranks;
	char *part;

	table->map = mmap(NULL, size, PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (table->map == MAP_FAILED) {
		int r = -errno;

		table->map = NULL;
		return r;
	}
	table->map_size = size;
	part = (char *)align_part((uintptr_t)table->map);
	(void)madvise(part, flows + index, MADV_HUGEPAGE); /* speed only */
	table->flows = (struct flow *)part;
	table->touched = (uint32_t *)(part + flows + index);
	table->ranks = (uint64_t *)(part + flows + index + touched);
	return flow_index_init(&table->index, table->capacity, part + flows);
}

int flow_table_new(uint32_t max_flows, struct flow_table **ret_table)
{
	cleanup(flow_table_freep) struct flow_table *table = NULL;
	int r;

	if (!max_flows || max_flows > FLOW_TABLE_MAX)
		return -EINVAL;
	table = calloc(1, sizeof(*table));
	if (!table)
		return -ENOMEM;
	table->capacity = max_flows;
	table->tick = 1;
	r = table_map(table);
	if (r < 0)
		return r;
	*ret_table = take_ptr(table);
	return 0;
}

void flow_table_free(struct flow_table *table)
{
	if (!table)
		return;
	if (table->is_clone)
		owner_table_free(table->owners);
	if (table->map)
		(void)munmap(table->map, table->map_size);
	free(table);
}

void flow_table_set_owners(struct flow_table *table, struct owner_table *owners)
{
	table->owners = owners;
}

const struct owner_table *flow_table_owners(const struct flow_table *table)
{
	return table->owners;
}

void flow_table_set_geo(struct flow_table *table, struct geo *geo)
{
	table->geo = geo;
}

void flow_table_find_places(const struct flow_table *table, struct flow *flow)
{
	if (table->geo)
		flow_place_find(table->geo, flow);
}

const struct geo *flow_table_geo(const struct flow_table *table)
{
	return table->geo;
}

int flow_table_clone(const struct flow_table *table, struct flow_table **ret_table)
{
	cleanup(flow_table_freep) struct flow_table *clone = NULL;
	struct flow_table arrays;
	int r = flow_table_new(table->capacity, &clone);

	if (r < 0)
		return r;
	arrays = *clone;
	*clone = *table;
	clone->flows = arrays.flows;
	clone->index = arrays.index;
	clone->touched = arrays.touched;
	clone->ranks = arrays.ranks;
	clone->map = arrays.map;
	clone->map_size = arrays.map_size;
	clone->owners = NULL;
	clone->is_clone = true;
	if (table->owners)
		r = owner_table_clone(table->owners, &clone->owners);
	if (r < 0)
		return r;
	memcpy(clone->flows, table->flows, table->n * sizeof(*table->flows));
	memcpy(clone->touched, table->touched, table->n_touched * sizeof(*table->touched));
	flow_index_copy(&clone->index, &table->index, clone->flows, clone->n);
	*ret_table = take_ptr(clone);
	return 0;
}

/* The part of a flow that adding touches. Prefetching may go past the end. */
static inline void flow_prefetch(const struct flow *flow)
{
	__builtin_prefetch(flow, 1);
	__builtin_prefetch((const char *)flow + 64, 1);
}

/* The flow at this position leaves; its place is about to be filled or cut off. */
static void table_drop(struct flow_table *table, uint32_t position)
{
	const struct flow *flow = &table->flows[position];
	struct flow_sum *sum = &table->sums[flow->key.iface][flow->key.direction];

	if (flow->opposite != FLOW_NONE)
		table->flows[flow->opposite].opposite = FLOW_NONE;
	/* The counts of open rows are in folded already. */
	if (!flow->key.open) {
		sum->flows.packets -= flow->count.packets;
		sum->flows.bytes -= flow->count.bytes;
		tally_add(&sum->folded, &flow->count);
	}
	if (table->owners)
		owner_unref(table->owners, flow->owner);
	table->evicted++;
}

static void table_move(struct flow_table *table, uint32_t from, uint32_t to)
{
	struct flow *flow = &table->flows[to];

	*flow = table->flows[from];
	if (flow->opposite != FLOW_NONE)
		table->flows[flow->opposite].opposite = to;
	table->ranks[to] = table->ranks[from];
	flow_index_move(&table->index, from, to);
}

/* Flows from the end fill the places of those that leave. */
static void table_compact(struct flow_table *table, struct flow_rank_cut *cut)
{
	uint32_t low = 0, high = table->n;

	while (low < high) {
		if (!flow_rank_leaves(cut, table->ranks[low])) {
			low++;
			continue;
		}
		table_drop(table, low);
		while (--high > low) {
			if (!flow_rank_leaves(cut, table->ranks[high])) {
				table_move(table, high, low++);
				break;
			}
			table_drop(table, high);
		}
	}
	table->n = low;
}

static void table_evict(struct flow_table *table)
{
	uint32_t n_leave = MAX(table->n / EVICT_SHARE, 1u);
	struct flow_rank_cut cut;

	for (uint32_t i = 0; i < table->n; i++) {
		flow_prefetch(&table->flows[i + AHEAD]);
		table->ranks[i] = flow_rank(&table->flows[i]);
	}
	flow_rank_cut(table->ranks, table->ranks + table->capacity, table->n, n_leave, &cut);
	table_compact(table, &cut);

	table->n_touched = 0;
	for (uint32_t i = 0; i < table->n; i++)
		if (flow_rank_tick(table->ranks[i]) == table->tick)
			table->touched[table->n_touched++] = i;
	flow_index_rebuild(&table->index, table->flows, table->n);
}

static void keep_loose(struct flow_table *table, uint32_t position)
{
	struct loose *loose = &table->loose[table->next_loose++ % LOOSE_MAX];

	table->n_loose += !loose->id;
	*loose = (struct loose){table->flows[position].id + 1, position, table->tick};
}

/* Those that were accepted since: they may have no more packets that would ask for their owner. */
static void check_loose(struct flow_table *table)
{
	uint32_t version = owner_version(table->owners);

	for (uint32_t i = 0; table->n_loose && i < LOOSE_MAX; i++) {
		struct loose *loose = &table->loose[i];
		struct flow *flow = &table->flows[loose->position];

		if (!loose->id)
			continue;
		if (loose->position < table->n && flow->id + 1 == loose->id &&
		    table->tick - loose->tick < LOOSE_TICKS &&
		    flow_owner_check(table->owners, flow, version, true))
			continue;
		loose->id = 0;
		table->n_loose--;
	}
}

/* Looks for the owners of new flows, several at a time, so that the memory is on its way. */
static void find_pending(struct flow_table *table)
{
	for (uint32_t i = 0; i < table->n_pending; i++)
		owner_prefetch(table->owners, &table->flows[table->pending[i]].key);
	for (uint32_t i = 0; i < table->n_pending; i++)
		if (flow_owner_find(table->owners, &table->flows[table->pending[i]]))
			keep_loose(table, table->pending[i]);
	table->n_pending = 0;
}

static void guess_label(struct flow *flow)
{
	flow->l7 = flow_l7_guess(&flow->key);
	flow->l7_source = flow->l7 ? L7_SOURCE_PORT : L7_SOURCE_NONE;
}

static void set_label(struct flow *flow, uint8_t l7)
{
	flow->l7 = l7;
	flow->l7_source = L7_SOURCE_PAYLOAD;
}

static struct flow *get_opposite(struct flow_table *table, const struct flow *flow)
{
	return flow->opposite == FLOW_NONE ? NULL : &table->flows[flow->opposite];
}

static void begin_label(struct flow_table *table, struct flow *flow)
{
	const struct flow *other = get_opposite(table, flow);

	if (other && other->l7_source == L7_SOURCE_PAYLOAD)
		set_label(flow, other->l7);
	else
		guess_label(flow);
}

/*
 * The first label of a connection stays, since what follows may be anything, such as TLS inside of
 * SMTP. A SYN begins another connection between the same ports. What one direction says is true of
 * the other.
 */
static void close_label(struct flow_table *table, struct flow *flow)
{
	bool begins = flow->delta_flags & TH_SYN;
	uint8_t l7 = flow->delta_l7;
	struct flow *other;

	if (!begins && (!l7 || flow->l7_source == L7_SOURCE_PAYLOAD))
		return;
	other = get_opposite(table, flow);
	if (!l7 && other && other->tick == table->tick)
		l7 = other->delta_l7;
	if (!l7) {
		guess_label(flow);
		return;
	}
	set_label(flow, l7);
	if (other && other->l7_source != L7_SOURCE_PAYLOAD)
		set_label(other, l7);
}

static uint32_t table_insert(struct flow_table *table, const struct flow_key *key, uint64_t hash)
{
	uint32_t position;

	if (table->n == table->capacity) {
		find_pending(table); /* before they move */
		table_evict(table);
	}
	position = table->n++;
	flow_prefetch(&table->flows[position + 4]);
	table->flows[position] = (struct flow){
		.key = *key,
		.opposite = FLOW_NONE,
		.id = table->next_id++,
		.first_ns = table->rate.now_ns,
		.last_ns = table->rate.now_ns,
		.owner_reason = OWNER_OFF,
		.owner_version = table->owner_version,
	};
	if (table->geo)
		flow_place_find(table->geo, &table->flows[position]);
	flow_index_add(&table->index, table->flows, position, hash);
	begin_label(table, &table->flows[position]);
	if (table->owners) {
		if (table->n_pending == ARRAY_SIZE(table->pending))
			find_pending(table);
		table->pending[table->n_pending++] = position;
	}
	return position;
}

static void table_add_one(struct flow_table *table, const struct sample_flow *sample, uint64_t hash)
{
	const struct flow_key *key = &sample->key;
	struct flow_sum *sum;
	struct flow *flow;
	uint32_t position = flow_index_find(&table->index, table->flows, hash, key);

	assert(key->iface < SAMPLE_IFACE_MAX && key->direction < DIRECTION_MAX);
	if (position == FLOW_NONE)
		position = table_insert(table, key, hash);
	flow = &table->flows[position];
	if (flow->tick != table->tick) {
		flow->tick = table->tick;
		flow->delta = (struct tally){0};
		flow->delta_flags = 0;
		flow->delta_l7 = L7_NONE;
		if (flow->owner_version != table->owner_version)
			(void)flow_owner_check(table->owners, flow, table->owner_version, false);
		table->touched[table->n_touched++] = position;
	}
	tally_add(&flow->count, &sample->count);
	tally_add(&flow->delta, &sample->count);
	flow->tcp_flags |= sample->tcp_flags;
	flow->delta_flags |= sample->tcp_flags;
	if (!flow->delta_l7)
		flow->delta_l7 = sample->l7;
	if (sample->retransmits)
		flow->retransmits += sample->retransmits;

	sum = &table->sums[key->iface][key->direction];
	tally_add(key->open ? &sum->folded : &sum->flows, &sample->count);
}

void flow_table_add(struct flow_table *table, const struct sample_flow *flows, size_t n_flows)
{
	uint64_t hashes[RING];

	if (table->owners)
		table->owner_version = owner_version(table->owners);
	for (size_t i = 0; i < n_flows + 2 * AHEAD; i++) {
		if (i < n_flows) {
			uint64_t hash = flow_index_hash(&table->index, &flows[i].key);

			hashes[i % RING] = hash;
			__builtin_prefetch(flow_index_word(&table->index, hash));
		}
		if (i >= AHEAD && i - AHEAD < n_flows) {
			uint64_t hash = hashes[(i - AHEAD) % RING];

			flow_prefetch(flow_index_guess(&table->index, table->flows, hash));
		}
		if (i >= 2 * AHEAD)
			table_add_one(table, &flows[i - 2 * AHEAD], hashes[(i - 2 * AHEAD) % RING]);
	}
	find_pending(table);
}

static void table_rescale(struct flow_table *table, const double rescale[WINDOW_MAX])
{
	for (uint32_t i = 0; i < table->n; i++)
		for (enum window w = 0; w < WINDOW_MAX; w++) {
			table->flows[i].average[w][0] *= rescale[w];
			table->flows[i].average[w][1] *= rescale[w];
		}
}

static void flow_close(struct flow *flow, const struct rate *rate)
{
	double bytes = (double)flow->delta.bytes, packets = (double)flow->delta.packets;
	uint64_t bps = rate_round(8 * bytes * rate->per_second, UINT64_MAX);
	uint32_t pps = (uint32_t)rate_round(packets * rate->per_second, UINT32_MAX);

	for (enum window w = 0; w < WINDOW_MAX; w++) {
		flow->average[w][0] += bytes * rate->weight[w];
		flow->average[w][1] += packets * rate->weight[w];
	}
	flow->peak_bps = MAX(flow->peak_bps, bps);
	flow->peak_pps = MAX(flow->peak_pps, pps);
	flow->last_ns = rate->now_ns;
}

void flow_table_tick(struct flow_table *table, const struct sample_tick *tick)
{
	double rescale[WINDOW_MAX];

	if (rate_tick(&table->rate, tick->start_ns, tick->end_ns, rescale))
		table_rescale(table, rescale);
	for (uint32_t i = 0; i < table->n_touched; i++) {
		struct flow *flow = &table->flows[table->touched[i]];

		if (i + AHEAD < table->n_touched) {
			const char *next = (char *)&table->flows[table->touched[i + AHEAD]];

			__builtin_prefetch(next + 64, 1);
			__builtin_prefetch(next + 128, 1);
		}
		flow_close(flow, &table->rate);
		close_label(table, flow);
		if (flow->id >= table->open_id)
			flow->first_ns = MIN(tick->start_ns, table->rate.now_ns);
	}
	if (table->owners)
		check_loose(table);
	table->n_active = table->n_touched;
	table->n_touched = 0;
	table->open_id = table->next_id;
	table->tick++;
}

const struct flow *flow_table_flows(const struct flow_table *table, uint32_t *ret_n)
{
	*ret_n = table->n;
	return table->flows;
}

const struct flow *flow_table_find(const struct flow_table *table, const struct flow_key *key)
{
	uint64_t hash = flow_index_hash(&table->index, key);
	uint32_t position = flow_index_find(&table->index, table->flows, hash, key);

	return position == FLOW_NONE ? NULL : &table->flows[position];
}

uint32_t flow_table_capacity(const struct flow_table *table)
{
	return table->capacity;
}

uint32_t flow_table_active(const struct flow_table *table)
{
	return table->n_active;
}

uint64_t flow_table_evicted(const struct flow_table *table)
{
	return table->evicted;
}

uint64_t flow_table_now(const struct flow_table *table)
{
	return table->rate.now_ns;
}

void flow_table_sum(const struct flow_table *table, uint16_t iface, enum direction direction,
		    struct flow_sum *ret_sum)
{
	assert(iface < SAMPLE_IFACE_MAX && direction < DIRECTION_MAX);
	*ret_sum = table->sums[iface][direction];
}

bool flow_is_active(const struct flow_table *table, const struct flow *flow)
{
	return flow->tick + 1 == table->tick;
}

double flow_bps(const struct flow_table *table, const struct flow *flow)
{
	if (!flow_is_active(table, flow))
		return 0;
	return 8 * (double)flow->delta.bytes * table->rate.per_second;
}

double flow_pps(const struct flow_table *table, const struct flow *flow)
{
	if (!flow_is_active(table, flow))
		return 0;
	return (double)flow->delta.packets * table->rate.per_second;
}

double flow_average_bps(const struct flow_table *table, const struct flow *flow, enum window window)
{
	return 8 * flow->average[window][0] * table->rate.scale[window];
}

double flow_average_pps(const struct flow_table *table, const struct flow *flow, enum window window)
{
	return flow->average[window][1] * table->rate.scale[window];
}
