/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Follows a handshake through the records of both sides. */
#include "config.h"

#include "l7-tls.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "macro.h"

/* RFC 8446, 5.1; RFC 5246, 6.2.3 allows what is encrypted to be longer. */
enum { RECORD_CHANGE = 20, RECORD_ALERT, RECORD_HANDSHAKE, RECORD_DATA };
#define RECORD_MAX ((1 << 14) + 2048)

enum { VERSION_1_3 = 0x0304 };

#define ALERT_SIZE 2
enum { ALERT_FATAL = 2 };
enum { ALERT_CLOSE_NOTIFY = 0 };

/* Copies into a buffer of fixed size until it is full. */
static bool fill(uint8_t *buf, uint8_t *n, uint8_t size, const uint8_t **data, size_t *left)
{
	size_t part = MIN((size_t)size - *n, *left);

	memcpy(buf + *n, *data, part);
	*n += (uint8_t)part;
	*data += part;
	*left -= part;
	return *n == size;
}

int tls_handshake_hello(struct tls_handshake *handshake, enum tls_side side, const uint8_t *message,
			size_t size)
{
	struct tls_hello hello;
	int r = tls_hello_parse(message, size, side, &hello);

	if (r < 0)
		return r;
	if (side == TLS_SERVER && hello.retry) {
		handshake->retried = true;
		return 0;
	}
	handshake->hello[side] = hello;
	handshake->said[side] = true;
	if (!handshake->said[TLS_SERVER])
		return 0;
	handshake->outcome = TLS_ANSWERED;
	return handshake->said[TLS_CLIENT] &&
	       handshake->hello[TLS_SERVER].versions[0] >= VERSION_1_3;
}

bool tls_handshake_resumed(const struct tls_handshake *handshake)
{
	const struct tls_hello *client = &handshake->hello[TLS_CLIENT];
	const struct tls_hello *server = &handshake->hello[TLS_SERVER];

	if (!handshake->said[TLS_CLIENT] || !handshake->said[TLS_SERVER])
		return false;
	if (server->versions[0] >= VERSION_1_3)
		return server->psk;
	return client->session_size && client->session_size == server->session_size &&
	       memcmp(client->session, server->session, client->session_size) == 0;
}

void tls_times_note(struct tls_times *times, const struct tls_handshake *handshake,
		    uint64_t time_ns)
{
	bool answered = handshake->said[TLS_SERVER] ||
			(handshake->outcome == TLS_FAILED && handshake->failed_side == TLS_SERVER);

	if (handshake->said[TLS_CLIENT] && !times->said_ns[TLS_CLIENT])
		times->said_ns[TLS_CLIENT] = time_ns;
	if (answered && !times->said_ns[TLS_SERVER])
		times->said_ns[TLS_SERVER] = time_ns;
}

static void forget_message(struct tls_reader *reader)
{
	free(reader->message);
	reader->message = NULL;
	reader->message_size = 0;
}

/* The next octets of the body of a message; of one that is a hello they are kept. */
static int read_body(struct tls_handshake *handshake, struct tls_reader *reader, enum tls_side side,
		     const uint8_t **data, size_t *left)
{
	size_t part = MIN((size_t)reader->body_left, *left);
	int r = 0;

	if (reader->message) {
		memcpy(reader->message + reader->message_size, *data, part);
		reader->message_size += part;
	}
	*data += part;
	*left -= part;
	reader->body_left -= (uint32_t)part;
	if (reader->body_left)
		return 0;
	reader->n_part = 0;
	if (reader->message)
		r = tls_handshake_hello(handshake, side, reader->message, reader->message_size);
	forget_message(reader);
	return r;
}

/* The first message of a side is its hello; and the next of a client that was asked again. */
static bool wants_hello(const struct tls_handshake *handshake, enum tls_side side)
{
	return !handshake->said[side] || (side == TLS_CLIENT && handshake->retried);
}

/* What is in a record of handshake messages, which need not end where the record does. */
static int read_messages(struct tls_handshake *handshake, struct tls_reader *reader,
			 enum tls_side side, const uint8_t *data, size_t left)
{
	int r = 0;

