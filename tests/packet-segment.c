/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the programs that pass payload: what they hand over of frames, and that they change none.
 */
#include "config.h"

#include <linux/types.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "abi-event.h"
#include "abi.h"
#include "event.skel.h"
#include "macro.h"
#include "packet-cases.h"
#include "packet-check.h"

#define TEXT_MAX 4096
#define FRAME_MAX 4096 /* a page is the most that the kernel takes for a test */
#define RING_BYTES (1u << 20)
#define IFINDEX 1
#define SLOT 3

enum { THERE, BACK };

/* A packet of one conversation, and what is to be handed over of it. */
struct step {
	const char *name;
	uint8_t proto;
	uint8_t way; /* THERE: from 192.0.2.7 (or its IPv6 fellow) */
	uint8_t flags;
	uint16_t port;     /* of the other end; this end has 41234 */
	uint32_t seq, ack; /* relative to 1000 and 5000 */
	const char *payload;
	size_t n_payload;
	size_t size; /* of the payload: filled up; 0: as it is */
	uint32_t gso_size;
	int repeat; /* 0: once */
	const char *want;
};

#define PAYLOAD(text) .payload = text, .n_payload = sizeof(text) - 1
#define FIN 0x01
#define SYN 0x02
#define RST 0x04
#define ACK 0x10

#define HELLO "\x16\x03\x01\x02\x00\x01"
#define INITIAL1 "\xc3\x00\x00\x00\x01\x08"
#define INITIAL2 "\xd3\x6b\x33\x43\xcf\x08"

static const struct step dns_steps[] = {
	{"a query", 17, THERE, 0, 53, PAYLOAD("abcd"), .want = "1 17 > 0 4/4"},
	{"its answer", 17, BACK, 0, 53, PAYLOAD("abcdef"), .want = "1 17 < 0 6/6"},
	{"a datagram of another port", 17, THERE, 0, 54, PAYLOAD("abcd"), .want = ""},
	{"an empty datagram", 17, THERE, 0, 53, PAYLOAD(""), .want = ""},
	{"a super-frame of datagrams", 17, BACK, 0, 53, PAYLOAD(""), .size = 250, .gso_size = 100,
	 .want = "1 17 < 0 100/100; 1 17 < 0 100/100; 1 17 < 0 50/50"},
	{"SYN", 6, THERE, SYN, 53, 0, PAYLOAD(""), .want = "1 6 > SYN 1000 0/0"},
	{"SYN-ACK", 6, BACK, SYN | ACK, 53, 0, PAYLOAD(""), .want = "1 6 < SYN 5000 0/0"},
	{"an ACK alone", 6, THERE, ACK, 53, 1, 1, PAYLOAD(""), .want = ""},
	{"data", 6, THERE, ACK, 53, 1, 1, PAYLOAD("xy"), .want = "1 6 > 1001 2/2"},
	{"data with SYN", 6, THERE, SYN, 53, 0, PAYLOAD("xyz"),
	 .want = "1 6 > SYN 1000 0/0; 1 6 > 1001 3/3"},
	{"data with FIN", 6, BACK, ACK | FIN, 53, 1, 3, PAYLOAD("xy"),
	 .want = "1 6 < FIN 5001 2/2"},
	{"a super-frame with FIN", 6, BACK, ACK | FIN, 53, 0, 0, PAYLOAD(""), .size = 3000,
	 .gso_size = 1000, .want = "1 6 < FIN 5000 3000/3000"},
	{"RST", 6, THERE, RST, 53, 9, 0, PAYLOAD(""), .want = "1 6 > RST 1009 0/0"},
	{"HTTP when DNS is wanted", 6, THERE, ACK, 80, 1, 1, PAYLOAD("GET / HTTP/1.1\r\n"),
	 .want = ""},
	{NULL, 0, 0, 0, 0, .want = NULL},
};

