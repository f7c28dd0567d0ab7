/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table of actions is consistent, keys have names, and names have keys. */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "capture.h"
#include "flow-table.h"
#include "ledger.h"
#include "macro.h"
#include "tap.h"
#include "ui-keys.h"
#include "ui-state.h"

static void check_names(void)
{
	static const struct {
		uint32_t key;
		const char *name;
	} names[] = {
		{'q', "q"},
		{'?', "?"},
		{'<', "<"},
		{'-', "-"},
		{'\\', "\\"},
		{'~', "~"},
		{' ', "Space"},
		{'\r', "Enter"},
		{'\t', "Tab"},
		{0x1b, "Esc"},
		{0x0c, "C-l"},
		{0x1a, "C-z"},
		{0x03, "C-c"},
		{UI_KEY_UP, "Up"},
		{UI_KEY_PAGE_DOWN, "PgDn"},
		{UI_KEY_BACK_TAB, "S-Tab"},
		{UI_KEY_F0 + 1, "F1"},
		{UI_KEY_F12, "F12"},
	};
	static const char *const unknown[] = {"",   "up",  "Enterr", "C-",  "C-ll", "C-L",
					      "F0", "F13", "F1x",    "C-1", "ab",   "\xc3\xa4"};
	char name[UI_KEY_NAME_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		(void)ui_key_name(name, sizeof(name), names[i].key);
		is_str(name, names[i].name, "name of key 0x%x", names[i].key);
		is_int(ui_key_find(names[i].name), names[i].key, "key named %s", names[i].name);
	}
	for (size_t i = 0; i < ARRAY_SIZE(unknown); i++)
		is_int(ui_key_find(unknown[i]), -ENOENT, "no key is named \"%s\"", unknown[i]);

	/* What comes from a keyboard goes to the screen: never as it is. */
	(void)ui_key_name(name, sizeof(name), 0x9b);
	is_str(name, "\\u{009b}", "a control character of C1 is escaped");
	(void)ui_key_name(name, sizeof(name), 0xe4);
	is_str(name, "ä", "a letter is itself");
	(void)ui_key_name(name, sizeof(name), 0x1f600);
	is_str(name, "\xf0\x9f\x98\x80", "also one of four bytes");
	(void)ui_key_name(name, sizeof(name), UI_KEY_END_OF_LIST);
	is_str(name, "this key", "a key without a name");
}

static void check_table(void)
{
	for (size_t i = 0; i < ui_n_actions; i++) {
		const struct ui_action *action = &ui_action_table[i];
		char name[UI_KEY_NAME_MAX];

		ok(action->name && *action->name, "action %zu has a name", i);
		ok(action->help && *action->help, "%s has a help text", action->name);
		ok(strlen(action->help) <= 63, "the help of %s fits beside its keys", action->name);
		ok(action->run, "%s does something", action->name);
		ok(action->group < UI_ACTION_GROUP_MAX && ui_action_groups[action->group],
		   "%s is in a group", action->name);
		ok(action->keys[0], "%s has a key", action->name);
		ok(!action->keys[UI_ACTION_KEYS - 1], "the keys of %s end", action->name);
		for (size_t k = 0; k < UI_ACTION_KEYS && action->keys[k]; k++) {
			(void)ui_key_name(name, sizeof(name), action->keys[k]);
			is_int(ui_key_find(name), action->keys[k],
			       "%s of %s can be typed in a script", name, action->name);
			for (size_t other = i + 1; other < ui_n_actions; other++)
				for (size_t o = 0; o < UI_ACTION_KEYS; o++)
					if (ui_action_table[other].keys[o] == action->keys[k])
						ok(false, "%s is a key of %s and of %s", name,
						   action->name, ui_action_table[other].name);
		}
		for (size_t other = i + 1; other < ui_n_actions; other++)
			if (strcmp(ui_action_table[other].name, action->name) == 0)
				ok(false, "two actions are called %s", action->name);
	}
}

