/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Takes everything out of a hash map of the kernel. */
#include "config.h"

#include "capture-hash-drain.h"

#include <linux/types.h>

#include <bpf/bpf.h>
#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "macro.h"

#define BUFFER_SIZE (256u << 10) /* of the values of a batch */
#define BATCH_MIN 64             /* elements; more than any bucket has */
#define BATCH_MAX 2048

struct hash_drain {
	size_t max; /* elements that the buffers take */
	uint8_t *keys, *values;
	/* of the run */
	int map_fd;
	size_t key_size, value_size;
	hash_drain_fn fn;
	void *data;
};

/* 1: this kernel has no batches for the map (they came with 5.6, commit 05799638394c). */
static int drain_batches(struct hash_drain *drain)
{
	uint32_t token = 0; /* opaque: where the next batch begins */
	bool first = true;

	for (;;) {
		uint32_t n = (uint32_t)drain->max;
		int r = bpf_map_lookup_and_delete_batch(drain->map_fd, first ? NULL : &token,
							&token, drain->keys, drain->values, &n,
							NULL);
		bool end = r < 0 && errno == ENOENT;

		if (r < 0 && !end)
			/* a bucket larger than the buffers is left as it was */
			return errno == ENOSPC || first ? 1 : -errno;
		for (uint32_t i = 0; i < n; i++)
			drain->fn(drain->data, drain->keys + i * drain->key_size,
				  drain->values + i * drain->value_size);
		if (end)
			return 0;
		first = false;
	}
}

/* One by one: after a deletion the search starts again from the front. */
static int drain_single(struct hash_drain *drain)
{
	while (bpf_map_get_next_key(drain->map_fd, NULL, drain->keys) == 0) {
		if (bpf_map_lookup_elem(drain->map_fd, drain->keys, drain->values) < 0)
			return -errno;
		drain->fn(drain->data, drain->keys, drain->values);
		if (bpf_map_delete_elem(drain->map_fd, drain->keys) < 0)
			return -errno;
	}
	return errno == ENOENT ? 0 : -errno;
}

int hash_drain_new(size_t key_size, size_t value_size, struct hash_drain **ret_drain)
{
	struct hash_drain *drain = calloc(1, sizeof(*drain));

	if (!drain)
		return -ENOMEM;
	drain->max = MAX(BUFFER_SIZE / value_size, (size_t)BATCH_MIN);
	drain->max = MIN(drain->max, (size_t)BATCH_MAX);
	drain->keys = calloc(drain->max, key_size);
	drain->values = calloc(drain->max, value_size);
	if (!drain->keys || !drain->values) {
		hash_drain_free(drain);
		return -ENOMEM;
	}
	*ret_drain = drain;
	return 0;
}

void hash_drain_free(struct hash_drain *drain)
{
	if (!drain)
		return;
	free(drain->keys);
	free(drain->values);
	free(drain);
}

int hash_drain_run(struct hash_drain *drain, int map_fd, size_t key_size, size_t value_size,
		   hash_drain_fn fn, void *data)
{
	int r;

	drain->map_fd = map_fd;
	drain->key_size = key_size;
	drain->value_size = value_size;
	drain->fn = fn;
	drain->data = data;
	r = drain_batches(drain);
	return r > 0 ? drain_single(drain) : r;
}
