/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the writer and the reader of recordings share: the numbers of the format, and the records.
 * The layout is described in capture-record.c.
 */
#ifndef CAPTURE_FILE_H
#define CAPTURE_FILE_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <zlib.h>

#include "sample.h"

/* A high first byte, CR LF and ^Z show transfers that were not binary. */
#define CAPTURE_FILE_MAGIC "\x89PKT\r\n\x1a\n"
#define CAPTURE_FILE_MAGIC_SIZE 8
#define CAPTURE_FILE_ORDER 0x01020304u
#define CAPTURE_FILE_ORDER_SWAPPED 0x04030201u
#define CAPTURE_FILE_VERSION 1
#define CAPTURE_FILE_START_SIZE 16

#define CAPTURE_FILE_RECORD_SIZE 12
/* Longest payload: a reader needs no more memory than this for any file. */
#define CAPTURE_FILE_PAYLOAD_MAX 65536u

enum capture_file_type {
	CAPTURE_FILE_HEAD = 1,
	CAPTURE_FILE_IFACE,
	CAPTURE_FILE_FLOWS4,
	CAPTURE_FILE_FLOWS6,
	CAPTURE_FILE_HOOK,
	CAPTURE_FILE_TICK,
	CAPTURE_FILE_END,
	CAPTURE_FILE_OWNER,
	CAPTURE_FILE_SOCKETS,
	CAPTURE_FILE_ADDRS,
	CAPTURE_FILE_TYPE_MAX
};

/* Flag of a record: a reader that does not know its type may pass over it. */
#define CAPTURE_FILE_OPTIONAL 1u

enum {
	CAPTURE_FILE_HEAD_SIZE = 40, /* followed by the texts */
	CAPTURE_FILE_HEAD_TEXTS = 5, /* backend, layer, host, note, owner_note */
	CAPTURE_FILE_TEXT_MAX = 1024,
	CAPTURE_FILE_IFACE_SIZE = 192,
	CAPTURE_FILE_FLOW4_SIZE = 48,
	CAPTURE_FILE_FLOW6_SIZE = 72,
	CAPTURE_FILE_HOOK_SIZE = 104,
	CAPTURE_FILE_TICK_SIZE = 32,
	CAPTURE_FILE_OWNER_SIZE = 32, /* followed by the texts */
	CAPTURE_FILE_OWNER_TEXTS = 10,
	CAPTURE_FILE_SOCKET_SIZE = 64,
	CAPTURE_FILE_ADDR_SIZE = 24,
};

/* Bits of a head, and of a socket. */
enum { CAPTURE_FILE_OWNERS = 1 };
enum { CAPTURE_FILE_ESTIMATED = 1, CAPTURE_FILE_GONE = 2, CAPTURE_FILE_PASSED_ON = 4 };

/* Version 1 has these; another value needs another version. */
_Static_assert(OTHER_MAX == 3 && DIRECTION_MAX == 2, "the layout of hook records is fixed");
_Static_assert(sizeof(((struct sample_iface *)0)->name) == 64 &&
		       sizeof(((struct sample_iface *)0)->attach) == 16 &&
		       sizeof(((struct sample_iface *)0)->note) == 96,
	       "the layout of interface records is fixed");

/* Cursors: each call moves p behind what it wrote or read. */
static inline void capture_file_put(uint8_t **p, const void *data, size_t n)
{
	memcpy(*p, data, n);
	*p += n;
}

static inline void capture_file_put8(uint8_t **p, uint8_t value)
{
	*(*p)++ = value;
}

static inline void capture_file_put16(uint8_t **p, uint16_t value)
{
	value = htole16(value);
	capture_file_put(p, &value, sizeof(value));
}

static inline void capture_file_put32(uint8_t **p, uint32_t value)
{
	value = htole32(value);
	capture_file_put(p, &value, sizeof(value));
}

static inline void capture_file_put64(uint8_t **p, uint64_t value)
{
	value = htole64(value);
	capture_file_put(p, &value, sizeof(value));
}

static inline void capture_file_get(const uint8_t **p, void *data, size_t n)
{
	memcpy(data, *p, n);
	*p += n;
}

static inline uint8_t capture_file_get8(const uint8_t **p)
{
	return *(*p)++;
}

static inline uint16_t capture_file_get16(const uint8_t **p)
{
	uint16_t value;

	capture_file_get(p, &value, sizeof(value));
	return le16toh(value);
}

static inline uint32_t capture_file_get32(const uint8_t **p)
{
	uint32_t value;

	capture_file_get(p, &value, sizeof(value));
	return le32toh(value);
}

static inline uint64_t capture_file_get64(const uint8_t **p)
{
	uint64_t value;

	capture_file_get(p, &value, sizeof(value));
	return le64toh(value);
}

/* Checksum of a record: the first 8 bytes of its head, then the payload. */
static inline uint32_t capture_file_checksum(const uint8_t *head, const uint8_t *payload, size_t n)
{
	uLong sum = crc32(0, head, 8);

	return (uint32_t)(n > 0 ? crc32(sum, payload, (uInt)n) : sum);
}

/* A record in memory, whose checksum is right. */
struct capture_file_record {
	uint64_t offset; /* in the file */
	uint16_t type;
	uint16_t flags;
	uint32_t length;
	const uint8_t *payload;
};

/* What a reader remembers from the records before. */
struct capture_file_reader {
	bool known[SAMPLE_IFACE_MAX]; /* interfaces that were announced */
	uint32_t last_owner;          /* highest number of an owner that was announced */
	uint64_t last_end_ns;         /* of the last interval delivered */
	struct sample_tick tick;      /* the last one checked */
};

/* NULL, or what is wrong with the record ("an unknown type"). Checks a file that anybody may have
 * made: what passes can be delivered. */
const char *capture_file_check(struct capture_file_reader *reader,
			       const struct capture_file_record *record);
/* Hands a record that was checked to the sink. */
void capture_file_deliver(struct capture_file_reader *reader,
			  const struct capture_file_record *record, const struct sample_sink *sink);
/* A text with its length in front at p, which ends before end; what follows it, or NULL where it
 * does not fit. */
const uint8_t *capture_file_get_text(const uint8_t *p, const uint8_t *end, const char **ret_text,
				     size_t *ret_n);
void capture_file_put_text(uint8_t **p, const char *text); /* NULL: "" */
/* Copies a text of a recording, n bytes, so that it is safe to show. */
void capture_file_text(char *buf, size_t size, const char *text, size_t n);

#endif
