/* SPDX-License-Identifier: GPL-2.0-or-later */
/* A copy of what the ledger says at one moment, so that it can stand still. */
#ifndef UI_BOOKS_H
#define UI_BOOKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ledger.h"
#include "owner.h"
#include "sample.h"

struct flow_table;

struct ui_books_iface {
	struct sample_iface iface;
	struct ledger_line side[DIRECTION_MAX]; /* its pointer to the interface is not for use */
};

struct ui_books {
	struct ui_books_iface *ifaces; /* in the order of their slots */
	size_t n_ifaces, n_reserved;
	struct ledger_line sum[DIRECTION_MAX + 1]; /* last: both directions */
	struct sample_tick tick;
	uint64_t n_ticks; /* intervals so far */
	uint32_t n_active, n_kept, n_max;
	uint64_t n_evicted;
	struct owner_stats owners;
};

/* -ENOMEM leaves the books as they were. */
int ui_books_update(struct ui_books *books, const struct ledger *ledger,
		    const struct flow_table *table);
void ui_books_done(struct ui_books *books);

/* The first direction of an interface whose books do not balance; NULL: all do. */
const struct ledger_line *ui_books_wrong(const struct ui_books *books, const char **ret_iface);
/* How full the tables in the kernel were in the last interval, in percent. */
unsigned int ui_books_fill(const struct ui_books *books);

#endif
