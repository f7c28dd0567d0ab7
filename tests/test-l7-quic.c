/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handshakes of QUIC: the samples of RFC 9001 and RFC 9369, those of GnuTLS, and hellos in parts,
 * all from tests/fuzz/quic.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/pieces.h"
#include "handshake.h"
#include "l7-quic-data.h"
#include "macro.h"

#include "tap.h"

/* In order: what the handshake is after each piece. */
struct step {
	int result;
	const char *what;
};

static const struct {
	const char *file;
	const char *version; /* at the end */
	struct step steps[5];
} captured[] = {
	{"rfc9001",
	 "1",
	 {{0, "TLSv1.3 example.com [alpn] -> unanswered"},
	  {1, "TLSv1.3 example.com [alpn] -> TLSv1.3 TLS_AES_128_GCM_SHA256 x25519 answered"}}},
	{"rfc9369",
	 "2",
	 {{0, "TLSv1.3 example.com [alpn] -> unanswered"},
	  {1, "TLSv1.3 example.com [alpn] -> TLSv1.3 TLS_AES_128_GCM_SHA256 x25519 answered"}}},
	{"gnutls",
	 "1",
	 {{0, "TLSv1.3 localhost [h3] -> unanswered"},
	  {1, "TLSv1.3 localhost [h3] -> TLSv1.3 TLS_AES_128_GCM_SHA256 x25519 answered"}}},
	/* the server asks for a proof of the address, which changes the keys */
	{"retry",
	 "1",
	 {{0, "TLSv1.3 localhost [h3] -> unanswered"},
	  {0, "TLSv1.3 localhost [h3] -> unanswered"},
	  {0, "TLSv1.3 localhost [h3] -> unanswered"},
	  {1, "TLSv1.3 localhost [h3] -> TLSv1.3 TLS_AES_128_GCM_SHA256 x25519 answered"}}},
	/* the server asks for another hello */
	{"again",
	 "1",
	 {{0, "TLSv1.3 localhost [h3] -> unanswered"},
	  {0, "TLSv1.3 localhost [h3] -> retried unanswered"},
	  {0, "TLSv1.3 localhost [h3] -> retried unanswered"},
	  {0, "TLSv1.3 localhost [h3] -> retried unanswered"},
	  {1, "TLSv1.3 localhost [h3] -> retried TLSv1.3 TLS_AES_128_GCM_SHA256 secp384r1"
	      " answered"}}},
	{"refused",
	 "1",
	 {{0, "TLSv1.3 localhost [h3] -> unanswered"},
	  {1, "TLSv1.3 localhost [h3] -> failed handshake_failure by the server"}}},
	/* the server changes the bit that used to be fixed */
	{"greased",
	 "1",
	 {{0, "TLSv1.3 localhost [h3] -> unanswered"},
	  {1, "TLSv1.3 localhost [h3] -> TLSv1.3 TLS_AES_128_GCM_SHA256 x25519 answered"}}},
	/* a hello in eight parts: the middle comes first, some of it twice */
	{"parts",
	 "1",
	 {{0, " -> unanswered"},
	  {0, " -> unanswered"},
	  {0, "TLSv1.3 public.example ech [h3] -> unanswered"},
	  {1, "TLSv1.3 public.example ech [h3] -> TLSv1.3 TLS_AES_128_GCM_SHA256 x25519"
	      " answered"}}},
	/* the samples of RFC 9001: the server is seen first, and twice */
	{"server-first",
	 "1",
	 {{0, " -> unanswered"},
	  {0, "TLSv1.3 example.com [alpn] -> unanswered"},
	  {1, "TLSv1.3 example.com [alpn] -> TLSv1.3 TLS_AES_128_GCM_SHA256 x25519 answered"}}},
	/* RFC 9368: the server goes on with another version */
	{"upgrade",
	 "2",
	 {{0, "TLSv1.3 upgraded.example ech [h3] -> unanswered"},
	  {1, "TLSv1.3 upgraded.example ech [h3] -> TLSv1.3 TLS_AES_128_GCM_SHA256 x25519"
	      " answered"}}},
};

