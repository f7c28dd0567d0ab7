/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Remembers connections in two generations of hashes, of which the older is dropped. */
#include "config.h"

#include "event-seen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "flow.h"

#define SLOTS EVENT_SEEN_MAX /* of a generation: it is full when half of them are taken */

/* 0 is an empty slot. */
struct generation {
	uint64_t slots[SLOTS];
	uint32_t n;
};

struct event_seen {
	uint64_t seed[2];
	uint64_t n_forgotten;
	unsigned int young; /* which of the two */
	struct generation generations[2];
};

int event_seen_new(struct event_seen **ret_seen)
{
	struct event_seen *seen = calloc(1, sizeof(*seen));

	if (!seen)
		return -ENOMEM;
	if (getrandom(seen->seed, sizeof(seen->seed), 0) != (ssize_t)sizeof(seen->seed)) {
		free(seen);
		return -EIO;
	}
	*ret_seen = seen;
	return 0;
}

void event_seen_free(struct event_seen *seen)
{
	free(seen);
}

uint64_t event_seen_forgotten(const struct event_seen *seen)
{
	return seen->n_forgotten;
}

/* Where the hash is, or the empty slot where it belongs. */
static uint64_t *find(struct generation *generation, uint64_t hash)
{
	uint32_t i = (uint32_t)hash % SLOTS;

	while (generation->slots[i] && generation->slots[i] != hash)
		i = (i + 1) % SLOTS;
	return &generation->slots[i];
}

static void insert(struct event_seen *seen, uint64_t hash)
{
	struct generation *young = &seen->generations[seen->young];

	if (young->n == SLOTS / 2) {
		seen->young = !seen->young;
		young = &seen->generations[seen->young];
		seen->n_forgotten += young->n;
		memset(young, 0, sizeof(*young));
	}
	*find(young, hash) = hash;
	young->n++;
}

bool event_seen_add(struct event_seen *seen, const struct flow_key *key)
{
	uint64_t hash = flow_conversation_hash(key, seen->seed);
	struct generation *old = &seen->generations[!seen->young];
	uint64_t *slot;

	if (!hash)
		hash = 1; /* 0 is an empty slot */
	if (*find(&seen->generations[seen->young], hash))
		return false;
	slot = find(old, hash);
	if (!*slot) {
		insert(seen, hash);
		return true;
	}
	old->n--; /* it moves: its slot stays, so that what lies behind it is found */
	insert(seen, hash);
	return false;
}
