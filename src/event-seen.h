/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Connections that an event was told of, in fixed memory: both directions, on all interfaces.
 *
 * A connection is kept as a keyed hash of 64 bits. When half of the memory is full, those that
 * were not seen again since the last time are forgotten, and counted.
 */
#ifndef EVENT_SEEN_H
#define EVENT_SEEN_H

#include <stdbool.h>
#include <stdint.h>

struct event_seen;
struct flow_key;

#define EVENT_SEEN_MAX (1u << 18) /* remembered at the most; half of them at the least */

int event_seen_new(struct event_seen **ret_seen);
void event_seen_free(struct event_seen *seen); /* NULL is allowed */
/* True the first time. */
bool event_seen_add(struct event_seen *seen, const struct flow_key *key);
uint64_t event_seen_forgotten(const struct event_seen *seen);

#endif
