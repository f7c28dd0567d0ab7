/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Checks the records of a recording and turns them into samples. */
#include "config.h"

#include "capture-file.h"

#include <string.h>

#include "capture-file-owner.h"
#include "macro.h"
#include "text.h"

#define FLOW_CHUNK 256

/*
 * Texts of a recording were escaped before they were written, but a file may come from anywhere.
 * What is safe already stays as it is: its backslashes must not be doubled.
 */
void capture_file_text(char *buf, size_t size, const char *text, size_t n)
{
	char plain[CAPTURE_FILE_TEXT_MAX + 1], safe[4 * CAPTURE_FILE_TEXT_MAX + 1];

	n = MIN(n, sizeof(plain) - 1);
	for (size_t i = 0; i < n; i++)
		plain[i] = text[i] == '\\' ? '/' : text[i];
	plain[n] = '\0';
	if (text_escape(safe, sizeof(safe), plain, n) == n && memcmp(safe, plain, n) == 0 &&
	    n < size) {
		memcpy(buf, text, n);
		buf[n] = '\0';
	} else {
		text_escape(buf, size, text, n);
	}
}

/* The checks return NULL or what is wrong; the deliveries may rely on them. */
static const char *check_hook(struct capture_file_reader *reader, uint16_t iface, uint8_t direction)
{
	if (iface >= SAMPLE_IFACE_MAX || !reader->known[iface])
		return "an interface that was not announced";
	if (direction >= DIRECTION_MAX)
		return "a direction that is neither in nor out";
	return NULL;
}

static const char *check_iface(struct capture_file_reader *reader,
			       const struct capture_file_record *record)
{
	const uint8_t *p = record->payload;
	uint16_t slot = capture_file_get16(&p);
	uint8_t state = capture_file_get8(&p);

	if (slot >= SAMPLE_IFACE_MAX)
		return "an interface number that is too large";
	if (state >= IFACE_STATE_MAX)
		return "an unknown state of an interface";
	reader->known[slot] = true;
	return NULL;
}

static void deliver_iface(const struct capture_file_record *record, const struct sample_sink *sink)
{
	const uint8_t *p = record->payload;
	struct sample_iface iface = {.slot = capture_file_get16(&p)};

	iface.state = capture_file_get8(&p);
	iface.layer3 = capture_file_get8(&p) != 0;
	iface.index = capture_file_get32(&p);
	iface.speed_bps = capture_file_get64(&p);

	const struct {
		char *buf;
		size_t size;
	} texts[] = {
		{iface.name, sizeof(iface.name)},
		{iface.attach, sizeof(iface.attach)},
		{iface.note, sizeof(iface.note)},
	};

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		const char *text = (const char *)p;

		capture_file_text(texts[i].buf, texts[i].size, text, strnlen(text, texts[i].size));
		p += texts[i].size;
	}
	sink->iface(sink->data, &iface);
}

static void get_tally(const uint8_t **p, struct tally *ret_tally)
{
	ret_tally->packets = capture_file_get64(p);
	ret_tally->bytes = capture_file_get64(p);
}

static void get_flow(const uint8_t **p, size_t addr_size, struct sample_flow *ret_flow)
{
	struct flow_key *key = &ret_flow->key;

	memset(ret_flow, 0, sizeof(*ret_flow));
	capture_file_get(p, key->src, addr_size);
	capture_file_get(p, key->dst, addr_size);
	key->sport = capture_file_get16(p);
	key->dport = capture_file_get16(p);
	key->vlan = capture_file_get16(p);
	key->iface = capture_file_get16(p);
	key->direction = capture_file_get8(p);
	key->family = capture_file_get8(p);
	key->proto = capture_file_get8(p);
	key->open = capture_file_get8(p);
	ret_flow->tcp_flags = capture_file_get8(p);
	ret_flow->l7 = capture_file_get8(p);
	if (ret_flow->l7 >= L7_MAX)
		ret_flow->l7 = L7_NONE; /* of a later version */
	*p += 2;
	key->owner = capture_file_get32(p);
	ret_flow->retransmits = capture_file_get32(p);
	get_tally(p, &ret_flow->count);
}

static size_t addr_size_of(const struct capture_file_record *record)
{
	return record->type == CAPTURE_FILE_FLOWS4 ? 4 : 16;
}

static const char *check_flows(struct capture_file_reader *reader,
			       const struct capture_file_record *record)
{
	const unsigned int all_open = OPEN_SRC_ADDR | OPEN_SRC_PORT | OPEN_DST_ADDR | OPEN_DST_PORT;
	const uint8_t *p = record->payload, *end = p + record->length;
	struct sample_flow flow;

	while (p < end) {
		get_flow(&p, addr_size_of(record), &flow);

		const char *what = check_hook(reader, flow.key.iface, flow.key.direction);

		if (what)
			return what;
		if (flow.key.family >= FAMILY_MAX)
			return "an unknown kind of address";
		if (flow.key.open & ~all_open)
			return "an unknown kind of folded flow";
		if (flow.key.owner && !capture_file_knows(reader, flow.key.owner))
			return "an owner that was not announced";
	}
	return NULL;
}

