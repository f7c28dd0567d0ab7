/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Event streams under load: the real pktop log writes to a file while so many events a second are
 * sent here. What was sent and what the file tells, lost ones included, must agree.
 *
 * bench-events PKTOP RATE SECONDS FILE: the file is made, and removed
 */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "macro.h"

#define BATCH 50
#define NAME "\3www\7example\3net"

static const char *pktop, *path;
static unsigned int rate, seconds;

/* Network namespaces: the one that is watched, with 192.0.2.1, and the other, with 192.0.2.2. */
static int here, there;

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "bench-events: %s: %s\n", what, strerror(errno));
	exit(1);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void enter(int namespace)
{
	if (setns(namespace, CLONE_NEWNET) < 0)
		die("network namespace");
}

static int new_namespace(void)
{
	int fd;

	if (unshare(CLONE_NEWNET) < 0)
		die("network namespace (needs root)");
	fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		die("network namespace");
	return fd;
}

static void set_up(void)
{
	char command[256];

	there = new_namespace();
	here = new_namespace();
	snprintf(command, sizeof(command),
		 "ip link add near type veth peer name far netns /proc/%d/fd/%d &&"
		 "ip addr add 192.0.2.1/24 dev near && ip link set near up &&"
		 "ip route add 198.18.0.0/15 via 192.0.2.2",
		 (int)getpid(), there);
	if (system(command) != 0)
		exit(1);
	enter(there);
	if (system("ip addr add 192.0.2.2/24 dev far && ip link set far up") != 0)
		exit(1);
	enter(here);
}

/* ---- what is sent ---- */

static int bound(int namespace, const char *address, uint16_t port)
{
	struct sockaddr_in own = {.sin_family = AF_INET, .sin_port = htons(port)};
	int fd;

	enter(namespace);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	inet_pton(AF_INET, address, &own.sin_addr);
	if (fd < 0 || bind(fd, (struct sockaddr *)&own, sizeof(own)) < 0)
		die("socket");
	return fd;
}

static void send_batch(int fd, struct mmsghdr *messages)
{
	for (int done = 0; done < BATCH;) {
		int n = sendmmsg(fd, messages + done, (unsigned int)(BATCH - done), 0);

		if (n < 0 && errno != ENOBUFS)
			die("send");
		done += MAX(n, 0);
	}
}

/* Queries and their answers in turn: nobody reads them, whoever sends has both sockets. */
struct dns_cast {
	int client, server;
	uint16_t id;
};

#define HEADER_SIZE 12
#define ANSWER "\xc0\x0c\0\1\0\1\0\0\1\0\0\4\xc0\0\2\7"

static void send_dns(void *data, uint64_t n)
{
	static const char question[] = NAME "\0\0\1\0\1";
	struct dns_cast *cast = data;
	struct sockaddr_in to[2] = {
		{.sin_family = AF_INET, .sin_port = htons(53)},
		{.sin_family = AF_INET, .sin_port = htons(5000)},
	};
	char text[2][BATCH][64];
	struct mmsghdr messages[2][BATCH] = {0};
	struct iovec parts[2][BATCH];
	size_t question_len = sizeof(question);

	(void)n;
	inet_pton(AF_INET, "192.0.2.2", &to[0].sin_addr);
	inet_pton(AF_INET, "192.0.2.1", &to[1].sin_addr);
	for (int i = 0; i < BATCH; i++, cast->id++) {
		for (int answer = 0; answer < 2; answer++) {
			char *p = text[answer][i];
			size_t len = HEADER_SIZE + question_len;

			memset(p, 0, HEADER_SIZE);
			p[0] = (char)(cast->id >> 8);
			p[1] = (char)cast->id;
			p[2] = answer ? (char)0x81 : 1;
			p[5] = 1;
			p[7] = (char)answer;
			memcpy(p + HEADER_SIZE, question, question_len);
			if (answer) {
				memcpy(p + len, ANSWER, sizeof(ANSWER) - 1);
				len += sizeof(ANSWER) - 1;
			}
			parts[answer][i] = (struct iovec){p, len};
			messages[answer][i].msg_hdr = (struct msghdr){
				.msg_name = &to[answer],
				.msg_namelen = sizeof(to[answer]),
				.msg_iov = &parts[answer][i],
				.msg_iovlen = 1,
			};
		}
	}
	send_batch(cast->client, messages[0]);
	send_batch(cast->server, messages[1]);
}

