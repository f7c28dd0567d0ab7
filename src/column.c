/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The columns: what each reads from a row, and how it ranks and writes it. */
#include "config.h"

#include "column.h"

#include <endian.h>
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "flow-table.h"
#include "flow.h"
#include "fmt.h"
#include "macro.h"
#include "text.h"
#include "view.h"

#define TEXT_SIZE sizeof(((struct column_value *)NULL)->text)

/* ---- ranks: unsigned integers in the order of the values ---- */

static uint64_t rank_double(double value)
{
	uint64_t bits;

	/* IEEE 754: positive numbers are in the order of their bits, negative ones in reverse. */
	memcpy(&bits, &value, sizeof(bits));
	return bits >> 63 ? ~bits : bits | 1ULL << 63;
}

static uint64_t rank_text(const char *text)
{
	uint64_t word = 0;

	memcpy(&word, text, strnlen(text, sizeof(word)));
	return be64toh(word);
}

static const uint8_t *key_addr(const struct flow_key *key, enum side side)
{
	return side == SIDE_SRC ? key->src : key->dst;
}

static uint16_t key_port(const struct flow_key *key, enum side side)
{
	return side == SIDE_SRC ? key->sport : key->dport;
}

static bool is_open(const struct flow_key *key, enum side side, uint8_t src_bit, uint8_t dst_bit)
{
	return key->open & (side == SIDE_SRC ? src_bit : dst_bit);
}

/* Family, then the first seven bytes of the address. */
static uint64_t rank_addr(const struct row *row, enum side side)
{
	uint64_t word;

	if (row->group)
		return 0;
	memcpy(&word, key_addr(row->key, side), sizeof(word));
	return (uint64_t)row->key->family << 56 | be64toh(word) >> 8;
}

static int compare_addr(const struct row *a, enum side a_side, const struct row *b,
			enum side b_side)
{
	if (a->group || b->group)
		return 0;
	return memcmp(key_addr(a->key, a_side), key_addr(b->key, b_side), sizeof(a->key->src));
}

static int compare_endpoint(const struct row *a, enum side a_side, const struct row *b,
			    enum side b_side)
{
	int order = compare_addr(a, a_side, b, b_side);

	if (order || a->group || b->group)
		return order;
	return CMP(key_port(a->key, a_side), key_port(b->key, b_side));
}

/* For an in-flow the host is where it goes to, for an out-flow where it comes from. */
static enum side local_side(const struct row *row)
{
	return row->key->direction == DIRECTION_IN ? SIDE_DST : SIDE_SRC;
}

static enum side remote_side(const struct row *row)
{
	return row->key->direction == DIRECTION_IN ? SIDE_SRC : SIDE_DST;
}

static enum side src_side(const struct row *row ATTR_UNUSED)
{
	return SIDE_SRC;
}

static enum side dst_side(const struct row *row ATTR_UNUSED)
{
	return SIDE_DST;
}

/* ---- kinds of columns ---- */

static int format_nothing(char *buf, size_t size, const struct column_format *format)
{
	return snprintf(buf, size, "%s", format->exact ? "" : "-");
}

/* Three digits behind the point, which is a point in every locale. */
static int format_exact(char *buf, size_t size, double value)
{
	uint64_t milli;

	/* A double that large has no digits behind the point. */
	if (!(value < 9e15))
		return snprintf(buf, size, "%.0f", value);
	milli = (uint64_t)(value * 1000 + 0.5);
	return snprintf(buf, size, "%" PRIu64 ".%03u", milli / 1000, (unsigned int)(milli % 1000));
}

static int format_bps(char *buf, size_t size, double value, const struct column_format *format)
{
	if (format->exact)
		return format_exact(buf, size, value);
	return fmt_count(buf, size, format->unit == UNIT_BYTES ? value / 8 : value);
}

static int format_pps(char *buf, size_t size, double value, const struct column_format *format)
{
	return format->exact ? format_exact(buf, size, value) : fmt_count(buf, size, value);
}

