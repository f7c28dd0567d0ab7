/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The books of every interface and direction, and of the whole. */
#include "config.h"

#include "ledger.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "cleanup.h"
#include "flow-table.h"
#include "macro.h"
#include "rate.h"

/* What is kept of one direction of one interface, or of a sum. */
struct book {
	struct sample_hook sum; /* since the start, of closed and open interval */
	struct tally delta;     /* of the open interval */
	uint64_t delta_syn;
	double bps, pps, syn_pps; /* of the last closed interval */
	double peak_bps, peak_pps;
	double average[WINDOW_MAX][2];  /* bytes, packets; stored as rate.h describes */
	uint64_t first_tick;            /* intervals closed before this book was opened */
	double history[LEDGER_HISTORY]; /* of interval n at n % LEDGER_HISTORY */
};

struct slot {
	bool known; /* reported by ledger_iface() */
	bool open;  /* its books are */
	struct sample_iface iface;
	struct book books[DIRECTION_MAX];
};

struct ledger {
	struct slot slots[SAMPLE_IFACE_MAX];
	size_t n_slots;
	struct book sums[DIRECTION_MAX + 1]; /* by direction; both at DIRECTION_MAX */
	bool seen[DIRECTION_MAX + 1];        /* hooks of that direction; of any */
	struct rate rate;
	struct sample_tick tick;
	uint64_t n_ticks;
};

_Static_assert(ARRAY_SIZE(((struct ledger_line *)NULL)->average_bps) == WINDOW_MAX, "windows");

int ledger_new(struct ledger **ret_ledger)
{
	/* Some megabytes, of which only the slots in use are ever touched. */
	struct ledger *ledger = calloc(1, sizeof(*ledger));

	if (!ledger)
		return -ENOMEM;
	*ret_ledger = ledger;
	return 0;
}

void ledger_free(struct ledger *ledger)
{
	free(ledger);
}

int ledger_clone(const struct ledger *ledger, struct ledger **ret_ledger)
{
	struct ledger *clone = calloc(1, sizeof(*clone));

	if (!clone)
		return -ENOMEM;
	memcpy(clone->slots, ledger->slots, ledger->n_slots * sizeof(*clone->slots));
	clone->n_slots = ledger->n_slots;
	memcpy(clone->sums, ledger->sums, sizeof(clone->sums));
	memcpy(clone->seen, ledger->seen, sizeof(clone->seen));
	clone->rate = ledger->rate;
	clone->tick = ledger->tick;
	clone->n_ticks = ledger->n_ticks;
	*ret_ledger = clone;
	return 0;
}

static struct slot *open_slot(struct ledger *ledger, uint16_t number)
{
	struct slot *slot;

	assert(number < SAMPLE_IFACE_MAX);
	slot = &ledger->slots[number];
	if (!slot->open) {
		slot->open = true;
		for (enum direction d = 0; d < DIRECTION_MAX; d++)
			slot->books[d].first_tick = ledger->n_ticks;
		ledger->n_slots = MAX(ledger->n_slots, (size_t)number + 1);
	}
	return slot;
}

void ledger_iface(struct ledger *ledger, const struct sample_iface *iface)
{
	struct slot *slot = open_slot(ledger, iface->slot);

	slot->iface = *iface;
	slot->known = true;
}

static void book_add(struct book *book, const struct sample_hook *hook)
{
	tally_add(&book->sum.total, &hook->total);
	for (enum other other = 0; other < OTHER_MAX; other++)
		tally_add(&book->sum.other[other], &hook->other[other]);
	book->sum.syn += hook->syn;
	book->sum.syn_ack += hook->syn_ack;
	book->sum.fin += hook->fin;
	book->sum.rst += hook->rst;
	tally_add(&book->delta, &hook->total);
	book->delta_syn += hook->syn;
}

void ledger_hook(struct ledger *ledger, const struct sample_hook *hook)
{
	struct slot *slot = open_slot(ledger, hook->iface);

	assert(hook->direction < DIRECTION_MAX);
	ledger->seen[hook->direction] = ledger->seen[DIRECTION_MAX] = true;
	book_add(&slot->books[hook->direction], hook);
	book_add(&ledger->sums[hook->direction], hook);
	book_add(&ledger->sums[DIRECTION_MAX], hook);
}

static void book_close(struct book *book, const struct ledger *ledger, const double *rescale)
{
	const struct rate *rate = &ledger->rate;
	double bytes = (double)book->delta.bytes, packets = (double)book->delta.packets;

	for (enum window w = 0; w < WINDOW_MAX; w++) {
		book->average[w][0] = book->average[w][0] * rescale[w] + bytes * rate->weight[w];
		book->average[w][1] = book->average[w][1] * rescale[w] + packets * rate->weight[w];
	}
	book->bps = 8 * bytes * rate->per_second;
	book->pps = packets * rate->per_second;
	book->syn_pps = (double)book->delta_syn * rate->per_second;
	book->peak_bps = MAX(book->peak_bps, book->bps);
	book->peak_pps = MAX(book->peak_pps, book->pps);
	book->history[ledger->n_ticks % LEDGER_HISTORY] = book->bps;
	book->delta = (struct tally){0};
	book->delta_syn = 0;
}

