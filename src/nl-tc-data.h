/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the attachment by clsact share. */
#ifndef NL_TC_DATA_H
#define NL_TC_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <linux/netlink.h>

struct nl;
struct tc_watch;
struct tcmsg;

#define TC_NAME_PREFIX "pktop-"
#define TC_NAME_MARK "+q" /* the qdisc is ours as well */
#define TC_ID_DIGITS 16
#define TC_NAME_SIZE (sizeof(TC_NAME_PREFIX) + TC_ID_DIGITS)

struct nl_tc {
	struct nl *nl;
	int owner_fd;            /* the socket that says that this run is alive */
	char name[TC_NAME_SIZE]; /* of the socket, and of the filters */
	bool lock_refused;       /* somebody sits on the lock */
	uint32_t *attached;
	size_t n_attached;
	struct tc_watch *watch; /* NULL: nobody wants to know */
};

/* nl-tc-name.c */

/* Binds a name in the abstract space of this network namespace; the kernel keeps a space for each
 * type of socket. Returns the socket. */
int tc_name_bind(const char *name);
/*
 * Keeps other runs from changing filters meanwhile: the last one out must not remove the qdisc
 * while a newcomer attaches. Returns a file descriptor to close, or -1 when somebody holds the name
 * too long; anybody may, so that it must not stop us.
 */
int tc_lock_take(struct nl_tc *tc);

/* nl-tc-hooks.c */

enum tc_owner { TC_OWNER_SELF, TC_OWNER_ALIVE, TC_OWNER_DEAD, TC_OWNER_OTHER };

struct tc_filter {
	uint32_t parent;
	uint32_t handle;
	uint16_t priority;
	uint16_t protocol; /* network order */
	uint32_t chain;
	bool bpf;
	bool marked;
	enum tc_owner owner;
};

/* What stands on one interface. */
struct tc_hooks {
	const struct nl_tc *tc;
	uint32_t ifindex;
	bool clsact;
	bool ingress; /* the ingress qdisc, in the place of clsact */
	uint32_t parent;
	struct tc_filter *filters;
	size_t n;
};

/* Both sides of clsact: ingress, egress. */
#define TC_N_PARENTS 2
extern const uint32_t tc_parents[TC_N_PARENTS];

/* Replaces what hooks holds. */
int tc_hooks_read(struct nl_tc *tc, uint32_t ifindex, struct tc_hooks *hooks);
/* Adds the filters alone, to hooks that know their interface. */
int tc_hooks_read_filters(struct nl *nl, struct tc_hooks *hooks);
void tc_hooks_done(struct tc_hooks *hooks);
size_t tc_hooks_count(const struct tc_hooks *hooks, enum tc_owner owner);
/* True when a filter says that the qdisc is ours. */
bool tc_hooks_marked(const struct tc_hooks *hooks);

/* Calls fn for every qdisc of the namespace: the kernel cannot be asked for one interface. */
int tc_qdiscs_read(struct nl *nl, int (*fn)(const struct nlmsghdr *message, void *data),
		   void *data);
/* False for what is neither clsact nor has its place. The kind lives as long as the message. */
bool tc_qdisc_parse(const struct nlmsghdr *message, uint32_t *ret_ifindex, const char **ret_kind);

/* nl-tc-watch.c */

void tc_watch_free(struct tc_watch *watch);

/* nl-tc-batch.c */

/* Requests that leave in one sendmsg(). */
struct tc_batch {
	_Alignas(struct nlmsghdr) uint8_t buf[1024];
	size_t len;
	size_t n;
	int results[1 + TC_N_PARENTS];
};

/* Begins a request, which is not yet part of the batch. */
struct nlmsghdr *tc_batch_next(struct tc_batch *batch, uint16_t type, uint32_t ifindex,
			       uint32_t parent, struct tcmsg **ret_tcm);
void tc_batch_qdisc(struct tc_batch *batch, uint16_t type, uint16_t flags, uint32_t ifindex);
void tc_batch_filter(struct tc_batch *batch, uint32_t ifindex, uint32_t parent, uint16_t priority,
		     int prog_fd, const char *name);
/* The first failure of a batch that was sent. */
int tc_batch_send(struct nl *nl, struct tc_batch *batch);

int tc_filter_delete(struct nl *nl, uint32_t ifindex, const struct tc_filter *filter);
int tc_qdisc_delete(struct nl *nl, uint32_t ifindex);

#endif
