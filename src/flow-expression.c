/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes flows as expressions that tcpdump(8) takes as well as a filter of pktop. */
#include "config.h"

#include "flow.h"

#include <netinet/in.h>
#include <stdarg.h>
#include <stdio.h>

#include "macro.h"

/* What both have a word for; the rest goes by number. libpcap refuses a word in the other family,
 * and looks for ports in these protocols alone. */
static const struct {
	const char *word;
	uint8_t family; /* FAMILY_NONE: either */
	bool ports;
} words[] = {
	[IPPROTO_ICMP] = {"icmp", FAMILY_IPV4, false},
	[IPPROTO_IGMP] = {"igmp", FAMILY_IPV4, false},
	[IPPROTO_TCP] = {"tcp", FAMILY_NONE, true},
	[IPPROTO_UDP] = {"udp", FAMILY_NONE, true},
	[IPPROTO_ESP] = {"esp", FAMILY_NONE, false},
	[IPPROTO_AH] = {"ah", FAMILY_NONE, false},
	[IPPROTO_ICMPV6] = {"icmp6", FAMILY_IPV6, false},
	[IPPROTO_SCTP] = {"sctp", FAMILY_NONE, true},
};

struct expression {
	char *buf;
	size_t size;
	int n;
};

static ATTR_PRINTF(2, 3) void add(struct expression *expression, const char *format, ...)
{
	size_t used = MIN((size_t)expression->n, expression->size);
	va_list args;

	va_start(args, format);
	expression->n += vsnprintf(expression->buf + used, expression->size - used, format, args);
	va_end(args);
}

int flow_expression_proto(char *buf, size_t size, const struct flow_key *key)
{
	if (key->family == FAMILY_ARP)
		return snprintf(buf, size, "arp");
	if (key->proto < ARRAY_SIZE(words) && words[key->proto].word &&
	    (words[key->proto].family == FAMILY_NONE || words[key->proto].family == key->family))
		return snprintf(buf, size, "%s", words[key->proto].word);
	return snprintf(buf, size, "proto %u", key->proto);
}

bool flow_expression_has_ports(const struct flow_key *key)
{
	return key->family != FAMILY_ARP && key->proto < ARRAY_SIZE(words) &&
	       words[key->proto].ports;
}

static void add_end(struct expression *expression, const struct flow_key *key, enum side side,
		    bool both)
{
	const char *word = both ? "" : side == SIDE_SRC ? "src " : "dst ";
	bool fragment = !key->sport && !key->dport; /* a later one */
	char addr[FLOW_TEXT_MAX];

	(void)flow_addr(addr, sizeof(addr), key, side);
	if (*addr && *addr != '*')
		add(expression, " and %shost %s", word, addr);
	if (flow_expression_has_ports(key) && !flow_port_is_open(key, side) && !fragment)
		add(expression, " and %sport %u", word, flow_side_port(key, side));
}

int flow_expression(char *buf, size_t size, const struct flow_key *key, bool both)
{
	struct expression expression = {.buf = buf, .size = size};
	char proto[FLOW_TEXT_MAX];

	(void)flow_expression_proto(proto, sizeof(proto), key);
	/* First: libpcap looks for all that follows behind the tag. */
	if (key->vlan)
		add(&expression, "vlan %u and ", key->vlan);
	add(&expression, "%s", proto);
	add_end(&expression, key, SIDE_SRC, both);
	add_end(&expression, key, SIDE_DST, both);
	return expression.n;
}

const char *flow_expression_more(const struct flow_key *key)
{
	bool fragment = !key->sport && !key->dport;
	char detail[FLOW_TEXT_MAX];

	if (flow_has_ports(key))
		return fragment || !flow_expression_has_ports(key) ? "all ports" : NULL;
	if (flow_detail(detail, sizeof(detail), key) == 0)
		return NULL;
	if (key->family == FAMILY_ARP)
		return "all operations";
	switch (key->proto) {
	case IPPROTO_ESP:
	case IPPROTO_AH:
		return "all SPIs";
	case IPPROTO_GRE:
		return "all it carries";
	default:
		return "all types";
	}
}
