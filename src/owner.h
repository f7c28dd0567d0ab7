/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Who owns the traffic: the processes of the run, their sockets, and the addresses of the host.
 *
 * A flow is matched with the socket at its near end: where an in-flow goes to, where an out-flow
 * comes from. The socket with both ends of the flow comes first, then one that has only the near
 * end: its address and port, then any address and the port. Sockets of other network namespaces
 * count only where that namespace has the address. A socket that was closed keeps its owner for
 * packets still under way, until another takes its place, for a while.
 *
 * Owners that have ended stay as long as a socket or somebody who asked for it (owner_ref) needs
 * them. All tables are bounded; struct owner_stats counts what had no room.
 */
#ifndef OWNER_H
#define OWNER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample.h"

struct owner_table;

/* The texts of an owner. */
enum owner_text {
	OWNER_COMM,    /* name of the process */
	OWNER_COMMAND, /* command line */
	OWNER_USER,    /* name of the user */
	OWNER_CGROUP,  /* path */
	OWNER_RUNTIME,
	OWNER_CONTAINER, /* id */
	OWNER_CONTAINER_NAME,
	OWNER_IMAGE,
	OWNER_POD,
	OWNER_POD_NAMESPACE,
	OWNER_TEXT_MAX
};

#define OWNER_TEXT_SIZE 1024         /* with the NUL; a longer one is cut and ends in "..." */
#define OWNER_UID_NONE UINT32_MAX    /* not known */
#define OWNER_SOCKETS_MAX (1u << 20) /* kept at a time */
#define OWNER_CLOSED_MAX (1u << 16)  /* of them closed */
#define OWNER_ADDRS_MAX (1u << 16)
#define OWNER_TEXT_BYTES_MAX ((size_t)64 << 20) /* of all texts together */

struct owner {
	uint32_t number;
	uint32_t pid; /* 0: not known */
	uint32_t uid; /* OWNER_UID_NONE */
	bool gone;    /* has ended */
	uint64_t start_ns;
	uint64_t cgroup_id;
	const char
		*text[OWNER_TEXT_MAX]; /* escaped, never NULL; equal texts are the same pointer */
};

/* The answer to whose a flow is. */
struct owner_match {
	uint32_t owner;  /* number of an owner in the table, or 0 */
	uint8_t reason;  /* enum owner_reason: why there is none; OWNER_KNOWN: it was not named */
	bool estimated;  /* another one is possible */
	bool has_socket; /* a socket was found, also where nobody can be named */
	bool loose; /* by a listening socket: who accepts may be another, and is not known yet */
};

struct owner_stats {
	uint32_t n_owners, n_sockets, n_addrs;
	uint64_t owners_refused; /* past SAMPLE_OWNER_MAX at a time, or without memory */
	uint64_t owners_dropped; /* have ended, and nothing refers to them */
	uint64_t sockets_refused;
	uint64_t sockets_dropped; /* closed ones, before their time, to make room */
	uint64_t addrs_refused;
	uint64_t texts_refused; /* texts that had no room: they are "" */
};

int owner_table_new(struct owner_table **ret_table);
void owner_table_free(struct owner_table *table);
/* The owners alone, as they are now: for owner_get() with a frozen view. */
int owner_table_clone(const struct owner_table *table, struct owner_table **ret_table);
/* This run looks for owners, for flows on the interfaces of this network namespace (0: not known);
 * it began at start_ns, CLOCK_MONOTONIC.
 */
void owner_table_begin(struct owner_table *table, uint32_t netns, uint64_t start_ns);

/* This run does not look for them: OWNER_OFF or OWNER_NOT_PERMITTED. */
void owner_table_off(struct owner_table *table, uint8_t reason);

/* What a back end reports. */
void owner_table_owner(struct owner_table *table, const struct sample_owner *sample);
void owner_table_sockets(struct owner_table *table, const struct sample_socket *sockets, size_t n);
void owner_table_addr(struct owner_table *table, const struct sample_addr *addr);
/* The end of an interval, CLOCK_MONOTONIC: sockets that were closed long ago are dropped. */
void owner_table_tick(struct owner_table *table, uint64_t now_ns);

/* NULL where no owner has this number, or none is left. Valid until the next report. */
const struct owner *owner_get(const struct owner_table *table, uint32_t number);
/* Number of the text, alike for equal texts as long as any owner has it; 0 for "". */
uint64_t owner_text_id(const char *text);
/* "forwarded", "no socket" ... */
const char *owner_reason_text(uint8_t reason);
/* "namespace/pod", or what there is of it; "" else. */
int owner_pod(char *buf, size_t size, const struct owner *owner);
/* Name of the container, or the beginning of its id; "" for none. */
int owner_container(char *buf, size_t size, const struct owner *owner);
/* The shortest text that says who it is: "nginx 1234", "web/nginx". */
int owner_label(char *buf, size_t size, const struct owner *owner);

/* Whose a flow is. */
void owner_find(struct owner_table *table, const struct flow_key *key,
		struct owner_match *ret_match);
/* Of one end alone: OWNER_FORWARDED where that is no address of this host. */
void owner_find_end(struct owner_table *table, const struct flow_key *key, bool source,
		    struct owner_match *ret_match);
/* Brings what owner_find() is going to touch nearer. */
void owner_prefetch(const struct owner_table *table, const struct flow_key *key);
/* Keeps an owner that is in the table (0: nothing to keep) until owner_unref(). */
void owner_ref(struct owner_table *table, uint32_t number);
void owner_unref(struct owner_table *table, uint32_t number);

/* Changes when owner_find() may have another answer for some flow. */
uint32_t owner_version(const struct owner_table *table);
/* True where the answer for this flow may have changed since a version. known: it had an owner. */
bool owner_changed(const struct owner_table *table, const struct flow_key *key, bool known,
		   uint32_t version);

void owner_table_stats(const struct owner_table *table, struct owner_stats *ret_stats);

#endif
