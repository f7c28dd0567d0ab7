/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the table of columns: that it is complete, and what each column writes, says and ranks. */
#include "config.h"

#include <errno.h>
#include <netinet/in.h>
#include <time.h>

#include "column.h"
#include "flow-table.h"
#include "geo.h"
#include "macro.h"
#include "owner.h"
#include "tap.h"
#include "view.h"

/* Names are an interface: scripts read them. */
static const char *const names[COLUMN_MAX] = {
	[COLUMN_IFACE] = "in_if",
	[COLUMN_DIRECTION] = "direction",
	[COLUMN_PROTO] = "proto",
	[COLUMN_SRC] = "src",
	[COLUMN_DST] = "dst",
	[COLUMN_SRC_ADDR] = "src_addr",
	[COLUMN_SRC_PORT] = "src_port",
	[COLUMN_DST_ADDR] = "dst_addr",
	[COLUMN_DST_PORT] = "dst_port",
	[COLUMN_SRC_NAME] = "src_name",
	[COLUMN_DST_NAME] = "dst_name",
	[COLUMN_ASKED_BY] = "asked_by",
	[COLUMN_RESOLVER] = "resolver",
	[COLUMN_LOCAL] = "local",
	[COLUMN_REMOTE] = "remote",
	[COLUMN_DETAIL] = "detail",
	[COLUMN_VLAN] = "vlan",
	[COLUMN_PACKETS] = "packets",
	[COLUMN_BYTES] = "bytes",
	[COLUMN_PPS] = "pps",
	[COLUMN_BPS] = "bps",
	[COLUMN_BPS_10S] = "bps_10s",
	[COLUMN_BPS_60S] = "bps_60s",
	[COLUMN_BPS_PEAK] = "bps_peak",
	[COLUMN_PPS_10S] = "pps_10s",
	[COLUMN_PPS_60S] = "pps_60s",
	[COLUMN_PPS_PEAK] = "pps_peak",
	[COLUMN_RX_BPS] = "rx_bps",
	[COLUMN_TX_BPS] = "tx_bps",
	[COLUMN_RX_PPS] = "rx_pps",
	[COLUMN_TX_PPS] = "tx_pps",
	[COLUMN_RX_BYTES] = "rx_bytes",
	[COLUMN_TX_BYTES] = "tx_bytes",
	[COLUMN_RX_PACKETS] = "rx_packets",
	[COLUMN_TX_PACKETS] = "tx_packets",
	[COLUMN_FLAGS] = "tcp_flags",
	[COLUMN_RETRANSMITS] = "retransmits",
	[COLUMN_FIRST] = "first_seen",
	[COLUMN_LAST] = "last_seen",
	[COLUMN_AGE] = "age_s",
	[COLUMN_IDLE] = "idle_s",
	[COLUMN_FLOWS] = "flows",
	[COLUMN_PEERS] = "peers",
	[COLUMN_SHARE] = "share_percent",
	[COLUMN_CUMULATIVE] = "cumul_percent",
	[COLUMN_GROUP] = "group",
	[COLUMN_ELSEWHERE] = "elsewhere",
	[COLUMN_L7] = "l7",
	[COLUMN_L7_SOURCE] = "l7_source",
	[COLUMN_COMMUNITY_ID] = "community_id",
	[COLUMN_COUNTRY] = "country",
	[COLUMN_ASN] = "asn",
	[COLUMN_AS_ORG] = "as_org",
	[COLUMN_SRC_COUNTRY] = "src_country",
	[COLUMN_SRC_ASN] = "src_asn",
	[COLUMN_SRC_AS_ORG] = "src_as_org",
	[COLUMN_DST_COUNTRY] = "dst_country",
	[COLUMN_DST_ASN] = "dst_asn",
	[COLUMN_DST_AS_ORG] = "dst_as_org",
	[COLUMN_OWNER] = "owner",
	[COLUMN_OWNER_REASON] = "owner_reason",
	[COLUMN_OWNER_ESTIMATED] = "owner_estimated",
	[COLUMN_PID] = "pid",
	[COLUMN_COMM] = "comm",
	[COLUMN_COMMAND] = "command",
	[COLUMN_UID] = "uid",
	[COLUMN_USER] = "user",
	[COLUMN_CGROUP] = "cgroup",
	[COLUMN_CONTAINER] = "container",
	[COLUMN_CONTAINER_ID] = "container_id",
	[COLUMN_IMAGE] = "image",
	[COLUMN_POD] = "pod",
};

