/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sends records to the system's log and to its journal, a datagram each; the journal takes those
 * that are too long for one as files.
 *
 * Not by syslog() and sd_journal_send(): they wait for a daemon that does not read.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
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

#ifndef MFD_NOEXEC_SEAL
#define MFD_NOEXEC_SEAL 0x0008U
#endif

struct datagram_sink {
	struct event_sink sink;
	const char *path;
	/* What comes before the record. */
	int (*prefix)(char *buf, size_t size);
	bool native; /* systemd's protocol: ends with a newline, may be a file */
	int fd;      /* -1: the daemon is not there */
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
		.native = true,
		.fd = -1,
	};

	return datagram_open("journal", &model, ret_sink, error, error_size);
}

/* Nobody executes it, which some systems insist on (vm.memfd_noexec), and kernels before 6.3 do not
 * know (commit 105ff5339f49).
 */
static int make_file(void)
{
	unsigned int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd = memfd_create("pktop", flags | MFD_NOEXEC_SEAL);

	return fd < 0 && errno == EINVAL ? memfd_create("pktop", flags) : fd;
}

/* A file that nobody can change any more, else the journal would not read it. */
static int make_sealed(const struct iovec *parts, int n_parts)
{
	cleanup(close_fdp) int fd = make_file();
	size_t size = 0;
	ssize_t n;

	for (int i = 0; i < n_parts; i++)
		size += parts[i].iov_len;
	n = fd < 0 ? -1 : writev(fd, parts, n_parts);
	if (n < 0)
		return -errno;
	if ((size_t)n != size)
		return -ENOSPC;
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
		return -errno;
	return take_fd(fd);
}

/* An empty datagram with the file: systemd.io/JOURNAL_NATIVE_PROTOCOL */
static int send_file(int to, int file)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {.header = {.cmsg_level = SOL_SOCKET,
				.cmsg_type = SCM_RIGHTS,
				.cmsg_len = CMSG_LEN(sizeof(int))}};
	struct msghdr message = {.msg_control = &control, .msg_controllen = sizeof(control)};

	memcpy(CMSG_DATA(&control.header), &file, sizeof(file));
	return sendmsg(to, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

static int send_parts(const struct datagram_sink *sink, struct iovec *parts, int n_parts)
{
	struct msghdr message = {.msg_iov = parts, .msg_iovlen = (size_t)n_parts};
	int r = sendmsg(sink->fd, &message, MSG_NOSIGNAL) < 0 ? -errno : 0;

	if (r == -EMSGSIZE && sink->native) {
		cleanup(close_fdp) int file = make_sealed(parts, n_parts);

		r = file < 0 ? file : send_file(sink->fd, file);
	}
	return r;
}

/* A daemon that was started again has another socket. */
static bool is_gone(int r)
{
	return r == -ECONNREFUSED || r == -ENOTCONN || r == -ECONNRESET;
}

static int datagram_send(struct datagram_sink *sink, const char *record, size_t size)
{
	char prefix[PREFIX_MAX];
	struct iovec parts[] = {
		{prefix, (size_t)sink->prefix(prefix, sizeof(prefix))},
		{(char *)record, sink->native ? size : size - 1},
	};
	int r = sink->fd < 0 ? -ENOTCONN : send_parts(sink, parts, ARRAY_SIZE(parts));

	if (!is_gone(r))
		return r;
	close_fdp(&sink->fd);
	sink->fd = -1;
	r = connect_daemon(sink);
	return r < 0 ? r : send_parts(sink, parts, ARRAY_SIZE(parts));
}

static int datagram_put(struct event_sink *base, const char *record, size_t size)
{
	struct datagram_sink *sink = (struct datagram_sink *)base;

	if (datagram_send(sink, record, size) < 0)
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
