/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TLS handshakes: those of real clients and servers in tests/fuzz/tls, and such as nobody sends. */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/pieces.h"
#include "handshake.h"
#include "l7-tls.h"
#include "macro.h"

#include "tap.h"

#define FROM_1_0 "TLSv1.3,TLSv1.2,TLSv1.1,TLSv1.0"

static const struct {
	const char *file;
	int result; /* of the last piece */
	const char *what;
} captured[] = {
	{"openssl-1.3", 1,
	 FROM_1_0 " www.example.com [h2] [http/1.1] -> TLSv1.3 TLS_AES_256_GCM_SHA384 x25519"
		  " answered"},
	{"openssl-1.2", 1,
	 "TLSv1.2 mail.example.org [http/1.1] -> TLSv1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 -"
	 " [http/1.1] established"},
	{"bare-1.2", 1, "TLSv1.2 -> TLSv1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 - established"},
	{"resumed-1.2", 1,
	 "TLSv1.2 a.example -> resumed TLSv1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 -"
	 " established"},
	{"resumed-1.3", 1,
	 "TLSv1.3 a.example -> resumed TLSv1.3 TLS_AES_256_GCM_SHA384 x25519 answered"},
	{"early", 1,
	 "TLSv1.3 early.example -> resumed TLSv1.3 TLS_AES_256_GCM_SHA384 x25519 answered"},
	{"retry", 1,
	 FROM_1_0 " retry.example -> retried TLSv1.3 TLS_AES_256_GCM_SHA384 x448 answered"},
	{"gnutls-1.3", 1,
	 FROM_1_0 " gnutls.example [imap] -> TLSv1.3 TLS_AES_256_GCM_SHA384 secp256r1 answered"},
	{"curl", 1,
	 FROM_1_0 " curl.example [h2] [http/1.1] -> TLSv1.3 TLS_AES_256_GCM_SHA384 x25519"
		  " answered"},
	{"refused-version", 1, "TLSv1.2 old.example -> failed protocol_version by the server"},
	{"refused-cipher", 1, "TLSv1.2 c.example -> failed handshake_failure by the server"},
	{"refused-ca", 1,
	 FROM_1_0 " ca.example -> TLSv1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 - failed"
		  " unknown_ca by the client"},
	{"refused-client", 1,
	 FROM_1_0 " auth.example -> TLSv1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 - failed"
		  " handshake_failure by the server"},
};

static int feed(struct tls_stream *stream, const uint8_t *data, size_t size, size_t step)
{
	struct piece piece;
	int r = 0;

	while (r == 0 && piece_next(&data, &size, &piece)) {
		for (size_t i = 0; i < piece.size && r == 0; i += step)
			r = tls_stream_feed(stream, piece.side, piece.data + i,
					    MIN(step, piece.size - i));
	}
	return r;
}

static void test_captured(void)
{
	static const size_t steps[] = {SIZE_MAX, 1, 2, 7, 100};
	static uint8_t data[65536];

	for (size_t i = 0; i < ARRAY_SIZE(captured); i++) {
		size_t size = read_corpus("tls", captured[i].file, data, sizeof(data));

		for (size_t j = 0; j < ARRAY_SIZE(steps); j++) {
			struct tls_stream stream = {0};
			int r = feed(&stream, data, size, steps[j]);

			is_int(r, captured[i].result, "%s: end, steps of %zd", captured[i].file,
			       (ssize_t)steps[j]);
			is_str(describe(&stream.handshake), captured[i].what, "%s: steps of %zd",
			       captured[i].file, (ssize_t)steps[j]);
			tls_stream_done(&stream);
		}
	}
}

/* A message or a record that is being made: lengths are filled in once they are known. */
struct draft {
	uint8_t data[80000];
	size_t size;
};

static void put(struct draft *draft, const void *data, size_t size)
{
	memcpy(draft->data + draft->size, data, size);
	draft->size += size;
}

static void put_number(struct draft *draft, uint32_t number, size_t octets)
{
	for (size_t i = octets; i-- > 0;)
		draft->data[draft->size++] = (uint8_t)(number >> 8 * i);
}

/* Leaves room for a length; returns where. */
static size_t begin(struct draft *draft, size_t octets)
{
	put_number(draft, 0, octets);
	return draft->size;
}

static void end(struct draft *draft, size_t from, size_t octets)
{
	size_t size = draft->size;

	draft->size = from - octets;
	put_number(draft, (uint32_t)(size - from), octets);
	draft->size = size;
}

