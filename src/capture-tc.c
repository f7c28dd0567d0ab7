/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The back end on the tc hooks: TCX links, or clsact filters where the kernel has no TCX. */
#include "config.h"

#include <linux/types.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "abi.h"
#include "capture-follow.h"
#include "capture-grace.h"
#include "capture-size.h"
#include "capture-store.h"
#include "capture.h"
#include "cleanup.h"
#include "clock.h"
#include "log.h"
#include "loop.h"
#include "macro.h"
#include "nl-tc.h"
#include "packet.skel.h"
#include "privs.h"
#include "text.h"

/* Attach types of kernel commit e420bed02507 (6.6), which headers may not have yet. */
#define TCX_INGRESS 46
#define TCX_EGRESS 47
/* BPF_F_BEFORE without a neighbour: in front of all others, since one of them may drop or redirect.
 */
#define TCX_FIRST (1U << 3)

/* How one interface is attached. */
struct attachment {
	int link_fd[DIRECTION_MAX]; /* TCX */
	int place;                  /* in the table of the programs, -1: none */
};

struct capture_tc {
	struct capture capture;
	struct capture_config config;
	struct capture_info info;
	struct loop *loop;
	const struct sample_sink *sink;
	struct packet_bpf *skel;
	struct store *store;
	struct grace *grace;
	struct loop_source *grace_source;
	struct follow_ops follow_ops;
	struct follow *follow;
	struct nl_tc *tc; /* NULL where not permitted or not needed */
	bool use_tcx;
	bool waiting;                             /* for a grace period */
	uint64_t start_ns, flip_ns, flip_real_ns; /* of the interval that ended */
	uint32_t slots;
	char host[256];
	char note[128];
	struct attachment attachments[SAMPLE_IFACE_MAX]; /* by slot */
};

static struct capture_tc *tc_of(struct capture *capture)
{
	return (struct capture_tc *)capture;
}

/* libbpf's own messages, one level below ours and line by line: some hold a log of the verifier. */
ATTR_PRINTF(2, 0)
static int print_libbpf(enum libbpf_print_level level, const char *format, va_list args)
{
	cleanup(freep) char *text = NULL;
	char *rest, *line;

	if (level == LIBBPF_DEBUG || log_get_level() < LOG_INFO ||
	    vasprintf(&text, format, args) < 0)
		return 0;
	rest = text;
	while ((line = strsep(&rest, "\n"))) {
		if (!*line)
			continue;
		if (level == LIBBPF_WARN)
			log_info("%s", line);
		else
			log_debug("%s", line);
	}
	return 0;
}

/* Attaching */

/* The kernel answers a query for an attach type that it does not know with EINVAL. Index 1 is lo.
 */
static bool has_tcx(void)
{
	__u32 n = 0;

	return bpf_prog_query(1, TCX_INGRESS, 0, NULL, NULL, &n) == 0 || errno != EINVAL;
}

static int attach_tcx(struct capture_tc *tc, struct attachment *attachment, uint32_t index)
{
	const int types[DIRECTION_MAX] = {TCX_INGRESS, TCX_EGRESS};
	const int programs[DIRECTION_MAX] = {
		bpf_program__fd(tc->skel->progs.on_ingress),
		bpf_program__fd(tc->skel->progs.on_egress),
	};
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = TCX_FIRST);

	for (int i = 0; i < DIRECTION_MAX; i++) {
		int fd = bpf_link_create(programs[i], (int)index, (enum bpf_attach_type)types[i],
					 &opts);

		if (fd < 0)
			return -errno;
		attachment->link_fd[i] = fd;
	}
	return 0;
}

static int attach_clsact(struct capture_tc *tc, struct sample_iface *iface)
{
	int r = nl_tc_attach(tc->tc, iface->index, bpf_program__fd(tc->skel->progs.on_ingress),
			     bpf_program__fd(tc->skel->progs.on_egress));

	if (r == -EBUSY)
		(void)snprintf(iface->note, sizeof(iface->note),
			       "not attached: an ingress qdisc is in the way");
	if (r > 0)
		(void)snprintf(iface->note, sizeof(iface->note),
			       "a filter in front of ours may take packets away uncounted");
	return MIN(r, 0);
}

