/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes recordings: what a back end delivers, interval by interval.
 *
 * All numbers are little-endian; offsets and sizes in bytes; rsv is written as 0 and not read.
 *
 *   start   0 magic[8]  8 order u32 = 0x01020304  12 version u16 = 1  14 rsv u16
 *   record  0 type u16  2 flags u16  4 length u32  8 checksum u32  12 payload[length]
 *
 * The checksum is the CRC-32 of zlib over the first 8 bytes of the record and its payload. Flag 1:
 * a reader that does not know the type passes over the record. Payloads by type:
 *
 *   1 head    0 max_flows u32  4 netns u32  8 start_mono_ns u64  16 start_real_ns u64
 *             24 map_bytes u64  32 flags u8: 1 owners are looked for
 *             33 owner_reason u8: why not; 0: not recorded  34 rsv[6]
 *             40 backend, layer, host, note, owner_note: each u16 length and that many bytes;
 *             the last one may be missing
 *   2 iface   0 slot u16  2 state u8  3 layer3 u8  4 index u32  8 speed_bps u64
 *             16 name[64]  80 attach[16]  96 note[96], filled up with NUL
 *   3 flows4  any number of: 0 src[4]  4 dst[4]  8 sport u16  10 dport u16  12 vlan u16
 *             14 iface u16  16 direction u8  17 family u8  18 proto u8  19 open u8
 *             20 tcp_flags u8  21 l7 u8  22 rsv[2]  24 owner u32  28 retransmits u32
 *             32 packets u64  40 bytes u64
 *   4 flows6  the same with src[16] and dst[16]: 72 bytes each
 *   5 hook    0 iface u16  2 direction u8  3 rsv[5]  8 total  24 not_ip  40 malformed
 *             56 no_room (packets u64, bytes u64 each)  72 syn u64  80 syn_ack u64  88 fin u64
 *             96 rst u64
 *   6 tick    0 start_ns u64  8 end_ns u64  16 real_ns u64  24 slots u32  28 slots_used u32
 *   7 end     empty: the recording was closed properly
 *   8 owner   0 number u32  4 pid u32  8 uid u32  12 gone u8  13 rsv[3]  16 start_ns u64
 *             24 cgroup_id u64  32 comm, command, user, cgroup, runtime, container,
 *             container_name, image, pod, pod_namespace: each u16 length and that many bytes
 *   9 sockets any number of: 0 local[16]  16 remote[16]  32 lport u16  34 rport u16  36 family u8
 *             37 proto u8  38 kind u8  39 flags u8: 1 estimated, 2 gone, 4 passed on
 *             40 netns u32  44 owner u32  48 cookie u64  56 reason u8  57 rsv[7]
 *  10 addrs   any number of: 0 addr[16]  16 family u8  17 gone u8  18 rsv[2]  20 netns u32
 *
 * The head comes first, then the interfaces. An interval is any number of flows, hooks, owners,
 * sockets, addresses and changed interfaces, in any order but an interface before its first flow
 * and an owner before what names it, and then its tick. Each tick is followed by a write(), so that
 * a process that dies leaves everything up to its last tick.
 */
#include "config.h"

#include "capture-record.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture-file.h"
#include "capture.h"
#include "cleanup.h"
#include "macro.h"
#include "sample.h"

/* What is pending goes to the kernel in pieces of at most this size. */
#define OUT_SIZE (4 * CAPTURE_FILE_PAYLOAD_MAX)
/* But before the head is written, everything stays here: interfaces, owners, sockets. */
#define OUT_MAX ((size_t)256 << 20)

#define SOCKETS_AT_ONCE 256

enum { BATCH_V4, BATCH_V6, BATCH_MAX };

static const struct {
	uint16_t type;
	uint16_t flow_size;
} batch_kinds[BATCH_MAX] = {
	[BATCH_V4] = {CAPTURE_FILE_FLOWS4, CAPTURE_FILE_FLOW4_SIZE},
	[BATCH_V6] = {CAPTURE_FILE_FLOWS6, CAPTURE_FILE_FLOW6_SIZE},
};

