/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Numbers and times as text. */
#include "config.h"

#include "fmt.h"

#include <locale.h>
#include <math.h>
#include <time.h>

#include "macro.h"
#include "tap.h"

static const struct {
	double value;
	const char *want;
} counts[] = {
	{0, "0"},
	{-0.0, "0"},
	{0.001, "0"},
	{0.004, "0"},
	{0.006, "0.01"},
	{0.05, "0.05"},
	{0.2, "0.2"},
	{0.999, "1"},
	{1, "1"},
	{1.5, "1.5"},
	{1.25, "1.25"},
	{4.9985, "5"},
	{9.994, "9.99"},
	{9.996, "10"},
	{12, "12"},
	{12.34, "12.3"},
	{99.94, "99.9"},
	{99.96, "100"},
	{100.4, "100"},
	{512.4, "512"},
	{999, "999"},
	{999.4, "999"},
	{999.5, "1.00k"},
	{1000, "1.00k"},
	{1004, "1.00k"},
	{1005, "1.01k"},
	{1234, "1.23k"},
	{9994, "9.99k"},
	{9995, "10.0k"},
	{10000, "10.0k"},
	{98700, "98.7k"},
	{99949, "99.9k"},
	{99950, "100k"},
	{999499, "999k"},
	{999500, "1.00M"},
	{999949, "1.00M"},
	{999999, "1.00M"},
	{98.7e6, "98.7M"},
	{1e9, "1.00G"},
	{400e9, "400G"},
	{1e12, "1.00T"},
	{1e15, "1.00P"},
	{999.4e15, "999P"},
	{18446744073709551615.0, "18.4E"},
	{147573952589676412920.0, "148E"},
	{999.4e18, "999E"},
	{999.6e18, ">999E"},
	{1e300, ">999E"},
	{NAN, "-"},
	{INFINITY, "-"},
	{-INFINITY, "-"},
	{-1, "-"},
};

static void test_count(void)
{
	char buf[FMT_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(counts); i++) {
		int len = fmt_count(buf, sizeof(buf), counts[i].value);

		is_str(buf, counts[i].want, "count of %.17g", counts[i].value);
		is_int(len, strlen(counts[i].want), "count of %.17g, length", counts[i].value);
	}
}

/* Never wider than the column. */
static void test_count_width(void)
{
	char buf[FMT_MAX];
	int n_wide = 0;

	for (double value = 0.001; value < 1e22; value *= 1.0007)
		n_wide += fmt_count(buf, sizeof(buf), value) > 5;
	is_int(n_wide, 0, "count: at most 5 columns everywhere");
}

static void test_rate(void)
{
	static const struct {
		double value;
		const char *suffix, *want;
	} rates[] = {
		{0, "b/s", "0b/s"},   {1234567, "b/s", "1.23Mb/s"}, {7100, "p/s", "7.10kp/s"},
		{999.5, "", "1.00k"}, {2e21, "B/s", ">999EB/s"},    {NAN, "b/s", "-"},
	};
	char buf[FMT_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(rates); i++) {
		int len = fmt_rate(buf, sizeof(buf), rates[i].value, rates[i].suffix);

		is_str(buf, rates[i].want, "rate of %g", rates[i].value);
		is_int(len, strlen(rates[i].want), "rate of %g, length", rates[i].value);
	}
}

static void test_u64(void)
{
	char buf[FMT_MAX], small[4];

	fmt_u64(buf, sizeof(buf), 0);
	is_str(buf, "0", "u64: zero");
	fmt_u64(buf, sizeof(buf), UINT64_MAX);
	is_str(buf, "18446744073709551615", "u64: largest");
	is_int(fmt_u64(small, sizeof(small), 1234567), 7, "u64: length of the whole");
	is_str(small, "123", "u64: cut text ends with NUL");
}

static void test_latency(void)
{
	static const struct {
		uint32_t us;
		const char *want;
	} latencies[] = {
		{0, "0us"},       {1, "1us"},         {999, "999us"},    {1000, "1ms"},
		{1234, "1.23ms"}, {20100, "20.1ms"},  {312499, "312ms"}, {999499, "999ms"},
		{999500, "1s"},   {1250000, "1.25s"}, {60000000, "60s"},
	};
	char buf[FMT_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(latencies); i++) {
		(void)fmt_latency(buf, sizeof(buf), latencies[i].us);
		is_str(buf, latencies[i].want, "latency %" PRIu32, latencies[i].us);
	}
}

