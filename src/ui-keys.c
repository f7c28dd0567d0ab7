/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The actions and the keys that start them. */
#include "config.h"

#include "ui-keys.h"

#include <stdint.h>
#include <string.h>

#include "flow-name.h"
#include "fmt.h"
#include "macro.h"
#include "ui-copy.h"
#include "ui-detail.h"
#include "ui-drill.h"
#include "ui-filter.h"
#include "ui-setup.h"
#include "ui-state.h"
#include "ui-write.h"
#include "view-prefix.h"

/* ---- moving ---- */

static int64_t page(const struct ui_state *state)
{
	return (int64_t)MAX(state->n_page, (size_t)1);
}

static void move_up(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	ui_state_move(state, -1, true);
}

static void move_down(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	ui_state_move(state, 1, true);
}

static void page_up(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	ui_state_move(state, -page(state), false);
}

static void page_down(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	ui_state_move(state, page(state), false);
}

static void half_up(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	ui_state_move(state, -(page(state) + 1) / 2, false);
}

static void half_down(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	ui_state_move(state, (page(state) + 1) / 2, false);
}

static void go_first(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	ui_state_move(state, -INT32_MAX, false);
}

static void go_last(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	ui_state_move(state, INT32_MAX, false);
}

static void follow(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	if (!state->selected)
		ui_state_move(state, 0, true);
	state->follow = state->selected && !state->follow;
}

/* Drawing knows where the page ends, and brings its top back there. */
static void scroll(struct ui_state *state, int64_t n)
{
	size_t *top = state->help ? &state->help_top : &state->detail.top;

	if (n < 0)
		*top -= MIN(*top, (size_t)-n);
	else
		*top += (size_t)n;
}

static void scroll_up(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	scroll(state, -1);
}

static void scroll_down(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	scroll(state, 1);
}

static void scroll_page_up(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	scroll(state, -page(state));
}

static void scroll_page_down(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	scroll(state, page(state));
}

static void scroll_first(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	scroll(state, -INT32_MAX);
}

static void scroll_last(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	scroll(state, INT32_MAX);
}

/* ---- order and view ---- */

static void step_sort(struct ui_state *state, int step)
{
	enum column_id columns[COLUMN_MAX], now = ui_state_sort(state);
	size_t n = ui_state_columns(state, columns), i = 0;

	while (i < n && columns[i] != now)
		i++;
	if ((step < 0 && i == 0) || (step > 0 && i + 1 >= n)) {
		ui_state_say(state, LOG_INFO, "%s column already",
			     step < 0 ? "the first" : "the last");
		return;
	}
	i = step < 0 ? i - 1 : i + 1;
	ui_state_set_sort(state, columns[i], false);
	ui_state_say(state, LOG_INFO, "sorted by %s: %s",
		     view_heading(&view_table[state->view], columns[i], state->unit),
		     column_table[columns[i]].help);
}

static void sort_left(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	step_sort(state, -1);
}

static void sort_right(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	step_sort(state, 1);
}

static void sort_reverse(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	ui_state_set_sort(state, state->sort[state->view], !state->reverse[state->view]);
}

static void next_view(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	ui_state_set_view(state, (state->view + 1) % VIEW_ID_MAX);
}

static void previous_view(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	ui_state_set_view(state, (state->view + VIEW_ID_MAX - 1) % VIEW_ID_MAX);
}

static void choose_view(struct ui_state *state, uint32_t key)
{
	ui_state_set_view(state, (enum view_id)((key - '0' + 9) % 10));
}

static void open_filter(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	ui_filter_open(state);
}

static void clear_filter(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	ui_filter_clear(state);
}

static void include(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	ui_filter_add_selected(state, false);
}

static void exclude(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	ui_filter_add_selected(state, true);
}

static void copy(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	ui_copy(state);
}

static void write_view(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	ui_write_open(state);
}

static void directions(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	ui_state_set_view(state, state->view == VIEW_ID_CONVERSATIONS ? VIEW_ID_FLOWS
								      : VIEW_ID_CONVERSATIONS);
}

/* The next view of groups; after the last one the rows that were grouped. */
static void next_group(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	bool grouped = view_table[state->view].rows == VIEW_GROUPS;
	int view = grouped ? (int)state->view + 1 : 0;

	while (view < VIEW_ID_MAX && view_table[view].rows != VIEW_GROUPS)
		view++;
	ui_state_set_view(state, view < VIEW_ID_MAX ? (enum view_id)view : state->table_view);
}

