/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judges flows by the tests of a filter. */
#include "config.h"

#include <netinet/in.h>
#include <string.h>

#include "filter-data.h"
#include "flow-table.h"
#include "flow.h"
#include "ledger.h"

/* A flow is fetched so many flows before its turn. */
#define AHEAD 16

/* ---- ends ---- */

static inline bool match_port(const struct filter *filter, const struct filter_test *test,
			      const struct flow *flow)
{
	const struct flow_key *key = &flow->key;
	uint8_t ends = filter_ends(test, key);
	bool src = ends & END_SRC && !(key->open & OPEN_SRC_PORT) &&
		   filter_in_ranges(filter, test, key->sport);
	bool dst = ends & END_DST && !(key->open & OPEN_DST_PORT) &&
		   filter_in_ranges(filter, test, key->dport);

	return (src || dst) && flow_has_ports(key);
}

static inline bool in_prefixes(const struct filter *filter, const struct filter_test *test,
			       uint8_t family, const uint8_t *addr)
{
	const struct filter_prefix *prefix = &filter->prefixes[test->first];
	uint64_t words[2];

	memcpy(words, addr, sizeof(words));
	for (const struct filter_prefix *end = prefix + test->n; prefix < end; prefix++)
		if (prefix->family == family && !(((words[0] & prefix->mask[0]) ^ prefix->addr[0]) |
						  ((words[1] & prefix->mask[1]) ^ prefix->addr[1])))
			return true;
	return false;
}

static inline bool match_addr(const struct filter *filter, const struct filter_test *test,
			      const struct flow *flow)
{
	const struct flow_key *key = &flow->key;
	uint8_t ends = filter_ends(test, key);
	/* ARP speaks of the hosts of IPv4 */
	uint8_t family = key->family == FAMILY_ARP ? FAMILY_IPV4 : key->family;

	return (ends & END_SRC && !(key->open & OPEN_SRC_ADDR) &&
		in_prefixes(filter, test, family, key->src)) ||
	       (ends & END_DST && !(key->open & OPEN_DST_ADDR) &&
		in_prefixes(filter, test, family, key->dst));
}

/* ---- the rest ---- */

static inline bool match_proto(const struct filter_test *test, const struct flow *flow)
{
	unsigned int proto = flow->key.family == FAMILY_ARP ? PROTO_ARP : flow->key.proto;

	return test->protos[proto / 64] >> proto % 64 & 1;
}

static inline bool match_choice(const struct filter_test *test, const struct flow *flow)
{
	unsigned int choice = test->choices->get(flow);

	return test->protos[choice / 64] >> choice % 64 & 1;
}

static inline bool match_iface(const struct filter *filter, const struct filter_test *test,
			       const struct flow *flow)
{
	return filter->ifaces[test->bits][flow->key.iface / 64] >> flow->key.iface % 64 & 1;
}

static inline bool match_flags(const struct filter_test *test, const struct flow *flow)
{
	if (flow->key.proto != IPPROTO_TCP || flow->key.family == FAMILY_ARP)
		return false;
	/* "has none" has no flag to look for, and means the same as "= none" */
	if (test->exact || !test->mask)
		return flow->tcp_flags == test->mask;
	return (flow->tcp_flags & test->mask) == test->mask;
}

/* Not by a table of functions: calls that cannot be inlined cost as much as the tests. */
static inline bool match_one(const struct filter *filter, const struct filter_test *test,
			     const struct flow *flow)
{
	switch (test->op) {
	case TEST_DIRECTION:
		return test->mask >> flow->key.direction & 1;
	case TEST_FAMILY:
		return test->mask >> flow->key.family & 1;
	case TEST_PROTO:
		return match_proto(test, flow);
	case TEST_IFACE:
		return match_iface(filter, test, flow);
	case TEST_CHOICE:
		return match_choice(test, flow);
	case TEST_PORT:
		return match_port(filter, test, flow);
	case TEST_FLAGS:
		return match_flags(test, flow);
	case TEST_ADDR:
		return match_addr(filter, test, flow);
	case TEST_NUMBER:
		return filter_in_ranges(filter, test, test->get(filter, flow));
	case TEST_ADDR_TEXT:
		return filter_addr_text_match(filter, test, flow);
	case TEST_OWNER:
		return filter_owner_match(filter, test, flow);
	case TEST_NAME:
		return filter_name_match(filter, test, flow);
	case TEST_ASN:
		return filter_asn_match(filter, test, flow);
	case TEST_PLACE:
		return filter_place_match(filter, test, flow);
	case TEST_MAX:
		break;
	}
	return false;
}

bool filter_match(const struct filter *filter, const struct flow *flow)
{
	uint16_t at = filter->entry;

	while (at < FILTER_FAIL) {
		const struct filter_test *test = &filter->tests[at];

		at = match_one(filter, test, flow) ? test->yes : test->no;
	}
	return at == FILTER_PASS;
}

/* Interfaces are judged once, not for every flow. */
static void begin_ifaces(struct filter *filter, const struct filter_test *test,
			 const struct ledger *ledger)
{
	uint64_t *bits = filter->ifaces[test->bits];
	size_t n = ledger_n_slots(ledger);

	memset(bits, 0, sizeof(*filter->ifaces));
	for (size_t slot = 0; slot < n; slot++) {
		const struct sample_iface *iface = ledger_get_iface(ledger, (uint16_t)slot);

		if (iface && filter_text_match(filter, test, iface->name))
			bits[slot / 64] |= 1ULL << slot % 64;
	}
}

void filter_begin(struct filter *filter, const struct flow_table *table,
		  const struct ledger *ledger)
{
	filter->table = table;
	filter->now_ns = flow_table_now(table);
	filter->owners = flow_table_owners(table);
	filter->geo = flow_table_geo(table);
	if (filter->memos)
		memset(filter->memos, 0,
		       filter->n_memos * FILTER_MEMO_SIZE * sizeof(*filter->memos));
	for (size_t i = 0; i < filter->n_tests; i++)
		if (filter->tests[i].op == TEST_IFACE)
			begin_ifaces(filter, &filter->tests[i], ledger);
}

void filter_set_span(struct filter *filter, double seconds)
{
	filter->span_s = seconds;
}

void filter_sum(struct filter *filter, const struct flow_table *table, const struct ledger *ledger,
		struct filter_sum *ret_sum)
{
	struct filter_sum sum = {.n_flows = 0};
	uint32_t n;
	const struct flow *flows = flow_table_flows(table, &n);

	filter_begin(filter, table, ledger);
	for (uint32_t i = 0; i < n; i++) {
		const struct flow *flow = &flows[i];
		uint8_t direction = flow->key.direction;

		__builtin_prefetch(flow + AHEAD);
		if (!filter_match(filter, flow))
			continue;
		sum.n_flows++;
		sum.packets[direction] += flow->count.packets;
		sum.bytes[direction] += flow->count.bytes;
		sum.pps[direction] += flow_pps(table, flow);
		sum.bps[direction] += flow_bps(table, flow);
	}
	*ret_sum = sum;
}
