/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The filter language: one text chooses flows for the table, reports, recordings and thresholds.
 *
 * A filter is judged flow by flow, each direction apart; who shows rows of several flows makes them
 * from those that pass, see snapshot.h. A test of something that a flow does not have (a port of
 * ICMP, an address left open) fails; != and !~ are the opposites of = and ~, so they hold then.
 * The manual, section FILTER LANGUAGE, has the grammar.
 */
#ifndef FILTER_H
#define FILTER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct filter;
struct flow;
struct flow_table;
struct ledger;

/* Limits of a text; errors name them. */
#define FILTER_LENGTH_MAX 1024 /* bytes */
#define FILTER_DEPTH_MAX 32    /* parentheses and nots within each other */
#define FILTER_TESTS_MAX 128
#define FILTER_VALUES_MAX 256 /* of all tests together */
#define FILTER_REGEX_MAX 8
#define FILTER_REGEX_LENGTH_MAX 256

/* Buffer for the names of all fields. */
#define FILTER_NAMES_MAX 768

struct filter_error {
	unsigned int column; /* where, in characters from 1 */
	bool unfinished;     /* it is at the end, and more text may make it right */
	bool no_field;       /* a word is not the name of a field, see filter_field_names() */
	char text[320];      /* what is wrong and what is allowed */
};

/*
 * Reads a filter. A text of blanks gives NULL: everything passes. -EINVAL with *ret_error filled,
 * or -ENOMEM.
 */
int filter_parse(const char *text, struct filter **ret_filter, struct filter_error *ret_error);
void filter_free(struct filter *filter);
/* Without blanks at its ends. */
const char *filter_text(const struct filter *filter);
/* True when the text has to be in parentheses before more can be added with "and". */
bool filter_is_loose(const struct filter *filter);
/*
 * True when the text ends in a search for a word that more letters would make a field: while
 * somebody types, it is not yet meant as it stands.
 */
bool filter_is_begun(const struct filter *filter);

/* Before flows of this table are judged, and again after every tick: names and rates change. */
void filter_begin(struct filter *filter, const struct flow_table *table,
		  const struct ledger *ledger);
/*
 * From now on bps and pps are means: counts divided by this time, as in the report of a whole run.
 * 0, as at first: rates of the last interval.
 */
void filter_set_span(struct filter *filter, double seconds);
bool filter_match(const struct filter *filter, const struct flow *flow);

/* What the flows that pass add up to, by direction. */
struct filter_sum {
	uint32_t n_flows;
	uint64_t packets[2], bytes[2]; /* enum direction */
	double pps[2], bps[2];         /* last interval */
};
void filter_sum(struct filter *filter, const struct flow_table *table, const struct ledger *ledger,
		struct filter_sum *ret_sum);

/* Puts a text into quotes, in which it stands for itself. Returns the length, as snprintf(). */
int filter_quote(char *buf, size_t size, const char *text);

/* A field by its place in the order of the manual. */
struct filter_help {
	const char *name;
	const char *takes; /* what kind of value */
	const char *help;
};
extern const size_t filter_n_fields;
void filter_field_help(size_t index, struct filter_help *ret_help);
/* "host src dst ...": all of them. */
void filter_field_names(char *buf, size_t size);

/*
 * Calls each() with every word that may stand at the end of text, in place of what has been typed
 * of it: names, words between tests, or values. Returns where that word begins, in bytes.
 */
size_t filter_complete(const char *text, const struct ledger *ledger,
		       void (*each)(void *data, const char *word), void *data);

#endif
