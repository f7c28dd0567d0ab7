/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Columns that say what a row is: its ends, protocol, interface or group. */
#include "config.h"

#include "column-cell.h"

#include <endian.h>
#include <string.h>

#include "flow-name.h"
#include "flow.h"
#include "name-seen.h"

/* ---- ends: open or absent parts are possible ---- */

static enum side local_side(const struct row *row)
{
	return flow_local_side(row->key);
}

static enum side remote_side(const struct row *row)
{
	return flow_remote_side(row->key);
}

static enum side src_side(const struct row *row ATTR_UNUSED)
{
	return SIDE_SRC;
}

static enum side dst_side(const struct row *row ATTR_UNUSED)
{
	return SIDE_DST;
}

/* Family, then the first seven bytes of the address. */
static uint64_t rank_addr(const struct row *row, enum side side)
{
	uint64_t word;

	if (row->group)
		return 0;
	memcpy(&word, flow_side_addr(row->key, side), sizeof(word));
	return (uint64_t)row->key->family << 56 | be64toh(word) >> 8;
}

static int compare_addr(const struct row *a, enum side a_side, const struct row *b,
			enum side b_side)
{
	if (a->group || b->group)
		return 0;
	return memcmp(flow_side_addr(a->key, a_side), flow_side_addr(b->key, b_side),
		      sizeof(a->key->src));
}

static int compare_endpoint(const struct row *a, enum side a_side, const struct row *b,
			    enum side b_side)
{
	int order = compare_addr(a, a_side, b, b_side);

	if (order || a->group || b->group)
		return order;
	return CMP(flow_side_port(a->key, a_side), flow_side_port(b->key, b_side));
}

static int format_addr(char *buf, size_t size, const struct row *row, enum side side,
		       const struct column_format *format)
{
	if (row->group)
		return column_format_nothing(buf, size, format);
	if (format->exact && flow_addr_is_open(row->key, side))
		return column_no_text(buf, size);
	return flow_addr(buf, size, row->key, side);
}

static void value_addr(const struct row *row, enum side side, struct column_value *ret_value)
{
	const struct column_format format = {.exact = true};

	*ret_value = (struct column_value){.integer = 0};
	ret_value->null = format_addr(ret_value->text, COLUMN_TEXT_SIZE, row, side, &format) == 0;
}

/* 0 where there is none. */
static uint64_t rank_port(const struct row *row, enum side side)
{
	if (row->group || !flow_has_ports(row->key) || flow_port_is_open(row->key, side))
		return 0;
	return (uint64_t)flow_side_port(row->key, side) + 1;
}

static int compare_port(const struct row *a, enum side a_side, const struct row *b,
			enum side b_side)
{
	return CMP(rank_port(a, a_side), rank_port(b, b_side));
}

static int format_port(char *buf, size_t size, const struct row *row, enum side side,
		       const struct column_format *format)
{
	uint64_t rank = rank_port(row, side);

	if (rank && !format->exact)
		return flow_name_port(buf, size, row->key, (uint16_t)(rank - 1));
	if (rank)
		return fmt_u64(buf, size, rank - 1);
	if (!format->exact && !row->group && flow_has_ports(row->key))
		return snprintf(buf, size, "*");
	return column_format_nothing(buf, size, format);
}

static void value_port(const struct row *row, enum side side, struct column_value *ret_value)
{
	uint64_t rank = rank_port(row, side);

	column_value_number(rank > 0, rank - 1, ret_value);
}

static int format_endpoint(char *buf, size_t size, const struct row *row, enum side side,
			   const struct column_format *format)
{
	if (row->group)
		return column_no_text(buf, size);
	return format->exact ? flow_endpoint(buf, size, row->key, side)
			     : flow_name_endpoint(buf, size, row->key, side);
}

static void value_endpoint(const struct row *row, enum side side, struct column_value *ret_value)
{
	const struct column_format format = {.exact = true};

	*ret_value = (struct column_value){.integer = 0};
	ret_value->null =
		format_endpoint(ret_value->text, COLUMN_TEXT_SIZE, row, side, &format) == 0;
}

/* Address and port. */
#define DEFINE_ENDPOINT(name, side_of)                                                             \
	DEFINE_COMPARE(name, compare_endpoint(a, side_of(a), b, side_of(b)));                      \
	DEFINE_CELL(name, rank_addr(row, side_of(row)),                                            \
		    format_endpoint(buf, size, row, side_of(row), format),                         \
		    value_endpoint(row, side_of(row), ret_value))

