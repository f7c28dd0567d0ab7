/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The ledger: sums, rates, history, balance, interfaces. */
#include "config.h"

#include "flow-table.h"
#include "ledger.h"
#include "macro.h"
#include "tap.h"

#define SEC NSEC_PER_SEC

static struct ledger *new_ledger(void)
{
	struct ledger *ledger;

	if (ledger_new(&ledger) < 0)
		abort();
	return ledger;
}

static struct flow_table *new_table(uint32_t max_flows)
{
	struct flow_table *table;

	if (flow_table_new(max_flows, &table) < 0)
		abort();
	return table;
}

static void report_iface(struct ledger *ledger, uint16_t slot, const char *name,
			 enum iface_state state, uint32_t index)
{
	struct sample_iface iface = {.slot = slot, .state = state, .index = index};

	snprintf(iface.name, sizeof(iface.name), "%s", name);
	ledger_iface(ledger, &iface);
}

static void add_hook(struct ledger *ledger, uint16_t slot, enum direction direction,
		     uint64_t packets, uint64_t bytes)
{
	ledger_hook(ledger, &(struct sample_hook){.iface = slot,
						  .direction = (uint8_t)direction,
						  .total = {packets, bytes}});
}

static void add_flow(struct flow_table *table, uint16_t slot, enum direction direction,
		     uint16_t port, uint64_t packets, uint64_t bytes)
{
	struct sample_flow sample = {
		.key = {.sport = port,
			.iface = slot,
			.direction = (uint8_t)direction,
			.family = FAMILY_IPV4,
			.proto = 17},
		.count = {packets, bytes},
	};

	flow_table_add(table, &sample, 1);
}

static void tick(struct ledger *ledger, struct flow_table *table, uint64_t start_ns,
		 uint64_t end_ns)
{
	struct sample_tick sample = {.start_ns = start_ns, .end_ns = end_ns};

	flow_table_tick(table, &sample);
	ledger_tick(ledger, &sample);
}

static void test_empty(void)
{
	struct ledger *ledger = new_ledger();
	struct flow_table *table = new_table(8);
	struct ledger_line line;

	is_u64(ledger_n_slots(ledger), 0, "no slots");
	ok(!ledger_get_iface(ledger, 0), "no interface");
	ok(!ledger_get_iface(ledger, UINT16_MAX), "no interface past the end");
	ok(!ledger_get(ledger, table, 0, DIRECTION_IN, &line), "no line");
	ledger_sum(ledger, table, DIRECTION_MAX, &line);
	is_u64(line.total.packets, 0, "nothing counted");
	ok(line.balanced, "nothing is balanced");
	is_u64(line.n_history, 0, "no history");
	is_u64(ledger_n_ticks(ledger), 0, "no interval");
	is_u64(ledger_last_tick(ledger)->end_ns, 0, "no end of one");
	ledger_free(ledger);
	ledger_free(NULL);
	flow_table_free(table);
}

static void test_interfaces(void)
{
	struct ledger *ledger = new_ledger();
	struct flow_table *table = new_table(8);
	const struct sample_iface *iface;
	struct ledger_line line;

	report_iface(ledger, 2, "eth0", IFACE_ATTACHED, 7);
	is_u64(ledger_n_slots(ledger), 3, "slots up to the highest");
	ok(!ledger_get_iface(ledger, 0), "slot 0 was never reported");
	iface = ledger_get_iface(ledger, 2);
	is_str(iface ? iface->name : NULL, "eth0", "name");
	add_hook(ledger, 2, DIRECTION_IN, 3, 300);
	report_iface(ledger, 2, "wan0", IFACE_ATTACHED, 7);
	is_str(iface->name, "wan0", "renamed in place");
	report_iface(ledger, 2, "wan0", IFACE_GONE, 0);
	is_int(iface->state, IFACE_GONE, "gone");
	ok(ledger_get(ledger, table, 2, DIRECTION_IN, &line), "its line stays");
	is_u64(line.total.packets, 3, "with its counts");
	report_iface(ledger, 2, "wan0", IFACE_ATTACHED, 9);
	add_hook(ledger, 2, DIRECTION_IN, 4, 400);
	ok(ledger_get(ledger, table, 2, DIRECTION_IN, &line), "it is back");
	is_u64(line.total.packets, 7, "and goes on counting");
	is_int((int)line.iface->index, 9, "under its new index");
	is_u64(ledger_n_slots(ledger), 3, "in the same slot");

	add_hook(ledger, 5, DIRECTION_OUT, 1, 10);
	ok(!ledger_get(ledger, table, 5, DIRECTION_OUT, &line), "a hook without interface");
	report_iface(ledger, 5, "late", IFACE_ATTACHED, 3);
	ok(ledger_get(ledger, table, 5, DIRECTION_OUT, &line), "is shown once it is reported");
	is_u64(line.total.bytes, 10, "and lost nothing");
	ledger_free(ledger);
	flow_table_free(table);
}

