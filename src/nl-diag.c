/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Asks sock_diag(7) about a single TCP connection. */
#include "config.h"

#include "nl-diag.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>

#include <libmnl/libmnl.h>
#include <linux/inet_diag.h>
#include <linux/sock_diag.h>
#include <linux/tcp.h>

#include "macro.h"
#include "nl.h"
#include "sample.h"

struct answer {
	uint16_t rport; /* network order */
	bool found;
	struct sample_tcp tcp;
};

/* Older kernels tell less: the rest is 0. */
static int on_attribute(const struct nlattr *attr, void *data)
{
	struct answer *answer = data;
	struct tcp_info info = {0};

	if (mnl_attr_get_type(attr) != INET_DIAG_INFO)
		return MNL_CB_OK;
	memcpy(&info, mnl_attr_get_payload(attr),
	       MIN((size_t)mnl_attr_get_payload_len(attr), sizeof(info)));
	answer->tcp = (struct sample_tcp){
		.state = info.tcpi_state,
		.rtt_us = info.tcpi_rtt,
		.rtt_var_us = info.tcpi_rttvar,
		/* the kernel's word for "none yet" */
		.rtt_min_us = info.tcpi_min_rtt == UINT32_MAX ? 0 : info.tcpi_min_rtt,
		.segments = info.tcpi_segs_out,
		.retransmits = info.tcpi_total_retrans,
		.window = info.tcpi_snd_cwnd,
		.segment_bytes = info.tcpi_snd_mss,
	};
	answer->found = true;
	return MNL_CB_OK;
}

static int on_message(const struct nlmsghdr *message, void *data)
{
	struct answer *answer = data;
	const struct inet_diag_msg *told;

	if (mnl_nlmsg_get_payload_len(message) < sizeof(*told))
		return -EBADMSG;
	told = mnl_nlmsg_get_payload(message);
	/* Where there is no connection the kernel names the socket that listens. */
	if (told->id.idiag_dport != answer->rport)
		return 0;
	return mnl_attr_parse(message, sizeof(*told), on_attribute, data) < 0 ? -EBADMSG : 0;
}

int nl_diag_tcp(struct nl *nl, const struct flow_key *key, uint32_t iface,
		struct sample_tcp *ret_tcp)
{
	_Alignas(struct nlmsghdr) uint8_t buf[128] = {0};
	struct nlmsghdr *request = mnl_nlmsg_put_header(buf);
	struct inet_diag_req_v2 *asked = mnl_nlmsg_put_extra_header(request, sizeof(*asked));
	bool in = key->direction == DIRECTION_IN;
	struct answer answer = {.rport = htons(in ? key->sport : key->dport)};
	int r;

	if (key->proto != IPPROTO_TCP || key->open ||
	    (key->family != FAMILY_IPV4 && key->family != FAMILY_IPV6))
		return -ENOENT;
	request->nlmsg_type = SOCK_DIAG_BY_FAMILY;
	asked->sdiag_family = key->family == FAMILY_IPV4 ? AF_INET : AF_INET6;
	asked->sdiag_protocol = IPPROTO_TCP;
	asked->idiag_ext = 1 << (INET_DIAG_INFO - 1);
	memcpy(asked->id.idiag_src, in ? key->dst : key->src, sizeof(asked->id.idiag_src));
	memcpy(asked->id.idiag_dst, in ? key->src : key->dst, sizeof(asked->id.idiag_dst));
	asked->id.idiag_sport = htons(in ? key->dport : key->sport);
	asked->id.idiag_dport = answer.rport;
	asked->id.idiag_if = iface;
	asked->id.idiag_cookie[0] = asked->id.idiag_cookie[1] = (uint32_t)INET_DIAG_NOCOOKIE;
	r = nl_ask(nl, request, on_message, &answer);
	if (r < 0)
		return r;
	if (!answer.found)
		return -ENOENT;
	*ret_tcp = answer.tcp;
	return 0;
}
