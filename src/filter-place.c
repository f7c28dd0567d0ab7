/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Judges flows by where their ends are. */
#include "config.h"

#include "filter-data.h"
#include "flow-table.h"
#include "flow.h"
#include "geo.h"

static const uint8_t side_ends[] = {[SIDE_SRC] = END_SRC, [SIDE_DST] = END_DST};

/* A system that is not known is number 0. */
bool filter_asn_match(const struct filter *filter, const struct filter_test *test,
		      const struct flow *flow)
{
	uint8_t ends = filter_ends(test, &flow->key);

	for (enum side side = SIDE_SRC; side <= SIDE_DST; side++) {
		const struct geo_place *place = geo_place(filter->geo, flow->places[side]);

		if (ends & side_ends[side] && !flow_addr_is_open(&flow->key, side) &&
		    filter_in_ranges(filter, test, place ? place->asn : 0))
			return true;
	}
	return false;
}

/* What is not known is an empty text. */
static bool match_texts(const struct filter *filter, const struct filter_test *test,
			const struct geo_place *place)
{
	return (test->bits & PLACE_COUNTRY &&
		filter_text_match(filter, test, place ? place->country : "")) ||
	       (test->bits & PLACE_AS_ORG &&
		filter_text_match(filter, test, place ? place->org : ""));
}

static bool match_end(const struct filter *filter, const struct filter_test *test, uint32_t number)
{
	struct filter_memo *memo = filter_memo(filter, test, number);

	if (!number || memo->number != number)
		*memo = (struct filter_memo){
			number, match_texts(filter, test, geo_place(filter->geo, number))};
	return memo->passes;
}

bool filter_place_match(const struct filter *filter, const struct filter_test *test,
			const struct flow *flow)
{
	uint8_t ends = filter_ends(test, &flow->key);

	for (enum side side = SIDE_SRC; side <= SIDE_DST; side++)
		if (ends & side_ends[side] && !flow_addr_is_open(&flow->key, side) &&
		    match_end(filter, test, flow->places[side]))
			return true;
	return false;
}
