/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Formats messages to the operator into one safe line each, for stderr or another sink. */
#include "config.h"

#include "log.h"

#include <stdio.h>
#include <string.h>

#include "text.h"

#define MESSAGE_MAX 1024
/* An escape takes up to ten bytes, but a message rarely holds any. */
#define LINE_MAX_LEN 2048
/* Kept free for the text of an error, which says more than the end of a long message. */
#define REASON_MAX 128

static void write_stderr(void *data, enum log_level level, const char *line)
{
	(void)data;
	(void)level;
	/* stderr is not buffered: the C library makes this a single write. */
	fprintf(stderr, "pktop: %s\n", line);
}

static struct {
	log_sink_fn sink;
	void *data;
	enum log_level level;
} target = {write_stderr, NULL, LOG_WARN};

void log_set_sink(log_sink_fn sink, void *data)
{
	target.sink = sink ? sink : write_stderr;
	target.data = data;
}

void log_get_sink(log_sink_fn *ret_sink, void **ret_data)
{
	*ret_sink = target.sink;
	*ret_data = target.data;
}

void log_set_level(enum log_level level)
{
	target.level = level;
}

enum log_level log_get_level(void)
{
	return target.level;
}

/* Takes away the last character of a text that was cut, because only a part of it may be there. */
static void drop_last_char(char *text)
{
	size_t len = strlen(text), n_tail = 0;

	while (n_tail < 3 && len > 0 && ((unsigned char)text[len - 1] & 0xc0) == 0x80) {
		len--;
		n_tail++;
	}
	if (len > 0 && (unsigned char)text[len - 1] >= 0xc0)
		len--;
	text[len] = '\0';
}

void log_va(enum log_level level, int r, const char *format, va_list args)
{
	char message[MESSAGE_MAX], line[LINE_MAX_LEN];
	size_t len;
	int n;

	if (level > target.level)
		return;

	n = vsnprintf(message, sizeof(message), format, args);
	if (n < 0) /* a wide character that the locale lacks: better the bare sentence than none */
		snprintf(message, sizeof(message), "%s", format);
	else if ((size_t)n >= sizeof(message))
		drop_last_char(message);

	/* Names in a message were escaped where they entered: their backslashes stay single. */
	len = text_clean(line, sizeof(line) - REASON_MAX, message, (size_t)-1);
	if (r < 0) {
		len += text_clean(line + len, sizeof(line) - len, ": ", (size_t)-1);
		text_clean(line + len, sizeof(line) - len, strerror(-r), (size_t)-1);
	}
	target.sink(target.data, level, line);
}

int log_err(int r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_va(LOG_ERR, r, format, args);
	va_end(args);
	return r;
}

int log_warn(int r, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_va(LOG_WARN, r, format, args);
	va_end(args);
	return r;
}

void log_info(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_va(LOG_INFO, 0, format, args);
	va_end(args);
}

void log_debug(const char *format, ...)
{
	va_list args;

	va_start(args, format);
	log_va(LOG_DEBUG, 0, format, args);
	va_end(args);
}