static void test_balance(void)
{
	struct ledger *ledger = new_ledger();
	struct flow_table *table = new_table(4);
	struct sample_hook hook = {
		.iface = 1,
		.direction = DIRECTION_IN,
		.total = {1023, 102300},
		.other = {[OTHER_NOT_IP] = {1, 100},
			  [OTHER_MALFORMED] = {2, 200},
			  [OTHER_NO_ROOM] = {20, 2000}},
		.syn = 5,
		.syn_ack = 4,
		.fin = 3,
		.rst = 2,
	};
	struct ledger_line line;

	report_iface(ledger, 1, "eth0", IFACE_ATTACHED, 2);
	ledger_hook(ledger, &hook);
	for (uint16_t port = 0; port < 10; port++)
		add_flow(table, 1, DIRECTION_IN, port, 100, 10000);
	tick(ledger, table, 0, SEC);
	ledger_get(ledger, table, 1, DIRECTION_IN, &line);
	ok(line.balanced, "balanced with evictions");
	is_u64(line.flows.packets + line.folded.packets, 1000, "flows and folded");
	ok(line.folded.packets >= 600, "most is folded in a table for four");
	is_u64(line.other[OTHER_NOT_IP].bytes, 100, "other, by reason");
	is_u64(line.other[OTHER_NO_ROOM].packets, 20, "other, by reason");
	is_u64(line.syn, 5, "SYN");
	is_u64(line.syn_ack, 4, "SYN-ACK");
	is_u64(line.fin, 3, "FIN");
	is_u64(line.rst, 2, "RST");
	is_near(line.syn_pps, 5, 1e-12, "SYN per second");

	add_hook(ledger, 1, DIRECTION_OUT, 10, 999);
	add_flow(table, 1, DIRECTION_OUT, 1, 10, 1000);
	ledger_get(ledger, table, 1, DIRECTION_OUT, &line);
	ok(!line.balanced, "one byte too many");
	ledger_sum(ledger, table, DIRECTION_OUT, &line);
	ok(!line.balanced, "the sum says so");
	ledger_sum(ledger, table, DIRECTION_IN, &line);
	ok(line.balanced, "the other direction is right");

	/* An error the other way round on another interface must not hide it. */
	report_iface(ledger, 2, "eth1", IFACE_ATTACHED, 3);
	add_hook(ledger, 2, DIRECTION_OUT, 10, 1001);
	add_flow(table, 2, DIRECTION_OUT, 1, 10, 1000);
	ledger_sum(ledger, table, DIRECTION_OUT, &line);
	is_u64(line.total.bytes, line.flows.bytes + line.folded.bytes, "errors cancel out");
	ok(!line.balanced, "but are not hidden");
	add_hook(ledger, 1, DIRECTION_OUT, 1, 0);
	ledger_get(ledger, table, 1, DIRECTION_OUT, &line);
	ok(!line.balanced, "one packet too many");
	ledger_free(ledger);
	flow_table_free(table);
}

static void test_rates(void)
{
	struct ledger *ledger = new_ledger();
	struct flow_table *table = new_table(8);
	struct ledger_line line;

	report_iface(ledger, 0, "lo", IFACE_ATTACHED, 1);
	report_iface(ledger, 1, "eth0", IFACE_ATTACHED, 2);
	add_hook(ledger, 0, DIRECTION_IN, 10, 1000);
	add_hook(ledger, 1, DIRECTION_IN, 20, 3000);
	add_hook(ledger, 1, DIRECTION_OUT, 40, 4000);
	tick(ledger, table, SEC, 3 * SEC);
	ledger_get(ledger, table, 1, DIRECTION_IN, &line);
	is_near(line.bps, 12000, 1e-12, "bits per second");
	is_near(line.pps, 10, 1e-12, "packets per second");
	is_near(line.average_bps[WINDOW_10S], 12000, 1e-12, "average of one interval");
	is_near(line.average_pps[WINDOW_60S], 10, 1e-12, "average of one interval, packets");
	ledger_sum(ledger, table, DIRECTION_IN, &line);
	is_near(line.bps, 16000, 1e-12, "sum of a direction");
	is_u64(line.total.bytes, 4000, "its bytes");
	is_int(line.direction, DIRECTION_IN, "its direction");
	ok(!line.iface, "a sum has no interface");
	ledger_sum(ledger, table, DIRECTION_MAX, &line);
	is_near(line.bps, 32000, 1e-12, "sum of both directions");
	is_near(line.pps, 35, 1e-12, "in packets");

	/* The peaks of the two interfaces are not at the same time. */
	add_hook(ledger, 0, DIRECTION_IN, 1, 9000);
	tick(ledger, table, 3 * SEC, 4 * SEC);
	ledger_get(ledger, table, 1, DIRECTION_IN, &line);
	is_near(line.bps, 0, 0, "nothing in this interval");
	is_near(line.peak_bps, 12000, 1e-12, "peak stays");
	ledger_sum(ledger, table, DIRECTION_IN, &line);
	is_near(line.peak_bps, 72000, 1e-12, "peak of the sum");
	is_near(line.peak_pps, 15, 1e-12, "in packets");
	/* 2 s at 12000, 1 s of nothing: 12000 (1 - e^-0.2) e^-0.1 / (1 - e^-0.3). */
	ledger_get(ledger, table, 1, DIRECTION_IN, &line);
	is_near(line.average_bps[WINDOW_10S], 7594.01518667, 1e-9, "average falls");
	tick(ledger, table, 4 * SEC, 40000 * SEC);
	ledger_get(ledger, table, 1, DIRECTION_IN, &line);
	is_near(line.average_bps[WINDOW_60S], 0, 0, "to nothing, after hours");
	add_hook(ledger, 1, DIRECTION_IN, 1, 1000);
	tick(ledger, table, 40000 * SEC, 40000 * SEC);
	ledger_get(ledger, table, 1, DIRECTION_IN, &line);
	is_near(line.bps, 8e6, 1e-12, "no length counts as 1 ms");
	is_near(line.average_bps[WINDOW_10S], 800, 1e-9, "the average of an impulse");
	is_u64(ledger_n_ticks(ledger), 4, "four intervals");
	is_u64(ledger_last_tick(ledger)->end_ns, 40000 * SEC, "the last one");
	ledger_free(ledger);
	flow_table_free(table);
}

