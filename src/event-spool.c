/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps batches of records in order until they are delivered. */
#include "config.h"

#include "event-spool.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "macro.h"

#define NAME_MAX_BYTES 64

struct batch {
	uint64_t number; /* names the file */
	uint64_t named;  /* so many bytes of it were delivered, says its name */
	uint64_t n_records;
	size_t begin, size; /* of what waits, and where it ends */
	char *lines; /* in memory alone */
	size_t capacity;
};

struct event_spool {
	int dir; /* -1: in memory */
	uint64_t max_bytes, bytes, n_records, next;
	/* The oldest first; the last one is being made where open is true. */
	struct batch *batches;
	size_t n, capacity;
	bool open;
	int fd; /* of the one that is being made */
};
DEFINE_CLEANUP(struct event_spool *, event_spool_free);

/* NUMBER.ndjson, or NUMBER+DELIVERED.ndjson */
static void name_of(char buf[NAME_MAX_BYTES], uint64_t number, uint64_t delivered)
{
	int n = snprintf(buf, NAME_MAX_BYTES, "%020" PRIu64, number);

	if (delivered)
		n += snprintf(buf + n, NAME_MAX_BYTES - (size_t)n, "+%" PRIu64, delivered);
	(void)snprintf(buf + n, NAME_MAX_BYTES - (size_t)n, ".ndjson");
}

static int batch_add(struct event_spool *spool, uint64_t number, struct batch **ret_batch)
{
	if (spool->n == spool->capacity) {
		size_t capacity = MAX(2 * spool->capacity, (size_t)64);
		struct batch *batches =
			reallocarray(spool->batches, capacity, sizeof(*spool->batches));

		if (!batches)
			return -ENOMEM;
		spool->batches = batches;
		spool->capacity = capacity;
	}
	*ret_batch = &spool->batches[spool->n++];
	**ret_batch = (struct batch){.number = number};
	spool->next = MAX(spool->next, number + 1);
	return 0;
}

static int read_whole(int fd, size_t begin, char *lines, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = pread(fd, lines + done, size - done, (off_t)(begin + done));

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -ENODATA;
		done += (size_t)n;
	}
	return 0;
}

