/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The fields that a filter can test, one record each, and the words that are tests by themselves.
 */
#include "config.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "filter-data.h"
#include "flow-place.h"
#include "flow-table.h"
#include "flow.h"
#include "owner.h"

/* ---- numbers of a flow ---- */

static double get_vlan(const struct filter *filter ATTR_UNUSED, const struct flow *flow)
{
	return flow->key.vlan;
}

static double get_packets(const struct filter *filter ATTR_UNUSED, const struct flow *flow)
{
	return (double)flow->count.packets;
}

static double get_bytes(const struct filter *filter ATTR_UNUSED, const struct flow *flow)
{
	return (double)flow->count.bytes;
}

static double get_bps(const struct filter *filter, const struct flow *flow)
{
	if (filter->span_s > 0)
		return 8 * (double)flow->count.bytes / filter->span_s;
	return flow_bps(filter->table, flow);
}

static double get_pps(const struct filter *filter, const struct flow *flow)
{
	if (filter->span_s > 0)
		return (double)flow->count.packets / filter->span_s;
	return flow_pps(filter->table, flow);
}

static double get_bps_10s(const struct filter *filter, const struct flow *flow)
{
	return flow_average_bps(filter->table, flow, WINDOW_10S);
}

static double get_bps_60s(const struct filter *filter, const struct flow *flow)
{
	return flow_average_bps(filter->table, flow, WINDOW_60S);
}

static double get_pps_10s(const struct filter *filter, const struct flow *flow)
{
	return flow_average_pps(filter->table, flow, WINDOW_10S);
}

static double get_pps_60s(const struct filter *filter, const struct flow *flow)
{
	return flow_average_pps(filter->table, flow, WINDOW_60S);
}

static double get_bps_peak(const struct filter *filter, const struct flow *flow)
{
	return MAX((double)flow->peak_bps, flow_bps(filter->table, flow));
}

static double get_pps_peak(const struct filter *filter, const struct flow *flow)
{
	return MAX((double)flow->peak_pps, flow_pps(filter->table, flow));
}

static double get_age(const struct filter *filter, const struct flow *flow)
{
	return (double)(filter->now_ns - MIN(flow->first_ns, filter->now_ns));
}

static double get_idle(const struct filter *filter, const struct flow *flow)
{
	return (double)(filter->now_ns - MIN(flow->last_ns, filter->now_ns));
}

/* ---- the fields ---- */

#define END_ANY (END_SRC | END_DST)
#define IN (1 << DIRECTION_IN)
#define OUT (1 << DIRECTION_OUT)

#define NAMES(...) .names = {__VA_ARGS__}
#define OWNER(name, texts_, text) NAMES(#name), .kind = KIND_OWNER, .texts = texts_, .help = text
#define PLACE(name, kind_, ends_, text)                                                            \
	NAMES(name), .kind = KIND_##kind_, .ends = ends_, .off = flow_place_off, .help = text
#define RATE(name, kind_, text) NAMES(#name), .kind = kind_, .get = get_##name, .help = text

