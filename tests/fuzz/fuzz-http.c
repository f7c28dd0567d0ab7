/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any octets of both sides as HTTP: what is told is in its bounds, and its texts are harmless. A
 * byte says who sends how much of what follows: bit 7 the server, bit 6 that as much is lost after
 * it, bit 5 that it is the last.
 */
#include "config.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "fuzz.h"
#include "l7-http.h"
#include "macro.h"

#define BODY_MAX 16

static void check_text(const char *text)
{
	for (; *text; text++) {
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			abort();
	}
}

static void check_message(const struct l7_http_message *message)
{
	if (message->n_body > BODY_MAX || message->n_body > message->body_size ||
	    message->n_headers > L7_HTTP_HEADERS_MAX || message->start_ns > message->end_ns)
		abort();
	check_text(message->version);
	for (size_t i = 0; i < message->n_headers; i++) {
		check_text(message->headers[i].name);
		check_text(message->headers[i].value);
	}
}

static void on_transaction(void *data ATTR_UNUSED, const struct l7_http_transaction *transaction)
{
	if (!transaction->request.seen && !transaction->response.seen)
		abort();
	check_text(transaction->method);
	check_text(transaction->target);
	check_text(transaction->host);
	check_text(transaction->reason);
	check_message(&transaction->request);
	check_message(&transaction->response);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct stream_config streams = {4, 16, 16, NSEC_PER_SEC};
	const struct l7_http_config config = {BODY_MAX, &streams, on_transaction, NULL};
	struct flow_key key = {.src = {10},
			       .dst = {20},
			       .sport = 40000,
			       .dport = 80,
			       .family = FAMILY_IPV4,
			       .proto = IPPROTO_TCP};
	struct l7_http *http;
	uint32_t seqs[2] = {0, 0};

	if (l7_http_new(&config, &http) < 0)
		return 0; /* built without libhtp */
	for (uint64_t ms = 1; size; ms++) {
		bool from_server = *data & 0x80;
		uint32_t n = (uint32_t)MIN((size_t)(*data & 0x1f), size - 1);
		struct sample_segment segment = {
			.key = key,
			.time_ns = ms * NSEC_PER_MSEC,
			.seq = seqs[from_server],
			.tcp_flags = *data & 0x20 ? TH_FIN : 0,
			.wire_size = *data & 0x40 ? 2 * n : n,
			.size = n,
			.data = data + 1,
		};

		if (from_server)
			flow_key_reverse(&key, &segment.key);
		seqs[from_server] += segment.wire_size;
		l7_http_segment(http, &segment);
		data += 1 + n;
		size -= 1 + n;
	}
	l7_http_free(http);
	return 0;
}
