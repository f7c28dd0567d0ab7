/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of columns. */
#include "config.h"

#include "column-cell.h"
#include "view.h"

#define IN_FLOWS (1 << VIEW_FLOWS)
#define IN_CONVERSATIONS (1 << VIEW_CONVERSATIONS)
#define IN_GROUPS (1 << VIEW_GROUPS)
#define IN_SINGLE (IN_FLOWS | IN_CONVERSATIONS)
#define IN_SUMS (IN_CONVERSATIONS | IN_GROUPS)
#define IN_ALL (IN_FLOWS | IN_CONVERSATIONS | IN_GROUPS)

#define SIZES(width_, min_width_, priority_)                                                       \
	.width = width_, .min_width = min_width_, .priority = priority_
#define FUNCTIONS(stem)                                                                            \
	.name = #stem, .rank = column_##stem##_rank, .format = column_##stem##_format,             \
	.value = column_##stem##_value
#define SHORT_TEXT(stem) FUNCTIONS(stem), .type = COLUMN_TEXT
#define TEXT(stem) SHORT_TEXT(stem), .compare = column_##stem##_compare
#define PORT(stem)                                                                                 \
	FUNCTIONS(stem), .compare = column_##stem##_compare, .type = COLUMN_INTEGER, .right = true
#define NUMBER(stem, type_, needs_)                                                                \
	FUNCTIONS(stem), .type = type_, .right = true, .descending = true, .needs = needs_
#define COUNT(stem) NUMBER(stem, COLUMN_INTEGER, ROW_COUNTS)
#define STATE(stem, type_) NUMBER(stem, type_, ROW_STATE)
#define OWNER(stem) TEXT(stem), .needs = ROW_OWNER, .rows = IN_ALL
#define PLACE_TEXT(stem) TEXT(stem), .needs = ROW_PLACE
#define PLACE_NUMBER(stem)                                                                         \
	FUNCTIONS(stem), .type = COLUMN_INTEGER, .right = true, .needs = ROW_PLACE
#define RATE(stem) NUMBER(stem, COLUMN_NUMBER, ROW_RATES)
#define PEAK(stem) NUMBER(stem, COLUMN_NUMBER, ROW_PEAKS)
#define AVERAGE(stem) NUMBER(stem, COLUMN_NUMBER, ROW_AVERAGES)

