/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Sockets, found by their ends. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "mix.h"
#include "owner-data.h"

uint64_t owner_ends_hash(const uint64_t seed[5], const struct owner_ends *ends)
{
	uint64_t word[5], hash;

	memcpy(word, ends, sizeof(word));
	hash = mix(word[0] ^ seed[0], word[2] ^ seed[1]);
	if (ends->family == FAMILY_IPV6)
		hash ^= mix(word[1] ^ seed[2], word[3] ^ seed[3]);
	return mix(hash ^ word[4], seed[4]);
}

void owner_sockets_init(struct owner_sockets *sockets)
{
	sockets->free = sockets->oldest = sockets->newest = OWNER_NONE;
}

void owner_sockets_done(struct owner_sockets *sockets)
{
	free(sockets->sockets);
	free(sockets->map.heads);
}

uint32_t owner_sockets_match(const struct owner_sockets *sockets, uint32_t position,
			     const struct owner_ends *ends)
{
	while (position != OWNER_NONE &&
	       memcmp(&sockets->sockets[position].ends, ends, sizeof(*ends)) != 0)
		position = sockets->sockets[position].next;
	return position;
}

static void link_socket(struct owner_table *table, uint32_t position)
{
	struct owner_socket *socket = &table->sockets.sockets[position];
	uint64_t hash = owner_ends_hash(table->seed, &socket->ends);

	socket->next = owner_map_push(&table->sockets.map, hash, position);
}

static void unlink_socket(struct owner_table *table, uint32_t position)
{
	struct owner_socket *sockets = table->sockets.sockets;
	uint64_t hash = owner_ends_hash(table->seed, &sockets[position].ends);
	struct owner_head *head = owner_map_head(&table->sockets.map, hash);
	uint32_t *link = &head->first;

	head->filter = 0;
	while (*link != OWNER_NONE) {
		if (*link == position) {
			*link = sockets[position].next;
			continue;
		}
		head->filter |= owner_map_bit(owner_ends_hash(table->seed, &sockets[*link].ends));
		link = &sockets[*link].next;
	}
}

/* ---- closed ones, in the order in which they were closed ---- */

void owner_sockets_close(struct owner_sockets *sockets, uint32_t position, uint64_t now_ns)
{
	struct owner_socket *socket = &sockets->sockets[position];

	socket->closed = true;
	socket->closed_ns = now_ns;
	socket->older = sockets->newest;
	socket->newer = OWNER_NONE;
	if (sockets->newest == OWNER_NONE)
		sockets->oldest = position;
	else
		sockets->sockets[sockets->newest].newer = position;
	sockets->newest = position;
	sockets->n_closed++;
}

void owner_sockets_reopen(struct owner_sockets *sockets, uint32_t position)
{
	struct owner_socket *socket = &sockets->sockets[position];

	socket->closed = false;
	if (socket->older == OWNER_NONE)
		sockets->oldest = socket->newer;
	else
		sockets->sockets[socket->older].newer = socket->newer;
	if (socket->newer == OWNER_NONE)
		sockets->newest = socket->older;
	else
		sockets->sockets[socket->newer].older = socket->older;
	sockets->n_closed--;
}

void owner_sockets_hand_over(const struct owner_table *table, struct owner_socket *socket,
			     uint64_t cookie, uint32_t owner)
{
	bool other = socket->cookie && cookie && socket->owner != owner;

	socket->shared = !socket->closed && (socket->shared || other);
	if (other && socket->closed && socket->closed_ns == table->now_ns)
		socket->taken = table->version;
}

/* ---- coming and going ---- */

static void drop_oldest(struct owner_table *table)
{
	struct owner_sockets *sockets = &table->sockets;
	uint32_t position = sockets->oldest;
	struct owner_socket *socket = &sockets->sockets[position];

	unlink_socket(table, position);
	owner_sockets_reopen(sockets, position);
	socket->next = sockets->free;
	sockets->free = position;
	sockets->n--;
	table->version++; /* what the cache of ends says of it is not valid any more */
	owner_unref(table, socket->owner);
}

void owner_sockets_age(struct owner_table *table, uint64_t before_ns)
{
	struct owner_sockets *sockets = &table->sockets;

	while (sockets->oldest != OWNER_NONE &&
	       sockets->sockets[sockets->oldest].closed_ns < before_ns)
		drop_oldest(table);
	while (sockets->n_closed > OWNER_CLOSED_MAX) {
		drop_oldest(table);
		sockets->dropped++;
	}
}

/* Room for one more, if need be in place of a closed one. */
static bool make_room(struct owner_table *table)
{
	struct owner_sockets *sockets = &table->sockets;

	if (sockets->free != OWNER_NONE || sockets->n_used < sockets->capacity)
		return true;
	if (owner_map_grow(&sockets->map, &sockets->sockets, &sockets->capacity, OWNER_SOCKETS_MAX,
			   sizeof(*sockets->sockets)) == 0) {
		for (uint32_t i = 0; i < sockets->n_used; i++) /* none is free */
			link_socket(table, i);
		return true;
	}
	if (sockets->oldest == OWNER_NONE)
		return false;
	drop_oldest(table);
	sockets->dropped++;
	return true;
}

struct owner_socket *owner_sockets_add(struct owner_table *table, const struct owner_ends *ends)
{
	struct owner_sockets *sockets = &table->sockets;
	uint32_t position;

	if (!make_room(table)) {
		sockets->refused++;
		return NULL;
	}
	if (sockets->free != OWNER_NONE) {
		position = sockets->free;
		sockets->free = sockets->sockets[position].next;
	} else {
		position = sockets->n_used++;
	}
	sockets->sockets[position] = (struct owner_socket){.ends = *ends};
	link_socket(table, position);
	sockets->n++;
	return &sockets->sockets[position];
}
