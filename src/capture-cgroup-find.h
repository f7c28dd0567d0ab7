/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the directory of a cgroup by what people call it. */
#ifndef CAPTURE_CGROUP_FIND_H
#define CAPTURE_CGROUP_FIND_H

#include <stddef.h>

/*
 * Opens the directory of the cgroup that name means, the first of these that there is: a path; a
 * path below the mount; the name of a directory anywhere in the tree (a systemd unit); a container
 * by its id, the begin of one, or the name that its runtime has for it. Returns a file descriptor
 * and writes the path below the mount to path, or returns -errno and writes a sentence to error.
 */
int cgroup_find(const char *name, char *path, size_t path_size, char *error, size_t error_size);

#endif
