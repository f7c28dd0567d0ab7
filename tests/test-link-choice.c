/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which links are chosen: tables of hosts, and the names that must come out. */

#include "config.h"

#include <net/if_arp.h>

#include "nl-link.h"
#include "tap.h"

#define LINKS_MAX 16
#define PATTERNS_MAX 4

#define UP .up = true, .running = true
#define ETHER .type = ARPHRD_ETHER
#define LO(i)                                                                                      \
	{                                                                                          \
		.index = (i), .name = "lo", .type = ARPHRD_LOOPBACK, .loopback = true, UP          \
	}
#define LINK(i, n, k, ...)                                                                         \
	{                                                                                          \
		.index = (i), .name = (n), .kind = (k), ETHER, UP, __VA_ARGS__                     \
	}

static const struct {
	const char *host;
	struct nl_link links[LINKS_MAX]; /* until index 0 */
	const char *chosen;
} hosts[] = {
	{"no link at all", {{0}}, ""},
	{"loopback alone", {LO(1)}, "lo"},
	{"loopback that is down",
	 {{.index = 1, .name = "lo", .type = ARPHRD_LOOPBACK, .loopback = true}},
	 ""},
	{"one card", {LO(1), LINK(2, "eth0", "", .default_route = true)}, "eth0"},
	{"a card that is down leaves loopback", {LO(1), {.index = 2, .name = "eth0", ETHER}}, "lo"},
	{"up without carrier", {LO(1), {.index = 2, .name = "eth0", ETHER, .up = true}}, "eth0"},
	{"types that cannot be read",
	 {LO(1),
	  {.index = 2, .name = "can0", .type = 280, UP},
	  {.index = 3, .name = "mon0", .type = ARPHRD_IEEE80211_RADIOTAP, UP},
	  {.index = 4, .name = "ib0", .type = ARPHRD_INFINIBAND, UP}},
	 "lo"},
	{"copies of what passes elsewhere",
	 {LO(1),
	  LINK(2, "ifb0", "ifb"),
	  LINK(3, "eth0", ""),
	  LINK(4, "sim0", "netdevsim"),
	  {.index = 5, .name = "nlmon0", .kind = "nlmon", .type = 824, UP}},
	 "eth0"},
	{"VLAN on a card",
	 {LO(1), LINK(2, "eth0", ""), LINK(3, "eth0.5", "vlan", .lower = 2)},
	 "eth0"},
	{"VLAN in a VLAN",
	 {LINK(2, "eth0", ""), LINK(3, "eth0.5", "vlan", .lower = 2),
	  LINK(4, "eth0.5.6", "vlan", .lower = 3)},
	 "eth0"},
	{"VLAN made before its card came here",
	 {LINK(2, "v5", "vlan", .lower = 9), LINK(9, "eth0", "")},
	 "eth0"},
	{"VLAN whose card is elsewhere",
	 {LO(1), LINK(3, "eth0.5", "vlan", .lower_elsewhere = true)},
	 "eth0.5"},
	{"VLAN on a card that is down",
	 {LO(1), {.index = 2, .name = "eth0", ETHER}, LINK(3, "eth0.5", "vlan", .lower = 2)},
	 "eth0.5"},
	{"VLAN that is down",
	 {LINK(2, "eth0", ""), {.index = 3, .name = "eth0.5", .kind = "vlan", ETHER, .lower = 2}},
	 "eth0"},
	{"VLAN on a type that cannot be read",
	 {{.index = 2, .name = "x0", .type = ARPHRD_INFINIBAND, UP},
	  LINK(3, "x0.5", "vlan", .lower = 2)},
	 "x0.5"},
	{"stacked devices of all kinds",
	 {LINK(2, "eth0", ""), LINK(3, "mv", "macvlan", .lower = 2),
	  LINK(4, "mt", "macvtap", .lower = 2), LINK(5, "iv", "ipvlan", .lower = 2),
	  LINK(6, "it", "ipvtap", .lower = 2)},
	 "eth0"},
	{"two that claim to lie on each other",
	 {LINK(2, "a", "vlan", .lower = 3), LINK(3, "b", "vlan", .lower = 2)},
	 "a b"},
	{"bond and its ports",
	 {LO(1), LINK(2, "eth0", "", .master = 4), LINK(3, "eth1", "", .master = 4),
	  LINK(4, "bond0", "bond")},
	 "bond0"},
	{"team, with a VLAN on it",
	 {LINK(2, "eth0", "", .master = 4), LINK(4, "team0", "team"),
	  LINK(5, "t.7", "vlan", .lower = 4)},
	 "team0"},
	{"port of a bond that is down",
	 {LINK(2, "eth0", "", .master = 4), {.index = 4, .name = "bond0", .kind = "bond", ETHER}},
	 "eth0"},
	{"virtual function below a synthetic card",
	 {LINK(2, "eth0", ""), LINK(3, "enP1", "", .master = 2)},
	 "eth0"},
	{"VLAN on the port of a bond",
	 {LINK(2, "eth0", "", .master = 4), LINK(3, "eth0.5", "vlan", .lower = 2),
	  LINK(4, "bond0", "bond")},
	 "bond0"},
	{"VRF",
	 {LINK(2, "eth0", "", .master = 3), LINK(3, "red", "vrf"), LINK(4, "eth1", "")},
	 "eth0 eth1"},
	{"bridge in a VRF",
	 {LINK(2, "br0", "bridge", .master = 4), LINK(3, "veth0", "veth", .master = 2),
	  LINK(4, "red", "vrf")},
	 "br0"},
	{"bridge with an uplink",
	 {LINK(2, "eth0", "", .master = 3), LINK(3, "br0", "bridge", .default_route = true),
	  LINK(4, "tap0", "tun", .master = 3)},
	 "eth0"},
	{"bridge with a bond as uplink",
	 {LINK(2, "eth0", "", .master = 3), LINK(3, "bond0", "bond", .master = 4),
	  LINK(4, "br0", "bridge")},
	 "bond0"},
	{"bridge with a VLAN as uplink",
	 {LINK(2, "eth0", ""), LINK(3, "eth0.5", "vlan", .lower = 2, .master = 4),
	  LINK(4, "br5", "bridge")},
	 "eth0"},
	{"bridge with a VLAN whose card is down",
	 {{.index = 2, .name = "eth0", ETHER},
	  LINK(3, "eth0.5", "vlan", .lower = 2, .master = 4),
	  LINK(4, "br5", "bridge")},
	 "eth0.5"},
	{"VLAN on a bridge with an uplink",
	 {LINK(2, "eth0", "", .master = 3), LINK(3, "br0", "bridge"),
	  LINK(4, "br0.5", "vlan", .lower = 3)},
	 "eth0"},
	{"macvlan on a bridge without uplink",
	 {LINK(3, "br0", "bridge"), LINK(4, "mv0", "macvlan", .lower = 3)},
	 "br0"},
	{"bridge whose uplink is down",
	 {{.index = 2, .name = "eth0", ETHER, .master = 3}, LINK(3, "br0", "bridge")},
	 "br0"},
	{"uplink of a bridge that is down",
	 {LINK(2, "eth0", "", .master = 3), {.index = 3, .name = "br0", .kind = "bridge", ETHER}},
	 "eth0"},
	{"bridge without ports", {LO(1), LINK(3, "br0", "bridge")}, "br0"},
	{"bridges of virtual ports",
	 {LINK(2, "eth0", ""), LINK(3, "docker0", "bridge"),
	  LINK(4, "veth1", "veth", .master = 3, .lower_elsewhere = true),
	  LINK(5, "virbr0", "bridge"), LINK(6, "vnet0", "tun", .master = 5),
	  LINK(7, "vx", "vxlan", .master = 5), LINK(8, "gen", "geneve", .master = 5),
	  LINK(9, "nk", "netkit", .master = 5), LINK(10, "gt", "gretap", .master = 5)},
	 "eth0 docker0 virbr0"},
	{"DSA ports in a bridge",
	 {LINK(2, "eth0", ""), LINK(3, "lan1", "dsa", .lower = 2, .master = 4),
	  LINK(4, "br", "bridge")},
	 "eth0 lan1"},
	{"Open vSwitch",
	 {{.index = 2, .name = "ovs-system", .kind = "openvswitch", ETHER},
	  LINK(3, "br-int", "openvswitch"),
	  LINK(4, "br-ex", "openvswitch"),
	  LINK(5, "eth0", "", .master = 2),
	  LINK(6, "tap1", "tun", .master = 2),
	  LINK(7, "vx", "vxlan", .master = 2)},
	 "eth0"},
	{"Open vSwitch without uplink",
	 {{.index = 2, .name = "ovs-system", .kind = "openvswitch", ETHER},
	  LINK(3, "br-int", "openvswitch"),
	  LINK(6, "tap1", "tun", .master = 2)},
	 "br-int"},
	{"master that is not in the list", {LINK(2, "eth0", "", .master = 77)}, "eth0"},
	{"host ends of containers",
	 {LO(1), LINK(2, "eth0", ""), LINK(3, "cali1", "veth", .lower_elsewhere = true),
	  LINK(4, "nk1", "netkit", .lower_elsewhere = true)},
	 "eth0"},
	{"inside a container",
	 {LO(1), LINK(2, "eth0", "veth", .lower_elsewhere = true, .default_route = true)},
	 "eth0"},
	{"veth uplink beside a tunnel",
	 {LO(1),
	  LINK(2, "eth0", "veth", .default_route = true),
	  LINK(3, "eth1", "veth"),
	  {.index = 4, .name = "wg0", .kind = "wireguard", .type = ARPHRD_NONE, UP}},
	 "eth0 wg0"},
	{"veth uplink and other veths",
	 {LO(1), LINK(2, "eth0", "veth", .default_route = true), LINK(3, "eth1", "veth")},
	 "eth0 eth1"},
	{"nothing but veths",
	 {LO(1),
	  LINK(2, "a", "veth", .lower = 3),
	  LINK(3, "b", "veth", .lower = 2),
	  {.index = 4, .name = "c", .kind = "veth", ETHER}},
	 "a b"},
	{"netkit alone", {LO(1), LINK(2, "eth0", "netkit", .lower_elsewhere = true)}, "eth0"},
	{"veth as a port, with a default route",
	 {LINK(2, "a", "veth", .master = 3, .default_route = true), LINK(3, "br0", "bridge")},
	 "br0"},
	{"veth in a VRF, nothing else",
	 {LO(1), LINK(2, "a", "veth", .master = 3), LINK(3, "red", "vrf")},
	 "a"},
	{"VLAN on the only veth",
	 {LO(1), LINK(2, "eth0", "veth"),
	  LINK(3, "eth0.5", "vlan", .lower = 2, .default_route = true)},
	 "eth0"},
	{"VLAN on a veth that is left out",
	 {LINK(2, "eth0", ""), LINK(3, "v", "veth"), LINK(4, "v.5", "vlan", .lower = 3)},
	 "eth0 v.5"},
	{"macvlan of a container beside a veth",
	 {LO(1), LINK(2, "eth0", "macvlan", .lower_elsewhere = true), LINK(3, "v", "veth")},
	 "eth0"},
	{"tunnels",
	 {LO(1),
	  LINK(2, "eth0", ""),
	  {.index = 3, .name = "wg0", .kind = "wireguard", .type = ARPHRD_NONE, UP},
	  {.index = 4, .name = "tun0", .kind = "tun", .type = ARPHRD_NONE, UP},
	  {.index = 5, .name = "gre1", .kind = "gre", .type = ARPHRD_IPGRE, UP, .lower = 2},
	  {.index = 6, .name = "ipip1", .kind = "ipip", .type = ARPHRD_TUNNEL, UP, .lower = 2},
	  LINK(7, "vx0", "vxlan", .lower = 2),
	  {.index = 8, .name = "ppp0", .kind = "ppp", .type = ARPHRD_PPP, UP}},
	 "eth0 wg0 tun0 gre1 ipip1 vx0 ppp0"},
};

