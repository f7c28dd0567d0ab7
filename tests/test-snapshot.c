/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests snapshots over a real flow table: rows, groups, order, held order, finding. */
#include "config.h"

#include <errno.h>
#include <netinet/in.h>

#include "filter.h"
#include "flow-table.h"
#include "ledger.h"
#include "macro.h"
#include "snapshot.h"
#include "tap.h"

#define CLIENT                                                                                     \
	{                                                                                          \
		192, 0, 2, 7                                                                       \
	}
#define CLIENT2                                                                                    \
	{                                                                                          \
		192, 0, 2, 8                                                                       \
	}
#define SERVER                                                                                     \
	{                                                                                          \
		192, 0, 2, 1                                                                       \
	}

/* A flow between a port named by a letter and the server; in to the server, out from it. */
struct spec {
	char letter;
	uint64_t packets, bytes;
	bool out;
	uint16_t iface;
	uint8_t tcp_flags;
	bool client2;
};

#define SEEN(letter_, packets_, bytes_, ...)                                                       \
	{                                                                                          \
		.letter = letter_, .packets = packets_, .bytes = bytes_, __VA_ARGS__               \
	}

static struct ledger *ledger;
static uint64_t n_ticks; /* intervals of a second, since the start of all tests */

static struct flow_table *table_new(uint32_t max_flows)
{
	struct flow_table *table;

	if (flow_table_new(max_flows, &table) < 0)
		abort();
	return table;
}

static struct sample_flow make_flow(const struct spec *spec)
{
	static const uint8_t server[] = SERVER, client[] = CLIENT, client2[] = CLIENT2;
	struct flow_key key = {
		.family = FAMILY_IPV4,
		.proto = IPPROTO_TCP,
		.iface = spec->iface,
		.direction = spec->out ? DIRECTION_OUT : DIRECTION_IN,
		.sport = spec->out ? 443 : (uint8_t)spec->letter,
		.dport = spec->out ? (uint8_t)spec->letter : 443,
	};

	memcpy(spec->out ? key.src : key.dst, server, sizeof(server));
	memcpy(spec->out ? key.dst : key.src, spec->client2 ? client2 : client, sizeof(client));
	return (struct sample_flow){
		.key = key, .count = {spec->packets, spec->bytes}, .tcp_flags = spec->tcp_flags};
}

static void tick(struct flow_table *table)
{
	struct sample_tick interval = {.start_ns = n_ticks * NSEC_PER_SEC,
				       .end_ns = (n_ticks + 1) * NSEC_PER_SEC};

	n_ticks++;
	flow_table_tick(table, &interval);
}

/* One interval in which these flows were seen. */
static void add(struct flow_table *table, const struct spec *specs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct sample_flow flow = make_flow(&specs[i]);

		flow_table_add(table, &flow, 1);
	}
	tick(table);
}

#define ADD(table, ...)                                                                            \
	do {                                                                                       \
		const struct spec specs_[] = {__VA_ARGS__};                                        \
		add(table, specs_, ARRAY_SIZE(specs_));                                            \
	} while (0)

/* The rows in order: the letter, a capital one where an out-flow leads; groups by their text. */
static const char *order(struct snapshot *snapshot, char *buf, size_t size)
{
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < snapshot_n_rows(snapshot) && used < size; i++) {
		struct row row;

		snapshot_row(snapshot, i, &row);
		if (row.group)
			used += (size_t)snprintf(buf + used, size - used, "%s%s", i ? " " : "",
						 row.group);
		else if (row.key->direction == DIRECTION_IN)
			used += (size_t)snprintf(buf + used, size - used, "%c", row.key->sport);
		else
			used += (size_t)snprintf(buf + used, size - used, "%c",
						 row.key->dport - 'a' + 'A');
	}
	return buf;
}

#define is_order(snapshot, want, ...)                                                              \
	do {                                                                                       \
		char buf_[512];                                                                    \
		is_str(order(snapshot, buf_, sizeof(buf_)), want, __VA_ARGS__);                    \
	} while (0)

static struct snapshot *snapshot_make(void)
{
	struct snapshot *snapshot;

	if (snapshot_new(&snapshot) < 0)
		abort();
	return snapshot;
}

static void build(struct snapshot *snapshot, const struct flow_table *table,
		  struct snapshot_config config)
{
	if (snapshot_build(snapshot, table, ledger, &config) != 0)
		ok(false, "a snapshot is built");
}

static void hold(struct snapshot *snapshot, const struct flow_table *table,
		 struct snapshot_config config)
{
	if (snapshot_build_held(snapshot, table, ledger, &config) != 0)
		ok(false, "a held snapshot is built");
}

static void test_empty(void)
{
	struct flow_table *table = table_new(4);
	struct snapshot *snapshot = snapshot_make();

	is_u64(snapshot_n_rows(snapshot), 0, "nothing before the first build");
	is_int(snapshot_find(snapshot, 0), -ENOENT, "and nothing to find");
	for (int view = 0; view < VIEW_ID_MAX; view++)
		for (int id = 0; id < COLUMN_MAX; id++) {
			struct snapshot_config config = {.view = (enum view_id)view,
							 .sort = (enum column_id)id};

			build(snapshot, table, config);
			hold(snapshot, table, config);
			if (snapshot_n_rows(snapshot) || snapshot_find(snapshot, 0) != -ENOENT)
				ok(false, "view %d, column %d: no rows", view, id);
		}
	is_u64(snapshot_n_rows(snapshot), 0, "no flows, no rows");
	snapshot_free(snapshot);
	snapshot_free(NULL);
	flow_table_free(table);
}

