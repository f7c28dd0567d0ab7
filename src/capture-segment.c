/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Loads, attaches and reads the programs that pass payload. */
#include "config.h"

#include "capture-segment.h"

#include <linux/types.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#include "abi-event.h"
#include "abi.h"
#include "capture-bpf.h"
#include "capture-iface-table.h"
#include "capture-owner.h"
#include "capture-tc-pair.h"
#include "capture-tuple.h"
#include "capture.h"
#include "cleanup.h"
#include "event.skel.h"
#include "loop.h"
#include "macro.h"
#include "privs.h"
#include "sample.h"

/* What flows in two wakeups at 800 MB/s; less where locked memory is scarce. */
#define RING_BYTES (4u << 20)
#define RING_BYTES_MIN (256u << 10)
#define CONNECTIONS (1u << 15)
/* Of an element of the LRU hash: key, value and struct htab_elem. */
#define CONNECTION_BYTES 112
/* Segments handed over before other sources of the loop have their turn. */
#define BATCH 2048
#define BATCHES_MAX 32 /* what the ring holds of the smallest segments */

_Static_assert((int)PAYLOAD_DNS == ABI_PAYLOAD_DNS && (int)PAYLOAD_HTTP == ABI_PAYLOAD_HTTP &&
		       (int)PAYLOAD_TLS == ABI_PAYLOAD_TLS,
	       "kinds of payload");

struct segment_watch {
	const struct sample_sink *sink;
	struct owner_watch *owners;
	struct capture_segments info;
	char note[256];
	struct event_bpf *skel;
	struct iface_table ifaces;
	struct tc_pair *pair;
	struct ring_buffer *ring;
	struct loop_source *source;
	struct loop_source *timer; /* reads on while there is something */
	uint32_t n_read;           /* in this turn */
};

DEFINE_CLEANUP(struct segment_watch *, segment_watch_close);

/* Segments */

static int on_segment(void *data, void *sample, size_t size)
{
	const struct event_segment *event = sample;
	struct segment_watch *watch = data;
	struct sample_segment segment = {
		.key.iface = (uint16_t)(event->tuple >> ABI_HOOK_SHIFT & (ABI_HOOK_MAX - 1)) / 2,
		.key.direction = event->tuple >> ABI_HOOK_SHIFT & 1,
		.key.family = event->family == 4 ? FAMILY_IPV4 : FAMILY_IPV6,
		.time_ns = event->time_ns,
		.tcp_flags = event->tcp_flags,
		.what = event->what,
		.wire_size = event->wire_size,
		.size = event->size,
		.data = (const uint8_t *)(event + 1),
	};

	if (size < sizeof(*event) + event->size)
		return 0;
	tuple_to_key(event->tuple, &segment.key);
	if (segment.key.proto == IPPROTO_TCP)
		segment.seq = event->seq;
	if (event->family == 4) {
		memcpy(segment.key.src, event->addrs, 4);
		memcpy(segment.key.dst, (const uint8_t *)event->addrs + 4, 4);
	} else {
		memcpy(segment.key.src, event->addrs, 16);
		memcpy(segment.key.dst, event->addrs + 2, 16);
	}
	watch->sink->segment(watch->sink->data, &segment);
	return ++watch->n_read == BATCH ? -EAGAIN : 0;
}

/* True where something was there. */
static bool read_batch(struct segment_watch *watch)
{
	watch->n_read = 0;
	owner_watch_read(watch->owners);
	(void)ring_buffer__consume(watch->ring);
	return watch->n_read > 0;
}

/*
 * The programs wake us at most once in ABI_WAKE_NS, however many segments come. What comes after
 * one that woke us is found by looking again after that time, until there is nothing more: then the
 * next segment wakes again.
 */
static int on_timer(void *data, ATTR_UNUSED uint64_t n_expired)
{
	struct segment_watch *watch = data;

	if (!read_batch(watch))
		return 0;
	return loop_set_timer(watch->timer, watch->n_read == BATCH ? 0 : ABI_WAKE_NS, 0);
}

static int on_ready(void *data, ATTR_UNUSED uint32_t events)
{
	return on_timer(data, 1);
}

void segment_watch_read(struct segment_watch *watch)
{
	uint64_t made, removed;
	bool more = false;

	if (!watch || !watch->ring)
		return;
	/* as many as the ring can hold: more come while these are read */
	for (size_t i = 0; i < BATCHES_MAX && read_batch(watch); i++) {
		more = true;
		if (watch->n_read < BATCH)
			break;
	}
	if (more) /* what comes next wakes nobody for a while */
		(void)loop_set_timer(watch->timer, ABI_WAKE_NS, 0);
	made = watch->skel->bss->n_made;
	removed = watch->skel->bss->n_removed;
	watch->info.n_full = watch->skel->bss->n_lost[ABI_LOST_RING];
	watch->info.n_unread = watch->skel->bss->n_lost[ABI_LOST_LOAD];
	if (made > removed + CONNECTIONS)
		watch->info.n_forgotten =
			MAX(watch->info.n_forgotten, made - removed - CONNECTIONS);
}

