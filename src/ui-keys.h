/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What keys do: one record per action. The help page is made from this table.
 *
 * A key is a character of Unicode, a control character (C-l is 0x0c), or one of enum ui_key.
 */
#ifndef UI_KEYS_H
#define UI_KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ui_state;

enum ui_key {
	UI_KEY_FIRST = 0x110000, /* Unicode ends before */
	UI_KEY_UP = UI_KEY_FIRST,
	UI_KEY_DOWN,
	UI_KEY_LEFT,
	UI_KEY_RIGHT,
	UI_KEY_PAGE_UP,
	UI_KEY_PAGE_DOWN,
	UI_KEY_HOME,
	UI_KEY_END,
	UI_KEY_BACK_TAB,
	UI_KEY_BACKSPACE,
	UI_KEY_DELETE,
	UI_KEY_INSERT,
	UI_KEY_F0,
	UI_KEY_F12 = UI_KEY_F0 + 12,
	UI_KEY_END_OF_LIST,
	UI_KEY_MOUSE, /* no key: where it points is to be asked from curses */
};

#define UI_KEY_CTRL(letter) ((letter)&0x1f)
#define UI_KEY_ENTER '\r'
#define UI_KEY_TAB '\t'
#define UI_KEY_ESC 0x1b

/* Buffer for the name of any key. */
#define UI_KEY_NAME_MAX 16
#define UI_ACTION_KEYS 11
#define UI_DIGITS 10 /* views that have a key of their own */

/* "q", "Enter", "Down", "F2", "C-l", "Space". */
int ui_key_name(char *buf, size_t size, uint32_t key);
/* The key with this name, -ENOENT otherwise. */
int64_t ui_key_find(const char *name);

enum ui_action_group { UI_ACTION_MOVE, UI_ACTION_ORDER, UI_ACTION_SHOW, UI_ACTION_GROUP_MAX };

struct ui_action {
	const char *name; /* one word */
	const char *help;
	enum ui_action_group group;
	uint32_t keys[UI_ACTION_KEYS]; /* ended by 0 */
	bool fixed;                    /* has no other keys than these */
	void (*run)(struct ui_state *state, uint32_t key);
	bool in_detail; /* does the same on the pane of a flow */
	/* On a page that scrolls: the help page, the pane of a flow; NULL: nothing. */
	void (*run_page)(struct ui_state *state, uint32_t key);
};

extern const struct ui_action ui_action_table[];
extern const size_t ui_n_actions;
extern const char *const ui_action_groups[UI_ACTION_GROUP_MAX]; /* titles */

#define UI_ACTIONS_MAX 64

/* The keys of each action, where they are not those of the table; each list ended by 0. */
struct ui_bindings {
	uint32_t keys[UI_ACTIONS_MAX][UI_ACTION_KEYS];
};

void ui_bindings_init(struct ui_bindings *bindings);
/* Of an action by its place in the table. bindings may be NULL: the keys of the table. */
const uint32_t *ui_bindings_keys(const struct ui_bindings *bindings, size_t action);
/*
 * Gives an action the keys of a list with blanks, which is cut up, instead of those that it had;
 * other actions lose these keys. -EINVAL: nothing is changed, error says why.
 */
int ui_bindings_set(struct ui_bindings *bindings, const char *action, char *names, char *error,
		    size_t size);
/* The name of the first key of an action, for sentences; "" where it has none. */
const char *ui_bindings_first(const struct ui_bindings *bindings, const char *action, char *buf,
			      size_t size);

/* Does what the action does on the table. */
void ui_keys_act(struct ui_state *state, const char *action);
/* Does what the key does now. A key that does nothing gives a message. */
void ui_keys_handle(struct ui_state *state, uint32_t key);

#endif
