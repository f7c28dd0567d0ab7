/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the files about events of TLS share. */
#ifndef EVENT_TLS_DATA_H
#define EVENT_TLS_DATA_H

#include <stdbool.h>
#include <stdint.h>

#include "l7-tls.h"

struct event_stream;
struct flow_key;
struct quic_stream;

/* A handshake that has come as far as it will. */
struct event_tls {
	const struct flow_key *key; /* of what the client sends */
	const struct tls_handshake *handshake;
	const struct tls_times *times;
	const struct quic_stream *quic; /* NULL: over TCP */
	uint64_t time_ns;
	bool incomplete; /* what followed is missing or could not be read */
};

/* 0 or -errno. */
int event_tls_put(struct event_stream *stream, const struct event_tls *event);

#endif