/* Finds a place for an interface in the table that the programs look it up in. */
static int enter_table(struct capture_tc *tc, const struct sample_iface *iface)
{
	volatile __u64 *table = tc->skel->bss->ifaces;
	__u64 flags = (iface->layer3 ? ABI_IFACE_LAYER3 : 0) |
		      (tc->config.layer_ip ? ABI_IFACE_LAYER_IP : 0);

	for (uint32_t i = 0; i < ABI_IFACE_PROBES; i++) {
		uint32_t place = (iface->index + i) & (ABI_IFACE_TABLE - 1);

		if (table[place])
			continue;
		table[place] = ABI_IFACE(iface->index, iface->slot, flags);
		return (int)place;
	}
	return -ENOSPC;
}

static void detach_iface(void *data, const struct sample_iface *iface)
{
	struct capture_tc *tc = data;
	struct attachment *attachment = &tc->attachments[iface->slot];

	if (!tc->use_tcx) {
		int r = nl_tc_detach(tc->tc, iface->index);

		if (r < 0)
			(void)log_warn(r, "cannot detach from %s", iface->name);
	}
	for (int i = 0; i < DIRECTION_MAX; i++) {
		close_fdp(&attachment->link_fd[i]);
		attachment->link_fd[i] = -1;
	}
	if (attachment->place >= 0)
		((volatile __u64 *)tc->skel->bss->ifaces)[attachment->place] = 0;
	attachment->place = -1;
}

static int attach_iface(void *data, struct sample_iface *iface)
{
	struct capture_tc *tc = data;
	struct attachment *attachment = &tc->attachments[iface->slot];
	int r;

	*attachment = (struct attachment){.link_fd = {-1, -1}, .place = -1};
	(void)snprintf(iface->attach, sizeof(iface->attach), "%s", tc->use_tcx ? "tcx" : "clsact");
	r = enter_table(tc, iface);
	if (r < 0)
		return r;
	attachment->place = r;
	r = tc->use_tcx ? attach_tcx(tc, attachment, iface->index) : attach_clsact(tc, iface);
	if (r < 0)
		detach_iface(tc, iface);
	return r;
}

/* Intervals */

static void deliver(struct capture_tc *tc)
{
	struct sample_tick tick = {
		.start_ns = tc->start_ns,
		.end_ns = tc->flip_ns,
		.real_ns = tc->flip_real_ns,
		.slots = tc->slots,
	};

	store_drain(tc->store, tc->sink, follow_slots(tc->follow), &tick.slots_used);
	tc->start_ns = tc->flip_ns;
	tc->sink->tick(tc->sink->data, &tick);
}

static void flip(struct capture_tc *tc)
{
	store_flip(tc->store);
	tc->flip_ns = clock_mono_ns();
	tc->flip_real_ns = clock_real_ns();
}

static int wait_store(void *data)
{
	return store_wait(data);
}

static int on_grace(void *data, ATTR_UNUSED uint32_t events)
{
	struct capture_tc *tc = data;
	int r = grace_finish(tc->grace);

	tc->waiting = false;
	if (r < 0)
		return log_err(r, "cannot wait for the programs to leave the tables");
	deliver(tc);
	return 0;
}

static int tc_tick(struct capture *capture)
{
	struct capture_tc *tc = tc_of(capture);
	int r;

	if (tc->waiting)
		return 0;
	flip(tc);
	r = grace_start(tc->grace);
	tc->waiting = r == 0;
	return r;
}

static int tc_finish(struct capture *capture)
{
	struct capture_tc *tc = tc_of(capture);
	int r;

	if (tc->waiting) {
		r = on_grace(tc, 0);
		if (r < 0)
			return r;
	}
	flip(tc);
	r = store_wait(tc->store);
	if (r < 0)
		return r;
	deliver(tc);
	return 0;
}

/* Start and end */

