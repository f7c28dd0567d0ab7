/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Runs the live table on a terminal: connects input, signals and time to the screen. */
#include "config.h"

#include "ui.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <curses.h>

#include "cleanup.h"
#include "clock.h"
#include "flow-name.h"
#include "log.h"
#include "loop.h"
#include "macro.h"
#include "ui-keys.h"
#include "ui-screen.h"
#include "ui-state.h"
#include "ui-terminal.h"

/* Between two pictures that nobody asked for. */
#define FRAME_NS (100 * NSEC_PER_MSEC)
/* Keys that are handled before the next picture. */
#define KEYS_AT_ONCE 64

struct ui {
	struct ui_state state;
	struct ui_screen screen;
	struct ui_hooks hooks;
	struct loop_source *input, *timer;
	uint64_t drawn_ns; /* when the screen was drawn last */
	bool is_due;       /* the timer draws what has changed */
	char error[256];   /* the last one, for when the screen is gone */
};

/* Signals stay with the loop when the table is gone. */
static struct ui *signalled;

bool ui_possible(const char **ret_why)
{
	const char *type;

	return ui_terminal_type(&type, ret_why) == 0;
}

/* ---- drawing ---- */

static void set_timer(struct ui *ui, uint64_t ns)
{
	(void)loop_set_timer(ui->timer, ns, 0);
}

/* Asks for the names of what is on the screen. */
static void want_names(const struct ui_state *state)
{
	size_t end = MIN(state->top + state->n_page, ui_state_n_rows(state));
	struct row row;

	for (size_t place = state->top; place < end; place++) {
		ui_state_row(state, place, &row);
		view_want_names(&view_table[state->view], &row);
	}
}

static void draw(struct ui *ui)
{
	if (!ui_terminal_writable()) {
		/* Counting must go on while nobody reads what is written. */
		ui->is_due = true;
		set_timer(ui, FRAME_NS);
		return;
	}
	ui_screen_draw(&ui->screen, &ui->state);
	(void)wnoutrefresh(stdscr);
	(void)doupdate();
	if (flow_name_shows_hosts())
		want_names(&ui->state);
	ui->is_due = false;
	ui->drawn_ns = clock_mono_ns();
	set_timer(ui, ui_state_next_change(&ui->state));
}

/* Draws now, or when a frame's time has passed since the last picture. */
static void draw_soon(struct ui *ui)
{
	uint64_t age_ns = clock_mono_ns() - ui->drawn_ns;

	if (ui->is_due)
		return;
	ui->is_due = true;
	set_timer(ui, age_ns < FRAME_NS ? FRAME_NS - age_ns : 0);
}

static int on_timer(void *data, ATTR_UNUSED uint64_t n_expired)
{
	draw(data);
	return 0;
}

void ui_update(struct ui *ui)
{
	ui_state_update(&ui->state);
	if (!ui->state.frozen)
		draw_soon(ui);
}

void ui_update_names(struct ui *ui)
{
	if (flow_name_shows_hosts())
		draw_soon(ui);
}

/* ---- messages ---- */

static void on_log(void *data, enum log_level level, const char *line)
{
	struct ui *ui = data;

	ui_state_say(&ui->state, level, "%s", line);
	if (level == LOG_ERR)
		(void)snprintf(ui->error, sizeof(ui->error), "%s", line);
	if (ui->timer)
		draw_soon(ui);
}

/* ---- input ---- */

static const struct {
	wint_t code;
	uint32_t key;
} key_codes[] = {
	{KEY_UP, UI_KEY_UP},
	{KEY_DOWN, UI_KEY_DOWN},
	{KEY_LEFT, UI_KEY_LEFT},
	{KEY_RIGHT, UI_KEY_RIGHT},
	{KEY_PPAGE, UI_KEY_PAGE_UP},
	{KEY_NPAGE, UI_KEY_PAGE_DOWN},
	{KEY_HOME, UI_KEY_HOME},
	{KEY_END, UI_KEY_END},
	{KEY_FIND, UI_KEY_HOME}, /* on a VT220, where Home and End are now */
	{KEY_SELECT, UI_KEY_END},
	{KEY_BTAB, UI_KEY_BACK_TAB},
	{KEY_BACKSPACE, UI_KEY_BACKSPACE},
	{KEY_DC, UI_KEY_DELETE},
	{KEY_IC, UI_KEY_INSERT},
	{KEY_ENTER, UI_KEY_ENTER},
	{KEY_MOUSE, UI_KEY_MOUSE},
};

/*
 * What terminals send for the same key, besides what their type says: the type is often that of a
 * relative.
 */
static const struct {
	const char *sequence;
	int code;
} sequences[] = {
	{"\033[A", KEY_UP},    {"\033OA", KEY_UP},     {"\033[B", KEY_DOWN},
	{"\033OB", KEY_DOWN},  {"\033[C", KEY_RIGHT},  {"\033OC", KEY_RIGHT},
	{"\033[D", KEY_LEFT},  {"\033OD", KEY_LEFT},   {"\033[H", KEY_HOME},
	{"\033OH", KEY_HOME},  {"\033[1~", KEY_HOME},  {"\033[7~", KEY_HOME},
	{"\033[F", KEY_END},   {"\033OF", KEY_END},    {"\033[4~", KEY_END},
	{"\033[8~", KEY_END},  {"\033[5~", KEY_PPAGE}, {"\033[6~", KEY_NPAGE},
	{"\033[Z", KEY_BTAB},  {"\033OP", KEY_F(1)},   {"\033[11~", KEY_F(1)},
	{"\033[[A", KEY_F(1)},
};

