/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The books: per interface and direction flows + folded + other = total, with rates and a short
 * history for graphs. Also knows the interfaces of the run.
 */
#ifndef LEDGER_H
#define LEDGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample.h"

struct flow_table;
struct ledger;

#define LEDGER_HISTORY 120 /* intervals */

/* One direction of one interface. */
struct ledger_line {
	const struct sample_iface *iface;
	enum direction direction;
	struct tally total, flows, folded;
	struct tally other[OTHER_MAX];
	uint64_t syn, syn_ack, fin, rst;
	double bps, pps;                       /* last interval */
	double average_bps[2], average_pps[2]; /* enum window of flow-table.h */
	double peak_bps, peak_pps;
	double syn_pps;
	double history_bps[LEDGER_HISTORY]; /* oldest first, last interval last */
	size_t n_history;
	bool balanced; /* flows + folded + other = total */
	/* False for a direction that the back end tells nothing of on any interface, as XDP of what
	 * is sent: its zeros mean nothing. */
	bool seen;
};

/* Slots of interfaces and hooks are below SAMPLE_IFACE_MAX. */
int ledger_new(struct ledger **ret_ledger);
void ledger_free(struct ledger *ledger);
/* A copy that stays as it is, beside a copy of the flow table. */
int ledger_clone(const struct ledger *ledger, struct ledger **ret_ledger);

void ledger_iface(struct ledger *ledger, const struct sample_iface *iface);
void ledger_hook(struct ledger *ledger, const struct sample_hook *hook);
void ledger_tick(struct ledger *ledger, const struct sample_tick *tick);

/* Slots 0 .. n-1; NULL for a slot never reported. */
const struct sample_iface *ledger_get_iface(const struct ledger *ledger, uint16_t slot);
size_t ledger_n_slots(const struct ledger *ledger);
/* False where the interface was never reported. Adds flows and folded from the table. */
bool ledger_get(const struct ledger *ledger, const struct flow_table *table, uint16_t slot,
		enum direction direction, struct ledger_line *ret_line);
/*
 * Sum over all interfaces, of one direction or (DIRECTION_MAX) of both. iface is NULL. Balanced
 * only where every line is.
 */
void ledger_sum(const struct ledger *ledger, const struct flow_table *table,
		enum direction direction, struct ledger_line *ret_line);
/* The last closed interval (all 0 before the first), and the number of intervals closed so far. */
const struct sample_tick *ledger_last_tick(const struct ledger *ledger);
uint64_t ledger_n_ticks(const struct ledger *ledger);

#endif
