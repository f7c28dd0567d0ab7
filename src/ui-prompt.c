/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Edits a line of text. */
#include "config.h"

#include "ui-prompt.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "text.h"
#include "ui-draw.h"
#include "ui-keys.h"

/* ---- characters ---- */

static bool is_inside(char c)
{
	return ((unsigned char)c & 0xc0) == 0x80;
}

static size_t step_back(const struct ui_prompt *prompt, size_t at)
{
	if (at)
		at--;
	while (at && is_inside(prompt->text[at]))
		at--;
	return at;
}

static size_t step_on(const struct ui_prompt *prompt, size_t at)
{
	if (at < prompt->length)
		at++;
	while (at < prompt->length && is_inside(prompt->text[at]))
		at++;
	return at;
}

/* Where the word before the cursor begins. */
static size_t word_back(const struct ui_prompt *prompt)
{
	size_t at = prompt->cursor;

	while (at && prompt->text[at - 1] == ' ')
		at--;
	while (at && prompt->text[at - 1] != ' ')
		at--;
	return at;
}

/* ---- changes ---- */

static void changed(struct ui_prompt *prompt)
{
	*prompt->note = '\0';
	prompt->ops->change(prompt->data, prompt->text);
}

static void cut(struct ui_prompt *prompt, size_t from, size_t to)
{
	if (from == to)
		return;
	memmove(prompt->text + from, prompt->text + to, prompt->length - to + 1);
	prompt->length -= to - from;
	prompt->cursor = from;
	changed(prompt);
}

/* False where there is no room. */
static bool insert(struct ui_prompt *prompt, const char *bytes, size_t n)
{
	if (prompt->length + n > UI_PROMPT_MAX) {
		ui_prompt_note(prompt, LOG_WARN, "the line is full: %d bytes", UI_PROMPT_MAX);
		return false;
	}
	memmove(prompt->text + prompt->cursor + n, prompt->text + prompt->cursor,
		prompt->length - prompt->cursor + 1);
	memcpy(prompt->text + prompt->cursor, bytes, n);
	prompt->length += n;
	prompt->cursor += n;
	return true;
}

static void set_text(struct ui_prompt *prompt, const char *text)
{
	(void)snprintf(prompt->text, sizeof(prompt->text), "%s", text);
	prompt->length = prompt->cursor = strlen(prompt->text);
}

static void type(struct ui_prompt *prompt, uint32_t key)
{
	char bytes[TEXT_CHARACTER_MAX];

	if (key < ' ' || (key >= 0x7f && key < 0xa0) || key >= UI_KEY_FIRST)
		return;
	if (insert(prompt, bytes, text_encode(bytes, key)))
		changed(prompt);
}

/* ---- history ---- */

static void recall(struct ui_prompt *prompt, size_t place)
{
	struct ui_history *history = prompt->history;

	if (!history || place > history->n)
		return;
	if (prompt->place == history->n)
		memcpy(prompt->typed, prompt->text, sizeof(prompt->typed));
	prompt->place = place;
	set_text(prompt, place == history->n ? prompt->typed : history->texts[place]);
	changed(prompt);
}

/* A text is in it once, at its last place. */
static void remember(struct ui_history *history, const char *text)
{
	char *copy = history && *text ? strdup(text) : NULL;
	size_t old = 0;

	if (!copy)
		return;
	while (old < history->n && strcmp(history->texts[old], text) != 0)
		old++;
	if (old == history->n)
		old = history->n == UI_HISTORY_MAX ? 0 : history->n;
	if (old < history->n) {
		free(history->texts[old]);
		history->n--;
		memmove(history->texts + old, history->texts + old + 1,
			(history->n - old) * sizeof(*history->texts));
	}
	history->texts[history->n++] = copy;
}

void ui_history_done(struct ui_history *history)
{
	for (size_t i = 0; i < history->n; i++)
		free(history->texts[i]);
	history->n = 0;
}

/* ---- completion ---- */

struct found {
	char common[UI_PROMPT_MAX + 1]; /* what all words begin with */
	char list[256];
	size_t n;
};

