/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Control groups of version 2: the directory of their root, and their names by number. */
#include "config.h"

#include "cgroup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mntent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cleanup.h"
#include "macro.h"
#include "mix.h"
#include "proc.h"
#include "text.h"

#define NAMES_MAX 16384u
#define PLACES (2 * NAMES_MAX)
#define DEPTH_MAX 64 /* of directories */

/* Of the system calls of kernel commits 24dcb3d90a1f and following (5.2); older headers lack them.
 */
#define FS_CLOEXEC 1
#define FS_CREATE 6

struct cgroup_names {
	int root;
	bool searched;
	size_t n;
	struct name {
		uint64_t id;
		char *path;
	} places[PLACES]; /* by hash; the path of an empty one is NULL */
};

static void closedirp(DIR **dir)
{
	if (*dir)
		(void)closedir(*dir);
}

/* A mount in no namespace. */
static int open_detached(void)
{
#ifdef SYS_fsopen
	cleanup(close_fdp) int context = (int)syscall(SYS_fsopen, "cgroup2", FS_CLOEXEC);
	cleanup(close_fdp) int mount = -1;
	int fd;

	if (context < 0)
		return -errno;
	if (syscall(SYS_fsconfig, context, FS_CREATE, NULL, NULL, 0) < 0)
		return -errno;
	mount = (int)syscall(SYS_fsmount, context, FS_CLOEXEC, 0);
	if (mount < 0)
		return -errno;
	fd = openat(mount, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? -errno : fd;
#else
	return -ENOSYS;
#endif
}

int cgroup_mount(char *buf, size_t size)
{
	cleanup(fclosep) FILE *file = setmntent("/proc/self/mounts", "re");
	char line[2 * PATH_MAX];
	struct mntent entry;

	while (file && getmntent_r(file, &entry, line, sizeof(line)))
		if (strcmp(entry.mnt_type, "cgroup2") == 0)
			return (size_t)snprintf(buf, size, "%s", entry.mnt_dir) < size
				       ? 0
				       : -ENAMETOOLONG;
	return -ENOENT;
}

int cgroup_root_open(void)
{
	char mount[PATH_MAX];
	int fd = -1;

	if (cgroup_mount(mount, sizeof(mount)) == 0)
		fd = open(mount, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return fd < 0 ? open_detached() : fd;
}

int cgroup_names_new(int root, struct cgroup_names **ret_names)
{
	struct cgroup_names *names = calloc(1, sizeof(*names));

	if (!names)
		return -ENOMEM;
	names->root = root;
	*ret_names = names;
	return 0;
}

static void clear(struct cgroup_names *names)
{
	for (size_t i = 0; i < PLACES; i++) {
		free(names->places[i].path);
		names->places[i].path = NULL;
	}
	names->n = 0;
}

void cgroup_names_free(struct cgroup_names *names)
{
	if (!names)
		return;
	clear(names);
	free(names);
}

void cgroup_names_refresh(struct cgroup_names *names)
{
	names->searched = false;
}

/* Its place, or the empty one where it would be. */
static struct name *find(struct cgroup_names *names, uint64_t id)
{
	size_t i = mix(id, 0x9e3779b97f4a7c15ULL) % PLACES;

	while (names->places[i].path && names->places[i].id != id)
		i = (i + 1) % PLACES;
	return &names->places[i];
}

static void add(struct cgroup_names *names, uint64_t id, const char *path)
{
	char escaped[4 * PATH_MAX];
	struct name *name = find(names, id);

	if (name->path)
		return;
	if (names->n == NAMES_MAX) {
		clear(names);
		name = find(names, id);
	}
	(void)text_escape(escaped, sizeof(escaped), path, (size_t)-1);
	name->id = id;
	name->path = strdup(escaped);
	names->n += name->path != NULL;
}

/* Adds all below a directory; path holds its own, of length n. */
static void search(struct cgroup_names *names, int parent, const char *directory, char *path,
		   size_t n, unsigned int depth)
{
	int fd = openat(parent, directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
	cleanup(closedirp) DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	const struct dirent *entry;

	if (!dir) {
		if (fd >= 0)
			(void)close(fd);
		return;
	}
	while ((entry = readdir(dir)) && names->n < NAMES_MAX) {
		size_t length = strlen(entry->d_name);

		if (entry->d_type != DT_DIR || entry->d_name[0] == '.' ||
		    n + length + 2 > PATH_MAX || depth == DEPTH_MAX)
			continue;
		path[n] = '/';
		memcpy(path + n + 1, entry->d_name, length + 1);
		add(names, entry->d_ino, path);
		search(names, fd, entry->d_name, path, n + 1 + length, depth + 1);
	}
}

/* What the process says, if it still is in that cgroup. */
static bool ask_process(struct cgroup_names *names, uint64_t id, uint32_t pid)
{
	char path[PATH_MAX];
	struct stat st;

	if (!pid || proc_cgroup(pid, path, sizeof(path)) < 0 || path[0] != '/')
		return false;
	if (fstatat(names->root, path[1] ? path + 1 : ".", &st, 0) < 0 || st.st_ino != id)
		return false;
	add(names, id, path);
	return true;
}

const char *cgroup_name(struct cgroup_names *names, uint64_t id, uint32_t pid)
{
	char path[PATH_MAX];
	struct stat st;

	if (!id || names->root < 0)
		return "";
	if (!find(names, id)->path && !ask_process(names, id, pid) && !names->searched) {
		names->searched = true;
		if (fstat(names->root, &st) == 0)
			add(names, st.st_ino, "/");
		search(names, names->root, ".", path, 0, 0);
	}
	return find(names, id)->path ? find(names, id)->path : "";
}
