/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the socket that a flow belongs to. */
#include "config.h"

#include <netinet/icmp6.h>
#include <netinet/in.h>
#include <netinet/ip_icmp.h>
#include <string.h>

#include "flow.h"
#include "macro.h"
#include "mix.h"
#include "owner-data.h"

static inline bool has_ports(const struct flow_key *key)
{
	return likely(key->proto == IPPROTO_TCP || key->proto == IPPROTO_UDP) ||
	       flow_has_ports(key);
}

/* The source first, or the destination. */
static void ends_of(const struct flow_key *key, bool source, struct owner_ends *ret_ends)
{
	struct owner_ends ends = {.family = key->family, .proto = key->proto};

	memcpy(ends.local, source ? key->src : key->dst, sizeof(ends.local));
	memcpy(ends.remote, source ? key->dst : key->src, sizeof(ends.remote));
	if (has_ports(key)) {
		ends.lport = source ? key->sport : key->dport;
		ends.rport = source ? key->dport : key->sport;
	}
	*ret_ends = ends;
}

/*
 * False for what only the kernel sends and takes: it answers echo requests itself, and no process
 * waits for errors on a socket of its own. source: the process would be the one that sends.
 */
static bool may_have_socket(const struct flow_key *key, bool source)
{
	if (key->family != FAMILY_IPV4 && key->family != FAMILY_IPV6)
		return false;
	if (key->proto == IPPROTO_ICMP)
		return key->sport == (source ? ICMP_ECHO : ICMP_ECHOREPLY);
	if (key->proto == IPPROTO_ICMPV6)
		return key->sport == (source ? ICMP6_ECHO_REQUEST : ICMP6_ECHO_REPLY);
	return true;
}

/* Multicast and limited broadcast: nobody's address, for everybody. */
static bool is_for_all(const uint8_t *addr, uint8_t family)
{
	static const uint8_t broadcast[4] = {255, 255, 255, 255};

	if (family == FAMILY_IPV6)
		return addr[0] == 0xff;
	return addr[0] >> 4 == 14 || memcmp(addr, broadcast, sizeof(broadcast)) == 0;
}

/* One end of a flow, whose socket is looked for. */
struct end {
	struct owner_ends ends; /* it comes first */
	struct owner_near *near;
	bool contested; /* another process had the port in this interval */
	bool tied;      /* another network namespace has as good a socket */
};

/* The place in the cache: where another one was, it has to go. */
static struct owner_near *near_of(struct owner_table *table, const struct owner_ends *ends)
{
	struct owner_near *near;
	uint64_t word[2], hash;

	memcpy(word, ends->local, sizeof(word));
	hash = mix(word[0] ^ table->seed[2], word[1] ^ table->seed[3] ^ ends->lport);
	near = &table->near[hash % OWNER_NEAR];
	if (near->version == table->version && near->port == ends->lport &&
	    near->proto == ends->proto && near->family == ends->family &&
	    memcmp(near->addr, ends->local, sizeof(near->addr)) == 0)
		return near;
	*near = (struct owner_near){
		.version = table->version,
		.port = ends->lport,
		.family = ends->family,
		.proto = ends->proto,
		.where = (uint8_t)owner_addrs_where(&table->addrs, table->seed, ends->local,
						    ends->family, table->home),
		.for_all = is_for_all(ends->local, ends->family),
	};
	memcpy(near->addr, ends->local, sizeof(near->addr));
	return near;
}

static void end_of(struct owner_table *table, const struct flow_key *key, bool source,
		   struct end *ret_end)
{
	ends_of(key, source, &ret_end->ends);
	ret_end->contested = ret_end->tied = false;
	ret_end->near = near_of(table, &ret_end->ends);
}

/* How well the namespace of a socket goes with a flow; 0: not at all. */
static int suits(const struct owner_table *table, const struct owner_socket *socket,
		 const struct end *end, bool exact)
{
	bool home = !socket->netns || socket->netns == table->home;

	if (end->near->for_all || !table->addrs.n)
		return home ? 3 : 2;
	if (end->near->where == OWNER_ADDR_HOME)
		return home ? 3 : table->home ? 0 : 2;
	if (end->near->where == OWNER_ADDR_OTHER && socket->netns &&
	    owner_addrs_has(&table->addrs, table->seed, end->ends.local, end->ends.family,
			    socket->netns))
		return 2;
	/* Whoever has both ends is not there by chance: a transparent proxy. */
	return exact || (end->near->where == OWNER_ADDR_OTHER && !socket->netns);
}