static void test_one(void)
{
	struct flow_table *table = table_new(4);
	struct snapshot *snapshot = snapshot_make();
	uint64_t start_ns = n_ticks * NSEC_PER_SEC;
	struct row row;

	ADD(table, SEEN('a', 10, 1000, .tcp_flags = 2));
	ADD(table, SEEN('a', 30, 4000, .tcp_flags = 16));
	ADD(table, SEEN('b', 1, 100)); /* a is silent */
	for (int view = 0; view < VIEW_ID_MAX; view++) {
		build(snapshot, table,
		      (struct snapshot_config){.view = (enum view_id)view,
					       .sort = COLUMN_PACKETS,
					       .real_offset_ns = 77});
		snapshot_row(snapshot, 0, &row);
		ok(row.side[DIRECTION_IN].count.packets == 40 || view_table[view].key,
		   "view %d: packets", view);
	}

	build(snapshot, table,
	      (struct snapshot_config){
		      .view = VIEW_ID_FLOWS, .sort = COLUMN_PACKETS, .real_offset_ns = 77});
	snapshot_row(snapshot, 0, &row);
	is_u64(row.side[DIRECTION_IN].count.bytes, 5000, "bytes since first seen");
	is_near(row.side[DIRECTION_IN].bps, 0, 0, "no rate in the last interval");
	is_near(row.side[DIRECTION_IN].peak_bps, 32000, 1e-9, "peak in bits");
	is_near(row.side[DIRECTION_IN].peak_pps, 30, 1e-9, "peak in packets");
	/* Three seconds are short against both windows: about the mean, the shorter one below. */
	is_near(row.side[DIRECTION_IN].average_bps[WINDOW_60S], 13288, 0.005, "average");
	is_near(row.side[DIRECTION_IN].average_bps[WINDOW_10S], 13036, 0.005, "shorter average");
	is_near(row.side[DIRECTION_IN].average_pps[WINDOW_60S], 13.277, 0.005, "of packets");
	is_near(row.side[DIRECTION_IN].average_pps[WINDOW_10S], 12.97, 0.005, "of packets");
	is_u64(row.side[DIRECTION_OUT].count.packets, 0, "nothing out");
	is_u64(row.first_ns, start_ns, "first seen");
	is_u64(row.last_ns, start_ns + 2 * NSEC_PER_SEC, "last seen");
	is_u64(row.now_ns, start_ns + 3 * NSEC_PER_SEC, "now");
	is_int(row.real_offset_ns, 77, "offset to real time");
	is_int(row.n_flows, 1, "one flow");
	is_int(row.tcp_flags, 18, "flags are joined");
	ok(!row.group, "no group");
	is_str(row.iface ? row.iface->name : NULL, "eth0", "interface");
	snapshot_free(snapshot);
	flow_table_free(table);
}

static void test_conversations(void)
{
	const struct snapshot_config config = {.view = VIEW_ID_CONVERSATIONS, .sort = COLUMN_BPS};
	struct flow_table *table = table_new(64);
	struct snapshot *snapshot = snapshot_make();
	uint64_t start_ns = n_ticks * NSEC_PER_SEC, id;
	struct row row;

	ADD(table, SEEN('a', 1, 100, .out = true, .tcp_flags = 2));
	build(snapshot, table, config);
	is_order(snapshot, "A", "one direction only");
	snapshot_row(snapshot, 0, &row);
	is_int(row.n_flows, 1, "is one flow");
	is_u64(row.side[DIRECTION_IN].count.packets, 0, "with nothing in");
	is_u64(row.side[DIRECTION_OUT].count.packets, 1, "and something out");
	id = row.id;

	ADD(table, SEEN('b', 2, 900), SEEN('a', 5, 600, .tcp_flags = 16),
	    SEEN('a', 4, 500, .out = true), SEEN('c', 3, 700, .out = true));
	build(snapshot, table, config);
	is_order(snapshot, "abC", "a pair is one row, led by what comes in; the sum ranks");
	snapshot_row(snapshot, 0, &row);
	is_u64(row.id, id, "the id stays when the answer comes");
	is_int(snapshot_find(snapshot, id), 0, "and is found");
	is_int(row.n_flows, 2, "two flows");
	is_near(row.side[DIRECTION_IN].bps, 4800, 1e-9, "rate in");
	is_near(row.side[DIRECTION_OUT].bps, 4000, 1e-9, "rate out");
	is_u64(row.side[DIRECTION_IN].count.packets, 5, "packets in");
	is_u64(row.side[DIRECTION_OUT].count.packets, 5, "packets out");
	is_u64(row.first_ns, start_ns, "first seen is the earlier");
	is_u64(row.last_ns, start_ns + 2 * NSEC_PER_SEC, "last seen is the later");
	is_int(row.tcp_flags, 18, "flags are joined");

	build(snapshot, table,
	      (struct snapshot_config){.view = VIEW_ID_CONVERSATIONS, .sort = COLUMN_RX_BPS});
	is_order(snapshot, "baC", "by what comes in");
	build(snapshot, table,
	      (struct snapshot_config){.view = VIEW_ID_CONVERSATIONS, .sort = COLUMN_TX_BPS});
	is_order(snapshot, "Cab", "by what goes out");
	build(snapshot, table, (struct snapshot_config){.view = VIEW_ID_FLOWS, .sort = COLUMN_BPS});
	is_order(snapshot, "bCaA", "directions apart");
	for (size_t i = 0; i < 4; i++) {
		snapshot_row(snapshot, i, &row);
		is_u64(row.side[DIRECTION_OUT - row.key->direction].count.packets, 0,
		       "row %zu: the other direction is zero", i);
		is_near(row.side[DIRECTION_OUT - row.key->direction].bps, 0, 0, "also its rate");
		is_int(row.n_flows, 1, "row %zu: one flow", i);
	}
	ADD(table, SEEN('a', 1, 50, .out = true));
	build(snapshot, table, config);
	is_order(snapshot, "abC", "only the answer goes on");
	snapshot_row(snapshot, 0, &row);
	is_u64(row.last_ns, start_ns + 3 * NSEC_PER_SEC, "last seen is that of the answer");
	snapshot_free(snapshot);
	flow_table_free(table);
}

