/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes everything out of a hash map of the kernel. */
#ifndef CAPTURE_HASH_DRAIN_H
#define CAPTURE_HASH_DRAIN_H

#include <stddef.h>

/* Values of a per-CPU map are those of all CPUs, one after the other. */
typedef void (*hash_drain_fn)(void *data, const void *key, const void *values);

struct hash_drain;

/* Elements may be as large as this: a multiple of 8, and of all CPUs where values are per CPU. */
int hash_drain_new(size_t key_size, size_t value_size, struct hash_drain **ret_drain);
void hash_drain_free(struct hash_drain *drain);
/* Hands every element over once; nobody else may change the map meanwhile. -errno: not all was
 * read. */
int hash_drain_run(struct hash_drain *drain, int map_fd, size_t key_size, size_t value_size,
		   hash_drain_fn fn, void *data);

#endif
