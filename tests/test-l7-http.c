/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Transactions of HTTP out of what both sides say. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "l7-http.h"
#include "macro.h"
#include "tap.h"

#define TOLD_MAX 8192

#ifdef HAVE_HTP

struct transcript {
	char text[TOLD_MAX];
	size_t n;
};

ATTR_PRINTF(2, 3) static void put(struct transcript *told, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	told->n +=
		(size_t)vsnprintf(told->text + told->n, sizeof(told->text) - told->n, format, args);
	va_end(args);
	if (told->n >= sizeof(told->text))
		abort();
}

static void put_message(struct transcript *told, const struct l7_http_message *message)
{
	for (size_t i = 0; i < message->n_headers; i++)
		put(told, " %s=%s", message->headers[i].name, message->headers[i].value);
	put(told, " [%" PRIu64 "]", message->body_size);
	if (message->n_body)
		put(told, "%.*s", (int)message->n_body, (const char *)message->body);
	if (!message->complete)
		put(told, "...");
	put(told, " %llu-%llu", message->start_ns / NSEC_PER_MSEC, message->end_ns / NSEC_PER_MSEC);
}

static void on_transaction(void *data, const struct l7_http_transaction *transaction)
{
	struct transcript *told = data;

	put(told, "%s", told->n ? "\n" : "");
	if (transaction->key.dport != 8080)
		put(told, "(to %u) ", transaction->key.dport);
	if (transaction->request.seen) {
		put(told, "%s %s %s host=%s", transaction->method, transaction->target,
		    transaction->request.version, transaction->host);
		put_message(told, &transaction->request);
	} else {
		put(told, "?");
	}
	put(told, " ->");
	if (transaction->response.seen) {
		put(told, " %u %s %s", transaction->status, transaction->reason,
		    transaction->response.version);
		put_message(told, &transaction->response);
	} else {
		put(told, " ?");
	}
}

/* What the client (>) and the server (<) send, each in one segment, 1 ms apart; "+N" of it is cut
 * off,
 * "." ends a side, "~" means that no SYN was seen. */
struct exchange {
	const char *name;
	const char *sent[10];
	const char *told;
};

