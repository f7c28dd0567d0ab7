/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CPU and memory of the live table, on a pseudo terminal of 80x24 in a network namespace of its
 * own: idle, with N active flows on the loopback device, and per frame (by keys that move the
 * selection). CPU is the program's own, from /proc; what the packets cost in the kernel is
 * bench-kernel's subject.
 *
 * bench-live PKTOP [SECONDS [FLOWS]]
 */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <poll.h>
#include <pty.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int terminal;
static pid_t child;

static void die(const char *what)
{
	fprintf(stderr, "bench-live: %s: %s\n", what, strerror(errno));
	if (child > 0)
		kill(child, SIGTERM);
	exit(1);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void set_up(const char *name)
{
	struct ifreq request;
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	memset(&request, 0, sizeof(request));
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	if (fd < 0 || ioctl(fd, SIOCGIFFLAGS, &request) < 0)
		die("loopback");
	request.ifr_flags |= IFF_UP;
	if (ioctl(fd, SIOCSIFFLAGS, &request) < 0)
		die("loopback");
	close(fd);
}

/* Seconds of CPU of all threads so far, to the nanosecond. */
static double cpu_seconds(void)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid(child, &clock) || clock_gettime(clock, &t))
		die("clock of the process");
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static long status_kib(const char *field)
{
	char path[64], line[256];
	long value = -1;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)child);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file))
		if (strncmp(line, field, strlen(field)) == 0)
			value = atol(line + strlen(field) + 1);
	if (file)
		fclose(file);
	return value;
}

/* Reads what the program draws, so that it never waits; returns the bytes. */
static size_t drain_terminal(int timeout_ms)
{
	struct pollfd poll_fd = {.fd = terminal, .events = POLLIN};
	char buf[65536];
	size_t sum = 0;
	ssize_t n;

	while (poll(&poll_fd, 1, timeout_ms) > 0) {
		n = read(terminal, buf, sizeof(buf));
		if (n <= 0)
			die("the program ended");
		sum += (size_t)n;
		timeout_ms = 0;
	}
	return sum;
}

/* One packet of each of n flows, spread over a second; 0 only waits. keys are sent per second. */
static size_t one_second(int fd, int n, int keys)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	double start = now();
	size_t drawn = 0;

	for (int step = 0; step < 20; step++) {
		for (int i = n * step / 20; i < n * (step + 1) / 20; i++) {
			to.sin_port = htons((uint16_t)(20000 + i));
			(void)sendto(fd, "x", 1, 0, (struct sockaddr *)&to, sizeof(to));
		}
		if (keys && step % (20 / keys) == 0 &&
		    write(terminal, step / (20 / keys) % 2 ? "k" : "j", 1) != 1)
			die("terminal");
		do
			drawn += drain_terminal(5);
		while (now() < start + (step + 1) * 0.05);
	}
	return drawn;
}

static double measure(const char *name, int seconds, int fd, int n_flows, int keys)
{
	double cpu, start;
	size_t drawn = 0;

	for (int i = 0; i < 3; i++) /* the first intervals fill the table */
		one_second(fd, n_flows, 0);
	cpu = cpu_seconds();
	start = now();
	for (int i = 0; i < seconds; i++)
		drawn += one_second(fd, n_flows, keys);
	cpu = (cpu_seconds() - cpu) / (now() - start);
	printf("%-34s %6.2f %% of a core, %6zu bytes/s drawn, RssAnon %ld KiB, VmRSS %ld KiB\n",
	       name, cpu * 100, drawn / (size_t)seconds, status_kib("RssAnon:"),
	       status_kib("VmRSS:"));
	fflush(stdout);
	return cpu;
}

int main(int argc, char **argv)
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};
	int seconds = argc > 2 ? atoi(argv[2]) : 10, n = argc > 3 ? atoi(argv[3]) : 10000, fd;
	double busy, keyed;
	char name[64];

	if (argc < 2) {
		fprintf(stderr, "usage: bench-live PKTOP [SECONDS [FLOWS]]\n");
		return 2;
	}
	if (unshare(CLONE_NEWNET) < 0)
		die("network namespace (needs root)");
	set_up("lo");
	child = forkpty(&terminal, NULL, NULL, &size);
	if (child < 0)
		die("pseudo terminal");
	if (child == 0) {
		setenv("TERM", "xterm-256color", 1);
		execl(argv[1], argv[1], "-i", "lo", (char *)NULL);
		_exit(127);
	}
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		die("socket");
	while (drain_terminal(5000) == 0)
		die("nothing was drawn");
	printf("\nlive table, refreshed each second, 80x24\n");
	measure("idle", seconds, fd, 0, 0);
	snprintf(name, sizeof(name), "%d flows a second", n);
	busy = measure(name, seconds, fd, n, 0);
	keyed = measure("the same, 10 keys a second", seconds, fd, n, 10);
	printf("%-34s %6.2f ms of CPU\n", "a frame", (keyed - busy) / 10 * 1000);
	kill(child, SIGTERM);
	drain_terminal(1000);
	close(terminal);
	waitpid(child, NULL, 0);
	return 0;
}
