/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names that tell which runs are alive, and keep them apart. */

#include "config.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "cleanup.h"
#include "macro.h"
#include "nl-tc-data.h"

#define LOCK_NAME "pktop-tc"
#define LOCK_WAIT_MS 10
#define LOCK_TRIES 100

int tc_name_bind(const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t n = strlen(name);
	cleanup(close_fdp) int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	memcpy(address.sun_path + 1, name, n);
	if (bind(fd, (struct sockaddr *)&address,
		 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + n)) < 0)
		return -errno;
	return take_fd(fd);
}

int tc_lock_take(struct nl_tc *tc)
{
	for (int i = 0; !tc->lock_refused && i < LOCK_TRIES; i++) {
		int fd = tc_name_bind(LOCK_NAME);

		if (fd != -EADDRINUSE)
			return MAX(fd, -1);
		(void)poll(NULL, 0, LOCK_WAIT_MS);
	}
	tc->lock_refused = true;
	return -1;
}
