/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Payload of packets, for those who want to read it: programs of their own beside those that count,
 * on the tc hooks of the same interfaces, which hand over what is asked for and nothing else.
 */
#ifndef CAPTURE_SEGMENT_H
#define CAPTURE_SEGMENT_H

#include <stdint.h>

struct capture_config;
struct capture_segments;
struct loop;
struct owner_watch;
struct sample_iface;
struct sample_sink;
struct segment_watch;

/* Loads the programs that know all of enum sample_payload, and attaches none: 0 or why not. */
int segment_watch_try(void);

/*
 * *ret_watch is NULL where the config or the sink want nothing. Where the programs cannot be used
 * segment_watch_info() says so. The owners are read before each call of the sink, so that they are
 * known in it. lost is called with interfaces where somebody removed the programs.
 */
int segment_watch_open(const struct capture_config *config, struct loop *loop,
		       const struct sample_sink *sink, struct owner_watch *owners,
		       void (*lost)(void *data, uint32_t ifindex), void *data,
		       struct segment_watch **ret_watch);
/* NULL is allowed here and below. */
void segment_watch_close(struct segment_watch *watch);

int segment_watch_attach(struct segment_watch *watch, const struct sample_iface *iface);
/* The interface may be gone, or was never attached. */
void segment_watch_detach(struct segment_watch *watch, const struct sample_iface *iface);

/* Hands over what was passed until now; else that is done by the loop, soon. */
void segment_watch_read(struct segment_watch *watch);

/* Valid until segment_watch_close(), current after segment_watch_read(); NULL of NULL. */
const struct capture_segments *segment_watch_info(const struct segment_watch *watch);

#endif