static int format_count(char *buf, size_t size, uint64_t value, const struct column_format *format)
{
	return format->exact ? fmt_u64(buf, size, value) : fmt_count(buf, size, (double)value);
}

static int format_flag(char *buf, size_t size, uint64_t value, const struct column_format *format)
{
	return format->exact ? fmt_u64(buf, size, value)
			     : snprintf(buf, size, "%s", value ? "yes" : "");
}

static int format_age(char *buf, size_t size, uint64_t ns, const struct column_format *format)
{
	return format->exact ? format_exact(buf, size, (double)ns / (double)NSEC_PER_SEC)
			     : fmt_duration(buf, size, ns);
}

static uint64_t real_time(const struct row *row, uint64_t mono_ns)
{
	return mono_ns + (uint64_t)row->real_offset_ns;
}

static void value_integer(struct column_value *ret_value, uint64_t value)
{
	*ret_value = (struct column_value){.integer = (int64_t)MIN(value, (uint64_t)INT64_MAX)};
}

/* Per second, of a quantity that a function format_as() writes. */
#define DEFINE_RATE(name, format_as, expression)                                                   \
	static double name##_get(const struct row *row)                                            \
	{                                                                                          \
		return expression;                                                                 \
	}                                                                                          \
	static uint64_t name##_rank(const struct row *row)                                         \
	{                                                                                          \
		return rank_double(name##_get(row));                                               \
	}                                                                                          \
	static int name##_format(char *buf, size_t size, const struct row *row,                    \
				 const struct column_format *format)                               \
	{                                                                                          \
		return format_as(buf, size, name##_get(row), format);                              \
	}                                                                                          \
	static void name##_value(const struct row *row, struct column_value *ret_value)            \
	{                                                                                          \
		*ret_value = (struct column_value){.number = name##_get(row)};                     \
	}                                                                                          \
	struct column_semicolon_

#define DEFINE_INTEGER(name, format_as, expression)                                                \
	static uint64_t name##_rank(const struct row *row)                                         \
	{                                                                                          \
		return expression;                                                                 \
	}                                                                                          \
	static int name##_format(char *buf, size_t size, const struct row *row,                    \
				 const struct column_format *format)                               \
	{                                                                                          \
		return format_as(buf, size, name##_rank(row), format);                             \
	}                                                                                          \
	static void name##_value(const struct row *row, struct column_value *ret_value)            \
	{                                                                                          \
		value_integer(ret_value, name##_rank(row));                                        \
	}                                                                                          \
	struct column_semicolon_

/* Nanoseconds between two moments, as seconds. */
#define DEFINE_AGE(name, expression)                                                               \
	static uint64_t name##_rank(const struct row *row)                                         \
	{                                                                                          \
		return expression;                                                                 \
	}                                                                                          \
	static int name##_format(char *buf, size_t size, const struct row *row,                    \
				 const struct column_format *format)                               \
	{                                                                                          \
		return format_age(buf, size, name##_rank(row), format);                            \
	}                                                                                          \
	static void name##_value(const struct row *row, struct column_value *ret_value)            \
	{                                                                                          \
		double seconds = (double)name##_rank(row) / (double)NSEC_PER_SEC;                  \
                                                                                                   \
		*ret_value = (struct column_value){.number = seconds};                             \
	}                                                                                          \
	struct column_semicolon_

/* A moment: member of the row, CLOCK_MONOTONIC. */
#define DEFINE_TIME(name, member)                                                                  \
	static uint64_t name##_rank(const struct row *row)                                         \
	{                                                                                          \
		return row->member;                                                                \
	}                                                                                          \
	static int name##_format(char *buf, size_t size, const struct row *row,                    \
				 const struct column_format *format)                               \
	{                                                                                          \
		uint64_t real_ns = real_time(row, row->member);                                    \
                                                                                                   \
		return format->exact ? fmt_time(buf, size, real_ns)                                \
				     : fmt_clock(buf, size, real_ns);                              \
	}                                                                                          \
	static void name##_value(const struct row *row, struct column_value *ret_value)            \
	{                                                                                          \
		*ret_value = (struct column_value){.integer = 0};                                  \
		(void)fmt_time(ret_value->text, TEXT_SIZE, real_time(row, row->member));           \
	}                                                                                          \
	struct column_semicolon_

/* What name##_text() writes; "" is null. */
#define DEFINE_TEXT_OUTPUT(name)                                                                   \
	static int name##_format(char *buf, size_t size, const struct row *row,                    \
				 const struct column_format *format ATTR_UNUSED)                   \
	{                                                                                          \
		return name##_text(buf, size, row);                                                \
	}                                                                                          \
	static void name##_value(const struct row *row, struct column_value *ret_value)            \
	{                                                                                          \
		*ret_value = (struct column_value){.integer = 0};                                  \
		ret_value->null = name##_text(ret_value->text, TEXT_SIZE, row) == 0;               \
	}                                                                                          \
	struct column_semicolon_

#define DEFINE_TEXT_RANK(name)                                                                     \
	static uint64_t name##_rank(const struct row *row)                                         \
	{                                                                                          \
		char text[TEXT_SIZE];                                                              \
                                                                                                   \
		(void)name##_text(text, sizeof(text), row);                                        \
		return rank_text(text);                                                            \
	}                                                                                          \
	DEFINE_TEXT_OUTPUT(name)

/* For texts that may have their first eight bytes in common. */
#define DEFINE_TEXT(name)                                                                          \
	static int name##_compare(const struct row *a, const struct row *b)                        \
	{                                                                                          \
		char a_text[TEXT_SIZE], b_text[TEXT_SIZE];                                         \
                                                                                                   \
		(void)name##_text(a_text, sizeof(a_text), a);                                      \
		(void)name##_text(b_text, sizeof(b_text), b);                                      \
		return strcmp(a_text, b_text);                                                     \
	}                                                                                          \
	DEFINE_TEXT_RANK(name)

/* Address and port of one side. */
#define DEFINE_ENDPOINT(name, side_of)                                                             \
	static int name##_text(char *buf, size_t size, const struct row *row)                      \
	{                                                                                          \
		return row->group ? snprintf(buf, size, "%s", "")                                  \
				  : flow_endpoint(buf, size, row->key, side_of(row));              \
	}                                                                                          \
	static uint64_t name##_rank(const struct row *row)                                         \
	{                                                                                          \
		return rank_addr(row, side_of(row));                                               \
	}                                                                                          \
	static int name##_compare(const struct row *a, const struct row *b)                        \
	{                                                                                          \
		return compare_endpoint(a, side_of(a), b, side_of(b));                             \
	}                                                                                          \
	DEFINE_TEXT_OUTPUT(name)

/* An address or a port of one side, with the functions of that name and the side as argument. */
#define DEFINE_SIDE(name, what, side)                                                              \
	static uint64_t name##_rank(const struct row *row)                                         \
	{                                                                                          \
		return rank_##what(row, side);                                                     \
	}                                                                                          \
	static int name##_compare(const struct row *a, const struct row *b)                        \
	{                                                                                          \
		return compare_##what(a, side, b, side);                                           \
	}                                                                                          \
	static int name##_format(char *buf, size_t size, const struct row *row,                    \
				 const struct column_format *format)                               \
	{                                                                                          \
		return format_##what(buf, size, row, side, format);                                \
	}                                                                                          \
	static void name##_value(const struct row *row, struct column_value *ret_value)            \
	{                                                                                          \
		value_##what(row, side, ret_value);                                                \
	}                                                                                          \
	struct column_semicolon_

