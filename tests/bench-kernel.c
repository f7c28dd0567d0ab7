/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cost per packet of the real programs, beside an empty program and beside "ref" (bpf/bench.bpf.c),
 * in rounds that visit all of them in turn: figures of one run can be compared, figures of two runs
 * cannot. Also the books under a flood and while epochs flip, and the cost of reading the tables.
 *
 * bench-kernel [-r ROUNDS] [-n REPEAT] [-p PEER_OBJECT] [PART...]; parts: hot sets xdp flood flip
 * drain. net is the median of (program - empty) over the rounds; ratios are medians of per-round
 * quotients, with the 10th and 90th percentile. Of XDP the kernel tells the cost in whole
 * nanoseconds.
 */
#include "config.h"

#include <linux/types.h>

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <math.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "abi.h"
#include "capture-size.h"
#include "capture-store.h"
#include "macro.h"

#include "bench.skel.h"
#include "packet.skel.h"

#define IDS (1U << 21)
#define ID_FRESH 0xffffffffU
#define SLOTS4 (1U << 17)
#define SLOTS6 (1U << 17)
#define PROGRAMS_MAX 4
#define ROUNDS_MAX 201

enum { EMPTY, REF, OURS, PEER };

struct program {
	const char *name;
	int fd;
	double ns[ROUNDS_MAX];
};

/* One set for each hook; programs is the one at hand. */
static struct program tc_programs[PROGRAMS_MAX], xdp_programs[PROGRAMS_MAX];
static struct program *programs = tc_programs;
static int n_tc, n_xdp, n_programs;
static bool xdp;
static struct bench_bpf *bench;
static struct packet_bpf *packet;
static struct store *store;
static uint32_t *ids;
static int rounds = 31, repeat = 1000000;
static uint8_t frame[2048];
static unsigned int frame_len;

static void die(const char *what, int r)
{
	fprintf(stderr, "bench-kernel: %s: %s\n", what, strerror(-r));
	exit(1);
}

static double now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

static int quiet(enum libbpf_print_level level, const char *format, va_list args)
{
	return level == LIBBPF_WARN ? vfprintf(stderr, format, args) : 0;
}

static struct packet_bpf *load_packet(uint32_t slots4, uint32_t slots6, bool labels,
				      struct store **ret_store)
{
	struct store_config config = {
		.n_writers = capture_n_cpus(),
		.slots4 = slots4,
		.slots6 = slots6,
	};
	struct packet_bpf *skel = packet_bpf__open();
	int r;

	if (!skel)
		die("open", -errno);
	skel->rodata->slots4_last = slots4 - 1;
	skel->rodata->slots6_last = slots6 - 1;
	skel->rodata->slots6_offset = ABI_OFFSET_SLOTS6((size_t)slots4);
	skel->rodata->hash_seed = 0x5bd1e995a3c59ac3ULL;
	bpf_map__set_value_size(skel->maps.halves, (__u32)store_half_size(slots4, slots6));
	bpf_map__set_max_entries(skel->maps.halves, 2 * config.n_writers);
	skel->rodata->xdp_frags = true;
	skel->rodata->labels = labels;
	bpf_program__set_flags(skel->progs.on_xdp, BPF_F_XDP_HAS_FRAGS);
	r = packet_bpf__load(skel);
	if (r < 0)
		die("load (needs root)", r);
	/* test runs come from the loopback device, number 1 */
	skel->bss->ifaces[1] = ABI_IFACE(1, 1, 0);
	config.map_fd = bpf_map__fd(skel->maps.halves);
	config.control = (volatile uint64_t *)&skel->data->control;
	r = store_new(&config, ret_store);
	if (r < 0)
		die("map", r);
	return skel;
}

static void use_hook(bool use_xdp)
{
	xdp = use_xdp;
	programs = xdp ? xdp_programs : tc_programs;
	n_programs = xdp ? n_xdp : n_tc;
}

/* Another object's program for a hook, which the names of its sections begin with: measured, never
 * shipped. False where it has none. */
static bool load_peer(const char *path, const char *name, enum bpf_prog_type type,
		      struct program *ret_program)
{
	struct bpf_object *object = bpf_object__open_file(path, NULL);
	struct bpf_program *program, *chosen = NULL;

