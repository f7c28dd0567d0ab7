/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of addresses by the answers of DNS and the handshakes of TLS that went past. */
#include "config.h"

#include "name-seen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "cleanup.h"
#include "l7-dns-query.h"
#include "l7-dns-watch.h"
#include "l7-dns.h"
#include "l7-tls-watch.h"
#include "macro.h"
#include "mix.h"
#include "owner.h"

#define BUCKET 8 /* names that share a hash */
#define N_BUCKETS (NAME_SEEN_MAX / BUCKET)
/* What was connected to by a name goes on for longer than the answer is good for. */
#define KEPT_MIN_NS (600 * NSEC_PER_SEC)
#define KEPT_MAX_NS (86400 * NSEC_PER_SEC)

struct name {
	uint8_t addr[16];
	uint8_t client[16]; /* who asked */
	uint8_t family, client_family;
	uint64_t seen_ns;
	uint64_t until_ns;
	char *texts;             /* those of found, one after the other; NULL: free */
	struct name_found found; /* valid where there are texts */
};

struct name_seen {
	struct dns_watch *dns; /* NULL: is not read */
	struct tls_watch *tls; /* the same */
	struct owner_table *owners;
	uint64_t now_ns;
	uint64_t seed[2];
	struct name names[NAME_SEEN_MAX];
};
DEFINE_CLEANUP(struct name_seen *, name_seen_free);

static struct name *bucket_of(struct name_seen *seen, const uint8_t addr[16])
{
	uint64_t words[2];

	memcpy(words, addr, sizeof(words));
	return &seen->names[mix(words[0] ^ seen->seed[0], words[1] ^ seen->seed[1]) % N_BUCKETS *
			    BUCKET];
}

static bool same_addr(uint8_t family, const uint8_t a[16], uint8_t other, const uint8_t b[16])
{
	return family == other && memcmp(a, b, 16) == 0;
}

/* The place of an address that a client has asked for, or the one that is given up for it. */
static struct name *find_place(struct name_seen *seen, uint8_t family, const uint8_t addr[16],
			       const struct flow_key *asked)
{
	struct name *names = bucket_of(seen, addr), *place = names;

	for (size_t i = 0; i < BUCKET; i++) {
		struct name *name = &names[i];

		if (name->texts && same_addr(name->family, name->addr, family, addr) &&
		    same_addr(name->client_family, name->client, asked->family, asked->src))
			return name;
		if (name->seen_ns < place->seen_ns)
			place = name;
	}
	return place;
}

static void set_texts(struct name *name, const struct name_found *found)
{
	size_t n_name = strlen(found->name) + 1, n_asked_by = strlen(found->asked_by) + 1;
	size_t n_resolver = strlen(found->resolver) + 1;
	char *texts = malloc(n_name + n_asked_by + n_resolver);

	free(name->texts);
	name->texts = texts;
	if (!texts)
		return;
	name->found.name = memcpy(texts, found->name, n_name);
	name->found.asked_by = memcpy(texts + n_name, found->asked_by, n_asked_by);
	name->found.resolver = memcpy(texts + n_name + n_asked_by, found->resolver, n_resolver);
}

static bool is_by_dns(const struct name_found *found)
{
	return *found->resolver;
}

/* What the client of a flow calls an address. */
static void keep(struct name_seen *seen, const struct flow_key *asked, uint8_t family,
		 const uint8_t addr[16], const struct name_found *found, uint64_t time_ns,
		 uint64_t kept_ns)
{
	struct name *name = find_place(seen, family, addr, asked);
	bool same = name->texts && same_addr(name->family, name->addr, family, addr) &&
		    same_addr(name->client_family, name->client, asked->family, asked->src);

	/* what DNS said is better than what a handshake says */
	if (same && is_by_dns(&name->found) && !is_by_dns(found) && name->until_ns > time_ns)
		return;
	set_texts(name, found);
	memcpy(name->addr, addr, sizeof(name->addr));
	memcpy(name->client, asked->src, sizeof(name->client));
	name->family = family;
	name->client_family = asked->family;
	name->seen_ns = time_ns;
	kept_ns = MAX(kept_ns, KEPT_MIN_NS);
	name->until_ns = time_ns + MIN(kept_ns, KEPT_MAX_NS);
}

static const struct owner *find_owner(const struct name_seen *seen, const struct flow_key *asked,
				      bool client)
{
	struct owner_match match;

	if (!seen->owners)
		return NULL;
	owner_find_end(seen->owners, asked, client, &match);
	return match.owner ? owner_get(seen->owners, match.owner) : NULL;
}

