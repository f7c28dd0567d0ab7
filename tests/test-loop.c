/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The event loop, and the clock that can be stopped. */
#include "config.h"

#include "loop.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "cleanup.h"
#include "clock.h"
#include "macro.h"
#include "tap.h"

#define N_PEERS 40 /* more than the loop takes from the kernel at a time */

/* What a callback does and what it saw. */
struct probe {
	struct loop *loop;
	struct loop_source *source;
	int fd;
	int n_calls;
	uint32_t events;
	uint64_t n_expired;
	int signals[4];
	int quit_after; /* calls, 0: never */
	int result;
	struct probe *victim; /* source to remove */
};

static void cleanup_loop(struct loop **loop)
{
	loop_free(*loop);
}

static void die(const char *what)
{
	printf("Bail out! %s: %s\n", what, strerror(errno));
	exit(EXIT_FAILURE);
}

static struct loop *make_loop(void)
{
	struct loop *loop;

	if (loop_new(&loop) < 0)
		die("loop_new");
	return loop;
}

/* A file descriptor that stays readable. */
static int ready_fd(void)
{
	int fd = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);

	if (fd < 0)
		die("eventfd");
	return fd;
}

static void count(struct probe *probe)
{
	probe->n_calls++;
	if (probe->victim) {
		loop_remove(probe->victim->source);
		probe->victim->source = NULL;
		probe->victim = NULL;
	}
	if (probe->n_calls == probe->quit_after)
		loop_quit(probe->loop, probe->result);
}

static int on_fd(void *data, uint32_t epoll_events)
{
	struct probe *probe = data;

	probe->events = epoll_events;
	count(probe);
	return 0;
}

static int on_fd_fail(void *data, uint32_t epoll_events)
{
	on_fd(data, epoll_events);
	return -EIO;
}

static int on_timer(void *data, uint64_t n_expired)
{
	struct probe *probe = data;

	probe->n_expired += n_expired;
	count(probe);
	return 0;
}

static int on_signal(void *data, int signo)
{
	struct probe *probe = data;

	probe->signals[MIN(probe->n_calls, 3)] = signo;
	count(probe);
	return 0;
}

static void test_fd(void)
{
	cleanup(cleanup_loop) struct loop *loop = make_loop();
	cleanup(close_fdp) int fd = ready_fd();
	struct probe probe = {.loop = loop, .quit_after = 3, .result = 42};

	is_int(loop_add_fd(loop, fd, EPOLLIN, on_fd, &probe, &probe.source), 0, "fd is added");
	is_int(loop_run(loop), 42, "loop_run returns what loop_quit was given");
	is_int(probe.n_calls, 3, "a readable fd is called until then");
	is_int(probe.events, EPOLLIN, "with its events");
	probe.quit_after = 4;
	probe.result = 0;
	is_int(loop_run(loop), 0, "the loop runs a second time");
	is_int(probe.n_calls, 4, "and calls again");
	loop_quit(loop, 7);
	is_int(loop_run(loop), 7, "quit before run: run returns at once");
	is_int(probe.n_calls, 4, "without a call");
	loop_remove(probe.source);
	loop_remove(NULL);
	ok(fcntl(fd, F_GETFD) >= 0, "the fd is still open");

	is_int(loop_add_fd(loop, fd, EPOLLIN, on_fd_fail, &probe, NULL), 0, "fd is added again");
	is_int(loop_run(loop), -EIO, "an error of a callback ends the loop");
	is_int(probe.n_calls, 5, "after one call");
}

static void test_hangup(void)
{
	cleanup(cleanup_loop) struct loop *loop = make_loop();
	struct probe probe = {.loop = loop, .quit_after = 1};
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) < 0)
		die("pipe2");
	is_int(loop_add_fd(loop, fds[0], EPOLLIN, on_fd, &probe, &probe.source), 0,
	       "a pipe is added");
	close(fds[1]);
	is_int(loop_run(loop), 0, "a closed pipe wakes the loop");
	is_int(probe.events, EPOLLHUP, "with its event");
	loop_remove(probe.source);
	close(fds[0]);
}

static void test_refused(void)
{
	cleanup(cleanup_loop) struct loop *loop = make_loop();
	cleanup(fclosep) FILE *file = tmpfile();
	cleanup(close_fdp) int fd = ready_fd();
	struct loop_source *source = NULL;

	if (!file)
		die("tmpfile");
	is_int(loop_add_fd(loop, fileno(file), EPOLLIN, on_fd, NULL, &source), -EPERM,
	       "a regular file is refused");
	is_int(loop_add_fd(loop, -1, EPOLLIN, on_fd, NULL, &source), -EBADF, "no fd is refused");
	ok(source == NULL, "a refused fd has no source");
	is_int(loop_add_fd(loop, fd, EPOLLIN, on_fd, NULL, NULL), 0, "an fd is added");
	is_int(loop_add_fd(loop, fd, EPOLLIN, on_fd, NULL, NULL), -EEXIST,
	       "the same fd a second time is refused");
	is_int(loop_add_signals(loop, (const int[]){SIGUSR1, 9999, 0}, on_signal, NULL), -EINVAL,
	       "a signal that does not exist is refused");
}

