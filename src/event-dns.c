/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of the kind "dns": a record for each query, with the answer where there was one. */
#include "config.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>

#include "event-data.h"
#include "l7-dns-query.h"
#include "l7-dns-tcp.h"
#include "l7-dns.h"
#include "macro.h"
#include "owner.h"

#define NSEC_PER_MSEC_F 1e6

struct dns {
	struct event_stream *stream;
	struct dns_queries *queries;
	struct dns_tcp *tcp;
	uint64_t n_bad; /* messages that are none */
	int error;      /* of a record out of a connection */
	struct dns_message message;
};

static struct dns *dns_of(struct event_stream *stream)
{
	return stream->kinds[EVENT_DNS];
}

static void put_flags(struct event_stream *stream, uint16_t flags)
{
	static const struct {
		uint16_t flag;
		const char *name;
	} names[] = {
		{DNS_FLAG_AA, "aa"}, {DNS_FLAG_TC, "tc"}, {DNS_FLAG_RD, "rd"},
		{DNS_FLAG_RA, "ra"}, {DNS_FLAG_AD, "ad"}, {DNS_FLAG_CD, "cd"},
	};
	const char *texts[ARRAY_SIZE(names)];
	size_t n = 0;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (flags & names[i].flag)
			texts[n++] = names[i].name;
	event_put_list(stream, "flags", texts, n);
}

/* In the text their data alone. */
static void put_answers(struct event_stream *stream, const struct dns_message *message)
{
	const char *texts[DNS_ANSWERS_MAX];
	char type[DNS_WORD_SIZE];

	for (size_t i = 0; i < message->n_answers; i++)
		texts[i] = message->answers[i].data;
	if (!stream->config.json) {
		event_put_list(stream, "answers", texts, message->n_answers);
		return;
	}
	event_list_begin(stream, "answers");
	for (size_t i = 0; i < message->n_answers; i++) {
		const struct dns_answer *answer = &message->answers[i];

		event_item_begin(stream);
		event_put_text(stream, "name", answer->name);
		event_put_text(stream, "type", dns_type_name(type, answer->type));
		event_put_number(stream, "ttl", answer->ttl);
		event_put_text(stream, "data", answer->data);
		event_item_end(stream);
	}
	event_list_end(stream);
}

/* The process that asked, and the one that was asked: where they are on this host. */
static void put_owners(struct event_stream *stream, struct event_row *row)
{
	struct owner_table *owners = stream->input.owners;
	struct owner_match client, server;
	const struct owner *owner;
	char label[OWNER_TEXT_SIZE];

	owner_find_end(owners, &row->flow.key, true, &client);
	owner_find_end(owners, &row->flow.key, false, &server);
	row->row.owner = client.owner ? owner_get(owners, client.owner) : NULL;
	row->row.owner_reason = client.reason;
	row->row.owner_estimated = client.estimated;
	row->row.owner_same = row->row.owner ? ROW_SAME_ALL : 0;
	event_put_owner(stream, &row->row);
	owner = server.owner ? owner_get(owners, server.owner) : NULL;
	if (owner)
		owner_label(label, sizeof(label), owner);
	event_put_text(stream, "server_owner", owner ? label : NULL);
}

/* answer NULL: there was none in time; or there may still be one, since the stream ends. */
static int put_record(struct event_stream *stream, const struct dns_query *query,
		      const struct dns_message *answer, uint64_t time_ns, bool waits)
{
	char opcode[DNS_WORD_SIZE], type[DNS_WORD_SIZE], class[DNS_WORD_SIZE], code[DNS_WORD_SIZE];
	struct event_row row;

	if (!event_row_fill(stream, &query->key, &row))
		return 0;
	event_record_begin(stream, "dns", event_real_ns(stream, time_ns));
	event_put_ends(stream, &row.row);
	event_put_number(stream, "id", query->id);
	if (stream->config.json || query->opcode != DNS_OPCODE_QUERY)
		event_put_text(stream, "opcode", dns_opcode_name(opcode, query->opcode));
	event_put_text(stream, "name", query->name);
	if (stream->config.json || query->class != DNS_CLASS_IN)
		event_put_text(stream, "qclass", dns_class_name(class, query->class));
	event_put_text(stream, "qtype", dns_type_name(type, query->type));
	event_put_text(stream, "code", answer ? dns_code_name(code, answer->code) : NULL);
	put_flags(stream, answer ? answer->flags : query->flags);
	if (answer && query->seen)
		event_put_measure(stream, "duration_ms",
				  (double)(time_ns - query->time_ns) / NSEC_PER_MSEC_F);
	else
		event_put_null(stream, "duration_ms");
	if (stream->config.json || query->n_tries > 1)
		event_put_number(stream, "tries", query->seen ? query->n_tries : 0);
	event_put_bool(stream, "unanswered", !answer && !waits);
	event_put_bool(stream, "damaged", answer && answer->bad);
	if (answer && (stream->config.json || answer->n_more))
		event_put_number(stream, "answers_left_out", answer->n_more);
	if (answer)
		put_answers(stream, answer);
	else
		event_put_null(stream, "answers");
	put_owners(stream, &row);
	return event_end(stream);
}

