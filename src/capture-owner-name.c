/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The texts of owners. */
#include "config.h"

#include "capture-owner-name.h"

#include <errno.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "capture-owner-process.h"
#include "cgroup.h"
#include "cleanup.h"
#include "container.h"
#include "macro.h"
#include "proc.h"
#include "sample.h"
#include "text.h"

#define USERS 256 /* names kept; one that falls on the place of another takes it */

struct user {
	bool known;
	uint32_t uid;
	char name[64];
};

struct owner_names {
	struct cgroup_names *cgroups;
	struct containers *containers;
	bool has_proc;
	struct user users[USERS];
	char comm[4 * sizeof(((struct owner_process *)0)->comm) + 1];
	char command[1024];
};

DEFINE_CLEANUP(struct owner_names *, owner_names_free);

int owner_names_new(struct cgroup_names *cgroups, struct owner_names **ret_names)
{
	cleanup(owner_names_freep) struct owner_names *names = calloc(1, sizeof(*names));
	int r;

	if (!names)
		return -ENOMEM;
	names->cgroups = cgroups;
	names->has_proc = proc_is_initial();
	r = containers_new("", &names->containers);
	if (r < 0)
		return r;
	*ret_names = take_ptr(names);
	return 0;
}

void owner_names_free(struct owner_names *names)
{
	if (!names)
		return;
	containers_free(names->containers);
	free(names);
}

static const char *user_name(struct owner_names *names, uint32_t uid)
{
	struct user *user = &names->users[uid % USERS];
	struct passwd entry, *found = NULL;
	char buf[2048];

	if (uid == UINT32_MAX)
		return "";
	if (user->known && user->uid == uid)
		return user->name;
	*user = (struct user){.known = true, .uid = uid};
	if (getpwuid_r(uid, &entry, buf, sizeof(buf), &found) == 0 && found)
		(void)text_escape(user->name, sizeof(user->name), found->pw_name, (size_t)-1);
	return user->name;
}

/* The command line, unless the pid belongs to another process by now. */
static void read_command(struct owner_names *names, const struct owner_process *process)
{
	if (process->gone || !names->has_proc ||
	    proc_command(process->pid, names->command, sizeof(names->command)) < 0 ||
	    !proc_alive(process->pid, process->start_ns))
		names->command[0] = 0;
}

void owner_names_fill(struct owner_names *names, const struct owner_process *process,
		      struct sample_owner *owner)
{
	bool ask = names->has_proc && !process->gone;
	const struct container *container;

	*owner = (struct sample_owner){
		.number = process->number,
		.pid = process->pid,
		.uid = process->uid,
		.start_ns = process->start_ns,
		.cgroup_id = process->cgroup_id,
		.gone = process->gone,
	};
	(void)text_escape(names->comm, sizeof(names->comm), process->comm,
			  strnlen(process->comm, sizeof(process->comm)));
	read_command(names, process);
	owner->comm = names->comm;
	owner->command = names->command;
	owner->user = user_name(names, process->uid);
	owner->cgroup = cgroup_name(names->cgroups, process->cgroup_id, ask ? process->pid : 0);
	owner->runtime = owner->container = owner->container_name = "";
	owner->image = owner->pod = owner->pod_namespace = "";
	container = containers_find(names->containers, owner->cgroup);
	if (!container)
		return;
	owner->runtime = container->runtime;
	owner->container = container->id;
	owner->container_name = container->names.name;
	owner->image = container->names.image;
	owner->pod = container->names.pod;
	owner->pod_namespace = container->names.pod_namespace;
}
