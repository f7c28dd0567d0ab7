/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Messages of DNS: what is read of those that are whole, and of those that are not. */
#include "config.h"

#include "l7-dns.h"

#include <errno.h>

#include "macro.h"
#include "tap.h"

#define TEXT_MAX 4096
/* A text of octets, without the NUL that ends it. */
#define OCTETS(text) .octets = text, .size = sizeof(text) - 1

/* Flags, then the numbers of questions, answers, authorities and additional records. */
#define HEADER(flags, counts) "\x12\x34" flags counts
#define ONE_QUESTION "\0\1\0\0\0\0\0\0"
#define ANSWERS(n) "\0\1\0" n "\0\0\0\0"
#define WWW "\3www\7example\3com\0"
#define ASKED_A WWW "\0\1\0\1"
#define POINTER "\xc0\x0c"                                      /* to the name in the question */
#define RECORD(type, size) POINTER type "\0\1\0\0\1\x2c\0" size /* IN, 300 s */

static const struct {
	const char *name;
	const char *octets;
	size_t size;
	const char *want; /* NULL: none */
} cases[] = {
	{"a query", OCTETS(HEADER("\1\0", ONE_QUESTION) ASKED_A),
	 "query 4660 0100 QUERY www.example.com A IN"},
	{"an answer",
	 OCTETS(HEADER("\x81\x80", ANSWERS("\1")) ASKED_A RECORD("\0\1", "\4") "\xc0\0\2\7"),
	 "answer 4660 0180 QUERY www.example.com A IN NOERROR; www.example.com 300 A 192.0.2.7"},
	{"an alias and an address of IPv6",
	 OCTETS(HEADER("\x85\x80", ANSWERS("\2")) WWW "\0\x1c\0\1" RECORD(
		 "\0\5",
		 "\6") "\3cdn\xc0\x10"
		       "\xc0\x2d\0\x1c\0\1\0\0\0\x3c\0\x10\x20\1\xd\xb8\0\0\0\0\0\0\0\0\0\0\0\1"),
	 "answer 4660 0580 QUERY www.example.com AAAA IN NOERROR; "
	 "www.example.com 300 CNAME cdn.example.com; cdn.example.com 60 AAAA 2001:db8::1"},
	{"no such name", OCTETS(HEADER("\x81\x83", ONE_QUESTION) ASKED_A),
	 "answer 4660 0180 QUERY www.example.com A IN NXDOMAIN"},
	{"a truncated answer", OCTETS(HEADER("\x83\x80", ONE_QUESTION) ASKED_A),
	 "answer 4660 0380 QUERY www.example.com A IN NOERROR"},
	{"an answer without a question", OCTETS(HEADER("\x80\1", "\0\0\0\0\0\0\0\0")),
	 "answer 4660 0000 QUERY  TYPE0 CLASS0 FORMERR"},
	{"the upper bits of a code are in OPT",
	 OCTETS(HEADER("\x80\0", "\0\1\0\0\0\0\0\1") ASKED_A "\0\0\x29\4\xd0\1\0\0\0\0\0"),
	 "answer 4660 0000 QUERY www.example.com A IN BADVERS"},
	{"the root, of another class", OCTETS(HEADER("\0\0", ONE_QUESTION) "\0\0\2\0\3"),
	 "query 4660 0000 QUERY . NS CH"},
	{"numbers without a name", OCTETS(HEADER("\x10\0", ONE_QUESTION) "\1x\0\xff\0\0\x2a"),
	 "query 4660 0000 STATUS x TYPE65280 CLASS42"},
	{"texts",
	 OCTETS(HEADER("\x80\0", ANSWERS("\1"))
			ASKED_A RECORD("\0\x10", "\xb") "\3a\"\\\0\5\x1b[31m"),
	 "answer 4660 0000 QUERY www.example.com A IN NOERROR; "
	 "www.example.com 300 TXT \"a\\\"\\\\\" \"\" \"\\027[31m\""},
	{"names with anything in them",
	 OCTETS(HEADER("\0\0", ONE_QUESTION) "\5a.b c\2\x1b\xff\0\0\1\0\1"),
	 "query 4660 0000 QUERY a\\.b\\032c.\\027\\255 A IN"},
	{"a mail exchanger",
	 OCTETS(HEADER("\x80\0", ANSWERS("\1")) ASKED_A RECORD("\0\xf", "\4") "\0\xa\xc0\x10"),
	 "answer 4660 0000 QUERY www.example.com A IN NOERROR; "
	 "www.example.com 300 MX 10 example.com"},
	{"a begin of authority",
	 OCTETS(HEADER("\x80\0", ANSWERS("\1")) ASKED_A RECORD(
		 "\0\6", "\x1a") "\1n\xc0\x10\xc0\x10"
				 "\0\0\0\1\0\0\0\2\0\0\0\3\0\0\0\4\xff\xff\xff\xff"),
	 "answer 4660 0000 QUERY www.example.com A IN NOERROR; "
	 "www.example.com 300 SOA n.example.com example.com 1 2 3 4 4294967295"},
	{"a service",
	 OCTETS(HEADER("\x80\0", ANSWERS("\1"))
			ASKED_A RECORD("\0\x21", "\x8") "\0\1\0\2\x1f\x90\xc0\x0c"),
	 "answer 4660 0000 QUERY www.example.com A IN NOERROR; "
	 "www.example.com 300 SRV 1 2 8080 www.example.com"},
	{"who may certify",
	 OCTETS(HEADER("\x80\0", ANSWERS("\1")) ASKED_A RECORD("\1\1", "\xa") "\0\5issuea b"),
	 "answer 4660 0000 QUERY www.example.com A IN NOERROR; "
	 "www.example.com 300 CAA 0 \"issue\" \"a b\""},
	{"data that is not of its type",
	 OCTETS(HEADER("\x80\0", ANSWERS("\1")) ASKED_A RECORD("\0\1", "\3") "\1\2\3"),
	 "answer 4660 0000 QUERY www.example.com A IN NOERROR; "
	 "www.example.com 300 A \\# 3 010203"},
	{"data of a type that nobody knows",
	 OCTETS(HEADER("\x80\0", ANSWERS("\1")) ASKED_A RECORD("\xff\0", "\2") "\xab\xcd"),
	 "answer 4660 0000 QUERY www.example.com A IN NOERROR; "
	 "www.example.com 300 TYPE65280 \\# 2 ABCD"},
	{"no data", OCTETS(HEADER("\x80\0", ANSWERS("\1")) ASKED_A RECORD("\xff\0", "\0")),
	 "answer 4660 0000 QUERY www.example.com A IN NOERROR; "
	 "www.example.com 300 TYPE65280 \\# 0"},

	{"nothing", "", 0, NULL},
	{"less than a header", OCTETS(HEADER("\0\0", "\0\1\0\0\0\0\0")), NULL},
	{"a query without a question", OCTETS(HEADER("\0\0", "\0\0\0\0\0\0\0\0")), NULL},
	{"two questions", OCTETS(HEADER("\0\0", "\0\2\0\0\0\0\0\0") ASKED_A ASKED_A), NULL},
	{"a bit that must be 0", OCTETS(HEADER("\0\x40", ONE_QUESTION) ASKED_A), NULL},
	{"a question that ends too early", OCTETS(HEADER("\0\0", ONE_QUESTION) WWW "\0\1\0"), NULL},
	{"a label past the end", OCTETS(HEADER("\0\0", ONE_QUESTION) "\x3fwww\0\0\1\0\1"), NULL},
	{"a name that points to itself", OCTETS(HEADER("\0\0", ONE_QUESTION) "\xc0\x0c\0\1\0\1"),
	 NULL},
	{"a name that points past the end", OCTETS(HEADER("\0\0", ONE_QUESTION) "\xff\xff\0\1\0\1"),
	 NULL},
	{"a label of a kind that is none", OCTETS(HEADER("\0\0", ONE_QUESTION) "\x80www\0\0\1\0\1"),
	 NULL},

	{"answers that were announced alone", OCTETS(HEADER("\x80\0", ANSWERS("\2")) ASKED_A),
	 "answer 4660 0000 QUERY www.example.com A IN NOERROR; bad"},
	{"a second answer that ends too early",
	 OCTETS(HEADER("\x80\0", ANSWERS("\2"))
			ASKED_A RECORD("\0\1", "\4") "\1\2\3\4" RECORD("\0\1", "\4") "\1\2\3"),
	 "answer 4660 0000 QUERY www.example.com A IN NOERROR; www.example.com 300 A 1.2.3.4; bad"},
	{"data that says it is longer than the message",
	 OCTETS(HEADER("\x80\0", ANSWERS("\1")) ASKED_A POINTER "\0\1\0\1\0\0\0\1\xff\xff\1\2\3\4"),
	 "answer 4660 0000 QUERY www.example.com A IN NOERROR; bad"},
	{"an alias to itself",
	 OCTETS(HEADER("\x80\0", ANSWERS("\1")) ASKED_A RECORD("\0\5", "\2") "\xc0\x2d"),
	 "answer 4660 0000 QUERY www.example.com A IN NOERROR; "
	 "www.example.com 300 CNAME \\# 2 C02D"},
	{"an alias that points past its data",
	 OCTETS(HEADER("\x80\0", ANSWERS("\1")) ASKED_A RECORD("\0\5", "\3") "\7ab"),
	 "answer 4660 0000 QUERY www.example.com A IN NOERROR; "
	 "www.example.com 300 CNAME \\# 3 076162"},
};

