/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Cost of what comes after the drain: merging an interval into the flow table, and ranking it for
 * the screen. Needs no root. Times are medians of several runs in this process; compare within one
 * run.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "filter.h"
#include "flow-table.h"
#include "ledger.h"
#include "macro.h"
#include "owner.h"
#include "snapshot.h"

#define TIMES 9

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* not the time of others */
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return CMP(x, y);
}

static double median_of(double *values, size_t n)
{
	qsort(values, n, sizeof(*values), compare);
	return values[n / 2];
}

static double median(double *values)
{
	return median_of(values, TIMES);
}

/* n flows of one interface, the order that of a hash table: not the one of the flow table. */
static struct sample_flow *make_flows(uint32_t n)
{
	struct sample_flow *flows = calloc(n, sizeof(*flows));

	for (uint32_t i = 0; flows && i < n; i++) {
		struct flow_key *key = &flows[i].key;
		uint32_t id = i * 2654435761U;

		memcpy(key->src, &id, 4);
		memcpy(key->dst, "\x0a\0\0\2", 4);
		key->sport = (uint16_t)(id >> 16);
		key->dport = 443;
		key->iface = 1;
		key->family = FAMILY_IPV4;
		key->proto = 6;
		flows[i].count.packets = 1 + id % 100;
		flows[i].count.bytes = flows[i].count.packets * 800;
	}
	return flows;
}

static void shuffle(struct sample_flow *flows, uint32_t n)
{
	uint32_t state = 12345;

	for (uint32_t i = n - 1; i > 0; i--) {
		struct sample_flow t = flows[i];
		uint32_t j;

		state = state * 1664525 + 1013904223;
		j = (uint32_t)((uint64_t)state * (i + 1) >> 32);
		flows[i] = flows[j];
		flows[j] = t;
	}
}

/* Three terms: two of the key and one of the counts. About half of the flows pass. */
#define FILTER "tcp port 443 and src net 0.0.0.0/1 and bytes > 2k"
/* Numbers are looked for in the text of every address: the slowest test there is. */
#define SEARCH "77.1"

static struct filter *make_filter(const char *text)
{
	struct filter *filter = NULL;
	struct filter_error error;

	if (filter_parse(text, &filter, &error) < 0) {
		fprintf(stderr, "bench-model: %s\n", error.text);
		exit(1);
	}
	return filter;
}

static double snapshot_ms(struct snapshot *snapshot, const struct flow_table *table,
			  const struct ledger *ledger, struct snapshot_config *config,
			  enum view_id view, struct filter *filter)
{
	double t = now_ms();
	struct row row;

	config->view = view;
	config->filter = filter;
	if (snapshot_build(snapshot, table, ledger, config) < 0)
		exit(1);
	if (snapshot_n_rows(snapshot) > 99)
		snapshot_row(snapshot, 99, &row);
	return now_ms() - t;
}

static void bench(uint32_t n)
{
	double first = 0, merge[TIMES], close[TIMES], rank[TIMES], group[TIMES];
	double filtered[TIMES], filtered_group[TIMES], found[TIMES];
	struct filter *filter = make_filter(FILTER), *search = make_filter(SEARCH);
	struct sample_tick tick = {.end_ns = NSEC_PER_SEC};
	struct sample_flow *flows = make_flows(n);
	struct snapshot_config config = {
		.view = VIEW_ID_FLOWS,
		.sort = COLUMN_BPS,
		.n_sorted = 100,
	};
	struct flow_table *table;
	struct snapshot *snapshot;
	struct ledger *ledger;

	if (!flows || flow_table_new(n + n / 8, &table) < 0 || ledger_new(&ledger) < 0 ||
	    snapshot_new(&snapshot) < 0) {
		fprintf(stderr, "bench-model: no memory\n");
		exit(1);
	}
	for (int i = -1; i < TIMES; i++) {
		double t = now_ms();

		for (uint32_t j = 0; j < n; j += 128)
			flow_table_add(table, flows + j, MIN(128u, n - j));
		if (i < 0) {
			first = now_ms() - t;
			flow_table_tick(table, &tick);
			shuffle(flows, n);
			continue;
		}
		merge[i] = now_ms() - t;
		t = now_ms();
		tick.start_ns = tick.end_ns;
		tick.end_ns += NSEC_PER_SEC;
		flow_table_tick(table, &tick);
		close[i] = now_ms() - t;
		rank[i] = snapshot_ms(snapshot, table, ledger, &config, VIEW_ID_FLOWS, NULL);
		group[i] = snapshot_ms(snapshot, table, ledger, &config, VIEW_ID_SRC, NULL);
		filtered[i] = snapshot_ms(snapshot, table, ledger, &config, VIEW_ID_FLOWS, filter);
		filtered_group[i] =
			snapshot_ms(snapshot, table, ledger, &config, VIEW_ID_SRC, filter);
		found[i] = snapshot_ms(snapshot, table, ledger, &config, VIEW_ID_FLOWS, search);
	}
	printf("%-10u %10.2f %10.2f %10.2f %10.2f %10.2f %10.2f %10.2f %10.2f\n", n, first,
	       median(merge), median(close), median(rank), median(group), median(filtered),
	       median(filtered_group), median(found));
	filter_free(filter);
	filter_free(search);
	snapshot_free(snapshot);
	ledger_free(ledger);
	flow_table_free(table);
	free(flows);
}

/* ---- owners ---- */

#define ROUNDS 15
#define SOCKETS 20000 /* of the host */
#define OWNERS 500

static struct owner_table *make_owners(void)
{
	const struct sample_addr addr = {.addr = {10, 0, 0, 2}, .family = FAMILY_IPV4};
	struct sample_socket socket = {
		.local = {10, 0, 0, 2}, .lport = 443, .family = FAMILY_IPV4, .proto = 6};
	struct owner_table *owners;