/* Flows of one kind that wait for their record to fill. */
struct batch {
	size_t n;
	uint8_t data[CAPTURE_FILE_PAYLOAD_MAX];
};

struct capture_record {
	struct sample_sink sink;
	const struct sample_sink *next;
	int fd;
	int error;
	bool begun;
	struct batch batches[BATCH_MAX];
	size_t n_out, out_size;
	uint8_t *out;
};

static void record_free(struct capture_record *record)
{
	close_fdp(&record->fd);
	free(record->out);
	free(record);
}
DEFINE_CLEANUP(struct capture_record *, record_free);

static int write_all(int fd, const uint8_t *data, size_t n)
{
	while (n > 0) {
		ssize_t r = write(fd, data, n);

		if (r < 0) {
			if (errno == EINTR)
				continue;
			return -errno;
		}
		data += r;
		n -= (size_t)r;
	}
	return 0;
}

/* Hands what is pending to the kernel. Before the head is written everything stays here. */
static void record_push(struct capture_record *record)
{
	if (record->error || !record->begun)
		return;
	record->error = write_all(record->fd, record->out, record->n_out);
	record->n_out = 0;
}

static void record_grow(struct capture_record *record, size_t n)
{
	size_t size = MAX(2 * record->out_size, (size_t)OUT_SIZE);
	uint8_t *out = n > OUT_MAX ? NULL : realloc(record->out, MAX(size, n));

	if (!out) {
		record->error = n > OUT_MAX ? -ENOBUFS : -ENOMEM;
		return;
	}
	record->out = out;
	record->out_size = MAX(size, n);
}

/* Puts the head of a record with n bytes of payload to p. */
static void record_head(uint8_t *p, uint16_t type, const uint8_t *payload, size_t n)
{
	uint8_t *head = p;

	capture_file_put16(&p, type);
	capture_file_put16(&p, 0);
	capture_file_put32(&p, (uint32_t)n);
	capture_file_put32(&p, capture_file_checksum(head, payload, n));
}

static void record_put(struct capture_record *record, uint16_t type, const uint8_t *payload,
		       size_t n)
{
	size_t size = CAPTURE_FILE_RECORD_SIZE + n;

	if (record->error)
		return;
	if (record->n_out + size > OUT_SIZE)
		record_push(record);
	if (record->n_out + size > record->out_size)
		record_grow(record, record->n_out + size);
	if (record->error)
		return;

	uint8_t *p = record->out + record->n_out;

	record_head(p, type, payload, n);
	if (n > 0)
		memcpy(p + CAPTURE_FILE_RECORD_SIZE, payload, n);
	record->n_out += size;
}

static void record_put_batch(struct capture_record *record, unsigned int kind)
{
	struct batch *batch = &record->batches[kind];

	if (batch->n > 0)
		record_put(record, batch_kinds[kind].type, batch->data,
			   batch->n * batch_kinds[kind].flow_size);
	batch->n = 0;
}

static void record_put_batches(struct capture_record *record)
{
	for (unsigned int kind = 0; kind < BATCH_MAX; kind++)
		record_put_batch(record, kind);
}

static void on_iface(void *data, const struct sample_iface *iface)
{
	struct capture_record *record = data;
	uint8_t payload[CAPTURE_FILE_IFACE_SIZE], *p = payload;

	record_put_batches(record); /* they may belong to what the slot was before */
	capture_file_put16(&p, iface->slot);
	capture_file_put8(&p, iface->state);
	capture_file_put8(&p, iface->layer3);
	capture_file_put32(&p, iface->index);
	capture_file_put64(&p, iface->speed_bps);

	/* Not as they lie in memory: bytes behind the NUL are nobody's business. */
	memset(p, 0, (size_t)(payload + sizeof(payload) - p));
	memcpy(p, iface->name, strnlen(iface->name, sizeof(iface->name) - 1));
	p += sizeof(iface->name);
	memcpy(p, iface->attach, strnlen(iface->attach, sizeof(iface->attach) - 1));
	p += sizeof(iface->attach);
	memcpy(p, iface->note, strnlen(iface->note, sizeof(iface->note) - 1));
	record_put(record, CAPTURE_FILE_IFACE, payload, sizeof(payload));
	record->next->iface(record->next->data, iface);
}

