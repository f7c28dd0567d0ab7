/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Streams out of segments: what a receiver is told, word by word. */
#include "config.h"

#include <limits.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "flow.h"
#include "macro.h"
#include "stream.h"
#include "tap.h"

#define TOLD_MAX 4096

struct transcript {
	char text[TOLD_MAX];
	size_t n;
	int wanted; /* so many callbacks are answered with true */
};

ATTR_PRINTF(2, 3) static bool tell(struct transcript *told, const char *format, ...)
{
	va_list args;

	if (told->n)
		told->text[told->n++] = ' ';
	va_start(args, format);
	told->n +=
		(size_t)vsnprintf(told->text + told->n, sizeof(told->text) - told->n, format, args);
	va_end(args);
	if (told->n >= sizeof(told->text))
		abort();
	return told->wanted-- > 0;
}

static char letter(enum stream_side side)
{
	return side == STREAM_CLIENT ? 'c' : 's';
}

static bool on_open(void *data, struct stream *stream)
{
	stream->user = data;
	return tell(data, "open%s%s%s", stream->guessed ? "?" : "",
		    stream->joined[STREAM_CLIENT] ? " joined-c" : "",
		    stream->joined[STREAM_SERVER] ? " joined-s" : "");
}

static bool on_bytes(void *data, struct stream *stream, enum stream_side side, uint64_t time_ns,
		     const uint8_t *bytes, size_t n)
{
	if (stream->user != data || stream->key.dport != 8080 || !n || !time_ns)
		abort();
	return tell(data, "%c:%.*s", letter(side), (int)n, (const char *)bytes);
}

static bool on_gap(void *data, struct stream *stream ATTR_UNUSED, enum stream_side side,
		   uint64_t time_ns ATTR_UNUSED, uint32_t n)
{
	return tell(data, "%c-gap:%u", letter(side), n);
}

static bool on_end(void *data, struct stream *stream ATTR_UNUSED, enum stream_side side,
		   uint64_t time_ns ATTR_UNUSED)
{
	return tell(data, "%c-end", letter(side));
}

static void on_close(void *data, struct stream *stream ATTR_UNUSED, enum stream_end end,
		     uint64_t time_ns ATTR_UNUSED)
{
	static const char *const ends[STREAM_END_MAX] = {"finished", "reset",    "replaced", "idle",
							 "evicted",  "unwanted", "stopped"};

	tell(data, "close:%s", ends[end]);
}

static struct stream_table *new_table(struct transcript *told, const struct stream_config *config)
{
	const struct stream_receiver receiver = {told, on_open, on_bytes, on_gap, on_end, on_close};
	struct stream_table *table;

	if (stream_table_new(config, &receiver, &table) < 0)
		abort();
	return table;
}

static uint8_t flag(char name)
{
	switch (name) {
	case 'S':
		return TH_SYN;
	case 'A':
		return TH_ACK;
	case 'F':
		return TH_FIN;
	case 'R':
		return TH_RST;
	default:
		abort();
	}
}

/*
 * A segment in words: the side that sends it, its sequence number from that of the SYN on, then
 * :DATA, /FLAGS (S, A, F, R), +OCTETS that are not passed, @MS when, %INTERFACE. A time alone is a
 * tick.
 */
static void put(struct stream_table *table, const char *word, uint32_t isn, uint16_t port,
		uint8_t family)
{
	struct sample_segment segment = {
		.key = {.src = {192, 0, 2, 1},
			.dst = {192, 0, 2, 2},
			.sport = port,
			.dport = 8080,
			.direction = DIRECTION_OUT,
			.family = family,
			.proto = IPPROTO_TCP},
		.time_ns = NSEC_PER_SEC,
	};
	char *end = (char *)word + 1;

	if (*word == '@') {
		stream_table_tick(table, NSEC_PER_SEC + strtoul(end, NULL, 10) * NSEC_PER_MSEC);
		return;
	}
	if (*word == 's')
		flow_key_reverse(&segment.key, &segment.key);
	segment.seq = isn + (uint32_t)strtoul(end, &end, 10);
	if (*end == ':') {
		segment.data = (const uint8_t *)++end;
		segment.size = (uint32_t)strcspn(end, "/+@%");
		end += segment.size;
	}
	if (*end == '/') {
		for (end++; *end && !strchr("+@%", *end); end++)
			segment.tcp_flags |= flag(*end);
	}
	segment.wire_size = segment.size;
	if (*end == '+')
		segment.wire_size += (uint32_t)strtoul(end + 1, &end, 10);
	if (*end == '@')
		segment.time_ns += strtoul(end + 1, &end, 10) * NSEC_PER_MSEC;
	if (*end == '%')
		segment.key.iface = (uint16_t)strtoul(end + 1, &end, 10);
	if (*end)
		abort();
	stream_table_segment(table, &segment);
}