/* Both are ready in one batch; the one that is called first removes the other. */
static void test_remove_other(void)
{
	cleanup(cleanup_loop) struct loop *loop = make_loop();
	struct probe a = {.loop = loop, .fd = ready_fd(), .quit_after = 2};
	struct probe b = {.loop = loop, .fd = ready_fd(), .quit_after = 2, .victim = &a};

	a.victim = &b;
	loop_add_fd(loop, a.fd, EPOLLIN, on_fd, &a, &a.source);
	loop_add_fd(loop, b.fd, EPOLLIN, on_fd, &b, &b.source);
	is_int(loop_run(loop), 0, "two that remove each other: run ends");
	is_int(MIN(a.n_calls, b.n_calls), 0, "the removed one is never called");
	is_int(MAX(a.n_calls, b.n_calls), 2, "the other one goes on");
	close(a.fd);
	close(b.fd);
}

static void test_remove_many(void)
{
	cleanup(cleanup_loop) struct loop *loop = make_loop();
	struct probe probes[N_PEERS] = {{0}};
	struct probe end = {.loop = loop, .quit_after = 1};
	int n_once = 0;

	for (size_t i = 0; i < N_PEERS; i++) {
		probes[i].fd = ready_fd();
		probes[i].victim = &probes[i];
		if (loop_add_fd(loop, probes[i].fd, EPOLLIN, on_fd, &probes[i], &probes[i].source) <
		    0)
			die("loop_add_fd");
	}
	loop_add_timer(loop, 20 * NSEC_PER_MSEC, 0, on_timer, &end, NULL);
	is_int(loop_run(loop), 0, "many that remove themselves: run ends");
	for (size_t i = 0; i < N_PEERS; i++) {
		n_once += probes[i].n_calls == 1;
		close(probes[i].fd);
	}
	is_int(n_once, N_PEERS, "each is called once");
}

/* A callback that removes its own source, takes the same fd again and waits for something else. */
static int on_fd_swap(void *data, uint32_t epoll_events)
{
	struct probe *probe = data;
	int r;

	(void)epoll_events;
	loop_remove(probe->source);
	r = loop_add_fd(probe->loop, probe->fd, EPOLLOUT, on_fd, probe, &probe->source);
	return r < 0 ? r : 0;
}

static void test_swap(void)
{
	cleanup(cleanup_loop) struct loop *loop = make_loop();
	cleanup(close_fdp) int fd = ready_fd();
	struct probe probe = {.loop = loop, .fd = fd, .quit_after = 1};

	loop_add_fd(loop, fd, EPOLLIN, on_fd_swap, &probe, &probe.source);
	is_int(loop_run(loop), 0, "a source is replaced from its own callback");
	is_int(probe.events, EPOLLOUT, "and the new one is called");
}

/* Events that were not handled before loop_quit() come in the next run. */
static void test_quit_keeps_events(void)
{
	cleanup(cleanup_loop) struct loop *loop = make_loop();
	struct probe a = {.loop = loop, .quit_after = 1}, b = {.loop = loop, .quit_after = 1};

	loop_add_timer(loop, 0, 0, on_timer, &a, NULL);
	loop_add_timer(loop, 0, 0, on_timer, &b, NULL);
	is_int(loop_run(loop), 0, "first run");
	is_int(a.n_calls + b.n_calls, 1, "one timer is called before the end");
	is_int(loop_run(loop), 0, "second run");
	is_int(a.n_calls, 1, "each timer is called once, first");
	is_int(b.n_calls, 1, "each timer is called once, second");
}

static void test_timer(void)
{
	cleanup(cleanup_loop) struct loop *loop = make_loop();
	struct probe once = {.loop = loop}, never = {.loop = loop};
	struct probe often = {.loop = loop, .quit_after = 5, .result = 1};
	uint64_t start = clock_mono_ns(), spent;

	is_int(loop_add_timer(loop, 0, 0, on_timer, &once, &once.source), 0, "a timer at once");
	is_int(loop_add_timer(loop, LOOP_NEVER, 1, on_timer, &never, &never.source), 0,
	       "a timer that does not run");
	is_int(loop_add_timer(loop, 4 * NSEC_PER_MSEC, 2 * NSEC_PER_MSEC, on_timer, &often,
			      &often.source),
	       0, "a periodic timer");
	is_int(loop_run(loop), 1, "run until the fifth call");
	spent = clock_mono_ns() - start;
	is_int(once.n_calls, 1, "the timer of one expiry is called once");
	is_u64(once.n_expired, 1, "for one expiry");
	is_int(never.n_calls, 0, "the timer that does not run is not called");
	is_int(often.n_calls, 5, "the periodic timer is called five times");
	/* The nth call can come with later expiries, but never before its time. */
	ok(often.n_expired >= 5, "for five expiries or more");
	ok(spent >= 2 * NSEC_PER_MSEC + often.n_expired * 2 * NSEC_PER_MSEC, "not before time");

	often.quit_after = 0;
	is_int(loop_set_timer(often.source, LOOP_NEVER, 0), 0, "the periodic timer is stopped");
	never.quit_after = 1;
	is_int(loop_set_timer(never.source, NSEC_PER_MSEC, 0), 0, "the other one is started");
	is_int(loop_run(loop), 0, "run until that");
	is_int(never.n_calls, 1, "the started timer is called");
	is_int(often.n_calls, 5, "the stopped timer is not");
}