/* True where the short form holds all of the key. */
static bool key_is_short(const struct flow_key *key)
{
	static const uint8_t zero[12];

	return key->family != FAMILY_IPV6 && memcmp(key->src + 4, zero, sizeof(zero)) == 0 &&
	       memcmp(key->dst + 4, zero, sizeof(zero)) == 0;
}

static void batch_add(struct capture_record *record, const struct sample_flow *flow)
{
	const struct flow_key *key = &flow->key;
	unsigned int kind = key_is_short(key) ? BATCH_V4 : BATCH_V6;
	size_t addr_size = kind == BATCH_V4 ? 4 : 16, flow_size = batch_kinds[kind].flow_size;
	struct batch *batch = &record->batches[kind];

	if ((batch->n + 1) * flow_size > sizeof(batch->data))
		record_put_batch(record, kind);

	uint8_t *p = batch->data + batch->n * flow_size;

	capture_file_put(&p, key->src, addr_size);
	capture_file_put(&p, key->dst, addr_size);
	capture_file_put16(&p, key->sport);
	capture_file_put16(&p, key->dport);
	capture_file_put16(&p, key->vlan);
	capture_file_put16(&p, key->iface);
	capture_file_put8(&p, key->direction);
	capture_file_put8(&p, key->family);
	capture_file_put8(&p, key->proto);
	capture_file_put8(&p, key->open);
	capture_file_put8(&p, flow->tcp_flags);
	capture_file_put8(&p, flow->l7);
	capture_file_put16(&p, 0);
	capture_file_put32(&p, key->owner);
	capture_file_put32(&p, flow->retransmits);
	capture_file_put64(&p, flow->count.packets);
	capture_file_put64(&p, flow->count.bytes);
	batch->n++;
}

static void on_flows(void *data, const struct sample_flow *flows, size_t n_flows)
{
	struct capture_record *record = data;

	for (size_t i = 0; i < n_flows && !record->error; i++)
		batch_add(record, &flows[i]);
	record->next->flows(record->next->data, flows, n_flows);
}

static void put_tally(uint8_t **p, const struct tally *tally)
{
	capture_file_put64(p, tally->packets);
	capture_file_put64(p, tally->bytes);
}

static void on_hook(void *data, const struct sample_hook *hook)
{
	struct capture_record *record = data;
	uint8_t payload[CAPTURE_FILE_HOOK_SIZE], *p = payload;

	capture_file_put16(&p, hook->iface);
	capture_file_put16(&p, hook->direction);
	capture_file_put32(&p, 0);
	put_tally(&p, &hook->total);
	for (size_t i = 0; i < OTHER_MAX; i++)
		put_tally(&p, &hook->other[i]);
	capture_file_put64(&p, hook->syn);
	capture_file_put64(&p, hook->syn_ack);
	capture_file_put64(&p, hook->fin);
	capture_file_put64(&p, hook->rst);
	record_put(record, CAPTURE_FILE_HOOK, payload, sizeof(payload));
	record->next->hook(record->next->data, hook);
}

