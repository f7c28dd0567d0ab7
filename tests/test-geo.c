/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Country and system of addresses, from tests/geo.mmdb. */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "geo.h"
#include "macro.h"
#include "sample.h"

#include "tap.h"

#ifdef HAVE_MAXMINDDB

static const struct {
	const char *addr, *country, *org;
	uint32_t asn;
} cases[] = {
	{"192.0.2.1", "DE", "Example One", 64496},
	{"192.0.2.255", "DE", "Example One", 64496},
	{"198.51.100.127", "SE", "Example Two", 64497},
	{"198.51.100.128", "FR", "Example Two", 64497},
	{"203.0.113.5", "", "Bad\\x1b[31m\\u{202e}Name", 64498},
	{"10.0.0.1", "", "", 0},
	{"0.0.0.0", "", "", 0},
	{"2001:db8:1::5", "JP", "Example Six", 64499},
	{"2001:db8:2::5", "", "", 64500},
	{"2001:db8:3::5", "CH", "", 0},
	{"2001:db8:4::", "", "", 0},
	{"::", "", "", 0},
};

static const struct geo_place *find(struct geo *geo, const char *text)
{
	uint8_t addr[16] = {0};

	if (inet_pton(AF_INET, text, addr) == 1)
		return geo_place(geo, geo_find(geo, FAMILY_IPV4, addr));
	(void)inet_pton(AF_INET6, text, addr);
	return geo_place(geo, geo_find(geo, FAMILY_IPV6, addr));
}

static void test_cases(struct geo *geo, const char *round)
{
	static const struct geo_place nowhere;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const struct geo_place *place = find(geo, cases[i].addr);
		bool known = *cases[i].country || cases[i].asn;

		ok(!place == !known, "%s, %s: known or not", cases[i].addr, round);
		place = place ? place : &nowhere;
		is_u64(place->asn, cases[i].asn, "%s, %s: system", cases[i].addr, round);
		is_str(place->country, cases[i].country, "%s, %s: country", cases[i].addr, round);
		is_str(place->org, cases[i].org, "%s, %s: organisation", cases[i].addr, round);
	}
	ok(find(geo, "192.0.2.1") == find(geo, "192.0.2.255"), "%s: a place is kept once", round);
	ok(find(geo, "198.51.100.1") != find(geo, "198.51.100.200"),
	   "%s: a system in two countries is two places", round);
}

/* More addresses than the table holds, among them those of the cases. */
static void crowd(struct geo *geo)
{
	for (uint32_t i = 0; i < 1 << 18; i++) {
		uint32_t word = htonl(i);
		uint8_t addr[16] = {0};

		memcpy(addr, &word, sizeof(word));
		if (geo_find(geo, FAMILY_IPV4, addr))
			ok(false, "an address of nobody has a place");
	}
}

static int open_files(const char *path, size_t n, struct geo **ret_geo, char *error, size_t size)
{
	struct geo_config config = {.n_files = n};

	for (size_t i = 0; i < n; i++)
		(void)snprintf(config.files[i], sizeof(config.files[i]), "%s", path);
	return geo_open(&config, ret_geo, error, size);
}

/* A file at path, which is no database. */
static void test_bad(const char *path, const char *why)
{
	char error[4200], want[4200];
	struct geo *geo = NULL;

	(void)snprintf(want, sizeof(want), "cannot read %s: %s", path, why);
	is_int(open_files(path, 1, &geo, error, sizeof(error)), -EINVAL, "%s is refused", path);
	is_str(error, want, "%s: a sentence", path);
	ok(!geo, "%s: nothing is opened", path);
}

static void write_file(const char *path, const void *data, size_t n)
{
	FILE *stream = fopen(path, "wb");

	ok(stream && fwrite(data, 1, n, stream) == n, "wrote %s", path);
	if (stream)
		(void)fclose(stream);
}

