/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Conversations in the files of a corpus: what either side sent, piece by piece. A piece is an
 * octet with its side (0: who began), its size in two octets, and its data.
 */
#ifndef PIECES_H
#define PIECES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct piece {
	uint8_t side; /* 0 or 1 */
	const uint8_t *data;
	size_t size;
};

/* Takes the next piece off. The last may be cut short. */
static inline bool piece_next(const uint8_t **data, size_t *left, struct piece *ret_piece)
{
	size_t size;

	if (*left < 3)
		return false;
	size = (size_t)(*data)[1] << 8 | (*data)[2];
	if (size > *left - 3)
		size = *left - 3;
	*ret_piece = (struct piece){(*data)[0] & 1, *data + 3, size};
	*data += 3 + size;
	*left -= 3 + size;
	return true;
}

#endif
