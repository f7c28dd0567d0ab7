/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws the run, and the interfaces with their rates and graphs. */
#include "config.h"

#include "ui-head.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "capture.h"
#include "clock.h"
#include "flow-table.h"
#include "fmt.h"
#include "macro.h"
#include "snapshot.h"
#include "text.h"
#include "ui-draw.h"
#include "ui-filter.h"
#include "ui-head-books.h"
#include "ui-state.h"

/* ---- the run ---- */

/* Fewer SYN a second than this are left out. */
#define SYN_SHOWN_PPS 100

ATTR_PRINTF(3, 4)
static void add_word(char *buf, size_t size, const char *format, ...)
{
	size_t n = strlen(buf);
	va_list args;

	if (n && n + 1 < size)
		buf[n++] = ' ';
	va_start(args, format);
	(void)vsnprintf(buf + n, size - n, format, args);
	va_end(args);
}

/* A time that is drawn once a second. */
static void add_time(char *buf, size_t size, const char *word, uint64_t ns)
{
	char text[FMT_MAX];

	ui_state_format_span(text, sizeof(text), ns - ns % NSEC_PER_SEC);
	add_word(buf, size, "%s %s", word, text);
}

/* All that is not as it moves by itself, because one does not end the other. */
void ui_head_add_state(const struct ui_state *state, struct ui_facts *facts)
{
	uint64_t hold_ns = ui_state_hold_ns(state);
	char text[sizeof(facts->fact[0].text)] = "";
	size_t n_risen = 0;

	if (state->frozen)
		add_time(text, sizeof(text), "FROZEN", clock_mono_ns() - state->frozen_ns);
	if (state->hold)
		add_word(text, sizeof(text), "HOLD");
	if (hold_ns) /* down to the last second */
		add_time(text, sizeof(text), "HOLD", hold_ns + NSEC_PER_SEC - 1);
	if (state->follow)
		add_word(text, sizeof(text), "FOLLOW");
	if (state->hold || hold_ns)
		n_risen = snapshot_n_risen(state->snapshot, state->top, state->n_page);
	if (n_risen)
		add_word(text, sizeof(text), "%zu new above", n_risen);
	ui_facts_add(facts, *text ? UI_ROLE_WARN : UI_ROLE_GOOD, 0, "%s", *text ? text : "LIVE")
		->right = true;
}

/* Connections that begin; where they are most of what comes or goes, a flood or a scan. */
static void add_syn(const struct ui_books *books, struct ui_facts *facts)
{
	enum ui_role role = UI_ROLE_LABEL;
	char text[FMT_MAX];

	if (books->sum[DIRECTION_MAX].syn_pps < SYN_SHOWN_PPS)
		return;
	for (int d = 0; d < DIRECTION_MAX; d++)
		if (books->sum[d].syn_pps > books->sum[d].pps / 2)
			role = UI_ROLE_WARN;
	(void)fmt_rate(text, sizeof(text), books->sum[DIRECTION_MAX].syn_pps, "/s");
	ui_facts_add(facts, role, 3, "SYN %s", text);
}

static void draw_run(const struct ui_state *state, const struct ui_theme *theme, int n_columns)
{
	const struct sample_tick *tick = &state->books.tick;
	const struct capture_info *info = state->info;
	struct ui_facts facts = {.n = 0};
	char text[FMT_MAX];

	ui_facts_add(&facts, UI_ROLE_TITLE, 3, "pktop");
	ui_facts_add(&facts, UI_ROLE_TITLE, 2, "%s", info->host);
	if (state->books.n_ticks && !state->books.sum[DIRECTION_OUT].seen)
		ui_facts_add(&facts, UI_ROLE_WARN, 2, "%s %s IN ONLY", info->backend, info->layer);
	else
		ui_facts_add(&facts, UI_ROLE_LABEL, 6, "%s %s", info->backend, info->layer);
	ui_facts_add(&facts, UI_ROLE_NORMAL, 1, "%s", view_table[state->view].title);
	add_syn(&state->books, &facts);
	ui_head_add_state(state, &facts);
	if (state->books.n_ticks) {
		(void)fmt_clock(text, sizeof(text), tick->real_ns);
		ui_facts_add(&facts, UI_ROLE_NORMAL, 4, "%s", text)->right = true;
		ui_state_format_span(text, sizeof(text), tick->end_ns - info->start_mono_ns);
		ui_facts_add(&facts, UI_ROLE_LABEL, 7, "up %s", text)->right = true;
	}
	ui_state_format_span(text, sizeof(text), state->interval_ns);
	ui_facts_add(&facts, UI_ROLE_LABEL, 5, "every %s", text)->right = true;
	ui_facts_draw(&facts, theme, 0, n_columns);
}

/* ---- interfaces ---- */

/* One line: "eth0  rx 1.2Mb/s 100p/s  tx 1.2Mb/s 100p/s  GRAPH  GRAPH". */
struct iface_layout {
	int name_width;
	int graph_width; /* 0: none */
	bool pps;
};

