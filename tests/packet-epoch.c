/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests that every packet is in exactly one interval, also while others are being counted. */
#include "config.h"

#include <linux/types.h>

#include <errno.h>
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "macro.h"

#include "abi.h"
#include "packet-cases.h"
#include "packet-check.h"
#include "packet-rig.h"

#define TEXT_MAX 512
#define SEND_NS NSEC_PER_SEC
#define LARGE (1u << 18)
#define ACTIVE_AT_FIRST (1u << 17) /* the part of a large table that is in use at first */

static const uint8_t frame4[] = {ETH(0x0800), IP4(6, 20), TCP(0x02)};
static const uint8_t frame6[] = {ETH(0x86dd), IP6(17, 8), UDP(0)};
#define WANT_FRAME4 "v4 6 " SRC4 ":41234 > " DST4 ":443 flags 02"
#define WANT_FRAME6 "v6 17 " SRC6 ":5353 > " DST6 ":53"

static struct rig *rig;
static struct record record;

static void send_frame(bool v6, uint16_t sport, uint32_t repeat)
{
	uint8_t data[sizeof(frame6)];
	struct rig_frame frame = {
		.data = data, .size = v6 ? sizeof(frame6) : sizeof(frame4), .repeat = repeat};
	size_t at = v6 ? sizeof(frame6) - 8 : sizeof(frame4) - 20;

	memcpy(data, v6 ? frame6 : frame4, frame.size);
	if (sport) {
		data[at] = (uint8_t)(sport >> 8);
		data[at + 1] = (uint8_t)sport;
	}
	must(rig_run(rig, DIRECTION_IN, &frame), "cannot run");
}

static const char *collect(char *text, size_t size)
{
	record_clear(&record);
	must(rig_collect(rig, true, &record), "cannot collect");
	record_sort(&record);
	record_text(&record, RIG_SLOT, DIRECTION_IN, text, size);
	return text;
}

static void test_flips(void)
{
	static const struct rig_config config = {.slots4 = 0};
	char text[TEXT_MAX], want[TEXT_MAX];

	must(rig_new(&config, &rig), "cannot load the programs");
	check_text(collect(text, sizeof(text)), " = 0/0", "an interval without packets");
	for (uint32_t i = 1; i <= 6; i++) {
		send_frame(false, 0, i);
		(void)snprintf(want, sizeof(want), WANT_FRAME4 ", ");
		if (i > 1)
			(void)snprintf(want + strlen(want), sizeof(want) - strlen(want), "%u ", i);
		(void)snprintf(want + strlen(want), sizeof(want) - strlen(want), "syn = %u/%zu", i,
			       i * sizeof(frame4));
		check_text(collect(text, sizeof(text)), want, "interval %u has its own packets", i);
	}
	check_text(collect(text, sizeof(text)), " = 0/0", "nothing comes twice");
	check_text(collect(text, sizeof(text)), " = 0/0", "nor from the other half");
	send_frame(true, 0, 2);
	check_text(collect(text, sizeof(text)), WANT_FRAME6 " = 2/124", "IPv6 as well");
	check_text(collect(text, sizeof(text)), " = 0/0", "and only once");
	rig_free(rig);
}

/* Who comes in the middle of another one counts elsewhere, and both are the same interval's. */
void test_interrupted(bool xdp)
{
	const struct rig_config config = {.preemptible = true, .xdp = xdp};
	char text[TEXT_MAX];

	must(rig_new(&config, &rig), "cannot load the programs");
	send_frame(false, 0, 3);
	check_text(collect(text, sizeof(text)), WANT_FRAME4 ", 3 syn = 3/162", "not interrupted");
	send_frame(true, 0, 2);
	rig_occupy(rig, false, 1);
	send_frame(true, 0, 3);
	check_text(collect(text, sizeof(text)), WANT_FRAME6 " = 5/310",
		   "in the middle of another one");
	send_frame(false, 0, 1);
	check_text(collect(text, sizeof(text)), WANT_FRAME4 ", syn = 1/54", "still so");
	rig_occupy(rig, true, 1);
	send_frame(false, 0, 7);
	check_text(collect(text, sizeof(text)), " = 0/0", "in the middle of two");
	check(rig_uncounted(rig) == 7, "that is known");
	rig_occupy(rig, true, 0);
	send_frame(false, 0, 1);
	rig_occupy(rig, false, 0);
	send_frame(false, 0, 1);
	send_frame(true, 0, 1);
	check_text(collect(text, sizeof(text)), WANT_FRAME6 "; " WANT_FRAME4 ", 2 syn = 3/170",
		   "after they have ended");
	check(rig_uncounted(rig) == 7, "all others were counted");
	rig_free(rig);
}

