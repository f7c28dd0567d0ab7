/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Queries of DNS that wait for an answer: a queue in the order of time, and a hash over it. */
#include "config.h"

#include "l7-dns-query.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/random.h>

#include "cleanup.h"
#include "flow.h"
#include "mix.h"

#define N_HEADS (2 * DNS_QUERIES_MAX)
#define NONE UINT32_MAX
/* Queries of the same ends and id that are compared, the newest ones: more only a flood has. */
#define SAME_MAX 64

struct entry {
	struct dns_query query;
	uint32_t next, previous; /* of the same head */
};

struct dns_queries {
	uint64_t seed[2];
	uint32_t begin, n; /* of the queue, in a ring */
	uint64_t n_forgotten;
	uint32_t heads[N_HEADS];
	struct entry entries[DNS_QUERIES_MAX];
};
DEFINE_CLEANUP(struct dns_queries *, dns_queries_free);

int dns_queries_new(struct dns_queries **ret_queries)
{
	cleanup(dns_queries_freep) struct dns_queries *queries = calloc(1, sizeof(*queries));

	if (!queries)
		return -ENOMEM;
	if (getrandom(queries->seed, sizeof(queries->seed), 0) != (ssize_t)sizeof(queries->seed))
		return -EIO;
	memset(queries->heads, 0xff, sizeof(queries->heads));
	*ret_queries = take_ptr(queries);
	return 0;
}

void dns_queries_free(struct dns_queries *queries)
{
	free(queries);
}

uint64_t dns_queries_forgotten(const struct dns_queries *queries)
{
	return queries->n_forgotten;
}

static uint32_t *head_of(struct dns_queries *queries, const struct flow_key *key, uint16_t id)
{
	uint64_t words[4], hash = queries->seed[0];

	memcpy(words, key->src, sizeof(key->src));
	memcpy(words + 2, key->dst, sizeof(key->dst));
	for (size_t i = 0; i < 4; i++)
		hash = mix(hash ^ words[i], queries->seed[1] | 1);
	hash = mix(hash ^ ((uint64_t)id << 32 | (uint64_t)key->sport << 16 | key->dport),
		   queries->seed[1] | 1);
	return &queries->heads[hash % N_HEADS];
}

/* On whatever interface. */
static bool same_ends(const struct flow_key *a, const struct flow_key *b)
{
	return a->sport == b->sport && a->dport == b->dport && a->proto == b->proto &&
	       a->family == b->family && memcmp(a->src, b->src, sizeof(a->src)) == 0 &&
	       memcmp(a->dst, b->dst, sizeof(a->dst)) == 0;
}

static bool same_hook(const struct flow_key *a, const struct flow_key *b)
{
	return a->iface == b->iface && a->direction == b->direction;
}

/* An answer to what it could not read need not have the question. */
static bool same_question(const struct dns_query *query, const struct dns_message *message)
{
	if (!*message->name && message->response)
		return true;
	return query->type == message->type && query->class == message->class &&
	       strcasecmp(query->name, message->name) == 0;
}

static struct entry *find(struct dns_queries *queries, const struct flow_key *key,
			  const struct dns_message *message)
{
	uint32_t i = *head_of(queries, key, message->id);

	for (int n = 0; n < SAME_MAX && i != NONE; n++) {
		struct entry *entry = &queries->entries[i];

		if (entry->query.id == message->id && same_ends(&entry->query.key, key) &&
		    same_question(&entry->query, message))
			return entry;
		i = entry->next;
	}
	return NULL;
}

/* Takes the oldest one out of the hash and the queue. */
static struct entry *take_oldest(struct dns_queries *queries)
{
	struct entry *entry = &queries->entries[queries->begin];

	if (entry->previous == NONE)
		*head_of(queries, &entry->query.key, entry->query.id) = entry->next;
	else
		queries->entries[entry->previous].next = entry->next;
	if (entry->next != NONE)
		queries->entries[entry->next].previous = entry->previous;
	queries->begin = (queries->begin + 1) % DNS_QUERIES_MAX;
	queries->n--;
	return entry;
}

static struct dns_query *add(struct dns_queries *queries, const struct flow_key *key,
			     uint64_t time_ns, const struct dns_message *message)
{
	uint32_t *head = head_of(queries, key, message->id), last;
	struct entry *entry;

	if (queries->n == DNS_QUERIES_MAX)
		queries->n_forgotten += !take_oldest(queries)->query.answered;
	last = (queries->begin + queries->n++) % DNS_QUERIES_MAX;
	entry = &queries->entries[last];
	entry->previous = NONE;
	entry->next = *head;
	if (entry->next != NONE)
		queries->entries[entry->next].previous = last;
	*head = last;
	entry->query = (struct dns_query){
		.key = *key,
		.time_ns = time_ns,
		.id = message->id,
		.flags = message->flags,
		.type = message->type,
		.class = message->class,
		.opcode = message->opcode,
		.n_tries = 1,
	};
	memcpy(entry->query.name, message->name, strlen(message->name) + 1);
	return &entry->query;
}

void dns_queries_ask(struct dns_queries *queries, const struct flow_key *key, uint64_t time_ns,
		     const struct dns_message *message)
{
	struct entry *known = find(queries, key, message);

	if (known && known->query.seen && !same_hook(&known->query.key, key))
		return;
	if (known && known->query.seen && !known->query.answered)
		known->query.n_tries++;
	else
		add(queries, key, time_ns, message)->seen = true;
}

const struct dns_query *dns_queries_answer(struct dns_queries *queries, const struct flow_key *key,
					   uint64_t time_ns, const struct dns_message *message)
{
	struct flow_key asked;
	struct dns_query *query;
	struct entry *known;

	flow_key_reverse(key, &asked);
	known = find(queries, &asked, message);
	if (known && known->query.answered)
		return NULL;
	query = known ? &known->query : add(queries, &asked, time_ns, message);
	query->answered = true;
	return query;
}

const struct dns_query *dns_queries_expire(struct dns_queries *queries, uint64_t now_ns)
{
	while (queries->n) {
		const struct dns_query *query = &queries->entries[queries->begin].query;

		if (query->time_ns > now_ns || now_ns - query->time_ns < DNS_WAIT_NS)
			return NULL;
		query = &take_oldest(queries)->query;
		if (!query->answered)
			return query;
	}
	return NULL;
}
