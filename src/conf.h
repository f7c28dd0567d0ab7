/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of lines "name = value", with comments: reads them, and changes values in them. */
#ifndef CONF_H
#define CONF_H

#include <stddef.h>

/* Larger files are refused. */
#define CONF_SIZE_MAX (64 * 1024)

/*
 * Receives one line that is neither blank nor a comment ("#" at its begin), without blanks around
 * name and value, which it may change. value is NULL where there is no "=".
 */
typedef void (*conf_line_fn)(void *data, unsigned int number, char *name, char *value);

/*
 * Reads all lines. -errno where the file cannot be opened or read; -EPERM and a reason where it is
 * not to be trusted: it is no file, too large, others may write to it, or the process is root and
 * another user owns it.
 */
int conf_read(const char *path, conf_line_fn line, void *data, const char **ret_why);

struct conf_value {
	const char *name;
	const char *value; /* NULL: the lines of this name go */
};

/*
 * Gives names their values and leaves all other lines as they are; what is not there yet comes at
 * the end. Missing directories are made. The new file takes the place of the old one when it is
 * whole and on the disk. -EPERM and a reason where the old file or its directory is not to be
 * trusted, as above.
 */
int conf_write(const char *path, const struct conf_value *values, size_t n, const char **ret_why);

#endif
