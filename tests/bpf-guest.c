/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Stands for the BPF programs of others on the hooks of a device.
 *
 *	bpf-guest tcx DEVICE
 *	bpf-guest clsact DEVICE
 *		attaches a program to both hooks; clsact leaves it there at the end. Answers each
 *		line on standard input with how often the programs ran: "in N out M".
 *	bpf-guest xdp DEVICE
 *		the same with a program on XDP, native, which stays there at the end
 *	bpf-guest query DEVICE
 *		prints the number of TCX programs on both hooks, "none" where the kernel has no TCX
 */

#include "config.h"

#include <errno.h>
#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>
#include <linux/if_link.h>

#include "macro.h"

/* Headers before Linux 6.6 lack them. */
#define TCX_INGRESS 46
#define TCX_EGRESS 47

static const int tcx_types[] = {TCX_INGRESS, TCX_EGRESS};

static int check(int r, const char *what)
{
	if (r < 0) {
		fprintf(stderr, "bpf-guest: %s: %s\n", what, strerror(errno));
		exit(EXIT_FAILURE);
	}
	return r;
}

/* A program that lets the packet pass, and the next program run. */
static int load(enum bpf_prog_type type)
{
	const struct bpf_insn insns[] = {
		{
			.code = BPF_ALU64 | BPF_MOV | BPF_K,
			.dst_reg = BPF_REG_0,
			.imm = type == BPF_PROG_TYPE_XDP ? XDP_PASS : -1,
		},
		{.code = BPF_JMP | BPF_EXIT},
	};

	return check(bpf_prog_load(type, "guest", "GPL", insns, ARRAY_SIZE(insns), NULL),
		     "cannot load");
}

static unsigned long long runs(int prog_fd)
{
	struct bpf_prog_info info = {0};
	uint32_t size = sizeof(info);

	check(bpf_obj_get_info_by_fd(prog_fd, &info, &size), "cannot ask");
	return info.run_cnt;
}

static void attach_tcx(int index, const int *programs)
{
	for (int i = 0; i < 2; i++)
		check(bpf_link_create(programs[i], index, (enum bpf_attach_type)tcx_types[i], NULL),
		      "cannot make a TCX link");
}

static void attach_clsact(int index, const int *programs)
{
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = index,
		    .attach_point = BPF_TC_INGRESS | BPF_TC_EGRESS);

	errno = -bpf_tc_hook_create(&hook);
	check(errno && errno != EEXIST ? -1 : 0, "cannot make a clsact");
	for (int i = 0; i < 2; i++) {
		LIBBPF_OPTS(bpf_tc_opts, opts, .prog_fd = programs[i], .handle = 1,
			    .priority = 100);

		hook.attach_point = i ? BPF_TC_EGRESS : BPF_TC_INGRESS;
		errno = -bpf_tc_attach(&hook, &opts);
		check(errno ? -1 : 0, "cannot add a filter");
	}
}

static void attach_xdp(int index, const int *programs)
{
	errno = -bpf_xdp_attach(index, programs[0], XDP_FLAGS_DRV_MODE, NULL);
	check(errno ? -1 : 0, "cannot attach to XDP");
}

static void answer(const int *programs)
{
	char line[64];

	puts("ready");
	do {
		fflush(stdout);
		if (!fgets(line, sizeof(line), stdin))
			return;
	} while (printf("in %llu out %llu\n", runs(programs[0]), runs(programs[1])) > 0);
}

static int query(int index)
{
	uint32_t n[2] = {0};

	for (int i = 0; i < 2; i++) {
		if (bpf_prog_query(index, (enum bpf_attach_type)tcx_types[i], 0, NULL, NULL,
				   &n[i]) < 0) {
			puts("none");
			return EXIT_SUCCESS;
		}
	}
	printf("in %u out %u\n", n[0], n[1]);
	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	bool xdp = argc == 3 && strcmp(argv[1], "xdp") == 0;
	int programs[2], index = argc == 3 ? (int)if_nametoindex(argv[2]) : 0;

	if (!index) {
		fprintf(stderr, "usage: bpf-guest tcx|clsact|xdp|query DEVICE\n");
		return EXIT_FAILURE;
	}
	if (strcmp(argv[1], "query") == 0)
		return query(index);
	programs[0] = load(xdp ? BPF_PROG_TYPE_XDP : BPF_PROG_TYPE_SCHED_CLS);
	programs[1] = load(BPF_PROG_TYPE_SCHED_CLS);
	check(bpf_enable_stats(BPF_STATS_RUN_TIME), "cannot count runs");
	if (xdp)
		attach_xdp(index, programs);
	else if (strcmp(argv[1], "tcx") == 0)
		attach_tcx(index, programs);
	else
		attach_clsact(index, programs);
	answer(programs);
	return EXIT_SUCCESS;
}
