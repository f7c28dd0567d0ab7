/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Says which container a process is in: container-tool ROOT PID, with the state of runtimes below
 * ROOT. Prints runtime, id, name, image, pod and its namespace, separated by "|"; "none" where it
 * is in none.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "container.h"

int main(int argc, char **argv)
{
	struct containers *containers = NULL;
	const struct container *container = NULL;
	char path[64], line[8192];
	FILE *stream;

	if (argc != 3) {
		fprintf(stderr, "usage: container-tool ROOT PID\n");
		return 2;
	}
	(void)snprintf(path, sizeof(path), "/proc/%s/cgroup", argv[2]);
	stream = fopen(path, "r");
	if (!stream || containers_new(argv[1], &containers) < 0) {
		fprintf(stderr, "container-tool: cannot read %s\n", path);
		return 1;
	}
	/* version 2 comes last and counts most */
	while (fgets(line, sizeof(line), stream)) {
		char *colon = strchr(line, ':'), *start = colon ? strchr(colon + 1, ':') : NULL;
		const struct container *found;

		if (!start)
			continue;
		line[strcspn(line, "\n")] = 0;
		found = containers_find(containers, start + 1);
		container = found ? found : container;
	}
	(void)fclose(stream);
	if (container)
		printf("%s|%s|%s|%s|%s|%s\n", container->runtime, container->id,
		       container->names.name, container->names.image, container->names.pod,
		       container->names.pod_namespace);
	else
		puts("none");
	containers_free(containers);
	return 0;
}
