/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The index over the flow table. */
#include "config.h"

#include "flow-index.h"

#include <errno.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/random.h>

#include "flow-table.h"
#include "flow.h"
#include "macro.h"
#include "mix.h"

#define MIN_BITS 10
#define GROW_BITS 2
#define AHEAD 16         /* words are fetched this many flows before their turn, in a rebuild */
#define TAG_SHIFT 32     /* in a word */
#define TAG_HOOK_BITS 11 /* direction and interface */
#define TAG_DIRECTION (1u << (TAG_HOOK_BITS - 1))
#define HASH_SPI (1ULL << 32) /* the flow has an SPI; below the bits that choose the place */

_Static_assert(SAMPLE_IFACE_MAX <= TAG_DIRECTION, "interfaces do not fit the tag");
_Static_assert(FLOW_TABLE_MAX <= 1u << 26, "places and HASH_SPI overlap");

static unsigned int bits_for(uint32_t max_flows)
{
	unsigned int bits = MIN_BITS;

	while ((1ULL << bits) < 2 * (uint64_t)max_flows)
		bits++;
	return bits;
}

size_t flow_index_size(uint32_t max_flows)
{
	return (sizeof(uint64_t) << bits_for(max_flows)) + sizeof(uint64_t) * max_flows +
	       FLOW_INDEX_SPI_SLOTS * sizeof(uint32_t[DIRECTION_MAX]);
}

static void forget_spi(struct flow_index *index)
{
	memset(index->spi, 0xff, FLOW_INDEX_SPI_SLOTS * sizeof(*index->spi)); /* FLOW_NONE */
}

int flow_index_init(struct flow_index *index, uint32_t max_flows, void *memory)
{
	struct flow_index new = {
		.words = memory, .bits = MIN_BITS, .max_bits = bits_for(max_flows)};

	/* Up to 256 bytes come whole or not at all. */
	if (getrandom(new.seed, sizeof(new.seed), 0) < 0)
		return -errno;
	new.hashes = new.words + (1ULL << new.max_bits);
	new.spi = (void *)(new.hashes + max_flows);
	*index = new;
	forget_spi(index);
	return 0;
}

static uint64_t hash_end(const struct flow_index *index, const uint8_t addr[16], uint16_t port)
{
	uint64_t half[2];

	memcpy(half, addr, sizeof(half));
	half[0] = mix(half[0] ^ index->seed[0], half[1] ^ index->seed[1]);
	return mix(half[0] ^ port, index->seed[2]);
}

static bool has_spi(const struct flow_key *key)
{
	return (key->proto == IPPROTO_ESP || key->proto == IPPROTO_AH) && key->family != FAMILY_ARP;
}

uint64_t flow_index_hash(const struct flow_index *index, const struct flow_key *key)
{
	uint64_t rest = (uint64_t)key->family << 56 | (uint64_t)key->open << 48 |
			(uint64_t)key->proto << 40 | key->vlan;
	uint64_t spi = 0, ends, hash;
	uint32_t tag;

	if (likely(key->proto == IPPROTO_TCP || key->proto == IPPROTO_UDP) || flow_has_ports(key)) {
		ends = hash_end(index, key->src, key->sport) +
		       hash_end(index, key->dst, key->dport);
	} else {
		/* Requests and replies have the same hash, and the ports do not change sides. */
		int counterpart = flow_counterpart(key);
		uint64_t type = key->sport;

		if (counterpart >= 0)
			type = MIN(type, (uint64_t)counterpart);
		ends = hash_end(index, key->src, 0) + hash_end(index, key->dst, 0);
		ends ^= mix((type << 16 | key->dport) ^ index->seed[3], index->seed[4]);
		spi = has_spi(key) ? HASH_SPI : 0;
	}
	hash = mix(ends ^ rest, index->seed[3] ^ index->seed[4]);
	tag = (uint32_t)hash << TAG_HOOK_BITS | (key->direction ? TAG_DIRECTION : 0) |
	      (key->iface & (TAG_DIRECTION - 1));
	return (hash & ~(HASH_SPI | UINT32_MAX)) | spi | tag;
}

static uint64_t first_slot(const struct flow_index *index, uint64_t hash)
{
	return hash >> (64 - index->bits);
}

static uint64_t next_slot(const struct flow_index *index, uint64_t slot)
{
	return (slot + 1) & ((1ULL << index->bits) - 1);
}

static uint32_t word_position(uint64_t word)
{
	return (uint32_t)word - 1;
}

static bool key_equal(const struct flow_key *a, const struct flow_key *b)
{
	uint64_t x[sizeof(*a) / 8], y[sizeof(*b) / 8], differ = 0;

	memcpy(x, a, sizeof(x));
	memcpy(y, b, sizeof(y));
	for (size_t i = 0; i < ARRAY_SIZE(x); i++)
		differ |= x[i] ^ y[i];
	return !differ;
}

uint32_t flow_index_find(const struct flow_index *index, const struct flow *flows, uint64_t hash,
			 const struct flow_key *key)
{
	for (uint64_t slot = first_slot(index, hash);; slot = next_slot(index, slot)) {
		uint64_t word = index->words[slot];

		if (!word)
			return FLOW_NONE;
		if (word >> TAG_SHIFT == (uint32_t)hash &&
		    key_equal(&flows[word_position(word)].key, key))
			return word_position(word);
	}
}

const void *flow_index_word(const struct flow_index *index, uint64_t hash)
{
	return &index->words[first_slot(index, hash)];
}

const struct flow *flow_index_guess(const struct flow_index *index, const struct flow *flows,
				    uint64_t hash)
{
	uint64_t slot = first_slot(index, hash);
	uint64_t word = index->words[slot];

	/* The word of another flow comes first in a quarter of the cases: look one further. */
	if (word >> TAG_SHIFT != (uint32_t)hash)
		word = index->words[next_slot(index, slot)];
	return word ? &flows[word_position(word)] : flows;
}

