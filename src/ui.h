/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The live table. With the other ui-* files the only owner of curses. */
#ifndef UI_H
#define UI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "column.h"
#include "ui-theme-table.h"
#include "view.h"

struct capture_info;
struct flow_table;
struct flow_key;
struct ledger;
struct loop;
struct sample_sizes;
struct sample_tcp;
struct ui;
struct ui_bindings;

enum ui_color { UI_COLOR_AUTO, UI_COLOR_ALWAYS, UI_COLOR_NEVER };

/* What was asked for one view. */
struct ui_view_config {
	enum column_id columns[COLUMN_MAX];
	size_t n_columns; /* 0: those of the view */
	enum column_id sort;
	bool sort_given; /* else that of the view */
	bool reverse;
};

struct ui_config {
	enum view_id view;
	struct ui_view_config views[VIEW_ID_MAX];
	enum unit unit;
	uint64_t interval_ns;
	const char *filter;  /* its text; NULL: none */
	enum ui_color color; /* AUTO honours NO_COLOR */
	enum ui_theme_id theme;
	enum ui_graph graph;
	bool mouse;
	bool ascii;                         /* also graphs */
	const struct ui_bindings *bindings; /* NULL: the keys of the table */
	const char *path;                   /* of the configuration file; NULL: nowhere */
	const char *warning;                /* shown at the start; NULL: none */
	int64_t real_offset_ns;
};

struct ui_hooks {
	void *data;
	/* Asks for a tick now (after a change of the interval, say) or for another interval. */
	void (*set_interval)(void *data, uint64_t interval_ns);
	/* Names of hosts are about to be shown; negative, and a message, where they cannot be. */
	int (*use_names)(void *data);
	void (*quit)(void *data);
	/* What the kernel knows of the connection of a flow now: -ENOENT where it is none of this
	 * host. NULL: there is nobody to ask. */
	int (*ask_tcp)(void *data, const struct flow_key *key, struct sample_tcp *ret_tcp);
	/* As in struct capture_ops; called where the capture's info has no sizes_note. */
	void (*watch)(void *data, const struct flow_key *keys, size_t n_keys);
	const struct sample_sizes *(*sizes)(void *data);
};

/* True when stdin and stdout are a terminal on which the table can be drawn; else *ret_why says why
 * not. */
bool ui_possible(const char **ret_why);

/* Takes the terminal. info, table and ledger must outlive it. Messages of log.h go to its message
 * line meanwhile. */
int ui_open(const struct ui_config *config, const struct ui_hooks *hooks, struct loop *loop,
	    const struct capture_info *info, const struct flow_table *table,
	    const struct ledger *ledger, struct ui **ret_ui);
/* New data: redraw at the next chance, at most ten times a second. */
void ui_update(struct ui *ui);
/* A name of a host has come. */
void ui_update_names(struct ui *ui);
/* Restores the terminal. NULL is allowed. */
void ui_close(struct ui *ui);

/*
 * Runs a script instead of a terminal, on a screen of columns x lines that exists only in memory.
 * Lines of the script: "key NAME" (q, Enter, Down, F2, C-l ...), "type TEXT", "tick" (calls
 * next(data) for the next recorded interval; false ends the recording), "resize COLSxLINES", "show"
 * (writes the screen to stdout, trailing blanks removed, between lines of dashes), "styles" (the
 * same with a letter for what each cell looks like: Reverse, Bold, Underlined, Dim), "colors" (a
 * line for each part of the screen in one colour: line, columns, text/background), "click X,Y",
 * "wheel up", "wheel down", "# comment".
 * Returns 0 or -errno after a message with the line number.
 */
int ui_script(const char *path, unsigned int columns, unsigned int lines,
	      const struct ui_config *config, const struct capture_info *info,
	      const struct flow_table *table, const struct ledger *ledger, bool (*next)(void *data),
	      void *data);

#endif
