/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks addresses up in MaxMind DB files. */
#include "config.h"

#include "geo.h"

#include <errno.h>

#ifdef HAVE_MAXMINDDB

#include <netinet/in.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include <maxminddb.h>

#include "cleanup.h"
#include "macro.h"
#include "mix.h"
#include "sample.h"
#include "text.h"

#define FILES_MAX 4
#define CACHE_BITS 16
/* Organisations with a name; what comes later has the number of its system alone. */
#define ORGS_MAX 16384
#define ORG_SLOTS (4 * ORGS_MAX)
#define TITLE_MAX 256

/* Where distributions and the update programs of the makers put them. */
static const char *const usual_dirs[] = {"/var/lib/GeoIP", "/usr/share/GeoIP",
					 "/usr/local/share/GeoIP", "/var/lib/dbip"};
static const char *const usual_names[] = {"GeoLite2-ASN.mmdb",     "GeoIP2-ISP.mmdb",
					  "dbip-asn-lite.mmdb",    "GeoLite2-Country.mmdb",
					  "GeoIP2-Country.mmdb",   "GeoLite2-City.mmdb",
					  "dbip-country-lite.mmdb"};

struct cached {
	uint8_t addr[16];
	uint8_t family; /* FAMILY_NONE: free */
	struct geo_entry entry;
};

struct geo {
	MMDB_s files[FILES_MAX];
	size_t n_files;
	uint64_t seed[2];
	char title[TITLE_MAX];
	uint16_t n_orgs;
	char (*orgs)[GEO_ORG_MAX];
	uint16_t org_index[ORG_SLOTS]; /* by system: number of the organisation, 0: free */
	uint32_t org_asn[ORGS_MAX];
	struct cached cache[1 << CACHE_BITS];
};
DEFINE_CLEANUP(struct geo *, geo_close);

/* ---- files ---- */

static void add_title(struct geo *geo, const MMDB_s *file)
{
	size_t used = strlen(geo->title);
	char type[64];

	text_escape(type, sizeof(type), file->metadata.database_type, (size_t)-1);
	(void)snprintf(geo->title + used, sizeof(geo->title) - used, "%s%s", used ? ", " : "",
		       type);
}

static int open_file(struct geo *geo, const char *path, char *error, size_t size)
{
	MMDB_s *file = &geo->files[geo->n_files];
	int r;

	if (geo->n_files == FILES_MAX) {
		(void)snprintf(error, size, "%d files are the most", FILES_MAX);
		return -E2BIG;
	}
	errno = 0;
	r = MMDB_open(path, MMDB_MODE_MMAP, file);
	if (r != MMDB_SUCCESS) {
		const char *why = (r == MMDB_IO_ERROR || r == MMDB_FILE_OPEN_ERROR) && errno
					  ? strerror(errno)
					  : MMDB_strerror(r);

		(void)snprintf(error, size, "cannot read %s: %s", path, why);
		return r == MMDB_OUT_OF_MEMORY_ERROR ? -ENOMEM : -EINVAL;
	}
	geo->n_files++;
	add_title(geo, file);
	return 0;
}

static void open_usual(struct geo *geo)
{
	char path[256], error[256];

	for (size_t i = 0; i < ARRAY_SIZE(usual_names); i++) {
		for (size_t j = 0; j < ARRAY_SIZE(usual_dirs) && geo->n_files < FILES_MAX; j++) {
			(void)snprintf(path, sizeof(path), "%s/%s", usual_dirs[j], usual_names[i]);
			if (open_file(geo, path, error, sizeof(error)) == 0)
				break;
		}
	}
}

int geo_open(const char *const *files, size_t n_files, struct geo **ret_geo, char *error,
	     size_t error_size)
{
	cleanup(geo_closep) struct geo *geo = calloc(1, sizeof(*geo));
	int r = 0;

	*error = 0;
	if (!geo)
		return -ENOMEM;
	geo->orgs = calloc(ORGS_MAX, sizeof(*geo->orgs));
	if (!geo->orgs)
		return -ENOMEM;
	if (getrandom(geo->seed, sizeof(geo->seed), 0) < 0)
		return -errno;
	for (size_t i = 0; r == 0 && i < n_files; i++)
		r = open_file(geo, files[i], error, error_size);
	if (r < 0)
		return r;
	if (!n_files)
		open_usual(geo);
	if (!geo->n_files) {
		(void)snprintf(error, error_size,
			       "there is no MaxMind DB file in the usual places, such as %s/%s",
			       usual_dirs[0], usual_names[0]);
		return -ENOENT;
	}
	*ret_geo = take_ptr(geo);
	return 0;
}

void geo_close(struct geo *geo)
{
	if (!geo)
		return;
	for (size_t i = 0; i < geo->n_files; i++)
		MMDB_close(&geo->files[i]);
	free(geo->orgs);
	free(geo);
}

const char *geo_title(const struct geo *geo)
{
	return geo->title;
}

/* ---- organisations ---- */

