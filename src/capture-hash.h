/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The part of a back end that is the same for all whose programs count with bpf/hash.bpf.h: it
 * sizes the maps, ends the intervals and delivers them.
 */
#ifndef CAPTURE_HASH_H
#define CAPTURE_HASH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture-interval.h"
#include "capture.h"

struct bpf_object;
struct capture_hash;
struct flow_key;
struct hash_store;
struct sample_sink;
struct watch;

/* What a back end adds. */
struct hash_ops {
	/* Sets iface and owner of a key from what the programs filed it under. */
	void (*place)(struct capture_hash *hash, uint64_t place, struct flow_key *key);
	/* The slot of the interface of a hook. */
	uint16_t (*hook_place)(struct capture_hash *hash, uint64_t place);
	/* Before the flows of an interval. NULL: nothing. */
	int (*before)(struct capture_hash *hash);
};

/* First member of the back end's own structure. */
struct capture_hash {
	struct capture capture;
	struct capture_config config;
	struct capture_info info;
	const struct sample_sink *sink;
	const struct hash_ops *ops;
	struct hash_store *store;
	struct interval interval;
	char host[256];
	char note[512];
};

/* Between open and load of the programs: sets the sizes of the maps. */
int capture_hash_size(const struct capture_config *config, struct bpf_object *object);
/* Why they did not load. what begins a sentence: "counting packets". */
int capture_hash_explain(const struct capture_config *config, int r, const char *what, char *error,
			 size_t error_size);
/* When they are loaded: makes the store, which shares epoch and watches (or NULL) with them. */
int capture_hash_open(struct capture_hash *hash, struct bpf_object *object,
		      volatile uint64_t *epoch, struct watch *watches);
/* When they are attached: the first interval begins. */
int capture_hash_start(struct capture_hash *hash, struct loop *loop);
/* Frees what is in the structure, not the structure. */
void capture_hash_done(struct capture_hash *hash);

/* Of struct capture_ops. */
int capture_hash_tick(struct capture *capture);
int capture_hash_finish(struct capture *capture);
const struct capture_info *capture_hash_info(const struct capture *capture);

#endif