/* What follows may name it, and what waits may not know of it yet. */
static void on_owner(void *data, const struct sample_owner *owner)
{
	const char *const texts[CAPTURE_FILE_OWNER_TEXTS] = {
		owner->comm,    owner->command,       owner->user,           owner->cgroup,
		owner->runtime, owner->container,     owner->container_name, owner->image,
		owner->pod,     owner->pod_namespace,
	};
	uint8_t payload[CAPTURE_FILE_OWNER_SIZE +
			CAPTURE_FILE_OWNER_TEXTS * (2 + CAPTURE_FILE_TEXT_MAX)];
	struct capture_record *record = data;
	uint8_t *p = payload;

	record_put_batches(record);
	capture_file_put32(&p, owner->number);
	capture_file_put32(&p, owner->pid);
	capture_file_put32(&p, owner->uid);
	capture_file_put32(&p, owner->gone);
	capture_file_put64(&p, owner->start_ns);
	capture_file_put64(&p, owner->cgroup_id);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		capture_file_put_text(&p, texts[i]);
	record_put(record, CAPTURE_FILE_OWNER, payload, (size_t)(p - payload));
	record->next->owner(record->next->data, owner);
}

static void put_socket(uint8_t **p, const struct sample_socket *socket)
{
	unsigned int flags = (socket->estimated ? CAPTURE_FILE_ESTIMATED : 0) |
			     (socket->gone ? CAPTURE_FILE_GONE : 0) |
			     (socket->passed_on ? CAPTURE_FILE_PASSED_ON : 0);

	capture_file_put(p, socket->local, sizeof(socket->local));
	capture_file_put(p, socket->remote, sizeof(socket->remote));
	capture_file_put16(p, socket->lport);
	capture_file_put16(p, socket->rport);
	capture_file_put8(p, socket->family);
	capture_file_put8(p, socket->proto);
	capture_file_put8(p, socket->kind);
	capture_file_put8(p, (uint8_t)flags);
	capture_file_put32(p, socket->netns);
	capture_file_put32(p, socket->owner);
	capture_file_put64(p, socket->cookie);
	capture_file_put64(p, socket->reason);
}

static void on_sockets(void *data, const struct sample_socket *sockets, size_t n_sockets)
{
	uint8_t payload[SOCKETS_AT_ONCE * CAPTURE_FILE_SOCKET_SIZE];
	struct capture_record *record = data;

	record_put_batches(record);
	for (size_t i = 0; i < n_sockets;) {
		uint8_t *p = payload;

		for (size_t n = 0; n < SOCKETS_AT_ONCE && i < n_sockets; n++)
			put_socket(&p, &sockets[i++]);
		record_put(record, CAPTURE_FILE_SOCKETS, payload, (size_t)(p - payload));
	}
	record->next->sockets(record->next->data, sockets, n_sockets);
}

static void on_addr(void *data, const struct sample_addr *addr)
{
	uint8_t payload[CAPTURE_FILE_ADDR_SIZE], *p = payload;
	struct capture_record *record = data;

	record_put_batches(record);
	capture_file_put(&p, addr->addr, sizeof(addr->addr));
	capture_file_put16(&p, (uint16_t)(addr->family | (addr->gone ? 0x100 : 0)));
	capture_file_put16(&p, 0);
	capture_file_put32(&p, addr->netns);
	record_put(record, CAPTURE_FILE_ADDRS, payload, sizeof(payload));
	record->next->addr(record->next->data, addr);
}

static void on_tick(void *data, const struct sample_tick *tick)
{
	struct capture_record *record = data;
	uint8_t payload[CAPTURE_FILE_TICK_SIZE], *p = payload;

	record_put_batches(record);
	capture_file_put64(&p, tick->start_ns);
	capture_file_put64(&p, tick->end_ns);
	capture_file_put64(&p, tick->real_ns);
	capture_file_put32(&p, tick->slots);
	capture_file_put32(&p, tick->slots_used);
	record_put(record, CAPTURE_FILE_TICK, payload, sizeof(payload));
	record_push(record);
	record->next->tick(record->next->data, tick);
}