static const struct nl_link few[] = {
	LO(1),
	LINK(2, "eth0", ""),
	LINK(3, "eth1", ""),
	LINK(4, "e*", ""),
	{.index = 5, .name = "wlan0", ETHER},
	{.index = 6, .name = "can0", .type = 280, UP},
	LINK(7, "\xff\xfe", ""),
	LINK(8, "veth9", "veth", .master = 2),
};

static const struct {
	const char *patterns[PATTERNS_MAX];
	const char *chosen;
	const char *matched; /* a digit for each pattern */
} choices[] = {
	{{NULL}, "", ""},
	{{"eth0"}, "eth0", "1"},
	{{"eth0", "eth0"}, "eth0", "11"},
	{{"eth9"}, "", "0"},
	{{""}, "", "0"},
	{{"eth?"}, "eth0 eth1", "1"},
	{{"e*"}, "e*", "1"},
	{{"et*"}, "eth0 eth1", "1"},
	{{"[ew]*0"}, "eth0 wlan0", "1"},
	{{"wlan0"}, "wlan0", "1"},
	{{"can0"}, "can0", "1"},
	{{"can*"}, "", "0"},
	{{"ETH0"}, "", "0"},
	{{"[eth0"}, "", "0"},
	{{"\xff\xfe"}, "\xff\xfe", "1"},
	{{"any"}, "lo eth0 eth1 e* wlan0 \xff\xfe veth9", "1"},
	{{"nope", "lo", "eth1"}, "lo eth1", "011"},
};

