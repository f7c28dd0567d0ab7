/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * A recording that is read interval by interval. An interval is checked to its end before any of it
 * is delivered.
 */
#ifndef CAPTURE_REPLAY_FILE_H
#define CAPTURE_REPLAY_FILE_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "capture-file.h"
#include "capture.h"

#define REPLAY_REASON_MAX 256 /* without the name */

struct replay_file {
	const struct sample_sink *sink; /* set before replay_file_open() */
	struct capture_info info;
	struct capture_owners owners;
	int fd;
	int error;       /* why no more can be read */
	bool done;       /* the next interval is the last one, if there is one */
	uint64_t offset; /* of the first record that was not delivered */
	/* The next interval, checked: its records lie between offset and ready_end. */
	bool ready;
	uint64_t ready_end;
	struct capture_file_reader reader;
	char name[NAME_MAX + 1]; /* of the file, escaped */
	char texts[CAPTURE_FILE_HEAD_TEXTS][CAPTURE_FILE_TEXT_MAX + 1];
	char reason[NAME_MAX + REPLAY_REASON_MAX + 4]; /* why it ended; "": at its end mark */
	/* name, recorded note, reason */
	char note[NAME_MAX + CAPTURE_FILE_TEXT_MAX + REPLAY_REASON_MAX + 16];
	uint8_t payload[CAPTURE_FILE_PAYLOAD_MAX];
};

/* Delivers the interfaces and looks for the first interval. On failure reason says why. */
int replay_file_open(struct replay_file *file, const char *path);
/* Delivers the next interval and looks for the one after it. */
int replay_file_step(struct replay_file *file);
/* Also after a failure of replay_file_open(), and before it where fd is -1. */
void replay_file_done(struct replay_file *file);

#endif