static void deliver_flows(const struct capture_file_record *record, const struct sample_sink *sink)
{
	const uint8_t *p = record->payload, *end = p + record->length;
	struct sample_flow flows[FLOW_CHUNK];

	while (p < end) {
		size_t n = 0;

		do
			get_flow(&p, addr_size_of(record), &flows[n++]);
		while (p < end && n < ARRAY_SIZE(flows));
		sink->flows(sink->data, flows, n);
	}
}

static const char *check_hooks(struct capture_file_reader *reader,
			       const struct capture_file_record *record)
{
	const uint8_t *p = record->payload;
	uint16_t iface = capture_file_get16(&p);

	return check_hook(reader, iface, capture_file_get8(&p));
}

static void deliver_hook(const struct capture_file_record *record, const struct sample_sink *sink)
{
	const uint8_t *p = record->payload;
	struct sample_hook hook = {.iface = capture_file_get16(&p)};

	hook.direction = capture_file_get8(&p);
	p += 5;
	get_tally(&p, &hook.total);
	for (size_t i = 0; i < OTHER_MAX; i++)
		get_tally(&p, &hook.other[i]);
	hook.syn = capture_file_get64(&p);
	hook.syn_ack = capture_file_get64(&p);
	hook.fin = capture_file_get64(&p);
	hook.rst = capture_file_get64(&p);
	sink->hook(sink->data, &hook);
}

static void get_tick(const struct capture_file_record *record, struct sample_tick *ret_tick)
{
	const uint8_t *p = record->payload;

	ret_tick->start_ns = capture_file_get64(&p);
	ret_tick->end_ns = capture_file_get64(&p);
	ret_tick->real_ns = capture_file_get64(&p);
	ret_tick->slots = capture_file_get32(&p);
	ret_tick->slots_used = capture_file_get32(&p);
}

static const char *check_tick(struct capture_file_reader *reader,
			      const struct capture_file_record *record)
{
	struct sample_tick *tick = &reader->tick;

	get_tick(record, tick);
	if (tick->end_ns < tick->start_ns || tick->start_ns < reader->last_end_ns ||
	    tick->end_ns > INT64_MAX || tick->real_ns > INT64_MAX)
		return "an impossible time";
	return NULL;
}

static void deliver_tick(const struct capture_file_record *record, const struct sample_sink *sink)
{
	struct sample_tick tick;

	get_tick(record, &tick);
	sink->tick(sink->data, &tick);
}

/* Head and end are the business of who reads the file; other types without an entry are unknown. */
static const struct {
	uint32_t size;
	enum { SIZE_IS, SIZE_MULTIPLE, SIZE_AT_LEAST } length;
	const char *(*check)(struct capture_file_reader *reader,
			     const struct capture_file_record *record);
	void (*deliver)(const struct capture_file_record *record, const struct sample_sink *sink);
} kinds[CAPTURE_FILE_TYPE_MAX] = {
	[CAPTURE_FILE_IFACE] = {CAPTURE_FILE_IFACE_SIZE, SIZE_IS, check_iface, deliver_iface},
	[CAPTURE_FILE_FLOWS4] = {CAPTURE_FILE_FLOW4_SIZE, SIZE_MULTIPLE, check_flows,
				 deliver_flows},
	[CAPTURE_FILE_FLOWS6] = {CAPTURE_FILE_FLOW6_SIZE, SIZE_MULTIPLE, check_flows,
				 deliver_flows},
	[CAPTURE_FILE_HOOK] = {CAPTURE_FILE_HOOK_SIZE, SIZE_IS, check_hooks, deliver_hook},
	[CAPTURE_FILE_TICK] = {CAPTURE_FILE_TICK_SIZE, SIZE_IS, check_tick, deliver_tick},
	[CAPTURE_FILE_OWNER] = {CAPTURE_FILE_OWNER_SIZE, SIZE_AT_LEAST, capture_file_check_owner,
				capture_file_deliver_owner},
	[CAPTURE_FILE_SOCKETS] = {CAPTURE_FILE_SOCKET_SIZE, SIZE_MULTIPLE,
				  capture_file_check_sockets, capture_file_deliver_sockets},
	[CAPTURE_FILE_ADDRS] = {CAPTURE_FILE_ADDR_SIZE, SIZE_MULTIPLE, capture_file_check_addrs,
				capture_file_deliver_addrs},
};

static bool is_known(const struct capture_file_record *record)
{
	return record->type < ARRAY_SIZE(kinds) && kinds[record->type].check;
}

const char *capture_file_check(struct capture_file_reader *reader,
			       const struct capture_file_record *record)
{
	if (!is_known(record))
		return record->flags & CAPTURE_FILE_OPTIONAL ? NULL : "an unknown type";

	uint32_t size = kinds[record->type].size;
	const bool wrong[] = {
		[SIZE_IS] = record->length != size,
		[SIZE_MULTIPLE] = record->length % size != 0,
		[SIZE_AT_LEAST] = record->length < size,
	};

	if (wrong[kinds[record->type].length])
		return "a wrong length";
	return kinds[record->type].check(reader, record);
}

void capture_file_deliver(struct capture_file_reader *reader,
			  const struct capture_file_record *record, const struct sample_sink *sink)
{
	if (!is_known(record))
		return;
	if (record->type == CAPTURE_FILE_TICK)
		reader->last_end_ns = reader->tick.end_ns;
	kinds[record->type].deliver(record, sink);
}
