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
#include "capture-grace.h"
#include "capture-size.h"
#include "capture-store.h"
#include "capture.h"
#include "cleanup.h"
#include "clock.h"
#include "log.h"
#include "loop.h"
#include "macro.h"
#include "nl-link.h"
#include "nl-tc.h"
#include "packet.skel.h"
#include "privs.h"
#include "text.h"

/* Attach types of kernel commit e420bed02507 (6.6), which headers may not have yet. */
#define TCX_INGRESS 46
#define TCX_EGRESS 47
/* BPF_F_BEFORE without a neighbour: in front of all others, since one of them may drop or redirect. */
#define TCX_FIRST (1U << 3)

struct iface {
	struct sample_iface sample;
	char raw_name[IF_NAMESIZE];
	int link_fd[DIRECTION_MAX]; /* TCX, -1: none */
	bool clsact;
	int entry; /* in the table of the programs, -1: none */
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
	struct nl_links *links;
	struct nl_tc *tc; /* NULL where not permitted or not needed */
	bool use_tcx;
	bool waiting; /* for a grace period */
	uint64_t start_ns, flip_ns, flip_real_ns; /* of the interval that ended */
	uint32_t slots;
	char host[256];
	char note[128];
	/* by slot; slot 0 stands for interfaces that are not known */
	struct iface ifaces[SAMPLE_IFACE_MAX];
	uint16_t n_ifaces;
	uint64_t used[SAMPLE_IFACE_MAX / 64];
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

	if (level == LIBBPF_DEBUG || log_get_level() < LOG_INFO || vasprintf(&text, format, args) < 0)
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

/* The kernel answers a query for an attach type that it does not know with EINVAL. Index 1 is lo. */
static bool has_tcx(void)
{
	__u32 n = 0;

	return bpf_prog_query(1, TCX_INGRESS, 0, NULL, NULL, &n) == 0;
}

static int attach_tcx(struct capture_tc *tc, struct iface *iface, uint32_t index)
{
	const int types[DIRECTION_MAX] = { TCX_INGRESS, TCX_EGRESS };
	const int programs[DIRECTION_MAX] = {
		bpf_program__fd(tc->skel->progs.on_ingress),
		bpf_program__fd(tc->skel->progs.on_egress),
	};
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = TCX_FIRST);

	for (int i = 0; i < DIRECTION_MAX; i++) {
		int fd = bpf_link_create(programs[i], (int)index,
					 (enum bpf_attach_type)types[i], &opts);

		if (fd < 0) {
			int r = -errno;

			close_fdp(&iface->link_fd[0]);
			iface->link_fd[0] = -1;
			return r;
		}
		iface->link_fd[i] = fd;
	}
	return 0;
}

static int attach_clsact(struct capture_tc *tc, struct iface *iface, uint32_t index)
{
	int r;

	if (!tc->tc)
		return -EPERM;
	r = nl_tc_attach(tc->tc, index, bpf_program__fd(tc->skel->progs.on_ingress),
			 bpf_program__fd(tc->skel->progs.on_egress));
	if (r < 0)
		return r;
	if (r > 0)
		(void)snprintf(iface->sample.note, sizeof(iface->sample.note),
			       "a filter in front of ours may take packets away uncounted");
	iface->clsact = true;
	return 0;
}

/* Finds a place for an interface in the table that the programs look it up in. */
static int enter_iface(struct capture_tc *tc, struct iface *iface, uint32_t index)
{
	volatile __u64 *table = tc->skel->bss->ifaces;
	__u64 flags = (iface->sample.layer3 ? ABI_IFACE_LAYER3 : 0) |
		      (tc->config.layer_ip ? ABI_IFACE_LAYER_IP : 0);

	for (uint32_t i = 0; i < ABI_IFACE_PROBES; i++) {
		uint32_t place = (index + i) & (ABI_IFACE_TABLE - 1);

		if (table[place])
			continue;
		table[place] = ABI_IFACE(index, iface->sample.slot, flags);
		iface->entry = (int)place;
		return 0;
	}
	return -ENOSPC;
}

static void leave_iface(struct capture_tc *tc, struct iface *iface)
{
	if (iface->entry >= 0)
		((volatile __u64 *)tc->skel->bss->ifaces)[iface->entry] = 0;
	iface->entry = -1;
}

static bool is_attached(const struct iface *iface)
{
	return iface->clsact || iface->link_fd[0] >= 0;
}

static void detach_iface(struct capture_tc *tc, struct iface *iface)
{
	if (iface->clsact) {
		int r = nl_tc_detach(tc->tc, iface->sample.index);

		if (r < 0)
			(void)log_warn(r, "cannot detach from %s", iface->sample.name);
	}
	iface->clsact = false;
	for (int i = 0; i < DIRECTION_MAX; i++) {
		close_fdp(&iface->link_fd[i]);
		iface->link_fd[i] = -1;
	}
	leave_iface(tc, iface);
}