#define RATE_WIDTH 8  /* "98.7Mb/s" */
#define LABEL_WIDTH 3 /* "rx " */
#define SIDE_GAP 2
#define GRAPH_MIN 5

static int side_width(const struct iface_layout *layout)
{
	return SIDE_GAP + LABEL_WIDTH + RATE_WIDTH + (layout->pps ? 1 + RATE_WIDTH : 0);
}

static struct iface_layout layout_ifaces(const struct ui_state *state, const struct ui_theme *theme,
					 int n_columns)
{
	struct iface_layout layout = {/* "10 more" */ .name_width = 7, .pps = true};
	int room;

	for (size_t i = 0; i < state->books.n_ifaces; i++)
		layout.name_width =
			MAX(layout.name_width, (int)text_width(state->books.ifaces[i].iface.name));
	layout.name_width = MIN(layout.name_width, n_columns >= 100 ? 16 : 9);
	layout.pps = n_columns >= layout.name_width + 2 * side_width(&layout);
	room = n_columns - layout.name_width - 2 * side_width(&layout);
	layout.graph_width = MIN(room / 2 - 2, LEDGER_HISTORY / (int)ui_theme_graph_density(theme));
	if (layout.graph_width < GRAPH_MIN)
		layout.graph_width = 0;
	return layout;
}

/* Draws name and rates; returns the column behind them. */
static int draw_rates(const struct ui_state *state, const struct ui_theme *theme, int y,
		      const struct iface_layout *layout, const char *name,
		      const struct ledger_line side[DIRECTION_MAX])
{
	static const char *const labels[DIRECTION_MAX] = {"rx", "tx"};
	bool bytes = state->unit == UNIT_BYTES;
	char text[FMT_MAX];
	int x = layout->name_width;

	ui_draw_text(theme, (struct ui_box){y, 0, layout->name_width, false},
		     theme->attr[UI_ROLE_TITLE], name);
	for (int d = 0; d < DIRECTION_MAX; d++) {
		ui_draw_text(theme, (struct ui_box){y, x + SIDE_GAP, LABEL_WIDTH, false},
			     theme->attr[UI_ROLE_LABEL], labels[d]);
		x += SIDE_GAP + LABEL_WIDTH;
		if (!side[d].seen) {
			ui_draw_text(theme, (struct ui_box){y, x, RATE_WIDTH, true},
				     theme->attr[UI_ROLE_LABEL], "not seen");
			x += RATE_WIDTH + (layout->pps ? 1 + RATE_WIDTH : 0);
			continue;
		}
		(void)fmt_rate(text, sizeof(text), bytes ? side[d].bps / 8 : side[d].bps,
			       bytes ? "B/s" : "b/s");
		ui_draw_text(theme, (struct ui_box){y, x, RATE_WIDTH, true}, A_NORMAL, text);
		x += RATE_WIDTH;
		if (!layout->pps)
			continue;
		(void)fmt_rate(text, sizeof(text), side[d].pps, "p/s");
		ui_draw_text(theme, (struct ui_box){y, x + 1, RATE_WIDTH, true}, A_NORMAL, text);
		x += 1 + RATE_WIDTH;
	}
	return x;
}

static void draw_note(const struct ui_theme *theme, int y, int x, int n_columns, enum ui_role role,
		      const char *text)
{
	int width = MIN((int)text_width(text), n_columns - x);

	ui_draw_text(theme, (struct ui_box){y, x, width, false}, theme->attr[role], text);
}

static const char *const state_words[IFACE_STATE_MAX] = {
	[IFACE_DOWN] = "DOWN", [IFACE_GONE] = "GONE", [IFACE_FAILED] = "FAILED"};

static void draw_iface(const struct ui_state *state, const struct ui_theme *theme, int y,
		       int n_columns, const struct iface_layout *layout,
		       const struct ui_books_iface *iface)
{
	const char *word = state_words[iface->iface.state];
	char text[4 * LEDGER_HISTORY];
	int x;

	if (word) {
		/* Its history says nothing about now: the reason needs the room. */
		(void)snprintf(text, sizeof(text), "%s%s%s", word, *iface->iface.note ? ": " : "",
			       iface->iface.note);
		ui_draw_text(theme, (struct ui_box){y, 0, layout->name_width, false},
			     theme->attr[UI_ROLE_TITLE], iface->iface.name);
		draw_note(theme, y, layout->name_width + SIDE_GAP, n_columns,
			  iface->iface.state == IFACE_FAILED ? UI_ROLE_ALARM : UI_ROLE_WARN, text);
		return;
	}
	x = draw_rates(state, theme, y, layout, iface->iface.name, iface->side);
	for (int d = 0; d < DIRECTION_MAX && layout->graph_width; d++) {
		const struct ledger_line *side = &iface->side[d];

		if (!side->seen) {
			x += 2 + layout->graph_width;
			continue;
		}
		ui_theme_graph(theme, text, sizeof(text), side->history_bps, side->n_history,
			       (size_t)layout->graph_width);
		ui_draw_text(theme, (struct ui_box){y, x + 2, layout->graph_width, false},
			     theme->attr[UI_ROLE_GRAPH], text);
		x += 2 + layout->graph_width;
	}
}

