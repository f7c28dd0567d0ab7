/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests what the programs make of single frames. */
#include "config.h"

#include <linux/types.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "macro.h"

#include "abi.h"
#include "packet-cases.h"
#include "packet-check.h"
#include "packet-rig.h"

#define TEXT_MAX 512
#define BIG_MAX 3584 /* what the kernel takes for a test is a little more */

static struct rig *rig;
static struct record record;
static bool xdp; /* one hook, where the others have two */

/* Runs a frame with the given flags of the interface and says what came of it. */
static const char *run(enum direction direction, const struct rig_frame *frame, uint16_t flags,
		       char *text, size_t size)
{
	int r;

	rig_set_iface(rig, 1, RIG_SLOT, flags, 0);
	r = rig_run(rig, direction, frame);
	record_clear(&record);
	must(rig_collect(rig, false, &record), "cannot collect");
	if (r < 0)
		(void)snprintf(text, size, "%s", strerror(-r));
	else
		record_text(&record, RIG_SLOT, direction, text, size);
	return text;
}

/* Runs a frame both ways and at every hook; true when all agree with the text. */
static bool agrees(const struct rig_frame *frame, const char *want, char *got, size_t size)
{
	static const uint16_t flags[] = {0, RIG_LONG_WAY};

	for (int direction = 0; direction < (xdp ? DIRECTION_OUT : DIRECTION_MAX); direction++)
		for (size_t i = 0; i < ARRAY_SIZE(flags); i++)
			if (strcmp(run((enum direction)direction, frame, flags[i], got, size),
				   want) != 0)
				return false;
	return true;
}

/* For tc the kernel wants a whole network header in a frame for a test, behind a plain Ethernet
 * header. */
static size_t least_size(const uint8_t *data)
{
	if (xdp)
		return ETH_SIZE;
	if (data[12] == 0x08 && data[13] == 0x00)
		return ETH_SIZE + 20;
	if (data[12] == 0x86 && data[13] == 0xdd)
		return ETH_SIZE + 40;
	return ETH_SIZE;
}

/* Cuts a frame at every length. Frames shorter than need are malformed, others are what they are.
 */
static void check_cuts(const char *name, const uint8_t *data, size_t size, size_t need,
		       const char *want)
{
	char text[TEXT_MAX], line[TEXT_MAX];

	for (size_t n = least_size(data); n <= size; n++) {
		struct rig_frame frame = {.data = data, .size = n};

		(void)snprintf(line, sizeof(line), "%s = 1/%zu", n < need ? "malformed" : want, n);
		if (!agrees(&frame, line, text, sizeof(text))) {
			check_text(text, line, "%s, cut to %zu of %zu", name, n, size);
			return;
		}
	}
	check(true, "%s", name);
}

/* Every frame of the table, whole and cut, then the same behind one more tag. */
static void test_table(void)
{
	for (const struct frame_case *c = frame_cases; c->name; c++) {
		uint8_t tagged[BIG_MAX] = {MACS, TAG(0x8100, 77)};
		bool has_tag = c->data[12] == 0x88 && c->data[13] == 0xa8;
		char name[128], want[256];

		check_cuts(c->name, c->data, c->size, c->need, c->want);
		has_tag |= c->data[12] == 0x81 || c->data[12] == 0x91;
		if (has_tag)
			continue;
		memcpy(tagged + 12 + TAG_SIZE, c->data + 12, c->size - 12);
		(void)snprintf(name, sizeof(name), "%s, tagged", c->name);
		(void)snprintf(want, sizeof(want), "%s%s",
			       strncmp(c->want, "v4 ", 3) == 0 || strncmp(c->want, "v6 ", 3) == 0 ||
					       strncmp(c->want, "arp ", 4) == 0
				       ? "vlan 77 "
				       : "",
			       c->want);
		check_cuts(name, tagged, c->size + TAG_SIZE, c->need + TAG_SIZE, want);
	}
}

