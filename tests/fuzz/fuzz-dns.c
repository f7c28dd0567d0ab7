/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Any octets as a message of DNS: texts end, are printable, and lie where they may. */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "fuzz.h"
#include "l7-dns.h"

static struct dns_message message;

static void check_printable(const char *text)
{
	for (; *text; text++)
		if (*text < 0x20 || *text > 0x7e)
			abort();
}

static void check_text(const char *text)
{
	bool inside = text >= message.text && text < message.text + sizeof(message.text);

	if (*text && !inside && text != message.name)
		abort();
	check_printable(text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char word[DNS_WORD_SIZE];

	if (dns_parse(data, size, &message) < 0)
		return 0;
	if (message.n_answers > DNS_ANSWERS_MAX || strlen(message.name) >= DNS_NAME_SIZE)
		abort();
	check_text(message.name);
	check_printable(dns_type_name(word, message.type));
	check_printable(dns_class_name(word, message.class));
	check_printable(dns_code_name(word, message.code));
	check_printable(dns_opcode_name(word, message.opcode));
	for (size_t i = 0; i < message.n_answers; i++) {
		check_text(message.answers[i].name);
		check_text(message.answers[i].data);
	}
	return 0;
}
