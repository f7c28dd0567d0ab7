/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out what the kernel and its settings offer. */
#include "config.h"

#include <errno.h>
#include <mntent.h>
#include <stdio.h>
#include <string.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "capture-bpf.h"
#include "capture-probe-data.h"
#include "cleanup.h"
#include "macro.h"
#include "text.h"

static void try_kernel(struct probe *probe)
{
	struct utsname name;
	char release[256], machine[256];

	if (uname(&name) < 0) {
		probe_say(probe, PROBE_ABSENT, NULL, "%s", strerror(errno));
		return;
	}
	text_escape(release, sizeof(release), name.release, (size_t)-1);
	text_escape(machine, sizeof(machine), name.machine, (size_t)-1);
	probe_say(probe, PROBE_OK, NULL, "%s %s", release, machine);
}

static void try_btf(struct probe *probe)
{
	if (access("/sys/kernel/btf/vmlinux", R_OK) == 0)
		probe_say(probe, PROBE_OK, NULL, "/sys/kernel/btf/vmlinux");
	else
		probe_say(
			probe, PROBE_ABSENT, NULL,
			"/sys/kernel/btf/vmlinux: %s; programs cannot look into structures of the "
			"kernel",
			strerror(errno));
}

/* 1: programs become machine code, 0: they are interpreted, else -errno. */
static int find_jit(void)
{
	cleanup(close_fdp) int fd = capture_bpf_load(BPF_PROG_TYPE_SCHED_CLS, -1, NULL);
	struct bpf_prog_info info = {0};
	__u32 size = sizeof(info);
	char line[32];
	int r;

	/* the lengths are 0 for those who may not know them */
	if (fd >= 0 && bpf_obj_get_info_by_fd(fd, &info, &size) == 0 &&
	    (info.jited_prog_len || info.xlated_prog_len))
		return info.jited_prog_len > 0;
	r = probe_read_line("/proc/sys/net/core/bpf_jit_enable", line, sizeof(line));
	return r < 0 ? r : strcmp(line, "0") != 0;
}

static void try_jit(struct probe *probe)
{
	int r = find_jit();

	if (r > 0)
		probe_say(probe, PROBE_OK, NULL, "programs run as machine code");
	else if (r == 0)
		probe_say(probe, PROBE_ABSENT, NULL,
			  "off: a packet costs several times more (sysctl "
			  "net.core.bpf_jit_enable=1)");
	else if (r == -ENOENT)
		probe_say(probe, PROBE_ABSENT, NULL,
			  "not in this kernel: a packet costs several times more");
	else
		probe_say(probe, PROBE_ABSENT, NULL, "not known: bpf_jit_enable: %s", strerror(-r));
}

static void try_unprivileged(struct probe *probe)
{
	char line[32];
	int r = probe_read_line("/proc/sys/kernel/unprivileged_bpf_disabled", line, sizeof(line));

	if (r < 0)
		probe_say(probe, PROBE_ABSENT, NULL, "not known: unprivileged_bpf_disabled: %s",
			  strerror(-r));
	else
		probe_say(probe, PROBE_OK, NULL, "%s; pktop needs its capabilities either way",
			  strcmp(line, "0") == 0 ? "allowed for what concerns own sockets" : "off");
}

static void try_cgroup(struct probe *probe)
{
	cleanup(fclosep) FILE *file = setmntent("/proc/self/mounts", "re");
	char path[256] = "", buf[4096];
	struct mntent entry;
	bool v1 = false;

	while (file && getmntent_r(file, &entry, buf, sizeof(buf))) {
		v1 |= strcmp(entry.mnt_type, "cgroup") == 0;
		if (strcmp(entry.mnt_type, "cgroup2") == 0 && !*path)
			text_escape(path, sizeof(path), entry.mnt_dir, (size_t)-1);
	}
	if (*path)
		probe_say(probe, PROBE_OK, NULL, "%s%s", path,
			  v1 ? ", beside version 1 (hybrid)" : "");
	else
		probe_say(probe, PROBE_ABSENT, NULL, "not mounted%s: --cgroup has nothing to count",
			  v1 ? ", but version 1 is" : "");
}

int probe_kernel(struct probe *probe)
{
	static const struct probe_try tries[] = {
		{"kernel", try_kernel},    {"BTF", try_btf},
		{"JIT", try_jit},          {"unprivileged BPF", try_unprivileged},
		{"cgroup v2", try_cgroup},
	};

	probe_try_all(probe, tries, ARRAY_SIZE(tries));
	return 0;
}
