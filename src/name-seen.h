/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of addresses by the answers of DNS that went past: the name that somebody asked for, also
 * where aliases led from it to the address. An answer counts whose query was seen. Bounded; names
 * are kept for as long as the answer says, within limits.
 */
#ifndef NAME_SEEN_H
#define NAME_SEEN_H

#include <stdint.h>

#include "flow.h"
#include "sample.h"

struct name_seen;

#define NAME_SEEN_MAX 16384 /* the oldest of a bucket makes room */

int name_seen_new(struct name_seen **ret_seen);
void name_seen_free(struct name_seen *seen); /* NULL is allowed */
void name_seen_segment(struct name_seen *seen, const struct sample_segment *segment);
void name_seen_tick(struct name_seen *seen, uint64_t now_ns);
/*
 * The name of one end of a flow: what the other end asked for, or else anybody. NULL: none.
 * Printable ASCII. Valid until the next segment.
 */
const char *name_seen_find(const struct name_seen *seen, const struct flow_key *key,
			   enum side side);

#endif
