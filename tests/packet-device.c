/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tests the programs on devices, for what a test run cannot set up: tags in the metadata, frames
 * without an Ethernet header, headers outside the linear part, very short frames.
 */
#include "config.h"

#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/if_packet.h>
#include <linux/if_tun.h>
#include <linux/virtio_net.h>
#include <net/if.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cleanup.h"
#include "macro.h"

#include "abi.h"
#include "packet-cases.h"
#include "packet-check.h"
#include "packet-rig.h"

#define TEXT_MAX 512
#define LONG_FRAME 8000 /* more than a page, or the kernel makes it linear */
#define SLOT 2
#define TCX_INGRESS 46 /* kernel commit e420bed02507 */
#define TCX_EGRESS 47

struct device {
	int fd;
	unsigned int index;
	int link_fd[DIRECTION_MAX];
};

static struct rig *rig;
static struct record record;
static bool xdp;
static struct device tap = {-1, 0, {-1, -1}}, tun = {-1, 0, {-1, -1}};

/* Keeps the kernel from sending something of its own. */
static void disable_ipv6(const char *name)
{
	char path[128];
	cleanup(close_fdp) int fd = -1;

	(void)snprintf(path, sizeof(path), "/proc/sys/net/ipv6/conf/%s/disable_ipv6", name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd >= 0)
		must(write(fd, "1", 1) < 0 ? -errno : 0, "cannot disable IPv6 on a device");
}

static int device_open(struct device *device, const char *name, int flags)
{
	cleanup(close_fdp) int control_fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	struct ifreq request = {.ifr_flags = (short)flags};

	(void)snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", name);
	device->fd = open("/dev/net/tun", O_RDWR | O_CLOEXEC);
	if (device->fd < 0 || ioctl(device->fd, TUNSETIFF, &request) < 0)
		return -errno;
	disable_ipv6(name);
	device->index = if_nametoindex(name);
	request.ifr_flags = IFF_UP;
	if (ioctl(control_fd, SIOCSIFFLAGS, &request) < 0)
		return -errno;
	return 0;
}

static int device_attach(struct device *device)
{
	static const int types[DIRECTION_MAX] = {TCX_INGRESS, TCX_EGRESS};
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = xdp ? XDP_FLAGS_SKB_MODE : 0);

	for (int i = 0; i < (xdp ? DIRECTION_OUT : DIRECTION_MAX); i++) {
		device->link_fd[i] =
			bpf_link_create(rig_program(rig, (enum direction)i), (int)device->index,
					xdp ? BPF_XDP : (enum bpf_attach_type)types[i], &opts);
		if (device->link_fd[i] < 0)
			return -errno;
	}
	return 0;
}

static void device_close(struct device *device)
{
	for (int i = 0; i < DIRECTION_MAX; i++)
		close_fdp(&device->link_fd[i]);
	close_fdp(&device->fd);
	*device = (struct device){-1, 0, {-1, -1}};
}

/*
 * What one frame brought. The programs have seen it when a write or a run returns; if not, there is
 * a grace period for it.
 */
static const char *collect(uint16_t slot, enum direction direction, char *text, size_t size)
{
	record_clear(&record);
	must(rig_collect(rig, false, &record), "cannot collect");
	if (!record_hook(&record, slot, direction).total.packets) {
		record_clear(&record);
		must(rig_collect(rig, true, &record), "cannot collect");
	}
	record_text(&record, slot, direction, text, size);
	return text;
}

/* Lets the tap receive a frame. linear: octets before the fragments, 0: all of it. */
static const char *receive(const uint8_t *data, size_t size, uint16_t flags, size_t linear,
			   uint16_t gso_size, char *text, size_t text_size)
{
	static uint8_t buf[sizeof(struct virtio_net_hdr) + LONG_FRAME];
	struct virtio_net_hdr head = {
		.hdr_len = (uint16_t)linear,
		.gso_type = gso_size ? VIRTIO_NET_HDR_GSO_TCPV4 : VIRTIO_NET_HDR_GSO_NONE,
		.gso_size = gso_size,
	};

	rig_set_iface(rig, tap.index, SLOT, flags, 0);
	memcpy(buf, &head, sizeof(head));
	memcpy(buf + sizeof(head), data, size);
	must(write(tap.fd, buf, sizeof(head) + size) < 0 ? -errno : 0, "cannot write to a tap");
	return collect(SLOT, DIRECTION_IN, text, text_size);
}

