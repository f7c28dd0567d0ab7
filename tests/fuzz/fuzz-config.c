/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any bytes as a configuration file: what is kept of them is in the bounds of the tables. */
#include "config.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../backend-stubs.h"
#include "capture.h"
#include "fuzz.h"
#include "log.h"
#include "macro.h"
#include "options-file.h"
#include "options.h"

static void on_log(void *data ATTR_UNUSED, enum log_level level ATTR_UNUSED,
		   const char *line ATTR_UNUSED)
{
}

static void check(const struct options *settings)
{
	for (int i = 0; i < VIEW_ID_MAX; i++) {
		const struct ui_view_config *view = &settings->ui.views[i];

		if (view->n_columns > COLUMN_MAX || view->sort >= COLUMN_MAX)
			abort();
		for (size_t c = 0; c < view->n_columns; c++)
			if (!view_has_column(&view_table[i], view->columns[c]))
				abort();
	}
	for (size_t i = 0; i < ui_n_actions; i++)
		if (settings->bindings.keys[i][UI_ACTION_KEYS - 1])
			abort();
	if (settings->ui.theme >= UI_THEME_MAX || settings->report.view >= VIEW_ID_MAX)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct options settings = {.interval_ns = NSEC_PER_SEC};
	int fd = memfd_create("config", MFD_CLOEXEC);
	char path[32];
	const char *why;

	if (fd < 0 || fchmod(fd, 0600) < 0 || write(fd, data, size) != (ssize_t)size)
		abort();
	(void)snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	log_set_sink(on_log, NULL);
	ui_bindings_init(&settings.bindings);
	if (options_file_read(path, &settings, &why) < 0)
		abort();
	check(&settings);
	(void)close(fd);
	return 0;
}
