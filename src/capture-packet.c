/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of a back end that is the same for every hook of a network interface. */
#include "config.h"

#include "capture-packet.h"

#include <linux/types.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "abi.h"
#include "capture-bpf.h"
#include "capture-follow.h"
#include "capture-owner.h"
#include "capture-segment.h"
#include "capture-size.h"
#include "capture-store.h"
#include "capture-watch.h"
#include "cleanup.h"
#include "clock.h"
#include "log.h"
#include "macro.h"
#include "nl-netns.h"
#include "packet.skel.h"
#include "privs.h"

static struct capture_packet *packet_of(struct capture *capture)
{
	return (struct capture_packet *)capture;
}

/* Adds to a sentence for people, which may be "". */
ATTR_PRINTF(3, 4)
static void add_note(char *note, size_t size, const char *format, ...)
{
	size_t used = strlen(note);
	va_list args;

	if (used)
		used += (size_t)snprintf(note + used, size - used, "; ");
	va_start(args, format);
	if (used < size)
		(void)vsnprintf(note + used, size - used, format, args);
	va_end(args);
}

/* Interfaces */

static void detach_iface(void *data, const struct sample_iface *iface)
{
	struct capture_packet *packet = data;

	packet->ops->detach(packet, iface);
	segment_watch_detach(packet->segments, iface);
	iface_table_leave(&packet->ifaces, iface);
}

/* What passes payload is attached first, so that what counts is in front of it. */
static int attach_iface(void *data, const struct nl_link *link, struct sample_iface *iface)
{
	struct capture_packet *packet = data;
	int r = iface_table_enter(&packet->ifaces, iface, packet->config.layer_ip);
	int passed;

	if (r < 0)
		return r;
	passed = segment_watch_attach(packet->segments, iface);
	r = packet->ops->attach(packet, link, iface);
	if (r < 0)
		detach_iface(packet, iface);
	else if (passed < 0)
		add_note(iface->note, sizeof(iface->note), "no payload: %s", strerror(-passed));
	return r;
}

/* Intervals */

static void on_flip(void *data)
{
	struct capture_packet *packet = data;

	store_flip(packet->store);
}

static int on_wait(void *data)
{
	struct capture_packet *packet = data;

	return store_wait(packet->store);
}

/* What changes while it runs is behind what stays. */
static void update_note(struct capture_packet *packet)
{
	uint64_t uncounted = packet->skel->bss->uncounted;

	packet->attaching = packet->attaching && follow_n_waiting(packet->follow);
	if (packet->attaching)
		return;
	packet->note[packet->note_len] = 0;
	if (uncounted)
		add_note(packet->note, sizeof(packet->note),
			 "%" PRIu64 " frames came in the middle of others and were not counted",
			 uncounted);
}

static int on_deliver(void *data, uint64_t start_ns, uint64_t end_ns, uint64_t real_ns)
{
	struct capture_packet *packet = data;
	struct sample_tick tick = {
		.start_ns = start_ns,
		.end_ns = end_ns,
		.real_ns = real_ns,
		.slots = packet->slots,
	};

	update_note(packet);
	owner_watch_drain(packet->owners);
	segment_watch_read(packet->segments);
	store_drain(packet->store, packet->sink, follow_slots(packet->follow), &tick.slots_used);
	watch_read(store_watch(packet->store), start_ns, end_ns);
	packet->sink->tick(packet->sink->data, &tick);
	return 0;
}

static const struct interval_ops interval_ops = {
	.flip = on_flip,
	.wait = on_wait,
	.deliver = on_deliver,
};

int capture_packet_tick(struct capture *capture)
{
	return interval_tick(&packet_of(capture)->interval);
}

int capture_packet_finish(struct capture *capture)
{
	return interval_finish(&packet_of(capture)->interval);
}

/* Sizes of packets */

void capture_packet_watch(struct capture *capture, const struct flow_key *keys, size_t n_keys)
{
	struct capture_packet *packet = packet_of(capture);
	struct watch_tallies *tallies = store_watch(packet->store);

	watch_stop(tallies);
	iface_table_watch(&packet->ifaces, n_keys ? keys->iface : 0);
	for (size_t i = 0; i < n_keys; i++)
		watch_fill(&tallies->flows[keys[i].direction], &keys[i],
			   keys[i].iface * 2u + keys[i].direction, 0);
	if (n_keys)
		watch_start(tallies);
}

