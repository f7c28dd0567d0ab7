/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws the pane of one flow. */
#include "config.h"

#include "ui-detail.h"

#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "capture.h"
#include "column.h"
#include "flow-name.h"
#include "fmt.h"
#include "geo.h"
#include "macro.h"
#include "name-seen.h"
#include "snapshot.h"
#include "ui-draw.h"
#include "ui-head.h"
#include "ui-page.h"
#include "ui-state.h"
#include "view.h"

#define TERM_WIDTH 11
#define LINE_MAX_BYTES 2048 /* before it is cut up: the longest is a command */
#define NUMBER_WIDTH 8

/* ---- lines of words ---- */

/* A line that is being made. */
struct line {
	const struct ui_state *state;
	const struct row *row;
	char text[LINE_MAX_BYTES];
	size_t n;
};

ATTR_PRINTF(2, 3) static void add(struct line *line, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(line->text + line->n, sizeof(line->text) - line->n, format, args);
	va_end(args);
	if (n > 0)
		line->n = MIN(line->n + (size_t)n, sizeof(line->text) - 1);
}

/* A column of the row; nothing where the row has no such thing. */
static void add_cell(struct line *line, const char *before, enum column_id id)
{
	const struct column_format format = {.unit = line->state->unit};
	char cell[LINE_MAX_BYTES] = "";

	(void)column_table[id].format(cell, sizeof(cell), line->row, &format);
	if (*cell && strcmp(cell, "-") != 0)
		add(line, "%s%s%s", line->n ? "  " : "", before, cell);
}

static void add_place(struct line *line, const struct geo_place *place)
{
	if (place && *place->country)
		add(line, "  %s", place->country);
	if (place && place->asn)
		add(line, "  AS%" PRIu32 "%s%s", place->asn, *place->org ? " " : "", place->org);
}

/* In full, then as it reads by name, and where it is. */
static void add_end(struct line *line, enum side side)
{
	char plain[FLOW_TEXT_MAX], named[FLOW_TEXT_MAX + FLOW_NAME_LENGTH_MAX];

	(void)flow_endpoint(plain, sizeof(plain), line->row->key, side);
	(void)flow_name_endpoint(named, sizeof(named), line->row->key, side);
	add(line, "%s", plain);
	if (strcmp(plain, named) != 0)
		add(line, "  %s", named);
	add_place(line, line->row->places[side == SIDE_SRC ? ROW_END_SRC : ROW_END_DST]);
}

static void add_asked(struct line *line)
{
	const struct name_found *found = flow_name_found(line->row->key);

	if (!found || !*found->resolver)
		return;
	add(line, "%s", found->name);
	if (*found->asked_by)
		add(line, ", asked by %s", found->asked_by);
	add(line, ", answered by %s", found->resolver);
}

static bool paired(const struct line *line)
{
	return view_table[line->state->view].rows == VIEW_CONVERSATIONS;
}

static void add_first_end(struct line *line)
{
	add_end(line, paired(line) ? flow_local_side(line->row->key) : SIDE_SRC);
}

static void add_second_end(struct line *line)
{
	add_end(line, paired(line) ? flow_remote_side(line->row->key) : SIDE_DST);
}

static void add_protocol(struct line *line)
{
	add_cell(line, "", COLUMN_PROTO);
	add_cell(line, "", COLUMN_L7);
	add_cell(line, "", COLUMN_DETAIL);
	add_cell(line, "flags seen ", COLUMN_FLAGS);
	if (line->row->retransmits)
		add_cell(line, "retransmits ", COLUMN_RETRANSMITS);
}

static void add_iface(struct line *line)
{
	add_cell(line, "", COLUMN_IFACE);
	if (!paired(line))
		add_cell(line, "", COLUMN_DIRECTION);
	add_cell(line, "vlan ", COLUMN_VLAN);
	if (line->row->elsewhere)
		add(line, "  also seen on another interface");
}

static void add_owner(struct line *line)
{
	add_cell(line, "", COLUMN_COMM);
	if (!line->n)
		add_cell(line, "", COLUMN_OWNER);
	add_cell(line, "pid ", COLUMN_PID);
	if (line->row->owner_estimated)
		add(line, "  estimated");
	add_cell(line, "user ", COLUMN_USER);
	add_cell(line, "uid ", COLUMN_UID);
}

static void add_times(struct line *line)
{
	add_cell(line, "first ", COLUMN_FIRST);
	add_cell(line, "last ", COLUMN_LAST);
	add_cell(line, "age ", COLUMN_AGE);
	add_cell(line, "idle ", COLUMN_IDLE);
}

