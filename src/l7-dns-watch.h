/* SPDX-License-Identifier: GPL-2.0-or-later */
/* DNS as segments of payload bring it, over UDP and TCP: queries, each with its answer. */
#ifndef L7_DNS_WATCH_H
#define L7_DNS_WATCH_H

#include <stdint.h>

#include "sample.h"

struct dns_message;
struct dns_query;
struct dns_watch;

/* answer NULL: there was none in time. Anything but 0 ends what is under way, which returns it. */
typedef int (*dns_watch_fn)(void *data, const struct dns_query *query,
			    const struct dns_message *answer, uint64_t time_ns);

struct dns_watch_counts {
	uint64_t unreadable; /* datagrams that are no message */
	uint64_t given_up;   /* connections of which the rest was not read */
	uint64_t forgotten;  /* queries that made room while they waited */
};

int dns_watch_new(dns_watch_fn fn, void *data, struct dns_watch **ret_watch);
void dns_watch_free(struct dns_watch *watch); /* NULL is allowed */
/* Payload that is not of DNS is ignored. */
int dns_watch_segment(struct dns_watch *watch, const struct sample_segment *segment);
/* Tells of the queries that waited too long. UINT64_MAX: of all that wait. */
int dns_watch_tick(struct dns_watch *watch, uint64_t now_ns);
void dns_watch_get_counts(const struct dns_watch *watch, struct dns_watch_counts *ret_counts);

#endif
