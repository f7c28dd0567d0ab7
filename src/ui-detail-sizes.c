/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Draws the sizes of a flow's packets, as a bar for each class. */
#include "config.h"

#include <stdio.h>

#include "capture.h"
#include "fmt.h"
#include "macro.h"
#include "snapshot.h"
#include "ui-detail.h"
#include "ui-draw.h"
#include "ui-page.h"
#include "ui-state.h"
#include "view.h"

#define COUNT_WIDTH 6 /* " 1.23k" */
#define GAP 2         /* between the directions */

/* The directions that are shown, beside each other. */
struct sizes {
	const struct sample_sizes *counted;
	enum direction directions[DIRECTION_MAX];
	int n;
	int width;    /* of one of them */
	uint64_t sum; /* of the packets of all of them */
	uint64_t top; /* the longest bar stands for it */
};

static const char *why_not(const struct ui_state *state)
{
	const struct ui_detail *detail = &state->detail;

	if (state->info->sizes_note)
		return state->info->sizes_note;
	if (detail->watch == UI_DETAIL_WATCH_FOLDED)
		return "not told apart in a row that sums up flows";
	if (detail->watch == UI_DETAIL_WATCH_LOST)
		return "counted no more: the flow had left the table";
	if (!detail->sizes.end_ns)
		return state->frozen ? "not told while the screen is frozen"
				     : "counted from the next interval on";
	return NULL;
}

static void choose(struct sizes *sizes, const struct ui_page *page, const struct ui_state *state,
		   const struct row *row)
{
	bool both = view_table[state->view].rows == VIEW_CONVERSATIONS;

	for (enum direction d = 0; d < DIRECTION_MAX; d++) {
		if (!(both && state->books.sum[d].seen) && row->key->direction != d)
			continue;
		sizes->directions[sizes->n++] = d;
		for (int c = 0; c < SIZE_CLASSES; c++) {
			uint64_t packets = sizes->counted->packets[d][c];

			sizes->sum += packets;
			sizes->top = MAX(sizes->top, packets);
		}
	}
	sizes->width = (page->n_columns - page->term_width - GAP * (sizes->n - 1)) / sizes->n;
	sizes->width = MAX(sizes->width, 1);
}

static void put_titles(struct ui_page *page, const struct sizes *sizes)
{
	static const char *const titles[DIRECTION_MAX] = {"RX packets", "TX packets"};
	int y = ui_page_next(page), x = page->term_width;

	if (!y)
		return;
	ui_draw_text(page->theme, (struct ui_box){y, 1, page->term_width - 2, false},
		     page->theme->attr[UI_ROLE_TITLE], "Sizes");
	for (int i = 0; i < sizes->n; i++, x += sizes->width + GAP)
		ui_draw_text(page->theme, (struct ui_box){y, x, sizes->width, true},
			     page->theme->attr[UI_ROLE_HEADING], titles[sizes->directions[i]]);
}

static void put_class(struct ui_page *page, const struct sizes *sizes, int class)
{
	static const uint32_t ends[] = SIZE_ENDS;
	int y = ui_page_next(page), x = page->term_width;
	int width = MAX(sizes->width - COUNT_WIDTH, 0); /* of the bar */
	char text[4 * 1024];

	if (!y)
		return;
	if (class == SIZE_CLASSES - 1)
		(void)snprintf(text, sizeof(text), "over %u", ends[class - 1]);
	else
		(void)snprintf(text, sizeof(text), "%u-%u", class ? ends[class - 1] + 1 : 0,
			       ends[class]);
	ui_draw_text(page->theme, (struct ui_box){y, 1, page->term_width - 2, false},
		     page->theme->attr[UI_ROLE_TITLE], text);
	for (int i = 0; i < sizes->n; i++, x += sizes->width + GAP) {
		uint64_t packets = sizes->counted->packets[sizes->directions[i]][class];

		ui_theme_bar(page->theme, text, sizeof(text), (double)packets, (double)sizes->top,
			     (size_t)width);
		ui_draw_text(page->theme, (struct ui_box){y, x, width, false},
			     page->theme->attr[UI_ROLE_GRAPH], text);
		(void)fmt_count(text, sizeof(text), (double)packets);
		ui_draw_text(page->theme, (struct ui_box){y, x + width, sizes->width - width, true},
			     page->theme->attr[UI_ROLE_NORMAL], text);
	}
}

void ui_detail_put_sizes(struct ui_page *page, const struct ui_state *state, const struct row *row)
{
	struct sizes sizes = {.counted = &state->detail.sizes};
	const char *why = why_not(state);
	char count[FMT_MAX], span[FMT_MAX], text[4 * FMT_MAX];

	if (why) {
		ui_page_put_entry(page, "Sizes", why);
		return;
	}
	choose(&sizes, page, state, row);
	put_titles(page, &sizes);
	for (int c = 0; c < SIZE_CLASSES; c++)
		put_class(page, &sizes, c);
	ui_state_format_span(span, sizeof(span), sizes.counted->end_ns - sizes.counted->start_ns);
	(void)fmt_count(count, sizeof(count), (double)sizes.sum);
	(void)snprintf(text, sizeof(text),
		       "in bytes: %s packets of the last %s, since this page was opened", count,
		       span);
	ui_page_put_entry(page, "", text);
}
