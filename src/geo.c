/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Looks addresses up in MaxMind DB files. */
#include "config.h"

#include "geo.h"

#include <errno.h>
#include <stdio.h>

#include "macro.h"

#ifdef HAVE_MAXMINDDB

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include <maxminddb.h>

#include "cleanup.h"
#include "mix.h"
#include "sample.h"
#include "text.h"

#define CACHE_BITS 16
#define PLACE_SLOTS (2 * GEO_PLACES_MAX)
#define TYPE_MAX 64

/* Where distributions and the update programs of the makers put them. */
static const char *const usual_dirs[] = {"/var/lib/GeoIP", "/usr/share/GeoIP",
					 "/usr/local/share/GeoIP", "/var/lib/dbip"};
static const char *const usual_names[] = {"GeoLite2-ASN.mmdb",     "GeoIP2-ISP.mmdb",
					  "dbip-asn-lite.mmdb",    "GeoLite2-Country.mmdb",
					  "GeoIP2-Country.mmdb",   "GeoLite2-City.mmdb",
					  "dbip-country-lite.mmdb"};
/* Those that are named, or the usual ones. */
#define FILES_MAX ARRAY_SIZE(usual_names)
_Static_assert(FILES_MAX >= GEO_FILES_MAX, "there is room for all that may be named");

struct cached {
	uint8_t addr[16];
	uint8_t family; /* FAMILY_NONE: free */
	uint32_t place;
};

struct file {
	MMDB_s mmdb;
	char *path;
	char type[TYPE_MAX];
};

struct geo {
	struct file files[FILES_MAX];
	size_t n_files;
	uint64_t seed[2];
	struct geo_place *places; /* by number, from 1; GEO_PLACES_MAX of them */
	uint32_t n_places;
	uint64_t refused;
	uint32_t index[PLACE_SLOTS]; /* by country and system: number, 0: free */
	struct cached cache[1 << CACHE_BITS];
};
DEFINE_CLEANUP(struct geo *, geo_close);

/* ---- files ---- */

/* MMDB_open() would wait for who writes to a FIFO. */
static const char *irregular(const char *path)
{
	struct stat stat_;

	if (stat(path, &stat_) < 0)
		return strerror(errno);
	if (!S_ISREG(stat_.st_mode))
		return "it is no regular file";
	return stat_.st_size ? NULL : "it is empty";
}

static int open_file(struct geo *geo, const char *path, char *error, size_t size)
{
	struct file *file = &geo->files[geo->n_files];
	const char *why = irregular(path);
	int r = MMDB_SUCCESS;

	errno = 0;
	if (!why)
		r = MMDB_open(path, MMDB_MODE_MMAP, &file->mmdb);
	if (r == MMDB_IO_ERROR || r == MMDB_FILE_OPEN_ERROR)
		why = errno ? strerror(errno) : MMDB_strerror(r);
	else if (r != MMDB_SUCCESS)
		why = "it is no whole MaxMind DB file";
	if (why) {
		(void)snprintf(error, size, "cannot read %s: %s", path, why);
		return r == MMDB_OUT_OF_MEMORY_ERROR ? -ENOMEM : -EINVAL;
	}
	geo->n_files++;
	text_escape(file->type, sizeof(file->type), file->mmdb.metadata.database_type, (size_t)-1);
	file->path = strdup(path);
	return file->path ? 0 : -ENOMEM;
}

/* The first of its name in any of the directories; one that cannot be read is passed over. */
static int open_usual(struct geo *geo, char *error, size_t size)
{
	for (size_t i = 0; i < ARRAY_SIZE(usual_names); i++)
		for (size_t j = 0; j < ARRAY_SIZE(usual_dirs); j++) {
			char path[PATH_MAX];
			char later[256];
			int r;

			(void)snprintf(path, sizeof(path), "%s/%s", usual_dirs[j], usual_names[i]);
			if (access(path, F_OK) < 0)
				continue;
			/* the first one is told */
			r = *error ? open_file(geo, path, later, sizeof(later))
				   : open_file(geo, path, error, size);
			if (r == -ENOMEM)
				return r;
			if (r == 0)
				break;
		}
	if (geo->n_files)
		return 0;
	if (!*error)
		(void)snprintf(error, size,
			       "there is no MaxMind DB file in the usual places (--geo)");
	return -ENOENT;
}