/* ---- addresses, ports, VLAN: may be absent ---- */

static int format_addr(char *buf, size_t size, const struct row *row, enum side side,
		       const struct column_format *format)
{
	if (row->group)
		return format_nothing(buf, size, format);
	if (format->exact && is_open(row->key, side, OPEN_SRC_ADDR, OPEN_DST_ADDR))
		return snprintf(buf, size, "%s", "");
	return flow_addr(buf, size, row->key, side);
}

static void value_addr(const struct row *row, enum side side, struct column_value *ret_value)
{
	const struct column_format format = {.exact = true};

	*ret_value = (struct column_value){.integer = 0};
	ret_value->null = format_addr(ret_value->text, TEXT_SIZE, row, side, &format) == 0;
}

/* 0 where there is none. */
static uint64_t rank_port(const struct row *row, enum side side)
{
	if (row->group || !flow_has_ports(row->key) ||
	    is_open(row->key, side, OPEN_SRC_PORT, OPEN_DST_PORT))
		return 0;
	return (uint64_t)key_port(row->key, side) + 1;
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

	if (rank)
		return fmt_u64(buf, size, rank - 1);
	if (!format->exact && !row->group && flow_has_ports(row->key))
		return snprintf(buf, size, "*");
	return format_nothing(buf, size, format);
}

