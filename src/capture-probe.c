/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out what works on this host by trying it. */
#include "config.h"

#include "capture-probe.h"

#include <linux/types.h>

#include <errno.h>
#include <linux/if_link.h>
#include <linux/membarrier.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <mntent.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "capture-size.h"
#include "capture-store.h"
#include "capture.h"
#include "cleanup.h"
#include "log.h"
#include "macro.h"
#include "nl-link.h"
#include "nl-tc.h"
#include "nl.h"
#include "packet.skel.h"
#include "privs.h"
#include "text.h"

#define LOOPBACK 1 /* index of lo, in every network namespace */
/* Attach types of kernel commit e420bed02507 (6.6), which headers may not have yet. */
#define TCX_INGRESS 46
#define TCX_EGRESS 47
#define TEXT_SIZE 1024
#define NAMES_MAX 8 /* programs of a hook that are named */
#define MIB (1024.0 * 1024.0)

DEFINE_CLEANUP(struct nl *, nl_close);
DEFINE_CLEANUP(struct nl_tc *, nl_tc_close);
DEFINE_CLEANUP(struct nl_links *, nl_links_close);

struct probe {
	const struct capture_config *config;
	probe_item_fn fn;
	void *data;
	enum probe_section section;
	const char *name;
	uint32_t privs;
	bool in_namespace; /* a user namespace, where capabilities are worth less */
	bool tcx;
	const char *attach; /* "tcx" or "clsact"; NULL: neither works */
	char advice[160];   /* about privileges */
};

/* Reporting */

ATTR_PRINTF(4, 5)
static void say(const struct probe *probe, enum probe_state state, const char *remedy,
		const char *format, ...)
{
	char text[TEXT_SIZE];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	probe->fn(probe->data, &(struct probe_item){
				       .section = probe->section,
				       .state = state,
				       .name = probe->name,
				       .text = text,
				       .remedy = state == PROBE_MISSING ? remedy : NULL,
			       });
}

/* Adds to a text of TEXT_SIZE. */
ATTR_PRINTF(2, 3)
static void append(char *text, const char *format, ...)
{
	size_t used = strlen(text);
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text + used, TEXT_SIZE - used, format, args);
	va_end(args);
}

/*
 * Something failed that counting needs. What failed for want of a privilege was not tried really:
 * the privilege is what is missing, and is reported as such.
 */
static void say_refused(const struct probe *probe, int r, uint32_t needed, const char *remedy)
{
	char names[128];

	if (r == -EPERM && needed & ~probe->privs) {
		(void)privs_names(names, sizeof(names), needed & ~probe->privs);
		say(probe, PROBE_ABSENT, NULL, "cannot be tried without %s", names);
	} else if (r == -EPERM && probe->in_namespace) {
		say(probe, PROBE_MISSING, "run it outside of the user namespace",
		    "refused: the capabilities of a user namespace do not count here");
	} else if (r == -EPERM) {
		say(probe, PROBE_MISSING, "allow bpf(2) where this process is confined",
		    "refused by seccomp, a security module, lockdown or the limit on locked "
		    "memory");
	} else {
		say(probe, PROBE_MISSING, remedy, "%s", strerror(-r));
	}
}

/* First line of a small file, without newline. */
static int read_line(const char *path, char *buf, size_t size)
{
	cleanup(fclosep) FILE *file = fopen(path, "re");

	if (!file || !fgets(buf, (int)size, file))
		return file ? -EIO : -errno;
	buf[strcspn(buf, "\n")] = 0;
	return 0;
}

static int load(enum bpf_prog_type type, int result, const struct bpf_prog_load_opts *opts)
{
	const struct bpf_insn instructions[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = result},
		{.code = BPF_JMP | BPF_EXIT},
	};
	int fd = bpf_prog_load(type, "probe", "GPL", instructions, ARRAY_SIZE(instructions), opts);

	return fd < 0 ? -errno : fd;
}

static int make_array(uint32_t value_size, uint32_t n)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = BPF_F_MMAPABLE);
	int fd =
		bpf_map_create(BPF_MAP_TYPE_ARRAY, "probe", sizeof(uint32_t), value_size, n, &opts);

	return fd < 0 ? -errno : fd;
}

