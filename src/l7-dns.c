/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads messages of DNS. Names are unpacked by the C library, which has done so for long. */
#include "config.h"

#include "l7-dns.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <resolv.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#undef MIN /* <resolv.h> has plain ones */
#undef MAX

#include "l7-dns-data.h"
#include "macro.h"

#define HEADER_SIZE 12
#define STEPS_MAX 255 /* labels of a name (RFC 1035, 2.3.4), and pointers between them */

/* A place in a message. failed: something was not whole, and nothing was read since. */
struct cursor {
	const uint8_t *begin, *at, *end;
	bool failed;
};

static bool has(struct cursor *cursor, size_t n)
{
	if ((size_t)(cursor->end - cursor->at) < n)
		cursor->failed = true;
	return !cursor->failed;
}

static uint32_t get(struct cursor *cursor, size_t n)
{
	uint32_t value = 0;

	if (!has(cursor, n))
		return 0;
	for (size_t i = 0; i < n; i++)
		value = value << 8 | cursor->at[i];
	cursor->at += n;
	return value;
}

/* False of a chain of pointers that was made to cost time: the C library follows it to its end. */
static bool has_few_steps(const struct cursor *cursor)
{
	const uint8_t *at = cursor->at;

	for (int n = 0; n < STEPS_MAX; n++) {
		if (cursor->end - at < 2 || !*at)
			return true;
		at = *at < 0xc0 ? at + 1 + MIN(*at, cursor->end - at - 1)
				: cursor->begin + ((*at & 0x3f) << 8 | at[1]);
	}
	return false;
}

static void get_name(struct cursor *cursor, char name[DNS_NAME_SIZE])
{
	int n = -1;

	if (!cursor->failed && has_few_steps(cursor))
		n = dn_expand(cursor->begin, cursor->end, cursor->at, name, DNS_NAME_SIZE);
	if (n < 0) {
		cursor->failed = true;
		*name = '\0';
		return;
	}
	cursor->at += n;
	if (!*name)
		(void)strcpy(name, ".");
}

static void skip_name(struct cursor *cursor)
{
	int n = cursor->failed ? -1 : dn_skipname(cursor->at, cursor->end);

	cursor->failed = n < 0;
	if (n > 0)
		cursor->at += n;
}

/* Texts */

/* What is being written in the text of a message; over: it did not fit. */
struct writer {
	struct dns_message *message;
	size_t begin;
	bool over;
};

ATTR_PRINTF(2, 3) static void put(struct writer *writer, const char *format, ...)
{
	struct dns_message *message = writer->message;
	size_t room = sizeof(message->text) - message->n_text;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(message->text + message->n_text, room, format, args);
	va_end(args);
	if (n < 0 || (size_t)n >= room)
		writer->over = true;
	else
		message->n_text += (size_t)n;
}

/* Ends the text: what did not fit is not there at all. */
static const char *end_text(struct writer *writer)
{
	struct dns_message *message = writer->message;

	if (writer->over || message->n_text + 1 >= sizeof(message->text)) {
		message->n_text = writer->begin;
		return "";
	}
	message->text[message->n_text++] = '\0';
	return message->text + writer->begin;
}

/* One at a time where there are many: printf() would cost more than all else. */
static void put_char(struct writer *writer, char c)
{
	struct dns_message *message = writer->message;

	if (message->n_text + 1 >= sizeof(message->text))
		writer->over = true;
	else
		message->text[message->n_text++] = c;
}

static void put_octets(struct writer *writer, const uint8_t *octets, size_t n)
{
	static const char digits[] = "0123456789ABCDEF";

	for (size_t i = 0; i < n && !writer->over; i++) {
		put_char(writer, digits[octets[i] >> 4]);
		put_char(writer, digits[octets[i] & 15]);
	}
}

/* A character string, in quotes (RFC 1035, 5.1). */
static void put_string(struct writer *writer, const uint8_t *octets, size_t n)
{
	put_char(writer, '"');
	for (size_t i = 0; i < n && !writer->over; i++) {
		bool plain = octets[i] >= 0x20 && octets[i] < 0x7f;

		if (!plain || octets[i] == '"' || octets[i] == '\\')
			put_char(writer, '\\');
		if (plain) {
			put_char(writer, (char)octets[i]);
			continue;
		}
		put_char(writer, (char)('0' + octets[i] / 100));
		put_char(writer, (char)('0' + octets[i] / 10 % 10));
		put_char(writer, (char)('0' + octets[i] % 10));
	}
	put_char(writer, '"');
}

static void put_addr(struct writer *writer, struct cursor *data, int family, size_t n)
{
	char text[INET6_ADDRSTRLEN];

	if (!has(data, n))
		return;
	put(writer, "%s", inet_ntop(family, data->at, text, sizeof(text)));
	data->at += n;
}

