/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the selected row is, in words that can be used elsewhere. */
#ifndef UI_COPY_H
#define UI_COPY_H

struct ui_state;

/* Says the filter of the selected row, and the expression of tcpdump(8), until the next key. */
void ui_copy(struct ui_state *state);

#endif
