/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Capabilities: what is read, how it is named, what is left after giving up. */
#include "config.h"

#include "privs.h"

#include <errno.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cleanup.h"
#include "macro.h"
#include "tap.h"

/* As linux/capability.h numbers them. */
#define BIT_SETPCAP (1ULL << 8)
#define BIT_NET_ADMIN (1ULL << 12)
#define BIT_SYS_ADMIN (1ULL << 21)
#define BIT_BPF (1ULL << 39)

/* What /proc/self/status says about this process. */
struct status {
	uint64_t inheritable, permitted, effective, bounding, ambient;
	uint64_t no_new_privs;
};

static const struct {
	const char *name;
	size_t offset;
	int base;
} fields[] = {
	{"CapInh:", offsetof(struct status, inheritable), 16},
	{"CapPrm:", offsetof(struct status, permitted), 16},
	{"CapEff:", offsetof(struct status, effective), 16},
	{"CapBnd:", offsetof(struct status, bounding), 16},
	{"CapAmb:", offsetof(struct status, ambient), 16},
	{"NoNewPrivs:", offsetof(struct status, no_new_privs), 10},
};

static int read_status(struct status *ret_status)
{
	cleanup(fclosep) FILE *file = fopen("/proc/self/status", "re");
	size_t n_found = 0;
	char line[256];

	if (!file)
		return -errno;
	while (fgets(line, sizeof(line), file)) {
		for (size_t i = 0; i < ARRAY_SIZE(fields); i++) {
			size_t len = strlen(fields[i].name);
			uint64_t value;

			if (strncmp(line, fields[i].name, len) != 0)
				continue;
			value = strtoull(line + len, NULL, fields[i].base);
			memcpy((char *)ret_status + fields[i].offset, &value, sizeof(value));
			n_found++;
		}
	}
	return n_found == ARRAY_SIZE(fields) ? 0 : -ENODATA;
}

/* What a child says after it gave up its capabilities in one or two steps. */
struct answer {
	int r[2];
	int get_r;
	uint32_t privs;
	struct status status;
};

static bool ask_child(uint32_t keep, uint32_t then_keep, struct answer *ret_answer)
{
	ssize_t n;
	int fds[2], wait_status;
	pid_t pid;

	if (pipe(fds) < 0)
		return false;
	fflush(stdout);
	pid = fork();
	if (pid < 0)
		return false;
	if (pid == 0) {
		struct answer answer = {0};

		answer.r[0] = privs_drop(keep);
		answer.r[1] = privs_drop(then_keep);
		answer.get_r = privs_get(&answer.privs);
		if (read_status(&answer.status) < 0)
			_exit(EXIT_FAILURE);
		n = write(fds[1], &answer, sizeof(answer));
		_exit(n == sizeof(answer) ? EXIT_SUCCESS : EXIT_FAILURE);
	}
	close(fds[1]);
	n = read(fds[0], ret_answer, sizeof(*ret_answer));
	close(fds[0]);
	return waitpid(pid, &wait_status, 0) == pid && wait_status == 0 && n == sizeof(*ret_answer);
}

static void test_names(void)
{
	static const struct {
		uint32_t privs;
		const char *want;
	} samples[] = {
		{0, "none"},
		{PRIV_BPF, "CAP_BPF"},
		{PRIV_DAC_OVERRIDE, "CAP_DAC_OVERRIDE"},
		{PRIV_BPF | PRIV_NET_ADMIN, "CAP_BPF and CAP_NET_ADMIN"},
		{PRIV_NET_ADMIN | PRIV_SYS_ADMIN, "CAP_NET_ADMIN and CAP_SYS_ADMIN"},
		{PRIV_BPF | PRIV_NET_ADMIN | PRIV_PERFMON,
		 "CAP_BPF, CAP_NET_ADMIN and CAP_PERFMON"},
		{0xffffffff,
		 "CAP_BPF, CAP_NET_ADMIN, CAP_PERFMON, CAP_SYS_ADMIN and CAP_DAC_OVERRIDE"},
	};
	char buf[128], small[] = "0123456789ab";

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		int len = privs_names(buf, sizeof(buf), samples[i].privs);

		is_str(buf, samples[i].want, "names of %#x", samples[i].privs);
		is_int(len, strlen(samples[i].want), "names of %#x, length", samples[i].privs);
	}
	is_int(privs_names(small, 10, PRIV_BPF | PRIV_NET_ADMIN), 25, "small buffer: whole length");
	is_str(small, "CAP_BPF a", "small buffer: cut");
	is_str(small + 10, "ab", "small buffer: nothing behind it");
	is_int(privs_names(small, 4, PRIV_BPF | PRIV_NET_ADMIN), 25, "tiny buffer: whole length");
	is_str(small, "CAP", "tiny buffer: cut");
}

