/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Starts what the command line asks for. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "capture-probe.h"
#include "check.h"
#include "monitor.h"
#include "options.h"

/*
 * A standard descriptor that is closed would be taken by the next file that is opened, and messages
 * or reports would go there: put something in its place that refuses to be written to.
 */
static void fill_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		(void)close(fd);
}

int main(int argc, char **argv)
{
	struct options options;
	int r;

	fill_descriptors();
	(void)setlocale(LC_CTYPE, "");
	/* a reader that goes away is an error of the write, after which everything is put in order
	 */
	(void)signal(SIGPIPE, SIG_IGN);
	r = options_parse(argc, argv, &options);
	if (r > 0)
		return EXIT_DONE;
	if (r < 0)
		return r == -EINVAL ? EXIT_USAGE : EXIT_FAILED;
	if (options.verb == VERB_CHECK)
		return check_run(stdout, probe_run, options.backend, &options.capture,
				 &options.geo) == 0
			       ? EXIT_DONE
			       : EXIT_FAILED;
	return monitor_run(&options);
}