static void put_all(struct stream_table *table, const char *words, uint32_t isn, uint16_t port,
		    uint8_t family)
{
	char copy[512], *save, *word;

	(void)snprintf(copy, sizeof(copy), "%s", words);
	for (word = strtok_r(copy, " ", &save); word; word = strtok_r(NULL, " ", &save))
		put(table, word, isn, port, family);
}

static const struct {
	const char *name;
	const char *segments;
	const char *told;
} cases[] = {
	{"a connection from its beginning to its end",
	 "c0/S s0/SA c1:ask/A s1:answer/A c4/FA s7/FA c5/A",
	 "open c:ask s:answer c-end s-end close:finished"},
	{"data with the FIN", "c0/S s0/SA c1:ask/FA s1:answer/F",
	 "open c:ask c-end s:answer s-end close:finished"},
	{"data with the SYN", "c0:fast/S c5:er/A", "open c:fast c:er close:stopped"},
	{"no data: nobody is told", "c0/S s0/RA", ""},
	{"the SYN-ACK comes first", "s0/SA s1:hello/A", "open s:hello close:stopped"},
	{"out of order", "c0/S c4:d c3:c c5:e c1:ab", "open c:ab c:c c:d c:e close:stopped"},
	{"each side by itself", "c0/S s0/SA c2:b s1:x c1:a", "open s:x c:a c:b close:stopped"},
	{"sent again", "c0/S c1:abc c1:abc c4:d c0/S", "open c:abc c:d close:stopped"},
	{"overlaps, as sent first", "c0/S c1:abc c2:XYde c1:QRST", "open c:abc c:de close:stopped"},
	{"overlaps of what is held", "c0/S c3:cde c4:DEF c3:CDE c1:ab",
	 "open c:ab c:cde c:F close:stopped"},
	{"all that is held was sent before", "c0/S c3:c c1:abcd", "open c:abcd close:stopped"},
	{"lost for good", "c0/S c1:a@10 c4:d@20 @1019 c5:e@1019 @1020 c2:bc@1030",
	 "open c:a c-gap:2 c:d c:e close:stopped"},
	{"two losses", "c0/S c2:b c4:d @1000", "open c-gap:1 c:b c-gap:1 c:d close:stopped"},
	{"what was cut off is lost at once when more comes", "c0/S c1:head+100 c105:next",
	 "open c:head c-gap:100 c:next close:stopped"},
	{"the parts of a super-frame have no gap", "c0/S c1:abc/F+6 c4:def/F+3 c7:ghi/F",
	 "open c:abc c:def c:ghi c-end close:stopped"},
	{"of the last part of a super-frame a rest is lost", "c0/S c1:abc/F+6 c4:def/F+3 @1000",
	 "open c:abc c:def c-gap:3 c-end close:stopped"},
	{"cut and lost together", "c0/S c1:a+2 c6:f @1000", "open c:a c-gap:4 c:f close:stopped"},
	{"cut behind a hole", "c0/S c2:b+2 c5:e c1:a", "open c:a c:b c-gap:2 c:e close:stopped"},
	{"nothing of a packet is passed", "c0/S c1+9 c10:x", "open c-gap:9 c:x close:stopped"},
	{"the FIN waits for what is before it", "c0/S c3:c/F c1:ab",
	 "open c:ab c:c c-end close:stopped"},
	{"after the FIN there is nothing", "c0/S c1:a/F c2:b", "open c:a c-end close:stopped"},
	{"late segments do not open it again", "c0/S c1:a/F s1:b/F c1:a/F s1:b",
	 "open c:a c-end s:b s-end close:finished"},
	{"a reset tells what is held", "c0/S c2:b s1/R", "open c-gap:1 c:b close:reset"},
	{"a reset from elsewhere is none", "c0/S c1:a c1879048192/R c2:b",
	 "open c:a c:b close:stopped"},
	{"joined in the middle, the server by its port", "s70:swer c9:ask",
	 "open? joined-s s:swer c:ask close:stopped"},
	{"the ends begin another connection", "c0/S c1:a c5000/S c5001:b",
	 "open c:a close:replaced open c:b close:stopped"},
	{"another after the end of one", "c0/S c1:a/R c5000/S c5001:b",
	 "open c:a close:reset open c:b close:stopped"},
	/* who captures forgets what is over, and then knows nothing of the next SYN */
	{"another after a reset, without its SYN", "c0/S c1:a c2/R c5001:b",
	 "open c:a close:reset open? joined-c c:b close:stopped"},
	{"another after both have ended, without its SYN", "c1:a/F s1:b/F c5001:c",
	 "open? joined-c c:a c-end s:b s-end close:finished open? joined-c c:c close:stopped"},
	{"what comes again behind the end", "c1:a s1:b/R c1:a s1:b s2:c",
	 "open? joined-c c:a s:b close:reset"},
	{"idle", "c0/S c1:a @9999 @10000", "open c:a close:idle"},
	{"the same packets on two interfaces", "c0/S%7 c0/S%8 c1:ab%7 c1:ab%8 c3:c/F%7 c3:c/F%8",
	 "open c:ab c:c c-end close:stopped"},
	{"a connection with the same ends elsewhere", "c0/S%7 c1:ab%7 c700/S%8 c701:xy%8 c3:c%7",
	 "open c:ab c:c close:stopped"},
	{"another interface goes on",
	 "c0/S%7 c1:ab%7 c3:c@900%8 c3:c@1001%8 c4:d@1002%7 c4:e@1002%8",
	 "open c:ab c:c c:e close:stopped"},
	{"a jump past half of all numbers", "c0/S c1:a c2415919106:z @1000",
	 "open c:a c-gap:2415919104 c:z close:stopped"},
};

