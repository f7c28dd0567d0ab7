/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Strict parsing of what users type. 0 or -EINVAL (malformed), -ERANGE (out of bounds). */
#ifndef PARSE_H
#define PARSE_H

#include <stdint.h>

/* Decimal digits only, whole string, min <= value <= max. */
int parse_u64(const char *text, uint64_t min, uint64_t max, uint64_t *ret_value);
/* "500ms", "10s", "1.5m", "2h", "1h30m"; a bare number is seconds. In nanoseconds. */
int parse_duration(const char *text, uint64_t *ret_ns);
/* "1000", "64k", "1.5M", "2G", "1T" (powers of 1000), "64Ki", "1Mi", "2Gi", "1Ti" (powers of 1024).
 * A fraction needs one of them. */
int parse_size(const char *text, uint64_t *ret_value);

enum parse_unit { PARSE_BPS, PARSE_PPS };
/*
 * A size with or without unit: "10M", "10Mbps", "10Mbit", "10Mbit/s", "10Mb/s" (bits per second),
 * "500kpps", "500kp/s" (packets), "1MB/s", "1MBps" (bytes, times 8).
 */
int parse_rate(const char *text, uint64_t *ret_value, enum parse_unit *ret_unit);

#endif