/* The kernel and its settings */

static void try_kernel(struct probe *probe)
{
	struct utsname name;
	char release[256], machine[256];

	if (uname(&name) < 0) {
		say(probe, PROBE_ABSENT, NULL, "%s", strerror(errno));
		return;
	}
	text_escape(release, sizeof(release), name.release, (size_t)-1);
	text_escape(machine, sizeof(machine), name.machine, (size_t)-1);
	say(probe, PROBE_OK, NULL, "%s %s", release, machine);
}

static void try_btf(struct probe *probe)
{
	if (access("/sys/kernel/btf/vmlinux", R_OK) == 0)
		say(probe, PROBE_OK, NULL, "/sys/kernel/btf/vmlinux");
	else
		say(probe, PROBE_ABSENT, NULL,
		    "/sys/kernel/btf/vmlinux: %s; programs cannot look into structures of the "
		    "kernel",
		    strerror(errno));
}

/* 1: programs become machine code, 0: they are interpreted, else -errno. */
static int find_jit(void)
{
	cleanup(close_fdp) int fd = load(BPF_PROG_TYPE_SCHED_CLS, -1, NULL);
	struct bpf_prog_info info = {0};
	__u32 size = sizeof(info);
	char line[32];
	int r;

	/* the lengths are 0 for those who may not know them */
	if (fd >= 0 && bpf_obj_get_info_by_fd(fd, &info, &size) == 0 &&
	    (info.jited_prog_len || info.xlated_prog_len))
		return info.jited_prog_len > 0;
	r = read_line("/proc/sys/net/core/bpf_jit_enable", line, sizeof(line));
	return r < 0 ? r : strcmp(line, "0") != 0;
}

static void try_jit(struct probe *probe)
{
	int r = find_jit();

	if (r > 0)
		say(probe, PROBE_OK, NULL, "programs run as machine code");
	else if (r == 0)
		say(probe, PROBE_ABSENT, NULL,
		    "off: a packet costs several times more (sysctl net.core.bpf_jit_enable=1)");
	else if (r == -ENOENT)
		say(probe, PROBE_ABSENT, NULL,
		    "not in this kernel: a packet costs several times more");
	else
		say(probe, PROBE_ABSENT, NULL, "not known: bpf_jit_enable: %s", strerror(-r));
}

static void try_unprivileged(struct probe *probe)
{
	char line[32];
	int r = read_line("/proc/sys/kernel/unprivileged_bpf_disabled", line, sizeof(line));

	if (r < 0)
		say(probe, PROBE_ABSENT, NULL, "not known: unprivileged_bpf_disabled: %s",
		    strerror(-r));
	else
		say(probe, PROBE_OK, NULL, "%s; pktop needs its capabilities either way",
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
		say(probe, PROBE_OK, NULL, "%s%s", path, v1 ? ", beside version 1 (hybrid)" : "");
	else
		say(probe, PROBE_ABSENT, NULL,
		    "not mounted; this version does not show cgroups of traffic");
}

/* Privileges */

static const struct {
	uint32_t priv;
	const char *name;
	const char *use;
	enum probe_state without;
} capabilities[] = {
	{PRIV_BPF, "CAP_BPF", "makes tables and loads programs", PROBE_MISSING},
	{PRIV_NET_ADMIN, "CAP_NET_ADMIN", "loads programs for packets and attaches them",
	 PROBE_MISSING},
	/* whether the programs need it is found by loading them */
	{PRIV_PERFMON, "CAP_PERFMON", "lets programs compute with addresses of packets",
	 PROBE_ABSENT},
};

static void find_privs(struct probe *probe)
{
	const uint32_t wanted = PRIV_BPF | PRIV_NET_ADMIN | PRIV_PERFMON;
	uint32_t missing;
	char names[128], line[64];
	unsigned int first, host, n;

	if (privs_get(&probe->privs) < 0)
		probe->privs = 0;
	missing = wanted & ~probe->privs;
	(void)privs_names(names, sizeof(names), missing ? missing : wanted);
	(void)snprintf(probe->advice, sizeof(probe->advice), "run it as root, or give it %s",
		       names);
	/* the first namespace maps all 2^32 - 1 ids to themselves */
	if (read_line("/proc/self/uid_map", line, sizeof(line)) == 0 &&
	    sscanf(line, "%u %u %u", &first, &host, &n) == 3)
		probe->in_namespace = first != 0 || host != 0 || n != UINT32_MAX;
}

static void try_privs(struct probe *probe)
{
	for (size_t i = 0; i < ARRAY_SIZE(capabilities); i++) {
		bool has = probe->privs & capabilities[i].priv;

		probe->name = capabilities[i].name;
		say(probe, has ? PROBE_OK : capabilities[i].without, probe->advice, "%s%s",
		    has ? "" : "not held; ", capabilities[i].use);
	}
	probe->name = "user namespace";
	if (probe->in_namespace)
		say(probe, PROBE_ABSENT, NULL,
		    "this is not the first one: its capabilities do not count for BPF");
}

/* What counting needs */

static void try_map(struct probe *probe)
{
	cleanup(close_fdp) int fd = make_array((uint32_t)sysconf(_SC_PAGESIZE), 1);
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	void *memory;

	if (fd < 0) {
		say_refused(probe, fd, PRIV_BPF, "use Linux 5.8 or later");
		return;
	}
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED) {
		say_refused(probe, -errno, PRIV_BPF, "use Linux 5.8 or later");
		return;
	}
	(void)munmap(memory, size);
	say(probe, PROBE_OK, NULL, "an array that pktop reads without system calls");
}

