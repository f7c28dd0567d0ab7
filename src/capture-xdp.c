/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The back end on XDP, which sees what is received before anything else does. Attached by links
 * that end with the process; a program of others is never replaced.
 */
#include "config.h"

#include <linux/types.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <net/if_arp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture-bpf.h"
#include "capture-packet.h"
#include "capture.h"
#include "cleanup.h"
#include "macro.h"
#include "nl-link.h"
#include "packet.skel.h"
#include "text.h"

#ifndef ARPHRD_IP6GRE
#define ARPHRD_IP6GRE 823
#endif
#define LOOPBACK 1 /* index of lo, in every network namespace */

struct capture_xdp {
	struct capture_packet packet;
	int links[SAMPLE_IFACE_MAX]; /* by slot */
};

static const struct {
	const char *attach;
	uint32_t flags;
} modes[] = {
	[CAPTURE_XDP_NATIVE] = {"xdp-native", XDP_FLAGS_DRV_MODE},
	[CAPTURE_XDP_GENERIC] = {"xdp-generic", XDP_FLAGS_SKB_MODE},
	[CAPTURE_XDP_OFFLOAD] = {"xdp-offload", XDP_FLAGS_HW_MODE},
};

static void xdp_choose(struct packet_bpf *skel)
{
	bool frags = capture_bpf_has_frags();

	(void)bpf_program__set_autoload(skel->progs.on_ingress, false);
	(void)bpf_program__set_autoload(skel->progs.on_egress, false);
	skel->rodata->xdp_frags = frags;
	(void)bpf_program__set_flags(skel->progs.on_xdp, frags ? CAPTURE_BPF_FRAGS : 0);
}

static int xdp_check(ATTR_UNUSED const struct capture_config *config, char *error, size_t size)
{
	int r = capture_bpf_try_xdp_link(LOOPBACK);

	if (r < 0)
		(void)snprintf(error, size, "cannot attach XDP programs by links: %s%s",
			       strerror(-r), r == -EINVAL ? " (Linux 5.9 can)" : "");
	return r;
}

static int attach_mode(struct capture_xdp *xdp, struct sample_iface *iface,
		       enum capture_xdp_mode mode)
{
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = modes[mode].flags);
	int fd = bpf_link_create(bpf_program__fd(xdp->packet.skel->progs.on_xdp), (int)iface->index,
				 BPF_XDP, &opts);

	if (fd < 0)
		return -errno;
	xdp->links[iface->slot] = fd;
	(void)snprintf(iface->attach, sizeof(iface->attach), "%s", modes[mode].attach);
	return 0;
}

/* The kernel runs one XDP program per device, and so do we not take the place of another one. */
static void explain_taken(struct sample_iface *iface)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, opts);
	char name[4 * BPF_OBJ_NAME_LEN];
	uint32_t id = 0;

	if (bpf_xdp_query((int)iface->index, 0, &opts) == 0)
		id = opts.drv_prog_id   ? opts.drv_prog_id
		     : opts.skb_prog_id ? opts.skb_prog_id
					: opts.hw_prog_id;
	if (!id) { /* commit 879af96ffd72 (5.15) refuses ports of a bond that has one */
		(void)snprintf(iface->note, sizeof(iface->note),
			       "not attached: an XDP program is on the device above");
		return;
	}
	capture_bpf_prog_name(id, name, sizeof(name));
	(void)snprintf(iface->note, sizeof(iface->note),
		       "not attached: XDP program %.15s (id %u) is there, and a device runs one",
		       name, id);
}

static void explain_refusal(struct sample_iface *iface, enum capture_xdp_mode mode, int r)
{
	static const char *const who[] = {
		[CAPTURE_XDP_NATIVE] = "its driver takes no XDP program",
		[CAPTURE_XDP_GENERIC] = "no generic XDP",
		[CAPTURE_XDP_OFFLOAD] = "it runs no XDP program by itself (offload)",
	};

	if (r == -EBUSY || r == -EEXIST)
		explain_taken(iface);
	else if (r != -ENODEV)
		(void)snprintf(iface->note, sizeof(iface->note), "not attached: %s: %s", who[mode],
			       strerror(-r));
}

/*
 * Generic XDP behind a NIC meets frames as they came. Other devices may be given super-frames by
 * this host, or by the NIC below.
 */
