/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Runs a fuzz target over the files of a directory, each whole and cut short at every length: what
 * libFuzzer would do first. A crash ends the test.
 */
#include "config.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "fuzz.h"

#define INPUT_MAX 65536

static int run_file(const char *path, unsigned int number)
{
	cleanup(fclosep) FILE *file = fopen(path, "re");
	static uint8_t data[INPUT_MAX];
	size_t n;

	if (!file) {
		fprintf(stderr, "cannot open %s: %s\n", path, strerror(errno));
		return -errno;
	}
	n = fread(data, 1, sizeof(data), file);
	for (size_t i = 0; i <= n; i++)
		(void)LLVMFuzzerTestOneInput(data, i);
	printf("ok %u - %s, %zu bytes\n", number, path, n);
	return fflush(stdout);
}

int main(int argc, char **argv)
{
	unsigned int n = 0;
	struct dirent *entry;
	DIR *dir = argc == 2 ? opendir(argv[1]) : NULL;

	if (!dir) {
		fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
		return EXIT_FAILURE;
	}
	while ((entry = readdir(dir))) {
		char path[4096];

		if (entry->d_name[0] == '.')
			continue;
		(void)snprintf(path, sizeof(path), "%s/%s", argv[1], entry->d_name);
		if (run_file(path, ++n) != 0)
			return EXIT_FAILURE;
	}
	(void)closedir(dir);
	printf("1..%u\n", n);
	return n ? EXIT_SUCCESS : EXIT_FAILURE;
}
