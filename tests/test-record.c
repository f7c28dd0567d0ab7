/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Recordings: what is written is read back; what is cut short or damaged is found out. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture-file.h"
#include "capture-record.h"
#include "capture-replay.h"
#include "capture.h"
#include "clock.h"
#include "loop.h"
#include "macro.h"
#include "sample.h"
#include "tap.h"

#define MONO 1000000000000ULL       /* of the start of the recordings */
#define REAL 1767225600000000000ULL /* 2026-01-01T00:00:00Z */

static char dir[] = "/tmp/test-record.XXXXXX";
static char path[64], other_path[64];

/* A sink that writes down what it gets, one line per call or flow. */
struct book {
	char *text;
	size_t size;
	FILE *stream;
	unsigned int n_ticks;
};

static void book_iface(void *data, const struct sample_iface *iface)
{
	fprintf(((struct book *)data)->stream, "iface %u %u %d %u %" PRIu64 " '%s' '%s' '%s'\n",
		iface->slot, iface->state, iface->layer3, iface->index, iface->speed_bps,
		iface->name, iface->attach, iface->note);
}

static void book_flows(void *data, const struct sample_flow *flows, size_t n_flows)
{
	FILE *stream = ((struct book *)data)->stream;

	for (size_t i = 0; i < n_flows; i++) {
		const uint8_t *key = (const uint8_t *)&flows[i].key;

		fputs("flow ", stream);
		for (size_t j = 0; j < sizeof(flows[i].key); j++)
			fprintf(stream, "%02x", key[j]);
		fprintf(stream, " %" PRIu64 " %" PRIu64 " %02x %u l7 %u\n", flows[i].count.packets,
			flows[i].count.bytes, flows[i].tcp_flags, flows[i].retransmits,
			flows[i].l7);
	}
}

static void book_owner(void *data, const struct sample_owner *owner)
{
	const char *const texts[] = {
		owner->comm,    owner->command,       owner->user,           owner->cgroup,
		owner->runtime, owner->container,     owner->container_name, owner->image,
		owner->pod,     owner->pod_namespace,
	};
	FILE *stream = ((struct book *)data)->stream;

	fprintf(stream, "owner %u %u %u %" PRIu64 " %" PRIu64 " %d", owner->number, owner->pid,
		owner->uid, owner->start_ns, owner->cgroup_id, owner->gone);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		fprintf(stream, " '%s'", texts[i]);
	fputc('\n', stream);
}

static void book_sockets(void *data, const struct sample_socket *sockets, size_t n_sockets)
{
	FILE *stream = ((struct book *)data)->stream;

	for (size_t i = 0; i < n_sockets; i++) {
		const struct sample_socket *socket = &sockets[i];

		fputs("socket ", stream);
		for (size_t j = 0; j < 16; j++)
			fprintf(stream, "%02x%02x", socket->local[j], socket->remote[j]);
		fprintf(stream, " %u %u %u %u %u %d %d %d %u %u %u %" PRIu64 "\n", socket->lport,
			socket->rport, socket->family, socket->proto, socket->kind,
			socket->estimated, socket->passed_on, socket->gone, socket->netns,
			socket->owner, socket->reason, socket->cookie);
	}
}

static void book_addr(void *data, const struct sample_addr *addr)
{
	FILE *stream = ((struct book *)data)->stream;

	fputs("addr ", stream);
	for (size_t j = 0; j < 16; j++)
		fprintf(stream, "%02x", addr->addr[j]);
	fprintf(stream, " %u %u %d\n", addr->family, addr->netns, addr->gone);
}

static void book_hook(void *data, const struct sample_hook *hook)
{
	FILE *stream = ((struct book *)data)->stream;

	fprintf(stream, "hook %u %u %" PRIu64 "/%" PRIu64, hook->iface, hook->direction,
		hook->total.packets, hook->total.bytes);
	for (size_t i = 0; i < OTHER_MAX; i++)
		fprintf(stream, " %" PRIu64 "/%" PRIu64, hook->other[i].packets,
			hook->other[i].bytes);
	fprintf(stream, " %" PRIu64 " %" PRIu64 " %" PRIu64 " %" PRIu64 "\n", hook->syn,
		hook->syn_ack, hook->fin, hook->rst);
}

static void book_tick(void *data, const struct sample_tick *tick)
{
	struct book *book = data;

	fprintf(book->stream, "tick %" PRIu64 " %" PRIu64 " %" PRIu64 " %u %u\n", tick->start_ns,
		tick->end_ns, tick->real_ns, tick->slots, tick->slots_used);
	book->n_ticks++;
}

static struct sample_sink book_open(struct book *book)
{
	*book = (struct book){0};
	book->stream = open_memstream(&book->text, &book->size);
	return (struct sample_sink){.data = book,
				    .owner = book_owner,
				    .sockets = book_sockets,
				    .addr = book_addr,
				    .iface = book_iface,
				    .flows = book_flows,
				    .hook = book_hook,
				    .tick = book_tick};
}

static const char *book_read(struct book *book)
{
	fflush(book->stream);
	return book->text;
}

static void book_close(struct book *book)
{
	fclose(book->stream);
	free(book->text);
}

static const struct capture_owners owner_source = {
	.reason = OWNER_NOT_PERMITTED,
	.note = "programs that watch sockets cannot be used",
};

static const struct capture_info info = {
	.backend = "tc",
	.layer = "l2",
	.host = "web\\x1b1",
	.max_flows = 4096,
	.start_mono_ns = MONO,
	.start_real_ns = REAL,
	.map_bytes = 123456,
	.note = "chosen by hand",
	.owner_source = &owner_source,
	.netns = 4026531840,
};

static const struct sample_iface eth0 = {
	.slot = 0,
	.state = IFACE_ATTACHED,
	.index = 2,
	.speed_bps = 1000000000,
	.name = "eth0",
	.attach = "tcx",
};

static const struct sample_iface tun = {
	.slot = 1023,
	.state = IFACE_FAILED,
	.layer3 = true,
	.index = 7,
	.name = "tun\\x0a",
	.note = "no such link type",
};

static const struct sample_flow flow4 = {
	.key = {.src = {192, 0, 2, 7},
		.dst = {192, 0, 2, 1},
		.sport = 41234,
		.dport = 443,
		.vlan = 5,
		.family = FAMILY_IPV4,
		.proto = 6},
	.count = {10, 1500},
	.tcp_flags = 0x12,
	.l7 = L7_TLS,
	.retransmits = 3,
};

