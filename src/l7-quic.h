/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handshakes of QUIC versions 1 and 2 (RFC 9001, RFC 9369): their first packets, the Initials, are
 * encrypted with keys that everybody can compute. What is in them are the hellos of TLS.
 *
 * Datagrams come in any order. Of each side the hello is put together in memory of its own size,
 * TLS_MESSAGE_MAX at most.
 */
#ifndef L7_QUIC_H
#define L7_QUIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "l7-tls.h"

#define QUIC_CID_MAX 20      /* RFC 9000, 17.2 */
#define QUIC_PACKET_MAX 4096 /* larger ones are not opened */
#define QUIC_INITIALS_MAX 4  /* of a datagram: the others are not opened */
#define QUIC_RANGES_MAX 32

/* The octets of a side as far as they have come: parts of data, apart and in order. */
struct quic_crypto {
	uint8_t *data;
	uint32_t capacity;
	uint32_t read; /* where the next message begins */
	uint32_t n_ranges;
	struct quic_range {
		uint32_t from, to;
	} ranges[QUIC_RANGES_MAX];
};

/* What opens the Initials of a side. */
struct quic_keys {
	uint32_t version; /* they are of; 0: there are none */
	uint8_t key[16];
	uint8_t iv[12];
	uint8_t hp[16];
};

/* Starts as zeros. */
struct quic_stream {
	struct tls_handshake handshake;
	uint32_t version;          /* of the last packet that was opened */
	uint64_t error;            /* where it failed by one of QUIC */
	uint8_t cid[QUIC_CID_MAX]; /* what the keys are made of */
	uint8_t cid_size;
	bool keyed;   /* there is one */
	bool cut;     /* there were Initials that were passed over, and may have been good */
	bool swapped; /* the server was seen first */
	struct quic_keys keys[TLS_SIDE_MAX];
	uint32_t n_keys; /* times that some were made: it costs more than to open a packet */
	struct quic_crypto crypto[TLS_SIDE_MAX];
};

/* An Initial in a datagram. */
struct quic_packet {
	uint32_t version;
	const uint8_t *cid; /* of the receiver */
	uint8_t cid_size;
	const uint8_t *data;
	size_t number_at; /* in data, of the packet number */
	size_t size;
};

/* False where this build has no cipher. */
bool quic_supported(void);
/* True where the datagram begins with an Initial of a known version. */
bool quic_is_initial(const uint8_t *data, size_t size);
/*
 * Takes a datagram. The side is TLS_CLIENT of who sent the first one: where that was the server, it
 * shows (swapped), and the other is meant from then on. 0: more are wanted; 1: everything was seen
 * that can be; -EPROTO: what is in it is no handshake; -EMSGSIZE, -ENOMEM; -ENOTSUP without a
 * cipher. What cannot be opened is passed over, and so are Initials past QUIC_INITIALS_MAX: cut.
 */
int quic_stream_feed(struct quic_stream *stream, enum tls_side side, const uint8_t *data,
		     size_t size);
void quic_stream_done(struct quic_stream *stream);

/* "1", "2", or in hexadecimal. */
int quic_version_name(char *buf, size_t size, uint32_t version);
/* As RFC 9000, 20.1, has them; in hexadecimal where it has none. */
int quic_error_name(char *buf, size_t size, uint64_t error);

/* The keys of what a side sends; -EBADMSG where nothing is known of the version. */
int quic_keys_make(uint32_t version, enum tls_side side, const uint8_t *cid, size_t cid_size,
		   struct quic_keys *ret_keys);
/*
 * Opens an Initial with keys of its version. Writes what it holds and returns how many octets;
 * -EBADMSG where they are not its keys or it was changed.
 */
int quic_packet_open(const struct quic_packet *packet, const struct quic_keys *keys,
		     uint8_t ret_plain[QUIC_PACKET_MAX]);

#endif