/* Protocols that have more than a number, for a header of 12 34 56 78 9a bc de f0 ... */
static const struct {
	int proto;
	const char *want4, *want6;
} known[] = {
	{1, SRC4 ":18 > " DST4 ":52", SRC6 ":18 > " DST6 ":52"},
	{2, SRC4 ":18 > " DST4 ":0", SRC6 ":18 > " DST6 ":0"},
	{6, SRC4 ":4660 > " DST4 ":22136 flags 06, syn, rst",
	 SRC6 ":4660 > " DST6 ":22136 flags 06, syn, rst"},
	{17, SRC4 ":4660 > " DST4 ":22136", SRC6 ":4660 > " DST6 ":22136"},
	{33, SRC4 ":4660 > " DST4 ":22136", SRC6 ":4660 > " DST6 ":22136"},
	{47, SRC4 ":22136 > " DST4 ":0", SRC6 ":22136 > " DST6 ":0"},
	{50, SRC4 ":4660 > " DST4 ":22136", SRC6 ":4660 > " DST6 ":22136"},
	{51, SRC4 ":39612 > " DST4 ":57072", SRC6 ":39612 > " DST6 ":57072"},
	{58, SRC4 ":18 > " DST4 ":52", SRC6 ":18 > " DST6 ":52"},
	{89, SRC4 ":52 > " DST4 ":18", SRC6 ":52 > " DST6 ":18"},
	{132, SRC4 ":4660 > " DST4 ":22136", SRC6 ":4660 > " DST6 ":22136"},
	{136, SRC4 ":4660 > " DST4 ":22136", SRC6 ":4660 > " DST6 ":22136"},
	/* extension headers: a long one that ends outside; the fragment header has another shape */
	{0, NULL, "malformed"},
	{43, NULL, "malformed"},
	{60, NULL, "malformed"},
	{44, NULL, "v6 18 " SRC6 ":0 > " DST6 ":0"},
};

static const char *want_of(int proto, bool v6)
{
	for (size_t i = 0; i < ARRAY_SIZE(known); i++)
		if (known[i].proto == proto && (v6 ? known[i].want6 : known[i].want4))
			return v6 ? known[i].want6 : known[i].want4;
	return v6 ? SRC6 ":0 > " DST6 ":0" : SRC4 ":0 > " DST4 ":0";
}

static void test_protocols(bool v6)
{
	static const uint8_t head4[] = {ETH(0x0800), IP4(0, 24)};
	static const uint8_t head6[] = {ETH(0x86dd), IP6(0, 24)};
	static const uint8_t payload[24] = {0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde,
					    0xf0, 1,    2,    3,    4,    5,    6};
	size_t head_size = v6 ? sizeof(head6) : sizeof(head4);
	uint8_t data[sizeof(head6) + sizeof(payload)];
	struct rig_frame frame = {.data = data, .size = head_size + sizeof(payload)};
	char text[TEXT_MAX], line[TEXT_MAX];

	memcpy(data, v6 ? head6 : head4, head_size);
	memcpy(data + head_size, payload, sizeof(payload));
	for (int proto = 0; proto < 256; proto++) {
		const char *want = want_of(proto, v6);

		data[v6 ? ETH_SIZE + 6 : ETH_SIZE + 9] = (uint8_t)proto;
		if (want[0] == 'm' || want[0] == 'v')
			(void)snprintf(line, sizeof(line), "%s = 1/%zu", want, frame.size);
		else
			(void)snprintf(line, sizeof(line), "v%d %d %s = 1/%zu", v6 ? 6 : 4, proto,
				       want, frame.size);
		if (!agrees(&frame, line, text, sizeof(text))) {
			check_text(text, line, "protocol %d over IPv%d", proto, v6 ? 6 : 4);
			return;
		}
	}
	check(true, "all 256 protocols over IPv%d", v6 ? 6 : 4);
}

/* All first octets of an IPv4 header. */
static void test_first_octets(void)
{
	uint8_t data[ETH_SIZE + 60 + 8] = {ETH(0x0800), IP4(17, 48)};
	struct rig_frame frame = {.data = data, .size = sizeof(data)};
	char text[TEXT_MAX];
	static const char *const want[2] = {
		"malformed = 1/82",
		"v4 17 " SRC4 ":4660 > " DST4 ":22136 = 1/82",
	};

	for (int first = 0; first < 256; first++) {
		size_t length = (size_t)(first & 15) * 4;
		bool good = first >> 4 == 4 && length >= 20;

		memset(data + ETH_SIZE + 20, 1, 48);
		data[ETH_SIZE] = (uint8_t)first;
		if (good)
			memcpy(data + ETH_SIZE + length, "\x12\x34\x56\x78", 4);
		if (!agrees(&frame, want[good], text, sizeof(text))) {
			check_text(text, want[good], "first octet %02x", first);
			return;
		}
	}
	check(true, "all 256 first octets of an IPv4 header");
}

