/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any segments in any order: each octet is told once and in its place, gaps are as long as what is
 * missing, and whatever was opened is closed. The octet with the sequence number n is n itself.
 */
#include "config.h"

#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "macro.h"
#include "stream.h"

#define CONNECTIONS 4 /* of 8 that speak */

/* What the input is made of. */
struct record {
	uint8_t port;  /* client's, and which side sends */
	uint8_t flags; /* TCP's; CWR: a tick instead */
	uint8_t seq[2];
	uint8_t size;
	uint8_t cut;
	uint8_t time;  /* since the one before, in 1/16 s */
	uint8_t iface; /* and the upper bits of the sequence number */
};

/* Of one stream that is open. */
struct side {
	bool begun;
	uint8_t next;
};

static struct side sides[CONNECTIONS][STREAM_SIDE_MAX];
static bool used[CONNECTIONS];

static bool on_open(void *data ATTR_UNUSED, struct stream *stream)
{
	if (stream->key.sport % 8 == 7)
		return false;
	for (size_t i = 0; i < CONNECTIONS; i++) {
		if (used[i])
			continue;
		used[i] = true;
		memset(sides[i], 0, sizeof(sides[i]));
		stream->user = &used[i];
		return true;
	}
	abort();
}

static struct side *side_of(const struct stream *stream, enum stream_side side)
{
	size_t i = (size_t)((bool *)stream->user - used);

	if (!used[i])
		abort();
	return &sides[i][side];
}

static bool on_bytes(void *data ATTR_UNUSED, struct stream *stream, enum stream_side side,
		     uint64_t time_ns ATTR_UNUSED, const uint8_t *bytes, size_t n)
{
	struct side *of = side_of(stream, side);

	if (!n)
		abort();
	for (size_t i = 0; i < n; i++) {
		if (of->begun && bytes[i] != of->next)
			abort();
		of->begun = true;
		of->next = (uint8_t)(bytes[i] + 1);
	}
	return *bytes != 0x77;
}

static bool on_gap(void *data ATTR_UNUSED, struct stream *stream, enum stream_side side,
		   uint64_t time_ns ATTR_UNUSED, uint32_t n)
{
	if (!n)
		abort();
	side_of(stream, side)->next += (uint8_t)n;
	return true;
}

static bool on_end(void *data ATTR_UNUSED, struct stream *stream, enum stream_side side,
		   uint64_t time_ns ATTR_UNUSED)
{
	(void)side_of(stream, side);
	return true;
}

static void on_close(void *data ATTR_UNUSED, struct stream *stream, enum stream_end end,
		     uint64_t time_ns ATTR_UNUSED)
{
	(void)side_of(stream, STREAM_CLIENT);
	if (end >= STREAM_END_MAX)
		abort();
	*(bool *)stream->user = false;
}

static void put(struct stream_table *table, const struct record *record, uint64_t time_ns)
{
	struct sample_segment segment = {
		.key = {.src = {10},
			.dst = {20},
			.sport = (uint16_t)(40000 + (record->port & 7)),
			.dport = 80,
			.iface = record->iface & 1,
			.family = FAMILY_IPV4,
			.proto = IPPROTO_TCP},
		.time_ns = time_ns,
		.seq = ((uint32_t)record->iface >> 1 << 25) +
		       (uint32_t)(record->seq[0] << 8 | record->seq[1]),
		.tcp_flags = record->flags & 0x1f,
		.size = record->size * (record->flags & 0x20 ? 20u : 1u),
	};
	uint8_t bytes[255 * 20];

	if (record->port & 8) {
		segment.key = (struct flow_key){.src = {20},
						.dst = {10},
						.sport = 80,
						.dport = segment.key.sport,
						.iface = segment.key.iface,
						.family = FAMILY_IPV4,
						.proto = IPPROTO_TCP};
	}
	for (uint32_t i = 0; i < segment.size; i++)
		bytes[i] = (uint8_t)(segment.seq + (segment.tcp_flags >> 1 & 1) + i);
	segment.wire_size = segment.size + record->cut;
	segment.data = bytes;
	stream_table_segment(table, &segment);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct stream_config config = {CONNECTIONS, 16, 12, 10 * NSEC_PER_SEC};
	const struct stream_receiver receiver = {NULL, on_open, on_bytes, on_gap, on_end, on_close};
	struct stream_table *table = NULL;
	struct stream_counts counts;
	uint64_t time_ns = NSEC_PER_SEC;

	memset(used, 0, sizeof(used));
	if (stream_table_new(&config, &receiver, &table) < 0)
		abort();
	for (; size >= sizeof(struct record); size -= sizeof(struct record)) {
		struct record record;

		memcpy(&record, data, sizeof(record));
		data += sizeof(record);
		time_ns += record.time * NSEC_PER_SEC / 16;
		if (record.flags & 0x80)
			stream_table_tick(table, time_ns);
		else
			put(table, &record, time_ns);
		stream_table_get_counts(table, &counts);
		if (counts.n_held > config.max_held || counts.n_open > CONNECTIONS)
			abort();
	}
	stream_table_free(table);
	for (size_t i = 0; i < CONNECTIONS; i++) {
		if (used[i])
			abort();
	}
	return 0;
}
