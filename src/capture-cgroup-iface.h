/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The interfaces that the packets of a cgroup use, in any network namespace, as they appear. */
#ifndef CAPTURE_CGROUP_IFACE_H
#define CAPTURE_CGROUP_IFACE_H

#include <stdint.h>

struct cgroup_ifaces;
struct loop;
struct sample_sink;

/* Follows the interfaces of this namespace in the loop, for their names. sink must outlive the
 * result. */
int cgroup_ifaces_open(struct loop *loop, const struct sample_sink *sink,
		       struct cgroup_ifaces **ret_ifaces);
void cgroup_ifaces_close(struct cgroup_ifaces *ifaces);
/*
 * The slot of an interface, which is reported when it is new: number of its network namespace in
 * the high half, its index there in the low one. 0: unknown, or one too many.
 */
uint16_t cgroup_ifaces_slot(struct cgroup_ifaces *ifaces, uint64_t place);
/* The place that a slot stands for; 0: none. */
uint64_t cgroup_ifaces_place(const struct cgroup_ifaces *ifaces, uint16_t slot);

#endif
