/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the records of a stream go: stdout, or a file that is appended to.
 *
 * A reader that is slow never holds up who counts: whole records wait in a queue of fixed size, and
 * those it has no room for are dropped and counted.
 */
#ifndef EVENT_SINK_H
#define EVENT_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event_sink;
struct loop;

#define EVENT_SINK_QUEUE ((size_t)4 << 20) /* bytes */

/* path NULL: stdout. waits: for the reader, instead of dropping. */
int event_sink_new(const char *path, bool waits, struct loop *loop, struct event_sink **ret_sink);
void event_sink_free(struct event_sink *sink); /* NULL is allowed */
/* A whole record. 0, also when it was dropped; -errno where nothing can be written any more. */
int event_sink_put(struct event_sink *sink, const char *record, size_t size);
/* Records dropped so far. */
uint64_t event_sink_dropped(const struct event_sink *sink);
/* Opens the path again. What is there stays in use when that fails. Nothing for stdout. */
int event_sink_reopen(struct event_sink *sink);
/* Waits a moment for the queue to empty. -ETIMEDOUT where it did not. */
int event_sink_finish(struct event_sink *sink);

#endif
