/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of owners, and what back ends report of them, their sockets and addresses. */
#include "config.h"

#include "owner.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "cleanup.h"
#include "flow.h"
#include "macro.h"
#include "owner-data.h"

DEFINE_CLEANUP(struct owner_table *, owner_table_free);

/* What has ended stays for so long: packets, and who names it, may come later. */
#define LATE_NS (30 * NSEC_PER_SEC)

/* ---- the table ---- */

int owner_table_new(struct owner_table **ret_table)
{
	cleanup(owner_table_freep) struct owner_table *table = calloc(1, sizeof(*table));
	int r;

	if (!table)
		return -ENOMEM;
	owner_sockets_init(&table->sockets);
	table->off_reason = OWNER_OFF;
	table->version = 1;
	/* Up to 256 bytes come whole or not at all. */
	if (getrandom(table->seed, sizeof(table->seed), 0) < 0)
		return -errno;
	r = owner_text_pool_new(&table->texts);
	if (r < 0)
		return r;
	table->changes = calloc(1, sizeof(*table->changes));
	table->near = calloc(OWNER_NEAR, sizeof(*table->near));
	if (!table->changes || !table->near)
		return -ENOMEM;
	*ret_table = take_ptr(table);
	return 0;
}

static void free_entry(struct owner_table *table, struct owner_entry *entry)
{
	for (size_t i = 0; i < OWNER_TEXT_MAX; i++)
		owner_text_put(table->texts, entry->owner.text[i]);
	free(entry);
}

void owner_table_free(struct owner_table *table)
{
	struct owner_entry *entry, *next;

	if (!table)
		return;
	entry = owner_entry_next(&table->entries, NULL);
	for (; entry; entry = next) {
		next = owner_entry_next(&table->entries, entry);
		free_entry(table, entry);
	}
	free(table->entries.heads);
	owner_text_pool_unref(table->texts);
	owner_addrs_done(&table->addrs);
	owner_sockets_done(&table->sockets);
	free(table->changes);
	free(table->near);
	free(table);
}

int owner_table_clone(const struct owner_table *table, struct owner_table **ret_table)
{
	cleanup(owner_table_freep) struct owner_table *clone = calloc(1, sizeof(*clone));
	const struct owner_entry *entry = NULL;

	if (!clone)
		return -ENOMEM;
	owner_table_stats(table, &clone->frozen);
	clone->texts = owner_text_pool_ref(table->texts);
	while ((entry = owner_entry_next(&table->entries, entry))) {
		struct owner_entry *copy = owner_entry_add(&clone->entries, entry->owner.number);

		if (!copy)
			return -ENOMEM;
		copy->owner = entry->owner;
		for (size_t text = 0; text < OWNER_TEXT_MAX; text++)
			(void)owner_text_ref(copy->owner.text[text]);
	}
	*ret_table = take_ptr(clone);
	return 0;
}

void owner_table_begin(struct owner_table *table, uint32_t netns, uint64_t start_ns)
{
	table->on = true;
	table->home = netns;
	table->now_ns = start_ns; /* of what is closed in the first interval */
}

void owner_table_off(struct owner_table *table, uint8_t reason)
{
	table->off_reason = reason;
}

void owner_table_stats(const struct owner_table *table, struct owner_stats *ret_stats)
{
	if (!table->changes) { /* a clone */
		*ret_stats = table->frozen;
		return;
	}
	*ret_stats = (struct owner_stats){
		.n_owners = table->entries.n,
		.n_sockets = table->sockets.n,
		.n_addrs = table->addrs.n,
		.owners_refused = table->owners_refused,
		.owners_dropped = table->owners_dropped,
		.sockets_refused = table->sockets.refused,
		.sockets_dropped = table->sockets.dropped,
		.addrs_refused = table->addrs.refused,
		.texts_refused = owner_text_pool_refused(table->texts),
	};
}

/* ---- owners ---- */

const struct owner *owner_get(const struct owner_table *table, uint32_t number)
{
	const struct owner_entry *entry = owner_entry_find(&table->entries, number);

	return entry ? &entry->owner : NULL;
}

