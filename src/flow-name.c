/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names in place of addresses and ports. */
#include "config.h"

#include "flow-name.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "macro.h"
#include "name-seen.h"
#include "resolve.h"
#include "text.h"

/* Services are read once; more than this many are not looked at. */
#define SERVICES_MAX 8192
#define SERVICE_SIZE 16 /* longer names stay numbers */

struct service {
	uint16_t port;
	uint8_t proto;
	char name[SERVICE_SIZE];
};

static struct {
	struct resolve *resolve;
	const struct name_seen *seen;
	bool hosts, ports;
	struct service *services; /* in order; lives as long as the program */
	size_t n_services;
} names;

void flow_name_use(struct resolve *resolve)
{
	names.resolve = resolve;
}

void flow_name_use_seen(const struct name_seen *seen)
{
	names.seen = seen;
}

/* ---- hosts ---- */

void flow_name_show_hosts(bool on)
{
	names.hosts = on;
}

bool flow_name_shows_hosts(void)
{
	return names.hosts;
}

/* ARP speaks of the same hosts as IPv4. */
static uint8_t family_of(const struct flow_key *key)
{
	return key->family == FAMILY_ARP ? FAMILY_IPV4 : key->family;
}

static const struct name_found *find_seen(const struct flow_key *key, enum side side)
{
	return names.seen && !flow_addr_is_open(key, side) ? name_seen_find(names.seen, key, side)
							   : NULL;
}

const struct name_found *flow_name_found(const struct flow_key *key)
{
	const struct name_found *found = find_seen(key, SIDE_DST);

	return found ? found : find_seen(key, SIDE_SRC);
}

const char *flow_name_host(const struct flow_key *key, enum side side)
{
	const struct name_found *found = find_seen(key, side);

	if (found)
		return found->name;
	if (flow_addr_is_open(key, side))
		return NULL;
	return resolve_find(names.resolve, family_of(key), flow_side_addr(key, side));
}

void flow_name_want(const struct flow_key *key)
{
	if (!names.resolve)
		return;
	if (!flow_addr_is_open(key, SIDE_SRC))
		resolve_want(names.resolve, family_of(key), key->src);
	if (!flow_addr_is_open(key, SIDE_DST))
		resolve_want(names.resolve, family_of(key), key->dst);
}

/* The name that is shown, NULL: the address is. */
static const char *shown_host(const struct flow_key *key, enum side side)
{
	const char *name = names.hosts ? flow_name_host(key, side) : NULL;

	return name && strlen(name) <= FLOW_NAME_LENGTH_MAX ? name : NULL;
}

int flow_name_addr(char *buf, size_t size, const struct flow_key *key, enum side side)
{
	const char *name = shown_host(key, side);

	return name ? snprintf(buf, size, "%s", name) : flow_addr(buf, size, key, side);
}

/* ---- services ---- */

static int compare_services(const void *a, const void *b)
{
	const struct service *x = a, *y = b;
	int order = CMP(x->port, y->port);

	return order ? order : CMP(x->proto, y->proto);
}

static void read_services(void)
{
	struct service *services = calloc(SERVICES_MAX, sizeof(*services));
	const struct servent *entry;
	size_t n = 0;

	if (!services)
		return;
	setservent(true);
	while (n < SERVICES_MAX && (entry = getservent())) {
		int proto = flow_proto_number(entry->s_proto);
		struct service *service = &services[n];

		if (proto < 0 || strlen(entry->s_name) >= SERVICE_SIZE)
			continue;
		service->port = ntohs((uint16_t)entry->s_port);
		service->proto = (uint8_t)proto;
		text_escape(service->name, sizeof(service->name), entry->s_name, (size_t)-1);
		n++;
	}
	endservent();
	qsort(services, n, sizeof(*services), compare_services);
	names.services = services;
	names.n_services = n;
}

void flow_name_show_ports(bool on)
{
	names.ports = on;
	if (on && !names.services)
		read_services();
}

bool flow_name_shows_ports(void)
{
	return names.ports;
}

int flow_name_port(char *buf, size_t size, const struct flow_key *key, uint16_t port)
{
	const struct service wanted = {.port = port, .proto = key->proto};
	const struct service *service = NULL;

	if (names.ports && names.services)
		service = bsearch(&wanted, names.services, names.n_services, sizeof(wanted),
				  compare_services);
	return service ? snprintf(buf, size, "%s", service->name) : snprintf(buf, size, "%u", port);
}

int flow_name_endpoint(char *buf, size_t size, const struct flow_key *key, enum side side)
{
	bool open = flow_port_is_open(key, side);
	const char *name = shown_host(key, side);
	char addr[FLOW_TEXT_MAX], port[SERVICE_SIZE] = "*";

	if (!flow_has_ports(key) || (open && flow_addr_is_open(key, side)))
		return flow_name_addr(buf, size, key, side);
	if (!name && !names.ports)
		return flow_endpoint(buf, size, key, side);
	(void)flow_name_addr(addr, sizeof(addr), key, side);
	if (!open)
		(void)flow_name_port(port, sizeof(port), key, flow_side_port(key, side));
	return snprintf(buf, size,
			!name && key->family == FAMILY_IPV6 && !flow_addr_is_open(key, side)
				? "[%s]:%s"
				: "%s:%s",
			addr, port);
}
