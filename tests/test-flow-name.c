/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names in place of addresses and ports. */
#include "config.h"

#include <netinet/in.h>
#include <stdio.h>
#include <string.h>

#include "flow-name.h"
#include "tap.h"

#define TCP4 .family = FAMILY_IPV4, .proto = IPPROTO_TCP

static const struct flow_key tcp4 = {TCP4, .src = {192, 0, 2, 7}, .dst = {192, 0, 2, 1},
				     .sport = 41234, .dport = 443};
static const struct flow_key tcp6 = {.family = FAMILY_IPV6,
				     .proto = IPPROTO_TCP,
				     .src = {0x20, 1, 0xd, 0xb8, [15] = 7},
				     .dst = {0x20, 1, 0xd, 0xb8, [15] = 1},
				     .sport = 41234,
				     .dport = 22};
static const struct flow_key udp4 = {.family = FAMILY_IPV4,
				     .proto = IPPROTO_UDP,
				     .src = {192, 0, 2, 7},
				     .dst = {192, 0, 2, 53},
				     .sport = 53123,
				     .dport = 53};
static const struct flow_key icmp4 = {
	.family = FAMILY_IPV4, .proto = IPPROTO_ICMP, .src = {192, 0, 2, 7}, .dst = {192, 0, 2, 1}};
static const struct flow_key arp = {
	.family = FAMILY_ARP, .src = {192, 0, 2, 7}, .dst = {192, 0, 2, 1}, .sport = 1};

static void is_endpoint(const struct flow_key *key, enum side side, const char *want,
			const char *what)
{
	char text[FLOW_TEXT_MAX];

	is_int(flow_name_endpoint(text, sizeof(text), key, side), (int64_t)strlen(want),
	       "%s: length", what);
	is_str(text, want, "%s", what);
}

static void is_port(const struct flow_key *key, uint16_t port, const char *want, const char *what)
{
	char text[FLOW_TEXT_MAX];

	(void)flow_name_port(text, sizeof(text), key, port);
	is_str(text, want, "%s", what);
}

/* No resolver: every host is an address. */
static void test_addresses(void)
{
	char text[FLOW_TEXT_MAX];

	flow_name_show_hosts(true);
	ok(flow_name_shows_hosts(), "names of hosts are wanted");
	ok(!flow_name_host(&tcp4, SIDE_SRC), "nothing is known");
	flow_name_want(&tcp4);
	(void)flow_name_addr(text, sizeof(text), &tcp4, SIDE_SRC);
	is_str(text, "192.0.2.7", "an address stays");
	is_endpoint(&tcp4, SIDE_DST, "192.0.2.1:443", "an endpoint stays");
	is_endpoint(&arp, SIDE_DST, "192.0.2.1", "ARP has no port");
	is_int(flow_name_addr(text, 4, &tcp4, SIDE_SRC), 9, "a short buffer: the whole length");
	is_str(text, "192", "a short buffer: what has room");
	flow_name_show_hosts(false);
	ok(!flow_name_shows_hosts(), "and are not any more");
}

static void test_ports(void)
{
	ok(!flow_name_shows_ports(), "ports are numbers at first");
	is_port(&tcp4, 443, "443", "by number");
	flow_name_show_ports(true);
	ok(flow_name_shows_ports(), "ports are names");
	is_port(&tcp4, 443, "https", "a service of TCP");
	is_port(&tcp6, 22, "ssh", "of IPv6 as well");
	is_port(&udp4, 53, "domain", "a service of UDP");
	is_port(&udp4, 22, "22", "another protocol's service");
	is_port(&tcp4, 41234, "41234", "no service");
	is_port(&tcp4, 0, "0", "port 0");
	is_endpoint(&tcp4, SIDE_DST, "192.0.2.1:https", "an endpoint");
	is_endpoint(&tcp6, SIDE_DST, "[2001:db8::1]:ssh", "an endpoint of IPv6");
	is_endpoint(&icmp4, SIDE_DST, "192.0.2.1", "one without ports");
	flow_name_show_ports(false);
	is_endpoint(&tcp4, SIDE_DST, "192.0.2.1:443", "an endpoint by number again");
}

int main(void)
{
	test_addresses();
	test_ports();
	return tap_done();
}