static void drop(struct owner_table *table, struct owner_entry *entry)
{
	owner_entry_remove(&table->entries, entry);
	table->owners_dropped++;
	free_entry(table, entry);
}

void owner_ref(struct owner_table *table, uint32_t number)
{
	if (number)
		owner_entry_find(&table->entries, number)->refs++;
}

void owner_unref(struct owner_table *table, uint32_t number)
{
	struct owner_entry *entry;

	if (!number)
		return;
	entry = owner_entry_find(&table->entries, number);
	if (--entry->refs == 0 && entry->late)
		drop(table, entry);
}

/* Those that have ended wait in a line, oldest first. */
static void bury(struct owner_table *table, struct owner_entry *entry)
{
	entry->owner.gone = true;
	entry->gone_ns = table->now_ns;
	if (table->eldest)
		table->youngest->younger = entry;
	else
		table->eldest = entry;
	table->youngest = entry;
}

static struct owner_entry *add_entry(struct owner_table *table, uint32_t number)
{
	struct owner_entry *entry = number ? owner_entry_add(&table->entries, number) : NULL;

	for (size_t i = 0; entry && i < OWNER_TEXT_MAX; i++)
		entry->owner.text[i] = owner_text_get(table->texts, NULL);
	return entry;
}

void owner_table_owner(struct owner_table *table, const struct sample_owner *sample)
{
	const char *const texts[OWNER_TEXT_MAX] = {
		[OWNER_COMM] = sample->comm,
		[OWNER_COMMAND] = sample->command,
		[OWNER_USER] = sample->user,
		[OWNER_CGROUP] = sample->cgroup,
		[OWNER_RUNTIME] = sample->runtime,
		[OWNER_CONTAINER] = sample->container,
		[OWNER_CONTAINER_NAME] = sample->container_name,
		[OWNER_IMAGE] = sample->image,
		[OWNER_POD] = sample->pod,
		[OWNER_POD_NAMESPACE] = sample->pod_namespace,
	};
	struct owner_entry *entry = owner_entry_find(&table->entries, sample->number);

	if (!entry)
		entry = add_entry(table, sample->number);
	if (!entry) {
		table->owners_refused++;
		return;
	}
	entry->owner.pid = sample->pid;
	entry->owner.uid = sample->uid;
	entry->owner.start_ns = sample->start_ns;
	entry->owner.cgroup_id = sample->cgroup_id;
	for (size_t i = 0; i < OWNER_TEXT_MAX; i++) {
		const char *before = entry->owner.text[i];

		/* nobody can be asked about a process that has ended: what was known stays */
		if (sample->gone && (!texts[i] || !*texts[i]))
			continue;

		entry->owner.text[i] = owner_text_get(table->texts, texts[i]);
		owner_text_put(table->texts, before);
	}
	if (sample->gone && !entry->owner.gone)
		bury(table, entry);
}

void owner_table_tick(struct owner_table *table, uint64_t now_ns)
{
	uint64_t before_ns = now_ns > LATE_NS ? now_ns - LATE_NS : 0;

	table->now_ns = now_ns;
	owner_changes_tick(table);
	owner_sockets_age(table, before_ns);
	while (table->eldest && table->eldest->gone_ns < before_ns) {
		struct owner_entry *entry = table->eldest;

		table->eldest = entry->younger;
		entry->late = true;
		if (!entry->refs)
			drop(table, entry);
	}
}

/* ---- sockets ---- */

/* IPv4 in an IPv6 socket (RFC 4291, 2.5.5.2) is IPv4. */
static bool is_mapped(const uint8_t *addr)
{
	static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};

	return memcmp(addr, prefix, sizeof(prefix)) == 0;
}

static void put_addr(uint8_t *ret_addr, const uint8_t *addr, uint8_t family)
{
	if (family == FAMILY_IPV6)
		memcpy(ret_addr, addr, 16);
	else
		memcpy(ret_addr, is_mapped(addr) ? addr + 12 : addr, 4);
}