int geo_open(const struct geo_config *config, struct geo **ret_geo, char *error, size_t error_size)
{
	cleanup(geo_closep) struct geo *geo = NULL;
	int r = 0;

	*error = '\0';
	if (config->off) {
		(void)snprintf(error, error_size, "nothing is looked up (--geo none)");
		return -ENOENT;
	}
	geo = calloc(1, sizeof(*geo));
	if (!geo)
		return -ENOMEM;
	geo->places = calloc(GEO_PLACES_MAX, sizeof(*geo->places));
	if (!geo->places)
		return -ENOMEM;
	if (getrandom(geo->seed, sizeof(geo->seed), 0) < 0)
		return -errno;
	for (size_t i = 0; r == 0 && i < config->n_files; i++)
		r = open_file(geo, config->files[i], error, error_size);
	if (r == 0 && !config->n_files)
		r = open_usual(geo, error, error_size);
	if (r < 0)
		return r;
	*ret_geo = take_ptr(geo);
	return 0;
}

void geo_close(struct geo *geo)
{
	if (!geo)
		return;
	for (size_t i = 0; i < geo->n_files; i++) {
		MMDB_close(&geo->files[i].mmdb);
		free(geo->files[i].path);
	}
	free(geo->places);
	free(geo);
}

size_t geo_n_files(const struct geo *geo)
{
	return geo ? geo->n_files : 0;
}

void geo_get_file(const struct geo *geo, size_t i, struct geo_file *ret_file)
{
	const struct file *file = &geo->files[i];

	*ret_file = (struct geo_file){file->path, file->type, file->mmdb.metadata.build_epoch};
}

/* ---- places ---- */

/* The organisation is that of the system: it does not tell places apart. */
static uint32_t place_number(struct geo *geo, const struct geo_place *place)
{
	uint64_t country = (uint64_t)place->country[0] << 8 | (uint64_t)place->country[1];
	uint64_t hash = mix(place->asn ^ geo->seed[0], country ^ geo->seed[1]);
	size_t slot = (size_t)(hash % PLACE_SLOTS);

	if (!place->asn && !country)
		return 0;
	for (; geo->index[slot]; slot = (slot + 1) % PLACE_SLOTS) {
		const struct geo_place *other = &geo->places[geo->index[slot]];

		if (other->asn == place->asn && !strcmp(other->country, place->country))
			return geo->index[slot];
	}
	if (geo->n_places + 1 == GEO_PLACES_MAX) {
		geo->refused++;
		return 0;
	}
	geo->index[slot] = ++geo->n_places;
	geo->places[geo->n_places] = *place;
	return geo->n_places;
}

const struct geo_place *geo_place(const struct geo *geo, uint32_t number)
{
	return geo && number && number <= geo->n_places ? &geo->places[number] : NULL;
}

uint64_t geo_refused(const struct geo *geo)
{
	return geo ? geo->refused : 0;
}

/* ---- lookups ---- */

static bool get_text(MMDB_entry_s *entry, MMDB_entry_data_s *data, const char *const *path)
{
	return MMDB_aget_value(entry, data, path) == MMDB_SUCCESS && data->has_data &&
	       data->type == MMDB_DATA_TYPE_UTF8_STRING;
}

