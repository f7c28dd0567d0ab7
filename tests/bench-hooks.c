/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the back ends that count at sockets cost, and what it costs to know whose a flow is: the
 * real pktop counts on the loopback device of a network namespace of its own while one thread
 * sends to itself. All back ends in turn in each round: compare figures of one run only.
 *
 * bench-hooks [-r ROUNDS] PKTOP
 */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <mntent.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "macro.h"

#define ROUNDS_MAX 201
#define ARGS_MAX 4

static int rounds = 31;
static const char *pktop;
static char cgroup[4096];

/* Each round visits them in this order. */
enum backend { NONE, TC, TC_OWNERS, CGROUP, PROCESS, BACKEND_MAX };

static const struct {
	const char *name;
	const char *args[ARGS_MAX];
} backends[BACKEND_MAX] = {
	[NONE] = {"nothing"},
	[TC] = {"tc", {"-i", "lo", "--no-owners"}},
	[TC_OWNERS] = {"+ owners", {"-i", "lo"}},
	[CGROUP] = {"cgroup", {"-c", cgroup}},
	[PROCESS] = {"process", {"-k"}},
};

static void die(const char *what)
{
	fprintf(stderr, "bench-hooks: %s: %s\n", what, strerror(errno));
	exit(1);
}

/* Of this thread, which also receives: on loopback that is in the call that sends. */
static double cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return CMP(x, y);
}

/* ---- what is measured: a call does it once ---- */

static int udp[2], listener;
static struct sockaddr_in receiver, server;

static void check(bool ok, const char *what)
{
	if (!ok)
		die(what);
}

static void datagram(const struct sockaddr_in *to)
{
	char byte = 0;

	check(sendto(udp[!to], &byte, 1, 0, (const struct sockaddr *)to, to ? sizeof(*to) : 0) == 1,
	      "send");
	check(recv(udp[0], &byte, 1, 0) == 1, "receive");
}

static void send_connected(void)
{
	datagram(NULL);
}

static void send_to(void)
{
	datagram(&receiver);
}

static void connection(void)
{
	/* reset on close: nothing waits for a minute */
	const struct linger linger = {.l_onoff = 1};
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), accepted;

	check(client >= 0, "socket");
	check(connect(client, (struct sockaddr *)&server, sizeof(server)) == 0, "connect");
	accepted = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	check(accepted >= 0, "accept");
	(void)setsockopt(client, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));
	close(client);
	close(accepted);
}

static const struct {
	const char *name;
	void (*once)(void);
	int times;
} works[] = {
	{"datagram, connected", send_connected, 20000},
	{"datagram to an address", send_to, 20000},
	{"TCP connection", connection, 2000},
};

static double result[ARRAY_SIZE(works)][BACKEND_MAX][ROUNDS_MAX];

