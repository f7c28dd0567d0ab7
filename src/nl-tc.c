/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attaches BPF programs to interfaces by clsact and cleans up after runs that were killed. */

#include "config.h"

#include "nl-tc.h"

#include <arpa/inet.h>
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <libmnl/libmnl.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include "cleanup.h"
#include "macro.h"
#include "nl.h"

#define NAME_PREFIX "pktop-"
#define NAME_MARK "+q" /* the qdisc is ours as well */
#define ID_DIGITS 16
#define NAME_SIZE (sizeof(NAME_PREFIX) + ID_DIGITS)

/* Where the kernel starts when it chooses priorities itself: downwards from 0xc000. */
#define PRIORITY_AUTO_MIN 0x8000

#define LOCK_NAME "pktop-tc"
#define LOCK_WAIT_MS 10
#define LOCK_TRIES 100

/* Others may add or remove a qdisc at any moment between a look and an act. */
#define TRIES 4

struct nl_tc {
	struct nl *nl;
	int owner_fd;         /* the socket that says that this run is alive */
	char name[NAME_SIZE]; /* of the socket, and of the filters */
	bool lock_refused;    /* somebody sits on the lock */
	uint32_t *attached;
	size_t n_attached;
};

DEFINE_CLEANUP(struct nl_tc *, nl_tc_close);

enum owner { OWNER_SELF, OWNER_ALIVE, OWNER_DEAD, OWNER_OTHER };

struct filter {
	uint32_t parent;
	uint32_t handle;
	uint16_t priority;
	uint16_t protocol; /* network order */
	uint32_t chain;
	bool bpf;
	bool marked;
	enum owner owner;
};

/* What stands on one interface, or on all for a sweep. */
struct hooks {
	const struct nl_tc *tc;
	uint32_t ifindex;
	bool clsact;
	bool ingress; /* the ingress qdisc, in the place of clsact */
	uint32_t parent;
	struct filter *filters;
	size_t n;
};

static const uint32_t parents[] = {
	TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS),
	TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS),
};

/* Requests that leave in one sendmsg(). */
struct batch {
	_Alignas(struct nlmsghdr) uint8_t buf[1024];
	size_t len;
	size_t n;
	int results[1 + ARRAY_SIZE(parents)];
};

/* Binds a name in the abstract space of this network namespace; the kernel keeps a space for each
 * type of socket. Returns the socket. */
static int bind_name(const char *name)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	size_t n = strlen(name);
	cleanup(close_fdp) int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	memcpy(address.sun_path + 1, name, n);
	if (bind(fd, (struct sockaddr *)&address,
		 (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + n)) < 0)
		return -errno;
	return take_fd(fd);
}

/*
 * Keeps other runs from changing filters meanwhile: the last one out must not remove the qdisc
 * while a newcomer attaches. Returns a file descriptor to close, or -1 when somebody holds the name
 * too long; anybody may, so that it must not stop us.
 */
static int lock_take(struct nl_tc *tc)
{
	for (int i = 0; !tc->lock_refused && i < LOCK_TRIES; i++) {
		int fd = bind_name(LOCK_NAME);

		if (fd != -EADDRINUSE)
			return MAX(fd, -1);
		(void)poll(NULL, 0, LOCK_WAIT_MS);
	}
	tc->lock_refused = true;
	return -1;
}

int nl_tc_open(struct nl_tc **ret_tc)
{
	cleanup(nl_tc_closep) struct nl_tc *tc = calloc(1, sizeof(*tc));
	int r;

	if (!tc)
		return -ENOMEM;
	tc->owner_fd = -1;
	r = nl_open(0, &tc->nl);
	if (r < 0)
		return r;
	do {
		uint64_t id;

		if (getrandom(&id, sizeof(id), 0) != (ssize_t)sizeof(id))
			return -errno;
		snprintf(tc->name, sizeof(tc->name), NAME_PREFIX "%016llx", (unsigned long long)id);
		r = bind_name(tc->name);
	} while (r == -EADDRINUSE);
	if (r < 0)
		return r;
	tc->owner_fd = r;
	*ret_tc = take_ptr(tc);
	return 0;
}

