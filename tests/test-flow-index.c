/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The flow table: opposites, and flows that are seen on several interfaces. */
#include "config.h"

#include "flow-fixture.h"
#include "flow-table.h"
#include "flow.h"
#include "macro.h"
#include "tap.h"

static void test_opposite(void)
{
	enum { IN = DIRECTION_IN, OUT = DIRECTION_OUT };
	static const struct {
		const char *what;
		uint8_t proto, family;
		struct {
			uint8_t direction, src;
			uint16_t sport;
			uint8_t dst;
			uint16_t dport, iface, vlan;
			uint8_t open;
		} a, b;
		bool linked;
	} cases[] = {
		{"TCP",
		 6,
		 FAMILY_IPV4,
		 {IN, 1, 10, 2, 20, 0, 0, 0},
		 {OUT, 2, 20, 1, 10, 0, 0, 0},
		 true},
		{"UDP with VLAN over IPv6",
		 17,
		 FAMILY_IPV6,
		 {OUT, 1, 10, 2, 20, 3, 7, 0},
		 {IN, 2, 20, 1, 10, 3, 7, 0},
		 true},
		{"same direction",
		 6,
		 FAMILY_IPV4,
		 {IN, 1, 10, 2, 20, 0, 0, 0},
		 {IN, 2, 20, 1, 10, 0, 0, 0},
		 false},
		{"same ends",
		 6,
		 FAMILY_IPV4,
		 {IN, 1, 10, 2, 20, 0, 0, 0},
		 {OUT, 1, 10, 2, 20, 0, 0, 0},
		 false},
		{"ports not swapped",
		 6,
		 FAMILY_IPV4,
		 {IN, 1, 10, 2, 20, 0, 0, 0},
		 {OUT, 2, 10, 1, 20, 0, 0, 0},
		 false},
		{"another interface",
		 6,
		 FAMILY_IPV4,
		 {IN, 1, 10, 2, 20, 0, 0, 0},
		 {OUT, 2, 20, 1, 10, 1, 0, 0},
		 false},
		{"another VLAN",
		 6,
		 FAMILY_IPV4,
		 {IN, 1, 10, 2, 20, 0, 1, 0},
		 {OUT, 2, 20, 1, 10, 0, 2, 0},
		 false},
		{"open rows",
		 6,
		 FAMILY_IPV4,
		 {IN, 1, 10, 2, 20, 0, 0, OPEN_SRC_ADDR},
		 {OUT, 2, 20, 1, 10, 0, 0, OPEN_DST_ADDR},
		 false},
		{"later fragments",
		 17,
		 FAMILY_IPV4,
		 {IN, 1, 0, 2, 0, 0, 0, 0},
		 {OUT, 2, 0, 1, 0, 0, 0, 0},
		 true},
		{"ping",
		 1,
		 FAMILY_IPV4,
		 {IN, 1, 8, 2, 0, 0, 0, 0},
		 {OUT, 2, 0, 1, 0, 0, 0, 0},
		 true},
		{"ping against ping",
		 1,
		 FAMILY_IPV4,
		 {IN, 1, 8, 2, 0, 0, 0, 0},
		 {OUT, 2, 8, 1, 0, 0, 0, 0},
		 false},
		{"ping over IPv6",
		 58,
		 FAMILY_IPV6,
		 {OUT, 1, 128, 2, 0, 0, 0, 0},
		 {IN, 2, 129, 1, 0, 0, 0, 0},
		 true},
		{"unreachable",
		 1,
		 FAMILY_IPV4,
		 {IN, 1, 3, 2, 1, 0, 0, 0},
		 {OUT, 2, 3, 1, 1, 0, 0, 0},
		 true},
		{"GRE",
		 47,
		 FAMILY_IPV4,
		 {IN, 1, 0x800, 2, 0, 0, 0, 0},
		 {OUT, 2, 0x800, 1, 0, 0, 0, 0},
		 true},
		{"ARP", 0, FAMILY_ARP, {IN, 1, 1, 2, 0, 0, 0, 0}, {OUT, 2, 2, 1, 0, 0, 0, 0}, true},
		{"ESP",
		 50,
		 FAMILY_IPV4,
		 {IN, 1, 0x1111, 2, 0x2222, 0, 0, 0},
		 {OUT, 2, 0x3333, 1, 0x4444, 0, 0, 0},
		 true},
		{"ESP of equal SPI",
		 50,
		 FAMILY_IPV4,
		 {IN, 1, 1, 2, 2, 0, 0, 0},
		 {OUT, 2, 1, 1, 2, 0, 0, 0},
		 true},
		{"ESP of other hosts",
		 50,
		 FAMILY_IPV4,
		 {IN, 1, 1, 2, 2, 0, 0, 0},
		 {OUT, 2, 1, 3, 2, 0, 0, 0},
		 false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct flow_table *table = new_table(64);
		struct flow_key a = make_key(cases[i].a.direction, cases[i].proto, cases[i].a.src,
					     cases[i].a.sport, cases[i].a.dst, cases[i].a.dport);
		struct flow_key b = make_key(cases[i].b.direction, cases[i].proto, cases[i].b.src,
					     cases[i].b.sport, cases[i].b.dst, cases[i].b.dport);
		const struct flow *fa, *fb;

		a.family = b.family = cases[i].family;
		a.iface = cases[i].a.iface;
		b.iface = cases[i].b.iface;
		a.vlan = cases[i].a.vlan;
		b.vlan = cases[i].b.vlan;
		a.open = cases[i].a.open;
		b.open = cases[i].b.open;
		add(table, &a, 1, 1);
		add(table, &b, 1, 1);
		fa = flow_table_find(table, &a);
		fb = flow_table_find(table, &b);
		if (!fa || !fb)
			abort();
		is_u64(fa->opposite, cases[i].linked ? position_of(table, &b) : FLOW_NONE,
		       "%s: opposite of the first", cases[i].what);
		is_u64(fb->opposite, cases[i].linked ? position_of(table, &a) : FLOW_NONE,
		       "%s: opposite of the second", cases[i].what);
		flow_table_free(table);
	}
}

/* New keys replace old ones: pairs stay pairs. */
static void test_esp_rekey(void)
{
	struct flow_table *table = new_table(64);
	struct flow_key in1 = make_key(DIRECTION_IN, 50, 1, 1, 2, 1);
	struct flow_key out1 = make_key(DIRECTION_OUT, 50, 2, 2, 1, 2);
	struct flow_key in2 = make_key(DIRECTION_IN, 50, 1, 3, 2, 3);
	struct flow_key out2 = make_key(DIRECTION_OUT, 50, 2, 4, 1, 4);

	add(table, &in1, 1, 1);
	add(table, &out1, 1, 1);
	add(table, &in2, 1, 1);
	is_u64(flow_table_find(table, &in2)->opposite, FLOW_NONE, "alone at first");
	add(table, &out2, 1, 1);
	is_u64(flow_table_find(table, &in1)->opposite, position_of(table, &out1), "old pair");
	is_u64(flow_table_find(table, &in2)->opposite, position_of(table, &out2), "new pair");
	is_u64(flow_table_find(table, &out2)->opposite, position_of(table, &in2), "both ways");
	flow_table_free(table);
}

/* A flow that is still alone after others left finds its opposite. */
static void test_esp_after_eviction(void)
{
	struct flow_table *table = new_table(4);
	struct flow_key in = make_key(DIRECTION_IN, 50, 1, 1, 2, 1);
	struct flow_key out = make_key(DIRECTION_OUT, 50, 2, 2, 1, 2), other;

	for (uint16_t port = 1; port <= 5; port++) {
		other = make_key(DIRECTION_IN, 6, 1, port, 2, 80);
		add(table, &other, 1, 1);
		if (port == 3)
			add(table, &in, 9, 9);
	}
	add(table, &out, 9, 9);
	is_u64(flow_table_evicted(table), 3, "flows left");
	is_u64(flow_table_find(table, &out)->opposite, position_of(table, &in), "opposite");
	is_u64(flow_table_find(table, &in)->opposite, position_of(table, &out), "both ways");
	flow_table_free(table);
}

static void test_elsewhere(void)
{
	struct flow_table *table = new_table(64);
	struct flow_key in = make_key(DIRECTION_IN, 6, 1, 10, 2, 20), out, forwarded, back, vlan;

	flow_key_reverse(&in, &out);
	forwarded = move_key(in, 5);
	forwarded.direction = DIRECTION_OUT;
	back = move_key(out, 5);
	back.direction = DIRECTION_IN;
	vlan = move_key(in, 6);
	vlan.vlan = 9;

	add(table, &in, 1, 1);
	add(table, &out, 1, 1);
	add(table, &vlan, 1, 1);
	ok(!flow_table_find(table, &in)->elsewhere, "both directions on one interface");
	ok(!flow_table_find(table, &out)->elsewhere, "neither the other");
	add(table, &forwarded, 1, 1);
	ok(flow_table_find(table, &in)->elsewhere, "seen on another interface");
	ok(flow_table_find(table, &out)->elsewhere, "the opposite as well");
	ok(flow_table_find(table, &forwarded)->elsewhere, "and the newcomer");
	add(table, &back, 1, 1);
	ok(flow_table_find(table, &back)->elsewhere, "and its opposite");
	is_u64(flow_table_find(table, &back)->opposite, position_of(table, &forwarded),
	       "which is linked on its own interface");
	ok(!flow_table_find(table, &vlan)->elsewhere, "not with another VLAN");
	flow_table_free(table);
}

/* One conversation on every interface there can be. */
static void test_all_interfaces(void)
{
	struct flow_table *table = new_table(4096);
	struct flow_key in = make_key(DIRECTION_IN, 17, 1, 10, 2, 20), out;
	unsigned int linked = 0, elsewhere = 0;
	const struct flow *flows;
	uint32_t n;

	flow_key_reverse(&in, &out);
	for (uint16_t i = 0; i < SAMPLE_IFACE_MAX; i++) {
		in.iface = out.iface = i;
		add(table, &in, 1, 1);
		add(table, &out, 1, 1);
	}
	flows = flow_table_flows(table, &n);
	is_u64(n, 2 * SAMPLE_IFACE_MAX, "every interface has two flows");
	for (uint32_t i = 0; i < n; i++) {
		elsewhere += flows[i].elsewhere;
		linked += flows[i].opposite != FLOW_NONE &&
			  flows[flows[i].opposite].key.iface == flows[i].key.iface;
	}
	is_u64(linked, n, "all have an opposite on their interface");
	is_u64(elsewhere, n, "all are elsewhere as well");
	flow_table_free(table);
}

int main(void)
{
	test_opposite();
	test_esp_rekey();
	test_esp_after_eviction();
	test_elsewhere();
	test_all_interfaces();
	return tap_done();
}
