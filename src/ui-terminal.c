/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Owns the terminal: its type, modes and size, and how it is left when the program ends. */
#include "config.h"

#include "ui-terminal.h"

#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <curses.h>
#include <term.h>

#include "log.h"
#include "macro.h"

/* Milliseconds after ESC within which the rest of a key's sequence has to come. */
#define ESCAPE_DELAY 50

/* Tried in this order where TERM is of no use: most terminals understand one of the first. */
static const char *const fallback_types[] = {"tmux-256color", "screen-256color", "xterm-256color",
					     "xterm",         "vt100",           "ansi"};

/* What ends a screen, in the order of writing. */
static const char *const end_capabilities[] = {"sgr0", "op", "rmkx", "cnorm", "rmcup"};

static const int crash_signals[] = {SIGSEGV, SIGBUS,  SIGABRT, SIGFPE,  SIGILL,
				    SIGQUIT, SIGTRAP, SIGSYS,  SIGXCPU, SIGXFSZ};
/* curses sets handlers for these; the loop has them already. */
static const int curses_signals[] = {SIGINT, SIGTERM, SIGTSTP, SIGWINCH};

static struct {
	SCREEN *screen;
	FILE *memory;                                      /* /dev/null behind a screen in memory */
	struct sigaction crash[ARRAY_SIZE(crash_signals)]; /* what was there before */
	/* For the crash handler: */
	struct termios modes;
	char end[256];
	size_t n_end;
	char stack[16384]; /* a crash may be the end of the ordinary stack */
} terminal;

/* 1: usable, 0: unknown type, negative errno: known, but of no use */
static int probe_type(const char *type, const char **ret_why)
{
	TERMINAL *before = cur_term;
	int status, r = 1;

	if (setupterm(type, STDOUT_FILENO, &status) == ERR) {
		*ret_why = "this type of terminal (TERM) cannot move its cursor";
		return status == 1 ? -EOPNOTSUPP : 0;
	}
	if (!tigetstr("cup") || tigetstr("cup") == (char *)-1) {
		*ret_why = "this type of terminal (TERM) cannot move its cursor";
		r = -EOPNOTSUPP;
	}
	(void)del_curterm(cur_term);
	(void)set_curterm(before);
	return r;
}

int ui_terminal_type(const char **ret_type, const char **ret_why)
{
	const char *type = getenv("TERM");
	int r;

	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
		*ret_why = "standard input and output are not both a terminal";
		return -ENOTTY;
	}
	r = type && *type ? probe_type(type, ret_why) : 0;
	if (r) {
		*ret_type = type;
		return r < 0 ? r : 0;
	}
	for (size_t i = 0; i < ARRAY_SIZE(fallback_types); i++) {
		if (probe_type(fallback_types[i], ret_why) <= 0)
			continue;
		*ret_type = fallback_types[i];
		return 0;
	}
	*ret_why = "the type of the terminal (TERM) is unknown, and so are all common types: is "
		   "terminfo installed?";
	return -ENOENT;
}

/* ---- crashes ---- */

/* Without the padding "$<5>" of terminals with a slow line. */
static void add_end(const char *text)
{
	while (*text && terminal.n_end < sizeof(terminal.end)) {
		const char *close = strncmp(text, "$<", 2) ? NULL : strchr(text, '>');

		if (close)
			text = close + 1;
		else
			terminal.end[terminal.n_end++] = *text++;
	}
}

static void save_end(void)
{
	terminal.n_end = 0;
	for (size_t i = 0; i < ARRAY_SIZE(end_capabilities); i++) {
		const char *text = tigetstr(end_capabilities[i]);

		if (text && text != (char *)-1)
			add_end(text);
	}
}

/* Only what a signal handler may call. SA_RESETHAND: the signal raised again has its default. */
static void on_crash(int signo)
{
	ssize_t n = write(STDOUT_FILENO, terminal.end, terminal.n_end);

	(void)n; /* there is nobody left to tell */
	(void)tcsetattr(STDIN_FILENO, TCSANOW, &terminal.modes);
	(void)raise(signo);
}

static void catch_crashes(void)
{
	const stack_t stack = {.ss_sp = terminal.stack, .ss_size = sizeof(terminal.stack)};
	struct sigaction action = {.sa_handler = on_crash,
				   .sa_flags = (int)(SA_RESETHAND | SA_ONSTACK)};

	(void)sigaltstack(&stack, NULL);
	for (size_t i = 0; i < ARRAY_SIZE(crash_signals); i++)
		(void)sigaction(crash_signals[i], &action, &terminal.crash[i]);
}

static void release_crashes(void)
{
	const stack_t none = {.ss_flags = SS_DISABLE};

	for (size_t i = 0; i < ARRAY_SIZE(crash_signals); i++)
		(void)sigaction(crash_signals[i], &terminal.crash[i], NULL);
	(void)sigaltstack(&none, NULL);
}

/* ---- opening and closing ---- */