/* Fills in whose filter this is: ours are named exactly "pktop-", 16 digits, perhaps the mark. */
static void filter_judge(const struct nl_tc *tc, const char *name, struct filter *filter)
{
	size_t n_prefix = strlen(NAME_PREFIX), n = NAME_SIZE - 1;
	char id[NAME_SIZE];
	int fd;

	filter->owner = OWNER_OTHER;
	if (strlen(name) < n || strncmp(name, NAME_PREFIX, n_prefix) != 0 ||
	    strspn(name + n_prefix, "0123456789abcdef") != ID_DIGITS)
		return;
	if (name[n] != '\0' && strcmp(name + n, NAME_MARK) != 0)
		return;
	filter->marked = name[n] != '\0';
	memcpy(id, name, n);
	id[n] = '\0';
	if (strcmp(id, tc->name) == 0) {
		filter->owner = OWNER_SELF;
		return;
	}
	/* only the certain answer makes it a dead one */
	fd = bind_name(id);
	filter->owner = fd < 0 ? OWNER_ALIVE : OWNER_DEAD;
	close_fdp(&fd);
}

struct filter_attributes {
	const char *kind;
	const char *name; /* of a BPF filter */
	uint32_t chain;
};

static int bpf_attribute(const struct nlattr *attribute, void *data)
{
	struct filter_attributes *attributes = data;

	if (mnl_attr_get_type(attribute) == TCA_BPF_NAME &&
	    mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) >= 0)
		attributes->name = mnl_attr_get_str(attribute);
	return MNL_CB_OK;
}

static int tc_attribute(const struct nlattr *attribute, void *data)
{
	struct filter_attributes *attributes = data;
	uint16_t type = mnl_attr_get_type(attribute);

	if (type == TCA_KIND && mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) >= 0)
		attributes->kind = mnl_attr_get_str(attribute);
	else if (type == TCA_CHAIN && mnl_attr_validate(attribute, MNL_TYPE_U32) >= 0)
		attributes->chain = mnl_attr_get_u32(attribute);
	else if (type == TCA_OPTIONS && attributes->kind && strcmp(attributes->kind, "bpf") == 0)
		(void)mnl_attr_parse_nested(attribute, bpf_attribute, attributes);
	return MNL_CB_OK;
}

/*
 * The kernel describes every classifier first with handle 0 and then each of its filters. Of BPF
 * the filters count, of others the classifier: their handles differ in meaning.
 */
