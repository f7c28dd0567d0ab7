/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Columns that say where the ends of a row are. A group has what all its far ends have in common.
 */
#include "config.h"

#include "column-cell.h"

#include <string.h>

#include "geo.h"

static const char *country_of(const struct row *row, enum row_end end)
{
	return row->places[end] && row->same_country ? row->places[end]->country : "";
}

/* 0 where it is not known. */
static uint32_t asn_of(const struct row *row, enum row_end end)
{
	return row->places[end] && row->same_asn ? row->places[end]->asn : 0;
}

static const char *as_org_of(const struct row *row, enum row_end end)
{
	return row->places[end] && row->same_asn ? row->places[end]->org : "";
}

#define DEFINE_PLACE_TEXT(name, text_of, end)                                                      \
	static int name##_text(char *buf, size_t size, const struct row *row)                      \
	{                                                                                          \
		return snprintf(buf, size, "%s", text_of(row, end));                               \
	}                                                                                          \
	DEFINE_TEXT(name);                                                                         \
	DEFINE_COMPARE(name, strcmp(text_of(a, end), text_of(b, end)))

#define DEFINE_ASN(name, end)                                                                      \
	DEFINE_CELL(                                                                               \
		name, asn_of(row, end),                                                            \
		column_format_number(buf, size, asn_of(row, end) > 0, asn_of(row, end), format),   \
		column_value_number(asn_of(row, end) > 0, asn_of(row, end), ret_value))

DEFINE_PLACE_TEXT(country, country_of, ROW_END_FAR);
DEFINE_PLACE_TEXT(src_country, country_of, ROW_END_SRC);
DEFINE_PLACE_TEXT(dst_country, country_of, ROW_END_DST);
DEFINE_ASN(asn, ROW_END_FAR);
DEFINE_ASN(src_asn, ROW_END_SRC);
DEFINE_ASN(dst_asn, ROW_END_DST);
DEFINE_PLACE_TEXT(as_org, as_org_of, ROW_END_FAR);
DEFINE_PLACE_TEXT(src_as_org, as_org_of, ROW_END_SRC);
DEFINE_PLACE_TEXT(dst_as_org, as_org_of, ROW_END_DST);
