/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys, labels and filters of the views that group by owner, for view_table. */
#ifndef VIEW_OWNER_H
#define VIEW_OWNER_H

#include <stddef.h>
#include <stdint.h>

struct flow;
struct row;
struct view_context;

#define VIEW_OWNER(stem)                                                                           \
	size_t view_##stem##_key(const struct flow *flow, const struct view_context *context,      \
				 uint8_t *key);                                                    \
	int view_##stem##_label(char *buf, size_t size, const struct flow *flow,                   \
				const struct view_context *context);                               \
	int view_##stem##_filter(char *buf, size_t size, const struct row *row)

VIEW_OWNER(pid);
VIEW_OWNER(comm);
VIEW_OWNER(user);
VIEW_OWNER(cgroup);
VIEW_OWNER(container);
VIEW_OWNER(pod);

#endif