static void on_word(void *data, const char *word)
{
	struct found *found = data;
	size_t n = 0, used = strlen(found->list);

	if (!found->n++)
		(void)snprintf(found->common, sizeof(found->common), "%s", word);
	while (found->common[n] && found->common[n] == word[n])
		n++;
	found->common[n] = '\0';
	(void)snprintf(found->list + used, sizeof(found->list) - used, "%s%s", used ? " " : "",
		       word);
}

/* What is behind the cursor stays there. */
static void complete(struct ui_prompt *prompt)
{
	char before[UI_PROMPT_MAX + 1];
	struct found found = {.n = 0};
	size_t start, n_common;

	if (!prompt->ops->complete)
		return;
	memcpy(before, prompt->text, prompt->cursor);
	before[prompt->cursor] = '\0';
	start = prompt->ops->complete(prompt->data, before, on_word, &found);
	n_common = strlen(found.common);
	if (!found.n) {
		ui_prompt_note(prompt, LOG_INFO, "no word that is known fits here");
		return;
	}
	if (found.n == 1 && n_common < UI_PROMPT_MAX)
		strcpy(found.common + n_common++, " ");
	/* of letters that differ in case only, those typed stay */
	if (n_common > prompt->cursor - start || found.n == 1) {
		memmove(prompt->text + start, prompt->text + prompt->cursor,
			prompt->length - prompt->cursor + 1);
		prompt->length -= prompt->cursor - start;
		prompt->cursor = start;
		if (insert(prompt, found.common, n_common))
			changed(prompt);
	}
	if (found.n > 1)
		ui_prompt_note(prompt, LOG_INFO, "%s", found.list);
}

/* ---- keys ---- */

static void close_prompt(struct ui_prompt *prompt)
{
	prompt->ops = NULL;
}

static void accept(struct ui_prompt *prompt)
{
	if (!prompt->ops->accept(prompt->data, prompt->text))
		return;
	remember(prompt->history, prompt->text);
	close_prompt(prompt);
}

static void cancel(struct ui_prompt *prompt)
{
	prompt->ops->cancel(prompt->data);
	close_prompt(prompt);
}

static void delete_back(struct ui_prompt *prompt)
{
	cut(prompt, step_back(prompt, prompt->cursor), prompt->cursor);
}

static void delete_on(struct ui_prompt *prompt)
{
	cut(prompt, prompt->cursor, step_on(prompt, prompt->cursor));
}

static void delete_word(struct ui_prompt *prompt)
{
	cut(prompt, word_back(prompt), prompt->cursor);
}

static void delete_before(struct ui_prompt *prompt)
{
	cut(prompt, 0, prompt->cursor);
}

static void delete_behind(struct ui_prompt *prompt)
{
	cut(prompt, prompt->cursor, prompt->length);
}

static void go_left(struct ui_prompt *prompt)
{
	prompt->cursor = step_back(prompt, prompt->cursor);
}

static void go_right(struct ui_prompt *prompt)
{
	prompt->cursor = step_on(prompt, prompt->cursor);
}

static void go_first(struct ui_prompt *prompt)
{
	prompt->cursor = 0;
}

static void go_last(struct ui_prompt *prompt)
{
	prompt->cursor = prompt->length;
}

static void older(struct ui_prompt *prompt)
{
	if (prompt->place)
		recall(prompt, prompt->place - 1);
}

static void newer(struct ui_prompt *prompt)
{
	recall(prompt, prompt->place + 1);
}