/* The tun receives a packet of a protocol (network order). */
static const char *receive_layer3(const uint8_t *data, size_t size, const uint8_t *protocol,
				  char *text, size_t text_size)
{
	uint8_t buf[4 + 512] = {0, 0, protocol[0], protocol[1]};

	memcpy(buf + 4, data, size);
	must(write(tun.fd, buf, 4 + size) < 0 ? -errno : 0, "cannot write to a tun");
	return collect(SLOT, DIRECTION_IN, text, text_size);
}

static void test_interfaces(void)
{
	static const uint8_t data[] = {ETH(0x0800), IP4(17, 8), UDP(0)};
	static const struct {
		const char *name;
		uint16_t slot, flags;
		unsigned int place;
	} cases[] = {
		{"an interface in its place", 2, 0, 0},
		{"an interface one place on", 3, 0, 1},
		{"an interface at the last place", 3, 0, ABI_IFACE_PROBES - 1},
		{"the last slot", ABI_IFACE_MAX - 1, 0, 0},
		{"the last slot, the long way", ABI_IFACE_MAX - 1, RIG_LONG_WAY, 0},
	};
	struct rig_frame frame = {.data = data, .size = sizeof(data), .ifindex = tap.index};
	const char *want = "v4 17 " SRC4 ":5353 > " DST4 ":53 = 1/42";
	char text[TEXT_MAX];

	rig_clear_ifaces(rig);
	must(rig_run(rig, DIRECTION_OUT, &frame), "cannot run");
	check_text(collect(0, DIRECTION_OUT, text, sizeof(text)), want,
		   "an unknown interface counts on slot 0");
	rig_set_iface(rig, tap.index, SLOT, 0, ABI_IFACE_PROBES);
	must(rig_run(rig, DIRECTION_IN, &frame), "cannot run");
	check_text(collect(0, DIRECTION_IN, text, sizeof(text)), want,
		   "so does one behind the last place");
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		rig_clear_ifaces(rig);
		for (unsigned int place = 0; place < cases[i].place; place++)
			rig_set_iface(rig, tap.index + ABI_IFACE_TABLE, 4, 0, place);
		rig_set_iface(rig, tap.index, cases[i].slot, cases[i].flags, cases[i].place);
		must(rig_run(rig, DIRECTION_IN, &frame), "cannot run");
		check_text(collect(cases[i].slot, DIRECTION_IN, text, sizeof(text)), want, "%s",
			   cases[i].name);
	}
	rig_clear_ifaces(rig);
}

/* Lengths that a test run refuses. */
static void test_short_frames(void)
{
	static const uint8_t frame4[] = {ETH(0x0800), IP4(17, 8), UDP(0)};
	static const uint8_t frame6[] = {ETH(0x86dd), IP6(17, 8), UDP(0)};
	char text[TEXT_MAX], want[TEXT_MAX];
	bool good = true;

	for (size_t n = ETH_SIZE; n < sizeof(frame6) && good; n++) {
		(void)snprintf(want, sizeof(want), "malformed = 1/%zu", n);
		for (int way = 0; way < 2; way++) {
			uint16_t flags = way ? RIG_LONG_WAY : 0;

			if (n < sizeof(frame4))
				good &= !strcmp(receive(frame4, n, flags, 0, 0, text, sizeof(text)),
						want);
			if (good)
				good &= !strcmp(receive(frame6, n, flags, 0, 0, text, sizeof(text)),
						want);
		}
	}
	if (!check(good, "frames from 14 octets on, cut before they say what they are"))
		printf("#   got  %s\n#   want %s\n", text, want);
}

/* The kernel moves the outermost tag to the metadata of what it receives, after XDP. */
#define UDP_REST B16(0x0800), IP4(17, 8), UDP(0)
#define UDP_WANT "v4 17 " SRC4 ":5353 > " DST4 ":53"
#define TCP_REST B16(0x86dd), IP6(6, 20), TCP(0x02)
#define TCP_WANT "v6 6 " SRC6 ":41234 > " DST6 ":443 flags 02, syn"