static void test_no_arp(void)
{
	const struct rig_config config = {.no_arp = true, .xdp = xdp};
	const struct rig_frame frame = {FRAME(ETH(0x0806), B16(1), B16(0x0800), 6, 4, B16(1), 2, 0,
					      0, 0, 0, 1, 192, 0, 2, 7, B32(0), B16(0), 198, 51,
					      100, 1)};
	char text[TEXT_MAX];
	struct rig *normal = rig;

	must(rig_new(&config, &rig), "cannot load the programs");
	agrees(&frame, "not-ip = 1/42", text, sizeof(text));
	check_text(text, "not-ip = 1/42", "ARP has no flows where it is not wanted");
	rig_free(rig);
	rig = normal;
}

/* Heads of super-frames; the payload is zeros. */
#define TCP_OPTIONS                                                                                \
	B16(41234), B16(443), B32(1), B32(2), 0x80, 0x10, B16(512), B32(0), 1, 1, 8, 10, B32(5),   \
		B32(6)
#define GSO_WANT4 "v4 6 " SRC4 ":41234 > " DST4 ":443 flags 10"
#define GSO_WANT6 "v6 6 " SRC6 ":41234 > " DST6 ":443 flags 10"

static const struct {
	const char *name;
	const uint8_t *data; /* headers */
	size_t size;
	size_t payload;
	uint32_t gso_size, gso_segs;
	uint16_t flags;
	const char *want;
} gso_cases[] = {
	{"TCP, three segments", FRAME(ETH(0x0800), IP4(6, 3020), TCP(0x10)), 3000, 1000, 3, 0,
	 GSO_WANT4 " = 3/3162"},
	{"TCP, the last segment is short", FRAME(ETH(0x0800), IP4(6, 2021), TCP(0x10)), 2001, 1000,
	 3, 0, GSO_WANT4 " = 3/2163"},
	{"TCP with options", FRAME(ETH(0x0800), IP4(6, 3032), TCP_OPTIONS), 3000, 1000, 3, 0,
	 GSO_WANT4 " = 3/3198"},
	{"TCP behind IP options",
	 FRAME(ETH(0x0800), IP4_WITH(0x46, 0x4000, 6, 2020), B32(0x01010100), TCP(0x10)), 2000,
	 1000, 2, 0, GSO_WANT4 " = 2/2116"},
	{"TCP over IPv6 with options", FRAME(ETH(0x86dd), IP6(6, 3032), TCP_OPTIONS), 3000, 1000, 3,
	 0, GSO_WANT6 " = 3/3258"},
	{"TCP behind an extension header",
	 FRAME(ETH(0x86dd), IP6(0, 3028), EXTENSION(6), TCP(0x10)), 3000, 1000, 3, 0,
	 GSO_WANT6 " = 3/3246"},
	{"IPv6 without length", FRAME(ETH(0x86dd), IP6(6, 0), TCP(0x10)), 3000, 1000, 3, 0,
	 GSO_WANT6 " = 3/3222"},
	{"TCP, sent with FIN: one", FRAME(ETH(0x0800), IP4(6, 2020), TCP(0x11)), 2000, 1000, 2, 0,
	 "v4 6 " SRC4 ":41234 > " DST4 ":443 flags 11, fin = 2/2108"},
	{"UDP", FRAME(ETH(0x0800), IP4(17, 3008), UDP(3000)), 3000, 1200, 3, 0,
	 "v4 17 " SRC4 ":5353 > " DST4 ":53 = 3/3126"},
	{"UDP over IPv6", FRAME(ETH(0x86dd), IP6(17, 3008), UDP(3000)), 3000, 1200, 3, 0,
	 "v6 17 " SRC6 ":5353 > " DST6 ":53 = 3/3186"},
	{"no number of segments", FRAME(ETH(0x0800), IP4(6, 2520), TCP(0x10)), 2500, 1000, 0, 0,
	 GSO_WANT4 " = 3/2662"},
	{"no number of segments, exactly two", FRAME(ETH(0x86dd), IP6(6, 2020), TCP(0x10)), 2000,
	 1000, 0, 0, GSO_WANT6 " = 2/2148"},
	{"no number of segments, no payload", FRAME(ETH(0x0800), IP4(6, 20), TCP(0x10)), 0, 1000, 0,
	 0, GSO_WANT4 " = 1/54"},
	{"one segment", FRAME(ETH(0x0800), IP4(6, 520), TCP(0x10)), 500, 1000, 1, 0,
	 GSO_WANT4 " = 1/554"},
	{"a number of segments without a size is no super-frame",
	 FRAME(ETH(0x0800), IP4(6, 520), TCP(0x10)), 500, 0, 1, 0, GSO_WANT4 " = 1/554"},
	{"the same with a number above 1", FRAME(ETH(0x0800), IP4(6, 520), TCP(0x10)), 500, 0, 3, 0,
	 GSO_WANT4 " = 1/554"},
	{"most segments there can be", FRAME(ETH(0x0800), IP4(6, 3020), TCP(0x10)), 3000, 1, 3000,
	 0, GSO_WANT4 " = 3000/165000"},
	{"with a tag in the frame",
	 FRAME(MACS, TAG(0x8100, 5), B16(0x0800), IP4(6, 2020), TCP(0x10)), 2000, 1000, 2, 0,
	 "vlan 5 " GSO_WANT4 " = 2/2116"},
	{"IP octets", FRAME(ETH(0x0800), IP4(6, 3020), TCP(0x10)), 3000, 1000, 3,
	 ABI_IFACE_LAYER_IP, GSO_WANT4 " = 3/3120"},
	{"IP octets, IPv6, tag", FRAME(MACS, TAG(0x8100, 5), B16(0x86dd), IP6(6, 2020), TCP(0x10)),
	 2000, 1000, 2, ABI_IFACE_LAYER_IP, "vlan 5 " GSO_WANT6 " = 2/2120"},
	{"IP octets, total length of one segment", FRAME(ETH(0x0800), IP4(6, 1020), TCP(0x10)),
	 3000, 1000, 3, ABI_IFACE_LAYER_IP, GSO_WANT4 " = 3/3120"},
	/* tunnels: the headers of the outer and of the inner packet come again */
	{"VXLAN",
	 FRAME(ETH(0x0800), IP4(17, 2070), B16(5353), B16(4789), B16(2070), B16(0), B32(0x08000000),
	       B32(0x00000700), ETH(0x0800), IP4(6, 2020), TCP(0x10)),
	 2000, 1000, 2, 0, "v4 17 " SRC4 ":5353 > " DST4 ":4789 = 2/2208"},
	{"VXLAN on the port of Linux, IPv6 in IPv6",
	 FRAME(ETH(0x86dd), IP6(17, 2090), B16(5353), B16(8472), B16(2090), B16(0), B32(0x08000000),
	       B32(0x00000700), ETH(0x86dd), IP6(6, 2020), TCP(0x10)),
	 2000, 1000, 2, 0, "v6 17 " SRC6 ":5353 > " DST6 ":8472 = 2/2288"},
	{"Geneve with an option",
	 FRAME(ETH(0x0800), IP4(17, 2078), B16(5353), B16(6081), B16(2078), B16(0), B32(0x02006558),
	       B32(0x00000700), ZEROS8, ETH(0x0800), IP4(6, 2020), TCP(0x10)),
	 2000, 1000, 2, 0, "v4 17 " SRC4 ":5353 > " DST4 ":6081 = 2/2224"},
	{"GRE", FRAME(ETH(0x0800), IP4(47, 2044), B16(0), B16(0x0800), IP4(6, 2020), TCP(0x10)),
	 2000, 1000, 2, 0, "v4 47 " SRC4 ":2048 > " DST4 ":0 = 2/2156"},
	{"GRE with key and Ethernet",
	 FRAME(ETH(0x86dd), IP6(47, 2062), B16(0x2000), B16(0x6558), B32(7), ETH(0x0800),
	       IP4(6, 2020), TCP(0x10)),
	 2000, 1000, 2, 0, "v6 47 " SRC6 ":25944 > " DST6 ":0 = 2/2232"},
	{"IPv4 in IPv4", FRAME(ETH(0x0800), IP4(4, 2040), IP4(6, 2020), TCP(0x10)), 2000, 1000, 2,
	 0, "v4 4 " SRC4 ":0 > " DST4 ":0 = 2/2148"},
	{"IPv6 in IPv4", FRAME(ETH(0x0800), IP4(41, 2060), IP6(6, 2020), TCP(0x10)), 2000, 1000, 2,
	 0, "v4 41 " SRC4 ":0 > " DST4 ":0 = 2/2188"},
	{"IP octets in VXLAN",
	 FRAME(ETH(0x0800), IP4(17, 2070), B16(5353), B16(4789), B16(2070), B16(0), B32(0x08000000),
	       B32(0x00000700), ETH(0x0800), IP4(6, 2020), TCP(0x10)),
	 2000, 1000, 2, ABI_IFACE_LAYER_IP, "v4 17 " SRC4 ":5353 > " DST4 ":4789 = 2/2180"},
	{"a tunnel with nothing known inside",
	 FRAME(ETH(0x0800), IP4(47, 2004), B16(0), B16(0x88cc)), 2000, 1000, 2, 0,
	 "v4 47 " SRC4 ":35020 > " DST4 ":0 = 2/2038"},
	{"not IP", FRAME(ETH(0x8847), B32(0x000111ff), IP4(6, 2020), TCP(0x10)), 2000, 1000, 2, 0,
	 "not-ip = 2/2058"},
	{"headers cut short", FRAME(ETH(0x0800), IP4(6, 10), ZEROS8, B16(0)), 0, 1000, 3, 0,
	 "malformed = 3/44"},
};