static const struct step http_steps[] = {
	{"SYN of what is not known yet", 6, THERE, SYN, 80, 0, PAYLOAD(""), .want = ""},
	{"data of something else", 6, THERE, ACK, 80, 1, 1, PAYLOAD("HELO example"), .want = ""},
	{"too little to tell", 6, THERE, ACK, 80, 1, 1, PAYLOAD("GET /"), .want = ""},
	{"an answer before its request", 6, BACK, ACK, 80, 1, 1, PAYLOAD("abcdefgh"), .want = ""},
	{"a request", 6, THERE, ACK, 80, 1, 1, PAYLOAD("POST /x"), .want = "2 6 > 1001 7/7"},
	{"its body", 6, THERE, ACK, 80, 8, 1, PAYLOAD("a"), .want = "2 6 > 1008 1/1"},
	{"an ACK alone", 6, BACK, ACK, 80, 1, 9, PAYLOAD(""), .want = ""},
	{"an answer", 6, BACK, ACK, 80, 1, 9, PAYLOAD("anything"), .want = "2 6 < 5001 8/8"},
	{"the same of another port", 6, BACK, ACK, 81, 1, 9, PAYLOAD("anything"), .want = ""},
	{"much later", 6, BACK, ACK, 80, 900000, 9, PAYLOAD("z"), .want = "2 6 < 905000 1/1"},
	{"one end closes", 6, THERE, FIN | ACK, 80, 9, 1, PAYLOAD(""),
	 .want = "2 6 > FIN 1009 0/0"},
	{"the other goes on", 6, BACK, ACK, 80, 9, 10, PAYLOAD("more"), .want = "2 6 < 5009 4/4"},
	{"and closes", 6, BACK, FIN | ACK, 80, 13, 10, PAYLOAD(""), .want = "2 6 < FIN 5013 0/0"},
	{"after the end", 6, BACK, ACK, 80, 14, 10, PAYLOAD("more"), .want = ""},
	{"an answer whose request was not seen", 6, BACK, ACK, 80, 1, 1, PAYLOAD("HTTP/1.1 200"),
	 .want = "2 6 < 5001 12/12"},
	{"RST", 6, THERE, RST, 80, 1, 1, PAYLOAD(""), .want = "2 6 > RST 1001 0/0"},
	{"after RST", 6, BACK, ACK, 80, 1, 1, PAYLOAD("abcdefg"), .want = ""},
	{"every method", 6, THERE, ACK, 1, 1, 1, PAYLOAD("DELETE /"), .want = "2 6 > 1001 8/8"},
	{"OPTIONS", 6, THERE, ACK, 2, 1, 1, PAYLOAD("OPTIONS *"), .want = "2 6 > 1001 9/9"},
	{"PATCH", 6, THERE, ACK, 3, 1, 1, PAYLOAD("PATCH /"), .want = "2 6 > 1001 7/7"},
	{"ACL", 6, THERE, ACK, 100, 1, 1, PAYLOAD("ACL /a"), .want = "2 6 > 1001 6/6"},
	{"BASELINE-CONTROL", 6, THERE, ACK, 101, 1, 1, PAYLOAD("BASELINE-CONTROL /"),
	 .want = "2 6 > 1001 18/18"},
	{"BIND", 6, THERE, ACK, 102, 1, 1, PAYLOAD("BIND /"), .want = "2 6 > 1001 6/6"},
	{"CHECKIN", 6, THERE, ACK, 103, 1, 1, PAYLOAD("CHECKIN /"), .want = "2 6 > 1001 9/9"},
	{"CHECKOUT", 6, THERE, ACK, 104, 1, 1, PAYLOAD("CHECKOUT /"), .want = "2 6 > 1001 10/10"},
	{"COPY", 6, THERE, ACK, 105, 1, 1, PAYLOAD("COPY /"), .want = "2 6 > 1001 6/6"},
	{"LABEL", 6, THERE, ACK, 106, 1, 1, PAYLOAD("LABEL /"), .want = "2 6 > 1001 7/7"},
	{"LINK", 6, THERE, ACK, 107, 1, 1, PAYLOAD("LINK /"), .want = "2 6 > 1001 6/6"},
	{"LOCK", 6, THERE, ACK, 108, 1, 1, PAYLOAD("LOCK /"), .want = "2 6 > 1001 6/6"},
	{"MERGE", 6, THERE, ACK, 109, 1, 1, PAYLOAD("MERGE /"), .want = "2 6 > 1001 7/7"},
	{"MKACTIVITY", 6, THERE, ACK, 110, 1, 1, PAYLOAD("MKACTIVITY /"),
	 .want = "2 6 > 1001 12/12"},
	{"MKCALENDAR", 6, THERE, ACK, 111, 1, 1, PAYLOAD("MKCALENDAR /"),
	 .want = "2 6 > 1001 12/12"},
	{"MKCOL", 6, THERE, ACK, 112, 1, 1, PAYLOAD("MKCOL /"), .want = "2 6 > 1001 7/7"},
	{"MKREDIRECTREF", 6, THERE, ACK, 113, 1, 1, PAYLOAD("MKREDIRECTREF /"),
	 .want = "2 6 > 1001 15/15"},
	{"MKWORKSPACE", 6, THERE, ACK, 114, 1, 1, PAYLOAD("MKWORKSPACE /"),
	 .want = "2 6 > 1001 13/13"},
	{"MOVE", 6, THERE, ACK, 115, 1, 1, PAYLOAD("MOVE /"), .want = "2 6 > 1001 6/6"},
	{"ORDERPATCH", 6, THERE, ACK, 116, 1, 1, PAYLOAD("ORDERPATCH /"),
	 .want = "2 6 > 1001 12/12"},
	{"PROPFIND", 6, THERE, ACK, 117, 1, 1, PAYLOAD("PROPFIND /"), .want = "2 6 > 1001 10/10"},
	{"PROPPATCH", 6, THERE, ACK, 118, 1, 1, PAYLOAD("PROPPATCH /"), .want = "2 6 > 1001 11/11"},
	{"QUERY", 6, THERE, ACK, 119, 1, 1, PAYLOAD("QUERY /"), .want = "2 6 > 1001 7/7"},
	{"REBIND", 6, THERE, ACK, 120, 1, 1, PAYLOAD("REBIND /"), .want = "2 6 > 1001 8/8"},
	{"REPORT", 6, THERE, ACK, 121, 1, 1, PAYLOAD("REPORT /"), .want = "2 6 > 1001 8/8"},
	{"SEARCH", 6, THERE, ACK, 122, 1, 1, PAYLOAD("SEARCH /"), .want = "2 6 > 1001 8/8"},
	{"UNBIND", 6, THERE, ACK, 123, 1, 1, PAYLOAD("UNBIND /"), .want = "2 6 > 1001 8/8"},
	{"UNCHECKOUT", 6, THERE, ACK, 124, 1, 1, PAYLOAD("UNCHECKOUT /"),
	 .want = "2 6 > 1001 12/12"},
	{"UNLINK", 6, THERE, ACK, 125, 1, 1, PAYLOAD("UNLINK /"), .want = "2 6 > 1001 8/8"},
	{"UNLOCK", 6, THERE, ACK, 126, 1, 1, PAYLOAD("UNLOCK /"), .want = "2 6 > 1001 8/8"},
	{"UPDATE", 6, THERE, ACK, 127, 1, 1, PAYLOAD("UPDATE /"), .want = "2 6 > 1001 8/8"},
	{"UPDATEREDIRECTREF", 6, THERE, ACK, 128, 1, 1, PAYLOAD("UPDATEREDIRECTREF /"),
	 .want = "2 6 > 1001 19/19"},
	{"VERSION-CONTROL", 6, THERE, ACK, 129, 1, 1, PAYLOAD("VERSION-CONTROL /"),
	 .want = "2 6 > 1001 17/17"},
	{"a method that is not registered", 6, THERE, ACK, 99, 1, 1, PAYLOAD("PURGE /"),
	 .want = ""},
	{"the same ports again", 6, THERE, SYN, 3, 500, 0, PAYLOAD(""),
	 .want = "2 6 > SYN 1500 0/0"},
	{"which is another connection", 6, THERE, ACK, 3, 501, 1, PAYLOAD("abcdefg"), .want = ""},
	{"TLS when HTTP is wanted", 6, THERE, ACK, 443, 1, 1, PAYLOAD(HELLO), .size = 200,
	 .want = ""},
	{"a query when HTTP is wanted", 17, THERE, 0, 53, PAYLOAD("abcd"), .want = ""},
	{NULL, 0, 0, 0, 0, .want = NULL},
};

