/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Connections of QUIC that have just begun, each for QUIC_WAIT_NS. Past QUIC_CONNECTIONS_MAX the
 * oldest makes room.
 */
#ifndef L7_QUIC_TABLE_H
#define L7_QUIC_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "l7-quic.h"
#include "sample.h"

#define QUIC_CONNECTIONS_MAX 1024
#define QUIC_WAIT_NS (10 * 1000000000ULL)

struct quic_connection {
	struct flow_key key; /* of who sent the first datagram: the client, unless stream.swapped */
	uint64_t start_ns;
	struct tls_times times;
	bool told; /* of the user: what comes now belongs to it, and says nothing new */
	struct quic_stream stream;
};

struct quic_table;

int quic_table_new(struct quic_table **ret_table);
void quic_table_free(struct quic_table *table); /* NULL is allowed */
/*
 * The connection of a datagram, on whatever interface, and whose side it is of, if the client sent
 * the first one. Never NULL.
 */
struct quic_connection *quic_table_find(struct quic_table *table, const struct flow_key *key,
					uint64_t time_ns, enum tls_side *ret_side);
/*
 * The next one that has waited long enough and was not told. Valid until the table is used again.
 * NULL: none.
 */
struct quic_connection *quic_table_expire(struct quic_table *table, uint64_t now_ns);
/* So many that were not told had to make room. */
uint64_t quic_table_forgotten(const struct quic_table *table);

#endif