/* A message in dns->message. */
static int take_message(struct dns *dns, const struct flow_key *key, uint64_t time_ns)
{
	const struct dns_query *query;

	if (!dns->message.response) {
		dns_queries_ask(dns->queries, key, time_ns, &dns->message);
		return 0;
	}
	query = dns_queries_answer(dns->queries, key, time_ns, &dns->message);
	return query ? put_record(dns->stream, query, &dns->message, time_ns, false) : 0;
}

static bool on_tcp(void *data, const struct flow_key *key, uint64_t time_ns, const uint8_t *octets,
		   size_t n)
{
	struct dns *dns = data;

	if (dns->error < 0 || dns->stream->ended || dns_parse(octets, n, &dns->message) < 0)
		return false;
	dns->error = take_message(dns, key, time_ns);
	return true;
}

int event_dns_begin(struct event_stream *stream, char *error ATTR_UNUSED,
		    size_t error_size ATTR_UNUSED)
{
	struct dns *dns = calloc(1, sizeof(*dns));
	int r;

	if (!dns)
		return -ENOMEM;
	stream->kinds[EVENT_DNS] = dns;
	dns->stream = stream;
	r = dns_queries_new(&dns->queries);
	return r < 0 ? r : dns_tcp_new(on_tcp, dns, &dns->tcp);
}

void event_dns_end(struct event_stream *stream)
{
	struct dns *dns = dns_of(stream);

	if (!dns)
		return;
	dns_tcp_free(dns->tcp);
	dns_queries_free(dns->queries);
	free(dns);
}

int event_dns_segment(struct event_stream *stream, const struct sample_segment *segment)
{
	struct dns *dns = dns_of(stream);

	if (segment->what != PAYLOAD_DNS)
		return 0;
	if (segment->key.proto == IPPROTO_TCP) {
		dns_tcp_segment(dns->tcp, segment);
		return dns->error;
	}
	if (dns_parse(segment->data, segment->size, &dns->message) < 0) {
		dns->n_bad++;
		return 0;
	}
	return take_message(dns, &segment->key, segment->time_ns);
}

static uint64_t now_ns(const struct event_stream *stream)
{
	return ledger_last_tick(stream->input.ledger)->end_ns;
}

int event_dns_tick(struct event_stream *stream)
{
	struct dns *dns = dns_of(stream);
	const struct dns_query *query;
	int r;

	dns_tcp_tick(dns->tcp, now_ns(stream));
	r = dns->error;
	while (r == 0 && !stream->ended &&
	       (query = dns_queries_expire(dns->queries, now_ns(stream))))
		r = put_record(stream, query, NULL, now_ns(stream), false);
	event_set_loss(stream, "dns_messages_unreadable", dns->n_bad);
	event_set_loss(stream, "dns_connections_given_up", dns_tcp_given_up(dns->tcp));
	event_set_loss(stream, "dns_queries_forgotten", dns_queries_forgotten(dns->queries));
	return r;
}

int event_dns_finish(struct event_stream *stream)
{
	const struct dns_query *query;
	int r = 0;

	while (r == 0 && !stream->ended &&
	       (query = dns_queries_expire(dns_of(stream)->queries, UINT64_MAX)))
		r = put_record(stream, query, NULL, now_ns(stream), true);
	return r;
}
