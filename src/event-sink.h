/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where the records of a stream go: stdout, a file, a URL, the system's log or journal, each of
 * them or several at once.
 *
 * What is slow never holds up who counts: whole records wait in memory of fixed size, and those it
 * has no room for are dropped and counted, by sink.
 */
#ifndef EVENT_SINK_H
#define EVENT_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct event_sinks;
struct loop;

#define EVENT_SINK_QUEUE ((size_t)16 << 20) /* bytes, of stdout and of a file */

struct event_sink_config {
	const char *file;      /* appended to; NULL: stdout, where no other sink is asked for */
	bool waits;            /* stdout and file: for a slow reader, instead of dropping */
	uint64_t rotate_bytes; /* the file makes room for a new one before it is larger; 0: never */
	uint64_t rotate_ns;    /* and when this time of the clock has passed; 0: never */
	uint64_t rotate_keep;  /* older ones that stay: FILE.1, the newest, to FILE.N */

	const char *url;       /* NULL: no callback */
	const char *token;     /* file with a bearer token, read for each request; NULL: none */
	const char *authority; /* file with certificates of authorities; NULL: the system's */
	const char *spool;     /* directory where records wait across a restart; NULL: in memory */
	uint64_t spool_bytes;  /* of waiting records, in memory or there */

	bool syslog;
	bool journal;
};

enum event_sink_id {
	EVENT_SINK_STDOUT,
	EVENT_SINK_FILE,
	EVENT_SINK_CALLBACK,
	EVENT_SINK_SYSLOG,
	EVENT_SINK_JOURNAL,
	EVENT_SINK_MAX
};

/* On failure may write a sentence to error. */
int event_sinks_new(const struct event_sink_config *config, struct loop *loop,
		    struct event_sinks **ret_sinks, char *error, size_t error_size);
void event_sinks_free(struct event_sinks *sinks); /* NULL is allowed */
/* What every file begins with, also one that comes later; the other sinks get it once, now. */
int event_sinks_begin(struct event_sinks *sinks, const char *record, size_t size);
/* A whole record. 0, also when it was dropped; -errno where nothing can be written any more. */
int event_sinks_put(struct event_sinks *sinks, const char *record, size_t size);
/* Records dropped so far; *ret_name: which ones that are, NULL for a sink that is not there. */
uint64_t event_sinks_dropped(const struct event_sinks *sinks, enum event_sink_id id,
			     const char **ret_name);
/* Opens the file's path again. Where that fails, the old one is used until it does not. */
void event_sinks_reopen(struct event_sinks *sinks);
/* Waits a moment for what is still in queues. -ETIMEDOUT where some of it was not taken. */
int event_sinks_finish(struct event_sinks *sinks);

#endif