static int bound(int type, struct sockaddr_in *ret_addr)
{
	socklen_t size = sizeof(*ret_addr);
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	*ret_addr = (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	check(fd >= 0 && bind(fd, (struct sockaddr *)ret_addr, size) == 0 &&
		      getsockname(fd, (struct sockaddr *)ret_addr, &size) == 0,
	      "socket");
	return fd;
}

static void set_up(void)
{
	struct ifreq request;
	struct sockaddr_in sender;

	check(unshare(CLONE_NEWNET) == 0, "network namespace (needs root)");
	memset(&request, 0, sizeof(request));
	snprintf(request.ifr_name, sizeof(request.ifr_name), "lo");
	/* the receiver also sends, to its own address */
	udp[0] = bound(SOCK_DGRAM, &receiver);
	check(ioctl(udp[0], SIOCGIFFLAGS, &request) == 0, "loopback");
	request.ifr_flags |= IFF_UP;
	check(ioctl(udp[0], SIOCSIFFLAGS, &request) == 0, "loopback");
	udp[1] = bound(SOCK_DGRAM, &sender);
	check(connect(udp[1], (struct sockaddr *)&receiver, sizeof(receiver)) == 0, "connect");
	listener = bound(SOCK_STREAM, &server);
	check(listen(listener, 16) == 0, "listen");
}

/* Where cgroups of version 2 are mounted. */
static void find_cgroup(void)
{
	FILE *mounts = setmntent("/proc/mounts", "re");
	const struct mntent *mount;

	while (mounts && (mount = getmntent(mounts)))
		if (strcmp(mount->mnt_type, "cgroup2") == 0)
			snprintf(cgroup, sizeof(cgroup), "%s", mount->mnt_dir);
	if (mounts)
		endmntent(mounts);
}

/* ---- pktop ---- */

/* It has attached and waits for events: it has given up privileges, and blocks SIGINT. */
static bool counts(pid_t pid)
{
	unsigned long long blocked = 0;
	char path[64], line[256];
	bool locked = false;
	FILE *file;

	snprintf(path, sizeof(path), "/proc/%d/status", (int)pid);
	file = fopen(path, "re");
	while (file && fgets(line, sizeof(line), file)) {
		locked |= strcmp(line, "NoNewPrivs:\t1\n") == 0;
		if (strncmp(line, "SigBlk:", 7) == 0)
			blocked = strtoull(line + 7, NULL, 16);
	}
	if (file)
		fclose(file);
	return locked && blocked & 1ULL << (SIGINT - 1);
}

static pid_t start(enum backend backend)
{
	const char *argv[ARGS_MAX + 5] = {pktop, "--batch", "-o", "/dev/null"};
	const struct timespec pause = {.tv_nsec = 10000000};
	pid_t pid;

	memcpy(argv + 4, backends[backend].args, sizeof(backends[backend].args));
	pid = fork();
	check(pid >= 0, "fork");
	if (pid == 0) {
		cpu_set_t all;

		memset(&all, 0xff, sizeof(all));
		(void)sched_setaffinity(0, sizeof(all), &all);
		execv(pktop, (char *const *)argv);
		_exit(127);
	}
	while (!counts(pid)) {
		if (waitpid(pid, NULL, WNOHANG) == pid) {
			fprintf(stderr, "bench-hooks: %s does not start\n", backends[backend].name);
			exit(1);
		}
		nanosleep(&pause, NULL);
	}
	return pid;
}

static void measure(enum backend backend, int round)
{
	pid_t pid = backend == NONE ? 0 : start(backend);

	for (size_t w = 0; w < ARRAY_SIZE(works); w++) {
		double begin;

		for (int i = 0; i < works[w].times / 10; i++)
			works[w].once();
		begin = cpu_ns();
		for (int i = 0; i < works[w].times; i++)
			works[w].once();
		result[w][backend][round] = (cpu_ns() - begin) / works[w].times;
	}
	if (!pid)
		return;
	kill(pid, SIGTERM);
	check(waitpid(pid, NULL, 0) == pid, "wait");
}

/* ---- results ---- */

static double median(const double *values)
{
	double sorted[ROUNDS_MAX];

	memcpy(sorted, values, sizeof(sorted));
	qsort(sorted, (size_t)rounds, sizeof(*sorted), compare);
	return sorted[rounds / 2];
}

static void print_work(size_t w)
{
	double net[ROUNDS_MAX], quotient[ROUNDS_MAX];

	printf("%-24s %9.0f", works[w].name, median(result[w][NONE]));
	for (enum backend b = TC; b < BACKEND_MAX; b++) {
		for (int i = 0; i < rounds; i++)
			net[i] = result[w][b][i] - result[w][NONE][i];
		printf(" %9.0f", median(net));
	}
	for (int i = 0; i < rounds; i++)
		quotient[i] = result[w][TC_OWNERS][i] / result[w][TC][i];
	qsort(quotient, (size_t)rounds, sizeof(*quotient), compare);
	printf("  %6.2f [%.2f %.2f]\n", quotient[rounds / 2], quotient[rounds / 10],
	       quotient[rounds - 1 - rounds / 10]);
}

int main(int argc, char **argv)
{
	cpu_set_t set;
	int c;

	while ((c = getopt(argc, argv, "r:")) != -1) {
		if (c != 'r')
			return 2;
		rounds = atoi(optarg) < 3 ? 3 : MIN(atoi(optarg), ROUNDS_MAX);
	}
	if (optind + 1 != argc) {
		fprintf(stderr, "usage: bench-hooks [-r ROUNDS] PKTOP\n");
		return 2;
	}
	pktop = argv[optind];
	find_cgroup();
	set_up();
	CPU_ZERO(&set);
	CPU_SET(sysconf(_SC_NPROCESSORS_ONLN) > 1 ? 1 : 0, &set);
	(void)sched_setaffinity(0, sizeof(set), &set);
	for (int round = 0; round < rounds; round++)
		for (enum backend b = 0; b < BACKEND_MAX; b++)
			if (b != CGROUP || *cgroup)
				measure(b, round);

	printf("\n%-24s", "sent and received (ns)");
	for (enum backend b = 0; b < BACKEND_MAX; b++)
		printf(" %9s", backends[b].name);
	printf("  owners/tc [p10 p90]\n");
	for (size_t w = 0; w < ARRAY_SIZE(works); w++)
		print_work(w);
	return 0;
}
