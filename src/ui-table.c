/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Lays out and draws the table of rows. */
#include "config.h"

#include "ui-table.h"

#include <stdio.h>
#include <string.h>

#include "macro.h"
#include "text.h"
#include "ui-draw.h"
#include "ui-state.h"
#include "view.h"

#define GAP 1
/* Texts of columns on the screen. */
#define CELL_MAX 256
/*
 * Columns from this priority number on are extras: they come when the texts of the others are
 * whole. In groups there are more of them: without its label a row says nothing.
 */
#define EXTRA 4
#define EXTRA_IN_GROUPS 3
/* Up to this priority number, columns are what a row is about, and widen first. */
#define CORE 2

void ui_table_reset(struct ui_table *table)
{
	*table = (struct ui_table){.seen = {0}};
}

/* ---- layout ---- */

static int min_width(enum column_id id, enum unit unit)
{
	return MAX((int)column_table[id].min_width,
		   (int)text_width(column_title(&column_table[id], unit)));
}

/* Enough for every text seen so far, within what the column allows. */
static int wanted_width(const struct ui_table *table, enum column_id id, enum unit unit)
{
	int seen = MIN((int)table->seen[id], (int)column_table[id].width);

	return MAX(seen, min_width(id, unit));
}

/* Columns of the screen that all columns take at their least; core ones as wide as wanted. */
static int needed(const struct ui_table *table, const enum column_id *ids, size_t n, enum unit unit,
		  bool core_wanted)
{
	int width = 0;

	for (size_t i = 0; i < n; i++) {
		bool wanted = core_wanted && column_table[ids[i]].priority <= CORE;

		width += (i ? GAP : 0) +
			 (wanted ? wanted_width(table, ids[i], unit) : min_width(ids[i], unit));
	}
	return width;
}

static int priority_of(enum column_id id, enum unit unit)
{
	int priority = column_table[id].priority;

	/* In packets it stands for a column of bits as well. */
	for (int other = 0; unit == UNIT_PACKETS && other < COLUMN_MAX; other++)
		if (column_in_unit((enum column_id)other, unit) == id)
			priority = MIN(priority, (int)column_table[other].priority);
	return priority;
}

static size_t find_column(const enum column_id *ids, size_t n, enum column_id id)
{
	size_t at = 0;

	while (at < n && ids[at] != id)
		at++;
	return at;
}

static void remove_at(enum column_id *ids, size_t *n, size_t at)
{
	memmove(ids + at, ids + at + 1, (*n - at - 1) * sizeof(*ids));
	--*n;
}

/* Packets of one direction would pass for all: where the other has no room there is their sum. */
static void sum_packets(enum column_id *ids, size_t *n, enum column_id sort)
{
	size_t rx = find_column(ids, *n, COLUMN_RX_PPS);

	if (rx == *n || sort == COLUMN_RX_PPS)
		return;
	if (find_column(ids, *n, COLUMN_PPS) < *n)
		remove_at(ids, n, rx);
	else
		ids[rx] = COLUMN_PPS;
}

/* Takes out the column that matters least, of those from a priority number on. */
static bool drop_one(enum column_id *ids, size_t *n, enum column_id sort, enum unit unit, int from)
{
	enum column_id dropped;
	size_t least = *n;

	for (size_t i = 0; i < *n; i++) {
		int priority = priority_of(ids[i], unit);

		if (ids[i] == sort || priority < from)
			continue;
		if (least == *n || priority >= priority_of(ids[least], unit))
			least = i;
	}
	if (least == *n)
		return false;
	dropped = ids[least];
	remove_at(ids, n, least);
	if (dropped == COLUMN_TX_PPS)
		sum_packets(ids, n, sort);
	return true;
}

/* Gives room away, a column of the screen at a time, until every text is whole. */
static void widen(const struct ui_table *table, struct ui_table_column *columns, size_t n,
		  enum unit unit, bool core, int *room)
{
	bool given = true;

	while (*room > 0 && given) {
		given = false;
		for (size_t i = 0; i<n && * room> 0; i++) {
			enum column_id id = columns[i].id;

			if ((column_table[id].priority <= CORE) != core ||
			    columns[i].width >= wanted_width(table, id, unit))
				continue;
			columns[i].width++;
			--*room;
			given = true;
		}
	}
}

size_t ui_table_layout(const struct ui_table *table, const enum column_id *ids, size_t n_ids,
		       enum column_id sort, enum unit unit, int n_columns,
		       struct ui_table_column *ret_columns)
{
	enum column_id kept[COLUMN_MAX];
	size_t n = MIN(n_ids, (size_t)COLUMN_MAX);
	int extra = find_column(ids, n, COLUMN_GROUP) < n ? EXTRA_IN_GROUPS : EXTRA;
	int room, x = 0;

