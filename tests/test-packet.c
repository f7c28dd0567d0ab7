/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the packet programs and the store behind them in the running kernel. */
#include "config.h"

#include <errno.h>
#include <sched.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "packet-check.h"
#include "packet-rig.h"
#include "tap.h"

#define NAME_MAX_SIZE 256

const char *check_prefix = "";

bool check(bool good, const char *format, ...)
{
	char name[NAME_MAX_SIZE];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(name, sizeof(name), format, args);
	va_end(args);
	return ok(good, "%s%s", check_prefix, name);
}

bool check_u64(uint64_t got, uint64_t want, const char *format, ...)
{
	char name[NAME_MAX_SIZE];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(name, sizeof(name), format, args);
	va_end(args);
	if (ok(got == want, "%s%s", check_prefix, name))
		return true;
	printf("#   got %" PRIu64 ", want %" PRIu64 "\n", got, want);
	return false;
}

bool check_text(const char *got, const char *want, const char *format, ...)
{
	char name[NAME_MAX_SIZE];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(name, sizeof(name), format, args);
	va_end(args);
	if (ok(strcmp(got, want) == 0, "%s%s", check_prefix, name))
		return true;
	printf("#   got  %s\n#   want %s\n", got, want);
	return false;
}

void must(int r, const char *what)
{
	if (r >= 0)
		return;
	printf("Bail out! %s: %s\n", what, strerror(-r));
	exit(EXIT_FAILURE);
}

/* One CPU, so that a flow comes in one part; a namespace, so that indexes and traffic are ours. */
static void settle(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	must(sched_setaffinity(0, sizeof(one), &one) < 0 ? -errno : 0, "cannot stay on one CPU");
	if (unshare(CLONE_NEWNET) < 0)
		tap_skip_all("needs a network namespace of its own (CAP_SYS_ADMIN)");
}

/* Kernels before 5.15 run XDP programs of tests without a context alone, hence on no interface. */
static bool runs_xdp(void)
{
	static const struct rig_config config = {.xdp = true};
	static const uint8_t data[64];
	const struct rig_frame frame = {.data = data, .size = sizeof(data)};
	struct rig *rig = NULL;
	int r;

	must(rig_new(&config, &rig), "cannot load the programs");
	r = rig_run(rig, DIRECTION_IN, &frame);
	rig_free(rig);
	return r != -EINVAL;
}

int main(void)
{
	static const struct rig_config config = {.slots4 = 0};
	struct rig *rig = NULL;
	int r = rig_new(&config, &rig);

	if (r == -EPERM)
		tap_skip_all("needs CAP_BPF and CAP_NET_ADMIN to load programs");
	must(r, "cannot load the programs");
	rig_free(rig);
	settle();
	test_parser(false);
	test_garbage(false);
	test_labels(false);
	test_devices(false);
	test_floods();
	test_epochs();
	check_prefix = "payload: ";
	test_segments();
	check_prefix = "XDP: ";
	if (!runs_xdp()) {
		check(true, "all # SKIP this kernel takes no context for a test of XDP");
		return tap_done();
	}
	test_parser(true);
	test_garbage(true);
	test_labels(true);
	test_devices(true);
	test_interrupted(true);
	test_xdp();
	return tap_done();
}