void ledger_tick(struct ledger *ledger, const struct sample_tick *tick)
{
	double rescale[WINDOW_MAX];

	if (!rate_tick(&ledger->rate, tick->start_ns, tick->end_ns, rescale))
		for (enum window w = 0; w < WINDOW_MAX; w++)
			rescale[w] = 1;
	for (size_t i = 0; i < ledger->n_slots; i++)
		for (enum direction d = 0; ledger->slots[i].open && d < DIRECTION_MAX; d++)
			book_close(&ledger->slots[i].books[d], ledger, rescale);
	for (size_t i = 0; i < ARRAY_SIZE(ledger->sums); i++)
		book_close(&ledger->sums[i], ledger, rescale);
	ledger->tick = *tick;
	ledger->n_ticks++;
}

const struct sample_iface *ledger_get_iface(const struct ledger *ledger, uint16_t slot)
{
	if (slot >= ledger->n_slots || !ledger->slots[slot].known)
		return NULL;
	return &ledger->slots[slot].iface;
}

size_t ledger_n_slots(const struct ledger *ledger)
{
	return ledger->n_slots;
}

static void get_history(const struct ledger *ledger, const struct book *book,
			struct ledger_line *line)
{
	uint64_t n = MIN(ledger->n_ticks - book->first_tick, (uint64_t)LEDGER_HISTORY);

	for (uint64_t i = 0; i < n; i++)
		line->history_bps[i] = book->history[(ledger->n_ticks - n + i) % LEDGER_HISTORY];
	line->n_history = n;
}

/* All but the interface and what comes from the flow table. */
static void get_book(const struct ledger *ledger, const struct book *book, enum direction direction,
		     struct ledger_line *ret_line)
{
	struct ledger_line line = {
		.direction = direction,
		.total = book->sum.total,
		.syn = book->sum.syn,
		.syn_ack = book->sum.syn_ack,
		.fin = book->sum.fin,
		.rst = book->sum.rst,
		.bps = book->bps,
		.pps = book->pps,
		.syn_pps = book->syn_pps,
		.peak_bps = book->peak_bps,
		.peak_pps = book->peak_pps,
		.seen = ledger->seen[direction] || !ledger->seen[DIRECTION_MAX],
	};

	memcpy(line.other, book->sum.other, sizeof(line.other));
	for (enum window w = 0; w < WINDOW_MAX; w++) {
		line.average_bps[w] = 8 * book->average[w][0] * ledger->rate.scale[w];
		line.average_pps[w] = book->average[w][1] * ledger->rate.scale[w];
	}
	get_history(ledger, book, &line);
	*ret_line = line;
}

static bool book_balanced(const struct book *book, const struct flow_sum *flows)
{
	struct tally sum = flows->flows;

	tally_add(&sum, &flows->folded);
	for (enum other other = 0; other < OTHER_MAX; other++)
		tally_add(&sum, &book->sum.other[other]);
	return sum.packets == book->sum.total.packets && sum.bytes == book->sum.total.bytes;
}

bool ledger_get(const struct ledger *ledger, const struct flow_table *table, uint16_t slot,
		enum direction direction, struct ledger_line *ret_line)
{
	const struct sample_iface *iface = ledger_get_iface(ledger, slot);
	const struct book *book;
	struct flow_sum flows;

	if (!iface)
		return false;
	book = &ledger->slots[slot].books[direction];
	get_book(ledger, book, direction, ret_line);
	flow_table_sum(table, slot, direction, &flows);
	ret_line->iface = iface;
	ret_line->flows = flows.flows;
	ret_line->folded = flows.folded;
	ret_line->balanced = book_balanced(book, &flows);
	return true;
}

void ledger_sum(const struct ledger *ledger, const struct flow_table *table,
		enum direction direction, struct ledger_line *ret_line)
{
	get_book(ledger, &ledger->sums[direction], direction, ret_line);
	ret_line->balanced = true;
	for (uint16_t i = 0; i < ledger->n_slots; i++)
		for (enum direction d = 0; d < DIRECTION_MAX; d++) {
			struct flow_sum flows;

			if (direction != DIRECTION_MAX && d != direction)
				continue;
			flow_table_sum(table, i, d, &flows);
			tally_add(&ret_line->flows, &flows.flows);
			tally_add(&ret_line->folded, &flows.folded);
			/* Errors of two interfaces must not cancel out. */
			if (!book_balanced(&ledger->slots[i].books[d], &flows))
				ret_line->balanced = false;
		}
}

const struct sample_tick *ledger_last_tick(const struct ledger *ledger)
{
	return &ledger->tick;
}

uint64_t ledger_n_ticks(const struct ledger *ledger)
{
	return ledger->n_ticks;
}