static void test_record(int id)
{
	const struct column *column = &column_table[id];
	const char *title_bytes = column_title(column, UNIT_BYTES);
	bool whole = column->name && column->title && column->help && column->rank &&
		     column->format && column->value;
	size_t n_help;

	if (!ok(whole, "column %d is complete", id))
		return;
	is_str(column->name, names[id], "column %d has its name", id);
	is_int(column_find(column->name), id, "%s is found, so its name is unique", column->name);
	n_help = strlen(column->help);
	ok(n_help > 0 && column->help[n_help - 1] != '.', "%s: help is no sentence", column->name);
	ok(strlen(column->title) <= column->min_width && strlen(title_bytes) <= column->min_width,
	   "%s: headings fit", column->name);
	ok(column->width >= column->min_width, "%s: widths are in order", column->name);
	ok(column->type < COLUMN_TYPE_MAX, "%s has a type", column->name);
	ok(column->rows && column->rows < 1 << (VIEW_GROUPS + 1), "%s has a view", column->name);
	/* Ranks of text are its first eight bytes: longer ones must be compared. */
	ok(column->compare || column->type != COLUMN_TEXT || id == COLUMN_PROTO ||
		   id == COLUMN_DIRECTION || id == COLUMN_FIRST || id == COLUMN_LAST,
	   "%s: text is compared", column->name);
}

/* A conversation of TCP, led by what comes in. */
static const struct flow_key tcp_key = {
	.src = {192, 0, 2, 7},
	.dst = {192, 0, 2, 1},
	.sport = 41234,
	.dport = 443,
	.vlan = 12,
	.direction = DIRECTION_IN,
	.family = FAMILY_IPV4,
	.proto = IPPROTO_TCP,
};
static const struct flow_key tcp_out_key = {
	.src = {192, 0, 2, 1},
	.dst = {192, 0, 2, 7},
	.sport = 443,
	.dport = 41234,
	.direction = DIRECTION_OUT,
	.family = FAMILY_IPV4,
	.proto = IPPROTO_TCP,
};
static const struct flow_key icmp_key = {
	.src = {198, 51, 100, 9},
	.dst = {192, 0, 2, 1},
	.sport = 8,
	.family = FAMILY_IPV4,
	.proto = IPPROTO_ICMP,
};
/* Folded: the sources are left open. */
static const struct flow_key open_key = {
	.dst = {192, 0, 2, 1},
	.dport = 443,
	.family = FAMILY_IPV4,
	.proto = IPPROTO_TCP,
	.open = OPEN_SRC_ADDR | OPEN_SRC_PORT,
};
static const struct sample_iface eth0 = {.index = 2, .name = "eth0"};

#define START_NS (100 * NSEC_PER_SEC)
/* 2026-01-31 12:00:00 UTC, 100 s after the clock that only goes forward began. */
#define REAL_OFFSET_NS ((int64_t)(1769860800 - 100) * (int64_t)NSEC_PER_SEC)

static const struct row tcp_row = {
	.key = &tcp_key,
	.side = {[DIRECTION_IN] = {.count = {1500, 2000000},
				   .bps = 8000000,
				   .pps = 750.5,
				   .average_bps = {4000000, 1000000},
				   .average_pps = {400, 100},
				   .peak_bps = 9500000,
				   .peak_pps = 800},
		 [DIRECTION_OUT] = {.count = {500, 40000},
				    .bps = 160000,
				    .pps = 250,
				    .average_bps = {80000, 20000},
				    .average_pps = {100, 25},
				    .peak_bps = 200000,
				    .peak_pps = 300}},
	.id = 7,
	.first_ns = START_NS,
	.last_ns = START_NS + 58 * NSEC_PER_SEC,
	.now_ns = START_NS + 60 * NSEC_PER_SEC + 500 * NSEC_PER_MSEC,
	.real_offset_ns = REAL_OFFSET_NS,
	.n_flows = 2,
	.tcp_flags = 0x12,
	.l7 = L7_TLS,
	.l7_source = L7_SOURCE_PORT,
	.retransmits = 1234,
	.iface = &eth0,
};
static const struct row tcp_out_row = {.key = &tcp_out_key, .iface = &eth0};
static const struct row icmp_row = {.key = &icmp_key, .iface = &eth0, .elsewhere = true};
static const struct row open_row = {.key = &open_key};
static const struct row group_row = {
	.key = &tcp_key,
	.group = "192.0.2.7",
	.n_flows = 1234,
	.n_peers = 1500,
	.share = 0.25,
	.cumulative_share = 0.75,
	.side = {[DIRECTION_IN] = {.bps = 9e15, .peak_bps = 5, .pps = 1000, .peak_pps = 5}},
};

