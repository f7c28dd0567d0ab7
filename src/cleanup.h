/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Destructors that run at the end of a scope. */
#ifndef CLEANUP_H
#define CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define cleanup(fn) __attribute__((cleanup(fn)))

/* Defines fn##p(), which calls fn() on the pointer that a cleanup variable holds. */
#define DEFINE_CLEANUP(type, fn)                                                                   \
	static inline void fn##p(type *p)                                                          \
	{                                                                                          \
		if (*p)                                                                            \
			fn(*p);                                                                    \
	}                                                                                          \
	struct cleanup_semicolon_

/* Hands an owned pointer over: returns it and leaves NULL behind. */
#define take_ptr(p)                                                                                \
	({                                                                                         \
		typeof(p) p_ = (p);                                                                \
		(p) = NULL;                                                                        \
		p_;                                                                                \
	})

/* The same for a file descriptor; leaves -1 behind. */
#define take_fd(fd)                                                                                \
	({                                                                                         \
		int fd_ = (fd);                                                                    \
		(fd) = -1;                                                                         \
		fd_;                                                                               \
	})

static inline void freep(void *p)
{
	free(*(void **)p);
}

static inline void close_fdp(int *fd)
{
	if (*fd >= 0)
		(void)close(*fd); /* nothing was written that close() could lose */
}

/* For files that were only read; a writer checks fclose() itself. */
static inline void fclosep(FILE **f)
{
	if (*f)
		(void)fclose(*f);
}

#endif
