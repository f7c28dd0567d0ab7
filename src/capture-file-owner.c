/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks and delivers the records of a recording that tell of owners. */
#include "config.h"

#include "capture-file-owner.h"

#include "macro.h"

#define CHUNK 64

const uint8_t *capture_file_get_text(const uint8_t *p, const uint8_t *end, const char **ret_text,
				     size_t *ret_n)
{
	size_t n = end - p >= 2 ? capture_file_get16(&p) : SIZE_MAX;

	if (n > CAPTURE_FILE_TEXT_MAX || n > (size_t)(end - p))
		return NULL;
	*ret_text = (const char *)p;
	*ret_n = n;
	return p + n;
}

void capture_file_put_text(uint8_t **p, const char *text)
{
	size_t n = text ? strnlen(text, CAPTURE_FILE_TEXT_MAX) : 0;

	capture_file_put16(p, (uint16_t)n);
	if (n > 0)
		capture_file_put(p, text, n);
}

bool capture_file_knows(const struct capture_file_reader *reader, uint32_t owner)
{
	return owner <= reader->last_owner;
}

/* ---- owners ---- */

const char *capture_file_check_owner(struct capture_file_reader *reader,
				     const struct capture_file_record *record)
{
	const uint8_t *p = record->payload, *end = p + record->length;
	uint32_t number = capture_file_get32(&p);

	/* one by one; those that are gone are not announced again */
	if (!number || number - 1 > reader->last_owner)
		return "an impossible number of an owner";
	p = record->payload + CAPTURE_FILE_OWNER_SIZE;
	for (size_t i = 0; i < CAPTURE_FILE_OWNER_TEXTS; i++) {
		const char *text = NULL;
		size_t n = 0;

		p = capture_file_get_text(p, end, &text, &n);
		if (!p)
			return "a text that is too long";
	}
	if (p != end)
		return "bytes behind the last text";
	reader->last_owner = MAX(reader->last_owner, number);
	return NULL;
}

void capture_file_deliver_owner(const struct capture_file_record *record,
				const struct sample_sink *sink)
{
	const uint8_t *p = record->payload, *end = p + record->length;
	char safe[CAPTURE_FILE_OWNER_TEXTS][CAPTURE_FILE_TEXT_MAX + 1];
	struct sample_owner owner = {.number = capture_file_get32(&p)};
	const char **const texts[CAPTURE_FILE_OWNER_TEXTS] = {
		&owner.comm,    &owner.command,       &owner.user,           &owner.cgroup,
		&owner.runtime, &owner.container,     &owner.container_name, &owner.image,
		&owner.pod,     &owner.pod_namespace,
	};

	if (!sink->owner)
		return;
	owner.pid = capture_file_get32(&p);
	owner.uid = capture_file_get32(&p);
	owner.gone = capture_file_get8(&p) != 0;
	p += 3;
	owner.start_ns = capture_file_get64(&p);
	owner.cgroup_id = capture_file_get64(&p);
	for (size_t i = 0; i < CAPTURE_FILE_OWNER_TEXTS; i++) {
		const char *text = NULL;
		size_t n = 0;

		p = capture_file_get_text(p, end, &text, &n);
		capture_file_text(safe[i], sizeof(safe[i]), text, n);
		*texts[i] = safe[i];
	}
	sink->owner(sink->data, &owner);
}

/* ---- sockets ---- */

static void get_socket(const uint8_t **p, struct sample_socket *ret_socket)
{
	struct sample_socket socket = {0};
	uint8_t flags;

	capture_file_get(p, socket.local, sizeof(socket.local));
	capture_file_get(p, socket.remote, sizeof(socket.remote));
	socket.lport = capture_file_get16(p);
	socket.rport = capture_file_get16(p);
	socket.family = capture_file_get8(p);
	socket.proto = capture_file_get8(p);
	socket.kind = capture_file_get8(p);
	flags = capture_file_get8(p);
	socket.estimated = flags & CAPTURE_FILE_ESTIMATED;
	socket.gone = flags & CAPTURE_FILE_GONE;
	socket.passed_on = flags & CAPTURE_FILE_PASSED_ON;
	socket.netns = capture_file_get32(p);
	socket.owner = capture_file_get32(p);
	socket.cookie = capture_file_get64(p);
	socket.reason = capture_file_get8(p);
	*p += 7;
	*ret_socket = socket;
}

const char *capture_file_check_sockets(struct capture_file_reader *reader,
				       const struct capture_file_record *record)
{
	const uint8_t *p = record->payload, *end = p + record->length;

	while (p < end) {
		struct sample_socket socket;

		get_socket(&p, &socket);
		if (socket.family != FAMILY_IPV4 && socket.family != FAMILY_IPV6)
			return "an unknown kind of address";
		if (socket.kind >= SOCKET_KIND_MAX)
			return "an unknown kind of socket";
		if (socket.reason >= OWNER_REASON_MAX)
			return "an unknown reason";
		if (socket.owner && !capture_file_knows(reader, socket.owner))
			return "an owner that was not announced";
	}
	return NULL;
}

void capture_file_deliver_sockets(const struct capture_file_record *record,
				  const struct sample_sink *sink)
{
	const uint8_t *p = record->payload, *end = p + record->length;
	struct sample_socket sockets[CHUNK];

	while (sink->sockets && p < end) {
		size_t n = 0;

		do
			get_socket(&p, &sockets[n++]);
		while (p < end && n < ARRAY_SIZE(sockets));
		sink->sockets(sink->data, sockets, n);
	}
}

/* ---- addresses ---- */

static void get_addr(const uint8_t **p, struct sample_addr *ret_addr)
{
	struct sample_addr addr = {0};

	capture_file_get(p, addr.addr, sizeof(addr.addr));
	addr.family = capture_file_get8(p);
	addr.gone = capture_file_get8(p) != 0;
	*p += 2;
	addr.netns = capture_file_get32(p);
	*ret_addr = addr;
}

const char *capture_file_check_addrs(struct capture_file_reader *reader ATTR_UNUSED,
				     const struct capture_file_record *record)
{
	const uint8_t *p = record->payload, *end = p + record->length;

	while (p < end) {
		struct sample_addr addr;

		get_addr(&p, &addr);
		if (addr.family != FAMILY_IPV4 && addr.family != FAMILY_IPV6)
			return "an unknown kind of address";
	}
	return NULL;
}

void capture_file_deliver_addrs(const struct capture_file_record *record,
				const struct sample_sink *sink)
{
	const uint8_t *p = record->payload, *end = p + record->length;

	while (sink->addr && p < end) {
		struct sample_addr addr;

		get_addr(&p, &addr);
		sink->addr(sink->data, &addr);
	}
}