static const struct owner nginx = {
	.number = 1,
	.pid = 1234,
	.uid = 33,
	.text = {[OWNER_COMM] = "nginx",
		 [OWNER_COMMAND] = "nginx: worker",
		 [OWNER_USER] = "www-data",
		 [OWNER_CGROUP] = "/a/b",
		 [OWNER_RUNTIME] = "docker",
		 [OWNER_CONTAINER] = "0123456789abcdef0123456789abcdef",
		 [OWNER_CONTAINER_NAME] = "",
		 [OWNER_IMAGE] = "nginx:1.27",
		 [OWNER_POD] = "web-1",
		 [OWNER_POD_NAMESPACE] = "shop"},
};
static const struct row owned_row = {
	.key = &tcp_key, .owner = &nginx, .owner_same = ROW_SAME_ALL, .owner_estimated = true};
/* Several processes of a user. */
static const struct row user_row = {
	.key = &tcp_key,
	.group = "www-data",
	.owner = &nginx,
	.owner_same = ROW_SAME_UID | 1 << OWNER_USER,
};
static const struct row no_owner_row = {.key = &tcp_key, .owner_reason = OWNER_NO_SOCKET};

static const struct geo_place one = {.asn = 64496, .country = "DE", .org = "Example One"};
static const struct geo_place two = {.asn = 64497};
static const struct row placed_row = {
	.key = &tcp_key,
	.places = {[ROW_END_SRC] = &one, [ROW_END_DST] = &two, [ROW_END_FAR] = &one},
	.same_country = true,
	.same_asn = true,
};
/* Several systems of a country. */
static const struct row country_row = {
	.key = &tcp_key, .group = "DE", .places = {[ROW_END_FAR] = &one}, .same_country = true};