static void test_bad_files(const char *good)
{
	char dir[] = "/tmp/test-geo.XXXXXX", path[64];
	static uint8_t data[65536];
	FILE *stream = fopen(good, "rb");
	size_t n = stream ? fread(data, 1, sizeof(data), stream) : 0;

	if (stream)
		(void)fclose(stream);
	ok(n > 0 && mkdtemp(dir), "a directory");
	test_bad("/nowhere/geo.mmdb", "No such file or directory");
	test_bad("/dev/null", "it is no regular file");
	test_bad(dir, "it is no regular file");
	(void)snprintf(path, sizeof(path), "%s/file", dir);
	is_int(mkfifo(path, 0600), 0, "a FIFO");
	test_bad(path, "it is no regular file");
	(void)unlink(path);
	write_file(path, data, 0);
	test_bad(path, "it is empty");
	write_file(path, data, n / 2);
	test_bad(path, "it is no whole MaxMind DB file");
	write_file(path, "no database\n", 12);
	test_bad(path, "it is no whole MaxMind DB file");
	(void)unlink(path);
	(void)rmdir(dir);
}

static void test_files(const char *good)
{
	const struct geo_config off = {.off = true};
	uint8_t addr[16] = {192, 0, 2, 1};
	struct geo_file file;
	char error[256];
	struct geo *geo = NULL;

	is_int(geo_open(&off, &geo, error, sizeof(error)), -ENOENT, "none wanted");
	is_str(error, "nothing is looked up (--geo none)", "none wanted: a sentence");
	is_u64(geo_find(NULL, FAMILY_IPV4, addr), 0, "no files: nothing is known");
	ok(!geo_place(NULL, 1), "no files: there is no place");
	is_int(open_files(good, 2, &geo, error, sizeof(error)), 0, "the same file twice");
	is_str(error, "", "nothing to say");
	is_u64(geo_n_files(geo), 2, "there are two");
	geo_get_file(geo, 1, &file);
	is_str(file.path, good, "path");
	is_str(file.type, "Test-ASN-Country", "type");
	ok(file.built_s > 1700000000, "when it was built");
	is_u64(geo_find(geo, FAMILY_ARP, addr), 0, "ARP has no place");
	is_u64(geo_refused(geo), 0, "nothing was refused");
	ok(!geo_place(geo, 0) && !geo_place(geo, UINT32_MAX), "numbers of no place");
	geo_close(geo);
}

/* A file cut at every length, or with any octet changed, does no harm. */
static void test_damage(const char *good)
{
	char path[] = "/tmp/test-geo.XXXXXX", error[256];
	static uint8_t data[65536];
	FILE *stream = fopen(good, "rb");
	size_t n = stream ? fread(data, 1, sizeof(data), stream) : 0;
	int fd = mkstemp(path);
	unsigned int n_opened = 0;

	if (stream)
		(void)fclose(stream);
	ok(n > 0 && n < sizeof(data) && fd >= 0, "a copy");
	for (size_t i = 0; i < 2 * n; i += 7) {
		size_t length = i < n ? i : n;
		struct geo *geo = NULL;

		if (i >= n)
			data[i - n] ^= 0x5a;
		if (ftruncate(fd, 0) < 0 || pwrite(fd, data, length, 0) != (ssize_t)length)
			break;
		if (i >= n)
			data[i - n] ^= 0x5a;
		if (open_files(path, 1, &geo, error, sizeof(error)) < 0)
			continue;
		n_opened++;
		for (size_t j = 0; j < ARRAY_SIZE(cases); j++)
			(void)find(geo, cases[j].addr);
		geo_close(geo);
	}
	ok(n_opened > 0, "damaged files were read: %u", n_opened);
	(void)close(fd);
	(void)unlink(path);
}

int main(void)
{
	const char *dir = getenv("top_srcdir");
	char path[4096], error[256];
	struct geo *geo = NULL;

	(void)snprintf(path, sizeof(path), "%s/tests/geo.mmdb", dir ? dir : ".");
	is_int(open_files(path, 1, &geo, error, sizeof(error)), 0, "the file opens");
	if (!geo)
		return tap_done();
	test_cases(geo, "first");
	test_cases(geo, "again");
	crowd(geo);
	test_cases(geo, "after a crowd");
	geo_close(geo);
	test_files(path);
	test_bad_files(path);
	test_damage(path);
	return tap_done();
}

#else

int main(void)
{
	tap_skip_all("built without libmaxminddb");
}

#endif
