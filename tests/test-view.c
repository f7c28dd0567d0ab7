/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the table of views: that it is complete, fits a terminal, and groups what belongs together.
 */
#include "config.h"

#include <errno.h>
#include <netinet/in.h>

#include "flow-table.h"
#include "ledger.h"
#include "macro.h"
#include "tap.h"
#include "view.h"

static const char *const names[VIEW_ID_MAX] = {
	[VIEW_ID_CONVERSATIONS] = "flows",
	[VIEW_ID_FLOWS] = "directions",
	[VIEW_ID_SRC] = "src",
	[VIEW_ID_DST] = "dst",
	[VIEW_ID_PAIR] = "pair",
	[VIEW_ID_PROTO] = "proto",
	[VIEW_ID_PORT] = "port",
	[VIEW_ID_IFACE] = "iface",
	[VIEW_ID_PID] = "pid",
	[VIEW_ID_COMM] = "comm",
	[VIEW_ID_USER] = "user",
	[VIEW_ID_CGROUP] = "cgroup",
	[VIEW_ID_CONTAINER] = "container",
	[VIEW_ID_POD] = "pod",
	[VIEW_ID_PREFIX] = "prefix",
	[VIEW_ID_COUNTRY] = "country",
	[VIEW_ID_ASN] = "asn",
	[VIEW_ID_L7] = "l7",
};

static void test_columns(const struct view *view, const enum column_id *columns, const char *what)
{
	bool used[COLUMN_MAX] = {false}, sort = false, once = true, useful = true;
	size_t n = 0;

	for (; columns[n] != COLUMN_MAX && n < COLUMN_MAX; n++) {
		once &= !used[columns[n]];
		used[columns[n]] = true;
		sort |= columns[n] == view->sort || columns[n] == COLUMN_RX_BPS;
		useful &= view_has_column(view, columns[n]);
	}
	ok(n > 5 && columns[n] == COLUMN_MAX, "%s, %s: has an end", view->name, what);
	ok(once, "%s, %s: no column twice", view->name, what);
	ok(useful, "%s, %s: every column says something", view->name, what);
	ok(sort, "%s, %s: what it is sorted by is among them", view->name, what);
}

static void test_record(int id)
{
	const struct view *view = &view_table[id];
	bool group = view->rows == VIEW_GROUPS;
	size_t n_help = strlen(view->help);

	is_str(view->name, names[id], "view %d has its name", id);
	is_int(view_find(view->name), id, "%s is found, so its name is unique", view->name);
	ok(view->title && *view->title, "%s has a title", view->name);
	ok(!view->heading == !group, "%s: groups have a heading", view->name);
	ok(!group || strlen(view->heading) < column_table[COLUMN_GROUP].min_width,
	   "%s: the heading has room, with its arrow", view->name);
	ok(n_help > 0 && view->help[n_help - 1] != '.', "%s: help is no sentence", view->name);
	ok(!view->key == !group && !view->label == !group && !view->peer == !group,
	   "%s: groups have a key", view->name);
	ok(view->filter, "%s: a row can be a filter", view->name);
	is_int(view->sort, COLUMN_BPS, "%s is sorted by rate", view->name);
	test_columns(view, view->columns, "screen");
	test_columns(view, view->report_columns, "report");
}

/* How many columns of the list fit, each at its narrowest, with a blank between. */
static size_t n_fitting(const enum column_id *columns, size_t width)
{
	size_t used = 0, n = 0;

	for (; columns[n] != COLUMN_MAX; n++) {
		used += column_table[columns[n]].min_width + (n > 0);
		if (used > width)
			break;
	}
	return n;
}

static void test_width(void)
{
	/* PROTO LOCAL REMOTE PROCESS, RX and TX b/s, RX p/s, which goes for b/s */
	is_int(n_fitting(view_table[VIEW_ID_CONVERSATIONS].columns, 80), 7, "flows in 80 columns");
	/* PROTO DIR SOURCE DESTINATION PROCESS b/s p/s BYTES, and L7, which goes for the last two */
	is_int(n_fitting(view_table[VIEW_ID_FLOWS].columns, 80), 7, "directions in 80 columns");
	/* GROUP FLOWS, RX and TX b/s and p/s, b/s, SHARE CUMUL PEERS */
	is_int(n_fitting(view_table[VIEW_ID_SRC].columns, 80), 10, "sources in 80 columns");
}

