/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages to the operator: four levels, one sink, control characters escaped. */
#ifndef LOG_H
#define LOG_H

#include <stdarg.h>

#include "macro.h"

enum log_level { LOG_ERR, LOG_WARN, LOG_INFO, LOG_DEBUG, LOG_LEVEL_MAX };

/* Receives one finished line without newline, already safe for a terminal. */
typedef void (*log_sink_fn)(void *data, enum log_level level, const char *line);

/* The default sink writes "pktop: LINE" to stderr. sink NULL restores it. */
void log_set_sink(log_sink_fn sink, void *data);
/* The sink to set again after another one. */
void log_get_sink(log_sink_fn *ret_sink, void **ret_data);
/* Messages above this level are discarded. Default: LOG_WARN. */
void log_set_level(enum log_level level);
enum log_level log_get_level(void);

/*
 * "MESSAGE: strerror(-r)" for r < 0, "MESSAGE" for r == 0. Returns r, so that a caller can write
 * return log_err(r, "cannot attach to %s", name).
 */
int log_err(int r, const char *format, ...) ATTR_PRINTF(2, 3);
int log_warn(int r, const char *format, ...) ATTR_PRINTF(2, 3);
void log_info(const char *format, ...) ATTR_PRINTF(1, 2);
void log_debug(const char *format, ...) ATTR_PRINTF(1, 2);
void log_va(enum log_level level, int r, const char *format, va_list args) ATTR_PRINTF(3, 0);

#endif
