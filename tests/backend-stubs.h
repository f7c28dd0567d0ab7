/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The back ends that are outside the library, since they need libbpf: by name alone. */
#ifndef BACKEND_STUBS_H
#define BACKEND_STUBS_H

#include "capture.h"

const struct capture_ops capture_tc_ops = {.name = "tc"};
const struct capture_ops capture_xdp_ops = {.name = "xdp"};
const struct capture_ops capture_cgroup_ops = {.name = "cgroup"};
const struct capture_ops capture_process_ops = {.name = "process"};
const struct capture_ops capture_sockets_ops = {.name = "sockets"};

#endif
