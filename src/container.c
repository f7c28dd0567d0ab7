/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads which container a cgroup belongs to from its path. */
#include "config.h"

#include "container.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "macro.h"

#define ID_DIGITS 64
#define UUID_SIZE 36 /* of a pod */

enum id_kind {
	ID_HEX,  /* 64 hex digits */
	ID_NAME, /* anything */
};

/*
 * How a directory is named that is a container. parent: the whole name of the directory above, or
 * NULL; above: what the one above that has to be, "" for the root of the tree.
 */
struct rule {
	const char *prefix, *suffix;
	const char *parent, *above;
	enum id_kind kind;
	enum container_runtime runtime;
};

static const struct rule rules[] = {
	/* systemd drivers */
	{"docker-", ".scope", NULL, NULL, ID_HEX, CONTAINER_DOCKER},
	{"cri-containerd-", ".scope", NULL, NULL, ID_HEX, CONTAINER_CONTAINERD},
	{"nerdctl-", ".scope", NULL, NULL, ID_HEX, CONTAINER_CONTAINERD},
	{"crio-", ".scope", NULL, NULL, ID_HEX, CONTAINER_CRIO},
	{"libpod-", ".scope", NULL, NULL, ID_HEX, CONTAINER_PODMAN},
	/* cgroupfs drivers */
	{"crio-", "", NULL, NULL, ID_HEX, CONTAINER_CRIO},
	{"libpod-", "", NULL, NULL, ID_HEX, CONTAINER_PODMAN},
	{"", "", "docker", NULL, ID_HEX, CONTAINER_DOCKER},
	/* ctr, by the namespace of containerd */
	{"", "", "k8s.io", "", ID_NAME, CONTAINER_CONTAINERD},
	{"", "", "default", "", ID_NAME, CONTAINER_CONTAINERD},
	/* others */
	{"systemd-nspawn@", ".service", NULL, NULL, ID_NAME, CONTAINER_NSPAWN},
	{"machine-", ".scope", "machine.slice", NULL, ID_NAME, CONTAINER_NSPAWN},
	{"lxc.payload.", "", NULL, NULL, ID_NAME, CONTAINER_LXC},
	{"", "", "lxc", NULL, ID_NAME, CONTAINER_LXC},
};

/* Virtual machines and containers of libvirt register with systemd as nspawn does. */
static const char *const machine_drivers[] = {"qemu\\x2d", "lxc\\x2d", "bhyve\\x2d", "xen\\x2d"};

/* The directories of a path, from the innermost one outwards. */
struct walk {
	const char *path;
	size_t end; /* of what is left */
};

struct part {
	const char *text;
	size_t n;
};

/* False at the root; ret_part is empty then. */
static bool next_part(struct walk *walk, struct part *ret_part)
{
	size_t start;

	while (walk->end && walk->path[walk->end - 1] == '/')
		walk->end--;
	start = walk->end;
	while (start && walk->path[start - 1] != '/')
		start--;
	*ret_part = (struct part){walk->path + start, walk->end - start};
	walk->end = start;
	/* as seen from another cgroup namespace: what is above is not told */
	if (ret_part->n == 2 && memcmp(ret_part->text, "..", 2) == 0)
		ret_part->n = 0;
	return ret_part->n > 0;
}

static bool part_is(struct part part, const char *text)
{
	return part.n == strlen(text) && memcmp(part.text, text, part.n) == 0;
}

/* Takes prefix and suffix off. */
static bool part_strip(struct part *part, const char *prefix, const char *suffix)
{
	size_t n_prefix = strlen(prefix), n_suffix = strlen(suffix);

	if (part->n <= n_prefix + n_suffix || memcmp(part->text, prefix, n_prefix) != 0 ||
	    memcmp(part->text + part->n - n_suffix, suffix, n_suffix) != 0)
		return false;
	part->text += n_prefix;
	part->n -= n_prefix + n_suffix;
	return true;
}

static bool is_hex(struct part part)
{
	for (size_t i = 0; i < part.n; i++)
		if (!strchr("0123456789abcdef", part.text[i]))
			return false;
	return part.n == ID_DIGITS;
}

