/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Handshakes out of segments: whose side is whose, which are told when, and what names they give to
 * flows.
 */
#include "config.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz/pieces.h"
#include "handshake.h"
#include "l7-quic-table.h"
#include "l7-tls-watch.h"
#include "macro.h"
#include "name-seen.h"

#include "tap.h"

#define START_NS (100 * NSEC_PER_SEC)

/* What was told last, and how often. */
struct told {
	unsigned int n;
	struct flow_key key;
	char what[LINE_MAX_SIZE];
	uint64_t duration_ns;
	bool quic, incomplete;
};

static int on_handshake(void *data, const struct tls_seen *seen)
{
	struct told *told = data;

	told->n++;
	told->key = *seen->key;
	(void)snprintf(told->what, sizeof(told->what), "%s", describe(seen->handshake));
	told->duration_ns = seen->times->said_ns[TLS_SERVER] - seen->times->said_ns[TLS_CLIENT];
	told->quic = seen->quic;
	told->incomplete = seen->incomplete;
	return 0;
}

/* From 192.0.2.1 to 192.0.2.2, and back. */
static struct flow_key key_of(uint8_t proto, uint8_t side, uint16_t client_port)
{
	return (struct flow_key){
		.src = {192, 0, 2, (uint8_t)(1 + side)},
		.dst = {192, 0, 2, (uint8_t)(2 - side)},
		.sport = side ? 443 : client_port,
		.dport = side ? client_port : 443,
		.direction = side ? DIRECTION_IN : DIRECTION_OUT,
		.family = FAMILY_IPV4,
		.proto = proto,
	};
}

typedef void (*segment_fn)(void *to, const struct sample_segment *segment);

static void to_watch(void *to, const struct sample_segment *segment)
{
	is_int(tls_watch_segment(to, segment), 0, "a segment is taken");
}

static void to_names(void *to, const struct sample_segment *segment)
{
	name_seen_segment(to, segment);
}

/* Sends the first n pieces of a file, a second after another. Returns how many there were. */
static unsigned int send_pieces(segment_fn fn, void *to, const char *kind, const char *file,
				uint16_t client_port, unsigned int n)
{
	static uint8_t octets[65536];
	size_t left = read_corpus(kind, file, octets, sizeof(octets));
	bool tcp = strcmp(kind, "tls") == 0;
	uint32_t seq[2] = {1000, UINT32_MAX - 10};
	const uint8_t *data = octets;
	struct piece piece;
	unsigned int i;

	for (i = 0; i < n && piece_next(&data, &left, &piece); i++) {
		struct sample_segment segment = {
			.key = key_of(tcp ? IPPROTO_TCP : IPPROTO_UDP, piece.side, client_port),
			.time_ns = START_NS + i * NSEC_PER_SEC,
			.seq = tcp ? seq[piece.side] : 0,
			.tcp_flags = tcp ? 0x10 : 0,
			.what = PAYLOAD_TLS,
			.wire_size = (uint32_t)piece.size,
			.size = (uint32_t)piece.size,
			.data = piece.data,
		};

		fn(to, &segment);
		seq[piece.side] += (uint32_t)piece.size;
	}
	return i;
}

static const struct {
	const char *name, *kind, *file;
	uint16_t port;       /* of the client */
	unsigned int pieces; /* that are sent */
	unsigned int soon;   /* told then, without waiting */
	unsigned int later;  /* told at the end, with those */
	const char *what;
	uint64_t duration_s;
} cases[] = {
	{"TCP", "tls", "bare-1.2", 50000, 4, 1, 1,
	 "TLSv1.2 -> TLSv1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 - established", 1},
	{"TCP, a client with the lower port", "tls", "bare-1.2", 80, 4, 1, 1,
	 "TLSv1.2 -> TLSv1.2 TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384 - established", 1},
	{"TCP, no answer", "tls", "openssl-1.2", 50001, 1, 0, 1,
	 "TLSv1.2 mail.example.org [http/1.1] -> unanswered", 0},
	{"QUIC", "quic", "rfc9001", 50002, 2, 1, 1,
	 "TLSv1.3 example.com [alpn] -> TLSv1.3 TLS_AES_128_GCM_SHA256 x25519 answered", 1},
	{"QUIC, no answer", "quic", "rfc9001", 50003, 1, 0, 1,
	 "TLSv1.3 example.com [alpn] -> unanswered", 0},
};

