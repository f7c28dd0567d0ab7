/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out which back ends work, and says what each of them sees. */
#include "config.h"

#include <stddef.h>

#include "capture-probe-data.h"
#include "capture.h"

int probe_backends(struct probe *probe)
{
	char facts[512], error[256];

	for (size_t i = 0; capture_backends[i]; i++) {
		const struct capture_ops *ops = capture_backends[i];
		int r = ops->probe ? ops->probe(probe->config, error, sizeof(error)) : 0;

		probe->name = ops->name;
		(void)capture_facts_text(&ops->facts, facts, sizeof(facts));
		/* what is missing of the chosen one was said before */
		if (r == 0)
			probe_say(probe, PROBE_OK, NULL, "%s%s", facts,
				  ops == probe->backend ? "; chosen" : "");
		else
			probe_say(probe, PROBE_ABSENT, NULL, "%s; does not work here: %s", facts,
				  error);
	}
	return 0;
}
