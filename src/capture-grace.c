/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waits for grace periods in a thread of its own. */
#include "config.h"

#include "capture-grace.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "cleanup.h"

struct grace {
	int (*wait)(void *data);
	void *data;
	int request_fd, done_fd;
	pthread_t thread;
	bool running;
	atomic_bool quit;
	atomic_int result;
};

static int read_event(int fd)
{
	uint64_t value;

	while (read(fd, &value, sizeof(value)) < 0)
		if (errno != EINTR)
			return -errno;
	return 0;
}

static int write_event(int fd)
{
	uint64_t value = 1;

	return write(fd, &value, sizeof(value)) == sizeof(value) ? 0 : -errno;
}

static void *run(void *data)
{
	struct grace *grace = data;

	while (read_event(grace->request_fd) == 0 && !grace->quit) {
		grace->result = grace->wait(grace->data);
		if (write_event(grace->done_fd) < 0)
			break;
	}
	return NULL;
}

int grace_new(int (*wait)(void *data), void *data, struct grace **ret_grace)
{
	struct grace *grace = calloc(1, sizeof(*grace));
	int r;

	if (!grace)
		return -ENOMEM;
	grace->wait = wait;
	grace->data = data;
	grace->request_fd = eventfd(0, EFD_CLOEXEC);
	grace->done_fd = eventfd(0, EFD_CLOEXEC);
	if (grace->request_fd < 0 || grace->done_fd < 0) {
		r = -errno;
		grace_free(grace);
		return r;
	}
	*ret_grace = grace;
	return 0;
}

static int start_thread(struct grace *grace)
{
	sigset_t all, old;
	int r;

	/* signals belong to the main thread */
	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	r = -pthread_create(&grace->thread, NULL, run, grace);
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	grace->running = r == 0;
	return r;
}

void grace_free(struct grace *grace)
{
	if (!grace)
		return;
	if (grace->running) {
		grace->quit = true;
		if (write_event(grace->request_fd) == 0)
			pthread_join(grace->thread, NULL);
	}
	close_fdp(&grace->request_fd);
	close_fdp(&grace->done_fd);
	free(grace);
}

int grace_fd(const struct grace *grace)
{
	return grace->done_fd;
}

int grace_start(struct grace *grace)
{
	int r = grace->running ? 0 : start_thread(grace);

	return r < 0 ? r : write_event(grace->request_fd);
}

int grace_finish(struct grace *grace)
{
	int r = read_event(grace->done_fd);

	return r < 0 ? r : grace->result;
}