static const struct {
	enum column_id id;
	const struct row *row;
	const char *bits, *bytes, *exact;
} formats[] = {
	{COLUMN_IFACE, &tcp_row, "eth0", "eth0", "eth0"},
	{COLUMN_IFACE, &open_row, "", "", ""},
	{COLUMN_DIRECTION, &tcp_row, "in", "in", "in"},
	{COLUMN_DIRECTION, &tcp_out_row, "out", "out", "out"},
	{COLUMN_DIRECTION, &group_row, "", "", ""},
	{COLUMN_PROTO, &tcp_row, "tcp", "tcp", "tcp"},
	{COLUMN_PROTO, &group_row, "", "", ""},
	{COLUMN_SRC, &tcp_row, "192.0.2.7:41234", "192.0.2.7:41234", "192.0.2.7:41234"},
	{COLUMN_SRC, &icmp_row, "198.51.100.9", "198.51.100.9", "198.51.100.9"},
	{COLUMN_SRC, &open_row, "*", "*", "*"},
	{COLUMN_SRC, &group_row, "", "", ""},
	{COLUMN_DST, &tcp_row, "192.0.2.1:443", "192.0.2.1:443", "192.0.2.1:443"},
	{COLUMN_SRC_ADDR, &tcp_row, "192.0.2.7", "192.0.2.7", "192.0.2.7"},
	{COLUMN_SRC_ADDR, &open_row, "*", "*", ""},
	{COLUMN_SRC_ADDR, &group_row, "-", "-", ""},
	{COLUMN_SRC_PORT, &tcp_row, "41234", "41234", "41234"},
	{COLUMN_SRC_PORT, &icmp_row, "-", "-", ""},
	{COLUMN_SRC_PORT, &open_row, "*", "*", ""},
	{COLUMN_SRC_PORT, &group_row, "-", "-", ""},
	{COLUMN_DST_ADDR, &open_row, "192.0.2.1", "192.0.2.1", "192.0.2.1"},
	{COLUMN_DST_PORT, &open_row, "443", "443", "443"},
	{COLUMN_SRC_NAME, &tcp_row, "", "", ""},
	{COLUMN_DST_NAME, &group_row, "", "", ""},
	{COLUMN_ASKED_BY, &tcp_row, "", "", ""},
	{COLUMN_RESOLVER, &group_row, "", "", ""},
	{COLUMN_LOCAL, &tcp_row, "192.0.2.1:443", "192.0.2.1:443", "192.0.2.1:443"},
	{COLUMN_LOCAL, &tcp_out_row, "192.0.2.1:443", "192.0.2.1:443", "192.0.2.1:443"},
	{COLUMN_REMOTE, &tcp_row, "192.0.2.7:41234", "192.0.2.7:41234", "192.0.2.7:41234"},
	{COLUMN_REMOTE, &tcp_out_row, "192.0.2.7:41234", "192.0.2.7:41234", "192.0.2.7:41234"},
	{COLUMN_DETAIL, &tcp_row, "", "", ""},
	{COLUMN_DETAIL, &icmp_row, "echo-request", "echo-request", "echo-request"},
	{COLUMN_VLAN, &tcp_row, "12", "12", "12"},
	{COLUMN_VLAN, &icmp_row, "-", "-", ""},
	{COLUMN_PACKETS, &tcp_row, "2.00k", "2.00k", "2000"},
	{COLUMN_BYTES, &tcp_row, "2.04M", "2.04M", "2040000"},
	{COLUMN_PPS, &tcp_row, "1.00k", "1.00k", "1000.500"},
	{COLUMN_BPS, &tcp_row, "8.16M", "1.02M", "8160000.000"},
	{COLUMN_BPS, &group_row, "9.00P", "1.13P", "9000000000000000"},
	{COLUMN_BPS_10S, &tcp_row, "4.08M", "510k", "4080000.000"},
	{COLUMN_BPS_60S, &tcp_row, "1.02M", "128k", "1020000.000"},
	{COLUMN_BPS_PEAK, &tcp_row, "9.50M", "1.19M", "9500000.000"},
	{COLUMN_PPS_10S, &tcp_row, "500", "500", "500.000"},
	{COLUMN_PPS_60S, &tcp_row, "125", "125", "125.000"},
	/* The sum now is more than either direction ever was, or any flow of a group. */
	{COLUMN_PPS_PEAK, &tcp_row, "1.00k", "1.00k", "1000.500"},
	{COLUMN_PPS_PEAK, &group_row, "1.00k", "1.00k", "1000.000"},
	{COLUMN_RX_BPS, &tcp_row, "8.00M", "1.00M", "8000000.000"},
	{COLUMN_TX_BPS, &tcp_row, "160k", "20.0k", "160000.000"},
	{COLUMN_RX_PPS, &tcp_row, "751", "751", "750.500"},
	{COLUMN_TX_PPS, &tcp_row, "250", "250", "250.000"},
	{COLUMN_RX_BYTES, &tcp_row, "2.00M", "2.00M", "2000000"},
	{COLUMN_TX_BYTES, &tcp_row, "40.0k", "40.0k", "40000"},
	{COLUMN_RX_PACKETS, &tcp_row, "1.50k", "1.50k", "1500"},
	{COLUMN_TX_PACKETS, &tcp_row, "500", "500", "500"},
	{COLUMN_FLAGS, &tcp_row, "SYN,ACK", "SYN,ACK", "SYN,ACK"},
	{COLUMN_FLAGS, &icmp_row, "-", "-", ""},
	{COLUMN_FIRST, &tcp_row, "12:00:00", "12:00:00", "2026-01-31T12:00:00.000Z"},
	{COLUMN_LAST, &tcp_row, "12:00:58", "12:00:58", "2026-01-31T12:00:58.000Z"},
	{COLUMN_AGE, &tcp_row, "1m01s", "1m01s", "60.500"},
	{COLUMN_IDLE, &tcp_row, "2.5s", "2.5s", "2.500"},
	{COLUMN_FLOWS, &group_row, "1.23k", "1.23k", "1234"},
	{COLUMN_PEERS, &group_row, "1.50k", "1.50k", "1500"},
	{COLUMN_SHARE, &group_row, "25%", "25%", "25.000"},
	{COLUMN_CUMULATIVE, &group_row, "75%", "75%", "75.000"},
	{COLUMN_GROUP, &group_row, "192.0.2.7", "192.0.2.7", "192.0.2.7"},
	{COLUMN_GROUP, &tcp_row, "", "", ""},
	{COLUMN_RETRANSMITS, &tcp_row, "1.23k", "1.23k", "1234"},
	{COLUMN_RETRANSMITS, &tcp_out_row, "-", "-", ""},
	{COLUMN_L7, &tcp_row, "tls?", "tls?", "tls"},
	{COLUMN_L7, &icmp_row, "-", "-", ""},
	{COLUMN_L7_SOURCE, &tcp_row, "port", "port", "port"},
	{COLUMN_L7_SOURCE, &icmp_row, "", "", ""},
	{COLUMN_ELSEWHERE, &tcp_row, "", "", "0"},
	{COLUMN_ELSEWHERE, &icmp_row, "yes", "yes", "1"},
	{COLUMN_COMMUNITY_ID, &open_row, "", "", ""},
	{COLUMN_COUNTRY, &placed_row, "DE", "DE", "DE"},
	{COLUMN_COUNTRY, &country_row, "DE", "DE", "DE"},
	{COLUMN_COUNTRY, &tcp_row, "", "", ""},
	{COLUMN_ASN, &placed_row, "64496", "64496", "64496"},
	{COLUMN_ASN, &country_row, "-", "-", ""},
	{COLUMN_ASN, &tcp_row, "-", "-", ""},
	{COLUMN_AS_ORG, &placed_row, "Example One", "Example One", "Example One"},
	{COLUMN_AS_ORG, &country_row, "", "", ""},
	{COLUMN_SRC_COUNTRY, &placed_row, "DE", "DE", "DE"},
	{COLUMN_SRC_ASN, &placed_row, "64496", "64496", "64496"},
	{COLUMN_SRC_AS_ORG, &placed_row, "Example One", "Example One", "Example One"},
	{COLUMN_DST_COUNTRY, &placed_row, "", "", ""},
	{COLUMN_DST_ASN, &placed_row, "64497", "64497", "64497"},
	{COLUMN_DST_AS_ORG, &placed_row, "", "", ""},
	{COLUMN_OWNER, &owned_row, "~0123456789ab/nginx", "~0123456789ab/nginx",
	 "~0123456789ab/nginx"},
	{COLUMN_OWNER, &user_row, "", "", ""},
	{COLUMN_OWNER, &no_owner_row, "no socket", "no socket", "no socket"},
	{COLUMN_OWNER_REASON, &owned_row, "", "", ""},
	{COLUMN_OWNER_REASON, &no_owner_row, "no socket", "no socket", "no socket"},
	{COLUMN_OWNER_ESTIMATED, &owned_row, "yes", "yes", "1"},
	{COLUMN_OWNER_ESTIMATED, &user_row, "", "", "0"},
	{COLUMN_PID, &owned_row, "1234", "1234", "1234"},
	{COLUMN_PID, &user_row, "-", "-", ""},
	{COLUMN_PID, &no_owner_row, "-", "-", ""},
	{COLUMN_COMM, &owned_row, "nginx", "nginx", "nginx"},
	{COLUMN_COMM, &user_row, "", "", ""},
	{COLUMN_COMMAND, &owned_row, "nginx: worker", "nginx: worker", "nginx: worker"},
	{COLUMN_UID, &owned_row, "33", "33", "33"},
	{COLUMN_UID, &user_row, "33", "33", "33"},
	{COLUMN_UID, &no_owner_row, "-", "-", ""},
	{COLUMN_USER, &user_row, "www-data", "www-data", "www-data"},
	{COLUMN_CGROUP, &owned_row, "/a/b", "/a/b", "/a/b"},
	{COLUMN_CONTAINER, &owned_row, "0123456789ab", "0123456789ab", "0123456789ab"},
	{COLUMN_CONTAINER, &user_row, "", "", ""},
	{COLUMN_CONTAINER_ID, &owned_row, "0123456789abcdef0123456789abcdef",
	 "0123456789abcdef0123456789abcdef", "0123456789abcdef0123456789abcdef"},
	{COLUMN_IMAGE, &owned_row, "nginx:1.27", "nginx:1.27", "nginx:1.27"},
	{COLUMN_POD, &owned_row, "shop/web-1", "shop/web-1", "shop/web-1"},
	{COLUMN_POD, &no_owner_row, "", "", ""},
};

