/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages of DNS out of TCP connections, each with its length in front (RFC 1035, 4.2.2). */
#ifndef L7_DNS_TCP_H
#define L7_DNS_TCP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample.h"

struct dns_tcp;

/* key: of the packets that carried it. False: it was no message, nor will what follows be. */
typedef bool (*dns_tcp_fn)(void *data, const struct flow_key *key, uint64_t time_ns,
			   const uint8_t *octets, size_t n);

int dns_tcp_new(dns_tcp_fn fn, void *data, struct dns_tcp **ret_tcp);
void dns_tcp_free(struct dns_tcp *tcp); /* NULL is allowed */
void dns_tcp_segment(struct dns_tcp *tcp, const struct sample_segment *segment);
void dns_tcp_tick(struct dns_tcp *tcp, uint64_t now_ns);
/* Connections of which the rest was not read: something was missing, or no message, or no room. */
uint64_t dns_tcp_given_up(const struct dns_tcp *tcp);

#endif
