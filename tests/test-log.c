/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages: levels, reasons, escaping, cutting, the sinks. */
#include "config.h"

#include "log.h"

#include <errno.h>
#include <unistd.h>

#include "cleanup.h"
#include "macro.h"
#include "tap.h"

static struct {
	int n;
	enum log_level level;
	char line[4096];
	const void *data;
} last;

static void keep_line(void *data, enum log_level level, const char *line)
{
	last.n++;
	last.level = level;
	last.data = data;
	snprintf(last.line, sizeof(last.line), "%s", line);
}

static void test_reason(void)
{
	is_int(log_err(-ENOENT, "cannot open %s", "x"), -ENOENT, "log_err returns the error");
	is_str(last.line, "cannot open x: No such file or directory", "error with reason");
	is_int(last.level, LOG_ERR, "level of an error");
	is_int(log_warn(-EPERM, "eth%d is left out", 0), -EPERM, "log_warn returns the error");
	is_str(last.line, "eth0 is left out: Operation not permitted", "warning with reason");
	is_int(last.level, LOG_WARN, "level of a warning");
	is_int(log_err(0, "three flows lost"), 0, "log_err without an error");
	is_str(last.line, "three flows lost", "no reason without an error");
	is_int(log_warn(5, "five"), 5, "a result above 0 is returned");
	is_str(last.line, "five", "and is no reason");
	ok(last.data == &last, "the sink gets its data");
}

static void test_level(void)
{
	static const struct {
		enum log_level level;
		int n_passed; /* of one message of each level */
	} levels[] = {{LOG_ERR, 1}, {LOG_WARN, 2}, {LOG_INFO, 3}, {LOG_DEBUG, 4}};

	is_int(log_get_level(), LOG_WARN, "default level");
	for (size_t i = 0; i < ARRAY_SIZE(levels); i++) {
		log_set_level(levels[i].level);
		is_int(log_get_level(), levels[i].level, "level %zu is set", i);
		last.n = 0;
		log_err(0, "e");
		log_warn(0, "w");
		log_info("i");
		log_debug("d");
		is_int(last.n, levels[i].n_passed, "messages that pass level %zu", i);
	}
	is_int(last.level, LOG_DEBUG, "level of a debug message");
	log_info("%d flows", 3);
	is_int(last.level, LOG_INFO, "level of a note");
	is_str(last.line, "3 flows", "text of a note");
	log_set_level(LOG_ERR);
	last.n = 0;
	is_int(log_warn(-EIO, "quiet"), -EIO, "a discarded warning returns its error");
	is_int(last.n, 0, "and goes nowhere");
	log_set_level(LOG_WARN);
}

static void test_escape(void)
{
	static const struct {
		const char *name, *text, *want;
	} samples[] = {
		{"terminal escape", "\x1b]0;title\a", "\\x1b]0;title\\x07"},
		{"line break", "a\nb", "a\\x0ab"},
		{"bidirectional override", "\u202eabc", "\\u{202e}abc"},
		{"escaped where it entered", "eth\\x1b", "eth\\x1b"},
		{"UTF-8", "Größe", "Größe"},
		{"invalid UTF-8", "a\xff", "a\\xff"},
		{"percent", "100%s%n", "100%s%n"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(samples); i++) {
		log_err(0, "%s", samples[i].text);
		is_str(last.line, samples[i].want, "%s", samples[i].name);
	}
}

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), n = strlen(end);

	return len >= n && strcmp(text + len - n, end) == 0;
}

static void test_long(void)
{
	char text[4000];

	for (size_t shift = 0; shift < 3; shift++) {
		/* U+20AC over and over: wherever the text is cut, it must not be inside of one. */
		for (size_t i = 0; i < sizeof(text) - 1; i++)
			text[i] = i < shift ? 'a' : "\xe2\x82\xac"[(i - shift) % 3];
		text[sizeof(text) - 1] = '\0';
		log_err(-ENOSPC, "%s", text);
		ok(!strchr(last.line, '\\'), "cut at a whole character, shift %zu", shift);
		ok(ends_with(last.line, "\u20ac: No space left on device"),
		   "a long message keeps its reason, shift %zu", shift);
		ok(strlen(last.line) > 1000, "a long message keeps its start, shift %zu", shift);
	}
	memset(text, 1, sizeof(text) - 1);
	log_err(-ENOSPC, "%s", text);
	ok(ends_with(last.line, "\\x01: No space left on device"), "so does a long one of escapes");
}

/* What log.c writes to stderr while fn runs. */
static void capture_stderr(void (*fn)(void), char *buf, size_t size)
{
	cleanup(fclosep) FILE *file = tmpfile();
	cleanup(close_fdp) int saved = dup(STDERR_FILENO);
	size_t n;

	if (!file || saved < 0 || dup2(fileno(file), STDERR_FILENO) < 0)
		exit(EXIT_FAILURE);
	fn();
	if (dup2(saved, STDERR_FILENO) < 0)
		exit(EXIT_FAILURE);
	rewind(file);
	n = fread(buf, 1, size - 1, file);
	buf[n] = '\0';
}

static void say_two(void)
{
	log_err(-ENODEV, "no interface %s", "a\x1b");
	log_info("not shown");
	log_warn(0, "second");
}

static void test_stderr(void)
{
	char buf[256];

	last.n = 0;
	log_set_sink(NULL, NULL);
	capture_stderr(say_two, buf, sizeof(buf));
	is_str(buf, "pktop: no interface a\\x1b: No such device\npktop: second\n",
	       "the default sink writes lines to stderr");
	is_int(last.n, 0, "and the old sink gets nothing");
}

int main(void)
{
	log_set_sink(keep_line, &last);
	test_reason();
	test_level();
	test_escape();
	test_long();
	test_stderr();
	return tap_done();
}
