/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads files of lines "name = value". */
#include "config.h"

#include "conf.h"

#include <errno.h>
#include <fcntl.h>
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
