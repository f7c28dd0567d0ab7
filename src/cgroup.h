/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Control groups of version 2: the directory of their root, and their names by number. */
#ifndef CGROUP_H
#define CGROUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cgroup_names;

/* Where version 2 is mounted, beside version 1 or alone; -ENOENT where it is not. */
int cgroup_mount(char *buf, size_t size);
/*
 * A descriptor of the directory where it is mounted, else of a mount that nobody sees and that ends
 * with the descriptor. -errno: there is none, and none can be made.
 */
int cgroup_root_open(void);

/* root: of cgroup_root_open(), which has to stay open; negative where there is none. */
int cgroup_names_new(int root, struct cgroup_names **ret_names);
/* NULL is allowed. */
void cgroup_names_free(struct cgroup_names *names);
/*
 * Path below the root, escaped, or "" where it is not known. The number is the inode of the
 * directory. pid: a process that is in it, or 0. Valid until the next call. Names are kept, also
 * for a time when the cgroup is gone.
 */
const char *cgroup_name(struct cgroup_names *names, uint64_t id, uint32_t pid);
/* From now on the tree may be searched once more for a number that is not known. */
void cgroup_names_refresh(struct cgroup_names *names);

#endif