static void note_generic(struct sample_iface *iface, const struct nl_link *link, int native)
{
	const char *super = *link->kind || link->loopback ? "super-frames count as one packet" : "";
	const char *separator = native < 0 && *super ? "; " : "";

	if (native == -EOPNOTSUPP)
		(void)snprintf(iface->note, sizeof(iface->note), "the driver has no native XDP%s%s",
			       separator, super);
	else if (native < 0)
		(void)snprintf(iface->note, sizeof(iface->note), "no native XDP: %s%s%s",
			       strerror(-native), separator, super);
	else
		(void)snprintf(iface->note, sizeof(iface->note), "%s", super);
}

/*
 * GRE without a fixed remote address, and most tunnels before Linux 5.14 (commit aab1e898c26c and
 * its neighbours), hand XDP what stands outside of the packet, and there is nothing by which to
 * tell.
 */
static bool is_tunnel(const struct nl_link *link)
{
	return link->type == ARPHRD_TUNNEL || link->type == ARPHRD_TUNNEL6 ||
	       link->type == ARPHRD_SIT || link->type == ARPHRD_IPGRE ||
	       link->type == ARPHRD_IP6GRE;
}

static int xdp_attach(struct capture_packet *packet, const struct nl_link *link,
		      struct sample_iface *iface)
{
	struct capture_xdp *xdp = (struct capture_xdp *)packet;
	enum capture_xdp_mode mode = packet->config.xdp_mode;
	int r = 0, native;

	xdp->links[iface->slot] = -1;
	if (is_tunnel(link)) {
		(void)snprintf(iface->note, sizeof(iface->note),
			       "not attached: XDP sees the outside of a tunnel; the tc back end "
			       "sees the inside");
		return -EOPNOTSUPP;
	}
	if (mode == CAPTURE_XDP_AUTO)
		mode = CAPTURE_XDP_NATIVE;
	r = native = attach_mode(xdp, iface, mode);
	/* not where a program of others is the reason: its mode does not matter */
	if (packet->config.xdp_mode == CAPTURE_XDP_AUTO && r < 0 && r != -EBUSY && r != -EEXIST) {
		mode = CAPTURE_XDP_GENERIC;
		r = attach_mode(xdp, iface, mode);
	} else {
		native = 0;
	}
	if (r < 0)
		explain_refusal(iface, mode, r);
	else if (mode == CAPTURE_XDP_GENERIC && !iface->note[0])
		note_generic(iface, link, native);
	return r;
}

/* The driver takes the program off when the link ends, in its own way. */
static void xdp_detach(struct capture_packet *packet, const struct sample_iface *iface)
{
	struct capture_xdp *xdp = (struct capture_xdp *)packet;

	close_fdp(&xdp->links[iface->slot]);
	xdp->links[iface->slot] = -1;
}

const struct packet_ops capture_xdp_hooks = {
	.in_only = true,
	.note = "XDP sees nothing of what is sent, nor VLAN tags that a device takes off",
	.choose = xdp_choose,
	.check = xdp_check,
	.attach = xdp_attach,
	.detach = xdp_detach,
};

static int xdp_probe(const struct capture_config *config, char *error, size_t error_size)
{
	return capture_packet_probe(&capture_xdp_hooks, config, error, error_size);
}

static int xdp_open(const struct capture_config *config, struct loop *loop,
		    const struct sample_sink *sink, struct capture **ret_capture, char *error,
		    size_t error_size)
{
	struct capture_xdp *xdp = calloc(1, sizeof(*xdp));

	return capture_packet_open(xdp ? &xdp->packet : NULL, &capture_xdp_ops, &capture_xdp_hooks,
				   config, loop, sink, ret_capture, error, error_size);
}

const struct capture_ops capture_xdp_ops = {
	.name = "xdp",
	.title = "XDP",
	.help = "what the chosen interfaces receive, before anything else sees it",
	.facts =
		{
			.sees_in = true,
			.bytes = "bytes of frames or IP packets",
			.owners = "owners by sockets",
			.attaches = "to interfaces by XDP links",
			.needs = "Linux 5.9, for frames in several buffers 5.18",
		},
	.probe = xdp_probe,
	.open = xdp_open,
	.tick = capture_packet_tick,
	.finish = capture_packet_finish,
	.watch = capture_packet_watch,
	.sizes = capture_packet_sizes,
	.close = capture_packet_close,
	.info = capture_packet_info,
};
