/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Follows a handshake through the Initial packets of both sides. */
#include "config.h"

#include "l7-quic.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "l7-quic-data.h"
#include "l7-span.h"
#include "macro.h"

/* RFC 9000, 17.2. */
#define LONG_HEADER 0x80 /* the fixed bit may be any: RFC 9287 */
#define TYPE(first) ((first) >> 4 & 3)

/* RFC 9000, 19: those that may be in an Initial. */
enum {
	FRAME_PADDING,
	FRAME_PING,
	FRAME_ACK,
	FRAME_ACK_ECN,
	FRAME_CRYPTO = 6,
	FRAME_CONNECTION_CLOSE = 0x1c,
};

#define ERROR_CRYPTO 0x100 /* and an alert of TLS, RFC 9001, 4.8 */

static const struct quic_version versions[] = {
	{
		.number = 1,
		.initial = 0,
		.salt = {0x38, 0x76, 0x2c, 0xf7, 0xf5, 0x59, 0x34, 0xb3, 0x4d, 0x17,
			 0x9a, 0xe6, 0xa4, 0xc8, 0x0c, 0xad, 0xcc, 0xbb, 0x7f, 0x0a},
		.key_label = "tls13 quic key",
		.iv_label = "tls13 quic iv",
		.hp_label = "tls13 quic hp",
	},
	{
		.number = 0x6b3343cf,
		.initial = 1,
		.salt = {0x0d, 0xed, 0xe3, 0xde, 0xf7, 0x00, 0xa6, 0xdb, 0x81, 0x93,
			 0x81, 0xbe, 0x6e, 0x26, 0x9d, 0xcb, 0xf9, 0xbd, 0x2e, 0xd9},
		.key_label = "tls13 quicv2 key",
		.iv_label = "tls13 quicv2 iv",
		.hp_label = "tls13 quicv2 hp",
	},
};

const struct quic_version *quic_version_find(uint32_t number)
{
	for (size_t i = 0; i < ARRAY_SIZE(versions); i++) {
		if (versions[i].number == number)
			return &versions[i];
	}
	return NULL;
}

int quic_version_name(char *buf, size_t size, uint32_t version)
{
	const struct quic_version *known = quic_version_find(version);

	if (known)
		return snprintf(buf, size, "%zd", known - versions + 1);
	return snprintf(buf, size, "0x%08x", version);
}

int quic_error_name(char *buf, size_t size, uint64_t error)
{
	static const char *const names[] = {
		[0x0] = "no_error",
		[0x1] = "internal_error",
		[0x2] = "connection_refused",
		[0x3] = "flow_control_error",
		[0x4] = "stream_limit_error",
		[0x5] = "stream_state_error",
		[0x6] = "final_size_error",
		[0x7] = "frame_encoding_error",
		[0x8] = "transport_parameter_error",
		[0x9] = "connection_id_limit_error",
		[0xa] = "protocol_violation",
		[0xb] = "invalid_token",
		[0xc] = "application_error",
		[0xd] = "crypto_buffer_exceeded",
		[0xe] = "key_update_error",
		[0xf] = "aead_limit_reached",
		[0x10] = "no_viable_path",
		[0x11] = "version_negotiation_error",
	};

	if (error < ARRAY_SIZE(names))
		return snprintf(buf, size, "%s", names[error]);
	return snprintf(buf, size, "0x%" PRIx64, error);
}

/* RFC 9000, 16: the first two bits say how many octets it has. */
static uint64_t take_varint(struct span *from)
{
	size_t octets = from->size ? (size_t)1 << (from->data[0] >> 6) : 1;

	return span_number(from, octets) & (UINT64_MAX >> (64 - (8 * octets - 2)));
}

/*
 * Takes a packet with a long header off a datagram. 1: it is an Initial; 0: it is another; -EPROTO:
 * nothing that is known follows.
 */