static void put_resolver(char *buf, size_t size, const struct name_seen *seen,
			 const struct flow_key *asked)
{
	const struct owner *owner = find_owner(seen, asked, false);

	if (!owner)
		(void)flow_endpoint(buf, size, asked, SIDE_DST);
	else if (owner_pod(buf, size, owner) == 0)
		(void)owner_label(buf, size, owner);
}

/* Data of another size than an address has none. */
static bool has_addr(const struct dns_answer *answer)
{
	static const uint8_t zero[16];

	return answer->class == DNS_CLASS_IN &&
	       (answer->type == DNS_TYPE_A || answer->type == DNS_TYPE_AAAA) &&
	       memcmp(answer->addr, zero, sizeof(zero)) != 0;
}

static int on_query(void *data, const struct dns_query *query, const struct dns_message *answer,
		    uint64_t time_ns)
{
	struct name_seen *seen = data;
	char asked_by[OWNER_TEXT_SIZE] = "", resolver[OWNER_TEXT_SIZE];
	const struct name_found found = {query->name, asked_by, resolver};
	const struct owner *client;

	if (!answer || !query->seen || query->opcode != DNS_OPCODE_QUERY)
		return 0;
	client = find_owner(seen, &query->key, true);
	if (client)
		(void)owner_label(asked_by, sizeof(asked_by), client);
	put_resolver(resolver, sizeof(resolver), seen, &query->key);
	for (size_t i = 0; i < answer->n_answers; i++) {
		const struct dns_answer *one = &answer->answers[i];

		if (has_addr(one))
			keep(seen, &query->key, one->type == DNS_TYPE_A ? FAMILY_IPV4 : FAMILY_IPV6,
			     one->addr, &found, time_ns, one->ttl * NSEC_PER_SEC);
	}
	return 0;
}

/* Clients may ask for anything: what is no name of a host is left. */
static int on_handshake(void *data, const struct tls_seen *handshake)
{
	static const char letters[] =
		"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
	const char *name = handshake->handshake->hello[TLS_CLIENT].server_name;

	if (*name && !name[strspn(name, letters)])
		keep(data, handshake->key, handshake->key->family, handshake->key->dst,
		     &(struct name_found){name, "", ""}, handshake->time_ns, KEPT_MIN_NS);
	return 0;
}

int name_seen_new(uint32_t payload, struct owner_table *owners, struct name_seen **ret_seen)
{
	cleanup(name_seen_freep) struct name_seen *seen = calloc(1, sizeof(*seen));
	int r = 0;

	if (!seen)
		return -ENOMEM;
	if (getrandom(seen->seed, sizeof(seen->seed), 0) != (ssize_t)sizeof(seen->seed))
		return -EIO;
	seen->owners = owners;
	if (payload & PAYLOAD_DNS)
		r = dns_watch_new(on_query, seen, &seen->dns);
	if (r == 0 && payload & PAYLOAD_TLS)
		r = tls_watch_new(on_handshake, seen, &seen->tls);
	if (r < 0)
		return r;
	*ret_seen = take_ptr(seen);
	return 0;
}

void name_seen_free(struct name_seen *seen)
{
	if (!seen)
		return;
	for (size_t i = 0; i < NAME_SEEN_MAX; i++)
		free(seen->names[i].texts);
	dns_watch_free(seen->dns);
	tls_watch_free(seen->tls);
	free(seen);
}

void name_seen_segment(struct name_seen *seen, const struct sample_segment *segment)
{
	if (seen->dns)
		(void)dns_watch_segment(seen->dns, segment);
	if (seen->tls)
		(void)tls_watch_segment(seen->tls, segment);
}

void name_seen_tick(struct name_seen *seen, uint64_t now_ns)
{
	seen->now_ns = now_ns;
	if (seen->dns)
		(void)dns_watch_tick(seen->dns, now_ns);
	if (seen->tls)
		(void)tls_watch_tick(seen->tls, now_ns);
}

const struct name_found *name_seen_find(const struct name_seen *seen, const struct flow_key *key,
					enum side side)
{
	const uint8_t *addr = flow_side_addr(key, side);
	const uint8_t *other = flow_side_addr(key, side == SIDE_SRC ? SIDE_DST : SIDE_SRC);
	const struct name *names = bucket_of((struct name_seen *)seen, addr), *best = NULL;

	for (size_t i = 0; i < BUCKET; i++) {
		const struct name *name = &names[i];

		if (!name->texts || name->until_ns <= seen->now_ns ||
		    !same_addr(name->family, name->addr, key->family, addr))
			continue;
		if (same_addr(name->client_family, name->client, key->family, other))
			return &name->found;
		if (!best || name->seen_ns > best->seen_ns)
			best = name;
	}
	return best ? &best->found : NULL;
}