/* The receiver wants no more after so many callbacks. */
static const struct {
	const char *name;
	const char *segments;
	int wanted;
	const char *told;
} unwanted[] = {
	{"not wanted from the beginning", "c0/S c1:a c2:b", 0, "open"},
	{"not wanted any more", "c0/S c1:a c2:b c3:c", 2, "open c:a c:b close:unwanted"},
	{"not wanted while more is held", "c0/S c2:b c3:c c1:a", 1, "open c:a close:unwanted"},
	{"not wanted, and then another",
	 "c0/S c1:a c2:b c3:c/R c3:c c5001:d", 2,
	 "open c:a c:b close:unwanted open? joined-c"},
	{"not wanted after a gap", "c0/S c2:b @1000 c3:c", 1, "open c-gap:1 close:unwanted"},
};

static void run(const char *name, const char *segments, int wanted, const char *want, uint32_t isn,
		uint8_t family)
{
	const struct stream_config config = {16, 64, 16, 10 * NSEC_PER_SEC};
	struct transcript told = {.wanted = wanted};
	struct stream_table *table = new_table(&told, &config);

	put_all(table, segments, isn, 40000, family);
	stream_table_free(table);
	is_str(told.text, want, "%s (from %#x)", name, isn);
}

static void test_cases(uint32_t isn, uint8_t family)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		run(cases[i].name, cases[i].segments, INT_MAX, cases[i].told, isn, family);
	for (size_t i = 0; i < ARRAY_SIZE(unwanted); i++)
		run(unwanted[i].name, unwanted[i].segments, unwanted[i].wanted, unwanted[i].told,
		    isn, family);
}

/* Segments past a hole: at most so many are held, by one and by all. */
static void test_bounds(void)
{
	const struct stream_config config = {16, 8, 5, NSEC_PER_SEC};
	struct transcript told = {.wanted = INT_MAX};
	struct stream_table *table = new_table(&told, &config);
	struct stream_counts counts;

	for (uint16_t port = 1; port <= 2; port++)
		put_all(table, "c0/S c4:x c6:x c8:x c10:x c12:x", 7, port, FAMILY_IPV4);
	stream_table_get_counts(table, &counts);
	is_int(counts.n_held, 8, "so many are held at most");
	is_u64(counts.no_room, 2, "the memory of all was full, for two");
	is_u64(counts.gaps, 2, "two gaps are lost");
	is_u64(counts.gap_octets, 4, "with so many octets");
	is_str(told.text, "open open c-gap:3 c:x c-gap:1 c:x", "as it was told");
	put(table, "c14:y", 7, 1, FAMILY_IPV4);
	stream_table_get_counts(table, &counts);
	is_int(counts.n_held, 8, "one in the place of another");
	is_u64(counts.no_room, 3, "the memory of the first was full");
	stream_table_free(table);
}

