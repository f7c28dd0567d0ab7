/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A transaction of libhtp as the receiver has it: all texts escaped, in one buffer. */
#include "config.h"

#ifdef HAVE_HTP

#include <string.h>

#include "flow.h"
#include "l7-http-data.h"
#include "macro.h"
#include "text.h"

/* The text, escaped, or as much of it as there is room for. */
static const char *put(struct l7_http *http, const bstr *text)
{
	char *to = http->text + http->n_text;
	size_t room = L7_HTTP_TEXT_MAX - http->n_text;

	if (!text)
		return "";
	/* The longest escape is of 4 octets of which each becomes 4. */
	if (room < 4 * bstr_len(text) + 1)
		http->text_cut = true;
	if (room < 2)
		return "";
	http->n_text += text_escape(to, room, (const char *)bstr_ptr(text), bstr_len(text)) + 1;
	return to;
}

static size_t put_headers(struct l7_http *http, enum stream_side side, const htp_table_t *table)
{
	struct l7_http_header *headers = http->headers[side];
	size_t n = table ? htp_table_size(table) : 0;

	if (n > L7_HTTP_HEADERS_MAX)
		http->text_cut = true;
	n = MIN(n, (size_t)L7_HTTP_HEADERS_MAX);
	for (size_t i = 0; i < n; i++) {
		const htp_header_t *header = htp_table_get_index(table, i, NULL);

		headers[i].name = put(http, header->name);
		headers[i].value = put(http, header->value);
	}
	return n;
}

static const char *version_text(int number)
{
	switch (number) {
	case HTP_PROTOCOL_1_0:
		return "1.0";
	case HTP_PROTOCOL_1_1:
		return "1.1";
	default:
		return "";
	}
}

static void put_message(struct l7_http *http, enum stream_side side,
			const struct l7_http_part *part, int protocol, const htp_table_t *headers,
			struct l7_http_message *ret_message)
{
	*ret_message = (struct l7_http_message){.version = ""};
	if (!part->seen)
		return;
	*ret_message = (struct l7_http_message){
		.seen = true,
		.complete = part->ended && !part->lost,
		.version = version_text(protocol),
		.start_ns = part->start_ns,
		.end_ns = part->end_ns,
		.headers = http->headers[side],
		.n_headers = put_headers(http, side, headers),
		.body_size = part->body_size,
		.body = part->body,
		.n_body = part->n_body,
	};
}

static const char *put_host(struct l7_http *http, const htp_tx_t *tx)
{
	const htp_header_t *header =
		tx->request_headers ? htp_table_get_c(tx->request_headers, "host") : NULL;

	return put(http, header ? header->value : tx->request_hostname);
}

void l7_http_tell(struct l7_http_connection *connection, const htp_tx_t *tx,
		  const struct l7_http_exchange *exchange)
{
	struct l7_http *http = connection->http;
	const struct l7_http_part *request = &exchange->parts[STREAM_CLIENT];
	const struct l7_http_part *response = &exchange->parts[STREAM_SERVER];
	struct l7_http_transaction told = {.key = connection->stream->key,
					   .method = "",
					   .target = "",
					   .host = "",
					   .reason = ""};

	if (!request->seen && !response->seen)
		return;
	if (connection->swapped)
		flow_key_reverse(&connection->stream->key, &told.key);
	http->n_text = 0;
	http->text_cut = false;
	if (request->seen) {
		told.method = put(http, tx->request_method);
		told.target = put(http, tx->request_uri);
		told.host = put_host(http, tx);
	}
	if (response->seen) {
		told.status = (unsigned int)MAX(exchange->status, 0);
		told.reason = put(http, tx->response_message);
	}
	put_message(http, STREAM_CLIENT, request, tx->request_protocol_number, tx->request_headers,
		    &told.request);
	put_message(http, STREAM_SERVER, response, tx->response_protocol_number,
		    tx->response_headers, &told.response);
	told.cut = http->text_cut;
	http->counts.transactions++;
	http->counts.incomplete += !told.request.complete || !told.response.complete;
	http->config.transaction(http->config.data, &told);
}

#endif