static const struct exchange cases[] = {
	{"one request",
	 {">GET /a?b=c HTTP/1.1\r\nHost: web:8080\r\nX-A: 1\r\n\r\n",
	  "<HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"},
	 "GET /a?b=c 1.1 host=web:8080 Host=web:8080 X-A=1 [0] 2-2 -> 200 OK 1.1 "
	 "Content-Length=5 [5]hello 3-3"},
	{"methods that few know",
	 {">UPDATEREDIRECTREF /1 HTTP/1.1\r\n\r\n", "<HTTP/1.1 204 OK\r\n\r\n",
	  ">VERSION-CONTROL /2 HTTP/1.1\r\n\r\n", "<HTTP/1.1 204 OK\r\n\r\n",
	  ">QUERY /3 HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi", "<HTTP/1.1 204 OK\r\n\r\n"},
	 "UPDATEREDIRECTREF /1 1.1 host= [0] 2-2 -> 204 OK 1.1 [0] 3-3\n"
	 "VERSION-CONTROL /2 1.1 host= [0] 4-4 -> 204 OK 1.1 [0] 5-5\n"
	 "QUERY /3 1.1 host= Content-Length=2 [2]hi 6-6 -> 204 OK 1.1 [0] 7-7"},
	{"in many segments",
	 {">PO", ">ST / HT", ">TP/1.1\r\nContent-Le", ">ngth: 6\r\n\r\nab", ">cdef", "<HTTP/1.1 20",
	  "<1 Created\r\nContent-Length: 2\r\n\r", "<\nxy"},
	 "POST / 1.1 host= Content-Length=6 [6]abcdef 4-6 -> 201 Created 1.1 "
	 "Content-Length=2 [2]xy 8-9"},
	{"kept alive",
	 {">GET /1 HTTP/1.1\r\n\r\n", "<HTTP/1.1 204 No Content\r\n\r\n",
	  ">HEAD /2 HTTP/1.1\r\n\r\n", "<HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n",
	  ">GET /3 HTTP/1.0\r\n\r\n", "<HTTP/1.0 404 Not Found\r\n\r\nno", "<.", ">."},
	 "GET /1 1.1 host= [0] 2-2 -> 204 No Content 1.1 [0] 3-3\n"
	 "HEAD /2 1.1 host= [0] 4-4 -> 200 OK 1.1 Content-Length=99 [0] 5-5\n"
	 "GET /3 1.0 host= [0] 6-6 -> 404 Not Found 1.0 [2]no 7-8"},
	{"pipelined",
	 {">GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\nGET /3 HTTP/1.1\r\n\r\n",
	  "<HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1HTTP/1.1 201 OK\r\nContent-Length: 1",
	  "<\r\n\r\n2HTTP/1.1 202 OK\r\nContent-Length: 1\r\n\r\n3"},
	 "GET /1 1.1 host= [0] 2-2 -> 200 OK 1.1 Content-Length=1 [1]1 3-3\n"
	 "GET /2 1.1 host= [0] 2-2 -> 201 OK 1.1 Content-Length=1 [1]2 3-4\n"
	 "GET /3 1.1 host= [0] 2-2 -> 202 OK 1.1 Content-Length=1 [1]3 4-4"},
	{"chunks",
	 {">POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
	  ">2\r\nde\r\n0\r\n\r\n", "<HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nfg",
	  "<hi\r\n0\r\n\r\n"},
	 "POST / 1.1 host= Transfer-Encoding=chunked [5]abcde 2-3 -> 200 OK 1.1 "
	 "Transfer-Encoding=chunked [4]fghi 4-5"},
	{"continue",
	 {">POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n",
	  "<HTTP/1.1 100 Continue\r\n\r\n", ">hi", "<HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
	 "POST / 1.1 host= Expect=100-continue Content-Length=2 [2]hi 2-4 -> 200 OK 1.1 "
	 "Content-Length=0 [0] 5-5"},
	{"continue, twice, and with a header",
	 {">POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\n",
	  "<HTTP/1.1 100 Continue\r\nX: 1\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n", ">hi",
	  "<HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
	 "POST / 1.1 host= Content-Length=2 [2]hi 2-4 -> 200 OK 1.1 Content-Length=0 [0] 5-5"},
	{"early hints",
	 {">GET /1 HTTP/1.1\r\n\r\nGET /2 HTTP/1.1\r\n\r\n",
	  "<HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: a\r\n\r\n",
	  "<HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "<HTTP/1.1 204 OK\r\n\r\n"},
	 "GET /1 1.1 host= [0] 2-2 -> 200 OK 1.1 Content-Length=0 [0] 4-4\n"
	 "GET /2 1.1 host= [0] 2-2 -> 204 OK 1.1 [0] 5-5"},
	{"early hints alone",
	 {">GET / HTTP/1.1\r\n\r\n", "<HTTP/1.1 103 Early Hints\r\n\r\n"},
	 "GET / 1.1 host= [0] 2-2 -> 103 Early Hints 1.1 [0]... 3-3"},
	{"a length without a body",
	 {">GET /1 HTTP/1.1\r\n\r\n", "<HTTP/1.1 304 Not Modified\r\nContent-Length: 99\r\n\r\n",
	  ">GET /2 HTTP/1.1\r\n\r\n",
	  "<HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n",
	  ">GET /3 HTTP/1.1\r\n\r\n", "<HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n3"},
	 "GET /1 1.1 host= [0] 2-2 -> 304 Not Modified 1.1 Content-Length=99 [0] 3-3\n"
	 "GET /2 1.1 host= [0] 4-4 -> 204 No Content 1.1 Transfer-Encoding=chunked [0] 5-5\n"
	 "GET /3 1.1 host= [0] 6-6 -> 200 OK 1.1 Content-Length=1 [1]3 7-7"},
	{"chunks, whatever the length says, with a trailer",
	 {">GET /1 HTTP/1.1\r\n\r\n",
	  "<HTTP/1.1 200 OK\r\nContent-Length: 9\r\nTransfer-Encoding: chunked\r\n\r\n2;x=1\r\nab"
	  "\r\n0\r\nX: 1\r\n\r\n",
	  ">GET /2 HTTP/1.1\r\n\r\n", "<HTTP/1.1 204 OK\r\n\r\n"},
	 "GET /1 1.1 host= [0] 2-2 -> 200 OK 1.1 Content-Length=9 Transfer-Encoding=chunked X=1 "
	 "[2]ab 3-3\nGET /2 1.1 host= [0] 4-4 -> 204 OK 1.1 [0] 5-5"},
	{"the first octets of a body",
	 {">GET / HTTP/1.1\r\n\r\n",
	  "<HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n01234567890123456789"},
	 "GET / 1.1 host= [0] 2-2 -> 200 OK 1.1 Content-Length=20 [20]0123456789 3-3"},
	{"a part of a body is lost",
	 {">GET /1 HTTP/1.1\r\n\r\n", "<+4HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nab", "<gh",
	  ">GET /2 HTTP/1.1\r\n\r\n", "<HTTP/1.1 204 OK\r\n\r\n"},
	 "GET /1 1.1 host= [0] 2-2 -> 200 OK 1.1 Content-Length=8 [8]ab... 3-4\n"
	 "GET /2 1.1 host= [0] 5-5 -> 204 OK 1.1 [0] 6-6"},
	{"a part of chunks is lost, and the place found again",
	 {">GET /1 HTTP/1.1\r\n\r\n",
	  "<+9HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nab", "<cd\r\n0\r\n\r\n",
	  ">GET /2 HTTP/1.1\r\n\r\n", "<HTTP/1.1 204 OK\r\n\r\n"},
	 "GET /1 1.1 host= [0] 2-2 -> 200 OK 1.1 Transfer-Encoding=chunked [2]ab... 3-3\n"
	 "GET /2 1.1 host= [0] 5-5 -> 204 OK 1.1 [0] 6-6"},
	{"no response", {">GET / HTTP/1.1\r\n\r\n"}, "GET / 1.1 host= [0] 2-2 -> ?"},
	{"a response that ends too early",
	 {">GET / HTTP/1.1\r\n\r\n", "<HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\nab", "<.", ">."},
	 "GET / 1.1 host= [0] 2-2 -> 200 OK 1.1 Content-Length=8 [2]ab... 3-4"},
	{"a response without a request",
	 {"~<HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"},
	 "? -> 200 OK 1.1 Content-Length=0 [0] 1-1"},
	{"joined in a body",
	 {"~<rest of a body", ">GET / HTTP/1.1\r\n\r\n", "<HTTP/1.1 204 OK\r\n\r\n"},
	 "GET / 1.1 host= [0] 2-2 -> 204 OK 1.1 [0] 3-3"},
	{"hostile text",
	 {">GET /\x1b[31m\xff HTTP/1.1\r\nHost: a\x01\\b\r\n\r\n",
	  "<HTTP/1.1 200 \x9b\r\nX: \xe2\x80\xae\r\n\r\n", "<.", ">."},
	 "GET /\\x1b[31m\\xff 1.1 host=a\\x01\\\\b Host=a\\x01\\\\b [0] 2-2 -> 200 \\x9b 1.1 "
	 "X=\\u{202e} [0] 3-4"},
	{"another protocol after an upgrade",
	 {">GET / HTTP/1.1\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
	  "<HTTP/1.1 101 Go\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
	  ">GET / HTTP/1.1\r\n\r\n"},
	 "GET / 1.1 host= Upgrade=x Connection=upgrade [0] 2-2 -> 101 Go 1.1 Upgrade=x "
	 "Connection=upgrade [0] 3-3"},
	{"an upgrade whose answer has a length",
	 {">GET / HTTP/1.1\r\nUpgrade: x\r\n\r\n",
	  "<HTTP/1.1 101 Go\r\nContent-Length: 9\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"},
	 "GET / 1.1 host= Upgrade=x [0] 2-2 -> 101 Go 1.1 Content-Length=9 [0] 3-3"},
	{"a tunnel",
	 {">CONNECT a:443 HTTP/1.1\r\nHost: a:443\r\n\r\n",
	  "<HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n", ">\x16\x03\x01", "<\x16\x03\x03",
	  ">GET / HTTP/1.1\r\n\r\n", "<HTTP/1.1 204 OK\r\n\r\n"},
	 "CONNECT a:443 1.1 host=a:443 Host=a:443 [0] 2-2 -> 200 OK 1.1 Content-Length=9 [0] 3-3"},
	{"a tunnel that says that it has no content",
	 {">CONNECT a:443 HTTP/1.1\r\n\r\n", "<HTTP/1.1 204 No\r\n\r\n",
	  "<HTTP/1.1 204 OK\r\n\r\n"},
	 "CONNECT a:443 1.1 host=a [0] 2-2 -> 204 No 1.1 [0] 3-3"},
	{"a tunnel, with early data",
	 {">CONNECT a:80 HTTP/1.1\r\n\r\nGET / HTTP/1.1\r\n\r\n", ">GET / HTTP/1.1\r\n\r\n",
	  "<HTTP/1.1 200 OK\r\n\r\nHTTP/1.1 204 OK\r\n\r\n", "<HTTP/1.1 204 OK\r\n\r\n"},
	 "CONNECT a:80 1.1 host=a [0] 2-2 -> 200 OK 1.1 [0] 4-4"},
	{"a tunnel, with early data that is lost",
	 {">CONNECT a:443 HTTP/1.1\r\n\r\n", ">+9\x16", ">\x16", "<HTTP/1.1 200 OK\r\n\r\n"},
	 "CONNECT a:443 1.1 host=a [0] 2-2 -> 200 OK 1.1 [0] 5-5"},
	{"a tunnel behind another request",
	 {">GET /1 HTTP/1.1\r\n\r\nCONNECT a:443 HTTP/1.1\r\n\r\n\x16",
	  "<HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n1HTTP/1.1 100 Continue\r\n\r\n", ">\x16",
	  "<HTTP/1.1 200 OK\r\n\r\n\x16"},
	 "GET /1 1.1 host= [0] 2-2 -> 200 OK 1.1 Content-Length=1 [1]1 3-3\n"
	 "CONNECT a:443 1.1 host=a [0] 2-2 -> 200 OK 1.1 [0] 5-5"},
	{"a tunnel that is refused, and then is not",
	 {">CONNECT a:443 HTTP/1.1\r\n\r\n", "<HTTP/1.1 407 Who\r\nContent-Length: 2\r\n\r\nno",
	  ">CONNECT a:443 HTTP/1.1\r\nX: 1\r\n\r\n", "<HTTP/1.1 200 OK\r\n\r\n", ">\x16", "<\x16"},
	 "CONNECT a:443 1.1 host=a [0] 2-2 -> 407 Who 1.1 Content-Length=2 [2]no 3-3\n"
	 "CONNECT a:443 1.1 host=a X=1 [0] 4-4 -> 200 OK 1.1 [0] 5-5"},
	{"a tunnel that is refused, and another request",
	 {">CONNECT a:443 HTTP/1.1\r\n\r\n",
	  "<HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n",
	  ">GET / HTTP/1.1\r\n\r\n", "<HTTP/1.1 204 OK\r\n\r\n"},
	 "CONNECT a:443 1.1 host=a [0] 2-2 -> 403 No 1.1 Content-Length=0 [0] 3-3\n"
	 "GET / 1.1 host= [0] 4-4 -> 204 OK 1.1 [0] 5-5"},
	{"a tunnel that is refused, for good",
	 {">CONNECT a:443 HTTP/1.1\r\n\r\n", "<HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n"},
	 "CONNECT a:443 1.1 host=a [0] 2-2 -> 403 No 1.1 Content-Length=0 [0] 3-3"},
	{"a tunnel that is refused, with early data",
	 {">CONNECT a:443 HTTP/1.1\r\n\r\n\x16", ">\x17",
	  "<HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", ">\x18", ">GET / HTTP/1.1\r\n\r\n",
	  "<HTTP/1.1 204 OK\r\n\r\n"},
	 "CONNECT a:443 1.1 host=a [0] 2-2 -> 403 No 1.1 Content-Length=0 [0] 4-4\n"
	 "GET / 1.1 host= [0] 6-6 -> 204 OK 1.1 [0] 7-7"},
	{"other protocols", {"<220 mail\r\n", ">EHLO GET / HTTP/1.1\r\n\r\n"}, ""},
	{"HTTP/2", {">PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", ">GET / HTTP/1.1\r\n\r\n"}, ""},
	{"HTTP/0.9", {">GET /\r\n\r\n", "<HTTP/1.1 200 OK\r\n\r\n"}, ""},
};

static void send_segment(struct l7_http *http, const char *word, uint32_t seqs[2], unsigned int ms,
			 uint8_t flags)
{
	bool from_server = *word == '<';
	struct sample_segment segment = {
		.key = {.src = {10, 1},
			.dst = {10, 2},
			.sport = 40000,
			.dport = 8080,
			.family = FAMILY_IPV4,
			.proto = IPPROTO_TCP},
		.time_ns = ms * NSEC_PER_MSEC,
		.seq = seqs[from_server],
		.tcp_flags = flags,
	};
	char *text = (char *)word + 1;
	uint32_t cut = *text == '+' ? (uint32_t)(text[1] - '0') : 0;

	text += cut ? 2 : 0;
	if (from_server)
		flow_key_reverse(&segment.key, &segment.key);
	if (strcmp(text, ".") == 0)
		segment.tcp_flags |= TH_FIN;
	else
		segment.size = (uint32_t)strlen(text);
	segment.wire_size = segment.size + cut;
	segment.data = (const uint8_t *)text;
	seqs[from_server] += segment.wire_size + (flags & TH_SYN ? 1 : 0);
	l7_http_segment(http, &segment);
}

static struct l7_http *new_http(struct transcript *told)
{
	const struct l7_http_config config = {10, NULL, on_transaction, told};
	struct l7_http *http;

	if (l7_http_new(&config, &http) < 0)
		abort();
	return http;
}

static void test_cases(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct transcript told = {0};
		struct l7_http *http = new_http(&told);
		uint32_t seqs[2] = {100, 200};

		if (*cases[i].sent[0] != '~')
			send_segment(http, ">", seqs, 1, TH_SYN);
		for (size_t k = 0; k < ARRAY_SIZE(cases[i].sent) && cases[i].sent[k]; k++) {
			const char *word = cases[i].sent[k];
			bool joined = *word == '~';

			send_segment(http, word + joined, seqs,
				     (unsigned int)k + (*cases[i].sent[0] == '~' ? 1 : 2), 0);
		}
		l7_http_free(http);
		is_str(told.text, cases[i].told, "%s", cases[i].name);
	}
}

/* Requests that are never answered: so many wait at most. */
static void test_unanswered(void)
{
	struct transcript told = {0};
	struct l7_http *http = new_http(&told);
	struct l7_http_counts counts;
	uint32_t seqs[2] = {100, 200};

	send_segment(http, ">", seqs, 1, TH_SYN);
	for (int i = 0; i < 64; i++)
		send_segment(http, ">GET / HTTP/1.1\r\n\r\n", seqs, 1, 0);
	l7_http_get_counts(http, &counts);
	is_u64(counts.transactions, 0, "64 requests wait for their responses");
	send_segment(http, ">GET / HTTP/1.1\r\n\r\n", seqs, 1, 0);
	l7_http_get_counts(http, &counts);
	is_u64(counts.transactions, 64, "one more, and they are told without");
	is_u64(counts.incomplete, 64, "as incomplete");
	is_u64(counts.lost_track, 1, "and the place is lost");
	told.n = 0;
	send_segment(http, ">GET /next HTTP/1.1\r\n\r\n", seqs, 1, 0);
	l7_http_free(http);
	is_str(told.text, "GET /next 1.1 host= [0] 1-1 -> ?", "and found again");
}

/* What was to go through a tunnel is lost where that is refused, and only there. */
static void test_early(void)
{
	static const struct {
		const char *answer;
		uint64_t lost;
	} runs[] = {{"<HTTP/1.1 200 OK\r\n\r\n", 0},
		    {"<HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n", 1}};

	for (size_t i = 0; i < ARRAY_SIZE(runs); i++) {
		struct transcript told = {0};
		struct l7_http *http = new_http(&told);
		struct l7_http_counts counts;
		uint32_t seqs[2] = {100, 200};

		send_segment(http, ">", seqs, 1, TH_SYN);
		send_segment(http, ">CONNECT a:443 HTTP/1.1\r\n\r\n\x16", seqs, 1, 0);
		send_segment(http, runs[i].answer, seqs, 1, 0);
		send_segment(http, ">GET / HTTP/1.1\r\n\r\n", seqs, 1, 0);
		l7_http_get_counts(http, &counts);
		is_u64(counts.transactions, 1, "%.12s: told", runs[i].answer + 1);
		is_u64(counts.incomplete, 0, "%.12s: complete", runs[i].answer + 1);
		is_u64(counts.lost_track, runs[i].lost, "%.12s: lost", runs[i].answer + 1);
		l7_http_free(http);
	}
}

static void test_many(void)
{
	static struct transcript told;
	struct l7_http *http = new_http(&told);
	struct l7_http_counts counts;
	uint32_t seqs[2] = {100, 200};

	send_segment(http, ">", seqs, 1, TH_SYN);
	for (int i = 0; i < 2500; i++) {
		told.n = 0;
		send_segment(http, ">GET / HTTP/1.1\r\n\r\n", seqs, 2, 0);
		send_segment(http, "<HTTP/1.1 204 OK\r\n\r\n", seqs, 3, 0);
	}
	l7_http_get_counts(http, &counts);
	is_u64(counts.transactions, 2500, "many transactions of one connection");
	is_u64(counts.incomplete, 0, "all of them whole");
	is_u64(counts.lost_track + counts.given_up, 0, "and none is lost");
	l7_http_free(http);
}

int main(void)
{
	test_cases();
	test_unanswered();
	test_early();
	test_many();
	return tap_done();
}

#else

int main(void)
{
	struct l7_http *http;

	(void)http;
	is_int(l7_http_new(&(struct l7_http_config){0}, &http), -ENOTSUP, "built without libhtp");
	return tap_done();
}

#endif