static void add_counted(struct line *line)
{
	const struct capture_info *info = line->state->info;
	const struct sample_iface *iface = line->row->iface;

	add(line, "by %s", info->backend);
	if (iface && *iface->attach && strcmp(iface->attach, info->backend) != 0)
		add(line, ", %s", iface->attach);
	add(line, ", layer %s", info->layer);
}

static void add_cgroup(struct line *line)
{
	add_cell(line, "", COLUMN_CGROUP);
}

static void add_container(struct line *line)
{
	add_cell(line, "", COLUMN_CONTAINER);
	add_cell(line, "pod ", COLUMN_POD);
	add_cell(line, "image ", COLUMN_IMAGE);
	add_cell(line, "id ", COLUMN_CONTAINER_ID);
}

static void add_command(struct line *line)
{
	add_cell(line, "", COLUMN_COMMAND);
}

static void add_community(struct line *line)
{
	add_cell(line, "", COLUMN_COMMUNITY_ID);
}

/* ---- the socket ---- */

/* include/net/tcp_states.h of the kernel, which are ABI. */
static const char *const tcp_states[] = {
	[1] = "established", [2] = "syn-sent",   [3] = "syn-received", [4] = "fin-wait-1",
	[5] = "fin-wait-2",  [6] = "time-wait",  [7] = "closed",       [8] = "close-wait",
	[9] = "last-ack",    [10] = "listening", [11] = "closing",
};

static void add_rtt(struct line *line, const struct sample_tcp *tcp)
{
	char rtt[FMT_MAX], var[FMT_MAX], min[FMT_MAX];

	(void)fmt_latency(rtt, sizeof(rtt), tcp->rtt_us);
	(void)fmt_latency(var, sizeof(var), tcp->rtt_var_us);
	(void)fmt_latency(min, sizeof(min), tcp->rtt_min_us);
	add(line, "  RTT %s, deviation %s", rtt, var);
	if (tcp->rtt_min_us)
		add(line, ", min %s", min);
}

static void add_socket(struct line *line)
{
	const struct ui_detail *detail = &line->state->detail;
	const struct sample_tcp *tcp = &detail->tcp;

	if (detail->tcp_result == -ENOENT)
		add(line, "none in this network namespace");
	else if (detail->tcp_result == -EAGAIN)
		add(line, "not asked while the screen is frozen");
	else if (detail->tcp_result < 0 && detail->tcp_result != -ENOTSUP)
		add(line, "the kernel does not tell: %s", strerror(-detail->tcp_result));
	if (detail->tcp_result < 0)
		return;
	add(line, "%s",
	    tcp->state < ARRAY_SIZE(tcp_states) && tcp_states[tcp->state] ? tcp_states[tcp->state]
									  : "open");
	if (tcp->rtt_us)
		add_rtt(line, tcp);
	add(line, "  retransmits %u of %u segments  window %u x %u bytes", tcp->retransmits,
	    tcp->segments, tcp->window, tcp->segment_bytes);
}

struct line_spec {
	const char *term;               /* in a conversation */
	const char *one_way;            /* in a row of one direction; NULL: the same */
	void (*add)(struct line *line); /* adds nothing: the line is left out */
};

static const struct line_spec above[] = {
	{"Local", "From", add_first_end}, {"Remote", "To", add_second_end},
	{"Protocol", NULL, add_protocol}, {"Interface", NULL, add_iface},
	{"Owner", NULL, add_owner},       {"Seen", NULL, add_times},
	{"Socket", NULL, add_socket},
};
static const struct line_spec below[] = {
	{"Counted", NULL, add_counted}, {"Name", NULL, add_asked},
	{"Cgroup", NULL, add_cgroup},   {"Container", NULL, add_container},
	{"Command", NULL, add_command}, {"Community", NULL, add_community},
};

static void put_lines(struct ui_page *page, const struct ui_state *state, const struct row *row,
		      const struct line_spec *specs, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct line line = {.state = state, .row = row};
		bool one_way = specs[i].one_way && !paired(&line);

		specs[i].add(&line);
		if (line.n)
			ui_page_put_entry(page, one_way ? specs[i].one_way : specs[i].term,
					  line.text);
	}
}

/* ---- numbers ---- */

struct number {
	enum column_id id; /* COLUMN_MAX: the mean size of packets */
	const char *title; /* NULL: that of the column */
};

#define NUMBERS_BLOCK 4 /* beside each other, also on a narrow screen */