static void test_formats(void)
{
	bool tested[COLUMN_MAX] = {false};

	for (size_t i = 0; i < ARRAY_SIZE(formats); i++) {
		const struct column *column = &column_table[formats[i].id];
		const struct {
			struct column_format format;
			const char *want, *what;
		} cases[] = {
			{{.unit = UNIT_BITS}, formats[i].bits, "bits"},
			{{.unit = UNIT_PACKETS}, formats[i].bits, "packets"},
			{{.unit = UNIT_BYTES}, formats[i].bytes, "bytes"},
			{{.unit = UNIT_BITS, .exact = true}, formats[i].exact, "exact"},
			{{.unit = UNIT_BYTES, .exact = true}, formats[i].exact, "exact, bytes"},
		};

		tested[formats[i].id] = true;
		for (size_t k = 0; k < ARRAY_SIZE(cases); k++) {
			char buf[96];
			int n = column->format(buf, sizeof(buf), formats[i].row, &cases[k].format);

			is_str(buf, cases[k].want, "case %zu: %s, %s", i, column->name,
			       cases[k].what);
			is_int(n, (int)strlen(cases[k].want), "case %zu: its length", i);
		}
	}
	for (int id = 0; id < COLUMN_MAX; id++) {
		const struct column_format format = {.exact = true};
		char small[2] = "??";

		ok(tested[id], "format of %s has a case", column_table[id].name);
		(void)column_table[id].format(small, sizeof(small), &tcp_row, &format);
		ok(memchr(small, '\0', sizeof(small)), "%s ends in a small buffer", names[id]);
	}
}

