/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the filter language: which flows pass, and what is said of texts that are wrong. */
#include "config.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>

#include "filter.h"
#include "flow-fixture.h"
#include "flow-table.h"
#include "geo.h"
#include "ledger.h"

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16 };

/* Two interfaces, "eth0" and "wg0", and two intervals of ten seconds. */
static const struct {
	char letter;
	bool first; /* also, or for x only, in the first interval */
	uint16_t iface;
	enum direction direction;
	uint8_t proto;
	const char *src, *dst;
	uint16_t sport, dport;
	uint64_t packets, bytes;
	uint8_t tcp_flags;
	uint16_t vlan;
	uint8_t open;
} flows[] = {
	{'a', false, 0, DIRECTION_IN, IPPROTO_TCP, "192.0.2.7", "192.0.2.1", 41234, 443, 120,
	 150000, SYN | ACK, 0, 0},
	{'b', false, 0, DIRECTION_OUT, IPPROTO_TCP, "192.0.2.1", "192.0.2.7", 443, 41234, 900,
	 1250000, SYN | ACK, 0, 0},
	{'c', true, 0, DIRECTION_IN, IPPROTO_UDP, "198.51.100.9", "192.0.2.1", 53123, 53, 3, 240, 0,
	 0, 0},
	{'d', false, 0, DIRECTION_OUT, IPPROTO_UDP, "192.0.2.1", "198.51.100.9", 53, 53123, 3, 900,
	 0, 0, 0},
	{'e', false, 0, DIRECTION_IN, IPPROTO_TCP, "2001:db8:1::5", "2001:db8::1", 50000, 443, 40,
	 52000, ACK, 0, 0},
	{'f', false, 0, DIRECTION_IN, IPPROTO_ICMP, "203.0.113.5", "192.0.2.1", 8, 0, 1, 98, 0, 0,
	 0},
	{'g', false, 0, DIRECTION_IN, 0, "192.0.2.7", "192.0.2.1", 1, 0, 1, 60, 0, 0, 0},
	{'h', false, 1, DIRECTION_IN, IPPROTO_TCP, "10.0.0.2", "10.0.0.1", 40000, 22, 12, 1200, SYN,
	 5, 0},
	{'i', false, 1, DIRECTION_OUT, IPPROTO_ICMPV6, "fe80::1", "ff02::16", 143, 0, 1, 90, 0, 0,
	 0},
	{'j', false, 0, DIRECTION_IN, IPPROTO_TCP, "0.0.0.0", "192.0.2.1", 0, 80, 7, 420, SYN, 0,
	 OPEN_SRC_ADDR | OPEN_SRC_PORT},
	{'x', true, 0, DIRECTION_IN, IPPROTO_GRE, "172.16.0.1", "172.16.0.2", 0x800, 0, 100, 100000,
	 0, 4095, 0},
};
#define ALL "abcdefghijx"

static struct flow_table *table;
static struct ledger *ledger;

static struct sample_flow make_sample(size_t i)
{
	bool v6 = strchr(flows[i].src, ':'), arp = flows[i].proto == 0;
	struct sample_flow sample = {
		.key =
			{
				.sport = flows[i].sport,
				.dport = flows[i].dport,
				.vlan = flows[i].vlan,
				.iface = flows[i].iface,
				.direction = (uint8_t)flows[i].direction,
				.family = v6    ? FAMILY_IPV6
					  : arp ? FAMILY_ARP
						: FAMILY_IPV4,
				.proto = flows[i].proto,
				.open = flows[i].open,
			},
		.count = {flows[i].packets, flows[i].bytes},
		.tcp_flags = flows[i].tcp_flags,
	};

	if (inet_pton(v6 ? AF_INET6 : AF_INET, flows[i].src, sample.key.src) != 1 ||
	    inet_pton(v6 ? AF_INET6 : AF_INET, flows[i].dst, sample.key.dst) != 1)
		abort();
	return sample;
}

static void make_tables(struct geo *geo)
{
	const struct sample_iface ifaces[] = {{.slot = 0, .index = 2, .name = "eth0"},
					      {.slot = 1, .index = 3, .name = "wg0"}};

	table = new_table(64);
	flow_table_set_geo(table, geo);
	if (ledger_new(&ledger) < 0)
		abort();
	for (size_t i = 0; i < ARRAY_SIZE(ifaces); i++)
		ledger_iface(ledger, &ifaces[i]);
	for (int interval = 0; interval < 2; interval++) {
		for (size_t i = 0; i < ARRAY_SIZE(flows); i++) {
			struct sample_flow sample = make_sample(i);

			if (interval == 0 ? !flows[i].first : flows[i].letter == 'x')
				continue;
			flow_table_add(table, &sample, 1);
		}
		tick(table, (uint64_t)interval * 10 * SEC, (uint64_t)(interval + 1) * 10 * SEC);
	}
}

