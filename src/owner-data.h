/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the owner table share. */
#ifndef OWNER_DATA_H
#define OWNER_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "owner.h"

#define OWNER_NONE UINT32_MAX /* no position */

/* ---- owner-text.c: texts, each kept once ---- */

struct owner_text_pool;

int owner_text_pool_new(struct owner_text_pool **ret_pool);
struct owner_text_pool *owner_text_pool_ref(struct owner_text_pool *pool);
void owner_text_pool_unref(struct owner_text_pool *pool);
/* A reference to the kept text; "" where there is no room, which is counted. NULL stands for "". */
const char *owner_text_get(struct owner_text_pool *pool, const char *text);
const char *owner_text_ref(const char *text);
void owner_text_put(struct owner_text_pool *pool, const char *text);
uint64_t owner_text_pool_refused(const struct owner_text_pool *pool);

/* ---- owner-map.c: arrays whose elements are found by hash ---- */

/*
 * A chain of positions; the links are in the elements. filter has a bit for each hash that came
 * into the chain: most hashes that are not there are told apart without a look at an element.
 */
struct owner_head {
	uint32_t first;
	uint32_t filter;
};

struct owner_map {
	struct owner_head *heads;
	uint32_t n_heads; /* a power of 2, or 0 */
};

static inline struct owner_head *owner_map_head(const struct owner_map *map, uint64_t hash)
{
	return &map->heads[hash >> 32 & (map->n_heads - 1)];
}

static inline uint32_t owner_map_bit(uint64_t hash)
{
	return 1u << hash % 32;
}

static inline uint32_t owner_map_first(const struct owner_map *map, uint64_t hash)
{
	const struct owner_head *head;

	if (!map->n_heads)
		return OWNER_NONE;
	head = owner_map_head(map, hash);
	return head->filter & owner_map_bit(hash) ? head->first : OWNER_NONE;
}

/* Puts a position in front of its chain; returns what was there. */
static inline uint32_t owner_map_push(struct owner_map *map, uint64_t hash, uint32_t position)
{
	struct owner_head *head = owner_map_head(map, hash);
	uint32_t next = head->first;

	head->filter = (next == OWNER_NONE ? 0 : head->filter) | owner_map_bit(hash);
	head->first = position;
	return next;
}

/* Twice the room, at most max elements of size bytes in *(T **)array, and new chains, which are
 * empty: the caller fills them again. */
int owner_map_grow(struct owner_map *map, void *array, uint32_t *capacity, uint32_t max,
		   size_t size);

/* ---- owner-addr.c: addresses of the host ---- */

struct owner_addr {
	uint8_t addr[16];
	uint32_t netns;
	uint32_t next;
	uint8_t family;
};

struct owner_addrs {
	struct owner_addr *addrs;
	uint32_t n, capacity;
	struct owner_map map;
	uint64_t refused;
};

/* Which of the host's namespaces have an address. */
enum { OWNER_ADDR_NOT, OWNER_ADDR_OTHER, OWNER_ADDR_HOME };

/* True where something changed. */
bool owner_addrs_report(struct owner_addrs *addrs, const uint64_t seed[5],
			const struct sample_addr *addr);
bool owner_addrs_has(const struct owner_addrs *addrs, const uint64_t seed[5], const uint8_t *addr,
		     uint8_t family, uint32_t netns);
/* OWNER_ADDR_*; home: 0, not known. */
int owner_addrs_where(const struct owner_addrs *addrs, const uint64_t seed[5], const uint8_t *addr,
		      uint8_t family, uint32_t home);
void owner_addrs_done(struct owner_addrs *addrs);

/* ---- owner-socket.c: sockets by their ends ---- */

/* What a socket is found by; no padding. A remote end of 0 stands for every one. */
struct owner_ends {
	uint8_t local[16], remote[16];
	uint16_t lport, rport;
	uint8_t family, proto;
	uint16_t reserved;
};
_Static_assert(sizeof(struct owner_ends) == 40, "struct owner_ends has padding");

struct owner_socket {
	struct owner_ends ends;
	uint32_t netns;
	uint32_t owner;
	uint64_t cookie;
	uint64_t closed_ns;
	uint32_t next;         /* of its chain, or of the free ones */
	uint32_t older, newer; /* of the closed ones */
	uint32_t taken;        /* version of the table when it took the place of one just closed */
	uint8_t reason;
	bool estimated, closed;
	bool shared; /* another process has a socket with these ends, too */
};

struct owner_sockets {
	struct owner_socket *sockets;
	uint32_t n, n_used, capacity; /* in the table; ever used; room */
	uint32_t free;                /* first free one below n_used */
	struct owner_map map;
	uint32_t oldest, newest, n_closed; /* closed ones */
	uint64_t refused, dropped;
};