	while (left && r == 0) {
		if (reader->n_part < TLS_HEADER_SIZE) {
			size_t size;

			if (!fill(reader->part, &reader->n_part, TLS_HEADER_SIZE, &data, &left))
				return 0;
			size = tls_message_size(reader->part);
			reader->body_left = (uint32_t)(size - TLS_HEADER_SIZE);
			if (wants_hello(handshake, side)) {
				if (size > TLS_MESSAGE_MAX)
					return -EMSGSIZE;
				reader->message = malloc(size);
				if (!reader->message)
					return -ENOMEM;
				memcpy(reader->message, reader->part, TLS_HEADER_SIZE);
				reader->message_size = TLS_HEADER_SIZE;
			}
		}
		r = read_body(handshake, reader, side, &data, &left);
	}
	return r;
}

static int read_alert(struct tls_handshake *handshake, struct tls_reader *reader,
		      enum tls_side side, const uint8_t *data, size_t left)
{
	if (!fill(reader->part, &reader->n_part, ALERT_SIZE, &data, &left))
		return 0;
	reader->n_part = 0;
	if (reader->part[0] != ALERT_FATAL && reader->part[1] != ALERT_CLOSE_NOTIFY)
		return 0;
	handshake->outcome = TLS_FAILED;
	handshake->alerted = true;
	handshake->alert = reader->part[1];
	handshake->failed_side = (uint8_t)side;
	return 1;
}

/* What comes of a side behind this is encrypted, but for the hello of a client asked again. */
static int read_change(struct tls_handshake *handshake, enum tls_side side)
{
	handshake->changed[side] = true;
	if (!handshake->changed[TLS_CLIENT] || !handshake->changed[TLS_SERVER] ||
	    !handshake->said[TLS_SERVER])
		return 0;
	handshake->outcome = TLS_ESTABLISHED;
	return 1;
}

/* True where what the record holds cannot be read. */
static bool is_sealed(const struct tls_handshake *handshake, const struct tls_reader *reader,
		      enum tls_side side)
{
	if (reader->head[0] == RECORD_DATA ||
	    (reader->head[0] == RECORD_ALERT && reader->left != ALERT_SIZE))
		return true;
	return handshake->changed[side] && !handshake->retried;
}

static int read_record_head(struct tls_handshake *handshake, struct tls_reader *reader,
			    enum tls_side side)
{
	const uint8_t *head = reader->head;

	reader->left = (uint16_t)(head[3] << 8 | head[4]);
	if (head[0] < RECORD_CHANGE || head[0] > RECORD_DATA || head[1] != 3 || !reader->left ||
	    reader->left > RECORD_MAX || (head[0] == RECORD_CHANGE && reader->left != 1))
		return -EPROTO;
	if (!handshake->said[side] && (head[0] == RECORD_CHANGE || head[0] == RECORD_DATA) &&
	    !handshake->retried)
		return -EPROTO;
	reader->sealed = is_sealed(handshake, reader, side);
	/* a message goes on in the next record, of the same kind (RFC 8446, 5.1) */
	if (reader->n_part && head[0] != RECORD_HANDSHAKE)
		return -EPROTO;
	/* a client may send data early, before it is answered (RFC 8446, 2.3) */
	return head[0] == RECORD_DATA && handshake->said[TLS_SERVER];
}

static int read_content(struct tls_handshake *handshake, struct tls_reader *reader,
			enum tls_side side, const uint8_t *data, size_t size)
{
	if (reader->sealed)
		return 0;
	switch (reader->head[0]) {
	case RECORD_HANDSHAKE:
		return read_messages(handshake, reader, side, data, size);
	case RECORD_ALERT:
		return read_alert(handshake, reader, side, data, size);
	default:
		return read_change(handshake, side);
	}
}

int tls_stream_feed(struct tls_stream *stream, enum tls_side side, const uint8_t *data, size_t size)
{
	struct tls_reader *reader = &stream->readers[side];
	int r = 0;

	while (size && r == 0) {
		size_t part;

		if (!reader->left) {
			if (!fill(reader->head, &reader->n_head, sizeof(reader->head), &data,
				  &size))
				return 0;
			reader->n_head = 0;
			r = read_record_head(&stream->handshake, reader, side);
			continue;
		}
		part = MIN((size_t)reader->left, size);
		r = read_content(&stream->handshake, reader, side, data, part);
		reader->left -= (uint16_t)part;
		data += part;
		size -= part;
	}
	return r;
}

void tls_stream_done(struct tls_stream *stream)
{
	for (int side = 0; side < TLS_SIDE_MAX; side++)
		forget_message(&stream->readers[side]);
}
