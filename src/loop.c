/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waits with epoll for file descriptors, timers (timerfd) and signals (signalfd). */
#include "config.h"

#include "loop.h"

#include <assert.h>
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "cleanup.h"
#include "macro.h"

/* Events taken from the kernel at a time. */
#define BATCH 32

struct loop_source {
	struct loop *loop;
	struct loop_source *prev, *next;
	int fd;
	bool owned;   /* fd is closed with the source */
	bool removed; /* waits in loop->removed for the end of the batch */
	int (*dispatch)(struct loop_source *source, uint32_t epoll_events);
	union {
		loop_fd_fn fd;
		loop_timer_fn timer;
		loop_signal_fn signal;
	} fn;
	void *data;
};

struct loop {
	int epoll_fd;
	bool running, quit;
	int result;
	struct loop_source *sources;
	/* Removed while a batch was worked off, of which later events may still point to them. */
	struct loop_source *removed;
};

static void list_add(struct loop_source **list, struct loop_source *source)
{
	source->prev = NULL;
	source->next = *list;
	if (*list)
		(*list)->prev = source;
	*list = source;
}

static void list_del(struct loop_source **list, struct loop_source *source)
{
	if (source->prev)
		source->prev->next = source->next;
	else
		*list = source->next;
	if (source->next)
		source->next->prev = source->prev;
}

static void source_free(struct loop_source *source)
{
	if (source->owned)
		close_fdp(&source->fd);
	free(source);
}

static void list_free(struct loop_source **list)
{
	while (*list) {
		struct loop_source *source = *list;

		*list = source->next;
		source_free(source);
	}
}

int loop_new(struct loop **ret_loop)
{
	struct loop *loop = calloc(1, sizeof(*loop));

	if (!loop)
		return -ENOMEM;
	loop->epoll_fd = epoll_create1(EPOLL_CLOEXEC);
	if (loop->epoll_fd < 0) {
		int r = -errno;

		free(loop);
		return r;
	}
	*ret_loop = loop;
	return 0;
}

void loop_free(struct loop *loop)
{
	if (!loop)
		return;
	assert(!loop->running);
	/* The kernel forgets the file descriptors that the loop does not own. */
	close_fdp(&loop->epoll_fd);
	list_free(&loop->sources);
	list_free(&loop->removed);
	free(loop);
}

/* Puts a copy of model into the loop. */
static int add(struct loop *loop, uint32_t epoll_events, const struct loop_source *model,
	       struct loop_source **ret_source)
{
	struct loop_source *source = malloc(sizeof(*source));
	struct epoll_event event = {.events = epoll_events, .data.ptr = source};

	if (!source)
		return -ENOMEM;
	*source = *model;
	source->loop = loop;
	if (epoll_ctl(loop->epoll_fd, EPOLL_CTL_ADD, source->fd, &event) < 0) {
		int r = -errno;

		free(source);
		return r;
	}
	list_add(&loop->sources, source);
	if (ret_source)
		*ret_source = source;
	return 0;
}

static int dispatch_fd(struct loop_source *source, uint32_t epoll_events)
{
	return source->fn.fd(source->data, epoll_events);
}

int loop_add_fd(struct loop *loop, int fd, uint32_t epoll_events, loop_fd_fn fn, void *data,
		struct loop_source **ret_source)
{
	const struct loop_source model = {
		.fd = fd, .dispatch = dispatch_fd, .fn.fd = fn, .data = data};

	return add(loop, epoll_events, &model, ret_source);
}

static int dispatch_timer(struct loop_source *source, uint32_t epoll_events)
{
	uint64_t n_expired;

	(void)epoll_events;
	if (read(source->fd, &n_expired, sizeof(n_expired)) < 0) {
		/* Set again since the event was taken: the old expiry does not count. */
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	}
	return source->fn.timer(source->data, n_expired);
}

static struct timespec to_timespec(uint64_t ns)
{
	return (struct timespec){.tv_sec = (time_t)(ns / NSEC_PER_SEC),
				 .tv_nsec = (long)(ns % NSEC_PER_SEC)};
}