/* The letters of the flows that pass. */
static void passing(const struct filter *filter, char *buf)
{
	for (size_t i = 0; i < ARRAY_SIZE(flows); i++) {
		struct sample_flow sample = make_sample(i);

		if (filter_match(filter, flow_table_find(table, &sample.key)))
			*buf++ = flows[i].letter;
	}
	*buf = '\0';
}

/* ---- what passes ---- */

struct valid {
	const char *text;
	const char *want;
};

static const struct valid valid[] = {
	/* addresses */
	{"host 192.0.2.7", "abg"},
	{"host 192.0.2.1", "abcdfgj"},
	{"src 192.0.2.1", "bd"},
	{"dst 192.0.2.1", "acfgj"},
	{"src host 192.0.2.1", "bd"},
	{"dst host 192.0.2.1", "acfgj"},
	{"local 192.0.2.1", "abcdfgj"},
	{"remote 192.0.2.1", ""},
	{"remote 192.0.2.7", "abg"},
	{"remote host 198.51.100.9", "cd"},
	{"host = 192.0.2.7", "abg"},
	{"host == 192.0.2.7", "abg"},
	{"host != 192.0.2.7", "cdefhijx"},
	{"src != 192.0.2.7", "bcdefhijx"},
	{"not host 192.0.2.7", "cdefhijx"},
	{"net 192.0.2.0/24", "abcdfgj"},
	{"src net 192.0.2.0/24", "abdg"},
	{"dst net 10.0.0.0/8", "h"},
	{"src net 10.0.0.0/8", "h"},
	{"src 10.0.0.2/31", "h"},
	{"src 10.0.0.0/31", ""},
	{"dst 10.0.0.0/31", "h"},
	{"net 0.0.0.0/0", "abcdfghjx"},
	{"src net 0.0.0.0/0", "abcdfghx"},
	{"net 128.0.0.0/1", "abcdfgjx"},
	{"net ::/0", "ei"},
	{"host 2001:db8::1", "e"},
	{"host 2001:DB8:0:0::1", "e"},
	{"src 2001:db8::/32", "e"},
	{"src 2001:db8:1::/48", "e"},
	{"src 2001:db8:2::/47", ""},
	{"src 2001:db8::/47", "e"},
	{"dst 2001:db8:1::/48", ""},
	{"src fe80::/10", "i"},
	{"dst ff00::/8", "i"},
	{"local net fe80::/10", "i"},
	{"remote ff02::16", "i"},
	{"host 172.16.0.1, 10.0.0.1", "hx"},
	{"host 172.16.0.1,10.0.0.1", "hx"},
	{"host in (172.16.0.1, 10.0.0.1)", "hx"},
	{"host in (172.16.0.1)", "x"},
	{"host not in (192.0.2.1, 10.0.0.1)", "eix"},
	{"host 172.16.0.0/16, fe80::/16, 10.0.0.2", "hix"},
	{"host 10.0.0.1/8", "h"}, /* bits behind the prefix are of no account */
	{"src_addr 192.0.2.1", "bd"},
	{"dst_addr 10.0.0.1", "h"},
	{"192.0.2.7", "abg"},
	{"10.0.0.0/8", "h"},
	{"2001:db8::/32", "e"},
	{"not 192.0.2.7", "cdefhijx"},
	{"src 192.0.2.1 or 10.0.0.2", "bdh"},
	{"src 192.0.2.1 or dst 10.0.0.1", "bdh"},
	{"not src 192.0.2.1 and not 192.0.2.7", "cefhijx"},
	/* ports */
	{"port 443", "abe"},
	{"sport 443", "b"},
	{"dport 443", "ae"},
	{"src port 443", "b"},
	{"dst port 443", "ae"},
	{"src portrange 400-450", "b"},
	{"portrange 1-100", "cdhj"},
	{"local port 443", "abe"},
	{"remote port 443", ""},
	{"lport 53", "cd"},
	{"rport 53123", "cd"},
	{"local_port 53", "cd"},
	{"remote_port 53123", "cd"},
	{"src_port 53", "d"},
	{"dst_port 53", "c"},
	{"port 22, 53", "cdh"},
	{"port 22,53", "cdh"},
	{"port in (22, 53)", "cdh"},
	{"port in(22,53)", "cdh"},
	{"port not in (22, 53)", "abefgijx"},
	{"port = 22,53", "cdh"},
	{"port != 22,53", "abefgijx"},
	{"port 22 or 53", "cdh"},
	{"port 22 or 53 or 80", "cdhj"},
	{"dst port 22 or 53", "ch"},
	{"dst port 22 or 50-60", "ch"},
	{"port 50-60", "cd"},
	{"port 50..60", "cd"},
	{"port ..60", "cdh"},
	{"port 50000..", "cde"},
	{"port < 60", "cdh"},
	{"port <= 53", "cdh"},
	{"port < 53", "h"},
	{"port > 50000", "cd"},
	{"port >= 50000", "cde"},
	{"port 8", ""}, /* of ICMP it is a type, of ARP an operation */
	{"port 1", ""},
	{"port 0", ""},
	{"sport 0", ""}, /* left open */
	{"dport 80", "j"},
	{"not port 443", "cdfghijx"},
	{"! port 443", "cdfghijx"},
	{"!port 443", "cdfghijx"},
	{"port !=443", "cdfghijx"},
	{"port=443", "abe"},
	{"port>50000", "cd"},
	/* protocols */
	{"proto tcp", "abehj"},
	{"proto TCP", "abehj"},
	{"PROTO tcp", "abehj"},
	{"proto 6", "abehj"},
	{"proto 0", ""},
	{"proto arp", "g"},
	{"proto udp, icmp", "cdf"},
	{"proto in (udp, icmp, icmp6)", "cdfi"},
	{"proto != tcp", "cdfgix"},
	{"proto gre", "x"},
	{"proto ~ ^icmp", "fi"},
	{"proto ~ ^ICMP", ""},
	{"proto ~* ^ICMP", "fi"},
	{"proto !~ ^icmp", "abcdeghjx"},
	{"proto !~* ^ICMP", "abcdeghjx"},
	{"proto =~ \"^(udp|gre)$\"", "cdx"},
	{"tcp", "abehj"},
	{"udp", "cd"},
	{"icmp", "f"},
	{"icmp6", "i"},
	{"arp", "g"},
	{"gre", "x"},
	{"esp", ""},
	{"ip", "abcdfhjx"},
	{"ip6", "ei"},
	{"tcp port 443", "abe"},
	{"tcp src port 443", "b"},
	{"ip6 and tcp", "e"},
	{"ip6 tcp port 443", "e"},
	{"udp dst port 53", "c"},
	{"not tcp port 443", "cdfghijx"},
	{"not tcp and port 53", "cd"},
	{"tcp and not port 443", "hj"},
	{"udp port 443", ""},
	{"tcp or udp", "abcdehj"},
	{"TCP OR UDP", "abcdehj"},
	{"tcp or udp and port 53", "abcdehj"},
	{"(tcp or udp) and port 53", "cd"},
	/* directions and interfaces */
	{"dir in", "acefghjx"},
	{"dir out", "bdi"},
	{"dir = out", "bdi"},
	{"dir in (in)", "acefghjx"},
	{"dir in (in, out)", ALL},
	{"dir in, out", ALL},
	{"dir != in", "bdi"},
	{"direction IN", "acefghjx"},
	{"inbound", "acefghjx"},
	{"outbound", "bdi"},
	{"outbound tcp", "b"},
	{"if eth0", "abcdefgjx"},
	{"iface wg0", "hi"},
	{"interface wg0", "hi"},
	{"in_if wg0", "hi"},
	{"if wg*", "hi"},
	{"if *0", ALL},
	{"if *g*", "hi"},
	{"if ???0", "abcdefgjx"},
	{"if ?g0", "hi"},
	{"if eth?*", "abcdefgjx"},
	{"if eth", ""},
	{"if \"wg*\"", ""},
	{"if WG0", ""},
	{"if ~ ^e", "abcdefgjx"},
	{"if !~ ^e", "hi"},
	{"if ~* ^E.*0$", "abcdefgjx"},
	{"if != eth0", "hi"},
	{"if in (eth0, wg0)", ALL},
	{"if eth0,wg0", ALL},
	{"if not in (eth0, wg0)", ""},
	{"if eth1", ""},
	/* flags */
	{"flags has SYN", "abhj"},
	{"flags SYN", "abhj"},
	{"flags has syn", "abhj"},
	{"flags has tcp-syn", "abhj"},
	{"flags has SYN,ACK", "ab"},
	{"flags has SYN, ACK", "ab"},
	{"flags = SYN", "hj"},
	{"flags == SYN", "hj"},
	{"flags != SYN", "abcdefgix"},
	{"flags = ACK,SYN", "ab"},
	{"flags has SYN and not flags has ACK", "hj"},
	{"flags none", ""},
	{"flags = none", ""},
	{"flags != none", ALL},
	{"tcp_flags has ACK", "abe"},
	{"flags has RST", ""},
	/* application protocols */
	{"l7 tls", "abe"},
	{"l7 DNS", "cd"},
	{"l7 http, ssh", "hj"},
	{"l7 in (http, ssh)", "hj"},
	{"l7 none", "fgix"},
	{"l7 != tls", "cdfghijx"},
	{"l7 ~ ^[st]", "abeh"},
	{"l7_source port", "abcdehj"},
	{"l7_source payload", ""},
	{"l7_source none", "fgix"},
	/* numbers */
	{"vlan 5", "h"},
	{"vlan = 5", "h"},
	{"vlan 0", "abcdefgij"},
	{"vlan > 0", "hx"},
	{"vlan >= 4095", "x"},
	{"vlan 1-10", "h"},
	{"vlan 5,4095", "hx"},
	{"vlan in (5, 4095)", "hx"},
	{"packets > 100", "ab"},
	{"packets >= 100", "abx"},
	{"packets = 6", "c"}, /* of both intervals */
	{"packets 6", "c"},
	{"packets 40..120", "aex"},
	{"packets < 0.01k", "cdfgij"},
	{"bytes > 1M", "b"},
	{"bytes >= 1.25M", "b"},
	{"bytes > 1.25M", ""},
	{"bytes > 1Mi", "b"},
	{"bytes < 100", "fgi"},
	{"bytes 100k", "x"},
	{"bytes 50k-150k", "aex"},
	{"bytes 1k..2k", "h"},
	{"bytes 100Ki-200Ki", "a"},
	/* rates of the last ten seconds */
	{"bps > 100k", "ab"},
	{"bps >= 120k", "ab"},
	{"bps > 120k", "b"},
	{"bps = 120k", "a"},
	{"bps = 120kbps", "a"},
	{"bps = 15kB/s", "a"},
	{"bps > 1M", ""},
	{"bps >= 1Mbit/s", "b"},
	{"bps = 0", "x"},
	{"bps 0", "x"},
	{"bps 100k..1M", "ab"},
	{"bps 100kbps-1Mbps", "ab"},
	{"bps < 100", "fgix"}, /* f: 78.4, g: 48, i: 72, x: 0 */
	{"bps 78.. and bps < 79", "f"},
	{"pps > 10", "ab"},
	{"pps > 12", "b"},
	{"pps >= 0.09k", "b"},
	{"pps >= 90pps", "b"},
	{"pps = 12", "a"},
	{"rx_bps > 100k", "a"},
	{"tx_bps > 100k", "b"},
	{"rx_bps < 50", "gx"},
	{"tx_bps < 100", "i"},
	{"rx_pps >= 12", "a"},
	{"tx_pps >= 12", "b"},
	{"rx_bytes >= 100k", "ax"},
	{"tx_bytes >= 100k", "b"},
	{"rx_packets 120", "a"},
	{"tx_packets 900", "b"},
	{"not rx_bps > 100k", "bcdefghijx"},
	{"rx_bps != 0", "abcdefghij"}, /* the opposite of "comes in, and 0" */
	{"bps_peak >= 1M", "b"},
	{"pps_peak >= 10", "abx"},
	{"bps_10s > 0", ALL},
	{"bps_60s > 100k", "b"},
	{"pps_10s > 10", "b"}, /* 90 (1 - 1/e) */
	{"pps_60s > 10", "b"},
	{"age > 10s", "cx"},
	{"age 10s", "abdefghij"},
	{"age <= 10s", "abdefghij"},
	{"age >= 20s", "cx"},
	{"age 15s..1m", "cx"},
	{"age > 1h", ""},
	{"idle 0", "abcdefghij"},
	{"idle > 5s", "x"},
	{"idle >= 10000ms", "x"},
	{"idle 5s-1h30m", "x"},
	{"age_s > 10", "cx"},
	{"idle_s 10", "x"},
	/* words between tests */
	{"tcp and port 443 and src 192.0.2.7", "a"},
	{"tcp && port 443 && src 192.0.2.7", "a"},
	{"tcp&&port 443||udp", "abcde"},
	{"udp or tcp and port 22", "cdh"},
	{"udp || tcp && port 22", "cdh"},
	{"(udp or tcp) and port 22", "h"},
	{"not udp and not tcp", "fgix"},
	{"not (udp or tcp)", "fgix"},
	{"!(udp || tcp)", "fgix"},
	{"not not udp", "cd"},
	{"!!udp", "cd"},
	{"! ! ! udp", "abefghijx"},
	{"not (tcp and not (port 443 and not src 192.0.2.7))", "bcdefgix"},
	{"((udp))", "cd"},
	{"( udp )", "cd"},
	{"tcp and (port 22 or port 80)", "hj"},
	{"tcp and not (port 22 or port 80)", "abe"},
	{"udp or icmp or arp or gre", "cdfgx"},
	{"bps > 100k or port 53 or if wg0", "abcdhi"},
	{"bps > 1k and port 443 and tcp and if eth0 and dir in", "ae"},
	{"  port  443  ", "abe"},
	{"\tport\n443", "abe"},
	/* searches */
	{"wg", "hi"},
	{"one", ""}, /* of a flow without application protocol it is no text */
	{"ETH0", "abcdefgjx"},
	{"eth0 or wg0", ALL},
	{"443", "abe"},
	{":443", "abe"},
	{"\"443\"", "abe"},
	{"192.0", "abcdfgj"},
	{"'192.0'", "abcdfgj"},
	{"2.1:4", "ab"},
	{"2.1:443", "ab"},
	{"db8", "e"},
	{"DB8", "e"},
	{"::1", ""}, /* an address is a host, also where it would be a part of another */
	{"\"::1\"", "ei"},
	{"\"fe80::\"", "i"},
	{"[2001", "e"},
	{"\"]:443\"", "e"},
	{"\"*\"", "j"},
	{"\"icm\"", "fi"},
	{"\"tcp\"", "abehj"},
	{"\"c\"", "abefhij"}, /* tcp and icmp */
	{"nothing-like-this", ""},
	{"not \"eth0\"", "hi"},
	{"\"eth0\" and udp", "cd"},
	{"'quo\\'te'", ""},
	{"\"a b\"", ""},
	{"grüße", ""},
	{"\"port\"", ""},
	{"port 443 and \"192.0\"", "ab"},
	{"port 443 and not \"192.0\"", "e"},
};

