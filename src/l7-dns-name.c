/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of the numbers of DNS, from IANA's "Domain Name System (DNS) Parameters". */
#include "config.h"

#include "l7-dns-data.h"

#include <stdio.h>

#include "macro.h"

/* Types by number. format: see put_data() in l7-dns.c; NULL: as octets (RFC 3597, 5). */
static const struct dns_type_info types[] = {
	{1, "A", "a"},
	{2, "NS", "n"},
	{5, "CNAME", "n"},
	{6, "SOA", "nn44444"},
	{12, "PTR", "n"},
	{13, "HINFO", "ss"},
	{15, "MX", "2n"},
	{16, "TXT", "s*"},
	{17, "RP", "nn"},
	{18, "AFSDB", "2n"},
	{24, "SIG", NULL},
	{25, "KEY", NULL},
	{28, "AAAA", "A"},
	{29, "LOC", NULL},
	{33, "SRV", "222n"},
	{35, "NAPTR", "22sssn"},
	{36, "KX", "2n"},
	{37, "CERT", NULL},
	{39, "DNAME", "n"},
	{41, "OPT", NULL},
	{43, "DS", "211x"},
	{44, "SSHFP", "11x"},
	{46, "RRSIG", NULL},
	{47, "NSEC", NULL},
	{48, "DNSKEY", NULL},
	{50, "NSEC3", NULL},
	{51, "NSEC3PARAM", NULL},
	{52, "TLSA", "111x"},
	{59, "CDS", "211x"},
	{60, "CDNSKEY", NULL},
	{61, "OPENPGPKEY", NULL},
	{64, "SVCB", NULL},
	{65, "HTTPS", NULL},
	{99, "SPF", "s*"},
	{249, "TKEY", NULL},
	{250, "TSIG", NULL},
	{251, "IXFR", NULL},
	{252, "AXFR", NULL},
	{255, "ANY", NULL},
	{256, "URI", NULL},
	{257, "CAA", "1sr"},
};

struct word {
	uint16_t number;
	const char *name;
};

static const struct word classes[] = {{1, "IN"}, {3, "CH"}, {4, "HS"}, {254, "NONE"}, {255, "ANY"}};

static const struct word codes[] = {
	{0, "NOERROR"},  {1, "FORMERR"},  {2, "SERVFAIL"},   {3, "NXDOMAIN"}, {4, "NOTIMP"},
	{5, "REFUSED"},  {6, "YXDOMAIN"}, {7, "YXRRSET"},    {8, "NXRRSET"},  {9, "NOTAUTH"},
	{10, "NOTZONE"}, {16, "BADVERS"}, {23, "BADCOOKIE"},
};

static const struct word opcodes[] = {
	{0, "QUERY"}, {1, "IQUERY"}, {2, "STATUS"}, {4, "NOTIFY"}, {5, "UPDATE"}, {6, "DSO"},
};

const struct dns_type_info *dns_type_find(uint16_t type)
{
	for (size_t i = 0; i < ARRAY_SIZE(types); i++)
		if (types[i].number == type)
			return &types[i];
	return NULL;
}

static const char *find_word(char buf[DNS_WORD_SIZE], const struct word *words, size_t n_words,
			     uint16_t number, const char *other)
{
	for (size_t i = 0; i < n_words; i++) {
		if (words[i].number == number) {
			(void)snprintf(buf, DNS_WORD_SIZE, "%s", words[i].name);
			return buf;
		}
	}
	(void)snprintf(buf, DNS_WORD_SIZE, "%s%u", other, number);
	return buf;
}

const char *dns_type_name(char buf[DNS_WORD_SIZE], uint16_t type)
{
	const struct dns_type_info *info = dns_type_find(type);

	if (info)
		(void)snprintf(buf, DNS_WORD_SIZE, "%s", info->name);
	else
		(void)snprintf(buf, DNS_WORD_SIZE, "TYPE%u", type);
	return buf;
}

const char *dns_class_name(char buf[DNS_WORD_SIZE], uint16_t class)
{
	return find_word(buf, classes, ARRAY_SIZE(classes), class, "CLASS");
}

const char *dns_code_name(char buf[DNS_WORD_SIZE], uint16_t code)
{
	return find_word(buf, codes, ARRAY_SIZE(codes), code, "CODE");
}

const char *dns_opcode_name(char buf[DNS_WORD_SIZE], uint8_t opcode)
{
	return find_word(buf, opcodes, ARRAY_SIZE(opcodes), opcode, "OPCODE");
}
