/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads a recording interval by interval; capture-record.c describes the format. */
#include "config.h"

#include "capture-replay-file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "macro.h"
#include "text.h"

/* What read_record() found; errors are negative. */
enum { RECORD_READ, RECORD_NO_MORE, RECORD_CUT_SHORT };

/* Ends the replay: keeps a sentence that says why and adds it to the note. Returns error. */
ATTR_PRINTF(3, 4)
static int file_end(struct replay_file *file, int error, const char *format, ...)
{
	size_t n = strlen(file->note);
	char what[REPLAY_REASON_MAX];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	(void)snprintf(file->reason, sizeof(file->reason), "%s: %s", file->name, what);
	/* The note begins with the name. */
	(void)snprintf(file->note + n, sizeof(file->note) - n, "%s%s", n > 0 ? "; " : "", what);
	file->done = true;
	file->error = error;
	return error;
}

static int damaged(struct replay_file *file, const struct capture_file_record *record,
		   const char *what)
{
	return file_end(file, -EBADMSG, "damaged recording: %s in the record at byte %" PRIu64,
			what, record->offset);
}

static int read_at(int fd, uint8_t *data, size_t n, uint64_t offset, size_t *ret_n)
{
	size_t got = 0;

	while (got < n) {
		ssize_t r = pread(fd, data + got, n - got, (off_t)(offset + got));

		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return -errno;
		if (r == 0)
			break;
		got += (size_t)r;
	}
	*ret_n = got;
	return 0;
}

/* Reads and checks the record at an offset. RECORD_*, or an error that is in the note already. */
static int read_record(struct replay_file *file, uint64_t offset,
		       struct capture_file_record *ret_record)
{
	uint8_t head[CAPTURE_FILE_RECORD_SIZE];
	const uint8_t *p = head;
	struct capture_file_record record = {.offset = offset, .payload = file->payload};
	size_t n;
	int r = read_at(file->fd, head, sizeof(head), offset, &n);

	if (r == 0 && n == sizeof(head)) {
		record.type = capture_file_get16(&p);
		record.flags = capture_file_get16(&p);
		record.length = capture_file_get32(&p);
		if (record.length > CAPTURE_FILE_PAYLOAD_MAX)
			return damaged(file, &record, "an impossible length");
		r = read_at(file->fd, file->payload, record.length, offset + sizeof(head), &n);
		if (r == 0 && n < record.length)
			return RECORD_CUT_SHORT;
	} else if (r == 0) {
		return n == 0 ? RECORD_NO_MORE : RECORD_CUT_SHORT;
	}
	if (r < 0)
		return file_end(file, r, "cannot read the record at byte %" PRIu64 ": %s", offset,
				strerror(-r));
	if (capture_file_get32(&p) != capture_file_checksum(head, file->payload, record.length))
		return damaged(file, &record, "a wrong checksum");
	*ret_record = record;
	return RECORD_READ;
}

/* 0, or -EBADMSG with the reason in the note. */
static int check_record(struct replay_file *file, const struct capture_file_record *record)
{
	const char *what = capture_file_check(&file->reader, record);

	return what ? damaged(file, record, what) : 0;
}

/* Says how a recording without an end mark ended. Not an error: what was recorded is there. */
static void end_early(struct replay_file *file, uint64_t offset, bool cut_short)
{
	const char *what = cut_short ? "is cut short in the record" : "stops without an end mark";

	if (offset == file->offset)
		(void)file_end(file, 0, "the recording %s at byte %" PRIu64, what, offset);
	else
		(void)file_end(file, 0,
			       "the recording %s at byte %" PRIu64
			       ", the interval that began at byte %" PRIu64 " is left out",
			       what, offset, file->offset);
}

/* At the end mark at offset. */
static int end_properly(struct replay_file *file, uint64_t offset)
{
	struct capture_file_record record;
	int r = read_record(file, offset + CAPTURE_FILE_RECORD_SIZE, &record);

	if (r < 0)
		return r;
	if (r != RECORD_NO_MORE)
		return file_end(file, -EBADMSG,
				"damaged recording: more data behind the end mark at byte %" PRIu64,
				offset);
	if (offset > file->offset)
		return file_end(file, 0,
				"the recording ends within the interval that began at byte "
				"%" PRIu64 ", which is left out",
				file->offset);
	file->done = true;
	return 0;
}

