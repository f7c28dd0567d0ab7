/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests what label the programs give to a flow, and when they look for one. */
#include "config.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "flow.h"
#include "label-cases.h"
#include "macro.h"
#include "packet-cases.h"
#include "packet-check.h"
#include "packet-rig.h"

#define FRAME_SIZE 1600
#define LABEL_PACKETS 8 /* of account.bpf.h */

static struct rig *rig;
static struct record record;

/* How a payload is wrapped. */
enum { WRAP_PLAIN, WRAP_IPV6, WRAP_TAG, WRAP_TAGS, WRAP_IP_OPTIONS, WRAP_TCP_OPTIONS, WRAP_MAX };

static const char *const wraps[WRAP_MAX] = {"plain",    "IPv6",       "a tag",
					    "two tags", "IP options", "TCP options"};

static void put16(uint8_t **p, size_t value)
{
	*(*p)++ = (uint8_t)(value >> 8);
	*(*p)++ = (uint8_t)value;
}

static void put(uint8_t **p, const uint8_t *data, size_t size)
{
	memcpy(*p, data, size);
	*p += size;
}

/* Returns the size of the frame. */
static size_t wrap(uint8_t *frame, const struct label_case *c, int how)
{
	static const uint8_t macs[] = {MACS}, addrs4[] = {ADDRS4}, addrs6[] = {ADDRS6};
	size_t transport = c->proto == IPPROTO_UDP ? 8 : how == WRAP_TCP_OPTIONS ? 32 : 20;
	size_t options = how == WRAP_IP_OPTIONS ? 8 : 0, len = transport + c->len;
	uint8_t *p = frame, *header;

	memset(frame, 0, FRAME_SIZE);
	put(&p, macs, sizeof(macs));
	for (int tags = how == WRAP_TAGS ? 2 : how == WRAP_TAG; tags > 0; tags--) {
		put16(&p, 0x8100);
		put16(&p, 5);
	}
	put16(&p, how == WRAP_IPV6 ? 0x86dd : 0x0800);
	header = p;
	if (how == WRAP_IPV6) {
		header[0] = 0x60;
		header[4] = (uint8_t)(len >> 8);
		header[5] = (uint8_t)len;
		header[6] = c->proto;
		p += 8;
		put(&p, addrs6, sizeof(addrs6));
	} else {
		header[0] = (uint8_t)(0x45 + options / 4);
		header[2] = (uint8_t)((20 + options + len) >> 8);
		header[3] = (uint8_t)(20 + options + len);
		header[9] = c->proto;
		p += 12;
		put(&p, addrs4, sizeof(addrs4));
		memset(p, 1, options);
		p += options;
	}
	header = p;
	put16(&p, c->sport);
	put16(&p, c->dport);
	if (c->proto == IPPROTO_UDP) {
		put16(&p, len);
		p += 2;
	} else {
		header[12] = (uint8_t)(transport / 4 << 4);
		header[13] = 0x18;
		memset(header + 20, 1, transport - 20);
		p = header + transport;
	}
	memcpy(p, c->data, c->size);
	return (size_t)(p - frame) + c->len;
}

/* The label of all that was counted since; more than one flow is an error. */
static const char *collect(void)
{
	record_clear(&record);
	must(rig_collect(rig, false, &record), "cannot collect");
	if (record.n_flows != 1 || !record_balances(&record))
		return "more or less than one flow";
	return record.flows[0].l7 < L7_MAX ? flow_l7_name(record.flows[0].l7) : "an unknown label";
}

static void run(enum direction direction, const uint8_t *data, size_t size, uint16_t flags)
{
	const struct rig_frame frame = {.data = data, .size = size};

	rig_set_iface(rig, 1, RIG_SLOT, flags, 0);
	must(rig_run(rig, direction, &frame), "cannot run");
}

static void test_cases(bool xdp)
{
	static const uint16_t flags[] = {0, RIG_LONG_WAY};
	uint8_t frame[FRAME_SIZE];

	for (int how = 0; how < WRAP_MAX; how++) {
		unsigned int n = 0, wrong = 0;
		const char *last = "";

		for (const struct label_case *c = label_cases; c->name; c++)
			for (int d = 0; d < (xdp ? DIRECTION_OUT : DIRECTION_MAX); d++)
				for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
					size_t size = wrap(frame, c, how);

					run((enum direction)d, frame, size, flags[i]);
					n++;
					if (strcmp(collect(), flow_l7_name(c->want)) == 0)
						continue;
					wrong++;
					last = c->name;
				}
		if (!check(n > 100 && !wrong, "labels, %s", wraps[how]))
			printf("#   %u of %u are wrong, the last one: %s\n", wrong, n, last);
	}
}

static const struct label_case tls = {.proto = IPPROTO_TCP,
				      .sport = 40000,
				      .dport = 443,
				      .data = "\x16\3\1\2\0\1\0\1\xfc\3\3",
				      .size = 11,
				      .len = 517};
static const struct label_case ack = {
	.proto = IPPROTO_TCP, .sport = 40000, .dport = 443, .data = ""};

