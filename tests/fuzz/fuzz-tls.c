/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any conversation as TLS: whatever is read from it whole is read from it an octet at a time, and
 * texts stay inside their room.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "l7-tls.h"
#include "pieces.h"

static void check_names(const struct tls_names *names)
{
	size_t size = 0;

	for (const char *name = tls_names_next(names, NULL); name;
	     name = tls_names_next(names, name))
		size += strlen(name) + 1;
	if (size != names->size || size > sizeof(names->text))
		abort();
}

static void check(const struct tls_handshake *handshake)
{
	for (int side = 0; side < TLS_SIDE_MAX; side++) {
		const struct tls_hello *hello = &handshake->hello[side];

		if (!memchr(hello->server_name, '\0', sizeof(hello->server_name)))
			abort();
		if (handshake->said[side] && !hello->n_versions)
			abort();
		check_names(&hello->alpn);
	}
	(void)tls_handshake_resumed(handshake);
	if (handshake->outcome >= TLS_OUTCOME_MAX)
		abort();
}

static int run(struct tls_stream *stream, const uint8_t *data, size_t size, size_t step)
{
	struct piece piece;
	int r = 0;

	while (r == 0 && piece_next(&data, &size, &piece)) {
		for (size_t i = 0; i < piece.size && r == 0; i += step)
			r = tls_stream_feed(stream, piece.side, piece.data + i,
					    step < piece.size - i ? step : piece.size - i);
	}
	if (r != 0 && r != 1 && r != -EPROTO && r != -EMSGSIZE)
		abort();
	return r;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct tls_stream whole, pieces;
	int r;

	memset(&whole, 0, sizeof(whole));
	memset(&pieces, 0, sizeof(pieces));
	r = run(&whole, data, size, SIZE_MAX);
	if (run(&pieces, data, size, 1) != r ||
	    memcmp(&whole.handshake, &pieces.handshake, sizeof(whole.handshake)) != 0)
		abort();
	check(&whole.handshake);
	tls_stream_done(&whole);
	tls_stream_done(&pieces);
	return 0;
}
