/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Collects the addresses of this host and reports them. */
#include "config.h"

#include "capture-owner-addr.h"

#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "log.h"
#include "macro.h"
#include "mix.h"
#include "nl-addr.h"
#include "nl-netns.h"
#include "sample.h"

/* Learned ones that are remembered, so that each is reported once; one that falls on the place of
 * another takes it, and the other may be reported again. */
#define LEARNED 4096

struct learned {
	uint8_t addr[16];
	uint32_t netns; /* 0: empty */
	uint8_t family;
};

struct host_addrs {
	const struct sample_sink *sink;
	struct nl_addrs *nl;
	uint32_t home; /* network namespace, whose addresses are followed */
	/* what there is to report */
	struct sample_addr *changes;
	size_t n_changes, n_allocated;
	uint64_t n_lost;
	struct learned learned[LEARNED];
};

DEFINE_CLEANUP(struct host_addrs *, host_addrs_close);

static void keep(void *data, const struct sample_addr *addr)
{
	struct host_addrs *addrs = data;
	size_t n = MAX((size_t)64, 2 * addrs->n_allocated);
	struct sample_addr *changes;

	if (addrs->n_changes == addrs->n_allocated) {
		changes = reallocarray(addrs->changes, n, sizeof(*changes));
		if (!changes) {
			addrs->n_lost++;
			return;
		}
		addrs->changes = changes;
		addrs->n_allocated = n;
	}
	addrs->changes[addrs->n_changes++] = *addr;
}

int host_addrs_open(struct loop *loop, const struct sample_sink *sink,
		    struct host_addrs **ret_addrs)
{
	cleanup(host_addrs_closep) struct host_addrs *addrs = calloc(1, sizeof(*addrs));
	int r;

	if (!addrs)
		return -ENOMEM;
	addrs->sink = sink;
	addrs->home = nl_netns_own();
	r = nl_addrs_open(loop, keep, addrs, &addrs->nl);
	if (r < 0)
		return r;
	r = nl_addrs_scan_others(addrs->nl);
	if (r < 0)
		log_info("cannot read addresses in other network namespaces: %s", strerror(-r));
	*ret_addrs = take_ptr(addrs);
	return 0;
}

void host_addrs_close(struct host_addrs *addrs)
{
	if (!addrs)
		return;
	nl_addrs_close(addrs->nl);
	free(addrs->changes);
	free(addrs);
}

void host_addrs_report(struct host_addrs *addrs)
{
	for (size_t i = 0; i < addrs->n_changes; i++)
		addrs->sink->addr(addrs->sink->data, &addrs->changes[i]);
	addrs->n_changes = 0;
}

/* Not the address of any one namespace: none, loopback, multicast, broadcast. */
static bool is_common(const uint8_t *addr, uint8_t family)
{
	static const uint8_t loopback6[16] = {[15] = 1};
	static const uint8_t none[16], broadcast[4] = {255, 255, 255, 255};

	if (memcmp(addr, none, sizeof(none)) == 0)
		return true;
	if (family == FAMILY_IPV6)
		return addr[0] == 0xff || memcmp(addr, loopback6, sizeof(loopback6)) == 0;
	return addr[0] == 127 || addr[0] >> 4 == 14 ||
	       memcmp(addr, broadcast, sizeof(broadcast)) == 0;
}

void host_addrs_learn(struct host_addrs *addrs, const struct sample_socket *socket)
{
	struct sample_addr addr = {.family = socket->family, .netns = socket->netns};
	struct learned *learned;
	uint64_t word[2];

	if (!socket->netns || socket->netns == addrs->home ||
	    is_common(socket->local, socket->family))
		return;
	memcpy(word, socket->local, sizeof(word));
	learned = &addrs->learned[mix(mix(word[0] ^ 1, word[1] ^ 2) ^ 3, socket->netns) % LEARNED];
	if (learned->netns == socket->netns && learned->family == socket->family &&
	    memcmp(learned->addr, socket->local, sizeof(learned->addr)) == 0)
		return;
	*learned = (struct learned){.netns = socket->netns, .family = socket->family};
	memcpy(learned->addr, socket->local, sizeof(learned->addr));
	memcpy(addr.addr, socket->local, sizeof(addr.addr));
	addrs->sink->addr(addrs->sink->data, &addr);
}

uint64_t host_addrs_lost(const struct host_addrs *addrs)
{
	return addrs->n_lost;
}