static void read_country(MMDB_entry_s *found, struct geo_place *place)
{
	static const char *const path[] = {"country", "iso_code", NULL};
	static const char *const registered[] = {"registered_country", "iso_code", NULL};
	MMDB_entry_data_s data;

	if (place->country[0])
		return;
	if (!get_text(found, &data, path) && !get_text(found, &data, registered))
		return;
	/* two letters, or it is no country code */
	if (data.data_size == 2 && data.utf8_string[0] >= 'A' && data.utf8_string[0] <= 'Z' &&
	    data.utf8_string[1] >= 'A' && data.utf8_string[1] <= 'Z')
		memcpy(place->country, data.utf8_string, 2);
}

static void read_asn(MMDB_entry_s *found, struct geo_place *place)
{
	static const char *const path[] = {"autonomous_system_number", NULL};
	static const char *const name[] = {"autonomous_system_organization", NULL};
	MMDB_entry_data_s data;

	if (place->asn || MMDB_aget_value(found, &data, path) != MMDB_SUCCESS || !data.has_data ||
	    data.type != MMDB_DATA_TYPE_UINT32)
		return;
	place->asn = data.uint32;
	if (get_text(found, &data, name))
		text_escape(place->org, sizeof(place->org), data.utf8_string, data.data_size);
}

/* A file that comes first comes before the others. */
static uint32_t look_up(struct geo *geo, uint8_t family, const uint8_t addr[16])
{
	struct sockaddr_in6 in6 = {.sin6_family = AF_INET6};
	struct sockaddr_in in = {.sin_family = AF_INET};
	const struct sockaddr *sockaddr = family == FAMILY_IPV6 ? (const struct sockaddr *)&in6
								: (const struct sockaddr *)&in;
	struct geo_place place = {.asn = 0};

	memcpy(&in6.sin6_addr, addr, sizeof(in6.sin6_addr));
	memcpy(&in.sin_addr, addr, sizeof(in.sin_addr));
	for (size_t i = 0; i < geo->n_files; i++) {
		MMDB_lookup_result_s result;
		int r;

		result = MMDB_lookup_sockaddr(&geo->files[i].mmdb, sockaddr, &r);
		if (r != MMDB_SUCCESS || !result.found_entry)
			continue;
		read_country(&result.entry, &place);
		read_asn(&result.entry, &place);
	}
	return place_number(geo, &place);
}

uint32_t geo_find(struct geo *geo, uint8_t family, const uint8_t addr[16])
{
	struct cached *cached;
	uint64_t words[2];

	if (!geo || (family != FAMILY_IPV4 && family != FAMILY_IPV6))
		return 0;
	memcpy(words, addr, sizeof(words));
	cached = &geo->cache[mix(words[0] ^ geo->seed[0], words[1] ^ geo->seed[1]) >>
			     (64 - CACHE_BITS)];
	if (cached->family == family && memcmp(cached->addr, addr, sizeof(cached->addr)) == 0)
		return cached->place;
	cached->family = family;
	memcpy(cached->addr, addr, sizeof(cached->addr));
	cached->place = look_up(geo, family, addr);
	return cached->place;
}

#else

int geo_open(const struct geo_config *config ATTR_UNUSED, struct geo **ret_geo ATTR_UNUSED,
	     char *error, size_t error_size)
{
	(void)snprintf(error, error_size, "this pktop was built without libmaxminddb");
	return -ENOTSUP;
}

void geo_close(struct geo *geo ATTR_UNUSED)
{
}

size_t geo_n_files(const struct geo *geo ATTR_UNUSED)
{
	return 0;
}

void geo_get_file(const struct geo *geo ATTR_UNUSED, size_t i ATTR_UNUSED,
		  struct geo_file *ret_file)
{
	*ret_file = (struct geo_file){.path = "", .type = ""};
}

uint32_t geo_find(struct geo *geo ATTR_UNUSED, uint8_t family ATTR_UNUSED,
		  const uint8_t addr[16] ATTR_UNUSED)
{
	return 0;
}

const struct geo_place *geo_place(const struct geo *geo ATTR_UNUSED, uint32_t number ATTR_UNUSED)
{
	return NULL;
}

uint64_t geo_refused(const struct geo *geo ATTR_UNUSED)
{
	return 0;
}

#endif
