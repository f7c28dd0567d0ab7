/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The back end on sockets: what every process sends and receives, by its calls. */
#include "config.h"

#include <linux/types.h>

#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture-bpf.h"
#include "capture-cgroup-find.h"
#include "capture-hash-drain.h"
#include "capture-hash-store.h"
#include "capture-hash.h"
#include "capture-process-owner.h"
#include "capture.h"
#include "cgroup.h"
#include "cleanup.h"
#include "log.h"
#include "macro.h"
#include "process.skel.h"
#include "sample.h"

#include "abi.h"

#define SLOT 1 /* the one "interface" */

struct capture_process {
	struct capture_hash hash;
	struct process_bpf *skel;
	struct process_owners *owners;
	struct hash_drain *drain;
	size_t base; /* length of the note without counts of losses */
	enum capture_hooks hooks;
};

static const char *const hooks_names[] = {
	[CAPTURE_HOOKS_TRACEPOINT] = "tracepoint",
	[CAPTURE_HOOKS_FEXIT] = "fexit",
	[CAPTURE_HOOKS_KPROBE] = "kprobe",
};

static struct capture_process *process_of(struct capture_hash *hash)
{
	return (struct capture_process *)hash;
}

static void on_place(struct capture_hash *hash, uint64_t place, struct flow_key *key)
{
	key->iface = SLOT;
	key->owner = process_owners_number(process_of(hash)->owners, place);
}

static uint16_t on_hook_place(ATTR_UNUSED struct capture_hash *hash, ATTR_UNUSED uint64_t place)
{
	return SLOT;
}

static void on_owner(void *data, const void *key, const void *values)
{
	struct capture_process *process = data;
	uint64_t place;

	memcpy(&place, key, sizeof(place));
	process_owners_add(process->owners, place, values);
}

/* What could not be counted, said where a user looks. */
static void note_losses(struct capture_process *process)
{
	uint64_t retransmits = process->skel->bss->lost_retransmits;
	uint64_t calls = process->skel->bss->lost_calls;
	uint64_t owners = process_owners_refused(process->owners);
	char *note = process->hash.note;
	size_t size = sizeof(process->hash.note), used = process->base;

	note[used] = '\0';
	if (calls)
		used += (size_t)snprintf(note + used, size - used,
					 "; %llu calls are missing: too many waited at a time",
					 (unsigned long long)calls);
	if (retransmits && used < size)
		used += (size_t)snprintf(note + used, size - used, "; %llu retransmits had no room",
					 (unsigned long long)retransmits);
	if (owners && used < size)
		(void)snprintf(note + used, size - used,
			       "; more processes than there is room for");
}

static int on_before(struct capture_hash *hash)
{
	struct capture_process *process = process_of(hash);
	int r = hash_drain_run(process->drain,
			       hash_store_fd(hash->store, process->skel->obj, "owners"),
			       sizeof(uint64_t), sizeof(struct process_owner), on_owner, process);

	process_owners_tick(process->owners);
	note_losses(process);
	return r;
}

static const struct hash_ops hash_ops = {
	.place = on_place,
	.hook_place = on_hook_place,
	.before = on_before,
};

/* Loading */

/* Functions that not every kernel has. */
static bool has_function(const struct btf *btf, const char *name)
{
	return btf__find_by_name_kind(btf, name, BTF_KIND_FUNC) > 0;
}

/* Programs by their section: those of one way to see calls, and those for all. */
static bool is_wanted(const struct bpf_program *program, enum capture_hooks hooks,
		      const struct btf *btf)
{
	const char *section = bpf_program__section_name(program);
	const char *function = strchr(section, '/');

	if (strncmp(section, "tp_btf/", 7) == 0 || strncmp(section, "cgroup/", 7) == 0)
		return hooks == CAPTURE_HOOKS_TRACEPOINT;
	if (strncmp(section, "fexit/", 6) == 0)
		return hooks == CAPTURE_HOOKS_FEXIT && has_function(btf, function + 1);
	if (strncmp(section, "kprobe/", 7) == 0 || strncmp(section, "kretprobe/", 10) == 0)
		return hooks == CAPTURE_HOOKS_KPROBE && has_function(btf, function + 1);
	return true;
}

