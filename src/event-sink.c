/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes records to a descriptor without waiting for it. */
#include "config.h"

#include "event-sink.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "cleanup.h"
#include "loop.h"
#include "macro.h"

#define FINISH_MS 1000

/*
 * O_NONBLOCK would belong to everybody who has the same terminal or pipe open, and outlive this
 * program; a pipe that is ready takes PIPE_BUF bytes without blocking, see pipe(7).
 */
struct event_sink {
	const char *path;
	int fd;
	bool waits;
	struct loop *loop;
	struct loop_source *source; /* while there is a queue */
	size_t begin, used;         /* of the queue */
	uint64_t n_dropped;
	int error; /* of a write out of the loop */
	char queue[EVENT_SINK_QUEUE];
};
DEFINE_CLEANUP(struct event_sink *, event_sink_free);

static int open_path(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0666);

	return fd < 0 ? -errno : fd;
}

int event_sink_new(const char *path, bool waits, struct loop *loop, struct event_sink **ret_sink)
{
	cleanup(event_sink_freep) struct event_sink *sink = malloc(sizeof(*sink));

	if (!sink)
		return -ENOMEM;
	memset(sink, 0, offsetof(struct event_sink, queue));
	sink->path = path;
	sink->waits = waits;
	sink->loop = loop;
	sink->fd = path ? open_path(path) : STDOUT_FILENO;
	if (sink->fd < 0)
		return sink->fd;
	*ret_sink = take_ptr(sink);
	return 0;
}

void event_sink_free(struct event_sink *sink)
{
	if (!sink)
		return;
	loop_remove(sink->source);
	if (sink->path)
		close_fdp(&sink->fd);
	free(sink);
}

uint64_t event_sink_dropped(const struct event_sink *sink)
{
	return sink->n_dropped;
}

/* Writes what the descriptor takes within so many milliseconds. */
static int drain(struct event_sink *sink, int timeout_ms)
{
	while (sink->used) {
		struct pollfd ready = {.fd = sink->fd, .events = POLLOUT};
		size_t size = MIN(sink->used, EVENT_SINK_QUEUE - sink->begin);
		ssize_t n = poll(&ready, 1, timeout_ms);

		if (n == 0)
			return 0;
		if (n > 0)
			n = write(sink->fd, sink->queue + sink->begin, MIN(size, (size_t)PIPE_BUF));
		if (n < 0 && (errno == EINTR || errno == EAGAIN))
			return 0;
		if (n < 0)
			return -errno;
		sink->begin = (sink->begin + (size_t)n) % EVENT_SINK_QUEUE;
		sink->used -= (size_t)n;
	}
	return 0;
}

static int on_ready(void *data, uint32_t epoll_events ATTR_UNUSED)
{
	struct event_sink *sink = data;

	sink->error = drain(sink, 0);
	if (!sink->used || sink->error < 0)
		loop_remove(take_ptr(sink->source));
	return 0; /* the next record finds the error */
}

static void append(struct event_sink *sink, const char *record, size_t size)
{
	size_t end = (sink->begin + sink->used) % EVENT_SINK_QUEUE;
	size_t first = MIN(size, EVENT_SINK_QUEUE - end);

	memcpy(sink->queue + end, record, first);
	memcpy(sink->queue, record + first, size - first);
	sink->used += size;
}

int event_sink_put(struct event_sink *sink, const char *record, size_t size)
{
	int r = sink->error;

	if (r == 0 && size > EVENT_SINK_QUEUE - sink->used)
		r = drain(sink, sink->waits ? -1 : 0);
	if (r < 0)
		return r;
	if (size > EVENT_SINK_QUEUE - sink->used) {
		sink->n_dropped++;
		return 0;
	}
	append(sink, record, size);
	r = drain(sink, 0);
	if (r < 0 || !sink->used || sink->source)
		return r;
	return loop_add_fd(sink->loop, sink->fd, EPOLLOUT, on_ready, sink, &sink->source);
}

int event_sink_reopen(struct event_sink *sink)
{
	int r, fd;

	if (!sink->path)
		return 0;
	r = drain(sink, FINISH_MS);
	fd = r < 0 ? r : open_path(sink->path);
	if (fd < 0)
		return fd;
	loop_remove(take_ptr(sink->source));
	close_fdp(&sink->fd);
	sink->fd = fd;
	return 0;
}

int event_sink_finish(struct event_sink *sink)
{
	int r = sink->error ? sink->error : drain(sink, sink->waits ? -1 : FINISH_MS);

	if (r < 0)
		return r;
	return sink->used ? -ETIMEDOUT : 0;
}
