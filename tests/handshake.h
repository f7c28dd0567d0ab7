/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Handshakes in tests: as a line of text, and from the files that the fuzz targets have. */
#ifndef HANDSHAKE_H
#define HANDSHAKE_H

#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "l7-tls.h"

#define LINE_MAX_SIZE 1024

static void put_hello(FILE *file, const struct tls_hello *hello, enum tls_side side)
{
	char text[TLS_TEXT_MAX];

	for (uint8_t i = 0; i < hello->n_versions; i++) {
		tls_version_name(text, sizeof(text), hello->versions[i]);
		fprintf(file, "%s%s", i ? "," : "", text);
	}
	if (hello->server_name[0])
		fprintf(file, " %s", hello->server_name);
	if (side == TLS_SERVER) {
		tls_cipher_name(text, sizeof(text), hello->cipher);
		fprintf(file, " %s", text);
		tls_group_name(text, sizeof(text), hello->group);
		fprintf(file, " %s", hello->group ? text : "-");
	}
	if (hello->ech)
		fputs(" ech", file);
	for (const char *name = tls_names_next(&hello->alpn, NULL); name;
	     name = tls_names_next(&hello->alpn, name))
		fprintf(file, " [%s]", name);
	if (hello->alpn.more)
		fputs(" ...", file);
}

static const char *describe(const struct tls_handshake *handshake)
{
	static char line[LINE_MAX_SIZE];
	FILE *file = fmemopen(line, sizeof(line), "w");
	char alert[TLS_TEXT_MAX];

	if (!file)
		abort();
	if (handshake->said[TLS_CLIENT])
		put_hello(file, &handshake->hello[TLS_CLIENT], TLS_CLIENT);
	fputs(" ->", file);
	if (handshake->retried)
		fputs(" retried", file);
	if (tls_handshake_resumed(handshake))
		fputs(" resumed", file);
	if (handshake->said[TLS_SERVER]) {
		fputc(' ', file);
		put_hello(file, &handshake->hello[TLS_SERVER], TLS_SERVER);
	}
	fprintf(file, " %s", tls_outcome_name(handshake->outcome));
	if (handshake->alerted) {
		tls_alert_name(alert, sizeof(alert), handshake->alert);
		fprintf(file, " %s", alert);
	}
	if (handshake->outcome == TLS_FAILED)
		fprintf(file, " by the %s",
			handshake->failed_side == TLS_CLIENT ? "client" : "server");
	(void)fclose(file);
	return line;
}

static size_t read_corpus(const char *kind, const char *name, uint8_t *buf, size_t size)
{
	const char *top = getenv("top_srcdir");
	cleanup(fclosep) FILE *file = NULL;
	char path[4096];

	(void)snprintf(path, sizeof(path), "%s/tests/fuzz/%s/%s", top ? top : ".", kind, name);
	file = fopen(path, "re");
	if (!file) {
		printf("Bail out! cannot open %s: %s\n", path, strerror(errno));
		exit(EXIT_FAILURE);
	}
	return fread(buf, 1, size, file);
}

#define SMALL_INITIAL_MAX (29 + 20)

/* Puts n Initials of QUIC that nothing opens, as small as they can be. Returns their size. */
static inline size_t put_small_initials(uint8_t *buf, unsigned int n, const uint8_t *cid,
					uint8_t cid_size)
{
	static const uint8_t start[] = {0xc3, 0, 0, 0, 1};
	uint8_t *p = buf;

	for (unsigned int i = 0; i < n; i++) {
		memcpy(p, start, sizeof(start));
		p += sizeof(start);
		*p++ = cid_size;
		memcpy(p, cid, cid_size);
		p += cid_size;
		*p++ = 0; /* octets of the sender's id, and of a token */
		*p++ = 0;
		*p++ = 20;
		memset(p, 0xaa, 20);
		p += 20;
	}
	return (size_t)(p - buf);
}

#endif