/* ---- what keys do to the state ---- */

static uint64_t interval_told;

static void tell_interval(void *data, uint64_t interval_ns)
{
	*(uint64_t *)data = interval_ns;
}

static void tell_quit(void *data ATTR_UNUSED)
{
}

static void press(struct ui_state *state, const char *name)
{
	int64_t key = ui_key_find(name);

	if (key < 0)
		ok(false, "no key is named %s", name);
	else
		ui_keys_handle(state, (uint32_t)key);
}

static void check_intervals(struct ui_state *state)
{
	static const struct {
		uint64_t from_ms;
		const char *key;
		uint64_t to_ms, told_ms;
	} steps[] = {
		{1000, "+", 2000, 2000}, {1000, "-", 500, 500},        {30000, "+", 60000, 60000},
		{60000, "+", 60000, 0},  {100, "-", 100, 0},           {1500, "+", 2000, 2000},
		{1500, "-", 1000, 1000}, {3600000, "-", 60000, 60000}, {3600000, "+", 3600000, 0},
	};

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		state->interval_ns = steps[i].from_ms * NSEC_PER_MSEC;
		interval_told = 0;
		press(state, steps[i].key);
		is_u64(state->interval_ns, steps[i].to_ms * NSEC_PER_MSEC,
		       "%s from %" PRIu64 " ms goes to %" PRIu64 " ms", steps[i].key,
		       steps[i].from_ms, steps[i].to_ms);
		is_u64(interval_told, steps[i].told_ms * NSEC_PER_MSEC, "and tells so");
	}
}

static void check_views(struct ui_state *state)
{
	static const struct {
		enum view_id from;
		const char *key;
		enum view_id to;
	} steps[] = {
		{VIEW_ID_CONVERSATIONS, "d", VIEW_ID_FLOWS},
		{VIEW_ID_FLOWS, "d", VIEW_ID_CONVERSATIONS},
		{VIEW_ID_SRC, "d", VIEW_ID_CONVERSATIONS},
		{VIEW_ID_CONVERSATIONS, "Tab", VIEW_ID_FLOWS},
		{VIEW_ID_IFACE, "Tab", VIEW_ID_PID},
		{VIEW_ID_COMM, "Tab", VIEW_ID_USER}, /* which has no digit */
		{VIEW_ID_ASN, "Tab", VIEW_ID_CONVERSATIONS},
		{VIEW_ID_CONVERSATIONS, "S-Tab", VIEW_ID_ASN},
		{VIEW_ID_PORT, "S-Tab", VIEW_ID_PROTO},
		{VIEW_ID_IFACE, "1", VIEW_ID_CONVERSATIONS},
		{VIEW_ID_CONVERSATIONS, "8", VIEW_ID_IFACE},
		{VIEW_ID_CONVERSATIONS, "9", VIEW_ID_PID},
		{VIEW_ID_CONVERSATIONS, "0", VIEW_ID_COMM},
		{VIEW_ID_CONVERSATIONS, "t", VIEW_ID_SRC},
		{VIEW_ID_SRC, "t", VIEW_ID_DST},
	};

	for (size_t i = 0; i < ARRAY_SIZE(steps); i++) {
		ui_state_set_view(state, steps[i].from);
		press(state, steps[i].key);
		is_int(state->view, steps[i].to, "%s from view %s", steps[i].key,
		       view_table[steps[i].from].name);
	}
	ui_state_set_view(state, VIEW_ID_FLOWS);
	for (int i = VIEW_ID_SRC; i <= VIEW_ID_MAX; i++)
		press(state, "t");
	is_int(state->view, VIEW_ID_FLOWS, "t goes through the groups and back to where it began");
	for (int view = 0; view < UI_DIGITS; view++) {
		char digit[] = {"1234567890"[view], '\0'};

		press(state, digit);
		is_int(state->view, view, "%s chooses its view", digit);
	}
}

