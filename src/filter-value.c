/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the values of a filter: addresses, numbers with units, flags, texts. */
#include "config.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <errno.h>
#include <math.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "filter-data.h"
#include "flow.h"
#include "parse.h"

static int too_many(struct filter_reader *reader, const struct token *token)
{
	return filter_refuse(reader, token, "more than %d values", FILTER_VALUES_MAX);
}

/* ---- numbers ---- */

static int read_port(const char *text, double *ret_value)
{
	const struct servent *service;
	uint64_t port;
	int r = parse_u64(text, 0, UINT16_MAX, &port);

	if (r < 0) {
		service = r == -EINVAL ? getservbyname(text, NULL) : NULL;
		if (!service)
			return -EINVAL;
		port = ntohs((uint16_t)service->s_port);
	}
	*ret_value = (double)port;
	return 0;
}

/* A packet rate without unit is a plain number; with one it is not a rate of bits. */
static int read_rate(enum filter_kind kind, const char *text, double *ret_value)
{
	enum parse_unit unit = PARSE_PPS;
	uint64_t value;
	int r = parse_size(text, &value);

	if (r < 0)
		r = parse_rate(text, &value, &unit);
	else if (kind == KIND_BIT_RATE)
		unit = PARSE_BPS;
	if (r < 0 || (unit == PARSE_PPS) != (kind == KIND_PACKET_RATE))
		return -EINVAL;
	*ret_value = (double)value;
	return 0;
}

/* "64496", "AS64496" */
static int read_asn(const char *text, uint64_t *ret_value)
{
	return parse_u64(text + 2 * (strncasecmp(text, "AS", 2) == 0), 0, UINT32_MAX, ret_value);
}

static int read_number(const struct filter_field *field, const char *text, double *ret_value)
{
	uint64_t value;
	int r;

	if (field->kind == KIND_PORT)
		return read_port(text, ret_value);
	if (field->kind == KIND_BIT_RATE || field->kind == KIND_PACKET_RATE)
		return read_rate(field->kind, text, ret_value);
	if (field->kind == KIND_TIME)
		r = parse_duration(text, &value);
	else if (field->kind == KIND_ASN)
		r = read_asn(text, &value);
	else if (field->kind == KIND_ID)
		r = parse_u64(text, 0, field->max, &value);
	else
		r = parse_size(text, &value);
	if (r == 0)
		*ret_value = (double)value;
	return r < 0 ? -EINVAL : 0;
}

/* The n bytes at text, which may be none where the range is open. */
static int read_bound(const struct filter_field *field, const char *text, size_t n, double none,
		      double *ret_value)
{
	char copy[64];

	if (n >= sizeof(copy))
		return -EINVAL;
	memcpy(copy, text, n);
	copy[n] = '\0';
	if (!n && isinf(none)) {
		*ret_value = none;
		return 0;
	}
	return read_number(field, copy, ret_value);
}

/* "5", "1-2", "1..2", "1..", "..2": where a dash may be part of a name, a name comes first. */
static int read_range(const struct filter_field *field, const char *text,
		      struct filter_range *ret_range)
{
	const char *dots = strstr(text, "..");
	struct filter_range range;

	if (read_number(field, text, &range.low) == 0) {
		*ret_range = (struct filter_range){range.low, range.low};
		return 0;
	}
	if (dots && (dots > text || dots[2])) {
		if (read_bound(field, text, (size_t)(dots - text), -INFINITY, &range.low) < 0 ||
		    read_bound(field, dots + 2, strlen(dots + 2), INFINITY, &range.high) < 0)
			return -EINVAL;
		*ret_range = range;
		return 0;
	}
	for (const char *dash = strchr(text, '-'); dash; dash = strchr(dash + 1, '-'))
		if (read_bound(field, text, (size_t)(dash - text), 0, &range.low) == 0 &&
		    read_bound(field, dash + 1, strlen(dash + 1), 0, &range.high) == 0) {
			*ret_range = range;
			return 0;
		}
	return -EINVAL;
}

static int add_range(struct filter_reader *reader, const struct token *token,
		     const struct filter_range *range, struct filter_test *test)
{
	struct filter *filter = reader->filter;

	if (filter->n_ranges == FILTER_VALUES_MAX)
		return too_many(reader, token);
	if (range->low > range->high)
		return filter_refuse(reader, token, "\"%.40s\" ends before it begins", token->text);
	filter->ranges[filter->n_ranges++] = *range;
	test->n++;
	return 0;
}

/* ---- addresses ---- */

