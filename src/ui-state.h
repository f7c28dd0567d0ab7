/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the screen shows, without the screen: which view in which order, where in it, which row is
 * selected, what stands still. Keys change it, drawing reads it.
 */
#ifndef UI_STATE_H
#define UI_STATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "column.h"
#include "filter.h"
#include "log.h"
#include "macro.h"
#include "ui-books.h"
#include "ui-detail.h"
#include "ui-drill.h"
#include "ui-prompt.h"
#include "ui-setup.h"
#include "ui.h"
#include "view.h"

struct capture_info;
struct flow_table;
struct ledger;
struct snapshot;

/* After moving the cursor: long enough to press the next key. */
#define UI_HOLD_NS (2 * NSEC_PER_SEC)
#define UI_MESSAGE_NS (5 * NSEC_PER_SEC)

extern const char *const ui_unit_names[UNIT_MAX];

struct ui_state {
	struct ui_config config;
	const struct ui_hooks *hooks; /* NULL: nobody to tell */
	const struct capture_info *info;
	const struct flow_table *table;
	const struct ledger *ledger;

	struct ui_books books; /* what the head shows, as of the last update */
	struct snapshot *snapshot;
	bool updated;   /* new data since the snapshot was built */
	bool rebuild;   /* the rows are to be read from another table */
	bool reordered; /* the order asked for is another one than that of the snapshot */

	enum view_id view, table_view; /* the view shown; the last one that was not a group */
	enum column_id sort[VIEW_ID_MAX];
	bool reverse[VIEW_ID_MAX];
	enum unit unit;
	uint64_t interval_ns;

	size_t top;    /* place of the first row on the screen */
	size_t n_page; /* rows that fit on the screen */
	bool selected;
	uint64_t selected_id;   /* of a row */
	size_t cursor;          /* place where the selected row was last seen */
	bool seek;              /* the selected row is to come back on the screen, once */
	bool follow;            /* the view scrolls with the selected row */
	bool hold;              /* rows keep their places */
	uint64_t hold_until_ns; /* so they do until then, after the cursor has moved */
	bool held;              /* the last build was one of rows that keep their places */
	/* Copies of the tables, while the screen stands still. */
	struct flow_table *frozen;
	struct ledger *frozen_ledger;
	uint64_t frozen_ns; /* since then, CLOCK_MONOTONIC */

	struct filter *filter; /* NULL: all flows are shown */
	char *filter_before;   /* while it is typed: its text before */
	struct ui_history filter_history;
	struct ui_prompt prompt; /* what is typed at the foot */

	struct ui_drill drills[UI_DRILLS_MAX]; /* groups that were opened, one in another */
	size_t n_drills;

	bool help;       /* the help page is shown */
	size_t help_top; /* its first line on the screen */

	struct ui_detail detail; /* of the selected flow, and its pane */

	struct ui_history write_history;
	bool write_again; /* Enter replaces the file that is there */

	struct ui_setup setup; /* the page of settings, while it is open */
	bool renewed;          /* other columns: their widths are to be found anew */

	char message[FILTER_LENGTH_MAX + 128];
	enum log_level message_level;
	unsigned int n_messages;
	uint64_t message_until_ns;
	bool message_stays;  /* until the next key, to be copied by hand */
	bool message_of_key; /* an answer to a key, on the page that was open */

	/* Asked for by a key, done and reset by ui.c. */
	bool want_redraw, want_suspend, want_quit;
};

int ui_state_init(struct ui_state *state, const struct ui_config *config,
		  const struct ui_hooks *hooks, const struct capture_info *info,
		  const struct flow_table *table, const struct ledger *ledger);
void ui_state_done(struct ui_state *state);

/* There is new data. Nothing that is drawn changes before ui_state_prepare(). */
void ui_state_update(struct ui_state *state);
/*
 * Before drawing: brings what is shown up to date where that is due, with n_page rows on the
 * screen.
 */
void ui_state_prepare(struct ui_state *state, size_t n_page);
/* The time for which rows keep their places by themselves, 0: they do not. */
uint64_t ui_state_hold_ns(const struct ui_state *state);
/* Time until something on the screen changes by itself, in ns; UINT64_MAX: never. */
uint64_t ui_state_next_change(const struct ui_state *state);

/* What the rows are made of: what is counted, or the copy of it. */
const struct flow_table *ui_state_table(const struct ui_state *state);
const struct ledger *ui_state_ledger(const struct ui_state *state);

size_t ui_state_n_rows(const struct ui_state *state);
void ui_state_row(const struct ui_state *state, size_t place, struct row *ret_row);

/* Finds the selected row; false, and a message, where there is none. */
bool ui_state_selected_row(struct ui_state *state, struct row *ret_row);

/* The columns of the view, that of the order always among them. Returns how many, at most
 * COLUMN_MAX. */
size_t ui_state_columns(const struct ui_state *state, enum column_id columns[COLUMN_MAX]);
/* The column that the rows are ordered by. */
enum column_id ui_state_sort(const struct ui_state *state);

void ui_state_set_view(struct ui_state *state, enum view_id view);
void ui_state_set_sort(struct ui_state *state, enum column_id sort, bool reverse);
void ui_state_set_unit(struct ui_state *state, enum unit unit);
void ui_state_set_frozen(struct ui_state *state, bool frozen);
/* Selects the row at a place, and brings it to the screen. */
void ui_state_select(struct ui_state *state, size_t place);
/* Selects the row with this id, and brings it on the screen, which began with the row at top. */
void ui_state_seek(struct ui_state *state, uint64_t id, size_t top);
/* Moves the selected row, or the view where none is selected and select is false. */
void ui_state_move(struct ui_state *state, int64_t n_rows, bool select);
void ui_state_say(struct ui_state *state, enum log_level level, const char *format, ...)
	ATTR_PRINTF(3, 4);
/* A span of time, "1s" for what fmt_duration() calls "1.0s". */
void ui_state_format_span(char *buf, size_t size, uint64_t ns);
/* The message to show now, NULL: none. */
const char *ui_state_message(const struct ui_state *state);

#endif
