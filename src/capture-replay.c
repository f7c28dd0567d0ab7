/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The back end that reads a recording; capture-record.c describes the format. */
#include "config.h"

#include "capture-replay.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "capture-file.h"
#include "capture.h"
#include "cleanup.h"
#include "loop.h"
#include "macro.h"
#include "sample.h"
#include "text.h"

#define REASON_MAX 256

/* What read_record() found; errors are negative. */
enum { RECORD_READ, RECORD_NO_MORE, RECORD_CUT_SHORT };

struct replay {
	struct capture capture;
	struct capture_info info;
	const struct sample_sink *sink;
	struct loop_source *timer; /* paced */
	int fd;
	int error; /* why no more can be read */
	bool paced;
	bool done;
	uint64_t offset; /* of the first record that was not delivered */
	/* The next interval, checked: its records lie between offset and ready_end. */
	bool ready;
	uint64_t ready_end;
	struct capture_file_reader reader;
	char name[NAME_MAX + 1]; /* of the file, escaped */
	char texts[CAPTURE_FILE_HEAD_TEXTS][CAPTURE_FILE_TEXT_MAX + 1];
	char reason[NAME_MAX + REASON_MAX + 4];
	char note[NAME_MAX + CAPTURE_FILE_TEXT_MAX + REASON_MAX +
		  16]; /* name, recorded note, reason */
	uint8_t payload[CAPTURE_FILE_PAYLOAD_MAX];
};

static void replay_free(struct replay *replay)
{
	loop_remove(replay->timer);
	close_fdp(&replay->fd);
	free(replay);
}
DEFINE_CLEANUP(struct replay *, replay_free);

/* Ends the replay: keeps a sentence that says why and adds it to the note. Returns error. */
ATTR_PRINTF(3, 4)
static int replay_end(struct replay *replay, int error, const char *format, ...)
{
	size_t n = strlen(replay->note);
	char what[REASON_MAX];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(what, sizeof(what), format, args);
	va_end(args);
	(void)snprintf(replay->reason, sizeof(replay->reason), "%s: %s", replay->name, what);
	/* The note begins with the name. */
	(void)snprintf(replay->note + n, sizeof(replay->note) - n, "%s%s", n > 0 ? "; " : "", what);
	replay->done = true;
	replay->error = error;
	return error;
}

