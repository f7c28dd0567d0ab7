/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the directory of a cgroup by what people call it. */
#include "config.h"

#include "capture-cgroup-find.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "cgroup.h"
#include "cleanup.h"
#include "container.h"
#include "macro.h"
#include "text.h"

#define DEPTH_MAX 64 /* of directories, far more than the kernel's users make */
#define ID_MIN 4     /* digits of a container id that mean something */

/* What a walk over the tree has found. */
struct search {
	const char *name;
	bool is_id; /* the name may be the begin of a container id */
	char path[PATH_MAX];
	size_t n_names, n_ids;
	char by_name[2][PATH_MAX], by_id[2][PATH_MAX]; /* the first two */
};

static bool is_cgroup2(const char *path)
{
	struct statfs fs;

	return statfs(path, &fs) == 0 && fs.f_type == CGROUP2_SUPER_MAGIC;
}

static bool is_hex(const char *text, size_t n)
{
	return strspn(text, "0123456789abcdef") >= n;
}

/*
 * The id in the name of a container's directory, 64 hexadecimal digits at its end: bare,
 * "docker-ID.scope", "cri-containerd-ID.scope", "libpod-ID" ... NULL where there is none.
 */
static const char *find_id(const char *name)
{
	size_t length = strlen(name);
	const char *id;

	if (length > 6 && strcmp(name + length - 6, ".scope") == 0)
		length -= 6;
	if (length < 64)
		return NULL;
	id = name + length - 64;
	return is_hex(id, 64) && (id == name || id[-1] == '-') ? id : NULL;
}

/*
 * The directory of path is where a container begins, not one within it, and its runtime calls it
 * by this name. parent: length of the path of the directory above.
 */
static bool has_container_name(const char *path, size_t parent, const char *name)
{
	struct container_ref ref, above;
	struct container_names names;
	char text[CONTAINER_TEXT_MAX], outside[PATH_MAX];

	if (!container_parse(path, &ref))
		return false;
	(void)snprintf(outside, sizeof(outside), "%.*s", (int)parent, path);
	if (container_parse(outside, &above) && strcmp(above.id, ref.id) == 0)
		return false;
	text_escape(text, sizeof(text), name, (size_t)-1);
	return container_read("", &ref, &names) == 0 && strcmp(names.name, text) == 0;
}

static void note(char (*found)[PATH_MAX], size_t *n, const char *path)
{
	if (*n < 2)
		(void)snprintf(found[*n], PATH_MAX, "%s", path);
	(*n)++;
}

