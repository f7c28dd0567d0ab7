/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Any text as a filter: it is read or refused with a sentence and a column, flows are judged alike
 * by the filter and by its text read again, and completion stays inside the text.
 */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "filter.h"
#include "flow-table.h"
#include "fuzz.h"
#include "ledger.h"
#include "macro.h"

static struct flow_table *table;
static struct ledger *ledger;

static void make_tables(void)
{
	struct sample_tick tick = {.end_ns = NSEC_PER_SEC};

	if (flow_table_new(64, &table) < 0 || ledger_new(&ledger) < 0)
		abort();
	ledger_iface(ledger, &(struct sample_iface){.slot = 0, .name = "eth0"});
	ledger_iface(ledger, &(struct sample_iface){.slot = 1, .name = "a\\x1bb"});
	for (unsigned int i = 0; i < 32; i++) {
		struct sample_flow flow = {
			.key =
				{
					.src = {10, (uint8_t)i, 0, 1},
					.dst = {0x20, 1, 0xd, 0xb8, [15] = (uint8_t)i},
					.sport = (uint16_t)(1000 * i),
					.dport = 443,
					.vlan = (uint16_t)(i % 3),
					.iface = i % 2,
					.direction = i / 2 % 2,
					.family = (uint8_t)(i % FAMILY_MAX),
					.proto = i % 3 ? 6 : (uint8_t)(17 * i),
					.open = i % 7 ? 0 : (uint8_t)(i % 16),
				},
			.count = {i, 100 * i},
			.tcp_flags = (uint8_t)(i * 3),
		};

		flow_table_add(table, &flow, 1);
	}
	flow_table_tick(table, &tick);
}

static uint32_t judge(struct filter *filter)
{
	uint32_t n, passed = 0;
	const struct flow *flows = flow_table_flows(table, &n);

	filter_begin(filter, table, ledger);
	for (uint32_t i = 0; i < n; i++)
		passed |= (uint32_t)filter_match(filter, &flows[i]) << i;
	return passed;
}

static void on_word(void *data ATTR_UNUSED, const char *word)
{
	if (!*word)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct filter *filter = NULL, *again = NULL;
	struct filter_error error;
	char *text = malloc(size + 1);
	int r;

	if (!text)
		abort();
	if (!table)
		make_tables();
	memcpy(text, data, size);
	text[size] = '\0';
	r = filter_parse(text, &filter, &error);
	if (r != 0 && r != -EINVAL)
		abort();
	if (r == -EINVAL && (!error.column || error.column > size + 1 || !*error.text || filter))
		abort();
	if (filter_complete(text, ledger, on_word, NULL) > strlen(text))
		abort();
	if (filter) {
		if (filter_parse(filter_text(filter), &again, &error) != 0 || !again)
			abort();
		if (judge(filter) != judge(again))
			abort();
	}
	filter_free(again);
	filter_free(filter);
	free(text);
	return 0;
}