static void value_port(const struct row *row, enum side side, struct column_value *ret_value)
{
	uint64_t rank = rank_port(row, side);

	value_integer(ret_value, rank ? rank - 1 : 0);
	ret_value->null = !rank;
}

DEFINE_ENDPOINT(src, src_side);
DEFINE_ENDPOINT(dst, dst_side);
DEFINE_ENDPOINT(local, local_side);
DEFINE_ENDPOINT(remote, remote_side);
DEFINE_SIDE(src_addr, addr, SIDE_SRC);
DEFINE_SIDE(dst_addr, addr, SIDE_DST);
DEFINE_SIDE(src_port, port, SIDE_SRC);
DEFINE_SIDE(dst_port, port, SIDE_DST);

static uint64_t vlan_rank(const struct row *row)
{
	return row->group ? 0 : row->key->vlan;
}

static int vlan_format(char *buf, size_t size, const struct row *row,
		       const struct column_format *format)
{
	uint64_t vlan = vlan_rank(row);

	return vlan ? fmt_u64(buf, size, vlan) : format_nothing(buf, size, format);
}

static void vlan_value(const struct row *row, struct column_value *ret_value)
{
	value_integer(ret_value, vlan_rank(row));
	ret_value->null = !vlan_rank(row);
}

/* ---- texts ---- */

static int in_if_text(char *buf, size_t size, const struct row *row)
{
	return snprintf(buf, size, "%s", row->iface ? row->iface->name : "");
}

static int in_if_compare(const struct row *a, const struct row *b)
{
	if (!a->iface || !b->iface || a->iface == b->iface)
		return 0; /* most rows are of few interfaces */
	return strcmp(a->iface->name, b->iface->name);
}
DEFINE_TEXT_RANK(in_if);

static int direction_text(char *buf, size_t size, const struct row *row)
{
	return snprintf(buf, size, "%s", row->group ? "" : flow_direction(row->key->direction));
}
DEFINE_TEXT_RANK(direction);

static int proto_text(char *buf, size_t size, const struct row *row)
{
	return row->group ? snprintf(buf, size, "%s", "") : flow_proto_name(buf, size, row->key);
}
DEFINE_TEXT_RANK(proto);

static int detail_text(char *buf, size_t size, const struct row *row)
{
	return row->group ? snprintf(buf, size, "%s", "") : flow_detail(buf, size, row->key);
}
DEFINE_TEXT(detail);

static int community_id_text(char *buf, size_t size, const struct row *row)
{
	return row->group ? snprintf(buf, size, "%s", "") : flow_community_id(buf, size, row->key);
}
DEFINE_TEXT(community_id);

static int group_text(char *buf, size_t size, const struct row *row)
{
	return snprintf(buf, size, "%s", row->group ? row->group : "");
}
DEFINE_TEXT(group);

static uint64_t tcp_flags_rank(const struct row *row)
{
	return row->tcp_flags;
}

static int tcp_flags_format(char *buf, size_t size, const struct row *row,
			    const struct column_format *format)
{
	if (!row->tcp_flags)
		return format_nothing(buf, size, format);
	return flow_tcp_flags(buf, size, row->tcp_flags);
}

static void tcp_flags_value(const struct row *row, struct column_value *ret_value)
{
	const struct column_format format = {.exact = true};

	*ret_value = (struct column_value){.integer = 0};
	(void)tcp_flags_format(ret_value->text, TEXT_SIZE, row, &format);
}