/* ends: those of the end, with what is left open 0. ret_tied: as struct end has it. */
static const struct owner_socket *find_socket(const struct owner_table *table,
					      const struct owner_ends *ends, const struct end *end,
					      bool exact, bool *ret_tied)
{
	const struct owner_sockets *sockets = &table->sockets;
	uint32_t i = owner_map_first(&sockets->map, owner_ends_hash(table->seed, ends));
	const struct owner_socket *best = NULL;
	int best_suits = 0;

	*ret_tied = false;
	while ((i = owner_sockets_match(sockets, i, ends)) != OWNER_NONE) {
		const struct owner_socket *socket = &sockets->sockets[i];
		int now = 2 * suits(table, socket, end, exact);

		now += now && !socket->closed;
		if (now > best_suits) {
			best = socket;
			best_suits = now;
			*ret_tied = false;
		} else if (now && now == best_suits && socket->netns != best->netns &&
			   socket->owner != best->owner) {
			*ret_tied = true;
		}
		i = socket->next;
	}
	return best;
}

/*
 * In the interval in which one process had the ends after another, packets are of either; and
 * nobody tells to which of those who share a port (SO_REUSEPORT) they go.
 */
static void take(const struct owner_table *table, const struct owner_socket *socket,
		 struct owner_match *ret_match)
{
	*ret_match = (struct owner_match){
		.owner = socket->owner,
		.reason = socket->reason,
		.estimated = socket->estimated || socket->shared ||
			     socket->taken > table->changes->recent,
		.has_socket = true,
		.loose = socket->ends.proto == IPPROTO_TCP && !socket->ends.rport,
	};
}

/* One that is open comes before one that was closed, and that before one closed earlier. */
static bool is_later(const struct owner_socket *a, const struct owner_socket *b)
{
	if (!a || !b)
		return a;
	if (a->closed != b->closed)
		return b->closed;
	return a->closed && a->closed_ns > b->closed_ns;
}

/*
 * Sockets that have this end alone: the latest, and of those the most particular. ret_before: one
 * that was passed over, or NULL.
 */
static const struct owner_socket *search_wild(const struct owner_table *table,
					      const struct end *end,
					      const struct owner_socket **ret_before,
					      bool *ret_tied)
{
	const struct owner_socket *best = NULL, *before = NULL;
	struct owner_ends wild = end->ends;

	memset(wild.remote, 0, sizeof(wild.remote));
	wild.rport = 0;
	*ret_tied = false;
	for (int level = 0; level < 3 && (!best || best->closed); level++) {
		const struct owner_socket *socket;
		bool tied;

		if (level == 1)
			memset(wild.local, 0, sizeof(wild.local));
		if (level == 2 && wild.family != FAMILY_IPV4)
			break;
		if (level == 2)
			wild.family = FAMILY_IPV6; /* any address of both */
		socket = find_socket(table, &wild, end, false, &tied);
		if (is_later(socket, best)) {
			before = best;
			best = socket;
			*ret_tied = tied;
		} else if (socket) {
			before = socket;
		}
	}
	*ret_before = before;
	return best;
}

static uint32_t position_of(const struct owner_table *table, const struct owner_socket *socket)
{
	return socket ? (uint32_t)(socket - table->sockets.sockets) : OWNER_NONE;
}

/* In a flood of flows to one port they find the same one. */
static const struct owner_socket *find_wild(const struct owner_table *table, struct end *end)
{
	const struct owner_socket *sockets = table->sockets.sockets, *socket, *before;
	struct owner_near *near = end->near;

	if (!near->searched) {
		socket = search_wild(table, end, &before, &near->tied);
		near->searched = true;
		near->socket = position_of(table, socket);
		near->before = position_of(table, before);
	}
	if (near->socket == OWNER_NONE)
		return NULL;
	socket = &sockets[near->socket];
	end->tied = near->tied;
	if (near->before != OWNER_NONE) {
		before = &sockets[near->before];
		end->contested = before->closed_ns == table->now_ns &&
				 before->owner != socket->owner;
	}
	return socket;
}

static bool is_nowhere(const struct owner_table *table, const struct end *end)
{
	return end->near->where == OWNER_ADDR_NOT && !end->near->for_all && table->addrs.n;
}

static bool is_open(const struct flow_key *key, bool source)
{
	return key->open & (source ? OPEN_SRC_ADDR | OPEN_SRC_PORT : OPEN_DST_ADDR | OPEN_DST_PORT);
}

static void find_at(struct owner_table *table, const struct flow_key *key, bool source,
		    struct end *end, struct owner_match *ret_match)
{
	bool may = may_have_socket(key, source), forwarded = is_nowhere(table, end);
	const struct owner_socket *socket = NULL;

	if (may && !key->open)
		socket = find_socket(table, &end->ends, end, true, &end->tied);
	if (!socket && may && !is_open(key, source) && !forwarded)
		socket = find_wild(table, end);
	if (socket) {
		take(table, socket, ret_match);
		/* Others may have a part in what is summed up. */
		ret_match->estimated |= key->open != 0 || end->contested || end->tied;
		return;
	}
	*ret_match = (struct owner_match){.reason = OWNER_NO_SOCKET};
	if (key->open)
		ret_match->reason = OWNER_FOLDED;
	else if (forwarded && may)
		ret_match->reason = OWNER_FORWARDED;
}