static void test_captured(void)
{
	static uint8_t file[65536];

	for (size_t i = 0; i < ARRAY_SIZE(captured); i++) {
		size_t size = read_corpus("quic", captured[i].file, file, sizeof(file));
		struct quic_stream stream = {0};
		const uint8_t *data = file;
		struct piece piece = {0};
		char version[16];

		for (size_t j = 0; j < ARRAY_SIZE(captured[i].steps) && captured[i].steps[j].what;
		     j++) {
			const struct step *step = &captured[i].steps[j];
			int r;

			if (!ok(piece_next(&data, &size, &piece), "%s %zu: there", captured[i].file,
				j))
				break;
			r = quic_stream_feed(&stream, piece.side, piece.data, piece.size);
			is_int(r, step->result, "%s %zu: result", captured[i].file, j);
			is_str(describe(&stream.handshake), step->what, "%s %zu: handshake",
			       captured[i].file, j);
		}
		quic_version_name(version, sizeof(version), stream.version);
		is_str(version, captured[i].version, "%s: version", captured[i].file);
		quic_stream_done(&stream);
	}
}

static const uint8_t id[] = {0x83, 0x94, 0xc8, 0xf0, 0x3e, 0x51, 0x57, 0x08};

static int open_as(const struct quic_packet *packet, enum tls_side side, const uint8_t *cid,
		   size_t cid_size, uint8_t plain[QUIC_PACKET_MAX])
{
	struct quic_keys keys = {0};
	int r = quic_keys_make(packet->version, side, cid, cid_size, &keys);

	return r < 0 ? r : quic_packet_open(packet, &keys, plain);
}

/* An Initial that was changed, or is of another connection or side, stays closed. */
static void test_open(void)
{
	static uint8_t file[4096], plain[QUIC_PACKET_MAX];
	const uint8_t *data = file;
	size_t size = read_corpus("quic", "rfc9001", file, sizeof(file));
	struct piece piece = {0};
	struct quic_packet packet;
	static uint8_t copy[1200];

	(void)piece_next(&data, &size, &piece);
	is_u64(piece.size, sizeof(copy), "a sample of its size");
	memcpy(copy, piece.data, MIN(piece.size, sizeof(copy)));
	packet = (struct quic_packet){
		.version = 1,
		.cid = copy + 6,
		.cid_size = sizeof(id),
		.data = copy,
		.number_at = 18,
		.size = sizeof(copy),
	};
	is_int(open_as(&packet, TLS_CLIENT, id, sizeof(id), plain), 1162, "it opens");
	ok(memcmp(plain, "\x06\x00\x40\xf1\x01\x00\x00\xed", 8) == 0, "what is in it");
	is_int(open_as(&packet, TLS_SERVER, id, sizeof(id), plain), -EBADMSG, "not as a server's");
	is_int(open_as(&packet, TLS_CLIENT, id, sizeof(id) - 1, plain), -EBADMSG,
	       "not with another id");
	for (size_t at = 0; at < sizeof(copy); at += 109) {
		copy[at] ^= 4;
		is_int(open_as(&packet, TLS_CLIENT, id, sizeof(id), plain), -EBADMSG,
		       "not with octet %zu changed", at);
		copy[at] ^= 4;
	}
	packet.version = 2;
	is_int(open_as(&packet, TLS_CLIENT, id, sizeof(id), plain), -EBADMSG,
	       "not of an unknown version");
	packet.version = 1;
	packet.size = 18 + 19;
	is_int(open_as(&packet, TLS_CLIENT, id, sizeof(id), plain), -EBADMSG,
	       "not without a sample");
	packet.size = QUIC_PACKET_MAX + 1;
	is_int(open_as(&packet, TLS_CLIENT, id, sizeof(id), plain), -EBADMSG,
	       "not beyond the limit");
}

/* A tampered datagram does not keep the true one away. */
static void test_forged(void)
{
	static uint8_t file[4096], copy[1200];
	const uint8_t *data = file;
	size_t size = read_corpus("quic", "rfc9001", file, sizeof(file));
	struct quic_stream stream = {0};
	struct piece piece = {0};

	(void)piece_next(&data, &size, &piece);
	memcpy(copy, piece.data, MIN(piece.size, sizeof(copy)));
	copy[100] ^= 1;
	is_int(quic_stream_feed(&stream, TLS_CLIENT, copy, sizeof(copy)), 0, "a forged datagram");
	ok(!stream.keyed && !stream.handshake.said[TLS_CLIENT], "nothing is taken from it");
	is_int(quic_stream_feed(&stream, TLS_CLIENT, piece.data, piece.size), 0, "the true one");
	ok(stream.handshake.said[TLS_CLIENT], "the hello is there");
	quic_stream_done(&stream);
}

/*
 * Small Initials in front of the true one of a datagram: keys are made once, and a few of them are
 * tried.
 */