const struct filter_field filter_fields[] = {
	{NAMES("host", "net"), .kind = KIND_ADDR, .ends = END_ANY, .help = "either address"},
	{NAMES("src", "src_addr"), .kind = KIND_ADDR, .ends = END_SRC, .help = "source address"},
	{NAMES("dst", "dst_addr"), .kind = KIND_ADDR, .ends = END_DST,
	 .help = "destination address"},
	{NAMES("local"), .kind = KIND_ADDR, .ends = END_LOCAL,
	 .help = "address of the near end: where packets that come in go to"},
	{NAMES("remote"), .kind = KIND_ADDR, .ends = END_REMOTE,
	 .help = "address of the far end: where packets that come in are from"},
	{NAMES("name"), .kind = KIND_NAME, .ends = END_ANY,
	 .help = "either host by name, where names are asked for or watched"},
	{NAMES("src_name"), .kind = KIND_NAME, .ends = END_SRC, .help = "source by name"},
	{NAMES("dst_name"), .kind = KIND_NAME, .ends = END_DST, .help = "destination by name"},
	{NAMES("port", "portrange"), .kind = KIND_PORT, .ends = END_ANY, .help = "either port"},
	{NAMES("sport", "src_port"), .kind = KIND_PORT, .ends = END_SRC, .help = "source port"},
	{NAMES("dport", "dst_port"), .kind = KIND_PORT, .ends = END_DST,
	 .help = "destination port"},
	{NAMES("lport", "local_port"), .kind = KIND_PORT, .ends = END_LOCAL,
	 .help = "port of the near end"},
	{NAMES("rport", "remote_port"), .kind = KIND_PORT, .ends = END_REMOTE,
	 .help = "port of the far end"},
	{NAMES("proto"), .kind = KIND_PROTO, .help = "IP protocol by name or number, or arp"},
	{NAMES("l7"), .kind = KIND_L7,
	 .help = "application protocol, guessed or not; none where it is not known"},
	{NAMES("l7_source"), .kind = KIND_L7_SOURCE,
	 .help = "how it is known: payload, or port for a guess"},
	{NAMES("dir", "direction"), .kind = KIND_DIRECTION,
	 .help = "direction as the interface sees it"},
	{NAMES("if", "iface", "interface", "in_if"), .kind = KIND_IFACE,
	 .help = "name of the interface"},
	{NAMES("vlan"), .kind = KIND_ID, .max = 4095, .get = get_vlan,
	 .help = "id of the outermost VLAN tag, 0 for none"},
	{NAMES("flags", "tcp_flags"), .kind = KIND_FLAGS,
	 .help = "TCP flags seen since the flow began"},
	{RATE(packets, KIND_COUNT, "packets since first seen")},
	{RATE(bytes, KIND_SIZE, "bytes since first seen")},
	{RATE(bps, KIND_BIT_RATE, "bits per second, last interval")},
	{RATE(pps, KIND_PACKET_RATE, "packets per second, last interval")},
	{RATE(bps_10s, KIND_BIT_RATE, "bits per second, average over 10 seconds")},
	{RATE(bps_60s, KIND_BIT_RATE, "bits per second, average over 60 seconds")},
	{RATE(bps_peak, KIND_BIT_RATE, "bits per second, highest of any interval")},
	{RATE(pps_10s, KIND_PACKET_RATE, "packets per second, average over 10 seconds")},
	{RATE(pps_60s, KIND_PACKET_RATE, "packets per second, average over 60 seconds")},
	{RATE(pps_peak, KIND_PACKET_RATE, "packets per second, highest of any interval")},
	{NAMES("rx_bps"), .kind = KIND_BIT_RATE, .get = get_bps, .directions = IN,
	 .help = "bits per second of a flow that comes in"},
	{NAMES("tx_bps"), .kind = KIND_BIT_RATE, .get = get_bps, .directions = OUT,
	 .help = "bits per second of a flow that goes out"},
	{NAMES("rx_pps"), .kind = KIND_PACKET_RATE, .get = get_pps, .directions = IN,
	 .help = "packets per second of a flow that comes in"},
	{NAMES("tx_pps"), .kind = KIND_PACKET_RATE, .get = get_pps, .directions = OUT,
	 .help = "packets per second of a flow that goes out"},
	{NAMES("rx_bytes"), .kind = KIND_SIZE, .get = get_bytes, .directions = IN,
	 .help = "bytes of a flow that comes in"},
	{NAMES("tx_bytes"), .kind = KIND_SIZE, .get = get_bytes, .directions = OUT,
	 .help = "bytes of a flow that goes out"},
	{NAMES("rx_packets"), .kind = KIND_COUNT, .get = get_packets, .directions = IN,
	 .help = "packets of a flow that comes in"},
	{NAMES("tx_packets"), .kind = KIND_COUNT, .get = get_packets, .directions = OUT,
	 .help = "packets of a flow that goes out"},
	{NAMES("age", "age_s"), .kind = KIND_TIME, .get = get_age, .help = "time since first seen"},
	{NAMES("idle", "idle_s"), .kind = KIND_TIME, .get = get_idle,
	 .help = "time since last seen"},
	{NAMES("pid"), .kind = KIND_ID, .max = UINT32_MAX, .get = filter_owner_pid,
	 .help = "process that owns the flow"},
	{OWNER(comm, 1 << OWNER_COMM, "name of the process")},
	{OWNER(command, 1 << OWNER_COMMAND, "its command line")},
	{OWNER(user, 1 << OWNER_USER, "its user by name")},
	{NAMES("uid"), .kind = KIND_ID, .max = UINT32_MAX, .get = filter_owner_uid,
	 .help = "its user by number"},
	{OWNER(cgroup, 1 << OWNER_CGROUP, "its cgroup")},
	{OWNER(container, 1 << OWNER_CONTAINER | 1 << OWNER_CONTAINER_NAME,
	       "its container, by id or name")},
	{OWNER(image, 1 << OWNER_IMAGE, "image of its container")},
	{OWNER(pod, 1 << OWNER_POD, "its pod, by name or NAMESPACE/NAME")},
	{OWNER(owner_reason, 0, "why no owner is named: forwarded, \"no socket\" and so on")},
	{PLACE("country", COUNTRY, END_ANY, "country of either end, none where it is not known")},
	{PLACE("src_country", COUNTRY, END_SRC,
	       "country of the source, none where it is not known")},
	{PLACE("dst_country", COUNTRY, END_DST,
	       "country of the destination, none where it is not known")},
	{PLACE("local_country", COUNTRY, END_LOCAL,
	       "country of the near end, none where it is not known")},
	{PLACE("remote_country", COUNTRY, END_REMOTE,
	       "country of the far end, none where it is not known")},
	{PLACE("asn", ASN, END_ANY, "autonomous system of either end, 0 where it is not known")},
	{PLACE("src_asn", ASN, END_SRC,
	       "autonomous system of the source, 0 where it is not known")},
	{PLACE("dst_asn", ASN, END_DST,
	       "autonomous system of the destination, 0 where it is not known")},
	{PLACE("local_asn", ASN, END_LOCAL,
	       "autonomous system of the near end, 0 where it is not known")},
	{PLACE("remote_asn", ASN, END_REMOTE,
	       "autonomous system of the far end, 0 where it is not known")},
	{PLACE("as_org", AS_ORG, END_ANY, "who runs the autonomous system of either end")},
	{PLACE("src_as_org", AS_ORG, END_SRC, "who runs the autonomous system of the source")},
	{PLACE("dst_as_org", AS_ORG, END_DST, "who runs the autonomous system of the destination")},
	{PLACE("local_as_org", AS_ORG, END_LOCAL,
	       "who runs the autonomous system of the near end")},
	{PLACE("remote_as_org", AS_ORG, END_REMOTE,
	       "who runs the autonomous system of the far end")},
};

