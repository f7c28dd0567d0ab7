/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Text that came from outside, and text that must fit columns of a screen. */
#ifndef TEXT_H
#define TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/*
 * Copies src (n bytes, may hold any value; (size_t)-1: up to the NUL) so that it is valid UTF-8 and
 * cannot drive or deceive a terminal: C0 and DEL become \xHH; C1, bidirectional controls,
 * zero-width and other invisible characters, line separators and every combining mark that has no
 * character before it or two marks already become \u{HHHH}; invalid bytes become \xHH, a backslash
 * becomes \\. Does not depend on the locale. Truncates at a whole character or escape.
 * Returns the length of the result.
 */
size_t text_escape(char *buf, size_t size, const char *src, size_t n);
/* The same, but a backslash stays: for a line in which some parts are escaped already. */
size_t text_clean(char *buf, size_t size, const char *src, size_t n);

#define TEXT_CHARACTER_MAX 4
/* Writes a code point up to 0x10ffff as UTF-8, without NUL; returns how many bytes. */
size_t text_encode(char buf[TEXT_CHARACTER_MAX], uint32_t c);

/* Screen columns of valid UTF-8 text (wide characters 2, combining marks 0). */
size_t text_width(const char *text);

/*
 * Copies text so that it takes at most width columns. Where it is too long, the middle is replaced
 * by an ellipsis ("~" when ascii). Returns the columns used.
 */
size_t text_elide(char *buf, size_t size, const char *text, size_t width, bool ascii);

#define TEXT_LINE_MAX 1000 /* bytes */
/*
 * Bytes at the beginning of a text that make a line of at most width columns, at least one
 * character: up to two blanks, where parts of a sentence end, or to one, where there are some.
 */
size_t text_line(const char *text, size_t width);

#endif