/* One kind of value is looked at, by the type of the column. */
static const struct {
	enum column_id id;
	const struct row *row;
	enum column_type type;
	struct column_value want;
} values[] = {
	{COLUMN_IFACE, &tcp_row, COLUMN_TEXT, {.text = "eth0"}},
	{COLUMN_IFACE, &open_row, COLUMN_TEXT, {.null = true}},
	{COLUMN_SRC, &tcp_row, COLUMN_TEXT, {.text = "192.0.2.7:41234"}},
	{COLUMN_SRC, &group_row, COLUMN_TEXT, {.null = true}},
	{COLUMN_SRC_ADDR, &tcp_row, COLUMN_TEXT, {.text = "192.0.2.7"}},
	{COLUMN_SRC_ADDR, &open_row, COLUMN_TEXT, {.null = true}},
	{COLUMN_DST_ADDR, &group_row, COLUMN_TEXT, {.null = true}},
	{COLUMN_SRC_PORT, &tcp_row, COLUMN_INTEGER, {.integer = 41234}},
	{COLUMN_SRC_PORT, &open_row, COLUMN_INTEGER, {.null = true}},
	{COLUMN_DST_PORT, &icmp_row, COLUMN_INTEGER, {.null = true}},
	{COLUMN_VLAN, &tcp_row, COLUMN_INTEGER, {.integer = 12}},
	{COLUMN_VLAN, &icmp_row, COLUMN_INTEGER, {.null = true}},
	{COLUMN_BYTES, &tcp_row, COLUMN_INTEGER, {.integer = 2040000}},
	{COLUMN_BPS, &tcp_row, COLUMN_NUMBER, {.number = 8160000}},
	{COLUMN_TX_PPS, &tcp_row, COLUMN_NUMBER, {.number = 250}},
	{COLUMN_FLAGS, &tcp_row, COLUMN_LIST, {.text = "SYN,ACK"}},
	{COLUMN_FLAGS, &icmp_row, COLUMN_LIST, {.text = ""}},
	{COLUMN_FIRST, &tcp_row, COLUMN_TEXT, {.text = "2026-01-31T12:00:00.000Z"}},
	{COLUMN_AGE, &tcp_row, COLUMN_NUMBER, {.number = 60.5}},
	{COLUMN_IDLE, &tcp_row, COLUMN_NUMBER, {.number = 2.5}},
	{COLUMN_FLOWS, &group_row, COLUMN_INTEGER, {.integer = 1234}},
	{COLUMN_PEERS, &group_row, COLUMN_INTEGER, {.integer = 1500}},
	{COLUMN_SHARE, &group_row, COLUMN_NUMBER, {.number = 25}},
	{COLUMN_CUMULATIVE, &group_row, COLUMN_NUMBER, {.number = 75}},
	{COLUMN_GROUP, &tcp_row, COLUMN_TEXT, {.null = true}},
	{COLUMN_RETRANSMITS, &tcp_row, COLUMN_INTEGER, {.integer = 1234}},
	{COLUMN_RETRANSMITS, &tcp_out_row, COLUMN_INTEGER, {.null = true}},
	{COLUMN_ELSEWHERE, &icmp_row, COLUMN_INTEGER, {.integer = 1}},
	{COLUMN_L7, &tcp_row, COLUMN_TEXT, {.text = "tls"}},
	{COLUMN_L7, &icmp_row, COLUMN_TEXT, {.null = true}},
	{COLUMN_L7_SOURCE, &tcp_row, COLUMN_TEXT, {.text = "port"}},
	{COLUMN_DETAIL, &tcp_row, COLUMN_TEXT, {.null = true}},
	{COLUMN_PID, &owned_row, COLUMN_INTEGER, {.integer = 1234}},
	{COLUMN_PID, &user_row, COLUMN_INTEGER, {.null = true}},
	{COLUMN_UID, &owned_row, COLUMN_INTEGER, {.integer = 33}},
	{COLUMN_COMM, &owned_row, COLUMN_TEXT, {.longer = "nginx"}},
	{COLUMN_COMM, &no_owner_row, COLUMN_TEXT, {.null = true, .longer = ""}},
	{COLUMN_OWNER_REASON, &no_owner_row, COLUMN_TEXT, {.text = "no socket"}},
	{COLUMN_OWNER_REASON, &owned_row, COLUMN_TEXT, {.null = true}},
	{COLUMN_OWNER_ESTIMATED, &owned_row, COLUMN_INTEGER, {.integer = 1}},
	{COLUMN_POD, &owned_row, COLUMN_TEXT, {.text = "shop/web-1"}},
};

static void test_values(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(values); i++) {
		const struct column *column = &column_table[values[i].id];
		struct column_value got;

		memset(&got, 0x55, sizeof(got)); /* nothing may be left as it was */
		column->value(values[i].row, &got);
		is_int(column->type, values[i].type, "value %zu: type of %s", i, column->name);
		is_int(got.null, values[i].want.null, "value %zu: null", i);
		is_str(got.text, values[i].want.text, "value %zu: text of %s", i, column->name);
		is_str(got.longer ? got.longer : "-",
		       values[i].want.longer ? values[i].want.longer : "-", "value %zu: longer", i);
		is_int(got.integer, values[i].want.integer, "value %zu: integer", i);
		is_near(got.number, values[i].want.number, 1e-9, "value %zu: number", i);
	}
}

