/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The event loop: file descriptors, timers and signals on one thread. */
#ifndef LOOP_H
#define LOOP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct loop;
struct loop_source;

/* A negative return value ends loop_run(), which returns it. */
typedef int (*loop_fd_fn)(void *data, uint32_t epoll_events);
typedef int (*loop_timer_fn)(void *data, uint64_t n_expired);
typedef int (*loop_signal_fn)(void *data, int signo);

/* As first_ns of a timer: it does not run until it is set again. */
#define LOOP_NEVER UINT64_MAX

int loop_new(struct loop **ret_loop);
/* Not inside a callback. Frees all sources. NULL is allowed. */
void loop_free(struct loop *loop);

/*
 * The loop never closes fd: remove the source first, then close. ret_source may be NULL when the
 * source lives as long as the loop. -EPERM for files that are always ready (regular files).
 */
int loop_add_fd(struct loop *loop, int fd, uint32_t epoll_events, loop_fd_fn fn, void *data,
		struct loop_source **ret_source);
/* First expiry after first_ns (0: at once, LOOP_NEVER), then every interval_ns (0: once).
 * CLOCK_MONOTONIC. */
int loop_add_timer(struct loop *loop, uint64_t first_ns, uint64_t interval_ns, loop_timer_fn fn,
		   void *data, struct loop_source **ret_source);
int loop_set_timer(struct loop_source *source, uint64_t first_ns, uint64_t interval_ns);
/* Blocks the signals in this thread and delivers them as events. signals ends with 0. They stay
 * blocked when the loop is freed. */
int loop_add_signals(struct loop *loop, const int *signals, loop_signal_fn fn, void *data);
/* Safe inside any callback, also for the source that is running. NULL is allowed. */
void loop_remove(struct loop_source *source);

int loop_run(struct loop *loop);
/* loop_run() returns result after the current callback; at once when it is called later. */
void loop_quit(struct loop *loop, int result);

#endif
