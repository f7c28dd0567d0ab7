/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Files of lines "name = value", with comments: reads them. */
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

#endif
