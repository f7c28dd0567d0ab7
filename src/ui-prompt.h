/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A line that somebody types at the foot of the screen: editing, history, completion. What the text
 * is for is up to the operations that it is opened with.
 */
#ifndef UI_PROMPT_H
#define UI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "log.h"
#include "macro.h"

struct ui_theme;

#define UI_PROMPT_MAX 1024 /* bytes */
#define UI_HISTORY_MAX 32  /* texts; the oldest one makes room */

struct ui_prompt_ops {
	const char *label; /* "filter: " */
	const char *hint;  /* shown while there is nothing else to say */
	void (*change)(void *data, const char *text);
	/* False: the text is no good, and the prompt stays open. */
	bool (*accept)(void *data, const char *text);
	void (*cancel)(void *data);
	/* As filter_complete(): each() for every word that may end text. May be NULL. */
	size_t (*complete)(void *data, const char *text,
			   void (*each)(void *each_data, const char *word), void *each_data);
};

/* Texts that were accepted, oldest first. */
struct ui_history {
	char *texts[UI_HISTORY_MAX];
	size_t n;
};

struct ui_prompt {
	const struct ui_prompt_ops *ops; /* NULL: closed */
	void *data;
	struct ui_history *history;
	size_t place;                  /* in the history; behind its end: what is being typed */
	char typed[UI_PROMPT_MAX + 1]; /* that, while the history is looked at */
	char text[UI_PROMPT_MAX + 1];  /* UTF-8 */
	size_t length, cursor;         /* bytes */
	char note[UI_PROMPT_MAX + 256];
	enum log_level note_level;
};

/* ops, data and history, which may be NULL, stay until the prompt is closed. */
void ui_prompt_open(struct ui_prompt *prompt, const struct ui_prompt_ops *ops, void *data,
		    struct ui_history *history, const char *text);
/* Enter and Esc close it. */
void ui_prompt_key(struct ui_prompt *prompt, uint32_t key);
/* What is wrong with the text, or what it means; NULL: the hint. For change() and accept(). */
void ui_prompt_note(struct ui_prompt *prompt, enum log_level level, const char *format, ...)
	ATTR_PRINTF(3, 4);
void ui_history_done(struct ui_history *history);

/* Draws the note in line y, and above where that is too short, and the text in the one below. */
void ui_prompt_draw(const struct ui_prompt *prompt, const struct ui_theme *theme, int y,
		    int n_columns);

#endif
