/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What /proc says about processes. */
#include "config.h"

#include "proc.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "macro.h"
#include "text.h"

/* Inode of the first pid namespace: PROC_PID_INIT_INO of the kernel. */
#define INITIAL_PID_NAMESPACE 0xeffffffc
#define STAT_START 22    /* field of /proc/PID/stat, see proc(5) */
#define COMMAND_MAX 4096 /* bytes of a command line that are read */

/* Up to size - 1 bytes of a file of a process, ended by NUL. Returns how many. */
static ssize_t read_file(uint32_t pid, const char *name, char *buf, size_t size)
{
	char path[64];
	cleanup(close_fdp) int fd = -1;
	size_t n = 0;

	(void)snprintf(path, sizeof(path), "/proc/%" PRIu32 "/%s", pid, name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	while (n < size - 1) {
		ssize_t r = read(fd, buf + n, size - 1 - n);

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		if (r == 0)
			break;
		n += (size_t)r;
	}
	buf[n] = 0;
	return (ssize_t)n;
}

bool proc_is_initial(void)
{
	struct stat st;

	return stat("/proc/self/ns/pid", &st) == 0 && st.st_ino == INITIAL_PID_NAMESPACE;
}

/* The name of the program, in parentheses, may hold anything: count fields from its end. */
int proc_parse_stat(const char *line, uint64_t *ret_ticks)
{
	const char *rest = strrchr(line, ')');

	if (!rest)
		return -EINVAL;
	for (int field = 2; rest && field < STAT_START; field++)
		rest = strchr(rest + 1, ' ');
	if (!rest || sscanf(rest, " %" SCNu64, ret_ticks) != 1)
		return -EINVAL;
	return 0;
}

uint64_t proc_tick_ns(void)
{
	return NSEC_PER_SEC / (uint64_t)sysconf(_SC_CLK_TCK);
}

int proc_who(uint32_t pid, struct proc_who *ret_who)
{
	struct proc_who who = {0};
	char text[4096], *name, *uid;
	uint64_t ticks;
	ssize_t n = read_file(pid, "stat", text, sizeof(text));

	if (n < 0)
		return (int)n;
	name = strchr(text, '(');
	if (!name || proc_parse_stat(text, &ticks) < 0)
		return -EBADMSG;
	name++;
	n = MIN(strrchr(name, ')') - name, (ssize_t)sizeof(who.comm) - 1);
	memcpy(who.comm, name, (size_t)MAX(n, (ssize_t)0));
	who.start_ns = ticks * proc_tick_ns();
	n = read_file(pid, "status", text, sizeof(text));
	uid = n < 0 ? NULL : strstr(text, "\nUid:\t");
	if (!uid || sscanf(uid, "\nUid: %" SCNu32, &who.uid) != 1)
		return n < 0 ? (int)n : -EBADMSG;
	*ret_who = who;
	return 0;
}

bool proc_alive(uint32_t pid, uint64_t start_ns)
{
	uint64_t ticks;
	char line[1024];

	if (kill((pid_t)pid, 0) < 0 && errno == ESRCH)
		return false;
	/* the files may be hidden (hidepid of proc(5)) */
	if (read_file(pid, "stat", line, sizeof(line)) < 0 || proc_parse_stat(line, &ticks) < 0)
		return true;
	return start_ns == 0 || start_ns / proc_tick_ns() == ticks;
}

size_t proc_format_command(char *buf, size_t size, const char *arguments, size_t n)
{
	char line[COMMAND_MAX];

	n = MIN(n, sizeof(line));
	while (n && !arguments[n - 1])
		n--;
	for (size_t i = 0; i < n; i++)
		line[i] = arguments[i] ? arguments[i] : ' ';
	return text_escape(buf, size, line, n);
}

int proc_command(uint32_t pid, char *buf, size_t size)
{
	char arguments[COMMAND_MAX];
	ssize_t n = read_file(pid, "cmdline", arguments, sizeof(arguments));

	if (n < 0)
		return (int)n;
	(void)proc_format_command(buf, size, arguments, (size_t)n);
	return 0;
}

int proc_cgroup(uint32_t pid, char *buf, size_t size)
{
	char text[8192], *line;
	ssize_t n = read_file(pid, "cgroup", text, sizeof(text));

	if (n < 0)
		return (int)n;
	/* version 2 has hierarchy 0 and no controllers in its line */
	line = strncmp(text, "0::", 3) == 0 ? text : strstr(text, "\n0::");
	if (!line)
		return -ENOENT;
	line = strstr(line, "0::") + 3;
	n = snprintf(buf, size, "%.*s", (int)strcspn(line, "\n"), line);
	return (size_t)n < size ? 0 : -ENAMETOOLONG;
}