static void put_extension(struct draft *draft, uint16_t type, const void *body, size_t size)
{
	put_number(draft, type, 2);
	put_number(draft, (uint32_t)size, 2);
	put(draft, body, size);
}

/* A hello of a client with these extensions. */
static void make_hello(struct draft *draft, const void *extensions, size_t size)
{
	size_t body;

	draft->size = 0;
	put_number(draft, 1, 1);
	body = begin(draft, 3);
	put_number(draft, 0x0303, 2);
	put(draft, (uint8_t[32]){0}, 32);
	put_number(draft, 0, 1);
	put_number(draft, 2, 2);
	put_number(draft, 0x1301, 2);
	put_number(draft, 0x0100, 2);
	put_number(draft, (uint32_t)size, 2);
	put(draft, extensions, size);
	end(draft, body, 3);
}

#define HELLO_EXTENSIONS 45 /* where they begin in such a hello */
#define BYTES(...)                                                                                 \
	{                                                                                          \
		(const uint8_t[]){__VA_ARGS__}, sizeof((const uint8_t[]){__VA_ARGS__})             \
	}

struct bytes {
	const uint8_t *data;
	size_t size;
};

static const struct {
	const char *name;
	uint16_t type;
	struct bytes body;
	const char *what; /* NULL: refused */
} extensions[] = {
	{"a name", 0, BYTES(0, 5, 0, 0, 2, 'a', 'b'), "TLSv1.2 ab -> unanswered"},
	{"a name of another kind", 0, BYTES(0, 5, 1, 0, 2, 'a', 'b'), "TLSv1.2 -> unanswered"},
	{"a name with an escape", 0, BYTES(0, 6, 0, 0, 3, 'a', 0x1b, '['),
	 "TLSv1.2 a\\x1b[ -> unanswered"},
	{"a name with a NUL", 0, BYTES(0, 6, 0, 0, 3, 'a', 0, 'b'),
	 "TLSv1.2 a\\x00b -> unanswered"},
	{"a name that is cut short", 0, BYTES(0, 5, 0, 0, 3, 'a', 'b'), NULL},
	{"a list that is cut short", 0, BYTES(0, 9, 0, 0, 2, 'a', 'b'), NULL},
	{"no list of names", 0, BYTES(0), NULL},
	{"protocols, one of no meaning", 16, BYTES(0, 6, 2, 0xba, 0xba, 2, 'h', '2'),
	 "TLSv1.2 [h2] -> unanswered"},
	{"a protocol without a name", 16, BYTES(0, 1, 0), NULL},
	{"protocols cut short", 16, BYTES(0, 3, 3, 'h', '2'), NULL},
	{"a protocol with a comma", 16, BYTES(0, 4, 3, 'a', ',', 'b'),
	 "TLSv1.2 [a,b] -> unanswered"},
	{"versions, one of no meaning", 43, BYTES(6, 0x3a, 0x3a, 3, 4, 3, 3),
	 "TLSv1.3,TLSv1.2 -> unanswered"},
	{"a draft of a version", 43, BYTES(2, 0x7f, 0x1c), "0x7f1c -> unanswered"},
	{"half a version", 43, BYTES(3, 3, 4, 3), NULL},
	{"no versions", 43, BYTES(0), NULL},
	{"versions without a meaning", 43, BYTES(2, 0x0a, 0x0a), NULL},
	{"more versions than fit", 43,
	 BYTES(20, 3, 4, 3, 3, 3, 2, 3, 1, 3, 0, 4, 0, 4, 1, 4, 2, 4, 3, 4, 4),
	 "TLSv1.3,TLSv1.2,TLSv1.1,TLSv1.0,SSLv3,0x0400,0x0401,0x0402 -> unanswered"},
	{"an outer hello", 0xfe0d, BYTES(0, 0, 1, 0, 1, 9), "TLSv1.2 ech -> unanswered"},
	{"an inner hello", 0xfe0d, BYTES(1), "TLSv1.2 -> unanswered"},
	{"an empty one of that", 0xfe0d, {(const uint8_t *)"", 0}, NULL},
	{"one without a meaning", 0x4a4a, BYTES(1, 2, 3), "TLSv1.2 -> unanswered"},
};