static const struct {
	const char *name;
	const uint8_t *data;
	size_t size;
	const char *want;    /* counting frames */
	const char *want_ip; /* counting IP octets */
	bool metadata;       /* only where one of the tags is there */
} tag_cases[] = {
	{"no tag", FRAME(MACS, UDP_REST), UDP_WANT " = 1/42", UDP_WANT " = 1/28"},
	{"one tag", FRAME(MACS, TAG(0x8100, 5), UDP_REST), "vlan 5 " UDP_WANT " = 1/46",
	 "vlan 5 " UDP_WANT " = 1/28"},
	{"one tag over IPv6", FRAME(MACS, TAG(0x8100, 0xefff), TCP_REST),
	 "vlan 4095 " TCP_WANT " = 1/78", "vlan 4095 " TCP_WANT " = 1/60"},
	{"a service tag", FRAME(MACS, TAG(0x88a8, 6), UDP_REST), "vlan 6 " UDP_WANT " = 1/46",
	 "vlan 6 " UDP_WANT " = 1/28"},
	{"a tag with priority only", FRAME(MACS, TAG(0x8100, 0xe000), UDP_REST), UDP_WANT " = 1/46",
	 UDP_WANT " = 1/28"},
	{"two tags", FRAME(MACS, TAG(0x88a8, 100), TAG(0x8100, 5), TCP_REST),
	 "vlan 100 " TCP_WANT " = 1/82", "vlan 100 " TCP_WANT " = 1/60"},
	{"a priority tag outside", FRAME(MACS, TAG(0x8100, 0x2000), TAG(0x8100, 5), UDP_REST),
	 "vlan 5 " UDP_WANT " = 1/50", "vlan 5 " UDP_WANT " = 1/28"},
	{"three tags", FRAME(MACS, TAG(0x88a8, 9), TAG(0x88a8, 100), TAG(0x8100, 5), UDP_REST),
	 "vlan 9 " UDP_WANT " = 1/54", "vlan 9 " UDP_WANT " = 1/28", true},
	{"four tags",
	 FRAME(MACS, TAG(0x88a8, 9), TAG(0x88a8, 8), TAG(0x88a8, 7), TAG(0x8100, 5), UDP_REST),
	 "not-ip = 1/58", "not-ip = 1/32", true},
	{"a tag and no IP", FRAME(MACS, TAG(0x8100, 5), B16(0x88cc), ZEROS8), "not-ip = 1/26",
	 "not-ip = 1/8"},
	{"a tag and half a header", FRAME(MACS, TAG(0x8100, 5), B16(0x0800), 0x45, 0, B32(0)),
	 "malformed = 1/24", "malformed = 1/6"},
};

static void test_tags(void)
{
	char text[TEXT_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(tag_cases); i++) {
		const char *name = tag_cases[i].name;

		if (tag_cases[i].metadata && xdp)
			continue;
		receive(tag_cases[i].data, tag_cases[i].size, 0, 0, 0, text, sizeof(text));
		check_text(text, tag_cases[i].want, "tag in the metadata: %s", name);
		receive(tag_cases[i].data, tag_cases[i].size, RIG_LONG_WAY, 0, 0, text,
			sizeof(text));
		check_text(text, tag_cases[i].want, "tag in the metadata: %s, the long way", name);
		receive(tag_cases[i].data, tag_cases[i].size, ABI_IFACE_LAYER_IP, 0, 0, text,
			sizeof(text));
		check_text(text, tag_cases[i].want_ip, "tag in the metadata: %s, IP octets", name);
	}
}

static bool has_tag(const struct frame_case *c)
{
	static const uint8_t types[][2] = {{0x81, 0x00}, {0x88, 0xa8}, {0x91, 0x00}};

	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (memcmp(c->data + 12, types[i], 2) == 0)
			return true;
	return false;
}

/* Only the Ethernet header is in the linear part; the programs have to fetch the rest. */
static void test_not_linear(void)
{
	static uint8_t data[LONG_FRAME];
	char text[TEXT_MAX], want[TEXT_MAX];

	for (const struct frame_case *c = frame_cases; c->name; c++) {
		if (has_tag(c) || c->need > c->size)
			continue;
		memset(data, 0, sizeof(data));
		memcpy(data, c->data, c->size);
		(void)snprintf(want, sizeof(want), "%s = 1/%d", c->want, LONG_FRAME);
		receive(data, sizeof(data), 0, ETH_SIZE, 0, text, sizeof(text));
		check_text(text, want, "not linear: %s", c->name);
	}
}

/* XDP knows packets without Ethernet header by the version of IP in their first octet. */
static bool has_version(const struct frame_case *c)
{
	return (c->data[12] == 0x08 && c->data[13] == 0x00 && c->data[ETH_SIZE] >> 4 == 4) ||
	       (c->data[12] == 0x86 && c->data[13] == 0xdd && c->data[ETH_SIZE] >> 4 == 6);
}

