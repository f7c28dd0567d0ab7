/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws how many flows there are, what has none, and whether the books balance. */
#include "config.h"

#include "ui-head-books.h"

#include <inttypes.h>
#include <stdio.h>

#include "capture.h"
#include "flow-table.h"
#include "fmt.h"
#include "geo.h"
#include "macro.h"
#include "ui-draw.h"
#include "ui-state.h"

/* The tables in the kernel are as good as full: newcomers begin to be folded before. */
#define FILL_ALARM 90
/* From this height on, the books may take a second line. */
#define LINES_FOR_TWO 16

static uint64_t distance(uint64_t a, uint64_t b)
{
	return a > b ? a - b : b - a;
}

static void add_alarms(const struct ui_books *books, struct ui_facts *facts)
{
	const char *iface;
	const struct ledger_line *wrong = ui_books_wrong(books, &iface);
	unsigned int fill = ui_books_fill(books);

	if (wrong) {
		uint64_t packets = wrong->flows.packets + wrong->folded.packets;
		uint64_t bytes = wrong->flows.bytes + wrong->folded.bytes;

		for (int i = 0; i < OTHER_MAX; i++) {
			packets += wrong->other[i].packets;
			bytes += wrong->other[i].bytes;
		}
		packets = distance(packets, wrong->total.packets);
		bytes = distance(bytes, wrong->total.bytes);
		ui_facts_add(facts, UI_ROLE_ALARM, 0, " BOOKS OFF BY %" PRIu64 " %s ON %s %s ",
			     packets ? packets : bytes, packets ? "PACKETS" : "BYTES", iface,
			     wrong->direction == DIRECTION_IN ? "IN" : "OUT");
	}
	if (fill >= FILL_ALARM)
		ui_facts_add(facts, UI_ROLE_ALARM, 0, " SLOTS %u%% FULL ", fill);
}

/* A count that should be 0, with its share of all packets where that is one. */
static void add_share(struct ui_facts *facts, enum ui_role role, uint8_t priority, const char *what,
		      uint64_t part, uint64_t total)
{
	double percent = total ? 100.0 * (double)part / (double)total : 0;
	char text[FMT_MAX];

	(void)fmt_count(text, sizeof(text), (double)part);
	if (percent < 0.1)
		ui_facts_add(facts, role, priority, "%s %s", what, text);
	else
		ui_facts_add(facts, role, priority, "%s %s (%.*f%%)", what, text, percent < 10,
			     percent);
}

static void add_flows(const struct ui_books *books, struct ui_facts *facts)
{
	const struct ledger_line *sum = &books->sum[DIRECTION_MAX];
	unsigned int fill = ui_books_fill(books);
	char text[FMT_MAX];

	(void)fmt_count(text, sizeof(text), books->n_active);
	ui_facts_add(facts, UI_ROLE_NORMAL, 1, "flows %s active", text);
	(void)fmt_count(text, sizeof(text), books->n_kept);
	ui_facts_add(facts, UI_ROLE_NORMAL, 2, "%s kept", text);
	(void)fmt_count(text, sizeof(text), books->n_max);
	ui_facts_add(facts, UI_ROLE_LABEL, 7, "of %s", text);
	if (books->tick.slots && fill < FILL_ALARM)
		ui_facts_add(facts, UI_ROLE_LABEL, 8, "slots %u%%", fill);
	if (sum->folded.packets)
		add_share(facts, UI_ROLE_WARN, 1, "folded", sum->folded.packets,
			  sum->total.packets);
	else
		ui_facts_add(facts, UI_ROLE_LABEL, 6, "folded 0");
}

