/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Databases of countries and autonomous systems, or why there are none. */
#include "config.h"

#include <errno.h>

#include "flow-place.h"
#include "geo.h"
#include "log.h"
#include "monitor-data.h"
#include "options.h"
#include "view.h"

int monitor_open_geo(struct monitor *monitor, bool reports)
{
	const struct options *options = monitor->options;
	const struct view *view = &view_table[options->report.view];
	char *why = monitor->geo_off;
	int r = geo_open(&options->geo, &monitor->geo, why, sizeof(monitor->geo_off));

	if (r == 0 && *why)
		return log_warn(0, "%s", why);
	if (r == 0)
		return 0;
	if (!*why)
		return log_err(r, "cannot look up countries and autonomous systems");
	if (options->geo.n_files) {
		(void)log_err(0, "--geo: %s", why);
		return r;
	}
	flow_place_set_off(why);
	if (!view->places || !reports)
		return 0;
	(void)log_err(0, "the view \"%s\" cannot be shown: %s", view->name, why);
	return r;
}
