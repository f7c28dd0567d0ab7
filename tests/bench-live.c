/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * CPU and memory of the live table, on a pseudo terminal of 80x24. CPU is the program's own; what
 * the packets cost in the kernel is bench-kernel's subject.
 *
 * bench-live PKTOP [SECONDS [FLOWS]]: in a network namespace of its own: idle, with N active flows
 * on the loopback device, and per frame (by keys that move the selection).
 *
 * bench-live -f RECORDING FLOWS PKTOP: a frame of the recording's flows, by keys that turn the
 * order round, with a filter and groups: everything but the drain is done anew for each.
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

struct traffic {
	int fd, n_flows;  /* one packet of each of the flows in a second */
	const char *keys; /* "": none; else in turn, KEYS of them in a second */
};

#define KEYS 10
#define STEPS (2 * KEYS) /* of a second */

static void send_some(const struct traffic *traffic, int step)
{
	struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int n = traffic->n_flows;

	for (int i = n * step / STEPS; i < n * (step + 1) / STEPS; i++) {
		to.sin_port = htons((uint16_t)(20000 + i));
		(void)sendto(traffic->fd, "x", 1, 0, (struct sockaddr *)&to, sizeof(to));
	}
}

static size_t one_second(const struct traffic *traffic)
{
	size_t drawn = 0, n_keys = strlen(traffic->keys);
	double start = now();

	for (int step = 0; step < STEPS; step++) {
		send_some(traffic, step);
		if (n_keys && step % 2 == 0 &&
		    write(terminal, &traffic->keys[(size_t)step / 2 % n_keys], 1) != 1)
			die("terminal");
		do
			drawn += drain_terminal(5);
		while (now() < start + (step + 1) * (1.0 / STEPS));
	}
	return drawn;
}

/* Returns the share of a core. */
static double measure(const char *name, int seconds, const struct traffic *traffic)
{
	const struct traffic first = {traffic->fd, traffic->n_flows, ""};
	double cpu, start;
	size_t drawn = 0;

	for (int i = 0; i < 3; i++) /* the first intervals fill the table */
		one_second(&first);
	cpu = cpu_seconds();
	start = now();
	for (int i = 0; i < seconds; i++)
		drawn += one_second(traffic);
	cpu = (cpu_seconds() - cpu) / (now() - start);
	printf("%-34s %6.2f %% of a core, %6zu bytes/s drawn, RssAnon %ld KiB, VmRSS %ld KiB\n",
	       name, cpu * 100, drawn / (size_t)seconds, status_kib("RssAnon:"),
	       status_kib("VmRSS:"));
	fflush(stdout);
	return cpu;
}

static void start(const char *const argv[])
{
	struct winsize size = {.ws_row = 24, .ws_col = 80};

	child = forkpty(&terminal, NULL, NULL, &size);
	if (child < 0)
		die("pseudo terminal");
	if (child == 0) {
		setenv("TERM", "xterm-256color", 1);
		execv(argv[0], (char *const *)argv);
		_exit(127);
	}
	if (drain_terminal(20000) == 0)
		die("nothing was drawn");
}

static void stop(void)
{
	kill(child, SIGTERM);
	drain_terminal(1000);
	close(terminal);
	waitpid(child, NULL, 0);
}

static void bench_traffic(const char *pktop, int seconds, int n)
{
	struct traffic idle = {-1, 0, ""}, busy, keyed;
	double cpu, cpu_keyed;
	char name[64];

	if (unshare(CLONE_NEWNET) < 0)
		die("network namespace (needs root)");
	set_up("lo");
	start((const char *const[]){pktop, "-i", "lo", NULL});
	busy = (struct traffic){socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), n, ""};
	keyed = (struct traffic){busy.fd, n, "jk"};
	if (busy.fd < 0)
		die("socket");
	printf("\nlive table, refreshed each second, 80x24\n");
	measure("idle", seconds, &idle);
	snprintf(name, sizeof(name), "%d flows a second", n);
	cpu = measure(name, seconds, &busy);
	snprintf(name, sizeof(name), "the same, %d keys a second", KEYS);
	cpu_keyed = measure(name, seconds, &keyed);
	printf("%-34s %6.2f ms of CPU\n", "a frame", (cpu_keyed - cpu) / KEYS * 1000);
	stop();
}

static void bench_frames(const char *pktop, const char *recording, const char *n_flows)
{
	const struct traffic idle = {-1, 0, ""}, keyed = {-1, 0, "I"};
	double cpu;
	char name[64];

	start((const char *const[]){pktop, "--replay", recording, "--filter",
				    "tcp port 443 and src net 0.0.0.0/1", "--by", "src", NULL});
	snprintf(name, sizeof(name), "%s flows, filter, by source", n_flows);
	cpu = measure(name, 2, &idle);
	cpu = measure("the same, order turned round", 5, &keyed) - cpu;
	printf("%-34s %6.2f ms of CPU\n", "a frame", cpu / KEYS * 1000);
	stop();
}

int main(int argc, char **argv)
{
	const char *recording = NULL;
	int c;

	while ((c = getopt(argc, argv, "f:")) == 'f')
		recording = optarg;
	argc -= optind;
	argv += optind;
	if (c != -1 || argc < 1 || (recording && argc != 2)) {
		fprintf(stderr, "usage: bench-live PKTOP [SECONDS [FLOWS]]\n"
				"       bench-live -f RECORDING FLOWS PKTOP\n");
		return 2;
	}
	if (recording)
		bench_frames(argv[1], recording, argv[0]);
	else
		bench_traffic(argv[0], argc > 1 ? atoi(argv[1]) : 10,
			      argc > 2 ? atoi(argv[2]) : 10000);
	return 0;
}