static void test_extensions(void)
{
	static struct draft list, hello;

	for (size_t i = 0; i < ARRAY_SIZE(extensions); i++) {
		struct tls_handshake handshake = {0};
		int r;

		list.size = 0;
		put_extension(&list, extensions[i].type, extensions[i].body.data,
			      extensions[i].body.size);
		make_hello(&hello, list.data, list.size);
		r = tls_handshake_hello(&handshake, TLS_CLIENT, hello.data, hello.size);
		is_int(r, extensions[i].what ? 0 : -EPROTO, "%s: result", extensions[i].name);
		if (extensions[i].what)
			is_str(describe(&handshake), extensions[i].what, "%s", extensions[i].name);
	}
}

/* What is offered beyond the room for it is left out, and this is said. */
static void test_many_protocols(void)
{
	static struct draft list, hello;
	struct tls_handshake handshake = {0};
	const char *name = NULL;
	size_t vector, n = 0;

	list.size = 0;
	vector = begin(&list, 2);
	for (int i = 0; i < 100; i++)
		put(&list, "\5proto", 6);
	end(&list, vector, 2);
	memmove(list.data + 4, list.data, list.size);
	memcpy(list.data, (uint8_t[]){0, 16, (uint8_t)(list.size >> 8), (uint8_t)list.size}, 4);
	make_hello(&hello, list.data, list.size + 4);
	is_int(tls_handshake_hello(&handshake, TLS_CLIENT, hello.data, hello.size), 0,
	       "many protocols");
	while ((name = tls_names_next(&handshake.hello[TLS_CLIENT].alpn, name)))
		n++;
	is_u64(n, 256 / 6, "as many as fit");
	ok(handshake.hello[TLS_CLIENT].alpn.more, "there were more");
}

/* Octets of a hello that make it one that is refused. */
static const struct {
	const char *name;
	size_t at;
	uint8_t octet;
} changes[] = {
	{"another message", 0, 3},
	{"a server's", 0, 2},
	{"longer than it is", 3, 0xff},
	{"shorter than it is", 3, 0},
	{"version 2", 4, 2},
	{"a session that is too long", 38, 33},
	{"a session beyond the end", 38, 32},
	{"no cipher", 40, 0},
	{"ciphers beyond the end", 39, 0xff},
	{"compression beyond the end", 43, 0xff},
	{"extensions beyond the end", HELLO_EXTENSIONS, 0xff},
	{"something behind the extensions", HELLO_EXTENSIONS + 1, 0},
};

static void test_changes(void)
{
	static struct draft hello;
	struct tls_hello got;

	make_hello(&hello, "\0\x17\0\0", 4);
	is_int(tls_hello_parse(hello.data, hello.size, TLS_CLIENT, &got), 0, "a good hello");
	is_int(tls_hello_parse(hello.data, hello.size, TLS_SERVER, &got), -EPROTO,
	       "not of a server");
	for (size_t i = 0; i < ARRAY_SIZE(changes); i++) {
		uint8_t was = hello.data[changes[i].at];

		hello.data[changes[i].at] = changes[i].octet;
		is_int(tls_hello_parse(hello.data, hello.size, TLS_CLIENT, &got), -EPROTO, "%s",
		       changes[i].name);
		hello.data[changes[i].at] = was;
	}
	make_hello(&hello, "", 0);
	hello.size -= 2;
	hello.data[3] -= 2;
	is_int(tls_hello_parse(hello.data, hello.size, TLS_CLIENT, &got), 0, "no extensions");
}

/* Puts a message into records of so many octets each. */
static int feed_records(struct tls_stream *stream, const struct draft *message, size_t step)
{
	int r = 0;

	for (size_t i = 0; i < message->size && r == 0; i += step) {
		size_t size = MIN(step, message->size - i);
		uint8_t head[] = {22, 3, 1, (uint8_t)(size >> 8), (uint8_t)size};

		r = tls_stream_feed(stream, TLS_CLIENT, head, sizeof(head));
		if (r == 0)
			r = tls_stream_feed(stream, TLS_CLIENT, message->data + i, size);
	}
	return r;
}

