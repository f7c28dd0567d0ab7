/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Handshakes of TLS as segments of payload bring them, over TCP and in QUIC. */
#ifndef L7_TLS_WATCH_H
#define L7_TLS_WATCH_H

#include <stdbool.h>
#include <stdint.h>

#include "l7-tls.h"
#include "sample.h"

struct quic_stream;
struct tls_watch;

/* A handshake that has come as far as it will. The hello of its client is there. */
struct tls_seen {
	const struct flow_key *key; /* of what the client sends */
	const struct tls_handshake *handshake;
	const struct tls_times *times;
	const struct quic_stream *quic; /* NULL: over TCP */
	uint64_t time_ns;
	bool incomplete; /* what followed is missing or could not be read */
};

/* Anything but 0 ends what is under way, which returns it. */
typedef int (*tls_watch_fn)(void *data, const struct tls_seen *seen);

struct tls_watch_counts {
	uint64_t unreadable; /* handshakes without a hello of the client */
	uint64_t forgotten;  /* handshakes of QUIC that made room */
};

int tls_watch_new(tls_watch_fn fn, void *data, struct tls_watch **ret_watch);
void tls_watch_free(struct tls_watch *watch); /* NULL is allowed; tells nothing */
/* Payload that is not of TLS is ignored. */
int tls_watch_segment(struct tls_watch *watch, const struct sample_segment *segment);
/* Tells of the handshakes that were silent for too long. */
int tls_watch_tick(struct tls_watch *watch, uint64_t now_ns);
/* Tells of all that are open. Nothing but counts and the end may follow. */
int tls_watch_finish(struct tls_watch *watch, uint64_t now_ns);
void tls_watch_get_counts(const struct tls_watch *watch, struct tls_watch_counts *ret_counts);

#endif