uint64_t owner_ends_hash(const uint64_t seed[5], const struct owner_ends *ends);
void owner_sockets_init(struct owner_sockets *sockets);
void owner_sockets_done(struct owner_sockets *sockets);
/* First socket of the chain of these ends from a position on; OWNER_NONE: no more. */
uint32_t owner_sockets_match(const struct owner_sockets *sockets, uint32_t position,
			     const struct owner_ends *ends);
/* A new socket, not yet filled but for its ends; NULL: no room. Owners of others may be dropped
 * for it. */
struct owner_socket *owner_sockets_add(struct owner_table *table, const struct owner_ends *ends);
void owner_sockets_close(struct owner_sockets *sockets, uint32_t position, uint64_t now_ns);
void owner_sockets_reopen(struct owner_sockets *sockets, uint32_t position);
/* Another socket, of this owner, has the ends from now on; before it is opened again. */
void owner_sockets_hand_over(const struct owner_table *table, struct owner_socket *socket,
			     uint64_t cookie, uint32_t owner);
/* Drops those that were closed before a time. */
void owner_sockets_age(struct owner_table *table, uint64_t before_ns);

/* ---- owner-find.c ---- */

#define OWNER_STAMPS (1u << 16)

/*
 * For which flows something changed: by the hash of their ends, and by each of their ports. The
 * bits are of the versions since recent, and small enough for the caches: most flows that ask were
 * there in the interval before.
 */
struct owner_changes {
	uint32_t recent;
	uint64_t ends_bits[OWNER_STAMPS / 64], port_bits[OWNER_STAMPS / 64];
	uint32_t ends[OWNER_STAMPS], ports[OWNER_STAMPS]; /* the version of the last one */
};

#define OWNER_NEAR 1024u

/* What is known of an address and port of this host, whoever is at the other end. */
struct owner_near {
	uint8_t addr[16];
	uint32_t version; /* of the table; another one: not valid any more. 0: empty */
	uint16_t port;
	uint8_t family, proto;
	uint8_t where;   /* OWNER_ADDR_*: who has the address */
	bool for_all;    /* nobody has it: multicast */
	bool searched;   /* socket is valid */
	bool tied;       /* another namespace has the address, too, and such a socket */
	uint32_t socket; /* that has this end alone, or OWNER_NONE */
	uint32_t before; /* another one, closed earlier, or OWNER_NONE */
};

/* Flows that could be between these ends, or (no remote end) at this port, ask again. */
void owner_changes_add(struct owner_table *table, const struct owner_ends *ends);
/* From now on, changes are recent. */
void owner_changes_tick(struct owner_table *table);

/* ---- owner-entry.c: owners by their numbers ---- */

struct owner_entry {
	struct owner owner;
	uint32_t refs;               /* of sockets and flows */
	bool late;                   /* ended long ago: leaves with the last reference */
	uint64_t gone_ns;            /* when it ended */
	struct owner_entry *younger; /* the one that ended next */
	struct owner_entry *next;    /* of its chain */
};

struct owner_entries {
	struct owner_entry **heads;
	uint32_t n_heads; /* a power of 2, or 0 */
	uint32_t n;
};

struct owner_entry *owner_entry_find(const struct owner_entries *entries, uint32_t number);
/* One of a number that is not there, with nothing but it. NULL: no room. */
struct owner_entry *owner_entry_add(struct owner_entries *entries, uint32_t number);
/* It becomes the caller's. */
void owner_entry_remove(struct owner_entries *entries, struct owner_entry *entry);
/* The one behind another in any order, the first one with NULL; NULL: no more. */
struct owner_entry *owner_entry_next(const struct owner_entries *entries,
				     const struct owner_entry *entry);

/* ---- the table ---- */

struct owner_table {
	struct owner_entries entries;
	uint64_t owners_refused, owners_dropped;
	struct owner_entry *eldest, *youngest; /* those that ended, and are not late yet */
	struct owner_text_pool *texts;
	bool on;
	uint8_t off_reason; /* enum owner_reason of every flow while it is not */
	uint32_t home; /* network namespace of the interfaces */
	uint64_t now_ns;
	uint64_t seed[5];
	struct owner_addrs addrs;
	struct owner_sockets sockets;
	uint32_t version;
	uint32_t addr_version; /* when something changed for flows without an owner */
	struct owner_changes *changes;
	struct owner_near *near;   /* OWNER_NEAR of them, a cache */
	struct owner_stats frozen; /* of the table that this one is a clone of */
};

#endif