static void test_duration(void)
{
	static const struct {
		uint64_t ns;
		const char *want;
	} durations[] = {
		{0, "0.0s"},
		{49999999, "0.0s"},
		{50000000, "0.1s"},
		{800000000, "0.8s"},
		{999999999, "1.0s"},
		{1000100000, "1.0s"},
		{9949999999, "9.9s"},
		{9950000000, "10s"},
		{10 * NSEC_PER_SEC, "10s"},
		{59 * NSEC_PER_SEC, "59s"},
		{59499999999, "59s"},
		{59500000000, "1m00s"},
		{252 * NSEC_PER_SEC, "4m12s"},
		{3599 * NSEC_PER_SEC, "59m59s"},
		{3599500000000, "1h00m"},
		{3600 * NSEC_PER_SEC, "1h00m"},
		{(3 * 3600 + 7 * 60 + 29) * NSEC_PER_SEC, "3h07m"},
		{(3 * 3600 + 7 * 60 + 30) * NSEC_PER_SEC, "3h08m"},
		{(23 * 3600 + 59 * 60) * NSEC_PER_SEC, "23h59m"},
		{(23 * 3600 + 59 * 60 + 30) * NSEC_PER_SEC, "1d00h"},
		{(12 * 24 + 4) * 3600 * NSEC_PER_SEC, "12d04h"},
		{(99 * 24 + 23) * 3600 * NSEC_PER_SEC, "99d23h"},
		{100 * 24 * 3600 * NSEC_PER_SEC, "100d"},
		{UINT64_MAX, "584y"},
	};
	char buf[FMT_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(durations); i++) {
		int len = fmt_duration(buf, sizeof(buf), durations[i].ns);

		is_str(buf, durations[i].want, "duration %" PRIu64, durations[i].ns);
		ok(len == (int)strlen(buf) && len <= 6, "duration %" PRIu64 ", length",
		   durations[i].ns);
	}
}

static void test_time(void)
{
	static const struct {
		uint64_t real_ns;
		const char *utc, *local; /* local: two and a half hours behind UTC */
	} times[] = {
		{0, "1970-01-01T00:00:00.000Z", "21:30:00"},
		{999999, "1970-01-01T00:00:00.000Z", "21:30:00"},
		{1769903999123999999, "2026-01-31T23:59:59.123Z", "21:29:59"},
		{1709164800000000000, "2024-02-29T00:00:00.000Z", "21:30:00"},
		{UINT64_MAX, "2554-07-21T23:34:33.709Z", "21:04:33"},
	};
	char buf[FMT_MAX];

	setenv("TZ", "XXX2:30", 1);
	tzset();
	for (size_t i = 0; i < ARRAY_SIZE(times); i++) {
		is_int(fmt_time(buf, sizeof(buf), times[i].real_ns), 24, "time %zu: length", i);
		is_str(buf, times[i].utc, "time %zu in UTC", i);
		is_int(fmt_clock(buf, sizeof(buf), times[i].real_ns), 8, "clock %zu: length", i);
		is_str(buf, times[i].local, "time %zu of the day", i);
	}
}

static void test_percent(void)
{
	static const struct {
		uint64_t part, whole;
		const char *want;
	} shares[] = {
		{0, 0, "0%"},
		{5, 0, "0%"},
		{0, 5, "0%"},
		{5, 5, "100%"},
		{6, 5, "100%"},
		{1, 100000, "<0.1%"},
		{49, 100000, "<0.1%"},
		{50, 100000, "0.1%"},
		{4, 1000, "0.4%"},
		{1, 100, "1.0%"},
		{994, 10000, "9.9%"},
		{995, 10000, "10%"},
		{1, 8, "13%"},
		{61, 100, "61%"},
		{984, 1000, "98%"},
		{990, 1000, "99.0%"},
		{9994, 10000, "99.9%"},
		{9995, 10000, ">99.9%"},
		{UINT64_MAX - 1, UINT64_MAX, ">99.9%"},
		{1, UINT64_MAX, "<0.1%"},
	};
	char buf[FMT_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(shares); i++) {
		int len = fmt_percent(buf, sizeof(buf), shares[i].part, shares[i].whole);

		is_str(buf, shares[i].want, "percent %zu", i);
		is_int(len, (int)strlen(buf), "percent %zu: length", i);
	}
}

int main(void)
{
	/* The decimal point is a point also where people write a comma. */
	if (!setlocale(LC_ALL, "de_DE.UTF-8"))
		setlocale(LC_ALL, "");
	test_count();
	test_count_width();
	test_rate();
	test_u64();
	test_percent();
	test_latency();
	test_duration();
	test_time();
	return tap_done();
}
