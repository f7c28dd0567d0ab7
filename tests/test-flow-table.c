/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The flow table: counts, eviction, memory. */
#include "config.h"

#include <errno.h>
#include <unistd.h>

#include "flow-fixture.h"
#include "flow-table.h"
#include "flow.h"
#include "macro.h"
#include "tap.h"

static void test_new(void)
{
	struct flow_table *table = NULL;

	is_int(flow_table_new(0, &table), -EINVAL, "a table for nothing");
	is_int(flow_table_new(FLOW_TABLE_MAX + 1, &table), -EINVAL, "a table for too much");
	ok(!table, "nothing is returned then");
	is_int(flow_table_new(FLOW_TABLE_MAX, &table), 0, "the largest table");
	is_u64(flow_table_capacity(table), FLOW_TABLE_MAX, "its capacity");
	flow_table_free(table);
	flow_table_free(NULL);
}

static long resident_kb(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	long size, resident = 0;

	if (!f || fscanf(f, "%ld %ld", &size, &resident) != 2)
		abort();
	fclose(f);
	return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static void test_idle_memory(void)
{
	long before = resident_kb(), after;
	struct flow_table *table = new_table(4u << 20);
	struct flow_key key = make_key(DIRECTION_IN, 6, 1, 1, 2, 2);

	add(table, &key, 1, 1);
	tick(table, 0, SEC);
	after = resident_kb();
	ok(after - before < 16 * 1024, "a table for 4 million flows with one of them is small");
	printf("# %ld kB\n", after - before);
	flow_table_free(table);
}

static void test_counts(void)
{
	struct flow_table *table = new_table(16);
	struct flow_key key = make_key(DIRECTION_IN, 6, 1, 1000, 2, 80);
	const struct flow *flow;
	struct sample_flow parts[2] = {
		{.key = key, .count = {1, 100}, .tcp_flags = 0x02},
		{.key = key, .count = {2, 200}, .tcp_flags = 0x10},
	};

	ok(!flow_table_find(table, &key), "an empty table has no flow");
	flow_table_add(table, parts, 2);
	tick(table, 5 * SEC, 7 * SEC);
	flow = flow_table_find(table, &key);
	if (!flow)
		abort();
	is_u64(flow->count.packets, 3, "parts of one interval add up");
	is_u64(flow->count.bytes, 300, "in bytes as well");
	is_int(flow->tcp_flags, 0x12, "flags are ORed");
	is_u64(flow->first_ns, 5 * SEC, "first seen: start of the interval");
	is_u64(flow->last_ns, 7 * SEC, "last seen: its end");
	is_near(flow_bps(table, flow), 1200, 1e-12, "bits per second");
	is_near(flow_pps(table, flow), 1.5, 1e-12, "packets per second");
	is_u64(flow_table_active(table), 1, "one flow is active");
	is_u64(flow_table_now(table), 7 * SEC, "now is the end of the interval");

	add(table, &key, 10, 1000);
	tick(table, 7 * SEC, 8 * SEC);
	is_u64(flow->count.packets, 13, "intervals add up");
	is_near(flow_bps(table, flow), 8000, 1e-12, "the rate is of the last interval");
	is_u64(flow->peak_bps, 8000, "peak, bits");
	is_u64(flow->peak_pps, 10, "peak, packets");
	is_u64(flow->first_ns, 5 * SEC, "first seen stays");

	tick(table, 8 * SEC, 9 * SEC);
	is_near(flow_bps(table, flow), 0, 0, "no rate without packets");
	is_near(flow_pps(table, flow), 0, 0, "in packets neither");
	is_u64(flow_table_active(table), 0, "no flow is active");
	is_u64(flow->last_ns, 8 * SEC, "last seen stays");
	is_u64(flow->peak_bps, 8000, "the peak stays");
	flow_table_free(table);
}

static void add_label(struct flow_table *table, const struct flow_key *key, uint8_t flags,
		      uint8_t l7)
{
	const struct sample_flow sample = {
		.key = *key,
		.count = {1, 100},
		.tcp_flags = flags,
		.l7 = l7,
	};

	flow_table_add(table, &sample, 1);
}

static void is_label(const struct flow_table *table, const struct flow_key *key, const char *want,
		     const char *name)
{
	const struct flow *flow = flow_table_find(table, key);
	char text[FLOW_TEXT_MAX];

	if (!flow)
		abort();
	flow_l7_text(text, sizeof(text), flow->l7, flow->l7_source);
	is_str(text, want, "%s", name);
}

#define SYN 0x02
#define ACK 0x10

static void test_labels(void)
{
	struct flow_table *table = new_table(16);
	struct flow_key in = make_key(DIRECTION_IN, 6, 1, 40000, 2, 443), out;
	struct flow_key late, odd = make_key(DIRECTION_IN, 6, 1, 40001, 2, 9999);

	flow_key_reverse(&in, &out);
	add_label(table, &in, SYN, L7_NONE);
	add_label(table, &out, SYN | ACK, L7_NONE);
	tick(table, 0, SEC);
	is_label(table, &in, "tls?", "a guess by port");
	is_label(table, &out, "tls?", "of both directions");
	add_label(table, &in, ACK, L7_SSH);
	tick(table, SEC, 2 * SEC);
	is_label(table, &in, "ssh", "payload wins");
	is_label(table, &out, "ssh", "the other direction has no packet, and is the same");
	add_label(table, &out, ACK, L7_HTTP);
	tick(table, 2 * SEC, 3 * SEC);
	is_label(table, &out, "ssh", "the first label stays");
	add_label(table, &out, SYN | ACK, L7_NONE);
	add_label(table, &in, SYN, L7_NONE);
	tick(table, 3 * SEC, 4 * SEC);
	is_label(table, &in, "tls?", "another connection begins with the guess");
	is_label(table, &out, "tls?", "in both directions");
	add_label(table, &in, SYN, L7_NONE);
	add_label(table, &in, ACK, L7_REDIS);
	add_label(table, &out, SYN | ACK, L7_NONE);
	tick(table, 4 * SEC, 5 * SEC);
	is_label(table, &in, "redis", "SYN and payload in one interval");
	is_label(table, &out, "redis", "and the answer");

	add_label(table, &odd, ACK, L7_NONE);
	tick(table, 5 * SEC, 6 * SEC);
	is_label(table, &odd, "none", "a port that means nothing");
	add_label(table, &odd, ACK, L7_MQTT);
	tick(table, 6 * SEC, 7 * SEC);
	flow_key_reverse(&odd, &late);
	add_label(table, &late, ACK, L7_NONE);
	is_label(table, &late, "mqtt", "a direction that comes later");
	flow_table_free(table);
}

/* Rows whose counts the back end folded. */
static void test_open(void)
{
	struct flow_table *table = new_table(4);
	struct flow_key real = make_key(DIRECTION_OUT, 6, 1, 1, 2, 2), open = real, other = real;
	struct flow_sum sum;

	open.open = OPEN_SRC_ADDR | OPEN_SRC_PORT;
	add(table, &real, 5, 50);
	add(table, &open, 7, 70);
	flow_table_sum(table, 0, DIRECTION_OUT, &sum);
	is_u64(sum.flows.packets, 5, "flows");
	is_u64(sum.folded.packets, 7, "folded");
	is_u64(sum.folded.bytes, 70, "folded, bytes");
	is_u64(n_flows(table), 2, "both are rows");
	flow_table_sum(table, 0, DIRECTION_IN, &sum);
	is_u64(sum.flows.packets + sum.folded.packets, 0, "nothing in the other direction");

	for (uint16_t port = 10; port < 20; port++) {
		other.sport = port;
		add(table, &other, 100, 1000);
	}
	ok(!flow_table_find(table, &open) && !flow_table_find(table, &real), "both were evicted");
	flow_table_sum(table, 0, DIRECTION_OUT, &sum);
	is_u64(sum.flows.packets + sum.folded.packets, 1012, "and are counted once");
	is_u64(sum.flows.bytes + sum.folded.bytes, 10120, "in bytes as well");
	is_u64(flow_table_evicted(table), 8, "eight rows left");
	flow_table_free(table);
}

static void test_eviction_order(void)
{
	struct flow_table *table = new_table(8);
	struct flow_key key = make_key(DIRECTION_IN, 6, 1, 0, 2, 80);
	/* Packets of the flow from port i, and the interval it comes in. */
	static const uint64_t packets[8] = {1, 9, 1, 2, 9, 2, 9, 9};
	static const unsigned int interval[8] = {1, 0, 0, 0, 0, 1, 0, 0};
	static const bool stays[8] = {false, true, false, true, true, true, true, true};
	/* Four flows of two packets each; port 2 is the one that was idle for longest. */
	static const struct {
		uint16_t port;
		uint64_t packets;
		bool last; /* of its interval */
	} equals[] = {
		{1, 1, false}, {2, 2, true}, {1, 1, false}, {3, 2, true}, {4, 2, false},
	};
	struct flow_key newcomer;
	unsigned int kept = 0;

	for (unsigned int t = 0; t < 2; t++) {
		for (uint16_t i = 0; i < 8; i++)
			if (interval[i] == t) {
				key.sport = i;
				add(table, &key, packets[i], packets[i]);
			}
		tick(table, t * SEC, (t + 1) * SEC);
	}
	/* A quarter is two: those with 1 packet, whenever they came. */
	newcomer = make_key(DIRECTION_IN, 6, 3, 1, 2, 80);
	add(table, &newcomer, 1, 1);
	for (uint16_t i = 0; i < 8; i++) {
		key.sport = i;
		kept += flow_table_find(table, &key) != NULL;
		is_int(flow_table_find(table, &key) != NULL, stays[i],
		       "flow with %" PRIu64 " packets", packets[i]);
	}
	is_u64(kept, 6, "a quarter left");
	is_u64(flow_table_evicted(table), 2, "two flows left");
	is_u64(n_flows(table), 7, "and one came");
	ok(flow_table_find(table, &newcomer), "the newcomer has a row");
	flow_table_free(table);

	/* Among equals the oldest leaves, wherever it stands; the open interval is the youngest. */
	table = new_table(4);
	for (size_t i = 0; i < ARRAY_SIZE(equals); i++) {
		key.sport = equals[i].port;
		add(table, &key, equals[i].packets, 100);
		if (equals[i].last)
			tick(table, i * SEC, (i + 1) * SEC);
	}
	key.sport = 5;
	add(table, &key, 1, 1);
	for (uint16_t port = 1; port <= 5; port++) {
		key.sport = port;
		is_int(flow_table_find(table, &key) != NULL, port != 2, "flow from port %u", port);
	}
	flow_table_free(table);
}

/* What was counted in an interval before an eviction counts at its end. */
static void test_eviction_within_interval(void)
{
	struct flow_table *table = new_table(8);
	struct flow_key known = make_key(DIRECTION_IN, 6, 1, 1, 2, 80), other;
	const struct flow *flow;

	tick(table, 0, SEC);
	for (uint16_t port = 100; port < 107; port++) {
		other = make_key(DIRECTION_IN, 17, 1, port, 2, 53);
		add(table, &other, 1, 60);
	}
	add(table, &known, 10, 1000);
	for (uint16_t port = 200; port < 202; port++) {
		other = make_key(DIRECTION_IN, 17, 1, port, 2, 53);
		add(table, &other, 1, 60);
	}
	tick(table, SEC, 2 * SEC);
	is_u64(flow_table_evicted(table), 2, "two left within the interval");
	is_u64(flow_table_active(table), 8, "the others were active");
	flow = flow_table_find(table, &known);
	if (!flow)
		abort();
	is_u64(flow->last_ns, 2 * SEC, "last seen");
	is_u64(flow->first_ns, SEC, "first seen");
	is_u64(flow->peak_bps, 8000, "peak");
	/* One of two seconds: 8000 (1 - e^-0.1) / (1 - e^-0.2). */
	is_near(flow_average_bps(table, flow, WINDOW_10S), 4199.83349983, 1e-9, "average");
	flow_table_free(table);
}

/* A flood of new flows in every interval does not touch the rows of known ones. */
static void test_flood(void)
{
	struct flow_table *table = new_table(4096);
	struct sample_flow *samples = calloc(20000 + 50, sizeof(*samples));
	unsigned int exact = 0;
	struct flow_sum sum;
	struct flow_key key;

	if (!samples)
		abort();
	for (uint32_t t = 0; t < 5; t++) {
		for (uint32_t i = 0; i < 20000; i++) {
			key = make_key(DIRECTION_IN, 17, 1, (uint16_t)i, 2, 53);
			memcpy(key.src + 4, &t, sizeof(t));
			key.family = FAMILY_IPV6;
			samples[i + i / 400] = (struct sample_flow){.key = key, .count = {1, 60}};
		}
		for (uint16_t i = 0; i < 50; i++) {
			key = make_key(DIRECTION_IN, 6, 1, i, 2, 443);
			samples[400u + 401u * i] =
				(struct sample_flow){.key = key, .count = {50, 5000}};
		}
		flow_table_add(table, samples, 20050);
		tick(table, t * SEC, (t + 1) * SEC);
	}
	for (uint16_t i = 0; i < 50; i++) {
		const struct flow *flow;

		key = make_key(DIRECTION_IN, 6, 1, i, 2, 443);
		flow = flow_table_find(table, &key);
		exact += flow && flow->count.packets == 250 && flow->count.bytes == 25000 &&
			 flow_pps(table, flow) == 50;
	}
	is_u64(exact, 50, "known flows are exact");
	flow_table_sum(table, 0, DIRECTION_IN, &sum);
	is_u64(sum.flows.packets + sum.folded.packets, 5 * (20000 + 2500), "nothing is lost");
	is_u64(sum.flows.bytes + sum.folded.bytes, 5 * (1200000 + 250000), "not a byte");
	ok(flow_table_evicted(table) > 90000, "most of the flood left again");
	free(samples);
	flow_table_free(table);
}

/* The index grows and every flow is still found. */
static void test_growth(void)
{
	struct flow_table *table = new_table(50000);
	struct flow_key key = make_key(DIRECTION_IN, 6, 1, 0, 2, 80), out;
	unsigned int found = 0;
	bool links = true;

	for (uint32_t i = 0; i < 25000; i++) {
		key.sport = (uint16_t)i;
		flow_key_reverse(&key, &out);
		add(table, &key, 1, i);
		add(table, &out, 1, i);
	}
	for (uint32_t i = 0; i < 25000; i++) {
		const struct flow *flow;

		key.sport = (uint16_t)i;
		flow_key_reverse(&key, &out);
		flow = flow_table_find(table, &key);
		found += flow && flow->count.bytes == i;
		links &= flow && flow->opposite == position_of(table, &out);
	}
	is_u64(found, 25000, "all are found");
	ok(links, "with their opposites");
	is_u64(flow_table_evicted(table), 0, "the table holds as many as it was made for");
	flow_table_free(table);
}

static void test_clone(void)
{
	struct flow_table *table = new_table(8), *clone = NULL;
	struct flow_key key = make_key(DIRECTION_IN, 6, 1, 1, 2, 80), out, late;
	const struct flow *flow;
	struct flow_sum sum;

	flow_key_reverse(&key, &out);
	for (uint16_t i = 20; i < 30; i++) {
		late = make_key(DIRECTION_IN, 17, 1, i, 2, 53);
		add(table, &late, 1, 10);
	}
	add(table, &key, 5, 500);
	add(table, &out, 6, 600);
	tick(table, 0, SEC);
	is_int(flow_table_clone(table, &clone), 0, "clone");
	add(table, &key, 100, 10000);
	tick(table, SEC, 2 * SEC);

	flow = flow_table_find(clone, &key);
	if (!flow)
		abort();
	is_u64(flow->count.packets, 5, "the clone does not move");
	is_u64(flow->opposite, position_of(table, &out), "same positions");
	is_near(flow_bps(clone, flow), 4000, 1e-12, "its rate stays");
	is_near(flow_average_bps(clone, flow, WINDOW_10S), 4000, 1e-12, "its average stays");
	is_u64(flow_table_now(clone), SEC, "its time stays");
	is_u64(flow_table_evicted(clone), flow_table_evicted(table), "evicted is copied");
	flow_table_sum(clone, 0, DIRECTION_IN, &sum);
	is_u64(sum.flows.packets + sum.folded.packets, 15, "sums are copied");
	is_u64(flow_table_find(table, &key)->count.packets, 105, "the table goes on");
	flow_table_free(table);

	/* A table of its own, also for what comes. */
	add(clone, &key, 1, 1);
	tick(clone, SEC, 2 * SEC);
	is_u64(flow_table_find(clone, &key)->count.packets, 6, "the clone can go on as well");
	flow_table_free(clone);
}

int main(void)
{
	test_new();
	test_idle_memory();
	test_counts();
	test_labels();
	test_open();
	test_eviction_order();
	test_eviction_within_interval();
	test_flood();
	test_growth();
	test_clone();
	return tap_done();
}
