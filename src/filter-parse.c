/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a filter by recursive descent: or, and, not, then single tests (filter-test.c). */
#include "config.h"

#include "filter-parse.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"

DEFINE_CLEANUP(struct filter *, filter_free);

int filter_refuse(struct filter_reader *reader, const struct token *token, const char *format, ...)
{
	va_list args;

	reader->error->column = token->column;
	reader->error->unfinished =
		token->end == reader->length &&
		(token->type == TOKEN_END || token->type == TOKEN_WORD || token->type == TOKEN_BAD);
	va_start(args, format);
	(void)vsnprintf(reader->error->text, sizeof(reader->error->text), format, args);
	va_end(args);
	return -EINVAL;
}

int filter_refuse_token(struct filter_parser *parser, const char *wanted)
{
	const struct token *token = parser->reader.token;

	if (token->type == TOKEN_BAD)
		return filter_refuse(&parser->reader, token, "%s", token->text);
	if (token->type == TOKEN_END)
		return filter_refuse(&parser->reader, token, "expected %s", wanted);
	return filter_refuse(&parser->reader, token, "expected %s, found \"%.40s\"", wanted,
			     token->text);
}

static int parse_or(struct filter_parser *parser, uint16_t *ret_node);

static int parse_group(struct filter_parser *parser, uint16_t *ret_node)
{
	int r;

	parser->reader.token++;
	r = parse_or(parser, ret_node);
	if (r < 0)
		return r;
	if (parser->reader.token->type != TOKEN_CLOSE)
		return filter_refuse_token(parser, "and, or, or \")\"");
	parser->reader.token++;
	parser->reader.carried = NULL;
	return 0;
}

/* One test, or one group. */
static int parse_primary(struct filter_parser *parser, uint16_t *ret_node)
{
	struct filter_reader *reader = &parser->reader;
	const struct token *token = reader->token;
	int r;

	if (token->type == TOKEN_QUOTED || (token->type == TOKEN_WORD && !filter_is_and(token) &&
					    !filter_is_or(token) && !filter_is_not(token)))
		return filter_test_parse(parser, ret_node);
	if (token->type != TOKEN_OPEN && !filter_is_not(token))
		return filter_refuse_token(parser, "a test, such as port 443");
	if (reader->depth == FILTER_DEPTH_MAX)
		return filter_refuse(reader, token,
				     "more than %d parentheses and nots within each other",
				     FILTER_DEPTH_MAX);
	reader->depth++;
	if (token->type == TOKEN_OPEN) {
		r = parse_group(parser, ret_node);
	} else {
		reader->token++;
		r = parse_primary(parser, ret_node);
		if (r == 0)
			r = filter_node_add(parser, NODE_NOT, *ret_node, ret_node);
	}
	reader->depth--;
	return r;
}

/* A chain of primaries or of and-chains. */
static int parse_chain(struct filter_parser *parser, enum node_type type,
		       int (*part)(struct filter_parser *parser, uint16_t *ret_node),
		       bool (*is_link)(const struct token *token), uint16_t *ret_node)
{
	uint16_t first, last, node;
	int r = part(parser, &first);

	last = first;
	if (r < 0 || !is_link(parser->reader.token)) {
		*ret_node = first;
		return r;
	}
	while (r == 0 && is_link(parser->reader.token)) {
		parser->reader.token++;
		r = part(parser, &node);
		if (r == 0)
			parser->tree.nodes[last].next = node;
		last = node;
	}
	if (type == NODE_OR && !parser->reader.depth)
		parser->reader.filter->loose = true;
	return r < 0 ? r : filter_node_add(parser, type, first, ret_node);
}

static int parse_and(struct filter_parser *parser, uint16_t *ret_node)
{
	return parse_chain(parser, NODE_AND, parse_primary, filter_is_and, ret_node);
}

static int parse_or(struct filter_parser *parser, uint16_t *ret_node)
{
	return parse_chain(parser, NODE_OR, parse_and, filter_is_or, ret_node);
}

static int parse_all(struct filter_parser *parser)
{
	struct filter *filter = parser->reader.filter;
	uint16_t root = 0;
	int r = parse_or(parser, &root);

	if (r < 0)
		return r;
	if (parser->reader.token->type == TOKEN_CLOSE)
		return filter_refuse(&parser->reader, parser->reader.token, "\")\" closes nothing");
	if (parser->reader.token->type != TOKEN_END)
		return filter_refuse_token(parser, "and, or, or the end");
	if (filter->n_iface_tests) {
		filter->ifaces = calloc(filter->n_iface_tests, sizeof(*filter->ifaces));
		if (!filter->ifaces)
			return -ENOMEM;
	}
	if (filter->n_memos) {
		filter->memos = calloc(filter->n_memos * FILTER_MEMO_SIZE, sizeof(*filter->memos));
		if (!filter->memos)
			return -ENOMEM;
	}
	filter->entry = filter_order(filter, &parser->tree, root);
	return 0;
}

int filter_parse(const char *text, struct filter **ret_filter, struct filter_error *ret_error)
{
	cleanup(filter_freep) struct filter *filter = NULL;
	cleanup(freep) struct filter_parser *parser = NULL;
	const struct token *first;
	int r;

	*ret_error = (struct filter_error){.column = 0};
	if (strlen(text) > FILTER_LENGTH_MAX) {
		ret_error->column = FILTER_LENGTH_MAX + 1;
		(void)snprintf(ret_error->text, sizeof(ret_error->text),
			       "a filter is longer than %d bytes", FILTER_LENGTH_MAX);
		return -EINVAL;
	}
	parser = calloc(1, sizeof(*parser));
	filter = calloc(1, sizeof(*filter));
	if (!parser || !filter)
		return -ENOMEM;
	filter_lex(text, parser->tokens, filter->chars);
	parser->reader = (struct filter_reader){.filter = filter,
						.error = ret_error,
						.token = parser->tokens,
						.length = strlen(text)};
	if (parser->tokens[0].type == TOKEN_END) {
		*ret_filter = NULL;
		return 0;
	}
	r = parse_all(parser);
	if (r < 0)
		return r;
	first = &parser->tokens[0];
	filter->text = strndup(text + first->offset, parser->reader.token[-1].end - first->offset);
	if (!filter->text)
		return -ENOMEM;
	*ret_filter = take_ptr(filter);
	return 0;
}

void filter_free(struct filter *filter)
{
	if (!filter)
		return;
	for (size_t i = 0; i < filter->n_regexes; i++)
		regfree(&filter->regexes[i]);
	free(filter->ifaces);
	free(filter->memos);
	free(filter->text);
	free(filter);
}

const char *filter_text(const struct filter *filter)
{
	return filter->text;
}

bool filter_is_loose(const struct filter *filter)
{
	return filter->loose;
}

bool filter_is_begun(const struct filter *filter)
{
	return filter->begun;
}