static const struct step tls_steps[] = {
	{"a ClientHello", 6, THERE, ACK, 443, 1, 1, PAYLOAD(HELLO), .size = 200,
	 .want = "4 6 > 1001 200/200"},
	{"its answer", 6, BACK, ACK, 443, 1, 201, PAYLOAD("\x16\x03\x03\x01\x00\x02"), .size = 300,
	 .want = "4 6 < 5001 300/300"},
	{"the last octets that are passed", 6, BACK, ACK, 443, 16384, 201, PAYLOAD(""), .size = 50,
	 .want = "4 6 < 21384 50/50"},
	{"past them", 6, BACK, ACK, 443, 16385, 201, PAYLOAD(""), .size = 50, .want = ""},
	{"the other direction", 6, THERE, ACK, 443, 201, 1, PAYLOAD(""), .size = 50,
	 .want = "4 6 > 1201 50/50"},
	{"its end", 6, BACK, FIN | ACK, 443, 99999, 1, PAYLOAD(""), .want = "4 6 < FIN 104999 0/0"},
	{"a record of another kind", 6, THERE, ACK, 444, 1, 1, PAYLOAD("\x17\x03\x03\x00\x20\x01"),
	 .size = 40, .want = ""},
	{"a ServerHello alone", 6, BACK, ACK, 445, 1, 1, PAYLOAD("\x16\x03\x03\x01\x00\x02"),
	 .size = 300, .want = ""},
	{"an Initial of QUIC", 17, THERE, 0, 443, PAYLOAD(INITIAL1), .size = 1200,
	 .want = "4 17 > 0 1200/1200"},
	{"of version 2", 17, THERE, 0, 4433, PAYLOAD(INITIAL2), .size = 1200,
	 .want = "4 17 > 0 1200/1200"},
	{"a Handshake of version 1", 17, THERE, 0, 443, PAYLOAD("\xe3\x00\x00\x00\x01\x08"),
	 .size = 1200, .want = ""},
	{"a short header", 17, THERE, 0, 443, PAYLOAD("\x43\x00\x00\x00\x01\x08"), .size = 1200,
	 .want = ""},
	{"a version that nobody knows", 17, THERE, 0, 443, PAYLOAD("\xc3\x00\x00\x00\x03\x08"),
	 .size = 1200, .want = ""},
	{"too little to tell", 17, THERE, 0, 443, PAYLOAD("\xc3"), .want = ""},
	{NULL, 0, 0, 0, 0, .want = NULL},
};