	if (!object)
		die(path, -errno);
	bpf_object__for_each_program(program, object)
	{
		const char *section = bpf_program__section_name(program);
		bool wanted = strncmp(section, name, strlen(name)) == 0 ||
			      (name[0] == 't' && strncmp(section, "classifier", 10) == 0);

		bpf_program__set_autoload(program, wanted && !chosen);
		if (wanted && !chosen)
			chosen = program;
	}
	if (!chosen) {
		bpf_object__close(object);
		return false;
	}
	bpf_program__set_type(chosen, type);
	/* as ours: one that calls both of them by tail must not mix them */
	if (type == BPF_PROG_TYPE_XDP)
		bpf_program__set_flags(chosen, BPF_F_XDP_HAS_FRAGS);
	if (bpf_object__load(object))
		die(path, -errno);
	*ret_program = (struct program){.name = "peer", .fd = bpf_program__fd(chosen)};
	return true;
}

static void load_all(const char *peer)
{
	bench = bench_bpf__open_and_load();
	if (!bench)
		die("load (needs root)", -errno);
	ids = mmap(NULL, IDS * sizeof(*ids), PROT_READ | PROT_WRITE, MAP_SHARED,
		   bpf_map__fd(bench->maps.ids), 0);
	if (ids == MAP_FAILED)
		die("map", -errno);
	packet = load_packet(SLOTS4, SLOTS6, true, &store);
	tc_programs[EMPTY] = (struct program){"empty", bpf_program__fd(bench->progs.empty), {0}};
	tc_programs[REF] = (struct program){"ref", bpf_program__fd(bench->progs.ref), {0}};
	tc_programs[OURS] = (struct program){"pktop", bpf_program__fd(packet->progs.on_ingress), {0}};
	xdp_programs[EMPTY] =
		(struct program){"empty", bpf_program__fd(bench->progs.empty_xdp), {0}};
	xdp_programs[REF] = (struct program){"ref", bpf_program__fd(bench->progs.ref_xdp), {0}};
	xdp_programs[OURS] = (struct program){"pktop", bpf_program__fd(packet->progs.on_xdp), {0}};
	n_tc = n_xdp = PEER;
	if (!peer)
		return;
	n_tc += load_peer(peer, "tc", BPF_PROG_TYPE_SCHED_CLS, &tc_programs[PEER]);
	n_xdp += load_peer(peer, "xdp", BPF_PROG_TYPE_XDP, &xdp_programs[PEER]);
	if (n_tc + n_xdp == 2 * PEER)
		die("neither a tc nor an XDP program in the object", -ENOENT);
}

/* kind: tcp or udp, 4 or 6, then v for one VLAN tag. */
static void make_frame(const char *kind, unsigned int size)
{
	bool v6 = kind[3] == '6', udp = kind[0] == 'u', vlan = kind[4] == 'v';
	uint8_t *p = frame;
	uint16_t ports[2] = {htons(40000), htons(443)};

	memset(frame, 0, sizeof(frame));
	memcpy(p, "\2\0\0\0\0\1\2\0\0\0\0\2", 12);
	p += 12;
	if (vlan) {
		memcpy(p, "\x81\0\0\x2a", 4);
		p += 4;
	}
	memcpy(p, v6 ? "\x86\xdd" : "\x08\0", 2);
	p += 2;
	if (v6) {
		p[0] = 0x60;
		p[5] = (uint8_t)(size - (unsigned int)(p - frame) - 40);
		p[4] = (uint8_t)((size - (unsigned int)(p - frame) - 40) >> 8);
		p[6] = udp ? 17 : 6;
		memcpy(p + 8, "\x20\x01\x0d\xb8\0\0\0\1\0\0\0\0\0\0\0\1", 16);
		memcpy(p + 24, "\x20\x01\x0d\xb8\0\0\0\2\0\0\0\0\0\0\0\2", 16);
		p += 40;
	} else {
		p[0] = 0x45;
		p[2] = (uint8_t)((size - (unsigned int)(p - frame)) >> 8);
		p[3] = (uint8_t)(size - (unsigned int)(p - frame));
		p[8] = 64;
		p[9] = udp ? 17 : 6;
		memcpy(p + 12, "\x0a\0\0\1\x0a\0\0\2", 8);
		p += 20;
	}
	memcpy(p, ports, 4);
	if (!udp) {
		p[12] = 0x50;
		p[13] = 0x18;
	}
	frame_len = size;
}

