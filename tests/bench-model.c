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
#include "snapshot.h"

#define TIMES 9

static double now_ms(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static int compare(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return CMP(x, y);
}

static double median(double *values)
{
	qsort(values, TIMES, sizeof(*values), compare);
	return values[TIMES / 2];
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

int main(void)
{
	printf("\n%-10s %10s %10s %10s %10s %10s %10s %10s %10s\n", "flows, ms", "all new", "merge",
	       "rates", "top 100", "by source", "filtered", "and by src", "search");
	bench(10000);
	bench(100000);
	bench(1000000);
	return 0;
}