static void test_history(void)
{
	struct ledger *ledger = new_ledger();
	struct flow_table *table = new_table(8);
	struct ledger_line line;

	report_iface(ledger, 0, "eth0", IFACE_ATTACHED, 2);
	for (unsigned int t = 0; t < 3; t++) {
		add_hook(ledger, 0, DIRECTION_IN, 1, t + 1);
		tick(ledger, table, t * SEC, (t + 1) * SEC);
	}
	ledger_get(ledger, table, 0, DIRECTION_IN, &line);
	is_u64(line.n_history, 3, "three intervals");
	is_near(line.history_bps[0], 8, 1e-12, "the oldest first");
	is_near(line.history_bps[2], 24, 1e-12, "the last one last");

	report_iface(ledger, 1, "late", IFACE_ATTACHED, 3);
	ledger_get(ledger, table, 1, DIRECTION_IN, &line);
	is_u64(line.n_history, 0, "a late interface has no past");
	for (unsigned int t = 3; t < LEDGER_HISTORY + 50; t++) {
		add_hook(ledger, 0, DIRECTION_IN, 1, t + 1);
		add_hook(ledger, 1, DIRECTION_OUT, 1, 1);
		tick(ledger, table, t * SEC, (t + 1) * SEC);
		if (t != 4)
			continue;
		ledger_get(ledger, table, 1, DIRECTION_OUT, &line);
		is_u64(line.n_history, 2, "it has two intervals then");
		is_near(line.history_bps[0], 8, 1e-12, "its first");
	}
	ledger_get(ledger, table, 0, DIRECTION_IN, &line);
	is_u64(line.n_history, LEDGER_HISTORY, "full");
	is_near(line.history_bps[0], 8 * 51, 1e-12, "the oldest that is kept");
	is_near(line.history_bps[LEDGER_HISTORY - 1], 8 * (LEDGER_HISTORY + 50), 1e-12,
		"the last one");
	ledger_sum(ledger, table, DIRECTION_MAX, &line);
	is_near(line.history_bps[0], 8 * 52, 1e-12, "history of the sum");
	ledger_free(ledger);
	flow_table_free(table);
}

/* Counters near the end of their range, and the last slot. */
static void test_wide(void)
{
	struct ledger *ledger = new_ledger();
	struct flow_table *table = new_table(8);
	uint16_t slot = SAMPLE_IFACE_MAX - 1;
	struct ledger_line line;

	report_iface(ledger, slot, "eth0", IFACE_ATTACHED, 2);
	is_u64(ledger_n_slots(ledger), SAMPLE_IFACE_MAX, "the last slot");
	for (unsigned int i = 0; i < 3; i++) {
		add_hook(ledger, slot, DIRECTION_IN, 1ULL << 40, 1ULL << 62);
		add_flow(table, slot, DIRECTION_IN, 1, 1ULL << 40, 1ULL << 62);
		tick(ledger, table, i * SEC, (i + 1) * SEC);
	}
	ledger_get(ledger, table, slot, DIRECTION_IN, &line);
	is_u64(line.total.bytes, 13835058055282163712ULL, "bytes past 2^63");
	is_u64(line.total.packets, 3298534883328ULL, "packets past 2^41");
	ok(line.balanced, "balanced");
	is_near(line.bps, 36893488147419103232.0, 1e-12, "a rate past 2^64");
	ledger_free(ledger);
	flow_table_free(table);
}

int main(void)
{
	test_empty();
	test_interfaces();
	test_balance();
	test_rates();
	test_history();
	test_wide();
	return tap_done();
}
