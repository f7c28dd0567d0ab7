/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out which privileges the process has. */
#include "config.h"

#include <stdio.h>

#include "capture-probe-data.h"
#include "macro.h"
#include "privs.h"

static const struct {
	uint32_t priv;
	const char *name;
	const char *use;
	enum probe_state without;
} capabilities[] = {
	{PRIV_BPF, "CAP_BPF", "makes tables and loads programs", PROBE_MISSING},
	{PRIV_NET_ADMIN, "CAP_NET_ADMIN", "loads programs for packets and attaches them",
	 PROBE_MISSING},
	/* whether the programs need it is found by loading them */
	{PRIV_PERFMON, "CAP_PERFMON", "lets programs compute with addresses of packets",
	 PROBE_ABSENT},
};

void probe_find_privs(struct probe *probe)
{
	const uint32_t wanted = PRIV_BPF | PRIV_NET_ADMIN | PRIV_PERFMON;
	uint32_t missing;
	char names[128], line[64];
	unsigned int first, host, n;

	if (privs_get(&probe->privs) < 0)
		probe->privs = 0;
	missing = wanted & ~probe->privs;
	(void)privs_names(names, sizeof(names), missing ? missing : wanted);
	(void)snprintf(probe->advice, sizeof(probe->advice), "run it as root, or give it %s",
		       names);
	/* the first namespace maps all 2^32 - 1 ids to themselves */
	if (probe_read_line("/proc/self/uid_map", line, sizeof(line)) == 0 &&
	    sscanf(line, "%u %u %u", &first, &host, &n) == 3)
		probe->in_namespace = first != 0 || host != 0 || n != UINT32_MAX;
}

int probe_privs(struct probe *probe)
{
	for (size_t i = 0; i < ARRAY_SIZE(capabilities); i++) {
		bool has = probe->privs & capabilities[i].priv;

		probe->name = capabilities[i].name;
		probe_say(probe, has ? PROBE_OK : capabilities[i].without, probe->advice, "%s%s",
			  has ? "" : "not held; ", capabilities[i].use);
	}
	probe->name = "user namespace";
	if (probe->in_namespace)
		probe_say(probe, PROBE_ABSENT, NULL,
			  "this is not the first one: its capabilities do not count for BPF");
	return 0;
}
