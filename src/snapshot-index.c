/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Memory of snapshots, and hash tables of positions in it. */
#include "config.h"

#include "snapshot-index.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "macro.h"

#define CACHE_LINE 64
#define HUGE_PAGE ((size_t)2 << 20) /* of most machines */

/* Arrays of at least this size are aligned to it, and take huge pages where the kernel lets them.
 */
static int reserve(void *array, size_t *capacity, size_t n, size_t size, size_t n_keep,
		   size_t huge_page)
{
	void *old, *new;
	size_t bytes;
	bool huge;

	if (n <= *capacity)
		return 0;
	n = MAX(n, *capacity + *capacity / 2);
	if (__builtin_mul_overflow(n, size, &bytes))
		return -ENOMEM;
	memcpy(&old, array, sizeof(old));
	if (!n_keep) {
		free(old);
		old = NULL;
		*capacity = 0;
		memcpy(array, &old, sizeof(old));
	}
	huge = bytes >= huge_page;
	if (posix_memalign(&new, huge ? huge_page : CACHE_LINE, bytes) != 0)
		return -ENOMEM;
	if (huge)
		(void)madvise(new, bytes & ~(huge_page - 1), MADV_HUGEPAGE); /* speed only */
	if (n_keep)
		memcpy(new, old, n_keep * size);
	free(old);
	memcpy(array, &new, sizeof(new));
	*capacity = n;
	return 0;
}

int snapshot_reserve(void *array, size_t *capacity, size_t n, size_t size, size_t n_keep)
{
	return reserve(array, capacity, n, size, n_keep, HUGE_PAGE);
}

int snapshot_reserve_sparse(void *array, size_t *capacity, size_t n, size_t size)
{
	return reserve(array, capacity, n, size, 0, SIZE_MAX);
}

int snapshot_index_clear(struct snapshot_index *index, size_t n)
{
	size_t n_slots = 64;
	int r;

	while (n_slots < 2 * n)
		n_slots *= 2;
	r = snapshot_reserve(&index->slots, &index->capacity, n_slots, sizeof(*index->slots), 0);
	if (r < 0)
		return r;
	memset(index->slots, 0, n_slots * sizeof(*index->slots));
	index->n_slots = n_slots;
	return 0;
}

void snapshot_index_add(struct snapshot_index *index, uint64_t hash, uint32_t position)
{
	size_t slot = snapshot_index_first(index, hash);

	while (index->slots[slot])
		slot = (slot + 1) & (index->n_slots - 1);
	index->slots[slot] = (hash >> 32) << 32 | (position + 1);
}
