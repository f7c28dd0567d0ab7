/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The file of a report, which appears under its name only when it is whole. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "macro.h"
#include "report.h"

#define TRIES 100

/*
 * Without a name until it is whole, so that SIGKILL leaves nothing; where the file system knows no
 * such files, under a temporary one.
 */
struct report_file {
	FILE *stream;
	int dir;            /* directory of the file; -1: written directly, no renaming */
	char *name;         /* in the directory */
	char temporary[32]; /* in the directory; "": none */
};

void report_file_discard(struct report_file *file)
{
	if (!file)
		return;
	if (file->stream)
		(void)fclose(file->stream); /* what it could lose is not wanted */
	if (file->temporary[0])
		(void)unlinkat(file->dir, file->temporary, 0);
	close_fdp(&file->dir);
	free(file->name);
	free(file);
}
DEFINE_CLEANUP(struct report_file *, report_file_discard);

/* Gives a file a temporary name; fd -1: makes it. Returns a descriptor of the file. */
static int take_name(struct report_file *file, int fd)
{
	char self[32];

	(void)snprintf(self, sizeof(self), "/proc/self/fd/%d", fd);
	for (unsigned int i = 0; i < TRIES; i++) {
		uint64_t number;
		int r;

		if (getrandom(&number, sizeof(number), 0) != (ssize_t)sizeof(number))
			return -EIO;
		(void)snprintf(file->temporary, sizeof(file->temporary), ".pktop.%016llx",
			       (unsigned long long)number);
		/* not mkstemp(): the file has the mode that the umask asks for */
		if (fd < 0)
			r = openat(file->dir, file->temporary,
				   O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
		else
			r = linkat(AT_FDCWD, self, file->dir, file->temporary, AT_SYMLINK_FOLLOW);
		if (r >= 0)
			return fd < 0 ? r : fd;
		r = -errno;
		file->temporary[0] = '\0'; /* not ours to remove */
		if (r != -EEXIST)
			return r;
	}
	return -EEXIST;
}

static int open_temporary(struct report_file *file)
{
	int fd = openat(file->dir, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);

	/* it can only get a name where there is a /proc */
	if (fd >= 0 && access("/proc/self/fd", X_OK) == 0)
		return fd;
	close_fdp(&fd);
	return take_name(file, -1);
}

/* Opens the directory of path and keeps the name within it. */
static int open_dir(struct report_file *file, const char *path)
{
	cleanup(freep) char *dir = strdup(path);

	if (!dir)
		return -ENOMEM;

	char *slash = strrchr(dir, '/');
	const char *name = slash ? slash + 1 : path, *open_path = ".";

	if (slash) {
		*slash = '\0';
		open_path = slash == dir ? "/" : dir;
	}
	if (!*name)
		return *path ? -EISDIR : -ENOENT;
	if (strlen(name) > NAME_MAX)
		return -ENAMETOOLONG;
	file->name = strdup(name);
	if (!file->name)
		return -ENOMEM;
	file->dir = open(open_path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return file->dir < 0 ? -errno : 0;
}

/* Returns a descriptor to write to. */
static int open_any(struct report_file *file, const char *path, enum report_file_over over)
{
	cleanup(freep) char *real = realpath(path, NULL);
	struct stat st;

	if (!real && errno != ENOENT)
		return -errno;
	if (real && stat(real, &st) < 0)
		return -errno;
	if (real && S_ISDIR(st.st_mode))
		return -EISDIR;
	if (real && over == REPORT_FILE_NEW && S_ISREG(st.st_mode))
		return -EEXIST;
	if (real && over != REPORT_FILE_ANY && !S_ISREG(st.st_mode))
		return -ENXIO;
	if (real && !S_ISREG(st.st_mode)) {
		int fd = open(real, O_WRONLY | O_CLOEXEC | O_NOCTTY);

		return fd < 0 ? -errno : fd;
	}

	int r = open_dir(file, real ? real : path);

	return r < 0 ? r : open_temporary(file);
}

int report_file_open(const char *path, enum report_file_over over, struct report_file **ret_file)
{
	cleanup(report_file_discardp) struct report_file *file = calloc(1, sizeof(*file));

	if (!file)
		return -ENOMEM;
	file->dir = -1;

	cleanup(close_fdp) int fd = open_any(file, path, over);

	if (fd < 0)
		return fd;
	file->stream = fdopen(fd, "w");
	if (!file->stream)
		return -errno;
	(void)take_fd(fd);
	*ret_file = take_ptr(file);
	return 0;
}

FILE *report_file_stream(struct report_file *file)
{
	return file->stream;
}

/* Everything up to the disk. Devices and pipes cannot be synced, which is no error. */
static int flush_file(FILE *stream)
{
	if (fflush(stream) != 0)
		return -errno;
	if (ferror(stream))
		return -EIO;
	if (fsync(fileno(stream)) < 0 && errno != EINVAL && errno != EROFS)
		return -errno;
	return 0;
}

int report_file_commit(struct report_file *file_)
{
	cleanup(report_file_discardp) struct report_file *file = file_;
	int r = flush_file(file->stream);

	if (r == 0 && file->dir >= 0 && !file->temporary[0])
		r = MIN(take_name(file, fileno(file->stream)), 0);
	if (fclose(take_ptr(file->stream)) != 0 && r == 0)
		r = -errno;
	if (r < 0 || file->dir < 0)
		return r;
	if (renameat(file->dir, file->temporary, file->dir, file->name) < 0)
		return -errno;
	file->temporary[0] = '\0';
	/* Some file systems cannot sync directories. */
	if (fsync(file->dir) < 0 && errno != EINVAL)
		return -errno;
	return 0;
}
