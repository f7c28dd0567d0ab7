/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests the line that is typed: editing, history, completion. */
#include "config.h"

#include "macro.h"
#include "tap.h"
#include "ui-keys.h"
#include "ui-prompt.h"

static unsigned int n_changes, n_accepted, n_cancelled;
static bool refuses;
static char said[UI_PROMPT_MAX + 1]; /* the text of the last call */

static void on_change(void *data ATTR_UNUSED, const char *text)
{
	n_changes++;
	(void)snprintf(said, sizeof(said), "%s", text);
}

static bool on_accept(void *data ATTR_UNUSED, const char *text)
{
	n_accepted++;
	(void)snprintf(said, sizeof(said), "%s", text);
	return !refuses;
}

static void on_cancel(void *data ATTR_UNUSED)
{
	n_cancelled++;
}

/* The last word may become one of these. */
static size_t on_complete(void *data ATTR_UNUSED, const char *text,
			  void (*each)(void *each_data, const char *word), void *each_data)
{
	static const char *const words[] = {"apple", "apricot", "Banana", "grüße", "grün"};
	const char *word = strrchr(text, ' ');
	size_t start = word ? (size_t)(word + 1 - text) : 0;

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (!strncasecmp(words[i], text + start, strlen(text + start)))
			each(each_data, words[i]);
	return start;
}

static const struct ui_prompt_ops ops = {
	.label = "word: ",
	.hint = "",
	.change = on_change,
	.accept = on_accept,
	.cancel = on_cancel,
	.complete = on_complete,
};

/* Names of keys, or characters as they are. */
static void press(struct ui_prompt *prompt, const char *keys)
{
	char name[UI_KEY_NAME_MAX];
	int n;

	while (prompt->ops && sscanf(keys, " %15s%n", name, &n) == 1) {
		int64_t key = ui_key_find(name);

		ui_prompt_key(prompt, key >= 0 ? (uint32_t)key : (uint32_t)strtoul(name, NULL, 16));
		keys += n;
	}
}

static const struct {
	const char *text, *keys, *want;
	size_t cursor;
} edits[] = {
	{"", "a b Space c", "ab c", 4},
	{"", "00fc 20ac 1f600", "\xc3\xbc\xe2\x82\xac\xf0\x9f\x98\x80", 9},
	{"\xc3\xbc\xe2\x82\xac", "Left Left x", "x\xc3\xbc\xe2\x82\xac", 1},
	{"\xc3\xbc\xe2\x82\xac", "Backspace", "\xc3\xbc", 2},
	{"\xc3\xbc\xe2\x82\xac", "Home Delete", "\xe2\x82\xac", 0},
	{"abc", "Left Left Left Left x", "xabc", 1},
	{"abc", "Home Right Right Right Right x", "abcx", 4},
	{"abc", "Backspace", "ab", 2},
	{"abc", "Home Backspace", "abc", 0},
	{"abc", "Delete", "abc", 3},
	{"abc", "Home Delete", "bc", 0},
	{"abc", "C-a x End y", "xabcy", 5},
	{"abc", "C-a C-e x", "abcx", 4},
	{"abc", "C-b C-b C-f x", "abxc", 3},
	{"abc", "C-a C-d", "bc", 0},
	{"abc", "C-h", "ab", 2},
	{"one two  three", "C-w", "one two  ", 9},
	{"one two  three", "C-w C-w", "one ", 4},
	{"one two", "C-w C-w C-w", "", 0},
	{"one two", "Left C-w", "one o", 4},
	{"one two", "C-b C-b C-b C-u", "two", 0},
	{"one two", "C-b C-b C-b C-k", "one ", 4},
	{"abc", "F2 PgUp Insert C-t S-Tab", "abc", 3}, /* keys without a meaning here */
	{"abc", "0085 007f", "abc", 3},
	{"x ba", "Tab", "x Banana ", 9},
	{"x app", "Tab", "x apple ", 8},
	{"x ap", "Tab", "x ap", 4},
	{"x a", "Tab", "x ap", 4},
	{"gr", "Tab", "gr\xc3\xbc", 4},
	{"x q", "Tab", "x q", 3},
	{"b rest", "Home Right Tab", "Banana  rest", 7},
};