static void test_gso(void)
{
	static uint8_t data[BIG_MAX];
	char text[TEXT_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(gso_cases); i++) {
		struct rig_frame frame = {
			.data = data,
			.size = gso_cases[i].size + gso_cases[i].payload,
			.gso_size = gso_cases[i].gso_size,
			.gso_segs = gso_cases[i].gso_segs,
		};
		uint16_t flags = gso_cases[i].flags;

		memset(data, 0, sizeof(data));
		memcpy(data, gso_cases[i].data, gso_cases[i].size);
		if (flags)
			run(DIRECTION_OUT, &frame, flags, text, sizeof(text));
		else
			agrees(&frame, gso_cases[i].want, text, sizeof(text));
		check_text(text, gso_cases[i].want, "GSO: %s", gso_cases[i].name);
	}
}

static const struct {
	const char *name;
	const uint8_t *data;
	size_t size;
	const char *want;
} layer_ip_cases[] = {
	{"TCP", FRAME(ETH(0x0800), IP4(6, 20), TCP(0x10)), GSO_WANT4 " = 1/40"},
	{"padding does not count", FRAME(ETH(0x0800), IP4(6, 20), TCP(0x10), B32(0), B16(0)),
	 GSO_WANT4 " = 1/40"},
	{"padding behind IPv6", FRAME(ETH(0x86dd), IP6(6, 20), TCP(0x10), ZEROS8),
	 GSO_WANT6 " = 1/60"},
	{"padding behind a tag",
	 FRAME(MACS, TAG(0x8100, 5), B16(0x0800), IP4(6, 20), TCP(0x10), B32(0), B16(0)),
	 "vlan 5 " GSO_WANT4 " = 1/40"},
	{"two tags",
	 FRAME(MACS, TAG(0x88a8, 9), TAG(0x8100, 5), B16(0x86dd), IP6(6, 20), TCP(0x10)),
	 "vlan 9 " GSO_WANT6 " = 1/60"},
	{"ARP is 28",
	 FRAME(ETH(0x0806), B16(1), B16(0x0800), 6, 4, B16(1), 2, 0, 0, 0, 0, 1, 192, 0, 2, 7,
	       B32(0), B16(0), 198, 51, 100, 1, ZEROS8, ZEROS8, B16(0)),
	 "arp 0 " SRC4 ":1 > " DST4 ":0 = 1/28"},
	{"a length beyond the frame is not believed", FRAME(ETH(0x0800), IP4(6, 9000), TCP(0x10)),
	 GSO_WANT4 " = 1/40"},
	{"a length within the header is not believed", FRAME(ETH(0x0800), IP4(6, -19), TCP(0x10)),
	 GSO_WANT4 " = 1/40"},
	{"total length 0", FRAME(ETH(0x0800), IP4(6, -20), TCP(0x10)), GSO_WANT4 " = 1/40"},
	{"payload length 0", FRAME(ETH(0x86dd), IP6(6, 0), TCP(0x10)), GSO_WANT6 " = 1/60"},
	{"later fragment, padded",
	 FRAME(ETH(0x0800), IP4_WITH(0x45, 0x0010, 6, 8), ZEROS8, ZEROS8, B16(0)),
	 "v4 6 " SRC4 ":0 > " DST4 ":0 = 1/28"},
	{"not IP", FRAME(ETH(0x88cc), ZEROS8, B16(0)), "not-ip = 1/10"},
	{"not IP behind a tag", FRAME(MACS, TAG(0x8100, 5), B16(0x88cc), ZEROS8, B16(0)),
	 "not-ip = 1/10"},
	{"nothing behind the Ethernet header", FRAME(ETH(0x88cc)), "not-ip = 1/0"},
	{"malformed", FRAME(ETH(0x0800), IP4_WITH(0x44, 0, 17, 12), UDP(0)), "malformed = 1/28"},
};

