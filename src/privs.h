/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Privileges: what this process may do, and giving up what it no longer needs. */
#ifndef PRIVS_H
#define PRIVS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bits of a set of the capabilities that matter here. */
enum {
	PRIV_BPF = 1 << 0, /* CAP_BPF, or CAP_SYS_ADMIN, which includes it in every kernel */
	PRIV_NET_ADMIN = 1 << 1,
	PRIV_PERFMON = 1 << 2, /* CAP_PERFMON, or CAP_SYS_ADMIN */
	PRIV_SYS_ADMIN = 1 << 3,
	PRIV_DAC_OVERRIDE = 1 << 4, /* to write a report into a directory of another user */
	PRIV_MAX_BIT = 5
};

/* Effective capabilities of this thread, as PRIV_* bits. */
int privs_get(uint32_t *ret_privs);
/* "CAP_BPF and CAP_NET_ADMIN" for a set of bits, "none". Returns the length as snprintf(). */
int privs_names(char *buf, size_t size, uint32_t privs);
/*
 * Gives up every capability but keep, in all sets, and sets no_new_privs. What of keep the process
 * does not have is ignored. The bounding set needs CAP_SETPCAP and is left as it is without;
 * no_new_privs makes it harmless.
 */
int privs_drop(uint32_t keep);
/* False when built without libcap-ng: privs_drop() then only sets no_new_privs. */
bool privs_can_drop(void);

#endif