static void find(struct owner_table *table, const struct flow_key *key,
		 struct owner_match *ret_match)
{
	bool source = key->direction == DIRECTION_OUT;
	struct end end;

	end_of(table, key, source, &end);
	if (is_nowhere(table, &end)) {
		/* On the host's side of a container's link, what comes in is what it sends. */
		const uint8_t *far = source ? key->dst : key->src;

		if (owner_addrs_where(&table->addrs, table->seed, far, key->family, table->home) !=
		    OWNER_ADDR_NOT) {
			source = !source;
			end_of(table, key, source, &end);
		}
	}
	find_at(table, key, source, &end, ret_match);
}

void owner_prefetch(const struct owner_table *table, const struct flow_key *key)
{
	struct owner_ends ends;

	if (!table->on || !table->sockets.map.n_heads)
		return;
	ends_of(key, key->direction == DIRECTION_OUT, &ends);
	__builtin_prefetch(
		owner_map_head(&table->sockets.map, owner_ends_hash(table->seed, &ends)));
}

void owner_find(struct owner_table *table, const struct flow_key *key,
		struct owner_match *ret_match)
{
	if (key->owner)
		*ret_match = (struct owner_match){.owner = owner_get(table, key->owner) ? key->owner
											: 0};
	else if (!table->on)
		*ret_match = (struct owner_match){.reason = table->off_reason};
	else
		find(table, key, ret_match);
}

void owner_find_end(struct owner_table *table, const struct flow_key *key, bool source,
		    struct owner_match *ret_match)
{
	struct end end;

	*ret_match = (struct owner_match){.reason = table->off_reason};
	if (!table->on)
		return;
	end_of(table, key, source, &end);
	find_at(table, key, source, &end, ret_match);
}

/* ---- which flows have to ask again ---- */

/* Two places of bits and stamps: for the ends, in both orders alike; and for a port. */
static uint32_t ends_place(const struct owner_table *table, const uint8_t *a, const uint8_t *b,
			   uint16_t a_port, uint16_t b_port)
{
	uint64_t a_word[2], b_word[2];

	memcpy(a_word, a, sizeof(a_word));
	memcpy(b_word, b, sizeof(b_word));
	return mix(a_word[0] ^ b_word[0] ^ table->seed[0],
		   a_word[1] ^ b_word[1] ^ a_port ^ b_port ^ table->seed[1]) %
	       OWNER_STAMPS;
}

static uint32_t port_place(uint8_t proto, uint16_t port)
{
	return (port ^ (uint32_t)proto << 8) % OWNER_STAMPS;
}

static bool bit_is_set(const uint64_t *bits, uint32_t place)
{
	return bits[place / 64] >> place % 64 & 1;
}

static void set_bit(uint64_t *bits, uint32_t place)
{
	bits[place / 64] |= 1ULL << place % 64;
}

void owner_changes_add(struct owner_table *table, const struct owner_ends *ends)
{
	static const uint8_t zero[16];
	struct owner_changes *changes = table->changes;
	uint32_t place;

	if (ends->rport || memcmp(ends->remote, zero, sizeof(zero)) != 0) {
		place = ends_place(table, ends->local, ends->remote, ends->lport, ends->rport);
		set_bit(changes->ends_bits, place);
		changes->ends[place] = table->version;
	} else {
		place = port_place(ends->proto, ends->lport);
		set_bit(changes->port_bits, place);
		changes->ports[place] = table->version;
	}
}

void owner_changes_tick(struct owner_table *table)
{
	struct owner_changes *changes = table->changes;

	if (changes->recent == table->version)
		return;
	changes->recent = table->version;
	memset(changes->ends_bits, 0, sizeof(changes->ends_bits));
	memset(changes->port_bits, 0, sizeof(changes->port_bits));
}

bool owner_changed(const struct owner_table *table, const struct flow_key *key, bool known,
		   uint32_t version)
{
	const struct owner_changes *changes = table->changes;
	bool ports = has_ports(key);
	uint16_t sport = ports ? key->sport : 0, dport = ports ? key->dport : 0;
	uint32_t ends = ends_place(table, key->src, key->dst, sport, dport);
	uint32_t a = port_place(key->proto, sport), b = port_place(key->proto, dport);

	if (!known && table->addr_version > version)
		return true;
	if (version >= changes->recent)
		return bit_is_set(changes->ends_bits, ends) || bit_is_set(changes->port_bits, a) ||
		       bit_is_set(changes->port_bits, b);
	return changes->ends[ends] > version || changes->ports[a] > version ||
	       changes->ports[b] > version;
}
