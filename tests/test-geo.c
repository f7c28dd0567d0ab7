/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Country and system of addresses, from tests/geo.mmdb. */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
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

static struct geo_entry find(struct geo *geo, const char *text)
{
	uint8_t addr[16] = {0};

	if (inet_pton(AF_INET, text, addr) == 1)
		return geo_find(geo, FAMILY_IPV4, addr);
	(void)inet_pton(AF_INET6, text, addr);
	return geo_find(geo, FAMILY_IPV6, addr);
}

static void test_cases(struct geo *geo, const char *round)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct geo_entry entry = find(geo, cases[i].addr);

		is_u64(entry.asn, cases[i].asn, "%s, %s: system", cases[i].addr, round);
		is_str(entry.country, cases[i].country, "%s, %s: country", cases[i].addr, round);
		is_str(geo_org(geo, entry.org), cases[i].org, "%s, %s: organisation", cases[i].addr,
		       round);
	}
}

/* More addresses than the table holds, among them those of the cases. */
static void crowd(struct geo *geo)
{
	for (uint32_t i = 0; i < 1 << 18; i++) {
		uint32_t word = htonl(i);
		uint8_t addr[16] = {0};

		memcpy(addr, &word, sizeof(word));
		if (geo_find(geo, FAMILY_IPV4, addr).asn)
			ok(false, "an address of nobody has a system");
	}
}

static void test_files(const char *good)
{
	const char *const many[] = {good, good, good, good, good};
	const char *const none[] = {"/nowhere/geo.mmdb"};
	const char *const bad[] = {"/dev/null"};
	uint8_t addr[16] = {192, 0, 2, 1};
	char error[256];
	struct geo *geo = NULL;

	is_int(geo_open(many, 5, &geo, error, sizeof(error)), -E2BIG, "too many files");
	is_str(error, "4 files are the most", "too many files: a sentence");
	is_int(geo_open(none, 1, &geo, error, sizeof(error)), -EINVAL, "no such file");
	is_str(error, "cannot read /nowhere/geo.mmdb: No such file or directory",
	       "no such file: a sentence");
	ok(geo_open(bad, 1, &geo, error, sizeof(error)) < 0, "a file of another kind");
	ok(strncmp(error, "cannot read /dev/null: ", 23) == 0,
	   "a file of another kind: a sentence");
	ok(!geo, "nothing is opened then");
	is_u64(geo_find(NULL, FAMILY_IPV4, addr).asn, 0, "no files: nothing is known");
	is_int(geo_open(many, 2, &geo, error, sizeof(error)), 0, "the same file twice");
	is_str(geo_title(geo), "Test-ASN-Country, Test-ASN-Country", "both have a title");
	is_u64(geo_find(geo, FAMILY_ARP, addr).asn, 0, "ARP has no system");
	geo_close(geo);
}

/* A file cut at every length, or with any octet changed, does no harm. */
static void test_damage(const char *good)
{
	char path[] = "/tmp/test-geo.XXXXXX", error[256];
	const char *const files[] = {path};
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
		if (geo_open(files, 1, &geo, error, sizeof(error)) < 0)
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
	const char *const files[] = {path};
	struct geo *geo = NULL;

	(void)snprintf(path, sizeof(path), "%s/tests/geo.mmdb", dir ? dir : ".");
	is_int(geo_open(files, 1, &geo, error, sizeof(error)), 0, "the file opens");
	if (!geo)
		return tap_done();
	test_cases(geo, "first");
	test_cases(geo, "again");
	crowd(geo);
	test_cases(geo, "after a crowd");
	geo_close(geo);
	test_files(path);
	test_damage(path);
	return tap_done();
}

#else

int main(void)
{
	tap_skip_all("built without libmaxminddb");
}

#endif
