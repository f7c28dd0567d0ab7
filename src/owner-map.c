/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Arrays that grow, with chains of positions by hash. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "macro.h"
#include "owner-data.h"

#define ROOM_MIN 64

int owner_map_grow(struct owner_map *map, void *array, uint32_t *capacity, uint32_t max,
		   size_t size)
{
	uint32_t n = *capacity ? 2 * *capacity : ROOM_MIN, n_heads = ROOM_MIN;
	struct owner_head *heads;
	void *old, *new;

	if (*capacity >= max)
		return -ENOSPC;
	n = MIN(n, max);
	while (n_heads < n)
		n_heads *= 2;
	heads = malloc(n_heads * sizeof(*heads));
	if (!heads)
		return -ENOMEM;
	memcpy(&old, array, sizeof(old));
	new = reallocarray(old, n, size);
	if (!new) {
		free(heads);
		return -ENOMEM;
	}
	memcpy(array, &new, sizeof(new));
	memset(heads, 0xff, n_heads * sizeof(*heads)); /* OWNER_NONE */
	free(map->heads);
	map->heads = heads;
	map->n_heads = n_heads;
	*capacity = n;
	return 0;
}
