/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the filter share: words of a text, fields, tests, the program. */
#ifndef FILTER_DATA_H
#define FILTER_DATA_H

#include <regex.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "filter.h"
#include "macro.h"
#include "sample.h"

/* ---- words ---- */

enum token_type {
	TOKEN_END,
	TOKEN_WORD,
	TOKEN_QUOTED,
	TOKEN_OPEN,
	TOKEN_CLOSE,
	TOKEN_COMMA,
	TOKEN_OPERATOR, /* = != < <= > >= ~ ~* !~ !~* */
	TOKEN_AND,      /* && */
	TOKEN_OR,       /* || */
	TOKEN_NOT,      /* ! */
	TOKEN_BAD,      /* text says what is wrong */
};

struct token {
	enum token_type type;
	unsigned int column;
	unsigned int offset; /* where it begins, and where it ends */
	unsigned int end;
	const char *text; /* without quotes and escapes */
};

/* Cuts text into words, the last one TOKEN_END; chars is where their texts are put. */
void filter_lex(const char *text, struct token *ret_tokens, char *chars);
bool filter_is_word(const struct token *token, const char *word);
/* By word or by sign. */
bool filter_is_and(const struct token *token);
bool filter_is_or(const struct token *token);
bool filter_is_not(const struct token *token);
/* Room that any text needs: a word for every byte, each with a NUL. */
#define FILTER_TOKENS_MAX (FILTER_LENGTH_MAX + 1)
#define FILTER_CHARS_MAX (2 * FILTER_LENGTH_MAX + 2)

/* ---- fields ---- */

enum filter_kind {
	KIND_ADDR,
	KIND_PORT,
	KIND_PROTO,
	KIND_DIRECTION,
	KIND_L7,
	KIND_L7_SOURCE,
	KIND_FLAGS,
	KIND_IFACE,
	KIND_ID,    /* a whole number */
	KIND_OWNER, /* texts of the owner */
	KIND_NAME,  /* of a host */
	KIND_COUNTRY,
	KIND_ASN,
	KIND_AS_ORG,
	KIND_COUNT,
	KIND_SIZE,
	KIND_BIT_RATE,
	KIND_PACKET_RATE,
	KIND_TIME,
	KIND_MAX
};

/* Which ends of a flow a test looks at. */
enum {
	END_SRC = 1 << 0,
	END_DST = 1 << 1,
	END_LOCAL = 1 << 2,
	END_REMOTE = 1 << 3,
};

#define FIELD_NAMES_MAX 4

struct filter_field {
	const char *names[FIELD_NAMES_MAX]; /* the first one is in help and manual */
	const char *help;
	enum filter_kind kind;
	uint8_t ends;       /* END_*, of addresses, ports, names and places */
	uint8_t directions; /* bits 1 << enum direction; 0: both have it */
	uint64_t max;       /* of KIND_ID */
	uint16_t texts;     /* of KIND_OWNER: bits 1 << enum owner_text, any of them; 0: the reason
			     * why there is none */
	double (*get)(const struct filter *filter, const struct flow *flow);
	const char *(*off)(void); /* why this run cannot test it; NULL: it can */
};

extern const struct filter_field filter_fields[];
/* NULL: not the name of one. */
const struct filter_field *filter_field_find(const char *name);
/* The field for the same ends and another kind: host and port, src and sport. */
const struct filter_field *filter_field_of_ends(uint8_t ends, enum filter_kind kind);
/* Why this run cannot test the field; NULL: it can. */
const char *filter_field_off(const struct filter_field *field);
/* "port, proto": names like this one, "" where there are none. */
void filter_field_suggest(char *buf, size_t size, const char *name);
/* A name, or a word that is a test, begins like this and goes on. */
bool filter_field_begins(const char *text);

/* Values of a kind that are a few names, of which a flow has one. */
struct filter_choices {
	unsigned int n; /* 0: values of this kind are something else */
	const char *(*name)(unsigned int choice);
	unsigned int (*get)(const struct flow *flow);
};
extern const struct filter_choices filter_choices[KIND_MAX];

/* What values of a kind are: "an address or a prefix, such as 10.0.0.0/8". */
extern const char *const filter_kind_wants[KIND_MAX];
extern const char *const filter_kind_names[KIND_MAX];

