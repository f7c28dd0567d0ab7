/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which connection and side a segment belongs to, and what its receiver is told. */
#include "config.h"

#include "stream.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>

#include "cleanup.h"
#include "flow.h"
#include "macro.h"
#include "stream-data.h"

/* Connections of which nobody is told are remembered for so long, as the kernel does (TIME-WAIT).
 */
#define SILENT_NS (60 * NSEC_PER_SEC)

DEFINE_CLEANUP(struct stream_table *, stream_table_free);

int stream_table_new(const struct stream_config *config, const struct stream_receiver *receiver,
		     struct stream_table **ret_table)
{
	cleanup(stream_table_freep) struct stream_table *table = calloc(1, sizeof(*table));
	int r;

	if (!table)
		return -ENOMEM;
	table->config = *config;
	table->receiver = *receiver;
	r = stream_list_init(table);
	if (r == 0)
		r = stream_pool_init(&table->pool, config->max_held);
	if (r < 0)
		return r;
	*ret_table = take_ptr(table);
	return 0;
}

/* Nobody is told of it from now on. */
static void silence(struct stream_table *table, struct stream_connection *connection,
		    enum stream_end end, uint64_t time_ns)
{
	if (!connection->done && connection->list == STREAM_LIST_OPEN) {
		table->counts.n_open--;
		table->receiver.close(table->receiver.data, &connection->stream, end, time_ns);
	}
	connection->done = true;
	stream_list_move(table, connection, STREAM_LIST_SILENT);
}

static void drop_held(struct stream_table *table, struct stream_connection *connection)
{
	for (int side = 0; side < STREAM_SIDE_MAX; side++)
		stream_half_drop(table, connection, side);
}

/* Tells what is still held, and that this was all. */
static void close_connection(struct stream_table *table, struct stream_connection *connection,
			     enum stream_end end, uint64_t time_ns)
{
	uint64_t since_ns;

	for (int side = 0; side < STREAM_SIDE_MAX; side++) {
		while (!connection->done &&
		       stream_half_waits(table, &connection->halves[side], &since_ns))
			stream_half_give_up(table, connection, side, time_ns);
	}
	if (!connection->done)
		silence(table, connection, end, time_ns);
	drop_held(table, connection);
}

void stream_table_free(struct stream_table *table)
{
	struct stream_connection *connection;

	if (!table)
		return;
	while (table->heads && (connection = stream_list_oldest(table, STREAM_LIST_OPEN)))
		close_connection(table, connection, STREAM_STOPPED, connection->seen_ns);
	stream_pool_done(&table->pool);
	stream_list_done(table);
	free(table);
}

static void open_stream(struct stream_table *table, struct stream_connection *connection)
{
	struct stream *stream = &connection->stream;

	if (!table->receiver.open(table->receiver.data, stream)) {
		silence(table, connection, STREAM_UNWANTED, connection->seen_ns);
		return;
	}
	stream_list_move(table, connection, STREAM_LIST_OPEN);
	table->counts.opened++;
	table->counts.n_open++;
	table->counts.joined += stream->joined[STREAM_CLIENT] || stream->joined[STREAM_SERVER];
}

void stream_tell_bytes(struct stream_table *table, struct stream_connection *connection,
		       enum stream_side side, uint64_t time_ns, const uint8_t *bytes, size_t n)
{
	const struct stream_receiver *receiver = &table->receiver;

	if (!receiver->bytes(receiver->data, &connection->stream, side, time_ns, bytes, n))
		silence(table, connection, STREAM_UNWANTED, time_ns);
}

void stream_tell_gap(struct stream_table *table, struct stream_connection *connection,
		     enum stream_side side, uint64_t time_ns, uint32_t n)
{
	const struct stream_receiver *receiver = &table->receiver;

	if (connection->list == STREAM_LIST_OPEN &&
	    !receiver->gap(receiver->data, &connection->stream, side, time_ns, n))
		silence(table, connection, STREAM_UNWANTED, time_ns);
}

void stream_tell_end(struct stream_table *table, struct stream_connection *connection,
		     enum stream_side side, uint64_t time_ns)
{
	const struct stream_receiver *receiver = &table->receiver;

