/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out what other modes of counting and of naming processes would find. */
#include "config.h"

#include <errno.h>
#include <linux/if_link.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "capture-probe-data.h"
#include "cleanup.h"
#include "macro.h"

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
	return probe_load(others[i].type, result, &opts);
}

/* Hardware offload on lo is refused with EOPNOTSUPP, but by kernels that have such links alone. */
static int ask_xdp_link(void)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = XDP_FLAGS_HW_MODE);
	cleanup(close_fdp) int fd = probe_load(BPF_PROG_TYPE_XDP, XDP_PASS, NULL);
	cleanup(close_fdp) int link_fd = -1;

	if (fd < 0)
		return fd;
	link_fd = bpf_link_create(fd, PROBE_LOOPBACK, BPF_XDP, &opts);
	return link_fd >= 0 || errno == EOPNOTSUPP ? 0 : -errno;
}

static void say_other(struct probe *probe, const char *name, const char *use, int r)
{
	probe->name = name;
	if (r >= 0)
		probe_say(probe, PROBE_OK, NULL, "works (%s)", use);
	else
		probe_say(probe, PROBE_ABSENT, NULL, "%s (%s)", strerror(-r), use);
}

int probe_others(struct probe *probe)
{
	for (size_t i = 0; i < ARRAY_SIZE(others); i++) {
		cleanup(close_fdp) int fd = try_other(i);

		say_other(probe, others[i].name, others[i].use, fd);
	}
	say_other(probe, "XDP link", "ends with its process", ask_xdp_link());
	say_other(probe, "kprobe", "processes on old kernels",
		  access("/sys/bus/event_source/devices/kprobe/type", R_OK) == 0 ? 0 : -errno);
	return 0;
}
