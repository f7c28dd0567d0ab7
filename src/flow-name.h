/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What people read in place of addresses and ports: names of hosts (name-seen.h, resolve.h) and of
 * services (/etc/services). Nothing is looked up while a text is made: what is not known yet stays
 * a number.
 *
 * One setting for the whole program, off at first. What machines read is not changed by it.
 */
#ifndef FLOW_NAME_H
#define FLOW_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "flow.h"

struct name_found;
struct name_seen;
struct resolve;

/* Longer names of hosts are not shown in place of an address. */
#define FLOW_NAME_LENGTH_MAX 60

/* Where names of hosts come from; NULL: nowhere. It stays the caller's. */
void flow_name_use(struct resolve *resolve);
/* What was asked for comes before what an address says of itself. The same. */
void flow_name_use_seen(const struct name_seen *seen);
/* Texts for people have names in them. */
void flow_name_show_hosts(bool on);
void flow_name_show_ports(bool on);
bool flow_name_shows_hosts(void);
bool flow_name_shows_ports(void);

/* The name of one end, as name_seen_find() and resolve_find(). */
const char *flow_name_host(const struct flow_key *key, enum side side);
/*
 * How the name of a flow went past: of its destination, or else of its source, which is that of
 * its answers. NULL: it did not.
 */
const struct name_found *flow_name_found(const struct flow_key *key);
/* Asks for the names of both ends where they are not known. */
void flow_name_want(const struct flow_key *key);

/* As flow_addr() and flow_endpoint(), for people. */
int flow_name_addr(char *buf, size_t size, const struct flow_key *key, enum side side);
int flow_name_endpoint(char *buf, size_t size, const struct flow_key *key, enum side side);
/* A port of the key's protocol: "https", "443". */
int flow_name_port(char *buf, size_t size, const struct flow_key *key, uint16_t port);

#endif