static struct event_bpf *skel;
static struct ring_buffer *ring;
static const struct step *current;
static char text[TEXT_MAX];
static const uint8_t *payload; /* of the frame that runs */
static size_t payload_at;      /* handed over of it */
static bool payload_same;

static int on_segment(ATTR_UNUSED void *data, void *sample, size_t size)
{
	static const char *const names[] = {"FIN ", "SYN ", "RST "};
	const struct event_segment *event = sample;
	const uint8_t *octets = (const uint8_t *)(event + 1);
	size_t used = strlen(text);

	if (size < sizeof(*event) + event->size) {
		check(false, "a segment is whole");
		return 0;
	}
	(void)snprintf(text + used, sizeof(text) - used, "%s%u %u %c ", used ? "; " : "",
		       event->what, (unsigned int)(event->tuple >> ABI_PROTO_SHIFT & 0xff),
		       current->way == THERE ? '>' : '<');
	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (event->tcp_flags >> i & 1)
			(void)strcat(text, names[i]);
	used = strlen(text);
	(void)snprintf(text + used, sizeof(text) - used, "%u %u/%u",
		       current->proto == 6 ? event->seq : 0, event->size, event->wire_size);
	if (memcmp(octets, payload + payload_at, event->size) != 0)
		payload_same = false;
	payload_at += event->size;
	if (event->tuple >> ABI_HOOK_SHIFT != SLOT * 2u + current->way)
		(void)strcat(text, " WRONG HOOK");
	return 0;
}

static size_t make_frame(const struct step *step, bool v6, size_t pad, uint8_t *frame)
{
	static const uint8_t eth4[] = {ETH(0x0800)}, eth6[] = {ETH(0x86dd)};
	size_t size = step->size ? step->size : step->n_payload;
	size_t transport = step->proto == 6 ? 20 : 8, ip = v6 ? 40 : 20;
	uint16_t ports[] = {41234, step->port};
	uint16_t sport = ports[step->way == BACK], dport = ports[step->way == THERE];
	uint32_t seq = (step->way == THERE ? 1000 : 5000) + step->seq;
	uint32_t ack = (step->way == THERE ? 5000 : 1000) + step->ack;
	const uint8_t ip4[] = {IP4(step->proto, transport + size)};
	const uint8_t ip6[] = {IP6(step->proto, transport + size)};
	const uint8_t tcp[] = {B16(sport), B16(dport),  B32(seq), B32(ack),
			       0x50,       step->flags, B16(512), B32(0)};
	const uint8_t udp[] = {B16(sport), B16(dport), B16(8 + size), B16(0)};
	uint8_t *p = frame, *addrs;

	memset(frame, 0, ETH_SIZE + ip + transport + size + pad);
	memcpy(p, v6 ? eth6 : eth4, ETH_SIZE);
	p += ETH_SIZE;
	memcpy(p, v6 ? ip6 : ip4, ip);
	addrs = p + (v6 ? 8 : 12);
	if (step->way == BACK) {
		uint8_t swapped[32];
		size_t half = v6 ? 16 : 4;

		memcpy(swapped, addrs + half, half);
		memcpy(swapped + half, addrs, half);
		memcpy(addrs, swapped, 2 * half);
	}
	p += ip;
	memcpy(p, step->proto == 6 ? tcp : udp, transport);
	p += transport;
	memcpy(p, step->payload, step->n_payload);
	for (size_t i = step->n_payload; i < size; i++)
		p[i] = (uint8_t)(i * 7 + (i >> 8));
	payload = p;
	return (size_t)(p - frame) + size + pad;
}