/* What no memory could hold is told after the gap, what does not fit a block as it was. */
static void test_large(uint32_t max_held, const char *want)
{
	const struct stream_config config = {4, max_held, max_held, NSEC_PER_SEC};
	struct transcript told = {.wanted = INT_MAX};
	struct stream_table *table = new_table(&told, &config);
	char word[3 + 3000 + 1] = "c2:", got[TOLD_MAX], *to = got;

	memset(word + 3, 'x', 2024);
	memset(word + 3 + 2024, 'y', 3000 - 2024);
	put(table, "c0/S", 7, 1, FAMILY_IPV4);
	put(table, word, 7, 1, FAMILY_IPV4);
	put(table, "c1:a", 7, 1, FAMILY_IPV4);
	for (const char *from = told.text; *from; from++) {
		if (to == got || to[-1] != *from)
			*to++ = *from;
	}
	*to = '\0';
	is_u64(told.n, max_held > 1 ? 3014 : 3015, "%u blocks: all of it is told", max_held);
	is_str(got, want, "%u blocks: what there is room for in its order", max_held);
	stream_table_free(table);
}

static void test_connections(void)
{
	const struct stream_config config = {4, 8, 8, NSEC_PER_SEC};
	struct transcript told = {.wanted = INT_MAX};
	struct stream_table *table = new_table(&told, &config);
	struct stream_counts counts;

	for (uint16_t port = 40001; port <= 40003; port++)
		put(table, "c1:a", 7, port, FAMILY_IPV4);
	for (uint16_t port = 50000; port < 50100; port++)
		put(table, "c0/S", 7, port, FAMILY_IPV4);
	stream_table_get_counts(table, &counts);
	is_int(counts.n_open, 3, "SYNs do not evict streams");
	is_u64(counts.evicted, 0, "none is evicted");
	put(table, "c2:b", 7, 40001, FAMILY_IPV4);
	for (uint16_t port = 40004; port <= 40005; port++)
		put(table, "c1:c", 7, port, FAMILY_IPV4);
	stream_table_get_counts(table, &counts);
	is_int(counts.n_open, 4, "there are as many as may be");
	is_u64(counts.evicted, 1, "one made room");
	is_u64(counts.opened, 5, "all were opened");
	is_u64(counts.joined, 5, "in the middle");
	put(table, "c2:d", 7, 40002, FAMILY_IPV4);
	is_str(told.text,
	       "open? joined-c c:a open? joined-c c:a open? joined-c c:a c:b open? joined-c c:c "
	       "close:evicted open? joined-c c:c close:evicted open? joined-c c:d",
	       "those that were silent for longest go");
	stream_table_free(table);
	is_str(told.text + told.n -
		       strlen("c:d close:stopped close:stopped close:stopped "
			      "close:stopped"),
	       "c:d close:stopped close:stopped close:stopped close:stopped", "all are closed");
}

static void test_counts(void)
{
	const struct stream_config config = {4, 8, 8, NSEC_PER_SEC};
	struct transcript told = {.wanted = INT_MAX};
	struct stream_table *table = new_table(&told, &config);
	struct stream_counts counts;

	put_all(table, "c0/S c1:a c1:a c1:a%9 c3:c%9 c9:x", 1, 9, FAMILY_IPV4);
	stream_table_get_counts(table, &counts);
	is_u64(counts.repeated, 1, "sent again");
	is_u64(counts.elsewhere, 2, "on another interface");
	is_u64(counts.joined, 0, "seen from the beginning");
	is_int(counts.n_held, 1, "held");
	stream_table_free(table);
}

int main(void)
{
	test_cases(1000, FAMILY_IPV4);
	test_cases(UINT32_MAX - 3, FAMILY_IPV6);
	test_cases(UINT32_MAX - 1, FAMILY_IPV4);
	test_bounds();
	test_large(2, "open c:a c:x c:y");
	test_large(1, "open c-gap:1 c:xy");
	test_connections();
	test_counts();
	return tap_done();
}
