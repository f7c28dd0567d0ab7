/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Names of addresses: from the hosts file, then by reverse DNS (c-ares), never waiting. Bounded: so
 * many names are kept and so many questions are under way at a time; what is not asked now is asked
 * when it is wanted again. Names are kept for as long as the answer allows, within limits, and
 * "there is none" for a minute.
 */
#ifndef RESOLVE_H
#define RESOLVE_H

#include <stddef.h>
#include <stdint.h>

struct loop;
struct resolve;

#define RESOLVE_NAMES_MAX 8192 /* names kept; the oldest of a bucket makes room, and is counted */
#define RESOLVE_ASKED_MAX 32   /* questions under way */

struct resolve_config {
	/* NULL: as resolv.conf says; else "ADDRESS" or "ADDRESS:PORT", with commas. */
	const char *servers;
	/* An answer has come, be it that there is no name; from the loop. */
	void (*changed)(void *data);
	void *data;
};

/* -ENOTSUP: built without c-ares. */
int resolve_new(const struct resolve_config *config, struct loop *loop,
		struct resolve **ret_resolve);
void resolve_free(struct resolve *resolve); /* NULL is allowed */

/* Asks for the name of an address (enum family; others are ignored) where it is not known. */
void resolve_want(struct resolve *resolve, uint8_t family, const uint8_t addr[16]);
/*
 * The name, escaped, or NULL where none is known (yet). Valid until the loop runs again or the next
 * resolve_want(). A name whose time is over stands until the new answer is here. resolve may be
 * NULL.
 */
const char *resolve_find(const struct resolve *resolve, uint8_t family, const uint8_t addr[16]);

struct resolve_counts {
	uint64_t asked, answered, failed, evicted;
	size_t n_pending;
};
void resolve_get_counts(const struct resolve *resolve, struct resolve_counts *ret_counts);

#endif