static bool same_conversation(uint64_t word, uint64_t hash)
{
	return !(((uint32_t)(word >> TAG_SHIFT) ^ (uint32_t)hash) >> TAG_HOOK_BITS);
}

/* Returns whether flows of the same conversation were passed on the way. */
static bool put(struct flow_index *index, uint64_t hash, uint32_t position)
{
	uint64_t slot = first_slot(index, hash);
	bool kin = false;

	for (; index->words[slot]; slot = next_slot(index, slot))
		kin |= same_conversation(index->words[slot], hash);
	index->words[slot] = hash << TAG_SHIFT | (position + 1);
	return kin;
}

/*
 * The two directions of an IPsec tunnel have SPIs that say nothing of each other, so that only the
 * addresses can pair them: each new flow with the last one of the other direction that is alone. A
 * cache of fixed size keeps a flood of SPIs from costing more than other floods.
 */
static uint32_t *spi_entry(const struct flow_index *index, const struct flow_key *key)
{
	uint64_t hash = hash_end(index, key->src, 0) + hash_end(index, key->dst, 0) +
			((uint64_t)key->iface << 32 | (uint64_t)key->vlan << 16 |
			 (uint64_t)key->proto << 8 | key->family);

	return index->spi[mix(hash, index->seed[3]) % FLOW_INDEX_SPI_SLOTS];
}

static void link_spi(struct flow_index *index, struct flow *flows, uint32_t position)
{
	struct flow *flow = &flows[position], *other;
	uint32_t *entry = spi_entry(index, &flow->key);
	uint32_t candidate = entry[!flow->key.direction];
	struct flow_key reverse;

	if (candidate != FLOW_NONE) {
		other = &flows[candidate];
		flow_key_reverse(&flow->key, &reverse);
		reverse.sport = other->key.sport;
		reverse.dport = other->key.dport;
		if (other->opposite == FLOW_NONE && key_equal(&other->key, &reverse)) {
			flow->opposite = candidate;
			other->opposite = position;
			return;
		}
	}
	entry[flow->key.direction] = position;
}

static bool same_elsewhere(const struct flow_key *a, const struct flow_key *b)
{
	struct flow_key moved = *a;

	moved.iface = b->iface;
	moved.direction = b->direction;
	return key_equal(&moved, b);
}

/*
 * Links flows[position] to flows with the same hash. Either none of a set of flows that belong
 * together is marked elsewhere, and then they are on one interface and few; or all of them are, and
 * then the first one found says so.
 */
static void link_kin(const struct flow_index *index, struct flow *flows, uint32_t position,
		     uint64_t hash)
{
	struct flow *flow = &flows[position];
	bool settled = false;
	struct flow_key reverse;

	flow_key_reverse(&flow->key, &reverse);
	for (uint64_t slot = first_slot(index, hash); index->words[slot];
	     slot = next_slot(index, slot)) {
		uint64_t word = index->words[slot];
		uint32_t differ = (uint32_t)(word >> TAG_SHIFT) ^ (uint32_t)hash;
		uint32_t candidate = word_position(word);
		struct flow *other = &flows[candidate];

		if (!same_conversation(word, hash) || candidate == position)
			continue;
		if (differ == TAG_DIRECTION && !(hash & HASH_SPI) &&
		    key_equal(&other->key, &reverse)) {
			flow->opposite = candidate;
			other->opposite = position;
		}
		if (settled || (!same_elsewhere(&flow->key, &other->key) &&
				!same_elsewhere(&reverse, &other->key)))
			continue;
		settled = other->elsewhere;
		if (settled || other->key.iface != flow->key.iface) {
			flow->elsewhere = true;
			other->elsewhere = true;
		}
	}
}

void flow_index_add(struct flow_index *index, struct flow *flows, uint32_t position, uint64_t hash)
{
	bool kin;

	if (2 * (uint64_t)(position + 1) > 1ULL << index->bits) {
		index->bits = MIN(index->bits + GROW_BITS, index->max_bits);
		flow_index_rebuild(index, flows, position);
	}
	index->hashes[position] = hash;
	kin = put(index, hash, position);
	/* What a row with open parts belongs to is not known. */
	if (flows[position].key.open)
		return;
	if (kin)
		link_kin(index, flows, position, hash);
	if (hash & HASH_SPI)
		link_spi(index, flows, position);
}

void flow_index_move(struct flow_index *index, uint32_t from, uint32_t to)
{
	index->hashes[to] = index->hashes[from];
}

void flow_index_rebuild(struct flow_index *index, const struct flow *flows, uint32_t n)
{
	memset(index->words, 0, sizeof(uint64_t) << index->bits);
	forget_spi(index);
	for (uint32_t i = 0; i < n; i++) {
		uint64_t hash = index->hashes[i];

		/* Past n is still the index's memory. */
		__builtin_prefetch(flow_index_word(index, index->hashes[i + AHEAD]), 1);
		put(index, hash, i);
		if (unlikely(hash & HASH_SPI) && !flows[i].key.open &&
		    flows[i].opposite == FLOW_NONE)
			spi_entry(index, &flows[i].key)[flows[i].key.direction] = i;
	}
}

void flow_index_copy(struct flow_index *index, const struct flow_index *from,
		     const struct flow *flows, uint32_t n)
{
	index->bits = from->bits;
	memcpy(index->seed, from->seed, sizeof(index->seed));
	memcpy(index->hashes, from->hashes, n * sizeof(*index->hashes));
	flow_index_rebuild(index, flows, n);
}
