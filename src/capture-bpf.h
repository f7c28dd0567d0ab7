/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all back ends that use libbpf share: what it says, and why it could not load. */
#ifndef CAPTURE_BPF_H
#define CAPTURE_BPF_H

#include <linux/types.h> /* which bpf.h of old versions of libbpf wants */

#include <bpf/bpf.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* From now on libbpf's messages go to the log, one level below ours. */
void capture_bpf_log(void);

/* What a back end needs, to explain a failure. */
struct capture_bpf_needs {
	const char *what;   /* begins a sentence: "counting packets" */
	uint32_t privs;     /* PRIV_* */
	uint64_t map_bytes; /* of its maps, together */
	bool sized;         /* by --max-flows */
};

/* Writes a sentence that says why loading failed with r to error, and returns r. */
int capture_bpf_explain(int r, const struct capture_bpf_needs *needs, char *error, size_t size);

/* The flag of XDP programs that take frames in several buffers, which headers may not have yet. */
#define CAPTURE_BPF_FRAGS (1U << 5)
/* Kernel commit c2f2cdbeffda (5.18). False also where it cannot be tried. */
bool capture_bpf_has_frags(void);
/* 0 where XDP programs can be attached by links (5.9, kernel commit aa8d3a716b59). Attaches none to
 * the device, which must be one that runs no programs by itself. */
int capture_bpf_try_xdp_link(uint32_t ifindex);
/* Loads a program that does nothing but return a result. A file descriptor, or -errno. */
int capture_bpf_load(enum bpf_prog_type type, int result, struct bpf_prog_load_opts *opts);
/* Escaped; "" where it has none or may not be known. buf has 4 * BPF_OBJ_NAME_LEN bytes. */
void capture_bpf_prog_name(uint32_t id, char *buf, size_t size);

#endif