static double run(int fd, int n)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = frame_len,
		    .repeat = n);
	double start = now_ns();

	if (bpf_prog_test_run_opts(fd, &opts))
		die("test run", -errno);
	/* the call waits for a grace period after a run of XDP */
	return xdp ? opts.duration : (now_ns() - start) / n;
}

static int driver_fd(void)
{
	return bpf_program__fd(xdp ? bench->progs.driver_xdp : bench->progs.driver);
}

static void set_target(int fd)
{
	uint32_t zero = 0;

	if (bpf_map_update_elem(bpf_map__fd(xdp ? bench->maps.target_xdp : bench->maps.target),
				&zero, &fd, 0))
		die("tail call", -errno);
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return CMP(x, y);
}

/* The value at a share of the way through the sorted quotients of two differences to empty. */
static void print_ratio(int base, int other)
{
	double quotient[ROUNDS_MAX];

	for (int i = 0; i < rounds; i++) {
		double net = programs[other].ns[i] - programs[EMPTY].ns[i];

		quotient[i] =
			(programs[base].ns[i] - programs[EMPTY].ns[i]) / (net > 0.1 ? net : 0.1);
	}
	qsort(quotient, (size_t)rounds, sizeof(*quotient), compare);
	printf("  %6.2f [%.2f %.2f]", quotient[rounds / 2], quotient[rounds / 10],
	       quotient[rounds - 1 - rounds / 10]);
}

static double median_net(int program)
{
	double net[ROUNDS_MAX];

	for (int i = 0; i < rounds; i++)
		net[i] = programs[program].ns[i] - programs[EMPTY].ns[i];
	qsort(net, (size_t)rounds, sizeof(*net), compare);
	return net[rounds / 2];
}

static double median_gross(int program)
{
	double gross[ROUNDS_MAX];

	memcpy(gross, programs[program].ns, sizeof(gross));
	qsort(gross, (size_t)rounds, sizeof(*gross), compare);
	return gross[rounds / 2];
}

static void print_head(const char *what)
{
	const char *ref = programs[REF].name;

	printf("%-22s %7s %7s %7s %7s%s  %*s/pktop [p10 p90]%s\n", what, "empty", ref, "pktop",
	       "gross", n_programs > PEER ? "    peer" : "", 6, ref,
	       n_programs > PEER ? "     peer/pktop [p10 p90]" : "");
}

/* Where these are set, a driven run is short and begins a new epoch: each flow in it is new. */
static struct store *fresh[2];
#define FRESH_RUN 20000

/* One line: all programs in turn, direct or through the driver. */
static void measure(const char *name, bool driven, int n)
{
	for (int i = 0; i < n_programs; i++) {
		if (driven)
			set_target(programs[i].fd);
		run(driven ? driver_fd() : programs[i].fd,
		    driven ? (int)IDS : n / 4);
	}
	for (int round = 0; round < rounds; round++) {
		for (int i = 0; i < n_programs; i++) {
			struct program *program = &programs[(i + round) % n_programs];
			int fd = program->fd;

			if (driven) {
				for (size_t j = 0; j < ARRAY_SIZE(fresh) && fresh[j]; j++)
					store_flip(fresh[j]);
				set_target(program->fd);
				fd = driver_fd();
				run(fd, 2000);
			}
			program->ns[round] = run(fd, n);
		}
	}
	printf("%-22s %7.1f %7.1f %7.1f %7.2f", name, median_gross(EMPTY), median_net(REF),
	       median_net(OURS), median_gross(OURS) / median_gross(EMPTY));
	if (n_programs > PEER)
		printf(" %7.1f", median_net(PEER));
	print_ratio(REF, OURS);
	if (n_programs > PEER)
		print_ratio(PEER, OURS);
	printf("\n");
	fflush(stdout);
}

static void bench_hot(void)
{
	static const struct {
		const char *kind;
		unsigned int size;
	} kinds[] = {
		{"tcp4", 64}, {"tcp4", 1500}, {"tcp6", 74},
		{"udp4", 64}, {"udp6", 74},   {"tcp4v", 64},
	};
	char name[32];

	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		make_frame(kinds[i].kind, kinds[i].size);
		snprintf(name, sizeof(name), "%s %u", kinds[i].kind, kinds[i].size);
		measure(name, false, repeat);
	}
}

static void bench_hot_tc(void)
{
	print_head("one hot flow (net ns)");
	bench_hot();
}

static uint32_t random_state = 12345;

static uint32_t random_u32(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state;
}

