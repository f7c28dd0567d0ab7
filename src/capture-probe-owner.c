/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out by what the owners of flows are known here, and which are not. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "capture-owner-hooks.h"
#include "capture-probe-data.h"
#include "cgroup.h"
#include "cleanup.h"
#include "container.h"
#include "macro.h"
#include "nl-diag-dump.h"
#include "privs.h"
#include "proc.h"

/* The programs that watch sockets. */
static const struct {
	const char *name;
	const char *tells;
	const char *lost; /* without it */
	const char *needs;
} sources[OWNER_SOURCE_MAX] = {
	[OWNER_SOURCE_CREATE] = {"socket calls", "who makes, binds and connects sockets",
				 "a socket has no owner until TCP or a message tells it",
				 "Linux 5.8 with BTF"},
	[OWNER_SOURCE_CONNECT] = {"connections", "their ends before the first packet",
				  "connections that nobody answers have no owner",
				  "Linux 5.8 with BTF"},
	[OWNER_SOURCE_STATE] = {"states of TCP", "who listens, and for whom connections are",
				"what is accepted has no owner, unless messages tell it",
				"Linux 5.8 with BTF"},
	[OWNER_SOURCE_USE] = {"messages", "who uses sockets: accepted, inherited, handed over",
			      "such sockets stay with who made or accepted them",
			      "Linux 6.3 with BTF"},
	[OWNER_SOURCE_ACCEPT] = {"accept, connect",
				 "who accepts, and ports that connected UDP is given, where "
				 "messages do not tell",
				 "what is accepted is its listener's, unless messages tell it, "
				 "and UDP that is connected without a port has no owner",
				 "Linux 5.8 with BTF"},
	[OWNER_SOURCE_CALL] = {"calls", "who accepts a connection, and who connects in vain",
			       "log conns tells of what is accepted when it is used, and not of "
			       "what fails before a packet is sent",
			       "Linux 5.12 with BTF"},
	[OWNER_SOURCE_CLOSE] = {"closing", "when a socket of UDP has no owner any more",
				"a port of UDP stays with its owner until another has it",
				"Linux 5.9 with BTF"},
	[OWNER_SOURCE_PROCESS] = {"processes", "when they run another program, and end",
				  "that they do so is found late", "Linux 5.8 with BTF"},
	[OWNER_SOURCE_SCAN] = {"older sockets", "who has sockets from before pktop, estimated",
			       "sock_diag and /proc are asked instead, once",
			       "Linux 5.12 with BTF"},
	[OWNER_SOURCE_ADDR] = {"addresses", "those of other network namespaces, also of later ones",
			       "they are known once a socket has them, and traffic until then is "
			       "taken for forwarded",
			       "Linux 5.8 with BTF"},
};

/* What the kernel, or the compiler's notes in it, lack. */
static bool is_unknown(int r)
{
	return r == -EINVAL || r == -ESRCH || r == -ENOENT || r == -EOPNOTSUPP;
}

static void say_source(struct probe *probe, enum owner_source source, int r)
{
	uint32_t lacking = (PRIV_BPF | PRIV_NET_ADMIN | PRIV_PERFMON) & ~probe->privs;
	char names[128];

	probe->name = sources[source].name;
	(void)privs_names(names, sizeof(names), lacking);
	if (r == 0)
		probe_say(probe, PROBE_OK, NULL, "%s", sources[source].tells);
	else if ((r == -EPERM || r == -EACCES) && lacking)
		probe_say(probe, PROBE_ABSENT, NULL, "cannot be tried without %s: %s", names,
			  sources[source].lost);
	else if (is_unknown(r))
		probe_say(probe, PROBE_ABSENT, NULL, "not in this kernel (%s has it): %s",
			  sources[source].needs, sources[source].lost);
	else
		probe_say(probe, PROBE_ABSENT, NULL, "%s: %s", strerror(-r), sources[source].lost);
}

static void say_sources(struct probe *probe)
{
	cleanup(close_fdp) int cgroup_fd = cgroup_root_open();
	int results[OWNER_SOURCE_MAX];
	int r = owner_hooks_try(cgroup_fd, results);

	for (size_t i = 0; i < OWNER_SOURCE_MAX; i++)
		say_source(probe, i, r < 0 ? r : results[i]);
}

static void try_namespaces(struct probe *probe)
{
	if (probe->privs & PRIV_SYS_ADMIN)
		probe_say(probe, PROBE_OK, NULL, "addresses of all there are can be read");
	else
		probe_say(
			probe, PROBE_ABSENT, NULL,
			"others cannot be entered without CAP_SYS_ADMIN: their addresses are known "
			"as the programs tell them");
}

static void ignore(ATTR_UNUSED void *data, ATTR_UNUSED const struct nl_diag_socket *socket)
{
}

static void try_diag(struct probe *probe)
{
	int r = nl_diag_dump(ignore, NULL);

	if (r == 0)
		probe_say(probe, PROBE_OK, NULL,
			  "older sockets, where the programs cannot tell of them");
	else
		probe_say(probe, PROBE_ABSENT, NULL,
			  "%s: older sockets are known by the programs alone", strerror(-r));
}

static void try_proc(struct probe *probe)
{
	if (proc_is_initial())
		probe_say(probe, PROBE_OK, NULL, "command lines");
	else
		probe_say(
			probe, PROBE_ABSENT, NULL,
			"of another pid namespace than the first, or not there: no command lines");
}

static void try_containers(struct probe *probe)
{
	int r = container_state_find("");

	if (r == 0)
		probe_say(probe, PROBE_OK, NULL, "ids by cgroups, names by what runtimes keep");
	else if (r == -ENOENT)
		probe_say(probe, PROBE_OK, NULL,
			  "ids by cgroups; names, too, once a runtime is there");
	else if (r == -ENOTSUP)
		probe_say(probe, PROBE_ABSENT, NULL,
			  "ids by cgroups; no names: built without jansson");
	else
		probe_say(probe, PROBE_ABSENT, NULL,
			  "ids by cgroups; no names: what runtimes keep cannot be read: %s",
			  strerror(-r));
}

int probe_owners(struct probe *probe)
{
	static const struct probe_try tries[] = {
		{"sock_diag", try_diag},
		{"namespaces", try_namespaces},
		{"/proc", try_proc},
		{"containers", try_containers},
	};

	say_sources(probe);
	probe_try_all(probe, tries, ARRAY_SIZE(tries));
	return 0;
}