/* The row of a flow, whether or not it is among those of the snapshot. */
static void test_flow_row(void)
{
	struct snapshot_config config = {.view = VIEW_ID_CONVERSATIONS, .sort = COLUMN_BPS};
	const struct spec out = SEEN('a', 1, 100, .out = true), in = SEEN('a', 2, 300),
			  other = SEEN('x', 0, 0);
	const struct flow_key out_key = make_flow(&out).key, in_key = make_flow(&in).key,
			      other_key = make_flow(&other).key;
	struct flow_table *table = table_new(64);
	struct snapshot *snapshot = snapshot_make();
	struct filter_error error;
	struct row row;

	ADD(table, out);
	build(snapshot, table, config);
	ok(snapshot_flow_row(snapshot, &in_key, &row), "by the other direction of its key");
	is_u64(row.side[DIRECTION_OUT].count.bytes, 100, "its count");
	ok(!snapshot_flow_row(snapshot, &other_key, &row), "a flow that is not there");

	ADD(table, in, SEEN('b', 1, 1000));
	if (filter_parse("bytes > 900", &config.filter, &error) < 0)
		abort();
	build(snapshot, table, config);
	is_order(snapshot, "b", "the filter leaves it out");
	ok(snapshot_flow_row(snapshot, &out_key, &row), "it is there all the same");
	is_int(row.n_flows, 2, "both directions");
	is_int(row.key->direction, DIRECTION_IN, "led by what comes in");
	is_u64(row.side[DIRECTION_IN].count.bytes, 300, "what came in");
	is_u64(row.side[DIRECTION_OUT].count.bytes, 100, "what went out");

	config.view = VIEW_ID_FLOWS;
	build(snapshot, table, config);
	ok(snapshot_flow_row(snapshot, &out_key, &row), "of one direction");
	is_int(row.n_flows, 1, "it is one flow");
	is_u64(row.side[DIRECTION_IN].count.bytes, 0, "nothing came in");
	filter_free(config.filter);
	snapshot_free(snapshot);
	flow_table_free(table);
}

static void test_orders(void)
{
	/* a, c and e are equal in bytes; ids are in the order of arrival. */
	static const struct spec specs[] = {SEEN('e', 5, 1000), SEEN('a', 3, 1000),
					    SEEN('d', 9, 800),  SEEN('c', 3, 1000),
					    SEEN('b', 1, 9000), SEEN('f', 3, 800)};
	static const struct {
		struct snapshot_config config;
		const char *want;
	} cases[] = {
		{{.sort = COLUMN_BPS}, "beacdf"},
		{{.sort = COLUMN_BPS, .reverse = true}, "dfeacb"},
		{{.sort = COLUMN_BPS, .unit = UNIT_BYTES}, "beacdf"},
		{{.sort = COLUMN_BPS, .unit = UNIT_PACKETS}, "deacfb"},
		{{.sort = COLUMN_BYTES, .unit = UNIT_PACKETS}, "beacdf"},
		{{.sort = COLUMN_PACKETS}, "deacfb"},
		{{.sort = COLUMN_PACKETS, .reverse = true}, "bacfed"},
		{{.sort = COLUMN_SRC}, "abcdef"},
		{{.sort = COLUMN_SRC, .reverse = true}, "fedcba"},
		{{.sort = COLUMN_SRC_PORT}, "abcdef"},
		{{.sort = COLUMN_SRC_ADDR}, "eadcbf"},
		{{.sort = COLUMN_DST_PORT, .reverse = true}, "eadcbf"},
		{{.sort = COLUMN_PROTO}, "eadcbf"},
	};
	struct flow_table *table = table_new(16);
	struct snapshot *snapshot = snapshot_make();

	add(table, specs, ARRAY_SIZE(specs));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		for (size_t n_sorted = 0; n_sorted <= 7; n_sorted++) {
			struct snapshot_config config = cases[i].config;

			config.view = VIEW_ID_FLOWS;
			config.n_sorted = n_sorted;
			build(snapshot, table, config);
			is_order(snapshot, cases[i].want, "case %zu, %zu sorted: %s%s", i, n_sorted,
				 column_table[config.sort].name, config.reverse ? " reversed" : "");
		}
	snapshot_free(snapshot);
	flow_table_free(table);
}

/* The rows must be in order by what the column says of the whole row, not of what was ranked. */
static void test_every_column(void)
{
	struct flow_table *table = table_new(64);
	struct snapshot *snapshot = snapshot_make();

	ADD(table, SEEN('a', 10, 100, .out = true), SEEN('b', 9, 900, .tcp_flags = 4));
	ADD(table, SEEN('b', 8, 100), SEEN('c', 20, 5000, .iface = 1), SEEN('a', 5, 700));
	ADD(table, SEEN('c', 1, 60, .iface = 1, .client2 = true), SEEN('d', 3, 3000, .iface = 1),
	    SEEN('d', 4, 90, .iface = 1, .out = true), SEEN('b', 2, 60), SEEN('a', 1, 60));
	for (int view = 0; view < VIEW_ID_MAX; view++)
		for (int id = 0; id < COLUMN_MAX; id++) {
			const struct column *column = &column_table[id];
			size_t n_wrong = 0;

			build(snapshot, table,
			      (struct snapshot_config){.view = (enum view_id)view,
						       .sort = (enum column_id)id});
			for (size_t i = 1; i < snapshot_n_rows(snapshot); i++) {
				struct row before, row;

				snapshot_row(snapshot, i - 1, &before);
				snapshot_row(snapshot, i, &row);
				n_wrong += column->descending
						   ? column->rank(&before) < column->rank(&row)
						   : column->rank(&before) > column->rank(&row);
			}
			is_u64(n_wrong, 0, "%s by %s", view_table[view].name, column->name);
		}
	snapshot_free(snapshot);
	flow_table_free(table);
}