/* Looks at the directories in the one that search->path names. */
static void walk(struct search *search, int dir_fd, unsigned int depth)
{
	DIR *dir = fdopendir(dir_fd);
	size_t used = strlen(search->path);
	const struct dirent *entry;
	const char *id;

	if (!dir) {
		(void)close(dir_fd);
		return;
	}
	while ((entry = readdir(dir))) {
		int fd;

		if (entry->d_type != DT_DIR || entry->d_name[0] == '.')
			continue;
		if (used + strlen(entry->d_name) + 2 > sizeof(search->path))
			continue;
		(void)snprintf(search->path + used, sizeof(search->path) - used, "/%s",
			       entry->d_name);
		if (strcmp(entry->d_name, search->name) == 0)
			note(search->by_name, &search->n_names, search->path);
		id = search->is_id ? find_id(entry->d_name) : NULL;
		if (id && strncmp(id, search->name, strlen(search->name)) == 0)
			note(search->by_id, &search->n_ids, search->path);
		else if (has_container_name(search->path, used, search->name))
			note(search->by_id, &search->n_ids, search->path);
		fd = openat(dirfd(dir), entry->d_name,
			    O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
		if (fd >= 0 && depth < DEPTH_MAX)
			walk(search, fd, depth + 1);
		else
			close_fdp(&fd);
		search->path[used] = '\0';
	}
	(void)closedir(dir);
}

static int refuse(int r, const char *name, const char *where, const char *what, char *error,
		  size_t size)
{
	char text[512];

	text_escape(text, sizeof(text), name, (size_t)-1);
	(void)snprintf(error, size, "--cgroup: %s \"%s\" %s", what, text, where);
	return r;
}

/* By the name of a directory, or by the begin of an id: one that is the only one. */
static int find_in_tree(const char *mount, const char *name, char *path, size_t path_size,
			char *error, size_t error_size)
{
	static struct search search; /* too large for a stack; once per run */
	char first[256], second[256], where[1024], text[256];
	int fd = open(mount, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	size_t n;

	memset(&search, 0, sizeof(search));
	search.name = name;
	search.is_id = strlen(name) >= ID_MIN && is_hex(name, strlen(name));
	if (fd >= 0)
		walk(&search, fd, 0);
	text_escape(text, sizeof(text), mount, (size_t)-1);
	n = search.n_names ? search.n_names : search.n_ids;
	if (n == 1) {
		(void)snprintf(path, path_size, "%s",
			       search.n_names ? search.by_name[0] : search.by_id[0]);
		return 0;
	}
	if (!n) {
		(void)snprintf(where, sizeof(where),
			       "is below %s: neither a path, nor the name of a unit or another "
			       "cgroup or container, nor the begin of a container id (%d digits "
			       "or more)",
			       text, ID_MIN);
		return refuse(-ENOENT, name, where, "no cgroup", error, error_size);
	}
	for (int i = 0; i < 2; i++)
		text_escape(i ? second : first, sizeof(first),
			    search.n_names ? search.by_name[i] : search.by_id[i], (size_t)-1);
	(void)snprintf(where, sizeof(where), "means %zu cgroups, such as %s and %s: give a path", n,
		       first, second);
	return refuse(-ENOTUNIQ, name, where, "the name", error, error_size);
}

/* A path that is there, and in a tree of version 2. */
static int open_path(const char *mount, const char *name, const char *full, char *path,
		     size_t path_size, char *error, size_t error_size)
{
	cleanup(close_fdp) int fd = open(full, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	char where[512], text[256];

	text_escape(text, sizeof(text), mount, (size_t)-1);
	if (fd < 0) {
		int r = -errno;

		(void)snprintf(where, sizeof(where), "as a directory below %s: %s", text,
			       strerror(-r));
		return refuse(r, name, where, "cannot open", error, error_size);
	}
	if (!is_cgroup2(full)) {
		(void)snprintf(where, sizeof(where),
			       "is not in the tree of cgroup version 2, which is at %s", text);
		return refuse(-EINVAL, name, where, "the directory", error, error_size);
	}
	(void)snprintf(path, path_size, "%s",
		       strncmp(full, mount, strlen(mount)) == 0 && full[strlen(mount)]
			       ? full + strlen(mount)
			       : full);
	return take_fd(fd);
}

int cgroup_find(const char *name, char *path, size_t path_size, char *error, size_t error_size)
{
	char mount[PATH_MAX], full[2 * PATH_MAX], found[PATH_MAX];
	struct stat st;
	int r = cgroup_mount(mount, sizeof(mount));

	if (r < 0) {
		(void)snprintf(error, error_size,
			       "--cgroup: cgroup version 2 is not mounted here "
			       "(/proc/self/mounts has no cgroup2)");
		return r;
	}
	(void)snprintf(full, sizeof(full), "%s", name);
	if (name[0] == '/' && stat(full, &st) == 0)
		return open_path(mount, name, full, path, path_size, error, error_size);
	(void)snprintf(full, sizeof(full), "%s/%s", mount, name + strspn(name, "/"));
	if (strchr(name, '/') || stat(full, &st) == 0)
		return open_path(mount, name, full, path, path_size, error, error_size);
	r = find_in_tree(mount, name, found, sizeof(found), error, error_size);
	if (r < 0)
		return r;
	(void)snprintf(full, sizeof(full), "%s%s", mount, found);
	return open_path(mount, name, full, path, path_size, error, error_size);
}