static void hold(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	state->hold = !state->hold;
	state->hold_until_ns = 0;
	state->reordered |= !state->hold;
}

static void freeze(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	ui_state_set_frozen(state, !state->frozen);
}

/* ---- the rest ---- */

static void next_unit(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	ui_state_set_unit(state, (state->unit + 1) % UNIT_MAX);
	ui_state_say(state, LOG_INFO, "rates in %s", ui_unit_names[state->unit]);
}

static void host_names(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	bool on = !flow_name_shows_hosts();

	if (on && state->hooks && state->hooks->use_names(state->hooks->data) < 0)
		return;
	flow_name_show_hosts(on);
	ui_state_say(state, LOG_INFO, on ? "names of hosts, as they become known" : "addresses");
}

static void port_names(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	flow_name_show_ports(!flow_name_shows_ports());
	ui_state_say(state, LOG_INFO,
		     flow_name_shows_ports() ? "names of ports" : "ports by number");
}

static const uint64_t intervals_ms[] = {100, 200, 500, 1000, 2000, 5000, 10000, 30000, 60000};

static void set_interval(struct ui_state *state, uint64_t interval_ns)
{
	char text[FMT_MAX];

	ui_state_format_span(text, sizeof(text), interval_ns);
	if (interval_ns == state->interval_ns) {
		ui_state_say(state, LOG_INFO, "%s is the limit", text);
		return;
	}
	state->interval_ns = interval_ns;
	if (state->hooks)
		state->hooks->set_interval(state->hooks->data, interval_ns);
	ui_state_say(state, LOG_INFO, "a new measurement every %s", text);
}

/* + and - are for the length of prefixes where rows are prefixes. False elsewhere. */
static bool step_prefix(struct ui_state *state, int step)
{
	struct view_prefix prefix;
	bool stepped;

	if (state->view != VIEW_ID_PREFIX)
		return false;
	stepped = view_prefix_step(step);
	prefix = view_prefix_get();
	ui_state_say(state, LOG_INFO, "prefixes of /%u, IPv6 /%u%s", prefix.v4, prefix.v6,
		     stepped ? "" : ": that is the limit");
	/* Other rows: none is the selected one. */
	if (stepped) {
		state->selected = state->follow = false;
		state->reordered = true;
	}
	return true;
}

/* An interval between two steps, which an option can set, goes to the next step. */
static void longer(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	if (step_prefix(state, 1))
		return;
	for (size_t i = 0; i < ARRAY_SIZE(intervals_ms); i++)
		if (intervals_ms[i] * NSEC_PER_MSEC > state->interval_ns) {
			set_interval(state, intervals_ms[i] * NSEC_PER_MSEC);
			return;
		}
	set_interval(state, state->interval_ns);
}

static void shorter(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	if (step_prefix(state, -1))
		return;
	for (size_t i = ARRAY_SIZE(intervals_ms); i-- > 0;)
		if (intervals_ms[i] * NSEC_PER_MSEC < state->interval_ns) {
			set_interval(state, intervals_ms[i] * NSEC_PER_MSEC);
			return;
		}
	set_interval(state, state->interval_ns);
}

static void show_help(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	state->help = !state->help;
	state->help_top = 0;
}

/* One level at a time: the page, the pane, the freeze, the lock, the selection, the group. */
static void back(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	if (state->help)
		state->help = false;
	else if (state->detail.open)
		ui_detail_close(state);
	else if (state->frozen && !ui_drill_is_newest(state))
		ui_state_set_frozen(state, false);
	else if (state->follow)
		state->follow = false;
	else if (state->selected)
		state->selected = false;
	else
		(void)ui_drill_back(state);
}

static void say_nothing_here(struct ui_state *state, uint32_t key)
{
	char name[UI_KEY_NAME_MAX], help[UI_KEY_NAME_MAX];

	(void)ui_key_name(name, sizeof(name), key);
	ui_state_say(state, LOG_INFO, "%s does nothing here; %s shows the keys", name,
		     ui_bindings_first(state->config.bindings, "help", help, sizeof(help)));
}

static void open_row(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	if (view_table[state->view].rows == VIEW_GROUPS)
		ui_drill_open(state);
	else
		ui_detail_open(state);
}

static void open_setup(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	ui_setup_open(state);
}

static void redraw(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	state->want_redraw = true;
}

static void suspend(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	state->want_suspend = true;
}

