/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any octets as a payload, by the BPF programs' own code: the label is one that there is.
 *
 * Input: an octet, odd for UDP; both ports; payload.
 */
#include "config.h"

#include <endian.h>
#include <linux/types.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "macro.h"

#pragma GCC diagnostic ignored "-Wunknown-pragmas" /* "unroll" is of clang */
#include "label.bpf.h"

#define HEAD_SIZE 5

static unsigned int label_of(const uint8_t *head, const uint8_t *data, size_t size)
{
	struct payload payload = {
		.sport = (uint16_t)(head[1] << 8 | head[2]),
		.dport = (uint16_t)(head[3] << 8 | head[4]),
		.len = (uint32_t)size,
	};

	memcpy(payload.words, data, MIN(size, (size_t)LABEL_SIZE));
	for (int i = 0; i < LABEL_WORDS; i++)
		payload.words[i] = be64toh(payload.words[i]);
	return head[0] & 1 ? label_udp(&payload) : label_tcp(&payload);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	unsigned int label;

	if (size < HEAD_SIZE)
		return 0;
	label = label_of(data, data + HEAD_SIZE, size - HEAD_SIZE);
	if (label >= L7_MAX)
		abort();
	return 0;
}
