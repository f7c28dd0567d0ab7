/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waits until every BPF program that runs now has ended: one RCU grace period. */
#include "config.h"

#include "capture-rcu.h"

#include <linux/types.h>

#include <errno.h>
#include <linux/bpf.h>
#include <linux/membarrier.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cleanup.h"

static int sys_bpf(int cmd, union bpf_attr *attr)
{
	long r = syscall(SYS_bpf, cmd, attr, sizeof(*attr));

	return r < 0 ? -errno : (int)r;
}

/*
 * Updating an element of a map of maps waits for a grace period as well (kernel commit
 * 1ae80cf31938, "bpf: wait for running BPF programs when updating map-in-map").
 */
static int open_outer(struct rcu *rcu)
{
	union bpf_attr attr;
	int fd;

	memset(&attr, 0, sizeof(attr));
	attr.map_type = BPF_MAP_TYPE_ARRAY;
	attr.key_size = attr.value_size = sizeof(uint32_t);
	attr.max_entries = 1;
	fd = sys_bpf(BPF_MAP_CREATE, &attr);
	if (fd < 0)
		return fd;
	rcu->inner_fd = fd;
	memset(&attr, 0, sizeof(attr));
	attr.map_type = BPF_MAP_TYPE_ARRAY_OF_MAPS;
	attr.key_size = attr.value_size = sizeof(uint32_t);
	attr.max_entries = 1;
	attr.inner_map_fd = (uint32_t)rcu->inner_fd;
	fd = sys_bpf(BPF_MAP_CREATE, &attr);
	if (fd < 0)
		return fd;
	rcu->outer_fd = fd;
	return 0;
}

/* True where membarrier() waits for a grace period: not on kernels with nohz_full CPUs. */
static bool has_membarrier(void)
{
	long commands = syscall(SYS_membarrier, MEMBARRIER_CMD_QUERY, 0, 0);

	return commands > 0 && commands & MEMBARRIER_CMD_GLOBAL;
}

int rcu_open(struct rcu *rcu, bool no_membarrier)
{
	*rcu = RCU_NONE;
	return no_membarrier || !has_membarrier() ? open_outer(rcu) : 0;
}

void rcu_close(struct rcu *rcu)
{
	close_fdp(&rcu->outer_fd);
	close_fdp(&rcu->inner_fd);
}

int rcu_wait(const struct rcu *rcu)
{
	union bpf_attr attr;
	uint32_t key = 0;

	if (rcu->outer_fd < 0)
		return syscall(SYS_membarrier, MEMBARRIER_CMD_GLOBAL, 0, 0) < 0 ? -errno : 0;
	memset(&attr, 0, sizeof(attr));
	attr.map_fd = (uint32_t)rcu->outer_fd;
	attr.key = (uintptr_t)&key;
	attr.value = (uintptr_t)&rcu->inner_fd;
	return sys_bpf(BPF_MAP_UPDATE_ELEM, &attr);
}