/* Flows of few different sizes, a source each. */
static struct flow_table *table_random(uint32_t n)
{
	struct flow_table *table = table_new(n);
	uint32_t random = 1;

	for (uint32_t i = 0; i < n; i++) {
		struct sample_flow flow = {
			.key = {.src = {10, (uint8_t)(i >> 16), (uint8_t)(i >> 8), (uint8_t)i},
				.dst = SERVER,
				.sport = 1000,
				.dport = 443,
				.family = FAMILY_IPV4,
				.proto = IPPROTO_UDP},
		};

		random = random * 1664525 + 1013904223;
		flow.count.packets = random >> 25;
		flow.count.bytes = 100 * flow.count.packets;
		flow_table_add(table, &flow, 1);
	}
	tick(table);
	return table;
}

static void test_many(enum column_id sort, bool reverse)
{
	enum { N = 5000 };
	struct flow_table *table = table_random(N);
	struct snapshot *all = snapshot_make(), *lazy = snapshot_make();
	struct snapshot_config config = {.view = VIEW_ID_FLOWS, .sort = sort, .reverse = reverse};
	size_t n_wrong = 0, n_same = 0, n_found = 0;
	struct row row, before;

	build(all, table, config);
	is_u64(snapshot_n_rows(all), N, "all rows are there");
	for (size_t i = 1; i < N; i++) {
		uint64_t rank, rank_before;

		snapshot_row(all, i - 1, &before);
		snapshot_row(all, i, &row);
		rank_before = column_table[sort].rank(&before);
		rank = column_table[sort].rank(&row);
		n_wrong += reverse ? rank_before > rank : rank_before < rank;
		n_wrong += rank == rank_before && before.id >= row.id;
	}
	is_u64(n_wrong, 0, "all rows are in order, equal ones by id");

	config.n_sorted = 10;
	for (size_t step = 0; step < 40; step++) {
		size_t place = step * 1237 % N; /* here and there */

		if (step % 8 == 0)
			build(lazy, table, config);
		snapshot_row(all, place, &before);
		n_found += snapshot_find(lazy, before.id) == (int64_t)place;
		snapshot_row(lazy, place, &row);
		n_same += row.id == before.id;
		n_found += snapshot_find(lazy, before.id) == (int64_t)place;
	}
	is_u64(n_same, 40, "sorting on demand gives the same rows");
	is_u64(n_found, 80, "and they are found, before and after they are sorted");
	is_int(snapshot_find(lazy, N), -ENOENT, "an id that is not there");
	snapshot_free(all);
	snapshot_free(lazy);
	flow_table_free(table);
}

static void test_folded(void)
{
	struct flow_table *table = table_new(8);
	struct snapshot *snapshot = snapshot_make();
	struct sample_flow flow = make_flow(&(struct spec)SEEN('a', 10, 1000));
	const struct column_format format = {0};
	char text[64];
	struct row row;

	memset(flow.key.src, 0, sizeof(flow.key.src));
	flow.key.sport = 0;
	flow.key.open = OPEN_SRC_ADDR | OPEN_SRC_PORT;
	flow_table_add(table, &flow, 1);
	tick(table);
	for (int view = VIEW_ID_CONVERSATIONS; view <= VIEW_ID_SRC; view++) {
		build(snapshot, table,
		      (struct snapshot_config){.view = (enum view_id)view, .sort = COLUMN_BPS});
		if (!ok(snapshot_n_rows(snapshot) == 1, "view %d: a folded row is a row", view))
			continue;
		snapshot_row(snapshot, 0, &row);
		(void)column_table[row.group ? COLUMN_GROUP : COLUMN_SRC].format(text, sizeof(text),
										 &row, &format);
		is_str(text, "*", "view %d: its source is open", view);
		is_u64(row.side[DIRECTION_IN].count.packets, 10, "view %d: it counts", view);
	}
	snapshot_free(snapshot);
	flow_table_free(table);
}

