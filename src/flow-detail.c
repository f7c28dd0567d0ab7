/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts for what stands in place of ports in protocols that have none. */
#include "config.h"

#include "flow.h"

#include <netinet/in.h>
#include <stdio.h>

#include "macro.h"

#define PROTO_OSPF 89

struct name {
	uint16_t value;
	const char *name;
};

/* IANA, "ICMP Type Numbers": messages whose code says nothing. */
static const struct name icmp_names[] = {
	{0, "echo-reply"},           {8, "echo-request"},       {9, "router-advertisement"},
	{10, "router-solicitation"}, {13, "timestamp-request"}, {14, "timestamp-reply"},
	{17, "mask-request"},        {18, "mask-reply"},
};

/* IANA, "ICMPv6 Parameters". */
static const struct name icmp6_names[] = {
	{2, "packet-too-big"},
	{128, "echo-request"},
	{129, "echo-reply"},
	{130, "listener-query"},
	{131, "listener-report"},
	{132, "listener-done"},
	{133, "router-solicitation"},
	{134, "router-advertisement"},
	{135, "neighbor-solicitation"},
	{136, "neighbor-advertisement"},
	{143, "listener-report-v2"},
};

/* RFC 9776, section 4. */
static const struct name igmp_names[] = {
	{0x11, "query"}, {0x12, "report-v1"}, {0x16, "report-v2"},
	{0x17, "leave"}, {0x22, "report-v3"},
};

/* IEEE ethertypes that GRE carries. */
static const struct name gre_names[] = {
	{0x0800, "ipv4"},   {0x86dd, "ipv6"},     {0x6558, "ethernet"}, {0x8847, "mpls"},
	{0x88be, "erspan"}, {0x22eb, "erspan-3"}, {0x880b, "ppp"},
};

/* RFC 2328, section A.3.1. */
static const struct name ospf_names[] = {
	{1, "hello"}, {2, "description"}, {3, "request"}, {4, "update"}, {5, "ack"},
};

/* IANA, "ARP Operation Codes". */
static const struct name arp_names[] = {
	{1, "request"},       {2, "reply"},           {3, "reverse-request"},
	{4, "reverse-reply"}, {8, "inverse-request"}, {9, "inverse-reply"},
};

static const char *find_name(const struct name *names, size_t n, uint16_t value)
{
	for (size_t i = 0; i < n; i++)
		if (names[i].value == value)
			return names[i].name;
	return NULL;
}

static int print_message(char *buf, size_t size, const struct flow_key *key, const char *name)
{
	if (name && key->dport == 0)
		return snprintf(buf, size, "%s", name);
	return snprintf(buf, size, "type %u code %u", key->sport, key->dport);
}

static int detail_icmp(char *buf, size_t size, const struct flow_key *key)
{
	return print_message(buf, size, key,
			     find_name(icmp_names, ARRAY_SIZE(icmp_names), key->sport));
}

static int detail_icmp6(char *buf, size_t size, const struct flow_key *key)
{
	/* Type 0 is reserved: a later fragment. */
	if (!key->sport && !key->dport)
		return snprintf(buf, size, "%s", "");
	return print_message(buf, size, key,
			     find_name(icmp6_names, ARRAY_SIZE(icmp6_names), key->sport));
}

static int detail_igmp(char *buf, size_t size, const struct flow_key *key)
{
	const char *name = find_name(igmp_names, ARRAY_SIZE(igmp_names), key->sport);

	if (!name && key->sport)
		return snprintf(buf, size, "type %u", key->sport);
	return snprintf(buf, size, "%s", name ? name : "");
}

static int detail_gre(char *buf, size_t size, const struct flow_key *key)
{
	const char *name = find_name(gre_names, ARRAY_SIZE(gre_names), key->sport);

	if (!name && key->sport)
		return snprintf(buf, size, "ethertype 0x%04x", key->sport);
	return snprintf(buf, size, "%s", name ? name : "");
}

static int detail_spi(char *buf, size_t size, const struct flow_key *key)
{
	uint32_t spi = (uint32_t)key->sport << 16 | key->dport;

	/* RFC 4303, section 2.1: 0 is never on the wire. */
	if (!spi)
		return snprintf(buf, size, "%s", "");
	return snprintf(buf, size, "spi 0x%08x", spi);
}

static int detail_ospf(char *buf, size_t size, const struct flow_key *key)
{
	const char *name = find_name(ospf_names, ARRAY_SIZE(ospf_names), key->sport);

	if (!key->sport && !key->dport)
		return snprintf(buf, size, "%s", "");
	if (!name)
		return snprintf(buf, size, "v%u type %u", key->dport, key->sport);
	return snprintf(buf, size, "v%u %s", key->dport, name);
}

static int detail_arp(char *buf, size_t size, const struct flow_key *key)
{
	const char *name = find_name(arp_names, ARRAY_SIZE(arp_names), key->sport);

	if (!name)
		return snprintf(buf, size, "operation %u", key->sport);
	return snprintf(buf, size, "%s", name);
}

static const struct detail {
	uint8_t proto;
	int (*print)(char *buf, size_t size, const struct flow_key *key);
} detail_table[] = {
	{IPPROTO_ICMP, detail_icmp}, {IPPROTO_ICMPV6, detail_icmp6}, {IPPROTO_IGMP, detail_igmp},
	{IPPROTO_GRE, detail_gre},   {IPPROTO_ESP, detail_spi},      {IPPROTO_AH, detail_spi},
	{PROTO_OSPF, detail_ospf},
};

int flow_detail(char *buf, size_t size, const struct flow_key *key)
{
	if (key->open & (OPEN_SRC_PORT | OPEN_DST_PORT))
		return snprintf(buf, size, "%s", "");
	if (key->family == FAMILY_ARP)
		return detail_arp(buf, size, key);
	for (size_t i = 0; i < ARRAY_SIZE(detail_table); i++)
		if (detail_table[i].proto == key->proto)
			return detail_table[i].print(buf, size, key);
	return snprintf(buf, size, "%s", "");
}
