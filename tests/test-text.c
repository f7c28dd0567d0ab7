/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Escaping, width and eliding of text. */
#include "config.h"

#include "text.h"

#include <locale.h>

#include "macro.h"
#include "tap.h"

static const struct {
	const char *name;
	const char *src;
	size_t n;
	const char *want;
} escapes[] = {
	{"plain text", "eth0 web-1", -1, "eth0 web-1"},
	{"empty", "", -1, ""},
	{"no bytes", "abc", 0, ""},
	{"first bytes only", "abcdef", 3, "abc"},
	{"letters of other scripts", "Zürich Жук 世界 🐧", -1, "Zürich Жук 世界 🐧"},
	{"largest code point", "\xf4\x8f\xbf\xbf", -1, "\xf4\x8f\xbf\xbf"},
	{"escape", "\x1b[31m", -1, "\\x1b[31m"},
	{"NUL inside", "a\0b", 3, "a\\x00b"},
	{"newline, tab, CR", "a\n\t\r", -1, "a\\x0a\\x09\\x0d"},
	{"last of C0", "\x1f ", -1, "\\x1f "},
	{"DEL", "~\x7f", -1, "~\\x7f"},
	{"backslash", "C:\\x1b", -1, "C:\\\\x1b"},
	{"first of C1", "\xc2\x80", -1, "\\u{0080}"},
	{"CSI of C1", "\xc2\x9b", -1, "\\u{009b}"},
	{"behind C1", "\xc2\xa0", -1, "\xc2\xa0"},
	{"soft hyphen", "\xc2\xad", -1, "\\u{00ad}"},
	{"bidi override", "\u202e", -1, "\\u{202e}"},
	{"first bidi embedding", "\u202a", -1, "\\u{202a}"},
	{"bidi isolates", "\u2066\u2069", -1, "\\u{2066}\\u{2069}"},
	{"bidi marks", "\u200e\u200f\u061c", -1, "\\u{200e}\\u{200f}\\u{061c}"},
	{"zero width", "\u200b\u200c\u200d\u2060\ufeff", -1,
	 "\\u{200b}\\u{200c}\\u{200d}\\u{2060}\\u{feff}"},
	{"line separators", "\u2028\u2029", -1, "\\u{2028}\\u{2029}"},
	{"around them", "\u200a\u2010\u2027\u202f\u205f\u2070", -1,
	 "\u200a\u2010\u2027\u202f\u205f\u2070"},
	{"variation selector", "\u2764\ufe0f", -1, "\u2764\\u{fe0f}"},
	{"tag", "\U000e0041", -1, "\\u{e0041}"},
	{"Hangul filler", "\u3164", -1, "\\u{3164}"},
	{"lone continuation", "a\x80", -1, "a\\x80"},
	{"C1 as a byte", "\x9b", -1, "\\x9b"},
	{"cut off", "a\xe2\x82", -1, "a\\xe2\\x82"},
	{"cut off by n", "\u20ac", 2, "\\xe2\\x82"},
	{"lead without continuation", "\xc3z", -1, "\\xc3z"},
	{"overlong slash, two bytes", "\xc0\xaf", -1, "\\xc0\\xaf"},
	{"overlong slash, three bytes", "\xe0\x80\xaf", -1, "\\xe0\\x80\\xaf"},
	{"overlong slash, four bytes", "\xf0\x80\x80\xaf", -1, "\\xf0\\x80\\x80\\xaf"},
	{"largest overlong", "\xe0\x9f\xbf", -1, "\\xe0\\x9f\\xbf"},
	{"first surrogate", "\xed\xa0\x80", -1, "\\xed\\xa0\\x80"},
	{"last surrogate", "\xed\xbf\xbf", -1, "\\xed\\xbf\\xbf"},
	{"before the surrogates", "\xed\x9f\xbb", -1, "\\u{d7fb}"},
	{"above U+10FFFF", "\xf4\x90\x80\x80", -1, "\\xf4\\x90\\x80\\x80"},
	{"impossible bytes", "\xf8\xfe\xff", -1, "\\xf8\\xfe\\xff"},
	{"two marks", "e\u0301\u0302x", -1, "e\u0301\u0302x"},
	{"three marks", "e\u0301\u0302\u0303x", -1, "e\u0301\u0302\\u{0303}x"},
	{"marks again on the next", "e\u0301\u0302o\u0301\u0302", -1, "e\u0301\u0302o\u0301\u0302"},
	{"mark at the start", "\u0301a", -1, "\\u{0301}a"},
	{"mark on an escape", "\x1b\u0301", -1, "\\x1b\\u{0301}"},
};