static const struct sample_flow flow6 = {
	.key = {.src = {0x20, 1, 0xd, 0xb8, [15] = 1},
		.dst = {0x20, 1, 0xd, 0xb8, [15] = 2},
		.sport = 53,
		.dport = 5353,
		.iface = 1023,
		.direction = DIRECTION_OUT,
		.family = FAMILY_IPV6,
		.proto = 17},
	.count = {UINT64_MAX, UINT64_MAX - 1},
};

static const struct sample_flow folded = {
	.key = {.dst = {192, 0, 2, 1},
		.dport = 80,
		.family = FAMILY_IPV4,
		.proto = 6,
		.open = OPEN_SRC_ADDR | OPEN_SRC_PORT},
	.count = {7, 420},
	.tcp_flags = 0x02,
};

static const struct sample_hook hook = {
	.iface = 0,
	.direction = DIRECTION_IN,
	.total = {20, 2100},
	.other = {{1, 60}, {2, 120}, {3, 180}},
	.syn = 4,
	.syn_ack = 5,
	.fin = 6,
	.rst = 7,
};

static const struct sample_owner nginx = {
	.number = 1,
	.pid = 1234,
	.uid = 33,
	.start_ns = 123456789012,
	.cgroup_id = 4711,
	.comm = "nginx",
	.command = "nginx: worker process \\x1b",
	.user = "www-data",
	.cgroup = "/system.slice/nginx.service",
	.runtime = "",
	.container = "0123456789abcdef",
	.container_name = "web",
	.image = "nginx:1.27",
	.pod = "web-1",
	.pod_namespace = "default",
};

static const struct sample_owner unknown = {
	.number = 2,
	.uid = UINT32_MAX,
	.gone = true,
	.comm = "",
	.command = "",
	.user = "",
	.cgroup = "",
	.runtime = "",
	.container = "",
	.container_name = "",
	.image = "",
	.pod = "",
	.pod_namespace = "",
};

static const struct sample_socket sockets[] = {
	{.local = {192, 0, 2, 1},
	 .remote = {192, 0, 2, 7},
	 .lport = 443,
	 .rport = 41234,
	 .family = FAMILY_IPV4,
	 .proto = 6,
	 .netns = 4026531840,
	 .owner = 1,
	 .cookie = 77},
	{.lport = 53,
	 .family = FAMILY_IPV6,
	 .proto = 17,
	 .kind = SOCKET_BOUND,
	 .estimated = true,
	 .reason = OWNER_NOT_PERMITTED},
	{.lport = 80,
	 .family = FAMILY_IPV4,
	 .proto = 6,
	 .kind = SOCKET_LISTENING,
	 .passed_on = true,
	 .gone = true,
	 .owner = 2},
};

static const struct sample_addr addrs[] = {
	{.addr = {192, 0, 2, 1}, .family = FAMILY_IPV4, .netns = 4026531840},
	{.addr = {0xfe, 0x80, [15] = 1}, .family = FAMILY_IPV6, .gone = true},
};

static struct sample_tick tick_of(unsigned int n, uint64_t length_ns)
{
	return (struct sample_tick){
		.start_ns = MONO + n * length_ns,
		.end_ns = MONO + (n + 1) * length_ns,
		.real_ns = REAL + (n + 1) * length_ns,
		.slots = 8192,
		.slots_used = 3,
	};
}

static void feed(const struct sample_sink *sink, unsigned int n, uint64_t length_ns)
{
	const struct sample_flow flows[] = {flow4, folded};
	struct sample_tick tick = tick_of(n, length_ns);

	if (n == 1) {
		sink->owner(sink->data, &nginx);
		sink->owner(sink->data, &unknown);
		sink->sockets(sink->data, sockets, ARRAY_SIZE(sockets));
		sink->addr(sink->data, &addrs[0]);
		sink->addr(sink->data, &addrs[1]);
	}
	/* In the order of a file: flows are collected, short keys come first. */
	sink->hook(sink->data, &hook);
	sink->flows(sink->data, flows, 2);
	sink->flows(sink->data, &flow6, 1);
	if (n == 1) {
		struct sample_iface gone = eth0;

		gone.state = IFACE_GONE;
		sink->iface(sink->data, &gone);
	}
	sink->tick(sink->data, &tick);
}

/* Writes n intervals to path. The book gets what was passed on. */
static int make(struct book *book, unsigned int n, uint64_t length_ns)
{
	struct capture_record *record;
	struct sample_sink next = book_open(book);
	int r = capture_record_new(path, &next, &record);

	if (r < 0)
		return r;

	const struct sample_sink *sink = capture_record_sink(record);

	sink->iface(sink->data, &eth0);
	sink->iface(sink->data, &tun);
	r = capture_record_begin(record, &info);
	for (unsigned int i = 0; i < n; i++)
		feed(sink, i, length_ns);
	return capture_record_close(record) ?: r;
}

/* Reads a whole recording. error holds what open() said, then the note. */
static int replay_all(const char *file, struct book *book, char *error, size_t error_size)
{
	struct capture_config config = {.file = file};
	struct sample_sink sink = book_open(book);
	struct capture *capture;
	int r;

	error[0] = '\0';
	r = capture_replay_ops.open(&config, NULL, &sink, &capture, error, error_size);
	if (r < 0)
		return r;
	r = capture_replay_ops.finish(capture);
	snprintf(error, error_size, "%s", capture_replay_ops.info(capture)->note);
	if (!capture_replay_done(capture))
		r = -EINPROGRESS;
	capture_replay_ops.close(capture);
	return r;
}

static size_t slurp(const char *file, uint8_t *buf, size_t size)
{
	FILE *f = fopen(file, "rb");
	size_t n = f ? fread(buf, 1, size, f) : 0;

	if (f)
		fclose(f);
	return n;
}

static void spit(const char *file, const uint8_t *buf, size_t n)
{
	FILE *f = fopen(file, "wb");

	if (!f || fwrite(buf, 1, n, f) != n || fclose(f) != 0)
		abort();
}