static void quit(struct ui_state *state, uint32_t key ATTR_UNUSED)
{
	state->want_quit = true;
}

/* ---- the table ---- */

#define ACTION(name_, group_) .name = name_, .group = UI_ACTION_##group_

const struct ui_action ui_action_table[] = {
	{ACTION("up", MOVE), .help = "select the row above", .keys = {UI_KEY_UP, 'k'},
	 .run = move_up, .run_page = scroll_up},
	{ACTION("down", MOVE), .help = "select the row below", .keys = {UI_KEY_DOWN, 'j'},
	 .run = move_down, .run_page = scroll_down},
	{ACTION("page-up", MOVE), .help = "one page up", .keys = {UI_KEY_PAGE_UP, UI_KEY_CTRL('b')},
	 .run = page_up, .run_page = scroll_page_up},
	{ACTION("page-down", MOVE), .help = "one page down",
	 .keys = {UI_KEY_PAGE_DOWN, UI_KEY_CTRL('f')}, .run = page_down,
	 .run_page = scroll_page_down},
	{ACTION("half-up", MOVE), .help = "half a page up", .keys = {UI_KEY_CTRL('u')},
	 .run = half_up, .run_page = scroll_page_up},
	{ACTION("half-down", MOVE), .help = "half a page down", .keys = {UI_KEY_CTRL('d')},
	 .run = half_down, .run_page = scroll_page_down},
	{ACTION("first", MOVE), .help = "first row", .keys = {UI_KEY_HOME, 'g'}, .run = go_first,
	 .run_page = scroll_first},
	{ACTION("last", MOVE), .help = "last row", .keys = {UI_KEY_END, 'G'}, .run = go_last,
	 .run_page = scroll_last},
	{ACTION("follow", MOVE), .help = "follow the selected row wherever it goes", .keys = {'F'},
	 .run = follow},
	{ACTION("open", MOVE), .help = "all about the selected flow; the flows of a group",
	 .keys = {UI_KEY_ENTER}, .run = open_row},
	{ACTION("back", MOVE), .help = "back: leave page, freeze, follow, selection, then group",
	 .keys = {UI_KEY_ESC}, .run = back, .run_page = back},

	{ACTION("sort-left", ORDER), .help = "order by the column to the left", .keys = {'<'},
	 .run = sort_left},
	{ACTION("sort-right", ORDER), .help = "order by the column to the right", .keys = {'>'},
	 .run = sort_right},
	{ACTION("reverse", ORDER), .help = "reverse the order", .keys = {'I'}, .run = sort_reverse},
	{ACTION("hold", ORDER), .help = "hold the order: numbers change, rows stay in their places",
	 .keys = {'o'}, .run = hold},
	{ACTION("freeze", ORDER), .help = "freeze the screen, or go on; counting never stops",
	 .keys = {'p', ' '}, .in_detail = true, .run = freeze},
	{ACTION("filter", ORDER), .help = "filter as you type", .keys = {'/'}, .run = open_filter},
	{ACTION("clear-filter", ORDER), .help = "no filter: show everything again", .keys = {'\\'},
	 .run = clear_filter},
	{ACTION("include", ORDER), .help = "filter: only the selected group, or row's far end",
	 .keys = {'i'}, .run = include},
	{ACTION("exclude", ORDER), .help = "filter: everything but that", .keys = {'e'},
	 .run = exclude},
	{ACTION("copy", ORDER), .help = "a filter for the row, also for tcpdump, to be copied",
	 .keys = {'y'}, .in_detail = true, .run = copy},
	{ACTION("write", ORDER), .help = "write the rows to a file: text, .json, .csv",
	 .keys = {'w'}, .run = write_view},
	{ACTION("directions", ORDER), .help = "rows of one direction, or of both", .keys = {'d'},
	 .run = directions},
	{ACTION("next-view", ORDER), .help = "next view", .keys = {UI_KEY_TAB}, .run = next_view},
	{ACTION("previous-view", ORDER), .help = "previous view", .keys = {UI_KEY_BACK_TAB},
	 .run = previous_view},
	{ACTION("view", ORDER), .help = "view by number, see below",
	 .keys = {'1', '2', '3', '4', '5', '6', '7', '8', '9', '0'}, .fixed = true,
	 .run = choose_view},
	{ACTION("group", ORDER), .help = "sum up by the next key: source, destination, ...",
	 .keys = {'t'}, .run = next_group},

	{ACTION("unit", SHOW), .help = "rates in bits, bytes or packets", .keys = {'b'},
	 .in_detail = true, .run = next_unit},
	{ACTION("names", SHOW), .help = "names of hosts, or addresses", .keys = {'n'},
	 .in_detail = true, .run = host_names},
	{ACTION("port-names", SHOW), .help = "names of ports, or numbers", .keys = {'N'},
	 .in_detail = true, .run = port_names},
	{ACTION("longer", SHOW), .help = "measure over a longer interval; longer prefixes",
	 .keys = {'+'}, .in_detail = true, .run = longer},
	{ACTION("shorter", SHOW), .help = "measure over a shorter interval; shorter prefixes",
	 .keys = {'-'}, .in_detail = true, .run = shorter},
	{ACTION("setup", SHOW), .help = "setup: columns, order, theme, unit; saved on request",
	 .keys = {UI_KEY_F0 + 2}, .run = open_setup},
	{ACTION("help", SHOW), .help = "this page", .keys = {'?', 'h', UI_KEY_F0 + 1},
	 .run = show_help, .run_page = show_help},
	{ACTION("redraw", SHOW), .help = "draw the screen again", .keys = {UI_KEY_CTRL('l')},
	 .run = redraw, .run_page = redraw},
	{ACTION("suspend", SHOW), .help = "back to the shell; fg returns",
	 .keys = {UI_KEY_CTRL('z')}, .run = suspend, .run_page = suspend},
	{ACTION("quit", SHOW), .help = "quit; on this page back to the table", .keys = {'q'},
	 .run = quit, .run_page = back},
	{ACTION("interrupt", SHOW), .help = "quit from anywhere", .keys = {UI_KEY_CTRL('c')},
	 .fixed = true, .run = quit, .run_page = quit},
};