static void test_escape(void)
{
	char buf[128];

	for (size_t i = 0; i < ARRAY_SIZE(escapes); i++) {
		size_t len = text_escape(buf, sizeof(buf), escapes[i].src, escapes[i].n);

		is_str(buf, escapes[i].want, "escape: %s", escapes[i].name);
		is_int(len, strlen(escapes[i].want), "escape: %s, length", escapes[i].name);
	}
}

/* No byte string may leave anything behind that a terminal could act on. */
static void test_escape_all_bytes(void)
{
	char src[256], buf[2048];
	size_t n_bad = 0, len;

	for (size_t i = 0; i < sizeof(src); i++)
		src[i] = (char)i;
	len = text_escape(buf, sizeof(buf), src, sizeof(src));
	for (size_t i = 0; i < len; i++)
		n_bad += (unsigned char)buf[i] < 0x20 || (unsigned char)buf[i] >= 0x7f;
	is_int(n_bad, 0, "all byte values: only printable ASCII is left");
	/* 33 controls and 128 invalid bytes of four, the backslash of two. */
	is_int(len, 33 * 4 + 128 * 4 + 2 + 94, "all byte values: length");
}

static const struct {
	size_t size;
	const char *src;
	const char *want;
} cuts[] = {
	{1, "abc", ""},        {3, "abc", "ab"},       {4, "abc", "abc"},
	{3, "a\u20ac", "a"},   {4, "a\u20ac", "a"},    {5, "a\u20ac", "a\u20ac"},
	{5, "a\x1b", "a"},     {6, "a\x1b", "a\\x1b"}, {2, "\\", ""},
	{3, "\\", "\\\\"},     {9, "a\u202e", "a"},    {10, "a\u202e", "a\\u{202e}"},
	{4, "a\x1b\x62", "a"}, /* the b would fit, but not behind what is missing */
};

static void test_escape_cut(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cuts); i++) {
		char buf[16];
		size_t len;

		memset(buf, '#', sizeof(buf));
		len = text_escape(buf, cuts[i].size, cuts[i].src, (size_t)-1);
		is_str(buf, cuts[i].want, "cut %zu: text", i);
		is_int(len, strlen(cuts[i].want), "cut %zu: length", i);
		is_int(buf[cuts[i].size], '#', "cut %zu: nothing behind the buffer", i);
	}
	is_int(text_escape(NULL, 0, "abc", (size_t)-1), 0, "no buffer at all");
}

static void test_clean(void)
{
	static const char once[] = "a\\x1b\\x1b\\x0a\\u{202e}";
	char buf[64], again[64];

	text_clean(buf, sizeof(buf), "a\\x1b\x1b\n\u202e", (size_t)-1);
	is_str(buf, once, "clean: backslashes stay single");
	text_clean(again, sizeof(again), buf, (size_t)-1);
	is_str(again, once, "clean: a second time changes nothing");
}

static const struct {
	const char *text;
	size_t want;
} widths[] = {
	{"", 0},
	{"eth0", 4},
	{"\u00fc\u0416", 2},
	{"\u4e16\u754c", 4},
	{"\uff21", 2},
	{"\uff61", 1},
	{"\uac00\ud55c", 4},
	{"\U0001f427", 2},
	{"\u2026", 1},
	{"\u2580\u2588\u28ff", 3}, /* blocks and Braille, as in graphs */
	{"e\u0301\u0302", 1},
	{"\u0e01\u0e34", 1},
	{"\U00020000", 2},
	{"\u10ff\u1100", 3},
	{"a\x80z", 3},
};

static void test_width(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(widths); i++)
		is_int(text_width(widths[i].text), widths[i].want, "width %zu: %s", i,
		       widths[i].text);
}