static int load(const struct capture_config *config, enum capture_hooks hooks, struct btf *btf,
		struct process_bpf **ret_skel)
{
	struct process_bpf *skel = process_bpf__open();
	struct bpf_program *program;
	int r;

	if (!skel)
		return -errno;
	bpf_object__for_each_program(program, skel->obj)(void)
		bpf_program__set_autoload(program, is_wanted(program, hooks, btf));
	r = capture_hash_size(config, skel->obj);
	if (r == 0)
		r = process_bpf__load(skel);
	if (r < 0) {
		process_bpf__destroy(skel);
		return r;
	}
	*ret_skel = skel;
	return 0;
}

/* For datagrams of unconnected sockets. -errno: their other ends will not be known. */
static int attach_peers(struct process_bpf *skel)
{
	struct bpf_program *programs[] = {skel->progs.on_sendmsg4, skel->progs.on_sendmsg6,
					  skel->progs.on_recvmsg4, skel->progs.on_recvmsg6};
	struct bpf_link **links[] = {&skel->links.on_sendmsg4, &skel->links.on_sendmsg6,
				     &skel->links.on_recvmsg4, &skel->links.on_recvmsg6};
	char mount[PATH_MAX];
	cleanup(close_fdp) int fd = -1;
	int r = cgroup_mount(mount, sizeof(mount));

	if (r < 0)
		return r;
	fd = open(mount, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		*links[i] = bpf_program__attach_cgroup(programs[i], fd);
		if (!*links[i])
			return -errno;
	}
	return 0;
}

/* Peers first: a call must not be seen without. */
static int attach(struct capture_process *process)
{
	struct process_bpf *skel = process->skel;
	int r = process->hooks == CAPTURE_HOOKS_TRACEPOINT ? attach_peers(skel) : 0;

	if (r < 0)
		(void)snprintf(process->hash.note, sizeof(process->hash.note),
			       "other ends of unconnected UDP sockets are not known: %s",
			       r == -ENOENT ? "cgroup version 2 is not mounted" : strerror(-r));
	for (int i = 0; i < skel->skeleton->prog_cnt; i++) {
		const struct bpf_prog_skeleton *each = &skel->skeleton->progs[i];

		if (bpf_program__fd(*each->prog) < 0 ||
		    strncmp(bpf_program__section_name(*each->prog), "cgroup/", 7) == 0)
			continue;
		*each->link = bpf_program__attach(*each->prog);
		if (!*each->link)
			return -errno;
	}
	return 0;
}

static int try_hooks(struct capture_process *process, enum capture_hooks hooks, struct btf *btf)
{
	int r = load(&process->hash.config, hooks, btf, &process->skel);

	if (r < 0)
		return r;
	process->hooks = hooks;
	r = attach(process);
	if (r < 0)
		process_bpf__destroy(take_ptr(process->skel));
	return r;
}

/* The first that works, or the one that was asked for. */
static int choose_hooks(struct capture_process *process, char *error, size_t size)
{
	enum capture_hooks asked = process->hash.config.hooks;
	struct btf *btf = btf__load_vmlinux_btf();
	int result = -ENOENT, r;

	if (!btf) {
		r = -errno;
		(void)snprintf(error, size,
			       "the process back end needs a kernel that describes its types "
			       "(/sys/kernel/btf/vmlinux)");
		return r;
	}
	for (enum capture_hooks hooks = CAPTURE_HOOKS_TRACEPOINT; hooks <= CAPTURE_HOOKS_KPROBE;
	     hooks++) {
		if (asked != CAPTURE_HOOKS_AUTO && hooks != asked)
			continue;
		r = try_hooks(process, hooks, btf);
		if (r == 0) {
			btf__free(btf);
			return 0;
		}
		log_info("%s: %s", hooks_names[hooks], strerror(-r));
		/* what one lacks for want of a privilege the others lack too */
		if (result == -ENOENT || r == -EPERM)
			result = r;
	}
	btf__free(btf);
	(void)capture_hash_explain(&process->hash.config, result, "counting by process", error,
				   size);
	return result;
}