/* Kernel commit 63b8ce77b15e (6.0) raised the limit on the size of a value. */
static void try_large_values(struct probe *probe)
{
	cleanup(close_fdp) int fd = make_array((4u << 20) + 4096, 1);

	if (fd >= 0)
		say(probe, PROBE_OK, NULL, "above 4 MiB: a table may have any size");
	else if (fd == -E2BIG)
		say(probe, PROBE_ABSENT, NULL,
		    "at most 4 MiB (more since Linux 6.0): the table is limited, see below");
	else
		say_refused(probe, fd, PRIV_BPF, "choose a smaller table with --max-flows");
}

/* Kernels before 5.11 count tables as locked memory (commit 97306be45fbe ended that). */
static void say_no_table(const struct probe *probe, int r, uint64_t size)
{
	struct rlimit limit;

	if (r == -EPERM && probe->privs & PRIV_BPF && !probe->in_namespace &&
	    getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur < size)
		say(probe, PROBE_MISSING, "raise the limit (ulimit -l unlimited)",
		    "refused: takes %.1f MiB, and locked memory is limited to %.1f MiB",
		    (double)size / MIB, (double)limit.rlim_cur / MIB);
	else
		say_refused(probe, r, PRIV_BPF, "choose a smaller table with --max-flows");
}

/* Really makes the table, in the sizes that the back end would try. */
static void try_table(struct probe *probe)
{
	uint32_t flows =
		probe->config->max_flows ? probe->config->max_flows : capture_default_flows();
	unsigned int n_cpus = capture_n_cpus();
	uint32_t slots = CAPTURE_FLOWS_MIN, wanted;
	int fd;

	while (slots < flows)
		slots *= 2;
	for (wanted = slots;; slots /= 2) {
		size_t size = store_half_size(slots, MAX(slots / 2, CAPTURE_FLOWS_MIN));

		fd = make_array((uint32_t)size, 2 * n_cpus);
		if (fd != -E2BIG || slots == CAPTURE_FLOWS_MIN)
			break;
	}
	if (fd < 0) {
		say_no_table(probe, fd, capture_map_bytes(slots));
		return;
	}
	(void)close(fd);
	say(probe, PROBE_OK, NULL,
	    "%u IPv4 and %u IPv6 flows per CPU and interval%s, %.1f MiB of kernel memory for %u "
	    "CPU%s (%s)",
	    slots, MAX(slots / 2, CAPTURE_FLOWS_MIN),
	    slots < wanted ? ", the most that this kernel allows" : "",
	    (double)capture_map_bytes(slots) / MIB, n_cpus, n_cpus == 1 ? "" : "s",
	    probe->config->max_flows ? "as --max-flows says"
				     : "chosen from memory and CPUs; see --max-flows");
}