/* With the places of tests/geo.mmdb. */
static const struct valid places[] = {
	{"country DE", "abcdfj"},
	{"country de", "abcdfj"},
	{"country D?", "abcdfj"},
	{"country d?", "abcdfj"},
	{"country != DE", "eghix"},
	{"country in (JP, SE)", "cde"},
	{"country ~ ^[JS]", "cde"},
	{"src country SE", "c"},
	{"dst_country SE", "d"},
	{"remote country SE", "cd"},
	{"local country SE", ""},
	{"remote_country DE", "ab"},
	{"remote_country none", "fghix"},
	{"remote_country DE,none", "abfghix"},
	{"asn 64497", "cd"},
	{"asn AS64497", "cd"},
	{"asn as64497-as64499", "cdef"},
	{"asn >= 64498", "ef"},
	{"remote asn 0", "ghix"},
	{"remote_asn != 64496", "cdefghijx"},
	{"as_org \"Example Six\"", "e"},
	{"as_org Example*", "abcdefj"},
	{"remote as_org ~* two$", "cd"},
	{"src as_org ~ 'x1b|202e'", "f"},
	{"example", "abcdefj"},
	{"jp", "e"},
};

static void test_valid(const struct valid *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct filter *filter = NULL;
		struct filter_error error;
		char got[ARRAY_SIZE(flows) + 1] = "?";
		int r = filter_parse(cases[i].text, &filter, &error);

		if (r == 0 && filter) {
			filter_begin(filter, table, ledger);
			passing(filter, got);
		}
		is_str(got, cases[i].want, "%s", cases[i].text);
		if (r < 0)
			printf("#   column %u: %s\n", error.column, error.text);
		filter_free(filter);
	}
}

int main(void)
{
	const char *dir = getenv("top_srcdir");
	struct geo_config config = {.n_files = 1};
	struct geo *geo = NULL;
	char error[256];

	make_tables(NULL);
	test_valid(valid, ARRAY_SIZE(valid));
	ledger_free(ledger);
	flow_table_free(table);

	(void)snprintf(config.files[0], sizeof(config.files[0]), "%s/tests/geo.mmdb",
		       dir ? dir : ".");
	if (geo_open(&config, &geo, error, sizeof(error)) == -ENOTSUP) {
		tap_skip("places", "needs the library MAXMINDDB");
		return tap_done();
	}
	make_tables(geo);
	test_valid(places, ARRAY_SIZE(places));
	ledger_free(ledger);
	flow_table_free(table);
	geo_close(geo);
	return tap_done();
}
