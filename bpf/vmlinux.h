/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Kernel types for BPF programs: the UAPI ones, and of the kernel's own only the structures and the
 * fields that are read, relocated against the running kernel. A generated vmlinux.h earlier on the
 * include path may take its place.
 */
#ifndef VMLINUX_H
#define VMLINUX_H

#include <linux/types.h>

#include <linux/bpf.h>
#include <stdbool.h>

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)

struct sk_buff {
	unsigned char *head;
	__u16 inner_transport_header; /* offset from head */
	__u16 mac_header;
	__u8 encapsulation : 1;
};

#pragma clang attribute pop

#endif