static const struct {
	uint16_t type;
	bool layer3, known;
} types[] = {
	{ARPHRD_ETHER, false, true},
	{ARPHRD_LOOPBACK, false, true},
	{ARPHRD_NONE, true, true},
	{ARPHRD_TUNNEL, true, true},
	{ARPHRD_TUNNEL6, true, true},
	{ARPHRD_SIT, true, true},
	{ARPHRD_IPGRE, true, true},
	{823, true, true},
	{ARPHRD_PPP, true, true},
	{519, true, true},
	{ARPHRD_VOID, true, true},
	{ARPHRD_NETROM, false, false},
	{ARPHRD_INFINIBAND, false, false},
	{ARPHRD_IEEE80211, false, false},
	{824, false, false},
	{280, false, false},
};

static void join_names(char *buf, size_t size, const struct nl_link *links, size_t n,
		       const bool *chosen)
{
	size_t used = 0;

	buf[0] = '\0';
	for (size_t i = 0; i < n; i++)
		if (chosen[i])
			used += (size_t)snprintf(buf + used, size - used, "%s%s", used ? " " : "",
						 links[i].name);
}

static void test_default(void)
{
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		bool chosen[LINKS_MAX];
		char names[256];
		size_t n = 0;

		while (n < LINKS_MAX && hosts[i].links[n].index)
			n++;
		memset(chosen, true, sizeof(chosen)); /* every one must be written */
		nl_link_choose_default(hosts[i].links, n, chosen);
		join_names(names, sizeof(names), hosts[i].links, n, chosen);
		is_str(names, hosts[i].chosen, "default: %s", hosts[i].host);
	}
}

