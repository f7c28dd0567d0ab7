/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of addresses, from a real DNS server on a port of its own. */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "clock.h"
#include "loop.h"
#include "macro.h"
#include "resolve.h"
#include "sample.h"

#include "tap.h"

#ifdef HAVE_CARES

#define PATIENCE_MS 20000
#define STEP_MS 5
#define PAUSE_MS 20 /* between tries to reach the server */

static pid_t server;
static char servers[64];

struct run {
	struct loop *loop;
	struct resolve *resolve;
	unsigned int n_steps, n_changed;
	uint64_t n_done; /* answers and failures to wait for */
};

static void on_changed(void *data)
{
	((struct run *)data)->n_changed++;
}

static int on_step(void *data, uint64_t n_expired ATTR_UNUSED)
{
	struct run *run = data;
	struct resolve_counts counts;

	resolve_get_counts(run->resolve, &counts);
	if (counts.answered + counts.failed >= run->n_done ||
	    ++run->n_steps > PATIENCE_MS / STEP_MS)
		loop_quit(run->loop, 0);
	return 0;
}

/* Runs the loop until so many more questions have ended. */
static void run_until(struct run *run, uint64_t n_done)
{
	struct loop_source *timer;

	run->n_done = n_done;
	run->n_steps = 0;
	(void)loop_add_timer(run->loop, 0, STEP_MS * NSEC_PER_MSEC, on_step, run, &timer);
	(void)loop_run(run->loop);
	loop_remove(timer);
}

static void run_open(struct run *run)
{
	const struct resolve_config config = {
		.servers = servers, .changed = on_changed, .data = run};

	*run = (struct run){.n_steps = 0};
	ok(loop_new(&run->loop) == 0, "a loop");
	ok(resolve_new(&config, run->loop, &run->resolve) == 0, "a resolver");
}

static void run_close(struct run *run)
{
	resolve_free(run->resolve);
	loop_free(run->loop);
}

static uint8_t parse(const char *text, uint8_t addr[16])
{
	memset(addr, 0, 16);
	if (inet_pton(AF_INET, text, addr) == 1)
		return FAMILY_IPV4;
	return inet_pton(AF_INET6, text, addr) == 1 ? FAMILY_IPV6 : FAMILY_NONE;
}

static void want(struct run *run, const char *text)
{
	uint8_t addr[16], family = parse(text, addr);

	resolve_want(run->resolve, family, addr);
}

static const char *find(struct run *run, const char *text)
{
	uint8_t addr[16], family = parse(text, addr);
	const char *name = resolve_find(run->resolve, family, addr);

	return name ? name : "(none)";
}

