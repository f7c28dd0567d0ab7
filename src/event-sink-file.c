/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes records to stdout or a file without waiting for it; files may be rotated. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "clock.h"
#include "event-sink-data.h"
#include "log.h"
#include "loop.h"
#include "macro.h"

#define FINISH_MS 1000
#define RETRY_NS NSEC_PER_SEC
#define NUMBER_MAX 24 /* bytes of ".N" */
#define BATCH 65536   /* bytes that are not left for the end of the loop's round */

/*
 * O_NONBLOCK would belong to everybody who has the same terminal or pipe as stdout, and outlive
 * this program; a pipe that is ready takes PIPE_BUF bytes without blocking, see pipe(7).
 */
struct file_sink {
	struct event_sink sink;
	struct event_sink_config config;
	struct loop *loop;
	int fd; /* -1: there is no file at the path */
	bool regular;
	bool reopens;     /* as soon as the queue is empty */
	bool failing;     /* a file: could not be written, and is tried again */
	bool torn;        /* the record at the begin of the queue: a part of it was written */
	bool begins;      /* the file has no head yet */
	uint64_t turn_ns; /* another one could not be opened, and is not before; 0: it could */
	uint64_t size;    /* of a regular file, with the queue */
	uint64_t period;  /* number of the rotate_ns in which the file began */
	char *head;       /* record at the begin of files */
	size_t head_size;
	struct loop_source *source; /* while there is a queue: of the descriptor, or a timer */
	size_t begin, used;         /* of the queue */
	int error;                  /* of a write out of the loop */
	char queue[EVENT_SINK_QUEUE];
};

static void sink_close(struct event_sink *base)
{
	struct file_sink *sink = (struct file_sink *)base;

	loop_remove(sink->source);
	if (sink->config.file)
		close_fdp(&sink->fd);
	free(sink->head);
	free(sink);
}

static void sink_freep(struct file_sink **sink)
{
	if (*sink)
		sink_close(&(*sink)->sink);
}

static uint64_t period_of(const struct file_sink *sink, uint64_t real_ns)
{
	return sink->config.rotate_ns ? real_ns / sink->config.rotate_ns : 0;
}

/* Takes the file at the path in place of the one that is open. A FIFO needs a reader. */
static int open_path(struct file_sink *sink)
{
	cleanup(close_fdp) int fd = open(
		sink->config.file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NONBLOCK, 0666);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0)
		return -errno;
	sink->regular = S_ISREG(st.st_mode);
	sink->size = sink->regular ? (uint64_t)st.st_size : 0;
	sink->begins = sink->head && sink->size == 0;
	sink->period = period_of(sink, sink->size ? (uint64_t)st.st_mtim.tv_sec * NSEC_PER_SEC +
							    (uint64_t)st.st_mtim.tv_nsec
						  : clock_real_ns());
	sink->size += sink->used + (sink->begins ? sink->head_size : 0);
	sink->reopens = false;
	sink->turn_ns = 0;
	loop_remove(take_ptr(sink->source));
	if (sink->fd >= 0)
		close_fdp(&sink->fd);
	sink->fd = take_fd(fd);
	return 0;
}

static int sink_open(const struct event_sink_config *config, struct loop *loop, int fd,
		     struct event_sink **ret_sink)
{
	cleanup(sink_freep) struct file_sink *sink = malloc(sizeof(*sink));
	int r;

	if (!sink)
		return -ENOMEM;
	memset(sink, 0, offsetof(struct file_sink, queue));
	sink->config = *config;
	sink->loop = loop;
	sink->fd = fd;
	if (fd >= 0) {
		sink->config.file = NULL;
	} else {
		r = open_path(sink);
		if (r < 0)
			return r;
	}
	*ret_sink = &take_ptr(sink)->sink;
	return 0;
}

static int stdout_open(const struct event_sink_config *config, struct loop *loop,
		       struct event_sink **ret_sink, char *error, size_t error_size)
{
	int r = sink_open(config, loop, STDOUT_FILENO, ret_sink);

	if (r < 0)
		(void)snprintf(error, error_size, "cannot write to stdout: %s", strerror(-r));
	return r;
}

static int file_open(const struct event_sink_config *config, struct loop *loop,
		     struct event_sink **ret_sink, char *error, size_t error_size)
{
	int r = sink_open(config, loop, -1, ret_sink);

	if (r < 0)
		(void)snprintf(error, error_size, "cannot write to %s: %s", config->file,
			       r == -ENXIO ? "nobody reads from it" : strerror(-r));
	else if ((config->rotate_bytes || config->rotate_ns) &&
		 !((struct file_sink *)*ret_sink)->regular)
		(void)snprintf(error, error_size, "cannot rotate %s: it is no regular file",
			       config->file);
	else
		return 0;
	return r < 0 ? r : -EINVAL;
}

