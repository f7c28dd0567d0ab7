/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the hash maps that the BPF programs write (bpf/hash.bpf.h says why a reader that keeps to
 * hash_store_flip(), hash_store_wait(), hash_store_drain() sees everything once).
 */
#ifndef CAPTURE_HASH_STORE_H
#define CAPTURE_HASH_STORE_H

#include <stddef.h>
#include <stdint.h>

#include "sample.h"

struct bpf_object;
struct hash_store;
struct watch;
struct watch_tallies;

struct hash_store_config {
	volatile uint64_t *epoch; /* in memory shared with the programs */
	struct watch *watches;    /* so are these, DIRECTION_MAX for each parity; or NULL */
	unsigned int n_cpus;      /* possible CPUs */
	uint32_t max_flows;
	/* Sets iface and owner of a key from what the programs filed it under. */
	void (*place)(void *data, uint64_t place, struct flow_key *key);
	/* The slot of the interface of a hook. Slot 0 gets what had no room. */
	uint16_t (*hook_place)(void *data, uint64_t place);
	void *data;
};

/* Between open and load of the programs: sets the sizes of the maps. */
int hash_store_size(struct bpf_object *object, uint32_t max_flows);
/* Flows that fit an honest share of this machine's memory. */
uint32_t hash_store_default_flows(void);
/* Kernel memory of the maps, about. */
uint64_t hash_store_bytes(uint32_t max_flows);

/* Takes the maps of a loaded object, which must outlive the store. */
int hash_store_new(struct bpf_object *object, const struct hash_store_config *config,
		   struct hash_store **ret_store);
void hash_store_free(struct hash_store *store);

/* Starts the next epoch. Everything counted so far is in the one that ended. */
void hash_store_flip(struct hash_store *store);
/* Waits until no program writes to the epoch that ended. Safe in another thread than the rest. */
int hash_store_wait(const struct hash_store *store);
/* The maps of this name and the epoch that ended. */
int hash_store_fd(const struct hash_store *store, struct bpf_object *object, const char *name);
/* Hands the epoch that ended to the sink: all flows, then the hooks. -errno: not all was read. */
int hash_store_drain(struct hash_store *store, const struct sample_sink *sink, uint32_t *ret_used);
/* Of the packets of one flow, by size. */
struct watch_tallies *hash_store_watch(struct hash_store *store);
/* Elements of the maps of flows. */
uint32_t hash_store_slots(const struct hash_store *store);

#endif
