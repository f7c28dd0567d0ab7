/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Copies the books and judges them. */
#include "config.h"

#include "ui-books.h"

#include <errno.h>
#include <stdlib.h>

#include "flow-table.h"
#include "macro.h"

static int reserve(struct ui_books *books, size_t n)
{
	struct ui_books_iface *ifaces;

	if (n <= books->n_reserved)
		return 0;
	n += n / 2;
	ifaces = reallocarray(books->ifaces, n, sizeof(*ifaces));
	if (!ifaces)
		return -ENOMEM;
	books->ifaces = ifaces;
	books->n_reserved = n;
	return 0;
}

int ui_books_update(struct ui_books *books, const struct ledger *ledger,
		    const struct flow_table *table)
{
	size_t n_slots = ledger_n_slots(ledger);
	int r;

	r = reserve(books, n_slots);
	if (r < 0)
		return r;
	books->n_ifaces = 0;
	for (size_t slot = 0; slot < n_slots; slot++) {
		const struct sample_iface *iface = ledger_get_iface(ledger, (uint16_t)slot);
		struct ui_books_iface *copy = &books->ifaces[books->n_ifaces];

		if (!iface)
			continue;
		copy->iface = *iface;
		for (int d = 0; d < DIRECTION_MAX; d++)
			(void)ledger_get(ledger, table, (uint16_t)slot, (enum direction)d,
					 &copy->side[d]);
		books->n_ifaces++;
	}
	for (int d = 0; d <= DIRECTION_MAX; d++)
		ledger_sum(ledger, table, (enum direction)d, &books->sum[d]);
	books->n_ticks = ledger_n_ticks(ledger);
	books->tick = *ledger_last_tick(ledger);
	books->n_active = flow_table_active(table);
	(void)flow_table_flows(table, &books->n_kept);
	books->n_max = flow_table_capacity(table);
	books->n_evicted = flow_table_evicted(table);
	if (flow_table_owners(table))
		owner_table_stats(flow_table_owners(table), &books->owners);
	return 0;
}

void ui_books_done(struct ui_books *books)
{
	free(books->ifaces);
	*books = (struct ui_books){0};
}

const struct ledger_line *ui_books_wrong(const struct ui_books *books, const char **ret_iface)
{
	for (size_t i = 0; i < books->n_ifaces; i++) {
		const struct ui_books_iface *iface = &books->ifaces[i];

		for (int d = 0; d < DIRECTION_MAX; d++) {
			if (iface->side[d].balanced)
				continue;
			*ret_iface = iface->iface.name;
			return &iface->side[d];
		}
	}
	return NULL;
}

unsigned int ui_books_fill(const struct ui_books *books)
{
	if (!books->tick.slots)
		return 0;
	return (unsigned int)(100ULL * books->tick.slots_used / books->tick.slots);
}