/* Words that are tests by themselves: tcp, ip6, inbound. */
struct filter_word {
	const char *name;
	uint8_t families;   /* bits 1 << enum family; 0: any */
	uint8_t directions; /* bits 1 << enum direction; 0: any */
	int16_t proto;      /* -1: any */
};
extern const struct filter_word filter_words[];
extern const size_t filter_n_words;
const struct filter_word *filter_word_find(const char *name);

/* ---- tests ---- */

enum filter_op {
	TEST_DIRECTION,
	TEST_FAMILY,
	TEST_PROTO,
	TEST_IFACE,
	TEST_CHOICE,
	TEST_PORT,
	TEST_FLAGS,
	TEST_ADDR,
	TEST_NUMBER,
	TEST_ADDR_TEXT,
	TEST_OWNER,
	TEST_NAME,
	TEST_ASN,
	TEST_PLACE, /* texts of a place */
	TEST_MAX
};

/* Both ends included. */
struct filter_range {
	double low, high;
};

/* In the order of the bytes of an address. */
struct filter_prefix {
	uint64_t addr[2], mask[2];
	uint8_t family;
};

enum filter_text_kind {
	TEXT_EQUAL,
	TEXT_SAME, /* in letters of either case */
	TEXT_PATTERN,
	TEXT_SAME_PATTERN,
	TEXT_REGEX,
	TEXT_CONTAINS,
};

/* A text or one of several. */
struct filter_text {
	enum filter_text_kind kind;
	const char *text;
	const regex_t *regex;
};

#define PROTO_WORDS 5 /* bits for 256 protocols and ARP */
#define PROTO_ARP 256
#define IFACE_WORDS (SAMPLE_IFACE_NONE / 64 + 1)

struct filter_test {
	enum filter_op op;
	uint8_t ends;      /* END_* */
	uint8_t mask;      /* directions, families, flags; TEST_OWNER: or why there is none */
	bool exact;        /* flags: these and no others */
	uint16_t yes, no;  /* the next test, or PASS, FAIL */
	uint16_t first, n; /* in ranges, prefixes or texts */
	uint16_t bits;     /* TEST_IFACE: which bits of slots are its own; TEST_OWNER, TEST_PLACE:
			    * texts */
	uint16_t memo;     /* TEST_OWNER, TEST_PLACE: which memory is its own */
	uint64_t protos[PROTO_WORDS]; /* TEST_PROTO, or the choices of TEST_CHOICE */
	const struct filter_choices *choices;
	double (*get)(const struct filter *filter, const struct flow *flow);
};

#define FILTER_PASS UINT16_MAX
#define FILTER_FAIL (UINT16_MAX - 1)

struct filter {
	char *text;
	bool loose, begun; /* see filter_is_loose(), filter_is_begun() */
	uint16_t entry;    /* the test to begin with */
	uint16_t n_tests, n_ranges, n_prefixes, n_texts, n_regexes, n_iface_tests, n_memos;
	uint64_t (*ifaces)[IFACE_WORDS]; /* slots whose names pass, per test of interfaces */
	struct filter_memo *memos;       /* FILTER_MEMO_SIZE of them per test that has one */
	/* Of the table that is judged. */
	const struct flow_table *table;
	const struct owner_table *owners; /* NULL: it has none */
	const struct geo *geo;            /* NULL: places are not known */
	uint64_t now_ns;
	double span_s; /* see filter_set_span() */

	struct filter_test tests[FILTER_TESTS_MAX];
	struct filter_range ranges[FILTER_VALUES_MAX];
	struct filter_prefix prefixes[FILTER_VALUES_MAX];
	struct filter_text texts[FILTER_VALUES_MAX];
	regex_t regexes[FILTER_REGEX_MAX];
	char chars[FILTER_CHARS_MAX];
};

/* Which ends a test means in this flow: END_SRC and END_DST. */
static inline uint8_t filter_ends(const struct filter_test *test, const struct flow_key *key)
{
	bool in = key->direction == DIRECTION_IN;
	uint8_t ends = test->ends & (END_SRC | END_DST);

	if (test->ends & END_LOCAL)
		ends |= in ? END_DST : END_SRC;
	if (test->ends & END_REMOTE)
		ends |= in ? END_SRC : END_DST;
	return ends;
}