static int read_prefix(const char *text, struct filter_prefix *ret_prefix)
{
	const char *slash = strchr(text, '/');
	size_t n = slash ? (size_t)(slash - text) : strlen(text);
	bool v6 = memchr(text, ':', n);
	uint64_t max = v6 ? 128 : 32, length = max;
	struct filter_prefix prefix = {.family = v6 ? FAMILY_IPV6 : FAMILY_IPV4};
	char addr[INET6_ADDRSTRLEN];
	uint8_t mask[16] = {0};

	if (n >= sizeof(addr) || (slash && parse_u64(slash + 1, 0, max, &length) < 0))
		return -EINVAL;
	memcpy(addr, text, n);
	addr[n] = '\0';
	if (inet_pton(v6 ? AF_INET6 : AF_INET, addr, prefix.addr) != 1)
		return -EINVAL;
	for (size_t i = 0; i < length; i++)
		mask[i / 8] |= (uint8_t)(0x80 >> i % 8);
	memcpy(prefix.mask, mask, sizeof(mask));
	for (size_t i = 0; i < ARRAY_SIZE(prefix.addr); i++)
		prefix.addr[i] &= prefix.mask[i];
	*ret_prefix = prefix;
	return 0;
}

static int add_prefix(struct filter_reader *reader, const struct token *token,
		      struct filter_test *test)
{
	struct filter *filter = reader->filter;
	struct filter_prefix prefix;

	if (read_prefix(token->text, &prefix) < 0)
		return -EINVAL;
	if (filter->n_prefixes == FILTER_VALUES_MAX)
		return too_many(reader, token);
	filter->prefixes[filter->n_prefixes++] = prefix;
	test->n++;
	return 0;
}

/* ---- protocols, directions, flags ---- */

static int add_proto(const char *text, struct filter_test *test)
{
	int proto = strcasecmp(text, "arp") == 0 ? PROTO_ARP : flow_proto_number(text);
	uint64_t number;

	if (proto < 0 && parse_u64(text, 0, UINT8_MAX, &number) == 0)
		proto = (int)number;
	if (proto < 0)
		return -EINVAL;
	test->protos[proto / 64] |= 1ULL << proto % 64;
	return 0;
}

static int add_direction(const char *text, struct filter_test *test)
{
	for (uint8_t d = 0; d < DIRECTION_MAX; d++)
		if (strcasecmp(text, flow_direction(d)) == 0) {
			test->mask |= (uint8_t)(1 << d);
			return 0;
		}
	return -EINVAL;
}

static int add_choice(const char *text, struct filter_test *test)
{
	for (unsigned int choice = 0; choice < test->choices->n; choice++)
		if (strcasecmp(text, test->choices->name(choice)) == 0) {
			test->protos[choice / 64] |= 1ULL << choice % 64;
			return 0;
		}
	return -EINVAL;
}

/* "SYN", as tcpdump has it also "tcp-syn". */
int filter_value_flags(struct filter_reader *reader, const struct token *value,
		       struct filter_test *test)
{
	const char *text = value->text;

	if (strncasecmp(text, "tcp-", 4) == 0)
		text += 4;
	for (unsigned int bit = 0; bit < 8; bit++)
		if (strcasecmp(text, flow_tcp_flag(bit)) == 0) {
			test->mask |= (uint8_t)(1 << bit);
			return 0;
		}
	if (strcasecmp(text, "none") == 0)
		return 0;
	return filter_refuse(reader, value, "\"%.40s\" is no TCP flag; flags takes %s", value->text,
			     filter_kind_wants[KIND_FLAGS]);
}

/* ---- texts ---- */

int filter_text_add(struct filter_reader *reader, const struct token *value,
		    enum filter_text_kind kind, struct filter_test *test)
{
	struct filter *filter = reader->filter;

	if (filter->n_texts == FILTER_VALUES_MAX)
		return too_many(reader, value);
	if ((kind == TEXT_EQUAL || kind == TEXT_SAME) && value->type == TOKEN_WORD &&
	    strpbrk(value->text, "*?"))
		kind = kind == TEXT_SAME ? TEXT_SAME_PATTERN : TEXT_PATTERN;
	filter->texts[filter->n_texts++] = (struct filter_text){.kind = kind, .text = value->text};
	test->n++;
	return 0;
}

/*
 * True where the C library would take very long or very much memory: it writes repetitions out, and
 * tries all ways to fulfil a back-reference.
 */
static bool is_costly(const char *regex)
{
	unsigned long product = 1;

	for (; *regex; regex++) {
		if (regex[0] == '\\' && regex[1]) {
			if (*++regex >= '1' && *regex <= '9')
				return true;
			continue;
		}
		if (*regex != '{')
			continue;
		for (; *regex && *regex != '}'; regex++)
			if (*regex >= '0' && *regex <= '9') {
				unsigned long n = 0;

				for (; *regex >= '0' && *regex <= '9'; regex++)
					n = MIN(n * 10 + (unsigned long)(*regex - '0'), 1000ul);
				product *= MAX(n, 1ul);
				if (product > 255)
					return true;
				regex--;
			}
		if (!*regex)
			break;
	}
	return false;
}