/* Interfaces */

int segment_watch_attach(struct segment_watch *watch, const struct sample_iface *iface)
{
	int r;

	if (!watch || !watch->ring)
		return 0;
	r = iface_table_enter(&watch->ifaces, iface, false);
	if (r == 0)
		r = tc_pair_attach(watch->pair,
				   (const int[DIRECTION_MAX]){
					   bpf_program__fd(watch->skel->progs.on_ingress),
					   bpf_program__fd(watch->skel->progs.on_egress),
				   },
				   iface);
	if (r < 0)
		segment_watch_detach(watch, iface);
	return r;
}

void segment_watch_detach(struct segment_watch *watch, const struct sample_iface *iface)
{
	if (!watch || !watch->ring)
		return;
	tc_pair_detach(watch->pair, iface);
	iface_table_leave(&watch->ifaces, iface);
}

/* Start and end */

static int load(uint32_t wanted, uint32_t ring_bytes, struct event_bpf **ret_skel)
{
	struct event_bpf *skel = event_bpf__open();
	int r;

	*ret_skel = NULL;
	if (!skel)
		return -errno;
	skel->rodata->wanted = wanted;
	r = bpf_map__set_max_entries(skel->maps.segments, ring_bytes);
	if (r == 0)
		r = bpf_map__set_max_entries(skel->maps.connections,
					     wanted & ~PAYLOAD_DNS ? CONNECTIONS : 1);
	if (r == 0)
		r = event_bpf__load(skel);
	if (r < 0)
		event_bpf__destroy(take_ptr(skel));
	*ret_skel = skel;
	return r;
}

int segment_watch_try(void)
{
	struct event_bpf *skel;
	int r = load(PAYLOAD_DNS | PAYLOAD_HTTP | PAYLOAD_TLS, RING_BYTES_MIN, &skel);

	event_bpf__destroy(skel);
	return r;
}

/* Kernels before 5.11 count maps as locked memory (commit 97306be45fbe): take what they give. */
static int load_sized(struct segment_watch *watch, uint32_t wanted)
{
	uint32_t size = RING_BYTES;
	int r = load(wanted, size, &watch->skel);

	while ((r == -EPERM || r == -ENOMEM) && size > RING_BYTES_MIN) {
		size /= 2;
		r = load(wanted, size, &watch->skel);
	}
	return r;
}

static int open_programs(struct segment_watch *watch, const struct capture_config *config,
			 struct loop *loop, void (*lost)(void *data, uint32_t ifindex), void *data)
{
	const struct capture_bpf_needs needs = {
		.what = "reading payload",
		.privs = PRIV_BPF | PRIV_NET_ADMIN | PRIV_PERFMON,
		.map_bytes = RING_BYTES_MIN + (config->payload & ~PAYLOAD_DNS
						       ? (uint64_t)CONNECTIONS * CONNECTION_BYTES
						       : 0),
	};
	int r = load_sized(watch, config->payload);

	if (r < 0)
		return capture_bpf_explain(r, &needs, watch->note, sizeof(watch->note));
	r = tc_pair_open(config->attach, loop, lost, data, &watch->pair, watch->note,
			 sizeof(watch->note));
	if (r < 0)
		return r;
	iface_table_init(&watch->ifaces, (volatile uint64_t *)watch->skel->bss->ifaces);
	watch->ring =
		ring_buffer__new(bpf_map__fd(watch->skel->maps.segments), on_segment, watch, NULL);
	if (!watch->ring)
		return -errno;
	return 0;
}

int segment_watch_open(const struct capture_config *config, struct loop *loop,
		       const struct sample_sink *sink, struct owner_watch *owners,
		       void (*lost)(void *data, uint32_t ifindex), void *data,
		       struct segment_watch **ret_watch)
{
	cleanup(segment_watch_closep) struct segment_watch *watch = NULL;
	int r;

	*ret_watch = NULL;
	if (!config->payload || !sink->segment)
		return 0;
	watch = calloc(1, sizeof(*watch));
	if (!watch)
		return -ENOMEM;
	watch->sink = sink;
	watch->owners = owners;
	watch->info.note = watch->note;
	watch->info.result = open_programs(watch, config, loop, lost, data);
	if (watch->ring) {
		r = loop_add_timer(loop, LOOP_NEVER, 0, on_timer, watch, &watch->timer);
		if (r == 0)
			r = loop_add_fd(loop, bpf_map__fd(watch->skel->maps.segments),
					EPOLLIN | EPOLLET, on_ready, watch, &watch->source);
		if (r < 0)
			return r;
	}
	*ret_watch = take_ptr(watch);
	return 0;
}

void segment_watch_close(struct segment_watch *watch)
{
	if (!watch)
		return;
	loop_remove(watch->source);
	loop_remove(watch->timer);
	ring_buffer__free(watch->ring);
	tc_pair_close(watch->pair);
	event_bpf__destroy(watch->skel);
	free(watch);
}

const struct capture_segments *segment_watch_info(const struct segment_watch *watch)
{
	return watch ? &watch->info : NULL;
}