/* Opens path for writing. A file that is there is taken only when it is regular and empty. */
static int record_open(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	if (fd >= 0)
		return fd;
	if (errno != EEXIST)
		return -errno;

	/* O_NONBLOCK: a FIFO must not hold us up. */
	cleanup(close_fdp) int old = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;

	if (old < 0)
		return errno == EACCES || errno == EPERM || errno == EROFS ? -errno : -EEXIST;
	if (fstat(old, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode) || st.st_size != 0)
		return -EEXIST;
	return take_fd(old);
}

int capture_record_new(const char *path, const struct sample_sink *next,
		       struct capture_record **ret_record)
{
	cleanup(record_freep) struct capture_record *record = calloc(1, sizeof(*record));

	if (!record)
		return -ENOMEM;
	record->fd = record_open(path);
	if (record->fd < 0)
		return record->fd;
	record->next = next;
	record->sink = (struct sample_sink){
		.data = record,
		.iface = on_iface,
		.flows = on_flows,
		.hook = on_hook,
		.tick = on_tick,
		.owner = next->owner ? on_owner : NULL,
		.sockets = next->sockets ? on_sockets : NULL,
		.addr = next->addr ? on_addr : NULL,
	};
	*ret_record = take_ptr(record);
	return 0;
}

const struct sample_sink *capture_record_sink(struct capture_record *record)
{
	return &record->sink;
}

/* Returns how many bytes of the payload of a head were written. */
static size_t head_put(uint8_t *payload, const struct capture_info *info)
{
	const struct capture_owners *owners = capture_owners(info);
	const char *texts[CAPTURE_FILE_HEAD_TEXTS] = {info->backend, info->layer, info->host,
						      info->note, owners->note};
	uint8_t *p = payload;

	capture_file_put32(&p, info->max_flows);
	capture_file_put32(&p, info->netns);
	capture_file_put64(&p, info->start_mono_ns);
	capture_file_put64(&p, info->start_real_ns);
	capture_file_put64(&p, info->map_bytes);
	capture_file_put8(&p, info->owners ? CAPTURE_FILE_OWNERS : 0);
	capture_file_put8(&p, info->owners ? OWNER_KNOWN : owners->reason);
	capture_file_put16(&p, 0);
	capture_file_put32(&p, 0);
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		capture_file_put_text(&p, texts[i]);
	return (size_t)(p - payload);
}

int capture_record_begin(struct capture_record *record, const struct capture_info *info)
{
	uint8_t head[CAPTURE_FILE_START_SIZE + CAPTURE_FILE_RECORD_SIZE + CAPTURE_FILE_HEAD_SIZE +
		     CAPTURE_FILE_HEAD_TEXTS * (2 + CAPTURE_FILE_TEXT_MAX)];
	uint8_t *p = head, *payload = head + CAPTURE_FILE_START_SIZE + CAPTURE_FILE_RECORD_SIZE;
	size_t n = head_put(payload, info);

	if (record->begun)
		return -EALREADY;
	capture_file_put(&p, CAPTURE_FILE_MAGIC, CAPTURE_FILE_MAGIC_SIZE);
	capture_file_put32(&p, CAPTURE_FILE_ORDER);
	capture_file_put16(&p, CAPTURE_FILE_VERSION);
	capture_file_put16(&p, 0);
	record_head(p, CAPTURE_FILE_HEAD, payload, n);
	if (!record->error)
		record->error = write_all(record->fd, head, (size_t)(payload - head) + n);
	record->begun = true;
	record_push(record);
	return record->error;
}

int capture_record_error(const struct capture_record *record)
{
	return record->error;
}

int capture_record_close(struct capture_record *record_)
{
	cleanup(record_freep) struct capture_record *record = record_;

	if (!record)
		return 0;
	record_put_batches(record);
	record_put(record, CAPTURE_FILE_END, NULL, 0);
	record_push(record);
	if (!record->error && fsync(record->fd) < 0)
		record->error = -errno;
	if (close(take_fd(record->fd)) < 0 && !record->error)
		record->error = -errno;
	return record->error;
}
