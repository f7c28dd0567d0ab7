/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Cuts the text of a filter into words. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "filter-data.h"

struct lexer {
	const char *p;
	const char *counted; /* up to here column counts */
	unsigned int column;
	char *chars;
};

static const struct {
	const char *sign; /* longer ones first */
	enum token_type type;
	const char *text; /* of the token, where the sign has several spellings */
} signs[] = {
	{"!~*", TOKEN_OPERATOR, "!~*"}, {"~*", TOKEN_OPERATOR, "~*"}, {"=~", TOKEN_OPERATOR, "~"},
	{"!~", TOKEN_OPERATOR, "!~"},   {"==", TOKEN_OPERATOR, "="},  {"!=", TOKEN_OPERATOR, "!="},
	{"<=", TOKEN_OPERATOR, "<="},   {">=", TOKEN_OPERATOR, ">="}, {"&&", TOKEN_AND, "&&"},
	{"||", TOKEN_OR, "||"},         {"=", TOKEN_OPERATOR, "="},   {"<", TOKEN_OPERATOR, "<"},
	{">", TOKEN_OPERATOR, ">"},     {"~", TOKEN_OPERATOR, "~"},   {"!", TOKEN_NOT, "!"},
	{"(", TOKEN_OPEN, "("},         {")", TOKEN_CLOSE, ")"},      {",", TOKEN_COMMA, ","},
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\n';
}

/* What a word is made of; bytes of UTF-8 beyond ASCII are. */
static bool is_word(char c)
{
	unsigned char byte = (unsigned char)c;

	return byte > ' ' && byte != 0x7f && !strchr("()=!<>~,\"'&|", c);
}

/* Columns are characters: bytes that continue one do not count. */
static unsigned int column_of(struct lexer *lexer, const char *p)
{
	for (; lexer->counted < p; lexer->counted++)
		lexer->column += ((unsigned char)*lexer->counted & 0xc0) != 0x80;
	return lexer->column;
}

static void put(struct lexer *lexer, char c)
{
	*lexer->chars++ = c;
}

/* Behind the opening quote. A backslash makes a quote or a backslash a plain character. */
static bool lex_quoted(struct lexer *lexer, char quote)
{
	for (; *lexer->p && *lexer->p != quote; lexer->p++) {
		bool escapes = lexer->p[0] == '\\' && (lexer->p[1] == quote || lexer->p[1] == '\\');

		lexer->p += escapes;
		put(lexer, *lexer->p);
	}
	put(lexer, '\0');
	if (!*lexer->p)
		return false;
	lexer->p++;
	return true;
}

static void lex_word(struct lexer *lexer)
{
	while (is_word(*lexer->p))
		put(lexer, *lexer->p++);
	put(lexer, '\0');
}

static bool lex_sign(struct lexer *lexer, struct token *token)
{
	for (size_t i = 0; i < ARRAY_SIZE(signs); i++) {
		size_t n = strlen(signs[i].sign);

		if (strncmp(lexer->p, signs[i].sign, n) != 0)
			continue;
		lexer->p += n;
		token->type = signs[i].type;
		token->text = signs[i].text;
		return true;
	}
	return false;
}

static void lex_one(struct lexer *lexer, struct token *token)
{
	char c = *lexer->p;

	token->text = lexer->chars;
	if (!c) {
		token->type = TOKEN_END;
		token->text = "";
	} else if (c == '"' || c == '\'') {
		lexer->p++;
		token->type = TOKEN_QUOTED;
		if (!lex_quoted(lexer, c)) {
			token->type = TOKEN_BAD;
			token->text = "a quoted text has no end";
		}
	} else if (is_word(c)) {
		token->type = TOKEN_WORD;
		lex_word(lexer);
	} else if (!lex_sign(lexer, token)) {
		token->type = TOKEN_BAD;
		token->text = c == '&'   ? "\"&\" is no sign; and is \"and\" or \"&&\""
			      : c == '|' ? "\"|\" is no sign; or is \"or\" or \"||\""
					 : "a control character has no meaning here";
		lexer->p++;
	}
}

void filter_lex(const char *text, struct token *ret_tokens, char *chars)
{
	struct lexer lexer = {.p = text, .counted = text, .column = 1, .chars = chars};
	struct token *token = ret_tokens;

	do {
		while (is_blank(*lexer.p))
			lexer.p++;
		token->column = column_of(&lexer, lexer.p);
		token->offset = (unsigned int)(lexer.p - text);
		lex_one(&lexer, token);
		token->end = (unsigned int)(lexer.p - text);
	} while (token->type != TOKEN_BAD && token++->type != TOKEN_END);
}

bool filter_is_word(const struct token *token, const char *word)
{
	return token->type == TOKEN_WORD && strcasecmp(token->text, word) == 0;
}

bool filter_is_and(const struct token *token)
{
	return token->type == TOKEN_AND || filter_is_word(token, "and");
}

bool filter_is_or(const struct token *token)
{
	return token->type == TOKEN_OR || filter_is_word(token, "or");
}

bool filter_is_not(const struct token *token)
{
	return token->type == TOKEN_NOT || filter_is_word(token, "not");
}