static int set_timer_fd(int fd, uint64_t first_ns, uint64_t interval_ns)
{
	struct itimerspec spec = {0};

	if (first_ns != LOOP_NEVER) {
		/* The kernel takes a first expiry of 0 for "never". */
		spec.it_value = to_timespec(MAX(first_ns, (uint64_t)1));
		spec.it_interval = to_timespec(interval_ns);
	}
	return timerfd_settime(fd, 0, &spec, NULL) < 0 ? -errno : 0;
}

int loop_add_timer(struct loop *loop, uint64_t first_ns, uint64_t interval_ns, loop_timer_fn fn,
		   void *data, struct loop_source **ret_source)
{
	cleanup(close_fdp) int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	struct loop_source model = {
		.owned = true, .dispatch = dispatch_timer, .fn.timer = fn, .data = data};
	int r;

	if (fd < 0)
		return -errno;
	r = set_timer_fd(fd, first_ns, interval_ns);
	if (r < 0)
		return r;
	model.fd = fd;
	r = add(loop, EPOLLIN, &model, ret_source);
	if (r < 0)
		return r;
	(void)take_fd(fd);
	return 0;
}

int loop_set_timer(struct loop_source *source, uint64_t first_ns, uint64_t interval_ns)
{
	return set_timer_fd(source->fd, first_ns, interval_ns);
}

static int dispatch_signal(struct loop_source *source, uint32_t epoll_events)
{
	struct signalfd_siginfo info;

	(void)epoll_events;
	/* One at a time, so that loop_quit() holds; the others make the next event. */
	if (read(source->fd, &info, sizeof(info)) < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -errno;
	return source->fn.signal(source->data, (int)info.ssi_signo);
}

int loop_add_signals(struct loop *loop, const int *signals, loop_signal_fn fn, void *data)
{
	cleanup(close_fdp) int fd = -1;
	struct loop_source model = {
		.owned = true, .dispatch = dispatch_signal, .fn.signal = fn, .data = data};
	sigset_t set, old;
	int r;

	sigemptyset(&set);
	for (; *signals; signals++) {
		if (sigaddset(&set, *signals) < 0)
			return -errno;
	}
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return -errno;
	if (sigprocmask(SIG_BLOCK, &set, &old) < 0)
		return -errno;
	model.fd = fd;
	r = add(loop, EPOLLIN, &model, NULL);
	if (r < 0) {
		(void)sigprocmask(SIG_SETMASK, &old, NULL);
		return r;
	}
	(void)take_fd(fd);
	return 0;
}

void loop_remove(struct loop_source *source)
{
	if (!source)
		return;
	assert(!source->removed);
	/* Fails only when the file descriptor was closed before, which removed it already. */
	(void)epoll_ctl(source->loop->epoll_fd, EPOLL_CTL_DEL, source->fd, NULL);
	list_del(&source->loop->sources, source);
	if (source->loop->running) {
		source->removed = true;
		list_add(&source->loop->removed, source);
	} else {
		source_free(source);
	}
}

/* Waits for events and handles them. */
static int run_batch(struct loop *loop)
{
	struct epoll_event events[BATCH];
	int n, r = 0;

	n = epoll_wait(loop->epoll_fd, events, BATCH, -1);
	if (n < 0)
		return errno == EINTR ? 0 : -errno;
	for (int i = 0; i < n && r >= 0 && !loop->quit; i++) {
		struct loop_source *source = events[i].data.ptr;

		if (!source->removed)
			r = source->dispatch(source, events[i].events);
	}
	list_free(&loop->removed);
	return r;
}

int loop_run(struct loop *loop)
{
	int r = 0;

	assert(!loop->running);
	loop->running = true;
	while (r >= 0 && !loop->quit)
		r = run_batch(loop);
	loop->running = false;
	if (r >= 0)
		r = loop->result;
	loop->quit = false;
	return r;
}

void loop_quit(struct loop *loop, int result)
{
	loop->quit = true;
	loop->result = result;
}
