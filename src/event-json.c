/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Records as JSON, one object each. */
#include "config.h"

#include <errno.h>
#include <netinet/in.h>

#ifdef HAVE_JANSSON
#include <jansson.h>
#endif

#include "capture.h"
#include "event-data.h"
#include "macro.h"
#include "report-json.h"

#ifdef HAVE_JANSSON

#define PRECISION 12

/* In the order of the report's flows; counts are those of the interval. */
static const enum column_id flow_columns[] = {
	COLUMN_IFACE,    COLUMN_DIRECTION, COLUMN_PROTO,  COLUMN_SRC_ADDR,     COLUMN_SRC_PORT,
	COLUMN_DST_ADDR, COLUMN_DST_PORT,  COLUMN_DETAIL, COLUMN_VLAN,         COLUMN_PACKETS,
	COLUMN_BYTES,    COLUMN_PPS,       COLUMN_BPS,    COLUMN_FLAGS,        COLUMN_ELSEWHERE,
	COLUMN_L7,       COLUMN_L7_SOURCE, COLUMN_OWNER,  COLUMN_COMMUNITY_ID,
};

/* Writes an object, takes it, and returns 0 or -ENOMEM. */
static int put(FILE *stream, json_t *object)
{
	int r = object ? json_dumpf(object, stream, JSON_COMPACT | JSON_REAL_PRECISION(PRECISION))
		       : -1;

	json_decref(object);
	return r < 0 ? -ENOMEM : 0;
}

static json_t *record_new(const char *type, uint64_t real_ns)
{
	return json_pack("{s:s, s:o, s:I}", "type", type, "time", report_json_time(real_ns),
			 "time_ns", (json_int_t)real_ns);
}

int event_json_meta(FILE *stream, const struct event_stream *of)
{
	json_t *object = record_new("meta", of->info->start_real_ns), *kinds = json_array();
	int r = object && kinds ? 0 : -1;

	for (int i = 0; i < EVENT_KIND_MAX && r == 0; i++) {
		if (of->config.kinds[i])
			r = json_array_append_new(kinds, json_string(event_kinds[i].name));
	}
	if (r == 0)
		r = json_object_update_new(
			object, json_pack("{s:s, s:s, s:s, s:s, s:s, s:o}", "schema", "pktop-log/1",
					  "version", PACKAGE_VERSION, "host", of->info->host,
					  "backend", of->info->backend, "layer", of->info->layer,
					  "kinds", json_incref(kinds)));
	json_decref(kinds);
	if (r == 0)
		return put(stream, object);
	json_decref(object);
	return -ENOMEM;
}

static json_t *icmp(const struct row *row, uint16_t value)
{
	uint8_t proto = row->key->proto;

	if (row->key->open || (proto != IPPROTO_ICMP && proto != IPPROTO_ICMPV6))
		return json_null();
	return json_integer(value);
}

int event_json_flow(FILE *stream, uint64_t real_ns, const struct row *row)
{
	json_t *object = record_new("flow", real_ns);
	int r = object ? 0 : -1;

	for (size_t i = 0; i < ARRAY_SIZE(flow_columns) && r == 0; i++)
		r = json_object_set_new_nocheck(object, column_table[flow_columns[i]].name,
						report_json_column(flow_columns[i], row));
	if (r == 0)
		r = json_object_update_new(
			object, json_pack("{s:o, s:o, s:I, s:I, s:b}", "icmp_type",
					  icmp(row, row->key->sport), "icmp_code",
					  icmp(row, row->key->dport), "time_flow_start_ns",
					  (json_int_t)row->first_ns + row->real_offset_ns,
					  "time_flow_end_ns",
					  (json_int_t)row->last_ns + row->real_offset_ns, "folded",
					  row->key->open));
	if (r == 0)
		return put(stream, object);
	json_decref(object);
	return -ENOMEM;
}

int event_json_ledger(FILE *stream, uint64_t real_ns, const struct ledger_line *line)
{
	json_t *object = record_new("ledger", real_ns);

	if (object && json_object_update_new(object, report_json_ledger(line)) == 0)
		return put(stream, object);
	json_decref(object);
	return -ENOMEM;
}

int event_json_loss(FILE *stream, uint64_t real_ns, const char *what, uint64_t n)
{
	json_t *object = record_new("loss", real_ns);

	if (object && json_object_update_new(object, json_pack("{s:s, s:I}", "what", what, "count",
							       (json_int_t)n)) == 0)
		return put(stream, object);
	json_decref(object);
	return -ENOMEM;
}

#else

int event_json_meta(FILE *stream ATTR_UNUSED, const struct event_stream *of ATTR_UNUSED)
{
	return -ENOTSUP;
}

int event_json_flow(FILE *stream ATTR_UNUSED, uint64_t real_ns ATTR_UNUSED,
		    const struct row *row ATTR_UNUSED)
{
	return -ENOTSUP;
}

int event_json_ledger(FILE *stream ATTR_UNUSED, uint64_t real_ns ATTR_UNUSED,
		      const struct ledger_line *line ATTR_UNUSED)
{
	return -ENOTSUP;
}

int event_json_loss(FILE *stream ATTR_UNUSED, uint64_t real_ns ATTR_UNUSED,
		    const char *what ATTR_UNUSED, uint64_t n ATTR_UNUSED)
{
	return -ENOTSUP;
}

#endif
