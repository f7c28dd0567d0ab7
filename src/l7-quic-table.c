/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A queue of connections in the order of time, and a hash over it. */
#include "config.h"

#include "l7-quic-table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "cleanup.h"
#include "flow.h"

#define N_HEADS (2 * QUIC_CONNECTIONS_MAX)
#define NONE UINT32_MAX

struct entry {
	struct quic_connection connection;
	uint32_t next; /* of the same head */
};

struct quic_table {
	uint64_t seed[2];
	uint32_t begin, n; /* of the queue, in a ring */
	uint64_t n_forgotten;
	uint32_t heads[N_HEADS];
	struct entry entries[QUIC_CONNECTIONS_MAX];
};
DEFINE_CLEANUP(struct quic_table *, quic_table_free);

int quic_table_new(struct quic_table **ret_table)
{
	cleanup(quic_table_freep) struct quic_table *table = calloc(1, sizeof(*table));

	if (!table)
		return -ENOMEM;
	if (getrandom(table->seed, sizeof(table->seed), 0) != (ssize_t)sizeof(table->seed))
		return -EIO;
	memset(table->heads, 0xff, sizeof(table->heads));
	*ret_table = take_ptr(table);
	return 0;
}

void quic_table_free(struct quic_table *table)
{
	for (uint32_t i = 0; table && i < QUIC_CONNECTIONS_MAX; i++)
		quic_stream_done(&table->entries[i].connection.stream);
	free(table);
}

uint64_t quic_table_forgotten(const struct quic_table *table)
{
	return table->n_forgotten;
}

static uint32_t *head_of(struct quic_table *table, const struct flow_key *key)
{
	return &table->heads[flow_conversation_hash(key, table->seed) % N_HEADS];
}

/* On whatever interface. */
static bool same_ends(const struct flow_key *a, const struct flow_key *b)
{
	return a->sport == b->sport && a->dport == b->dport && a->family == b->family &&
	       memcmp(a->src, b->src, sizeof(a->src)) == 0 &&
	       memcmp(a->dst, b->dst, sizeof(a->dst)) == 0;
}

/* Takes the oldest one out of the hash and the queue. */
static struct quic_connection *take_oldest(struct quic_table *table)
{
	uint32_t oldest = table->begin;
	struct entry *entry = &table->entries[oldest];
	uint32_t *place = head_of(table, &entry->connection.key);

	while (*place != oldest)
		place = &table->entries[*place].next;
	*place = entry->next;
	table->begin = (table->begin + 1) % QUIC_CONNECTIONS_MAX;
	table->n--;
	return &entry->connection;
}

static struct quic_connection *add(struct quic_table *table, const struct flow_key *key,
				   uint64_t time_ns)
{
	uint32_t *head = head_of(table, key), last;
	struct entry *entry;

	if (table->n == QUIC_CONNECTIONS_MAX)
		table->n_forgotten += !take_oldest(table)->told;
	last = (table->begin + table->n++) % QUIC_CONNECTIONS_MAX;
	entry = &table->entries[last];
	quic_stream_done(&entry->connection.stream);
	entry->connection = (struct quic_connection){.key = *key, .start_ns = time_ns};
	entry->next = *head;
	*head = last;
	return &entry->connection;
}

struct quic_connection *quic_table_find(struct quic_table *table, const struct flow_key *key,
					uint64_t time_ns, enum tls_side *ret_side)
{
	struct flow_key back;

	flow_key_reverse(key, &back);
	for (uint32_t i = *head_of(table, key); i != NONE; i = table->entries[i].next) {
		struct quic_connection *connection = &table->entries[i].connection;

		if (same_ends(&connection->key, key))
			*ret_side = TLS_CLIENT;
		else if (same_ends(&connection->key, &back))
			*ret_side = TLS_SERVER;
		else
			continue;
		return connection;
	}
	*ret_side = TLS_CLIENT;
	return add(table, key, time_ns);
}

struct quic_connection *quic_table_expire(struct quic_table *table, uint64_t now_ns)
{
	while (table->n) {
		struct quic_connection *connection = &table->entries[table->begin].connection;

		if (connection->start_ns > now_ns || now_ns - connection->start_ns < QUIC_WAIT_NS)
			return NULL;
		(void)take_oldest(table);
		if (!connection->told)
			return connection;
	}
	return NULL;
}
