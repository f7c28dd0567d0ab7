/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files about QUIC share. */
#ifndef L7_QUIC_DATA_H
#define L7_QUIC_DATA_H

#include <stddef.h>
#include <stdint.h>

#include "l7-quic.h"

/* What differs between versions (RFC 9001, 5.2; RFC 9369, 3). */
struct quic_version {
	uint32_t number;
	uint8_t initial; /* type of a long header */
	uint8_t salt[20];
	const char *key_label, *iv_label, *hp_label;
};

/* NULL: none that is known. */
const struct quic_version *quic_version_find(uint32_t number);

/* Takes what an Initial of a side holds. As quic_stream_feed(). */
int quic_frames_read(struct quic_stream *stream, enum tls_side side, const uint8_t *data,
		     size_t size);

/* -EMSGSIZE beyond the limits of size and of parts, -ENOMEM. */
int quic_crypto_add(struct quic_crypto *crypto, uint64_t offset, const uint8_t *data, size_t size);
/* Takes the next message that is whole; returns its size, or 0. Valid until the next call. */
size_t quic_crypto_next(struct quic_crypto *crypto, const uint8_t **ret_message);
void quic_crypto_done(struct quic_crypto *crypto);

#endif
