/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a single test of a filter: of a field, by a word, or a search. */
#include "config.h"

#include "filter-parse.h"

#include <netdb.h>
#include <string.h>

#include "flow-place.h"

static bool is_value(const struct token *token)
{
	return token->type == TOKEN_WORD || token->type == TOKEN_QUOTED;
}

/* ---- the tree ---- */

int filter_node_add(struct filter_parser *parser, enum node_type type, uint16_t first,
		    uint16_t *ret_node)
{
	struct filter_tree *tree = &parser->tree;

	if (tree->n == NODES_MAX)
		return filter_refuse(&parser->reader, parser->reader.token,
				     "more than %d tests and words between them", NODES_MAX);
	tree->nodes[tree->n] = (struct filter_node){.type = type, .first = first, .next = NO_NODE};
	*ret_node = tree->n++;
	return 0;
}

static bool takes_texts(enum filter_op op)
{
	return op == TEST_IFACE || op == TEST_PROTO || op == TEST_CHOICE || op == TEST_ADDR_TEXT ||
	       op == TEST_OWNER || op == TEST_NAME || op == TEST_PLACE;
}

/* A test, of which the caller fills what belongs to its kind; its values follow. */
static int add_test(struct filter_parser *parser, enum filter_op op, uint16_t *ret_node,
		    struct filter_test **ret_test)
{
	struct filter *filter = parser->reader.filter;
	struct filter_test *test = &filter->tests[filter->n_tests];
	int r;

	if (filter->n_tests == FILTER_TESTS_MAX)
		return filter_refuse(&parser->reader, parser->reader.token,
				     "more than %d tests; a bare word is several",
				     FILTER_TESTS_MAX);
	r = filter_node_add(parser, NODE_TEST, NO_NODE, ret_node);
	if (r < 0)
		return r;
	parser->tree.nodes[*ret_node].test = filter->n_tests++;
	*test = (struct filter_test){.op = op};
	if (op == TEST_ADDR)
		test->first = filter->n_prefixes;
	else if (takes_texts(op))
		test->first = filter->n_texts;
	else
		test->first = filter->n_ranges;
	if (op == TEST_IFACE)
		test->bits = filter->n_iface_tests++;
	if (op == TEST_OWNER || op == TEST_PLACE)
		test->memo = filter->n_memos++;
	*ret_test = test;
	return 0;
}

/* Both, or either: a chain of two. */
static int join(struct filter_parser *parser, enum node_type type, uint16_t a, uint16_t *b)
{
	parser->tree.nodes[a].next = *b;
	return filter_node_add(parser, type, a, b);
}

static int negate(struct filter_parser *parser, uint16_t *node)
{
	return filter_node_add(parser, NODE_NOT, *node, node);
}

static int add_direction(struct filter_parser *parser, uint8_t directions, uint16_t *node)
{
	struct filter_test *test;
	uint16_t direction;
	int r = add_test(parser, TEST_DIRECTION, &direction, &test);

	if (r < 0)
		return r;
	test->mask = directions;
	return join(parser, NODE_AND, direction, node);
}

/* ---- tests of fields ---- */

static const enum filter_op kind_ops[KIND_MAX] = {
	[KIND_ADDR] = TEST_ADDR,        [KIND_PORT] = TEST_PORT,
	[KIND_PROTO] = TEST_PROTO,      [KIND_DIRECTION] = TEST_DIRECTION,
	[KIND_FLAGS] = TEST_FLAGS,      [KIND_IFACE] = TEST_IFACE,
	[KIND_ID] = TEST_NUMBER,        [KIND_COUNT] = TEST_NUMBER,
	[KIND_SIZE] = TEST_NUMBER,      [KIND_BIT_RATE] = TEST_NUMBER,
	[KIND_TIME] = TEST_NUMBER,      [KIND_PACKET_RATE] = TEST_NUMBER,
	[KIND_OWNER] = TEST_OWNER,      [KIND_NAME] = TEST_NAME,
	[KIND_COUNTRY] = TEST_PLACE,    [KIND_ASN] = TEST_ASN,
	[KIND_AS_ORG] = TEST_PLACE,     [KIND_L7] = TEST_CHOICE,
	[KIND_L7_SOURCE] = TEST_CHOICE,
};