const size_t filter_n_fields = ARRAY_SIZE(filter_fields);

static unsigned int get_l7(const struct flow *flow)
{
	return flow->l7;
}

static unsigned int get_l7_source(const struct flow *flow)
{
	return flow->l7_source;
}

const struct filter_choices filter_choices[KIND_MAX] = {
	[KIND_L7] = {L7_MAX, flow_l7_name, get_l7},
	[KIND_L7_SOURCE] = {L7_SOURCE_MAX, flow_l7_source, get_l7_source},
};

const char *const filter_kind_wants[KIND_MAX] = {
	[KIND_ADDR] = "an address or a prefix, such as 192.0.2.1, 10.0.0.0/8 or 2001:db8::/32",
	[KIND_PORT] = "a port up to 65535, a range such as 1000-2000, or a service by name",
	[KIND_PROTO] = "a protocol by name, such as tcp or icmp6, or by number up to 255",
	[KIND_DIRECTION] = "in or out",
	[KIND_L7] = "an application protocol by name, such as http, tls or dns, or none",
	[KIND_L7_SOURCE] = "payload, port or none",
	[KIND_FLAGS] = "FIN, SYN, RST, PSH, ACK, URG, ECE, CWR, with commas, or none",
	[KIND_IFACE] = "the name of an interface, or a pattern such as eth*",
	[KIND_ID] = "a whole number",
	[KIND_OWNER] = "a text, or a pattern such as nginx*",
	[KIND_NAME] = "the name of a host, or a pattern such as *.example.org",
	[KIND_COUNTRY] = "a code of two letters such as DE, a pattern, or none",
	[KIND_ASN] = "a number such as 64496 or AS64496, or a range",
	[KIND_AS_ORG] = "a text, or a pattern such as Example*",
	[KIND_COUNT] = "a number such as 1000, 20k or 1k-2k",
	[KIND_SIZE] = "a size such as 1500, 20k, 4Mi or 1M-2M",
	[KIND_BIT_RATE] = "a rate such as 1M, 10Mbps, 2MB/s or 1M-10M",
	[KIND_PACKET_RATE] = "a rate such as 500, 20k or 20kpps",
	[KIND_TIME] = "a time such as 500ms, 10s, 5m or 1m-1h",
};

const char *const filter_kind_names[KIND_MAX] = {
	[KIND_ADDR] = "address",        [KIND_PORT] = "port",        [KIND_PROTO] = "protocol",
	[KIND_DIRECTION] = "direction", [KIND_FLAGS] = "flags",      [KIND_IFACE] = "text",
	[KIND_ID] = "number",           [KIND_OWNER] = "text",       [KIND_COUNT] = "number",
	[KIND_SIZE] = "size",           [KIND_BIT_RATE] = "rate",    [KIND_PACKET_RATE] = "rate",
	[KIND_L7] = "protocol",         [KIND_L7_SOURCE] = "source", [KIND_NAME] = "text",
	[KIND_TIME] = "time",           [KIND_COUNTRY] = "text",     [KIND_ASN] = "number",
	[KIND_AS_ORG] = "text",
};