static void define_keys(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(sequences); i++)
		if (key_defined(sequences[i].sequence) == 0)
			(void)define_key(sequences[i].sequence, sequences[i].code);
}

static uint32_t translate_code(wint_t code)
{
	for (size_t i = 0; i < ARRAY_SIZE(key_codes); i++)
		if (key_codes[i].code == code)
			return key_codes[i].key;
	if (code >= KEY_F(1) && code <= KEY_F(12))
		return UI_KEY_F0 + (code - KEY_F0);
	return UI_KEY_END_OF_LIST; /* has no name here */
}

/*
 * After ESC. The rest of a sequence that nobody knows is one key, which does nothing: its letters
 * are not keys that somebody has pressed.
 */
static bool skip_sequence(void)
{
	wint_t code;

	if (get_wch(&code) == ERR)
		return false;
	if (code != '[' && code != 'O') {
		(void)unget_wch((wchar_t)code);
		return false;
	}
	/* ECMA-48, 5.4: parameters, and a last byte from 0x40 on. */
	while (get_wch(&code) != ERR && code < 0x40)
		;
	return true;
}

static bool read_key(uint32_t *ret_key)
{
	wint_t code;
	int r;

	/* Of a new size curses tells among the keys as well: nobody has pressed that one. */
	do {
		r = get_wch(&code);
	} while (r == KEY_CODE_YES && code == KEY_RESIZE);
	if (r == ERR)
		return false;
	if (r == KEY_CODE_YES)
		*ret_key = translate_code(code);
	else
		*ret_key = code == 0x7f ? UI_KEY_BACKSPACE : (uint32_t)code;
	if (*ret_key == UI_KEY_ESC && skip_sequence())
		*ret_key = UI_KEY_END_OF_LIST;
	return true;
}

static void point(struct ui *ui)
{
	MEVENT event;

	if (getmouse(&event) != OK)
		return;
	if (event.bstate & BUTTON1_PRESSED)
		ui_screen_click(&ui->screen, &ui->state, event.y, event.x);
	else if (event.bstate & (BUTTON4_PRESSED | BUTTON5_PRESSED))
		ui_screen_wheel(&ui->screen, &ui->state, event.bstate & BUTTON4_PRESSED);
}

/* Does what the keys have asked for. */
static void fulfil(struct ui *ui)
{
	struct ui_state *state = &ui->state;

	if (state->want_suspend)
		ui_terminal_suspend();
	if (state->want_redraw)
		ui_terminal_forget();
	if (state->want_quit)
		ui->hooks.quit(ui->hooks.data);
	state->want_suspend = state->want_redraw = state->want_quit = false;
}

static int on_input(void *data, uint32_t epoll_events)
{
	struct ui *ui = data;
	uint32_t key;
	int n = 0;

	for (; n < KEYS_AT_ONCE && read_key(&key); n++) {
		if (key == UI_KEY_MOUSE)
			point(ui);
		else
			ui_keys_handle(&ui->state, key);
		fulfil(ui);
	}
	if ((epoll_events & (EPOLLHUP | EPOLLERR)) || (!n && ui_terminal_gone())) {
		loop_remove(take_ptr(ui->input));
		ui->hooks.quit(ui->hooks.data);
		return 0;
	}
	if (n)
		draw(ui);
	return 0;
}

static int on_signal(void *data, int signo)
{
	struct ui *ui = *(struct ui **)data;

	if (!ui)
		return 0;
	if (signo == SIGTSTP) {
		ui_keys_handle(&ui->state, UI_KEY_CTRL('z'));
		fulfil(ui);
	} else if (signo == SIGCONT) {
		ui_terminal_resume();
	} else {
		ui_terminal_resize();
	}
	draw(ui);
	return 0;
}

/* ---- opening and closing ---- */

static int connect_loop(struct ui *ui, struct loop *loop)
{
	static const int signals[] = {SIGWINCH, SIGTSTP, SIGCONT, 0};
	int r;

	r = loop_add_timer(loop, LOOP_NEVER, 0, on_timer, ui, &ui->timer);
	if (r == 0)
		r = loop_add_fd(loop, STDIN_FILENO, EPOLLIN, on_input, ui, &ui->input);
	signalled = ui;
	if (r == 0)
		r = loop_add_signals(loop, signals, on_signal, &signalled);
	return r;
}

int ui_open(const struct ui_config *config, const struct ui_hooks *hooks, struct loop *loop,
	    const struct capture_info *info, const struct flow_table *table,
	    const struct ledger *ledger, struct ui **ret_ui)
{
	struct ui *ui = calloc(1, sizeof(*ui));
	int r;

	if (!ui)
		return -ENOMEM;
	ui->hooks = *hooks;
	r = ui_state_init(&ui->state, config, &ui->hooks, info, table, ledger);
	log_set_sink(on_log, ui);
	if (r == 0)
		r = ui_terminal_open();
	if (r == 0) {
		define_keys();
		if (config->mouse)
			ui_terminal_use_mouse();
		ui_screen_init(&ui->screen, config);
		r = connect_loop(ui, loop);
	}
	if (r < 0) {
		ui_close(ui);
		return r;
	}
	draw(ui);
	*ret_ui = ui;
	return 0;
}

void ui_close(struct ui *ui)
{
	if (!ui)
		return;
	signalled = NULL;
	loop_remove(ui->input);
	loop_remove(ui->timer);
	ui_terminal_close();
	log_set_sink(NULL, NULL);
	/* The message line went with the screen. It has been escaped. */
	if (*ui->error)
		(void)fprintf(stderr, "pktop: %s\n", ui->error);
	ui_state_done(&ui->state);
	free(ui);
}
