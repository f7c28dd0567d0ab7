/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads messages of DNS (RFC 1035), which anybody may have made. Names and data come in their
 * presentation form, which is printable ASCII: what is not stands as \DDD.
 */
#ifndef L7_DNS_H
#define L7_DNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DNS_NAME_SIZE 1025  /* 255 octets (RFC 1035, 2.3.4), as \DDD each, and the NUL */
#define DNS_ANSWERS_MAX 64  /* that are read of one message */
#define DNS_TEXT_SIZE 16384 /* of all names and data together */
#define DNS_WORD_SIZE 16    /* "TYPE65535" */

enum { DNS_OPCODE_QUERY = 0 };
enum { DNS_CLASS_IN = 1 };
enum dns_type {
	DNS_TYPE_A = 1,
	DNS_TYPE_CNAME = 5,
	DNS_TYPE_AAAA = 28,
	DNS_TYPE_OPT = 41,
};

/* Bits of the header, as they stand in its second word. */
enum dns_flag {
	DNS_FLAG_AA = 0x0400,
	DNS_FLAG_TC = 0x0200,
	DNS_FLAG_RD = 0x0100,
	DNS_FLAG_RA = 0x0080,
	DNS_FLAG_AD = 0x0020,
	DNS_FLAG_CD = 0x0010,
};

struct dns_answer {
	const char *name;
	const char *data; /* as dig has it; "" where the text has no room */
	uint16_t type, class;
	uint32_t ttl;
	uint8_t addr[16]; /* of A and AAAA in IN */
};

struct dns_message {
	uint16_t id;
	uint16_t flags; /* enum dns_flag */
	bool response;
	bool bad; /* what follows the last answer here is none, or is not there */
	uint8_t opcode;
	uint16_t code; /* with the upper bits of OPT (RFC 6891, 6.1.3) */
	uint16_t type, class;
	char name[DNS_NAME_SIZE]; /* of the first question; "" where there is none */
	size_t n_answers;         /* here */
	size_t n_more;            /* answers that there was no room for, at least */
	struct dns_answer answers[DNS_ANSWERS_MAX];
	char text[DNS_TEXT_SIZE];
	size_t n_text;
};

/*
 * size octets of a message, all of it or its begin. -EBADMSG: it is none, and *ret_message is not
 * to be read. Names and data point into it.
 */
int dns_parse(const uint8_t *octets, size_t size, struct dns_message *ret_message);

/* "A", "TYPE65280"; "IN", "CLASS42"; "NXDOMAIN", "CODE99"; "QUERY", "OPCODE3". Returns buf. */
const char *dns_type_name(char buf[DNS_WORD_SIZE], uint16_t type);
const char *dns_class_name(char buf[DNS_WORD_SIZE], uint16_t class);
const char *dns_code_name(char buf[DNS_WORD_SIZE], uint16_t code);
const char *dns_opcode_name(char buf[DNS_WORD_SIZE], uint8_t opcode);

#endif
