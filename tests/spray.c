/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Sends traffic of known counts, for the tests in network namespaces.
 *
 *	spray udp FROM PORT TO PORT COUNT SIZE [SEGMENT]
 *		datagrams of SIZE bytes from a socket; with SEGMENT each of them leaves as a
 *		super-frame of segments that long (UDP_SEGMENT)
 *	spray echo TO COUNT SIZE
 *		echo requests, each answered before the next one; SIZE bytes behind the header
 *	spray frames DEVICE COUNT WORD...
 *		frames of the headers that the words name, from the outside in:
 *		to=MAC from=MAC; vlan=ID, qinq=ID; type=HEX; arp=OP,SRC,DST; ip=SRC,DST (4 or 6);
 *		proto=N; frag=OFFSET,MORE; udp=SRC,DST; tcp=SRC,DST,HEXFLAGS; pad=LEN;
 *		cut=LEN: the frame ends there;
 *		flows=K: K flows in turn, number i (from 0) has both ports greater by i, and
 *		COUNT + i frames;
 *		random=src, random=dst: another port and address (the last 24 bits of 4, 64 of 6)
 *		in each frame.
 */

#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/icmp6.h>
#include <netinet/ip_icmp.h>
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <linux/if_ether.h>
#include <linux/if_packet.h>

#include "macro.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT 103 /* Linux 4.18 */
#endif

#define BATCH 32
#define REPLY_WAIT_MS 10000

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "spray: %s: %s\n", what, errno ? strerror(errno) : "not understood");
	exit(EXIT_FAILURE);
}

static unsigned long number(const char *text, int base, unsigned long max)
{
	unsigned long value;
	char *end;

	errno = 0;
	value = strtoul(text, &end, base);
	if (!*text || *end || errno || value > max) {
		errno = 0;
		die(text);
	}
	return value;
}

/* An address of either family with its port; returns the length. */
static socklen_t read_address(const char *text, unsigned long port, struct sockaddr_storage *ret)
{
	struct sockaddr_in *in = (struct sockaddr_in *)ret;
	struct sockaddr_in6 *in6 = (struct sockaddr_in6 *)ret;

	memset(ret, 0, sizeof(*ret));
	if (inet_pton(AF_INET, text, &in->sin_addr) == 1) {
		in->sin_family = AF_INET;
		in->sin_port = htons((uint16_t)port);
		return sizeof(*in);
	}
	if (inet_pton(AF_INET6, text, &in6->sin6_addr) == 1) {
		in6->sin6_family = AF_INET6;
		in6->sin6_port = htons((uint16_t)port);
		return sizeof(*in6);
	}
	errno = 0;
	die(text);
}

static int spray_udp(int n_args, char **args)
{
	static const char payload[UINT16_MAX];
	struct sockaddr_storage from, to;
	unsigned long count, size;
	socklen_t len;
	int fd;

	if (n_args < 6)
		return -1;
	len = read_address(args[0], number(args[1], 10, UINT16_MAX), &from);
	(void)read_address(args[2], number(args[3], 10, UINT16_MAX), &to);
	count = number(args[4], 10, UINT32_MAX);
	size = number(args[5], 10, sizeof(payload));
	fd = socket(from.ss_family, SOCK_DGRAM, 0);
	if (fd < 0 || bind(fd, (struct sockaddr *)&from, len) < 0)
		die("cannot bind");
	if (connect(fd, (struct sockaddr *)&to, len) < 0)
		die("cannot connect");
	if (n_args > 6) {
		int segment = (int)number(args[6], 10, UINT16_MAX);

		if (setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &segment, sizeof(segment)) < 0)
			die("UDP_SEGMENT");
	}
	for (unsigned long i = 0; i < count; i++)
		if (send(fd, payload, size, 0) != (ssize_t)size)
			die("cannot send");
	return close(fd);
}

/* Sum of 16-bit words in the order of memory (RFC 1071), on top of what was summed before. */
static uint64_t add_words(uint64_t sum, const void *data, size_t len)
{
	const uint8_t *bytes = data;

	for (size_t i = 0; i < len; i++)
		sum += (uint64_t)bytes[i] << (i % 2 ? 0 : 8);
	return sum;
}

static uint16_t fold_sum(uint64_t sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return (uint16_t)~sum;
}

static unsigned long get16(const uint8_t *from)
{
	return (unsigned long)from[0] << 8 | from[1];
}

static void put16(uint8_t *to, unsigned long value)
{
	to[0] = (uint8_t)(value >> 8);
	to[1] = (uint8_t)value;
}