/* As in readline. */
static const struct {
	uint32_t key;
	void (*run)(struct ui_prompt *prompt);
} bindings[] = {
	{UI_KEY_ENTER, accept},
	{'\n', accept},
	{UI_KEY_ESC, cancel},
	{UI_KEY_CTRL('g'), cancel},
	{UI_KEY_TAB, complete},
	{UI_KEY_BACKSPACE, delete_back},
	{UI_KEY_CTRL('h'), delete_back},
	{UI_KEY_DELETE, delete_on},
	{UI_KEY_CTRL('d'), delete_on},
	{UI_KEY_CTRL('w'), delete_word},
	{UI_KEY_CTRL('u'), delete_before},
	{UI_KEY_CTRL('k'), delete_behind},
	{UI_KEY_LEFT, go_left},
	{UI_KEY_CTRL('b'), go_left},
	{UI_KEY_RIGHT, go_right},
	{UI_KEY_CTRL('f'), go_right},
	{UI_KEY_HOME, go_first},
	{UI_KEY_CTRL('a'), go_first},
	{UI_KEY_END, go_last},
	{UI_KEY_CTRL('e'), go_last},
	{UI_KEY_UP, older},
	{UI_KEY_CTRL('p'), older},
	{UI_KEY_DOWN, newer},
	{UI_KEY_CTRL('n'), newer},
};

void ui_prompt_key(struct ui_prompt *prompt, uint32_t key)
{
	for (size_t i = 0; i < ARRAY_SIZE(bindings); i++)
		if (bindings[i].key == key) {
			bindings[i].run(prompt);
			return;
		}
	type(prompt, key);
}

void ui_prompt_open(struct ui_prompt *prompt, const struct ui_prompt_ops *ops, void *data,
		    struct ui_history *history, const char *text)
{
	*prompt = (struct ui_prompt){.ops = ops, .data = data, .history = history};
	prompt->place = history ? history->n : 0;
	set_text(prompt, text);
}

void ui_prompt_note(struct ui_prompt *prompt, enum log_level level, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	(void)vsnprintf(prompt->note, sizeof(prompt->note), format, args);
	va_end(args);
	prompt->note_level = level;
}

/* ---- drawing ---- */

/* A part of the text as it is on the screen; returns its width. */
static int put_part(const struct ui_prompt *prompt, size_t from, size_t to, char *buf, size_t size)
{
	(void)text_clean(buf, size, prompt->text + from, to - from);
	return (int)text_width(buf);
}

/* The end of what is before the cursor is always seen, and the cursor, which may be a blank. */
static void draw_text(const struct ui_prompt *prompt, const struct ui_theme *theme, int y, int x,
		      int n_columns)
{
	size_t start = 0, cursor = prompt->cursor, behind = step_on(prompt, cursor);
	size_t end = prompt->length;
	char part[4 * UI_PROMPT_MAX + 1];
	int width;

	while (start < cursor &&
	       put_part(prompt, start, behind, part, sizeof(part)) >= n_columns - x)
		start = step_on(prompt, start);
	while (end > behind && put_part(prompt, start, end, part, sizeof(part)) > n_columns - x)
		end = step_back(prompt, end);
	width = put_part(prompt, start, cursor, part, sizeof(part));
	ui_draw_text(theme, (struct ui_box){y, x, width, false}, A_NORMAL, part);
	x += width;
	width = put_part(prompt, cursor, behind, part, sizeof(part));
	ui_draw_text(theme, (struct ui_box){y, x, MAX(width, 1), false}, A_REVERSE, part);
	x += MAX(width, 1);
	width = put_part(prompt, behind, end, part, sizeof(part));
	ui_draw_text(theme, (struct ui_box){y, x, width, false}, A_NORMAL, part);
}

void ui_prompt_draw(const struct ui_prompt *prompt, const struct ui_theme *theme, int y,
		    int n_columns)
{
	static const enum ui_role roles[LOG_LEVEL_MAX] = {[LOG_ERR] = UI_ROLE_ALARM,
							  [LOG_WARN] = UI_ROLE_WARN,
							  [LOG_INFO] = UI_ROLE_NORMAL,
							  [LOG_DEBUG] = UI_ROLE_LABEL};
	int width = (int)text_width(prompt->ops->label);
	bool noted = *prompt->note;

	ui_draw_message(theme, theme->attr[noted ? roles[prompt->note_level] : UI_ROLE_LABEL],
			noted ? prompt->note : prompt->ops->hint, y, n_columns);
	ui_draw_text(theme, (struct ui_box){y + 1, 0, width, false}, theme->attr[UI_ROLE_TITLE],
		     prompt->ops->label);
	draw_text(prompt, theme, y + 1, width, n_columns);
}