static void consume(struct file_sink *sink, size_t n)
{
	sink->torn = sink->queue[sink->begin + n - 1] != '\n';
	sink->used -= n;
	/* from the front again, so that only what is used is ever in memory */
	sink->begin = sink->used ? (sink->begin + n) % EVENT_SINK_QUEUE : 0;
}

/*
 * What is written to a file without a name is lost: the queue goes to a new one. Not before the
 * old one is closed, as that may be what fills the disk.
 */
static int replace_removed(struct file_sink *sink)
{
	struct stat st;

	if (!sink->config.file || !sink->regular ||
	    (sink->fd >= 0 && (fstat(sink->fd, &st) < 0 || st.st_nlink > 0)))
		return 0;
	if (sink->fd >= 0) {
		(void)log_warn(0, "%s was removed, another one is begun", sink->config.file);
		loop_remove(take_ptr(sink->source));
		close_fdp(&sink->fd);
		sink->fd = -1;
		sink->sink.n_dropped += sink->torn;
		while (sink->torn)
			consume(sink, 1);
	}
	return open_path(sink);
}

static int write_head(struct file_sink *sink)
{
	ssize_t n = write(sink->fd, sink->head, sink->head_size);

	if (n < 0)
		return -errno;
	sink->begins = (size_t)n < sink->head_size;
	if (!sink->begins)
		return 0;
	(void)ftruncate(sink->fd, 0); /* a part of it would spoil the next try */
	return -ENOSPC;
}

static int write_some(struct file_sink *sink)
{
	size_t size = MIN(sink->used, EVENT_SINK_QUEUE - sink->begin);
	ssize_t n = write(sink->fd, sink->queue + sink->begin,
			  sink->regular ? size : MIN(size, (size_t)PIPE_BUF));

	if (n < 0)
		return -errno;
	consume(sink, (size_t)n);
	return 0;
}

/* Writes what the descriptor takes within so many milliseconds. */
static int write_queue(struct file_sink *sink, int timeout_ms)
{
	int r = sink->used ? replace_removed(sink) : 0;

	while (r == 0 && sink->used) {
		struct pollfd ready = {.fd = sink->fd, .events = POLLOUT};
		int n = sink->regular ? 1 : poll(&ready, 1, timeout_ms);

		if (n == 0)
			return 0;
		if (n < 0)
			r = -errno;
		else
			r = sink->begins ? write_head(sink) : write_some(sink);
	}
	return r == -EINTR || r == -EAGAIN ? 0 : r;
}

/* A file may have room again later; stdout that fails is gone. */
static int drain(struct file_sink *sink, int timeout_ms)
{
	int r = write_queue(sink, timeout_ms);

	if (!sink->config.file || sink->config.waits)
		return r;
	if (r < 0 && !sink->failing)
		(void)log_warn(r, "cannot write to %s, which is tried again", sink->config.file);
	if (r == 0 && sink->failing)
		log_info("%s can be written again", sink->config.file);
	sink->failing = r < 0;
	return 0;
}

static int watch(struct file_sink *sink);

static int go_on(struct file_sink *sink)
{
	sink->error = drain(sink, 0);
	if (!sink->used || sink->error < 0 || sink->failing)
		loop_remove(take_ptr(sink->source));
	return sink->error < 0 ? 0 : watch(sink); /* the next record finds the error */
}

static int on_ready(void *data, uint32_t epoll_events ATTR_UNUSED)
{
	return go_on(data);
}

static int on_timer(void *data, uint64_t n_expired ATTR_UNUSED)
{
	struct file_sink *sink = data;

	loop_remove(take_ptr(sink->source));
	return go_on(sink);
}

/*
 * Goes on once the loop is back and the descriptor is ready, so that the records of one round are
 * written together; after a while where it fails.
 */
static int watch(struct file_sink *sink)
{
	int r;

	if (sink->source || !sink->used)
		return 0;
	if (sink->failing)
		return loop_add_timer(sink->loop, RETRY_NS, 0, on_timer, sink, &sink->source);
	r = loop_add_fd(sink->loop, sink->fd, EPOLLOUT, on_ready, sink, &sink->source);
	if (r == -EPERM) /* always ready */
		r = loop_add_timer(sink->loop, 0, 0, on_timer, sink, &sink->source);
	return r;
}

static void append(struct file_sink *sink, const char *record, size_t size)
{
	size_t end = (sink->begin + sink->used) % EVENT_SINK_QUEUE;
	size_t first = MIN(size, EVENT_SINK_QUEUE - end);

	memcpy(sink->queue + end, record, first);
	memcpy(sink->queue, record + first, size - first);
	sink->used += size;
	sink->size += size;
}

/* FILE, or FILE.NUMBER */
static void name_of(const struct event_sink_config *config, uint64_t number, char *buf, size_t size)
{
	if (number)
		(void)snprintf(buf, size, "%s.%" PRIu64, config->file, number);
	else
		(void)snprintf(buf, size, "%s", config->file);
}