static const struct number numbers[] = {
	{COLUMN_BPS, NULL},        {COLUMN_BPS_10S, "10s"}, {COLUMN_BPS_60S, "60s"},
	{COLUMN_BPS_PEAK, "PEAK"}, {COLUMN_PACKETS, NULL},  {COLUMN_BYTES, NULL},
	{COLUMN_PPS, NULL},        {COLUMN_MAX, "SIZE"},
};

/* In packets the first block is of them, and the rate that would come twice is in bits. */
static enum column_id number_column(const struct number *number, enum unit unit)
{
	if (number->id == COLUMN_PPS && unit == UNIT_PACKETS)
		return COLUMN_BPS;
	return number->id == COLUMN_MAX ? COLUMN_MAX : column_in_unit(number->id, unit);
}

static void number_text(char *buf, size_t size, enum column_id id, const struct row *row,
			enum unit unit)
{
	const struct column_format format = {.unit = unit};
	struct tally sum = row->side[DIRECTION_IN].count;

	if (id != COLUMN_MAX) {
		(void)column_table[id].format(buf, size, row, &format);
		return;
	}
	tally_add(&sum, &row->side[DIRECTION_OUT].count);
	if (sum.packets)
		(void)fmt_count(buf, size, (double)sum.bytes / (double)sum.packets);
	else
		(void)snprintf(buf, size, "-");
}

/* row NULL: the titles. */
static void put_numbers(struct ui_page *page, const struct ui_state *state, const char *term,
			const struct row *row, size_t from, size_t n)
{
	enum ui_role role = row ? UI_ROLE_NORMAL : UI_ROLE_HEADING;
	int y = ui_page_next(page), room = page->n_columns - TERM_WIDTH;
	int width = MIN(NUMBER_WIDTH, room / (int)n);

	if (!y)
		return;
	ui_draw_text(page->theme, (struct ui_box){y, 1, TERM_WIDTH - 2, false},
		     page->theme->attr[UI_ROLE_TITLE], term);
	for (size_t i = 0; i < n; i++) {
		const struct number *number = &numbers[from + i];
		enum column_id id = number_column(number, state->unit);
		char text[FMT_MAX];

		if (row)
			number_text(text, sizeof(text), id, row, state->unit);
		else
			(void)snprintf(text, sizeof(text), "%s",
				       number->title
					       ? number->title
					       : column_title(&column_table[id], state->unit));
		ui_draw_text(page->theme,
			     (struct ui_box){y, TERM_WIDTH + (int)i * width, width, true},
			     page->theme->attr[role], text);
	}
}

static void put_rates(struct ui_page *page, const struct ui_state *state, const struct row *row)
{
	static const char *const terms[DIRECTION_MAX] = {"RX", "TX"};
	bool wide = page->n_columns - TERM_WIDTH >= NUMBER_WIDTH * (int)ARRAY_SIZE(numbers);
	size_t n = wide ? ARRAY_SIZE(numbers) : NUMBERS_BLOCK;
	bool both = view_table[state->view].rows == VIEW_CONVERSATIONS;

	for (size_t from = 0; from < ARRAY_SIZE(numbers); from += n) {
		put_numbers(page, state, "", NULL, from, n);
		for (int d = 0; d < DIRECTION_MAX; d++) {
			struct row one = *row;

			one.side[DIRECTION_OUT - d] = (struct row_side){.bps = 0};
			if ((both && state->books.sum[d].seen) || row->key->direction == d)
				put_numbers(page, state, terms[d], &one, from, n);
		}
		if (both)
			put_numbers(page, state, "Both", row, from, n);
	}
}

/* ---- graphs ---- */

#define MAX_WIDTH 10 /* " max 1.23M" */

/*
 * Where there are more intervals than places, each place has the mean of as many as it takes. Which
 * ones these are does not change when the next comes: the graph moves, its shape stays.
 */
static size_t reduce(const struct ui_detail_history *history, enum ui_detail_series series,
		     size_t n_places, double ret_values[UI_DETAIL_HISTORY])
{
	size_t per = (history->n + n_places - 1) / n_places, n = 0, n_in = 0;

	for (size_t i = 0; i < history->n; i++) {
		bool begins = i == 0 || (history->n_past + i) % per == 0;

		n_in = begins ? 1 : n_in + 1;
		if (begins)
			ret_values[n++] = 0;
		ret_values[n - 1] +=
			(history->values[series][i] - ret_values[n - 1]) / (double)n_in;
	}
	return n;
}

static void put_graph(struct ui_page *page, const struct ui_state *state, const char *term,
		      enum ui_detail_series series, double scale)
{
	char graph[4 * UI_DETAIL_HISTORY + 1], largest[FMT_MAX], text[FMT_MAX + 16];
	double values[UI_DETAIL_HISTORY], top = 0;
	size_t width = (size_t)MIN(page->n_columns - TERM_WIDTH - MAX_WIDTH, UI_DETAIL_HISTORY), n;
	int y = ui_page_next(page);