static int filter_collect(const struct nlmsghdr *message, void *data)
{
	struct hooks *hooks = data;
	const struct tcmsg *tcm;
	struct filter_attributes attributes = {.kind = "", .name = ""};
	struct filter filter = {.parent = hooks->parent};
	struct filter *grown;

	if (!message) {
		while (hooks->n && hooks->filters[hooks->n - 1].parent == hooks->parent)
			hooks->n--;
		return 0;
	}
	tcm = mnl_nlmsg_get_payload(message);
	if (message->nlmsg_type != RTM_NEWTFILTER ||
	    mnl_nlmsg_get_payload_len(message) < sizeof(*tcm))
		return 0;
	(void)mnl_attr_parse(message, sizeof(*tcm), tc_attribute, &attributes);
	filter.bpf = strcmp(attributes.kind, "bpf") == 0;
	if (filter.bpf == (tcm->tcm_handle == 0))
		return 0;
	filter.handle = tcm->tcm_handle;
	filter.priority = (uint16_t)(TC_H_MAJ(tcm->tcm_info) >> 16);
	filter.protocol = (uint16_t)TC_H_MIN(tcm->tcm_info);
	filter.chain = attributes.chain;
	filter_judge(hooks->tc, filter.bpf ? attributes.name : "", &filter);

	grown = reallocarray(hooks->filters, hooks->n + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	hooks->filters = grown;
	hooks->filters[hooks->n++] = filter;
	return 0;
}

static void hooks_done(struct hooks *hooks)
{
	free(hooks->filters);
}

static struct nlmsghdr *batch_next(struct batch *batch, uint16_t type, uint32_t ifindex,
				   uint32_t parent, struct tcmsg **ret_tcm)
{
	struct nlmsghdr *message = mnl_nlmsg_put_header(batch->buf + batch->len);
	struct tcmsg *tcm = mnl_nlmsg_put_extra_header(message, sizeof(*tcm));

	message->nlmsg_type = type;
	tcm->tcm_family = AF_UNSPEC;
	tcm->tcm_ifindex = (int)ifindex;
	tcm->tcm_parent = parent;
	*ret_tcm = tcm;
	return message;
}

static void batch_end(struct batch *batch, const struct nlmsghdr *message)
{
	batch->len += MNL_ALIGN(message->nlmsg_len);
	batch->n++;
}

/* The first failure of a batch that was sent. */
static int batch_send(struct nl *nl, struct batch *batch)
{
	int r = nl_batch(nl, batch->buf, batch->len, batch->results, batch->n);

	for (size_t i = 0; r >= 0 && i < batch->n; i++)
		r = batch->results[i];
	return r;
}

static void put_qdisc(struct batch *batch, uint16_t type, uint16_t flags, uint32_t ifindex)
{
	struct tcmsg *tcm;
	struct nlmsghdr *message = batch_next(batch, type, ifindex, TC_H_CLSACT, &tcm);

	message->nlmsg_flags = flags;
	tcm->tcm_handle = TC_H_MAKE(TC_H_CLSACT, 0);
	/* the kernel compares it, so that an ingress qdisc is never removed */
	mnl_attr_put_strz(message, TCA_KIND, "clsact");
	batch_end(batch, message);
}

static void put_filter(struct batch *batch, uint32_t ifindex, uint32_t parent, uint16_t priority,
		       int prog_fd, const char *name)
{
	struct tcmsg *tcm;
	struct nlmsghdr *message = batch_next(batch, RTM_NEWTFILTER, ifindex, parent, &tcm);
	struct nlattr *options;

	message->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
	tcm->tcm_info = TC_H_MAKE((uint32_t)priority << 16, htons(ETH_P_ALL));
	mnl_attr_put_strz(message, TCA_KIND, "bpf");
	options = mnl_attr_nest_start(message, TCA_OPTIONS);
	mnl_attr_put_u32(message, TCA_BPF_FD, (uint32_t)prog_fd);
	mnl_attr_put_strz(message, TCA_BPF_NAME, name);
	mnl_attr_put_u32(message, TCA_BPF_FLAGS, TCA_BPF_FLAG_ACT_DIRECT);
	mnl_attr_nest_end(message, options);
	batch_end(batch, message);
}

static int delete_filter(struct nl *nl, uint32_t ifindex, const struct filter *filter)
{
	struct batch batch = {0};
	struct tcmsg *tcm;
	struct nlmsghdr *message =
		batch_next(&batch, RTM_DELTFILTER, ifindex, filter->parent, &tcm);

	tcm->tcm_handle = filter->handle;
	tcm->tcm_info = TC_H_MAKE((uint32_t)filter->priority << 16, filter->protocol);
	mnl_attr_put_strz(message, TCA_KIND, "bpf");
	if (filter->chain)
		mnl_attr_put_u32(message, TCA_CHAIN, filter->chain);
	batch_end(&batch, message);
	return batch_send(nl, &batch);
}

static int delete_qdisc(struct nl *nl, uint32_t ifindex)
{
	struct batch batch = {0};

	put_qdisc(&batch, RTM_DELQDISC, 0, ifindex);
	return batch_send(nl, &batch);
}

static int filters_read(struct nl *nl, struct hooks *hooks)
{
	/* an ingress qdisc would show its filters for both sides */
	for (size_t i = 0; i < (hooks->ingress ? 1 : ARRAY_SIZE(parents)); i++) {
		struct batch batch = {0};
		struct tcmsg *tcm;
		struct nlmsghdr *request;
		int r;

		hooks->parent = parents[i];
		request = batch_next(&batch, RTM_GETTFILTER, hooks->ifindex, parents[i], &tcm);
		r = nl_dump(nl, request, filter_collect, hooks);
		/* a kernel of strict habits says so when the interface has just gone */
		if (r < 0 && r != -ENODEV)
			return r;
	}
	return 0;
}

/* Calls fn for every qdisc of the namespace: the kernel cannot be asked for one interface. */
static int qdiscs_read(struct nl *nl, nl_message_fn fn, void *data)
{
	struct batch batch = {0};
	struct tcmsg *tcm;

	return nl_dump(nl, batch_next(&batch, RTM_GETQDISC, 0, 0, &tcm), fn, data);
}

static bool qdisc_parse(const struct nlmsghdr *message, uint32_t *ret_ifindex,
			const char **ret_kind)
{
	const struct tcmsg *tcm = mnl_nlmsg_get_payload(message);
	struct filter_attributes attributes = {.kind = ""};

	if (message->nlmsg_type != RTM_NEWQDISC ||
	    mnl_nlmsg_get_payload_len(message) < sizeof(*tcm) || tcm->tcm_parent != TC_H_CLSACT)
		return false;
	(void)mnl_attr_parse(message, sizeof(*tcm), tc_attribute, &attributes);
	*ret_ifindex = (uint32_t)tcm->tcm_ifindex;
	*ret_kind = attributes.kind;
	return true;
}

static int qdisc_note(const struct nlmsghdr *message, void *data)
{
	struct hooks *hooks = data;
	const char *kind;
	uint32_t ifindex;

	if (!message)
		hooks->clsact = hooks->ingress = false;
	else if (qdisc_parse(message, &ifindex, &kind) && ifindex == hooks->ifindex) {
		hooks->clsact = strcmp(kind, "clsact") == 0;
		hooks->ingress = !hooks->clsact;
	}
	return 0;
}

/* Replaces what hooks holds. */
static int hooks_read(struct nl_tc *tc, uint32_t ifindex, struct hooks *hooks)
{
	int r;

	free(hooks->filters);
	*hooks = (struct hooks){.tc = tc, .ifindex = ifindex};
	r = qdiscs_read(tc->nl, qdisc_note, hooks);
	return r < 0 || !(hooks->clsact || hooks->ingress) ? r : filters_read(tc->nl, hooks);
}

static size_t hooks_count(const struct hooks *hooks, enum owner owner)
{
	size_t n = 0;

	for (size_t i = 0; i < hooks->n; i++)
		n += hooks->filters[i].owner == owner;
	return n;
}

static bool hooks_marked(const struct hooks *hooks)
{
	for (size_t i = 0; i < hooks->n; i++)
		if (hooks->filters[i].marked)
			return true;
	return false;
}

enum qdisc_fate {
	QDISC_KEEP,
	QDISC_BY_MARK, /* goes with the last filter when one says that it is ours */
	QDISC_MADE,    /* is ours even though no filter says so */
};

static int hooks_remove(struct nl_tc *tc, const struct hooks *hooks, enum owner owner,
			enum qdisc_fate fate)
{
	/* dead ones go with the qdisc */
	size_t n_others = hooks_count(hooks, OWNER_OTHER) + hooks_count(hooks, OWNER_ALIVE);
	int r = 0;

	if (owner != OWNER_SELF)
		n_others += hooks_count(hooks, OWNER_SELF);
	if (fate == QDISC_BY_MARK && hooks_marked(hooks))
		fate = QDISC_MADE;
	if (hooks->clsact && n_others == 0 && fate == QDISC_MADE)
		return delete_qdisc(tc->nl, hooks->ifindex);
	for (size_t i = 0; i < hooks->n; i++) {
		int r2 = 0;

		if (hooks->filters[i].owner == owner)
			r2 = delete_filter(tc->nl, hooks->ifindex, &hooks->filters[i]);
		r = r < 0 ? r : r2;
	}
	return r;
}

/* Removes the filters of this owner. Returns 1 when there was something to remove. What others
 * removed meanwhile, and with it every error about it, shows in the next look. */
static int remove_owned(struct nl_tc *tc, uint32_t ifindex, enum owner owner, enum qdisc_fate fate)
{
	cleanup(hooks_done) struct hooks hooks = {0};
	int r = 0;

	for (int i = 0; i < TRIES; i++) {
		int r2 = hooks_read(tc, ifindex, &hooks);

		if (r2 < 0)
			return r2;
		if (!hooks.clsact && !hooks.ingress)
			return i > 0;
		if (!hooks_count(&hooks, owner) && (i > 0 || fate != QDISC_MADE))
			return i > 0;
		r = hooks_remove(tc, &hooks, owner, fate);
		if (r == 0)
			return 1;
	}
	return r;
}

/*
 * A priority in front of the filters of others. The kernel's own choice (0) is in front of all that
 * it chose itself, but behind what was put at a low number. At number 1 a BPF filter can still join
 * those of the same kind, of which the newest runs first. False when somebody stays in front.
 */
static bool front_priority(const struct hooks *hooks, uint32_t parent, uint16_t *ret_priority)
{
	const struct filter *first = NULL;

	for (size_t i = 0; i < hooks->n; i++) {
		const struct filter *filter = &hooks->filters[i];

		if (filter->parent == parent && filter->chain == 0 &&
		    filter->owner == OWNER_OTHER && (!first || filter->priority < first->priority))
			first = filter;
	}
	*ret_priority = 0;
	if (!first || first->priority >= PRIORITY_AUTO_MIN)
		return true;
	*ret_priority = MAX((uint16_t)(first->priority - 1), (uint16_t)1);
	if (first->priority > 1 || (first->bpf && first->protocol == htons(ETH_P_ALL)))
		return true;
	*ret_priority = 0;
	return false;
}

/* Adds what is missing. Where that fails, everything is as it was before. */
static int attach_once(struct nl_tc *tc, const struct hooks *hooks, const int *prog_fds)
{
	struct batch batch = {0};
	bool marked = !hooks->clsact || hooks_marked(hooks), front = true;
	enum qdisc_fate fate = QDISC_KEEP;
	char name[NAME_SIZE + sizeof(NAME_MARK)];
	int r;

	snprintf(name, sizeof(name), "%s%s", tc->name, marked ? NAME_MARK : "");
	if (!hooks->clsact)
		put_qdisc(&batch, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, hooks->ifindex);
	for (size_t i = 0; i < ARRAY_SIZE(parents); i++) {
		uint16_t priority;

		front &= front_priority(hooks, parents[i], &priority);
		put_filter(&batch, hooks->ifindex, parents[i], priority, prog_fds[i], name);
	}
	r = batch_send(tc->nl, &batch);
	if (r == 0)
		return !front;
	if (!hooks->clsact && batch.results[0] == 0)
		fate = QDISC_MADE;
	(void)remove_owned(tc, hooks->ifindex, OWNER_SELF, fate);
	return r;
}

int nl_tc_attach(struct nl_tc *tc, uint32_t ifindex, int ingress_prog_fd, int egress_prog_fd)
{
	const int prog_fds[] = {ingress_prog_fd, egress_prog_fd};
	cleanup(hooks_done) struct hooks hooks = {0};
	cleanup(close_fdp) ATTR_UNUSED int lock = lock_take(tc);
	uint32_t *attached = reallocarray(tc->attached, tc->n_attached + 1, sizeof(*attached));
	int r = -EAGAIN;

	if (!attached)
		return -ENOMEM;
	tc->attached = attached;
	for (int i = 0; r < 0 && i < TRIES; i++) {
		bool clsact = hooks.clsact;
		int r2 = hooks_read(tc, ifindex, &hooks);

		if (r2 < 0)
			return r2;
		if (hooks.ingress)
			return -EBUSY;
		if (hooks_count(&hooks, OWNER_SELF))
			return -EEXIST;
		/* it only helps to try again when others made or removed the qdisc meanwhile */
		if (i > 0 && clsact == hooks.clsact)
			return r;
		r = attach_once(tc, &hooks, prog_fds);
	}
	if (r >= 0)
		tc->attached[tc->n_attached++] = ifindex;
	return r;
}

int nl_tc_detach(struct nl_tc *tc, uint32_t ifindex)
{
	cleanup(close_fdp) ATTR_UNUSED int lock = -1;
	size_t i = 0;
	int r;

	while (i < tc->n_attached && tc->attached[i] != ifindex)
		i++;
	if (i == tc->n_attached)
		return 0;
	lock = lock_take(tc);
	r = remove_owned(tc, ifindex, OWNER_SELF, QDISC_BY_MARK);
	if (r < 0)
		return r;
	tc->attached[i] = tc->attached[--tc->n_attached];
	return 0;
}

void nl_tc_close(struct nl_tc *tc)
{
	if (!tc)
		return;
	/* what cannot be removed now is left to the next sweep */
	for (size_t i = tc->n_attached; i > 0; i--)
		(void)nl_tc_detach(tc, tc->attached[i - 1]);
	close_fdp(&tc->owner_fd);
	nl_close(tc->nl);
	free(tc->attached);
	free(tc);
}

struct index_list {
	uint32_t *indexes;
	size_t n;
};

static void index_list_done(struct index_list *list)
{
	free(list->indexes);
}

static int clsact_collect(const struct nlmsghdr *message, void *data)
{
	struct index_list *list = data;
	const char *kind;
	uint32_t ifindex, *grown;

	if (!message) {
		list->n = 0;
		return 0;
	}
	if (!qdisc_parse(message, &ifindex, &kind) || strcmp(kind, "clsact") != 0)
		return 0;
	grown = reallocarray(list->indexes, list->n + 1, sizeof(*grown));
	if (!grown)
		return -ENOMEM;
	list->indexes = grown;
	list->indexes[list->n++] = ifindex;
	return 0;
}

/* 1 when there was something to remove. */
static int sweep_one(struct nl_tc *tc, uint32_t ifindex)
{
	cleanup(hooks_done) struct hooks hooks = {.tc = tc, .ifindex = ifindex};
	int r = filters_read(tc->nl, &hooks);

	if (r < 0 || !hooks_count(&hooks, OWNER_DEAD))
		return r;
	return remove_owned(tc, ifindex, OWNER_DEAD, QDISC_BY_MARK);
}

int nl_tc_sweep(struct nl_tc *tc)
{
	cleanup(index_list_done) struct index_list list = {0};
	cleanup(close_fdp) ATTR_UNUSED int lock = lock_take(tc);
	int n_cleaned = 0;
	int r = qdiscs_read(tc->nl, clsact_collect, &list);

	for (size_t i = 0; i < list.n; i++) {
		int r2 = sweep_one(tc, list.indexes[i]);

		if (r2 > 0)
			n_cleaned++;
		else
			r = r < 0 ? r : r2;
	}
	return r < 0 ? r : n_cleaned;
}

int nl_tc_count_others(struct nl_tc *tc, uint32_t ifindex)
{
	cleanup(hooks_done) struct hooks hooks = {0};
	int r = hooks_read(tc, ifindex, &hooks);

	if (r < 0)
		return r;
	if (!hooks.clsact)
		return -ENOENT;
	return (int)MIN(hooks_count(&hooks, OWNER_OTHER), (size_t)INT_MAX);
}
