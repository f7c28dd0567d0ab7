/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests in C that speak TAP: is_*() print a line each, tap_done() the plan. */
#ifndef TAP_H
#define TAP_H

#include <inttypes.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int tap_n, tap_failed;

__attribute__((format(printf, 2, 3), unused)) static bool ok(bool good, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	printf("%sok %d - ", good ? "" : "not ", ++tap_n);
	vprintf(format, args);
	putchar('\n');
	va_end(args);
	tap_failed += !good;
	return good;
}

#define is_int(got, want, ...)                                                             \
	do {                                                                               \
		intmax_t got_ = (got), want_ = (want);                                     \
		if (!ok(got_ == want_, __VA_ARGS__))                                       \
			printf("#   %s:%d: got %" PRIdMAX ", want %" PRIdMAX "\n", __FILE__, \
			       __LINE__, got_, want_);                                     \
	} while (0)

#define is_u64(got, want, ...)                                                             \
	do {                                                                               \
		uint64_t got_ = (got), want_ = (want);                                     \
		if (!ok(got_ == want_, __VA_ARGS__))                                       \
			printf("#   %s:%d: got %" PRIu64 ", want %" PRIu64 "\n", __FILE__,  \
			       __LINE__, got_, want_);                                     \
	} while (0)

/* Within a relative error. */
#define is_near(got, want, error, ...)                                                     \
	do {                                                                               \
		double got_ = (got), want_ = (want), d_ = got_ - want_;                    \
		double e_ = (error) * (want_ < 0 ? -want_ : want_) + 1e-12;                \
		if (!ok(d_ <= e_ && -d_ <= e_, __VA_ARGS__))                               \
			printf("#   %s:%d: got %g, want %g\n", __FILE__, __LINE__, got_, want_); \
	} while (0)

#define is_str(got, want, ...)                                                             \
	do {                                                                               \
		const char *got_ = (got), *want_ = (want);                                 \
		if (!ok(got_ && strcmp(got_, want_) == 0, __VA_ARGS__))                    \
			printf("#   %s:%d: got \"%s\", want \"%s\"\n", __FILE__, __LINE__,  \
			       got_ ? got_ : "(null)", want_);                             \
	} while (0)

/* In place of tests that cannot run here. */
__attribute__((unused)) static void tap_skip(const char *name, const char *why)
{
	printf("ok %d - %s # SKIP %s\n", ++tap_n, name, why);
}

__attribute__((unused, noreturn)) static void tap_skip_all(const char *why)
{
	printf("1..0 # SKIP %s\n", why);
	exit(0);
}

__attribute__((unused)) static int tap_done(void)
{
	printf("1..%d\n", tap_n);
	return tap_failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

#endif