/* True when the reply to the request with this number came. */
static bool await_reply(int fd, bool v6, uint16_t sequence)
{
	struct pollfd pollfd = {.fd = fd, .events = POLLIN};
	uint8_t packet[2048];

	while (poll(&pollfd, 1, REPLY_WAIT_MS) > 0) {
		ssize_t n = recv(fd, packet, sizeof(packet), 0);
		size_t at = v6 || n < 1 ? 0 : (size_t)(packet[0] & 15) * 4;

		if (n < (ssize_t)at + 8 || packet[at] != (v6 ? ICMP6_ECHO_REPLY : ICMP_ECHOREPLY))
			continue;
		if (packet[at + 6] == sequence >> 8 && packet[at + 7] == (sequence & 0xff))
			return true;
	}
	return false;
}

static int spray_echo(int n_args, char **args)
{
	struct sockaddr_storage to;
	uint8_t packet[2048] = {0};
	unsigned long count, size;
	socklen_t len;
	bool v6;
	int fd;

	if (n_args < 3)
		return -1;
	len = read_address(args[0], 0, &to);
	v6 = to.ss_family == AF_INET6;
	count = number(args[1], 10, UINT16_MAX);
	size = number(args[2], 10, 1400) + 8;
	fd = socket(to.ss_family, SOCK_RAW, v6 ? (int)IPPROTO_ICMPV6 : (int)IPPROTO_ICMP);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, len) < 0)
		die("cannot open a raw socket");
	packet[0] = v6 ? ICMP6_ECHO_REQUEST : ICMP_ECHO;
	for (uint16_t i = 0; i < count; i++) {
		put16(packet + 6, i);
		put16(packet + 2, 0);
		put16(packet + 2, fold_sum(add_words(0, packet, size))); /* of 6: by the kernel */
		if (send(fd, packet, size, 0) != (ssize_t)size)
			die("cannot send");
		if (!await_reply(fd, v6, i)) {
			fprintf(stderr, "spray: no reply to request %u\n", i);
			return EXIT_FAILURE;
		}
	}
	return close(fd);
}

/* Frames */

enum vary { VARY_NONE, VARY_SRC, VARY_DST };

struct frame {
	uint8_t data[2048];
	size_t len;
	size_t type_at;  /* where the ethertype of what comes next belongs */
	size_t proto_at; /* the same for the protocol */
	size_t l3, l4;   /* offsets; 0: there is none */
	size_t cut;
	bool v6, fragment;
	unsigned long n_flows;
	enum vary vary;
};

static uint8_t *append(struct frame *frame, size_t n)
{
	uint8_t *to = frame->data + frame->len;

	if (frame->len + n > sizeof(frame->data)) {
		errno = EMSGSIZE;
		die("frame");
	}
	frame->len += n;
	return to;
}

/* Cuts the next number off a list. */
static unsigned long next_number(char **list, int base, unsigned long max)
{
	char *word = strsep(list, ",");

	return number(word ? word : "", base, max);
}

static void put_mac(uint8_t *to, char *text)
{
	for (int i = 0; i < 6; i++) {
		char *word = strsep(&text, ":");

		to[i] = (uint8_t)number(word ? word : "", 16, 255);
	}
}

static void put_to(struct frame *frame, char *value)
{
	put_mac(frame->data, value);
}

static void put_from(struct frame *frame, char *value)
{
	put_mac(frame->data + 6, value);
}

static void put_tag(struct frame *frame, char *value, unsigned int ethertype)
{
	uint8_t *tag;

	put16(frame->data + frame->type_at, ethertype);
	tag = append(frame, 4);
	put16(tag, number(value, 10, 4095));
	frame->type_at = frame->len - 2;
}

static void put_vlan(struct frame *frame, char *value)
{
	put_tag(frame, value, 0x8100);
}

static void put_qinq(struct frame *frame, char *value)
{
	put_tag(frame, value, 0x88a8);
}

static void put_type(struct frame *frame, char *value)
{
	put16(frame->data + frame->type_at, number(value, 16, UINT16_MAX));
}

static void put_arp(struct frame *frame, char *value)
{
	uint8_t *arp;

	put16(frame->data + frame->type_at, 0x0806);
	arp = append(frame, 28);
	put16(arp, 1);
	put16(arp + 2, 0x0800);
	arp[4] = 6;
	arp[5] = 4;
	put16(arp + 6, next_number(&value, 10, UINT16_MAX));
	for (int i = 0; i < 2; i++) {
		char *word = strsep(&value, ",");

		errno = 0;
		if (inet_pton(AF_INET, word ? word : "", arp + (i ? 24 : 14)) != 1)
			die("arp");
	}
}

