/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts the hellos of QUIC together: they come in parts, in any order, some more than once. */
#include "config.h"

#include "l7-quic-data.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "macro.h"

#define CAPACITY_MIN 2048

static int make_room(struct quic_crypto *crypto, size_t size)
{
	size_t capacity = MAX((size_t)crypto->capacity, (size_t)CAPACITY_MIN);
	uint8_t *data;

	if (size <= crypto->capacity)
		return 0;
	while (capacity < size)
		capacity *= 2;
	data = realloc(crypto->data, capacity);
	if (!data)
		return -ENOMEM;
	crypto->data = data;
	crypto->capacity = (uint32_t)capacity;
	return 0;
}

/* Enters a part, joined with those that it touches. */
static int add_range(struct quic_crypto *crypto, struct quic_range part)
{
	struct quic_range *ranges = crypto->ranges;
	size_t first = 0, last;

	while (first < crypto->n_ranges && ranges[first].to < part.from)
		first++;
	for (last = first; last < crypto->n_ranges && ranges[last].from <= part.to; last++) {
		part.from = MIN(part.from, ranges[last].from);
		part.to = MAX(part.to, ranges[last].to);
	}
	if (first == last && crypto->n_ranges == QUIC_RANGES_MAX)
		return -EMSGSIZE;
	memmove(ranges + first + 1, ranges + last, (crypto->n_ranges - last) * sizeof(*ranges));
	crypto->n_ranges -= (uint32_t)(last - first) - 1;
	ranges[first] = part;
	return 0;
}

int quic_crypto_add(struct quic_crypto *crypto, uint64_t offset, const uint8_t *data, size_t size)
{
	int r;

	if (!size)
		return 0;
	if (offset > TLS_MESSAGE_MAX || size > TLS_MESSAGE_MAX - offset)
		return -EMSGSIZE;
	r = make_room(crypto, offset + size);
	if (r < 0)
		return r;
	r = add_range(crypto, (struct quic_range){(uint32_t)offset, (uint32_t)(offset + size)});
	if (r == 0)
		memcpy(crypto->data + offset, data, size);
	return r;
}

size_t quic_crypto_next(struct quic_crypto *crypto, const uint8_t **ret_message)
{
	size_t there, size;

	if (!crypto->n_ranges || crypto->ranges[0].from != 0)
		return 0;
	there = crypto->ranges[0].to - crypto->read;
	if (there < TLS_HEADER_SIZE)
		return 0;
	size = tls_message_size(crypto->data + crypto->read);
	if (size > there)
		return 0;
	*ret_message = crypto->data + crypto->read;
	crypto->read += (uint32_t)size;
	return size;
}

void quic_crypto_done(struct quic_crypto *crypto)
{
	free(crypto->data);
	*crypto = (struct quic_crypto){0};
}
