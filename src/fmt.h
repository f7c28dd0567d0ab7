/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Numbers, times and addresses as text for people. Every function writes into the caller's buffer,
 * always ends it with NUL, and returns the length as snprintf() would.
 */
#ifndef FMT_H
#define FMT_H

#include <stddef.h>
#include <stdint.h>

/* A buffer of this size holds the result of any function below. */
#define FMT_MAX 64

/*
 * Powers of 1000, three significant digits, at most 5 columns: "0", "999", "1.23k", "98.7M". Below
 * 1000 without zeros behind the point: "5", "0.2", "12.3". "-" for NaN, infinity and negative
 * values, ">999E" above.
 */
int fmt_count(char *buf, size_t size, double value);
/* fmt_count() with suffix: "1.23Mb/s", "7.10kp/s". "-" without suffix. */
int fmt_rate(char *buf, size_t size, double value, const char *suffix);
/* "1234567" -> "1,234,567" is never written: plain digits. */
int fmt_u64(char *buf, size_t size, uint64_t value);
/* A part of a whole: "61%", "0.4%"; "0%" and "100%" are exact, of nothing it is "0%". */
int fmt_percent(char *buf, size_t size, uint64_t part, uint64_t whole);
/* "0.8s", "59s", "4m12s", "3h07m", "12d04h", "365d": rounded to the last digit, at most 6 columns.
 */
int fmt_duration(char *buf, size_t size, uint64_t ns);
/* A time on the network: "85us", "20.1ms", "312ms", "1.25s". */
int fmt_latency(char *buf, size_t size, uint32_t us);
/* RFC 3339 in UTC with milliseconds: "2026-01-31T23:59:59.123Z". */
int fmt_time(char *buf, size_t size, uint64_t real_ns);
/* Local time of day "23:59:59". */
int fmt_clock(char *buf, size_t size, uint64_t real_ns);

#endif
