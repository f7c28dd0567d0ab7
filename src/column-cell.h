/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The functions that the records of column-table.c are made of: those of column NAME. */
#ifndef COLUMN_CELL_H
#define COLUMN_CELL_H

#include <stdint.h>
#include <stdio.h>

#include "column.h"
#include "fmt.h"
#include "macro.h"

#define COLUMN_CELL(name)                                                                          \
	uint64_t column_##name##_rank(const struct row *row);                                      \
	int column_##name##_format(char *buf, size_t size, const struct row *row,                  \
				   const struct column_format *format);                            \
	void column_##name##_value(const struct row *row, struct column_value *ret_value)
#define COLUMN_CELL_COMPARED(name)                                                                 \
	COLUMN_CELL(name);                                                                         \
	int column_##name##_compare(const struct row *a, const struct row *b)

/* column-key.c */
COLUMN_CELL_COMPARED(in_if);
COLUMN_CELL(direction);
COLUMN_CELL(proto);
COLUMN_CELL_COMPARED(src);
COLUMN_CELL_COMPARED(dst);
COLUMN_CELL_COMPARED(src_name);
COLUMN_CELL_COMPARED(dst_name);
COLUMN_CELL_COMPARED(asked_by);
COLUMN_CELL_COMPARED(resolver);
COLUMN_CELL_COMPARED(src_addr);
COLUMN_CELL_COMPARED(src_port);
COLUMN_CELL_COMPARED(dst_addr);
COLUMN_CELL_COMPARED(dst_port);
COLUMN_CELL_COMPARED(local);
COLUMN_CELL_COMPARED(remote);
COLUMN_CELL_COMPARED(detail);
COLUMN_CELL(vlan);
COLUMN_CELL_COMPARED(l7);
COLUMN_CELL_COMPARED(l7_source);
COLUMN_CELL_COMPARED(group);
COLUMN_CELL_COMPARED(community_id);

/* column-count.c */
COLUMN_CELL(packets);
COLUMN_CELL(bytes);
COLUMN_CELL(pps);
COLUMN_CELL(bps);
COLUMN_CELL(bps_10s);
COLUMN_CELL(bps_60s);
COLUMN_CELL(bps_peak);
COLUMN_CELL(pps_10s);
COLUMN_CELL(pps_60s);
COLUMN_CELL(pps_peak);
COLUMN_CELL(rx_bps);
COLUMN_CELL(tx_bps);
COLUMN_CELL(rx_pps);
COLUMN_CELL(tx_pps);
COLUMN_CELL(rx_bytes);
COLUMN_CELL(tx_bytes);
COLUMN_CELL(rx_packets);
COLUMN_CELL(tx_packets);
COLUMN_CELL(tcp_flags);
COLUMN_CELL(retransmits);
COLUMN_CELL(first_seen);
COLUMN_CELL(last_seen);
COLUMN_CELL(age_s);
COLUMN_CELL(idle_s);
COLUMN_CELL(flows);
COLUMN_CELL(peers);
COLUMN_CELL(share_percent);
COLUMN_CELL(cumul_percent);
COLUMN_CELL(elsewhere);

/* column-owner.c */
COLUMN_CELL_COMPARED(owner);
COLUMN_CELL_COMPARED(owner_reason);
COLUMN_CELL(owner_estimated);
COLUMN_CELL(pid);
COLUMN_CELL_COMPARED(comm);
COLUMN_CELL_COMPARED(command);
COLUMN_CELL(uid);
COLUMN_CELL_COMPARED(user);
COLUMN_CELL_COMPARED(cgroup);
COLUMN_CELL_COMPARED(container);
COLUMN_CELL_COMPARED(container_id);
COLUMN_CELL_COMPARED(image);
COLUMN_CELL_COMPARED(pod);

/* column-place.c */
COLUMN_CELL_COMPARED(country);
COLUMN_CELL(asn);
COLUMN_CELL_COMPARED(as_org);
COLUMN_CELL_COMPARED(src_country);
COLUMN_CELL(src_asn);
COLUMN_CELL_COMPARED(src_as_org);
COLUMN_CELL_COMPARED(dst_country);
COLUMN_CELL(dst_asn);
COLUMN_CELL_COMPARED(dst_as_org);

/*
 * Defines the functions by an expression each, of what the function is given: row, and buf, size,
 * format or ret_value. value is a call.
 */
#define DEFINE_CELL(name, rank, format_call, value_call)                                           \
	uint64_t column_##name##_rank(const struct row *row)                                       \
	{                                                                                          \
		return rank;                                                                       \
	}                                                                                          \
	int column_##name##_format(char *buf, size_t size, const struct row *row,                  \
				   const struct column_format *format ATTR_UNUSED)                 \
	{                                                                                          \
		return format_call;                                                                \
	}                                                                                          \
	void column_##name##_value(const struct row *row, struct column_value *ret_value)          \
	{                                                                                          \
		value_call;                                                                        \
	}                                                                                          \
	struct column_semicolon_

/* column-text.c: columns of text. text writes that of a row, "" where it has none. */
typedef int (*column_text_fn)(char *buf, size_t size, const struct row *row);

uint64_t column_rank_text(const struct row *row, column_text_fn text);
int column_compare_text(const struct row *a, const struct row *b, column_text_fn text);
void column_value_text(const struct row *row, column_text_fn text, struct column_value *ret_value);

#define DEFINE_COMPARE(name, order)                                                                \
	int column_##name##_compare(const struct row *a, const struct row *b)                      \
	{                                                                                          \
		return order;                                                                      \
	}                                                                                          \
	struct column_semicolon_

/* What name##_text() writes. */
#define DEFINE_TEXT_RANKED(name, rank)                                                             \
	DEFINE_CELL(name, rank, name##_text(buf, size, row),                                       \
		    column_value_text(row, name##_text, ret_value))
#define DEFINE_TEXT(name) DEFINE_TEXT_RANKED(name, column_rank_text(row, name##_text))

#define COLUMN_TEXT_SIZE sizeof(((struct column_value *)NULL)->text)

static inline int column_no_text(char *buf, size_t size)
{
	return snprintf(buf, size, "%s", "");
}

static inline int column_format_nothing(char *buf, size_t size, const struct column_format *format)
{
	return snprintf(buf, size, "%s", format->exact ? "" : "-");
}

/* Numbers that a row may not have. */
static inline int column_format_number(char *buf, size_t size, bool known, uint64_t number,
				       const struct column_format *format)
{
	return known ? fmt_u64(buf, size, number) : column_format_nothing(buf, size, format);
}

static inline void column_value_integer(struct column_value *ret_value, uint64_t value)
{
	*ret_value = (struct column_value){.integer = (int64_t)MIN(value, (uint64_t)INT64_MAX)};
}

static inline void column_value_number(bool known, uint64_t number, struct column_value *ret_value)
{
	column_value_integer(ret_value, known ? number : 0);
	ret_value->null = !known;
}

#endif
