/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Events of the kind "dns": a record for each query, with the answer where there was one. */
#include "config.h"

#include "event-data.h"
#include "l7-dns-query.h"
#include "l7-dns-watch.h"
#include "l7-dns.h"
#include "macro.h"
#include "owner.h"

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

static void find_owner(const struct event_stream *stream, bool client, struct event_row *row)
{
	struct owner_table *owners = stream->input.owners;
	struct owner_match match;

	owner_find_end(owners, &row->flow.key, client, &match);
	row->row.owner = match.owner ? owner_get(owners, match.owner) : NULL;
	row->row.owner_reason = match.reason;
	row->row.owner_estimated = match.estimated;
	row->row.owner_same = row->row.owner ? ROW_SAME_ALL : 0;
}

/* The process that asked, and the one that was asked: where they are on this host. */
static void put_owners(struct event_stream *stream, struct event_row *row)
{
	find_owner(stream, true, row);
	event_put_owner(stream, "owner", &row->row);
	find_owner(stream, false, row);
	event_put_owner(stream, "resolver", &row->row);
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
		event_put_milliseconds(stream, "duration_ms", time_ns - query->time_ns);
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

static int on_query(void *data, const struct dns_query *query, const struct dns_message *answer,
		    uint64_t time_ns)
{
	struct event_stream *stream = data;
	bool waits = time_ns == UINT64_MAX;

	if (!answer)
		time_ns = ledger_last_tick(stream->input.ledger)->end_ns;
	if (stream->ended)
		return 0;
	return put_record(stream, query, answer, time_ns, waits);
}

static struct dns_watch *watch_of(const struct event_stream *stream)
{
	return stream->kinds[EVENT_DNS];
}

int event_dns_begin(struct event_stream *stream, char *error ATTR_UNUSED,
		    size_t error_size ATTR_UNUSED)
{
	struct dns_watch *watch = NULL;
	int r = dns_watch_new(on_query, stream, &watch);

	stream->kinds[EVENT_DNS] = watch;
	return r;
}

void event_dns_end(struct event_stream *stream)
{
	dns_watch_free(watch_of(stream));
}

int event_dns_segment(struct event_stream *stream, const struct sample_segment *segment)
{
	return dns_watch_segment(watch_of(stream), segment);
}

int event_dns_tick(struct event_stream *stream)
{
	struct dns_watch_counts counts;
	int r = dns_watch_tick(watch_of(stream), ledger_last_tick(stream->input.ledger)->end_ns);

	dns_watch_get_counts(watch_of(stream), &counts);
	event_set_loss(stream, "dns_messages_unreadable", counts.unreadable);
	event_set_loss(stream, "dns_connections_given_up", counts.given_up);
	event_set_loss(stream, "dns_queries_forgotten", counts.forgotten);
	return r;
}

int event_dns_finish(struct event_stream *stream)
{
	return dns_watch_tick(watch_of(stream), UINT64_MAX);
}
