/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the program for XDP on what only XDP has: frames in several buffers, or without a type. */
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
#define LARGE_MAX 65000

static struct rig *rig;
static struct record record;

static const char *run(const struct rig_frame *frame, uint16_t flags, char *text, size_t size)
{
	int r;

	rig_set_iface(rig, 1, RIG_SLOT, flags, 0);
	r = rig_run(rig, DIRECTION_IN, frame);
	record_clear(&record);
	must(rig_collect(rig, false, &record), "cannot collect");
	if (r < 0)
		(void)snprintf(text, size, "%s", strerror(-r));
	else
		record_text(&record, RIG_SLOT, DIRECTION_IN, text, size);
	return text;
}

/* The first buffer ends anywhere in the headers. */
static void test_buffers(const struct frame_case *c)
{
	static const uint16_t flags[] = {0, RIG_LONG_WAY};
	static uint8_t data[4096];
	struct rig_frame frame = {.data = data, .size = sizeof(data)};
	char text[TEXT_MAX], want[TEXT_MAX];
	bool good = true;

	if (c->need > c->size)
		return;
	memset(data, 0, sizeof(data));
	memcpy(data, c->data, c->size);
	(void)snprintf(want, sizeof(want), "%s = 1/%zu", c->want, frame.size);
	for (frame.linear = ETH_SIZE; frame.linear <= c->size && good; frame.linear++)
		for (size_t i = 0; i < ARRAY_SIZE(flags) && good; i++)
			good = strcmp(run(&frame, flags[i], text, sizeof(text)), want) == 0;
	check_text(text, want, "in two buffers: %s", c->name);
}

/* Linux 6.18 lets a test choose the length of the first buffer. */
static bool has_linear(void)
{
	static uint8_t data[4096] = {ETH(0x88cc)};
	struct rig_frame frame = {.data = data, .size = sizeof(data), .linear = ETH_SIZE};
	int r = rig_run(rig, DIRECTION_IN, &frame);

	record_clear(&record);
	must(rig_collect(rig, false, &record), "cannot collect");
	if (r != -EINVAL)
		must(r, "cannot run a frame in two buffers");
	return r == 0;
}

/* Headers that do not end within what is copied of them. */
static void test_far_headers(void)
{
	static uint8_t data[4096] = {ETH(0x86dd), IP6(0, 4000), 6, 255};
	struct rig_frame frame = {.data = data, .size = sizeof(data), .linear = ETH_SIZE};
	char text[TEXT_MAX];

	check_text(run(&frame, 0, text, sizeof(text)), "malformed = 1/4096",
		   "in two buffers: headers that go on too far");
}

static void test_large(void)
{
	static const size_t sizes[] = {1514, 3520, 3521, 3822, 9018, 40000, LARGE_MAX};
	static const struct frame_case *c = frame_cases;
	static uint8_t data[LARGE_MAX];
	char text[TEXT_MAX], want[TEXT_MAX];

	memcpy(data, c->data, c->size);
	for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
		struct rig_frame frame = {.data = data, .size = sizes[i]};

		if (i > 1 && !has_linear() && frame.size > 3520)
			frame.linear = 3520;
		(void)snprintf(want, sizeof(want), "%s = 1/%zu", c->want, sizes[i]);
		check_text(run(&frame, 0, text, sizeof(text)), want, "a frame of %zu octets",
			   sizes[i]);
	}
}

/* What comes first says what it is. */
static const struct {
	const char *name;
	const uint8_t *data;
	size_t size;
	const char *want;
	const char *want_ip; /* counting IP octets */
} layer3_cases[] = {
	{"TCP", FRAME(IP4(6, 20), TCP(0x10)), "v4 6 " SRC4 ":41234 > " DST4 ":443 flags 10 = 1/40",
	 "v4 6 " SRC4 ":41234 > " DST4 ":443 flags 10 = 1/40"},
	{"TCP over IPv6", FRAME(IP6(6, 20), TCP(0x10)),
	 "v6 6 " SRC6 ":41234 > " DST6 ":443 flags 10 = 1/60",
	 "v6 6 " SRC6 ":41234 > " DST6 ":443 flags 10 = 1/60"},
	{"padded", FRAME(IP4(17, 8), UDP(0), ZEROS8), "v4 17 " SRC4 ":5353 > " DST4 ":53 = 1/36",
	 "v4 17 " SRC4 ":5353 > " DST4 ":53 = 1/28"},
	{"version 5", FRAME(0x55, 0, ZEROS8, ZEROS8, ZEROS8), "not-ip = 1/26", "not-ip = 1/26"},
	{"cut", FRAME(0x45, 0, ZEROS8, ZEROS8), "malformed = 1/18", "malformed = 1/18"},
};

static void test_layer3(void)
{
	char text[TEXT_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(layer3_cases); i++) {
		struct rig_frame frame = {.data = layer3_cases[i].data,
					  .size = layer3_cases[i].size};

		check_text(run(&frame, ABI_IFACE_LAYER3, text, sizeof(text)), layer3_cases[i].want,
			   "no Ethernet header: %s", layer3_cases[i].name);
		check_text(run(&frame, ABI_IFACE_LAYER3 | ABI_IFACE_LAYER_IP, text, sizeof(text)),
			   layer3_cases[i].want_ip, "no Ethernet header, IP octets: %s",
			   layer3_cases[i].name);
	}
}

void test_xdp(void)
{
	static const struct rig_config config = {.xdp = true};

	must(rig_new(&config, &rig), "cannot load the programs");
	test_layer3();
	test_large();
	if (has_linear()) {
		for (const struct frame_case *c = frame_cases; c->name; c++)
			test_buffers(c);
		test_far_headers();
	} else {
		check(true, "in two buffers # SKIP this kernel chooses where the first one ends");
	}
	record_done(&record);
	rig_free(rig);
}