static void test_round_trip(void)
{
	struct book wrote, read;
	char error[2048];
	struct capture_config config = {.file = path};
	struct capture *capture;
	struct sample_sink sink;

	is_int(make(&wrote, 3, NSEC_PER_SEC), 0, "a recording is written");
	is_int(replay_all(path, &read, error, sizeof(error)), 0, "and read");
	is_str(error, "replay of a.rec; chosen by hand", "the note names the file");
	is_str(book_read(&read), book_read(&wrote), "what is read is what was passed on");
	is_int(read.n_ticks, 3, "in three intervals");
	book_close(&read);
	unlink(path);
	book_close(&wrote);

	make(&wrote, 2, NSEC_PER_SEC);
	sink = book_open(&read);
	is_int(capture_replay_ops.open(&config, NULL, &sink, &capture, error, sizeof(error)), 0,
	       "open");

	const struct capture_info *got = capture_replay_ops.info(capture);

	is_str(got->backend, "tc", "info: back end as recorded");
	is_str(got->layer, "l2", "info: layer");
	is_str(got->host, "web\\x1b1", "info: escaped host stays as it is");
	is_u64(got->max_flows, 4096, "info: flows");
	is_u64(got->start_mono_ns, MONO, "info: start, monotonic");
	is_u64(got->start_real_ns, REAL, "info: start, real");
	is_u64(got->map_bytes, 123456, "info: map bytes");
	ok(!got->owners, "info: owners are not looked for");
	is_int(capture_owners(got)->reason, OWNER_NOT_PERMITTED, "info: why not");
	is_str(capture_owners(got)->note, "programs that watch sockets cannot be used",
	       "info: why not, as a sentence");
	ok(!capture_owners(got)->conns.works, "info: connections are not told of");
	is_u64(got->netns, 4026531840, "info: network namespace");
	is_str(book_read(&read),
	       "iface 0 0 0 2 1000000000 'eth0' 'tcx' ''\n"
	       "iface 1023 3 1 7 0 'tun\\x0a' '' 'no such link type'\n",
	       "open() delivers the interfaces, nothing else");
	ok(!capture_replay_done(capture), "not done");
	is_int(capture_replay_ops.tick(capture), 0, "tick");
	is_int(read.n_ticks, 1, "one interval per tick");
	ok(!capture_replay_done(capture), "not done after one of two");
	is_int(capture_replay_ops.tick(capture), 0, "tick");
	is_int(read.n_ticks, 2, "the second interval");
	ok(capture_replay_done(capture), "done after two of two");
	is_int(capture_replay_ops.tick(capture), 0, "a tick past the end is no error");
	is_str(capture_replay_reason(capture), "", "and there is nothing to say");
	is_int(read.n_ticks, 2, "and delivers nothing");
	capture_replay_ops.close(capture);
	config.max_flows = 99;
	capture_replay_ops.open(&config, NULL, &sink, &capture, error, sizeof(error));
	is_u64(capture_replay_ops.info(capture)->max_flows, 99, "--max-entries wins");
	capture_replay_ops.close(capture);
	book_close(&read);
	book_close(&wrote);
	unlink(path);
}

/* The bytes of a small recording, so that the layout cannot change without notice. */
static void test_layout(void)
{
	static const uint8_t want_flow[] = {
		/* type 3, no flags, 48 bytes; the checksum is left out */
		3,    0, 0,  0, 48, 0, 0, 0, 192, 0,    2,    7, 192, 0, 2, 1, 0x12, 0xa1, 0xbb,
		0x01, 5, 0,  0, 0,  0, 1, 6, 0,   0x12, 3,    0, 0,   0, 0, 0, 0,    3,    0,
		0,    0, 10, 0, 0,  0, 0, 0, 0,   0,    0xdc, 5, 0,   0, 0, 0, 0,    0,
	};
	static const uint8_t start[] = {0x89, 'P', 'K', 'T', '\r', '\n', 0x1a, '\n',
					4,    3,   2,   1,   1,    0,    0,    0};
	static const uint8_t end[] = {7, 0, 0, 0, 0, 0, 0, 0};
	struct capture_record *record;
	struct book book;
	struct sample_sink next = book_open(&book);
	struct sample_tick tick = tick_of(0, NSEC_PER_SEC);
	uint8_t buf[1024];

	capture_record_new(path, &next, &record);

	const struct sample_sink *sink = capture_record_sink(record);

	capture_record_begin(record, &info);
	sink->flows(sink->data, &flow4, 1);
	sink->tick(sink->data, &tick);
	is_int(capture_record_close(record), 0, "closed");

	size_t n = slurp(path, buf, sizeof(buf)), at = 16 + 12 + 40 + 5 * 2 + 2 + 2 + 8 + 14 + 42;

	is_u64(n, at + 12 + 48 + 12 + 32 + 12, "the file has the size it should have");
	ok(memcmp(buf, start, sizeof(start)) == 0, "start of the file");
	ok(memcmp(buf + at, want_flow, 8) == 0 &&
		   memcmp(buf + at + 12, want_flow + 8, sizeof(want_flow) - 8) == 0,
	   "record of a flow");
	ok(memcmp(buf + n - 12, end, sizeof(end)) == 0, "end mark");
	book_close(&book);
	unlink(path);
}

/* More flows than one record holds. */
static void test_many(void)
{
	enum { N = 5000 };
	struct capture_record *record;
	struct book wrote, read;
	struct sample_sink next = book_open(&wrote);
	struct sample_tick tick = tick_of(0, NSEC_PER_SEC);
	char error[2048];

	capture_record_new(path, &next, &record);

	const struct sample_sink *sink = capture_record_sink(record);

	sink->iface(sink->data, &eth0);
	sink->iface(sink->data, &tun);
	capture_record_begin(record, &info);
	for (unsigned int i = 0; i < N; i++) {
		struct sample_flow flow = flow6;

		flow.key.sport = (uint16_t)i;
		sink->flows(sink->data, &flow, 1);
	}
	sink->tick(sink->data, &tick);
	is_int(capture_record_close(record), 0, "%d flows are written", N);
	is_int(replay_all(path, &read, error, sizeof(error)), 0, "and read");
	is_str(book_read(&read), book_read(&wrote), "all of them");
	book_close(&read);
	book_close(&wrote);
	unlink(path);
}

/* Offset behind each tick of a recording, and where its interval records begin. */
static size_t tick_ends(const uint8_t *buf, size_t n, size_t *ends, size_t *ret_head_end)
{
	size_t n_ends = 0, at = CAPTURE_FILE_START_SIZE;

	while (at + CAPTURE_FILE_RECORD_SIZE <= n) {
		unsigned int type = buf[at];

		at += CAPTURE_FILE_RECORD_SIZE + buf[at + 4] + buf[at + 5] * 256u;
		if (type == CAPTURE_FILE_HEAD)
			*ret_head_end = at;
		if (type == CAPTURE_FILE_TICK)
			ends[n_ends++] = at;
	}
	return n_ends;
}

