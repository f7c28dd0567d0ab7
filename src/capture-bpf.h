/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What all back ends that use libbpf share: what it says, and why it could not load. */
#ifndef CAPTURE_BPF_H
#define CAPTURE_BPF_H

#include <stddef.h>
#include <stdint.h>

/* From now on libbpf's messages go to the log, one level below ours. */
void capture_bpf_log(void);

/* What a back end needs, to explain a failure. */
struct capture_bpf_needs {
	const char *what;   /* begins a sentence: "counting packets" */
	uint32_t privs;     /* PRIV_* */
	uint64_t map_bytes; /* of its maps, together */
};

/* Writes a sentence that says why loading failed with r to error, and returns r. */
int capture_bpf_explain(int r, const struct capture_bpf_needs *needs, char *error, size_t size);

#endif