static uint32_t round_up(uint32_t n)
{
	uint32_t power = ABI_SLOTS_MIN;

	while (power < n && power < ABI_SLOTS_MAX)
		power *= 2;
	return power;
}

static int load_sized(struct capture_tc *tc, uint32_t slots4, uint32_t slots6)
{
	unsigned int n_cpus = capture_n_cpus();
	int r;

	tc->skel = packet_bpf__open();
	if (!tc->skel)
		return -errno;
	tc->skel->rodata->slots4_last = slots4 - 1;
	tc->skel->rodata->slots6_last = slots6 - 1;
	tc->skel->rodata->slots6_offset = ABI_OFFSET_SLOTS6((size_t)slots4);
	tc->skel->rodata->arp_flows = !tc->config.no_arp;
	if (getrandom((void *)&tc->skel->rodata->hash_seed, sizeof(__u64), 0) < 0)
		return -errno;
	r = bpf_map__set_value_size(tc->skel->maps.halves, (__u32)store_half_size(slots4, slots6));
	if (r == 0)
		r = bpf_map__set_max_entries(tc->skel->maps.halves, 2 * n_cpus);
	if (r == 0)
		r = packet_bpf__load(tc->skel);
	return r;
}

/* Kernels before 6.0 refuse values above 4 MiB (commit 63b8ce77b15e): take what they give. */
static int load(struct capture_tc *tc)
{
	uint32_t flows = tc->config.max_flows ? tc->config.max_flows : capture_default_flows();
	uint32_t slots4 = round_up(flows), slots6, wanted = slots4;
	struct store_config store = {.n_cpus = capture_n_cpus()};
	int r;

	for (;; slots4 /= 2) {
		slots6 = MAX(slots4 / 2, ABI_SLOTS_MIN);
		r = load_sized(tc, slots4, slots6);
		if (r == 0)
			break;
		packet_bpf__destroy(take_ptr(tc->skel));
		if (r != -E2BIG || slots4 <= ABI_SLOTS_MIN)
			return r;
	}
	if (slots4 != wanted)
		(void)snprintf(tc->note, sizeof(tc->note),
			       "this kernel limits the table to %u flows per CPU and interval",
			       slots4);
	store.map_fd = bpf_map__fd(tc->skel->maps.halves);
	store.control = (volatile uint64_t *)&tc->skel->data->control;
	store.slots4 = slots4;
	store.slots6 = slots6;
	r = store_new(&store, &tc->store);
	if (r < 0)
		return r;
	tc->slots = (slots4 + slots6) * store.n_cpus;
	tc->info.map_bytes = (uint64_t)store_half_size(slots4, slots6) * store.n_cpus * 2;
	tc->info.max_flows =
		tc->config.max_flows ? tc->config.max_flows : MAX(flows, CAPTURE_TABLE_FLOWS);
	return 0;
}

static void tc_close(struct capture *capture)
{
	struct capture_tc *tc = tc_of(capture);

	if (!tc)
		return;
	follow_close(tc->follow);
	nl_tc_close(tc->tc);
	loop_remove(tc->grace_source);
	grace_free(tc->grace);
	store_free(tc->store);
	packet_bpf__destroy(tc->skel);
	free(tc);
}

static void tc_closep(struct capture_tc **tc)
{
	if (*tc)
		tc_close(&(*tc)->capture);
}

/* Kernels before 5.11 count tables as locked memory (commit 97306be45fbe): only large ones fail. */
static bool lacks_locked_memory(const struct capture_tc *tc)
{
	uint32_t flows = tc->config.max_flows ? tc->config.max_flows : capture_default_flows();
	uint32_t n = (uint32_t)(capture_map_bytes(flows) / 4096);
	cleanup(close_fdp) int small_fd =
		bpf_map_create(BPF_MAP_TYPE_ARRAY, "small", sizeof(uint32_t), 4096, 1, NULL);
	cleanup(close_fdp) int large_fd =
		bpf_map_create(BPF_MAP_TYPE_ARRAY, "large", sizeof(uint32_t), 4096, n, NULL);

	return small_fd >= 0 && large_fd == -EPERM;
}