static int read_one(struct filter_parser *parser, const struct filter_field *field,
		    struct filter_test *test)
{
	struct filter_reader *reader = &parser->reader;
	const struct token *value = reader->token;

	if (!is_value(value))
		return filter_refuse_token(parser, filter_kind_wants[field->kind]);
	reader->token++;
	if (field->kind == KIND_FLAGS)
		return filter_value_flags(reader, value, test);
	return filter_value_read(reader, field, value, test);
}

/* "80, 443" */
static int read_list(struct filter_parser *parser, const struct filter_field *field,
		     struct filter_test *test)
{
	int r = read_one(parser, field, test);

	while (r == 0 && parser->reader.token->type == TOKEN_COMMA) {
		parser->reader.token++;
		r = read_one(parser, field, test);
	}
	return r;
}

/* Behind "in": "(80, 443)". */
static int read_set(struct filter_parser *parser, const struct filter_field *field,
		    struct filter_test *test)
{
	int r;

	if (parser->reader.token->type != TOKEN_OPEN)
		return filter_refuse_token(parser, "\"(\"");
	parser->reader.token++;
	r = read_list(parser, field, test);
	if (r < 0)
		return r;
	if (parser->reader.token->type != TOKEN_CLOSE)
		return filter_refuse_token(parser, "a comma or \")\"");
	parser->reader.token++;
	return 0;
}

static int read_regex(struct filter_parser *parser, const struct filter_field *field,
		      const struct token *operator, struct filter_test * test)
{
	struct filter_reader *reader = &parser->reader;
	const struct token *value = reader->token;
	int r;

	if (!takes_texts(test->op))
		return filter_refuse(
			reader, operator, "%s is no text: %s does not go with it, and it takes %s",
			field->names[0], operator->text, filter_kind_wants[field->kind]);
	if (!is_value(value))
		return filter_refuse_token(parser, "a regular expression, in quotes where it has "
						   "blanks or parentheses");
	reader->token++;
	r = filter_value_regex(reader, value, operator->text[strlen(operator->text) - 1] == '*',
			       test);
	if (r == 0 && field->kind == KIND_PROTO)
		filter_text_protos(reader->filter, test);
	if (r == 0 && test->op == TEST_CHOICE)
		filter_text_choices(reader->filter, test);
	return r;
}

static int read_operator(struct filter_parser *parser, const struct filter_field *field,
			 const struct token *operator, struct filter_test * test)
{
	struct filter_reader *reader = &parser->reader;
	const char *sign = operator->text;
	const struct token *value = reader->token;

	if (strchr(sign, '~'))
		return read_regex(parser, field, operator, test);
	test->exact = true;
	if (strcmp(sign, "=") == 0 || strcmp(sign, "!=") == 0)
		return read_list(parser, field, test);
	if (test->op != TEST_NUMBER && test->op != TEST_PORT && test->op != TEST_ASN)
		return filter_refuse(reader, operator, "%s is no number: %s does not go with it",
				     field->names[0], sign);
	if (!is_value(value))
		return filter_refuse_token(parser, filter_kind_wants[field->kind]);
	reader->token++;
	return filter_value_compare(reader, field, sign, value, test);
}

/* "in (" or "not in (", but for "dir in". */
static bool is_set(const struct filter_field *field, const struct token *token)
{
	if (filter_is_not(token))
		token++;
	return filter_is_word(token, "in") && field->kind != KIND_FLAGS &&
	       (field->kind != KIND_DIRECTION || token[1].type == TOKEN_OPEN);
}

