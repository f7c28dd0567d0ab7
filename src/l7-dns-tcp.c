/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages of DNS out of TCP connections, each with its length in front. */
#include "config.h"

#include "l7-dns-tcp.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "flow.h"
#include "macro.h"
#include "stream.h"

#define CONNECTIONS_MAX 1024
#define HELD_MAX 512
#define HELD_CONNECTION_MAX 64
#define IDLE_NS (60 * NSEC_PER_SEC)
#define LENGTH_SIZE 2
#define PARTS_MAX 64 /* messages that are there in part at a time */

/* A message that has begun. */
struct part {
	struct part *next; /* free ones */
	size_t n;
	uint8_t octets[LENGTH_SIZE + UINT16_MAX];
};

/* Of a connection that is read. */
struct sides {
	struct sides *next; /* free ones */
	struct part *parts[STREAM_SIDE_MAX];
};

struct dns_tcp {
	dns_tcp_fn fn;
	void *data;
	struct stream_table *streams;
	struct sides *free_sides;
	struct part *free_parts;
	uint64_t n_given_up;
	struct sides sides[CONNECTIONS_MAX];
	struct part parts[PARTS_MAX];
};
DEFINE_CLEANUP(struct dns_tcp *, dns_tcp_free);

static bool on_open(void *data, struct stream *stream)
{
	struct dns_tcp *tcp = data;
	struct sides *sides = tcp->free_sides;

	if (!sides)
		return false;
	tcp->free_sides = sides->next;
	*sides = (struct sides){.next = NULL};
	stream->user = sides;
	return true;
}

static void drop_part(struct dns_tcp *tcp, struct part **part)
{
	if (!*part)
		return;
	(*part)->next = tcp->free_parts;
	tcp->free_parts = *part;
	*part = NULL;
}

static void on_close(void *data, struct stream *stream, ATTR_UNUSED enum stream_end end,
		     ATTR_UNUSED uint64_t time_ns)
{
	struct dns_tcp *tcp = data;
	struct sides *sides = stream->user;

	for (int i = 0; i < STREAM_SIDE_MAX; i++)
		drop_part(tcp, &sides->parts[i]);
	sides->next = tcp->free_sides;
	tcp->free_sides = sides;
}

static bool tell(struct dns_tcp *tcp, const struct stream *stream, enum stream_side side,
		 uint64_t time_ns, const uint8_t *octets, size_t n)
{
	struct flow_key key = stream->key;

	if (side == STREAM_SERVER)
		flow_key_reverse(&stream->key, &key);
	return tcp->fn(tcp->data, &key, time_ns, octets, n);
}

static size_t message_size(const uint8_t *length)
{
	return LENGTH_SIZE + (size_t)(length[0] << 8 | length[1]);
}

/* Adds what belongs to the message that has begun. Returns how much was taken. */
static size_t add_part(struct part *part, const uint8_t *bytes, size_t n)
{
	size_t wanted = part->n < LENGTH_SIZE ? LENGTH_SIZE : message_size(part->octets), taken = 0;

	while (part->n < wanted && taken < n) {
		size_t more = MIN(wanted - part->n, n - taken);

		memcpy(part->octets + part->n, bytes + taken, more);
		part->n += more;
		taken += more;
		if (part->n == LENGTH_SIZE)
			wanted = message_size(part->octets);
	}
	return taken;
}

static struct part *take_part(struct dns_tcp *tcp)
{
	struct part *part = tcp->free_parts;

	if (!part)
		return NULL;
	tcp->free_parts = part->next;
	part->n = 0;
	return part;
}

static bool read_bytes(struct dns_tcp *tcp, struct stream *stream, enum stream_side side,
		       uint64_t time_ns, const uint8_t *bytes, size_t n)
{
	struct part **part = &((struct sides *)stream->user)->parts[side];

	while (n) {
		size_t size;

		/* whole in what came: as nearly always */
		if (!*part && n >= LENGTH_SIZE && n >= message_size(bytes)) {
			size = message_size(bytes);
			if (!tell(tcp, stream, side, time_ns, bytes + LENGTH_SIZE,
				  size - LENGTH_SIZE))
				return false;
			bytes += size;
			n -= size;
			continue;
		}
		if (!*part)
			*part = take_part(tcp);
		if (!*part)
			return false;
		size = add_part(*part, bytes, n);
		bytes += size;
		n -= size;
		if ((*part)->n < LENGTH_SIZE || (*part)->n < message_size((*part)->octets))
			continue;
		if (!tell(tcp, stream, side, time_ns, (*part)->octets + LENGTH_SIZE,
			  (*part)->n - LENGTH_SIZE))
			return false;
		drop_part(tcp, part);
	}
	return true;
}

static bool on_bytes(void *data, struct stream *stream, enum stream_side side, uint64_t time_ns,
		     const uint8_t *bytes, size_t n)
{
	struct dns_tcp *tcp = data;
	bool good = read_bytes(tcp, stream, side, time_ns, bytes, n);

	tcp->n_given_up += !good;
	return good;
}

/* Nobody knows where the next message begins. */
static bool on_gap(void *data, ATTR_UNUSED struct stream *stream, ATTR_UNUSED enum stream_side side,
		   ATTR_UNUSED uint64_t time_ns, ATTR_UNUSED uint32_t n)
{
	struct dns_tcp *tcp = data;

	tcp->n_given_up++;
	return false;
}

int dns_tcp_new(dns_tcp_fn fn, void *data, struct dns_tcp **ret_tcp)
{
	static const struct stream_config config = {
		.max_connections = CONNECTIONS_MAX,
		.max_held = HELD_MAX,
		.max_held_connection = HELD_CONNECTION_MAX,
		.idle_ns = IDLE_NS,
	};
	cleanup(dns_tcp_freep) struct dns_tcp *tcp = calloc(1, sizeof(*tcp));
	const struct stream_receiver receiver = {
		.data = tcp,
		.open = on_open,
		.bytes = on_bytes,
		.gap = on_gap,
		.close = on_close,
	};
	int r;

	if (!tcp)
		return -ENOMEM;
	tcp->fn = fn;
	tcp->data = data;
	for (size_t i = 0; i < CONNECTIONS_MAX; i++) {
		tcp->sides[i].next = tcp->free_sides;
		tcp->free_sides = &tcp->sides[i];
	}
	for (size_t i = 0; i < PARTS_MAX; i++) {
		tcp->parts[i].next = tcp->free_parts;
		tcp->free_parts = &tcp->parts[i];
	}
	r = stream_table_new(&config, &receiver, &tcp->streams);
	if (r < 0)
		return r;
	*ret_tcp = take_ptr(tcp);
	return 0;
}

void dns_tcp_free(struct dns_tcp *tcp)
{
	if (!tcp)
		return;
	stream_table_free(tcp->streams);
	free(tcp);
}

void dns_tcp_segment(struct dns_tcp *tcp, const struct sample_segment *segment)
{
	stream_table_segment(tcp->streams, segment);
}

void dns_tcp_tick(struct dns_tcp *tcp, uint64_t now_ns)
{
	stream_table_tick(tcp->streams, now_ns);
}

uint64_t dns_tcp_given_up(const struct dns_tcp *tcp)
{
	return tcp->n_given_up;
}
