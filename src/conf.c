/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads and writes files of lines "name = value". */
#include "config.h"

#include "conf.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "macro.h"

static const char blanks[] = " \t\r\n\v\f";

static char *trim(char *text)
{
	size_t n;

	text += strspn(text, blanks);
	for (n = strlen(text); n && strchr(blanks, text[n - 1]); n--)
		;
	text[n] = '\0';
	return text;
}

static void read_line(char *text, unsigned int number, conf_line_fn line, void *data)
{
	char *value;

	text = trim(text);
	if (!*text || *text == '#')
		return;
	value = strchr(text, '=');
	if (value)
		*value++ = '\0';
	line(data, number, trim(text), value ? trim(value) : NULL);
}

/* NULL: the file is as it should be. */
static const char *distrust(const struct stat *stat)
{
	if (!S_ISREG(stat->st_mode))
		return "it is not a file";
	if (stat->st_size > CONF_SIZE_MAX)
		return "it is larger than 64 KiB";
	if (geteuid() == 0 && stat->st_uid != 0)
		return "this runs as root, and another user owns it";
	if (stat->st_mode & (S_IWGRP | S_IWOTH))
		return "others than its owner may write to it";
	return NULL;
}

int conf_read(const char *path, conf_line_fn line, void *data, const char **ret_why)
{
	/* a FIFO must not hold the start up */
	cleanup(close_fdp) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	cleanup(fclosep) FILE *file = NULL;
	cleanup(freep) char *text = NULL;
	struct stat stat;
	size_t size = 0;

	*ret_why = NULL;
	if (fd < 0 || fstat(fd, &stat) < 0)
		return -errno;
	*ret_why = distrust(&stat);
	if (*ret_why)
		return -EPERM;
	file = fdopen(fd, "r");
	if (!file)
		return -errno;
	(void)take_fd(fd);
	for (unsigned int number = 1; getline(&text, &size, file) >= 0; number++)
		read_line(text, number, line, data);
	return ferror(file) ? -EIO : 0;
}

/* ---- writing ---- */

/* Where the name that stands in a line is among the values; n: it is not. */
static size_t find_value(const char *line, const struct conf_value *values, size_t n)
{
	size_t len, i = 0;

	line += strspn(line, blanks);
	len = strcspn(line, "=");
	if (line[len] != '=')
		return n;
	while (len && strchr(blanks, line[len - 1]))
		len--;
	while (i < n && (strlen(values[i].name) != len || strncmp(values[i].name, line, len) != 0))
		i++;
	return i;
}

static void put_value(FILE *file, const struct conf_value *value, bool *done)
{
	if (value->value && !*done)
		(void)fprintf(file, "%s = %s\n", value->name, value->value);
	*done = true;
}

/* The lines of the old file, if there is one, with the new values. */
static int copy_lines(FILE *old, FILE *file, const struct conf_value *values, size_t n)
{
	cleanup(freep) bool *done = calloc(n, sizeof(*done));
	cleanup(freep) char *line = NULL;
	size_t size = 0;

	if (!done)
		return -ENOMEM;
	while (old && getline(&line, &size, old) >= 0) {
		size_t i = find_value(line, values, n);

		if (i < n)
			put_value(file, &values[i], &done[i]);
		else
			(void)fprintf(file, "%s%s", line, strchr(line, '\n') ? "" : "\n");
	}
	for (size_t i = 0; i < n; i++)
		put_value(file, &values[i], &done[i]);
	return (old && ferror(old)) || ferror(file) ? -EIO : 0;
}

/* Makes the directories above a file. path is changed meanwhile. */
static int make_directories(char *path)
{
	for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
		int r;

		*slash = '\0';
		r = mkdir(path, 0700) < 0 && errno != EEXIST ? -errno : 0;
		*slash = '/';
		if (r < 0)
			return r;
	}
	return 0;
}

/* Opens the old file, if there is one, after a look at who owns what. */
static int open_old(const char *path, FILE **ret_file, const char **ret_why)
{
	char directory[PATH_MAX];
	cleanup(fclosep) FILE *file = NULL;
	struct stat stat_;

	(void)snprintf(directory, sizeof(directory), "%.*s",
		       (int)(strrchr(path, '/') - path + (strrchr(path, '/') == path)), path);
	if (stat(directory, &stat_) < 0)
		return -errno;
	if (geteuid() == 0 && stat_.st_uid != 0) {
		*ret_why = "this runs as root, and another user owns the directory";
		return -EPERM;
	}
	file = fopen(path, "re");
	if (!file)
		return errno == ENOENT ? 0 : -errno;
	if (fstat(fileno(file), &stat_) < 0)
		return -errno;
	*ret_why = distrust(&stat_);
	if (*ret_why)
		return -EPERM;
	*ret_file = take_ptr(file);
	return 0;
}

static int write_new(FILE *old, const char *temporary, int fd, const struct conf_value *values,
		     size_t n)
{
	FILE *file = fdopen(fd, "w");
	int r;

	if (!file) {
		r = -errno;
		(void)close(fd);
		return r;
	}
	r = copy_lines(old, file, values, n);
	if (r == 0 && (fflush(file) != 0 || fsync(fd) < 0))
		r = -errno;
	if (fclose(file) != 0 && r == 0)
		r = -errno;
	if (r < 0)
		(void)unlink(temporary);
	return r;
}

int conf_write(const char *path, const struct conf_value *values, size_t n, const char **ret_why)
{
	cleanup(fclosep) FILE *old = NULL;
	char target[PATH_MAX], temporary[PATH_MAX + 8];
	int r, fd;

	*ret_why = NULL;
	/* of a link, the file that it leads to */
	if (!realpath(path, target) &&
	    snprintf(target, sizeof(target), "%s%s", *path == '/' ? "" : "./", path) >= PATH_MAX)
		return -ENAMETOOLONG;
	r = make_directories(target);
	if (r == 0)
		r = open_old(target, &old, ret_why);
	if (r < 0)
		return r;
	(void)snprintf(temporary, sizeof(temporary), "%s.XXXXXX", target);
	fd = mkostemp(temporary, O_CLOEXEC);
	if (fd < 0)
		return -errno;
	r = write_new(old, temporary, fd, values, n);
	if (r == 0 && rename(temporary, target) < 0) {
		r = -errno;
		(void)unlink(temporary);
	}
	return r;
}