/* Finds the end of the next interval and checks everything up to there. */
static int file_scan(struct replay_file *file)
{
	uint64_t offset = file->offset;

	while (!file->ready && !file->done) {
		struct capture_file_record record;
		int r = read_record(file, offset, &record);

		if (r < 0)
			return r;
		if (r != RECORD_READ) {
			end_early(file, offset, r == RECORD_CUT_SHORT);
			return 0;
		}
		if (record.type == CAPTURE_FILE_END && record.length == 0)
			return end_properly(file, offset);
		r = check_record(file, &record);
		if (r < 0)
			return r;
		offset += CAPTURE_FILE_RECORD_SIZE + record.length;
		file->ready = record.type == CAPTURE_FILE_TICK;
	}
	file->ready_end = offset;
	return 0;
}

/* Delivers every record from file->offset up to end, which file_scan() has checked. */
static int deliver_until(struct replay_file *file, uint64_t end)
{
	while (file->offset < end) {
		struct capture_file_record record;
		int r = read_record(file, file->offset, &record);

		if (r == RECORD_READ)
			r = check_record(file, &record);
		else if (r > 0)
			r = file_end(file, -EBADMSG, "the recording was changed while it was read");
		if (r < 0)
			return r;
		capture_file_deliver(&file->reader, &record, file->sink);
		file->offset += CAPTURE_FILE_RECORD_SIZE + record.length;
	}
	return 0;
}

int replay_file_step(struct replay_file *file)
{
	if (!file->ready)
		return file->error;
	file->ready = false;

	int r = deliver_until(file, file->ready_end);

	/* An error found here is reported by the next step: this interval is whole. */
	if (r == 0)
		(void)file_scan(file);
	return r;
}

static int read_start(struct replay_file *file)
{
	uint8_t start[CAPTURE_FILE_START_SIZE];
	const uint8_t *p = start + CAPTURE_FILE_MAGIC_SIZE;
	size_t n;
	int r = read_at(file->fd, start, sizeof(start), 0, &n);

	if (r < 0)
		return file_end(file, r, "cannot read: %s", strerror(-r));
	if (n == 0)
		return file_end(file, -EBADMSG, "not a recording: the file is empty");
	if (memcmp(start, CAPTURE_FILE_MAGIC, MIN(n, (size_t)CAPTURE_FILE_MAGIC_SIZE)) != 0)
		return file_end(file, -EBADMSG,
				"not a recording: it does not begin with the mark of one at "
				"byte 0");
	if (n < sizeof(start))
		return file_end(file, -EBADMSG, "the recording is cut short at byte %zu", n);

	uint32_t order = capture_file_get32(&p);
	uint16_t version = capture_file_get16(&p);

	if (order == CAPTURE_FILE_ORDER_SWAPPED)
		return file_end(file, -EBADMSG,
				"the recording is in big-endian byte order (byte 8), which is not "
				"supported");
	if (order != CAPTURE_FILE_ORDER)
		return file_end(file, -EBADMSG,
				"damaged recording: wrong mark of the byte order at byte 8");
	if (version != CAPTURE_FILE_VERSION)
		return file_end(file, -EBADMSG,
				"the recording has format version %u (byte 12); this program reads "
				"version %u",
				version, CAPTURE_FILE_VERSION);
	if (capture_file_get16(&p) != 0)
		return file_end(file, -EBADMSG, "damaged recording: byte 14 or 15 is not 0");
	file->offset = sizeof(start);
	return 0;
}

static int read_texts(struct replay_file *file, const struct capture_file_record *record,
		      const uint8_t *p)
{
	const uint8_t *end = record->payload + record->length;

	for (size_t i = 0; i < CAPTURE_FILE_HEAD_TEXTS; i++) {
		const char *text;
		size_t n;

		/* older recordings end here */
		if (p == end && i == CAPTURE_FILE_HEAD_TEXTS - 1)
			break;
		p = capture_file_get_text(p, end, &text, &n);
		if (!p)
			return damaged(file, record, "a text that is too long");
		capture_file_text(file->texts[i], sizeof(file->texts[i]), text, n);
	}
	return p == end ? 0 : damaged(file, record, "bytes behind the last text");
}