/* Each to another address and port, behind the other namespace, which drops them: each is told. */
static void send_opens(void *data, uint64_t n)
{
	struct sockaddr_in to[BATCH];
	struct mmsghdr messages[BATCH] = {0};
	struct iovec part = {(char *)"x", 1};

	for (int i = 0; i < BATCH; i++) {
		uint64_t id = n + (uint64_t)i;

		to[i] = (struct sockaddr_in){
			.sin_family = AF_INET,
			.sin_port = htons((uint16_t)(1024 + id % 60000)),
			.sin_addr.s_addr = htonl((uint32_t)(0xc6120001 + id / 60000)),
		};
		messages[i].msg_hdr = (struct msghdr){
			.msg_name = &to[i],
			.msg_namelen = sizeof(to[i]),
			.msg_iov = &part,
			.msg_iovlen = 1,
		};
	}
	send_batch(*(const int *)data, messages);
}

/* Returns how many events of the cast took place, about every 1 / rate seconds one. */
static uint64_t send_paced(void (*send_some)(void *data, uint64_t n), void *data, int per_call)
{
	double start = now(), end = start + seconds;
	uint64_t sent = 0;

	while (now() < end) {
		if (sent < (uint64_t)((now() - start) * rate)) {
			send_some(data, sent);
			sent += (uint64_t)per_call;
		} else {
			const struct timespec pause = {.tv_nsec = 100000};

			nanosleep(&pause, NULL);
		}
	}
	return sent;
}

/* ---- what is told ---- */

#define LOSSES_MAX 48

struct told {
	uint64_t records, events;
	struct {
		char what[40];
		uint64_t total;
	} losses[LOSSES_MAX];
};

struct work {
	const char *name, *kind;
	const char *args[3];
	uint64_t (*send)(void);
	unsigned int (*count)(const char *record); /* of the events above in a record */
};

static uint64_t run_dns(void)
{
	struct dns_cast cast = {bound(here, "192.0.2.1", 5000), bound(there, "192.0.2.2", 53), 0};

	enter(here);
	return send_paced(send_dns, &cast, 2 * BATCH);
}

static uint64_t run_opens(void)
{
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		die("socket");
	return send_paced(send_opens, &fd, BATCH);
}

static unsigned int count_dns(const char *record)
{
	const char *tries = strstr(record, "\"tries\":");

	/* a query, once or more often, and its answer */
	return (tries ? (unsigned int)atoi(tries + 8) : 0) + !strstr(record, "\"answers\":null");
}

static unsigned int count_one(const char *record)
{
	(void)record;
	return 1;
}

static const struct work works[] = {
	{
		.name = "DNS messages",
		.kind = "dns",
		.args = {"dns", "-i", "near"},
		.send = run_dns,
		.count = count_dns,
	},
	{
		.name = "UDP opens",
		.kind = "open",
		.args = {"conns", "--filter", "dst net 198.18.0.0/15"},
		.send = run_opens,
		.count = count_one,
	},
};

/* Each tells the total so far, as one of them may be lost, too. */
static void read_loss(const char *record, struct told *told)
{
	const char *what = strstr(record, "\"what\":"), *total = strstr(record, "\"total\":");
	char name[40];

	if (!what || !total || sscanf(what + 8, "%39[^\"]", name) != 1)
		return;
	for (size_t i = 0; i < LOSSES_MAX; i++) {
		if (*told->losses[i].what && strcmp(told->losses[i].what, name) != 0)
			continue;
		memcpy(told->losses[i].what, name, sizeof(name));
		told->losses[i].total = strtoull(total + 8, NULL, 10);
		return;
	}
}