/* ---- numbers ---- */

#define IN(member) (row->side[DIRECTION_IN].member)
#define OUT(member) (row->side[DIRECTION_OUT].member)
#define BOTH(member) (IN(member) + OUT(member))

/* The directions need not have had their peaks in the same interval: the sum would be too much. */
static double peak(double in, double out, double both_now)
{
	double either = MAX(in, out);

	return MAX(either, both_now);
}

DEFINE_INTEGER(packets, format_count, BOTH(count.packets));
DEFINE_INTEGER(bytes, format_count, BOTH(count.bytes));
DEFINE_RATE(pps, format_pps, BOTH(pps));
DEFINE_RATE(bps, format_bps, BOTH(bps));
DEFINE_RATE(bps_10s, format_bps, BOTH(average_bps[WINDOW_10S]));
DEFINE_RATE(bps_60s, format_bps, BOTH(average_bps[WINDOW_60S]));
DEFINE_RATE(bps_peak, format_bps, peak(IN(peak_bps), OUT(peak_bps), BOTH(bps)));
DEFINE_RATE(pps_10s, format_pps, BOTH(average_pps[WINDOW_10S]));
DEFINE_RATE(pps_60s, format_pps, BOTH(average_pps[WINDOW_60S]));
DEFINE_RATE(pps_peak, format_pps, peak(IN(peak_pps), OUT(peak_pps), BOTH(pps)));
DEFINE_RATE(rx_bps, format_bps, IN(bps));
DEFINE_RATE(tx_bps, format_bps, OUT(bps));
DEFINE_RATE(rx_pps, format_pps, IN(pps));
DEFINE_RATE(tx_pps, format_pps, OUT(pps));
DEFINE_INTEGER(rx_bytes, format_count, IN(count.bytes));
DEFINE_INTEGER(tx_bytes, format_count, OUT(count.bytes));
DEFINE_INTEGER(rx_packets, format_count, IN(count.packets));
DEFINE_INTEGER(tx_packets, format_count, OUT(count.packets));
DEFINE_TIME(first_seen, first_ns);
DEFINE_TIME(last_seen, last_ns);
DEFINE_AGE(age_s, row->now_ns > row->first_ns ? row->now_ns - row->first_ns : 0);
DEFINE_AGE(idle_s, row->now_ns > row->last_ns ? row->now_ns - row->last_ns : 0);
DEFINE_INTEGER(flows, format_count, row->n_flows);
DEFINE_INTEGER(elsewhere, format_flag, row->elsewhere);

/* ---- the table ---- */

#define IN_FLOWS (1 << VIEW_FLOWS)
#define IN_CONVERSATIONS (1 << VIEW_CONVERSATIONS)
#define IN_GROUPS (1 << VIEW_GROUPS)
#define IN_SINGLE (IN_FLOWS | IN_CONVERSATIONS)
#define IN_SUMS (IN_CONVERSATIONS | IN_GROUPS)
#define IN_ALL (IN_FLOWS | IN_CONVERSATIONS | IN_GROUPS)

#define SIZES(width_, min_width_, priority_)                                                       \
	.width = width_, .min_width = min_width_, .priority = priority_
#define FUNCTIONS(stem)                                                                            \
	.name = #stem, .rank = stem##_rank, .format = stem##_format, .value = stem##_value
#define SHORT_TEXT(stem) FUNCTIONS(stem), .type = COLUMN_TEXT
#define TEXT(stem) SHORT_TEXT(stem), .compare = stem##_compare
#define PORT(stem) FUNCTIONS(stem), .compare = stem##_compare, .type = COLUMN_INTEGER, .right = true
#define NUMBER(stem, type_, needs_)                                                                \
	FUNCTIONS(stem), .type = type_, .right = true, .descending = true, .needs = needs_
#define COUNT(stem) NUMBER(stem, COLUMN_INTEGER, ROW_COUNTS)
#define STATE(stem, type_) NUMBER(stem, type_, ROW_STATE)
#define RATE(stem) NUMBER(stem, COLUMN_NUMBER, ROW_RATES)
#define PEAK(stem) NUMBER(stem, COLUMN_NUMBER, ROW_PEAKS)
#define AVERAGE(stem) NUMBER(stem, COLUMN_NUMBER, ROW_AVERAGES)

