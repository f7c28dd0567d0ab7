/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the reader of interfaces shares with the keeper of their list. */
#ifndef NL_LINK_DATA_H
#define NL_LINK_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "nl-link.h"

struct nl;
struct nlmsghdr;

struct link_list {
	struct nl_link *links;
	size_t n, n_allocated;
};

struct link_index_list {
	uint32_t *indexes;
	size_t n, n_allocated;
};

void link_list_done(struct link_list *list);
void link_index_list_done(struct link_index_list *list);
/* Room for one more element of size bytes in *(T **)array, which has n. */
int link_reserve(void *array, size_t size, size_t n, size_t *n_allocated);

/* False for messages that do not describe an interface. */
bool link_parse(const struct nlmsghdr *message, struct nl_link *link);
/* True for a message about a default route of the main table. */
bool link_route_is_default(const struct nlmsghdr *message);

/* Adds the links of this namespace, in no order; an interrupted dump may hold one twice. */
int link_list_read(struct nl *nl, struct link_list *list);
/* Adds the interfaces of default routes. One family at a time: the dump of all families holds
 * bridges, multicast and MPLS as well. */
int link_uplinks_read(struct nl *nl, uint8_t family, struct link_index_list *uplinks);

#endif
