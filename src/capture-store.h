/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads the tables that the BPF programs write (bpf/abi.h has their shape, bpf/account.bpf.h says
 * why a reader that keeps to store_flip(), store_wait(), store_drain() sees every packet once).
 * Knows nothing of libbpf: it works on mapped memory.
 */
#ifndef CAPTURE_STORE_H
#define CAPTURE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample.h"

struct store;
struct watch_tallies;

struct store_config {
	int map_fd; /* of "halves", which is mapped for as long as the store lives */
	volatile uint64_t *control; /* the control word, in memory shared with the programs */
	unsigned int n_writers;     /* that have two halves each, see abi.h */
	uint32_t slots4, slots6;    /* per CPU and half, powers of two */
	bool in_only;               /* there are no programs for what is sent */
	bool no_membarrier;         /* for tests: wait as where membarrier() cannot */
};

int store_new(const struct store_config *config, struct store **ret_store);
void store_free(struct store *store);

/* Bytes of one element of the map. */
size_t store_half_size(uint32_t slots4, uint32_t slots6);

/* Starts the next epoch. Everything counted so far is in the one that ended. */
void store_flip(struct store *store);
/*
 * Waits until no program writes to the epoch that ended: one RCU grace period, some milliseconds on
 * an idle machine, more on a busy one. Safe in another thread than the rest.
 */
int store_wait(const struct store *store);
/*
 * Hands the epoch that ended to the sink: all flows, then the hooks of every slot in ifaces (a
 * bitmap of SAMPLE_IFACE_MAX bits). Sets the slots used in *ret_used.
 */
void store_drain(struct store *store, const struct sample_sink *sink, const uint64_t *ifaces,
		 uint32_t *ret_used);
/* Of the packets of one flow, by size. */
struct watch_tallies *store_watch(struct store *store);
/* For tests: the number that the current epoch has. */
void store_set_epoch(struct store *store, uint32_t epoch);

#endif
