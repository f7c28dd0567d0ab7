/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The SHA-1 digest after RFC 3174. */
#include "config.h"

#include "sha1.h"

#include <string.h>

#define BLOCK 64

static uint32_t rotate(uint32_t word, unsigned int bits)
{
	return word << bits | word >> (32 - bits);
}

static uint32_t load_be32(const uint8_t *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static void store_be32(uint8_t *p, uint32_t word)
{
	for (int i = 0; i < 4; i++)
		p[i] = (uint8_t)(word >> (24 - 8 * i));
}

/* RFC 3174, section 5: the function and the constant of step t. */
static uint32_t round_term(unsigned int t, uint32_t b, uint32_t c, uint32_t d)
{
	if (t < 20)
		return ((b & c) | (~b & d)) + 0x5a827999;
	if (t < 40)
		return (b ^ c ^ d) + 0x6ed9eba1;
	if (t < 60)
		return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
	return (b ^ c ^ d) + 0xca62c1d6;
}

/* RFC 3174, section 6.1. */
static void add_block(uint32_t state[5], const uint8_t block[BLOCK])
{
	uint32_t w[80];
	uint32_t a = state[0], b = state[1], c = state[2], d = state[3], e = state[4];

	for (unsigned int t = 0; t < 16; t++)
		w[t] = load_be32(block + 4 * t);
	for (unsigned int t = 16; t < 80; t++)
		w[t] = rotate(w[t - 3] ^ w[t - 8] ^ w[t - 14] ^ w[t - 16], 1);
	for (unsigned int t = 0; t < 80; t++) {
		uint32_t next = rotate(a, 5) + round_term(t, b, c, d) + e + w[t];

		e = d;
		d = c;
		c = rotate(b, 30);
		b = a;
		a = next;
	}
	state[0] += a;
	state[1] += b;
	state[2] += c;
	state[3] += d;
	state[4] += e;
}

void sha1_digest(const void *data, size_t n, uint8_t ret_digest[SHA1_SIZE])
{
	uint32_t state[5] = {0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
	uint8_t last[2 * BLOCK] = {0};
	const uint8_t *p = data;
	uint64_t bits = (uint64_t)n * 8;
	size_t n_last;

	for (; n >= BLOCK; n -= BLOCK, p += BLOCK)
		add_block(state, p);

	/* Section 4: a one bit, zeros, the length; in a second block where it does not fit. */
	if (n)
		memcpy(last, p, n);
	last[n] = 0x80;
	n_last = n + 1 + 8 <= BLOCK ? BLOCK : 2 * BLOCK;
	store_be32(last + n_last - 8, (uint32_t)(bits >> 32));
	store_be32(last + n_last - 4, (uint32_t)bits);
	for (size_t i = 0; i < n_last; i += BLOCK)
		add_block(state, last + i);

	for (int i = 0; i < 5; i++)
		store_be32(ret_digest + 4 * i, state[i]);
}
