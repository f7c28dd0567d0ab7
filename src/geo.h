/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Country and autonomous system of addresses, from MaxMind DB files (libmaxminddb) that are on this
 * host. A country with a system is a place; places have numbers, and each is kept once. What was
 * looked up is kept in a table of fixed size.
 */
#ifndef GEO_H
#define GEO_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct geo;

#define GEO_FILES_MAX 4 /* that may be named */
#define GEO_ORG_MAX 88
#define GEO_PLACES_MAX (1u << 18) /* more than there are systems in the world */

/* Without files those in the usual places. */
struct geo_config {
	char files[GEO_FILES_MAX][PATH_MAX];
	size_t n_files;
	bool off; /* no files at all */
};

struct geo_file {
	const char *path;
	const char *type; /* "GeoLite2-ASN", escaped */
	uint64_t built_s; /* since 1970 */
};

struct geo_place {
	uint32_t asn;          /* 0: not known */
	char country[3];       /* ISO 3166-1 alpha-2, "" where not known */
	char org[GEO_ORG_MAX]; /* of the system, escaped, "" where not known */
};

/*
 * -ENOENT: there are no files, or none are wanted. -ENOTSUP: built without libmaxminddb. -EINVAL:
 * one that was named is none. error is a sentence then; after success too where one in the usual
 * places is passed over because it cannot be read, else "".
 */
int geo_open(const struct geo_config *config, struct geo **ret_geo, char *error, size_t error_size);
void geo_close(struct geo *geo); /* NULL is allowed */

size_t geo_n_files(const struct geo *geo);
void geo_get_file(const struct geo *geo, size_t i, struct geo_file *ret_file);

/* The number of a place; 0 where nothing is known, or geo is NULL. family: enum family. */
uint32_t geo_find(struct geo *geo, uint8_t family, const uint8_t addr[16]);
/* NULL for 0. Lives as long as geo. */
const struct geo_place *geo_place(const struct geo *geo, uint32_t number);
/* Lookups of places that had no room: they found nothing. */
uint64_t geo_refused(const struct geo *geo);

#endif