const struct sample_sizes *capture_packet_sizes(const struct capture *capture)
{
	return &store_watch(((const struct capture_packet *)capture)->store)->sizes;
}

/* Start and end */

static uint32_t round_up(uint32_t n)
{
	uint32_t power = ABI_SLOTS_MIN;

	while (power < n && power < ABI_SLOTS_MAX)
		power *= 2;
	return power;
}

static int load_sized(struct capture_packet *packet, uint32_t slots4, uint32_t slots6)
{
	unsigned int n_cpus = capture_n_cpus(), n_writers = capture_n_writers();
	int r;

	packet->skel = packet_bpf__open();
	if (!packet->skel)
		return -errno;
	packet->ops->choose(packet->skel);
	packet->skel->rodata->slots4_last = slots4 - 1;
	packet->skel->rodata->slots6_last = slots6 - 1;
	packet->skel->rodata->slots6_offset = ABI_OFFSET_SLOTS6((size_t)slots4);
	packet->skel->rodata->preemptible = n_writers > n_cpus;
	packet->skel->rodata->n_cpus = n_cpus;
	packet->skel->rodata->arp_flows = !packet->config.no_arp;
	packet->skel->rodata->labels = !packet->config.no_l7;
	if (getrandom((void *)&packet->skel->rodata->hash_seed, sizeof(__u64), 0) < 0)
		return -errno;
	r = bpf_map__set_value_size(packet->skel->maps.halves,
				    (__u32)store_half_size(slots4, slots6));
	if (r == 0)
		r = bpf_map__set_max_entries(packet->skel->maps.halves, 2 * n_writers);
	if (r == 0)
		r = packet_bpf__load(packet->skel);
	return r;
}

/* Kernels before 6.0 refuse values above 4 MiB (commit 63b8ce77b15e): take what they give. */
static int load(struct capture_packet *packet)
{
	uint32_t flows =
		packet->config.max_flows ? packet->config.max_flows : capture_default_flows();
	uint32_t slots4 = round_up(flows), slots6, wanted = slots4;
	struct store_config store = {
		.n_writers = capture_n_writers(),
		.in_only = packet->ops->in_only,
	};
	int r;

	for (;; slots4 /= 2) {
		slots6 = MAX(slots4 / 2, ABI_SLOTS_MIN);
		r = load_sized(packet, slots4, slots6);
		if (r == 0)
			break;
		packet_bpf__destroy(take_ptr(packet->skel));
		if (r != -E2BIG || slots4 <= ABI_SLOTS_MIN)
			return r;
	}
	if (slots4 != wanted)
		(void)snprintf(packet->note, sizeof(packet->note),
			       "this kernel limits the table to %u flows per CPU and interval",
			       slots4);
	store.map_fd = bpf_map__fd(packet->skel->maps.halves);
	store.control = (volatile uint64_t *)&packet->skel->data->control;
	store.slots4 = slots4;
	store.slots6 = slots6;
	r = store_new(&store, &packet->store);
	if (r < 0)
		return r;
	packet->slots = (slots4 + slots6) * store.n_writers;
	packet->info.map_bytes = (uint64_t)store_half_size(slots4, slots6) * store.n_writers * 2;
	packet->info.max_flows = packet->config.max_flows ? packet->config.max_flows
							  : MAX(flows, CAPTURE_TABLE_FLOWS);
	return 0;
}

void capture_packet_close(struct capture *capture)
{
	struct capture_packet *packet = packet_of(capture);

	if (!packet)
		return;
	follow_close(packet->follow);
	if (packet->ops->close)
		packet->ops->close(packet);
	segment_watch_close(packet->segments);
	interval_close(&packet->interval);
	store_free(packet->store);
	owner_watch_close(packet->owners);
	packet_bpf__destroy(packet->skel);
	free(packet);
}

static void closep(struct capture_packet **packet)
{
	if (*packet)
		capture_packet_close(&(*packet)->capture);
}

static int explain_load(const struct capture_config *config, int r, char *error, size_t size)
{
	uint32_t flows = config->max_flows ? config->max_flows : capture_default_flows();
	const struct capture_bpf_needs needs = {
		.what = "counting packets",
		/* without CAP_PERFMON the verifier refuses to step over headers of variable length
		 */
		.privs = PRIV_BPF | PRIV_NET_ADMIN | PRIV_PERFMON,
		.map_bytes = capture_map_bytes(flows),
		.sized = true,
	};

	return capture_bpf_explain(r, &needs, error, size);
}