static void try_program(struct probe *probe)
{
	cleanup(close_fdp) int fd = load(BPF_PROG_TYPE_SCHED_CLS, -1, NULL);

	if (fd < 0)
		say_refused(probe, fd, PRIV_BPF | PRIV_NET_ADMIN,
			    "use a kernel with CONFIG_BPF_SYSCALL and CONFIG_NET_CLS_ACT");
	else
		say(probe, PROBE_OK, NULL, "a program for the tc hooks loads");
}

/* The programs that count, with small tables. */
static void try_own_programs(struct probe *probe)
{
	struct packet_bpf *skel = packet_bpf__open();
	int r = skel ? packet_bpf__load(skel) : -errno;

	packet_bpf__destroy(skel);
	if (r == 0)
		say(probe, PROBE_OK, NULL, "load, and pass the verifier of this kernel");
	else if (r == -EACCES && !(probe->privs & PRIV_PERFMON))
		say(probe, PROBE_MISSING, probe->advice,
		    "refused by the verifier, which trusts them more with CAP_PERFMON");
	else
		say_refused(probe, r, PRIV_BPF | PRIV_NET_ADMIN,
			    "see why with -vv, and please report it");
}

static void try_tcx(struct probe *probe)
{
	__u32 n = 0;
	int r = bpf_prog_query(LOOPBACK, (enum bpf_attach_type)TCX_INGRESS, 0, NULL, NULL, &n);
	enum capture_attach asked = probe->config->attach;

	r = r < 0 ? -errno : 0;
	probe->tcx = r == 0;
	if (probe->tcx && asked != CAPTURE_ATTACH_CLSACT)
		probe->attach = "tcx";
	if (probe->tcx)
		say(probe, PROBE_OK, NULL, "%s",
		    probe->attach ? "links that end with the process; chosen"
				  : "here, but --attach clsact asks for the other way");
	else if (r == -EINVAL) /* an attach type that the kernel does not know */
		say(probe, asked == CAPTURE_ATTACH_TCX ? PROBE_MISSING : PROBE_ABSENT,
		    "leave out --attach tcx", "not in this kernel (Linux 6.6 has it)%s",
		    asked == CAPTURE_ATTACH_TCX ? "" : ": clsact takes its place");
	else
		say_refused(probe, r, PRIV_NET_ADMIN, "try --attach clsact");
}

/*
 * A request for a clsact qdisc on lo that no kernel grants: block number 0 is refused, but after
 * the kind was looked up. 0 where clsact is there.
 */
static int ask_clsact(void)
{
	struct {
		struct nlmsghdr head;
		struct tcmsg tc;
		struct nlattr kind_head;
		char kind[8];
		struct nlattr block_head;
		uint32_t block;
	} request = {
		.head =
			{
				.nlmsg_len = sizeof(request),
				.nlmsg_type = RTM_NEWQDISC,
				.nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL,
			},
		.tc =
			{
				.tcm_ifindex = LOOPBACK,
				.tcm_parent = TC_H_CLSACT,
				.tcm_handle = TC_H_MAKE(TC_H_CLSACT, 0),
			},
		.kind_head = {sizeof(struct nlattr) + sizeof("clsact"), TCA_KIND},
		.kind = "clsact",
		.block_head = {sizeof(struct nlattr) + sizeof(uint32_t), TCA_INGRESS_BLOCK},
	};
	cleanup(nl_closep) struct nl *nl = NULL;
	int r, result;

	r = nl_open(0, &nl);
	if (r == 0)
		r = nl_batch(nl, &request, sizeof(request), &result, 1);
	if (r < 0)
		return r;
	if (result == 0) { /* against all expectation */
		request.head.nlmsg_type = RTM_DELQDISC;
		request.head.nlmsg_flags = 0;
		r = nl_batch(nl, &request, sizeof(request), &result, 1);
		return r < 0 ? r : result;
	}
	/* there is one already, or only the number was wrong */
	return result == -EEXIST || result == -EINVAL ? 0 : result;
}