/* What waits of it. */
static int batch_load(const struct event_spool *spool, const struct batch *batch, char **ret_lines)
{
	size_t size = batch->size - batch->begin;
	cleanup(freep) char *lines = malloc(size + 1);
	cleanup(close_fdp) int fd = -1;
	char name[NAME_MAX_BYTES];
	int r;

	if (!lines)
		return -ENOMEM;
	if (batch->lines) {
		memcpy(lines, batch->lines + batch->begin, size);
	} else {
		name_of(name, batch->number, batch->named);
		fd = openat(spool->dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
		if (fd < 0)
			return -errno;
		r = read_whole(fd, batch->begin, lines, size);
		if (r < 0)
			return r;
	}
	*ret_lines = take_ptr(lines);
	return 0;
}

/* A batch of an earlier run: what was not written to the end of a line is cut off. */
static int recover(struct event_spool *spool, const char *name, uint64_t number, uint64_t delivered)
{
	cleanup(freep) char *lines = NULL;
	struct batch *batch;
	struct stat st;
	size_t size;
	int r = batch_add(spool, number, &batch);

	if (r < 0)
		return r;
	if (fstatat(spool->dir, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -EINVAL;
	batch->named = delivered;
	batch->size = (size_t)st.st_size;
	batch->begin = MIN(delivered, batch->size);
	size = batch->size - batch->begin;
	r = batch_load(spool, batch, &lines);
	if (r < 0)
		return r;
	while (size && lines[size - 1] != '\n')
		size--;
	for (size_t i = 0; i < size; i++)
		batch->n_records += lines[i] == '\n';
	batch->size = batch->begin + size;
	spool->bytes += size;
	spool->n_records += batch->n_records;
	return 0;
}

static int compare_batches(const void *a, const void *b)
{
	const struct batch *x = a, *y = b;

	return CMP(x->number, y->number);
}

static int scan(struct event_spool *spool)
{
	int fd = dup(spool->dir), r = 0;
	struct dirent *entry;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);

	if (!dir) {
		r = -errno;
		if (fd >= 0)
			(void)close(fd);
		return r;
	}
	while (r == 0 && (entry = readdir(dir))) {
		char name[NAME_MAX_BYTES];
		char *end;
		uint64_t number = strtoull(entry->d_name, &end, 10);
		uint64_t delivered = *end == '+' ? strtoull(end + 1, NULL, 10) : 0;

		name_of(name, number, delivered);
		if (strcmp(name, entry->d_name) == 0)
			r = recover(spool, name, number, delivered);
	}
	(void)closedir(dir);
	if (spool->n)
		qsort(spool->batches, spool->n, sizeof(*spool->batches), compare_batches);
	return r;
}

static int open_dir(struct event_spool *spool, const char *path)
{
	struct stat st;

	if (mkdir(path, 0700) < 0 && errno != EEXIST)
		return -errno;
	spool->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (spool->dir < 0 || fstat(spool->dir, &st) < 0)
		return -errno;
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return -EPERM;
	if (flock(spool->dir, LOCK_EX | LOCK_NB) < 0)
		return -errno;
	return scan(spool);
}

int event_spool_new(const char *dir, uint64_t max_bytes, struct event_spool **ret_spool,
		    char *error, size_t error_size)
{
	cleanup(event_spool_freep) struct event_spool *spool = calloc(1, sizeof(*spool));
	int r = 0;

	if (!spool)
		return -ENOMEM;
	spool->dir = spool->fd = -1;
	spool->max_bytes = max_bytes;
	if (dir)
		r = open_dir(spool, dir);
	if (r < 0) {
		(void)snprintf(error, error_size, "--spool: cannot use %s: %s", dir,
			       r == -EWOULDBLOCK ? "another pktop has it"
			       : r == -EPERM     ? "others may write there"
						 : strerror(-r));
		return r;
	}
	*ret_spool = take_ptr(spool);
	return 0;
}

void event_spool_free(struct event_spool *spool)
{
	if (!spool)
		return;
	for (size_t i = 0; i < spool->n; i++)
		free(spool->batches[i].lines);
	free(spool->batches);
	close_fdp(&spool->fd);
	close_fdp(&spool->dir);
	free(spool);
}

static int begin_batch(struct event_spool *spool)
{
	char name[NAME_MAX_BYTES];
	struct batch *batch;
	int r = batch_add(spool, spool->next, &batch);

	if (r < 0)
		return r;
	spool->open = true;
	if (spool->dir < 0)
		return 0;
	name_of(name, batch->number, 0);
	spool->fd =
		openat(spool->dir, name, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, 0600);
	if (spool->fd >= 0)
		return 0;
	r = -errno;
	spool->n--;
	spool->open = false;
	return r;
}

static int store(struct event_spool *spool, struct batch *batch, const char *record, size_t size)
{
	if (spool->dir >= 0) {
		ssize_t n = write(spool->fd, record, size);
		int r = n < 0 ? -errno : -ENOSPC;

		if (n == (ssize_t)size)
			return 0;
		/* a part of a line would spoil the next one */
		(void)ftruncate(spool->fd, (off_t)batch->size);
		return r;
	}
	if (batch->size + size > batch->capacity) {
		size_t capacity = MAX(2 * batch->capacity, batch->size + size);
		char *lines = realloc(batch->lines, capacity);

		if (!lines)
			return -ENOMEM;
		batch->lines = lines;
		batch->capacity = capacity;
	}
	memcpy(batch->lines + batch->size, record, size);
	return 0;
}

int event_spool_add(struct event_spool *spool, const char *record, size_t size)
{
	struct batch *batch;
	int r;

	if (spool->bytes + size > spool->max_bytes)
		return -ENOSPC;
	r = spool->open ? 0 : begin_batch(spool);
	if (r < 0)
		return r;
	batch = &spool->batches[spool->n - 1];
	r = store(spool, batch, record, size);
	if (r < 0)
		return r;
	batch->size += size;
	batch->n_records++;
	spool->bytes += size;
	spool->n_records++;
	return 0;
}

size_t event_spool_open_bytes(const struct event_spool *spool)
{
	return spool->open ? spool->batches[spool->n - 1].size : 0;
}

void event_spool_cut(struct event_spool *spool)
{
	if (!event_spool_open_bytes(spool))
		return;
	close_fdp(&spool->fd);
	spool->fd = -1;
	spool->open = false;
}

/* Size and number of those that max_size has room for, one at least. */
static size_t first_lines(const char *lines, size_t size, size_t max_size, uint64_t *ret_n)
{
	size_t used = 0;
	uint64_t n = 0;

	while (used < size) {
		const char *end = memchr(lines + used, '\n', size - used);
		size_t next = end ? (size_t)(end + 1 - lines) : size;

		if (n && next > max_size)
			break;
		used = next;
		n++;
	}
	*ret_n = n;
	return used;
}

int event_spool_first(struct event_spool *spool, size_t max_size, char **ret_lines,
		      size_t *ret_size, uint64_t *ret_n)
{
	const struct batch *batch = spool->batches;
	int r;

	if (spool->n == (spool->open ? 1u : 0u))
		return -ENOENT;
	r = batch_load(spool, batch, ret_lines);
	if (r == -ENOENT || r == -ELOOP || r == -ENODATA) {
		*ret_size = batch->size - batch->begin;
		*ret_n = batch->n_records;
		return -ESTALE;
	}
	if (r < 0)
		return r;
	*ret_size = first_lines(*ret_lines, batch->size - batch->begin, max_size, ret_n);
	*ret_n = MIN(*ret_n, batch->n_records); /* somebody may have written to the file */
	return 0;
}

/* What cannot be renamed or removed is delivered once more, by the next run. */
void event_spool_drop(struct event_spool *spool, size_t size, uint64_t n)
{
	struct batch *batch = spool->batches;
	char name[NAME_MAX_BYTES], later[NAME_MAX_BYTES];

	batch->begin += size;
	if (batch->begin == batch->size)
		n = batch->n_records;
	batch->n_records -= n;
	spool->n_records -= n;
	spool->bytes -= size;
	name_of(name, batch->number, batch->named);
	if (batch->begin < batch->size) {
		name_of(later, batch->number, batch->begin);
		if (spool->dir >= 0 && renameat(spool->dir, name, spool->dir, later) == 0)
			batch->named = batch->begin;
		return;
	}
	free(batch->lines);
	if (spool->dir >= 0)
		(void)unlinkat(spool->dir, name, 0);
	memmove(batch, batch + 1, --spool->n * sizeof(*batch));
}

uint64_t event_spool_n_records(const struct event_spool *spool)
{
	return spool->n_records;
}
