/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The pane of one flow: all that is known of it, and how it went on since it was selected. */
#ifndef UI_DETAIL_H
#define UI_DETAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample.h"

struct row;
struct ui_page;
struct ui_state;
struct ui_theme;

#define UI_DETAIL_HISTORY 240 /* intervals */

enum ui_detail_series {
	UI_DETAIL_RX_BPS,
	UI_DETAIL_TX_BPS,
	UI_DETAIL_RX_PPS,
	UI_DETAIL_TX_PPS,
	UI_DETAIL_SIZE, /* mean size of the packets of an interval, in bytes */
	UI_DETAIL_SERIES_MAX
};

/*
 * Oldest first. There is one, of the selected flow: one for each flow would take more memory than
 * the flows, for graphs that nobody looks at.
 */
struct ui_detail_history {
	double values[UI_DETAIL_SERIES_MAX][UI_DETAIL_HISTORY];
	uint64_t start_ns[UI_DETAIL_HISTORY]; /* of the intervals, CLOCK_MONOTONIC */
	uint64_t end_ns;                      /* of the last one */
	size_t n;
	uint64_t n_past; /* intervals that made room */
};

/* How the packets of the flow are told apart by size. */
enum ui_detail_watch {
	UI_DETAIL_WATCH_NONE,   /* not open, or there is nobody to ask */
	UI_DETAIL_WATCH_FOLDED, /* not of a row that sums up flows */
	UI_DETAIL_WATCH_LOST,   /* not any more: the row was gone */
	UI_DETAIL_WATCH_ON,
};

struct ui_detail {
	bool open;
	size_t top;          /* first line on the screen */
	bool known;          /* a flow was selected: */
	struct flow_key key; /* this one, or the other direction of its conversation */
	struct ui_detail_history history, shown; /* up to now; as of the last picture */
	/* What the kernel said when the picture was taken: 0, or why it did not. */
	int tcp_result;
	struct sample_tcp tcp;
	enum ui_detail_watch watch;
	struct sample_sizes sizes; /* as of the last picture */
};

/* From now on the history is that of this row. */
void ui_detail_select(struct ui_state *state, const struct row *row);
/* An interval has ended. */
void ui_detail_tick(struct ui_state *state);
/* Takes the picture that is drawn until the next one. */
void ui_detail_prepare(struct ui_state *state);

/* Opens the pane of the selected flow. */
void ui_detail_open(struct ui_state *state);
void ui_detail_close(struct ui_state *state);
void ui_detail_draw(struct ui_state *state, const struct ui_theme *theme, int n_columns,
		    int n_lines);

/* The part of it that shows the sizes of packets. */
void ui_detail_put_sizes(struct ui_page *page, const struct ui_state *state, const struct row *row);

#endif
