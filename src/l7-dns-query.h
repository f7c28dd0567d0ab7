/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Queries of DNS that wait for an answer. Fixed memory: past DNS_QUERIES_MAX the oldest makes room.
 *
 * A packet that passes several interfaces is seen on each; a query and its answer count once, where
 * they were seen first.
 */
#ifndef L7_DNS_QUERY_H
#define L7_DNS_QUERY_H

#include <stdbool.h>
#include <stdint.h>

#include "l7-dns.h"
#include "sample.h"

struct dns_queries;

#define DNS_QUERIES_MAX 4096
/* After this long a query is not answered any more; resolvers ask again, or give up. */
#define DNS_WAIT_NS (5 * 1000000000ULL)

struct dns_query {
	struct flow_key key; /* from the client to the server */
	uint64_t time_ns;    /* when it was seen first */
	uint16_t id;
	uint16_t flags;
	uint16_t type, class;
	uint8_t opcode;
	bool seen;     /* false: it stands for an answer alone */
	bool answered; /* kept, since copies of the answer may follow */
	uint32_t n_tries;
	char name[DNS_NAME_SIZE];
};

int dns_queries_new(struct dns_queries **ret_queries);
void dns_queries_free(struct dns_queries *queries); /* NULL is allowed */

void dns_queries_ask(struct dns_queries *queries, const struct flow_key *key, uint64_t time_ns,
		     const struct dns_message *message);
/*
 * The query that an answer is of, whose key is that of the answer's packet; one that is not seen
 * where none is known. NULL: the answer was there already. Valid until the next call.
 */
const struct dns_query *dns_queries_answer(struct dns_queries *queries, const struct flow_key *key,
					   uint64_t time_ns, const struct dns_message *message);
/* Takes out a query that waited too long, oldest first; NULL: there is none. Call it again. */
const struct dns_query *dns_queries_expire(struct dns_queries *queries, uint64_t now_ns);
/* Queries that made room while they waited. */
uint64_t dns_queries_forgotten(const struct dns_queries *queries);

#endif
