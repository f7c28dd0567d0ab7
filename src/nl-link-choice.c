/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which links to count on: a pure function over the list of links.
 *
 * The default choice shows every packet that enters or leaves the host, as few times as possible:
 *
 *  1. A candidate is up and has a type that the parser can read. Never candidates: copies of what
 *     passes elsewhere (ifb, nlmon, netdevsim), VRF devices (their ports are taken as if they had
 *     no master).
 *  2. A port of a bond, a team or any other master that all its traffic passes (hsr, net_failover,
 *     hv_netvsc) is left out when the master is a candidate.
 *  3. A bridge or Open vSwitch: where an uplink is a port (hardware, bond, team, VLAN, DSA), the
 *     uplink is chosen and the bridge is not; the bridge itself would miss forwarded traffic, such
 *     as that of virtual machines. Without an uplink the bridge is chosen. Its virtual ports (veth,
 *     tun, vxlan, geneve ...) never are.
 *  4. A device stacked on another one (VLAN, macvlan, macvtap, ipvlan, ipvtap) is left out when the
 *     device at the bottom is in this namespace and its traffic is seen by rules 2 and 3.
 *  5. veth and netkit are mostly the host's ends of containers: chosen when a default route leaves
 *     there, or when the rules so far chose nothing; never as a port.
 *  6. Loopback only when there is nothing else.
 *
 * Tunnels (WireGuard, tun, GRE, IPIP, vxlan outside bridges) need no rule: they are candidates, and
 * their inner flows are seen nowhere else.
 */

#include "config.h"

#include "nl-link.h"

#include <fnmatch.h>
#include <net/if_arp.h>
#include <string.h>

#include "macro.h"

/* Newer than the C library's list. */
#ifndef ARPHRD_RAWIP
#define ARPHRD_RAWIP 519
#endif
#ifndef ARPHRD_IP6GRE
#define ARPHRD_IP6GRE 823
#endif

/* What a kind of device means for the choice. */
enum role {
	ROLE_COPY = 1 << 0,    /* shows packets a second time */
	ROLE_VRF = 1 << 1,     /* its ports are no ports */
	ROLE_SWITCH = 1 << 2,  /* forwards between its ports */
	ROLE_STACKED = 1 << 3, /* its packets pass the lower device */
	ROLE_PAIR = 1 << 4,    /* the other end is mostly a container */
	ROLE_UPLINK = 1 << 5,  /* as a port of a switch it leads out of the host */
};

static const struct {
	const char *kind;
	unsigned int roles;
} kinds[] = {
	{"", ROLE_UPLINK},
	{"bond", ROLE_UPLINK},
	{"bridge", ROLE_SWITCH},
	{"dsa", ROLE_UPLINK},
	{"ifb", ROLE_COPY},
	{"ipvlan", ROLE_STACKED},
	{"ipvtap", ROLE_STACKED},
	{"macvlan", ROLE_STACKED},
	{"macvtap", ROLE_STACKED},
	{"netdevsim", ROLE_COPY},
	{"netkit", ROLE_PAIR},
	{"nlmon", ROLE_COPY},
	{"openvswitch", ROLE_SWITCH},
	{"team", ROLE_UPLINK},
	{"veth", ROLE_PAIR},
	{"vlan", ROLE_STACKED | ROLE_UPLINK},
	{"vrf", ROLE_VRF},
};

/* The kernel's dev_is_mac_header_xmit() has the same list of types without a link layer header. */
static const struct {
	uint16_t type;
	bool layer3;
} types[] = {
	{ARPHRD_ETHER, false}, {ARPHRD_LOOPBACK, false}, {ARPHRD_PPP, true},  {ARPHRD_RAWIP, true},
	{ARPHRD_TUNNEL, true}, {ARPHRD_TUNNEL6, true},   {ARPHRD_SIT, true},  {ARPHRD_IPGRE, true},
	{ARPHRD_IP6GRE, true}, {ARPHRD_NONE, true},      {ARPHRD_VOID, true},
};

bool nl_link_layer3(const struct nl_link *link, bool *ret_known)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++) {
		if (types[i].type == link->type) {
			*ret_known = true;
			return types[i].layer3;
		}
	}
	*ret_known = false;
	return false;
}

static bool readable(const struct nl_link *link)
{
	bool known;

	(void)nl_link_layer3(link, &known);
	return known;
}

static bool has_role(const struct nl_link *link, enum role role)
{
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++)
		if (strcmp(kinds[i].kind, link->kind) == 0)
			return kinds[i].roles & role;
	return false;
}

/* The list is sorted by index. */
static const struct nl_link *find(const struct nl_link *links, size_t n, uint32_t index)
{
	size_t low = 0, high = n;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (links[middle].index == index)
			return &links[middle];
		if (links[middle].index < index)
			low = middle + 1;
		else
			high = middle;
	}
	return NULL;
}

static bool is_candidate(const struct nl_link *link)
{
	return link->up && !link->loopback && readable(link) && !has_role(link, ROLE_COPY) &&
	       !has_role(link, ROLE_VRF);
}

