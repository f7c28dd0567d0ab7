/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads, attaches and reads the programs that watch sockets. */
#include "config.h"

#include "capture-owner-hooks.h"

#include <linux/types.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "abi-socket.h"
#include "capture-owner.h"
#include "cleanup.h"
#include "macro.h"
#include "socket.skel.h"

#define RING_BYTES (1u << 20)
#define RING_BYTES_CONNS (1u << 24) /* some 100000 events */
#define RING_BYTES_MIN (64u << 10)
#define N_ATTEMPTS 4096 /* threads in connect() at a time */
#define SCAN_EVENTS 128 /* read at a time */
#define TRY_SOCKETS 64
#define NAMESPACES 4096 /* past these some are listed twice */
#define N_SOCKETS_MIN 1024

/* The programs, by what they are for. Of a source's programs the first failure is the reason. */
static const struct {
	const char *name;
	enum owner_source source;
} programs[] = {
	{"on_create", OWNER_SOURCE_CREATE},    {"on_connect4", OWNER_SOURCE_CREATE},
	{"on_connect6", OWNER_SOURCE_CREATE},  {"on_bind4", OWNER_SOURCE_CREATE},
	{"on_bind6", OWNER_SOURCE_CREATE},     {"on_sendmsg4", OWNER_SOURCE_CREATE},
	{"on_sendmsg6", OWNER_SOURCE_CREATE},  {"on_operation", OWNER_SOURCE_CONNECT},
	{"on_state", OWNER_SOURCE_STATE},      {"on_send", OWNER_SOURCE_USE},
	{"on_receive", OWNER_SOURCE_USE},      {"on_accept", OWNER_SOURCE_ACCEPT},
	{"on_datagram4", OWNER_SOURCE_ACCEPT}, {"on_datagram6", OWNER_SOURCE_ACCEPT},
	{"on_fork", OWNER_SOURCE_ACCEPT},      {"on_release", OWNER_SOURCE_CLOSE},
	{"on_exec", OWNER_SOURCE_PROCESS},     {"on_exit", OWNER_SOURCE_PROCESS},
	{"on_file", OWNER_SOURCE_SCAN},        {"on_namespace", OWNER_SOURCE_ADDR},
	{"on_call", OWNER_SOURCE_CALL},
};

struct owner_hooks {
	struct owner_hooks_config config;
	struct socket_bpf *skel;
	uint32_t ring_bytes;
	bool no_cookies; /* see asks_cookies in bpf/socket.bpf.c */
	struct bpf_link *links[ARRAY_SIZE(programs)];
	struct ring_buffer *ring;
	int results[ARRAY_SIZE(programs)];
};

DEFINE_CLEANUP(struct owner_hooks *, owner_hooks_close);

static bool on_cgroup(const struct bpf_program *program)
{
	enum bpf_prog_type type = bpf_program__type(program);

	return type == BPF_PROG_TYPE_CGROUP_SOCK || type == BPF_PROG_TYPE_CGROUP_SOCK_ADDR ||
	       type == BPF_PROG_TYPE_SOCK_OPS;
}

static struct bpf_program *find(const struct socket_bpf *skel, size_t i)
{
	return bpf_object__find_program_by_name(skel->obj, programs[i].name);
}

/* False where another source tells the same. */
static bool is_needed(const struct owner_hooks *hooks, size_t i)
{
	return programs[i].source != OWNER_SOURCE_ACCEPT ||
	       owner_hooks_source(hooks, OWNER_SOURCE_USE) < 0;
}

static struct socket_bpf *open_skeleton(const struct owner_hooks *hooks)
{
	struct socket_bpf *skel = socket_bpf__open();

	if (!skel)
		return NULL;
	skel->rodata->wants_conns = hooks->config.conns;
	skel->rodata->asks_cookies = !hooks->no_cookies;
	skel->rodata->home_netns = hooks->config.home;
	return skel;
}

/* Opens the programs, those marked by a result left out. */
static struct socket_bpf *open_programs(const struct owner_hooks *hooks)
{
	struct socket_bpf *skel = open_skeleton(hooks);

	for (size_t i = 0; skel && i < ARRAY_SIZE(programs); i++)
		(void)bpf_program__set_autoload(find(skel, i),
						hooks->results[i] == 0 && is_needed(hooks, i));
	return skel;
}

/* Loads a program alone, with the smallest maps: 0 or why it cannot be. */
static int try_program(const struct owner_hooks *hooks, size_t only, bool no_cookies)
{
	struct socket_bpf *skel = open_skeleton(hooks);
	int r;

	if (!skel)
		return -errno;
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++)
		(void)bpf_program__set_autoload(find(skel, i), i == only);
	skel->rodata->asks_cookies = !no_cookies;
	r = socket_bpf__load(skel);
	socket_bpf__destroy(skel);
	return r;
}