static void test_patterns(void)
{
	enum { N = sizeof(few) / sizeof(few[0]) };

	for (size_t i = 0; i < sizeof(choices) / sizeof(choices[0]); i++) {
		bool chosen[N], matched[PATTERNS_MAX];
		char names[256], digits[PATTERNS_MAX + 1] = "";
		size_t n = 0;

		while (n < PATTERNS_MAX && choices[i].patterns[n])
			n++;
		memset(chosen, true, sizeof(chosen));
		nl_link_choose(few, N, choices[i].patterns, n, chosen, matched);
		join_names(names, sizeof(names), few, N, chosen);
		for (size_t j = 0; j < n; j++)
			digits[j] = matched[j] ? '1' : '0';
		is_str(names, choices[i].chosen, "patterns %zu: links", i);
		is_str(digits, choices[i].matched, "patterns %zu: matched", i);
	}
}

static void test_layer3(void)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct nl_link link = {.type = types[i].type};
		bool known = !types[i].known;

		is_int(nl_link_layer3(&link, &known), types[i].layer3, "type %u: layer 3",
		       types[i].type);
		is_int(known, types[i].known, "type %u: known", types[i].type);
	}
}

int main(void)
{
	test_default();
	test_patterns();
	test_layer3();
	return tap_done();
}
