/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judges flows by who owns them. */
#include "config.h"

#include <math.h>

#include "filter-data.h"
#include "flow-table.h"
#include "owner.h"

static const struct owner *owner_of(const struct filter *filter, const struct flow *flow)
{
	return filter->owners && flow->owner ? owner_get(filter->owners, flow->owner) : NULL;
}

/* No number is equal to it, or less, or more. */
double filter_owner_pid(const struct filter *filter, const struct flow *flow)
{
	const struct owner *owner = owner_of(filter, flow);

	return owner && owner->pid ? owner->pid : (double)NAN;
}

double filter_owner_uid(const struct filter *filter, const struct flow *flow)
{
	const struct owner *owner = owner_of(filter, flow);

	return owner && owner->uid != OWNER_UID_NONE ? owner->uid : (double)NAN;
}

static bool match_texts(const struct filter *filter, const struct filter_test *test,
			const struct owner *owner)
{
	char pod[2 * OWNER_TEXT_SIZE];

	for (int i = 0; i < OWNER_TEXT_MAX; i++)
		if (test->bits >> i & 1 && *owner->text[i] &&
		    filter_text_match(filter, test, owner->text[i]))
			return true;
	/* as it is shown */
	return test->bits >> OWNER_POD & 1 && owner_pod(pod, sizeof(pod), owner) > 0 &&
	       filter_text_match(filter, test, pod);
}

bool filter_owner_match(const struct filter *filter, const struct filter_test *test,
			const struct flow *flow)
{
	struct filter_memo *memo = filter_memo(filter, test, flow->owner);
	const struct owner *owner;

	if (flow->owner && memo->number == flow->owner)
		return memo->passes;
	owner = owner_of(filter, flow);
	if (!owner)
		return test->mask &&
		       filter_text_match(filter, test, owner_reason_text(flow->owner_reason));
	*memo = (struct filter_memo){flow->owner, match_texts(filter, test, owner)};
	return memo->passes;
}
