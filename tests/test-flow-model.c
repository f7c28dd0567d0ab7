/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The flow table under random workloads, against a model: nothing is ever lost. */
#include "config.h"

#include <sys/random.h>

#include "flow-fixture.h"
#include "flow-table.h"
#include "flow.h"
#include "macro.h"
#include "tap.h"

#define MODEL_KEYS 400
#define MODEL_IFACES 3

struct model {
	struct flow_key keys[MODEL_KEYS];
	struct tally since_row[MODEL_KEYS]; /* since the row with this id came */
	uint64_t id[MODEL_KEYS];            /* UINT64_MAX: none seen */
	struct tally hooks[MODEL_IFACES][DIRECTION_MAX];
	uint64_t state;
};

static uint32_t model_random(struct model *model, uint32_t n)
{
	model->state = model->state * 6364136223846793005 + 1442695040888963407;
	return (uint32_t)((model->state >> 33) % n);
}

static void model_init(struct model *model, uint64_t seed)
{
	static const uint8_t protos[] = {6, 17, 1, 50, 47, 58, 6, 17};

	memset(model, 0, sizeof(*model));
	model->state = seed;
	for (size_t i = 0; i < MODEL_KEYS; i++) {
		/* Few values, so that opposites and flows on other interfaces are frequent. */
		struct flow_key key = make_key(
			model_random(model, 2), protos[model_random(model, 8)],
			(uint8_t)(1 + model_random(model, 3)), (uint16_t)model_random(model, 3),
			(uint8_t)(1 + model_random(model, 3)), (uint16_t)model_random(model, 3));

		if (key.proto == 1 || key.proto == 58)
			key.sport = model_random(model, 2) ? (key.proto == 1 ? 8 : 128)
							   : (key.proto == 1 ? 0 : 129);
		key.iface = (uint16_t)model_random(model, MODEL_IFACES);
		if (model_random(model, 10) == 0)
			key.open = OPEN_SRC_ADDR;
		model->keys[i] = key;
		model->id[i] = UINT64_MAX;
		/* Every key once: the model finds it by place. */
		for (size_t j = 0; j < i; j++)
			if (flow_key_cmp(&model->keys[j], &key) == 0) {
				model->keys[i].vlan = (uint16_t)(i + 1);
				break;
			}
	}
}

static bool model_sums_hold(const struct model *model, const struct flow_table *table)
{
	for (uint16_t i = 0; i < MODEL_IFACES; i++)
		for (enum direction d = 0; d < DIRECTION_MAX; d++) {
			const struct tally *want = &model->hooks[i][d];
			const struct flow *flows;
			struct tally rows = {0};
			struct flow_sum sum;
			uint32_t n;

			flow_table_sum(table, i, d, &sum);
			flows = flow_table_flows(table, &n);
			for (uint32_t j = 0; j < n; j++)
				if (flows[j].key.iface == i && flows[j].key.direction == d &&
				    !flows[j].key.open)
					tally_add(&rows, &flows[j].count);
			if (sum.flows.packets + sum.folded.packets != want->packets ||
			    sum.flows.bytes + sum.folded.bytes != want->bytes ||
			    sum.flows.packets != rows.packets || sum.flows.bytes != rows.bytes)
				return false;
		}
	return true;
}

/* The flow that must be opposite, or NULL; found without the index. */
static const struct flow *find_opposite(const struct flow *flows, uint32_t n,
					const struct flow *flow)
{
	struct flow_key reverse;

	flow_key_reverse(&flow->key, &reverse);
	for (uint32_t i = 0; i < n && !flow->key.open; i++)
		if (flow_key_cmp(&flows[i].key, &reverse) == 0)
			return &flows[i];
	return NULL;
}

static bool links_hold(const struct flow_table *table)
{
	uint32_t n;
	const struct flow *flows = flow_table_flows(table, &n);

	for (uint32_t i = 0; i < n; i++) {
		uint32_t opposite = flows[i].opposite;
		const struct flow *want = find_opposite(flows, n, &flows[i]);

		if (flow_table_find(table, &flows[i].key) != &flows[i])
			return false;
		if (opposite != FLOW_NONE && (opposite >= n || flows[opposite].opposite != i))
			return false;
		if (flows[i].key.proto == 50) {
			if (opposite != FLOW_NONE &&
			    (memcmp(flows[opposite].key.src, flows[i].key.dst, 16) != 0 ||
			     memcmp(flows[opposite].key.dst, flows[i].key.src, 16) != 0 ||
			     flows[opposite].key.direction == flows[i].key.direction ||
			     flows[opposite].key.iface != flows[i].key.iface))
				return false;
			continue;
		}
		if (want ? opposite != (uint32_t)(want - flows) : opposite != FLOW_NONE)
			return false;
	}
	return true;
}

