/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups flows by where their far ends are. */
#ifndef VIEW_PLACE_H
#define VIEW_PLACE_H

#include <stddef.h>
#include <stdint.h>

struct flow;
struct row;
struct view_context;

#define VIEW_PLACE(stem)                                                                           \
	size_t view_##stem##_key(const struct flow *flow, const struct view_context *context,      \
				 uint8_t *key);                                                    \
	int view_##stem##_label(char *buf, size_t size, const struct flow *flow,                   \
				const struct view_context *context);                               \
	int view_##stem##_filter(char *buf, size_t size, const struct row *row)

VIEW_PLACE(country);
VIEW_PLACE(asn);

#endif