static void test_get(const struct status *status)
{
	uint32_t privs = 0;

	is_int(privs_get(&privs), 0, "capabilities can be read");
	is_int(!!(privs & PRIV_NET_ADMIN), !!(status->effective & BIT_NET_ADMIN),
	       "CAP_NET_ADMIN as the kernel has it");
	is_int(!!(privs & PRIV_SYS_ADMIN), !!(status->effective & BIT_SYS_ADMIN),
	       "CAP_SYS_ADMIN as the kernel has it");
	is_int(!!(privs & PRIV_BPF), !!(status->effective & (BIT_BPF | BIT_SYS_ADMIN)),
	       "CAP_BPF as the kernel has it, or included in CAP_SYS_ADMIN");
	is_int(privs >> PRIV_MAX_BIT, 0, "no unknown bits");
}

static void test_no_new_privs(void)
{
	struct answer answer;

	if (!ok(ask_child(~0u, ~0u, &answer), "child that keeps all of them"))
		return;
	is_int(answer.r[0], 0, "keeping what is there succeeds");
	is_u64(answer.status.no_new_privs, 1, "no_new_privs is set");
}

static const struct {
	const char *name;
	uint32_t keep, then_keep;
	uint64_t needs; /* effective capabilities */
	uint64_t left;
	uint32_t privs;
} drops[] = {
	{"nothing kept", 0, 0, 0, 0, 0},
	{"CAP_NET_ADMIN", PRIV_NET_ADMIN, PRIV_NET_ADMIN, BIT_NET_ADMIN, BIT_NET_ADMIN,
	 PRIV_NET_ADMIN},
	{"CAP_BPF and CAP_NET_ADMIN", PRIV_BPF | PRIV_NET_ADMIN, PRIV_BPF | PRIV_NET_ADMIN,
	 BIT_BPF | BIT_NET_ADMIN, BIT_BPF | BIT_NET_ADMIN, PRIV_BPF | PRIV_NET_ADMIN},
	{"CAP_BPF that only CAP_SYS_ADMIN includes", PRIV_SYS_ADMIN, PRIV_BPF, BIT_SYS_ADMIN,
	 BIT_SYS_ADMIN, PRIV_BPF | PRIV_PERFMON | PRIV_SYS_ADMIN},
	{"in two steps", PRIV_BPF | PRIV_NET_ADMIN, PRIV_NET_ADMIN, BIT_NET_ADMIN, BIT_NET_ADMIN,
	 PRIV_NET_ADMIN},
	{"what was given up before", PRIV_NET_ADMIN, PRIV_DAC_OVERRIDE, BIT_NET_ADMIN, 0, 0},
};

static void test_drop(const struct status *before)
{
	for (size_t i = 0; i < ARRAY_SIZE(drops); i++) {
		const char *name = drops[i].name;
		struct answer answer;

		if ((before->effective & drops[i].needs) != drops[i].needs) {
			ok(true, "%s # SKIP needs root, or these capabilities", name);
			continue;
		}
		if (!ok(ask_child(drops[i].keep, drops[i].then_keep, &answer), "%s: child", name))
			continue;
		is_int(answer.r[0], 0, "%s: given up", name);
		is_int(answer.r[1], 0, "%s: given up again", name);
		is_u64(answer.status.effective, drops[i].left, "%s: effective", name);
		is_u64(answer.status.permitted, drops[i].left, "%s: permitted", name);
		is_u64(answer.status.inheritable, 0, "%s: inheritable", name);
		is_u64(answer.status.ambient, 0, "%s: ambient", name);
		is_u64(answer.status.bounding,
		       before->effective & BIT_SETPCAP ? 0 : before->bounding, "%s: bounding",
		       name);
		is_u64(answer.status.no_new_privs, 1, "%s: no_new_privs", name);
		is_int(answer.get_r, 0, "%s: read", name);
		is_int(answer.privs, drops[i].privs, "%s: as read", name);
	}
}

int main(void)
{
	struct status status;

	if (read_status(&status) < 0)
		tap_skip_all("/proc/self/status does not show capabilities");
	test_names();
	test_get(&status);
	test_no_new_privs();
	if (!privs_can_drop())
		ok(true, "giving up # SKIP built without libcap-ng");
	else
		test_drop(&status);
	return tap_done();
}
