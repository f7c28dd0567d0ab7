/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The addresses of the host, in all of its network namespaces. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "mix.h"
#include "owner-data.h"

static uint64_t hash_addr(const uint64_t seed[5], const uint8_t *addr, uint8_t family)
{
	uint64_t half[2];

	memcpy(half, addr, sizeof(half));
	return mix(half[0] ^ seed[0] ^ family, half[1] ^ seed[1]);
}

static bool is_addr(const struct owner_addr *addr, const uint8_t *bytes, uint8_t family)
{
	return addr->family == family && memcmp(addr->addr, bytes, sizeof(addr->addr)) == 0;
}

static void link_addr(struct owner_addrs *addrs, const uint64_t seed[5], uint32_t position)
{
	struct owner_addr *addr = &addrs->addrs[position];

	addr->next =
		owner_map_push(&addrs->map, hash_addr(seed, addr->addr, addr->family), position);
}

static uint32_t *find_link(struct owner_addrs *addrs, const uint64_t seed[5],
			   const struct sample_addr *wanted)
{
	uint64_t hash = hash_addr(seed, wanted->addr, wanted->family);
	uint32_t *link = &owner_map_head(&addrs->map, hash)->first;

	while (*link != OWNER_NONE &&
	       (!is_addr(&addrs->addrs[*link], wanted->addr, wanted->family) ||
		addrs->addrs[*link].netns != wanted->netns))
		link = &addrs->addrs[*link].next;
	return link;
}

/* The last address fills the place of one that goes. */
static void remove_addr(struct owner_addrs *addrs, const uint64_t seed[5], uint32_t *link)
{
	uint32_t position = *link, last = addrs->n - 1;

	*link = addrs->addrs[position].next;
	if (position != last) {
		const struct owner_addr *moved = &addrs->addrs[last];

		link = &owner_map_head(&addrs->map, hash_addr(seed, moved->addr, moved->family))
				->first;
		while (*link != last)
			link = &addrs->addrs[*link].next;
		*link = position;
		addrs->addrs[position] = *moved;
	}
	addrs->n--;
}

bool owner_addrs_report(struct owner_addrs *addrs, const uint64_t seed[5],
			const struct sample_addr *sample)
{
	uint32_t *link = NULL;

	if (addrs->map.n_heads)
		link = find_link(addrs, seed, sample);
	if (link && *link != OWNER_NONE) {
		if (sample->gone)
			remove_addr(addrs, seed, link);
		return sample->gone;
	}
	if (sample->gone)
		return false;
	if (addrs->n == addrs->capacity) {
		if (owner_map_grow(&addrs->map, &addrs->addrs, &addrs->capacity, OWNER_ADDRS_MAX,
				   sizeof(*addrs->addrs)) < 0) {
			addrs->refused++;
			return false;
		}
		for (uint32_t i = 0; i < addrs->n; i++)
			link_addr(addrs, seed, i);
	}
	addrs->addrs[addrs->n] =
		(struct owner_addr){.netns = sample->netns, .family = sample->family};
	memcpy(addrs->addrs[addrs->n].addr, sample->addr, sizeof(sample->addr));
	link_addr(addrs, seed, addrs->n++);
	return true;
}

/* Every namespace has these, and lists the first one at most. */
static bool is_loopback(const uint8_t *addr, uint8_t family)
{
	static const uint8_t loopback6[16] = {[15] = 1};

	return family == FAMILY_IPV4 ? addr[0] == 127 : memcmp(addr, loopback6, 16) == 0;
}

bool owner_addrs_has(const struct owner_addrs *addrs, const uint64_t seed[5], const uint8_t *addr,
		     uint8_t family, uint32_t netns)
{
	uint32_t i = owner_map_first(&addrs->map, hash_addr(seed, addr, family));

	for (; i != OWNER_NONE; i = addrs->addrs[i].next)
		if (addrs->addrs[i].netns == netns && is_addr(&addrs->addrs[i], addr, family))
			return true;
	return is_loopback(addr, family);
}

int owner_addrs_where(const struct owner_addrs *addrs, const uint64_t seed[5], const uint8_t *addr,
		      uint8_t family, uint32_t home)
{
	uint32_t i = owner_map_first(&addrs->map, hash_addr(seed, addr, family));
	int where = is_loopback(addr, family) ? OWNER_ADDR_HOME : OWNER_ADDR_NOT;

	for (; i != OWNER_NONE && where != OWNER_ADDR_HOME; i = addrs->addrs[i].next) {
		if (!is_addr(&addrs->addrs[i], addr, family))
			continue;
		where = addrs->addrs[i].netns == home ? OWNER_ADDR_HOME : OWNER_ADDR_OTHER;
	}
	return where;
}

void owner_addrs_done(struct owner_addrs *addrs)
{
	free(addrs->addrs);
	free(addrs->map.heads);
}
