/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * TLS handshakes as they stand on the wire (RFC 8446, RFC 5246): what a client asks for and what a
 * server answers, as far as neither is encrypted.
 *
 * Octets come in order, a piece of any size at a time, each side on its own. Nothing is kept of
 * what was read but the hellos; a hello that comes in several pieces is put together in memory of
 * its own size, TLS_MESSAGE_MAX at most.
 */
#ifndef L7_TLS_H
#define L7_TLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TLS_MESSAGE_MAX ((size_t)64 << 10)
#define TLS_HEADER_SIZE 4 /* of a handshake message */
#define TLS_TEXT_MAX 64   /* of any name below */

enum tls_side { TLS_CLIENT, TLS_SERVER, TLS_SIDE_MAX };

/* Names of protocols, escaped, each with its NUL, in the sender's order. */
struct tls_names {
	char text[256];
	uint16_t size;
	bool more; /* there were some that did not fit */
};

/* Of a client what it offers, of a server what it chose. */
struct tls_hello {
	bool retry;           /* a server's: the client has to ask again */
	bool ech;             /* server_name is the public one, the true one is encrypted */
	bool psk;             /* a session of before, or another secret that both know */
	uint8_t n_versions;   /* 1 of a server */
	uint16_t versions[8]; /* the sender's order; those past the eighth are left out */
	uint16_t cipher;      /* a server's */
	uint16_t group;       /* a server's, since TLS 1.3; 0: none */
	uint8_t session_size;
	uint8_t session[32];
	char server_name[256]; /* escaped; "": none */
	struct tls_names alpn;
};

/*
 * Reads a whole handshake message, its header with it. -EPROTO where it is no hello of that side or
 * is malformed.
 */
int tls_hello_parse(const uint8_t *message, size_t size, enum tls_side side,
		    struct tls_hello *ret_hello);
/* Size of the message that begins with these octets, its header with it. */
static inline size_t tls_message_size(const uint8_t header[TLS_HEADER_SIZE])
{
	return TLS_HEADER_SIZE + ((size_t)header[1] << 16 | (size_t)header[2] << 8 | header[3]);
}

/* Next of the names after one of them; name NULL: the first. NULL behind the last. */
const char *tls_names_next(const struct tls_names *names, const char *name);

/* Records of one side. Starts as zeros. */
struct tls_reader {
	uint8_t head[5]; /* of the record, as far as it is there */
	uint8_t n_head;
	bool sealed;     /* what the record holds cannot be read */
	uint16_t left;   /* octets of the record that are still to come */
	uint8_t part[4]; /* header of a message, or an alert, as far as it is there */
	uint8_t n_part;
	uint32_t body_left;  /* octets of the message that are still to come */
	uint8_t *message;    /* a hello in pieces */
	size_t message_size; /* what is there of it */
};

enum tls_outcome {
	TLS_UNANSWERED,
	TLS_ANSWERED,    /* the rest is encrypted: how it ended cannot be seen */
	TLS_ESTABLISHED, /* up to TLS 1.2 */
	TLS_FAILED,      /* it was ended, and this was not encrypted */
	TLS_OUTCOME_MAX
};

/* A handshake, as far as it was seen. Starts as zeros. */
struct tls_handshake {
	struct tls_hello hello[TLS_SIDE_MAX];
	bool said[TLS_SIDE_MAX];    /* which of them are there */
	bool retried;               /* the server asked for another hello */
	bool changed[TLS_SIDE_MAX]; /* to encryption */
	uint8_t outcome;            /* enum tls_outcome */
	bool alerted;               /* it failed by an alert of TLS: */
	uint8_t alert;
	uint8_t failed_side; /* who ended it */
};

struct tls_stream {
	struct tls_handshake handshake;
	struct tls_reader readers[TLS_SIDE_MAX];
};

/*
 * Takes the next octets of a side. 0: more are wanted; 1: everything was seen that can be; -EPROTO:
 * this is no TLS or is malformed, what was seen before stays; -EMSGSIZE, -ENOMEM.
 */
int tls_stream_feed(struct tls_stream *stream, enum tls_side side, const uint8_t *data,
		    size_t size);
void tls_stream_done(struct tls_stream *stream);
/* Enters a hello. 0, 1 and -EPROTO as above. */
int tls_handshake_hello(struct tls_handshake *handshake, enum tls_side side, const uint8_t *message,
			size_t size);
/* When each side said its hello, or the server that it fails; 0: not yet. Starts as zeros. */
struct tls_times {
	uint64_t said_ns[TLS_SIDE_MAX];
};

/* To be called with the time of what was taken last. */
void tls_times_note(struct tls_times *times, const struct tls_handshake *handshake,
		    uint64_t time_ns);
/* True where a session of before goes on. */
bool tls_handshake_resumed(const struct tls_handshake *handshake);

/* Names as the registries of IANA have them, "0x1a2b" of what has none here. */
int tls_version_name(char *buf, size_t size, uint16_t version);
int tls_cipher_name(char *buf, size_t size, uint16_t cipher);
int tls_group_name(char *buf, size_t size, uint16_t group);
int tls_alert_name(char *buf, size_t size, uint8_t alert);
const char *tls_outcome_name(enum tls_outcome outcome);
/* RFC 8701: values that stand for nothing. */
bool tls_is_grease(uint16_t value);

#endif