static struct dns_message message;

static const char *describe(char text[TEXT_MAX])
{
	char opcode[DNS_WORD_SIZE], type[DNS_WORD_SIZE], class[DNS_WORD_SIZE], code[DNS_WORD_SIZE];
	int used = snprintf(
		text, TEXT_MAX, "%s %u %04x %s %s %s %s", message.response ? "answer" : "query",
		message.id, message.flags, dns_opcode_name(opcode, message.opcode), message.name,
		dns_type_name(type, message.type), dns_class_name(class, message.class));

	if (message.response)
		used += snprintf(text + used, (size_t)(TEXT_MAX - used), " %s",
				 dns_code_name(code, message.code));
	for (size_t i = 0; i < message.n_answers; i++) {
		const struct dns_answer *answer = &message.answers[i];

		used += snprintf(text + used, (size_t)(TEXT_MAX - used), "; %s %u %s %s",
				 answer->name, answer->ttl, dns_type_name(type, answer->type),
				 answer->data);
	}
	(void)snprintf(text + used, (size_t)(TEXT_MAX - used), "%s", message.bad ? "; bad" : "");
	return text;
}

static void test_cases(void)
{
	char text[TEXT_MAX];

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		int r = dns_parse((const uint8_t *)cases[i].octets, cases[i].size, &message);

		if (!cases[i].want)
			is_int(r, -EBADMSG, "%s is not read", cases[i].name);
		else if (ok(r == 0, "%s is read", cases[i].name))
			is_str(describe(text), cases[i].want, "%s", cases[i].name);
	}
}