	if (owner_table_new(&owners) < 0) {
		fprintf(stderr, "bench-model: no memory\n");
		exit(1);
	}
	owner_table_begin(owners, 0, 0);
	owner_table_addr(owners, &addr);
	for (uint32_t i = 1; i <= OWNERS; i++)
		owner_table_owner(owners,
				  &(struct sample_owner){.number = i, .pid = i, .comm = "nginx"});
	for (uint32_t i = 0; i < SOCKETS; i++) {
		memcpy(socket.remote, &i, sizeof(i));
		socket.rport = (uint16_t)(1024 + i);
		socket.owner = 1 + i % OWNERS;
		owner_table_sockets(owners, &socket, 1);
	}
	memset(socket.local, 0, sizeof(socket.local));
	socket.kind = SOCKET_LISTENING;
	owner_table_sockets(owners, &socket, 1);
	return owners;
}

/* New connections of the host, in each interval. */
static void churn(struct owner_table *owners, uint32_t round)
{
	struct sample_socket sockets[1000];

	memset(sockets, 0, sizeof(sockets));
	for (uint32_t i = 0; i < ARRAY_SIZE(sockets); i++) {
		struct sample_socket *socket = &sockets[i];
		uint32_t remote = 0x80000000 + round * 1000 + i;

		memcpy(socket->local, "\x0a\0\0\2", 4);
		memcpy(socket->remote, &remote, sizeof(remote));
		socket->lport = 443;
		socket->rport = 9999;
		socket->family = FAMILY_IPV4;
		socket->proto = 6;
		socket->owner = 1 + i % OWNERS;
	}
	owner_table_sockets(owners, sockets, ARRAY_SIZE(sockets));
}

enum traffic { FLOOD, FORWARDED, KNOWN, TRAFFIC_MAX };

static const char *const traffic_names[TRAFFIC_MAX] = {
	[FLOOD] = "all new, to a server",
	[FORWARDED] = "all new, forwarded",
	[KNOWN] = "known, 1000 new sockets",
};

/* An interval of n flows, ms: merged in a table that is full of others, and ranked. */
static double interval(struct flow_table *table, struct owner_table *owners,
		       struct snapshot *snapshot, const struct ledger *ledger,
		       struct sample_flow *flows, uint32_t n, uint32_t round, enum traffic traffic)
{
	const struct sample_tick tick = {.start_ns = round * NSEC_PER_SEC,
					 .end_ns = (round + 1) * NSEC_PER_SEC};
	const struct snapshot_config config = {
		.view = VIEW_ID_CONVERSATIONS,
		.sort = COLUMN_BPS,
		.n_sorted = 100,
	};
	double t;

	for (uint32_t i = 0; traffic != KNOWN && i < n; i++) {
		uint32_t id = (i + round * n) * 2654435761U;

		memcpy(flows[i].key.src, &id, sizeof(id));
	}
	if (owners && traffic == KNOWN)
		churn(owners, round);
	t = now_ms();
	for (uint32_t i = 0; i < n; i += 128)
		flow_table_add(table, flows + i, MIN(128u, n - i));
	flow_table_tick(table, &tick);
	if (owners)
		owner_table_tick(owners, tick.end_ns);
	snapshot_build(snapshot, table, ledger, &config);
	return now_ms() - t;
}

static void bench_owners(uint32_t n, enum traffic traffic)
{
	struct owner_table *owners = make_owners();
	struct snapshot *snapshot;
	struct ledger *ledger;
	struct flow_table *tables[2];
	struct sample_flow *flows[2] = {make_flows(n), make_flows(n)};
	double ms[2][ROUNDS], ratios[ROUNDS];

	for (int i = 0; i < 2; i++)
		if (!flows[i] || flow_table_new(n + n / 4, &tables[i]) < 0)
			exit(1);
	for (uint32_t i = 0; i < 2 * n && traffic == FORWARDED; i++)
		flows[i / n][i % n].key.dst[3] = 3;
	if (snapshot_new(&snapshot) < 0 || ledger_new(&ledger) < 0)
		exit(1);
	flow_table_set_owners(tables[1], owners);
	/* One after the other in each round: what else the machine does meets both. */
	for (uint32_t round = 0; round <= ROUNDS; round++)
		for (int i = 0; i < 2; i++) {
			double t = interval(tables[i], i ? owners : NULL, snapshot, ledger,
					    flows[i], n, round, traffic);

			if (round)
				ms[i][round - 1] = t;
		}
	for (int round = 0; round < ROUNDS; round++)
		ratios[round] = ms[1][round] / ms[0][round];
	printf("%-10u %-28s %10.2f %10.2f %10.2f\n", n, traffic_names[traffic],
	       median_of(ms[0], ROUNDS), median_of(ms[1], ROUNDS), median_of(ratios, ROUNDS));
	for (int i = 0; i < 2; i++) {
		flow_table_free(tables[i]);
		free(flows[i]);
	}
	owner_table_free(owners);
	snapshot_free(snapshot);
	ledger_free(ledger);
}

int main(void)
{
	printf("\n%-10s %10s %10s %10s %10s %10s %10s %10s %10s\n", "flows, ms", "all new", "merge",
	       "rates", "top 100", "by source", "filtered", "and by src", "search");
	bench(10000);
	bench(100000);
	bench(1000000);
	printf("\n%-10s %-28s %10s %10s %10s\n", "interval", "flows", "without", "owners", "ratio");
	for (enum traffic traffic = 0; traffic < TRAFFIC_MAX; traffic++) {
		bench_owners(10000, traffic);
		bench_owners(100000, traffic);
	}
	return 0;
}