static bool is_prefix(const char *text, const char *of)
{
	return strncmp(text, of, strlen(text)) == 0;
}

static void test_truncation(void)
{
	struct book whole, read;
	uint8_t buf[4096];
	char error[2048];
	size_t ends[3], head_end = 0, n;
	unsigned int bad = 0;

	make(&whole, 3, NSEC_PER_SEC);
	n = slurp(path, buf, sizeof(buf));
	is_u64(tick_ends(buf, n, ends, &head_end), 3, "%zu bytes with three ticks", n);
	for (size_t size = n; size-- > 0;) {
		unsigned int want = 0;

		if (truncate(path, (off_t)size) < 0)
			abort();
		for (size_t i = 0; i < 3; i++)
			want += size >= ends[i];

		int r = replay_all(path, &read, error, sizeof(error));
		bool good = size < head_end ? r == -EBADMSG : r == 0;

		good = good && is_prefix(book_read(&read), book_read(&whole));
		good = good && read.n_ticks == want;
		/* Nothing of an interval without its tick. */
		good = good && (want == 0 ? !strstr(read.text, "flow ")
					  : strcmp(strrchr(read.text, '\n'), "\n") == 0);
		good = good && (size == 0 || strstr(error, "cut short") ||
				strstr(error, "stops without an end mark"));
		if (!good)
			printf("# cut at %zu: %d, %u ticks of %u: %s\n", size, r, read.n_ticks,
			       want, error);
		bad += !good;
		book_close(&read);
	}
	is_int(bad, 0, "cut at every byte: every whole interval is delivered, and a note");
	unlink(path);

	/* One literal case of each kind. */
	spit(path, buf, ends[1]);
	replay_all(path, &read, error, sizeof(error));
	is_str(error,
	       "replay of a.rec; chosen by hand; the recording stops without an end mark at byte "
	       "1973",
	       "cut behind a tick");
	book_close(&read);
	spit(path, buf, ends[1] + 20);
	replay_all(path, &read, error, sizeof(error));
	is_str(error,
	       "replay of a.rec; chosen by hand; the recording is cut short in the record at byte "
	       "1973",
	       "cut in the first record of an interval");
	book_close(&read);
	spit(path, buf, ends[2] - 1);
	replay_all(path, &read, error, sizeof(error));
	is_str(error,
	       "replay of a.rec; chosen by hand; the recording is cut short in the record at byte "
	       "2281, the interval that began at byte 1973 is left out",
	       "cut in a tick");
	book_close(&read);
	book_close(&whole);
	unlink(path);
}

/* path holds two intervals, the second of which is damaged. */
static void test_reason(void)
{
	struct capture_config config = {.file = path};
	struct book read;
	struct sample_sink sink = book_open(&read);
	struct capture *capture;
	char error[2048];

	capture_replay_ops.open(&config, NULL, &sink, &capture, error, sizeof(error));
	is_int(capture_replay_ops.tick(capture), 0, "the first tick delivers the first interval");
	ok(capture_replay_done(capture), "and nothing more can be read");
	is_int(capture_replay_ops.tick(capture), -EBADMSG, "the second one fails");
	is_str(capture_replay_reason(capture),
	       "a.rec: damaged recording: a wrong checksum in the record at byte 1929",
	       "and there is a reason");
	capture_replay_ops.close(capture);
	book_close(&read);
}

static void test_corruption(void)
{
	static const uint8_t masks[] = {0x01, 0x80, 0xff};
	struct book whole, read;
	uint8_t buf[4096];
	char error[2048];
	size_t n;
	unsigned int missed = 0, wrong = 0;

	make(&whole, 2, NSEC_PER_SEC);
	n = slurp(path, buf, sizeof(buf));
	for (size_t at = 0; at < n; at++) {
		for (size_t m = 0; m < ARRAY_SIZE(masks); m++) {
			buf[at] ^= masks[m];
			spit(path, buf, n);
			buf[at] ^= masks[m];

			int r = replay_all(path, &read, error, sizeof(error));

			/* A longer length looks like a file that was cut short. */
			if (r != -EBADMSG && !strstr(error, "cut short")) {
				printf("# byte %zu: %d: %s\n", at, r, error);
				missed++;
			}
			wrong += !is_prefix(book_read(&read), book_read(&whole));
			book_close(&read);
		}
	}
	is_int(missed, 0, "a change of any byte is found out");
	is_int(wrong, 0, "nothing of a damaged interval is delivered");

	/* Damage in the second interval: the first is delivered, then tick() fails. */
	buf[n - 20] ^= 1;
	spit(path, buf, n);
	is_int(replay_all(path, &read, error, sizeof(error)), -EBADMSG, "finish() fails");
	is_int(read.n_ticks, 1, "after the interval before the damage");
	is_str(error,
	       "replay of a.rec; chosen by hand; damaged recording: a wrong checksum in the record "
	       "at byte 1929",
	       "with a sentence");
	book_close(&read);
	test_reason();
	book_close(&whole);
	unlink(path);
}

/* A file put together by hand: start, head and one interface, then what a case adds. */
struct draft {
	uint8_t data[70000];
	size_t n;
};

static void draft_add(struct draft *draft, uint16_t type, uint16_t flags, const uint8_t *payload,
		      size_t n)
{
	uint8_t *head = draft->data + draft->n, *p = head;

	capture_file_put16(&p, type);
	capture_file_put16(&p, flags);
	capture_file_put32(&p, (uint32_t)n);
	capture_file_put32(&p, capture_file_checksum(head, payload, n));
	if (n > 0)
		memcpy(p, payload, n);
	draft->n += CAPTURE_FILE_RECORD_SIZE + n;
}

