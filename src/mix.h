/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The step that keyed hashes of tables are made of. */
#ifndef MIX_H
#define MIX_H

#include <stdint.h>

/* Both halves of the product, folded: every bit of a and b reaches every bit of the result. */
static inline uint64_t mix(uint64_t a, uint64_t b)
{
#ifdef __SIZEOF_INT128__
	unsigned __int128 product = (unsigned __int128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
#else
	uint64_t a0 = (uint32_t)a, a1 = a >> 32, b0 = (uint32_t)b, b1 = b >> 32;
	uint64_t middle = a1 * b0 + (a0 * b0 >> 32);
	uint64_t other = a0 * b1 + (uint32_t)middle;

	return (a * b) ^ (a1 * b1 + (middle >> 32) + (other >> 32));
#endif
}

#endif