/* The number of the organisation of a system; name is n octets, or none. */
static uint16_t org_number(struct geo *geo, uint32_t asn, const char *name, size_t n)
{
	size_t slot = (size_t)(mix(asn ^ geo->seed[0], geo->seed[1]) % ORG_SLOTS);

	for (; geo->org_index[slot]; slot = (slot + 1) % ORG_SLOTS)
		if (geo->org_asn[geo->org_index[slot]] == asn)
			return geo->org_index[slot];
	if (!n || geo->n_orgs + 1 == ORGS_MAX)
		return 0;
	geo->org_index[slot] = ++geo->n_orgs;
	geo->org_asn[geo->n_orgs] = asn;
	text_escape(geo->orgs[geo->n_orgs], GEO_ORG_MAX, name, n);
	return geo->n_orgs;
}

const char *geo_org(const struct geo *geo, uint16_t org)
{
	return geo && org <= geo->n_orgs ? geo->orgs[org] : "";
}

/* ---- lookups ---- */

static bool get_text(MMDB_entry_s *entry, MMDB_entry_data_s *data, const char *const *path)
{
	return MMDB_aget_value(entry, data, path) == MMDB_SUCCESS && data->has_data &&
	       data->type == MMDB_DATA_TYPE_UTF8_STRING;
}

static void read_country(MMDB_entry_s *found, struct geo_entry *entry)
{
	static const char *const path[] = {"country", "iso_code", NULL};
	static const char *const registered[] = {"registered_country", "iso_code", NULL};
	MMDB_entry_data_s data;

	if (entry->country[0])
		return;
	if (!get_text(found, &data, path) && !get_text(found, &data, registered))
		return;
	/* two letters, or it is no country code */
	if (data.data_size == 2 && data.utf8_string[0] >= 'A' && data.utf8_string[0] <= 'Z' &&
	    data.utf8_string[1] >= 'A' && data.utf8_string[1] <= 'Z')
		memcpy(entry->country, data.utf8_string, 2);
}

static void read_asn(struct geo *geo, MMDB_entry_s *found, struct geo_entry *entry)
{
	static const char *const path[] = {"autonomous_system_number", NULL};
	static const char *const name[] = {"autonomous_system_organization", NULL};
	MMDB_entry_data_s data;

	if (entry->asn || MMDB_aget_value(found, &data, path) != MMDB_SUCCESS || !data.has_data ||
	    data.type != MMDB_DATA_TYPE_UINT32)
		return;
	entry->asn = data.uint32;
	if (get_text(found, &data, name))
		entry->org = org_number(geo, entry->asn, data.utf8_string, data.data_size);
	else
		entry->org = org_number(geo, entry->asn, NULL, 0);
}

static struct geo_entry look_up(struct geo *geo, uint8_t family, const uint8_t addr[16])
{
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
	struct sockaddr_in in = {.sin_family = AF_INET};
	const struct sockaddr *sockaddr = family == FAMILY_IPV6 ? (const struct sockaddr *)&in6
								: (const struct sockaddr *)&in;
	struct geo_entry entry = {.asn = 0};

	memcpy(&in6.sin6_addr, addr, sizeof(in6.sin6_addr));
	memcpy(&in.sin_addr, addr, sizeof(in.sin_addr));
	for (size_t i = 0; i < geo->n_files; i++) {
		MMDB_lookup_result_s result;
		int r;

		result = MMDB_lookup_sockaddr(&geo->files[i], sockaddr, &r);
		if (r != MMDB_SUCCESS || !result.found_entry)
			continue;
		read_country(&result.entry, &entry);
		read_asn(geo, &result.entry, &entry);
	}
	return entry;
}

struct geo_entry geo_find(struct geo *geo, uint8_t family, const uint8_t addr[16])
{
	struct cached *cached;
	uint64_t words[2];

	if (!geo || (family != FAMILY_IPV4 && family != FAMILY_IPV6))
		return (struct geo_entry){.asn = 0};
	memcpy(words, addr, sizeof(words));
	cached = &geo->cache[mix(words[0] ^ geo->seed[0], words[1] ^ geo->seed[1]) >>
			     (64 - CACHE_BITS)];
	if (cached->family == family && memcmp(cached->addr, addr, sizeof(cached->addr)) == 0)
		return cached->entry;
	cached->family = family;
	memcpy(cached->addr, addr, sizeof(cached->addr));
	cached->entry = look_up(geo, family, addr);
	return cached->entry;
}

#else

int geo_open(const char *const *files, size_t n_files, struct geo **ret_geo, char *error,
	     size_t error_size)
{
	(void)files;
	(void)n_files;
	(void)ret_geo;
	(void)error;
	(void)error_size;
	return -ENOTSUP;
}

void geo_close(struct geo *geo)
{
	(void)geo;
}

struct geo_entry geo_find(struct geo *geo, uint8_t family, const uint8_t addr[16])
{
	(void)geo;
	(void)family;
	(void)addr;
	return (struct geo_entry){.asn = 0};
}

const char *geo_org(const struct geo *geo, uint16_t org)
{
	(void)geo;
	(void)org;
	return "";
}

const char *geo_title(const struct geo *geo)
{
	(void)geo;
	return "";
}

#endif
