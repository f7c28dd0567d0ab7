/* SPDX-License-Identifier: GPL-2.0-or-later */
/* "pktop check": prints what works on this host, what does not, and what is lost by it. */
#ifndef CHECK_H
#define CHECK_H

#include <stdio.h>

#include "capture-probe.h"

struct geo_config;

/*
 * Prints what probe finds for this back end and configuration, and databases of places, and in the
 * end one sentence that says whether pktop works here or what to do. 0: it works. 1: it does not.
 * -errno after a message in the log: not known, or not printed.
 */
int check_run(FILE *stream, probe_fn probe, const struct capture_ops *backend,
	      const struct capture_config *config, const struct geo_config *geo);

#endif
