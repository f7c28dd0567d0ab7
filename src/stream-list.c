/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Connections in fixed memory: found by their ends, and in lists by when they were last seen. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "flow.h"
#include "stream-data.h"

int stream_list_init(struct stream_table *table)
{
	uint32_t n_heads = 1;

	while (n_heads < table->config.max_connections)
		n_heads *= 2;
	table->connections = malloc(table->config.max_connections * sizeof(*table->connections));
	table->heads = malloc(n_heads * sizeof(*table->heads));
	if (!table->connections || !table->heads)
		return -ENOMEM;
	memset(table->heads, 0xff, n_heads * sizeof(*table->heads)); /* STREAM_NONE */
	table->n_heads = n_heads;
	for (size_t i = 0; i < STREAM_LIST_MAX; i++)
		table->lists[i].newest = table->lists[i].oldest = STREAM_NONE;
	if (getrandom(table->seed, sizeof(table->seed), 0) != (ssize_t)sizeof(table->seed))
		return -EIO;
	return 0;
}

void stream_list_done(struct stream_table *table)
{
	free(table->connections);
	free(table->heads);
}

static uint32_t position_of(const struct stream_table *table,
			    const struct stream_connection *connection)
{
	return (uint32_t)(connection - table->connections);
}

static struct stream_connection *at(struct stream_table *table, uint32_t position)
{
	return position == STREAM_NONE ? NULL : &table->connections[position];
}

static uint32_t *head_of(struct stream_table *table, const struct flow_key *key)
{
	return &table->heads[flow_conversation_hash(key, table->seed) & (table->n_heads - 1)];
}

static bool is_from(const struct flow_key *key, const uint8_t src[16], uint16_t sport,
		    const uint8_t dst[16], uint16_t dport)
{
	return key->sport == sport && key->dport == dport && memcmp(key->src, src, 16) == 0 &&
	       memcmp(key->dst, dst, 16) == 0;
}

struct stream_connection *stream_list_find(struct stream_table *table, const struct flow_key *key,
					   enum stream_side *ret_side)
{
	struct stream_connection *connection = at(table, *head_of(table, key));

	for (; connection; connection = at(table, connection->chain)) {
		const struct flow_key *of = &connection->stream.key;

		if (of->family != key->family)
			continue;
		if (is_from(key, of->src, of->sport, of->dst, of->dport)) {
			*ret_side = STREAM_CLIENT;
			return connection;
		}
		if (is_from(key, of->dst, of->dport, of->src, of->sport)) {
			*ret_side = STREAM_SERVER;
			return connection;
		}
	}
	return NULL;
}

static void unlink_from(struct stream_table *table, struct stream_connection *connection)
{
	struct stream_connection *newer = at(table, connection->newer);
	struct stream_connection *older = at(table, connection->older);

	if (newer)
		newer->older = connection->older;
	else
		table->lists[connection->list].newest = connection->older;
	if (older)
		older->newer = connection->newer;
	else
		table->lists[connection->list].oldest = connection->newer;
}

static void link_to(struct stream_table *table, struct stream_connection *connection,
		    enum stream_list list)
{
	struct stream_connection *older = at(table, table->lists[list].newest);

	connection->list = (uint8_t)list;
	connection->newer = STREAM_NONE;
	connection->older = table->lists[list].newest;
	table->lists[list].newest = position_of(table, connection);
	if (older)
		older->newer = position_of(table, connection);
	else
		table->lists[list].oldest = position_of(table, connection);
}

void stream_list_move(struct stream_table *table, struct stream_connection *connection,
		      enum stream_list list)
{
	unlink_from(table, connection);
	link_to(table, connection, list);
}

struct stream_connection *stream_list_add(struct stream_table *table, const struct flow_key *key)
{
	struct stream_connection *connection = at(table, table->lists[STREAM_LIST_FREE].oldest);
	uint32_t *head = head_of(table, key);

	if (connection)
		unlink_from(table, connection);
	else if (table->n_touched < table->config.max_connections)
		connection = &table->connections[table->n_touched++];
	else
		return NULL;
	memset(connection, 0, sizeof(*connection));
	connection->stream.key = *key;
	connection->chain = *head;
	*head = position_of(table, connection);
	link_to(table, connection, STREAM_LIST_SILENT);
	return connection;
}

void stream_list_remove(struct stream_table *table, struct stream_connection *connection)
{
	uint32_t *link = head_of(table, &connection->stream.key);

	while (*link != position_of(table, connection))
		link = &table->connections[*link].chain;
	*link = connection->chain;
	stream_list_move(table, connection, STREAM_LIST_FREE);
}

struct stream_connection *stream_list_oldest(struct stream_table *table, enum stream_list list)
{
	return at(table, table->lists[list].oldest);
}

struct stream_connection *stream_list_newer(struct stream_table *table,
					    const struct stream_connection *connection)
{
	return at(table, connection->newer);
}