static const struct {
	const char *text;
	size_t size, width;
	bool ascii;
	const char *want;
	size_t columns;
} elisions[] = {
	{"eth0", 64, 4, false, "eth0", 4},
	{"eth0", 64, 80, false, "eth0", 4},
	{"", 64, 4, false, "", 0},
	{"eth0", 64, 0, false, "", 0},
	{"", 64, 0, false, "", 0},
	{"eth0", 64, 1, false, "\u2026", 1},
	{"eth0", 64, 1, true, "~", 1},
	{"eth0", 64, 2, true, "e~", 2},
	{"eth0", 64, 3, true, "e~0", 3},
	{"abcdefghij", 64, 6, false, "abc\u2026ij", 6},
	{"abcdefghij", 64, 7, false, "abc\u2026hij", 7},
	{"abcdefghij", 64, 9, true, "abcd~ghij", 9},
	/* A wide character is never split. */
	{"\u4e16\u754c\u4e16\u754c", 64, 7, false, "\u4e16\u2026\u754c", 5},
	{"\u4e16\u754c\u4e16\u754c", 64, 8, false, "\u4e16\u754c\u4e16\u754c", 8},
	{"\u4e16\u754c", 64, 2, true, "~", 1},
	/* Marks stay with their character. */
	{"a\u0301bcde\u0301", 64, 3, true, "a\u0301~e\u0301", 3},
	{"abcd\u0301e", 64, 3, true, "a~e", 3},
	/* Small buffers. */
	{"abcdef", 4, 6, false, "abc", 3},
	{"a\u20ac", 3, 6, false, "a", 1},
	{"abcdef", 3, 3, false, "a", 1},
	{"abcdef", 1, 3, false, "", 0},
};

static void test_elide(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(elisions); i++) {
		char buf[64];
		size_t columns = text_elide(buf, elisions[i].size, elisions[i].text,
					    elisions[i].width, elisions[i].ascii);

		is_str(buf, elisions[i].want, "elide %zu: text", i);
		is_int(columns, elisions[i].columns, "elide %zu: columns", i);
	}
	is_int(text_elide(NULL, 0, "abc", 2, false), 0, "elide: no buffer at all");
}

static void test_line(void)
{
	static const struct {
		const char *text;
		size_t width, want;
	} lines[] = {
		{"", 5, 0},
		{"abc", 5, 3},
		{"abcde", 5, 5},
		{"abcdef", 5, 5},
		{"ab cd", 5, 5},
		{"ab cde", 5, 2},
		{"ab cd ef", 5, 5},
		{"a  b cd", 5, 1},
		{"ab   cd", 5, 2},
		{" abcdef", 5, 5},
		{"abc", 0, 1},
		{"\u00fc\u00fc\u00fc", 2, 4},
		{"\u4e2d\u4e2d", 3, 3},
		{"\u4e2d\u4e2d", 1, 3},
		{"a\u0301bc", 2, 4},
	};
	char text[2 * TEXT_LINE_MAX + 1];

	for (size_t i = 0; i < ARRAY_SIZE(lines); i++)
		is_int((int)text_line(lines[i].text, lines[i].width), (int)lines[i].want,
		       "line %zu", i);
	memset(text, 'a', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	is_int((int)text_line(text, sizeof(text)), TEXT_LINE_MAX, "a line has an end");
}

static void test_encode(void)
{
	static const struct {
		uint32_t c;
		const char *want;
	} characters[] = {
		{'a', "a"},
		{0x7f, "\x7f"},
		{0x80, "\xc2\x80"},
		{0xfc, "\xc3\xbc"},
		{0x7ff, "\xdf\xbf"},
		{0x800, "\xe0\xa0\x80"},
		{0x20ac, "\xe2\x82\xac"},
		{0xffff, "\xef\xbf\xbf"},
		{0x10000, "\xf0\x90\x80\x80"},
		{0x10ffff, "\xf4\x8f\xbf\xbf"},
	};

	for (size_t i = 0; i < ARRAY_SIZE(characters); i++) {
		char bytes[TEXT_CHARACTER_MAX + 1] = "";
		size_t n = text_encode(bytes, characters[i].c);

		is_str(bytes, characters[i].want, "encode U+%04X", (unsigned int)characters[i].c);
		is_int((int)n, (int)strlen(characters[i].want), "encode U+%04X: bytes",
		       (unsigned int)characters[i].c);
	}
}

int main(void)
{
	/* Whatever the locale: all runs see the C locale first and UTF-8 then, where there is one.
	 */
	test_escape();
	test_width();
	setlocale(LC_ALL, "C.UTF-8");
	test_escape();
	test_width();
	test_escape_all_bytes();
	test_escape_cut();
	test_clean();
	test_elide();
	test_line();
	test_encode();
	return tap_done();
}