static void put_field(struct writer *writer, struct cursor *data, char what)
{
	char name[DNS_NAME_SIZE];
	size_t n = (size_t)(data->end - data->at);

	switch (what) {
	case '1':
	case '2':
	case '4':
		put(writer, "%u", get(data, (size_t)(what - '0')));
		return;
	case 'a':
		put_addr(writer, data, AF_INET, 4);
		return;
	case 'A':
		put_addr(writer, data, AF_INET6, 16);
		return;
	case 'n':
		get_name(data, name);
		put(writer, "%s", name);
		return;
	case 's':
		n = get(data, 1);
		if (!has(data, n))
			return;
		put_string(writer, data->at, n);
		break;
	case 'r':
		put_string(writer, data->at, n);
		break;
	case 'x':
		put_octets(writer, data->at, n);
		break;
	}
	data->at += n;
}

/*
 * By the format of the type: 1, 2, 4 a number of so many octets, a and A an address, n a name, s a
 * string (* : and as many more as there are), r the rest as a string, x the rest as octets. False
 * where the data is not of that format.
 */
static bool put_format(struct writer *writer, struct cursor *data, const char *format)
{
	for (const char *p = format; *p && !data->failed; p++) {
		const char *separator = p == format ? "" : " ";

		if (*p != '*') {
			put(writer, "%s", separator);
			put_field(writer, data, *p);
			continue;
		}
		while (data->at < data->end && !data->failed) {
			put(writer, " ");
			put_field(writer, data, p[-1]);
		}
	}
	return !data->failed && data->at == data->end;
}

static const char *put_data(struct dns_message *message, struct cursor data,
			    const struct dns_answer *answer)
{
	const struct dns_type_info *type = dns_type_find(answer->type);
	struct writer writer = {.message = message, .begin = message->n_text};
	const uint8_t *octets = data.at;
	size_t n = (size_t)(data.end - data.at);

	if (type && type->format && answer->class == DNS_CLASS_IN) {
		if (put_format(&writer, &data, type->format))
			return end_text(&writer);
		message->n_text = writer.begin;
	}
	put(&writer, "\\# %zu%s", n, n ? " " : ""); /* RFC 3597, 5 */
	put_octets(&writer, octets, n);
	return end_text(&writer);
}

static const char *put_name(struct dns_message *message, const char *name)
{
	struct writer writer = {.message = message, .begin = message->n_text};

	if (strcmp(name, message->name) == 0) /* as nearly always */
		return message->name;
	put(&writer, "%s", name);
	return end_text(&writer);
}

/* Records */

/* Reads a record; of the answers it is kept, and of the rest what belongs to the header. */
static void read_record(struct cursor *cursor, struct dns_message *message, bool keep)
{
	char name[DNS_NAME_SIZE];
	struct dns_answer answer = {0}, *place;
	bool has_room = message->n_answers < DNS_ANSWERS_MAX;
	struct cursor data;
	size_t size;

	if (keep && has_room)
		get_name(cursor, name);
	else
		skip_name(cursor);
	answer.type = (uint16_t)get(cursor, 2);
	answer.class = (uint16_t)get(cursor, 2);
	answer.ttl = get(cursor, 4);
	size = get(cursor, 2);
	if (!has(cursor, size))
		return;
	data = (struct cursor){.begin = cursor->begin, .at = cursor->at, .end = cursor->at + size};
	cursor->at += size;
	if (!keep) {
		if (answer.type == DNS_TYPE_OPT)
			message->code |= (uint16_t)(answer.ttl >> 24 << 4);
		return;
	}
	if (!has_room) {
		message->n_more++;
		return;
	}
	if (answer.class == DNS_CLASS_IN && ((answer.type == DNS_TYPE_A && size == 4) ||
					     (answer.type == DNS_TYPE_AAAA && size == 16)))
		memcpy(answer.addr, data.at, size);
	place = &message->answers[message->n_answers++];
	*place = answer;
	place->name = put_name(message, name);
	place->data = put_data(message, data, place);
}

int dns_parse(const uint8_t *octets, size_t size, struct dns_message *ret_message)
{
	struct cursor cursor = {.begin = octets, .at = octets, .end = octets + size};
	struct dns_message *message = ret_message;
	uint32_t n_questions, n_answers, n_others, word;
	char name[DNS_NAME_SIZE];

	if (size < HEADER_SIZE)
		return -EBADMSG;
	message->id = (uint16_t)get(&cursor, 2);
	word = get(&cursor, 2);
	message->response = word >> 15;
	message->opcode = word >> 11 & 15;
	message->flags = word & 0x07b0;
	message->code = word & 15;
	n_questions = get(&cursor, 2);
	n_answers = get(&cursor, 2);
	n_others = get(&cursor, 2);
	n_others += get(&cursor, 2);
	message->n_answers = message->n_more = message->n_text = 0;
	message->type = message->class = 0;
	*message->name = '\0';
	/* what is asked has a question; many of them in one message nobody understands (RFC 9619)
	 */
	if (word & 0x40 || n_questions > 1 || (!n_questions && !message->response))
		return -EBADMSG;
	if (n_questions) {
		get_name(&cursor, name);
		message->type = (uint16_t)get(&cursor, 2);
		message->class = (uint16_t)get(&cursor, 2);
		if (cursor.failed)
			return -EBADMSG;
		(void)strcpy(message->name, name);
	}
	for (uint32_t i = 0; i < n_answers + n_others && !cursor.failed; i++)
		read_record(&cursor, message, i < n_answers);
	message->bad = cursor.failed;
	return 0;
}