static bool is_machine(struct part part)
{
	for (size_t i = 0; i < ARRAY_SIZE(machine_drivers); i++) {
		size_t n = strlen(machine_drivers[i]);

		if (part.n >= n && memcmp(part.text, machine_drivers[i], n) == 0)
			return true;
	}
	return false;
}

/* "podUID" with dashes, or the slice "kubepods-burstable-podUID.slice" with underscores. */
static bool read_pod(struct part part, char *ret_uid)
{
	const char *start;

	if (part_strip(&part, "kubepods", ".slice")) {
		start = memmem(part.text, part.n, "-pod", 4);
		if (!start)
			return false;
		part.n -= (size_t)(start + 1 - part.text);
		part.text = start + 1;
	}
	if (!part_strip(&part, "pod", "") || part.n > UUID_SIZE)
		return false;
	for (size_t i = 0; i < part.n; i++) {
		/* static pods have a hash, without dashes */
		if (!strchr("0123456789abcdef-_", part.text[i]))
			return false;
		ret_uid[i] = part.text[i] == '_' ? '-' : part.text[i];
	}
	ret_uid[part.n] = 0;
	return true;
}

static bool fits(const struct rule *rule, struct part part, struct part parent, struct part above,
		 struct part *ret_id)
{
	if (!part_strip(&part, rule->prefix, rule->suffix) || part.n >= CONTAINER_ID_MAX)
		return false;
	if (rule->parent && !part_is(parent, rule->parent))
		return false;
	if (rule->above && !part_is(above, rule->above))
		return false;
	if (rule->kind == ID_HEX ? !is_hex(part) : is_machine(part))
		return false;
	*ret_id = part;
	return true;
}

/* The pod and the user are told further out. */
static void read_outside(struct walk walk, struct container_ref *ref)
{
	struct part part;

	while (next_part(&walk, &part)) {
		if (!ref->pod_uid[0] && read_pod(part, ref->pod_uid))
			continue;
		if (!ref->user && part_strip(&part, "user-", ".slice"))
			ref->user = (uint32_t)strtoul(part.text, NULL, 10);
	}
}

static bool read_part(struct part part, struct walk outside, struct container_ref *ret_ref)
{
	struct walk walk = outside;
	struct part parent, above, id;
	char uid[UUID_SIZE + 4];

	(void)next_part(&walk, &parent);
	(void)next_part(&walk, &above);
	*ret_ref = (struct container_ref){.runtime = CONTAINER_RUNTIME_MAX};
	for (size_t i = 0; i < ARRAY_SIZE(rules); i++) {
		if (!fits(&rules[i], part, parent, above, &id))
			continue;
		ret_ref->runtime = rules[i].runtime;
		break;
	}
	/* below a pod a bare id may be of any runtime; its state tells */
	if (ret_ref->runtime == CONTAINER_RUNTIME_MAX && is_hex(part) && read_pod(parent, uid)) {
		ret_ref->runtime = CONTAINER_CONTAINERD;
		id = part;
	}
	if (ret_ref->runtime == CONTAINER_RUNTIME_MAX)
		return false;
	memcpy(ret_ref->id, id.text, id.n);
	ret_ref->id[id.n] = 0;
	read_outside(outside, ret_ref);
	return true;
}

bool container_parse(const char *path, struct container_ref *ret_ref)
{
	struct walk walk = {.path = path, .end = strlen(path)};
	struct container_ref ref;
	struct part part;

	while (next_part(&walk, &part)) {
		if (read_part(part, walk, &ref)) {
			*ret_ref = ref;
			return true;
		}
	}
	return false;
}

const char *container_runtime_name(enum container_runtime runtime)
{
	static const char *const names[CONTAINER_RUNTIME_MAX] = {
		[CONTAINER_DOCKER] = "docker", [CONTAINER_CONTAINERD] = "containerd",
		[CONTAINER_CRIO] = "cri-o",    [CONTAINER_PODMAN] = "podman",
		[CONTAINER_NSPAWN] = "nspawn", [CONTAINER_LXC] = "lxc",
	};

	return names[runtime];
}
