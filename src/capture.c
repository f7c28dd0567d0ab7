/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of back ends, and what they say about themselves. */
#include "config.h"

#include "capture.h"

#include <stddef.h>
#include <stdio.h>
#include <sys/utsname.h>

#include "text.h"

const struct capture_ops *const capture_backends[] = {
	&capture_tc_ops,
	&capture_xdp_ops,
	&capture_cgroup_ops,
	&capture_process_ops,
	&capture_sockets_ops,
	&capture_replay_ops,
	NULL,
};

const char *capture_facts_text(const struct capture_facts *facts, char *buf, size_t size)
{
	static const char *const sees[2][2] = {{"no packets", "out"}, {"in", "in and out"}};

	(void)snprintf(buf, size, "sees %s; %s; %s; attaches %s; needs %s",
		       sees[facts->sees_in][facts->sees_out], facts->bytes, facts->owners,
		       facts->attaches, facts->needs);
	return buf;
}

const char *capture_host(char *buf, size_t size)
{
	struct utsname name;

	*buf = '\0';
	if (uname(&name) == 0)
		(void)text_escape(buf, size, name.nodename, (size_t)-1);
	return buf;
}