static void put_ip(struct frame *frame, char *value)
{
	char *src = strsep(&value, ",");
	uint8_t *ip;
	size_t size;
	int family;

	frame->l3 = frame->len;
	frame->v6 = strchr(src, ':');
	put16(frame->data + frame->type_at, frame->v6 ? ETH_P_IPV6 : ETH_P_IP);
	ip = append(frame, frame->v6 ? 40 : 20);
	ip[0] = frame->v6 ? 0x60 : 0x45;
	ip[frame->v6 ? 7 : 8] = 64; /* hops */
	frame->proto_at = frame->l3 + (frame->v6 ? 6 : 9);
	family = frame->v6 ? AF_INET6 : AF_INET;
	size = frame->v6 ? 16 : 4;
	errno = 0;
	if (!value || inet_pton(family, src, ip + (frame->v6 ? 8 : 12)) != 1 ||
	    inet_pton(family, value, ip + (frame->v6 ? 8 : 12) + size) != 1)
		die("ip");
}

/* Of 6: an extension header. Only the first fragment (offset 0) has a transport header. */
static void put_frag(struct frame *frame, char *value)
{
	unsigned long offset = next_number(&value, 10, UINT16_MAX & ~7ul);
	unsigned long more = next_number(&value, 10, 1);

	frame->fragment = true;
	if (frame->v6) {
		uint8_t *header;

		frame->data[frame->proto_at] = IPPROTO_FRAGMENT;
		header = append(frame, 8);
		put16(header + 2, (offset & ~7ul) | more);
		frame->proto_at = frame->len - 8;
	} else {
		put16(frame->data + frame->l3 + 6, more << 13 | offset / 8);
	}
}

static void put_proto(struct frame *frame, char *value)
{
	frame->data[frame->proto_at] = (uint8_t)number(value, 10, 255);
}

static void put_udp(struct frame *frame, char *value)
{
	uint8_t *udp;

	frame->data[frame->proto_at] = IPPROTO_UDP;
	frame->l4 = frame->len;
	udp = append(frame, 8);
	put16(udp, next_number(&value, 10, UINT16_MAX));
	put16(udp + 2, next_number(&value, 10, UINT16_MAX));
}

static void put_tcp(struct frame *frame, char *value)
{
	uint8_t *tcp;

	frame->data[frame->proto_at] = IPPROTO_TCP;
	frame->l4 = frame->len;
	tcp = append(frame, 20);
	put16(tcp, next_number(&value, 10, UINT16_MAX));
	put16(tcp + 2, next_number(&value, 10, UINT16_MAX));
	tcp[12] = 0x50;
	tcp[13] = (uint8_t)next_number(&value, 16, 255);
	put16(tcp + 14, 8192); /* window */
}

static void put_pad(struct frame *frame, char *value)
{
	(void)append(frame, number(value, 10, sizeof(frame->data)));
}

static void put_cut(struct frame *frame, char *value)
{
	frame->cut = number(value, 10, sizeof(frame->data));
}

static void put_flows(struct frame *frame, char *value)
{
	frame->n_flows = number(value, 10, UINT16_MAX);
}

static void put_random(struct frame *frame, char *value)
{
	frame->vary = strcmp(value, "dst") == 0 ? VARY_DST : VARY_SRC;
}

static const struct {
	const char *name;
	void (*put)(struct frame *frame, char *value);
} words[] = {
	{"to", put_to},     {"from", put_from},   {"vlan", put_vlan},     {"qinq", put_qinq},
	{"type", put_type}, {"arp", put_arp},     {"ip", put_ip},         {"frag", put_frag},
	{"udp", put_udp},   {"tcp", put_tcp},     {"proto", put_proto},   {"pad", put_pad},
	{"cut", put_cut},   {"flows", put_flows}, {"random", put_random},
};

static void put_word(struct frame *frame, char *word)
{
	char *value = strchr(word, '=');

	errno = 0;
	if (!value)
		die(word);
	*value++ = 0;
	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (strcmp(words[i].name, word) == 0) {
			words[i].put(frame, value);
			return;
		}
	}
	die(word);
}

/* Fills in lengths and checksums. */
static void complete(struct frame *frame)
{
	uint8_t *l3 = frame->data + frame->l3, *l4 = frame->data + frame->l4;
	size_t l3_len = frame->len - frame->l3, l4_len = frame->len - frame->l4;
	uint8_t proto = frame->data[frame->proto_at];
	uint8_t *sum_at = l4 + (proto == IPPROTO_TCP ? 16 : 6);
	uint64_t sum;

	if (!frame->l3)
		return;
	if (frame->v6) {
		put16(l3 + 4, l3_len - 40);
	} else {
		put16(l3 + 2, l3_len);
		put16(l3 + 10, 0);
		put16(l3 + 10, fold_sum(add_words(0, l3, 20)));
	}
	if (!frame->l4)
		return;
	if (proto == IPPROTO_UDP)
		put16(l4 + 4, l4_len);
	put16(sum_at, 0);
	if (frame->fragment) /* would cover what the others carry */
		return;
	sum = frame->v6 ? add_words(0, l3 + 8, 32) : add_words(0, l3 + 12, 8);
	put16(sum_at, fold_sum(add_words(sum + proto + l4_len, l4, l4_len)));
}