/* newterm() without its signal handlers. */
static SCREEN *new_screen(const char *type, FILE *output, FILE *input)
{
	struct sigaction before[ARRAY_SIZE(curses_signals)];
	SCREEN *screen;

	for (size_t i = 0; i < ARRAY_SIZE(curses_signals); i++)
		(void)sigaction(curses_signals[i], NULL, &before[i]);
	screen = newterm(type, output, input);
	for (size_t i = 0; i < ARRAY_SIZE(curses_signals); i++)
		(void)sigaction(curses_signals[i], &before[i], NULL);
	return screen;
}

int ui_terminal_open(void)
{
	const char *type, *why, *wanted = getenv("TERM");
	int r;

	r = ui_terminal_type(&type, &why);
	if (r < 0)
		return r;
	if (tcgetattr(STDIN_FILENO, &terminal.modes) < 0)
		return -errno;
	terminal.screen = new_screen(type, stdout, stdin);
	if (!terminal.screen)
		return -EIO;
	save_end();
	catch_crashes();
	(void)cbreak();
	(void)noecho();
	(void)nonl();
	(void)keypad(stdscr, TRUE);
	(void)nodelay(stdscr, TRUE);
	(void)set_escdelay(ESCAPE_DELAY);
	(void)curs_set(0);
	if (!wanted || !*wanted)
		(void)log_warn(0, "TERM is not set: taking the terminal for a %s", type);
	else if (strcmp(wanted, type) != 0)
		(void)log_warn(0, "TERM is unknown here: taking the terminal for a %s", type);
	return 0;
}

void ui_terminal_use_mouse(void)
{
	(void)mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
	(void)mouseinterval(0);
	/* endwin() does this, but not after a crash */
	add_end("\033[?1006l\033[?1000l");
}

int ui_terminal_open_memory(unsigned int n_columns, unsigned int n_lines)
{
	static const char *const types[] = {"xterm-256color", "xterm", "vt100", "ansi"};
	char text[16];

	terminal.memory = fopen("/dev/null", "r+e");
	if (!terminal.memory)
		return -errno;
	snprintf(text, sizeof(text), "%u", n_columns);
	(void)setenv("COLUMNS", text, 1);
	snprintf(text, sizeof(text), "%u", n_lines);
	(void)setenv("LINES", text, 1);
	for (size_t i = 0; i < ARRAY_SIZE(types) && !terminal.screen; i++)
		terminal.screen = new_screen(types[i], terminal.memory, terminal.memory);
	if (!terminal.screen) {
		(void)fclose(terminal.memory);
		terminal.memory = NULL;
		return -ENOENT;
	}
	return 0;
}

void ui_terminal_close(void)
{
	if (!terminal.screen)
		return;
	if (!terminal.memory) {
		/* A stopped output would hold the end up for ever. */
		(void)tcflow(STDOUT_FILENO, TCOON);
		if (!ui_terminal_writable())
			(void)tcflush(STDOUT_FILENO, TCOFLUSH);
	}
	/* Without a screen of its own the table stays; what comes next starts on an empty line. */
	if (!terminal.memory && !exit_ca_mode) {
		(void)move(LINES - 1, 0);
		(void)clrtoeol();
		(void)refresh();
	}
	(void)endwin();
	delscreen(terminal.screen);
	terminal.screen = NULL;
	if (terminal.memory) {
		(void)fclose(terminal.memory);
		terminal.memory = NULL;
	} else {
		release_crashes();
	}
}

/* ---- size ---- */

void ui_terminal_resize_to(unsigned int n_columns, unsigned int n_lines)
{
	if (n_columns && n_lines)
		(void)resizeterm((int)n_lines, (int)n_columns);
	ui_terminal_forget();
}

void ui_terminal_resize(void)
{
	struct winsize size;

	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		ui_terminal_resize_to(size.ws_col, size.ws_row);
}

/* ---- stopping ---- */

void ui_terminal_forget(void)
{
	(void)clearok(curscr, TRUE);
}

void ui_terminal_resume(void)
{
	(void)reset_prog_mode();
	ui_terminal_resize();
	(void)curs_set(0);
}

void ui_terminal_suspend(void)
{
	const struct sigaction stop = {.sa_handler = SIG_DFL};
	struct sigaction before;
	sigset_t set, old;

	(void)endwin();
	(void)sigaction(SIGTSTP, &stop, &before);
	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	(void)raise(SIGTSTP);
	(void)sigprocmask(SIG_UNBLOCK, &set, &old); /* stops here */
	(void)sigprocmask(SIG_SETMASK, &old, NULL);
	(void)sigaction(SIGTSTP, &before, NULL);
	ui_terminal_resume();
}

/* ---- what it is like ---- */

bool ui_terminal_utf8(void)
{
	return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

static bool is_ready(int fd, short events)
{
	struct pollfd poll_fd = {.fd = fd, .events = events};

	return poll(&poll_fd, 1, 0) == 1;
}

bool ui_terminal_writable(void)
{
	return terminal.memory || is_ready(STDOUT_FILENO, POLLOUT);
}

bool ui_terminal_gone(void)
{
	int n = 0;

	/* In this order: a key that comes in between is counted. */
	return is_ready(STDIN_FILENO, POLLIN) && (ioctl(STDIN_FILENO, FIONREAD, &n) < 0 || n == 0);
}
