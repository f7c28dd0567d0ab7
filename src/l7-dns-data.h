/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the parts of the reader of DNS share. */
#ifndef L7_DNS_DATA_H
#define L7_DNS_DATA_H

#include "l7-dns.h"

struct dns_type_info {
	uint16_t number;
	const char *name;
	const char *format; /* of its data */
};

/* NULL: not known. */
const struct dns_type_info *dns_type_find(uint16_t type);

#endif
