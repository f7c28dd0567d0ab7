/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Requests that add and remove qdiscs and filters. */

#include "config.h"

#include <arpa/inet.h>

#include <libmnl/libmnl.h>
#include <linux/if_ether.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include "nl-tc-data.h"
#include "nl.h"

struct nlmsghdr *tc_batch_next(struct tc_batch *batch, uint16_t type, uint32_t ifindex,
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

static void tc_batch_end(struct tc_batch *batch, const struct nlmsghdr *message)
{
	batch->len += MNL_ALIGN(message->nlmsg_len);
	batch->n++;
}

int tc_batch_send(struct nl *nl, struct tc_batch *batch)
{
	int r = nl_batch(nl, batch->buf, batch->len, batch->results, batch->n);

	for (size_t i = 0; r >= 0 && i < batch->n; i++)
		r = batch->results[i];
	return r;
}

void tc_batch_qdisc(struct tc_batch *batch, uint16_t type, uint16_t flags, uint32_t ifindex)
{
	struct tcmsg *tcm;
	struct nlmsghdr *message = tc_batch_next(batch, type, ifindex, TC_H_CLSACT, &tcm);

	message->nlmsg_flags = flags;
	tcm->tcm_handle = TC_H_MAKE(TC_H_CLSACT, 0);
	/* the kernel compares it, so that an ingress qdisc is never removed */
	mnl_attr_put_strz(message, TCA_KIND, "clsact");
	tc_batch_end(batch, message);
}

void tc_batch_filter(struct tc_batch *batch, uint32_t ifindex, uint32_t parent, uint16_t priority,
		     int prog_fd, const char *name)
{
	struct tcmsg *tcm;
	struct nlmsghdr *message = tc_batch_next(batch, RTM_NEWTFILTER, ifindex, parent, &tcm);
	struct nlattr *options;

	message->nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL;
	tcm->tcm_info = TC_H_MAKE((uint32_t)priority << 16, htons(ETH_P_ALL));
	mnl_attr_put_strz(message, TCA_KIND, "bpf");
	options = mnl_attr_nest_start(message, TCA_OPTIONS);
	mnl_attr_put_u32(message, TCA_BPF_FD, (uint32_t)prog_fd);
	mnl_attr_put_strz(message, TCA_BPF_NAME, name);
	mnl_attr_put_u32(message, TCA_BPF_FLAGS, TCA_BPF_FLAG_ACT_DIRECT);
	mnl_attr_nest_end(message, options);
	tc_batch_end(batch, message);
}

int tc_filter_delete(struct nl *nl, uint32_t ifindex, const struct tc_filter *filter)
{
	struct tc_batch batch = {0};
	struct tcmsg *tcm;
	struct nlmsghdr *message =
		tc_batch_next(&batch, RTM_DELTFILTER, ifindex, filter->parent, &tcm);

	tcm->tcm_handle = filter->handle;
	tcm->tcm_info = TC_H_MAKE((uint32_t)filter->priority << 16, filter->protocol);
	mnl_attr_put_strz(message, TCA_KIND, "bpf");
	if (filter->chain)
		mnl_attr_put_u32(message, TCA_CHAIN, filter->chain);
	tc_batch_end(&batch, message);
	return tc_batch_send(nl, &batch);
}

int tc_qdisc_delete(struct nl *nl, uint32_t ifindex)
{
	struct tc_batch batch = {0};

	tc_batch_qdisc(&batch, RTM_DELQDISC, 0, ifindex);
	return tc_batch_send(nl, &batch);
}
