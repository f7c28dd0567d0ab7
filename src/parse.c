/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads numbers, durations, sizes and rates that users type. */
#include "config.h"

#include "parse.h"

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "macro.h"

/* A number as typed: whole part, and the digits behind the point. */
struct number {
	uint64_t whole;
	bool overflow;
	const char *fraction;
	size_t n_fraction;
};

struct unit {
	const char *name;
	uint64_t factor;
	enum parse_unit kind;
};

/* In falling order: that is also the order in which a duration names them. */
static const struct unit duration_units[] = {
	{.name = "h", .factor = 3600 * NSEC_PER_SEC},
	{.name = "m", .factor = 60 * NSEC_PER_SEC},
	{.name = "s", .factor = NSEC_PER_SEC},
	{.name = "ms", .factor = NSEC_PER_MSEC},
};

static const struct unit prefixes[] = {
	{.name = "", .factor = 1},
	{.name = "k", .factor = 1000},
	{.name = "M", .factor = 1000000},
	{.name = "G", .factor = 1000000000},
	{.name = "T", .factor = 1000000000000},
	{.name = "Ki", .factor = 1ULL << 10},
	{.name = "Mi", .factor = 1ULL << 20},
	{.name = "Gi", .factor = 1ULL << 30},
	{.name = "Ti", .factor = 1ULL << 40},
};

static const struct unit size_units[] = {
	{.name = "", .factor = 1},
};

static const struct unit rate_units[] = {
	{"", 1, PARSE_BPS},      {"bps", 1, PARSE_BPS}, {"bit", 1, PARSE_BPS},
	{"bit/s", 1, PARSE_BPS}, {"b/s", 1, PARSE_BPS}, {"pps", 1, PARSE_PPS},
	{"p/s", 1, PARSE_PPS},   {"Bps", 8, PARSE_BPS}, {"B/s", 8, PARSE_BPS},
};

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Moves *text behind the digits at its start; false when there are none. */
static bool scan_digits(const char **text, uint64_t *ret_value, bool *ret_overflow)
{
	const char *p = *text;
	uint64_t value = 0;
	bool overflow = false;

	for (; is_digit(*p); p++) {
		overflow |= __builtin_mul_overflow(value, 10, &value);
		overflow |= __builtin_add_overflow(value, (uint64_t)(*p - '0'), &value);
	}
	if (p == *text)
		return false;
	*text = p;
	*ret_value = value;
	*ret_overflow = overflow;
	return true;
}

/* "12" or "12.5": a point has digits on both sides. */
static bool scan_number(const char **text, struct number *ret_number)
{
	struct number number = {0};
	const char *p = *text;

	if (!scan_digits(&p, &number.whole, &number.overflow))
		return false;
	if (*p == '.') {
		number.fraction = ++p;
		while (is_digit(*p))
			p++;
		number.n_fraction = (size_t)(p - number.fraction);
		if (number.n_fraction == 0)
			return false;
	}
	*text = p;
	*ret_number = number;
	return true;
}

/* number * factor, rounded down. factor <= 2^60, so that ten times it fits. */
static int scale(const struct number *number, uint64_t factor, uint64_t *ret_value)
{
	uint64_t value, part = 0;

	/* From the last digit: floor((digit * factor + floor(x)) / 10) loses nothing. */
	for (size_t i = number->n_fraction; i-- > 0;)
		part = (part + (uint64_t)(number->fraction[i] - '0') * factor) / 10;
	if (number->overflow || __builtin_mul_overflow(number->whole, factor, &value) ||
	    __builtin_add_overflow(value, part, &value))
		return -ERANGE;
	*ret_value = value;
	return 0;
}

int parse_u64(const char *text, uint64_t min, uint64_t max, uint64_t *ret_value)
{
	uint64_t value;
	bool overflow;

	if (!scan_digits(&text, &value, &overflow) || *text)
		return -EINVAL;
	if (overflow || value < min || value > max)
		return -ERANGE;
	*ret_value = value;
	return 0;
}

/* Index of the unit, from first on, that is named by the len bytes at text. */
static int find_duration_unit(const char *text, size_t len, size_t first)
{
	for (size_t i = first; i < ARRAY_SIZE(duration_units); i++) {
		const char *name = duration_units[i].name;

		if (strlen(name) == len && memcmp(name, text, len) == 0)
			return (int)i;
	}
	return -EINVAL;
}

int parse_duration(const char *text, uint64_t *ret_ns)
{
	const char *p = text;
	uint64_t total = 0;
	size_t next = 0;
	int result = 0;

	do {
		struct number number;
		uint64_t part = 0;
		size_t len;
		int i;

		if (!scan_number(&p, &number))
			return -EINVAL;
		len = strspn(p, "hms");
		/* A bare number stands alone; a fraction stands in the last part. */
		i = *p || next ? find_duration_unit(p, len, next)
			       : find_duration_unit("s", 1, next);
		if (i < 0 || (number.n_fraction && p[len]))
			return -EINVAL;
		if (scale(&number, duration_units[i].factor, &part) < 0 ||
		    __builtin_add_overflow(total, part, &total))
			result = -ERANGE; /* unless the rest is malformed */
		next = (size_t)i + 1;
		p += len;
	} while (*p);
	if (result == 0)
		*ret_ns = total;
	return result;
}

/* A number with a prefix and one of the units. */
static int parse_scaled(const char *text, const struct unit *units, size_t n_units,
			uint64_t *ret_value, enum parse_unit *ret_kind)
{
	struct number number;

	if (!scan_number(&text, &number))
		return -EINVAL;
	for (size_t i = 0; i < ARRAY_SIZE(prefixes) * n_units; i++) {
		const struct unit *prefix = &prefixes[i / n_units], *unit = &units[i % n_units];
		size_t len = strlen(prefix->name);
		uint64_t factor = prefix->factor * unit->factor;
		int r;

		if (strncmp(text, prefix->name, len) != 0 || strcmp(text + len, unit->name) != 0)
			continue;
		/* There is no half of a bit, byte or packet. */
		if (number.n_fraction && factor == 1)
			return -EINVAL;
		r = scale(&number, factor, ret_value);
		if (r == 0)
			*ret_kind = unit->kind;
		return r;
	}
	return -EINVAL;
}

int parse_size(const char *text, uint64_t *ret_value)
{
	enum parse_unit kind;

	return parse_scaled(text, size_units, ARRAY_SIZE(size_units), ret_value, &kind);
}

int parse_rate(const char *text, uint64_t *ret_value, enum parse_unit *ret_unit)
{
	return parse_scaled(text, rate_units, ARRAY_SIZE(rate_units), ret_value, ret_unit);
}
