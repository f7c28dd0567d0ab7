/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who owns the traffic: finds the sockets of this host and the processes that own them, follows
 * both, and reports them to the sink.
 */
#ifndef CAPTURE_OWNER_H
#define CAPTURE_OWNER_H

#include <stdint.h>

struct capture_config;
struct capture_owners;
struct loop;
struct owner_watch;
struct sample_sink;

/*
 * Starts to watch; what is there already reaches the sink with the first owner_watch_drain(). What
 * cannot be had here is left out and said in owner_watch_info(). *ret_watch is NULL where the
 * config or the sink do not want it.
 */
int owner_watch_open(const struct capture_config *config, struct loop *loop,
		     const struct sample_sink *sink, struct owner_watch **ret_watch);
/* NULL is allowed here and below. */
void owner_watch_close(struct owner_watch *watch);

/* Reports what is known of sockets by now, for what cannot wait for the end of the interval. */
void owner_watch_read(struct owner_watch *watch);
/*
 * Reports all that happened until now: call it before the flows of an interval are delivered. Some
 * of it is reported in between, from the loop.
 */
void owner_watch_drain(struct owner_watch *watch);

/* Valid until owner_watch_close(), current after owner_watch_drain(); NULL of NULL. */
const struct capture_owners *owner_watch_info(const struct owner_watch *watch);

#endif