/* Ids of n flows, each once per pass, in random order. */
static void fill_uniform(uint32_t n)
{
	uint32_t *order = malloc(n * sizeof(*order));

	for (uint32_t i = 0; i < n; i++)
		order[i] = i;
	for (uint32_t done = 0; done < IDS;) {
		for (uint32_t i = n - 1; i > 0; i--) {
			uint32_t j = random_u32() % (i + 1), t = order[i];

			order[i] = order[j];
			order[j] = t;
		}
		for (uint32_t i = 0; i < n && done < IDS; i++)
			ids[done++] = htonl(0x0b000000U + order[i]);
	}
	free(order);
}

/* Zipf with exponent 1: rank k has a share of 1/k. */
static void fill_zipf(uint32_t n)
{
	double *sums = malloc(n * sizeof(*sums)), sum = 0;

	for (uint32_t i = 0; i < n; i++)
		sums[i] = sum += 1.0 / (i + 1);
	for (uint32_t i = 0; i < IDS; i++) {
		double r = random_u32() / 4294967296.0 * sum;
		uint32_t low = 0, high = n - 1;

		while (low < high) {
			uint32_t middle = (low + high) / 2;

			if (sums[middle] < r)
				low = middle + 1;
			else
				high = middle;
		}
		ids[i] = htonl(0x0b000000U + (low * 2654435761U & 0xffffff));
	}
	free(sums);
}

static void fill_flood(void)
{
	for (uint32_t i = 0; i < IDS; i++)
		ids[i] = ID_FRESH;
}

static void bench_sets(void)
{
	static const struct {
		const char *name;
		const char *kind;
		char how;
		uint32_t n;
	} sets[] = {
		{"1k flows", "tcp4", 'u', 1000},          {"10k flows", "tcp4", 'u', 10000},
		{"Zipf 100k flows", "tcp4", 'z', 100000}, {"1M flows", "tcp4", 'u', 1000000},
		{"spoofed flood", "tcp4", 'f', 0},        {"1k flows, IPv6", "tcp6", 'u', 1000},
		{"Zipf 100k, IPv6", "tcp6", 'z', 100000}, {"flood, IPv6", "tcp6", 'f', 0},
		{"1k flows, UDP", "udp4", 'u', 1000},
	};

	printf("\n");
	print_head(xdp ? "XDP, working sets" : "working sets (net ns)");
	for (size_t i = 0; i < ARRAY_SIZE(sets); i++) {
		make_frame(sets[i].kind, sets[i].kind[3] == '6' ? 74 : 64);
		if (sets[i].how == 'u')
			fill_uniform(sets[i].n);
		else if (sets[i].how == 'z')
			fill_zipf(sets[i].n);
		else
			fill_flood();
		/* tables as full of the past as they are in a run: an epoch of its own for each
		 * line */
		store_flip(store);
		measure(sets[i].name, true, repeat / 2);
	}
}

static void bench_xdp(void)
{
	use_hook(true);
	printf("\n");
	print_head("XDP, one hot flow");
	bench_hot();
	bench_sets();
	use_hook(false);
}

/* What it costs to tell the protocols of payloads: of flows that have been looked into already, and
 * of the first packets of new ones, which are all of a flood. */
static void bench_labels(void)
{
	static const char http[] = "GET / HTTP/1.1\r\nHost: example.net\r\n\r\n";
	static struct program label_programs[PEER];
	struct store *plain_store;
	struct packet_bpf *plain = load_packet(SLOTS4, SLOTS6, false, &plain_store);

	memcpy(label_programs, tc_programs, sizeof(label_programs));
	label_programs[REF] =
		(struct program){"no-l7", bpf_program__fd(plain->progs.on_ingress), {0}};
	programs = label_programs;
	n_programs = PEER;
	printf("\n");
	print_head("labels (net ns)");
	fresh[0] = store;
	fresh[1] = plain_store;
	fill_uniform(IDS);
	make_frame("tcp4", 1500);
	measure("known, not told", false, repeat);
	measure("new, not told", true, FRESH_RUN);
	memcpy(frame + 54, http, sizeof(http) - 1);
	measure("known, HTTP", false, repeat);
	measure("new, HTTP", true, FRESH_RUN);
	make_frame("udp4", 80);
	measure("new, UDP", true, FRESH_RUN);
	make_frame("tcp4", 54);
	measure("new, no payload", true, FRESH_RUN);
	fresh[0] = NULL;
	use_hook(false);
	store_free(plain_store);
	packet_bpf__destroy(plain);
}