static void test_coalesced(void)
{
	static const struct {
		unsigned int n;
		bool said, cut;
	} runs[] = {{0, true, false}, {3, true, false}, {4, false, true}, {400, false, true}};
	static uint8_t file[4096], datagram[400 * SMALL_INITIAL_MAX + 1200];

	for (size_t i = 0; i < ARRAY_SIZE(runs); i++) {
		size_t left = read_corpus("quic", "rfc9001", file, sizeof(file)), size;
		struct quic_stream stream = {0};
		const uint8_t *data = file;
		struct piece piece = {0};

		(void)piece_next(&data, &left, &piece);
		size = put_small_initials(datagram, runs[i].n, id, sizeof(id));
		memcpy(datagram + size, piece.data, MIN(piece.size, (size_t)1200));
		is_int(quic_stream_feed(&stream, TLS_CLIENT, datagram, size + piece.size), 0,
		       "%u in front", runs[i].n);
		ok(stream.handshake.said[TLS_CLIENT] == runs[i].said, "%u: the hello", runs[i].n);
		ok(stream.cut == runs[i].cut, "%u: whether some were passed over", runs[i].n);
		is_u64(stream.n_keys, 1, "%u: keys were made once", runs[i].n);
		is_int(quic_stream_feed(&stream, TLS_CLIENT, piece.data, piece.size), 0,
		       "%u: the true one alone", runs[i].n);
		ok(stream.handshake.said[TLS_CLIENT], "%u: the hello is there", runs[i].n);
		is_u64(stream.n_keys, runs[i].said ? 1 : 2, "%u: keys of the client", runs[i].n);
		(void)piece_next(&data, &left, &piece);
		size = put_small_initials(datagram, 3, id, 0);
		memcpy(datagram + size, piece.data, MIN(piece.size, (size_t)1200));
		is_int(quic_stream_feed(&stream, TLS_SERVER, datagram, size + piece.size), 1,
		       "%u: the answer", runs[i].n);
		is_u64(stream.n_keys, runs[i].said ? 2 : 3, "%u: keys of the server", runs[i].n);
		quic_stream_done(&stream);
	}
}

/* RFC 9000, 12.2: what has another id than the first packet is none of the datagram. */
static void test_another_id(void)
{
	static uint8_t file[4096], datagram[SMALL_INITIAL_MAX + 1200];
	const uint8_t *data = file;
	size_t left = read_corpus("quic", "rfc9001", file, sizeof(file)), size;
	struct quic_stream stream = {0};
	struct piece piece = {0};

	(void)piece_next(&data, &left, &piece);
	size = put_small_initials(datagram, 1, (const uint8_t *)"other", 5);
	memcpy(datagram + size, piece.data, MIN(piece.size, (size_t)1200));
	is_int(quic_stream_feed(&stream, TLS_CLIENT, datagram, size + piece.size), 0,
	       "two ids in a datagram");
	ok(!stream.handshake.said[TLS_CLIENT], "the second is passed over");
	is_u64(stream.n_keys, 1, "with no keys of its own");
	quic_stream_done(&stream);
}

#define BYTES(...)                                                                                 \
	{                                                                                          \
		(const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})             \
	}

static const struct {
	const char *name;
	struct {
		const uint8_t *data;
		size_t size;
	} frames;
	int result;
	const char *what;
} frames[] = {
	{"padding and pings", BYTES(0, 0, 1, 0, 1), 0, " -> unanswered"},
	{"an acknowledgment", BYTES(2, 9, 0, 1, 0, 0, 0, 1), 0, " -> unanswered"},
	{"one with marks of congestion", BYTES(3, 9, 0, 0, 0, 1, 2, 3, 0), 0, " -> unanswered"},
	{"one that is cut short", BYTES(2, 9, 0, 2, 0, 0, 0), -EPROTO, " -> unanswered"},
	{"one with more ranges than there can be",
	 BYTES(2, 9, 0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0), -EPROTO,
	 " -> unanswered"},
	{"a stream", BYTES(8, 0, 1, 'a'), -EPROTO, " -> unanswered"},
	{"half a number", BYTES(0x40), -EPROTO, " -> unanswered"},
	{"octets past the end", BYTES(6, 0, 5, 1, 0), -EPROTO, " -> unanswered"},
	{"octets far away", BYTES(6, 0x80, 1, 0, 0, 1, 1), -EMSGSIZE, " -> unanswered"},
	{"no octets", BYTES(6, 0, 0), 0, " -> unanswered"},
	{"another message", BYTES(6, 0, 4, 11, 0, 0, 0), -EPROTO, " -> unanswered"},
	{"an end by an alert", BYTES(0x1c, 0x41, 0x78, 6, 0), 1,
	 " -> failed no_application_protocol by the client"},
	{"an end of another kind", BYTES(0x1c, 2, 0, 0), 1, " -> failed by the client"},
};