static void test_cases(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		bool quic = strcmp(cases[i].kind, "quic") == 0;
		struct tls_watch *watch = NULL;
		struct told told = {0};

		if (quic && !quic_supported()) {
			tap_skip(cases[i].name, "needs the library NETTLE");
			continue;
		}
		is_int(tls_watch_new(on_handshake, &told, &watch), 0, "%s: a watch", cases[i].name);
		is_u64(send_pieces(to_watch, watch, cases[i].kind, cases[i].file, cases[i].port,
				   cases[i].pieces),
		       cases[i].pieces, "%s: its pieces", cases[i].name);
		is_u64(told.n, cases[i].soon, "%s: told soon", cases[i].name);
		is_int(tls_watch_tick(watch, START_NS + 5 * NSEC_PER_SEC), 0, "%s: too early",
		       cases[i].name);
		is_u64(told.n, cases[i].soon, "%s: nothing more", cases[i].name);
		is_int(tls_watch_tick(watch, START_NS + 60 * NSEC_PER_SEC), 0, "%s: late",
		       cases[i].name);
		is_u64(told.n, cases[i].later, "%s: told by then", cases[i].name);
		is_str(told.what, cases[i].what, "%s: what", cases[i].name);
		is_u64(told.key.sport, cases[i].port, "%s: from the client", cases[i].name);
		is_int(told.key.direction, DIRECTION_OUT, "%s: its direction", cases[i].name);
		ok(told.quic == quic, "%s: over what", cases[i].name);
		if (cases[i].duration_s)
			is_u64(told.duration_ns, cases[i].duration_s * NSEC_PER_SEC, "%s: how long",
			       cases[i].name);
		is_int(tls_watch_finish(watch, START_NS + 61 * NSEC_PER_SEC), 0, "%s: the end",
		       cases[i].name);
		is_u64(told.n, cases[i].later, "%s: told once", cases[i].name);
		tls_watch_free(watch);
	}
}

static void test_finish(void)
{
	struct tls_watch *watch = NULL;
	struct tls_watch_counts counts;
	struct told told = {0};
	struct sample_segment segment = {
		.key = key_of(IPPROTO_TCP, 0, 50000),
		.time_ns = START_NS,
		.tcp_flags = 0x10,
		.what = PAYLOAD_TLS,
		.wire_size = 6,
		.size = 6,
		.data = (const uint8_t *)"\x16\3\1\0\2\1",
	};

	is_int(tls_watch_new(on_handshake, &told, &watch), 0, "a watch");
	(void)send_pieces(to_watch, watch, "tls", "openssl-1.2", 50001, 1);
	to_watch(watch, &segment);
	segment.what = PAYLOAD_HTTP;
	segment.key = key_of(IPPROTO_TCP, 0, 50009);
	to_watch(watch, &segment);
	is_int(tls_watch_finish(watch, START_NS), 0, "the end");
	is_u64(told.n, 1, "what waits is told at the end");
	tls_watch_get_counts(watch, &counts);
	is_u64(counts.unreadable, 1, "half a hello is counted, another protocol is not");
	is_u64(counts.forgotten, 0, "nothing made room");
	tls_watch_free(watch);
}

/* The answer is behind more packets than are opened: that there is none cannot be said. */
static void test_cut(void)
{
	static uint8_t octets[4096], datagram[4 * SMALL_INITIAL_MAX + 1200];
	size_t left = read_corpus("quic", "rfc9001", octets, sizeof(octets));
	const uint8_t *data = octets;
	struct tls_watch *watch = NULL;
	struct told told = {0};
	struct sample_segment segment = {
		.key = key_of(IPPROTO_UDP, 1, 50000),
		.time_ns = START_NS + NSEC_PER_SEC,
		.what = PAYLOAD_TLS,
		.data = datagram,
	};
	struct piece piece = {0};

	(void)piece_next(&data, &left, &piece);
	(void)piece_next(&data, &left, &piece);
	segment.size = (uint32_t)put_small_initials(datagram, 4, datagram, 0);
	memcpy(datagram + segment.size, piece.data, MIN(piece.size, (size_t)1200));
	segment.size += (uint32_t)piece.size;
	segment.wire_size = segment.size;

	is_int(tls_watch_new(on_handshake, &told, &watch), 0, "a watch");
	(void)send_pieces(to_watch, watch, "quic", "rfc9001", 50000, 1);
	to_watch(watch, &segment);
	is_int(tls_watch_finish(watch, START_NS), 0, "the end");
	is_u64(told.n, 1, "an answer that was not reached: told");
	is_str(told.what, "TLSv1.3 example.com [alpn] -> unanswered", "what was seen");
	ok(told.incomplete, "as incomplete");
	tls_watch_free(watch);
}