/* One of them, with the functions above that end in its name. */
#define DEFINE_PART(name, part, side)                                                              \
	DEFINE_COMPARE(name, compare_##part(a, side, b, side));                                    \
	DEFINE_CELL(name, rank_##part(row, side), format_##part(buf, size, row, side, format),     \
		    value_##part(row, side, ret_value))

DEFINE_ENDPOINT(src, src_side);
DEFINE_ENDPOINT(dst, dst_side);
DEFINE_ENDPOINT(local, local_side);
DEFINE_ENDPOINT(remote, remote_side);
DEFINE_PART(src_addr, addr, SIDE_SRC);
DEFINE_PART(dst_addr, addr, SIDE_DST);
DEFINE_PART(src_port, port, SIDE_SRC);
DEFINE_PART(dst_port, port, SIDE_DST);

/* ---- the rest of the key ---- */

static uint64_t vlan_of(const struct row *row)
{
	return row->group ? 0 : row->key->vlan;
}

DEFINE_CELL(vlan, vlan_of(row),
	    column_format_number(buf, size, vlan_of(row) > 0, vlan_of(row), format),
	    column_value_number(vlan_of(row) > 0, vlan_of(row), ret_value));

static int direction_text(char *buf, size_t size, const struct row *row)
{
	return snprintf(buf, size, "%s", row->group ? "" : flow_direction(row->key->direction));
}
DEFINE_TEXT(direction);

static int proto_text(char *buf, size_t size, const struct row *row)
{
	return row->group ? column_no_text(buf, size) : flow_proto_name(buf, size, row->key);
}
DEFINE_TEXT(proto);

/* ---- the application protocol ---- */

static int l7_text(char *buf, size_t size, const struct row *row)
{
	return snprintf(buf, size, "%s", row->l7 ? flow_l7_name(row->l7) : "");
}

/* For people with the mark of a guess. */
static int format_l7(char *buf, size_t size, const struct row *row,
		     const struct column_format *format)
{
	if (!row->l7)
		return column_format_nothing(buf, size, format);
	return format->exact ? l7_text(buf, size, row)
			     : flow_l7_text(buf, size, row->l7, row->l7_source);
}

DEFINE_CELL(l7, column_rank_text(row, l7_text), format_l7(buf, size, row, format),
	    column_value_text(row, l7_text, ret_value));
DEFINE_COMPARE(l7, column_compare_text(a, b, l7_text));

static int l7_source_text(char *buf, size_t size, const struct row *row)
{
	return snprintf(buf, size, "%s", row->l7 ? flow_l7_source(row->l7_source) : "");
}
DEFINE_TEXT(l7_source);
DEFINE_COMPARE(l7_source, column_compare_text(a, b, l7_source_text));

static int detail_text(char *buf, size_t size, const struct row *row)
{
	return row->group ? column_no_text(buf, size) : flow_detail(buf, size, row->key);
}
DEFINE_TEXT(detail);
DEFINE_COMPARE(detail, column_compare_text(a, b, detail_text));

/* ---- names of hosts ---- */

static const char *src_name(const struct row *row)
{
	return flow_name_host(row->key, SIDE_SRC);
}

static const char *dst_name(const struct row *row)
{
	return flow_name_host(row->key, SIDE_DST);
}

static const char *asked_by(const struct row *row)
{
	const struct name_found *found = flow_name_found(row->key);

	return found ? found->asked_by : NULL;
}

static const char *resolver(const struct row *row)
{
	const struct name_found *found = flow_name_found(row->key);

	return found ? found->resolver : NULL;
}

static const char *name_text(const struct row *row, const char *(*name)(const struct row *row))
{
	const char *text = row->group ? NULL : name(row);

	return text ? text : "";
}

static void value_name(const struct row *row, const char *(*name)(const struct row *row),
		       struct column_value *ret_value)
{
	const char *text = name_text(row, name);

	*ret_value = (struct column_value){.null = !*text, .longer = text};
}

#define DEFINE_NAME(name)                                                                          \
	static int name##_text(char *buf, size_t size, const struct row *row)                      \
	{                                                                                          \
		return snprintf(buf, size, "%s", name_text(row, name));                            \
	}                                                                                          \
	DEFINE_COMPARE(name, strcmp(name_text(a, name), name_text(b, name)));                      \
	DEFINE_CELL(name, column_rank_text(row, name##_text), name##_text(buf, size, row),         \
		    value_name(row, name, ret_value))

DEFINE_NAME(src_name);
DEFINE_NAME(dst_name);
DEFINE_NAME(asked_by);
DEFINE_NAME(resolver);

static int community_id_text(char *buf, size_t size, const struct row *row)
{
	return row->group ? column_no_text(buf, size) : flow_community_id(buf, size, row->key);
}
DEFINE_TEXT(community_id);
DEFINE_COMPARE(community_id, column_compare_text(a, b, community_id_text));

/* ---- what is not in the key ---- */

static int in_if_text(char *buf, size_t size, const struct row *row)
{
	return snprintf(buf, size, "%s", row->iface ? row->iface->name : "");
}
DEFINE_TEXT(in_if);

int column_in_if_compare(const struct row *a, const struct row *b)
{
	if (!a->iface || !b->iface || a->iface == b->iface)
		return 0; /* most rows are of few interfaces */
	return strcmp(a->iface->name, b->iface->name);
}

static int group_text(char *buf, size_t size, const struct row *row)
{
	return snprintf(buf, size, "%s", row->group ? row->group : "");
}
DEFINE_TEXT(group);
DEFINE_COMPARE(group, column_compare_text(a, b, group_text));