static void try_clsact(struct probe *probe)
{
	int r;

	if (probe->attach || probe->config->attach == CAPTURE_ATTACH_TCX) {
		say(probe, PROBE_ABSENT, NULL, "not tried: TCX is %s",
		    probe->attach ? "chosen" : "asked for");
		return;
	}
	r = ask_clsact();
	if (r == 0) {
		probe->attach = "clsact";
		say(probe, PROBE_OK, NULL, "a qdisc with filters; chosen");
	} else if (r == -ENOENT) {
		say(probe, PROBE_MISSING, "load the module sch_ingress", "not in this kernel");
	} else {
		say_refused(probe, r, PRIV_NET_ADMIN, "load the module sch_ingress");
	}
}

/* How capture-store.c waits until no program writes to the table that it reads. */
static void try_grace(struct probe *probe)
{
	long commands = syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);
	cleanup(close_fdp) int inner_fd = -1;
	cleanup(close_fdp) int outer_fd = -1;
	LIBBPF_OPTS(bpf_map_create_opts, opts);

	if (commands > 0 && commands & MEMBARRIER_CMD_GLOBAL) {
		say(probe, PROBE_OK, NULL, "by membarrier");
		return;
	}
	inner_fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "probe", 4, 4, 1, NULL);
	opts.inner_map_fd = (__u32)inner_fd;
	if (inner_fd >= 0)
		outer_fd = bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, "probe", 4, 4, 1, &opts);
	if (outer_fd < 0)
		say_refused(probe, -errno, PRIV_BPF, "use a kernel without nohz_full CPUs");
	else
		say(probe, PROBE_OK, NULL,
		    "by updates of a map of maps: membarrier does not wait for all CPUs here, as "
		    "with nohz_full");
}

/* What other modes of counting and of naming processes would need */

static const struct {
	const char *name;
	const char *use;
	enum bpf_prog_type type;
	enum bpf_attach_type attach;
	const char *symbol; /* in the kernel's BTF, to attach to */
} others[] = {
	{"XDP program", "counts in the driver", BPF_PROG_TYPE_XDP, 0, NULL},
	{"raw_tp", "processes", BPF_PROG_TYPE_RAW_TRACEPOINT, 0, NULL},
	{"tp_btf", "processes", BPF_PROG_TYPE_TRACING, BPF_TRACE_RAW_TP, "inet_sock_set_state"},
	{"fentry", "processes", BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY, "tcp_connect"},
};

static int try_other(size_t i)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = others[i].attach);
	int result = others[i].type == BPF_PROG_TYPE_XDP ? XDP_PASS : 0;

	if (others[i].symbol) {
		int id = libbpf_find_vmlinux_btf_id(others[i].symbol, others[i].attach);

		if (id < 0)
			return id;
		opts.attach_btf_id = (__u32)id;
	}
	return load(others[i].type, result, &opts);
}

/* Hardware offload on lo is refused with EOPNOTSUPP, but by kernels that have such links alone. */
static int ask_xdp_link(void)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = XDP_FLAGS_HW_MODE);
	cleanup(close_fdp) int fd = load(BPF_PROG_TYPE_XDP, XDP_PASS, NULL);
	cleanup(close_fdp) int link_fd = -1;

	if (fd < 0)
		return fd;
	link_fd = bpf_link_create(fd, LOOPBACK, BPF_XDP, &opts);
	return link_fd >= 0 || errno == EOPNOTSUPP ? 0 : -errno;
}

static void say_other(struct probe *probe, const char *name, const char *use, int r)
{
	probe->name = name;
	if (r >= 0)
		say(probe, PROBE_OK, NULL, "works (%s)", use);
	else
		say(probe, PROBE_ABSENT, NULL, "%s (%s)", strerror(-r), use);
}

static void try_others(struct probe *probe)
{
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		cleanup(close_fdp) int fd = try_other(i);

		say_other(probe, others[i].name, others[i].use, fd);
	}
	say_other(probe, "XDP link", "ends with its process", ask_xdp_link());
	say_other(probe, "kprobe", "processes on old kernels",
		  access("/sys/bus/event_source/devices/kprobe/type", R_OK) == 0 ? 0 : -errno);
}

/* Interfaces */

