/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out whether the kernel has the clsact qdisc, without making one. */

#include "config.h"

#include <errno.h>
#include <stdint.h>

#include <linux/netlink.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>

#include "cleanup.h"
#include "nl-tc.h"
#include "nl.h"

DEFINE_CLEANUP(struct nl *, nl_close);

#define LOOPBACK 1 /* index of lo, in every network namespace */

/* A request that no kernel grants: block number 0 is refused, but after the kind was looked up. */
int nl_tc_try(void)
{
	struct {
		struct nlmsghdr head;
		struct tcmsg tc;
		struct nlattr kind_head;
		char kind[8];
		struct nlattr block_head;
		uint32_t block;
	} request = {
		.head =
			{
				.nlmsg_len = sizeof(request),
				.nlmsg_type = RTM_NEWQDISC,
				.nlmsg_flags = NLM_F_CREATE | NLM_F_EXCL,
			},
		.tc =
			{
				.tcm_ifindex = LOOPBACK,
				.tcm_parent = TC_H_CLSACT,
				.tcm_handle = TC_H_MAKE(TC_H_CLSACT, 0),
			},
		.kind_head = {sizeof(struct nlattr) + sizeof("clsact"), TCA_KIND},
		.kind = "clsact",
		.block_head = {sizeof(struct nlattr) + sizeof(uint32_t), TCA_INGRESS_BLOCK},
	};
	cleanup(nl_closep) struct nl *nl = NULL;
	int r, result;

	r = nl_open(0, &nl);
	if (r == 0)
		r = nl_batch(nl, &request, sizeof(request), &result, 1);
	if (r < 0)
		return r;
	if (result == 0) { /* against all expectation */
		request.head.nlmsg_type = RTM_DELQDISC;
		request.head.nlmsg_flags = 0;
		r = nl_batch(nl, &request, sizeof(request), &result, 1);
		return r < 0 ? r : result;
	}
	/* there is one already, or only the number was wrong */
	return result == -EEXIST || result == -EINVAL ? 0 : result;
}