static double busyness(const struct ui_books_iface *iface)
{
	return iface->side[DIRECTION_IN].average_bps[WINDOW_10S] +
	       iface->side[DIRECTION_OUT].average_bps[WINDOW_10S];
}

/* True when fewer than n interfaces come before this one: by traffic, then by slot. */
static bool is_among_busiest(const struct ui_books *books, size_t index, size_t n)
{
	double mine = busyness(&books->ifaces[index]);
	size_t n_before = 0;

	for (size_t i = 0; i < books->n_ifaces && n_before < n; i++) {
		double other = busyness(&books->ifaces[i]);

		n_before += other > mine || (other == mine && i < index);
	}
	return n_before < n;
}

/* What the interfaces without a line of their own add up to. */
static void draw_more(const struct ui_state *state, const struct ui_theme *theme, int y,
		      int n_columns, const struct iface_layout *layout, size_t n_shown)
{
	struct ledger_line side[DIRECTION_MAX] = {
		{.seen = state->books.sum[DIRECTION_IN].seen},
		{.seen = state->books.sum[DIRECTION_OUT].seen},
	};
	unsigned int n_more = 0, n_failed = 0;
	char text[64];
	int x;

	for (size_t i = 0; i < state->books.n_ifaces; i++) {
		const struct ui_books_iface *iface = &state->books.ifaces[i];

		if (is_among_busiest(&state->books, i, n_shown))
			continue;
		n_more++;
		n_failed += iface->iface.state == IFACE_FAILED;
		for (int d = 0; d < DIRECTION_MAX; d++) {
			side[d].bps += iface->side[d].bps;
			side[d].pps += iface->side[d].pps;
		}
	}
	(void)snprintf(text, sizeof(text), "%u more", n_more);
	x = draw_rates(state, theme, y, layout, text, side);
	(void)snprintf(text, sizeof(text), "%u FAILED", n_failed);
	if (n_failed)
		draw_note(theme, y, x + 2, n_columns, UI_ROLE_ALARM, text);
}

/* complete: the lines above are all that it sums up. */
static void draw_total(const struct ui_state *state, const struct ui_theme *theme, int y,
		       int n_columns, const struct iface_layout *layout, bool complete)
{
	static const char *const notes[] = {"a packet crossing two interfaces is counted on each",
					    "forwarded: counted on each", "counted on each"};
	size_t i = 0;
	char name[32] = "total";
	int x;

	if (!complete)
		(void)snprintf(name, sizeof(name), "all %zu", state->books.n_ifaces);
	x = draw_rates(state, theme, y, layout, name, state->books.sum) + 2;
	if (!state->books.sum[DIRECTION_OUT].seen)
		return; /* what is forwarded comes in once */
	while (i < ARRAY_SIZE(notes) && (int)strlen(notes[i]) > n_columns - x)
		i++;
	if (i < ARRAY_SIZE(notes))
		draw_note(theme, y, x, n_columns, UI_ROLE_LABEL, notes[i]);
}

/* Draws at most n_max lines from y on; returns how many. */
static int draw_ifaces(const struct ui_state *state, const struct ui_theme *theme, int y,
		       int n_columns, int n_max)
{
	const struct ui_books *books = &state->books;
	const struct iface_layout layout = layout_ifaces(state, theme, n_columns);
	size_t n_shown = books->n_ifaces, n_room = (size_t)MAX(n_max, 0);
	int first = y;

	if (!n_room)
		return 0;
	/* The total takes a line, and those that are left out together another one if they can. */
	if (n_shown > 1 && n_shown + 1 > n_room)
		n_shown = n_room - (n_room > 2 ? 2 : 1);
	/* In the order of their slots: lines do not jump while the traffic moves. */
	for (size_t i = 0; i < books->n_ifaces; i++)
		if (is_among_busiest(books, i, n_shown))
			draw_iface(state, theme, y++, n_columns, &layout, &books->ifaces[i]);
	if (n_shown < books->n_ifaces && n_room > 2)
		draw_more(state, theme, y++, n_columns, &layout, n_shown);
	if (books->n_ifaces > 1)
		draw_total(state, theme, y++, n_columns, &layout,
			   n_shown == books->n_ifaces || n_room > 2);
	return y - first;
}

int ui_head_draw(const struct ui_state *state, const struct ui_theme *theme, int n_columns,
		 int n_lines)
{
	int y = 1;

	draw_run(state, theme, n_columns);
	y += draw_ifaces(state, theme, y, n_columns, (n_lines - 4) / 3);
	y += ui_head_books_draw(state, theme, y, n_columns, n_lines);
	y += ui_filter_draw(state, theme, y, n_columns);
	return y;
}