static void test_edits(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(edits); i++) {
		struct ui_prompt prompt;
		bool same = strcmp(edits[i].text, edits[i].want) == 0;

		n_changes = 0;
		ui_prompt_open(&prompt, &ops, NULL, NULL, edits[i].text);
		press(&prompt, edits[i].keys);
		is_str(prompt.text, edits[i].want, "\"%s\" %s", edits[i].text, edits[i].keys);
		is_u64(prompt.cursor, edits[i].cursor, "\"%s\" %s: cursor", edits[i].text,
		       edits[i].keys);
		is_u64(prompt.length, strlen(prompt.text), "length");
		ok(same ? !n_changes : !strcmp(said, edits[i].want), "who asked knows");
	}
}

static void test_end(void)
{
	struct ui_prompt prompt;

	n_accepted = n_cancelled = 0;
	ui_prompt_open(&prompt, &ops, NULL, NULL, "abc");
	refuses = true;
	press(&prompt, "Enter d");
	is_str(prompt.text, "abcd", "a text that is refused can be changed");
	refuses = false;
	press(&prompt, "Enter");
	ok(!prompt.ops && n_accepted == 2, "Enter closes");
	ui_prompt_open(&prompt, &ops, NULL, NULL, "abc");
	press(&prompt, "Esc");
	ok(!prompt.ops && n_cancelled == 1, "Esc closes");
	ui_prompt_open(&prompt, &ops, NULL, NULL, "abc");
	press(&prompt, "C-g");
	ok(!prompt.ops && n_cancelled == 2, "C-g closes");
}

static void test_full(void)
{
	struct ui_prompt prompt;

	ui_prompt_open(&prompt, &ops, NULL, NULL, "");
	for (int i = 0; i < UI_PROMPT_MAX - 1; i++)
		ui_prompt_key(&prompt, 'a');
	press(&prompt, "20ac");
	is_u64(prompt.length, UI_PROMPT_MAX - 1, "no part of a character");
	is_str(prompt.note, "the line is full: 1024 bytes", "and a sentence");
	press(&prompt, "b c");
	is_u64(prompt.length, UI_PROMPT_MAX, "a full line");
	is_int(prompt.text[UI_PROMPT_MAX - 1], 'b', "its last character");
	press(&prompt, "Backspace");
	is_str(prompt.note, "", "room again");
}

static void accept(struct ui_prompt *prompt, struct ui_history *history, const char *text)
{
	ui_prompt_open(prompt, &ops, NULL, history, text);
	press(prompt, "Enter");
}

static void test_history(void)
{
	struct ui_history history = {.n = 0};
	struct ui_prompt prompt;
	char text[32];

	ui_prompt_open(&prompt, &ops, NULL, &history, "new");
	press(&prompt, "Up Down");
	is_str(prompt.text, "new", "an empty history");
	accept(&prompt, &history, "one");
	accept(&prompt, &history, "two");
	accept(&prompt, &history, "");
	accept(&prompt, &history, "one");
	is_u64(history.n, 2, "a text is in it once, an empty one never");
	ui_prompt_open(&prompt, &ops, NULL, &history, "new");
	press(&prompt, "Up");
	is_str(prompt.text, "one", "the last one");
	press(&prompt, "C-p C-p Up");
	is_str(prompt.text, "two", "the first one is the end");
	is_str(said, "two", "and who asked knows");
	press(&prompt, "x Down C-n");
	is_str(prompt.text, "new", "back to what was typed");
	press(&prompt, "Down");
	is_str(prompt.text, "new", "which is the other end");
	press(&prompt, "Up Backspace Enter");
	is_str(history.texts[history.n - 1], "on", "an old text, changed, is a new one");
	is_str(history.texts[history.n - 2], "one", "beside the old one");
	for (int i = 0; i < UI_HISTORY_MAX; i++) {
		(void)snprintf(text, sizeof(text), "text %d", i);
		accept(&prompt, &history, text);
	}
	is_u64(history.n, UI_HISTORY_MAX, "the history has an end");
	is_str(history.texts[0], "text 0", "the oldest ones made room");
	ui_history_done(&history);
}

static void test_list(void)
{
	struct ui_prompt prompt;

	ui_prompt_open(&prompt, &ops, NULL, NULL, "a");
	press(&prompt, "Tab");
	is_str(prompt.note, "apple apricot", "what else is possible");
	press(&prompt, "x Tab");
	is_str(prompt.note, "no word that is known fits here", "or nothing");
}

int main(void)
{
	test_edits();
	test_end();
	test_full();
	test_history();
	test_list();
	return tap_done();
}
