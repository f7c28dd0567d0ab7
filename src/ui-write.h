/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The rows as they are on the screen, in a file. */
#ifndef UI_WRITE_H
#define UI_WRITE_H

struct ui_state;

/* Asks for the name of a file, and writes a report of what is shown to it. */
void ui_write_open(struct ui_state *state);

#endif
