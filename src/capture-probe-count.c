/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out whether packets can be counted, by trying all that counting needs. */
#include "config.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "capture-bpf.h"
#include "capture-packet.h"
#include "capture-probe-data.h"
#include "capture-segment.h"
#include "capture-size.h"
#include "capture-store.h"
#include "capture-tc-pair.h"
#include "capture.h"
#include "cleanup.h"
#include "macro.h"
#include "nl-tc.h"
#include "privs.h"

#define MIB (1024.0 * 1024.0)

static void try_map(struct probe *probe)
{
	cleanup(close_fdp) int fd = probe_make_array((uint32_t)sysconf(_SC_PAGESIZE), 1);
	size_t size = (size_t)sysconf(_SC_PAGESIZE);
	void *memory;

	if (fd < 0) {
		probe_say_refused(probe, fd, PRIV_BPF, "use Linux 5.8 or later");
		return;
	}
	memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (memory == MAP_FAILED) {
		probe_say_refused(probe, -errno, PRIV_BPF, "use Linux 5.8 or later");
		return;
	}
	(void)munmap(memory, size);
	probe_say(probe, PROBE_OK, NULL, "an array that pktop reads without system calls");
}

/* Kernel commit 63b8ce77b15e (6.0) raised the limit on the size of a value. */
static void try_large_values(struct probe *probe)
{
	cleanup(close_fdp) int fd = probe_make_array((4u << 20) + 4096, 1);

	if (fd >= 0)
		probe_say(probe, PROBE_OK, NULL, "above 4 MiB: a table may have any size");
	else if (fd == -E2BIG)
		probe_say(probe, PROBE_ABSENT, NULL,
			  "at most 4 MiB (more since Linux 6.0): the table is limited, see below");
	else
		probe_say_refused(probe, fd, PRIV_BPF, "choose a smaller table with --max-flows");
}

/* Kernels before 5.11 count tables as locked memory (commit 97306be45fbe ended that). */
static void say_no_table(const struct probe *probe, int r, uint64_t size)
{
	struct rlimit limit;

	if (r == -EPERM && probe->privs & PRIV_BPF && !probe->in_namespace &&
	    getrlimit(RLIMIT_MEMLOCK, &limit) == 0 && limit.rlim_cur < size)
		probe_say(probe, PROBE_MISSING, "raise the limit (ulimit -l unlimited)",
			  "refused: takes %.1f MiB, and locked memory is limited to %.1f MiB",
			  (double)size / MIB, (double)limit.rlim_cur / MIB);
	else
		probe_say_refused(probe, r, PRIV_BPF, "choose a smaller table with --max-flows");
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

		fd = probe_make_array((uint32_t)size, 2 * n_cpus);
		if (fd != -E2BIG || slots == CAPTURE_FLOWS_MIN)
			break;
	}
	if (fd < 0) {
		say_no_table(probe, fd, capture_map_bytes(slots));
		return;
	}
	(void)close(fd);
	probe_say(probe, PROBE_OK, NULL,
		  "%u IPv4 and %u IPv6 flows per CPU and interval%s, %.1f MiB of kernel memory "
		  "for %u CPU%s (%s)",
		  slots, MAX(slots / 2, CAPTURE_FLOWS_MIN),
		  slots < wanted ? ", the most that this kernel allows" : "",
		  (double)capture_map_bytes(slots) / MIB, n_cpus, n_cpus == 1 ? "" : "s",
		  probe->config->max_flows ? "as --max-flows says"
					   : "chosen from memory and CPUs; see --max-flows");
}

static void try_program(struct probe *probe)
{
	cleanup(close_fdp) int fd = capture_bpf_load(BPF_PROG_TYPE_SCHED_CLS, -1, NULL);

	if (fd < 0)
		probe_say_refused(probe, fd, PRIV_BPF | PRIV_NET_ADMIN,
				  "use a kernel with CONFIG_BPF_SYSCALL and CONFIG_NET_CLS_ACT");
	else
		probe_say(probe, PROBE_OK, NULL, "a program for the tc hooks loads");
}

static void try_xdp_program(struct probe *probe)
{
	cleanup(close_fdp) int fd = capture_bpf_load(BPF_PROG_TYPE_XDP, XDP_PASS, NULL);

	if (fd < 0)
		probe_say_refused(probe, fd, PRIV_BPF | PRIV_NET_ADMIN,
				  "use a kernel with CONFIG_BPF_SYSCALL");
	else
		probe_say(probe, PROBE_OK, NULL, "an XDP program loads");
}

/* The programs that count, with small tables. */
static void try_own_programs(struct probe *probe)
{
	int r = capture_packet_try(probe->backend == &capture_xdp_ops ? &capture_xdp_hooks
								      : &capture_tc_hooks);

	if (r == 0)
		probe_say(probe, PROBE_OK, NULL, "load, and pass the verifier of this kernel");
	else if (r == -EACCES && !(probe->privs & PRIV_PERFMON))
		probe_say(probe, PROBE_MISSING, probe->advice,
			  "refused by the verifier, which trusts them more with CAP_PERFMON");
	else
		probe_say_refused(probe, r, PRIV_BPF | PRIV_NET_ADMIN,
				  "see why with -vv, and please report it");
}