/* Stops the other timer, of which an expiry may already be in the batch. */
static int on_timer_stop_other(void *data, uint64_t n_expired)
{
	struct probe *probe = data;

	(void)n_expired;
	probe->n_calls++;
	return loop_set_timer(probe->victim->source, LOOP_NEVER, 0);
}

static void test_timer_stopped_in_batch(void)
{
	cleanup(cleanup_loop) struct loop *loop = make_loop();
	struct probe a = {.loop = loop}, b = {.loop = loop, .victim = &a};
	struct probe end = {.loop = loop, .quit_after = 1};

	a.victim = &b;
	loop_add_timer(loop, 0, 0, on_timer_stop_other, &a, &a.source);
	loop_add_timer(loop, 0, 0, on_timer_stop_other, &b, &b.source);
	loop_add_timer(loop, 10 * NSEC_PER_MSEC, 0, on_timer, &end, NULL);
	is_int(loop_run(loop), 0, "two timers that stop each other: run ends");
	is_int(a.n_calls + b.n_calls, 1, "only one of them is called");
}

static void test_signals(void)
{
	cleanup(cleanup_loop) struct loop *loop = make_loop();
	struct probe probe = {.loop = loop, .quit_after = 2};

	is_int(loop_add_signals(loop, (const int[]){SIGUSR1, SIGUSR2, 0}, on_signal, &probe), 0,
	       "signals are added");
	raise(SIGUSR2); /* would end the program if it were not blocked */
	raise(SIGUSR1);
	is_int(loop_run(loop), 0, "run until both came");
	ok((probe.signals[0] == SIGUSR1 && probe.signals[1] == SIGUSR2) ||
		   (probe.signals[0] == SIGUSR2 && probe.signals[1] == SIGUSR1),
	   "each signal comes once");
	probe.quit_after = 3;
	raise(SIGUSR1);
	raise(SIGUSR1);
	is_int(loop_run(loop), 0, "run until the third");
	is_int(probe.n_calls, 3, "a signal that is pending twice comes once");
}

/* Open file descriptors, and how many of them a program started now would inherit. */
static int count_fds(int *ret_n_inherited)
{
	DIR *dir = opendir("/proc/self/fd");
	const struct dirent *entry;
	int n = 0;

	if (!dir)
		die("/proc/self/fd");
	*ret_n_inherited = 0;
	while ((entry = readdir(dir))) {
		int fd = entry->d_name[0] == '.' ? -1 : atoi(entry->d_name);

		if (fd < 0 || fd == dirfd(dir))
			continue;
		n++;
		*ret_n_inherited += !(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	}
	closedir(dir);
	return n;
}

static void test_fds(void)
{
	int n_inherited, n_inherited_before, n_before = count_fds(&n_inherited_before);
	struct loop *loop = make_loop();
	struct loop_source *timer;

	loop_add_timer(loop, NSEC_PER_SEC, 0, on_timer, NULL, &timer);
	loop_add_timer(loop, NSEC_PER_SEC, 0, on_timer, NULL, NULL);
	loop_add_signals(loop, (const int[]){SIGUSR1, 0}, on_signal, NULL);
	is_int(count_fds(&n_inherited), n_before + 4, "a loop, two timers and signals: four fds");
	is_int(n_inherited, n_inherited_before, "none of which a child inherits");
	loop_remove(timer);
	is_int(count_fds(&n_inherited), n_before + 3, "a removed timer is closed");
	loop_free(loop);
	is_int(count_fds(&n_inherited), n_before, "a freed loop leaves none behind");
	loop_free(NULL);
}

static void test_clock(void)
{
	uint64_t mono, real = clock_real_ns();

	ok(real > 1600000000 * NSEC_PER_SEC, "the real clock is past 2020");
	mono = clock_mono_ns();
	ok(clock_mono_ns() >= mono, "the monotonic clock does not go back");
	clock_freeze(5, 1769903999000000000);
	is_u64(clock_mono_ns(), 5, "the monotonic clock is stopped");
	is_u64(clock_real_ns(), 1769903999000000000, "the real clock is stopped");
	clock_freeze(6, 0);
	is_u64(clock_mono_ns(), 6, "the stopped clock is set");
	is_u64(clock_real_ns(), 0, "to any time");
	clock_thaw();
	ok(clock_mono_ns() >= mono, "the monotonic clock runs again");
	ok(clock_real_ns() >= real, "the real clock runs again");
}

int main(void)
{
	alarm(60);  /* a loop that never ends fails */
	test_fds(); /* first, while no other test has left anything open */
	test_fd();
	test_hangup();
	test_refused();
	test_remove_other();
	test_remove_many();
	test_swap();
	test_quit_keeps_events();
	test_timer();
	test_timer_stopped_in_batch();
	test_signals();
	test_clock();
	return tap_done();
}
