/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Where the ends of flows are. */
#include "config.h"

#include "flow-place.h"

#include <stddef.h>

#include "flow-table.h"
#include "flow.h"
#include "geo.h"

static const char *off;

void flow_place_find(struct geo *geo, struct flow *flow)
{
	const struct flow_key *key = &flow->key;

	if (!(key->open & OPEN_SRC_ADDR))
		flow->places[SIDE_SRC] = geo_find(geo, key->family, key->src);
	if (!(key->open & OPEN_DST_ADDR))
		flow->places[SIDE_DST] = geo_find(geo, key->family, key->dst);
}

void flow_place_set_off(const char *why)
{
	off = why;
}

const char *flow_place_off(void)
{
	return off;
}
