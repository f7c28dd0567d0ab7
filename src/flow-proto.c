/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names and properties of IP protocols. */
#include "config.h"

#include "flow.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <strings.h>

#include "macro.h"

/* IANA, "Assigned Internet Protocol Numbers". */
static const struct proto {
	const char *name; /* lower case */
	bool ports;       /* the header begins with two ports */
} proto_table[256] = {
	[0] = {"hopopt", false},      [1] = {"icmp", false},       [2] = {"igmp", false},
	[3] = {"ggp", false},         [4] = {"ipip", false},       [5] = {"st", false},
	[6] = {"tcp", true},          [8] = {"egp", false},        [9] = {"igp", false},
	[12] = {"pup", false},        [17] = {"udp", true},        [20] = {"hmp", false},
	[22] = {"xns-idp", false},    [27] = {"rdp", false},       [29] = {"iso-tp4", false},
	[33] = {"dccp", true},        [36] = {"xtp", false},       [41] = {"ipv6", false},
	[43] = {"ipv6-route", false}, [44] = {"ipv6-frag", false}, [45] = {"idrp", false},
	[46] = {"rsvp", false},       [47] = {"gre", false},       [50] = {"esp", false},
	[51] = {"ah", false},         [54] = {"narp", false},      [55] = {"mobile", false},
	[57] = {"skip", false},       [58] = {"icmp6", false},     [59] = {"ipv6-nonxt", false},
	[60] = {"ipv6-opts", false},  [81] = {"vmtp", false},      [88] = {"eigrp", false},
	[89] = {"ospf", false},       [94] = {"ax.25", false},     [97] = {"etherip", false},
	[98] = {"encap", false},      [103] = {"pim", false},      [108] = {"ipcomp", false},
	[112] = {"vrrp", false},      [115] = {"l2tp", false},     [124] = {"isis", false},
	[132] = {"sctp", true},       [133] = {"fc", false},       [135] = {"mobility", false},
	[136] = {"udplite", true},    [137] = {"mpls", false},     [138] = {"manet", false},
	[139] = {"hip", false},       [140] = {"shim6", false},    [141] = {"wesp", false},
	[142] = {"rohc", false},      [143] = {"ethernet", false}, [144] = {"aggfrag", false},
};

int flow_proto_name(char *buf, size_t size, const struct flow_key *key)
{
	if (key->family == FAMILY_ARP)
		return snprintf(buf, size, "arp");
	if (!proto_table[key->proto].name)
		return snprintf(buf, size, "%u", key->proto);
	return snprintf(buf, size, "%s", proto_table[key->proto].name);
}

int flow_proto_number(const char *name)
{
	for (size_t i = 0; i < ARRAY_SIZE(proto_table); i++)
		if (proto_table[i].name && strcasecmp(proto_table[i].name, name) == 0)
			return (int)i;
	return -ENOENT;
}

bool flow_has_ports(const struct flow_key *key)
{
	return key->family != FAMILY_ARP && proto_table[key->proto].ports;
}

/* Messages that come in pairs, a question and its answer. */
static const struct exchange {
	uint8_t family; /* FAMILY_NONE: any IP */
	uint8_t proto;
	uint8_t ask, answer;
} exchange_table[] = {
	{FAMILY_NONE, IPPROTO_ICMP, 8, 0},       /* echo, RFC 792 */
	{FAMILY_NONE, IPPROTO_ICMP, 10, 9},      /* router discovery, RFC 1256 */
	{FAMILY_NONE, IPPROTO_ICMP, 13, 14},     /* timestamp, RFC 792 */
	{FAMILY_NONE, IPPROTO_ICMP, 15, 16},     /* information, RFC 792 */
	{FAMILY_NONE, IPPROTO_ICMP, 17, 18},     /* address mask, RFC 950 */
	{FAMILY_NONE, IPPROTO_ICMPV6, 128, 129}, /* echo, RFC 4443 */
	{FAMILY_NONE, IPPROTO_ICMPV6, 130, 131}, /* multicast listener, RFC 2710 */
	{FAMILY_NONE, IPPROTO_ICMPV6, 133, 134}, /* router discovery, RFC 4861 */
	{FAMILY_NONE, IPPROTO_ICMPV6, 135, 136}, /* neighbour discovery, RFC 4861 */
	{FAMILY_NONE, IPPROTO_ICMPV6, 139, 140}, /* node information, RFC 4620 */
	{FAMILY_NONE, IPPROTO_ICMPV6, 144, 145}, /* home agent discovery, RFC 6275 */
	{FAMILY_ARP, 0, 1, 2},                   /* RFC 826 */
	{FAMILY_ARP, 0, 3, 4},                   /* reverse, RFC 903 */
	{FAMILY_ARP, 0, 8, 9},                   /* inverse, RFC 2390 */
};

int flow_counterpart(const struct flow_key *key)
{
	uint8_t family = key->family == FAMILY_ARP ? FAMILY_ARP : FAMILY_NONE;

	for (size_t i = 0; i < ARRAY_SIZE(exchange_table); i++) {
		const struct exchange *x = &exchange_table[i];

		if (x->family != family || x->proto != key->proto)
			continue;
		if (x->ask == key->sport)
			return x->answer;
		if (x->answer == key->sport)
			return x->ask;
	}
	return -ENOENT;
}
