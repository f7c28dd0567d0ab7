/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The texts of owners: program, command line, user, cgroup. */
#ifndef CAPTURE_OWNER_NAME_H
#define CAPTURE_OWNER_NAME_H

struct cgroup_names;
struct owner_names;
struct owner_process;
struct sample_owner;

/* cgroups must outlive the result. */
int owner_names_new(struct cgroup_names *cgroups, struct owner_names **ret_names);
/* NULL is allowed. */
void owner_names_free(struct owner_names *names);
/* Sets all of owner; its texts are valid until the next call. */
void owner_names_fill(struct owner_names *names, const struct owner_process *process,
		      struct sample_owner *owner);

#endif
