/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The back end on a cgroup: every packet that its sockets send and receive, on any interface. */
#include "config.h"

#include <linux/types.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture-bpf.h"
#include "capture-cgroup-find.h"
#include "capture-cgroup-iface.h"
#include "capture-hash-store.h"
#include "capture-hash.h"
#include "capture-owner.h"
#include "capture-watch.h"
#include "capture.h"
#include "cgroup.skel.h"
#include "cgroup.h"
#include "cleanup.h"
#include "log.h"
#include "privs.h"
#include "sample.h"
#include "text.h"

#define COUNTING "counting a cgroup" /* begins a sentence */

struct capture_cgroup {
	struct capture_hash hash;
	struct owner_watch *owners;
	struct cgroup_bpf *skel;
	struct bpf_link *links[DIRECTION_MAX];
	struct cgroup_ifaces *ifaces;
	int dir_fd;
	bool removed;
	char name[256]; /* escaped path below the mount */
};

static struct capture_cgroup *cgroup_of(struct capture_hash *hash)
{
	return (struct capture_cgroup *)hash;
}

static void on_place(struct capture_hash *hash, uint64_t place, struct flow_key *key)
{
	key->iface = cgroup_ifaces_slot(cgroup_of(hash)->ifaces, place);
}

static uint16_t on_hook_place(struct capture_hash *hash, uint64_t place)
{
	return cgroup_ifaces_slot(cgroup_of(hash)->ifaces, place);
}

/*
 * A removed cgroup has no files any more. The kernel takes its links off then, or when the last
 * socket is gone.
 */
static int on_before(struct capture_hash *hash)
{
	struct capture_cgroup *cgroup = cgroup_of(hash);

	owner_watch_drain(cgroup->owners);
	if (cgroup->removed || faccessat(cgroup->dir_fd, "cgroup.procs", F_OK, 0) == 0 ||
	    (errno != ENOENT && errno != ENODEV))
		return 0;
	cgroup->removed = true;
	(void)snprintf(hash->note, sizeof(hash->note),
		       "the cgroup %s was removed: nothing more is counted", cgroup->name);
	log_info("%s", hash->note);
	return 0;
}

static const struct hash_ops hash_ops = {
	.place = on_place,
	.hook_place = on_hook_place,
	.before = on_before,
};

static int load(const struct capture_config *config, struct cgroup_bpf **ret_skel)
{
	struct cgroup_bpf *skel = cgroup_bpf__open();
	int r;

	if (!skel)
		return -errno;
	r = capture_hash_size(config, skel->obj);
	if (r == 0)
		r = cgroup_bpf__load(skel);
	if (r < 0) {
		cgroup_bpf__destroy(skel);
		return r;
	}
	*ret_skel = skel;
	return 0;
}

/* Attaching says no more than EPERM. */
static bool may_attach(void)
{
	uint32_t privs = 0;

	return privs_get(&privs) < 0 || privs & PRIV_NET_ADMIN;
}

/* A link allows others beside it, before and after. */
static int attach(struct capture_cgroup *cgroup, char *error, size_t size)
{
	struct bpf_program *programs[DIRECTION_MAX] = {
		[DIRECTION_IN] = cgroup->skel->progs.on_ingress,
		[DIRECTION_OUT] = cgroup->skel->progs.on_egress,
	};

	for (int i = 0; i < DIRECTION_MAX; i++) {
		int r;

		cgroup->links[i] = bpf_program__attach_cgroup(programs[i], cgroup->dir_fd);
		r = cgroup->links[i] ? 0 : -errno;
		if (r == -EPERM && !may_attach())
			(void)capture_hash_explain(&cgroup->hash.config, r, COUNTING, error, size);
		else if (r == -EPERM)
			(void)snprintf(error, size,
				       "cannot attach to the cgroup %s: a program on it, or on one "
				       "above it, allows no others",
				       cgroup->name);
		else if (r < 0)
			(void)snprintf(error, size, "cannot attach to the cgroup %s: %s",
				       cgroup->name, strerror(-r));
		if (r < 0)
			return r;
	}
	return 0;
}

static void cgroup_close(struct capture *capture)
{
	struct capture_cgroup *cgroup = (struct capture_cgroup *)capture;

	if (!cgroup)
		return;
	for (int i = 0; i < DIRECTION_MAX; i++)
		bpf_link__destroy(cgroup->links[i]);
	capture_hash_done(&cgroup->hash);
	owner_watch_close(cgroup->owners);
	cgroup_ifaces_close(cgroup->ifaces);
	cgroup_bpf__destroy(cgroup->skel);
	close_fdp(&cgroup->dir_fd);
	free(cgroup);
}