static void run_step(const struct step *step, bool v6, size_t pad)
{
	static uint8_t frame[FRAME_MAX], out[FRAME_MAX];
	struct __sk_buff skb = {.ifindex = IFINDEX, .gso_size = step->gso_size};
	size_t size = make_frame(step, v6, pad, frame);
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = (__u32)size,
		    .data_out = out, .data_size_out = sizeof(out), .ctx_in = &skb,
		    .ctx_size_in = sizeof(skb), .repeat = MAX(step->repeat, 1));
	const char *version = v6 ? "IPv6" : "IPv4";
	int fd = bpf_program__fd(step->way == THERE ? skel->progs.on_ingress
						    : skel->progs.on_egress);

	current = step;
	*text = 0;
	payload_at = 0;
	payload_same = true;
	must(bpf_prog_test_run_opts(fd, &opts), step->name);
	(void)ring_buffer__consume(ring);
	check_text(text, step->want, "%s, %s", version, step->name);
	check(payload_same, "%s, %s: the octets are those of the frame", version, step->name);
	check(opts.retval == (__u32)-1 && opts.data_size_out == size &&
		      memcmp(out, frame, size) == 0,
	      "%s, %s: goes on as it was", version, step->name);
}

static void open_programs(uint32_t wanted, uint32_t ring_bytes)
{
	skel = event_bpf__open();
	must(skel ? 0 : -errno, "cannot open the programs that pass payload");
	skel->rodata->wanted = wanted;
	must(bpf_map__set_max_entries(skel->maps.segments, ring_bytes), "ring");
	must(bpf_map__set_max_entries(skel->maps.connections, 1024), "connections");
	must(event_bpf__load(skel), "cannot load the programs that pass payload");
	skel->bss->ifaces[IFINDEX] = ABI_IFACE(IFINDEX, SLOT, 0);
	ring = ring_buffer__new(bpf_map__fd(skel->maps.segments), on_segment, NULL, NULL);
	must(ring ? 0 : -errno, "cannot read the ring");
}

static void close_programs(void)
{
	ring_buffer__free(ring);
	event_bpf__destroy(skel);
}

static void run_steps(uint32_t wanted, const struct step *steps)
{
	for (int v6 = 0; v6 < 2; v6++) {
		open_programs(wanted, RING_BYTES);
		for (const struct step *step = steps; step->name; step++)
			run_step(step, v6, 0);
		check_u64(skel->bss->n_lost[ABI_LOST_RING] + skel->bss->n_lost[ABI_LOST_LOAD], 0,
			  "nothing is lost");
		close_programs();
	}
}

/* Ethernet frames have 60 octets at least, which the IP header does not count. */
static void test_padding(void)
{
	static const struct step query = {"a padded query",      17, THERE, 0, 53, PAYLOAD("abcd"),
					  .want = "1 17 > 0 4/4"};
	static const struct step ack = {"a padded ACK", 6,         THERE, ACK, 53, 1, 1,
					PAYLOAD(""),    .want = ""};

	open_programs(ABI_PAYLOAD_DNS, RING_BYTES);
	run_step(&query, false, 14);
	run_step(&ack, false, 6);
	close_programs();
}

static void test_loss(void)
{
	static const struct step answers = {"two for a ring that one fits",
					    17,
					    BACK,
					    0,
					    53,
					    PAYLOAD(""),
					    .size = 3000,
					    .repeat = 2,
					    .want = "1 17 < 0 3000/3000"};

	open_programs(ABI_PAYLOAD_DNS, 4096);
	run_step(&answers, false, 0);
	check_u64(skel->bss->n_lost[ABI_LOST_RING], 1, "what did not fit is counted");
	close_programs();
}

void test_segments(void)
{
	run_steps(ABI_PAYLOAD_DNS, dns_steps);
	run_steps(ABI_PAYLOAD_HTTP, http_steps);
	run_steps(ABI_PAYLOAD_TLS, tls_steps);
	test_padding();
	test_loss();
}
