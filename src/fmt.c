/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes numbers, durations and times for people, alike in every locale. */
#include "config.h"

#include "fmt.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <time.h>

#include "macro.h"

static const struct {
	double unit;
	const char *name;
} prefixes[] = {{1, ""}, {1e3, "k"}, {1e6, "M"}, {1e9, "G"}, {1e12, "T"}, {1e15, "P"}, {1e18, "E"}};

/* More than any counter of 64 bits reaches, even in bits. */
#define COUNT_TOO_LARGE ">999E"

static bool is_countable(double value)
{
	return isfinite(value) && value >= 0;
}

/*
 * Three digits: as many behind the point as there is room for. Below 1000 zeros behind the point
 * are left out, so that whole numbers look whole.
 */
static int format_count(char *buf, size_t size, double value, const char *suffix)
{
	static const unsigned int scales[] = {100, 10, 1};

	for (size_t i = 0; i < ARRAY_SIZE(prefixes) * ARRAY_SIZE(scales); i++) {
		size_t prefix = i / ARRAY_SIZE(scales);
		unsigned int scale = scales[i % ARRAY_SIZE(scales)], digits;
		/* Where there is a prefix, unit / scale is a whole number: no error adds up. */
		double scaled = value / (prefixes[prefix].unit / scale);

		if (!(scaled < 999.5))
			continue;
		digits = (unsigned int)(scaled + 0.5);
		for (; prefix == 0 && scale > 1 && digits % 10 == 0; digits /= 10)
			scale /= 10;
		if (scale == 1)
			return snprintf(buf, size, "%u%s%s", digits, prefixes[prefix].name, suffix);
		return snprintf(buf, size, "%u.%0*u%s%s", digits / scale, scale == 100 ? 2 : 1,
				digits % scale, prefixes[prefix].name, suffix);
	}
	return snprintf(buf, size, "%s%s", COUNT_TOO_LARGE, suffix);
}

int fmt_count(char *buf, size_t size, double value)
{
	return is_countable(value) ? format_count(buf, size, value, "") : snprintf(buf, size, "-");
}

int fmt_rate(char *buf, size_t size, double value, const char *suffix)
{
	return is_countable(value) ? format_count(buf, size, value, suffix)
				   : snprintf(buf, size, "-");
}

int fmt_u64(char *buf, size_t size, uint64_t value)
{
	return snprintf(buf, size, "%" PRIu64, value);
}

static uint64_t divide_rounded(uint64_t a, uint64_t b)
{
	return a / b + (a % b >= b - b / 2);
}

int fmt_percent(char *buf, size_t size, uint64_t part, uint64_t whole)
{
	double percent = whole ? 100 * ((double)part / (double)whole) : 0;
	unsigned int tenths = (unsigned int)(10 * MIN(percent, 100.0) + 0.5);

	if (!part || !whole)
		return snprintf(buf, size, "0%%");
	if (part >= whole)
		return snprintf(buf, size, "100%%");
	if (!tenths)
		return snprintf(buf, size, "<0.1%%");
	if (tenths == 1000)
		return snprintf(buf, size, ">99.9%%");
	if (tenths < 100 || tenths >= 990)
		return snprintf(buf, size, "%u.%u%%", tenths / 10, tenths % 10);
	return snprintf(buf, size, "%u%%", (tenths + 5) / 10);
}

/* Rounds to the last digit that is shown; what rounds up to 60 s is a minute. */
int fmt_duration(char *buf, size_t size, uint64_t ns)
{
	uint64_t n = divide_rounded(ns, NSEC_PER_SEC / 10);

	if (n < 100)
		return snprintf(buf, size, "%" PRIu64 ".%" PRIu64 "s", n / 10, n % 10);
	n = divide_rounded(ns, NSEC_PER_SEC);
	if (n < 60)
		return snprintf(buf, size, "%" PRIu64 "s", n);
	if (n < 60 * 60)
		return snprintf(buf, size, "%" PRIu64 "m%02" PRIu64 "s", n / 60, n % 60);
	n = divide_rounded(ns, 60 * NSEC_PER_SEC);
	if (n < 24 * 60)
		return snprintf(buf, size, "%" PRIu64 "h%02" PRIu64 "m", n / 60, n % 60);
	n = divide_rounded(ns, 3600 * NSEC_PER_SEC);
	if (n < 100 * 24)
		return snprintf(buf, size, "%" PRIu64 "d%02" PRIu64 "h", n / 24, n % 24);
	n = divide_rounded(ns, 24 * 3600 * NSEC_PER_SEC);
	if (n < 100000)
		return snprintf(buf, size, "%" PRIu64 "d", n);
	return snprintf(buf, size, "%" PRIu64 "y", n / 365);
}

int fmt_latency(char *buf, size_t size, uint32_t us)
{
	if (us < 1000)
		return format_count(buf, size, us, "us");
	if (us < 999500) /* rounds to less than a second */
		return format_count(buf, size, us / 1e3, "ms");
	return format_count(buf, size, us / 1e6, "s");
}

int fmt_time(char *buf, size_t size, uint64_t real_ns)
{
	time_t seconds = (time_t)(real_ns / NSEC_PER_SEC);
	unsigned int ms = (unsigned int)(real_ns % NSEC_PER_SEC / NSEC_PER_MSEC);
	struct tm tm = {0};

	gmtime_r(&seconds, &tm); /* 64 bits of nanoseconds end in 2554: it cannot fail */
	return snprintf(buf, size, "%04d-%02d-%02dT%02d:%02d:%02d.%03uZ", tm.tm_year + 1900,
			tm.tm_mon + 1, tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, ms);
}

int fmt_clock(char *buf, size_t size, uint64_t real_ns)
{
	time_t seconds = (time_t)(real_ns / NSEC_PER_SEC);
	struct tm tm = {0};

	localtime_r(&seconds, &tm);
	return snprintf(buf, size, "%02d:%02d:%02d", tm.tm_hour, tm.tm_min, tm.tm_sec);
}