const struct column column_table[COLUMN_MAX] = {
	[COLUMN_IFACE] = {TEXT(in_if), .needs = ROW_STATE, .title = "IFACE", SIZES(15, 6, 5),
			  .rows = IN_SINGLE, .help = "interface"},
	[COLUMN_DIRECTION] = {SHORT_TEXT(direction), .title = "DIR", SIZES(3, 3, 3),
			      .rows = IN_SINGLE,
			      .help = "direction as the interface sees it: in or out; of a "
				      "conversation that of the leading flow"},
	[COLUMN_PROTO] = {SHORT_TEXT(proto), .title = "PROTO", SIZES(7, 5, 1), .rows = IN_SINGLE,
			  .help = "IP protocol by name, or arp"},
	[COLUMN_SRC] = {TEXT(src), .title = "SOURCE", SIZES(47, 19, 0), .rows = IN_FLOWS,
			.help = "source address and port"},
	[COLUMN_DST] = {TEXT(dst), .title = "DESTINATION", SIZES(47, 19, 0), .rows = IN_FLOWS,
			.help = "destination address and port"},
	[COLUMN_SRC_ADDR] = {TEXT(src_addr), .title = "SRC ADDR", SIZES(39, 15, 1),
			     .rows = IN_SINGLE, .help = "source address of the leading flow"},
	[COLUMN_SRC_PORT] = {PORT(src_port), .title = "SPORT", SIZES(5, 5, 2), .rows = IN_SINGLE,
			     .help = "source port of the leading flow"},
	[COLUMN_DST_ADDR] = {TEXT(dst_addr), .title = "DST ADDR", SIZES(39, 15, 1),
			     .rows = IN_SINGLE, .help = "destination address of the leading flow"},
	[COLUMN_DST_PORT] = {PORT(dst_port), .title = "DPORT", SIZES(5, 5, 2), .rows = IN_SINGLE,
			     .help = "destination port of the leading flow"},
	[COLUMN_SRC_NAME] = {TEXT(src_name), .title = "SRC NAME", SIZES(60, 15, 7),
			     .rows = IN_SINGLE, .help = "name of the source's host, with --names"},
	[COLUMN_DST_NAME] = {TEXT(dst_name), .title = "DST NAME", SIZES(60, 15, 7),
			     .rows = IN_SINGLE,
			     .help = "name of the destination's host, with --names"},
	[COLUMN_ASKED_BY] = {TEXT(asked_by), .title = "ASKED BY", SIZES(24, 12, 7),
			     .rows = IN_SINGLE,
			     .help = "process that asked for the name, with --watch-dns"},
	[COLUMN_RESOLVER] = {TEXT(resolver), .title = "RESOLVER", SIZES(32, 12, 7),
			     .rows = IN_SINGLE,
			     .help = "who was asked for it: pod, process, or else the address"},
	[COLUMN_LOCAL] = {TEXT(local), .title = "LOCAL", SIZES(47, 19, 2), .rows = IN_CONVERSATIONS,
			  .help = "near end: where packets that come in go to"},
	[COLUMN_REMOTE] = {TEXT(remote), .title = "REMOTE", SIZES(47, 19, 0),
			   .rows = IN_CONVERSATIONS,
			   .help = "far end: where packets that come in are from"},
	[COLUMN_DETAIL] = {TEXT(detail), .title = "DETAIL", SIZES(22, 12, 6), .rows = IN_SINGLE,
			   .help = "what protocols without ports have: ICMP type, SPI, operation"},
	[COLUMN_VLAN] = {FUNCTIONS(vlan), .type = COLUMN_INTEGER, .right = true, .title = "VLAN",
			 SIZES(4, 4, 8), .rows = IN_SINGLE, .help = "id of the outermost VLAN tag"},
	[COLUMN_PACKETS] = {COUNT(packets), .title = "PACKETS", .title_calls = "CALLS",
			    SIZES(7, 7, 5), .rows = IN_ALL, .help = "packets since first seen"},
	[COLUMN_BYTES] = {COUNT(bytes), .title = "BYTES", SIZES(5, 5, 4), .rows = IN_ALL,
			  .help = "bytes since first seen"},
	[COLUMN_PPS] = {RATE(pps), .title = "p/s", .title_calls = "c/s", SIZES(5, 5, 3),
			.rows = IN_ALL, .help = "packets per second, last interval"},
	[COLUMN_BPS] = {RATE(bps), .title = "b/s", .title_bytes = "B/s", SIZES(5, 5, 1),
			.rows = IN_ALL, .help = "bits per second, last interval"},
	[COLUMN_BPS_10S] = {AVERAGE(bps_10s), .title = "10s b/s", .title_bytes = "10s B/s",
			    SIZES(7, 7, 6), .rows = IN_ALL,
			    .help = "bits per second, average over 10 seconds"},
	[COLUMN_BPS_60S] = {AVERAGE(bps_60s), .title = "60s b/s", .title_bytes = "60s B/s",
			    SIZES(7, 7, 7), .rows = IN_ALL,
			    .help = "bits per second, average over 60 seconds"},
	[COLUMN_BPS_PEAK] = {PEAK(bps_peak), .title = "PEAK b/s", .title_bytes = "PEAK B/s",
			     SIZES(8, 8, 7), .rows = IN_ALL,
			     .help = "bits per second, highest known of one direction, of one "
				     "flow, or of the whole row now"},
	[COLUMN_PPS_10S] = {AVERAGE(pps_10s), .title = "10s p/s", .title_calls = "10s c/s",
			    SIZES(7, 7, 7), .rows = IN_ALL,
			    .help = "packets per second, average over 10 seconds"},
	[COLUMN_PPS_60S] = {AVERAGE(pps_60s), .title = "60s p/s", .title_calls = "60s c/s",
			    SIZES(7, 7, 8), .rows = IN_ALL,
			    .help = "packets per second, average over 60 seconds"},
	[COLUMN_PPS_PEAK] = {PEAK(pps_peak), .title = "PEAK p/s", .title_calls = "PEAK c/s",
			     SIZES(8, 8, 8), .rows = IN_ALL,
			     .help = "packets per second, highest known of one direction, of one "
				     "flow, or of the whole row now"},
	[COLUMN_RX_BPS] = {RATE(rx_bps), .title = "RX b/s", .title_bytes = "RX B/s", SIZES(6, 6, 0),
			   .rows = IN_SUMS, .help = "bits per second in, last interval"},
	[COLUMN_TX_BPS] = {RATE(tx_bps), .title = "TX b/s", .title_bytes = "TX B/s", SIZES(6, 6, 0),
			   .rows = IN_SUMS, .help = "bits per second out, last interval"},
	[COLUMN_RX_PPS] = {RATE(rx_pps), .title = "RX p/s", .title_calls = "RX c/s", SIZES(6, 6, 3),
			   .rows = IN_SUMS, .help = "packets per second in, last interval"},
	[COLUMN_TX_PPS] = {RATE(tx_pps), .title = "TX p/s", .title_calls = "TX c/s", SIZES(6, 6, 3),
			   .rows = IN_SUMS, .help = "packets per second out, last interval"},
	[COLUMN_RX_BYTES] = {COUNT(rx_bytes), .title = "RX BYTES", SIZES(8, 8, 6), .rows = IN_SUMS,
			     .help = "bytes in since first seen"},
	[COLUMN_TX_BYTES] = {COUNT(tx_bytes), .title = "TX BYTES", SIZES(8, 8, 6), .rows = IN_SUMS,
			     .help = "bytes out since first seen"},
	[COLUMN_RX_PACKETS] = {COUNT(rx_packets), .title = "RX PKTS", .title_calls = "RX CALLS",
			       SIZES(7, 7, 7), .rows = IN_SUMS,
			       .help = "packets in since first seen"},
	[COLUMN_TX_PACKETS] = {COUNT(tx_packets), .title = "TX PKTS", .title_calls = "TX CALLS",
			       SIZES(7, 7, 7), .rows = IN_SUMS,
			       .help = "packets out since first seen"},
	[COLUMN_FLAGS] = {FUNCTIONS(tcp_flags), .type = COLUMN_LIST, .descending = true,
			  .needs = ROW_STATE, .title = "FLAGS", SIZES(19, 7, 6), .rows = IN_ALL,
			  .help = "TCP flags seen since first seen"},
	[COLUMN_RETRANSMITS] =
		{STATE(retransmits, COLUMN_INTEGER), .title = "RETRANS", SIZES(7, 7, 7),
		 .rows = IN_ALL,
		 .help = "TCP segments sent again, as the process back end sees them"},
	[COLUMN_FIRST] = {SHORT_TEXT(first_seen), .descending = true, .needs = ROW_STATE,
			  .title = "FIRST", SIZES(8, 8, 9), .rows = IN_ALL,
			  .help = "start of the interval it was first seen in"},
	[COLUMN_LAST] = {SHORT_TEXT(last_seen), .descending = true, .needs = ROW_STATE,
			 .title = "LAST", SIZES(8, 8, 9), .rows = IN_ALL,
			 .help = "end of the interval it was last seen in"},
	[COLUMN_AGE] = {STATE(age_s, COLUMN_NUMBER), .title = "AGE", SIZES(6, 6, 8), .rows = IN_ALL,
			.help = "time since first seen"},
	[COLUMN_IDLE] = {STATE(idle_s, COLUMN_NUMBER), .title = "IDLE", SIZES(6, 6, 8),
			 .rows = IN_ALL, .help = "time since last seen"},
	[COLUMN_FLOWS] = {STATE(flows, COLUMN_INTEGER), .title = "FLOWS", SIZES(5, 5, 2),
			  .rows = IN_SUMS, .help = "flows in the row, each direction apart"},
	[COLUMN_PEERS] = {NUMBER(peers, COLUMN_INTEGER, ROW_PEERS), .title = "PEERS",
			  SIZES(5, 5, 3), .rows = IN_GROUPS,
			  .help = "distinct addresses at the other end of its flows"},
	[COLUMN_SHARE] = {RATE(share_percent), .title = "SHARE", SIZES(6, 6, 2), .rows = IN_GROUPS,
			  .help = "part of the rate of all rows"},
	[COLUMN_CUMULATIVE] = {RATE(cumul_percent), .title = "CUMUL", SIZES(6, 6, 3),
			       .rows = IN_GROUPS, .help = "part of the row and all rows above it"},
	[COLUMN_GROUP] = {TEXT(group), .title = "GROUP", SIZES(83, 19, 0), .rows = IN_GROUPS,
			  .needs = ROW_GROUP, .help = "what the flows of the row have in common"},
	[COLUMN_ELSEWHERE] = {STATE(elsewhere, COLUMN_INTEGER), .title = "ALSO", SIZES(4, 4, 9),
			      .rows = IN_ALL,
			      .help = "also seen on another interface, so counted there again"},
	[COLUMN_L7] = {TEXT(l7), .needs = ROW_STATE, .title = "L7", SIZES(11, 6, 4), .rows = IN_ALL,
		       .help = "application protocol; with ? where only a port says so"},
	[COLUMN_L7_SOURCE] = {TEXT(l7_source), .needs = ROW_STATE, .title = "L7 BY", SIZES(7, 7, 9),
			      .rows = IN_ALL,
			      .help = "how the application protocol is known: payload or port"},
	[COLUMN_COMMUNITY_ID] = {TEXT(community_id), .title = "COMMUNITY ID", SIZES(30, 30, 9),
				 .rows = IN_SINGLE,
				 .help = "Community ID v1 of addresses, ports and protocol"},
	[COLUMN_COUNTRY] = {PLACE_TEXT(country), .title = "CC", SIZES(2, 2, 5), .rows = IN_ALL,
			    .help = "country of the far end, with --geo"},
	[COLUMN_ASN] = {PLACE_NUMBER(asn), .title = "ASN", SIZES(10, 6, 5), .rows = IN_ALL,
			.help = "autonomous system of the far end, by number"},
	[COLUMN_AS_ORG] = {PLACE_TEXT(as_org), .title = "AS ORG", SIZES(32, 12, 5), .rows = IN_ALL,
			   .help = "who runs that autonomous system"},
	[COLUMN_SRC_COUNTRY] = {PLACE_TEXT(src_country), .title = "SRC CC", SIZES(6, 6, 7),
				.rows = IN_SINGLE, .help = "country of the source, with --geo"},
	[COLUMN_SRC_ASN] = {PLACE_NUMBER(src_asn), .title = "SRC ASN", SIZES(10, 7, 7),
			    .rows = IN_SINGLE,
			    .help = "autonomous system of the source, by number"},
	[COLUMN_SRC_AS_ORG] = {PLACE_TEXT(src_as_org), .title = "SRC AS ORG", SIZES(32, 12, 8),
			       .rows = IN_SINGLE,
			       .help = "who runs the source's autonomous system"},
	[COLUMN_DST_COUNTRY] = {PLACE_TEXT(dst_country), .title = "DST CC", SIZES(6, 6, 7),
				.rows = IN_SINGLE,
				.help = "country of the destination, with --geo"},
	[COLUMN_DST_ASN] = {PLACE_NUMBER(dst_asn), .title = "DST ASN", SIZES(10, 7, 7),
			    .rows = IN_SINGLE,
			    .help = "autonomous system of the destination, by number"},
	[COLUMN_DST_AS_ORG] = {PLACE_TEXT(dst_as_org), .title = "DST AS ORG", SIZES(32, 12, 8),
			       .rows = IN_SINGLE,
			       .help = "who runs the destination's autonomous system"},
	[COLUMN_OWNER] = {OWNER(owner), .title = "PROCESS", SIZES(32, 12, 1),
			  .help = "whose it is: process and pid, container and process, or why "
				  "nobody is named; ~ where it is estimated"},
	[COLUMN_OWNER_REASON] =
		{OWNER(owner_reason), .title = "NO OWNER", SIZES(18, 9, 9),
		 .help = "why no owner is named: forwarded, no socket, gone and so on"},
	[COLUMN_OWNER_ESTIMATED] = {NUMBER(owner_estimated, COLUMN_INTEGER, ROW_OWNER),
				    .title = "EST", SIZES(3, 3, 9), .rows = IN_ALL,
				    .help = "the owner was found by a scan: it may be another"},
	[COLUMN_PID] = {FUNCTIONS(pid), .type = COLUMN_INTEGER, .right = true, .needs = ROW_OWNER,
			.rows = IN_ALL, .title = "PID", SIZES(7, 7, 6), .help = "process id"},
	[COLUMN_COMM] = {OWNER(comm), .title = "COMM", SIZES(15, 10, 6),
			 .help = "name of the process"},
	[COLUMN_COMMAND] = {OWNER(command), .title = "COMMAND", SIZES(80, 15, 9),
			    .help = "command line of the process"},
	[COLUMN_UID] = {FUNCTIONS(uid), .type = COLUMN_INTEGER, .right = true, .needs = ROW_OWNER,
			.rows = IN_ALL, .title = "UID", SIZES(10, 6, 8), .help = "user id"},
	[COLUMN_USER] = {OWNER(user), .title = "USER", SIZES(16, 8, 3), .help = "user by name"},
	[COLUMN_CGROUP] = {OWNER(cgroup), .title = "CGROUP", SIZES(60, 15, 7),
			   .help = "path of the cgroup"},
	[COLUMN_CONTAINER] = {OWNER(container), .title = "CONTAINER", SIZES(24, 11, 3),
			      .help = "container by name, or the beginning of its id"},
	[COLUMN_CONTAINER_ID] = {OWNER(container_id), .title = "CONTAINER ID", SIZES(64, 12, 9),
				 .help = "id of the container"},
	[COLUMN_IMAGE] = {OWNER(image), .title = "IMAGE", SIZES(40, 12, 8),
			  .help = "image of the container"},
	[COLUMN_POD] = {OWNER(pod), .title = "POD", SIZES(40, 12, 4),
			.help = "pod with its namespace: namespace/name"},
};