/* Why owners are not known, as far as it was recorded. */
static void set_owners(struct replay_file *file, uint8_t reason)
{
	file->owners = *capture_owners(&file->info);
	file->owners.reason = file->info.owners ? OWNER_KNOWN : reason ? reason : OWNER_OFF;
	file->owners.note = file->texts[4];
	file->info.owner_source = &file->owners;
}

static int read_head(struct replay_file *file)
{
	struct capture_info *info = &file->info;
	struct capture_file_record record;
	uint8_t reason;
	int r = read_record(file, file->offset, &record);

	if (r > 0)
		return file_end(file, -EBADMSG,
				"the recording is cut short in its head at byte %" PRIu64,
				file->offset);
	if (r < 0)
		return r;
	if (record.type != CAPTURE_FILE_HEAD || record.length < CAPTURE_FILE_HEAD_SIZE)
		return damaged(file, &record, "something else than the head");

	const uint8_t *p = record.payload;

	info->max_flows = capture_file_get32(&p);
	info->netns = capture_file_get32(&p);
	info->start_mono_ns = capture_file_get64(&p);
	info->start_real_ns = capture_file_get64(&p);
	info->map_bytes = capture_file_get64(&p);
	info->owners = capture_file_get8(&p) & CAPTURE_FILE_OWNERS;
	reason = capture_file_get8(&p);
	p += 6;
	if (reason >= OWNER_REASON_MAX)
		return damaged(file, &record, "an unknown reason");
	if (info->start_mono_ns > INT64_MAX || info->start_real_ns > INT64_MAX)
		return damaged(file, &record, "an impossible time");
	/* It decides how much memory is taken. */
	if (info->max_flows == 0 || info->max_flows > CAPTURE_FLOWS_MAX)
		return damaged(file, &record, "an impossible number of flows");
	r = read_texts(file, &record, p);
	if (r < 0)
		return r;
	info->backend = file->texts[0];
	info->layer = file->texts[1];
	info->host = file->texts[2];
	info->note = file->note;
	set_owners(file, reason);
	(void)snprintf(file->note, sizeof(file->note), "replay of %s%s%s", file->name,
		       file->texts[3][0] ? "; " : "", file->texts[3]);
	file->offset += CAPTURE_FILE_RECORD_SIZE + record.length;
	return 0;
}

/* The interfaces that the recording begins with. */
static int read_ifaces(struct replay_file *file)
{
	for (;;) {
		struct capture_file_record record;
		int r = read_record(file, file->offset, &record);

		/* file_scan() meets the same end again. */
		if (r != RECORD_READ || record.type != CAPTURE_FILE_IFACE)
			return MIN(r, 0);
		r = deliver_until(file, file->offset + CAPTURE_FILE_RECORD_SIZE + record.length);
		if (r < 0)
			return r;
	}
}

static int open_path(struct replay_file *file, const char *path)
{
	const char *base = strrchr(path, '/');
	struct stat st;

	base = base && base[1] ? base + 1 : path;
	text_escape(file->name, sizeof(file->name), base, strlen(base));
	/* O_NONBLOCK: a FIFO must not hold us up. */
	file->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (file->fd < 0 || fstat(file->fd, &st) < 0) {
		int r = -errno;

		return file_end(file, r, "cannot open the recording: %s", strerror(-r));
	}
	if (S_ISDIR(st.st_mode))
		return file_end(file, -EISDIR, "is a directory, not a recording");
	if (!S_ISREG(st.st_mode))
		return file_end(file, -EINVAL, "is not a regular file, as a recording must be");
	return 0;
}

int replay_file_open(struct replay_file *file, const char *path)
{
	int r = open_path(file, path);

	if (r == 0)
		r = read_start(file);
	if (r == 0)
		r = read_head(file);
	if (r == 0)
		r = read_ifaces(file);
	if (r == 0)
		r = file_scan(file);
	return r;
}

void replay_file_done(struct replay_file *file)
{
	close_fdp(&file->fd);
}