/* Why flows lack their owners: nobody may look, or something had no room. */
static void add_owners(const struct ui_state *state, struct ui_facts *facts)
{
	const struct owner_stats *owners = &state->books.owners;
	const struct capture_info *info = state->info;
	const struct capture_owners *source = capture_owners(info);
	const struct {
		uint64_t n;
		const char *what;
	} losses[] = {
		{owners->owners_refused + source->n_refused, "processes refused"},
		{owners->sockets_refused + owners->sockets_dropped, "sockets refused"},
		{owners->addrs_refused, "addresses refused"},
		{owners->texts_refused, "texts refused"},
		{source->n_evicted, "sockets evicted"},
		{source->n_lost, "sockets lost"},
	};
	char text[FMT_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(losses); i++) {
		if (!losses[i].n)
			continue;
		(void)fmt_count(text, sizeof(text), (double)losses[i].n);
		ui_facts_add(facts, UI_ROLE_WARN, 3, "%s %s", losses[i].what, text);
	}
	if (!info->owners && *source->note)
		ui_facts_add(facts, UI_ROLE_WARN, 3, "owners %s",
			     owner_reason_text(source->reason));
}

static void add_places(const struct ui_state *state, struct ui_facts *facts)
{
	uint64_t refused = geo_refused(flow_table_geo(state->table));
	char text[FMT_MAX];

	if (!refused)
		return;
	(void)fmt_count(text, sizeof(text), (double)refused);
	ui_facts_add(facts, UI_ROLE_WARN, 3, "places refused %s", text);
}

/* What has no flow, why, and the verdict. brief: where the reasons have to share their room. */
static void add_rest(const struct ui_state *state, bool brief, struct ui_facts *facts)
{
	const struct ui_books *books = &state->books;
	const struct ledger_line *sum = &books->sum[DIRECTION_MAX];
	uint64_t not_ip = sum->other[OTHER_NOT_IP].packets;
	uint64_t malformed = sum->other[OTHER_MALFORMED].packets;
	uint64_t no_room = sum->other[OTHER_NO_ROOM].packets, total = sum->total.packets;
	const char *iface;
	char text[FMT_MAX];

	if (brief && not_ip + malformed)
		add_share(facts, UI_ROLE_NORMAL, 4, "other", not_ip + malformed, total);
	if (!brief && not_ip)
		add_share(facts, UI_ROLE_NORMAL, 5, "not IP", not_ip, total);
	if (!brief && malformed)
		add_share(facts, UI_ROLE_NORMAL, 4, "malformed", malformed, total);
	if (no_room)
		add_share(facts, UI_ROLE_WARN, 1, "no room", no_room, total);
	if (books->n_evicted) {
		(void)fmt_count(text, sizeof(text), (double)books->n_evicted);
		ui_facts_add(facts, UI_ROLE_WARN, 3, "evicted %s", text);
	}
	add_owners(state, facts);
	add_places(state, facts);
	if (!ui_books_wrong(books, &iface))
		ui_facts_add(facts, UI_ROLE_GOOD, 0, "books balance");
}

int ui_head_books_draw(const struct ui_state *state, const struct ui_theme *theme, int y,
		       int n_columns, int n_lines)
{
	const struct ui_books *books = &state->books;
	struct ui_facts flows = {.n = 0}, rest = {.n = 0};
	size_t room = (size_t)n_columns;
	bool two;

	if (!books->n_ticks) {
		ui_facts_add(&flows, UI_ROLE_LABEL, 0, "the first interval is being measured");
		ui_facts_draw(&flows, theme, y, n_columns);
		return 1;
	}
	add_alarms(books, &flows);
	add_flows(books, &flows);
	add_rest(state, false, &rest);
	/*
	 * By the number of facts, not by their length: a digit more must not move the whole table.
	 * 80 columns hold the flows and the verdict, wider screens also some reasons.
	 */
	two = n_lines >= LINES_FOR_TWO &&
	      (flows.n > 5 || rest.n > 1 + (size_t)MAX(n_columns - 80, 0) / 22);
	if (!two)
		room -= MIN(room, ui_facts_width(&flows) + 2);
	if (ui_facts_width(&rest) > room) {
		rest.n = 0;
		add_rest(state, true, &rest);
	}
	if (!two) {
		ui_facts_append(&flows, &rest);
		rest.n = 0;
	}
	ui_facts_draw(&flows, theme, y, n_columns);
	ui_facts_draw(&rest, theme, y + 1, n_columns);
	return two ? 2 : 1;
}