static void test_groups(void)
{
	struct snapshot_config config = {.view = VIEW_ID_SRC, .sort = COLUMN_BPS};
	struct flow_table *table = table_new(64);
	struct snapshot *snapshot = snapshot_make(), *second = snapshot_make();
	uint64_t start_ns = n_ticks * NSEC_PER_SEC, id;
	struct row row;

	ADD(table, SEEN('a', 10, 1000, .tcp_flags = 2), SEEN('b', 4, 900));
	ADD(table, SEEN('a', 20, 2000), SEEN('c', 5, 500, .tcp_flags = 1),
	    SEEN('x', 9, 8000, .client2 = true), SEEN('a', 1, 100, .out = true));
	build(snapshot, table, config);
	is_order(snapshot, "192.0.2.8 192.0.2.7 192.0.2.1", "by source, heaviest first");
	snapshot_row(snapshot, 1, &row);
	id = row.id;
	is_u64(row.side[DIRECTION_IN].count.packets, 39, "packets of three flows");
	is_u64(row.side[DIRECTION_IN].count.bytes, 4400, "bytes");
	is_u64(row.side[DIRECTION_OUT].count.packets, 0, "none out");
	is_near(row.side[DIRECTION_IN].bps, 20000, 1e-9, "rate");
	is_near(row.side[DIRECTION_IN].pps, 25, 1e-9, "rate in packets");
	is_near(row.side[DIRECTION_IN].peak_bps, 20000, 1e-9, "the sum now is the highest known");
	is_near(row.side[DIRECTION_IN].peak_pps, 25, 1e-9, "also in packets");
	is_int(row.n_flows, 3, "three flows");
	is_int(row.tcp_flags, 3, "flags are joined");
	is_u64(row.first_ns, start_ns, "first seen is the earliest");
	is_u64(row.last_ns, start_ns + 2 * NSEC_PER_SEC, "last seen is the latest");
	is_str(row.iface ? row.iface->name : NULL, "eth0", "all on one interface");
	is_near(row.side[DIRECTION_IN].average_bps[WINDOW_60S], 17620, 0.005, "averages add up");
	is_near(row.side[DIRECTION_IN].average_pps[WINDOW_60S], 19.546, 0.005, "of packets too");
	is_int(snapshot_find(snapshot, id), 1, "a group is found");
	/* 64000, 20000 and 800 bits per second; 8000, 4400 and 100 bytes */
	is_near(row.share, 20000.0 / 84800, 1e-9, "share of the rate");
	is_near(row.cumulative_share, 84000.0 / 84800, 1e-9, "with the row above");
	is_int(row.n_peers, 1, "three flows to one address");

	config.sort = COLUMN_GROUP;
	build(snapshot, table, config);
	is_order(snapshot, "192.0.2.1 192.0.2.7 192.0.2.8", "by text");
	snapshot_row(snapshot, 2, &row);
	is_near(row.cumulative_share, 1, 1e-9, "all rows are the whole, in any order");
	snapshot_row(snapshot, 0, &row);
	is_near(row.share, 800.0 / 84800, 1e-9, "share of the first row");
	is_near(row.cumulative_share, 800.0 / 84800, 1e-9, "which has none above it");
	config.whole_run = true;
	build(snapshot, table, config);
	snapshot_row(snapshot, 1, &row);
	is_near(row.share, 4400.0 / 12500, 1e-9, "share of the bytes");
	is_near(row.cumulative_share, 4500.0 / 12500, 1e-9, "with the row above");
	config.whole_run = false;
	config.reverse = true;
	build(snapshot, table, config);
	is_order(snapshot, "192.0.2.8 192.0.2.7 192.0.2.1", "by text, reversed");
	config.reverse = false;

	ADD(table, SEEN('d', 1, 100, .iface = 1, .client2 = true), SEEN('e', 1, 300, .iface = 1),
	    SEEN('a', 2, 100));
	config.sort = COLUMN_BPS;
	build(second, table, config);
	is_order(second, "192.0.2.7 192.0.2.8 192.0.2.1", "later");
	snapshot_row(second, 0, &row);
	is_u64(row.id, id, "the id is the same, also in another snapshot");
	ok(!row.iface, "several interfaces are no interface");
	is_int(row.n_flows, 4, "four flows now");
	is_near(row.side[DIRECTION_IN].bps, 3200, 1e-9, "rate of the last interval");
	is_near(row.side[DIRECTION_IN].peak_bps, 16000, 1e-9, "peak of the heaviest flow");
	is_near(row.side[DIRECTION_IN].peak_pps, 20, 1e-9, "also in packets");

	config.view = VIEW_ID_PAIR;
	build(second, table, config);
	is_order(second, "192.0.2.1 <-> 192.0.2.7 192.0.2.1 <-> 192.0.2.8", "pairs");
	snapshot_row(second, 0, &row);
	is_u64(row.side[DIRECTION_OUT].count.packets, 1, "both directions are in a pair");
	is_u64(row.side[DIRECTION_IN].count.packets, 42, "and all ports");
	is_int(snapshot_find(second, id), -ENOENT, "another view has other ids");
	config.view = VIEW_ID_IFACE;
	build(second, table, config);
	is_order(second, "wg1 eth0", "interfaces");
	snapshot_free(snapshot);
	snapshot_free(second);
	flow_table_free(table);
}

static void test_many_groups(void)
{
	enum { N = 5000 };
	struct flow_table *table = table_random(N);
	struct snapshot *snapshot = snapshot_make();
	uint64_t n_flows = 0, bytes = 0, want = 0;
	const struct flow *flows;
	uint32_t n;
	struct row row;

	flows = flow_table_flows(table, &n);
	for (uint32_t i = 0; i < n; i++)
		want += flows[i].count.bytes;
	for (int pass = 0; pass < 2; pass++) { /* the second has its memory already */
		build(snapshot, table,
		      (struct snapshot_config){
			      .view = VIEW_ID_SRC, .sort = COLUMN_BPS, .n_sorted = 3});
		is_u64(snapshot_n_rows(snapshot), N, "a group each");
		n_flows = bytes = 0;
		for (size_t i = 0; i < N; i++) {
			snapshot_row(snapshot, i, &row);
			n_flows += row.n_flows;
			bytes += row.side[DIRECTION_IN].count.bytes;
		}
		is_u64(n_flows, N, "every flow is in a group");
		is_u64(bytes, want, "no byte is lost");
	}
	build(snapshot, table, (struct snapshot_config){.view = VIEW_ID_PORT, .sort = COLUMN_BPS});
	is_order(snapshot, "443/udp", "all in one");
	snapshot_row(snapshot, 0, &row);
	is_u64(row.side[DIRECTION_IN].count.bytes, want, "no byte is lost either");
	snapshot_free(snapshot);
	flow_table_free(table);
}

