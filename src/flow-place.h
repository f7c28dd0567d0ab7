/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the ends of flows are. */
#ifndef FLOW_PLACE_H
#define FLOW_PLACE_H

struct flow;
struct geo;

/* Looks both ends of a new flow up. geo may be NULL. */
void flow_place_find(struct geo *geo, struct flow *flow);
/*
 * Why nothing is known of places in the one run that a process has; NULL: something is, or that is
 * not decided yet. The text is kept by the caller.
 */
void flow_place_set_off(const char *why);
const char *flow_place_off(void);

#endif