/* The device that this one is a port of, NULL for none; being in a VRF does not count. */
static const struct nl_link *master_of(const struct nl_link *links, size_t n,
				       const struct nl_link *link)
{
	const struct nl_link *master = find(links, n, link->master);

	return master && !has_role(master, ROLE_VRF) ? master : NULL;
}

/* Every port of Open vSwitch has the same master, whatever bridge it is on. */
static bool is_port_of(const struct nl_link *master, const struct nl_link *bridge)
{
	return master == bridge || (master && strcmp(master->kind, "openvswitch") == 0 &&
				    strcmp(bridge->kind, "openvswitch") == 0);
}

static bool has_uplink(const struct nl_link *links, size_t n, const struct nl_link *bridge)
{
	for (size_t i = 0; i < n; i++)
		if (links[i].master && is_candidate(&links[i]) &&
		    has_role(&links[i], ROLE_UPLINK) &&
		    is_port_of(master_of(links, n, &links[i]), bridge))
			return true;
	return false;
}

/* What a link's place among masters and ports says about it: rules 1 to 3. */
enum place {
	PLACE_HIDDEN,  /* not a candidate, or a port whose packets may be seen nowhere */
	PLACE_COVERED, /* seen on its master or on its uplink */
	PLACE_SEEN,    /* to be chosen */
};

static enum place place_of(const struct nl_link *links, size_t n, const struct nl_link *link)
{
	const struct nl_link *master = master_of(links, n, link);

	if (!is_candidate(link))
		return PLACE_HIDDEN;
	if (has_role(link, ROLE_SWITCH))
		return has_uplink(links, n, link) ? PLACE_COVERED : PLACE_SEEN;
	if (!master)
		return PLACE_SEEN;
	if (!has_role(master, ROLE_SWITCH))
		return is_candidate(master) ? PLACE_COVERED : PLACE_SEEN;
	return has_role(link, ROLE_UPLINK) ? PLACE_SEEN : PLACE_HIDDEN;
}

/* The device at the bottom of a stack; the link itself where the lower one is not here. */
static const struct nl_link *bottom_of(const struct nl_link *links, size_t n,
				       const struct nl_link *link)
{
	/* n steps are enough unless the list holds a circle, which changes between the parts of a
	 * dump could make */
	for (size_t i = 0; i < n && has_role(link, ROLE_STACKED); i++) {
		const struct nl_link *lower = find(links, n, link->lower);

		if (!lower)
			break;
		link = lower;
	}
	return link;
}

/* Sets chosen[] for the links of rule 5, and says whether there were any. */
static bool choose_pairs(const struct nl_link *links, size_t n, bool alone, bool *chosen)
{
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		const struct nl_link *link = &links[i];

		if (!has_role(link, ROLE_PAIR) || master_of(links, n, link) || !is_candidate(link))
			continue;
		if (alone || link->default_route)
			chosen[i] = any = true;
	}
	return any;
}

static bool is_seen(const struct nl_link *links, size_t n, const struct nl_link *link,
		    const bool *chosen)
{
	return chosen[link - links] || place_of(links, n, link) == PLACE_COVERED;
}

void nl_link_choose_default(const struct nl_link *links, size_t n, bool *chosen)
{
	bool any = false;

	for (size_t i = 0; i < n; i++) {
		chosen[i] = !has_role(&links[i], ROLE_PAIR) &&
			    bottom_of(links, n, &links[i]) == &links[i] &&
			    place_of(links, n, &links[i]) == PLACE_SEEN;
		any |= chosen[i];
	}
	any |= choose_pairs(links, n, !any, chosen);

	for (size_t i = 0; i < n; i++) {
		const struct nl_link *bottom = bottom_of(links, n, &links[i]);

		if (bottom == &links[i] || is_seen(links, n, bottom, chosen))
			continue;
		chosen[i] = place_of(links, n, &links[i]) == PLACE_SEEN;
		any |= chosen[i];
	}
	for (size_t i = 0; !any && i < n; i++)
		chosen[i] = links[i].loopback && links[i].up && readable(&links[i]);
}

static bool choose_exact(const struct nl_link *links, size_t n, const char *name, bool *chosen)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(links[i].name, name) == 0)
			return chosen[i] = true;
	return false;
}

static bool choose_pattern(const struct nl_link *links, size_t n, const char *pattern, bool *chosen)
{
	bool all = strcmp(pattern, "any") == 0, matched = false;

	for (size_t i = 0; i < n; i++)
		if (readable(&links[i]) && (all || fnmatch(pattern, links[i].name, 0) == 0))
			chosen[i] = matched = true;
	return matched;
}

void nl_link_choose(const struct nl_link *links, size_t n, const char *const *patterns,
		    size_t n_patterns, bool *chosen, bool *matched)
{
	for (size_t i = 0; i < n; i++)
		chosen[i] = false;
	for (size_t j = 0; j < n_patterns; j++)
		matched[j] = choose_exact(links, n, patterns[j], chosen) ||
			     choose_pattern(links, n, patterns[j], chosen);
}
