/* SPDX-License-Identifier: GPL-2.0-or-later */
/* DNS as segments of payload bring it: queries, each with its answer. */
#include "config.h"

#include "l7-dns-watch.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>

#include "cleanup.h"
#include "l7-dns-query.h"
#include "l7-dns-tcp.h"
#include "l7-dns.h"

struct dns_watch {
	dns_watch_fn fn;
	void *data;
	struct dns_queries *queries;
	struct dns_tcp *tcp;
	uint64_t n_unreadable;
	int result; /* of fn, out of a connection */
	struct dns_message message;
};
DEFINE_CLEANUP(struct dns_watch *, dns_watch_free);

/* A message in watch->message. */
static int take_message(struct dns_watch *watch, const struct flow_key *key, uint64_t time_ns)
{
	const struct dns_query *query;

	if (!watch->message.response) {
		dns_queries_ask(watch->queries, key, time_ns, &watch->message);
		return 0;
	}
	query = dns_queries_answer(watch->queries, key, time_ns, &watch->message);
	return query ? watch->fn(watch->data, query, &watch->message, time_ns) : 0;
}

static bool on_tcp(void *data, const struct flow_key *key, uint64_t time_ns, const uint8_t *octets,
		   size_t n)
{
	struct dns_watch *watch = data;

	if (watch->result || dns_parse(octets, n, &watch->message) < 0)
		return false;
	watch->result = take_message(watch, key, time_ns);
	return true;
}

int dns_watch_new(dns_watch_fn fn, void *data, struct dns_watch **ret_watch)
{
	cleanup(dns_watch_freep) struct dns_watch *watch = calloc(1, sizeof(*watch));
	int r;

	if (!watch)
		return -ENOMEM;
	watch->fn = fn;
	watch->data = data;
	r = dns_queries_new(&watch->queries);
	if (r == 0)
		r = dns_tcp_new(on_tcp, watch, &watch->tcp);
	if (r < 0)
		return r;
	*ret_watch = take_ptr(watch);
	return 0;
}

void dns_watch_free(struct dns_watch *watch)
{
	if (!watch)
		return;
	dns_tcp_free(watch->tcp);
	dns_queries_free(watch->queries);
	free(watch);
}

int dns_watch_segment(struct dns_watch *watch, const struct sample_segment *segment)
{
	if (segment->what != PAYLOAD_DNS)
		return 0;
	if (segment->key.proto == IPPROTO_TCP) {
		dns_tcp_segment(watch->tcp, segment);
		return watch->result;
	}
	if (dns_parse(segment->data, segment->size, &watch->message) < 0) {
		watch->n_unreadable++;
		return 0;
	}
	return take_message(watch, &segment->key, segment->time_ns);
}

int dns_watch_tick(struct dns_watch *watch, uint64_t now_ns)
{
	const struct dns_query *query;
	int r;

	if (now_ns != UINT64_MAX)
		dns_tcp_tick(watch->tcp, now_ns);
	r = watch->result;
	while (r == 0 && (query = dns_queries_expire(watch->queries, now_ns)))
		r = watch->fn(watch->data, query, NULL, now_ns);
	return r;
}

void dns_watch_get_counts(const struct dns_watch *watch, struct dns_watch_counts *ret_counts)
{
	*ret_counts = (struct dns_watch_counts){
		.unreadable = watch->n_unreadable,
		.given_up = dns_tcp_given_up(watch->tcp),
		.forgotten = dns_queries_forgotten(watch->queries),
	};
}