/* The frames of the table without their Ethernet headers. */
static void test_layer3(void)
{
	char text[TEXT_MAX], want[TEXT_MAX];

	rig_set_iface(rig, tun.index, SLOT, ABI_IFACE_LAYER3, 0);
	for (const struct frame_case *c = frame_cases; c->name; c++) {
		size_t size = c->size - ETH_SIZE;
		bool good = true;

		if (has_tag(c) || c->data[12] < 6) /* 802.3 */
			continue;
		if (xdp && !has_version(c))
			continue;
		for (size_t n = 1; n <= size && good; n++) {
			(void)snprintf(want, sizeof(want), "%s = 1/%zu",
				       n + ETH_SIZE < c->need ? "malformed" : c->want, n);
			receive_layer3(c->data + ETH_SIZE, n, c->data + 12, text, sizeof(text));
			good = strcmp(text, want) == 0;
		}
		check_text(text, want, "no Ethernet header: %s", c->name);
	}
	rig_set_iface(rig, tun.index, SLOT, ABI_IFACE_LAYER3 | ABI_IFACE_LAYER_IP, 0);
	receive_layer3(frame_cases[0].data + ETH_SIZE, 40, frame_cases[0].data + 12, text,
		       sizeof(text));
	check_text(text, "v4 6 " SRC4 ":41234 > " DST4 ":443 flags 02, syn = 1/40",
		   "no Ethernet header, IP octets");
}

/* What guests send: the size of a segment without a number of them. */
static void test_guest(void)
{
	static const uint8_t head[] = {ETH(0x0800), IP4(6, 2520), TCP(0x10)};
	static uint8_t data[sizeof(head) + 2500];
	char text[TEXT_MAX];

	memcpy(data, head, sizeof(head));
	receive(data, sizeof(data), 0, sizeof(head), 1000, text, sizeof(text));
	check_text(text, "v4 6 " SRC4 ":41234 > " DST4 ":443 flags 10 = 3/2662",
		   "a super-frame of a guest");
}

/* Sends through a device as the kernel does; a tun wants no Ethernet header. */
static const char *transmit(const struct device *device, bool layer3, const uint8_t *data,
			    size_t size, char *text, size_t text_size)
{
	cleanup(close_fdp) int fd =
		socket(AF_PACKET, (layer3 ? SOCK_DGRAM : SOCK_RAW) | SOCK_CLOEXEC, 0);
	struct sockaddr_ll to = {
		.sll_family = AF_PACKET,
		.sll_protocol = htons(0x0800),
		.sll_ifindex = (int)device->index,
	};

	must(fd < 0 ? -errno : 0, "cannot open a packet socket");
	must(sendto(fd, data, size, 0, (struct sockaddr *)&to, sizeof(to)) < 0 ? -errno : 0,
	     "cannot send");
	return collect(SLOT, DIRECTION_OUT, text, text_size);
}

static void test_egress(void)
{
	static const uint8_t data[] = {ETH(0x0800), IP4(17, 16), UDP(8), ZEROS8};
	char text[TEXT_MAX];

	rig_clear_ifaces(rig);
	rig_set_iface(rig, tap.index, SLOT, 0, 0);
	check_text(transmit(&tap, false, data, sizeof(data), text, sizeof(text)),
		   UDP_WANT " = 1/50", "sent with an Ethernet header");
	rig_set_iface(rig, tun.index, SLOT, ABI_IFACE_LAYER3, 0);
	check_text(
		transmit(&tun, true, data + ETH_SIZE, sizeof(data) - ETH_SIZE, text, sizeof(text)),
		UDP_WANT " = 1/36", "sent without");
}

static void test_all(void)
{
	test_interfaces();
	test_short_frames();
	test_tags();
	test_not_linear();
	test_layer3();
	if (xdp)
		return;
	test_guest();
	test_egress();
}

void test_devices(bool on_xdp)
{
	const struct rig_config config = {.xdp = on_xdp};
	int r;

	xdp = on_xdp;
	must(rig_new(&config, &rig), "cannot load the programs");
	r = device_open(&tap, "tap0", IFF_TAP | IFF_NO_PI | IFF_VNET_HDR);
	if (r == 0)
		r = device_open(&tun, "tun0", IFF_TUN);
	if (r < 0) {
		check(true, "devices # SKIP cannot make a tap and a tun: %s", strerror(-r));
	} else {
		r = device_attach(&tap);
		if (r == 0)
			r = device_attach(&tun);
		if (r == -EINVAL)
			check(true, "devices # SKIP this kernel has no %s",
			      xdp ? "XDP links" : "TCX");
		else
			must(r, "cannot attach to a device");
	}
	if (r == 0)
		test_all();
	device_close(&tap);
	device_close(&tun);
	record_done(&record);
	rig_free(rig);
}