/* What is on a hook: "; on tcx ingress: 1 program (NAME id 12)". */
static void append_hook(char *text, uint32_t index, int type, const char *hook)
{
	__u32 ids[NAMES_MAX], n = NAMES_MAX;
	int r = bpf_prog_query((int)index, (enum bpf_attach_type)type, 0, NULL, ids, &n);

	/* more than fit: the first ones and the number of all */
	if ((r < 0 && errno != ENOSPC) || n == 0)
		return;
	append(text, "; on %s: %u program%s", hook, n, n == 1 ? "" : "s");
	for (__u32 i = 0; i < MIN(n, (__u32)NAMES_MAX); i++) {
		cleanup(close_fdp) int fd = bpf_prog_get_fd_by_id(ids[i]);
		char name[4 * BPF_OBJ_NAME_LEN] = "";
		struct bpf_prog_info info = {0};
		__u32 size = sizeof(info);

		if (fd >= 0 && bpf_obj_get_info_by_fd(fd, &info, &size) == 0)
			text_escape(name, sizeof(name), info.name,
				    strnlen(info.name, sizeof(info.name)));
		append(text, "%s%s%sid %u", i ? ", " : " (", name, *name ? " " : "", ids[i]);
	}
	append(text, n > NAMES_MAX ? ", ...)" : ")");
}

static void append_others(const struct probe *probe, struct nl_tc *tc, uint32_t index, char *text)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, xdp);
	int n = tc ? nl_tc_count_others(tc, index) : 0;

	if (probe->tcx) {
		append_hook(text, index, TCX_INGRESS, "tcx ingress");
		append_hook(text, index, TCX_EGRESS, "tcx egress");
	}
	if (n > 0)
		append(text, "; on clsact: %d filter%s", n, n == 1 ? "" : "s");
	if (bpf_xdp_query((int)index, 0, &xdp) == 0 && xdp.attach_mode != XDP_ATTACHED_NONE)
		append(text, "; an XDP program comes first, and what it drops or redirects is not "
			     "counted");
}

static const struct nl_link *find_link(const struct nl_link *links, size_t n, uint32_t index)
{
	for (size_t i = 0; index && i < n; i++)
		if (links[i].index == index)
			return &links[i];
	return NULL;
}

/* Why nl_link_choose_default() leaves a link out; its rules are in nl-link-choice.c. */
static void append_why_not(const struct probe *probe, char *text, const struct nl_link *links,
			   size_t n, const struct nl_link *link)
{
	const struct nl_link *master = find_link(links, n, link->master);
	const struct nl_link *lower = find_link(links, n, link->lower);
	const struct nl_link *other = master ? master : lower;
	char name[4 * IF_NAMESIZE] = "";
	bool known;

	(void)nl_link_layer3(link, &known);
	if (other)
		text_escape(name, sizeof(name), other->name, (size_t)-1);
	append(text, "not chosen: ");
	if (probe->config->n_ifaces)
		append(text, "does not match -i");
	else if (!link->up)
		append(text, "down");
	else if (link->loopback)
		append(text, "traffic of this host with itself");
	else if (!known)
		append(text, "link type %u cannot be read", link->type);
	else if (other)
		append(text, "%s %s", master ? "a port of" : "tied to", name);
	else
		append(text, "its traffic is seen elsewhere, or is not this host's");
}

static void say_link(struct probe *probe, struct nl_tc *tc, const struct nl_link *links, size_t n,
		     const struct nl_link *link, bool chosen)
{
	char name[4 * IF_NAMESIZE], kind[4 * sizeof(link->kind)], text[TEXT_SIZE] = "";
	bool known;

	text_escape(name, sizeof(name), link->name, (size_t)-1);
	text_escape(kind, sizeof(kind), *link->kind ? link->kind : "device", (size_t)-1);
	probe->name = name;
	append(text, "%s; ", kind);
	if (!chosen) {
		append_why_not(probe, text, links, n, link);
	} else {
		(void)nl_link_layer3(link, &known);
		append(text, "%s; ", link->up ? "up" : "down, counted when it comes up");
		append(text, probe->attach ? "chosen, by %s" : "chosen, but cannot be attached to",
		       probe->attach);
		if (!known)
			append(text, "; link type %u is read as Ethernet", link->type);
	}
	append_others(probe, tc, link->index, text);
	say(probe, chosen && probe->attach ? PROBE_OK : PROBE_ABSENT, NULL, "%s", text);
}