	if (connection->list == STREAM_LIST_OPEN && receiver->end &&
	    !receiver->end(receiver->data, &connection->stream, side, time_ns))
		silence(table, connection, STREAM_UNWANTED, time_ns);
}

/* True where the sender of a segment is the server; guessed where no SYN tells. */
static bool is_from_server(const struct sample_segment *segment, bool *ret_guessed)
{
	/* Servers rarely listen on ports that are given to clients, and rarely below 1024 else. */
	static const uint16_t limits[] = {1024, 32768};
	const struct flow_key *key = &segment->key;

	*ret_guessed = !(segment->tcp_flags & TH_SYN);
	if (!*ret_guessed)
		return segment->tcp_flags & TH_ACK;
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++) {
		if ((key->sport < limits[i]) != (key->dport < limits[i]))
			return key->sport < limits[i];
	}
	return false;
}

/* Room for one more; the one that was silent for longest goes where there is none. */
static void make_room(struct stream_table *table, uint64_t time_ns)
{
	struct stream_connection *oldest = stream_list_oldest(table, STREAM_LIST_SILENT);

	if (!oldest) {
		oldest = stream_list_oldest(table, STREAM_LIST_OPEN);
		close_connection(table, oldest, STREAM_EVICTED, time_ns);
		table->counts.evicted++;
	}
	stream_list_remove(table, oldest);
}

static struct stream_connection *begin_connection(struct stream_table *table,
						  const struct sample_segment *segment,
						  enum stream_side *ret_side)
{
	struct stream_connection *connection;
	struct flow_key key = segment->key;
	bool guessed, from_server = is_from_server(segment, &guessed);

	if (from_server)
		flow_key_reverse(&segment->key, &key);
	connection = stream_list_add(table, &key);
	if (!connection) {
		make_room(table, segment->time_ns);
		connection = stream_list_add(table, &key);
	}
	connection->stream.start_ns = segment->time_ns;
	connection->stream.guessed = guessed;
	for (int side = 0; side < STREAM_SIDE_MAX; side++) {
		struct stream_half *half = &connection->halves[side];

		half->first = half->last = STREAM_NONE;
	}
	*ret_side = from_server ? STREAM_SERVER : STREAM_CLIENT;
	return connection;
}

/*
 * A side is taken from one hook. When that brings nothing any more, another one that has what comes
 * next, or the beginning of another connection, takes over.
 */
static bool is_carried(const struct stream_half *half, const struct sample_segment *segment)
{
	const struct flow_key *key = &segment->key;

	if (!half->seen_ns || (half->iface == key->iface && half->direction == key->direction))
		return true;
	return segment->time_ns > half->seen_ns + STREAM_WAIT_NS &&
	       (segment->tcp_flags & TH_SYN || stream_half_is_near(half, segment->seq));
}

static void see(struct stream_table *table, struct stream_connection *connection,
		enum stream_side side, const struct sample_segment *segment)
{
	struct stream_half *half = &connection->halves[side];

	half->iface = segment->key.iface;
	half->direction = segment->key.direction;
	half->seen_ns = connection->seen_ns = segment->time_ns;
	stream_list_move(table, connection, connection->list);
}

/* Takes what a segment of a side says; the flags first, since they tell where the data is. */
static void take(struct stream_table *table, struct stream_connection *connection,
		 enum stream_side side, const struct sample_segment *segment)
{
	struct stream_half *half = &connection->halves[side];
	bool syn = segment->tcp_flags & TH_SYN;
	uint32_t seq = segment->seq + syn;

	if (!half->begun && (syn || segment->wire_size || segment->tcp_flags & TH_FIN)) {
		half->begun = true;
		half->start = half->next = seq;
		connection->stream.joined[side] = !syn;
	}
	if (segment->wire_size && connection->list != STREAM_LIST_OPEN)
		open_stream(table, connection);
	if (half->begun && !connection->done)
		stream_half_segment(table, connection, side, segment, seq);
	if (connection->done)
		return;
	if (segment->tcp_flags & TH_RST && (!half->begun || stream_half_is_near(half, seq)))
		close_connection(table, connection, STREAM_RESET, segment->time_ns);
	else if (connection->halves[STREAM_CLIENT].ended && connection->halves[STREAM_SERVER].ended)
		close_connection(table, connection, STREAM_FINISHED, segment->time_ns);
}

