/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The SHA-1 digest (RFC 3174), for names that other programs compute the same way; not for secrets.
 */
#ifndef SHA1_H
#define SHA1_H

#include <stddef.h>
#include <stdint.h>

#define SHA1_SIZE 20

void sha1_digest(const void *data, size_t n, uint8_t ret_digest[SHA1_SIZE]);

#endif
