/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What is left of a message that is read from its beginning: nothing is taken past its end. */
#ifndef L7_SPAN_H
#define L7_SPAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is left. bad: more was asked for than there was; it stays so. */
struct span {
	const uint8_t *data;
	size_t size;
	bool bad;
};

static inline struct span span_take(struct span *from, uint64_t size)
{
	struct span part = {from->data, (size_t)size, false};

	if (from->bad || size > from->size) {
		from->bad = true;
		return (struct span){NULL, 0, true};
	}
	from->data += part.size;
	from->size -= part.size;
	return part;
}

/* A number of one to eight octets; 0 where there are too few. */
static inline uint64_t span_number(struct span *from, size_t octets)
{
	struct span part = span_take(from, octets);
	uint64_t number = 0;

	for (size_t i = 0; i < part.size; i++)
		number = number << 8 | part.data[i];
	return number;
}

/* A vector: its length in so many octets, then what it holds. */
static inline struct span span_vector(struct span *from, size_t octets)
{
	return span_take(from, span_number(from, octets));
}

#endif
