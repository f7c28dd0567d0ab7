/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads this thread's capabilities and gives up those that are no longer needed. */
#include "config.h"

#include "privs.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef HAVE_LIBCAP_NG
#include <cap-ng.h>
#endif

#include "macro.h"

/* Linux 5.8; older headers lack them. */
#ifndef CAP_PERFMON
#define CAP_PERFMON 38
#endif
#ifndef CAP_BPF
#define CAP_BPF 39
#endif

static const struct {
	const char *name;
	unsigned int capability;
	bool in_sys_admin; /* was split off CAP_SYS_ADMIN, which still includes it */
} table[PRIV_MAX_BIT] = {
	{"CAP_BPF", CAP_BPF, true},
	{"CAP_NET_ADMIN", CAP_NET_ADMIN, false},
	{"CAP_PERFMON", CAP_PERFMON, true},
	{"CAP_SYS_ADMIN", CAP_SYS_ADMIN, false},
	{"CAP_DAC_OVERRIDE", CAP_DAC_OVERRIDE, false},
};

/* One bit per capability, as the kernel numbers them. */
struct sets {
	uint64_t effective, permitted;
};

#define CAP_BIT(capability) (1ULL << (capability))

/* The plain system call: to read needs no library. */
static int get_sets(struct sets *ret_sets)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {{0}};

	if (syscall(SYS_capget, &head, data) < 0)
		return -errno;
	ret_sets->effective = (uint64_t)data[1].effective << 32 | data[0].effective;
	ret_sets->permitted = (uint64_t)data[1].permitted << 32 | data[0].permitted;
	return 0;
}

int privs_get(uint32_t *ret_privs)
{
	struct sets sets = {0};
	uint32_t privs = 0;
	int r = get_sets(&sets);

	if (r < 0)
		return r;
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		if (sets.effective & CAP_BIT(table[i].capability) ||
		    (table[i].in_sys_admin && sets.effective & CAP_BIT(CAP_SYS_ADMIN)))
			privs |= 1u << i;
	}
	*ret_privs = privs;
	return 0;
}

int privs_names(char *buf, size_t size, uint32_t privs)
{
	unsigned int n_left;
	int len = 0;

	privs &= (1u << PRIV_MAX_BIT) - 1;
	n_left = (unsigned int)__builtin_popcount(privs);
	if (n_left == 0)
		return snprintf(buf, size, "none");
	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		size_t at = MIN((size_t)len, size);
		const char *after;

		if (!(privs & (1u << i)))
			continue;
		n_left--;
		after = n_left > 1 ? ", " : n_left == 1 ? " and " : "";
		len += snprintf(buf + at, size - at, "%s%s", table[i].name, after);
	}
	return len;
}

#ifdef HAVE_LIBCAP_NG

bool privs_can_drop(void)
{
	return true;
}

/* Capabilities to keep for the bits in keep: only such as the thread has now. */
static uint64_t choose(const struct sets *sets, uint32_t keep)
{
	uint64_t chosen = 0;

	for (size_t i = 0; i < ARRAY_SIZE(table); i++) {
		uint64_t bit = CAP_BIT(table[i].capability);

		if (!(keep & (1u << i)))
			continue;
		if (sets->permitted & bit)
			chosen |= bit;
		else if (table[i].in_sys_admin)
			chosen |= sets->permitted & CAP_BIT(CAP_SYS_ADMIN);
	}
	return chosen;
}

/* The kernel empties the ambient set by itself: it stays within the inheritable one. */
static int drop(uint32_t keep)
{
	struct sets sets = {0};
	uint64_t chosen;
	int r = get_sets(&sets);

	if (r < 0)
		return r;
	chosen = choose(&sets, keep);
	capng_clear(CAPNG_SELECT_BOTH);
	if (sets.effective & CAP_BIT(CAP_SETPCAP)) {
		errno = 0;
		if (capng_apply(CAPNG_SELECT_BOUNDS) < 0)
			return errno ? -errno : -EPERM;
	}
	for (unsigned int capability = 0; capability < 64; capability++) {
		if (chosen & CAP_BIT(capability) &&
		    capng_update(CAPNG_ADD, CAPNG_EFFECTIVE | CAPNG_PERMITTED, capability) < 0)
			return -EINVAL;
	}
	errno = 0;
	if (capng_apply(CAPNG_SELECT_CAPS) < 0)
		return errno ? -errno : -EPERM;
	return 0;
}

#else

bool privs_can_drop(void)
{
	return false;
}

static int drop(uint32_t keep)
{
	(void)keep;
	return 0;
}

#endif

int privs_drop(uint32_t keep)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return -errno;
	return drop(keep);
}