static void closep(struct capture_cgroup **cgroup)
{
	if (*cgroup)
		cgroup_close(&(*cgroup)->hash.capture);
}

static int cgroup_probe(const struct capture_config *config, char *error, size_t error_size)
{
	char mount[PATH_MAX];
	struct cgroup_bpf *skel = NULL;
	int r = cgroup_mount(mount, sizeof(mount));

	if (r < 0) {
		(void)snprintf(error, error_size, "cgroup version 2 is not mounted");
		return r;
	}
	r = load(config, &skel);
	if (r < 0)
		return capture_hash_explain(config, r, COUNTING, error, error_size);
	cgroup_bpf__destroy(skel);
	return 0;
}

static int cgroup_open(const struct capture_config *config, struct loop *loop,
		       const struct sample_sink *sink, struct capture **ret_capture, char *error,
		       size_t error_size)
{
	cleanup(closep) struct capture_cgroup *cgroup = calloc(1, sizeof(*cgroup));
	char path[PATH_MAX];
	int r;

	*error = 0;
	if (!cgroup)
		return -ENOMEM;
	cgroup->dir_fd = -1;
	cgroup->hash.capture.ops = &capture_cgroup_ops;
	cgroup->hash.config = *config;
	cgroup->hash.sink = sink;
	cgroup->hash.ops = &hash_ops;
	cgroup->hash.info.layer = "ip";
	capture_bpf_log();
	r = cgroup_find(config->cgroup, path, sizeof(path), error, error_size);
	if (r < 0)
		return r;
	cgroup->dir_fd = r;
	text_escape(cgroup->name, sizeof(cgroup->name), path, (size_t)-1);
	r = owner_watch_open(config, loop, sink, &cgroup->owners);
	if (r < 0)
		return r;
	cgroup->hash.info.owner_source = owner_watch_info(cgroup->owners);
	cgroup->hash.info.owners = capture_owners(&cgroup->hash.info)->reason == OWNER_KNOWN;
	/* the interfaces may be those of any network namespace: info.netns stays 0 */
	r = load(config, &cgroup->skel);
	if (r < 0)
		return capture_hash_explain(config, r, COUNTING, error, error_size);
	r = capture_hash_open(&cgroup->hash, cgroup->skel->obj,
			      (volatile uint64_t *)&cgroup->skel->data->epoch,
			      cgroup->skel->bss->watches[0]);
	if (r == 0)
		r = cgroup_ifaces_open(loop, sink, &cgroup->ifaces);
	if (r < 0)
		return r;
	(void)snprintf(cgroup->hash.note, sizeof(cgroup->hash.note), "cgroup %s", cgroup->name);
	r = capture_hash_start(&cgroup->hash, loop);
	if (r == 0)
		r = attach(cgroup, error, error_size);
	if (r < 0)
		return r;
	*ret_capture = &cgroup->hash.capture;
	cgroup = NULL;
	return 0;
}

static void cgroup_watch(struct capture *capture, const struct flow_key *keys, size_t n_keys)
{
	struct capture_cgroup *cgroup = (struct capture_cgroup *)capture;
	struct watch_tallies *tallies = hash_store_watch(cgroup->hash.store);

	watch_stop(tallies);
	for (size_t i = 0; i < n_keys; i++)
		watch_fill(&tallies->flows[keys[i].direction], &keys[i], keys[i].direction,
			   cgroup_ifaces_place(cgroup->ifaces, keys[i].iface));
	if (n_keys)
		watch_start(tallies);
}

static const struct sample_sizes *cgroup_sizes(const struct capture *capture)
{
	const struct capture_cgroup *cgroup = (const struct capture_cgroup *)capture;

	return &hash_store_watch(cgroup->hash.store)->sizes;
}

const struct capture_ops capture_cgroup_ops = {
	.name = "cgroup",
	.title = "cgroup",
	.help = "what the sockets of one cgroup send and receive, on any interface",
	.facts =
		{
			.sees_in = true,
			.sees_out = true,
			.bytes = "bytes of IP packets",
			.owners = "owners by sockets",
			.attaches = "to a directory of cgroup version 2 by links",
			.needs = "Linux 5.8 with BTF",
		},
	.probe = cgroup_probe,
	.open = cgroup_open,
	.tick = capture_hash_tick,
	.finish = capture_hash_finish,
	.watch = cgroup_watch,
	.sizes = cgroup_sizes,
	.close = cgroup_close,
	.info = capture_hash_info,
};
