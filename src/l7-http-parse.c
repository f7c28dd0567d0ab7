/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Follows libhtp through the messages of a connection. */
#include "config.h"

#ifdef HAVE_HTP

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "l7-http-data.h"
#include "macro.h"

#define FIELD_MAX 16384 /* octets of a line */
#define PENDING_MAX 64  /* requests before their responses, of a connection */

static struct l7_http_connection *connection_of(const htp_tx_t *tx)
{
	return htp_connp_get_user_data(tx->connp);
}

/* What is kept of a transaction: made when it is first heard of. */
static struct l7_http_exchange *exchange_of(htp_tx_t *tx)
{
	struct l7_http_connection *connection = connection_of(tx);
	size_t body_max = connection->http->config.body_max;
	struct l7_http_exchange *exchange = htp_tx_get_user_data(tx);

	if (exchange || connection->n_pending == PENDING_MAX)
		return exchange;
	exchange = calloc(1, sizeof(*exchange) + STREAM_SIDE_MAX * body_max);
	if (!exchange)
		return NULL;
	for (size_t side = 0; side < STREAM_SIDE_MAX; side++)
		exchange->parts[side].body = (uint8_t *)(exchange + 1) + side * body_max;
	htp_tx_set_user_data(tx, exchange);
	l7_http_hold(connection, sizeof(*exchange) + STREAM_SIDE_MAX * body_max);
	connection->n_pending++;
	connection->n_parsed++;
	return exchange;
}

static void tell(struct l7_http_connection *connection, htp_tx_t *tx)
{
	struct l7_http_exchange *exchange = htp_tx_get_user_data(tx);

	if (!exchange)
		return;
	l7_http_tell(connection, tx, exchange);
	htp_tx_set_user_data(tx, NULL);
	free(exchange);
	l7_http_release(connection);
}

static bool is_connect(const htp_tx_t *tx)
{
	return tx->request_method && bstr_cmp_c(tx->request_method, "CONNECT") == 0;
}

/* The first line of a message: where it is none of HTTP/1, the parser is stopped. */
static int on_line(htp_tx_t *tx, enum stream_side side, int protocol)
{
	struct l7_http_connection *connection = connection_of(tx);
	struct l7_http_exchange *exchange = exchange_of(tx);

	if (!exchange || (protocol != HTP_PROTOCOL_1_0 && protocol != HTP_PROTOCOL_1_1))
		return HTP_ERROR;
	connection->is_http = true;
	/* A response that follows "100 Continue" begins again. */
	exchange->parts[side].seen = true;
	exchange->parts[side].start_ns = exchange->parts[side].end_ns = connection->now_ns;
	return HTP_OK;
}

static int on_request_line(htp_tx_t *tx)
{
	return on_line(tx, STREAM_CLIENT, tx->is_protocol_0_9 ? 0 : tx->request_protocol_number);
}

/*
 * Which responses are interim or have no body (RFC 9112, 6.3; RFC 9110, 15.2) libhtp decides behind
 * the headers, by what it is led to believe here: it knows 100 alone, and that once, and believes a
 * length of 204 and 304. Behind a CONNECT that is refused it goes on where the status is 407 alone.
 */
static int on_response_line(htp_tx_t *tx)
{
	int r = on_line(tx, STREAM_SERVER, tx->response_protocol_number);
	int status = tx->response_status_number;

	if (r != HTP_OK)
		return r;
	((struct l7_http_exchange *)htp_tx_get_user_data(tx))->status = status;
	if (status >= 100 && status < 200 && status != 101) {
		tx->response_status_number = 100;
		tx->seen_100continue = 0;
		if (is_connect(tx))
			tx->request_method_number = HTP_M_UNKNOWN; /* it is not refused yet */
	} else if (is_connect(tx)) {
		tx->request_method_number = HTP_M_CONNECT;
		if (status / 100 != 2)
			tx->response_status_number = 407;
	} else if (status == 204 || status == 304) {
		tx->request_method_number = HTP_M_HEAD;
	}
	return HTP_OK;
}

/* A CONNECT ends here, and the answer tells what follows (RFC 9110, 9.3.6). */
static int on_request_headers(htp_tx_t *tx)
{
	struct l7_http_connection *connection = connection_of(tx);
	struct l7_http_exchange *exchange = exchange_of(tx);

	if (!exchange)
		return HTP_ERROR;
	connection->connecting = is_connect(tx);
	connection->in_body[STREAM_CLIENT] = !connection->connecting;
	exchange->parts[STREAM_CLIENT].ended = connection->connecting;
	exchange->parts[STREAM_CLIENT].end_ns = connection->now_ns;
	return HTP_OK;
}

/*
 * A CONNECT that is granted (RFC 9110, 9.3.6) and a switch of protocols (15.2.2) end the parser: no
 * body follows, whatever the headers say, and no other message.
 */
