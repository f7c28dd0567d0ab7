/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out by which hooks processes can be watched. */
#include "config.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "capture-bpf.h"
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
	{"tp_btf", "owners of flows, and --process", BPF_PROG_TYPE_TRACING, BPF_TRACE_RAW_TP,
	 "inet_sock_set_state"},
	{"fentry", "--process where the calls of sockets have no tracepoints",
	 BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY, "tcp_connect"},
};

static int try_other(size_t i)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .expected_attach_type = others[i].attach);

	if (others[i].symbol) {
		int id = libbpf_find_vmlinux_btf_id(others[i].symbol, others[i].attach);

		if (id < 0)
			return id;
		opts.attach_btf_id = (__u32)id;
	}
	return capture_bpf_load(others[i].type, 0, &opts);
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
	say_other(probe, "kprobe", "--process where there is no fentry",
		  access("/sys/bus/event_source/devices/kprobe/type", R_OK) == 0 ? 0 : -errno);
	return 0;
}