const size_t ui_n_actions = ARRAY_SIZE(ui_action_table);

const char *const ui_action_groups[UI_ACTION_GROUP_MAX] = {
	[UI_ACTION_MOVE] = "Move",
	[UI_ACTION_ORDER] = "Rows and their order",
	[UI_ACTION_SHOW] = "Screen",
};

static const struct ui_action *find_action(const struct ui_bindings *bindings, uint32_t key)
{
	for (size_t i = 0; i < ui_n_actions; i++) {
		const uint32_t *keys = ui_bindings_keys(bindings, i);

		for (size_t k = 0; k < UI_ACTION_KEYS && keys[k]; k++)
			if (keys[k] == key)
				return &ui_action_table[i];
	}
	return NULL;
}

/* Keys that mean the same while somebody types. */
static bool is_for_screen(uint32_t key)
{
	return key == UI_KEY_CTRL('c') || key == UI_KEY_CTRL('l') || key == UI_KEY_CTRL('z');
}

void ui_keys_act(struct ui_state *state, const char *action)
{
	for (size_t i = 0; i < ui_n_actions; i++)
		if (strcmp(ui_action_table[i].name, action) == 0)
			ui_action_table[i].run(state, 0);
}

static void handle(struct ui_state *state, uint32_t key)
{
	const struct ui_action *action = find_action(state->config.bindings, key);

	/* Typing acts on the text alone: rows are made when all that was typed is known. */
	if (state->prompt.ops && !is_for_screen(key)) {
		ui_prompt_key(&state->prompt, key);
		return;
	}
	if (state->setup.open && !is_for_screen(key)) {
		ui_setup_key(state, key);
		return;
	}
	/* A key acts on the rows as they are now, also right after another key. */
	ui_state_prepare(state, state->n_page);
	if (action && !state->help && (!state->detail.open || action->in_detail))
		action->run(state, key);
	else if (action && action->run_page)
		action->run_page(state, key);
	else
		say_nothing_here(state, key);
}

static unsigned int pages(const struct ui_state *state)
{
	return (unsigned int)state->help | (unsigned int)state->setup.open << 1 |
	       (unsigned int)state->detail.open << 2;
}

void ui_keys_handle(struct ui_state *state, uint32_t key)
{
	unsigned int pages_before = pages(state);
	unsigned int n_messages = state->n_messages;

	if (state->message_stays)
		state->message_until_ns = 0;
	state->message_stays = false;
	handle(state, key);
	if (state->n_messages != n_messages) {
		state->message_of_key = true;
	} else if (state->message_of_key && state->message_level == LOG_INFO &&
		   pages(state) & ~pages_before) {
		/* no news on a page that opens, whose foot says how to leave it */
		state->message_until_ns = 0;
	}
}
