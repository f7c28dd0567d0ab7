/* SPDX-License-Identifier: GPL-2.0-or-later */
/* One run: a back end, the tables it fills, and the front end that shows them. */
#ifndef MONITOR_H
#define MONITOR_H

struct options;

/* Runs until the end that the options or the operator set. Returns the exit status. */
int monitor_run(const struct options *options);

#endif
