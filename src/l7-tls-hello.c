/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the hello of a client or a server. */
#include "config.h"

#include "l7-tls.h"

#include <errno.h>
#include <string.h>

#include "l7-span.h"
#include "macro.h"
#include "text.h"

enum { CLIENT_HELLO = 1, SERVER_HELLO = 2 };

enum { VERSION_1_2 = 0x0303 };

/* IANA, "TLS ExtensionType Values". */
enum {
	EXTENSION_SERVER_NAME = 0,
	EXTENSION_ALPN = 16,
	EXTENSION_PRE_SHARED_KEY = 41,
	EXTENSION_SUPPORTED_VERSIONS = 43,
	EXTENSION_KEY_SHARE = 51,
	EXTENSION_ECH = 0xfe0d, /* encrypted_client_hello */
};

/* RFC 8446, 4.1.3: the random value of a server that asks for another hello. */
static const uint8_t retry_random[32] = {
	0xcf, 0x21, 0xad, 0x74, 0xe5, 0x9a, 0x61, 0x11, 0xbe, 0x1d, 0x8c,
	0x02, 0x1e, 0x65, 0xb8, 0x91, 0xc2, 0xa2, 0x11, 0x16, 0x7a, 0xbb,
	0x8c, 0x5e, 0x07, 0x9e, 0x09, 0xe2, 0xc8, 0xa8, 0x33, 0x9c,
};

bool tls_is_grease(uint16_t value)
{
	return (value & 0x0f0f) == 0x0a0a && value >> 8 == (value & 0xff);
}

static void add_version(struct tls_hello *hello, uint16_t version)
{
	if (!tls_is_grease(version) && hello->n_versions < ARRAY_SIZE(hello->versions))
		hello->versions[hello->n_versions++] = version;
}

/* RFC 6066, 3. Of names that are no host names none is known. */
static bool read_server_name(struct tls_hello *hello, struct span body)
{
	struct span list = span_vector(&body, 2);

	while (list.size && !list.bad) {
		uint64_t type = span_number(&list, 1);
		struct span name = span_vector(&list, 2);

		if (type == 0 && !name.bad)
			text_escape(hello->server_name, sizeof(hello->server_name),
				    (const char *)name.data, name.size);
	}
	return !list.bad;
}

static void add_name(struct tls_names *names, struct span name)
{
	char text[4 * UINT8_MAX + 1]; /* an octet may become \xHH */
	size_t size = text_escape(text, sizeof(text), (const char *)name.data, name.size) + 1;

	if (names->more || size > sizeof(names->text) - names->size) {
		names->more = true;
		return;
	}
	memcpy(names->text + names->size, text, size);
	names->size += (uint16_t)size;
}

/* RFC 7301, 3.1; values of RFC 8701 are two octets that are the same. */
static bool read_alpn(struct tls_hello *hello, struct span body)
{
	struct span list = span_vector(&body, 2);

	while (list.size && !list.bad) {
		struct span name = span_vector(&list, 1);

		if (!name.size)
			return false;
		if (name.size == 2 && tls_is_grease((uint16_t)(name.data[0] << 8 | name.data[1])))
			continue;
		add_name(&hello->alpn, name);
	}
	return !list.bad;
}

/* RFC 8446, 4.2.1. */
static bool read_versions(struct tls_hello *hello, enum tls_side side, struct span body)
{
	struct span list = side == TLS_CLIENT ? span_vector(&body, 1) : span_take(&body, 2);

	hello->n_versions = 0;
	while (list.size && !list.bad)
		add_version(hello, (uint16_t)span_number(&list, 2));
	return !list.bad && hello->n_versions;
}

static bool read_extension(struct tls_hello *hello, enum tls_side side, uint16_t type,
			   struct span body)
{
	switch (type) {
	case EXTENSION_SERVER_NAME: /* a server's is empty */
		return side == TLS_SERVER || read_server_name(hello, body);
	case EXTENSION_ALPN:
		return read_alpn(hello, body);
	case EXTENSION_SUPPORTED_VERSIONS:
		return read_versions(hello, side, body);
	case EXTENSION_PRE_SHARED_KEY:
		hello->psk = true;
		return true;
	case EXTENSION_KEY_SHARE:
		if (side == TLS_SERVER)
			hello->group = (uint16_t)span_number(&body, 2);
		return !body.bad;
	case EXTENSION_ECH:
		/* the inner hello (type 1) is never seen outside */
		if (side == TLS_CLIENT)
			hello->ech = span_number(&body, 1) == 0;
		return !body.bad;
	default:
		return true;
	}
}

static bool read_extensions(struct tls_hello *hello, enum tls_side side, struct span body)
{
	struct span list;

	if (!body.size)
		return !body.bad; /* there were none before RFC 4366 */
	list = span_vector(&body, 2);
	while (list.size && !list.bad) {
		uint16_t type = (uint16_t)span_number(&list, 2);
		struct span extension = span_vector(&list, 2);

		if (extension.bad || !read_extension(hello, side, type, extension))
			return false;
	}
	return !list.bad && !body.size;
}

int tls_hello_parse(const uint8_t *message, size_t size, enum tls_side side,
		    struct tls_hello *ret_hello)
{
	static const uint8_t types[TLS_SIDE_MAX] = {CLIENT_HELLO, SERVER_HELLO};
	struct span body = {message, size, false}, random, session;
	struct tls_hello hello = {0};
	uint64_t type = span_number(&body, 1), length = span_number(&body, 3);

	if (body.bad || type != types[side] || length != body.size)
		return -EPROTO;
	add_version(&hello, (uint16_t)span_number(&body, 2));
	random = span_take(&body, sizeof(retry_random));
	session = span_vector(&body, 1);
	if (session.size > sizeof(hello.session))
		return -EPROTO;
	if (side == TLS_CLIENT) {
		if (span_vector(&body, 2).size < 2) /* cipher suites */
			return -EPROTO;
		(void)span_vector(&body, 1); /* compression */
	} else {
		hello.cipher = (uint16_t)span_number(&body, 2);
		(void)span_number(&body, 1);
	}
	if (body.bad || !hello.n_versions || hello.versions[0] >> 8 != VERSION_1_2 >> 8 ||
	    !read_extensions(&hello, side, body))
		return -EPROTO;
	hello.retry = side == TLS_SERVER && memcmp(random.data, retry_random, random.size) == 0;
	hello.session_size = (uint8_t)session.size;
	memcpy(hello.session, session.data, session.size);
	*ret_hello = hello;
	return 0;
}

const char *tls_names_next(const struct tls_names *names, const char *name)
{
	const char *next = name ? name + strlen(name) + 1 : names->text;

	return next < names->text + names->size ? next : NULL;
}