/* Whatever the order needs, a row has everything, and has it again when it is read again. */
static void test_large_groups(void)
{
	enum { N_GROUPS = 40, N_EACH = 125 };
	static const enum column_id sorts[] = {COLUMN_PACKETS, COLUMN_BPS,  COLUMN_BPS_PEAK,
					       COLUMN_BPS_10S, COLUMN_AGE,  COLUMN_FLOWS,
					       COLUMN_GROUP,   COLUMN_VLAN, COLUMN_FLAGS};
	struct flow_table *table = table_new(N_GROUPS * N_EACH);
	struct snapshot *snapshot = snapshot_make();
	struct row row, again;

	for (uint32_t i = 0; i < N_GROUPS * N_EACH; i++) {
		struct sample_flow flow = {
			.key = {.src = {10, 0, 0, (uint8_t)(i % N_GROUPS)},
				.dst = SERVER,
				.sport = (uint16_t)(1 + i / N_GROUPS),
				.dport = 443,
				.direction = (uint8_t)(i / N_GROUPS % 2),
				.family = FAMILY_IPV4,
				.proto = IPPROTO_UDP},
			.count = {1 + i / N_GROUPS, 100},
		};

		flow_table_add(table, &flow, 1);
	}
	tick(table);
	for (size_t i = 0; i < ARRAY_SIZE(sorts); i++) {
		size_t n_right = 0, n_again = 0;

		build(snapshot, table,
		      (struct snapshot_config){.view = VIEW_ID_SRC, .sort = sorts[i]});
		is_u64(snapshot_n_rows(snapshot), N_GROUPS, "%s: groups",
		       column_table[sorts[i]].name);
		for (size_t place = 0; place < snapshot_n_rows(snapshot); place++) {
			const struct row_side *in = &row.side[DIRECTION_IN];
			const struct row_side *out = &row.side[DIRECTION_OUT];

			snapshot_row(snapshot, place, &row);
			/* 1 + 3 + ... + 125 and 2 + 4 + ... + 124 */
			n_right += row.n_flows == 125 && in->count.packets == 3969 &&
				   out->count.packets == 3906 && in->count.bytes == 6300 &&
				   in->pps == 3969 && out->pps == 3906 && in->peak_bps == 50400 &&
				   in->peak_pps == 3969 && row.iface && row.key->src[0] == 10;
			snapshot_row(snapshot, place, &again);
			n_again += again.id == row.id && again.n_flows == row.n_flows &&
				   again.key == row.key && again.now_ns == row.now_ns &&
				   strcmp(again.group, row.group) == 0 &&
				   memcmp(again.side, row.side, sizeof(row.side)) == 0;
		}
		is_u64(n_right, 40, "%s: every sum", column_table[sorts[i]].name);
		is_u64(n_again, 40, "%s: and again", column_table[sorts[i]].name);
	}
	snapshot_free(snapshot);
	flow_table_free(table);
}

static void test_held(void)
{
	struct snapshot_config config = {.view = VIEW_ID_FLOWS, .sort = COLUMN_BPS};
	struct flow_table *table = table_new(64);
	struct snapshot *snapshot = snapshot_make();
	struct row row;

	ADD(table, SEEN('a', 1, 100), SEEN('b', 1, 300), SEEN('c', 1, 200));
	hold(snapshot, table, config);
	is_order(snapshot, "bca", "nothing held yet: in order");
	ADD(table, SEEN('a', 1, 900), SEEN('c', 1, 800), SEEN('d', 1, 500), SEEN('e', 1, 700),
	    SEEN('f', 1, 600));
	hold(snapshot, table, config);
	is_order(snapshot, "bcaefd", "rows keep their place, new ones come last, in order");
	/* in their own order they are acefdb, now that b is idle */
	is_int((int)snapshot_n_risen(snapshot, 1, 2), 0, "below c and a nothing is larger");
	is_int((int)snapshot_n_risen(snapshot, 0, 2), 4, "below b and c all are larger than b");
	is_int((int)snapshot_n_risen(snapshot, 4, 100), 0, "below the last there is nothing");
	is_int((int)snapshot_n_risen(snapshot, 6, 2), 0, "nor behind it");
	snapshot_row(snapshot, 2, &row);
	is_near(row.side[DIRECTION_IN].bps, 7200, 1e-9, "their numbers are new");
	is_int(snapshot_find(snapshot, row.id), 2, "found at their place");
	hold(snapshot, table, config);
	is_order(snapshot, "bcaefd", "again");
	ADD(table, SEEN('c', 1, 800), SEEN('f', 1, 600));
	hold(snapshot, table, config);
	is_int((int)snapshot_n_risen(snapshot, 0, 2), 1,
	       "b is idle: below it f is larger, and a, idle too, is not, though first seen");
	ADD(table, SEEN('a', 1, 900), SEEN('c', 1, 800), SEEN('d', 1, 500), SEEN('e', 1, 700),
	    SEEN('f', 1, 600));
	config.sort = COLUMN_PACKETS;
	config.reverse = true;
	hold(snapshot, table, config);
	is_order(snapshot, "bcaefd", "another sort column changes nothing");
	config = (struct snapshot_config){.view = VIEW_ID_FLOWS, .sort = COLUMN_BPS};
	build(snapshot, table, config);
	is_order(snapshot, "acefdb", "until the order is let go");

	/* Only what was sorted had a place. */
	config.n_sorted = 2;
	build(snapshot, table, config);
	ADD(table, SEEN('b', 1, 900), SEEN('f', 1, 300), SEEN('e', 1, 200), SEEN('d', 1, 100));
	hold(snapshot, table, config);
	is_order(snapshot, "acbfed", "rows that nobody has looked at are sorted");

	config.view = VIEW_ID_SRC;
	hold(snapshot, table, config);
	is_order(snapshot, "192.0.2.7", "another view has no order to hold");
	ADD(table, SEEN('x', 1, 9000, .client2 = true));
	hold(snapshot, table, config);
	is_order(snapshot, "192.0.2.7 192.0.2.8", "groups are held too");
	build(snapshot, table, config);
	is_order(snapshot, "192.0.2.8 192.0.2.7", "and let go");
	snapshot_free(snapshot);
	flow_table_free(table);
}