static bool ids_unique(const struct flow_table *table)
{
	uint32_t n;
	const struct flow *flows = flow_table_flows(table, &n);

	for (uint32_t i = 0; i < n; i++)
		for (uint32_t j = 0; j < i; j++)
			if (flows[i].id == flows[j].id)
				return false;
	return true;
}

/* Adds one by one and knows every row exactly. */
static bool model_add(struct model *model, struct flow_table *table)
{
	uint32_t place = model_random(model, MODEL_KEYS);
	const struct flow_key *key = &model->keys[place];
	struct tally count = {1 + model_random(model, 3) * model_random(model, 9),
			      model_random(model, 1500)};
	const struct flow *flow;

	/* Some keys are more frequent. */
	if (model_random(model, 2))
		key = &model->keys[place %= 20];
	add(table, key, count.packets, count.bytes);
	tally_add(&model->hooks[key->iface][key->direction], &count);
	flow = flow_table_find(table, key);
	if (!flow)
		return false;
	if (model->id[place] != flow->id) {
		/* Ids only grow, so that a new one cannot have been used. */
		if (model->id[place] != UINT64_MAX && flow->id < model->id[place])
			return false;
		model->id[place] = flow->id;
		model->since_row[place] = (struct tally){0};
	}
	tally_add(&model->since_row[place], &count);
	return flow->count.packets == model->since_row[place].packets &&
	       flow->count.bytes == model->since_row[place].bytes;
}

static void test_random_single(uint64_t seed)
{
	static const uint32_t capacities[] = {1, 2, 3, 5, 16, 61, 200, 1000};

	for (size_t c = 0; c < ARRAY_SIZE(capacities); c++) {
		struct flow_table *table = new_table(capacities[c]);
		bool rows = true, sums = true, links = true, ids = true;
		struct model model;

		model_init(&model, seed + c);
		for (unsigned int i = 0; i < 3000; i++) {
			rows &= model_add(&model, table);
			if (i % 97 == 0) {
				sums &= model_sums_hold(&model, table);
				links &= links_hold(table);
				ids &= ids_unique(table);
			}
			if (i % 250 == 249)
				tick(table, i * SEC, (i + 250) * SEC);
		}
		ok(rows, "capacity %u: every row is exact (seed %" PRIu64 ")", capacities[c],
		   seed + c);
		ok(sums, "capacity %u: flows and folded are what went in", capacities[c]);
		ok(links, "capacity %u: opposites are right", capacities[c]);
		ok(ids, "capacity %u: ids are unique", capacities[c]);
		is_int(flow_table_evicted(table) > 0, capacities[c] < MODEL_KEYS,
		       "capacity %u: evictions", capacities[c]);
		flow_table_free(table);
	}
}

/* The same in large batches, which look ahead. */
static void test_random_batches(uint64_t seed)
{
	static const uint32_t capacities[] = {1, 7, 50, 399, 400};
	struct sample_flow batch[500];

	for (size_t c = 0; c < ARRAY_SIZE(capacities); c++) {
		struct flow_table *table = new_table(capacities[c]);
		bool sums = true, links = true;
		struct model model;

		model_init(&model, seed + c);
		for (unsigned int round = 0; round < 60; round++) {
			uint32_t n = model_random(&model, ARRAY_SIZE(batch) + 1);

			for (uint32_t i = 0; i < n; i++) {
				const struct flow_key *key =
					&model.keys[model_random(&model, MODEL_KEYS)];

				batch[i] = (struct sample_flow){
					.key = *key,
					.count = {model_random(&model, 5),
						  model_random(&model, 9000)},
				};
				tally_add(&model.hooks[key->iface][key->direction],
					  &batch[i].count);
			}
			flow_table_add(table, batch, n);
			if (model_random(&model, 2))
				tick(table, round * SEC, (round + 1) * SEC);
			sums &= model_sums_hold(&model, table);
			links &= links_hold(table);
		}
		ok(sums, "batches, capacity %u: sums (seed %" PRIu64 ")", capacities[c], seed + c);
		ok(links, "batches, capacity %u: opposites", capacities[c]);
		flow_table_free(table);
	}
}

int main(void)
{
	uint64_t seed;

	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		abort();
	test_random_single(seed);
	test_random_batches(seed);
	return tap_done();
}