static int order(enum column_id id, const struct row *a, const struct row *b)
{
	const struct column *column = &column_table[id];
	uint64_t a_rank = column->rank(a), b_rank = column->rank(b);

	if (a_rank != b_rank || !column->compare)
		return CMP(a_rank, b_rank);
	return CMP(column->compare(a, b), 0);
}

static void test_rates(void)
{
	static const double rising[] = {0, 1e-300, 0.5, 0.75, 1, 1.0000001, 8e9, 1e18};
	struct row rows[2] = {tcp_row, tcp_row};

	for (size_t i = 1; i < ARRAY_SIZE(rising); i++) {
		rows[0].side[DIRECTION_IN].bps = rising[i - 1];
		rows[1].side[DIRECTION_IN].bps = rising[i];
		is_int(order(COLUMN_RX_BPS, &rows[0], &rows[1]), -1, "%g < %g", rising[i - 1],
		       rising[i]);
		is_int(order(COLUMN_RX_BPS, &rows[1], &rows[1]), 0, "%g = %g", rising[i],
		       rising[i]);
	}
}

static void test_addresses(void)
{
	/* In order. The IPv6 ones differ behind the bytes that the rank holds. */
	static const struct flow_key keys[] = {
		{.src = {9, 255, 0, 1}, .sport = 9, .family = FAMILY_IPV4, .proto = IPPROTO_UDP},
		{.src = {10, 0, 0, 1}, .sport = 1, .family = FAMILY_IPV4, .proto = IPPROTO_UDP},
		{.src = {10, 0, 0, 1}, .sport = 700, .family = FAMILY_IPV4, .proto = IPPROTO_UDP},
		{.src = {10, 0, 0, 20}, .sport = 1, .family = FAMILY_IPV4, .proto = IPPROTO_UDP},
		{.src = {1, [15] = 1}, .sport = 5, .family = FAMILY_IPV6, .proto = IPPROTO_UDP},
		{.src = {1, [15] = 2}, .sport = 1, .family = FAMILY_IPV6, .proto = IPPROTO_UDP},
	};

	for (size_t i = 1; i < ARRAY_SIZE(keys); i++) {
		const struct row a = {.key = &keys[i - 1]}, b = {.key = &keys[i]};

		is_int(order(COLUMN_SRC, &a, &b), -1, "endpoint %zu comes before the next", i - 1);
		is_int(order(COLUMN_SRC, &b, &a), 1, "and not behind it");
		is_int(order(COLUMN_REMOTE, &a, &b), -1, "also as the far end");
		is_int(order(COLUMN_LOCAL, &a, &b), keys[i - 1].family == keys[i].family ? 0 : -1,
		       "the near ends differ in their family at most");
	}
	is_int(order(COLUMN_SRC_ADDR, &(struct row){.key = &keys[1]},
		     &(struct row){.key = &keys[2]}),
	       0, "ports are no part of an address");
	is_int(order(COLUMN_SRC_PORT, &icmp_row, &(struct row){.key = &keys[1]}), -1,
	       "no port comes before port 1");
}

static void test_texts(void)
{
	static const struct sample_iface ifaces[] = {{.name = "eth0"},
						     {.name = "eth1"},
						     {.name = "long-name-1"},
						     {.name = "long-name-2"}};
	static const char *const groups[] = {"",         "a",         "ab",      "b",
					     "prefix-1", "prefix-12", "prefix-2"};

	for (size_t i = 1; i < ARRAY_SIZE(ifaces); i++)
		is_int(order(COLUMN_IFACE, &(struct row){.key = &tcp_key, .iface = &ifaces[i - 1]},
			     &(struct row){.key = &tcp_key, .iface = &ifaces[i]}),
		       -1, "%s < %s", ifaces[i - 1].name, ifaces[i].name);
	for (size_t i = 1; i < ARRAY_SIZE(groups); i++)
		is_int(order(COLUMN_GROUP, &(struct row){.group = groups[i - 1]},
			     &(struct row){.group = groups[i]}),
		       -1, "\"%s\" < \"%s\"", groups[i - 1], groups[i]);
	is_int(order(COLUMN_PROTO, &icmp_row, &tcp_row), -1, "icmp < tcp");
	is_int(order(COLUMN_DIRECTION, &tcp_row, &tcp_out_row), -1, "in < out");
}