/* Marks those that fail by themselves. */
static void try_programs(struct owner_hooks *hooks)
{
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		if (hooks->results[i] < 0 || !is_needed(hooks, i))
			continue;
		hooks->results[i] = try_program(hooks, i, false);
		if (hooks->results[i] < 0 && try_program(hooks, i, true) == 0) {
			hooks->results[i] = 0;
			hooks->no_cookies = true;
		}
	}
}

/* Maps that nothing is put into stay as small as they can be. */
static int size_maps(const struct owner_hooks *hooks)
{
	const struct owner_hooks_config *config = &hooks->config;
	const struct {
		struct bpf_map *map;
		uint32_t n;
	} sizes[] = {
		{hooks->skel->maps.sockets, config->n_sockets},
		{hooks->skel->maps.processes, config->n_sockets / 4},
		{hooks->skel->maps.listed, NAMESPACES},
		{hooks->skel->maps.events, hooks->ring_bytes},
		{hooks->skel->maps.conns, config->conns ? config->n_sockets : 1},
		{hooks->skel->maps.attempts, config->conns ? N_ATTEMPTS : 1},
		{hooks->skel->maps.opened_to, config->conns ? config->n_sockets : 1},
	};
	int r = 0;

	for (size_t i = 0; i < ARRAY_SIZE(sizes) && r == 0; i++)
		r = bpf_map__set_max_entries(sizes[i].map, sizes[i].n);
	return r;
}

static int load_sized(struct owner_hooks *hooks)
{
	int r;

	hooks->skel = open_programs(hooks);
	if (!hooks->skel)
		return -errno;
	r = size_maps(hooks);
	if (r == 0)
		r = socket_bpf__load(hooks->skel);
	if (r < 0)
		socket_bpf__destroy(take_ptr(hooks->skel));
	return r;
}

/* Kernels before 5.11 count maps as locked memory (commit 97306be45fbe): take what they give. */
static int load_fitting(struct owner_hooks *hooks)
{
	int r = load_sized(hooks);

	while ((r == -EPERM || r == -ENOMEM) && hooks->ring_bytes > RING_BYTES_MIN) {
		hooks->ring_bytes /= 2;
		hooks->config.n_sockets = MAX(hooks->config.n_sockets / 2, (uint32_t)N_SOCKETS_MIN);
		r = load_sized(hooks);
	}
	return r;
}

/* All at once where that works, which is common; else without those that fail by themselves. */
static int load(struct owner_hooks *hooks)
{
	int r = load_fitting(hooks);

	if (r == 0)
		return 0;
	try_programs(hooks);
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++)
		if (hooks->results[i] == 0)
			return load_fitting(hooks);
	return r;
}

static int attach(struct owner_hooks *hooks, size_t i)
{
	struct bpf_program *program = find(hooks->skel, i);

	if (on_cgroup(program))
		hooks->links[i] = bpf_program__attach_cgroup(program, hooks->config.cgroup_fd);
	else
		hooks->links[i] = bpf_program__attach(program);
	return hooks->links[i] ? 0 : -errno;
}

static void choose(struct owner_hooks *hooks, const struct socket_bpf *skel)
{
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		if (hooks->config.without & 1u << programs[i].source ||
		    (programs[i].source == OWNER_SOURCE_CALL && !hooks->config.conns))
			hooks->results[i] = -EOPNOTSUPP;
		else if (hooks->config.cgroup_fd < 0 && on_cgroup(find(skel, i)))
			hooks->results[i] = hooks->config.cgroup_fd;
	}
}

static int on_event(void *data, void *event, size_t size)
{
	const struct owner_hooks *hooks = data;

	if (size >= sizeof(struct socket_event))
		hooks->config.fn(hooks->config.data, event);
	return 0;
}

static int prepare(struct owner_hooks *hooks)
{
	struct socket_bpf *skel = open_skeleton(hooks);

	if (!skel)
		return -errno;
	choose(hooks, skel);
	socket_bpf__destroy(skel);
	return 0;
}

int owner_hooks_try(int cgroup_fd, int results[OWNER_SOURCE_MAX])
{
	cleanup(owner_hooks_closep) struct owner_hooks *hooks = calloc(1, sizeof(*hooks));
	int r;

	if (!hooks)
		return -ENOMEM;
	hooks->config = (struct owner_hooks_config){
		.cgroup_fd = cgroup_fd, .n_sockets = TRY_SOCKETS, .conns = true};
	hooks->ring_bytes = RING_BYTES_MIN;
	r = prepare(hooks);
	if (r < 0)
		return r;
	r = load(hooks);
	for (size_t i = 0; i < OWNER_SOURCE_MAX; i++) {
		results[i] = owner_hooks_source(hooks, i);
		if (results[i] == 0 && !hooks->skel)
			results[i] = r;
	}
	return 0;
}