/* Books: what a drain delivers. */

struct books {
	uint64_t flows, folded, other, total, n_flows;
	uint64_t known[100]; /* packets of the flows 11.0.0.0 + i */
};

static void books_iface(ATTR_UNUSED void *data, ATTR_UNUSED const struct sample_iface *iface)
{
}

static void books_flows(void *data, const struct sample_flow *flows, size_t n)
{
	struct books *books = data;

	for (size_t i = 0; i < n; i++) {
		const uint8_t *src = flows[i].key.src;

		books->n_flows++;
		*(flows[i].key.open ? &books->folded : &books->flows) += flows[i].count.packets;
		if (!flows[i].key.open && src[0] == 11 && !src[1] && !src[2] && src[3] < 100)
			books->known[src[3]] += flows[i].count.packets;
	}
}

static void books_hook(void *data, const struct sample_hook *hook)
{
	struct books *books = data;

	books->total += hook->total.packets;
	for (int i = 0; i < OTHER_MAX; i++)
		books->other += hook->other[i].packets;
}

static void books_tick(ATTR_UNUSED void *data, ATTR_UNUSED const struct sample_tick *tick)
{
}

static const uint64_t all_ifaces[SAMPLE_IFACE_MAX / 64] = {3};

static void drain(struct store *from, struct books *books, bool wait)
{
	const struct sample_sink sink = {
		.data = books,
		.iface = books_iface,
		.flows = books_flows,
		.hook = books_hook,
		.tick = books_tick,
	};
	uint32_t used;
	int r;

	store_flip(from);
	r = wait ? store_wait(from) : 0;
	if (r < 0)
		die("grace period", r);
	store_drain(from, &sink, all_ifaces, &used);
}

/* Packets that ref still knows of. */
static uint64_t ref_packets(uint64_t *known)
{
	int fd = bpf_map__fd(bench->maps.ref_flows), n_cpus = (int)capture_n_cpus();
	struct {
		uint64_t src[2], dst[2], reserved[4], tuple;
	} key, *previous = NULL;
	uint64_t *values = calloc((size_t)n_cpus, 16), sum = 0;

	while (bpf_map_get_next_key(fd, previous, &key) == 0) {
		previous = &key;
		if (bpf_map_lookup_elem(fd, &key, values))
			continue;
		for (int cpu = 0; cpu < n_cpus; cpu++) {
			uint8_t *src = (uint8_t *)&key.src[1];

			sum += values[cpu * 2];
			if (src[0] == 11 && !src[1] && !src[2] && src[3] < 100)
				known[src[3]] += values[cpu * 2];
		}
	}
	free(values);
	return sum;
}

/* A flood, then half flood and half 10k known flows (Zipf), the table being full of the flood. */
static void bench_flood(void)
{
	enum { N = 4 << 20 };
	static uint64_t sent[100], ref_known[100];
	struct books books = {0}, before = {0};
	uint64_t ref_before, n_found = 0, n_ref_found = 0, ref_sum;
	double error = 0;
	uint32_t *mixed = malloc(IDS * sizeof(*mixed));

	make_frame("tcp4", 64);
	fill_zipf(10000);
	for (uint32_t i = 0; i < IDS; i++) {
		/* ranks as last byte of the address, so that the heaviest are known by it */
		mixed[i] = i % 2 ? ID_FRESH : ids[i];
	}
	for (int i = 0; i < 100; i++)
		sent[i] = 0;
	drain(store, &before, true);
	ref_before = ref_packets(ref_known);
	memset(ref_known, 0, sizeof(ref_known));
	for (int program = REF; program <= OURS; program++) {
		set_target(programs[program].fd);
		fill_flood();
		run(driver_fd(), N);
		for (uint32_t i = 0; i < IDS; i++) {
			uint32_t rank = i / 2 % 200;

			/* 100 known flows of equal weight in the half that is not flood, the rest
			 * small ones */
			ids[i] = i % 2        ? ID_FRESH
				 : rank < 100 ? htonl(0x0b000000U + rank)
					      : mixed[i] | htonl(0x00010000);
			if (program == OURS && ids[i] != ID_FRESH && rank < 100 && i % 2 == 0)
				sent[rank]++;
		}
		run(driver_fd(), (int)IDS);
	}
	drain(store, &books, true);
	ref_sum = ref_packets(ref_known);
	for (int i = 0; i < 100; i++) {
		n_found += books.known[i] > 0;
		n_ref_found += ref_known[i] > 0;
		error += fabs((double)books.known[i] - (double)sent[i]) / (double)sent[i] / 100;
	}
	printf("\nflood of %d sources, then %u packets of which half are flood\n", N, IDS);
	printf("pktop: flows %llu + folded %llu + other %llu = total %llu; sent %u; missing %lld; "
	       "100 known flows: %llu found, mean error %.4f %%\n",
	       (unsigned long long)books.flows, (unsigned long long)books.folded,
	       (unsigned long long)books.other, (unsigned long long)books.total, N + IDS,
	       (long long)(N + IDS) - (long long)(books.flows + books.folded + books.other),
	       (unsigned long long)n_found, error * 100);
	printf("ref:   in the map %llu; sent %u; missing %.1f %%; 100 known flows: %llu found\n",
	       (unsigned long long)ref_sum, N + IDS,
	       100.0 * (1 - (double)ref_sum / (double)(N + IDS + ref_before)),
	       (unsigned long long)n_ref_found);
	free(mixed);
}

