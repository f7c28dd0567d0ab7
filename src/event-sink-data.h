/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the kinds of sinks have in common. */
#ifndef EVENT_SINK_DATA_H
#define EVENT_SINK_DATA_H

#include <stdint.h>

#include "event-sink.h"

/* First member of every sink's own structure. */
struct event_sink {
	uint64_t n_dropped;
};

/* See event-sink.h. begin, reopen and finish are NULL where there is nothing to do. */
struct event_sink_ops {
	const char *dropped; /* identifier of the loss */
	bool (*wanted)(const struct event_sink_config *config);
	int (*open)(const struct event_sink_config *config, struct loop *loop,
		    struct event_sink **ret_sink, char *error, size_t error_size);
	int (*begin)(struct event_sink *sink, const char *record, size_t size); /* NULL: put */
	int (*put)(struct event_sink *sink, const char *record, size_t size);
	void (*reopen)(struct event_sink *sink);
	int (*finish)(struct event_sink *sink);
	void (*close)(struct event_sink *sink);
};

extern const struct event_sink_ops event_sink_stdout_ops;
extern const struct event_sink_ops event_sink_file_ops;
extern const struct event_sink_ops event_sink_callback_ops;
extern const struct event_sink_ops event_sink_syslog_ops;
extern const struct event_sink_ops event_sink_journal_ops;

#endif