/* Slots from the first epochs are still there when the numbers come back. */
static void test_wrap(void)
{
	static const struct rig_config config = {.slots4 = 0};
	char text[TEXT_MAX];

	must(rig_new(&config, &rig), "cannot load the programs");
	for (int epoch = 1; epoch <= 3; epoch++) {
		send_frame(false, 0, 10);
		send_frame(true, 0, 10);
		for (uint16_t port = 1; port <= 600; port++) /* the dense walk */
			send_frame(false, port, 1);
		(void)collect(text, sizeof(text));
	}
	store_set_epoch(rig_store(rig), ABI_EPOCH_MASK - 2);
	for (uint32_t i = 0; i < 3; i++) {
		send_frame(false, 0, 1);
		check_text(collect(text, sizeof(text)), WANT_FRAME4 ", syn = 1/54", "epoch %06x",
			   (unsigned int)(ABI_EPOCH_MASK - 2 + i));
	}
	for (uint32_t epoch = 2; epoch <= 5; epoch++) {
		send_frame(true, 0, 1);
		check_text(collect(text, sizeof(text)), WANT_FRAME6 " = 1/62",
			   "epoch %u again, without what it had before", epoch);
	}
	rig_free(rig);
}

/* A large table starts with a part of it and takes the rest when that fills. */
static void test_growth(void)
{
	static const struct rig_config config = {.slots4 = LARGE};
	static const uint32_t want_active[] = {ACTIVE_AT_FIRST, ACTIVE_AT_FIRST, LARGE, LARGE};
	const uint32_t n_flows = ACTIVE_AT_FIRST / 4 + 1000;
	int r = rig_new(&config, &rig);

	if (r == -E2BIG) { /* values of maps end at 4 MiB before commit 63b8ce77b15e (6.0) */
		check(true, "growth # SKIP this kernel has no tables of that size");
		return;
	}
	must(r, "cannot load the programs");
	for (size_t i = 0; i < ARRAY_SIZE(want_active); i++) {
		struct sample_hook hook;
		bool once = true;

		check_u64(rig_active4(rig), want_active[i], "growth: slots in use in interval %zu",
			  i + 1);
		for (uint32_t port = 1; port <= n_flows; port++)
			send_frame(false, (uint16_t)port, 1);
		record_clear(&record);
		must(rig_collect(rig, true, &record), "cannot collect");
		record_sort(&record);
		hook = record_hook(&record, RIG_SLOT, DIRECTION_IN);
		for (size_t j = 0; j < record.n_flows; j++)
			once &= record.flows[j].count.packets == 1 && !record.flows[j].key.open;
		check(once && record_balances(&record), "growth: each flow has its one packet");
		check_u64(record.n_flows, n_flows, "growth: all flows");
		check_u64(hook.total.packets, n_flows, "growth: the total");
	}
	rig_free(rig);
}

/* Another CPU counts meanwhile */

struct sender {
	pthread_t thread;
	atomic_bool stop;
	int cpu;
	uint64_t sent4, sent6;
};

static void *run_sender(void *data)
{
	struct sender *sender = data;
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(sender->cpu, &one);
	must(sched_setaffinity(0, sizeof(one), &one) < 0 ? -errno : 0, "cannot change the CPU");
	for (uint16_t port = 1; !sender->stop; port = (uint16_t)(port % 50 + 1)) {
		send_frame(false, port, 1000);
		sender->sent4 += 1000;
		send_frame(true, port, 1000);
		sender->sent6 += 1000;
	}
	return NULL;
}

/* A CPU other than this one, where there is one. */
static int other_cpu(void)
{
	cpu_set_t saved, all;
	int here = sched_getcpu(), other = here;

	must(sched_getaffinity(0, sizeof(saved), &saved) < 0 ? -errno : 0, "no affinity");
	memset(&all, 0xff, sizeof(all)); /* the kernel leaves those that may be used */
	if (sched_setaffinity(0, sizeof(all), &all) == 0 &&
	    sched_getaffinity(0, sizeof(all), &all) == 0)
		for (int cpu = 0; cpu < CPU_SETSIZE; cpu++)
			if (CPU_ISSET(cpu, &all) && cpu != here)
				other = cpu;
	must(sched_setaffinity(0, sizeof(saved), &saved) < 0 ? -errno : 0, "no affinity");
	return other;
}

