/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds the words that may stand at the end of a filter that somebody types. */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "filter-data.h"
#include "flow.h"
#include "ledger.h"

struct completion {
	const char *word; /* what has been typed of it */
	size_t n_word;
	const struct ledger *ledger;
	void (*each)(void *data, const char *word);
	void *data;
};

static void offer(const struct completion *completion, const char *word)
{
	if (strncasecmp(word, completion->word, completion->n_word) == 0)
		completion->each(completion->data, word);
}

static void offer_protos(const struct completion *completion)
{
	struct flow_key key = {.family = FAMILY_ARP};
	char name[FLOW_TEXT_MAX];

	(void)flow_proto_name(name, sizeof(name), &key);
	offer(completion, name);
	key.family = FAMILY_NONE;
	for (unsigned int proto = 0; proto <= UINT8_MAX; proto++) {
		key.proto = (uint8_t)proto;
		(void)flow_proto_name(name, sizeof(name), &key);
		if (name[0] > '9') /* those without a name are numbers */
			offer(completion, name);
	}
}

static void offer_values(const struct completion *completion, enum filter_kind kind)
{
	size_t n = ledger_n_slots(completion->ledger);

	if (kind == KIND_PROTO)
		offer_protos(completion);
	for (unsigned int i = 0; i < filter_choices[kind].n; i++)
		offer(completion, filter_choices[kind].name(i));
	for (uint8_t d = 0; kind == KIND_DIRECTION && d < DIRECTION_MAX; d++)
		offer(completion, flow_direction(d));
	for (unsigned int bit = 0; kind == KIND_FLAGS && bit < 8; bit++)
		offer(completion, flow_tcp_flag(bit));
	for (size_t slot = 0; kind == KIND_IFACE && slot < n; slot++) {
		const struct sample_iface *iface =
			ledger_get_iface(completion->ledger, (uint16_t)slot);

		if (iface)
			offer(completion, iface->name);
	}
}

static void offer_names(const struct completion *completion)
{
	for (size_t i = 0; i < filter_n_fields; i++)
		if (!filter_field_off(&filter_fields[i]))
			offer(completion, filter_fields[i].names[0]);
	for (size_t i = 0; i < filter_n_words; i++)
		offer(completion, filter_words[i].name);
	offer(completion, "not");
}

/* What may come next, as far as it has been read. */
enum next {
	NEXT_TEST,
	NEXT_VALUE,
	NEXT_LINK, /* and, or */
	NEXT_MORE, /* a test or a link: behind "tcp" */
};

struct position {
	enum next next;
	const struct filter_field *field; /* of the values */
};

static bool is_any(const struct token *token, const char *a, const char *b)
{
	return token->type == TOKEN_WORD &&
	       (strcasecmp(token->text, a) == 0 || strcasecmp(token->text, b) == 0);
}

/* A word where a test may begin. */
static void step_test(struct position *position, const struct token *token)
{
	position->field = filter_field_find(token->text);
	if (position->field)
		position->next = NEXT_VALUE;
	else if (filter_word_find(token->text))
		position->next = NEXT_MORE;
	else if (strcasecmp(token->text, "not") != 0)
		position->next = NEXT_LINK;
}

static void step_value(struct position *position, const struct token *token)
{
	const struct filter_field *other = filter_field_find(token->text);

	if (token->type == TOKEN_OPERATOR || token->type == TOKEN_OPEN ||
	    is_any(token, "not", "has") ||
	    (is_any(token, "in", "in") && position->field->kind != KIND_DIRECTION))
		return;
	if (position->field->kind == KIND_ADDR && other && other->ends == (END_SRC | END_DST))
		other = filter_field_of_ends(position->field->ends, other->kind);
	else
		other = NULL;
	if (other)
		position->field = other;
	else
		position->next = NEXT_LINK;
}

static void step(struct position *position, const struct token *token)
{
	if (position->next == NEXT_VALUE)
		step_value(position, token);
	else if (token->type == TOKEN_COMMA && position->field)
		position->next = NEXT_VALUE;
	else if (token->type == TOKEN_AND || token->type == TOKEN_OR || is_any(token, "and", "or"))
		position->next = NEXT_TEST;
	else if (token->type == TOKEN_CLOSE || token->type == TOKEN_QUOTED)
		position->next = NEXT_LINK;
	else if (token->type == TOKEN_WORD)
		step_test(position, token);
}

size_t filter_complete(const char *text, const struct ledger *ledger,
		       void (*each)(void *data, const char *word), void *data)
{
	struct completion completion = {.ledger = ledger, .each = each, .data = data};
	struct position position = {.next = NEXT_TEST};
	struct token tokens[FILTER_TOKENS_MAX];
	char chars[FILTER_CHARS_MAX];
	size_t length = strlen(text), start = length;

	if (length > FILTER_LENGTH_MAX)
		return length;
	filter_lex(text, tokens, chars);
	for (const struct token *token = tokens; token->type != TOKEN_END; token++) {
		if (token->type == TOKEN_BAD)
			return length;
		if (token->type == TOKEN_WORD && token->end == length)
			start = token->offset;
		else
			step(&position, token);
	}
	completion.word = text + start;
	completion.n_word = length - start;
	if (position.next == NEXT_VALUE)
		offer_values(&completion, position.field->kind);
	if (position.next == NEXT_TEST || position.next == NEXT_MORE)
		offer_names(&completion);
	if (position.next == NEXT_LINK || position.next == NEXT_MORE) {
		offer(&completion, "and");
		offer(&completion, "or");
	}
	return start;
}
