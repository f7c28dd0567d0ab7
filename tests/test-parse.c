/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers, durations, sizes and rates as users type them. */
#include "config.h"

#include "parse.h"

#include <errno.h>

#include "macro.h"
#include "tap.h"

/* What a failed call must leave alone. */
#define UNTOUCHED 0x5555555555555555

#define SEC 1000000000u

struct sample {
	const char *text;
	int r;
	uint64_t want;
};

static const char *const malformed[] = {
	"",     " ",    "+1",   "-1",  "-0",        "1 ",       " 1",    "1x", "x",
	"0x10", "1e3",  "nan",  "inf", "NaN",       "1,5",      "1_000", ".",  ".5",
	"5.",   "1..5", "1.5.", "--1", "1\n",       "\xd9\xa1", "1.-5",  "k",  "s",
	"1-",   "1kk",  "1/s",  "1.k", "1\xc2\xa0", "1K",       "infs",  "1E",
};

static void test_malformed(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(malformed); i++) {
		uint64_t value = UNTOUCHED;
		enum parse_unit unit = PARSE_PPS;
		const char *text = malformed[i];

		is_int(parse_u64(text, 0, UINT64_MAX, &value), -EINVAL, "u64 \"%s\"", text);
		is_int(parse_duration(text, &value), -EINVAL, "duration \"%s\"", text);
		is_int(parse_size(text, &value), -EINVAL, "size \"%s\"", text);
		is_int(parse_rate(text, &value, &unit), -EINVAL, "rate \"%s\"", text);
		ok(value == UNTOUCHED && unit == PARSE_PPS, "\"%s\" sets nothing", text);
	}
}

static void test_u64(void)
{
	static const struct {
		const char *text;
		uint64_t min, max;
		int r;
		uint64_t want;
	} samples[] = {
		{"0", 0, UINT64_MAX, 0, 0},
		{"007", 0, UINT64_MAX, 0, 7},
		{"65535", 1, 65535, 0, 65535},
		{"1", 1, 65535, 0, 1},
		{"0", 1, 65535, -ERANGE, 0},
		{"65536", 1, 65535, -ERANGE, 0},
		{"18446744073709551615", 0, UINT64_MAX, 0, UINT64_MAX},
		{"18446744073709551616", 0, UINT64_MAX, -ERANGE, 0},
		{"99999999999999999999999999", 0, UINT64_MAX, -ERANGE, 0},
		/* 2^64 + 5: must not come out as 5 */
		{"18446744073709551621", 0, 10, -ERANGE, 0},
		{"99999999999999999999999999x", 0, UINT64_MAX, -EINVAL, 0},
		{"1.5", 0, 10, -EINVAL, 0},
		{"1k", 0, UINT64_MAX, -EINVAL, 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		uint64_t value = UNTOUCHED;

		is_int(parse_u64(samples[i].text, samples[i].min, samples[i].max, &value),
		       samples[i].r, "u64 \"%s\"", samples[i].text);
		is_u64(value, samples[i].r ? UNTOUCHED : samples[i].want, "u64 \"%s\": value",
		       samples[i].text);
	}
}

static void run(const char *what, int (*parse)(const char *text, uint64_t *ret_value),
		const struct sample *samples, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		uint64_t value = UNTOUCHED;

		is_int(parse(samples[i].text, &value), samples[i].r, "%s \"%s\"", what,
		       samples[i].text);
		is_u64(value, samples[i].r ? UNTOUCHED : samples[i].want, "%s \"%s\": value", what,
		       samples[i].text);
	}
}

static void test_duration(void)
{
	static const struct sample samples[] = {
		{"0", 0, 0},
		{"10", 0, 10ull * SEC},
		{"1.5", 0, 1500000000},
		{"500ms", 0, 500000000},
		{"0.5ms", 0, 500000},
		{"10s", 0, 10ull * SEC},
		{"0.1s", 0, 100000000},
		{"1.5m", 0, 90ull * SEC},
		{"2h", 0, 7200ull * SEC},
		{"1h30m", 0, 5400ull * SEC},
		{"1h2m3s4ms", 0, 3723004000000},
		{"1h5s", 0, 3605ull * SEC},
		{"1m1.5s", 0, 61500000000},
		{"90m", 0, 5400ull * SEC},
		{"0.000000001", 0, 1},
		{"0.0000000019", 0, 1},
		{"0.0000000001", 0, 0},
		{"1.0000000000000000000000000000000000001s", 0, 1ull * SEC},
		{"0.999999999999999999999999999999s", 0, 999999999},
		{"18446744073s", 0, 18446744073000000000u},
		{"18446744073.709551615", 0, UINT64_MAX},
		{"18446744073.709551616", -ERANGE, 0},
		{"18446744074s", -ERANGE, 0},
		{"5124095h34m33s", 0, 18446743999ull * SEC + 74ull * SEC},
		{"5124095h35m", -ERANGE, 0},
		{"6000000h", -ERANGE, 0},
		{"6000000h1x", -EINVAL, 0},
		{"1h30", -EINVAL, 0},
		{"30m1h", -EINVAL, 0},
		{"1m1m", -EINVAL, 0},
		{"1ms1s", -EINVAL, 0},
		{"1.5h30m", -EINVAL, 0},
		{"1h 30m", -EINVAL, 0},
		{"1S", -EINVAL, 0},
		{"1d", -EINVAL, 0},
		{"1us", -EINVAL, 0},
		{"1sm", -EINVAL, 0},
		{"1hs", -EINVAL, 0},
		{"1min", -EINVAL, 0},
		{"ms", -EINVAL, 0},
	};

	run("duration", parse_duration, samples, ARRAY_SIZE(samples));
}

