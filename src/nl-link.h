/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Interfaces as rtnetlink shows them: a list that is kept current, and the default choice from it.
 */
#ifndef NL_LINK_H
#define NL_LINK_H

#include <net/if.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct nl_link {
	uint32_t index;
	uint32_t master;      /* index of the bridge, bond ... it is a port of, 0: none */
	uint32_t lower;       /* IFLA_LINK when it is in this namespace, 0: none */
	bool lower_elsewhere; /* IFLA_LINK_NETNSID: the lower device (veth: the peer) is in another
				 namespace */
	bool up;              /* IFF_UP */
	bool running;         /* IFF_RUNNING */
	bool loopback;
	bool default_route;     /* an IPv4 or IPv6 default route of the main table leaves here */
	uint16_t type;          /* ARPHRD_* */
	char name[IF_NAMESIZE]; /* raw, as the kernel has it */
	char kind[16];          /* IFLA_INFO_KIND: "bridge", "veth", "vlan" ..., "" for hardware */
	uint64_t serial;        /* of its appearance in this list: another one is another device */
	uint64_t rx_packets, rx_bytes, tx_packets, tx_bytes; /* IFLA_STATS64 at the last dump */
};

struct nl_links;
struct loop;

/* links[0..n-1] sorted by index. Pointers are valid until the next call of this callback. */
typedef void (*nl_links_fn)(void *data);

/*
 * Dumps the links and default routes, then follows links and default routes in the loop; changed
 * is called once after every batch of events that changed anything but counters, which events leave
 * as they are. loop may be NULL: no following.
 */
int nl_links_open(struct loop *loop, nl_links_fn changed, void *data, struct nl_links **ret_links);
void nl_links_close(struct nl_links *links);
const struct nl_link *nl_links_get(const struct nl_links *links, size_t *ret_n);
/* Dumps again, for fresh counters. Pointers of nl_links_get() end here too. On failure the list
 * stays as it was. */
int nl_links_refresh(struct nl_links *links);

/*
 * The default choice: sets chosen[i] for every link whose traffic is not already seen on another
 * chosen one, see nl-link-choice.c for the rules. links is sorted by index; chosen has n elements.
 */
void nl_link_choose_default(const struct nl_link *links, size_t n, bool *chosen);
/*
 * Sets chosen[i] for links that match any of the names or shell patterns, and matched[j] for
 * patterns that matched something. Where a link has exactly that name the pattern means it alone,
 * whatever its type. Otherwise it means links of readable types, up or down: "any" all of them,
 * loopback too, everything else those that fnmatch(3) finds.
 */
void nl_link_choose(const struct nl_link *links, size_t n, const char *const *patterns,
		    size_t n_patterns, bool *chosen, bool *matched);
/* True where frames start with the network header; *ret_known is false for link types the parser
 * cannot read. */
bool nl_link_layer3(const struct nl_link *link, bool *ret_known);

#endif