int owner_hooks_open(const struct owner_hooks_config *config, struct owner_hooks **ret_hooks)
{
	cleanup(owner_hooks_closep) struct owner_hooks *hooks = calloc(1, sizeof(*hooks));
	bool any = false;
	int r;

	if (!hooks)
		return -ENOMEM;
	hooks->config = *config;
	hooks->ring_bytes = config->conns ? RING_BYTES_CONNS : RING_BYTES;
	r = prepare(hooks);
	if (r == 0)
		r = load(hooks);
	if (r < 0)
		return r;
	hooks->ring =
		ring_buffer__new(bpf_map__fd(hooks->skel->maps.events), on_event, hooks, NULL);
	if (!hooks->ring)
		return -errno;
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++) {
		if (!is_needed(hooks, i))
			continue;
		if (hooks->results[i] == 0)
			hooks->results[i] = attach(hooks, i);
		any |= hooks->results[i] == 0;
		if (hooks->results[i] < 0)
			r = hooks->results[i];
	}
	if (!any)
		return r;
	hooks->skel->bss->has_release = owner_hooks_source(hooks, OWNER_SOURCE_CLOSE) == 0;
	*ret_hooks = take_ptr(hooks);
	return 0;
}

void owner_hooks_close(struct owner_hooks *hooks)
{
	if (!hooks)
		return;
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++)
		(void)bpf_link__destroy(hooks->links[i]);
	ring_buffer__free(hooks->ring);
	socket_bpf__destroy(hooks->skel);
	free(hooks);
}

int owner_hooks_fd(const struct owner_hooks *hooks)
{
	return ring_buffer__epoll_fd(hooks->ring);
}

int owner_hooks_read(struct owner_hooks *hooks)
{
	return MIN(ring_buffer__consume(hooks->ring), 0);
}

int owner_hooks_scan(struct owner_hooks *hooks, enum owner_source source, owner_event_fn fn,
		     void *data)
{
	cleanup(close_fdp) int fd = -1;
	struct socket_event events[SCAN_EVENTS];
	size_t have = 0;
	int r = owner_hooks_source(hooks, source);

	if (r < 0)
		return r;
	hooks->skel->bss->n_list++;
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++)
		if (programs[i].source == source)
			fd = bpf_iter_create(bpf_link__fd(hooks->links[i]));
	if (fd < 0)
		return -errno;
	for (;;) {
		ssize_t n = read(fd, (uint8_t *)events + have, sizeof(events) - have);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : 0;
		have += (size_t)n;
		for (size_t i = 0; i < have / sizeof(*events); i++)
			fn(data, &events[i]);
		memmove(events, (uint8_t *)events + have / sizeof(*events) * sizeof(*events),
			have % sizeof(*events));
		have %= sizeof(*events);
	}
}

bool owner_hooks_add(struct owner_hooks *hooks, struct socket_event *event)
{
	int fd = bpf_map__fd(hooks->skel->maps.sockets);
	struct socket_entry known;

	if (bpf_map_update_elem(fd, &event->cookie, &event->entry, BPF_NOEXIST) == 0) {
		(void)__sync_fetch_and_add(&hooks->skel->bss->n_made, 1);
		return true;
	}
	if (bpf_map_lookup_elem(fd, &event->cookie, &known) < 0 || known.tuple.family)
		return false;
	known.tuple = event->entry.tuple;
	event->entry = known;
	(void)bpf_map_update_elem(fd, &event->cookie, &known, BPF_EXIST);
	return true;
}

int owner_hooks_source(const struct owner_hooks *hooks, enum owner_source source)
{
	for (size_t i = 0; i < ARRAY_SIZE(programs); i++)
		if (programs[i].source == source && hooks->results[i] < 0)
			return hooks->results[i];
	return 0;
}

uint64_t owner_hooks_lost(const struct owner_hooks *hooks)
{
	uint32_t key = 0;
	uint64_t lost = 0;

	(void)bpf_map_lookup_elem(bpf_map__fd(hooks->skel->maps.lost), &key, &lost);
	return lost;
}

uint64_t owner_hooks_lost_conns(const struct owner_hooks *hooks)
{
	return hooks->skel->bss->n_lost_conns;
}

uint64_t owner_hooks_cut(const struct owner_hooks *hooks)
{
	return hooks->skel->bss->n_cut;
}

uint64_t owner_hooks_evicted(const struct owner_hooks *hooks)
{
	uint64_t made = hooks->skel->bss->n_made, removed = hooks->skel->bss->n_removed;
	uint64_t held = made > removed ? made - removed : 0;

	return held > hooks->config.n_sockets ? held - hooks->config.n_sockets : 0;
}