static uint16_t free_port(void)
{
	struct sockaddr_in addr = {.sin_family = AF_INET,
				   .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof(addr);
	int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (bind(fd, (struct sockaddr *)&addr, size) < 0 ||
	    getsockname(fd, (struct sockaddr *)&addr, &size) < 0)
		return 0;
	(void)close(fd);
	return ntohs(addr.sin_port);
}

static bool start_server(void)
{
	char port[32];

	(void)snprintf(port, sizeof(port), "--port=%u", free_port());
	(void)snprintf(servers, sizeof(servers), "127.0.0.1:%s", port + strlen("--port="));
	server = fork();
	if (server == 0) {
		(void)freopen("/dev/null", "w", stderr);
		execlp("dnsmasq", "dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null",
		       "--no-resolv", "--no-hosts",
		       "--pid-file=", "--user=", "--group=", "--bind-interfaces",
		       "--listen-address=127.0.0.1", port, "--local-ttl=600",
		       "--ptr-record=7.2.0.192.in-addr.arpa,web.example",
		       "--ptr-record=8.2.0.192.in-addr.arpa,a\\b.example",
		       "--ptr-record=1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0."
		       "1.0.0.2.ip6.arpa,six.example",
		       "--local=/in-addr.arpa/", "--local=/ip6.arpa/", (char *)NULL);
		_exit(127);
	}
	return server > 0;
}

static void stop_server(void)
{
	if (server > 0) {
		(void)kill(server, SIGKILL);
		(void)waitpid(server, NULL, 0);
	}
	server = 0;
}

/* It may take the server a moment: a question that fails is asked again. */
static bool wait_for_server(void)
{
	struct run run;
	bool answered = false;

	run_open(&run);
	for (unsigned int i = 0; i < PATIENCE_MS / PAUSE_MS && !answered; i++) {
		const struct timespec pause = {.tv_nsec = PAUSE_MS * NSEC_PER_MSEC};
		struct resolve_counts counts;

		clock_freeze(1 + i * 1000 * NSEC_PER_SEC, 0);
		want(&run, "192.0.2.7");
		run_until(&run, i + 1);
		resolve_get_counts(run.resolve, &counts);
		answered = counts.answered > 0;
		if (!answered)
			(void)nanosleep(&pause, NULL);
	}
	clock_thaw();
	run_close(&run);
	return answered && waitpid(server, NULL, WNOHANG) == 0;
}

static void test_names(void)
{
	struct resolve_counts counts;
	struct run run;

	run_open(&run);
	is_str(find(&run, "192.0.2.7"), "(none)", "not asked: no name");
	want(&run, "192.0.2.7");
	want(&run, "192.0.2.7");
	want(&run, "2001:db8::1");
	want(&run, "192.0.2.8");
	want(&run, "192.0.2.9");
	resolve_get_counts(run.resolve, &counts);
	is_u64(counts.asked, 4, "each address is asked for once");
	run_until(&run, 4);
	is_str(find(&run, "192.0.2.7"), "web.example", "IPv4");
	is_str(find(&run, "2001:db8::1"), "six.example", "IPv6");
	is_str(find(&run, "192.0.2.8"), "a\\\\b.example", "a name with a backslash");
	is_str(find(&run, "192.0.2.9"), "(none)", "an address without a name");
	ok(run.n_changed >= 2, "whoever wants to know is told");
	want(&run, "192.0.2.9");
	want(&run, "192.0.2.7");
	resolve_get_counts(run.resolve, &counts);
	is_u64(counts.asked, 4, "what is known is not asked for again");
	is_u64(counts.n_pending, 0, "nothing is under way");
	run_close(&run);
}

static void test_time(void)
{
	uint64_t now_ns = clock_mono_ns();
	struct resolve_counts counts;
	struct run run;

	run_open(&run);
	clock_freeze(now_ns, 0);
	want(&run, "192.0.2.7");
	want(&run, "192.0.2.9");
	run_until(&run, 2);
	clock_freeze(now_ns + 61 * NSEC_PER_SEC, 0);
	want(&run, "192.0.2.7");
	want(&run, "192.0.2.9");
	resolve_get_counts(run.resolve, &counts);
	is_u64(counts.asked, 3, "after a minute what had no name is asked for again");
	run_until(&run, 3);
	clock_freeze(now_ns + 601 * NSEC_PER_SEC, 0);
	is_str(find(&run, "192.0.2.7"), "web.example", "a name that is over stands for now");
	want(&run, "192.0.2.7");
	resolve_get_counts(run.resolve, &counts);
	is_u64(counts.asked, 4, "after its time a name is asked for again");
	run_until(&run, 4);
	clock_thaw();
	run_close(&run);
}

static void test_limits(void)
{
	struct resolve_counts counts;
	struct run run;

	run_open(&run);
	for (unsigned int i = 0; i < 4 * RESOLVE_ASKED_MAX; i++) {
		char text[32];

		(void)snprintf(text, sizeof(text), "198.51.100.%u", i);
		want(&run, text);
	}
	resolve_get_counts(run.resolve, &counts);
	is_u64(counts.n_pending, RESOLVE_ASKED_MAX, "questions under way have a limit");
	run_until(&run, RESOLVE_ASKED_MAX);
	want(&run, "192.0.2.7");
	resolve_get_counts(run.resolve, &counts);
	is_u64(counts.asked, RESOLVE_ASKED_MAX + 1, "others come after them");
	run_close(&run); /* with a question under way */

	run_open(&run);
	for (unsigned int i = 0; i < 3 * RESOLVE_NAMES_MAX; i++) {
		char text[32];

		(void)snprintf(text, sizeof(text), "10.0.%u.%u", i / 250, i % 250);
		want(&run, text);
		if (i % RESOLVE_ASKED_MAX == RESOLVE_ASKED_MAX - 1)
			run_until(&run, i + 1);
	}
	resolve_get_counts(run.resolve, &counts);
	ok(counts.evicted >= RESOLVE_NAMES_MAX, "names that had to make room are counted");
	run_close(&run);
}

static void test_no_server(void)
{
	struct resolve_counts counts;
	struct run run;

	stop_server();
	run_open(&run);
	want(&run, "192.0.2.7");
	run_until(&run, 1);
	resolve_get_counts(run.resolve, &counts);
	is_u64(counts.failed, 1, "no server: the question fails");
	is_str(find(&run, "192.0.2.7"), "(none)", "no server: no name");
	want(&run, "192.0.2.7");
	resolve_get_counts(run.resolve, &counts);
	is_u64(counts.asked, 1, "and is not asked again at once");
	run_close(&run);
}

int main(void)
{
	if (system("command -v dnsmasq >/dev/null") != 0)
		tap_skip_all("needs the command dnsmasq");
	if (!start_server() || !wait_for_server()) {
		stop_server();
		ok(false, "dnsmasq answers");
		return tap_done();
	}
	test_names();
	test_time();
	test_limits();
	test_no_server();
	return tap_done();
}

#else

int main(void)
{
	tap_skip_all("built without c-ares");
}

#endif
