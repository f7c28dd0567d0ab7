/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the two parts of the parser share: what joins tests, and the tests. */
#ifndef FILTER_PARSE_H
#define FILTER_PARSE_H

#include <stdint.h>

#include "filter-data.h"

/* What is needed while a text is read, and not after. */
struct filter_parser {
	struct filter_reader reader;
	struct filter_tree tree;
	struct token tokens[FILTER_TOKENS_MAX];
};

/* The next token is none of what is wanted. */
int filter_refuse_token(struct filter_parser *parser, const char *wanted);
int filter_node_add(struct filter_parser *parser, enum node_type type, uint16_t first,
		    uint16_t *ret_node);

/* One test, or several words that are tests in a row; the next token is a word or quoted. */
int filter_test_parse(struct filter_parser *parser, uint16_t *ret_node);

#endif
