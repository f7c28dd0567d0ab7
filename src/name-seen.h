/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of addresses by what went past: the name that somebody asked DNS for, also where aliases
 * led from it to the address, or else the one that a client of TLS asked the server for. An answer
 * counts whose query was seen. Bounded; names are kept for as long as the answer says, within
 * limits. With each is who asked, and who was asked, as the owners were known at that time.
 */
#ifndef NAME_SEEN_H
#define NAME_SEEN_H

#include <stdint.h>

#include "flow.h"
#include "sample.h"

struct name_seen;
struct owner_table;

#define NAME_SEEN_MAX 16384 /* the oldest of a bucket makes room */

/* The name is printable ASCII, the rest is escaped. */
struct name_found {
	const char *name;
	const char *asked_by; /* the process, as owner_label(); "" where it is not known */
	const char *resolver; /* who was asked: pod, process or else address; "": TLS tells the name */
};

/*
 * payload: bits of enum sample_payload that are read; at least one of DNS and TLS. owners (NULL:
 * nobody is named) stay the caller's, and live longer.
 */
int name_seen_new(uint32_t payload, struct owner_table *owners, struct name_seen **ret_seen);
void name_seen_free(struct name_seen *seen); /* NULL is allowed */
void name_seen_segment(struct name_seen *seen, const struct sample_segment *segment);
void name_seen_tick(struct name_seen *seen, uint64_t now_ns);
/*
 * The name of one end of a flow: what the other end asked for, or else anybody. NULL: none.
 * Valid until the next segment.
 */
const struct name_found *name_seen_find(const struct name_seen *seen, const struct flow_key *key,
					enum side side);

#endif