static void check_sort(struct ui_state *state)
{
	enum column_id columns[COLUMN_MAX];
	size_t n;

	ui_state_set_view(state, VIEW_ID_CONVERSATIONS);
	n = ui_state_columns(state, columns);
	for (size_t i = 0; i < COLUMN_MAX; i++)
		press(state, "<");
	is_int(ui_state_sort(state), columns[0], "< ends at the first column");
	press(state, "I");
	ok(state->reverse[state->view], "I reverses");
	press(state, ">");
	is_int(ui_state_sort(state), columns[1], "> goes to the next column");
	ok(!state->reverse[state->view], "in its natural order");
	for (size_t i = 0; i < COLUMN_MAX; i++)
		press(state, ">");
	is_int(ui_state_sort(state), columns[n - 1], "> ends at the last column");

	ui_state_set_sort(state, COLUMN_BPS, false);
	press(state, "b");
	is_int(state->unit, UNIT_BYTES, "b changes to bytes");
	is_int(ui_state_sort(state), COLUMN_BPS, "and leaves the order");
	press(state, "b");
	is_int(state->unit, UNIT_PACKETS, "b changes to packets");
	is_int(ui_state_sort(state), COLUMN_PPS, "and orders by packets");
	n = ui_state_columns(state, columns);
	for (size_t i = 0; i < n; i++)
		ok(columns[i] != COLUMN_BPS && columns[i] != COLUMN_RX_BPS,
		   "no column of bits in packets: %s", column_table[columns[i]].name);
	press(state, "b");
	is_int(state->unit, UNIT_BITS, "b comes back to bits");
}

static void check_levels(struct ui_state *state)
{
	press(state, "p");
	ok(state->frozen, "p freezes");
	press(state, "?");
	ok(state->help, "? opens the help page");
	press(state, "o");
	ok(!state->hold, "which keeps other keys off the table");
	press(state, "q");
	ok(!state->help && !state->want_quit, "q leaves the help page");
	press(state, "h");
	press(state, "Esc");
	ok(!state->help && state->frozen, "Esc leaves the help page, not the freeze");
	press(state, "Esc");
	ok(!state->frozen, "then the freeze");
	press(state, "Space");
	ok(state->frozen, "Space freezes too");
	press(state, "p");
	ok(!state->frozen, "p ends it");
	press(state, "o");
	ok(state->hold, "o holds the order");
	press(state, "o");
	ok(!state->hold, "and lets it go");
	press(state, "C-l");
	ok(state->want_redraw, "C-l draws again");
	press(state, "C-z");
	ok(state->want_suspend, "C-z stops");
	press(state, "x");
	is_str(state->message, "x does nothing here; ? shows the keys", "x is not a key");
	press(state, "q");
	ok(state->want_quit, "q quits");
	state->want_quit = false;
	press(state, "?");
	press(state, "C-c");
	ok(state->want_quit, "C-c quits from the help page as well");
}

int main(void)
{
	static const struct ui_hooks hooks = {
		.data = &interval_told, .set_interval = tell_interval, .quit = tell_quit};
	static const struct capture_info info = {
		.backend = "tc", .layer = "l2", .host = "web1", .max_flows = 1024, .note = ""};
	const struct ui_config config = {.view = VIEW_ID_CONVERSATIONS,
					 .interval_ns = NSEC_PER_SEC};
	struct flow_table *table = NULL;
	struct ledger *ledger = NULL;
	struct ui_state state;

	check_names();
	check_table();
	if (!ok(flow_table_new(1024, &table) == 0 && ledger_new(&ledger) == 0 &&
			ui_state_init(&state, &config, &hooks, &info, table, ledger) == 0,
		"a state"))
		return tap_done();
	check_intervals(&state);
	check_views(&state);
	check_sort(&state);
	check_levels(&state);
	ui_state_done(&state);
	ledger_free(ledger);
	flow_table_free(table);
	return tap_done();
}