/* Of a connection that is done: whether it is over, and where its next one cannot begin. */
static void note(struct stream_connection *connection, enum stream_side side,
		 const struct sample_segment *segment)
{
	struct stream_half *half = &connection->halves[side];
	uint32_t end = segment->seq + MAX(segment->wire_size, segment->size);

	half->has_fin |= (segment->tcp_flags & TH_FIN) != 0;
	connection->reset |= (segment->tcp_flags & TH_RST) != 0;
	if (half->begun && stream_half_is_ahead(half, end))
		half->next = end;
}

/*
 * True where a segment begins another connection of the same ends. Of one that is over, whoever
 * captures knows nothing, and passes no SYN: then the first data is the beginning.
 */
static bool begins_another(const struct stream_connection *connection,
			   const struct stream_half *half, const struct sample_segment *segment)
{
	const struct stream_half *halves = connection->halves;

	if (!half->begun)
		return false;
	if (segment->tcp_flags & TH_SYN)
		return half->start != segment->seq + 1;
	return connection->done && segment->wire_size && stream_half_is_ahead(half, segment->seq) &&
	       (connection->reset ||
		(halves[STREAM_CLIENT].has_fin && halves[STREAM_SERVER].has_fin));
}

void stream_table_segment(struct stream_table *table, const struct sample_segment *segment)
{
	const struct flow_key *key = &segment->key;
	struct stream_connection *connection;
	struct stream_half *half;
	enum stream_side side;

	if (key->proto != IPPROTO_TCP || key->open)
		return;
	connection = stream_list_find(table, key, &side);
	if (!connection)
		connection = begin_connection(table, segment, &side);
	half = &connection->halves[side];
	if (!is_carried(half, segment)) {
		table->counts.elsewhere++;
		return;
	}
	if (begins_another(connection, half, segment)) {
		close_connection(table, connection, STREAM_REPLACED, segment->time_ns);
		stream_list_remove(table, connection);
		connection = begin_connection(table, segment, &side);
	}
	see(table, connection, side, segment);
	if (!connection->done)
		take(table, connection, side, segment);
	if (connection->done) {
		note(connection, side, segment);
		drop_held(table, connection);
	}
}

/* Gives up what a connection has waited for, for too long. */
static void stop_waiting(struct stream_table *table, struct stream_connection *connection,
			 uint64_t now_ns)
{
	uint64_t since_ns;

	for (int side = 0; side < STREAM_SIDE_MAX; side++) {
		while (!connection->done &&
		       stream_half_waits(table, &connection->halves[side], &since_ns) &&
		       since_ns + STREAM_WAIT_NS <= now_ns)
			stream_half_give_up(table, connection, side, now_ns);
	}
	if (!connection->done && connection->halves[STREAM_CLIENT].ended &&
	    connection->halves[STREAM_SERVER].ended)
		close_connection(table, connection, STREAM_FINISHED, now_ns);
	if (connection->done)
		drop_held(table, connection);
}

void stream_table_tick(struct stream_table *table, uint64_t now_ns)
{
	struct stream_connection *connection, *newer;

	while ((connection = stream_list_oldest(table, STREAM_LIST_SILENT)) &&
	       connection->seen_ns + SILENT_NS <= now_ns)
		stream_list_remove(table, connection);
	while ((connection = stream_list_oldest(table, STREAM_LIST_OPEN)) &&
	       connection->seen_ns + table->config.idle_ns <= now_ns)
		close_connection(table, connection, STREAM_IDLE, now_ns);
	for (connection = stream_list_oldest(table, STREAM_LIST_OPEN); connection;
	     connection = newer) {
		newer = stream_list_newer(table, connection);
		stop_waiting(table, connection, now_ns);
	}
}

void stream_table_get_counts(const struct stream_table *table, struct stream_counts *ret_counts)
{
	*ret_counts = table->counts;
	ret_counts->n_held = table->pool.n_used;
}