/* Number in one of the ranges of the test. */
static inline bool filter_in_ranges(const struct filter *filter, const struct filter_test *test,
				    double value)
{
	const struct filter_range *range = &filter->ranges[test->first];

	for (const struct filter_range *end = range + test->n; range < end; range++)
		if (value >= range->low && value <= range->high)
			return true;
	return false;
}

/* ---- answers that are kept per test, by the number of an owner or of a place: there are few ----
 */

#define FILTER_MEMO_SIZE 256

struct filter_memo {
	uint32_t number; /* 0: free */
	bool passes;
};

/* Where the answer for a number is, or is to be put. */
static inline struct filter_memo *filter_memo(const struct filter *filter,
					      const struct filter_test *test, uint32_t number)
{
	return &filter->memos[test->memo * FILTER_MEMO_SIZE + number % FILTER_MEMO_SIZE];
}

/* ---- texts ---- */

/* True when one of the texts of the test is like this one. */
bool filter_text_match(const struct filter *filter, const struct filter_test *test,
		       const char *text);
/* Fills test->protos: those whose names pass the texts of the test. */
void filter_text_protos(const struct filter *filter, struct filter_test *test);
/* The same with the choices of the test. */
void filter_text_choices(const struct filter *filter, struct filter_test *test);
/* Any end of the flow, as it is shown, contains the word of the test. */
bool filter_addr_text_match(const struct filter *filter, const struct filter_test *test,
			    const struct flow *flow);
/* False where no address and no port can contain this text. */
bool filter_addr_text_possible(const char *word);

/* The name of one of the ends is like one of the texts of the test. */
bool filter_name_match(const struct filter *filter, const struct filter_test *test,
		       const struct flow *flow);

/* ---- owners ---- */

/* Not a number where there is none. */
double filter_owner_pid(const struct filter *filter, const struct flow *flow);
double filter_owner_uid(const struct filter *filter, const struct flow *flow);
bool filter_owner_match(const struct filter *filter, const struct filter_test *test,
			const struct flow *flow);

/* ---- places ---- */

enum { PLACE_COUNTRY = 1 << 0, PLACE_AS_ORG = 1 << 1 }; /* texts */

bool filter_asn_match(const struct filter *filter, const struct filter_test *test,
		      const struct flow *flow);
bool filter_place_match(const struct filter *filter, const struct filter_test *test,
			const struct flow *flow);

/* ---- reading ---- */

struct filter_reader {
	struct filter *filter;
	struct filter_error *error;
	const struct token *token; /* the next one */
	size_t length;             /* of the text */
	unsigned int depth;
	/* "port 80 or 443": the field that a value without one is for. NULL: none. */
	const struct filter_field *carried;
};

/* Fills the error. Returns -EINVAL. */
int filter_refuse(struct filter_reader *reader, const struct token *token, const char *format, ...)
	ATTR_PRINTF(3, 4);

/*
 * Values: each reads one for a test of this kind of field and adds it to the test. -EINVAL without
 * an error where it is none of that kind; filter_value_read() fills the error then.
 */
int filter_value_read(struct filter_reader *reader, const struct filter_field *field,
		      const struct token *value, struct filter_test *test);
/* True where the word is an address, a prefix or a number that the field takes. */
bool filter_value_fits(const struct filter_field *field, const char *word);
int filter_value_compare(struct filter_reader *reader, const struct filter_field *field,
			 const char *operator, const struct token * value,
			 struct filter_test *test);
int filter_value_regex(struct filter_reader *reader, const struct token *value, bool ignore_case,
		       struct filter_test *test);
int filter_value_flags(struct filter_reader *reader, const struct token *value,
		       struct filter_test *test);
int filter_text_add(struct filter_reader *reader, const struct token *value,
		    enum filter_text_kind kind, struct filter_test *test);

/* ---- the order of tests ---- */

enum node_type { NODE_TEST, NODE_AND, NODE_OR, NODE_NOT };

#define NODES_MAX (4 * FILTER_TESTS_MAX)
#define NO_NODE UINT16_MAX

struct filter_node {
	enum node_type type;
	uint16_t test;
	uint16_t first, next; /* child, sibling */
	uint32_t cost;
};

struct filter_tree {
	struct filter_node nodes[NODES_MAX];
	uint16_t n;
};

/* Gives the tests their order, the cheap ones of a chain first; returns the first one. */
uint16_t filter_order(struct filter *filter, struct filter_tree *tree, uint16_t root);

#endif