static void test_units(void)
{
	is_str(column_title(&column_table[COLUMN_RX_BPS], UNIT_BITS), "RX b/s", "heading, bits");
	is_str(column_title(&column_table[COLUMN_RX_BPS], UNIT_BYTES), "RX B/s", "heading, bytes");
	is_str(column_title(&column_table[COLUMN_RX_PPS], UNIT_BYTES), "RX p/s",
	       "heading, packets");
	is_int(column_in_unit(COLUMN_BPS, UNIT_BITS), COLUMN_BPS, "bps by bits");
	is_int(column_in_unit(COLUMN_BPS, UNIT_BYTES), COLUMN_BPS, "bps by bytes");
	is_int(column_in_unit(COLUMN_BYTES, UNIT_PACKETS), COLUMN_BYTES, "bytes by packets");
	for (int id = 0; id < COLUMN_MAX; id++) {
		char want[32];
		char *bps;

		snprintf(want, sizeof(want), "%s", names[id]);
		bps = strstr(want, "bps");
		if (bps)
			memcpy(bps, "pps", 3);
		is_str(column_table[column_in_unit((enum column_id)id, UNIT_PACKETS)].name, want,
		       "%s by packets", names[id]);
		ok(!bps == !column_table[id].title_bytes, "%s: unit in the heading", names[id]);
	}
}

static const struct {
	const char *text;
	int want;
	enum column_id ids[3];
	const char *error; /* its beginning */
} lists[] = {
	{"bps", 1, {COLUMN_BPS}, ""},
	{"bps,proto,src", 3, {COLUMN_BPS, COLUMN_PROTO, COLUMN_SRC}, ""},
	{"age_s,community_id", 2, {COLUMN_AGE, COLUMN_COMMUNITY_ID}, ""},
	{"",
	 -EINVAL,
	 {0},
	 "empty name in the list of columns; give names separated by single commas"},
	{"bps,", -EINVAL, {0}, "empty name in the list of columns; "},
	{"bps,,src", -EINVAL, {0}, "empty name in the list of columns; "},
	{"bps,src,bps", -EINVAL, {0}, "column \"bps\" is named twice; name each column once"},
	{"bps,bits,src",
	 -ENOENT,
	 {0},
	 "unknown column \"bits\"; allowed are in_if, direction, proto, "},
	{"BPS", -ENOENT, {0}, "unknown column \"BPS\"; "},
	{"bp", -ENOENT, {0}, "unknown column \"bp\"; "},
	{"bps ", -ENOENT, {0}, "unknown column \"bps \"; "},
	{"\033[2J", -ENOENT, {0}, "unknown column \"\\x1b[2J\"; "},
	{"bps,proto,src,dst", -E2BIG, {0}, "too many columns; at most 3 are allowed"},
};

static void test_lists(void)
{
	char error[1024], small[16];
	enum column_id ids[3];

	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		int r;

		error[0] = '\0';
		r = column_parse_list(lists[i].text, ids, ARRAY_SIZE(ids), error, sizeof(error));
		is_int(r, lists[i].want, "list %zu", i);
		for (int k = 0; k < r; k++)
			is_int(ids[k], lists[i].ids[k], "list %zu: column %d", i, k);
		if (r >= 0)
			is_str(error, "", "list %zu: no error", i);
		ok(!strncmp(error, lists[i].error, strlen(lists[i].error)), "list %zu: \"%.60s\"",
		   i, error);
	}
	column_parse_list("nonsense", ids, ARRAY_SIZE(ids), error, sizeof(error));
	ok(strstr(error, ", elsewhere, l7, l7_source, community_id"), "all names are listed");
	is_int(column_parse_list("nonsense", ids, ARRAY_SIZE(ids), small, sizeof(small)), -ENOENT,
	       "a small buffer for the error");
	is_str(small, "unknown column ", "which is cut");
	is_int(column_find(""), -ENOENT, "no column without a name");
	is_int(column_find("nonsense"), -ENOENT, "no column of that name");
}

/* The last one: it cannot be taken back. */
static void test_calls(void)
{
	const struct column *column = &column_table[COLUMN_RETRANSMITS];
	struct column_value got;

	is_str(column_title(&column_table[COLUMN_RX_PPS], UNIT_BITS), "RX p/s", "packets");
	column_count_calls();
	is_str(column_title(&column_table[COLUMN_RX_PPS], UNIT_BITS), "RX c/s", "calls");
	column->value(&tcp_out_row, &got);
	is_int(got.null, 0, "retransmits are looked for");
	is_int(got.integer, 0, "and there are none");
}

int main(void)
{
	setenv("TZ", "UTC", 1);
	tzset();
	for (int id = 0; id < COLUMN_MAX; id++)
		test_record(id);
	test_formats();
	test_values();
	test_rates();
	test_addresses();
	test_texts();
	test_units();
	test_lists();
	test_calls();
	return tap_done();
}