const struct column column_table[COLUMN_MAX] = {
	[COLUMN_IFACE] = {TEXT(in_if), .needs = ROW_STATE, .title = "IFACE", SIZES(15, 6, 5),
			  .rows = IN_SINGLE, .help = "interface"},
	[COLUMN_DIRECTION] = {SHORT_TEXT(direction), .title = "DIR", SIZES(3, 3, 3),
			      .rows = IN_SINGLE,
			      .help = "direction as the interface sees it: in or out; of a "
				      "conversation that of the leading flow"},
	[COLUMN_PROTO] = {SHORT_TEXT(proto), .title = "PROTO", SIZES(7, 5, 1), .rows = IN_SINGLE,
			  .help = "IP protocol by name, or arp"},
	[COLUMN_SRC] = {TEXT(src), .title = "SOURCE", SIZES(47, 19, 0), .rows = IN_FLOWS,
			.help = "source address and port"},
	[COLUMN_DST] = {TEXT(dst), .title = "DESTINATION", SIZES(47, 19, 0), .rows = IN_FLOWS,
			.help = "destination address and port"},
	[COLUMN_SRC_ADDR] = {TEXT(src_addr), .title = "SRC ADDR", SIZES(39, 15, 1),
			     .rows = IN_SINGLE, .help = "source address of the leading flow"},
	[COLUMN_SRC_PORT] = {PORT(src_port), .title = "SPORT", SIZES(5, 5, 2), .rows = IN_SINGLE,
			     .help = "source port of the leading flow"},
	[COLUMN_DST_ADDR] = {TEXT(dst_addr), .title = "DST ADDR", SIZES(39, 15, 1),
			     .rows = IN_SINGLE, .help = "destination address of the leading flow"},
	[COLUMN_DST_PORT] = {PORT(dst_port), .title = "DPORT", SIZES(5, 5, 2), .rows = IN_SINGLE,
			     .help = "destination port of the leading flow"},
	[COLUMN_LOCAL] = {TEXT(local), .title = "LOCAL", SIZES(47, 19, 2), .rows = IN_CONVERSATIONS,
			  .help = "near end: where packets that come in go to"},
	[COLUMN_REMOTE] = {TEXT(remote), .title = "REMOTE", SIZES(47, 19, 0),
			   .rows = IN_CONVERSATIONS,
			   .help = "far end: where packets that come in are from"},
	[COLUMN_DETAIL] = {TEXT(detail), .title = "DETAIL", SIZES(22, 12, 6), .rows = IN_SINGLE,
			   .help = "what protocols without ports have: ICMP type, SPI, operation"},
	[COLUMN_VLAN] = {FUNCTIONS(vlan), .type = COLUMN_INTEGER, .right = true, .title = "VLAN",
			 SIZES(4, 4, 8), .rows = IN_SINGLE, .help = "id of the outermost VLAN tag"},
	[COLUMN_PACKETS] = {COUNT(packets), .title = "PACKETS", SIZES(7, 7, 5), .rows = IN_ALL,
			    .help = "packets since first seen"},
	[COLUMN_BYTES] = {COUNT(bytes), .title = "BYTES", SIZES(5, 5, 4), .rows = IN_ALL,
			  .help = "bytes since first seen"},
	[COLUMN_PPS] = {RATE(pps), .title = "p/s", SIZES(5, 5, 3), .rows = IN_ALL,
			.help = "packets per second, last interval"},
	[COLUMN_BPS] = {RATE(bps), .title = "b/s", .title_bytes = "B/s", SIZES(5, 5, 1),
			.rows = IN_ALL, .help = "bits per second, last interval"},
	[COLUMN_BPS_10S] = {AVERAGE(bps_10s), .title = "10s b/s", .title_bytes = "10s B/s",
			    SIZES(7, 7, 6), .rows = IN_ALL,
			    .help = "bits per second, average over 10 seconds"},
	[COLUMN_BPS_60S] = {AVERAGE(bps_60s), .title = "60s b/s", .title_bytes = "60s B/s",
			    SIZES(7, 7, 7), .rows = IN_ALL,
			    .help = "bits per second, average over 60 seconds"},
	[COLUMN_BPS_PEAK] = {PEAK(bps_peak), .title = "PEAK b/s", .title_bytes = "PEAK B/s",
			     SIZES(8, 8, 7), .rows = IN_ALL,
			     .help = "bits per second, highest known of one direction, of one "
				     "flow, or of the whole row now"},
	[COLUMN_PPS_10S] = {AVERAGE(pps_10s), .title = "10s p/s", SIZES(7, 7, 7), .rows = IN_ALL,
			    .help = "packets per second, average over 10 seconds"},
	[COLUMN_PPS_60S] = {AVERAGE(pps_60s), .title = "60s p/s", SIZES(7, 7, 8), .rows = IN_ALL,
			    .help = "packets per second, average over 60 seconds"},
	[COLUMN_PPS_PEAK] = {PEAK(pps_peak), .title = "PEAK p/s", SIZES(8, 8, 8), .rows = IN_ALL,
			     .help = "packets per second, highest known of one direction, of one "
				     "flow, or of the whole row now"},
	[COLUMN_RX_BPS] = {RATE(rx_bps), .title = "RX b/s", .title_bytes = "RX B/s", SIZES(6, 6, 0),
			   .rows = IN_SUMS, .help = "bits per second in, last interval"},
	[COLUMN_TX_BPS] = {RATE(tx_bps), .title = "TX b/s", .title_bytes = "TX B/s", SIZES(6, 6, 0),
			   .rows = IN_SUMS, .help = "bits per second out, last interval"},
	[COLUMN_RX_PPS] = {RATE(rx_pps), .title = "RX p/s", SIZES(6, 6, 3), .rows = IN_SUMS,
			   .help = "packets per second in, last interval"},
	[COLUMN_TX_PPS] = {RATE(tx_pps), .title = "TX p/s", SIZES(6, 6, 3), .rows = IN_SUMS,
			   .help = "packets per second out, last interval"},
	[COLUMN_RX_BYTES] = {COUNT(rx_bytes), .title = "RX BYTES", SIZES(8, 8, 6), .rows = IN_SUMS,
			     .help = "bytes in since first seen"},
	[COLUMN_TX_BYTES] = {COUNT(tx_bytes), .title = "TX BYTES", SIZES(8, 8, 6), .rows = IN_SUMS,
			     .help = "bytes out since first seen"},
	[COLUMN_RX_PACKETS] = {COUNT(rx_packets), .title = "RX PKTS", SIZES(7, 7, 7),
			       .rows = IN_SUMS, .help = "packets in since first seen"},
	[COLUMN_TX_PACKETS] = {COUNT(tx_packets), .title = "TX PKTS", SIZES(7, 7, 7),
			       .rows = IN_SUMS, .help = "packets out since first seen"},
	[COLUMN_FLAGS] = {FUNCTIONS(tcp_flags), .type = COLUMN_LIST, .descending = true,
			  .needs = ROW_STATE, .title = "FLAGS", SIZES(19, 7, 6), .rows = IN_ALL,
			  .help = "TCP flags seen since first seen"},
	[COLUMN_FIRST] = {SHORT_TEXT(first_seen), .descending = true, .needs = ROW_STATE,
			  .title = "FIRST", SIZES(8, 8, 9), .rows = IN_ALL,
			  .help = "start of the interval it was first seen in"},
	[COLUMN_LAST] = {SHORT_TEXT(last_seen), .descending = true, .needs = ROW_STATE,
			 .title = "LAST", SIZES(8, 8, 9), .rows = IN_ALL,
			 .help = "end of the interval it was last seen in"},
	[COLUMN_AGE] = {STATE(age_s, COLUMN_NUMBER), .title = "AGE", SIZES(6, 6, 8), .rows = IN_ALL,
			.help = "time since first seen"},
	[COLUMN_IDLE] = {STATE(idle_s, COLUMN_NUMBER), .title = "IDLE", SIZES(6, 6, 8),
			 .rows = IN_ALL, .help = "time since last seen"},
	[COLUMN_FLOWS] = {STATE(flows, COLUMN_INTEGER), .title = "FLOWS", SIZES(5, 5, 2),
			  .rows = IN_SUMS, .help = "flows in the row, each direction apart"},
	[COLUMN_GROUP] = {TEXT(group), .title = "GROUP", SIZES(83, 19, 0), .rows = IN_GROUPS,
			  .needs = ROW_GROUP, .help = "what the flows of the row have in common"},
	[COLUMN_ELSEWHERE] = {STATE(elsewhere, COLUMN_INTEGER), .title = "ALSO", SIZES(4, 4, 9),
			      .rows = IN_ALL,
			      .help = "also seen on another interface, so counted there again"},
	[COLUMN_COMMUNITY_ID] = {TEXT(community_id), .title = "COMMUNITY ID", SIZES(30, 30, 9),
				 .rows = IN_SINGLE,
				 .help = "Community ID v1 of addresses, ports and protocol"},
};

