/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The back end on the tc hooks: TCX links, or clsact filters where the kernel has no TCX. */
#include "config.h"

#include <linux/types.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture-packet.h"
#include "capture.h"
#include "cleanup.h"
#include "log.h"
#include "macro.h"
#include "nl-tc.h"
#include "packet.skel.h"

/* Attach types of kernel commit e420bed02507 (6.6), which headers may not have yet. */
#define TCX_INGRESS 46
#define TCX_EGRESS 47
/* BPF_F_BEFORE without a neighbour: in front of all others, since one of them may drop or redirect.
 */
#define TCX_FIRST (1U << 3)

struct capture_tc {
	struct capture_packet packet;
	struct nl_tc *tc; /* NULL where not permitted or not needed */
	bool use_tcx;
	int links[SAMPLE_IFACE_MAX][DIRECTION_MAX]; /* by slot: of TCX */
};

static struct capture_tc *tc_of(struct capture_packet *packet)
{
	return (struct capture_tc *)packet;
}

/* The kernel answers a query for an attach type that it does not know with EINVAL. Index 1 is lo.
 */
static bool has_tcx(void)
{
	__u32 n = 0;

	return bpf_prog_query(1, TCX_INGRESS, 0, NULL, NULL, &n) == 0 || errno != EINVAL;
}

static int attach_tcx(const struct packet_bpf *skel, int *links, uint32_t index)
{
	const int types[DIRECTION_MAX] = {TCX_INGRESS, TCX_EGRESS};
	const int programs[DIRECTION_MAX] = {
		bpf_program__fd(skel->progs.on_ingress),
		bpf_program__fd(skel->progs.on_egress),
	};
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = TCX_FIRST);

	for (int i = 0; i < DIRECTION_MAX; i++) {
		int fd = bpf_link_create(programs[i], (int)index, (enum bpf_attach_type)types[i],
					 &opts);

		if (fd < 0)
			return -errno;
		links[i] = fd;
	}
	return 0;
}

static int attach_clsact(struct nl_tc *tc, const struct packet_bpf *skel,
			 struct sample_iface *iface)
{
	int r = nl_tc_attach(tc, iface->index, bpf_program__fd(skel->progs.on_ingress),
			     bpf_program__fd(skel->progs.on_egress));

	if (r == -EBUSY)
		(void)snprintf(iface->note, sizeof(iface->note),
			       "not attached: an ingress qdisc is in the way");
	if (r > 0)
		(void)snprintf(iface->note, sizeof(iface->note),
			       "a filter in front of ours may take packets away uncounted");
	return MIN(r, 0);
}

static int tc_attach(struct capture_packet *packet, ATTR_UNUSED const struct nl_link *link,
		     struct sample_iface *iface)
{
	struct capture_tc *tc = tc_of(packet);
	int *links = tc->links[iface->slot];

	links[DIRECTION_IN] = links[DIRECTION_OUT] = -1;
	(void)snprintf(iface->attach, sizeof(iface->attach), "%s", tc->use_tcx ? "tcx" : "clsact");
	return tc->use_tcx ? attach_tcx(packet->skel, links, iface->index)
			   : attach_clsact(tc->tc, packet->skel, iface);
}

static void tc_detach(struct capture_packet *packet, const struct sample_iface *iface)
{
	struct capture_tc *tc = tc_of(packet);

	if (!tc->use_tcx) {
		int r = nl_tc_detach(tc->tc, iface->index);

		if (r < 0)
			(void)log_warn(r, "cannot detach from %s", iface->name);
	}
	for (int i = 0; i < DIRECTION_MAX; i++) {
		close_fdp(&tc->links[iface->slot][i]);
		tc->links[iface->slot][i] = -1;
	}
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

	if (config->attach != CAPTURE_ATTACH_CLSACT && has_tcx())
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
	int swept, r;

	tc->use_tcx = packet->config.attach != CAPTURE_ATTACH_CLSACT && has_tcx();
	r = nl_tc_open(&tc->tc);
	if (r == 0 && !tc->use_tcx)
		r = nl_tc_watch(tc->tc, packet->loop, on_lost, tc);
	if (r < 0 && !tc->use_tcx) {
		(void)snprintf(error, size, "cannot talk to the traffic control of the kernel: %s",
			       strerror(-r));
		return r;
	}
	if (r == 0) {
		swept = nl_tc_sweep(tc->tc);
		if (swept > 0)
			log_info("removed what a killed run left on %d interfaces", swept);
	}
	return 0;
}

static void tc_close(struct capture_packet *packet)
{
	nl_tc_close(tc_of(packet)->tc);
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
	.close = capture_packet_close,
	.info = capture_packet_info,
};