#define V4 (1 << FAMILY_IPV4)
#define V6 (1 << FAMILY_IPV6)

/* As in tcpdump; a protocol that is not here is "proto NAME". */
const struct filter_word filter_words[] = {
	{"ip", V4, 0, -1},
	{"ip6", V6, 0, -1},
	{"arp", 1 << FAMILY_ARP, 0, -1},
	{"tcp", 0, 0, IPPROTO_TCP},
	{"udp", 0, 0, IPPROTO_UDP},
	{"icmp", 0, 0, IPPROTO_ICMP},
	{"icmp6", 0, 0, IPPROTO_ICMPV6},
	{"igmp", 0, 0, IPPROTO_IGMP},
	{"sctp", 0, 0, IPPROTO_SCTP},
	{"gre", 0, 0, IPPROTO_GRE},
	{"esp", 0, 0, IPPROTO_ESP},
	{"ah", 0, 0, IPPROTO_AH},
	{"inbound", 0, IN, -1},
	{"outbound", 0, OUT, -1},
};

const size_t filter_n_words = ARRAY_SIZE(filter_words);

/* ---- finding them ---- */

const struct filter_field *filter_field_find(const char *name)
{
	for (size_t i = 0; i < filter_n_fields; i++)
		for (size_t k = 0; k < FIELD_NAMES_MAX && filter_fields[i].names[k]; k++)
			if (strcasecmp(filter_fields[i].names[k], name) == 0)
				return &filter_fields[i];
	return NULL;
}

const struct filter_field *filter_field_of_ends(uint8_t ends, enum filter_kind kind)
{
	for (size_t i = 0; i < filter_n_fields; i++)
		if (filter_fields[i].kind == kind && filter_fields[i].ends == ends)
			return &filter_fields[i];
	return NULL;
}

const char *filter_field_off(const struct filter_field *field)
{
	return field->off ? field->off() : NULL;
}

const struct filter_word *filter_word_find(const char *name)
{
	for (size_t i = 0; i < filter_n_words; i++)
		if (strcasecmp(filter_words[i].name, name) == 0)
			return &filter_words[i];
	return NULL;
}

static bool goes_on(const char *name, const char *text, size_t n)
{
	return strncasecmp(name, text, n) == 0 && name[n];
}

bool filter_field_begins(const char *text)
{
	size_t n = strlen(text);

	for (size_t i = 0; i < filter_n_fields; i++)
		for (size_t k = 0; k < FIELD_NAMES_MAX && filter_fields[i].names[k]; k++)
			if (goes_on(filter_fields[i].names[k], text, n))
				return true;
	for (size_t i = 0; i < filter_n_words; i++)
		if (goes_on(filter_words[i].name, text, n))
			return true;
	return goes_on("not", text, n);
}

/* One letter more, less or another, or two exchanged. */
static bool is_slip(const char *a, const char *b)
{
	size_t n_a = strlen(a), n_b = strlen(b), n_same = 0;

	while (a[n_same] && a[n_same] == b[n_same])
		n_same++;
	a += n_same;
	b += n_same;
	if (n_a == n_b)
		return strcmp(a + (*a != '\0'), b + (*b != '\0')) == 0 ||
		       (a[0] && a[1] && a[0] == b[1] && a[1] == b[0] && !strcmp(a + 2, b + 2));
	return n_a > n_b ? strcmp(a + 1, b) == 0 : strcmp(a, b + 1) == 0;
}

void filter_field_suggest(char *buf, size_t size, const char *name)
{
	size_t used = 0, n = strlen(name);

	buf[0] = '\0';
	for (size_t i = 0; i < filter_n_fields && used < size; i++) {
		const char *field = filter_fields[i].names[0];

		if (!is_slip(name, field) && !(n > 1 && goes_on(field, name, n)))
			continue;
		used += (size_t)snprintf(buf + used, size - used, "%s%s", used ? ", " : "", field);
	}
}

void filter_field_names(char *buf, size_t size)
{
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < filter_n_fields && used < size; i++)
		used += (size_t)snprintf(buf + used, size - used, "%s%s", used ? " " : "",
					 filter_fields[i].names[0]);
}

void filter_field_help(size_t index, struct filter_help *ret_help)
{
	const struct filter_field *field = &filter_fields[index];

	*ret_help = (struct filter_help){.name = field->names[0],
					 .takes = filter_kind_names[field->kind],
					 .help = field->help};
}