/* Which side is whose shows when a client's packet opens, whoever was seen first. */
static void test_server_first(void)
{
	static const struct {
		const char *order; /* of the pieces */
		const char *what;
		bool incomplete;
	} runs[] = {
		{"101",
		 "TLSv1.3 example.com [alpn] -> TLSv1.3 TLS_AES_128_GCM_SHA256 x25519 answered",
		 false},
		{"10", "TLSv1.3 example.com [alpn] -> unanswered", true},
	};
	static uint8_t octets[4096];

	for (size_t i = 0; i < ARRAY_SIZE(runs); i++) {
		size_t left = read_corpus("quic", "rfc9001", octets, sizeof(octets));
		const uint8_t *data = octets;
		struct tls_watch *watch = NULL;
		struct piece pieces[2] = {0};
		struct told told = {0};

		(void)piece_next(&data, &left, &pieces[0]);
		(void)piece_next(&data, &left, &pieces[1]);
		is_int(tls_watch_new(on_handshake, &told, &watch), 0, "%s: a watch", runs[i].order);
		for (const char *c = runs[i].order; *c; c++) {
			const struct piece *piece = &pieces[*c == '1'];

			to_watch(watch, &(struct sample_segment){
						.key = key_of(IPPROTO_UDP, piece->side, 50000),
						.time_ns = START_NS,
						.what = PAYLOAD_TLS,
						.wire_size = (uint32_t)piece->size,
						.size = (uint32_t)piece->size,
						.data = piece->data,
					});
		}
		is_int(tls_watch_finish(watch, START_NS), 0, "%s: the end", runs[i].order);
		is_u64(told.n, 1, "%s: told", runs[i].order);
		is_str(told.what, runs[i].what, "%s: what", runs[i].order);
		is_u64(told.key.sport, 50000, "%s: from the client", runs[i].order);
		is_int(told.key.direction, DIRECTION_OUT, "%s: its direction", runs[i].order);
		ok(told.incomplete == runs[i].incomplete, "%s: what is missing", runs[i].order);
		tls_watch_free(watch);
	}
}

/* One datagram each, of more connections than there is room for. */
static void test_many(void)
{
	struct quic_table *table = NULL;
	enum tls_side side;

	is_int(quic_table_new(&table), 0, "a table");
	for (uint16_t i = 0; i < QUIC_CONNECTIONS_MAX + 10; i++) {
		struct flow_key key = key_of(IPPROTO_UDP, 0, (uint16_t)(1000 + i));

		quic_table_find(table, &key, START_NS + i, &side)->told = i < 4;
	}
	is_u64(quic_table_forgotten(table), 6, "those that were not told");
	is_int(quic_table_find(table, &(struct flow_key){0}, START_NS + 9999, &side)->told, false,
	       "another one");
	is_int(side, TLS_CLIENT, "who comes first is the client");
	quic_table_free(table);
}

static void test_names(void)
{
	struct flow_key there = key_of(IPPROTO_TCP, 0, 50001), back = key_of(IPPROTO_TCP, 1, 1);
	struct name_seen *seen = NULL;
	const struct name_found *found;

	is_int(name_seen_new(PAYLOAD_TLS, NULL, &seen), 0, "names");
	name_seen_tick(seen, START_NS);
	ok(!name_seen_find(seen, &there, SIDE_DST), "no name yet");
	(void)send_pieces(to_names, seen, "tls", "openssl-1.2", 50001, 4);
	found = name_seen_find(seen, &there, SIDE_DST);
	is_str(found ? found->name : "none", "mail.example.org", "the server's");
	is_str(found ? found->resolver : "none", "", "nobody was asked");
	found = name_seen_find(seen, &back, SIDE_SRC);
	is_str(found ? found->name : "none", "mail.example.org", "on the way back");
	ok(!name_seen_find(seen, &there, SIDE_SRC), "the client has none");
	name_seen_tick(seen, START_NS + 3600 * NSEC_PER_SEC);
	ok(!name_seen_find(seen, &there, SIDE_DST), "it is not kept for an hour");
	name_seen_free(seen);
}

int main(void)
{
	test_cases();
	test_finish();
	test_many();
	if (quic_supported()) {
		test_cut();
		test_server_first();
	}
	test_names();
	return tap_done();
}
