/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Columns that say what was counted in a row, and when. */
#include "config.h"

#include "column-cell.h"

#include <inttypes.h>
#include <string.h>

#include "flow-table.h"
#include "flow.h"
#include "fmt.h"

static uint64_t rank_double(double value)
{
	uint64_t bits;

	/* IEEE 754: positive numbers are in the order of their bits, negative ones in reverse. */
	memcpy(&bits, &value, sizeof(bits));
	return bits >> 63 ? ~bits : bits | 1ULL << 63;
}

static void value_number(struct column_value *ret_value, double value)
{
	*ret_value = (struct column_value){.number = value};
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

static int format_yes(char *buf, size_t size, uint64_t value, const struct column_format *format)
{
	return format->exact ? fmt_u64(buf, size, value)
			     : snprintf(buf, size, "%s", value ? "yes" : "");
}

static double seconds(uint64_t ns)
{
	return (double)ns / (double)NSEC_PER_SEC;
}

static int format_age(char *buf, size_t size, uint64_t ns, const struct column_format *format)
{
	return format->exact ? format_exact(buf, size, seconds(ns)) : fmt_duration(buf, size, ns);
}

static uint64_t real_time(const struct row *row, uint64_t mono_ns)
{
	return mono_ns + (uint64_t)row->real_offset_ns;
}

static int format_time(char *buf, size_t size, uint64_t real_ns, const struct column_format *format)
{
	return format->exact ? fmt_time(buf, size, real_ns) : fmt_clock(buf, size, real_ns);
}

static void value_time(struct column_value *ret_value, uint64_t real_ns)
{
	*ret_value = (struct column_value){.integer = 0};
	(void)fmt_time(ret_value->text, COLUMN_TEXT_SIZE, real_ns);
}

/* Both with a function format_as() for people and machines. */
#define DEFINE_RATE(name, format_as, rate)                                                         \
	DEFINE_CELL(name, rank_double(rate), format_as(buf, size, rate, format),                   \
		    value_number(ret_value, rate))
#define DEFINE_INTEGER(name, format_as, integer)                                                   \
	DEFINE_CELL(name, integer, format_as(buf, size, integer, format),                          \
		    column_value_integer(ret_value, integer))
/* Nanoseconds between two moments. */
#define DEFINE_AGE(name, ns)                                                                       \
	DEFINE_CELL(name, ns, format_age(buf, size, ns, format),                                   \
		    value_number(ret_value, seconds(ns)))
/* A moment, CLOCK_MONOTONIC. */
#define DEFINE_TIME(name, ns)                                                                      \
	DEFINE_CELL(name, ns, format_time(buf, size, real_time(row, ns), format),                  \
		    value_time(ret_value, real_time(row, ns)))

#define IN(member) (row->side[DIRECTION_IN].member)
#define OUT(member) (row->side[DIRECTION_OUT].member)
#define BOTH(member) (IN(member) + OUT(member))

/* The directions need not have had their peaks in the same interval: the sum would be too much. */
static double peak(double in, double out, double both_now)
{
	double either = MAX(in, out);

	return MAX(either, both_now);
}

static uint64_t since(const struct row *row, uint64_t ns)
{
	return row->now_ns > ns ? row->now_ns - ns : 0;
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
DEFINE_TIME(first_seen, row->first_ns);
DEFINE_TIME(last_seen, row->last_ns);
DEFINE_AGE(age_s, since(row, row->first_ns));
DEFINE_AGE(idle_s, since(row, row->last_ns));
DEFINE_INTEGER(flows, format_count, row->n_flows);
DEFINE_INTEGER(peers, format_count, row->n_peers);
DEFINE_INTEGER(elsewhere, format_yes, row->elsewhere);

/* Back ends that count packets do not look for segments sent again: none seen is not none sent. */
static bool knows_retransmits(const struct row *row)
{
	return row->retransmits || column_counts_calls();
}

static int format_retransmits(char *buf, size_t size, const struct row *row,
			      const struct column_format *format)
{
	if (!knows_retransmits(row))
		return column_format_nothing(buf, size, format);
	return format_count(buf, size, row->retransmits, format);
}

DEFINE_CELL(retransmits, row->retransmits, format_retransmits(buf, size, row, format),
	    column_value_number(knows_retransmits(row), row->retransmits, ret_value));

static int format_flags(char *buf, size_t size, const struct row *row,
			const struct column_format *format)
{
	if (!row->tcp_flags)
		return column_format_nothing(buf, size, format);
	return flow_tcp_flags(buf, size, row->tcp_flags);
}

/* An empty list is a list, not null. */
static void value_flags(const struct row *row, struct column_value *ret_value)
{
	const struct column_format format = {.exact = true};

	*ret_value = (struct column_value){.integer = 0};
	(void)format_flags(ret_value->text, COLUMN_TEXT_SIZE, row, &format);
}
DEFINE_CELL(tcp_flags, row->tcp_flags, format_flags(buf, size, row, format),
	    value_flags(row, ret_value));

static int format_share(char *buf, size_t size, double share, const struct column_format *format)
{
	const uint64_t whole = 1000000;

	if (format->exact)
		return format_exact(buf, size, 100 * share);
	return fmt_percent(buf, size, (uint64_t)(share * (double)whole + 0.5), whole);
}

/* Shares are in the order of what they are of; sums of them as well, from the top. */
#define DEFINE_SHARE(name, share)                                                                  \
	DEFINE_CELL(name, rank_double(BOTH(bps)), format_share(buf, size, share, format),          \
		    value_number(ret_value, 100 * (share)))

DEFINE_SHARE(share_percent, row->share);
DEFINE_SHARE(cumul_percent, row->cumulative_share);
