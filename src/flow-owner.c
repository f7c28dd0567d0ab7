/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The owner of a flow. */
#include "config.h"

#include "flow-owner.h"

#include "flow-table.h"
#include "owner.h"

/*
 * An owner that was known stays where nobody else takes the flow over: a listener does not, since it
 * is found as well when the socket that was accepted is closed and forgotten.
 */
bool flow_owner_find(struct owner_table *owners, struct flow *flow)
{
	struct owner_match match;
	uint32_t before = flow->owner;

	owner_find(owners, &flow->key, &match);
	if (before && (match.loose || (!match.owner && !match.has_socket)))
		return match.loose;
	owner_ref(owners, match.owner);
	owner_unref(owners, before);
	flow->owner = match.owner;
	flow->owner_reason = match.reason;
	flow->owner_estimated = match.estimated;
	return match.loose;
}

bool flow_owner_check(struct owner_table *owners, struct flow *flow, uint32_t version, bool loose)
{
	if (owner_changed(owners, &flow->key, flow->owner != 0, flow->owner_version))
		loose = flow_owner_find(owners, flow);
	flow->owner_version = version;
	return loose;
}