static void test_size(void)
{
	static const struct sample samples[] = {
		{"0", 0, 0},
		{"1000", 0, 1000},
		{"64k", 0, 64000},
		{"1.5M", 0, 1500000},
		{"2G", 0, 2000000000},
		{"1T", 0, 1000000000000},
		{"64Ki", 0, 65536},
		{"1Mi", 0, 1048576},
		{"2Gi", 0, 2147483648},
		{"1.5Ki", 0, 1536},
		{"0.25k", 0, 250},
		{"1.2345k", 0, 1234},
		{"0k", 0, 0},
		{"18446744073709551615", 0, UINT64_MAX},
		{"18446744073709551616", -ERANGE, 0},
		{"18446744073709551.615k", 0, UINT64_MAX},
		{"18446744073709551.616k", -ERANGE, 0},
		{"18446744073709552k", -ERANGE, 0},
		{"17179869184Gi", -ERANGE, 0},
		{"17179869183Gi", 0, 18446744072635809792u},
		{"1.5", -EINVAL, 0},
		{"1.0", -EINVAL, 0},
		{"1m", -EINVAL, 0},
		{"1kB", -EINVAL, 0},
		{"1ki", -EINVAL, 0},
		{"1 k", -EINVAL, 0},
		{"1i", -EINVAL, 0},
		{"10bps", -EINVAL, 0},
	};

	run("size", parse_size, samples, ARRAY_SIZE(samples));
}

static void test_rate(void)
{
	static const struct {
		const char *text;
		int r;
		uint64_t want;
		enum parse_unit unit;
	} samples[] = {
		{"0", 0, 0, PARSE_BPS},
		{"1000", 0, 1000, PARSE_BPS},
		{"10M", 0, 10000000, PARSE_BPS},
		{"1T", 0, 1000000000000, PARSE_BPS},
		{"10Mbps", 0, 10000000, PARSE_BPS},
		{"10Mbit", 0, 10000000, PARSE_BPS},
		{"10Mbit/s", 0, 10000000, PARSE_BPS},
		{"10Mb/s", 0, 10000000, PARSE_BPS},
		{"10bps", 0, 10, PARSE_BPS},
		{"1.5Gbps", 0, 1500000000, PARSE_BPS},
		{"500kpps", 0, 500000, PARSE_PPS},
		{"500kp/s", 0, 500000, PARSE_PPS},
		{"7pps", 0, 7, PARSE_PPS},
		{"1MB/s", 0, 8000000, PARSE_BPS},
		{"1MBps", 0, 8000000, PARSE_BPS},
		{"3B/s", 0, 24, PARSE_BPS},
		{"0.5Bps", 0, 4, PARSE_BPS},
		{"1MiB/s", 0, 8388608, PARSE_BPS},
		{"1Kibps", 0, 1024, PARSE_BPS},
		{"2305843009213693951B/s", 0, 18446744073709551608u, PARSE_BPS},
		{"2305843009213693952B/s", -ERANGE, 0, PARSE_BPS},
		{"18446744073709551615pps", 0, UINT64_MAX, PARSE_PPS},
		{"18446744073710Mpps", -ERANGE, 0, PARSE_PPS},
		{"1.5", -EINVAL, 0, PARSE_BPS},
		{"1.5pps", -EINVAL, 0, PARSE_BPS},
		{"10MB", -EINVAL, 0, PARSE_BPS},
		{"10mbps", -EINVAL, 0, PARSE_BPS},
		{"10MBPS", -EINVAL, 0, PARSE_BPS},
		{"10Mbps ", -EINVAL, 0, PARSE_BPS},
		{"10Mbpsx", -EINVAL, 0, PARSE_BPS},
		{"10M bps", -EINVAL, 0, PARSE_BPS},
		{"bps", -EINVAL, 0, PARSE_BPS},
		{"10p", -EINVAL, 0, PARSE_BPS},
	};

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		uint64_t value = UNTOUCHED;
		enum parse_unit unit = PARSE_BPS;

		is_int(parse_rate(samples[i].text, &value, &unit), samples[i].r, "rate \"%s\"",
		       samples[i].text);
		is_u64(value, samples[i].r ? UNTOUCHED : samples[i].want, "rate \"%s\": value",
		       samples[i].text);
		is_int(unit, samples[i].r ? PARSE_BPS : samples[i].unit, "rate \"%s\": unit",
		       samples[i].text);
	}
}

int main(void)
{
	test_malformed();
	test_u64();
	test_duration();
	test_size();
	test_rate();
	return tap_done();
}