static int take_packet(struct span *datagram, struct quic_packet *ret_packet)
{
	const uint8_t *data = datagram->data;
	const struct quic_version *version;
	uint64_t first = span_number(datagram, 1), length;
	struct span cid;

	version = quic_version_find((uint32_t)span_number(datagram, 4));
	if (datagram->bad || !(first & LONG_HEADER) || !version)
		return -EPROTO;
	cid = span_vector(datagram, 1);
	(void)span_vector(datagram, 1);
	if (TYPE(first) == version->initial)
		(void)span_take(datagram, take_varint(datagram)); /* token */
	else if (TYPE(first) == ((version->initial + 3) & 3))
		return -EPROTO; /* a Retry is alone and has no length */
	length = take_varint(datagram);
	*ret_packet = (struct quic_packet){
		.version = version->number,
		.cid = cid.data,
		.cid_size = (uint8_t)cid.size,
		.data = data,
		.number_at = (size_t)(datagram->data - data),
	};
	(void)span_take(datagram, length);
	if (datagram->bad || cid.size > QUIC_CID_MAX)
		return -EPROTO;
	ret_packet->size = ret_packet->number_at + length;
	return TYPE(first) == version->initial;
}

bool quic_is_initial(const uint8_t *data, size_t size)
{
	struct span datagram = {data, size, false};
	struct quic_packet packet;

	return take_packet(&datagram, &packet) == 1;
}

/* An acknowledgment: RFC 9000, 19.3. */
static void skip_ack(struct span *frames, bool ecn)
{
	uint64_t n;

	(void)take_varint(frames); /* largest */
	(void)take_varint(frames); /* delay */
	n = take_varint(frames);
	(void)take_varint(frames); /* the first range */
	for (uint64_t i = 0; i < n && !frames->bad; i++) {
		(void)take_varint(frames);
		(void)take_varint(frames);
	}
	for (int i = 0; ecn && i < 3; i++)
		(void)take_varint(frames);
}

static int read_crypto(struct quic_stream *stream, enum tls_side side, struct span *frames)
{
	struct quic_crypto *crypto = &stream->crypto[side];
	uint64_t offset = take_varint(frames);
	struct span part = span_take(frames, take_varint(frames));
	const uint8_t *message;
	size_t size;
	int r;

	if (part.bad)
		return -EPROTO;
	r = quic_crypto_add(crypto, offset, part.data, part.size);
	while (r == 0 && (size = quic_crypto_next(crypto, &message)))
		r = tls_handshake_hello(&stream->handshake, side, message, size);
	return r;
}

static int read_close(struct quic_stream *stream, enum tls_side side, struct span *frames)
{
	uint64_t error = take_varint(frames);

	if (frames->bad)
		return -EPROTO;
	stream->handshake.outcome = TLS_FAILED;
	stream->handshake.failed_side = (uint8_t)side;
	stream->handshake.alerted = error >> 8 == ERROR_CRYPTO >> 8;
	if (stream->handshake.alerted)
		stream->handshake.alert = (uint8_t)error;
	else
		stream->error = error;
	return 1;
}

int quic_frames_read(struct quic_stream *stream, enum tls_side side, const uint8_t *data,
		     size_t size)
{
	struct span frames = {data, size, false};
	int r = 0;

	while (frames.size && !frames.bad && r == 0) {
		uint64_t type = take_varint(&frames);

		switch (type) {
		case FRAME_PADDING:
		case FRAME_PING:
			break;
		case FRAME_ACK:
		case FRAME_ACK_ECN:
			skip_ack(&frames, type == FRAME_ACK_ECN);
			break;
		case FRAME_CRYPTO:
			r = read_crypto(stream, side, &frames);
			break;
		case FRAME_CONNECTION_CLOSE:
			r = read_close(stream, side, &frames);
			break;
		default:
			r = -EPROTO;
		}
	}
	return r == 0 && frames.bad ? -EPROTO : r;
}

