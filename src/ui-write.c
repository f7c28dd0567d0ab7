/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes a report of what is on the screen to a file that is asked for. */
#include "config.h"

#include "ui-write.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "flow-name.h"
#include "report.h"
#include "ui-prompt.h"
#include "ui-state.h"
#include "view.h"

static enum report_kind kind_of(const char *path)
{
	static const struct {
		const char *ending;
		enum report_kind kind;
	} endings[] = {{".json", REPORT_JSON}, {".csv", REPORT_CSV}};
	size_t length = strlen(path);

	for (size_t i = 0; i < ARRAY_SIZE(endings); i++) {
		size_t n = strlen(endings[i].ending);

		if (length > n && strcasecmp(path + length - n, endings[i].ending) == 0)
			return endings[i].kind;
	}
	return REPORT_TEXT;
}

/* What machines read has addresses, and beside them the names that are shown. */
static size_t add_names(const struct ui_state *state, enum column_id columns[COLUMN_MAX], size_t n)
{
	for (unsigned int i = 0; i < COLUMN_MAX; i++) {
		enum column_id id = (enum column_id)i;
		size_t at = 0;

		while (at < n && columns[at] != id)
			at++;
		if (column_is_name(id) && at == n && view_has_column(&view_table[state->view], id))
			columns[n++] = id;
	}
	return n;
}

static int write_report(struct ui_state *state, enum report_kind kind, FILE *stream)
{
	bool hosts = flow_name_shows_hosts(), ports = flow_name_shows_ports();
	enum column_id columns[COLUMN_MAX];
	struct report_config config = {
		.kind = kind,
		.view = state->view,
		.columns = columns,
		.n_columns = ui_state_columns(state, columns),
		.unit = state->unit,
		.filter = state->filter,
		.shown = state->snapshot,
		.periodic = true,
	};
	const struct report_input input = {
		.info = state->info,
		.table = ui_state_table(state),
		.ledger = ui_state_ledger(state),
	};
	int r;

	/* What came since they were drawn belongs to these rows, too. */
	ui_state_prepare(state, state->n_page);
	if (kind != REPORT_TEXT) {
		if (hosts)
			config.n_columns = add_names(state, columns, config.n_columns);
		flow_name_show_hosts(false);
		flow_name_show_ports(false);
	}
	r = report_write(stream, &config, &input);
	flow_name_show_hosts(hosts);
	flow_name_show_ports(ports);
	return r;
}

static int write_file(struct ui_state *state, const char *path, enum report_file_over over)
{
	struct report_file *file;
	int r = report_file_open(path, over, &file);

	if (r < 0)
		return r;
	r = write_report(state, kind_of(path), report_file_stream(file));
	if (r == 0)
		return report_file_commit(file);
	report_file_discard(file);
	return r;
}

/* ---- the prompt ---- */

static void on_change(void *data, const char *text ATTR_UNUSED)
{
	struct ui_state *state = data;

	state->write_again = false;
}

static void refuse(struct ui_state *state, const char *path, int r)
{
	struct ui_prompt *prompt = &state->prompt;

	state->write_again = r == -EEXIST;
	if (r == -EEXIST)
		ui_prompt_note(prompt, LOG_WARN, "%s is there already; Enter replaces it", path);
	else if (r == -ENXIO)
		ui_prompt_note(prompt, LOG_WARN, "%s is no regular file", path);
	else if (r == -ENOTSUP)
		ui_prompt_note(prompt, LOG_ERR, "this pktop was built without JSON (libjansson)");
	else
		ui_prompt_note(prompt, LOG_ERR, "cannot write %s: %s", path, strerror(-r));
}

/* "~/file" is of the user's directory, as for a shell. */
static const char *expand(const char *text, char *buf, size_t size)
{
	const char *home = getenv("HOME");

	if (strncmp(text, "~/", 2) != 0 || !home || !*home)
		return text;
	return snprintf(buf, size, "%s%s", home, text + 1) < (int)size ? buf : text;
}

static bool on_accept(void *data, const char *text)
{
	struct ui_state *state = data;
	char buf[PATH_MAX];
	const char *path = expand(text, buf, sizeof(buf));
	int r;

	if (!*text) {
		ui_prompt_note(&state->prompt, LOG_WARN, "a file needs a name");
		return false;
	}
	r = write_file(state, path, state->write_again ? REPORT_FILE_REGULAR : REPORT_FILE_NEW);
	if (r < 0) {
		refuse(state, path, r);
		return false;
	}
	ui_state_say(state, LOG_INFO, "written to %s", path);
	return true;
}

static void on_cancel(void *data ATTR_UNUSED)
{
}

static const struct ui_prompt_ops prompt_ops = {
	.label = "write to: ",
	.hint = "Enter write  Esc leave  .json .csv",
	.change = on_change,
	.accept = on_accept,
	.cancel = on_cancel,
};

void ui_write_open(struct ui_state *state)
{
	state->write_again = false;
	ui_prompt_open(&state->prompt, &prompt_ops, state, &state->write_history, "");
}