static void process_close(struct capture *capture)
{
	struct capture_process *process = (struct capture_process *)capture;

	if (!process)
		return;
	if (process->skel)
		process_bpf__detach(process->skel);
	capture_hash_done(&process->hash);
	process_bpf__destroy(process->skel);
	process_owners_free(process->owners);
	hash_drain_free(process->drain);
	free(process);
}

static void closep(struct capture_process **process)
{
	if (*process)
		process_close(&(*process)->hash.capture);
}

static int process_probe(const struct capture_config *config, char *error, size_t error_size)
{
	struct capture_process process = {.hash.config = *config};
	int r = choose_hooks(&process, error, error_size);

	process_bpf__destroy(process.skel);
	return r;
}

/* Packets, wherever the word stands, are calls. */
static void note_units(struct capture_process *process)
{
	char *note = process->hash.note;
	size_t used = strlen(note);

	(void)snprintf(note + used, sizeof(process->hash.note) - used,
		       "%scalls are counted for packets, and the bytes that they moved",
		       used ? "; " : "");
	process->base = strlen(note);
}

static void report_iface(const struct capture_process *process)
{
	struct sample_iface iface = {
		.slot = SLOT,
		.state = IFACE_ATTACHED,
		.layer3 = true,
		.name = "sockets",
	};

	(void)snprintf(iface.attach, sizeof(iface.attach), "%s", hooks_names[process->hooks]);
	process->hash.sink->iface(process->hash.sink->data, &iface);
}

static int process_open(const struct capture_config *config, struct loop *loop,
			const struct sample_sink *sink, struct capture **ret_capture, char *error,
			size_t error_size)
{
	cleanup(closep) struct capture_process *process = calloc(1, sizeof(*process));
	int r;

	*error = 0;
	if (!process)
		return -ENOMEM;
	process->hash.capture.ops = &capture_process_ops;
	process->hash.config = *config;
	process->hash.sink = sink;
	process->hash.ops = &hash_ops;
	process->hash.info.layer = "payload";
	process->hash.info.owners = true;
	process->hash.info.sizes_note = "calls of processes are counted, not packets";
	capture_bpf_log();
	r = process_owners_new(sink, &process->owners);
	if (r == 0)
		r = hash_drain_new(sizeof(uint64_t), sizeof(struct process_owner), &process->drain);
	if (r < 0)
		return r;
	r = choose_hooks(process, error, error_size);
	if (r < 0)
		return r;
	r = capture_hash_open(&process->hash, process->skel->obj,
			      (volatile uint64_t *)&process->skel->data->epoch, NULL);
	if (r == 0)
		r = capture_hash_start(&process->hash, loop);
	if (r < 0)
		return r;
	note_units(process);
	report_iface(process);
	*ret_capture = &process->hash.capture;
	process = NULL;
	return 0;
}

const struct capture_ops capture_process_ops = {
	.name = "process",
	.title = "processes",
	.help = "what every process sends and receives through its sockets, wherever that goes",
	.facts =
		{
			.sees_in = true,
			.sees_out = true,
			.bytes = "bytes of payload, and calls for packets",
			.owners = "each flow is one process's",
			.attaches = "to tracepoints of sockets, the ends of functions, or kprobes",
			.needs = "Linux 5.8 with BTF",
		},
	.probe = process_probe,
	.open = process_open,
	.tick = capture_hash_tick,
	.finish = capture_hash_finish,
	.close = process_close,
	.info = capture_hash_info,
};