static void report_iface(const struct capture_tc *tc, const struct iface *iface)
{
	tc->sink->iface(tc->sink->data, &iface->sample);
}

static void attach_iface(struct capture_tc *tc, struct iface *iface, const struct nl_link *link)
{
	struct sample_iface *sample = &iface->sample;
	bool known;
	int r;

	sample->index = link->index;
	sample->layer3 = nl_link_layer3(link, &known);
	sample->note[0] = 0;
	r = enter_iface(tc, iface, link->index);
	if (r == 0)
		r = tc->use_tcx ? attach_tcx(tc, iface, link->index) :
				  attach_clsact(tc, iface, link->index);
	if (r < 0) {
		leave_iface(tc, iface);
		sample->state = IFACE_FAILED;
		(void)snprintf(sample->note, sizeof(sample->note), "not attached: %s",
			       r == -EBUSY && !tc->use_tcx ? "an ingress qdisc is in the way" :
							     strerror(-r));
		if (r != -ENODEV) /* gone in the meantime: not worth a word */
			(void)log_warn(r, "cannot attach to %s", sample->name);
	} else {
		sample->state = link->up ? IFACE_ATTACHED : IFACE_DOWN;
		(void)snprintf(sample->attach, sizeof(sample->attach), "%s",
			       tc->use_tcx ? "tcx" : "clsact");
		if (!known)
			(void)snprintf(sample->note, sizeof(sample->note),
				       "unknown link type %u: read as Ethernet", link->type);
	}
	report_iface(tc, iface);
}

/* Following the interfaces */

static struct iface *find_by_index(struct capture_tc *tc, uint32_t index)
{
	for (uint16_t i = 1; i < tc->n_ifaces; i++)
		if (tc->ifaces[i].sample.index == index && tc->ifaces[i].sample.state != IFACE_GONE)
			return &tc->ifaces[i];
	return NULL;
}

/* A slot for a link that has none: that of a namesake that is gone, a new one, or any that is gone. */
static struct iface *take_slot(struct capture_tc *tc, const struct nl_link *link)
{
	struct iface *iface = NULL, *gone = NULL;

	for (uint16_t i = 1; i < tc->n_ifaces; i++) {
		if (tc->ifaces[i].sample.state != IFACE_GONE)
			continue;
		gone = &tc->ifaces[i];
		if (strcmp(gone->raw_name, link->name) == 0)
			return gone;
	}
	if (tc->n_ifaces == SAMPLE_IFACE_MAX)
		return gone;
	iface = &tc->ifaces[tc->n_ifaces];
	iface->sample.slot = tc->n_ifaces++;
	iface->link_fd[0] = iface->link_fd[1] = iface->entry = -1;
	tc->used[iface->sample.slot / 64] |= 1ULL << iface->sample.slot % 64;
	return iface;
}

static void set_name(struct iface *iface, const struct nl_link *link)
{
	(void)snprintf(iface->raw_name, sizeof(iface->raw_name), "%s", link->name);
	text_escape(iface->sample.name, sizeof(iface->sample.name), link->name, (size_t)-1);
}

/* What has become of an interface that is being counted. */
static void follow_iface(struct capture_tc *tc, struct iface *iface, const struct nl_link *link,
			 bool chosen)
{
	struct sample_iface *sample = &iface->sample;
	uint8_t state = sample->state;
	bool renamed = false;

	if (!link || (!chosen && link->up)) { /* one that only went down stays attached */
		detach_iface(tc, iface);
		sample->state = IFACE_GONE;
		(void)snprintf(sample->note, sizeof(sample->note), "%s",
			       link ? "seen through another interface now" : "");
		sample->index = 0;
		report_iface(tc, iface);
		return;
	}
	if (strcmp(iface->raw_name, link->name) != 0) {
		set_name(iface, link);
		renamed = true;
	}
	if (state == IFACE_ATTACHED || state == IFACE_DOWN)
		sample->state = link->up ? IFACE_ATTACHED : IFACE_DOWN;
	if (renamed || sample->state != state)
		report_iface(tc, iface);
}

static const struct nl_link *find_link(const struct nl_link *links, size_t n, uint32_t index,
				       size_t *ret_place)
{
	for (size_t i = 0; i < n; i++) {
		if (links[i].index == index) {
			*ret_place = i;
			return &links[i];
		}
	}
	return NULL;
}