	if (!y)
		return;
	n = reduce(&state->detail.shown, series, width * ui_theme_graph_density(page->theme),
		   values);
	for (size_t i = 0; i < n; i++)
		top = MAX(top, values[i]);
	ui_theme_graph(page->theme, graph, sizeof(graph), values, n, width);
	(void)fmt_count(largest, sizeof(largest), top * scale);
	(void)snprintf(text, sizeof(text), " max %s", largest);
	ui_draw_text(page->theme, (struct ui_box){y, 1, TERM_WIDTH - 2, false},
		     page->theme->attr[UI_ROLE_TITLE], term);
	ui_draw_text(page->theme, (struct ui_box){y, TERM_WIDTH, (int)width, false},
		     page->theme->attr[UI_ROLE_GRAPH], graph);
	ui_draw_text(page->theme, (struct ui_box){y, TERM_WIDTH + (int)width, MAX_WIDTH, false},
		     page->theme->attr[UI_ROLE_NORMAL], text);
}

static void put_graphs(struct ui_page *page, const struct ui_state *state, const struct row *row)
{
	static const char *const titles[DIRECTION_MAX][UNIT_MAX] = {{"RX b/s", "RX B/s", "RX p/s"},
								    {"TX b/s", "TX B/s", "TX p/s"}};
	const struct ui_detail_history *history = &state->detail.shown;
	enum ui_detail_series first =
		state->unit == UNIT_PACKETS ? UI_DETAIL_RX_PPS : UI_DETAIL_RX_BPS;
	double scale = state->unit == UNIT_BYTES ? 1. / 8 : 1;
	char span[FMT_MAX], text[128];

	for (int d = 0; d < DIRECTION_MAX; d++)
		if ((view_table[state->view].rows == VIEW_CONVERSATIONS &&
		     state->books.sum[d].seen) ||
		    row->key->direction == d)
			put_graph(page, state, titles[d][state->unit], first + (unsigned int)d,
				  scale);
	put_graph(page, state, "Mean size", UI_DETAIL_SIZE, 1);
	ui_state_format_span(span, sizeof(span), history->end_ns - history->start_ns[0]);
	(void)snprintf(text, sizeof(text), "of the last %s%s", span,
		       history->n_past ? "" : ", since the row was selected");
	ui_page_put_entry(page, "", text);
}

/* ---- the page ---- */

static void put_all(struct ui_page *page, const struct ui_state *state)
{
	struct row row;

	if (!snapshot_flow_row(state->snapshot, &state->detail.key, &row)) {
		ui_page_put_entry(page, "Gone", "the flow has made room for others in the table");
		return;
	}
	put_lines(page, state, &row, above, ARRAY_SIZE(above));
	put_rates(page, state, &row);
	put_graphs(page, state, &row);
	ui_detail_put_sizes(page, state, &row);
	put_lines(page, state, &row, below, ARRAY_SIZE(below));
}

void ui_detail_draw(struct ui_state *state, const struct ui_theme *theme, int n_columns,
		    int n_lines)
{
	struct ui_page page = {.theme = theme,
			       .n_columns = n_columns,
			       .term_width = TERM_WIDTH,
			       .n_visible = (size_t)MAX(n_lines - 2, 0)};
	struct ui_facts title = {.n = 0}, foot = {.n = 0};
	char clock[FMT_MAX];

	ui_page_draw(&page, put_all, state, &state->detail.top);
	ui_facts_add(&title, UI_ROLE_TITLE, 2, "pktop");
	ui_facts_add(&title, UI_ROLE_TITLE, 1, "%s", state->info->host);
	ui_facts_add(&title, UI_ROLE_NORMAL, 0, "One flow");
	ui_head_add_state(state, &title);
	(void)fmt_clock(clock, sizeof(clock), state->books.tick.real_ns);
	ui_facts_add(&title, UI_ROLE_NORMAL, 1, "%s", clock)->right = true;
	ui_facts_draw(&title, theme, 0, n_columns);
	ui_facts_add(&foot, UI_ROLE_LABEL, 0, "Esc back");
	ui_facts_add(&foot, UI_ROLE_LABEL, 3, "p freeze");
	ui_facts_add(&foot, UI_ROLE_LABEL, 3, "b unit");
	ui_page_add_place(&page, &foot);
	ui_facts_draw(&foot, theme, n_lines - 1, n_columns);
}
