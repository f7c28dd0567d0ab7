/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups flows by the network of their far end. */
#ifndef VIEW_PREFIX_H
#define VIEW_PREFIX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct flow;
struct row;
struct view_context;

/* Bits of an address that make its network; they are those of the one run that a process has. */
struct view_prefix {
	uint8_t v4, v6;
};

void view_prefix_set(struct view_prefix prefix);
struct view_prefix view_prefix_get(void);
/* The next longer (1) or shorter (-1) of the usual ones. False: there is none. */
bool view_prefix_step(int step);

size_t view_prefix_key(const struct flow *flow, const struct view_context *context, uint8_t *key);
int view_prefix_label(char *buf, size_t size, const struct flow *flow,
		      const struct view_context *context);
int view_prefix_filter(char *buf, size_t size, const struct row *row);
int view_prefix_tcpdump(char *buf, size_t size, const struct row *row);

#endif
