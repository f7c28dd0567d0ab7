/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests batches of records in a directory: what others do to the files is found. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "event-spool.h"
#include "tap.h"

#define FIRST "00000000000000000000.ndjson"
#define PIECE "00000000000000000000+2.ndjson"

static char dir[] = "/tmp/test-event-spool.XXXXXX";

/* The first that have room in max_size, which are dropped. */
static void first_are(struct event_spool *spool, size_t max_size, int want, const char *want_lines,
		      uint64_t want_n, const char *name)
{
	char *lines = NULL;
	size_t size = 0;
	uint64_t n = 0;

	is_int(event_spool_first(spool, max_size, &lines, &size, &n), want, "%s", name);
	if (want != -ENOENT)
		is_u64(n, want_n, "%s: records", name);
	if (want_lines)
		ok(size == strlen(want_lines) && memcmp(lines, want_lines, size) == 0, "%s: lines",
		   name);
	free(lines);
	if (want != -ENOENT)
		event_spool_drop(spool, size, n);
}

static void first_is(struct event_spool *spool, int want, const char *want_lines, uint64_t want_n,
		     const char *name)
{
	first_are(spool, SIZE_MAX, want, want_lines, want_n, name);
}

static struct event_spool *open_dir(const char *path)
{
	struct event_spool *spool = NULL;
	char error[256];

	is_int(event_spool_new(path, 1000, &spool, error, sizeof(error)), 0, "a place to wait");
	return spool;
}

static struct event_spool *two_batches_in(const char *path)
{
	struct event_spool *spool = open_dir(path);

	(void)event_spool_add(spool, "a\n", 2);
	(void)event_spool_add(spool, "bc\n", 3);
	event_spool_cut(spool);
	(void)event_spool_add(spool, "d\n", 2);
	event_spool_cut(spool);
	is_u64(event_spool_n_records(spool), 3, "three records");
	return spool;
}

static struct event_spool *two_batches(void)
{
	return two_batches_in(dir);
}

static void empty(struct event_spool *spool)
{
	first_is(spool, 0, "d\n", 1, "the next batch");
	first_is(spool, -ENOENT, NULL, 0, "no more");
	is_u64(event_spool_n_records(spool), 0, "no records");
	event_spool_free(spool);
}

int main(void)
{
	struct event_spool *spool;

	ok(mkdtemp(dir) && chdir(dir) == 0, "a place");

	spool = two_batches();
	first_is(spool, 0, "a\nbc\n", 2, "the oldest batch");
	empty(spool);

	spool = two_batches();
	ok(truncate(FIRST, 3) == 0, "one is cut short");
	first_is(spool, -ESTALE, NULL, 2, "cut short");
	empty(spool);

	spool = two_batches();
	ok(unlink(FIRST) == 0, "one is removed");
	first_is(spool, -ESTALE, NULL, 2, "removed");
	empty(spool);

	for (int i = 0; i < 2; i++) {
		spool = two_batches_in(i ? NULL : dir);
		first_are(spool, 1, 0, "a\n", 1, "a piece, one record at least");
		is_u64(event_spool_n_records(spool), 2, "the rest waits");
		first_are(spool, 4, 0, "bc\n", 1, "a piece of one batch alone");
		empty(spool);
	}

	spool = two_batches();
	first_are(spool, 2, 0, "a\n", 1, "a piece");
	event_spool_free(spool);
	spool = open_dir(dir);
	is_u64(event_spool_n_records(spool), 2, "the next run has the rest");
	first_is(spool, 0, "bc\n", 1, "the rest of the first batch");
	empty(spool);

	spool = two_batches();
	first_are(spool, 2, 0, "a\n", 1, "a piece");
	ok(unlink(PIECE) == 0, "the rest is removed");
	first_is(spool, -ESTALE, NULL, 1, "the rest is removed");
	empty(spool);

	ok(chdir("/") == 0 && rmdir(dir) == 0, "nothing is left");
	return tap_done();
}