static void test_records(void)
{
	static struct draft hello;
	static uint8_t padding[70000] = {0, 21};
	struct tls_stream stream = {0};

	make_hello(&hello, "\0\0\0\7\0\5\0\0\2ab", 11);
	is_int(feed_records(&stream, &hello, 1), 0, "records of one octet");
	is_str(describe(&stream.handshake), "TLSv1.2 ab -> unanswered", "what they held");
	tls_stream_done(&stream);

	padding[2] = 60000 >> 8;
	padding[3] = 60000 & 0xff;
	stream = (struct tls_stream){0};
	make_hello(&hello, padding, 60004);
	is_int(feed_records(&stream, &hello, 1 << 14), 0, "a hello of 60 kB");
	ok(stream.handshake.said[TLS_CLIENT], "it is read");
	tls_stream_done(&stream);

	stream = (struct tls_stream){0};
	is_int(tls_stream_feed(&stream, TLS_CLIENT, (const uint8_t *)"\x16\3\1\x40\0\1\0\xff\xfe",
			       9),
	       -EMSGSIZE, "a hello larger than the limit");
	tls_stream_done(&stream);
}

static const struct {
	const char *name;
	enum tls_side side;
	struct bytes data;
	int result;
} starts[] = {
	{"HTTP", TLS_CLIENT, BYTES('G', 'E', 'T', ' ', '/', ' '), -EPROTO},
	{"SSH", TLS_SERVER, BYTES('S', 'S', 'H', '-', '2', '.'), -EPROTO},
	{"zeros", TLS_CLIENT, BYTES(0, 0, 0, 0, 0), -EPROTO},
	{"data at once", TLS_CLIENT, BYTES(23, 3, 3, 0, 5), -EPROTO},
	{"a change at once", TLS_CLIENT, BYTES(20, 3, 3, 0, 1), -EPROTO},
	{"a change of two octets", TLS_CLIENT, BYTES(20, 3, 3, 0, 2), -EPROTO},
	{"an empty record", TLS_CLIENT, BYTES(22, 3, 3, 0, 0), -EPROTO},
	{"a record that is too long", TLS_CLIENT, BYTES(22, 3, 3, 0x48, 1), -EPROTO},
	{"SSL 2", TLS_CLIENT, BYTES(22, 2, 0, 0, 5), -EPROTO},
	{"an unknown record", TLS_CLIENT, BYTES(24, 3, 3, 0, 5), -EPROTO},
	{"a message that is no hello", TLS_CLIENT, BYTES(22, 3, 3, 0, 4, 16, 0, 0, 0), -EPROTO},
	{"an alert between parts of a message", TLS_CLIENT,
	 BYTES(22, 3, 3, 0, 1, 1, 21, 3, 3, 0, 2, 2, 40), -EPROTO},
	{"a warning", TLS_SERVER, BYTES(21, 3, 3, 0, 2, 1, 112), 0},
	{"a fatal alert", TLS_SERVER, BYTES(21, 3, 3, 0, 2, 2, 112), 1},
	{"an end", TLS_SERVER, BYTES(21, 3, 3, 0, 2, 1, 0), 1},
	{"an alert that is encrypted", TLS_SERVER, BYTES(21, 3, 3, 0, 3, 2, 40, 0), 0},
	{"half a head", TLS_CLIENT, BYTES(22, 3), 0},
};

static void test_starts(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(starts); i++) {
		struct tls_stream whole = {0}, octets = {0};
		int r = 0;

		is_int(tls_stream_feed(&whole, starts[i].side, starts[i].data.data,
				       starts[i].data.size),
		       starts[i].result, "%s", starts[i].name);
		for (size_t j = 0; j < starts[i].data.size && r == 0; j++)
			r = tls_stream_feed(&octets, starts[i].side, starts[i].data.data + j, 1);
		is_int(r, starts[i].result, "%s, an octet at a time", starts[i].name);
		tls_stream_done(&whole);
		tls_stream_done(&octets);
	}
}

static void test_grease(void)
{
	static const uint16_t with[] = {0x0a0a, 0x1a1a, 0x8a8a, 0xfafa},
			      without[] = {0x0a1a, 0x0304, 0x1301, 0x0b0b, 0xaa0a};

	for (size_t i = 0; i < ARRAY_SIZE(with); i++)
		ok(tls_is_grease(with[i]), "0x%04x stands for nothing", with[i]);
	for (size_t i = 0; i < ARRAY_SIZE(without); i++)
		ok(!tls_is_grease(without[i]), "0x%04x stands for itself", without[i]);
}

int main(void)
{
	test_captured();
	test_extensions();
	test_many_protocols();
	test_changes();
	test_records();
	test_starts();
	test_grease();
	return tap_done();
}
