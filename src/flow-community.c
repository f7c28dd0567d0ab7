/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The Community ID of a flow: one name for both directions, which Zeek, Suricata and others compute
 * as well. Version 1 of the specification at github.com/corelight/community-id-spec.
 */
#include "config.h"

#include "flow.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "sha1.h"

/* Ends of a flow as the specification sees them. */
struct ends {
	bool ports;   /* they go into the digest */
	bool ordered; /* must not be swapped */
	uint16_t sport, dport;
};

static void get_ends(const struct flow_key *key, struct ends *ret_ends)
{
	int counterpart;

	*ret_ends = (struct ends){.sport = key->sport, .dport = key->dport};
	switch (key->proto) {
	case IPPROTO_TCP:
	case IPPROTO_UDP:
	case IPPROTO_SCTP:
		ret_ends->ports = true;
		break;
	case IPPROTO_ICMP:
	case IPPROTO_ICMPV6:
		/* Type and the type that answers it; one-way messages have type and code. */
		counterpart = flow_counterpart(key);
		ret_ends->ports = true;
		ret_ends->ordered = counterpart < 0;
		if (counterpart >= 0)
			ret_ends->dport = (uint16_t)counterpart;
		break;
	default:
		break;
	}
}

/* RFC 4648, section 4: three bytes become four characters, the last group is padded. */
static void base64(char *buf, const uint8_t *data, size_t n)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

	for (; n; data += 3) {
		uint32_t group = (uint32_t)data[0] << 16;

		if (n > 1)
			group |= (uint32_t)data[1] << 8;
		if (n > 2)
			group |= data[2];
		*buf++ = digits[group >> 18];
		*buf++ = digits[group >> 12 & 63];
		*buf++ = n > 1 ? digits[group >> 6 & 63] : '=';
		*buf++ = n > 2 ? digits[group & 63] : '=';
		n = n > 3 ? n - 3 : 0;
	}
	*buf = '\0';
}

static uint8_t *put_be16(uint8_t *p, uint16_t value)
{
	*p++ = (uint8_t)(value >> 8);
	*p++ = (uint8_t)value;
	return p;
}

static uint8_t *put_bytes(uint8_t *p, const uint8_t *bytes, size_t n)
{
	memcpy(p, bytes, n);
	return p + n;
}

/*
 * They are filed with ports 0: the ID of their flow cannot be known. Where that is a value as well
 * (ICMP echo reply), they pass for it.
 */
static bool is_later_fragment(const struct flow_key *key)
{
	return !key->sport && !key->dport && (flow_has_ports(key) || key->proto == IPPROTO_ICMPV6);
}

int flow_community_id(char *buf, size_t size, const struct flow_key *key)
{
	uint8_t message[2 + 16 + 16 + 2 + 4], digest[SHA1_SIZE], *p = message;
	char text[(SHA1_SIZE + 2) / 3 * 4 + 1];
	size_t n_addr = key->family == FAMILY_IPV6 ? 16 : 4;
	struct ends ends;
	bool swap = false;
	int order;

	if ((key->family != FAMILY_IPV4 && key->family != FAMILY_IPV6) || key->open ||
	    is_later_fragment(key))
		return snprintf(buf, size, "%s", "");

	get_ends(key, &ends);
	order = memcmp(key->src, key->dst, n_addr);
	if (!ends.ordered)
		swap = order > 0 || (order == 0 && ends.sport > ends.dport);

	p = put_be16(p, 0); /* seed */
	p = put_bytes(p, swap ? key->dst : key->src, n_addr);
	p = put_bytes(p, swap ? key->src : key->dst, n_addr);
	*p++ = key->proto;
	*p++ = 0;
	if (ends.ports) {
		p = put_be16(p, swap ? ends.dport : ends.sport);
		p = put_be16(p, swap ? ends.sport : ends.dport);
	}
	sha1_digest(message, (size_t)(p - message), digest);
	base64(text, digest, sizeof(digest));
	return snprintf(buf, size, "1:%s", text);
}
