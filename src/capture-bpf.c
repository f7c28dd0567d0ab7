/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all back ends that use libbpf share: what it says, and why it could not load. */
#include "config.h"

#include "capture-bpf.h"

#include <linux/types.h> /* which bpf.h of old versions of libbpf wants */

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cleanup.h"
#include "log.h"
#include "macro.h"
#include "privs.h"

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
	if ((r == -EPERM || r == -EACCES) && missing) {
		(void)privs_names(names, sizeof(names), missing);
		(void)snprintf(error, size, "%s needs %s: run it as root", needs->what, names);
	} else if (r == -EPERM && lacks_locked_memory(needs->map_bytes)) {
		(void)snprintf(error, size,
			       "cannot make the table: this kernel counts it as locked memory, "
			       "which is limited here: raise that (ulimit -l unlimited), or choose "
			       "a smaller table with --max-flows");
	} else {
		(void)snprintf(error, size, "cannot load the programs: %s (-v shows why)",
			       strerror(-r));
	}
	return r;
}
