/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups flows by where their far ends are. */
#include "config.h"

#include "view-place.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "column.h"
#include "flow-table.h"
#include "flow.h"
#include "geo.h"
#include "view.h"

/* First byte of a key. */
enum { KEY_OPEN, KEY_PLACE };

/* The far end was left open when flows were folded. */
static bool is_open(const struct flow_key *key)
{
	return flow_addr_is_open(key, flow_remote_side(key));
}

static const struct geo_place *far_place(const struct flow *flow,
					 const struct view_context *context)
{
	return geo_place(context->geo, flow->places[flow_remote_side(&flow->key)]);
}

static int nothing_label(char *buf, size_t size, const struct flow *flow, const char *nothing)
{
	return snprintf(buf, size, "%s", is_open(&flow->key) ? "*" : nothing);
}

size_t view_country_key(const struct flow *flow, const struct view_context *context, uint8_t *key)
{
	const struct geo_place *place = far_place(flow, context);

	key[0] = is_open(&flow->key) ? KEY_OPEN : KEY_PLACE;
	memcpy(key + 1, place ? place->country : "\0", 2);
	return 3;
}

int view_country_label(char *buf, size_t size, const struct flow *flow,
		       const struct view_context *context)
{
	const struct geo_place *place = far_place(flow, context);

	if (!place || !*place->country)
		return nothing_label(buf, size, flow, "(country not known)");
	return snprintf(buf, size, "%s", place->country);
}

int view_country_filter(char *buf, size_t size, const struct row *row)
{
	const struct geo_place *place = row->places[ROW_END_FAR];

	if (is_open(row->key))
		return 0;
	return snprintf(buf, size, "remote_country %s",
			place && *place->country ? place->country : "none");
}

size_t view_asn_key(const struct flow *flow, const struct view_context *context, uint8_t *key)
{
	const struct geo_place *place = far_place(flow, context);
	uint32_t asn = place ? place->asn : 0;

	key[0] = is_open(&flow->key) ? KEY_OPEN : KEY_PLACE;
	memcpy(key + 1, &asn, sizeof(asn));
	return 1 + sizeof(asn);
}

int view_asn_label(char *buf, size_t size, const struct flow *flow,
		   const struct view_context *context)
{
	const struct geo_place *place = far_place(flow, context);

	if (!place || !place->asn)
		return nothing_label(buf, size, flow, "(AS not known)");
	return snprintf(buf, size, "AS%" PRIu32 "%s%s", place->asn, *place->org ? " " : "",
			place->org);
}

int view_asn_filter(char *buf, size_t size, const struct row *row)
{
	const struct geo_place *place = row->places[ROW_END_FAR];

	if (is_open(row->key))
		return 0;
	return snprintf(buf, size, "remote_asn %" PRIu32, place ? place->asn : 0);
}
