/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records as lines for people: words, then NAME=VALUE. */
#include "config.h"

#include <ctype.h>
#include <inttypes.h>
#include <netinet/in.h>

#include "event-data.h"
#include "flow.h"
#include "fmt.h"
#include "column.h"
#include "macro.h"
#include "owner.h"

static void put_time(FILE *stream, uint64_t real_ns)
{
	char text[FMT_MAX];

	fmt_clock(text, sizeof(text), real_ns);
	fprintf(stream, "[%s]", text);
}

static void put_port(FILE *stream, uint16_t port, bool open)
{
	if (open)
		fputc('*', stream);
	else
		fprintf(stream, "%u", port);
}

/* What tells flows of a protocol apart, beyond addresses. */
static void put_detail(FILE *stream, const struct row *row)
{
	const struct flow_key *key = row->key;
	char text[FLOW_TEXT_MAX];

	if (flow_has_ports(key)) {
		fputc(' ', stream);
		put_port(stream, key->sport, key->open & OPEN_SRC_PORT);
		fputs("->", stream);
		put_port(stream, key->dport, key->open & OPEN_DST_PORT);
	}
	if (key->proto == IPPROTO_TCP) {
		flow_tcp_flags(text, sizeof(text), row->tcp_flags);
		fprintf(stream, " [%s]", row->tcp_flags ? text : "none");
	}
	if (flow_has_ports(key) || key->open)
		return;
	if (key->proto == IPPROTO_ICMP || key->proto == IPPROTO_ICMPV6)
		fprintf(stream, " type=%u code=%u", key->sport, key->dport);
	else if (flow_detail(text, sizeof(text), key) > 0)
		fprintf(stream, " %s", text);
}

void event_text_flow(FILE *stream, uint64_t real_ns, const struct row *row)
{
	const struct flow_key *key = row->key;
	const struct tally *count = &row->side[key->direction].count;
	char proto[FLOW_TEXT_MAX], src[FLOW_TEXT_MAX], dst[FLOW_TEXT_MAX], l7[FLOW_TEXT_MAX];
	char label[OWNER_TEXT_SIZE];

	flow_proto_name(proto, sizeof(proto), key);
	for (char *p = proto; *p; p++)
		*p = (char)toupper((unsigned char)*p);
	flow_addr(src, sizeof(src), key, SIDE_SRC);
	flow_addr(dst, sizeof(dst), key, SIDE_DST);
	put_time(stream, real_ns);
	fprintf(stream, " %s %s -> %s", proto, src, dst);
	put_detail(stream, row);
	fprintf(stream, " packets=%" PRIu64 " bytes=%" PRIu64 " dir=%s if=%s", count->packets,
		count->bytes, flow_direction(key->direction), row->iface ? row->iface->name : "?");
	if (key->vlan)
		fprintf(stream, " vlan=%u", key->vlan);
	if (row->l7) {
		flow_l7_text(l7, sizeof(l7), row->l7, row->l7_source);
		fprintf(stream, " l7=%s", l7);
	}
	if (key->open)
		fputs(" folded", stream);
	if (!row->owner)
		return;
	owner_label(label, sizeof(label), row->owner);
	fprintf(stream, " owner=\"%s\"", label);
}

static void put_tally(FILE *stream, const char *name, const struct tally *tally)
{
	fprintf(stream, " %s=%" PRIu64 "/%" PRIu64, name, tally->packets, tally->bytes);
}

void event_text_ledger(FILE *stream, uint64_t real_ns, const struct ledger_line *line)
{
	struct tally other = {0};

	for (size_t i = 0; i < OTHER_MAX; i++)
		tally_add(&other, &line->other[i]);
	put_time(stream, real_ns);
	fprintf(stream, " LEDGER %s %s", line->iface->name,
		flow_direction((uint8_t)line->direction));
	put_tally(stream, "total", &line->total);
	put_tally(stream, "flows", &line->flows);
	put_tally(stream, "folded", &line->folded);
	put_tally(stream, "other", &other);
}

void event_text_loss(FILE *stream, uint64_t real_ns, const char *what, uint64_t n)
{
	put_time(stream, real_ns);
	fprintf(stream, " LOSS %s=%" PRIu64, what, n);
}