static void test_columns_of_views(void)
{
	static const struct {
		enum view_id view;
		enum column_id column;
		bool want;
	} cases[] = {
		{VIEW_ID_FLOWS, COLUMN_SRC, true},
		{VIEW_ID_FLOWS, COLUMN_BPS, true},
		{VIEW_ID_FLOWS, COLUMN_LOCAL, false},
		{VIEW_ID_FLOWS, COLUMN_RX_BPS, false},
		{VIEW_ID_FLOWS, COLUMN_GROUP, false},
		{VIEW_ID_FLOWS, COLUMN_FLOWS, false},
		{VIEW_ID_CONVERSATIONS, COLUMN_LOCAL, true},
		{VIEW_ID_CONVERSATIONS, COLUMN_RX_BPS, true},
		{VIEW_ID_CONVERSATIONS, COLUMN_SRC_ADDR, true},
		{VIEW_ID_CONVERSATIONS, COLUMN_SRC, false},
		{VIEW_ID_CONVERSATIONS, COLUMN_GROUP, false},
		{VIEW_ID_PORT, COLUMN_GROUP, true},
		{VIEW_ID_PORT, COLUMN_RX_BPS, true},
		{VIEW_ID_PORT, COLUMN_BPS, true},
		{VIEW_ID_PORT, COLUMN_SRC_ADDR, false},
		{VIEW_ID_PORT, COLUMN_COMMUNITY_ID, false},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		is_int(view_has_column(&view_table[cases[i].view], cases[i].column), cases[i].want,
		       "%s, %s", names[cases[i].view], column_table[cases[i].column].name);
}

#define TCP4 .family = FAMILY_IPV4, .proto = IPPROTO_TCP

/* A client and its server, and what is like it. */
static const struct flow flows[] = {
	{.key = {TCP4, .src = {192, 0, 2, 7}, .dst = {192, 0, 2, 1}, .sport = 41234, .dport = 443}},
	/* the answer */
	{.key = {TCP4, .src = {192, 0, 2, 1}, .dst = {192, 0, 2, 7}, .sport = 443, .dport = 41234,
		 .direction = DIRECTION_OUT}},
	{.key = {.family = FAMILY_IPV4,
		 .proto = IPPROTO_UDP,
		 .src = {192, 0, 2, 7},
		 .dst = {192, 0, 2, 53},
		 .sport = 53,
		 .dport = 53,
		 .iface = 1}},
	{.key = {.family = FAMILY_ARP, .src = {192, 0, 2, 7}, .dst = {192, 0, 2, 1}, .sport = 1}},
	{.key = {.family = FAMILY_IPV4,
		 .proto = IPPROTO_ICMP,
		 .src = {192, 0, 2, 7},
		 .dst = {192, 0, 2, 1},
		 .sport = 8}},
	/* folded: sources open */
	{.key = {TCP4, .dst = {192, 0, 2, 1}, .sport = 9, .dport = 8080,
		 .open = OPEN_SRC_ADDR | OPEN_SRC_PORT}},
	/* folded: source and port open; what is in the fields does not count */
	{.key = {TCP4, .src = {1}, .dst = {192, 0, 2, 1}, .sport = 2, .dport = 3,
		 .open = OPEN_SRC_ADDR | OPEN_SRC_PORT | OPEN_DST_PORT}},
	/* four bytes like those of the first source */
	{.key = {.family = FAMILY_IPV6,
		 .proto = IPPROTO_TCP,
		 .src = {192, 0, 2, 7},
		 .dst = {0x20, 1, 0xd, 0xb8, [15] = 1},
		 .sport = 80,
		 .dport = 50000,
		 .iface = 9}},
};

static const struct {
	enum view_id view;
	const char *labels[ARRAY_SIZE(flows)];
	int groups[ARRAY_SIZE(flows)]; /* equal numbers: the same group */
} groupings[] = {
	{VIEW_ID_SRC,
	 {"192.0.2.7", "192.0.2.1", "192.0.2.7", "192.0.2.7", "192.0.2.7", "*", "*", "c000:207::"},
	 {0, 1, 0, 0, 0, 5, 5, 7}},
	{VIEW_ID_DST,
	 {"192.0.2.1", "192.0.2.7", "192.0.2.53", "192.0.2.1", "192.0.2.1", "192.0.2.1",
	  "192.0.2.1", "2001:db8::1"},
	 {0, 1, 2, 0, 0, 0, 0, 7}},
	{VIEW_ID_PAIR,
	 {"192.0.2.1 <-> 192.0.2.7", "192.0.2.1 <-> 192.0.2.7", "192.0.2.53 <-> 192.0.2.7",
	  "192.0.2.1 <-> 192.0.2.7", "192.0.2.1 <-> 192.0.2.7", "192.0.2.1 <-> *",
	  "192.0.2.1 <-> *", "2001:db8::1 <-> c000:207::"},
	 {0, 0, 2, 0, 0, 5, 5, 7}},
	{VIEW_ID_PROTO,
	 {"tcp", "tcp", "udp", "arp", "icmp", "tcp", "tcp", "tcp"},
	 {0, 0, 2, 3, 4, 0, 0, 0}},
	{VIEW_ID_PORT,
	 {"443/tcp", "443/tcp", "53/udp", "arp", "icmp", "8080/tcp", "*/tcp", "80/tcp"},
	 {0, 0, 2, 3, 4, 5, 6, 7}},
	{VIEW_ID_PREFIX,
	 {"192.0.2.0/24", "192.0.2.0/24", "192.0.2.0/24", "192.0.2.0/24", "192.0.2.0/24", "*", "*",
	  "c000:207::/64"},
	 {0, 0, 0, 0, 0, 5, 5, 7}},
	/* without databases */
	{VIEW_ID_COUNTRY,
	 {"(country not known)", "(country not known)", "(country not known)",
	  "(country not known)", "(country not known)", "*", "*", "(country not known)"},
	 {0, 0, 0, 0, 0, 5, 5, 0}},
	{VIEW_ID_ASN,
	 {"(AS not known)", "(AS not known)", "(AS not known)", "(AS not known)", "(AS not known)",
	  "*", "*", "(AS not known)"},
	 {0, 0, 0, 0, 0, 5, 5, 0}},
	{VIEW_ID_IFACE,
	 {"eth0", "eth0", "wg1", "eth0", "eth0", "eth0", "eth0", "?"},
	 {0, 0, 2, 0, 0, 0, 0, 7}},
};

static void test_grouping(size_t i, const struct view_context *context)
{
	const struct view *view = &view_table[groupings[i].view];
	uint8_t keys[ARRAY_SIZE(flows)][VIEW_KEY_MAX];
	size_t sizes[ARRAY_SIZE(flows)];
	char label[VIEW_LABEL_MAX];

	for (size_t k = 0; k < ARRAY_SIZE(flows); k++) {
		int n = view->label(label, sizeof(label), &flows[k], context);

		is_str(label, groupings[i].labels[k], "%s: label of flow %zu", view->name, k);
		is_int(n, (int)strlen(label), "%s: its length", view->name);
		memset(keys[k], (int)k, sizeof(keys[k]));
		sizes[k] = view->key(&flows[k], context, keys[k]);
		ok(sizes[k] > 0 && sizes[k] <= VIEW_KEY_MAX, "%s: size of the key", view->name);
		for (size_t other = 0; other < k; other++) {
			bool same =
				sizes[k] == sizes[other] && !memcmp(keys[k], keys[other], sizes[k]);

			is_int(same, groupings[i].groups[k] == groupings[i].groups[other],
			       "%s: flows %zu and %zu", view->name, other, k);
		}
	}
}

int main(void)
{
	static const struct sample_iface ifaces[] = {{.slot = 0, .index = 2, .name = "eth0"},
						     {.slot = 1, .index = 3, .name = "wg1"}};
	struct ledger *ledger;

	for (int id = 0; id < VIEW_ID_MAX; id++)
		test_record(id);
	is_int(view_find("nonsense"), -ENOENT, "no such view");
	is_int(view_find(""), -ENOENT, "no view without a name");
	test_width();
	test_columns_of_views();

	if (!ok(ledger_new(&ledger) == 0, "a ledger"))
		return tap_done();
	for (size_t i = 0; i < ARRAY_SIZE(ifaces); i++)
		ledger_iface(ledger, &ifaces[i]);
	for (size_t i = 0; i < ARRAY_SIZE(groupings); i++)
		test_grouping(i, &(struct view_context){.ledger = ledger});
	ledger_free(ledger);
	return tap_done();
}