static void test_gone(void)
{
	struct snapshot_config config = {.view = VIEW_ID_FLOWS, .sort = COLUMN_BYTES};
	struct flow_table *table = table_new(8);
	struct snapshot *snapshot = snapshot_make();
	struct row row;
	uint64_t gone;

	ADD(table, SEEN('a', 10, 100), SEEN('b', 1, 1600), SEEN('c', 10, 300), SEEN('d', 10, 400),
	    SEEN('e', 10, 500), SEEN('f', 1, 350), SEEN('g', 10, 700), SEEN('h', 10, 800));
	build(snapshot, table, config);
	is_order(snapshot, "bhgedfca", "a full table");
	snapshot_row(snapshot, 0, &row);
	gone = row.id;
	/* b and f have the fewest packets: they make room. */
	ADD(table, SEEN('i', 10, 600));
	is_u64(flow_table_evicted(table), 2, "two flows left");
	hold(snapshot, table, config);
	is_order(snapshot, "hgedcai", "held: those behind move up");
	is_int(snapshot_find(snapshot, gone), -ENOENT, "a row that is gone is not found");
	build(snapshot, table, config);
	is_order(snapshot, "hgiedca", "in order");
	is_int(snapshot_find(snapshot, gone), -ENOENT, "nor here");
	/* h has taken the place of b in the table meanwhile. */
	config.sort = COLUMN_PACKETS;
	build(snapshot, table, config);
	is_order(snapshot, "acdeghi", "equal rows by age, wherever they are in the table");
	snapshot_free(snapshot);
	flow_table_free(table);
}

/* Two conversations, a flow of one direction, and a conversation on another interface. */
static void fill_filtered(struct flow_table *table)
{
	ADD(table, SEEN('a', 10, 1000), SEEN('a', 20, 2000, .out = true), SEEN('b', 3, 300),
	    SEEN('b', 1, 900, .out = true), SEEN('c', 5, 500, .client2 = true),
	    SEEN('d', 2, 100, .iface = 1), SEEN('d', 2, 50, .iface = 1, .out = true));
}

static void test_filter(void)
{
	static const struct {
		enum view_id view;
		const char *filter, *order;
		uint32_t n_flows;
		uint64_t packets, bytes;
	} cases[] = {
		{VIEW_ID_FLOWS, "port 443", "AaBcbdD", 7, 43, 4850},
		{VIEW_ID_FLOWS, "if wg1", "dD", 2, 4, 150},
		{VIEW_ID_FLOWS, "dir in", "acbd", 4, 20, 1900},
		{VIEW_ID_FLOWS, "not dir in", "ABD", 3, 23, 2950},
		{VIEW_ID_FLOWS, "bytes >= 500 and bytes < 1000", "Bc", 2, 6, 1400},
		{VIEW_ID_FLOWS, "port 1", "", 0, 0, 0},
		/* both directions are shown, and count, when one of them passes */
		{VIEW_ID_CONVERSATIONS, "port 443", "abcd", 7, 43, 4850},
		{VIEW_ID_CONVERSATIONS, "dir in", "abcd", 7, 43, 4850},
		{VIEW_ID_CONVERSATIONS, "dir out", "abd", 6, 38, 4350},
		{VIEW_ID_CONVERSATIONS, "bytes >= 900", "ab", 4, 34, 4200},
		{VIEW_ID_CONVERSATIONS, "bytes 900", "b", 2, 4, 1200},
		{VIEW_ID_CONVERSATIONS, "bytes 50", "d", 2, 4, 150},
		{VIEW_ID_CONVERSATIONS, "not host 192.0.2.7", "c", 1, 5, 500},
		{VIEW_ID_CONVERSATIONS, "port 1", "", 0, 0, 0},
		/* of groups those flows alone that pass */
		{VIEW_ID_SRC, "port 443", "192.0.2.1 192.0.2.7 192.0.2.8", 7, 43, 4850},
		{VIEW_ID_SRC, "dir in", "192.0.2.7 192.0.2.8", 4, 20, 1900},
		{VIEW_ID_SRC, "dir in and bytes <= 300 or bytes 500", "192.0.2.8 192.0.2.7", 3, 10,
		 900},
		{VIEW_ID_IFACE, "bytes > 40 and if wg*", "wg1", 2, 4, 150},
		{VIEW_ID_PROTO, "udp", "", 0, 0, 0},
	};
	struct flow_table *table = table_new(16);
	struct snapshot *snapshot = snapshot_make();

	fill_filtered(table);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct snapshot_config config = {.view = cases[i].view, .sort = COLUMN_BYTES};
		struct filter_error error;
		const struct snapshot_part *passed;
		const char *name = view_table[cases[i].view].name;
		uint64_t packets = 0;

		if (filter_parse(cases[i].filter, &config.filter, &error) < 0)
			abort();
		build(snapshot, table, config);
		filter_free(config.filter);
		is_order(snapshot, cases[i].order, "%s: %s", name, cases[i].filter);
		passed = snapshot_passed(snapshot);
		is_u64(passed->n_flows, cases[i].n_flows, "%s: flows", cases[i].filter);
		is_u64(passed->packets, cases[i].packets, "%s: packets", cases[i].filter);
		is_u64(passed->bytes, cases[i].bytes, "%s: bytes", cases[i].filter);
		for (size_t k = 0; k < snapshot_n_rows(snapshot); k++) {
			struct row row;

			snapshot_row(snapshot, k, &row);
			packets += row.side[DIRECTION_IN].count.packets;
			packets += row.side[DIRECTION_OUT].count.packets;
		}
		is_u64(packets, cases[i].packets, "%s: the rows are that", cases[i].filter);
	}
	snapshot_free(snapshot);
	flow_table_free(table);
}