/* Octets that an Ethernet device adds are no payload. */
static void test_padding(void)
{
	static const struct label_case pong = {.proto = IPPROTO_TCP,
					       .sport = 7000,
					       .dport = 40000,
					       .data = "+PONG\r\n",
					       .size = 7,
					       .len = 0};
	uint8_t frame[FRAME_SIZE];
	size_t size = wrap(frame, &pong, WRAP_PLAIN);

	run(DIRECTION_IN, frame, size + pong.size, 0);
	check_text(collect(), "none", "a label in the padding");
	run(DIRECTION_IN, frame, size + pong.size, RIG_LONG_WAY);
	check_text(collect(), "none", "a label in the padding, the long way");
}

/* The first label of an interval stays, and only its first packets are looked into. */
static void test_first(void)
{
	static const struct label_case http = {.proto = IPPROTO_TCP,
					       .sport = 40000,
					       .dport = 443,
					       .data = "GET / HTTP/1.1\r\n",
					       .size = 16,
					       .len = 16};
	uint8_t frame[FRAME_SIZE];
	size_t size;

	for (int packets = LABEL_PACKETS - 1; packets <= LABEL_PACKETS; packets++) {
		size = wrap(frame, &ack, WRAP_PLAIN);
		for (int i = 0; i < packets; i++)
			run(DIRECTION_IN, frame, size, 0);
		size = wrap(frame, &tls, WRAP_PLAIN);
		run(DIRECTION_IN, frame, size, 0);
		check_text(collect(), packets < LABEL_PACKETS ? "tls" : "none",
			   "payload behind %d packets without", packets);
	}
	size = wrap(frame, &tls, WRAP_PLAIN);
	run(DIRECTION_IN, frame, size, 0);
	size = wrap(frame, &http, WRAP_PLAIN);
	run(DIRECTION_IN, frame, size, 0);
	run(DIRECTION_IN, frame, size, RIG_LONG_WAY);
	check_text(collect(), "tls", "the first label stays");
	check_u64(record.flows[0].count.packets, 3, "packets beside a label");
	check_u64(record.flows[0].count.bytes, 14 + 40 + 517 + 2 * (14 + 40 + 16),
		  "bytes beside a label");
	check_u64(record.flows[0].tcp_flags, 0x18, "flags beside a label");
}

/* Headers that end anywhere, and lengths that are not true. */
static void test_cuts(void)
{
	uint8_t frame[FRAME_SIZE];
	size_t size = wrap(frame, &tls, WRAP_PLAIN);
	bool good = true;

	for (size_t n = ETH_SIZE + 40; n < size; n++) {
		run(DIRECTION_IN, frame, n, 0);
		good &= strcmp(collect(), n < ETH_SIZE + 40 + 6 ? "none" : "tls") == 0;
	}
	check(good, "payload, cut anywhere");
	good = true;
	for (unsigned int words = 0; words < 16; words++) {
		frame[ETH_SIZE + 20 + 12] = (uint8_t)(words << 4);
		run(DIRECTION_IN, frame, size, 0);
		good &= strcmp(collect(), words == 5 ? "tls" : "none") == 0;
	}
	check(good, "TCP headers of any length");
}

/* Rows that sum up flows have no label. */
static void test_folded(void)
{
	uint8_t frame[FRAME_SIZE];
	size_t size = wrap(frame, &tls, WRAP_PLAIN);
	unsigned int n_folded = 0, n_labels = 0;

	for (unsigned int i = 0; i < 20000; i++) {
		frame[ETH_SIZE + 12] = (uint8_t)(i >> 8);
		frame[ETH_SIZE + 13] = (uint8_t)i;
		run(DIRECTION_IN, frame, size, 0);
	}
	record_clear(&record);
	must(rig_collect(rig, false, &record), "cannot collect");
	for (size_t i = 0; i < record.n_flows; i++) {
		n_folded += record.flows[i].key.open != 0;
		n_labels += record.flows[i].key.open && record.flows[i].l7;
	}
	check(n_folded > 0 && n_labels == 0 && record_balances(&record),
	      "%u folding rows, %u with a label", n_folded, n_labels);
}

static void test_off(bool xdp)
{
	const struct rig_config config = {.xdp = xdp, .no_l7 = true};
	uint8_t frame[FRAME_SIZE];
	size_t size = wrap(frame, &tls, WRAP_PLAIN);

	must(rig_new(&config, &rig), "cannot load without labels");
	run(DIRECTION_IN, frame, size, 0);
	run(DIRECTION_IN, frame, size, RIG_LONG_WAY);
	check_text(collect(), "none", "labels are off");
	rig_free(rig);
}

void test_labels(bool xdp)
{
	for (int frags = 0; frags <= xdp; frags++) {
		const struct rig_config config = {.xdp = xdp, .no_frags = xdp && !frags};

		must(rig_new(&config, &rig), "cannot load");
		test_cases(xdp);
		test_padding();
		test_first();
		test_cuts();
		test_folded();
		rig_free(rig);
	}
	test_off(xdp);
	record_done(&record);
}