/* Brings what is attached in line with the interfaces there are. Returns how many are counted. */
static size_t reconcile(struct capture_tc *tc)
{
	size_t n, n_attached = 0, place = 0;
	const struct nl_link *links = nl_links_get(tc->links, &n);
	cleanup(freep) bool *chosen = calloc(n + 1, sizeof(*chosen));
	bool matched[64] = { false };

	if (!chosen)
		return 0;
	if (tc->config.n_ifaces)
		nl_link_choose(links, n, tc->config.ifaces,
			       MIN(tc->config.n_ifaces, ARRAY_SIZE(matched)), chosen, matched);
	else
		nl_link_choose_default(links, n, chosen);
	for (uint16_t i = 1; i < tc->n_ifaces; i++) {
		struct iface *iface = &tc->ifaces[i];
		const struct nl_link *link;

		if (iface->sample.state == IFACE_GONE)
			continue;
		link = find_link(links, n, iface->sample.index, &place);
		follow_iface(tc, iface, link, link && chosen[place]);
	}
	for (size_t i = 0; i < n; i++) {
		struct iface *iface;

		if (!chosen[i] || find_by_index(tc, links[i].index))
			continue;
		iface = take_slot(tc, &links[i]);
		if (!iface) {
			(void)log_warn(0, "%s is not counted: %d interfaces are the most",
				       links[i].name, SAMPLE_IFACE_MAX - 1);
			continue;
		}
		set_name(iface, &links[i]);
		attach_iface(tc, iface, &links[i]);
	}
	for (uint16_t i = 1; i < tc->n_ifaces; i++)
		n_attached += is_attached(&tc->ifaces[i]);
	return n_attached;
}

static void on_links(void *data)
{
	(void)reconcile(data);
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

	store_drain(tc->store, tc->sink, tc->used, &tick.slots_used);
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
	r = bpf_map__set_value_size(tc->skel->maps.halves,
				    (__u32)store_half_size(slots4, slots6));
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
	struct store_config store = { .n_cpus = capture_n_cpus() };
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
			       "this kernel limits the table to %u flows per CPU and interval", slots4);
	store.map_fd = bpf_map__fd(tc->skel->maps.halves);
	store.control = (volatile uint64_t *)&tc->skel->data->control;
	store.slots4 = slots4;
	store.slots6 = slots6;
	r = store_new(&store, &tc->store);
	if (r < 0)
		return r;
	tc->slots = (slots4 + slots6) * store.n_cpus;
	tc->info.map_bytes = (uint64_t)store_half_size(slots4, slots6) * store.n_cpus * 2;
	tc->info.max_flows = tc->config.max_flows ? tc->config.max_flows :
						    MAX(flows, CAPTURE_TABLE_FLOWS);
	return 0;
}

static void tc_close(struct capture *capture)
{
	struct capture_tc *tc = tc_of(capture);

	if (!tc)
		return;
	nl_links_close(tc->links);
	for (uint16_t i = 1; i < tc->n_ifaces; i++)
		if (is_attached(&tc->ifaces[i]))
			detach_iface(tc, &tc->ifaces[i]);
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

static int explain_load(int r, char *error, size_t size)
{
	uint32_t privs = 0, missing;
	char names[128];

	(void)privs_get(&privs);
	/* without CAP_PERFMON the verifier refuses to step over headers of variable length */
	missing = (PRIV_BPF | PRIV_NET_ADMIN | PRIV_PERFMON) & ~privs;
	if ((r == -EPERM || r == -EACCES) && missing) {
		(void)privs_names(names, sizeof(names), missing);
		(void)snprintf(error, size, "counting packets needs %s: run it as root", names);
	} else {
		(void)snprintf(error, size, "cannot load the programs: %s (-v shows why)",
			       strerror(-r));
	}
	return r;
}

static int explain_ifaces(struct capture_tc *tc, char *error, size_t size)
{
	size_t n, used = 0;
	const struct nl_link *links = nl_links_get(tc->links, &n);
	char list[256] = "", name[4 * IF_NAMESIZE];

	for (size_t i = 0; i < n && used < sizeof(list); i++) {
		text_escape(name, sizeof(name), links[i].name, (size_t)-1);
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s", i ? " " : "",
					 name);
	}
	for (uint16_t i = 1; i < tc->n_ifaces; i++) {
		if (tc->ifaces[i].sample.state == IFACE_FAILED) {
			(void)snprintf(error, size, "cannot count on any interface: %s: %s",
				       tc->ifaces[i].sample.name, tc->ifaces[i].sample.note);
			return -EIO;
		}
	}
	if (tc->config.n_ifaces)
		(void)snprintf(error, size, "no interface matches -i %s; there are: %s",
			       tc->config.ifaces[0], list);
	else
		(void)snprintf(error, size, "no interface is up; there are: %s", list);
	return -ENODEV;
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
	tc->n_ifaces = 1; /* slot 0: none */
	tc->used[0] = 1;
	libbpf_set_print(print_libbpf);
	r = load(tc);
	if (r < 0)
		return explain_load(r, error, error_size);
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
	r = nl_links_open(loop, on_links, tc, &tc->links);
	if (r < 0) {
		(void)snprintf(error, error_size, "cannot list the interfaces: %s", strerror(-r));
		return r;
	}
	if (reconcile(tc) == 0)
		return explain_ifaces(tc, error, error_size);
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
	.help = "every packet in and out of the chosen interfaces (TCX, or clsact before Linux 6.6)",
	.open = tc_open,
	.tick = tc_tick,
	.finish = tc_finish,
	.close = tc_close,
	.info = tc_info,
};