/* What follows the name of a field: an operator with a value, a set, or a value alone. */
static int parse_test(struct filter_parser *parser, const struct filter_field *field,
		      uint16_t *ret_node)
{
	struct filter_reader *reader = &parser->reader;
	const struct token *first = reader->token;
	struct filter_test *test;
	bool opposite = false;
	int r;

	reader->carried = NULL;
	if (filter_field_off(field))
		return filter_refuse(reader, first - 1, "%s cannot be tested: %s", field->names[0],
				     filter_field_off(field));
	r = add_test(parser, kind_ops[field->kind], ret_node, &test);
	if (r < 0)
		return r;
	test->ends = field->ends;
	test->get = field->get;
	test->choices = &filter_choices[field->kind];
	if (field->kind == KIND_OWNER) {
		test->bits = field->texts;
		test->mask = !field->texts;
	}
	if (test->op == TEST_PLACE)
		test->bits = field->kind == KIND_COUNTRY ? PLACE_COUNTRY : PLACE_AS_ORG;
	if (first->type == TOKEN_OPERATOR) {
		reader->token++;
		opposite = first->text[0] == '!';
		r = read_operator(parser, field, first, test);
	} else if (is_set(field, first)) {
		opposite = filter_is_not(first);
		reader->token += 1 + opposite;
		r = read_set(parser, field, test);
	} else {
		if (field->kind == KIND_FLAGS && filter_is_word(first, "has"))
			reader->token++;
		else
			reader->carried = field;
		r = read_list(parser, field, test);
	}
	if (r == 0 && field->directions)
		r = add_direction(parser, field->directions, ret_node);
	return r == 0 && opposite ? negate(parser, ret_node) : r;
}

/* ---- words that are tests ---- */

static int parse_word_test(struct filter_parser *parser, const struct filter_word *word,
			   uint16_t *ret_node)
{
	struct filter_test *test;
	int r;

	if (word->proto >= 0) {
		r = add_test(parser, TEST_PROTO, ret_node, &test);
		if (r == 0)
			test->protos[word->proto / 64] |= 1ULL << word->proto % 64;
		return r;
	}
	r = add_test(parser, word->families ? TEST_FAMILY : TEST_DIRECTION, ret_node, &test);
	if (r == 0)
		test->mask = word->families ? word->families : word->directions;
	return r;
}

/* "dst port 53": the field of these ends and that kind. Moves on where the kind is named. */
static const struct filter_field *find_kind(struct filter_parser *parser,
					    const struct filter_field *field)
{
	const struct filter_field *other;

	if (field->kind != KIND_ADDR || parser->reader.token->type != TOKEN_WORD)
		return field;
	other = filter_field_find(parser->reader.token->text);
	/* host and port name a kind, and no end of their own */
	if (!other || other->ends != (END_SRC | END_DST) || field->ends == other->ends)
		return field;
	other = filter_field_of_ends(field->ends, other->kind);
	if (!other)
		return field;
	parser->reader.token++;
	return other;
}

/* The word is a service by name. */
static int add_service(struct filter_parser *parser, const struct token *word, uint16_t *node)
{
	const struct filter_field *port = filter_field_find("port");
	struct filter_test *test;
	uint16_t more;
	int r = add_test(parser, TEST_PORT, &more, &test);

	if (r < 0)
		return r;
	test->ends = port->ends;
	r = filter_value_read(&parser->reader, port, word, test);
	return r < 0 ? r : join(parser, NODE_OR, more, node);
}

/* What a word that is no test is looked for in, cheap ones first. */
static const struct search {
	enum filter_op op;
	uint8_t ends, mask;
	uint16_t bits;
} searches[] = {
	{.op = TEST_IFACE},
	{.op = TEST_PROTO},
	{.op = TEST_CHOICE},
	{.op = TEST_OWNER, .mask = true, .bits = UINT16_MAX},
	{.op = TEST_PLACE, .ends = END_SRC | END_DST, .bits = PLACE_COUNTRY | PLACE_AS_ORG},
	{.op = TEST_NAME, .ends = END_SRC | END_DST},
	{.op = TEST_ADDR_TEXT},
};

static int add_search(struct filter_parser *parser, const struct search *search,
		      const struct token *word, uint16_t *ret_node)
{
	struct filter_test *test;
	int r = add_test(parser, search->op, ret_node, &test);

	if (r == 0)
		r = filter_text_add(&parser->reader, word, TEXT_CONTAINS, test);
	if (r < 0)
		return r;
	test->ends = search->ends;
	test->mask = search->mask;
	if (search->bits)
		test->bits = search->bits;
	if (search->op == TEST_PROTO)
		filter_text_protos(parser->reader.filter, test);
	if (search->op == TEST_CHOICE) {
		test->choices = &filter_choices[KIND_L7];
		filter_text_choices(parser->reader.filter, test);
		test->protos[0] &= ~(1ULL << L7_NONE); /* "none" is no text of a flow */
	}
	return 0;
}