/* Epochs flip while another CPU counts. */

static volatile bool stop;
static uint64_t n_sent;

static void *send_all(ATTR_UNUSED void *data)
{
	cpu_set_t set;

	CPU_ZERO(&set);
	CPU_SET(0, &set);
	(void)sched_setaffinity(0, sizeof(set), &set);
	while (!stop) {
		run(driver_fd(), 100000);
		n_sent += 100000;
	}
	return NULL;
}

static void flip_one(const char *name, const char *kind, bool wait)
{
	struct books books = {0}, before = {0};
	double start, spent = 0;
	pthread_t thread;
	int n_flips = 0;

	make_frame(kind, kind[3] == '6' ? 74 : 64);
	set_target(programs[OURS].fd);
	drain(store, &before, true);
	stop = false;
	n_sent = 0;
	if (pthread_create(&thread, NULL, send_all, NULL))
		die("thread", -EAGAIN);
	for (start = now_ns(); now_ns() - start < 2e9; n_flips++) {
		double t = now_ns();

		drain(store, &books, wait);
		spent += now_ns() - t;
		usleep(wait ? 1000 : 500);
	}
	stop = true;
	pthread_join(thread, NULL);
	drain(store, &books, true);
	drain(store, &books, true);
	printf("%-22s %s flips=%d sent=%llu flows=%llu folded=%llu other=%llu diff=%lld  %.1f ms "
	       "per flip\n",
	       name, wait ? "grace" : "none ", n_flips, (unsigned long long)n_sent,
	       (unsigned long long)books.flows, (unsigned long long)books.folded,
	       (unsigned long long)books.other,
	       (long long)n_sent - (long long)(books.flows + books.folded + books.other),
	       spent / n_flips / 1e6);
}

static void bench_flip(void)
{
	printf("\nepochs that flip under load (diff must be 0 with a grace period)\n");
	fill_uniform(1000);
	flip_one("1k flows", "tcp4", true);
	flip_one("1k flows, IPv6", "tcp6", true);
	fill_zipf(100000);
	flip_one("Zipf 100k flows", "tcp4", true);
	flip_one("Zipf 100k flows", "tcp4", false);
	fill_flood();
	flip_one("spoofed flood", "tcp4", true);
	flip_one("flood, IPv6", "tcp6", true);
}

/* Reading the tables. */

/* Batch reads of a map as wide as ref's, the fastest way there is to read one. */
static double drain_batch(int fd, uint32_t key_size, uint32_t value_size)
{
	enum { BATCH = 4096 };
	uint8_t *keys = malloc((size_t)BATCH * key_size),
		*values = malloc((size_t)BATCH * value_size);
	uint32_t in = 0, out = 0, n;
	void *cursor = NULL;
	double start = now_ns();
	int r;

	do {
		n = BATCH;
		r = bpf_map_lookup_batch(fd, cursor, &out, keys, values, &n, NULL);
		in = out;
		cursor = &in;
	} while (r == 0);
	start = now_ns() - start;
	free(keys);
	free(values);
	return start;
}

static double median_of(double *values, int n)
{
	qsort(values, (size_t)n, sizeof(*values), compare);
	return values[n / 2];
}

