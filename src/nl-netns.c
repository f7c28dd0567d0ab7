/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Visits the network namespaces of processes. */
#include "config.h"

#include "nl-netns.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "macro.h"

/* Network namespaces that are entered; the sockets of those past them are still seen. */
#define OTHERS_MAX 4096

DEFINE_CLEANUP(DIR *, closedir);

static uint32_t netns_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? (uint32_t)st.st_ino : 0;
}

uint32_t nl_netns_own(void)
{
	return netns_of("/proc/self/ns/net");
}

/* Enters a namespace, and comes back: a process that cannot is in the wrong place. */
static int visit(nl_netns_fn fn, void *data, uint32_t netns, const char *path, int own_fd)
{
	cleanup(close_fdp) int fd = open(path, O_RDONLY | O_CLOEXEC);
	int r;

	if (fd < 0)
		return 0; /* the process is gone */
	if (setns(fd, CLONE_NEWNET) < 0)
		return -errno;
	r = fn(data, netns);
	if (setns(own_fd, CLONE_NEWNET) < 0)
		abort();
	return r;
}

static bool is_known(const uint32_t *known, size_t n, uint32_t netns)
{
	for (size_t i = 0; i < n; i++)
		if (known[i] == netns)
			return true;
	return false;
}

int nl_netns_others(nl_netns_fn fn, void *data)
{
	cleanup(close_fdp) int own_fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	cleanup(closedirp) DIR *list = opendir("/proc");
	cleanup(freep) uint32_t *known = calloc(OTHERS_MAX, sizeof(*known));
	const struct dirent *entry;
	size_t n = 0;
	int r = 0;

	if (own_fd < 0 || !list || !known)
		return -ENOMEM;
	known[n++] = nl_netns_own();
	while (r >= 0 && n < OTHERS_MAX && (entry = readdir(list))) {
		uint32_t netns;
		char path[64];

		if (entry->d_name[0] < '1' || entry->d_name[0] > '9')
			continue;
		(void)snprintf(path, sizeof(path), "/proc/%.20s/ns/net", entry->d_name);
		netns = netns_of(path);
		if (!netns || is_known(known, n, netns))
			continue;
		known[n++] = netns;
		r = visit(fn, data, netns, path, own_fd);
	}
	return MIN(r, 0);
}
