/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts for the parts of a flow key, and the relations between keys. */
#include "config.h"

#include "flow.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "macro.h"
#include "mix.h"

static const char *const direction_names[DIRECTION_MAX] = {
	[DIRECTION_IN] = "in",
	[DIRECTION_OUT] = "out",
};

static const char *const tcp_flag_names[] = {
	"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR",
};

int flow_addr(char *buf, size_t size, const struct flow_key *key, enum side side)
{
	char text[INET6_ADDRSTRLEN] = "";

	if (flow_addr_is_open(key, side))
		return snprintf(buf, size, "*");
	/* inet_ntop() cannot fail: family and size are right. No addresses: no text. */
	if (key->family != FAMILY_NONE)
		(void)inet_ntop(key->family == FAMILY_IPV6 ? AF_INET6 : AF_INET,
				flow_side_addr(key, side), text, sizeof(text));
	return snprintf(buf, size, "%s", text);
}

int flow_endpoint(char *buf, size_t size, const struct flow_key *key, enum side side)
{
	char addr[INET6_ADDRSTRLEN], port[8];
	bool addr_open = flow_addr_is_open(key, side);
	bool port_open = flow_port_is_open(key, side);
	bool brackets = key->family == FAMILY_IPV6 && !addr_open;

	(void)flow_addr(addr, sizeof(addr), key, side);
	if (!flow_has_ports(key) || (addr_open && port_open))
		return snprintf(buf, size, "%s", addr);
	if (port_open)
		(void)snprintf(port, sizeof(port), "*");
	else
		(void)snprintf(port, sizeof(port), "%u", flow_side_port(key, side));
	return snprintf(buf, size, brackets ? "[%s]:%s" : "%s:%s", addr, port);
}

int flow_tcp_flags(char *buf, size_t size, uint8_t flags)
{
	char text[8 * sizeof("FIN,")] = "";
	size_t n = 0;

	for (unsigned int bit = 0; bit < 8; bit++) {
		if (!(flags >> bit & 1))
			continue;
		if (n)
			text[n++] = ',';
		memcpy(text + n, tcp_flag_names[bit], 3);
		n += 3;
	}
	return snprintf(buf, size, "%.*s", n ? (int)n : 1, n ? text : "-");
}

const char *flow_tcp_flag(unsigned int bit)
{
	return bit < ARRAY_SIZE(tcp_flag_names) ? tcp_flag_names[bit] : "";
}

const char *flow_direction(uint8_t direction)
{
	return direction < DIRECTION_MAX ? direction_names[direction] : "";
}

void flow_key_reverse(const struct flow_key *key, struct flow_key *ret_reverse)
{
	struct flow_key reverse = *key;
	int counterpart;

	memcpy(reverse.src, key->dst, sizeof(reverse.src));
	memcpy(reverse.dst, key->src, sizeof(reverse.dst));
	reverse.direction = key->direction == DIRECTION_IN ? DIRECTION_OUT : DIRECTION_IN;
	if (flow_has_ports(key)) {
		reverse.sport = key->dport;
		reverse.dport = key->sport;
	} else {
		counterpart = flow_counterpart(key);
		if (counterpart >= 0)
			reverse.sport = (uint16_t)counterpart;
	}
	reverse.open = (uint8_t)((key->open & (OPEN_SRC_ADDR | OPEN_SRC_PORT)) << 2 |
				 (key->open & (OPEN_DST_ADDR | OPEN_DST_PORT)) >> 2);
	*ret_reverse = reverse;
}

uint64_t flow_conversation_hash(const struct flow_key *key, const uint64_t seed[2])
{
	struct flow_key there = *key, back;
	uint64_t words[sizeof(there) / sizeof(uint64_t)], hash = seed[0];

	there.iface = 0;
	there.vlan = 0;
	there.direction = DIRECTION_IN;
	flow_key_reverse(&there, &back);
	back.direction = DIRECTION_IN;
	memcpy(words, flow_key_cmp(&there, &back) <= 0 ? &there : &back, sizeof(words));
	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		hash = mix(hash ^ words[i], seed[1] | 1);
	return hash;
}

int flow_key_cmp(const struct flow_key *a, const struct flow_key *b)
{
	int order = CMP(a->iface, b->iface);

	if (!order)
		order = CMP(a->direction, b->direction);
	if (!order)
		order = CMP(a->family, b->family);
	if (!order)
		order = CMP(a->proto, b->proto);
	if (!order)
		order = memcmp(a->src, b->src, sizeof(a->src));
	if (!order)
		order = CMP(a->sport, b->sport);
	if (!order)
		order = memcmp(a->dst, b->dst, sizeof(a->dst));
	if (!order)
		order = CMP(a->dport, b->dport);
	if (!order)
		order = CMP(a->vlan, b->vlan);
	if (!order)
		order = CMP(a->open, b->open);
	return order ? order : CMP(a->owner, b->owner);
}