static void drain_one(uint32_t n, uint32_t slots)
{
	enum { TIMES = 7 };
	struct bpf_map *maps[] = {bench->maps.ref_flows, bench->maps.ref_labels};
	LIBBPF_OPTS(bpf_map_create_opts, opts);
	double ours[TIMES], ref[TIMES];
	struct packet_bpf *skel;
	struct store *own;
	int fds[2], ref_fd;

	skel = load_packet(slots, 1024, true, &own);
	/* maps of ref's shape that hold n flows without evicting */
	fds[0] = bpf_map_create(BPF_MAP_TYPE_LRU_PERCPU_HASH, "drain", bpf_map__key_size(maps[0]),
				16, n * 2, &opts);
	fds[1] = bpf_map_create(BPF_MAP_TYPE_LRU_HASH, "drain", bpf_map__key_size(maps[1]), 1,
				n * 2, &opts);
	if (fds[0] < 0 || fds[1] < 0)
		die("map", -errno);
	make_frame("tcp4", 64);
	fill_uniform(n);
	ref_fd = bpf_program__fd(skel->progs.on_ingress);
	for (uint32_t i = 0; i < n; i++) {
		uint64_t key[9] = {0, i, 0, 1}, *values = calloc(capture_n_cpus(), 16);
		uint8_t none = 0;

		bpf_map_update_elem(fds[0], key, values, BPF_ANY);
		key[4] = i;
		bpf_map_update_elem(fds[1], key, &none, BPF_ANY);
		free(values);
	}
	for (int i = 0; i < TIMES; i++) {
		struct books books = {0};
		const struct sample_sink sink = {
			.data = &books,
			.iface = books_iface,
			.flows = books_flows,
			.hook = books_hook,
			.tick = books_tick,
		};
		uint32_t used;

		set_target(ref_fd);
		run(driver_fd(), (int)IDS);
		store_flip(own);
		if (store_wait(own) < 0)
			die("grace period", -errno);
		ours[i] = now_ns();
		store_drain(own, &sink, all_ifaces, &used);
		ours[i] = now_ns() - ours[i];
		ref[i] = drain_batch(fds[0], bpf_map__key_size(maps[0]), 16 * capture_n_cpus()) +
			 drain_batch(fds[1], bpf_map__key_size(maps[1]), 1);
		if (i == TIMES - 1 && books.n_flows < n * 99 / 100)
			printf("# only %llu of %u flows had a slot\n",
			       (unsigned long long)books.n_flows, n);
	}
	printf("%-22u %8.2f ms %8.2f ms %8.1f\n", n, median_of(ref, TIMES) / 1e6,
	       median_of(ours, TIMES) / 1e6, median_of(ref, TIMES) / median_of(ours, TIMES));
	fflush(stdout);
	close(fds[0]);
	close(fds[1]);
	store_free(own);
	packet_bpf__destroy(skel);
}

static void bench_drain(void)
{
	printf("\n%-22s %11s %11s %8s\n", "drain, flows", "ref, batch", "pktop", "ratio");
	drain_one(10000, SLOTS4);
	drain_one(100000, 1U << 18);
	drain_one(1000000, 1U << 21);
}

int main(int argc, char **argv)
{
	static const struct {
		const char *name;
		void (*run)(void);
	} parts[] = {
		{"hot", bench_hot_tc},  {"sets", bench_sets}, {"xdp", bench_xdp},
		{"flood", bench_flood}, {"flip", bench_flip}, {"drain", bench_drain},
		{"labels", bench_labels},
	};
	const char *peer = NULL;
	cpu_set_t set;
	int c;

	while ((c = getopt(argc, argv, "r:n:p:")) != -1) {
		if (c == 'r')
			rounds = atoi(optarg) < 3 ? 3 : atoi(optarg) < ROUNDS_MAX ? atoi(optarg) : ROUNDS_MAX;
		else if (c == 'n')
			repeat = atoi(optarg);
		else if (c == 'p')
			peer = optarg;
		else
			return 2;
	}
	libbpf_set_print(quiet);
	CPU_ZERO(&set);
	CPU_SET(capture_n_cpus() > 1 ? 1 : 0, &set);
	(void)sched_setaffinity(0, sizeof(set), &set);
	load_all(peer);
	use_hook(false);
	for (size_t i = 0; i < ARRAY_SIZE(parts); i++) {
		bool wanted = optind == argc;

		for (int j = optind; j < argc; j++)
			wanted |= strcmp(argv[j], parts[i].name) == 0;
		if (wanted)
			parts[i].run();
	}
	return 0;
}