static void test_frames(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(frames); i++) {
		struct quic_stream stream = {0};

		is_int(quic_frames_read(&stream, TLS_CLIENT, frames[i].frames.data,
					frames[i].frames.size),
		       frames[i].result, "%s: result", frames[i].name);
		is_str(describe(&stream.handshake), frames[i].what, "%s: handshake",
		       frames[i].name);
		quic_stream_done(&stream);
	}
}

/* Every second octet, then the others: more parts than are kept apart, and then one. */
static void test_parts(void)
{
	static const uint8_t hello[] = {1, 0, 0, 4, 'a', 'b', 'c', 'd'};
	struct quic_crypto crypto = {0};
	const uint8_t *message = NULL;

	for (uint64_t i = 0; i < QUIC_RANGES_MAX; i++)
		is_int(quic_crypto_add(&crypto, 2 * i, hello + 2 * i % 8, 1), 0, "part %" PRIu64,
		       i);
	is_int(quic_crypto_add(&crypto, UINT64_C(2) * QUIC_RANGES_MAX, hello, 1), -EMSGSIZE,
	       "one too many");
	is_u64(quic_crypto_next(&crypto, &message), 0, "no message yet");
	is_int(quic_crypto_add(&crypto, 0, hello, sizeof(hello)), 0, "the first eight octets");
	is_u64(crypto.n_ranges, QUIC_RANGES_MAX - 4, "they took up four parts and touch one");
	is_u64(quic_crypto_next(&crypto, &message), sizeof(hello), "a message");
	ok(message && memcmp(message, hello, sizeof(hello)) == 0, "its octets");
	is_u64(quic_crypto_next(&crypto, &message), 0, "no other");
	is_int(quic_crypto_add(&crypto, UINT64_MAX, hello, sizeof(hello)), -EMSGSIZE,
	       "an end past all numbers");
	quic_crypto_done(&crypto);
}

static const struct {
	const char *name;
	struct {
		const uint8_t *data;
		size_t size;
	} datagram;
	bool initial;
} starts[] = {
	{"version 1", BYTES(0xc3, 0, 0, 0, 1, 1, 9, 0, 0, 1, 7), true},
	{"version 2", BYTES(0xd3, 0x6b, 0x33, 0x43, 0xcf, 1, 9, 0, 0, 1, 7), true},
	{"version 2, the type of version 1", BYTES(0xc3, 0x6b, 0x33, 0x43, 0xcf, 1, 9, 0, 0, 1, 7),
	 false},
	{"a Handshake", BYTES(0xe3, 0, 0, 0, 1, 1, 9, 0, 1, 7), false},
	{"a Retry", BYTES(0xf3, 0, 0, 0, 1, 1, 9, 0, 1, 7), false},
	{"a short header", BYTES(0x43, 0, 0, 0, 1, 1, 9, 0, 0, 1, 7), false},
	{"without the fixed bit", BYTES(0x83, 0, 0, 0, 1, 1, 9, 0, 0, 1, 7), true},
	{"an unknown version", BYTES(0xc3, 0xff, 0, 0, 29, 1, 9, 0, 0, 1, 7), false},
	{"a negotiation of versions", BYTES(0xc3, 0, 0, 0, 0, 1, 9, 0, 0, 0, 0, 1), false},
	{"a length past the end", BYTES(0xc3, 0, 0, 0, 1, 1, 9, 0, 0, 2, 7), false},
	{"a token past the end", BYTES(0xc3, 0, 0, 0, 1, 1, 9, 0, 0x40, 99, 7), false},
	{"an id that is too long",
	 BYTES(0xc3, 0, 0, 0, 1, 21, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18,
	       19, 20, 21, 0, 0, 1, 7),
	 false},
	{"nothing", {(const uint8_t *)"", 0}, false},
};

static void test_starts(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(starts); i++)
		is_int(quic_is_initial(starts[i].datagram.data, starts[i].datagram.size),
		       starts[i].initial, "%s", starts[i].name);
}

static void test_names(void)
{
	char text[TLS_TEXT_MAX];

	quic_error_name(text, sizeof(text), 0x2);
	is_str(text, "connection_refused", "an error by name");
	quic_error_name(text, sizeof(text), 0x12);
	is_str(text, "0x12", "the first without a name");
	quic_version_name(text, sizeof(text), 0xff00001d);
	is_str(text, "0xff00001d", "a version without a name");
}

int main(void)
{
	test_frames();
	test_parts();
	test_starts();
	test_names();
	if (quic_supported()) {
		test_captured();
		test_open();
		test_forged();
		test_coalesced();
		test_another_id();
	} else {
		tap_skip("what is encrypted", "needs the library NETTLE");
	}
	return tap_done();
}