const char *column_title(const struct column *column, enum unit unit)
{
	return unit == UNIT_BYTES && column->title_bytes ? column->title_bytes : column->title;
}

enum column_id column_in_unit(enum column_id id, enum unit unit)
{
	static const struct {
		enum column_id bps, pps;
	} pairs[] = {
		{COLUMN_BPS, COLUMN_PPS},         {COLUMN_BPS_10S, COLUMN_PPS_10S},
		{COLUMN_BPS_60S, COLUMN_PPS_60S}, {COLUMN_BPS_PEAK, COLUMN_PPS_PEAK},
		{COLUMN_RX_BPS, COLUMN_RX_PPS},   {COLUMN_TX_BPS, COLUMN_TX_PPS},
	};

	for (size_t i = 0; unit == UNIT_PACKETS && i < ARRAY_SIZE(pairs); i++)
		if (pairs[i].bps == id)
			return pairs[i].pps;
	return id;
}

/* ---- names ---- */

static int find_n(const char *name, size_t n)
{
	for (int id = 0; id < COLUMN_MAX; id++)
		if (strlen(column_table[id].name) == n && !memcmp(column_table[id].name, name, n))
			return id;
	return -ENOENT;
}

int column_find(const char *name)
{
	return find_n(name, strlen(name));
}

