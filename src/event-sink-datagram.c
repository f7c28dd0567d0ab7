/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sends records to the system's log and to its journal, a datagram each.
 *
 * Not by syslog() and sd_journal_send(): they wait for a daemon that does not read.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "cleanup.h"
#include "clock.h"
#include "event-sink-data.h"
#include "macro.h"

#define PRIORITY_INFO 6 /* RFC 5424, 6.2.1 */
#define PRIORITY_DAEMON (3 << 3 | PRIORITY_INFO)
#define PREFIX_MAX 128

struct datagram_sink {
	struct event_sink sink;
	const char *path;
	/* What comes before the record. */
	int (*prefix)(char *buf, size_t size);
	bool newline; /* at the end of a datagram */
	int fd;       /* -1: the daemon is not there */
};

/* "<30>Nov  5 23:59:59 pktop[123]: " in local time, as syslog() writes (RFC 3164, 4.1). */
static int prefix_syslog(char *buf, size_t size)
{
	static const char months[][4] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
					 "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
	time_t now = (time_t)(clock_real_ns() / NSEC_PER_SEC);
	struct tm tm;

	(void)localtime_r(&now, &tm);
	return snprintf(buf, size, "<%d>%s %2d %02d:%02d:%02d pktop[%d]: ", PRIORITY_DAEMON,
			months[tm.tm_mon % 12], tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec,
			(int)getpid());
}

/* Fields of systemd's native protocol; a value without newline ends at one. */
static int prefix_journal(char *buf, size_t size)
{
	return snprintf(buf, size, "SYSLOG_IDENTIFIER=pktop\nSYSLOG_PID=%d\nPRIORITY=%d\nMESSAGE=",
			(int)getpid(), PRIORITY_INFO);
}

static int connect_daemon(struct datagram_sink *sink)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	cleanup(close_fdp) int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);

	(void)snprintf(address.sun_path, sizeof(address.sun_path), "%s", sink->path);
	if (fd < 0 || connect(fd, (const void *)&address, sizeof(address)) < 0)
		return -errno;
	sink->fd = take_fd(fd);
	return 0;
}

static int datagram_open(const char *option, const struct datagram_sink *model,
			 struct event_sink **ret_sink, char *error, size_t error_size)
{
	cleanup(freep) struct datagram_sink *sink = malloc(sizeof(*sink));
	int r;

	if (!sink)
		return -ENOMEM;
	*sink = *model;
	r = connect_daemon(sink);
	if (r < 0) {
		(void)snprintf(error, error_size, "--%s: cannot send to %s: %s", option, sink->path,
			       strerror(-r));
		return r;
	}
	*ret_sink = &take_ptr(sink)->sink;
	return 0;
}

static int syslog_open(const struct event_sink_config *config ATTR_UNUSED,
		       struct loop *loop ATTR_UNUSED, struct event_sink **ret_sink, char *error,
		       size_t error_size)
{
	static const struct datagram_sink model = {
		.path = "/dev/log", .prefix = prefix_syslog, .fd = -1};

	return datagram_open("syslog", &model, ret_sink, error, error_size);
}

static int journal_open(const struct event_sink_config *config ATTR_UNUSED,
			struct loop *loop ATTR_UNUSED, struct event_sink **ret_sink, char *error,
			size_t error_size)
{
	static const struct datagram_sink model = {
		.path = "/run/systemd/journal/socket",
		.prefix = prefix_journal,
		.newline = true,
		.fd = -1,
	};

	return datagram_open("journal", &model, ret_sink, error, error_size);
}

/* A daemon that was started again has another socket. */
static bool is_gone(int error)
{
	return error == ECONNREFUSED || error == ENOTCONN || error == ECONNRESET;
}

static bool datagram_send(struct datagram_sink *sink, const char *record, size_t size)
{
	char prefix[PREFIX_MAX];
	struct iovec parts[] = {
		{prefix, (size_t)sink->prefix(prefix, sizeof(prefix))},
		{(char *)record, sink->newline ? size : size - 1},
	};
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = ARRAY_SIZE(parts)};

	if (sink->fd < 0 && connect_daemon(sink) < 0)
		return false;
	if (sendmsg(sink->fd, &message, MSG_NOSIGNAL) >= 0)
		return true;
	if (!is_gone(errno))
		return false;
	close_fdp(&sink->fd);
	sink->fd = -1;
	return connect_daemon(sink) == 0 && sendmsg(sink->fd, &message, MSG_NOSIGNAL) >= 0;
}

static int datagram_put(struct event_sink *base, const char *record, size_t size)
{
	struct datagram_sink *sink = (struct datagram_sink *)base;

	if (!datagram_send(sink, record, size))
		sink->sink.n_dropped++;
	return 0;
}

static void datagram_close(struct event_sink *base)
{
	struct datagram_sink *sink = (struct datagram_sink *)base;

	close_fdp(&sink->fd);
	free(sink);
}

static bool syslog_wanted(const struct event_sink_config *config)
{
	return config->syslog;
}

static bool journal_wanted(const struct event_sink_config *config)
{
	return config->journal;
}

const struct event_sink_ops event_sink_syslog_ops = {
	.dropped = "syslog_records_dropped",
	.wanted = syslog_wanted,
	.open = syslog_open,
	.put = datagram_put,
	.close = datagram_close,
};

const struct event_sink_ops event_sink_journal_ops = {
	.dropped = "journal_records_dropped",
	.wanted = journal_wanted,
	.open = journal_open,
	.put = datagram_put,
	.close = datagram_close,
};
