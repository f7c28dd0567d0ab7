/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes what a back end delivers to a file, and passes it on unchanged. The format is in
 * capture-record.c; capture-replay-file.c reads it.
 */
#ifndef CAPTURE_RECORD_H
#define CAPTURE_RECORD_H

struct capture_info;
struct capture_record;
struct sample_sink;

/* Creates path with mode 0600. A file that is there is taken only when it is regular, empty and no
 * symbolic link; otherwise -EEXIST. next must outlive the result. */
int capture_record_new(const char *path, const struct sample_sink *next,
		       struct capture_record **ret_record);
/* The sink to give to the back end. */
const struct sample_sink *capture_record_sink(struct capture_record *record);
/* Call once the back end is open: writes the head of the file. Interfaces reported before are kept.
 */
int capture_record_begin(struct capture_record *record, const struct capture_info *info);
/* First error of any write so far, 0 if none. After an error nothing more is written; what the back
 * end delivers is still passed on. */
int capture_record_error(const struct capture_record *record);
/* Writes what is pending and frees record (NULL is allowed). Returns the first error of the whole
 * life. */
int capture_record_close(struct capture_record *record);

#endif