static void test_layer_ip(void)
{
	char text[TEXT_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(layer_ip_cases); i++) {
		struct rig_frame frame = {.data = layer_ip_cases[i].data,
					  .size = layer_ip_cases[i].size};

		run(DIRECTION_IN, &frame, ABI_IFACE_LAYER_IP, text, sizeof(text));
		check_text(text, layer_ip_cases[i].want, "IP octets: %s", layer_ip_cases[i].name);
	}
}

static void test_repeat(void)
{
	const struct rig_frame frames[] = {
		{FRAME(ETH(0x0800), IP4(6, 20), TCP(0x12)), .repeat = 1000000},
		{FRAME(ETH(0x86dd), IP6(6, 20), TCP(0x11)), .repeat = 1000000},
	};
	static const char *const want[] = {
		"v4 6 " SRC4 ":41234 > " DST4 ":443 flags 12, 1000000 syn-ack = 1000000/54000000",
		"v6 6 " SRC6 ":41234 > " DST6 ":443 flags 11, 1000000 fin = 1000000/74000000",
	};
	char text[TEXT_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(frames); i++) {
		run(DIRECTION_IN, &frames[i], 0, text, sizeof(text));
		check_text(text, want[i], "a million packets of IPv%d", i ? 6 : 4);
	}
}