/* A filter that comes and goes while the order is held. */
static void test_filter_held(void)
{
	struct snapshot_config config = {.view = VIEW_ID_FLOWS, .sort = COLUMN_BYTES};
	struct flow_table *table = table_new(16);
	struct snapshot *snapshot = snapshot_make();
	struct filter *filter = NULL;
	struct filter_error error;

	if (filter_parse("dir in", &filter, &error) < 0)
		abort();
	fill_filtered(table);
	build(snapshot, table, config);
	ADD(table, SEEN('d', 2, 9000, .iface = 1));
	config.filter = filter;
	hold(snapshot, table, config);
	is_order(snapshot, "acbd", "held: rows that pass stay in their order");
	config.filter = NULL;
	hold(snapshot, table, config);
	is_order(snapshot, "acbdABD", "held: those that come back are last, in order");
	is_u64(snapshot_passed(snapshot)->n_flows, 0, "nothing is counted without a filter");
	config.filter = filter;
	build(snapshot, table, config);
	is_order(snapshot, "dacb", "in order");
	filter_free(filter);
	snapshot_free(snapshot);
	flow_table_free(table);
}

/* More flows than are judged at a time, of which every 16th passes. */
static void test_filter_many(void)
{
	struct snapshot_config config = {.sort = COLUMN_BYTES};
	struct flow_table *table = table_new(4096);
	struct snapshot *snapshot = snapshot_make();
	struct filter_error error;

	for (uint32_t i = 0; i < 4096; i++) {
		struct spec spec = SEEN('a', 1 + i % 16, 100);
		struct sample_flow flow = make_flow(&spec);

		flow.key.sport = (uint16_t)i;
		flow_table_add(table, &flow, 1);
	}
	tick(table);
	if (filter_parse("packets 16", &config.filter, &error) < 0)
		abort();
	for (int view = 0; view < VIEW_ID_MAX; view++) {
		uint64_t packets = 0;

		config.view = (enum view_id)view;
		build(snapshot, table, config);
		for (size_t i = 0; i < snapshot_n_rows(snapshot); i++) {
			struct row row;

			snapshot_row(snapshot, i, &row);
			packets += row.side[DIRECTION_IN].count.packets;
		}
		is_u64(packets, 4096, "%s: packets of the rows", view_table[view].name);
		is_u64(snapshot_passed(snapshot)->packets, 4096, "%s: packets that pass",
		       view_table[view].name);
	}
	filter_free(config.filter);
	snapshot_free(snapshot);
	flow_table_free(table);
}

/* Many sources, each with two flows to one of two destinations. */
static void test_peers(void)
{
	const struct snapshot_config config = {.view = VIEW_ID_DST, .sort = COLUMN_PEERS};
	struct flow_table *table = table_new(4096);
	struct snapshot *snapshot = snapshot_make();
	struct row row;

	for (uint32_t i = 1; i <= 300; i++) {
		struct sample_flow flow = make_flow(&(struct spec)SEEN('a', 1, 100));

		for (uint16_t port = 1; port <= 2; port++) {
			flow.key.sport = port;
			memcpy(flow.key.src, &i, sizeof(i));
			flow.key.dst[3] = i % 3 ? 9 : 8;
			flow_table_add(table, &flow, 1);
		}
	}
	tick(table);
	build(snapshot, table, config);
	is_order(snapshot, "192.0.2.9 192.0.2.8", "by the number of peers");
	snapshot_row(snapshot, 0, &row);
	is_int(row.n_flows, 400, "flows of one address");
	is_int(row.n_peers, 200, "peers, each of two flows");
	snapshot_row(snapshot, 1, &row);
	is_int(row.n_peers, 100, "peers of the other one");
	snapshot_free(snapshot);
	flow_table_free(table);
}

int main(void)
{
	static const struct sample_iface ifaces[] = {{.slot = 0, .index = 2, .name = "eth0"},
						     {.slot = 1, .index = 3, .name = "wg1"}};

	if (!ok(ledger_new(&ledger) == 0, "a ledger"))
		return tap_done();
	for (size_t i = 0; i < ARRAY_SIZE(ifaces); i++)
		ledger_iface(ledger, &ifaces[i]);
	test_empty();
	test_one();
	test_conversations();
	test_flow_row();
	test_orders();
	test_every_column();
	test_many(COLUMN_BPS, false);
	test_many(COLUMN_BPS, true);
	test_many(COLUMN_PACKETS, false);
	test_folded();
	test_groups();
	test_peers();
	test_many_groups();
	test_large_groups();
	test_held();
	test_gone();
	test_filter();
	test_filter_held();
	test_filter_many();
	ledger_free(ledger);
	return tap_done();
}
