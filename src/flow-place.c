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

	for (enum side side = SIDE_SRC; side <= SIDE_DST; side++) {
		if (!flow_addr_is_open(key, side))
			flow->places[side] = geo_find(geo, key->family, flow_side_addr(key, side));
	}
}

void flow_place_set_off(const char *why)
{
	off = why;
}

const char *flow_place_off(void)
{
	return off;
}