/* A word that is no test: any text of the flow contains it, in letters of either case. */
static int parse_search(struct filter_parser *parser, uint16_t *ret_node)
{
	const struct token *word = parser->reader.token++;
	int r = add_search(parser, &searches[0], word, ret_node);

	for (size_t i = 1; r == 0 && i < ARRAY_SIZE(searches); i++) {
		enum filter_op op = searches[i].op;
		uint16_t node;

		if ((op == TEST_PLACE && flow_place_off()) ||
		    (op == TEST_ADDR_TEXT && !filter_addr_text_possible(word->text)))
			continue;
		r = add_search(parser, &searches[i], word, &node);
		if (r == 0)
			r = join(parser, NODE_OR, node, ret_node);
	}
	if (r == 0 && getservbyname(word->text, NULL))
		r = add_service(parser, word, ret_node);
	return r;
}

/* A word that something follows was meant as the name of a field. */
static int refuse_unknown(struct filter_parser *parser, const struct token *word)
{
	char like[128];

	filter_field_suggest(like, sizeof(like), word->text);
	parser->reader.error->no_field = true;
	if (!*like && is_value(&word[1]))
		return filter_refuse(&parser->reader, word,
				     "\"%.40s\" is not a field; to search for two words, put and "
				     "between them",
				     word->text);
	return filter_refuse(&parser->reader, word, "\"%.40s\" is not a field%s%s%s", word->text,
			     *like ? "; did you mean " : "", like, *like ? "?" : "");
}

static bool is_test_begin(const struct token *token)
{
	return token->type == TOKEN_WORD && !filter_is_and(token) && !filter_is_or(token);
}

/* A value without field: that of the test before, or an address, or a search. */
static int parse_bare(struct filter_parser *parser, uint16_t *ret_node)
{
	struct filter_reader *reader = &parser->reader;
	const struct token *word = reader->token;
	const struct filter_field *field = reader->carried, *host = filter_field_find("host");

	if (word->type == TOKEN_QUOTED) {
		reader->carried = NULL;
		if (!*word->text)
			return filter_refuse(reader, word, "a search for nothing");
		return parse_search(parser, ret_node);
	}
	if (field && filter_value_fits(field, word->text))
		return parse_test(parser, field, ret_node);
	if (filter_value_fits(host, word->text))
		return parse_test(parser, host, ret_node);
	reader->carried = NULL;
	if (word[1].type == TOKEN_END)
		reader->filter->begun = filter_field_begins(word->text);
	if (word[1].type == TOKEN_OPERATOR || word[1].type == TOKEN_QUOTED ||
	    is_test_begin(&word[1]))
		return refuse_unknown(parser, word);
	return parse_search(parser, ret_node);
}

int filter_test_parse(struct filter_parser *parser, uint16_t *ret_node)
{
	struct filter_reader *reader = &parser->reader;
	const struct token *token = reader->token;
	const struct filter_field *field;
	const struct filter_word *word;
	uint16_t node;
	int r;

	if (token->type == TOKEN_QUOTED)
		return parse_bare(parser, ret_node);
	field = filter_field_find(token->text);
	word = filter_word_find(token->text);
	if (field) {
		reader->token++;
		return parse_test(parser, find_kind(parser, field), ret_node);
	}
	if (!word)
		return parse_bare(parser, ret_node);
	reader->token++;
	reader->carried = NULL;
	r = parse_word_test(parser, word, ret_node);
	/* "tcp port 80" */
	if (r < 0 || !is_test_begin(reader->token) ||
	    !(filter_field_find(reader->token->text) || filter_word_find(reader->token->text)))
		return r;
	node = *ret_node;
	r = filter_test_parse(parser, ret_node);
	return r < 0 ? r : join(parser, NODE_AND, node, ret_node);
}
