/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The back end on the tc hooks: TCX links, or clsact filters where the kernel has no TCX. */
#include "config.h"

#include <linux/types.h>

#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture-packet.h"
#include "capture-tc-pair.h"
#include "capture.h"
#include "macro.h"
#include "nl-tc.h"
#include "packet.skel.h"

struct capture_tc {
	struct capture_packet packet;
	struct tc_pair *pair;
};

static struct capture_tc *tc_of(struct capture_packet *packet)
{
	return (struct capture_tc *)packet;
}

static int tc_attach(struct capture_packet *packet, ATTR_UNUSED const struct nl_link *link,
		     struct sample_iface *iface)
{
	const int programs[DIRECTION_MAX] = {
		bpf_program__fd(packet->skel->progs.on_ingress),
		bpf_program__fd(packet->skel->progs.on_egress),
	};
	struct tc_pair *pair = tc_of(packet)->pair;
	int r = tc_pair_attach(pair, programs, iface);

	(void)snprintf(iface->attach, sizeof(iface->attach), "%s", tc_pair_name(pair));
	if (r == -EBUSY)
		(void)snprintf(iface->note, sizeof(iface->note),
			       "not attached: an ingress qdisc is in the way");
	if (r > 0)
		(void)snprintf(iface->note, sizeof(iface->note),
			       "a filter in front of ours may take packets away uncounted");
	return MIN(r, 0);
}

static void tc_detach(struct capture_packet *packet, const struct sample_iface *iface)
{
	tc_pair_detach(tc_of(packet)->pair, iface);
}

static void on_lost(void *data, uint32_t ifindex)
{
	struct capture_tc *tc = data;

	follow_renew(tc->packet.follow, ifindex);
}

static void tc_choose(struct packet_bpf *skel)
{
	(void)bpf_program__set_autoload(skel->progs.on_xdp, false);
	(void)bpf_map__set_autocreate(skel->maps.headers, false);
}

static int tc_check(const struct capture_config *config, char *error, size_t size)
{
	int r;

	if (config->attach != CAPTURE_ATTACH_CLSACT && tc_pair_has_tcx())
		return 0;
	if (config->attach == CAPTURE_ATTACH_TCX) {
		(void)snprintf(error, size,
			       "this kernel has no TCX (Linux 6.6 has); --attach auto uses clsact");
		return -EOPNOTSUPP;
	}
	r = nl_tc_try();
	if (r == -ENOENT)
		(void)snprintf(error, size,
			       "this kernel has no clsact qdisc: load the module sch_ingress");
	else if (r < 0)
		(void)snprintf(error, size, "cannot talk to the traffic control of the kernel: %s",
			       strerror(-r));
	return r;
}

static int tc_prepare(struct capture_packet *packet, char *error, size_t size)
{
	struct capture_tc *tc = tc_of(packet);

	return tc_pair_open(packet->config.attach, packet->loop, on_lost, tc, &tc->pair, error,
			    size);
}

static void tc_close(struct capture_packet *packet)
{
	tc_pair_close(tc_of(packet)->pair);
}

const struct packet_ops capture_tc_hooks = {
	.choose = tc_choose,
	.check = tc_check,
	.open = tc_prepare,
	.attach = tc_attach,
	.detach = tc_detach,
	.close = tc_close,
};

static int tc_probe(const struct capture_config *config, char *error, size_t error_size)
{
	return capture_packet_probe(&capture_tc_hooks, config, error, error_size);
}

static int tc_open(const struct capture_config *config, struct loop *loop,
		   const struct sample_sink *sink, struct capture **ret_capture, char *error,
		   size_t error_size)
{
	struct capture_tc *tc = calloc(1, sizeof(*tc));

	return capture_packet_open(tc ? &tc->packet : NULL, &capture_tc_ops, &capture_tc_hooks,
				   config, loop, sink, ret_capture, error, error_size);
}

const struct capture_ops capture_tc_ops = {
	.name = "tc",
	.title = "tc hooks",
	.help = "every packet in and out of the chosen interfaces (TCX, or clsact before Linux "
		"6.6)",
	.facts =
		{
			.sees_in = true,
			.sees_out = true,
			.bytes = "bytes of frames or IP packets",
			.owners = "owners by sockets",
			.attaches = "to interfaces by TCX links, or filters of a clsact qdisc",
			.needs = "Linux 5.8, for TCX 6.6",
		},
	.probe = tc_probe,
	.open = tc_open,
	.tick = capture_packet_tick,
	.finish = capture_packet_finish,
	.watch = capture_packet_watch,
	.sizes = capture_packet_sizes,
	.close = capture_packet_close,
	.info = capture_packet_info,
};