static uint64_t next_random(void)
{
	static uint64_t x;

	if (!x)
		x = (uint64_t)getpid() * 0x9e3779b97f4a7c15ULL;
	x ^= x << 13; /* xorshift64, Marsaglia 2003 */
	x ^= x >> 7;
	x ^= x << 17;
	return x;
}

/* Makes it the frame of flow number i. */
static void vary(struct frame *frame, const struct frame *model, unsigned long i)
{
	size_t size = frame->v6 ? 16 : 4, n = frame->v6 ? 8 : 3;
	size_t end = frame->l3 + (frame->v6 ? 8 : 12) + size;
	size_t port = frame->l4;
	uint64_t random;

	for (size_t j = 0; frame->l4 && j < 4; j += 2)
		put16(frame->data + frame->l4 + j, get16(model->data + model->l4 + j) + i);
	if (frame->vary != VARY_NONE) {
		if (frame->vary == VARY_DST) {
			end += size;
			port += 2;
		}
		random = next_random();
		memcpy(frame->data + end - n, &random, n);
		if (frame->l4)
			put16(frame->data + port, next_random() >> 40);
	}
	complete(frame);
}

struct sender {
	int fd;
	struct sockaddr_ll to;
	struct frame frames[BATCH];
	unsigned int n;
};

static void flush(struct sender *sender)
{
	struct mmsghdr messages[BATCH] = {0};
	struct iovec parts[BATCH];
	unsigned int done = 0;

	for (unsigned int i = 0; i < sender->n; i++) {
		struct frame *frame = &sender->frames[i];

		parts[i].iov_base = frame->data;
		parts[i].iov_len = frame->cut ? MIN(frame->cut, frame->len) : frame->len;
		messages[i].msg_hdr.msg_name = &sender->to;
		messages[i].msg_hdr.msg_namelen = sizeof(sender->to);
		messages[i].msg_hdr.msg_iov = &parts[i];
		messages[i].msg_hdr.msg_iovlen = 1;
	}
	/* A frame that is dropped on the way has passed the hooks: not to be sent once more. */
	while (done < sender->n) {
		int n = sendmmsg(sender->fd, messages + done, sender->n - done, 0);

		if (n < 0)
			die("cannot send");
		done += (unsigned int)n;
	}
	sender->n = 0;
}

static void send_model(struct sender *sender, const struct frame *model, unsigned long i)
{
	struct frame *frame = &sender->frames[sender->n++];

	*frame = *model;
	vary(frame, model, i);
	if (sender->n == BATCH)
		flush(sender);
}

static int spray_frames(int n_args, char **args)
{
	static struct frame model = {.len = ETH_HLEN, .type_at = ETH_HLEN - 2, .n_flows = 1};
	static struct sender sender;
	unsigned long count;

	if (n_args < 2)
		return -1;
	count = number(args[1], 10, UINT32_MAX);
	for (int i = 2; i < n_args; i++)
		put_word(&model, args[i]);
	sender.to.sll_family = AF_PACKET;
	sender.to.sll_ifindex = (int)if_nametoindex(args[0]);
	if (!sender.to.sll_ifindex)
		die(args[0]);
	sender.fd = socket(AF_PACKET, SOCK_RAW, 0);
	if (sender.fd < 0)
		die("cannot open a packet socket");
	for (unsigned long round = 0; round < count + model.n_flows - 1; round++)
		for (unsigned long i = 0; i < model.n_flows; i++)
			if (round < count + i)
				send_model(&sender, &model, i);
	flush(&sender);
	return close(sender.fd);
}

static const struct {
	const char *name;
	int (*run)(int n_args, char **args);
} commands[] = {
	{"udp", spray_udp},
	{"echo", spray_echo},
	{"frames", spray_frames},
};

int main(int argc, char **argv)
{
	int r = -1;

	for (size_t i = 0; argc > 1 && i < ARRAY_SIZE(commands); i++)
		if (strcmp(argv[1], commands[i].name) == 0)
			r = commands[i].run(argc - 2, argv + 2);
	if (r < 0)
		fprintf(stderr, "usage: spray udp|echo|frames ..., see the source\n");
	return r < 0 ? EXIT_FAILURE : r;
}
