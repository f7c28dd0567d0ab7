/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Payloads, and the application protocol that each must be taken for. */
#ifndef LABEL_CASES_H
#define LABEL_CASES_H

#include <stddef.h>
#include <stdint.h>

struct label_case {
	const char *name;
	uint8_t proto; /* TCP or UDP */
	uint16_t sport, dport;
	const char *data;
	size_t size;  /* of data: the first octets */
	size_t len;   /* of the payload */
	uint8_t want; /* enum l7 */
};

/* Ended by a case without a name. */
extern const struct label_case label_cases[];

#endif
