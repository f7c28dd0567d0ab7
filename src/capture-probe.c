/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out what works on this host by trying it. */
#include "config.h"

#include "capture-probe.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "capture-probe-data.h"
#include "cleanup.h"
#include "log.h"
#include "macro.h"
#include "privs.h"

void probe_say(const struct probe *probe, enum probe_state state, const char *remedy,
	       const char *format, ...)
{
	char text[PROBE_TEXT_SIZE];
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

void probe_append(char *text, const char *format, ...)
{
	size_t used = strlen(text);
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text + used, PROBE_TEXT_SIZE - used, format, args);
	va_end(args);
}

void probe_say_refused(const struct probe *probe, int r, uint32_t needed, const char *remedy)
{
	char names[128];

	if (r == -EPERM && needed & ~probe->privs) {
		(void)privs_names(names, sizeof(names), needed & ~probe->privs);
		probe_say(probe, PROBE_ABSENT, NULL, "cannot be tried without %s", names);
	} else if (r == -EPERM && probe->in_namespace) {
		probe_say(probe, PROBE_MISSING, "run it outside of the user namespace",
			  "refused: the capabilities of a user namespace do not count here");
	} else if (r == -EPERM) {
		probe_say(probe, PROBE_MISSING, "allow bpf(2) where this process is confined",
			  "refused by seccomp, a security module, lockdown or the limit on locked "
			  "memory");
	} else {
		probe_say(probe, PROBE_MISSING, remedy, "%s", strerror(-r));
	}
}

int probe_read_line(const char *path, char *buf, size_t size)
{
	cleanup(fclosep) FILE *file = fopen(path, "re");

	if (!file || !fgets(buf, (int)size, file))
		return file ? -EIO : -errno;
	buf[strcspn(buf, "\n")] = 0;
	return 0;
}

int probe_make_array(uint32_t value_size, uint32_t n)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = BPF_F_MMAPABLE);
	int fd =
		bpf_map_create(BPF_MAP_TYPE_ARRAY, "probe", sizeof(uint32_t), value_size, n, &opts);

	return fd < 0 ? -errno : fd;
}

void probe_try_all(struct probe *probe, const struct probe_try *tries, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		probe->name = tries[i].name;
		tries[i].run(probe);
	}
}

/* What libbpf says about a failure is for those who ask for everything. */
ATTR_PRINTF(2, 0)
static int print_libbpf(ATTR_UNUSED enum libbpf_print_level level, const char *format, va_list args)
{
	log_va(LOG_DEBUG, 0, format, args);
	return 0;
}

static int (*const sections[])(struct probe *probe) = {
	[PROBE_KERNEL] = probe_kernel,     [PROBE_PRIVS] = probe_privs,
	[PROBE_COUNTING] = probe_counting, [PROBE_IFACES] = probe_links,
	[PROBE_BACKENDS] = probe_backends, [PROBE_OWNERS] = probe_owners,
	[PROBE_HOOKS] = probe_others,
};

int probe_run(const struct capture_ops *backend, const struct capture_config *config,
	      probe_item_fn fn, void *data)
{
	struct probe probe = {.backend = backend, .config = config, .fn = fn, .data = data};
	libbpf_print_fn_t print = libbpf_set_print(print_libbpf);
	int result = 0;

	probe_find_privs(&probe);
	for (probe.section = 0; probe.section < PROBE_SECTION_MAX; probe.section++) {
		int r = sections[probe.section](&probe);

		result = result < 0 ? result : r;
	}
	(void)libbpf_set_print(print);
	return result;
}