static int explain_load(const struct capture_tc *tc, int r, char *error, size_t size)
{
	uint32_t privs = 0, missing;
	char names[128];

	(void)privs_get(&privs);
	/* without CAP_PERFMON the verifier refuses to step over headers of variable length */
	missing = (PRIV_BPF | PRIV_NET_ADMIN | PRIV_PERFMON) & ~privs;
	if ((r == -EPERM || r == -EACCES) && missing) {
		(void)privs_names(names, sizeof(names), missing);
		(void)snprintf(error, size, "counting packets needs %s: run it as root", names);
	} else if (r == -EPERM && lacks_locked_memory(tc)) {
		(void)snprintf(error, size,
			       "cannot make the table: this kernel counts it as locked memory, "
			       "which is limited here: raise that (ulimit -l unlimited), or choose "
			       "a smaller table with --max-flows");
	} else {
		(void)snprintf(error, size, "cannot load the programs: %s (-v shows why)",
			       strerror(-r));
	}
	return r;
}

static int open_attach(struct capture_tc *tc, char *error, size_t size)
{
	int swept, r;

	tc->use_tcx = tc->config.attach == CAPTURE_ATTACH_TCX ||
		      (tc->config.attach == CAPTURE_ATTACH_AUTO && has_tcx());
	if (tc->config.attach == CAPTURE_ATTACH_TCX && !has_tcx()) {
		(void)snprintf(error, size,
			       "this kernel has no TCX (Linux 6.6 has); --attach auto uses clsact");
		return -EOPNOTSUPP;
	}
	r = nl_tc_open(&tc->tc);
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

static void fill_info(struct capture_tc *tc)
{
	struct utsname name;

	if (uname(&name) == 0)
		text_escape(tc->host, sizeof(tc->host), name.nodename, (size_t)-1);
	tc->info.backend = "tc";
	tc->info.layer = tc->config.layer_ip ? "ip" : "l2";
	tc->info.host = tc->host;
	tc->info.note = tc->note;
	tc->info.start_mono_ns = tc->start_ns = clock_mono_ns();
	tc->info.start_real_ns = clock_real_ns();
}

static int tc_open(const struct capture_config *config, struct loop *loop,
		   const struct sample_sink *sink, struct capture **ret_capture, char *error,
		   size_t error_size)
{
	cleanup(tc_closep) struct capture_tc *tc = calloc(1, sizeof(*tc));
	int r;

	*error = 0;
	if (!tc)
		return -ENOMEM;
	tc->capture.ops = &capture_tc_ops;
	tc->config = *config;
	tc->loop = loop;
	tc->sink = sink;
	tc->follow_ops = (struct follow_ops){tc, attach_iface, detach_iface};
	libbpf_set_print(print_libbpf);
	r = load(tc);
	if (r < 0)
		return explain_load(tc, r, error, error_size);
	r = open_attach(tc, error, error_size);
	if (r < 0)
		return r;
	r = grace_new(wait_store, tc->store, &tc->grace);
	if (r == 0)
		r = loop_add_fd(loop, grace_fd(tc->grace), EPOLLIN, on_grace, tc,
				&tc->grace_source);
	if (r < 0)
		return r;
	fill_info(tc);
	r = follow_open(&tc->config, &tc->follow_ops, sink, loop, &tc->follow, error, error_size);
	if (r < 0)
		return r;
	*ret_capture = &tc->capture;
	tc = NULL;
	return 0;
}

static const struct capture_info *tc_info(const struct capture *capture)
{
	return &((const struct capture_tc *)capture)->info;
}

const struct capture_ops capture_tc_ops = {
	.name = "tc",
	.title = "tc hooks",
	.help = "every packet in and out of the chosen interfaces (TCX, or clsact before Linux "
		"6.6)",
	.open = tc_open,
	.tick = tc_tick,
	.finish = tc_finish,
	.close = tc_close,
	.info = tc_info,
};