static int damaged(struct replay *replay, const struct capture_file_record *record,
		   const char *what)
{
	return replay_end(replay, -EBADMSG, "damaged recording: %s in the record at byte %" PRIu64,
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
static int read_record(struct replay *replay, uint64_t offset,
		       struct capture_file_record *ret_record)
{
	uint8_t head[CAPTURE_FILE_RECORD_SIZE];
	const uint8_t *p = head;
	struct capture_file_record record = {.offset = offset, .payload = replay->payload};
	size_t n;
	int r = read_at(replay->fd, head, sizeof(head), offset, &n);

	if (r == 0 && n == sizeof(head)) {
		record.type = capture_file_get16(&p);
		record.flags = capture_file_get16(&p);
		record.length = capture_file_get32(&p);
		if (record.length > CAPTURE_FILE_PAYLOAD_MAX)
			return damaged(replay, &record, "an impossible length");
		r = read_at(replay->fd, replay->payload, record.length, offset + sizeof(head), &n);
		if (r == 0 && n < record.length)
			return RECORD_CUT_SHORT;
	} else if (r == 0) {
		return n == 0 ? RECORD_NO_MORE : RECORD_CUT_SHORT;
	}
	if (r < 0)
		return replay_end(replay, r, "cannot read the record at byte %" PRIu64 ": %s",
				  offset, strerror(-r));
	if (capture_file_get32(&p) != capture_file_checksum(head, replay->payload, record.length))
		return damaged(replay, &record, "a wrong checksum");
	*ret_record = record;
	return RECORD_READ;
}

/* 0, or -EBADMSG with the reason in the note. */
static int check_record(struct replay *replay, const struct capture_file_record *record)
{
	const char *what = capture_file_check(&replay->reader, record);

	return what ? damaged(replay, record, what) : 0;
}

/* Says how a recording without an end mark ended. Not an error: what was recorded is there. */
static void end_early(struct replay *replay, uint64_t offset, bool cut_short)
{
	const char *what = cut_short ? "is cut short in the record" : "stops without an end mark";

	if (offset == replay->offset)
		(void)replay_end(replay, 0, "the recording %s at byte %" PRIu64, what, offset);
	else
		(void)replay_end(replay, 0,
				 "the recording %s at byte %" PRIu64
				 ", the interval that began at byte %" PRIu64 " is left out",
				 what, offset, replay->offset);
}

/* At the end mark at offset. */
static int end_properly(struct replay *replay, uint64_t offset)
{
	struct capture_file_record record;
	int r = read_record(replay, offset + CAPTURE_FILE_RECORD_SIZE, &record);

	if (r < 0)
		return r;
	if (r != RECORD_NO_MORE)
		return replay_end(
			replay, -EBADMSG,
			"damaged recording: more data behind the end mark at byte %" PRIu64,
			offset);
	if (offset > replay->offset)
		return replay_end(replay, 0,
				  "the recording ends within the interval that began at byte "
				  "%" PRIu64 ", which is left out",
				  replay->offset);
	replay->done = true;
	return 0;
}

/* Finds the end of the next interval and checks everything up to there. */
static int replay_scan(struct replay *replay)
{
	uint64_t offset = replay->offset;

	while (!replay->ready && !replay->done) {
		struct capture_file_record record;
		int r = read_record(replay, offset, &record);

		if (r < 0)
			return r;
		if (r != RECORD_READ) {
			end_early(replay, offset, r == RECORD_CUT_SHORT);
			return 0;
		}
		if (record.type == CAPTURE_FILE_END && record.length == 0)
			return end_properly(replay, offset);
		r = check_record(replay, &record);
		if (r < 0)
			return r;
		offset += CAPTURE_FILE_RECORD_SIZE + record.length;
		replay->ready = record.type == CAPTURE_FILE_TICK;
	}
	replay->ready_end = offset;
	return 0;
}

/* Delivers every record from replay->offset up to end, which replay_scan() has checked. */
static int deliver_until(struct replay *replay, uint64_t end)
{
	while (replay->offset < end) {
		struct capture_file_record record;
		int r = read_record(replay, replay->offset, &record);

		if (r == RECORD_READ)
			r = check_record(replay, &record);
		else if (r > 0)
			r = replay_end(replay, -EBADMSG,
				       "the recording was changed while it was read");
		if (r < 0)
			return r;
		capture_file_deliver(&replay->reader, &record, replay->sink);
		replay->offset += CAPTURE_FILE_RECORD_SIZE + record.length;
	}
	return 0;
}

/* Delivers the next interval and looks for the one after it. */
static int replay_step(struct replay *replay)
{
	if (!replay->ready)
		return replay->error;
	replay->ready = false;

	int r = deliver_until(replay, replay->ready_end);

	/* An error found here is reported by the next step: this interval is whole. */
	if (r == 0)
		(void)replay_scan(replay);
	return r;
}

static int on_timer(void *data, uint64_t n_expired);

/* Asks for the time of the next interval; never 0, which would stop the timer. */
static int replay_pace(struct replay *replay, struct loop *loop)
{
	const struct sample_tick *tick = &replay->reader.tick;
	uint64_t from = MAX(replay->reader.last_end_ns, replay->info.start_mono_ns);
	uint64_t wait = tick->end_ns > from ? tick->end_ns - from : 1;

	if (!replay->timer)
		return loop_add_timer(loop, wait, 0, on_timer, replay, &replay->timer);
	return loop_set_timer(replay->timer, wait, 0);
}

static int on_timer(void *data, uint64_t n_expired)
{
	struct replay *replay = data;

	(void)n_expired;
	/* A damaged file ends the replay, not the program: the note says why. */
	(void)replay_step(replay);
	return replay->ready ? replay_pace(replay, NULL) : 0;
}

static int read_start(struct replay *replay)
{
	uint8_t start[CAPTURE_FILE_START_SIZE];
	const uint8_t *p = start + CAPTURE_FILE_MAGIC_SIZE;
	size_t n;
	int r = read_at(replay->fd, start, sizeof(start), 0, &n);

	if (r < 0)
		return replay_end(replay, r, "cannot read: %s", strerror(-r));
	if (n == 0)
		return replay_end(replay, -EBADMSG, "not a recording: the file is empty");
	if (memcmp(start, CAPTURE_FILE_MAGIC, MIN(n, (size_t)CAPTURE_FILE_MAGIC_SIZE)) != 0)
		return replay_end(replay, -EBADMSG,
				  "not a recording: it does not begin with the mark of one at "
				  "byte 0");
	if (n < sizeof(start))
		return replay_end(replay, -EBADMSG, "the recording is cut short at byte %zu", n);

	uint32_t order = capture_file_get32(&p);
	uint16_t version = capture_file_get16(&p);

	if (order == CAPTURE_FILE_ORDER_SWAPPED)
		return replay_end(
			replay, -EBADMSG,
			"the recording is in big-endian byte order (byte 8), which is not "
			"supported");
	if (order != CAPTURE_FILE_ORDER)
		return replay_end(replay, -EBADMSG,
				  "damaged recording: wrong mark of the byte order at byte 8");
	if (version != CAPTURE_FILE_VERSION)
		return replay_end(
			replay, -EBADMSG,
			"the recording has format version %u (byte 12); this program reads "
			"version %u",
			version, CAPTURE_FILE_VERSION);
	if (capture_file_get16(&p) != 0)
		return replay_end(replay, -EBADMSG, "damaged recording: byte 14 or 15 is not 0");
	replay->offset = sizeof(start);
	return 0;
}

static int read_texts(struct replay *replay, const struct capture_file_record *record,
		      const uint8_t *p)
{
	const uint8_t *end = record->payload + record->length;

	for (size_t i = 0; i < CAPTURE_FILE_HEAD_TEXTS; i++) {
		size_t n = end - p >= 2 ? capture_file_get16(&p) : SIZE_MAX;

		if (n > (size_t)(end - p) || n > CAPTURE_FILE_TEXT_MAX)
			return damaged(replay, record, "a text that is too long");
		capture_file_text(replay->texts[i], sizeof(replay->texts[i]), (const char *)p, n);
		p += n;
	}
	return p == end ? 0 : damaged(replay, record, "bytes behind the last text");
}

static int read_head(struct replay *replay)
{
	struct capture_info *info = &replay->info;
	struct capture_file_record record;
	int r = read_record(replay, replay->offset, &record);

	if (r > 0)
		return replay_end(replay, -EBADMSG,
				  "the recording is cut short in its head at byte %" PRIu64,
				  replay->offset);
	if (r < 0)
		return r;
	if (record.type != CAPTURE_FILE_HEAD || record.length < CAPTURE_FILE_HEAD_SIZE)
		return damaged(replay, &record, "something else than the head");

	const uint8_t *p = record.payload;

	info->max_flows = capture_file_get32(&p);
	p += 4;
	info->start_mono_ns = capture_file_get64(&p);
	info->start_real_ns = capture_file_get64(&p);
	info->map_bytes = capture_file_get64(&p);
	if (info->start_mono_ns > INT64_MAX || info->start_real_ns > INT64_MAX)
		return damaged(replay, &record, "an impossible time");
	/* It decides how much memory is taken. */
	if (info->max_flows == 0 || info->max_flows > CAPTURE_FLOWS_MAX)
		return damaged(replay, &record, "an impossible number of flows");
	r = read_texts(replay, &record, p);
	if (r < 0)
		return r;
	info->backend = replay->texts[0];
	info->layer = replay->texts[1];
	info->host = replay->texts[2];
	info->note = replay->note;
	(void)snprintf(replay->note, sizeof(replay->note), "replay of %s%s%s", replay->name,
		       replay->texts[3][0] ? "; " : "", replay->texts[3]);
	replay->offset += CAPTURE_FILE_RECORD_SIZE + record.length;
	return 0;
}

/* The interfaces that the recording begins with. */
static int read_ifaces(struct replay *replay)
{
	for (;;) {
		struct capture_file_record record;
		int r = read_record(replay, replay->offset, &record);

		/* replay_scan() meets the same end again. */
		if (r != RECORD_READ || record.type != CAPTURE_FILE_IFACE)
			return MIN(r, 0);
		r = deliver_until(replay,
				  replay->offset + CAPTURE_FILE_RECORD_SIZE + record.length);
		if (r < 0)
			return r;
	}
}

static int open_file(struct replay *replay, const char *path)
{
	const char *base = strrchr(path, '/');
	struct stat st;

	base = base && base[1] ? base + 1 : path;
	text_escape(replay->name, sizeof(replay->name), base, strlen(base));
	/* O_NONBLOCK: a FIFO must not hold us up. */
	replay->fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (replay->fd < 0 || fstat(replay->fd, &st) < 0) {
		int r = -errno;

		return replay_end(replay, r, "cannot open the recording: %s", strerror(-r));
	}
	if (S_ISDIR(st.st_mode))
		return replay_end(replay, -EISDIR, "is a directory, not a recording");
	if (!S_ISREG(st.st_mode))
		return replay_end(replay, -EINVAL, "is not a regular file, as a recording must be");
	return 0;
}

static int open_recording(struct replay *replay, const char *path)
{
	int r = open_file(replay, path);

	if (r == 0)
		r = read_start(replay);
	if (r == 0)
		r = read_head(replay);
	if (r == 0)
		r = read_ifaces(replay);
	if (r == 0)
		r = replay_scan(replay);
	return r;
}

static int replay_open(const struct capture_config *config, struct loop *loop,
		       const struct sample_sink *sink, struct capture **ret_capture, char *error,
		       size_t error_size)
{
	cleanup(replay_freep) struct replay *replay = calloc(1, sizeof(*replay));
	int r;

	if (!replay) {
		(void)snprintf(error, error_size, "no memory for the replay");
		return -ENOMEM;
	}
	replay->fd = -1;
	replay->capture.ops = &capture_replay_ops;
	replay->sink = sink;
	replay->paced = config->paced;
	if (!config->file) {
		(void)snprintf(error, error_size, "replay needs the file of a recording");
		return -EINVAL;
	}
	r = open_recording(replay, config->file);
	if (r < 0) {
		(void)snprintf(error, error_size, "%s", replay->reason);
		return r;
	}
	if (config->max_flows > 0)
		replay->info.max_flows = config->max_flows;
	if (replay->paced && replay->ready)
		r = replay_pace(replay, loop);
	if (r < 0) {
		(void)snprintf(error, error_size, "cannot set a timer: %s", strerror(-r));
		return r;
	}
	*ret_capture = &take_ptr(replay)->capture;
	return 0;
}

static struct replay *replay_of(struct capture *capture)
{
	return (struct replay *)capture; /* its first member */
}

static int replay_tick(struct capture *capture)
{
	struct replay *replay = replay_of(capture);

	return replay->paced ? 0 : replay_step(replay);
}

static int replay_finish(struct capture *capture)
{
	struct replay *replay = replay_of(capture);

	while (!replay->paced && replay->ready) {
		int r = replay_step(replay);

		if (r < 0)
			return r;
	}
	return replay->error;
}

static void replay_close(struct capture *capture)
{
	if (capture)
		replay_free(replay_of(capture));
}

static const struct capture_info *replay_info(const struct capture *capture)
{
	return &((const struct replay *)capture)->info;
}

bool capture_replay_done(const struct capture *capture)
{
	const struct replay *replay = (const struct replay *)capture;

	return replay->done && !replay->ready;
}

const char *capture_replay_reason(const struct capture *capture)
{
	return ((const struct replay *)capture)->reason;
}

const struct capture_ops capture_replay_ops = {
	.name = "replay",
	.title = "recorded file",
	.help = "shows what --record wrote; needs no privileges",
	.open = replay_open,
	.tick = replay_tick,
	.finish = replay_finish,
	.close = replay_close,
	.info = replay_info,
};