	memcpy(kept, ids, n * sizeof(*ids));
	while (needed(table, kept, n, unit, true) > n_columns &&
	       drop_one(kept, &n, sort, unit, extra))
		;
	while (needed(table, kept, n, unit, false) > n_columns && drop_one(kept, &n, sort, unit, 0))
		;
	room = n_columns - needed(table, kept, n, unit, false);
	for (size_t i = 0; i < n; i++)
		ret_columns[i] =
			(struct ui_table_column){.id = kept[i], .width = min_width(kept[i], unit)};
	widen(table, ret_columns, n, unit, true, &room);
	widen(table, ret_columns, n, unit, false, &room);
	for (size_t i = 0; i < n; i++) {
		ret_columns[i].x = x;
		x += ret_columns[i].width + GAP;
	}
	return n;
}

/* ---- drawing ---- */

static void draw_heading(const struct ui_state *state, const struct ui_theme *theme, int y,
			 int n_columns, const struct ui_table_column *columns, size_t n)
{
	enum column_id sort = ui_state_sort(state);

	ui_draw_text(theme, (struct ui_box){y, 0, n_columns, false}, theme->attr[UI_ROLE_HEADING],
		     "");
	for (size_t i = 0; i < n; i++) {
		const struct column *column = &column_table[columns[i].id];
		const char *title =
			view_heading(&view_table[state->view], columns[i].id, state->unit);
		bool marked = columns[i].id == sort;
		int width = (int)text_width(title), x = columns[i].x;

		if (column->right)
			x += columns[i].width - width;
		ui_draw_text(theme, (struct ui_box){y, x, MIN(width, n_columns - x), false},
			     theme->attr[marked ? UI_ROLE_SORT : UI_ROLE_HEADING], title);
		if (!marked)
			continue;
		/* Beside the title, in the gap if need be; a first column has none to its left. */
		x = column->right && x > 0 ? x - 1 : x + width;
		ui_draw_text(
			theme, (struct ui_box){y, x, MIN(1, n_columns - x), false},
			theme->attr[UI_ROLE_SORT],
			ui_theme_arrow(theme, column->descending != state->reverse[state->view]));
	}
}

static bool is_idle(const struct row *row)
{
	return row->side[DIRECTION_IN].pps == 0 && row->side[DIRECTION_OUT].pps == 0;
}

static void format_cell(char *buf, size_t size, const struct ui_state *state, enum column_id id,
			const struct row *row)
{
	const struct column_format format = {.unit = state->unit};

	*buf = '\0';
	(void)column_table[id].format(buf, size, row, &format);
}

static void draw_row(const struct ui_state *state, const struct ui_theme *theme, int y,
		     int n_columns, const struct ui_table_column *columns, size_t n,
		     const struct row *row)
{
	enum ui_role role = is_idle(row) ? UI_ROLE_IDLE : UI_ROLE_NORMAL;
	char cell[CELL_MAX];

	if (state->selected && row->id == state->selected_id) {
		role = UI_ROLE_SELECTED;
		ui_draw_text(theme, (struct ui_box){y, 0, n_columns, false}, theme->attr[role], "");
	}
	for (size_t i = 0; i < n; i++) {
		struct ui_box box = {y, columns[i].x,
				     MIN(columns[i].width, n_columns - columns[i].x),
				     column_table[columns[i].id].right};

		format_cell(cell, sizeof(cell), state, columns[i].id, row);
		ui_draw_text(theme, box, theme->attr[role], cell);
	}
}

/* Only columns that can grow have to be known. */
static void look(struct ui_table *table, const struct ui_state *state, const enum column_id *ids,
		 size_t n, const struct row *row)
{
	char cell[CELL_MAX];

	for (size_t i = 0; i < n; i++) {
		const struct column *column = &column_table[ids[i]];
		size_t width;

		if (column->width <= column->min_width || table->seen[ids[i]] >= column->width)
			continue;
		format_cell(cell, sizeof(cell), state, ids[i], row);
		width = MIN(text_width(cell), (size_t)UINT8_MAX);
		table->seen[ids[i]] = MAX(table->seen[ids[i]], (uint8_t)width);
	}
}

void ui_table_draw(struct ui_table *table, const struct ui_state *state,
		   const struct ui_theme *theme, int y, int n_rows, int n_columns)
{
	enum column_id ids[COLUMN_MAX];
	size_t n_ids = ui_state_columns(state, ids);
	size_t end = MIN(ui_state_n_rows(state), state->top + (size_t)n_rows);
	struct row row;

	for (size_t place = state->top; place < end; place++) {
		ui_state_row(state, place, &row);
		look(table, state, ids, n_ids, &row);
	}
	table->n_columns = ui_table_layout(table, ids, n_ids, ui_state_sort(state), state->unit,
					   n_columns, table->columns);
	draw_heading(state, theme, y, n_columns, table->columns, table->n_columns);
	for (size_t place = state->top; place < end; place++) {
		ui_state_row(state, place, &row);
		draw_row(state, theme, y + 1 + (int)(place - state->top), n_columns, table->columns,
			 table->n_columns, &row);
	}
	if (!ui_state_n_rows(state) && n_rows > 0 && state->books.n_ticks)
		ui_draw_text(theme, (struct ui_box){y + 1, 0, n_columns, false},
			     theme->attr[UI_ROLE_LABEL],
			     state->filter ? "nothing passes the filter" : "no packets yet");
}
