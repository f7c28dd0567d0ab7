/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of the kind "flows": each interval the flows that had packets in it, oldest first. */
#include "config.h"

#include <ctype.h>
#include <inttypes.h>
#include <netinet/in.h>

#include "event-data.h"
#include "event-seen.h"
#include "flow-name.h"
#include "flow-table.h"
#include "flow.h"
#include "macro.h"
#include "name-seen.h"
#include "snapshot.h"

int event_flow_begin(struct event_stream *stream, char *error ATTR_UNUSED,
		     size_t error_size ATTR_UNUSED)
{
	return snapshot_new(&stream->snapshot);
}

/* What the flow did in the interval, in place of what it did since it began. */
static void narrow(const struct flow_table *table, struct row *row)
{
	const struct flow *flow = flow_table_find(table, row->key);

	row->side[row->key->direction].count = flow->delta;
	row->tcp_flags = flow->delta_flags;
}

static void put_port(struct event_stream *stream, uint16_t port, bool open)
{
	if (open)
		event_put_words(stream, "*");
	else
		event_put_words(stream, "%u", port);
}

/* What tells flows of a protocol apart, beyond addresses. */
static void put_detail(struct event_stream *stream, const struct row *row)
{
	const struct flow_key *key = row->key;
	char text[FLOW_TEXT_MAX];

	if (flow_has_ports(key)) {
		event_put_words(stream, " ");
		put_port(stream, key->sport, key->open & OPEN_SRC_PORT);
		event_put_words(stream, "->");
		put_port(stream, key->dport, key->open & OPEN_DST_PORT);
	}
	if (key->proto == IPPROTO_TCP) {
		flow_tcp_flags(text, sizeof(text), row->tcp_flags);
		event_put_words(stream, " [%s]", row->tcp_flags ? text : "none");
	}
	if (flow_has_ports(key) || key->open)
		return;
	if (key->proto == IPPROTO_ICMP || key->proto == IPPROTO_ICMPV6)
		event_put_words(stream, " type=%u code=%u", key->sport, key->dport);
	else if (flow_detail(text, sizeof(text), key) > 0)
		event_put_words(stream, " %s", text);
}

/* "TCP 172.18.0.5 -> 172.18.0.6 55136->6443 [ACK] packets=1983 ..." */
static void put_line(struct event_stream *stream, uint64_t real_ns, const struct row *row)
{
	const struct flow_key *key = row->key;
	const struct tally *count = &row->side[key->direction].count;
	const struct name_found *found = flow_name_found(key);
	char proto[FLOW_TEXT_MAX], src[FLOW_TEXT_MAX], dst[FLOW_TEXT_MAX], l7[FLOW_TEXT_MAX];

	flow_proto_name(proto, sizeof(proto), key);
	flow_addr(src, sizeof(src), key, SIDE_SRC);
	flow_addr(dst, sizeof(dst), key, SIDE_DST);
	event_record_begin(stream, proto, real_ns);
	event_put_words(stream, " %s -> %s", src, dst);
	put_detail(stream, row);
	event_put_words(stream, " packets=%" PRIu64 " bytes=%" PRIu64 " dir=%s if=%s",
			count->packets, count->bytes, flow_direction(key->direction),
			row->iface ? row->iface->name : "?");
	if (key->vlan)
		event_put_words(stream, " vlan=%u", key->vlan);
	if (row->l7) {
		flow_l7_text(l7, sizeof(l7), row->l7, row->l7_source);
		event_put_words(stream, " l7=%s", l7);
	}
	if (key->open)
		event_put_words(stream, " folded");
	event_put_text(stream, "src_name", flow_name_host(key, SIDE_SRC));
	event_put_text(stream, "dst_name", flow_name_host(key, SIDE_DST));
	if (found && *found->asked_by)
		event_put_text(stream, "asked_by", found->asked_by);
	if (found && *found->resolver)
		event_put_text(stream, "resolver", found->resolver);
	event_put_owner(stream, "owner", row);
}

static void put_icmp(struct event_stream *stream, const char *name, const struct row *row,
		     uint16_t value)
{
	uint8_t proto = row->key->proto;

	if (row->key->open || (proto != IPPROTO_ICMP && proto != IPPROTO_ICMPV6))
		event_put_null(stream, name);
	else
		event_put_number(stream, name, value);
}

/* In the order of the report's flows; counts are those of the interval. */
static void put_object(struct event_stream *stream, uint64_t real_ns, const struct row *row)
{
	static const enum column_id ids[] = {
		COLUMN_IFACE,      COLUMN_DIRECTION,  COLUMN_PROTO,        COLUMN_SRC_ADDR,
		COLUMN_SRC_PORT,   COLUMN_DST_ADDR,   COLUMN_DST_PORT,     COLUMN_DETAIL,
		COLUMN_VLAN,       COLUMN_PACKETS,    COLUMN_BYTES,        COLUMN_PPS,
		COLUMN_BPS,        COLUMN_FLAGS,      COLUMN_ELSEWHERE,    COLUMN_L7,
		COLUMN_L7_SOURCE,  COLUMN_OWNER,      COLUMN_COMMUNITY_ID, COLUMN_SRC_COUNTRY,
		COLUMN_SRC_ASN,    COLUMN_SRC_AS_ORG, COLUMN_DST_COUNTRY,  COLUMN_DST_ASN,
		COLUMN_DST_AS_ORG, COLUMN_SRC_NAME,   COLUMN_DST_NAME,     COLUMN_ASKED_BY,
		COLUMN_RESOLVER,
	};

	event_record_begin(stream, "flow", real_ns);
	event_put_columns(stream, ids, ARRAY_SIZE(ids), row);
	put_icmp(stream, "icmp_type", row, row->key->sport);
	put_icmp(stream, "icmp_code", row, row->key->dport);
	event_put_number(stream, "time_flow_start_ns", row->first_ns + row->real_offset_ns);
	event_put_number(stream, "time_flow_end_ns", row->last_ns + row->real_offset_ns);
	event_put_bool(stream, "folded", row->key->open);
}

int event_flow_tick(struct event_stream *stream)
{
	const struct sample_tick *tick = ledger_last_tick(stream->input.ledger);
	const struct snapshot_config config = {
		.view = VIEW_ID_FLOWS,
		.sort = COLUMN_FIRST,
		.real_offset_ns = (int64_t)(tick->real_ns - tick->end_ns),
		.filter = stream->filter,
		.active = true,
	};
	int r = snapshot_build(stream->snapshot, stream->input.table, stream->input.ledger,
			       &config);
	size_t n = snapshot_n_rows(stream->snapshot);

	for (size_t i = 0; i < n && r == 0 && !stream->ended; i++) {
		struct row row;

		snapshot_row(stream->snapshot, i, &row);
		if (stream->seen && !event_seen_add(stream->seen, row.key))
			continue;
		narrow(stream->input.table, &row);
		if (stream->config.json)
			put_object(stream, tick->real_ns, &row);
		else
			put_line(stream, tick->real_ns, &row);
		r = event_end(stream);
	}
	return r;
}