static void ends_of(const struct sample_socket *socket, struct owner_ends *ret_ends)
{
	bool mapped = is_mapped(socket->local) || is_mapped(socket->remote);
	const struct flow_key key = {.family = socket->family, .proto = socket->proto};
	struct owner_ends ends = {.family = mapped ? FAMILY_IPV4 : socket->family,
				  .proto = socket->proto};

	put_addr(ends.local, socket->local, ends.family);
	if (socket->kind == SOCKET_CONNECTED)
		put_addr(ends.remote, socket->remote, ends.family);
	if (flow_has_ports(&key)) {
		ends.lport = socket->lport;
		ends.rport = socket->kind == SOCKET_CONNECTED ? socket->rport : 0;
	}
	*ret_ends = ends;
}

/* What a scan says does not make worse what is known of the same socket. */
static bool is_worse(const struct owner_socket *known, const struct sample_socket *report)
{
	bool same = known->cookie == report->cookie;

	if (!report->estimated)
		return false;
	return (same && known->cookie && !known->estimated) ||
	       (known->owner && !report->owner && (same || !known->cookie || !report->cookie));
}

static uint32_t find_same(const struct owner_table *table, const struct owner_ends *ends,
			  uint32_t netns)
{
	const struct owner_sockets *sockets = &table->sockets;
	uint32_t i = owner_map_first(&sockets->map, owner_ends_hash(table->seed, ends));

	for (;; i = sockets->sockets[i].next) {
		i = owner_sockets_match(sockets, i, ends);
		if (i == OWNER_NONE || sockets->sockets[i].netns == netns)
			return i;
	}
}

/* The socket that a report is about; a new one where there is none. NULL: nothing to be done. */
static struct owner_socket *socket_for(struct owner_table *table,
				       const struct sample_socket *report, bool *ret_new)
{
	struct owner_sockets *sockets = &table->sockets;
	struct owner_socket *socket;
	struct owner_ends ends;
	uint32_t position;

	ends_of(report, &ends);
	position = find_same(table, &ends, report->netns);
	*ret_new = position == OWNER_NONE;
	/* The end of a socket of which nothing was known says nothing. */
	if (*ret_new && report->gone && !report->owner)
		return NULL;
	if (*ret_new) {
		socket = owner_sockets_add(table, &ends);
		if (socket) {
			socket->netns = report->netns;
			socket->reason = OWNER_PENDING;
		}
		return socket;
	}
	socket = &sockets->sockets[position];
	/* The end of a socket whose ends another one has by now. */
	if (report->gone && socket->cookie && report->cookie && socket->cookie != report->cookie)
		return NULL;
	return socket;
}

static void put_socket(struct owner_table *table, const struct sample_socket *report)
{
	uint32_t owner = owner_get(table, report->owner) ? report->owner : 0, before;
	bool estimated = report->estimated || report->passed_on;
	bool changed, keep;
	struct owner_socket *socket = socket_for(table, report, &changed);

	if (!socket)
		return;
	/* A report of the end says who it was, or nothing. */
	keep = !changed && (is_worse(socket, report) || (report->gone && !owner));
	if (!keep) {
		changed |= owner != socket->owner || estimated != socket->estimated;
		if (socket->cookie != report->cookie)
			owner_sockets_hand_over(table, socket, report->cookie, owner);
		before = socket->owner;
		owner_ref(table, owner);
		socket->owner = owner;
		owner_unref(table, before);
		socket->reason = report->owner ? OWNER_KNOWN : report->reason;
		socket->estimated = estimated;
		if (report->cookie)
			socket->cookie = report->cookie;
	}
	if (socket->closed != report->gone) {
		uint32_t position = (uint32_t)(socket - table->sockets.sockets);

		if (report->gone)
			owner_sockets_close(&table->sockets, position, table->now_ns);
		else
			owner_sockets_reopen(&table->sockets, position);
	}
	if (changed)
		owner_changes_add(table, &socket->ends);
}

void owner_table_sockets(struct owner_table *table, const struct sample_socket *sockets, size_t n)
{
	table->version++;
	for (size_t i = 0; i < n; i++)
		put_socket(table, &sockets[i]);
}

void owner_table_addr(struct owner_table *table, const struct sample_addr *addr)
{
	if (owner_addrs_report(&table->addrs, table->seed, addr))
		table->addr_version = ++table->version;
}

uint32_t owner_version(const struct owner_table *table)
{
	return table->version;
}