static int unknown_column(const char *name, size_t n, char *error, size_t error_size)
{
	char escaped[64];
	int length;

	(void)text_escape(escaped, sizeof(escaped), name, n);
	length = snprintf(error, error_size, "unknown column \"%s\"; allowed are", escaped);
	for (int id = 0; id < COLUMN_MAX && length >= 0 && (size_t)length < error_size; id++)
		length += snprintf(error + length, error_size - (size_t)length, "%s %s",
				   id ? "," : "", column_table[id].name);
	return -ENOENT;
}

int column_parse_list(const char *text, enum column_id *ids, size_t n_ids, char *error,
		      size_t error_size)
{
	bool used[COLUMN_MAX] = {false};
	size_t n = 0;

	for (const char *part = text, *end; part; part = *end ? end + 1 : NULL) {
		int id;

		end = strchrnul(part, ',');
		if (end == part) {
			snprintf(error, error_size,
				 "empty name in the list of columns; give names separated by "
				 "single commas");
			return -EINVAL;
		}
		id = find_n(part, (size_t)(end - part));
		if (id < 0)
			return unknown_column(part, (size_t)(end - part), error, error_size);
		if (used[id]) {
			snprintf(error, error_size,
				 "column \"%s\" is named twice; name each column once",
				 column_table[id].name);
			return -EINVAL;
		}
		if (n == n_ids) {
			snprintf(error, error_size, "too many columns; at most %zu are allowed",
				 n_ids);
			return -E2BIG;
		}
		used[id] = true;
		ids[n++] = (enum column_id)id;
	}
	return (int)n;
}