static void draft_start(struct draft *draft)
{
	uint8_t head[CAPTURE_FILE_HEAD_SIZE + 8] = {0, 16}, iface[CAPTURE_FILE_IFACE_SIZE] = {0};
	uint8_t *p = draft->data;

	capture_file_put(&p, CAPTURE_FILE_MAGIC, CAPTURE_FILE_MAGIC_SIZE);
	capture_file_put32(&p, CAPTURE_FILE_ORDER);
	capture_file_put16(&p, CAPTURE_FILE_VERSION);
	capture_file_put16(&p, 0);
	draft->n = CAPTURE_FILE_START_SIZE;
	draft_add(draft, CAPTURE_FILE_HEAD, 0, head, sizeof(head));
	memset(iface + 16, 'x', 64); /* a name without end */
	memcpy(iface + 80, "\x1b[31m\\", 7);
	draft_add(draft, CAPTURE_FILE_IFACE, 0, iface, sizeof(iface));
}

/* Where the records of a case begin. */
#define DRAFT_AT 280

static void test_hostile_records(void)
{
	static const struct {
		const char *name;
		uint16_t type, flags;
		size_t n;
		struct {
			size_t at;
			uint8_t value;
		} set[3];
		int want;
		const char *error;
	} cases[] = {
		{"an end mark", CAPTURE_FILE_END, 0, 0, {{0, 0}}, 0, "replay of b.rec"},
		{"an end mark with a payload",
		 CAPTURE_FILE_END,
		 0,
		 1,
		 {{0, 0}},
		 -EBADMSG,
		 "damaged recording: an unknown type in the record at byte 280"},
		{"type 0",
		 0,
		 0,
		 4,
		 {{0, 0}},
		 -EBADMSG,
		 "damaged recording: an unknown type in the record at byte 280"},
		{"an unknown type",
		 999,
		 0,
		 4,
		 {{0, 0}},
		 -EBADMSG,
		 "damaged recording: an unknown type in the record at byte 280"},
		{"an unknown type that may be passed over",
		 999,
		 1,
		 4,
		 {{0, 0}},
		 0,
		 "replay of b.rec; the recording stops without an end mark at byte 296, the "
		 "interval that began at byte 280 is left out"},
		{"a second head",
		 CAPTURE_FILE_HEAD,
		 0,
		 40,
		 {{0, 0}},
		 -EBADMSG,
		 "damaged recording: an unknown type in the record at byte 280"},
		{"a payload of the greatest length",
		 999,
		 1,
		 CAPTURE_FILE_PAYLOAD_MAX,
		 {{0, 0}},
		 0,
		 "replay of b.rec; the recording stops without an end mark at byte 65828, the "
		 "interval that began at byte 280 is left out"},
		{"a payload that is too long",
		 999,
		 1,
		 CAPTURE_FILE_PAYLOAD_MAX + 1,
		 {{0, 0}},
		 -EBADMSG,
		 "damaged recording: an impossible length in the record at byte 280"},
		{"flows of a wrong length",
		 CAPTURE_FILE_FLOWS4,
		 0,
		 41,
		 {{0, 0}},
		 -EBADMSG,
		 "damaged recording: a wrong length in the record at byte 280"},
		{"no flows at all",
		 CAPTURE_FILE_FLOWS4,
		 0,
		 0,
		 {{0, 0}},
		 0,
		 "replay of b.rec; the recording stops without an end mark at byte 292, the "
		 "interval that began at byte 280 is left out"},
		{"a tick of a wrong length",
		 CAPTURE_FILE_TICK,
		 0,
		 31,
		 {{0, 0}},
		 -EBADMSG,
		 "damaged recording: a wrong length in the record at byte 280"},
		{"a flow of an unknown interface",
		 CAPTURE_FILE_FLOWS4,
		 0,
		 48,
		 {{14, 1}},
		 -EBADMSG,
		 "damaged recording: an interface that was not announced in the record at byte "
		 "280"},
		{"a flow of interface 65535",
		 CAPTURE_FILE_FLOWS6,
		 0,
		 72,
		 {{38, 255}, {39, 255}},
		 -EBADMSG,
		 "damaged recording: an interface that was not announced in the record at byte "
		 "280"},
		{"a flow of direction 2",
		 CAPTURE_FILE_FLOWS4,
		 0,
		 96,
		 {{48 + 16, 2}},
		 -EBADMSG,
		 "damaged recording: a direction that is neither in nor out in the record at byte "
		 "280"},
		{"a flow of family 4",
		 CAPTURE_FILE_FLOWS4,
		 0,
		 48,
		 {{17, 4}},
		 -EBADMSG,
		 "damaged recording: an unknown kind of address in the record at byte 280"},
		{"a flow with open bit 4",
		 CAPTURE_FILE_FLOWS4,
		 0,
		 48,
		 {{19, 16}},
		 -EBADMSG,
		 "damaged recording: an unknown kind of folded flow in the record at byte 280"},
		{"a flow of an unknown owner",
		 CAPTURE_FILE_FLOWS4,
		 0,
		 48,
		 {{24, 1}},
		 -EBADMSG,
		 "damaged recording: an owner that was not announced in the record at byte 280"},
		{"owner 0",
		 CAPTURE_FILE_OWNER,
		 0,
		 52,
		 {{0, 0}},
		 -EBADMSG,
		 "damaged recording: an impossible number of an owner in the record at byte 280"},
		{"an owner out of order",
		 CAPTURE_FILE_OWNER,
		 0,
		 52,
		 {{3, 1}},
		 -EBADMSG,
		 "damaged recording: an impossible number of an owner in the record at byte 280"},
		{"an owner without its texts",
		 CAPTURE_FILE_OWNER,
		 0,
		 31,
		 {{0, 1}},
		 -EBADMSG,
		 "damaged recording: a wrong length in the record at byte 280"},
		{"an owner with nine texts",
		 CAPTURE_FILE_OWNER,
		 0,
		 50,
		 {{0, 1}},
		 -EBADMSG,
		 "damaged recording: a text that is too long in the record at byte 280"},
		{"an owner with a text longer than the record",
		 CAPTURE_FILE_OWNER,
		 0,
		 52,
		 {{0, 1}, {50, 1}},
		 -EBADMSG,
		 "damaged recording: a text that is too long in the record at byte 280"},
		{"an owner with more than its texts",
		 CAPTURE_FILE_OWNER,
		 0,
		 53,
		 {{0, 1}},
		 -EBADMSG,
		 "damaged recording: bytes behind the last text in the record at byte 280"},
		{"sockets of a wrong length",
		 CAPTURE_FILE_SOCKETS,
		 0,
		 65,
		 {{36, FAMILY_IPV4}},
		 -EBADMSG,
		 "damaged recording: a wrong length in the record at byte 280"},
		{"a socket of an unknown owner",
		 CAPTURE_FILE_SOCKETS,
		 0,
		 64,
		 {{36, FAMILY_IPV4}, {44, 1}},
		 -EBADMSG,
		 "damaged recording: an owner that was not announced in the record at byte 280"},
		{"a socket of ARP",
		 CAPTURE_FILE_SOCKETS,
		 0,
		 64,
		 {{36, FAMILY_ARP}},
		 -EBADMSG,
		 "damaged recording: an unknown kind of address in the record at byte 280"},
		{"a socket of kind 3",
		 CAPTURE_FILE_SOCKETS,
		 0,
		 128,
		 {{36, FAMILY_IPV4}, {64 + 36, FAMILY_IPV6}, {64 + 38, 3}},
		 -EBADMSG,
		 "damaged recording: an unknown kind of socket in the record at byte 280"},
		{"a socket with an unknown reason",
		 CAPTURE_FILE_SOCKETS,
		 0,
		 64,
		 {{36, FAMILY_IPV4}, {56, OWNER_REASON_MAX}},
		 -EBADMSG,
		 "damaged recording: an unknown reason in the record at byte 280"},
		{"an address of no kind",
		 CAPTURE_FILE_ADDRS,
		 0,
		 24,
		 {{0, 0}},
		 -EBADMSG,
		 "damaged recording: an unknown kind of address in the record at byte 280"},
		{"an address of a wrong length",
		 CAPTURE_FILE_ADDRS,
		 0,
		 23,
		 {{16, FAMILY_IPV4}},
		 -EBADMSG,
		 "damaged recording: a wrong length in the record at byte 280"},
		{"a hook of an unknown interface",
		 CAPTURE_FILE_HOOK,
		 0,
		 104,
		 {{1, 4}},
		 -EBADMSG,
		 "damaged recording: an interface that was not announced in the record at byte "
		 "280"},
		{"a hook of direction 2",
		 CAPTURE_FILE_HOOK,
		 0,
		 104,
		 {{2, 2}},
		 -EBADMSG,
		 "damaged recording: a direction that is neither in nor out in the record at byte "
		 "280"},
		{"interface 1024",
		 CAPTURE_FILE_IFACE,
		 0,
		 192,
		 {{1, 4}},
		 -EBADMSG,
		 "damaged recording: an interface number that is too large in the record at byte "
		 "280"},
		{"an interface in state 4",
		 CAPTURE_FILE_IFACE,
		 0,
		 192,
		 {{2, 4}},
		 -EBADMSG,
		 "damaged recording: an unknown state of an interface in the record at byte 280"},
		{"an interval of no time",
		 CAPTURE_FILE_TICK,
		 0,
		 32,
		 {{0, 0}},
		 0,
		 "replay of b.rec; the recording stops without an end mark at byte 324"},
		{"an interval that ends before it starts",
		 CAPTURE_FILE_TICK,
		 0,
		 32,
		 {{0, 1}},
		 -EBADMSG,
		 "damaged recording: an impossible time in the record at byte 280"},
		{"a time that does not fit",
		 CAPTURE_FILE_TICK,
		 0,
		 32,
		 {{15, 128}},
		 -EBADMSG,
		 "damaged recording: an impossible time in the record at byte 280"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		static struct draft draft;
		static uint8_t payload[CAPTURE_FILE_PAYLOAD_MAX + 1];
		struct book read;
		char error[2048], want[2048];
		int r;

		memset(payload, 0, sizeof(payload));
		for (size_t j = 0; j < ARRAY_SIZE(cases[i].set); j++)
			if (cases[i].set[j].value)
				payload[cases[i].set[j].at] = cases[i].set[j].value;
		draft_start(&draft);
		draft_add(&draft, cases[i].type, cases[i].flags, payload, cases[i].n);
		spit(other_path, draft.data, draft.n);
		r = replay_all(other_path, &read, error, sizeof(error));
		snprintf(want, sizeof(want), "%s%s", r < 0 ? "b.rec: " : "", cases[i].error);
		is_int(r, cases[i].want, "%s", cases[i].name);
		is_str(error, want, "%s: sentence", cases[i].name);
		is_str(book_read(&read),
		       r < 0 || cases[i].type != CAPTURE_FILE_TICK
			       ? "iface 0 0 0 0 0 "
				 "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'"
				 " "
				 "'\\x1b[31m\\\\' ''\n"
			       : "iface 0 0 0 0 0 "
				 "'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx'"
				 " "
				 "'\\x1b[31m\\\\' ''\ntick 0 0 0 0 0\n",
		       "%s: delivered, and made safe", cases[i].name);
		book_close(&read);
	}
	unlink(other_path);
}

static void test_two_ends(void)
{
	static struct draft draft;
	struct book read;
	char error[2048];

	draft_start(&draft);
	is_u64(draft.n, DRAFT_AT, "the offsets above are right");
	draft_add(&draft, CAPTURE_FILE_END, 0, NULL, 0);
	draft_add(&draft, CAPTURE_FILE_END, 0, NULL, 0);
	spit(other_path, draft.data, draft.n);
	is_int(replay_all(other_path, &read, error, sizeof(error)), -EBADMSG,
	       "data behind the end is refused");
	is_str(error, "b.rec: damaged recording: more data behind the end mark at byte 280",
	       "with a sentence");
	book_close(&read);

	const uint8_t tick[CAPTURE_FILE_TICK_SIZE] = {[0] = 1, [8] = 2};

	draft_start(&draft);
	draft_add(&draft, CAPTURE_FILE_TICK, 0, tick, sizeof(tick));
	draft_add(&draft, CAPTURE_FILE_TICK, 0, tick, sizeof(tick));
	spit(other_path, draft.data, draft.n);
	is_int(replay_all(other_path, &read, error, sizeof(error)), -EBADMSG,
	       "an interval that begins before the last one ended is refused");
	is_str(error,
	       "replay of b.rec; damaged recording: an impossible time in the record at byte "
	       "324",
	       "with a sentence");
	is_int(read.n_ticks, 1, "and the first is delivered");
	book_close(&read);
	unlink(other_path);
}

static void test_bad_files(void)
{
	static const struct {
		const char *name;
		const char *data;
		size_t n;
		const char *error;
	} cases[] = {
		{"an empty file", "", 0, "b.rec: not a recording: the file is empty"},
		{"a text", "hello, world, this is text\n", 27,
		 "b.rec: not a recording: it does not begin with the mark of one at byte 0"},
		{"a short text", "hi", 2,
		 "b.rec: not a recording: it does not begin with the mark of one at byte 0"},
		{"line ends changed on the way", "\x89PKT\n\x1a\n\4\3\2\1\1\0\0\0", 15,
		 "b.rec: not a recording: it does not begin with the mark of one at byte 0"},
		{"the mark alone", "\x89PKT\r\n\x1a\n", 8,
		 "b.rec: the recording is cut short at byte 8"},
		{"big-endian", "\x89PKT\r\n\x1a\n\1\2\3\4\0\1\0\0", 16,
		 "b.rec: the recording is in big-endian byte order (byte 8), which is not "
		 "supported"},
		{"no byte order", "\x89PKT\r\n\x1a\n\4\3\2\2\1\0\0\0", 16,
		 "b.rec: damaged recording: wrong mark of the byte order at byte 8"},
		{"version 2", "\x89PKT\r\n\x1a\n\4\3\2\1\2\0\0\0", 16,
		 "b.rec: the recording has format version 2 (byte 12); this program reads version "
		 "1"},
		{"no head", "\x89PKT\r\n\x1a\n\4\3\2\1\1\0\0\0", 16,
		 "b.rec: the recording is cut short in its head at byte 16"},
		{"a head of 4 GiB",
		 "\x89PKT\r\n\x1a\n\4\3\2\1\1\0\0\0\1\0\0\0\xff\xff\xff\xff\0\0\0\0", 28,
		 "b.rec: damaged recording: an impossible length in the record at byte 16"},
	};
	struct book read;
	char error[2048];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		spit(other_path, (const uint8_t *)cases[i].data, cases[i].n);
		is_int(replay_all(other_path, &read, error, sizeof(error)), -EBADMSG, "%s",
		       cases[i].name);
		is_str(error, cases[i].error, "%s: sentence", cases[i].name);
		is_str(book_read(&read), "", "%s: nothing is delivered", cases[i].name);
		book_close(&read);
	}
	unlink(other_path);
	is_int(replay_all(other_path, &read, error, sizeof(error)), -ENOENT, "no file");
	is_str(error, "b.rec: cannot open the recording: No such file or directory", "sentence");
	book_close(&read);
	mkdir(other_path, 0700);
	is_int(replay_all(other_path, &read, error, sizeof(error)), -EISDIR, "a directory");
	is_str(error, "b.rec: is a directory, not a recording", "sentence");
	book_close(&read);
	rmdir(other_path);
	mkfifo(other_path, 0600);
	is_int(replay_all(other_path, &read, error, sizeof(error)), -EINVAL, "a FIFO");
	is_str(error, "b.rec: is not a regular file, as a recording must be", "sentence");
	book_close(&read);
	unlink(other_path);
	is_int(replay_all(NULL, &read, error, sizeof(error)), -EINVAL, "no name");
	is_str(error, "replay needs the file of a recording", "sentence");
	book_close(&read);
}

