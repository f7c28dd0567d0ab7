/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The few macros that every file may use. */
#ifndef MACRO_H
#define MACRO_H

#define ARRAY_SIZE(a)                                                                              \
	(sizeof(a) / sizeof((a)[0]) +                                                              \
	 0 * sizeof(char[1 - 2 * __builtin_types_compatible_p(typeof(a), typeof(&(a)[0]))]))

/* Three-way comparison, for sorting: never subtract. */
#define CMP(a, b) (((a) > (b)) - ((a) < (b)))

#define MIN(a, b)                                                                                  \
	({                                                                                         \
		typeof(a) a_ = (a);                                                                \
		typeof(b) b_ = (b);                                                                \
		a_ < b_ ? a_ : b_;                                                                 \
	})
#define MAX(a, b)                                                                                  \
	({                                                                                         \
		typeof(a) a_ = (a);                                                                \
		typeof(b) b_ = (b);                                                                \
		a_ > b_ ? a_ : b_;                                                                 \
	})

#define likely(x) __builtin_expect(!!(x), 1)
#define unlikely(x) __builtin_expect(!!(x), 0)

#define ATTR_PRINTF(fmt_, first_) __attribute__((format(printf, fmt_, first_)))
#define ATTR_UNUSED __attribute__((unused))

#define NSEC_PER_SEC 1000000000ULL
#define NSEC_PER_MSEC 1000000ULL

#endif
