/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration file: options of the table, and keys. */
#ifndef OPTIONS_FILE_H
#define OPTIONS_FILE_H

#include <stddef.h>

struct options;

/*
 * Where the file is: $XDG_CONFIG_HOME/pktop/pktop.conf or ~/.config/pktop/pktop.conf. NULL where
 * the environment names no directory.
 */
const char *options_file_path(char *buf, size_t size);

/*
 * Reads the options of the file into settings. What is wrong is left out after a warning with file
 * and line; the first one is kept in settings->warning. -errno: the file was not read, and nothing
 * was said.
 */
int options_file_read(const char *path, struct options *settings, const char **ret_why);

/* Columns and order were given for the view of settings: hands them to that view of the table. */
void options_file_place(struct options *settings);

#endif
