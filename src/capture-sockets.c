/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The back end that counts nothing: it tells of sockets alone, for streams of connections. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "capture-bpf.h"
#include "capture-owner.h"
#include "capture.h"
#include "cleanup.h"
#include "clock.h"
#include "macro.h"
#include "nl-netns.h"
#include "sample.h"

struct capture_sockets {
	struct capture capture;
	const struct sample_sink *sink;
	struct owner_watch *owners;
	uint64_t start_ns; /* of the interval */
	char host[256];
	struct capture_info info;
};

static struct capture_sockets *sockets_of(struct capture *capture)
{
	return (struct capture_sockets *)capture;
}

static void sockets_close(struct capture *capture)
{
	struct capture_sockets *sockets = sockets_of(capture);

	if (!sockets)
		return;
	owner_watch_close(sockets->owners);
	free(sockets);
}

static void closep(struct capture_sockets **sockets)
{
	if (*sockets)
		sockets_close(&(*sockets)->capture);
}

static int sockets_open(const struct capture_config *config, struct loop *loop,
			const struct sample_sink *sink, struct capture **ret_capture,
			char *error ATTR_UNUSED, size_t error_size ATTR_UNUSED)
{
	cleanup(closep) struct capture_sockets *sockets = calloc(1, sizeof(*sockets));
	int r;

	if (!sockets)
		return -ENOMEM;
	sockets->capture.ops = &capture_sockets_ops;
	sockets->sink = sink;
	capture_bpf_log();
	r = owner_watch_open(config, loop, sink, &sockets->owners);
	if (r < 0)
		return r;
	sockets->start_ns = clock_mono_ns();
	sockets->info = (struct capture_info){
		.backend = capture_sockets_ops.name,
		.layer = "none",
		.host = capture_host(sockets->host, sizeof(sockets->host)),
		.max_flows = CAPTURE_FLOWS_MIN,
		.start_mono_ns = sockets->start_ns,
		.start_real_ns = clock_real_ns(),
		.note = "",
		.netns = nl_netns_own(),
		.sizes_note = "no packets are counted",
		.owner_source = owner_watch_info(sockets->owners),
	};
	sockets->info.owners = capture_owners(&sockets->info)->reason == OWNER_KNOWN;
	*ret_capture = &take_ptr(sockets)->capture;
	return 0;
}

static int sockets_tick(struct capture *capture)
{
	struct capture_sockets *sockets = sockets_of(capture);
	const struct sample_tick tick = {
		.start_ns = sockets->start_ns,
		.end_ns = clock_mono_ns(),
		.real_ns = clock_real_ns(),
	};

	owner_watch_drain(sockets->owners);
	sockets->sink->tick(sockets->sink->data, &tick);
	sockets->start_ns = tick.end_ns;
	return 0;
}

static const struct capture_info *sockets_info(const struct capture *capture)
{
	return &((const struct capture_sockets *)capture)->info;
}

const struct capture_ops capture_sockets_ops = {
	.name = "sockets",
	.title = "sockets",
	.help = "nothing: tells of connections alone, and needs no interface",
	.facts =
		{
			.bytes = "bytes that connections moved",
			.owners = "owners by sockets",
			.attaches = "to nothing that packets pass",
			.needs = "Linux 5.12 with BTF",
		},
	.open = sockets_open,
	.tick = sockets_tick,
	.finish = sockets_tick,
	.close = sockets_close,
	.info = sockets_info,
};
