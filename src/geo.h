/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Country and autonomous system of addresses, from MaxMind DB files (libmaxminddb) that are on this
 * host. What was looked up is kept in a table of fixed size.
 */
#ifndef GEO_H
#define GEO_H

#include <stddef.h>
#include <stdint.h>

struct geo;

#define GEO_ORG_MAX 64

struct geo_entry {
	uint32_t asn;    /* 0: not known */
	char country[3]; /* ISO 3166-1 alpha-2, "" where not known */
	uint16_t org;    /* number for geo_org() */
};

/*
 * Opens these files, or without any those in the usual places (of the last, one that cannot be read
 * is passed over). -ENOENT: there is none. On failure error is a sentence. -ENOTSUP: built without
 * libmaxminddb.
 */
int geo_open(const char *const *files, size_t n_files, struct geo **ret_geo, char *error,
	     size_t error_size);
void geo_close(struct geo *geo); /* NULL is allowed */

/* All zeros where nothing is known, or geo is NULL. family: enum family. */
struct geo_entry geo_find(struct geo *geo, uint8_t family, const uint8_t addr[16]);
/* Name of the organisation, escaped and cut to GEO_ORG_MAX - 1; "" for 0. Lives as long as geo. */
const char *geo_org(const struct geo *geo, uint16_t org);
/* What the files are: "GeoLite2-ASN, DBIP-Country-Lite", escaped. */
const char *geo_title(const struct geo *geo);

#endif