int filter_value_regex(struct filter_reader *reader, const struct token *value, bool ignore_case,
		       struct filter_test *test)
{
	struct filter *filter = reader->filter;
	regex_t *regex = &filter->regexes[filter->n_regexes];
	char why[128];
	int r;

	if (strlen(value->text) > FILTER_REGEX_LENGTH_MAX)
		return filter_refuse(reader, value, "a regular expression is longer than %d bytes",
				     FILTER_REGEX_LENGTH_MAX);
	if (filter->n_regexes == FILTER_REGEX_MAX)
		return filter_refuse(reader, value, "more than %d regular expressions",
				     FILTER_REGEX_MAX);
	if (is_costly(value->text))
		return filter_refuse(reader, value,
				     "a regular expression has a back-reference or repeats more "
				     "than 255 times");
	r = regcomp(regex, value->text, REG_EXTENDED | REG_NOSUB | (ignore_case ? REG_ICASE : 0));
	if (r == REG_ESPACE)
		return -ENOMEM;
	if (r != 0) {
		(void)regerror(r, regex, why, sizeof(why));
		return filter_refuse(reader, value,
				     "\"%.40s\" is no extended regular expression: %s", value->text,
				     why);
	}
	filter->n_regexes++;
	r = filter_text_add(reader, value, TEXT_REGEX, test);
	if (r == 0)
		filter->texts[filter->n_texts - 1].regex = regex;
	return r;
}

/* A country that is not known is an empty text. */
static int add_place_text(struct filter_reader *reader, const struct filter_field *field,
			  const struct token *value, struct filter_test *test)
{
	struct filter *filter = reader->filter;
	size_t n = strlen(value->text);
	int r;

	if (field->kind == KIND_AS_ORG)
		return filter_text_add(reader, value, TEXT_EQUAL, test);
	if (strcasecmp(value->text, "none") != 0 && n != 2 && !strpbrk(value->text, "*?"))
		return -EINVAL;
	r = filter_text_add(reader, value, TEXT_SAME, test);
	if (r == 0 && strcasecmp(value->text, "none") == 0)
		filter->texts[filter->n_texts - 1].text = "";
	return r;
}

/* ---- all kinds ---- */

static int add_value(struct filter_reader *reader, const struct filter_field *field,
		     const struct token *value, struct filter_test *test)
{
	struct filter_range range;

	switch (test->op) {
	case TEST_ADDR:
		return add_prefix(reader, value, test);
	case TEST_PROTO:
		return add_proto(value->text, test);
	case TEST_DIRECTION:
		return add_direction(value->text, test);
	case TEST_CHOICE:
		return add_choice(value->text, test);
	case TEST_IFACE:
	case TEST_OWNER:
	case TEST_NAME:
		return filter_text_add(reader, value, TEXT_EQUAL, test);
	case TEST_PLACE:
		return add_place_text(reader, field, value, test);
	default:
		if (read_range(field, value->text, &range) < 0)
			return -EINVAL;
		return add_range(reader, value, &range, test);
	}
}

static int refuse_value(struct filter_reader *reader, const struct filter_field *field,
			const struct token *value)
{
	char limit[32] = "", other[64] = "";

	if (field->kind == KIND_ID)
		(void)snprintf(limit, sizeof(limit), " up to %llu", (unsigned long long)field->max);
	if (field->kind == KIND_ADDR && isalpha((unsigned char)value->text[0])) {
		const struct filter_field *name = filter_field_of_ends(field->ends, KIND_NAME);

		(void)snprintf(other, sizeof(other), "; for names the field is %s",
			       (name ? name : filter_field_find("name"))->names[0]);
	}
	return filter_refuse(reader, value, "%s takes %s%s, not \"%.40s\"%s", field->names[0],
			     filter_kind_wants[field->kind], limit, value->text, other);
}

int filter_value_read(struct filter_reader *reader, const struct filter_field *field,
		      const struct token *value, struct filter_test *test)
{
	int r = add_value(reader, field, value, test);

	if (r == -EINVAL && !reader->error->column)
		return refuse_value(reader, field, value);
	return r;
}

bool filter_value_fits(const struct filter_field *field, const char *word)
{
	struct filter_prefix prefix;
	struct filter_range range;

	if (field->kind == KIND_ADDR)
		return read_prefix(word, &prefix) == 0;
	return word[0] >= '0' && word[0] <= '9' && read_range(field, word, &range) == 0;
}

int filter_value_compare(struct filter_reader *reader, const struct filter_field *field,
			 const char *operator, const struct token * value, struct filter_test *test)
{
	struct filter_range range = {-INFINITY, INFINITY};
	bool with = operator[1] == '=';
	double bound;

	if (read_number(field, value->text, &bound) < 0)
		return refuse_value(reader, field, value);
	if (operator[0] == '<')
		range.high = with ? bound : nextafter(bound, -INFINITY);
	else
		range.low = with ? bound : nextafter(bound, INFINITY);
	return add_range(reader, value, &range, test);
}
