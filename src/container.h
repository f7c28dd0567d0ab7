/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Containers: which one a cgroup belongs to, by its path, and what that is called, by the files in
 * which the runtimes keep their state. No daemon is asked; a file that cannot be read costs the
 * names, not the id.
 */
#ifndef CONTAINER_H
#define CONTAINER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define CONTAINER_ID_MAX 256   /* 64 hex digits, or a name */
#define CONTAINER_TEXT_MAX 256 /* with the NUL; longer texts are cut */

enum container_runtime {
	CONTAINER_DOCKER,
	CONTAINER_CONTAINERD,
	CONTAINER_CRIO,
	CONTAINER_PODMAN,
	CONTAINER_NSPAWN,
	CONTAINER_LXC,
	CONTAINER_RUNTIME_MAX
};

/* What the path of a cgroup says. */
struct container_ref {
	enum container_runtime runtime;
	char id[CONTAINER_ID_MAX]; /* as in the path */
	char pod_uid[40];          /* of Kubernetes, with dashes; "" where there is none */
	uint32_t user;             /* of a rootless container, 0 else */
};

const char *container_runtime_name(enum container_runtime runtime);

/*
 * Reads a path below the root of the cgroup file system, of version 1 or 2, with "/../" in front
 * where it was read in another cgroup namespace. Of nested containers the innermost counts. False:
 * not in a container.
 */
bool container_parse(const char *path, struct container_ref *ret_ref);

/* Texts are escaped, "" where not known. */
struct container_names {
	enum container_runtime runtime; /* Kubernetes cgroups do not say which: here it is known */
	char name[CONTAINER_TEXT_MAX];
	char image[CONTAINER_TEXT_MAX];
	char pod[CONTAINER_TEXT_MAX];
	char pod_namespace[CONTAINER_TEXT_MAX];
};

/*
 * Reads the state of a container. root is put in front of every path, "" in earnest. -ENOENT:
 * nothing says more about it; -ENOTSUP: built without a reader of JSON.
 */
int container_read(const char *root, const struct container_ref *ref,
		   struct container_names *ret_names);

/* 0 where a runtime keeps state that can be read, else as container_read(), or why it cannot be. */
int container_state_find(const char *root);

/* ---- what was read is kept ---- */

struct containers;

struct container {
	const char *runtime; /* the same as of sample_owner, in escaped form */
	char id[4 * CONTAINER_ID_MAX];
	struct container_names names;
};

int containers_new(const char *root, struct containers **ret_containers);
void containers_free(struct containers *containers); /* NULL is allowed */
/*
 * The container that a cgroup belongs to, NULL where it is none. Valid until the next call. Names
 * that were not there are looked for again after a while: a runtime may write them late.
 */
const struct container *containers_find(struct containers *containers, const char *path);
/* Containers that are no longer known because others came. */
uint64_t containers_evicted(const struct containers *containers);

#endif
