/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Records that wait to be delivered, in batches, in memory or in a directory.
 *
 * In a directory they outlive the process, also one that was killed: each batch is a file named by
 * its number, to which records are appended as they come; what was delivered of it is in its name
 * as well. Nothing is forced to the disk, so that a machine that loses power may lose the last
 * seconds. One process at a time has the directory.
 */
#ifndef EVENT_SPOOL_H
#define EVENT_SPOOL_H

#include <stdint.h>

#include <stddef.h>

struct event_spool;

/* dir NULL: in memory. Made where it is not there. On failure writes a sentence to error. */
int event_spool_new(const char *dir, uint64_t max_bytes, struct event_spool **ret_spool,
		    char *error, size_t error_size);
/* What is in memory is lost. NULL is allowed. */
void event_spool_free(struct event_spool *spool);
/* To the batch that is being made. -ENOSPC past max_bytes, or -errno of the file. */
int event_spool_add(struct event_spool *spool, const char *record, size_t size);
/* Bytes in the batch that is being made. */
size_t event_spool_open_bytes(const struct event_spool *spool);
/* Completes it, if it has any. */
void event_spool_cut(struct event_spool *spool);
/*
 * The first records of the oldest complete batch, as many as max_size has room for, but one at
 * least: lines in one piece of memory that the caller frees, and how many. -ENOENT where none
 * waits; -ESTALE where somebody removed its file or cut it short, and *ret_lines is not set.
 */
int event_spool_first(struct event_spool *spool, size_t max_size, char **ret_lines,
		      size_t *ret_size, uint64_t *ret_n);
/* They were delivered, or nobody wants them. */
void event_spool_drop(struct event_spool *spool, size_t size, uint64_t n);
/* Records in all batches. */
uint64_t event_spool_n_records(const struct event_spool *spool);

#endif