static bool same_cid(const struct quic_packet *packet, const uint8_t *cid, size_t cid_size)
{
	return packet->cid_size == cid_size && memcmp(packet->cid, cid, cid_size) == 0;
}

/* Opens a packet with keys of an id, which are made where these are not of its version. */
static int open_with(struct quic_stream *stream, struct quic_keys *keys, enum tls_side side,
		     const struct quic_packet *packet, const uint8_t *cid, size_t cid_size,
		     uint8_t *plain)
{
	if (keys->version != packet->version) {
		int r = quic_keys_make(packet->version, side, cid, cid_size, keys);

		if (r < 0)
			return r;
		stream->n_keys++;
	}
	return quic_packet_open(packet, keys, plain);
}

/*
 * Keys come from the id that the client calls the server by at first (RFC 9001, 5.2), and anew from
 * what a server that sends a Retry wants to be called. new_keys are those of the packet's own id,
 * once they were made. Only a client's packet opens with them: the first that does shows which side
 * is whose.
 */
static int open_packet(struct quic_stream *stream, enum tls_side *side,
		       const struct quic_packet *packet, struct quic_keys *new_keys, uint8_t *plain)
{
	int r;

	if (stream->keyed) {
		r = open_with(stream, &stream->keys[*side], *side, packet, stream->cid,
			      stream->cid_size, plain);
		if (r != -EBADMSG || *side == TLS_SERVER ||
		    same_cid(packet, stream->cid, stream->cid_size))
			return r;
	}
	r = open_with(stream, new_keys, TLS_CLIENT, packet, packet->cid, packet->cid_size, plain);
	if (r < 0)
		return r;
	if (*side == TLS_SERVER) {
		stream->swapped = true;
		stream->cut = true; /* what the server sent before */
		*side = TLS_CLIENT;
	}
	memcpy(stream->cid, packet->cid, packet->cid_size);
	stream->cid_size = packet->cid_size;
	stream->keyed = true;
	stream->keys[TLS_CLIENT] = *new_keys;
	stream->keys[TLS_SERVER].version = 0;
	return r;
}

/*
 * The next Initial of a datagram that is to be opened; false: there is none. All packets of a
 * datagram have one id, and a receiver ignores those of another (RFC 9000, 12.2).
 */
static bool next_initial(struct span *datagram, struct quic_packet *packet)
{
	const uint8_t *cid = packet->cid;
	size_t cid_size = packet->cid_size;
	int r;

	while (datagram->size && (r = take_packet(datagram, packet)) >= 0) {
		if (!cid) {
			cid = packet->cid;
			cid_size = packet->cid_size;
		}
		if (r == 1 && same_cid(packet, cid, cid_size))
			return true;
	}
	return false; /* the end, a short header, or another protocol */
}

int quic_stream_feed(struct quic_stream *stream, enum tls_side side, const uint8_t *data,
		     size_t size)
{
	struct span datagram = {data, size, false};
	uint8_t plain[QUIC_PACKET_MAX];
	struct quic_packet packet = {0};
	struct quic_keys new_keys = {0};
	int r = 0;

	if (stream->swapped)
		side = side == TLS_CLIENT ? TLS_SERVER : TLS_CLIENT;
	/* each may be as small as 29 octets, and there is no need of more than a few */
	for (int i = 0; r == 0 && next_initial(&datagram, &packet); i++) {
		int n;

		if (i == QUIC_INITIALS_MAX) {
			stream->cut = true;
			break;
		}
		n = open_packet(stream, &side, &packet, &new_keys, plain);
		if (n == -EBADMSG)
			continue;
		if (n < 0)
			return n;
		stream->version = packet.version;
		r = quic_frames_read(stream, side, plain, (size_t)n);
	}
	return r;
}

void quic_stream_done(struct quic_stream *stream)
{
	for (int side = 0; side < TLS_SIDE_MAX; side++)
		quic_crypto_done(&stream->crypto[side]);
}