/* Those that pass payload, without which the kinds of "pktop log" that read it are missing. */
static void try_payload(struct probe *probe)
{
	int r = segment_watch_try();

	if (r == 0)
		probe_say(probe, PROBE_OK, NULL, "can be read, where a stream of events needs it");
	else
		probe_say(probe, PROBE_ABSENT, NULL,
			  "%s: no events of what packets carry (-vv shows why)", strerror(-r));
}

static void try_tcx(struct probe *probe)
{
	int r = tc_pair_try_tcx();
	enum capture_attach asked = probe->config->attach;

	probe->tcx = r == 0;
	if (probe->tcx && asked != CAPTURE_ATTACH_CLSACT)
		probe->attach = "tcx";
	if (probe->tcx)
		probe_say(probe, PROBE_OK, NULL, "%s",
			  probe->attach ? "links that end with the process; chosen"
					: "here, but --attach clsact asks for the other way");
	else if (r == -EINVAL) /* an attach type that the kernel does not know */
		probe_say(probe, asked == CAPTURE_ATTACH_TCX ? PROBE_MISSING : PROBE_ABSENT,
			  "leave out --attach tcx", "not in this kernel (Linux 6.6 has it)%s",
			  asked == CAPTURE_ATTACH_TCX ? "" : ": clsact takes its place");
	else
		probe_say_refused(probe, r, PRIV_NET_ADMIN, "try --attach clsact");
}

static void try_clsact(struct probe *probe)
{
	int r;

	if (probe->attach || probe->config->attach == CAPTURE_ATTACH_TCX) {
		probe_say(probe, PROBE_ABSENT, NULL, "not tried: TCX is %s",
			  probe->attach ? "chosen" : "asked for");
		return;
	}
	r = nl_tc_try();
	if (r == 0) {
		probe->attach = "clsact";
		probe_say(probe, PROBE_OK, NULL, "a qdisc with filters; chosen");
	} else if (r == -ENOENT) {
		probe_say(probe, PROBE_MISSING, "load the module sch_ingress",
			  "not in this kernel");
	} else {
		probe_say_refused(probe, r, PRIV_NET_ADMIN, "load the module sch_ingress");
	}
}

static void try_xdp_frags(struct probe *probe)
{
	if (capture_bpf_has_frags())
		probe_say(probe, PROBE_OK, NULL,
			  "frames in several buffers are counted, jumbo too");
	else if (PRIV_BPF & ~probe->privs)
		probe_say_refused(probe, -EPERM, PRIV_BPF | PRIV_NET_ADMIN, NULL);
	else
		probe_say(probe, PROBE_ABSENT, NULL,
			  "not in this kernel (Linux 5.18 has it): drivers refuse native XDP at "
			  "large MTUs");
}

static void try_xdp_link(struct probe *probe)
{
	int r = capture_bpf_try_xdp_link(PROBE_LOOPBACK);

	if (r == 0) {
		probe->attach = "xdp";
		probe_say(probe, PROBE_OK, NULL, "ends with its process");
	} else if (r == -EINVAL) {
		probe_say(probe, PROBE_MISSING, "use Linux 5.9 or later",
			  "not in this kernel (Linux 5.9 has it)");
	} else {
		probe_say_refused(probe, r, PRIV_BPF | PRIV_NET_ADMIN, "use Linux 5.9 or later");
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
		probe_say(probe, PROBE_OK, NULL, "by membarrier");
		return;
	}
	inner_fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "probe", 4, 4, 1, NULL);
	opts.inner_map_fd = (__u32)inner_fd;
	if (inner_fd >= 0)
		outer_fd = bpf_map_create(BPF_MAP_TYPE_ARRAY_OF_MAPS, "probe", 4, 4, 1, &opts);
	if (outer_fd < 0)
		probe_say_refused(probe, -errno, PRIV_BPF, "use a kernel without nohz_full CPUs");
	else
		probe_say(probe, PROBE_OK, NULL,
			  "by updates of a map of maps: membarrier does not wait for all CPUs "
			  "here, as with nohz_full");
}

int probe_counting(struct probe *probe)
{
	static const struct probe_try tables[] = {
		{"mapped array", try_map},
		{"large values", try_large_values},
		{"table", try_table},
		{"waiting", try_grace},
	};
	static const struct probe_try tc[] = {
		{"tc program", try_program},
		{"own programs", try_own_programs},
		{"payload", try_payload},
		{"TCX", try_tcx},
		{"clsact", try_clsact},
	};
	static const struct probe_try xdp[] = {
		{"XDP program", try_xdp_program},
		{"XDP frags", try_xdp_frags},
		{"own programs", try_own_programs},
		{"payload", try_payload},
		{"XDP link", try_xdp_link},
	};

	probe_try_all(probe, tables, ARRAY_SIZE(tables));
	if (probe->backend == &capture_tc_ops)
		probe_try_all(probe, tc, ARRAY_SIZE(tc));
	if (probe->backend == &capture_xdp_ops)
		probe_try_all(probe, xdp, ARRAY_SIZE(xdp));
	return 0;
}