int capture_packet_try(const struct packet_ops *ops)
{
	struct packet_bpf *skel = packet_bpf__open();
	int r;

	if (!skel)
		return -errno;
	ops->choose(skel);
	r = packet_bpf__load(skel);
	packet_bpf__destroy(skel);
	return r;
}

int capture_packet_probe(const struct packet_ops *ops, const struct capture_config *config,
			 char *error, size_t error_size)
{
	int r = capture_packet_try(ops);

	if (r < 0)
		return explain_load(config, r, error, error_size);
	return ops->check(config, error, error_size);
}

static void fill_info(struct capture_packet *packet)
{
	packet->info.backend = packet->capture.ops->name;
	packet->info.layer = packet->config.layer_ip ? "ip" : "l2";
	packet->info.host = capture_host(packet->host, sizeof(packet->host));
	if (packet->ops->note)
		add_note(packet->note, sizeof(packet->note), "%s", packet->ops->note);
	packet->note_len = strlen(packet->note);
	packet->info.note = packet->note;
	packet->info.owner_source = owner_watch_info(packet->owners);
	packet->info.owners = capture_owners(&packet->info)->reason == OWNER_KNOWN;
	packet->info.segments = segment_watch_info(packet->segments);
	packet->info.netns = nl_netns_own();
	packet->info.start_mono_ns = packet->interval.start_ns;
	packet->info.start_real_ns = clock_real_ns();
}

/* What counts stays as it is: it has lost nothing. */
static void on_payload_lost(void *data, uint32_t ifindex)
{
	struct capture_packet *packet = data;
	const struct sample_iface *iface = follow_attached(packet->follow, ifindex);
	int r;

	if (!iface)
		return;
	segment_watch_detach(packet->segments, iface);
	r = segment_watch_attach(packet->segments, iface);
	if (r < 0)
		(void)log_warn(r,
			       "%s: somebody removed what reads payload there, and it cannot be "
			       "attached again",
			       iface->name);
	else
		(void)log_warn(0,
			       "%s: somebody removed what reads payload there; attached again, "
			       "what passed meanwhile was not read",
			       iface->name);
}

int capture_packet_open(struct capture_packet *new_packet, const struct capture_ops *capture_ops,
			const struct packet_ops *ops, const struct capture_config *config,
			struct loop *loop, const struct sample_sink *sink,
			struct capture **ret_capture, char *error, size_t error_size)
{
	cleanup(closep) struct capture_packet *packet = new_packet;
	int r;

	*error = 0;
	if (!packet)
		return -ENOMEM;
	packet->capture.ops = capture_ops;
	packet->ops = ops;
	packet->config = *config;
	packet->loop = loop;
	packet->sink = sink;
	packet->follow_ops = (struct follow_ops){packet, attach_iface, detach_iface};
	capture_bpf_log();
	/* before the owners, which take what is left of locked memory */
	r = load(packet);
	if (r < 0)
		return explain_load(config, r, error, error_size);
	r = owner_watch_open(config, loop, sink, &packet->owners);
	if (r < 0)
		return r;
	iface_table_init(&packet->ifaces, (volatile uint64_t *)packet->skel->bss->ifaces);
	r = segment_watch_open(config, loop, sink, packet->owners, on_payload_lost, packet,
			       &packet->segments);
	if (r < 0)
		return r;
	r = ops->check(config, error, error_size);
	if (r == 0 && ops->open)
		r = ops->open(packet, error, error_size);
	if (r < 0)
		return r;
	r = interval_open(&packet->interval, &interval_ops, packet, loop);
	if (r < 0)
		return r;
	fill_info(packet);
	r = follow_open(&packet->config, &packet->follow_ops, sink, loop, &packet->follow, error,
			error_size);
	if (r < 0)
		return r;
	packet->attaching = follow_n_waiting(packet->follow);
	if (packet->attaching)
		add_note(packet->note, sizeof(packet->note),
			 "attaching: %zu interfaces are still to come",
			 follow_n_waiting(packet->follow));
	*ret_capture = &packet->capture;
	packet = NULL;
	return 0;
}

const struct capture_info *capture_packet_info(const struct capture *capture)
{
	return &((const struct capture_packet *)capture)->info;
}