static int on_response_headers(htp_tx_t *tx)
{
	struct l7_http_connection *connection = connection_of(tx);
	struct l7_http_exchange *exchange = exchange_of(tx);
	struct l7_http_part *part;
	bool granted;

	if (!exchange)
		return HTP_ERROR;
	granted = is_connect(tx) && exchange->status / 100 == 2;
	if (granted || exchange->status == 101) {
		part = &exchange->parts[STREAM_SERVER];
		part->ended = true;
		part->end_ns = connection->now_ns;
		connection->tunnel = true;
		return HTP_STOP;
	}
	connection->in_body[STREAM_SERVER] = true;
	if (is_connect(tx)) {
		/* a server may take what was to go through the tunnel for requests */
		connection->http->counts.lost_track += connection->early;
		connection->connecting = connection->early = false;
	}
	return HTP_OK;
}

static int on_body(const htp_tx_data_t *data, enum stream_side side)
{
	struct l7_http_connection *connection = connection_of(data->tx);
	struct l7_http_exchange *exchange = exchange_of(data->tx);
	struct l7_http_part *part;
	size_t n;

	if (!exchange)
		return HTP_ERROR;
	part = &exchange->parts[side];
	connection->n_body += data->len;
	part->body_size += data->len;
	part->lost |= !data->data && data->len;
	n = part->lost ? 0 : MIN(data->len, connection->http->config.body_max - part->n_body);
	if (n)
		memcpy(part->body + part->n_body, data->data, n);
	part->n_body += n;
	return HTP_OK;
}

static int on_request_body(htp_tx_data_t *data)
{
	return on_body(data, STREAM_CLIENT);
}

static int on_response_body(htp_tx_data_t *data)
{
	return on_body(data, STREAM_SERVER);
}

static int on_complete(htp_tx_t *tx, enum stream_side side, enum htp_transfer_coding_t coding,
		       int64_t length)
{
	struct l7_http_connection *connection = connection_of(tx);
	struct l7_http_exchange *exchange = exchange_of(tx);
	struct l7_http_part *part;

	connection->in_body[side] = false;
	if (!exchange)
		return HTP_ERROR;
	part = &exchange->parts[side];
	if (part->ended)
		return HTP_OK;
	part->ended = true;
	part->end_ns = connection->now_ns;
	/* The end of the connection ends a body too, but not one that says where it ends. */
	part->lost |= connection->ended && (coding == HTP_CODING_CHUNKED ||
					    (coding == HTP_CODING_IDENTITY && length >= 0 &&
					     part->body_size < (uint64_t)length));
	return HTP_OK;
}

static int on_request_complete(htp_tx_t *tx)
{
	return on_complete(tx, STREAM_CLIENT, tx->request_transfer_coding,
			   tx->request_content_length);
}

static int on_response_complete(htp_tx_t *tx)
{
	return on_complete(tx, STREAM_SERVER, tx->response_transfer_coding,
			   tx->response_content_length);
}

static int on_transaction_complete(htp_tx_t *tx)
{
	tell(connection_of(tx), tx);
	return HTP_OK;
}

int l7_http_parse_init(struct l7_http *http)
{
	htp_cfg_t *cfg = http->cfg = htp_config_create();

	if (!cfg || htp_config_set_server_personality(cfg, HTP_SERVER_MINIMAL) != HTP_OK)
		return -ENOMEM;
	htp_config_set_tx_auto_destroy(cfg, 1);
	htp_config_set_log_level(cfg, HTP_LOG_NONE);
	htp_config_set_field_limits(cfg, FIELD_MAX, FIELD_MAX);
	htp_config_set_response_decompression(cfg, 0);
	htp_config_set_parse_request_auth(cfg, 0);
	htp_config_set_parse_request_cookies(cfg, 0);
	htp_config_register_request_line(cfg, on_request_line);
	htp_config_register_request_headers(cfg, on_request_headers);
	htp_config_register_request_body_data(cfg, on_request_body);
	htp_config_register_request_complete(cfg, on_request_complete);
	htp_config_register_response_line(cfg, on_response_line);
	htp_config_register_response_headers(cfg, on_response_headers);
	htp_config_register_response_body_data(cfg, on_response_body);
	htp_config_register_response_complete(cfg, on_response_complete);
	htp_config_register_transaction_complete(cfg, on_transaction_complete);
	return 0;
}

int l7_http_parse_begin(struct l7_http_connection *connection)
{
	connection->parser = htp_connp_create(connection->http->cfg);
	if (!connection->parser)
		return -ENOMEM;
	htp_connp_set_user_data(connection->parser, connection);
	htp_connp_open(connection->parser, NULL, 0, NULL, 0, NULL);
	connection->n_parsed = 0;
	connection->connecting = connection->early = false;
	for (size_t side = 0; side < STREAM_SIDE_MAX; side++)
		connection->in_body[side] = false;
	return 0;
}

void l7_http_parse_end(struct l7_http_connection *connection)
{
	htp_list_t *transactions;

	if (!connection->parser)
		return;
	transactions = htp_connp_get_connection(connection->parser)->transactions;
	for (size_t i = 0; i < htp_list_size(transactions); i++) {
		htp_tx_t *tx = htp_list_get(transactions, i);

		if (tx)
			tell(connection, tx);
	}
	htp_connp_destroy_all(connection->parser);
	connection->parser = NULL;
}

#endif