/* Heads with a right checksum and wrong contents. */
static void test_bad_heads(void)
{
	static const struct {
		const char *name;
		uint16_t type;
		size_t n, at;
		uint8_t value;
		const char *error;
	} cases[] = {
		{"an interface first", CAPTURE_FILE_IFACE, 192, 1, 16,
		 "b.rec: damaged recording: something else than the head in the record at byte 16"},
		{"a short head", CAPTURE_FILE_HEAD, 39, 1, 16,
		 "b.rec: damaged recording: something else than the head in the record at byte 16"},
		{"no flows", CAPTURE_FILE_HEAD, 48, 9, 1,
		 "b.rec: damaged recording: an impossible number of flows in the record at byte "
		 "16"},
		{"2^31 flows", CAPTURE_FILE_HEAD, 48, 3, 128,
		 "b.rec: damaged recording: an impossible number of flows in the record at byte "
		 "16"},
		{"a start after the end of time", CAPTURE_FILE_HEAD, 48, 15, 255,
		 "b.rec: damaged recording: an impossible time in the record at byte 16"},
		{"three texts", CAPTURE_FILE_HEAD, 46, 1, 16,
		 "b.rec: damaged recording: a text that is too long in the record at byte 16"},
		{"half a length", CAPTURE_FILE_HEAD, 47, 1, 16,
		 "b.rec: damaged recording: a text that is too long in the record at byte 16"},
		{"more than the texts", CAPTURE_FILE_HEAD, 51, 1, 16,
		 "b.rec: damaged recording: bytes behind the last text in the record at byte 16"},
		{"an unknown reason", CAPTURE_FILE_HEAD, 48, 33, 8,
		 "b.rec: damaged recording: an unknown reason in the record at byte 16"},
		{"a text longer than the record", CAPTURE_FILE_HEAD, 48, 46, 1,
		 "b.rec: damaged recording: a text that is too long in the record at byte 16"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		static struct draft draft;
		uint8_t payload[192] = {0};
		struct book read;
		char error[2048];

		draft_start(&draft);
		draft.n = CAPTURE_FILE_START_SIZE;
		payload[0] = cases[i].at == 9 ? 0 : 1; /* flows */
		payload[cases[i].at] = cases[i].value;
		draft_add(&draft, cases[i].type, 0, payload, cases[i].n);
		spit(other_path, draft.data, draft.n);
		is_int(replay_all(other_path, &read, error, sizeof(error)), -EBADMSG, "head: %s",
		       cases[i].name);
		is_str(error, cases[i].error, "head: %s: sentence", cases[i].name);
		book_close(&read);
	}
	unlink(other_path);
}

static int on_check(void *data, uint64_t n_expired)
{
	void **pair = data;

	(void)n_expired;
	if (capture_replay_done(pair[0]))
		loop_quit(pair[1], 1);
	return 0;
}

static int on_deadline(void *data, uint64_t n_expired)
{
	(void)data;
	(void)n_expired;
	return -ETIMEDOUT;
}

static void test_paced(void)
{
	struct capture_config config = {.file = path, .paced = true};
	struct book whole, read;
	struct sample_sink sink = book_open(&read);
	struct capture *capture;
	struct loop *loop;
	char error[2048];

	make(&whole, 3, 20 * NSEC_PER_MSEC);
	is_int(loop_new(&loop), 0, "loop");

	uint64_t start = clock_mono_ns();

	is_int(capture_replay_ops.open(&config, loop, &sink, &capture, error, sizeof(error)), 0,
	       "opened paced");
	is_int(capture_replay_ops.tick(capture), 0, "tick() is a wish");
	is_int(capture_replay_ops.finish(capture), 0, "finish()");
	is_int(read.n_ticks, 0, "neither delivers anything");

	void *pair[] = {capture, loop};

	loop_add_timer(loop, NSEC_PER_MSEC, NSEC_PER_MSEC, on_check, pair, NULL);
	loop_add_timer(loop, 60 * NSEC_PER_SEC, 0, on_deadline, NULL, NULL);
	is_int(loop_run(loop), 1, "the loop runs to the end of the recording");
	ok(clock_mono_ns() - start >= 60 * NSEC_PER_MSEC, "not faster than it was recorded");
	is_str(book_read(&read), book_read(&whole), "everything is delivered");
	is_int(capture_replay_ops.finish(capture), 0, "finish() at the end");
	capture_replay_ops.close(capture);
	loop_free(loop);
	book_close(&read);
	book_close(&whole);
	unlink(path);
}

static void test_create(void)
{
	struct capture_record *record;
	struct book book;
	struct sample_sink next = book_open(&book);
	mode_t mask = umask(0);
	struct stat st;

	is_int(capture_record_new(path, &next, &record), 0, "a new file");
	umask(mask);
	is_int(stat(path, &st), 0, "is there");
	is_int(st.st_mode & 0777, 0600, "for its owner only");
	is_int(capture_record_close(record), 0, "closed without a head");
	is_int(stat(path, &st) == 0 ? st.st_size : -1, 0, "which leaves it empty");
	is_int(capture_record_new(path, &next, &record), 0, "an empty file is taken");
	is_int(capture_record_begin(record, &info), 0, "begin");
	is_int(capture_record_begin(record, &info), -EALREADY, "begin again");
	is_int(capture_record_close(record), 0, "close");
	is_int(capture_record_new(path, &next, &record), -EEXIST, "a file with contents is not");
	is_int(symlink(path, other_path), 0, "a symbolic link");
	is_int(capture_record_new(other_path, &next, &record), -EEXIST, "is not followed");
	unlink(other_path);
	symlink("/nowhere/at/all", other_path);
	is_int(capture_record_new(other_path, &next, &record), -EEXIST, "nor a dangling one");
	unlink(other_path);
	mkfifo(other_path, 0600);
	is_int(capture_record_new(other_path, &next, &record), -EEXIST, "a FIFO is not taken");
	unlink(other_path);
	is_int(capture_record_new(dir, &next, &record), -EEXIST, "nor a directory");
	is_int(capture_record_new("/nowhere/a.rec", &next, &record), -ENOENT, "no directory");
	is_int(capture_record_close(NULL), 0, "closing nothing");
	book_close(&book);
	unlink(path);
}

/* What was written by a process that died right after a tick, and behind it. */
static void test_killed(void)
{
	struct capture_record *record;
	struct book wrote, read;
	struct sample_sink next = book_open(&wrote);
	char error[2048];

	capture_record_new(path, &next, &record);

	const struct sample_sink *sink = capture_record_sink(record);

	sink->iface(sink->data, &eth0);
	sink->iface(sink->data, &tun);
	capture_record_begin(record, &info);
	feed(sink, 0, NSEC_PER_SEC);
	feed(sink, 1, NSEC_PER_SEC);
	is_int(replay_all(path, &read, error, sizeof(error)), 0, "readable before it is closed");
	is_str(book_read(&read), book_read(&wrote), "everything up to the last tick");
	is_int(read.n_ticks, 2, "two intervals");
	book_close(&read);
	sink->flows(sink->data, &flow4, 1);
	is_int(capture_record_close(record), 0, "closed within an interval");
	is_int(replay_all(path, &read, error, sizeof(error)), 0, "read");
	is_int(read.n_ticks, 2, "two intervals");
	is_str(error,
	       "replay of a.rec; chosen by hand; the recording ends within the interval that began "
	       "at byte 1973, which is left out",
	       "and a note");
	book_close(&read);
	book_close(&wrote);
	unlink(path);
}

/* A limit on the size of files stands in for a full disk. */
static void test_full_disk(void)
{
	struct rlimit old, limit;
	struct capture_record *record;
	struct book wrote, read;
	struct sample_sink next = book_open(&wrote);
	char error[2048];

	getrlimit(RLIMIT_FSIZE, &old);
	signal(SIGXFSZ, SIG_IGN);
	fflush(stdout);
	limit = old;
	limit.rlim_cur = 1000;
	setrlimit(RLIMIT_FSIZE, &limit);
	capture_record_new(path, &next, &record);

	const struct sample_sink *sink = capture_record_sink(record);

	sink->iface(sink->data, &eth0);
	sink->iface(sink->data, &tun);

	int begun = capture_record_begin(record, &info);
	int errors[3];

	for (unsigned int i = 0; i < 3; i++) {
		feed(sink, i, NSEC_PER_SEC);
		errors[i] = capture_record_error(record);
	}
	setrlimit(RLIMIT_FSIZE, &old);
	is_int(begun, 0, "the head fits");
	is_int(errors[0], 0, "the first interval fits");
	is_int(errors[1], -EFBIG, "the second does not");
	is_int(errors[2], -EFBIG, "which is remembered");
	is_int(wrote.n_ticks, 3, "counting goes on");
	is_int(capture_record_close(record), -EFBIG, "close() says it again");

	struct stat st;

	is_int(stat(path, &st) == 0 ? st.st_size : -1, 1000, "nothing more was written");
	is_int(replay_all(path, &read, error, sizeof(error)), 0, "what is there can be read");
	is_int(read.n_ticks, 1, "one interval");
	book_close(&read);
	book_close(&wrote);
	unlink(path);
}

int main(void)
{
	if (!mkdtemp(dir))
		return EXIT_FAILURE;
	snprintf(path, sizeof(path), "%s/a.rec", dir);
	snprintf(other_path, sizeof(other_path), "%s/b.rec", dir);
	test_round_trip();
	test_layout();
	test_many();
	test_truncation();
	test_corruption();
	test_hostile_records();
	test_two_ends();
	test_bad_files();
	test_bad_heads();
	test_paced();
	test_create();
	test_killed();
	test_full_disk();
	rmdir(dir);
	return tap_done();
}