/* Several packets of one flow: the flags add up, the second bucket and the first agree. */
static void test_flow(void)
{
	const struct rig_frame frames[] = {
		{FRAME(ETH(0x0800), IP4(6, 20), TCP(0x02))},
		{FRAME(ETH(0x0800), IP4(6, 28), TCP(0x18), ZEROS8), .repeat = 3},
		{FRAME(MACS, TAG(0x8100, 0), B16(0x0800), IP4(6, 20), TCP(0x11))},
		{FRAME(ETH(0x0800), IP4(6, 2020), TCP(0x10)), .gso_size = 1000, .gso_segs = 2},
	};
	static uint8_t big[54 + 2000];
	char text[TEXT_MAX];

	record_clear(&record);
	rig_set_iface(rig, 1, RIG_SLOT, 0, 0);
	for (size_t i = 0; i < ARRAY_SIZE(frames); i++) {
		struct rig_frame frame = frames[i];

		if (frame.gso_size) {
			memcpy(big, frame.data, frame.size);
			frame.data = big;
			frame.size = sizeof(big);
		}
		must(rig_run(rig, DIRECTION_IN, &frame), "cannot run");
	}
	must(rig_collect(rig, true, &record), "cannot collect");
	record_text(&record, RIG_SLOT, DIRECTION_IN, text, sizeof(text));
	/* 54 + 3 * 62 + 58 + 2054 + 54 */
	check_text(text, "v4 6 " SRC4 ":41234 > " DST4 ":443 flags 1b, syn, fin = 7/2406",
		   "packets of one flow by both ways");
}

void test_parser(bool on_xdp)
{
	const struct rig_config config = {.xdp = on_xdp};

	xdp = on_xdp;
	must(rig_new(&config, &rig), "cannot load the programs");
	test_table();
	test_protocols(false);
	test_protocols(true);
	test_first_octets();
	test_no_arp();
	if (!xdp) /* which knows of no segments */
		test_gso();
	test_layer_ip();
	test_repeat();
	if (!xdp)
		test_flow();
	record_done(&record);
	rig_free(rig);
}
