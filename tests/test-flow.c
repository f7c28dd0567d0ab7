/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Texts of flow keys, their relations, the Community ID, and the digest behind it. */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>

#include "flow.h"
#include "macro.h"
#include "sha1.h"
#include "tap.h"

static struct flow_key make_key(uint8_t proto, const char *src, uint16_t sport, const char *dst,
				uint16_t dport)
{
	struct flow_key key = {.proto = proto, .sport = sport, .dport = dport};
	int family = strchr(src, ':') ? AF_INET6 : AF_INET;

	key.family = family == AF_INET6 ? FAMILY_IPV6 : FAMILY_IPV4;
	if (inet_pton(family, src, key.src) != 1 || inet_pton(family, dst, key.dst) != 1)
		abort();
	return key;
}

static void test_sha1(void)
{
	/* RFC 3174, section 7.3: text and how often it is repeated. */
	static const struct {
		const char *text;
		size_t repeat;
		const char *want;
	} cases[] = {
		{"abc", 1, "a9993e364706816aba3e25717850c26c9cd0d89d"},
		{"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 1,
		 "84983e441c3bd26ebaae4aa1f95129e5e54670f1"},
		{"a", 1000000, "34aa973cd4c4daa4f61eeb2bdbad27316534016f"},
		{"0123456701234567012345670123456701234567012345670123456701234567", 10,
		 "dea356a2cddd90c7a7ecedc5ebb563934f460452"},
		{"", 1, "da39a3ee5e6b4b0d3255bfef95601890afd80709"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		size_t n = strlen(cases[i].text);
		char *data = malloc(n * cases[i].repeat + 1), text[2 * SHA1_SIZE + 1];
		uint8_t digest[SHA1_SIZE];

		if (!data)
			abort();
		for (size_t j = 0; j < cases[i].repeat; j++)
			memcpy(data + j * n, cases[i].text, n);
		sha1_digest(data, n * cases[i].repeat, digest);
		for (size_t j = 0; j < SHA1_SIZE; j++)
			sprintf(text + 2 * j, "%02x", digest[j]);
		is_str(text, cases[i].want, "SHA-1 of %zu bytes", n * cases[i].repeat);
		free(data);
	}
}

static void test_sha1_padding(void)
{
	/* The length moves to a second block from 56 bytes on. */
	static const struct {
		size_t n;
		const char *want; /* first four bytes */
	} cases[] = {
		{55, "c1c8bbdc"},
		{56, "c2db330f"},
		{63, "03f09f5b"},
		{64, "0098ba82"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char data[64], text[9];
		uint8_t digest[SHA1_SIZE];

		memset(data, 'a', sizeof(data));
		sha1_digest(data, cases[i].n, digest);
		snprintf(text, sizeof(text), "%02x%02x%02x%02x", digest[0], digest[1], digest[2],
			 digest[3]);
		is_str(text, cases[i].want, "SHA-1 of %zu times a", cases[i].n);
	}
}

static void test_proto(void)
{
	static const struct {
		uint8_t number;
		const char *name;
	} cases[] = {
		{0, "hopopt"}, {1, "icmp"},   {2, "igmp"},   {4, "ipip"},      {6, "tcp"},
		{17, "udp"},   {33, "dccp"},  {41, "ipv6"},  {47, "gre"},      {50, "esp"},
		{51, "ah"},    {58, "icmp6"}, {88, "eigrp"}, {89, "ospf"},     {103, "pim"},
		{112, "vrrp"}, {115, "l2tp"}, {132, "sctp"}, {136, "udplite"},
	};
	static const char *const unknown[] = {"", "nonsense", "6", "arp", "tc", "tcpp"};
	struct flow_key key = {.family = FAMILY_IPV4};
	char buf[32];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		key.proto = cases[i].number;
		is_int(flow_proto_name(buf, sizeof(buf), &key), (int)strlen(cases[i].name),
		       "length of the name of %u", key.proto);
		is_str(buf, cases[i].name, "name of %u", key.proto);
		is_int(flow_proto_number(cases[i].name), cases[i].number, "number of %s",
		       cases[i].name);
	}
	is_int(flow_proto_number("TCP"), 6, "names in any case");
	for (size_t i = 0; i < ARRAY_SIZE(unknown); i++)
		is_int(flow_proto_number(unknown[i]), -ENOENT, "no protocol \"%s\"", unknown[i]);
	key.proto = 253;
	flow_proto_name(buf, sizeof(buf), &key);
	is_str(buf, "253", "a number where there is no name");
	is_int(flow_proto_name(buf, 3, &key), 3, "full length returned");
	is_str(buf, "25", "cut off");
	key = (struct flow_key){.family = FAMILY_ARP};
	flow_proto_name(buf, sizeof(buf), &key);
	is_str(buf, "arp", "ARP is not protocol 0");
}

static void test_ports(void)
{
	static const uint8_t with[] = {6, 17, 33, 132, 136};
	unsigned int n = 0;

	for (unsigned int proto = 0; proto < 256; proto++)
		n += flow_has_ports(
			&(struct flow_key){.family = FAMILY_IPV4, .proto = (uint8_t)proto});
	is_int(n, ARRAY_SIZE(with), "five protocols have ports");
	for (size_t i = 0; i < ARRAY_SIZE(with); i++)
		ok(flow_has_ports(&(struct flow_key){.family = FAMILY_IPV6, .proto = with[i]}),
		   "%u has ports", with[i]);
	ok(!flow_has_ports(&(struct flow_key){.family = FAMILY_ARP, .proto = 6}), "ARP has none");
}

static void test_endpoint(void)
{
	static const struct {
		uint8_t proto;
		const char *src;
		uint16_t port;
		uint8_t open;
		const char *addr, *endpoint;
	} cases[] = {
		{6, "192.0.2.1", 443, 0, "192.0.2.1", "192.0.2.1:443"},
		{17, "0.0.0.0", 68, 0, "0.0.0.0", "0.0.0.0:68"},
		{6, "2001:db8::1", 443, 0, "2001:db8::1", "[2001:db8::1]:443"},
		{6, "::", 0, 0, "::", "[::]:0"},
		{17, "2001:db8:1111:2222:3333:4444:5555:6666", 65535, 0,
		 "2001:db8:1111:2222:3333:4444:5555:6666",
		 "[2001:db8:1111:2222:3333:4444:5555:6666]:65535"},
		{1, "192.0.2.1", 8, 0, "192.0.2.1", "192.0.2.1"},
		/* RFC 5952, section 4.2.3: of two equal runs the first is compressed. */
		{58, "2001:db8:0:0:1::1", 128, 0, "2001:db8::1:0:0:1", "2001:db8::1:0:0:1"},
		{6, "192.0.2.1", 443, OPEN_SRC_ADDR, "*", "*:443"},
		{6, "2001:db8::1", 443, OPEN_SRC_ADDR, "*", "*:443"},
		{6, "192.0.2.1", 0, OPEN_SRC_PORT, "192.0.2.1", "192.0.2.1:*"},
		{6, "2001:db8::1", 0, OPEN_SRC_PORT, "2001:db8::1", "[2001:db8::1]:*"},
		{6, "0.0.0.0", 0, OPEN_SRC_ADDR | OPEN_SRC_PORT, "*", "*"},
		{47, "0.0.0.0", 0, OPEN_SRC_ADDR | OPEN_SRC_PORT, "*", "*"},
		{6, "192.0.2.1", 443, OPEN_DST_ADDR | OPEN_DST_PORT, "192.0.2.1", "192.0.2.1:443"},
	};
	char buf[FLOW_TEXT_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		const char *other = strchr(cases[i].src, ':') ? "ff02::1" : "198.51.100.9";
		struct flow_key key = make_key(cases[i].proto, cases[i].src, cases[i].port, other,
					       9),
				reverse;

		key.open = cases[i].open;
		is_int(flow_addr(buf, sizeof(buf), &key, SIDE_SRC), (int)strlen(cases[i].addr),
		       "length of address %s", cases[i].addr);
		is_str(buf, cases[i].addr, "address %s", cases[i].addr);
		flow_endpoint(buf, sizeof(buf), &key, SIDE_SRC);
		is_str(buf, cases[i].endpoint, "end of %s", cases[i].src);
		flow_key_reverse(&key, &reverse);
		flow_endpoint(buf, sizeof(buf), &reverse, SIDE_DST);
		is_str(buf, cases[i].endpoint, "end of %s as destination", cases[i].src);
	}
	is_int(flow_endpoint(buf, 8, &(struct flow_key){.family = FAMILY_IPV4, .proto = 6},
			     SIDE_SRC),
	       9, "full length of what is cut off");
	is_str(buf, "0.0.0.0", "cut off");
	flow_addr(buf, sizeof(buf), &(struct flow_key){.src = {10, 0, 0, 1}, .family = FAMILY_ARP},
		  SIDE_SRC);
	is_str(buf, "10.0.0.1", "address of ARP");
	is_int(flow_endpoint(buf, sizeof(buf), &(struct flow_key){0}, SIDE_DST), 0,
	       "nothing where there is no address");
}

static void test_detail(void)
{
	static const struct {
		uint8_t family, proto;
		uint16_t sport, dport;
		const char *want;
	} cases[] = {
		{FAMILY_IPV4, 1, 8, 0, "echo-request"},
		{FAMILY_IPV4, 1, 0, 0, "echo-reply"},
		{FAMILY_IPV4, 1, 3, 1, "type 3 code 1"},
		{FAMILY_IPV4, 1, 8, 7, "type 8 code 7"},
		{FAMILY_IPV6, 58, 128, 0, "echo-request"},
		{FAMILY_IPV6, 58, 129, 0, "echo-reply"},
		{FAMILY_IPV6, 58, 135, 0, "neighbor-solicitation"},
		{FAMILY_IPV6, 58, 1, 4, "type 1 code 4"},
		{FAMILY_IPV6, 58, 0, 0, ""},
		{FAMILY_IPV4, 50, 0x1a2b, 0x3c4d, "spi 0x1a2b3c4d"},
		{FAMILY_IPV6, 51, 0, 0x100, "spi 0x00000100"},
		{FAMILY_IPV4, 50, 0, 0, ""},
		{FAMILY_ARP, 0, 1, 0, "request"},
		{FAMILY_ARP, 0, 2, 0, "reply"},
		{FAMILY_ARP, 0, 77, 0, "operation 77"},
		{FAMILY_IPV4, 47, 0x0800, 0, "ipv4"},
		{FAMILY_IPV4, 47, 0x1234, 0, "ethertype 0x1234"},
		{FAMILY_IPV4, 47, 0, 0, ""},
		{FAMILY_IPV4, 89, 1, 2, "v2 hello"},
		{FAMILY_IPV6, 89, 9, 3, "v3 type 9"},
		{FAMILY_IPV4, 2, 0x16, 0, "report-v2"},
		{FAMILY_IPV4, 2, 0x30, 0, "type 48"},
		{FAMILY_IPV4, 6, 80, 443, ""},
		{FAMILY_IPV4, 103, 5, 5, ""},
	};
	char buf[FLOW_TEXT_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct flow_key key = {.family = cases[i].family,
				       .proto = cases[i].proto,
				       .sport = cases[i].sport,
				       .dport = cases[i].dport};

		is_int(flow_detail(buf, sizeof(buf), &key), (int)strlen(cases[i].want),
		       "length of detail \"%s\"", cases[i].want);
		is_str(buf, cases[i].want, "detail of %u/%u %u %u", key.family, key.proto,
		       key.sport, key.dport);
		key.open = OPEN_SRC_PORT;
		is_int(flow_detail(buf, sizeof(buf), &key), 0, "none where it is left open");
	}
}

static void test_flags(void)
{
	static const struct {
		uint8_t flags;
		const char *want;
	} cases[] = {
		{0, "-"},
		{0x01, "FIN"},
		{0x12, "SYN,ACK"},
		{0x80, "CWR"},
		{0xff, "FIN,SYN,RST,PSH,ACK,URG,ECE,CWR"},
	};
	char buf[FLOW_TEXT_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		is_int(flow_tcp_flags(buf, sizeof(buf), cases[i].flags), (int)strlen(cases[i].want),
		       "length of flags 0x%02x", cases[i].flags);
		is_str(buf, cases[i].want, "flags 0x%02x", cases[i].flags);
	}
	is_int(flow_tcp_flags(buf, 5, 0x12), 7, "full length of what is cut off");
	is_str(buf, "SYN,", "cut off");
	is_str(flow_tcp_flag(2), "RST", "bit 2");
	is_str(flow_tcp_flag(8), "", "no bit 8");
	is_str(flow_direction(DIRECTION_IN), "in", "in");
	is_str(flow_direction(DIRECTION_OUT), "out", "out");
	is_str(flow_direction(2), "", "no third direction");
}

static void test_community_id(void)
{
	/* From the reference data of the specification and of its reference implementation. */
	static const struct {
		uint8_t proto;
		const char *src, *dst;
		uint16_t sport, dport;
		const char *want;
	} cases[] = {
		{6, "128.232.110.120", "66.35.250.204", 34855, 80,
		 "1:LQU9qZlK+B5F3KDmev6m5PMibrg="},
		{6, "66.35.250.204", "128.232.110.120", 80, 34855,
		 "1:LQU9qZlK+B5F3KDmev6m5PMibrg="},
		{6, "10.0.0.1", "10.0.0.2", 10, 11569, "1:SXBGMX1lBOwhhoDrZynfROxnhnM="},
		{17, "192.168.1.52", "8.8.8.8", 54585, 53, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="},
		{17, "8.8.8.8", "192.168.1.52", 53, 54585, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="},
		{132, "192.168.170.8", "192.168.170.56", 7, 80, "1:jQgCxbku+pNGw8WPbEc/TS/uTpQ="},
		{132, "192.168.170.56", "192.168.170.8", 7, 7, "1:MP2EtRCAUIZvTw6MxJHLV7N7JDs="},
		{6, "2001:470:e5bf:dead:4957:2174:e82c:4887", "2607:f8b0:400c:c03::1a", 63943, 25,
		 "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4="},
		{6, "2607:f8b0:400c:c03::1a", "2001:470:e5bf:dead:4957:2174:e82c:4887", 25, 63943,
		 "1:/qFaeAR+gFe1KYjMzVDsMv+wgU4="},
		{1, "192.168.0.89", "192.168.0.1", 8, 0, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="},
		{1, "192.168.0.1", "192.168.0.89", 0, 0, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="},
		{1, "192.168.0.89", "192.168.0.1", 20, 0, "1:3o2RFccXzUgjl7zDpqmY7yJi8rI="},
		{1, "192.168.0.89", "192.168.0.1", 20, 1, "1:tz/fHIDUHs19NkixVVoOZywde+I="},
		{1, "10.0.0.1", "10.0.0.2", 11, 0, "1:YHxtAirCG//0OzkcVAukqKQN9xM="},
		{58, "fe80::200:86ff:fe05:80da", "fe80::260:97ff:fe07:69ea", 135, 0,
		 "1:dGHyGvjMfljg6Bppwm3bg0LO8TY="},
		{58, "fe80::260:97ff:fe07:69ea", "fe80::200:86ff:fe05:80da", 136, 0,
		 "1:dGHyGvjMfljg6Bppwm3bg0LO8TY="},
		{58, "fe80::260:97ff:fe07:69ea", "fe80::200:86ff:fe05:80da", 135, 0,
		 "1:zavyT/cezQr1fmImYCwYnMXbgck="},
		{58, "3ffe:507:0:1:200:86ff:fe05:80da", "3ffe:501:0:1001::2", 128, 0,
		 "1:+TW+HtLHvV1xnGhV1lv7XoJrqQg="},
		{58, "3ffe:501:0:1001::2", "3ffe:507:0:1:200:86ff:fe05:80da", 129, 0,
		 "1:+TW+HtLHvV1xnGhV1lv7XoJrqQg="},
		{58, "fe80::200:86ff:fe05:80da", "ff02::2", 133, 0,
		 "1:hO+sN4H+MG5MY/8hIrXPqc4ZQz0="},
		{58, "3ffe:507:0:1:260:97ff:fe07:69ea", "3ffe:507:0:1:200:86ff:fe05:80da", 3, 0,
		 "1:NdobDX8PQNJbAyfkWxhtL2Pqp5w="},
		{58, "3ffe:507:0:1:200:86ff:fe05:80da", "3ffe:507:0:1:260:97ff:fe07:69ea", 3, 0,
		 "1:/OGBt9BN1ofenrmSPWYicpij2Vc="},
		{58, "3ffe:501:410:0:2c0:dfff:fe47:33e", "3ffe:507:0:1:200:86ff:fe05:80da", 1, 4,
		 "1:hLZd0XGWojozrvxqE0dWB1iM6R0="},
		{46, "10.1.24.4", "10.1.12.1", 0, 0, "1:/nQI4Rh/TtY3mf0R2gJFBkVlgS4="},
		{46, "10.1.12.1", "10.1.24.4", 0, 0, "1:/nQI4Rh/TtY3mf0R2gJFBkVlgS4="},
		{46, "10.1.12.1", "10.1.12.2", 3, 4, "1:KHlLkgoJW7ifUTyTSgyVfkFHzKw="},
	};
	char buf[FLOW_TEXT_MAX];
	struct flow_key key;

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		key = make_key(cases[i].proto, cases[i].src, cases[i].sport, cases[i].dst,
			       cases[i].dport);
		is_int(flow_community_id(buf, sizeof(buf), &key), 30, "length of community ID");
		is_str(buf, cases[i].want, "community ID of %u %s %u %s %u", cases[i].proto,
		       cases[i].src, cases[i].sport, cases[i].dst, cases[i].dport);
	}
	key = make_key(6, "192.0.2.1", 1, "192.0.2.2", 2);
	key.open = OPEN_SRC_PORT;
	is_int(flow_community_id(buf, sizeof(buf), &key), 0, "none for an open key");
	key = make_key(17, "192.0.2.1", 0, "192.0.2.2", 0);
	is_int(flow_community_id(buf, sizeof(buf), &key), 0, "none for later fragments");
	key = make_key(58, "2001:db8::1", 0, "2001:db8::2", 0);
	is_int(flow_community_id(buf, sizeof(buf), &key), 0, "for those of ICMPv6 neither");
	key.family = FAMILY_ARP;
	is_int(flow_community_id(buf, sizeof(buf), &key), 0, "none for ARP");
	is_str(buf, "", "and the text is empty");
}

static void test_relations(void)
{
	struct flow_key tcp = make_key(6, "192.0.2.1", 1000, "192.0.2.2", 80), reverse, twice;
	struct flow_key ping = make_key(1, "192.0.2.1", 8, "192.0.2.2", 0);
	struct flow_key arp = {.family = FAMILY_ARP, .sport = 1, .dst = {10}};
	struct flow_key other;

	flow_key_reverse(&tcp, &reverse);
	is_int(reverse.sport, 80, "ports are swapped");
	is_int(reverse.direction, DIRECTION_OUT, "direction is flipped");
	ok(memcmp(reverse.src, tcp.dst, 16) == 0 && memcmp(reverse.dst, tcp.src, 16) == 0,
	   "addresses are swapped");
	flow_key_reverse(&reverse, &twice);
	is_int(flow_key_cmp(&twice, &tcp), 0, "the reverse of the reverse is the key");
	flow_key_reverse(&ping, &reverse);
	is_int(reverse.sport, 0, "echo request to reply");
	is_int(flow_counterpart(&ping), 0, "counterpart of echo request");
	ping.sport = 3;
	is_int(flow_counterpart(&ping), -ENOENT, "unreachable is one-way");
	ping.proto = 58;
	ping.sport = 129;
	is_int(flow_counterpart(&ping), 128, "counterpart of ICMPv6 echo reply");
	flow_key_reverse(&arp, &reverse);
	is_int(reverse.sport, 2, "ARP request to reply");
	tcp.open = OPEN_SRC_ADDR | OPEN_SRC_PORT;
	flow_key_reverse(&tcp, &reverse);
	is_int(reverse.open, OPEN_DST_ADDR | OPEN_DST_PORT, "open parts change sides");

	/* Each field makes a difference, both ways round. */
	for (size_t i = 0; i < sizeof(tcp); i++) {
		other = tcp;
		((uint8_t *)&other)[i] ^= 1;
		ok(flow_key_cmp(&tcp, &other) != 0 &&
			   (flow_key_cmp(&tcp, &other) < 0) == (flow_key_cmp(&other, &tcp) > 0),
		   "byte %zu counts", i);
	}
	other = tcp;
	other.sport = 256;
	ok(flow_key_cmp(&other, &tcp) < 0, "ports are compared as numbers");
}

static void test_expression(void)
{
	static const struct {
		struct flow_key key;
		bool both;
		const char *want;
	} odd[] = {
		{{.family = FAMILY_NONE, .proto = IPPROTO_TCP, .sport = 1, .dport = 2},
		 true,
		 "tcp and port 1 and port 2"},
		{{.family = FAMILY_IPV6, .proto = IPPROTO_ICMP},
		 false,
		 "proto 1 and src host :: and dst host ::"},
		{{.family = FAMILY_IPV4, .proto = IPPROTO_UDP, .vlan = 7},
		 true,
		 "vlan 7 and udp and host 0.0.0.0 and host 0.0.0.0"},
		{{.family = FAMILY_IPV4,
		  .proto = IPPROTO_SCTP,
		  .dport = 80,
		  .open = OPEN_SRC_ADDR | OPEN_SRC_PORT | OPEN_DST_ADDR},
		 false,
		 "sctp and dst port 80"},
	};
	char text[200];

	for (size_t i = 0; i < ARRAY_SIZE(odd); i++) {
		int n = flow_expression(text, sizeof(text), &odd[i].key, odd[i].both);

		is_str(text, odd[i].want, "expression %zu", i);
		is_int(n, (int)strlen(odd[i].want), "expression %zu: length", i);
		is_int(flow_expression(text, 8, &odd[i].key, odd[i].both), n,
		       "expression %zu: length where there is no room", i);
		is_int((int)strlen(text), 7, "expression %zu: cut", i);
	}
}

int main(void)
{
	test_sha1();
	test_sha1_padding();
	test_proto();
	test_ports();
	test_endpoint();
	test_detail();
	test_flags();
	test_community_id();
	test_relations();
	test_expression();
	return tap_done();
}
