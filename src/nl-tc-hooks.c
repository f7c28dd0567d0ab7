/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads what stands on the clsact hooks, and judges whose it is. */

#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include <libmnl/libmnl.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include "cleanup.h"
#include "nl-tc-data.h"
#include "nl.h"

const uint32_t tc_parents[TC_N_PARENTS] = {
	TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS),
	TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS),
};

/* Fills in whose filter this is: ours are named exactly "pktop-", 16 digits, perhaps the mark. */
static void filter_judge(const struct nl_tc *tc, const char *name, struct tc_filter *filter)
{
	size_t n_prefix = strlen(TC_NAME_PREFIX), n = TC_NAME_SIZE - 1;
	char id[TC_NAME_SIZE];
	int fd;

	filter->owner = TC_OWNER_OTHER;
	if (strlen(name) < n || strncmp(name, TC_NAME_PREFIX, n_prefix) != 0 ||
	    strspn(name + n_prefix, "0123456789abcdef") != TC_ID_DIGITS)
		return;
	if (name[n] != '\0' && strcmp(name + n, TC_NAME_MARK) != 0)
		return;
	filter->marked = name[n] != '\0';
	memcpy(id, name, n);
	id[n] = '\0';
	if (strcmp(id, tc->name) == 0) {
		filter->owner = TC_OWNER_SELF;
		return;
	}
	/* only the certain answer makes it a dead one */
	fd = tc_name_bind(id);
	filter->owner = fd < 0 ? TC_OWNER_ALIVE : TC_OWNER_DEAD;
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
	struct tc_hooks *hooks = data;
	const struct tcmsg *tcm;
	struct filter_attributes attributes = {.kind = "", .name = ""};
	struct tc_filter filter = {.parent = hooks->parent};
	struct tc_filter *grown;

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

int tc_hooks_read_filters(struct nl *nl, struct tc_hooks *hooks)
{
	/* an ingress qdisc would show its filters for both sides */
	for (size_t i = 0; i < (hooks->ingress ? 1 : TC_N_PARENTS); i++) {
		struct tc_batch batch = {0};
		struct tcmsg *tcm;
		struct nlmsghdr *request;
		int r;

		hooks->parent = tc_parents[i];
		request =
			tc_batch_next(&batch, RTM_GETTFILTER, hooks->ifindex, tc_parents[i], &tcm);
		r = nl_dump(nl, request, filter_collect, hooks);
		/* a kernel of strict habits says so when the interface has just gone */
		if (r < 0 && r != -ENODEV)
			return r;
	}
	return 0;
}

int tc_qdiscs_read(struct nl *nl, nl_message_fn fn, void *data)
{
	struct tc_batch batch = {0};
	struct tcmsg *tcm;

	return nl_dump(nl, tc_batch_next(&batch, RTM_GETQDISC, 0, 0, &tcm), fn, data);
}

bool tc_qdisc_parse(const struct nlmsghdr *message, uint32_t *ret_ifindex, const char **ret_kind)
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
	struct tc_hooks *hooks = data;
	const char *kind;
	uint32_t ifindex;

	if (!message)
		hooks->clsact = hooks->ingress = false;
	else if (tc_qdisc_parse(message, &ifindex, &kind) && ifindex == hooks->ifindex) {
		hooks->clsact = strcmp(kind, "clsact") == 0;
		hooks->ingress = !hooks->clsact;
	}
	return 0;
}

int tc_hooks_read(struct nl_tc *tc, uint32_t ifindex, struct tc_hooks *hooks)
{
	int r;

	free(hooks->filters);
	*hooks = (struct tc_hooks){.tc = tc, .ifindex = ifindex};
	r = tc_qdiscs_read(tc->nl, qdisc_note, hooks);
	return r < 0 || !(hooks->clsact || hooks->ingress) ? r
							   : tc_hooks_read_filters(tc->nl, hooks);
}

size_t tc_hooks_count(const struct tc_hooks *hooks, enum tc_owner owner)
{
	size_t n = 0;

	for (size_t i = 0; i < hooks->n; i++)
		n += hooks->filters[i].owner == owner;
	return n;
}

bool tc_hooks_marked(const struct tc_hooks *hooks)
{
	for (size_t i = 0; i < hooks->n; i++)
		if (hooks->filters[i].marked)
			return true;
	return false;
}

void tc_hooks_done(struct tc_hooks *hooks)
{
	free(hooks->filters);
}
