/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the sections of a probe share: the way to try, and to say what was found. */
#ifndef CAPTURE_PROBE_DATA_H
#define CAPTURE_PROBE_DATA_H

#include <linux/types.h> /* which bpf.h of old versions of libbpf wants */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <bpf/bpf.h>

#include "capture-probe.h"
#include "macro.h"

#define PROBE_LOOPBACK 1 /* index of lo, in every network namespace */
#define PROBE_TEXT_SIZE 1024

struct probe {
	const struct capture_ops *backend;
	const struct capture_config *config;
	probe_item_fn fn;
	void *data;
	enum probe_section section;
	const char *name;
	uint32_t privs;
	bool in_namespace; /* a user namespace, where capabilities are worth less */
	bool tcx;
	const char *attach; /* "tcx", "clsact", "xdp"; NULL: none works */
	char advice[160];   /* about privileges */
};

/* The sections, in their order. An error means that the findings are not complete. */
int probe_kernel(struct probe *probe);
int probe_privs(struct probe *probe);
int probe_counting(struct probe *probe);
int probe_links(struct probe *probe);
int probe_backends(struct probe *probe);
int probe_owners(struct probe *probe);
int probe_others(struct probe *probe);

/* Sets privs, in_namespace and advice. */
void probe_find_privs(struct probe *probe);

/* A thing to try. The name may be replaced by those of parts. */
struct probe_try {
	const char *name;
	void (*run)(struct probe *probe);
};
void probe_try_all(struct probe *probe, const struct probe_try *tries, size_t n);

/* Reports a finding under the name at hand. */
void probe_say(const struct probe *probe, enum probe_state state, const char *remedy,
	       const char *format, ...) ATTR_PRINTF(4, 5);
/*
 * Something failed that counting needs. What failed for want of a privilege was not tried really:
 * the privilege is what is missing, and is reported as such.
 */
void probe_say_refused(const struct probe *probe, int r, uint32_t needed, const char *remedy);
/* Adds to a text of PROBE_TEXT_SIZE. */
void probe_append(char *text, const char *format, ...) ATTR_PRINTF(2, 3);

/* First line of a small file, without newline. */
int probe_read_line(const char *path, char *buf, size_t size);
/* Makes an array that can be mapped. A file descriptor, or -errno. */
int probe_make_array(uint32_t value_size, uint32_t n);

#endif
