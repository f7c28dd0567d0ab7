/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The programs that watch sockets (bpf/socket.bpf.c): loads those that this kernel takes, attaches
 * them, and reads what they tell.
 */
#ifndef CAPTURE_OWNER_HOOKS_H
#define CAPTURE_OWNER_HOOKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct owner_hooks;
struct socket_event;

typedef void (*owner_event_fn)(void *data, const struct socket_event *event);

/* What programs can tell, and what is lost without. */
enum owner_source {
	OWNER_SOURCE_CREATE,  /* cgroup hooks in system calls on sockets */
	OWNER_SOURCE_CONNECT, /* the ends of a TCP connection before it is answered */
	OWNER_SOURCE_STATE,   /* states of TCP sockets */
	OWNER_SOURCE_USE,     /* who sends and receives: accepted and inherited sockets */
	OWNER_SOURCE_ACCEPT,  /* who accepts, and connected UDP: attached only without the above */
	OWNER_SOURCE_CALL,    /* who accepts, and connects in vain; for connections alone */
	OWNER_SOURCE_CLOSE,
	OWNER_SOURCE_PROCESS, /* exec and exit */
	OWNER_SOURCE_SCAN,    /* sockets older than the programs */
	OWNER_SOURCE_ADDR,    /* addresses in other network namespaces */
	OWNER_SOURCE_MAX
};

struct owner_hooks_config {
	int cgroup_fd;      /* of the root of the cgroups, see cgroup_root_open(); -errno: none */
	uint32_t n_sockets; /* that are known at a time; fewer where locked memory is scarce */
	bool conns;         /* tell of connections one by one, as they begin and end */
	uint32_t home;      /* network namespace whose addresses are not listed */
	uint32_t without;   /* bits of enum owner_source: for tests, as if this kernel had not */
	owner_event_fn fn;
	void *data;
};

/* Loads them, and attaches nothing: 0 or why not, by source. */
int owner_hooks_try(int cgroup_fd, int results[OWNER_SOURCE_MAX]);

/* -errno where no program works at all. */
int owner_hooks_open(const struct owner_hooks_config *config, struct owner_hooks **ret_hooks);
/* NULL is allowed. */
void owner_hooks_close(struct owner_hooks *hooks);

/* Readable when something cannot wait for the next owner_hooks_read(). */
int owner_hooks_fd(const struct owner_hooks *hooks);
int owner_hooks_read(struct owner_hooks *hooks);
/*
 * OWNER_SOURCE_SCAN: tells of every socket that a process has open and that no program has told of.
 * OWNER_SOURCE_ADDR: of every address of the other network namespaces that processes are in.
 */
int owner_hooks_scan(struct owner_hooks *hooks, enum owner_source source, owner_event_fn fn,
		     void *data);
/*
 * A socket that was found otherwise: true where the programs did not know it, and do from now on.
 * Of a socket whose process they know, but not its ends, the process is written to event.
 */
bool owner_hooks_add(struct owner_hooks *hooks, struct socket_event *event);
/* 0, or why the source does not work. */
int owner_hooks_source(const struct owner_hooks *hooks, enum owner_source source);
/* Events that did not fit the ring. */
uint64_t owner_hooks_lost(const struct owner_hooks *hooks);
/* The same of connections. */
uint64_t owner_hooks_lost_conns(const struct owner_hooks *hooks);
/* Namespaces of which not all addresses were told, by all scans for them together. */
uint64_t owner_hooks_cut(const struct owner_hooks *hooks);
/* Sockets that are no longer known because others came, at least. */
uint64_t owner_hooks_evicted(const struct owner_hooks *hooks);

#endif
