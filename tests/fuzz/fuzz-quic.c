/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any conversation as datagrams of QUIC, and as what Initials hold, since no fuzzer finds the tag
 * of one that is encrypted.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "l7-quic-data.h"
#include "pieces.h"

static void check(const struct quic_stream *stream, int r)
{
	if (r != 0 && r != 1 && r != -EPROTO && r != -EMSGSIZE && r != -ENOTSUP)
		abort();
	for (int side = 0; side < TLS_SIDE_MAX; side++) {
		const struct quic_crypto *crypto = &stream->crypto[side];
		const struct tls_hello *hello = &stream->handshake.hello[side];

		if (crypto->n_ranges > QUIC_RANGES_MAX || crypto->capacity > TLS_MESSAGE_MAX)
			abort();
		for (uint32_t i = 0; i < crypto->n_ranges; i++) {
			const struct quic_range *range = &crypto->ranges[i];

			if (range->from >= range->to || range->to > crypto->capacity ||
			    (i && range->from <= range[-1].to))
				abort();
		}
		if (!memchr(hello->server_name, '\0', sizeof(hello->server_name)))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct quic_stream datagrams, frames;
	struct piece piece;
	int r = 0, s = 0;

	memset(&datagrams, 0, sizeof(datagrams));
	memset(&frames, 0, sizeof(frames));
	while (piece_next(&data, &size, &piece)) {
		if (r == 0)
			r = quic_stream_feed(&datagrams, piece.side, piece.data, piece.size);
		if (s == 0)
			s = quic_frames_read(&frames, piece.side, piece.data, piece.size);
		(void)quic_is_initial(piece.data, piece.size);
	}
	check(&datagrams, r);
	check(&frames, s);
	quic_stream_done(&datagrams);
	quic_stream_done(&frames);
	return 0;
}