static uint64_t now_ns(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * NSEC_PER_SEC + (uint64_t)now.tv_nsec;
}

static uint64_t flow_packets(uint8_t family)
{
	uint64_t packets = 0;

	for (size_t i = 0; i < record.n_flows; i++)
		if (record.flows[i].key.family == family)
			packets += record.flows[i].count.packets;
	return packets;
}

/* Drains again and again while a thread sends; returns how many times. */
static unsigned int drain_meanwhile(struct sender *sender, bool wait)
{
	uint64_t end_ns = now_ns() + SEND_NS;
	unsigned int n_flips = 0;

	record_clear(&record);
	sender->cpu = other_cpu();
	must(-pthread_create(&sender->thread, NULL, run_sender, sender), "cannot make a thread");
	for (; now_ns() < end_ns; n_flips++) {
		must(rig_collect(rig, wait, &record), "cannot collect");
		if (record.n_flows > 100000)
			record_sort(&record); /* adds up */
	}
	sender->stop = true;
	must(-pthread_join(sender->thread, NULL), "cannot join a thread");
	for (int i = 0; i < 2; i++) /* what is still in the halves */
		must(rig_collect(rig, true, &record), "cannot collect");
	return n_flips;
}

static void test_concurrent(bool no_membarrier)
{
	const struct rig_config config = {.no_membarrier = no_membarrier};
	const char *how = no_membarrier ? "by way of a map of maps" : "by membarrier()";
	struct sender sender = {.stop = false};
	struct sample_hook hook;
	unsigned int n_flips;

	must(rig_new(&config, &rig), "cannot load the programs");
	n_flips = drain_meanwhile(&sender, true);
	hook = record_hook(&record, RIG_SLOT, DIRECTION_IN);
	check(n_flips >= 5 && sender.sent4 >= 10000, "waiting %s: %u flips", how, n_flips);
	check_u64(flow_packets(FAMILY_IPV4), sender.sent4, "waiting %s: IPv4 packets", how);
	check_u64(flow_packets(FAMILY_IPV6), sender.sent6, "waiting %s: IPv6 packets", how);
	check_u64(hook.total.packets, sender.sent4 + sender.sent6, "waiting %s: total", how);
	check_u64(hook.total.bytes, sender.sent4 * sizeof(frame4) + sender.sent6 * sizeof(frame6),
		  "waiting %s: bytes", how);
	check_u64(hook.syn, sender.sent4, "waiting %s: SYN", how);
	check(record_balances(&record), "waiting %s: the books balance", how);
	rig_free(rig);
}

/* What the checks above would say if something were lost. */
static void test_loss_shows(void)
{
	static const struct rig_config config = {.slots4 = 0};
	struct sender sender = {.stop = false};

	must(rig_new(&config, &rig), "cannot load the programs");
	send_frame(false, 0, 3);
	store_flip(rig_store(rig)); /* this interval is not read */
	send_frame(false, 0, 1);
	record_clear(&record);
	must(rig_collect(rig, true, &record), "cannot collect");
	must(rig_collect(rig, true, &record), "cannot collect");
	check_u64(flow_packets(FAMILY_IPV4), 1, "an interval that is not read is missing");
	check(!record_balances(&record), "and the books show it");
	rig_free(rig);

	/* it may count wrongly, and mostly does: nothing to assert */
	must(rig_new(&config, &rig), "cannot load the programs");
	(void)drain_meanwhile(&sender, false);
	printf("# without waiting: off by %lld of %llu packets\n",
	       (long long)(sender.sent4 + sender.sent6 - flow_packets(FAMILY_IPV4) -
			   flow_packets(FAMILY_IPV6)),
	       (unsigned long long)(sender.sent4 + sender.sent6));
	rig_free(rig);
}

void test_epochs(void)
{
	test_flips();
	test_interrupted(false);
	test_wrap();
	test_growth();
	test_concurrent(false);
	test_concurrent(true);
	test_loss_shows();
	record_done(&record);
}
