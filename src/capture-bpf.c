/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all back ends that use libbpf share: what it says, and why it could not load. */
#include "config.h"

#include "capture-bpf.h"

#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "log.h"
#include "macro.h"
#include "privs.h"
#include "text.h"

/* Line by line: some messages hold a log of the verifier. */
ATTR_PRINTF(2, 0)
static int print_libbpf(enum libbpf_print_level level, const char *format, va_list args)
{
	cleanup(freep) char *text = NULL;
	char *rest, *line;

	if (level == LIBBPF_DEBUG || log_get_level() < LOG_INFO ||
	    vasprintf(&text, format, args) < 0)
		return 0;
	rest = text;
	while ((line = strsep(&rest, "\n"))) {
		if (!*line)
			continue;
		if (level == LIBBPF_WARN)
			log_info("%s", line);
		else
			log_debug("%s", line);
	}
	return 0;
}

void capture_bpf_log(void)
{
	(void)libbpf_set_print(print_libbpf);
}

/* Kernels before 5.11 count tables as locked memory (commit 97306be45fbe): only large ones fail. */
static bool lacks_locked_memory(uint64_t map_bytes)
{
	cleanup(close_fdp) int small_fd =
		bpf_map_create(BPF_MAP_TYPE_ARRAY, "small", sizeof(uint32_t), 4096, 1, NULL);
	cleanup(close_fdp) int large_fd =
		bpf_map_create(BPF_MAP_TYPE_ARRAY, "large", sizeof(uint32_t), 4096,
			       (uint32_t)(map_bytes / 4096), NULL);

	return small_fd >= 0 && large_fd == -EPERM;
}

int capture_bpf_explain(int r, const struct capture_bpf_needs *needs, char *error, size_t size)
{
	uint32_t privs = 0, missing;
	char names[128];

	(void)privs_get(&privs);
	missing = needs->privs & ~privs;
	/* EINVAL: a helper that takes CAP_PERFMON is refused as if there were none */
	if ((r == -EPERM || r == -EACCES || r == -EINVAL) && missing) {
		(void)privs_names(names, sizeof(names), missing);
		(void)snprintf(error, size, "%s needs %s: run it as root", needs->what, names);
	} else if (r == -EPERM && lacks_locked_memory(needs->map_bytes)) {
		(void)snprintf(error, size,
			       "cannot make the table: this kernel counts it as locked memory, "
			       "which is limited here: raise that (ulimit -l unlimited)%s",
			       needs->sized ? ", or choose a smaller table with --max-flows" : "");
	} else {
		(void)snprintf(error, size, "cannot load the programs: %s (-v shows why)",
			       strerror(-r));
	}
	return r;
}

int capture_bpf_load(enum bpf_prog_type type, int result, struct bpf_prog_load_opts *opts)
{
	const struct bpf_insn instructions[] = {
		{.code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0, .imm = result},
		{.code = BPF_JMP | BPF_EXIT},
	};
	int fd = bpf_prog_load(type, "probe", "GPL", instructions, ARRAY_SIZE(instructions), opts);

	return fd < 0 ? -errno : fd;
}

bool capture_bpf_has_frags(void)
{
	LIBBPF_OPTS(bpf_prog_load_opts, opts, .prog_flags = CAPTURE_BPF_FRAGS);
	cleanup(close_fdp) int fd = capture_bpf_load(BPF_PROG_TYPE_XDP, XDP_PASS, &opts);

	return fd >= 0;
}

/* Hardware that is not there is refused with EOPNOTSUPP, but by kernels that have such links alone.
 */
int capture_bpf_try_xdp_link(uint32_t ifindex)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = XDP_FLAGS_HW_MODE);
	cleanup(close_fdp) int fd = capture_bpf_load(BPF_PROG_TYPE_XDP, XDP_PASS, NULL);
	cleanup(close_fdp) int link_fd = -1;

	if (fd < 0)
		return fd;
	link_fd = bpf_link_create(fd, (int)ifindex, BPF_XDP, &opts);
	return link_fd >= 0 || errno == EOPNOTSUPP ? 0 : -errno;
}

void capture_bpf_prog_name(uint32_t id, char *buf, size_t size)
{
	cleanup(close_fdp) int fd = bpf_prog_get_fd_by_id(id);
	struct bpf_prog_info info = {0};
	__u32 info_size = sizeof(info);

	*buf = 0;
	if (fd >= 0 && bpf_obj_get_info_by_fd(fd, &info, &info_size) == 0)
		text_escape(buf, size, info.name, strnlen(info.name, sizeof(info.name)));
}