/* Every message cut at every place: never more than was there, never past the end. */
static void test_cuts(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		bool good = true;

		for (size_t size = 0; size < cases[i].size; size++) {
			uint8_t *copy =
				malloc(size ? size : 1); /* so that sanitizers see its end */

			memcpy(copy, cases[i].octets, size);
			if (dns_parse(copy, size, &message) == 0)
				good &= message.bad;
			free(copy);
		}
		if (cases[i].want)
			ok(good, "%s, cut: is bad", cases[i].name);
	}
}

/* As many answers as a message can have. */
static void test_many(void)
{
	static uint8_t octets[65535] = HEADER("\x80\0", "\0\1\x10\0\0\0\0\0") ASKED_A;
	static const char record[] = RECORD("\0\1", "\4") "\xc0\0\2\7";
	size_t size = sizeof(HEADER("\x80\0", ANSWERS("\1")) ASKED_A) - 1;

	for (int i = 0; i < 4000; i++) {
		memcpy(octets + size, record, sizeof(record) - 1);
		size += sizeof(record) - 1;
	}
	is_int(dns_parse(octets, size, &message), 0, "4000 answers");
	is_u64(message.n_answers, DNS_ANSWERS_MAX, "as many as there is room for are read");
	is_u64(message.n_more, 4000 - DNS_ANSWERS_MAX, "the others are counted");
	ok(message.bad, "and the 96 that were announced besides are missing");
}

/* Long data: what does not fit is left out, and the rest goes on. */
static void test_long(void)
{
	static uint8_t octets[65535] = HEADER("\x80\0", ANSWERS("\2")) ASKED_A;
	static const uint8_t first[] = {0xc0, 0x0c, 0xff, 0, 0, 1, 0, 0, 0, 1, 0x40, 0};
	static const char second[] = RECORD("\0\1", "\4") "\xc0\0\2\7";
	size_t size = sizeof(HEADER("\x80\0", ANSWERS("\2")) ASKED_A) - 1;

	memcpy(octets + size, first, sizeof(first));
	size += sizeof(first) + 0x4000;
	memcpy(octets + size, second, sizeof(second) - 1);
	size += sizeof(second) - 1;
	is_int(dns_parse(octets, size, &message), 0, "an answer with long data");
	is_str(message.answers[0].data, "", "that has no room");
	is_str(message.answers[1].data, "192.0.2.7", "and one behind it");
	ok(!message.bad, "are whole");
}

/* A TXT record whose data is pointers, each to the one before, then a record named by the last. */
static void test_chain(uint8_t n_pointers, bool good)
{
	static uint8_t octets[1024] = HEADER("\x80\0", ANSWERS("\2")) "\0\0\x10\0\1";
	static const uint8_t txt[] = {0, 0, 0x10, 0, 1, 0, 0, 0, 1};
	static const uint8_t a[] = {0, 1, 0, 1, 0, 0, 0, 1, 0, 4, 192, 0, 2, 7};
	uint8_t *at = octets + 12 + 5;
	size_t to = 12;

	memcpy(at, txt, sizeof(txt));
	at += sizeof(txt);
	*at++ = (uint8_t)(2 * n_pointers >> 8);
	*at++ = (uint8_t)(2 * n_pointers);
	for (uint8_t i = 0; i <= n_pointers; i++) {
		*at++ = (uint8_t)(0xc0 | to >> 8);
		*at++ = (uint8_t)to;
		to = (size_t)(at - octets) - 2;
	}
	memcpy(at, a, sizeof(a));
	at += sizeof(a);
	is_int(dns_parse(octets, (size_t)(at - octets), &message), 0, "%u pointers", n_pointers);
	is_u64(message.n_answers, good ? 2 : 1, "answers");
	is_int(message.bad, !good, "and %s", good ? "nothing is wrong" : "more is not read");
}

int main(void)
{
	test_chain(253, true);
	test_chain(254, false);
	test_cases();
	test_cuts();
	test_many();
	test_long();
	return tap_done();
}
