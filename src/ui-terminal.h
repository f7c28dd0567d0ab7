/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The terminal of the process: taken, given back, stopped, resized; and a screen in memory for
 * scripts. There is one at a time.
 */
#ifndef UI_TERMINAL_H
#define UI_TERMINAL_H

#include <stdbool.h>

/*
 * The terminal type to use: that of TERM, or the first known one of a list where TERM is missing or
 * unknown. Negative errno and a reason where there is no terminal that can show a table.
 */
int ui_terminal_type(const char **ret_type, const char **ret_why);

/* Takes the terminal. Warns where another type than that of TERM is used. */
int ui_terminal_open(void);
/* Asks the terminal to tell of clicks and of the wheel. */
void ui_terminal_use_mouse(void);
/* A screen that exists in memory only. */
int ui_terminal_open_memory(unsigned int n_columns, unsigned int n_lines);
/* Gives the terminal back as it was. Nothing happens when there is none. */
void ui_terminal_close(void);

/* Takes over the size that the terminal has now. */
void ui_terminal_resize(void);
void ui_terminal_resize_to(unsigned int n_columns, unsigned int n_lines);

/* Gives the terminal back, stops the process, and takes the terminal again when it goes on. */
void ui_terminal_suspend(void);
/* Takes the modes of the terminal again, which others may have changed, and forgets what it shows.
 */
void ui_terminal_resume(void);
/* Forgets what the terminal shows, so that all of it is drawn next time. */
void ui_terminal_forget(void);

/* True when the character set of the locale is UTF-8. */
bool ui_terminal_utf8(void);
/* False when a write would wait: the output is stopped, or the other end does not read. */
bool ui_terminal_writable(void);
/* True when the other end of the terminal is gone: ready to read, with nothing there. */
bool ui_terminal_gone(void);

#endif