/* Patterns of -i that matched nothing, and no interface at all. */
static void say_unmatched(struct probe *probe, const bool *matched, bool any)
{
	const struct capture_config *config = probe->config;
	char name[256];

	for (size_t i = 0; i < config->n_ifaces; i++) {
		if (matched[i])
			continue;
		text_escape(name, sizeof(name), config->ifaces[i], (size_t)-1);
		probe->name = name;
		say(probe, any ? PROBE_ABSENT : PROBE_MISSING,
		    "name an interface that is there (-i)", "matches no interface");
	}
	if (any || config->n_ifaces)
		return;
	probe->name = "interfaces";
	say(probe, PROBE_MISSING, "bring an interface up, or name one with -i", "none is up");
}

static int try_links(struct probe *probe)
{
	const struct capture_config *config = probe->config;
	cleanup(nl_links_closep) struct nl_links *list = NULL;
	cleanup(nl_tc_closep) struct nl_tc *tc = NULL;
	cleanup(freep) bool *chosen = NULL;
	cleanup(freep) bool *matched = calloc(config->n_ifaces + 1, sizeof(*matched));
	const struct nl_link *links;
	bool any = false;
	size_t n;
	int r;

	probe->name = "interfaces";
	r = nl_links_open(NULL, NULL, NULL, &list);
	if (r < 0) {
		say_refused(probe, r, 0, "allow netlink sockets where this process is confined");
		return 0;
	}
	links = nl_links_get(list, &n);
	chosen = calloc(n + 1, sizeof(*chosen));
	if (!chosen || !matched)
		return -ENOMEM;
	if (config->n_ifaces)
		nl_link_choose(links, n, config->ifaces, config->n_ifaces, chosen, matched);
	else
		nl_link_choose_default(links, n, chosen);
	(void)nl_tc_open(&tc); /* without it, only the filters of others are not known */
	for (size_t i = 0; i < n; i++)
		any |= chosen[i];
	for (size_t i = 0; i < n; i++)
		if (chosen[i] || !config->n_ifaces || !any)
			say_link(probe, tc, links, n, &links[i], chosen[i]);
	say_unmatched(probe, matched, any);
	return 0;
}

/* In the order of the sections. Names may be replaced by those of parts. */
static const struct {
	enum probe_section section;
	const char *name;
	void (*run)(struct probe *probe);
} tries[] = {
	{PROBE_KERNEL, "kernel", try_kernel},
	{PROBE_KERNEL, "BTF", try_btf},
	{PROBE_KERNEL, "JIT", try_jit},
	{PROBE_KERNEL, "unprivileged BPF", try_unprivileged},
	{PROBE_KERNEL, "cgroup v2", try_cgroup},
	{PROBE_PRIVS, "capabilities", try_privs},
	{PROBE_COUNTING, "mapped array", try_map},
	{PROBE_COUNTING, "large values", try_large_values},
	{PROBE_COUNTING, "table", try_table},
	{PROBE_COUNTING, "tc program", try_program},
	{PROBE_COUNTING, "own programs", try_own_programs},
	{PROBE_COUNTING, "TCX", try_tcx},
	{PROBE_COUNTING, "clsact", try_clsact},
	{PROBE_COUNTING, "waiting", try_grace},
};

/* What libbpf says about a failure is for those who ask for everything. */
ATTR_PRINTF(2, 0)
static int print_libbpf(ATTR_UNUSED enum libbpf_print_level level, const char *format, va_list args)
{
	log_va(LOG_DEBUG, 0, format, args);
	return 0;
}

int probe_run(const struct capture_config *config, probe_item_fn fn, void *data)
{
	struct probe probe = {.config = config, .fn = fn, .data = data};
	libbpf_print_fn_t print = libbpf_set_print(print_libbpf);
	int r;

	find_privs(&probe);
	for (size_t i = 0; i < ARRAY_SIZE(tries); i++) {
		probe.section = tries[i].section;
		probe.name = tries[i].name;
		tries[i].run(&probe);
	}
	probe.section = PROBE_IFACES;
	r = try_links(&probe);
	probe.section = PROBE_UNUSED;
	try_others(&probe);
	(void)libbpf_set_print(print);
	return r;
}