static void read_record(const struct work *work, const char *record, struct told *told)
{
	char type[32];

	if (sscanf(record, "{\"type\":\"%31[^\"]", type) != 1)
		return;
	if (strcmp(type, work->kind) == 0) {
		told->records++;
		told->events += work->count(record);
	} else if (strcmp(type, "loss") == 0) {
		read_loss(record, told);
	}
}

/* Writes to the file, and has attached. */
static pid_t start(const struct work *work)
{
	const struct timespec pause = {.tv_nsec = 10000000};
	const char *argv[10] = {pktop, "log", "--json", "-o", path};
	struct stat st = {0};
	pid_t pid;

	memcpy(argv + 5, work->args, sizeof(work->args));
	(void)unlink(path);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		execv(pktop, (char *const *)argv);
		_exit(127);
	}
	while (stat(path, &st) < 0 || st.st_size == 0) {
		if (waitpid(pid, NULL, WNOHANG) == pid) {
			fprintf(stderr, "bench-events: %s: pktop does not start\n", work->name);
			exit(1);
		}
		nanosleep(&pause, NULL);
	}
	return pid;
}

static double cpu_seconds(pid_t pid)
{
	struct timespec t;
	clockid_t clock;

	if (clock_getcpuclockid(pid, &clock) || clock_gettime(clock, &t))
		die("clock of the process");
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* So long after the last event everything has been told, unanswered queries too. */
#define SETTLE_SECONDS 6

struct sent {
	uint64_t events;
	double seconds, cpu; /* the latter pktop's while it sent */
};

static void send_all(const struct work *work, pid_t pid, struct sent *sent)
{
	double begin = now(), cpu = cpu_seconds(pid);

	sent->events = work->send();
	sent->seconds = now() - begin;
	sent->cpu = cpu_seconds(pid) - cpu;
	sleep(SETTLE_SECONDS);
	kill(pid, SIGTERM);
	if (waitpid(pid, NULL, 0) != pid)
		die("wait");
}

static void measure(const struct work *work)
{
	struct told told = {0};
	struct sent sent;
	uint64_t lost = 0;
	char *line = NULL;
	FILE *records;
	size_t size;

	send_all(work, start(work), &sent);
	records = fopen(path, "re");
	if (!records)
		die(path);
	while (getline(&line, &size, records) > 0)
		read_record(work, line, &told);
	fclose(records);
	free(line);
	(void)unlink(path);
	for (size_t i = 0; i < LOSSES_MAX; i++)
		lost += told.losses[i].total;
	printf("%-14s %9.0f %9.0f %10" PRIu64 " %10" PRIu64 " %10" PRIu64 " %10" PRId64
	       " %6.0f %%\n",
	       work->name, (double)sent.events / sent.seconds,
	       (double)told.records / sent.seconds, sent.events, told.events, lost,
	       (int64_t)(sent.events - told.events - lost), sent.cpu / sent.seconds * 100);
	for (size_t i = 0; i < LOSSES_MAX && told.losses[i].total; i++)
		printf("  %s: %" PRIu64 "\n", told.losses[i].what, told.losses[i].total);
	fflush(stdout);
}

int main(int argc, char **argv)
{
	if (argc != 5) {
		fprintf(stderr, "usage: bench-events PKTOP RATE SECONDS FILE\n");
		return 2;
	}
	pktop = argv[1];
	rate = (unsigned int)atoi(argv[2]);
	seconds = (unsigned int)atoi(argv[3]);
	path = argv[4];
	set_up();
	printf("\n%-14s %9s %9s %10s %10s %10s %10s %8s\n", "events", "sent/s", "records/s", "sent",
	       "told", "lost", "missing", "CPU");
	for (size_t i = 0; i < ARRAY_SIZE(works); i++)
		measure(&works[i]);
	return 0;
}