/* FILE to FILE.1, and that to FILE.2 and so on, as far as there is no place that is free. */
static int rename_files(const struct event_sink_config *config)
{
	size_t size = strlen(config->file) + NUMBER_MAX;
	cleanup(freep) char *from = malloc(size), *to = malloc(size);
	uint64_t last = 0;

	if (!from || !to)
		return -ENOMEM;
	if (!config->rotate_keep)
		return unlink(config->file) < 0 ? -errno : 0;
	do
		name_of(config, ++last, to, size);
	while (last < config->rotate_keep && access(to, F_OK) == 0);
	for (uint64_t i = last; i > 0; i--) {
		name_of(config, i - 1, from, size);
		name_of(config, i, to, size);
		if (rename(from, to) < 0)
			return -errno;
	}
	return 0;
}

/* Else somebody took it away, and may have put another one there. */
static bool is_at_path(const struct file_sink *sink)
{
	struct stat open, there;

	return fstat(sink->fd, &open) == 0 && stat(sink->config.file, &there) == 0 &&
	       open.st_dev == there.st_dev && open.st_ino == there.st_ino;
}

static bool is_due(const struct file_sink *sink, size_t more)
{
	const struct event_sink_config *config = &sink->config;

	if (!sink->regular || sink->size <= sink->head_size)
		return false;
	return (config->rotate_bytes && sink->size + more > config->rotate_bytes) ||
	       (config->rotate_ns && period_of(sink, clock_real_ns()) != sink->period);
}

static bool wants_turn(const struct file_sink *sink, size_t more)
{
	return sink->config.file && (sink->reopens || is_due(sink, more)) &&
	       clock_mono_ns() >= sink->turn_ns;
}

/* Another file, where one is due; between records alone, so that none is torn apart. */
static void turn(struct file_sink *sink, size_t more)
{
	int r;

	if (sink->used || !wants_turn(sink, more))
		return;
	r = sink->reopens || !is_at_path(sink) ? 0 : rename_files(&sink->config);
	if (r == 0)
		r = open_path(sink);
	if (r == 0)
		return;
	if (!sink->turn_ns)
		(void)log_warn(r, "cannot begin another %s, the old one stays for now",
			       sink->config.file);
	sink->turn_ns = clock_mono_ns() + RETRY_NS;
}

static int sink_put(struct event_sink *base, const char *record, size_t size)
{
	struct file_sink *sink = (struct file_sink *)base;
	int r = sink->error;

	if (r == 0 && (sink->used + size > BATCH || wants_turn(sink, size)))
		r = drain(sink,
			  sink->config.waits && size > EVENT_SINK_QUEUE - sink->used ? -1 : 0);
	if (r < 0)
		return r;
	turn(sink, size);
	if (size > EVENT_SINK_QUEUE - sink->used) {
		sink->sink.n_dropped++;
		return 0;
	}
	append(sink, record, size);
	return watch(sink);
}

static int sink_begin(struct event_sink *base, const char *record, size_t size)
{
	struct file_sink *sink = (struct file_sink *)base;
	cleanup(freep) char *head = malloc(size);
	int r = head ? sink_put(base, record, size) : -ENOMEM;

	if (r < 0)
		return r;
	memcpy(head, record, size);
	sink->head = take_ptr(head); /* from the next file on */
	sink->head_size = size;
	return 0;
}

static void sink_reopen(struct event_sink *base)
{
	struct file_sink *sink = (struct file_sink *)base;

	(void)drain(sink, FINISH_MS); /* the next record finds what is wrong */
	sink->reopens = true;
	sink->turn_ns = 0;
	turn(sink, 0);
}

static int sink_finish(struct event_sink *base)
{
	struct file_sink *sink = (struct file_sink *)base;
	int r = sink->error;

	if (r == 0)
		r = write_queue(sink, sink->config.waits ? -1 : FINISH_MS);
	if (r < 0)
		return r;
	return sink->used ? -ETIMEDOUT : 0;
}

static bool stdout_wanted(const struct event_sink_config *config)
{
	return !config->file && !config->url && !config->syslog && !config->journal;
}

static bool file_wanted(const struct event_sink_config *config)
{
	return config->file;
}

const struct event_sink_ops event_sink_stdout_ops = {
	.dropped = "stdout_records_dropped",
	.wanted = stdout_wanted,
	.open = stdout_open,
	.begin = sink_begin,
	.put = sink_put,
	.finish = sink_finish,
	.close = sink_close,
};

const struct event_sink_ops event_sink_file_ops = {
	.dropped = "file_records_dropped",
	.wanted = file_wanted,
	.open = file_open,
	.begin = sink_begin,
	.put = sink_put,
	.reopen = sink_reopen,
	.finish = sink_finish,
	.close = sink_close,
};
