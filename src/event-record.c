/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Writes records: every member once, as JSON or as text. */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdarg.h>
#include <string.h>

#ifdef HAVE_JANSSON
#include <jansson.h>
#endif

#include "event-data.h"
#include "flow-place.h"
#include "event-sink.h"
#include "flow.h"
#include "fmt.h"
#include "macro.h"
#include "owner.h"
#include "report-json.h"

#ifdef HAVE_JANSSON

#define PRECISION 12

/* Takes the value. What cannot be added is missed at the end of the record. */
static void set(struct event_stream *stream, const char *name, json_t *value)
{
	if (json_object_set_new_nocheck(stream->object, name, value) < 0) {
		json_decref(stream->object);
		stream->object = NULL;
	}
}

static void json_begin(struct event_stream *stream, const char *type, uint64_t real_ns)
{
	stream->object = json_pack("{s:s, s:o, s:I}", "type", type, "time",
				   report_json_time(real_ns), "time_ns", (json_int_t)real_ns);
}

static void json_text(struct event_stream *stream, const char *name, const char *text)
{
	set(stream, name, text ? json_string(text) : json_null());
}

static void json_number(struct event_stream *stream, const char *name, uint64_t value)
{
	set(stream, name, json_integer((json_int_t)value));
}

static void json_measure(struct event_stream *stream, const char *name, double value)
{
	set(stream, name, json_real(value));
}

static void json_bool(struct event_stream *stream, const char *name, bool value)
{
	set(stream, name, json_boolean(value));
}

static void json_list(struct event_stream *stream, const char *name, const char *const *texts,
		      size_t n_texts)
{
	json_t *list = json_array();
	int r = 0;

	for (size_t i = 0; i < n_texts; i++)
		r |= json_array_append_new(list, json_string(texts[i]));
	if (r < 0) {
		json_decref(list);
		list = NULL;
	}
	set(stream, name, list);
}

void event_put_columns(struct event_stream *stream, const enum column_id *ids, size_t n_ids,
		       const struct row *row)
{
	for (size_t i = 0; i < n_ids && stream->config.json; i++) {
		const struct column *column = &column_table[ids[i]];

		if (!(column->needs & ROW_PLACE) || !flow_place_off())
			set(stream, column->name, report_json_column(ids[i], row));
	}
}

void event_list_begin(struct event_stream *stream, const char *name)
{
	stream->list = json_array();
	set(stream, name, stream->list);
	if (!stream->object) /* and the list is gone */
		stream->list = NULL;
}

void event_item_begin(struct event_stream *stream)
{
	stream->outer = stream->object;
	stream->object = json_object();
}

void event_item_end(struct event_stream *stream)
{
	if (json_array_append_new(stream->list, stream->object) < 0) {
		json_decref(stream->outer);
		stream->outer = NULL;
	}
	stream->object = stream->outer;
}

void event_list_end(struct event_stream *stream)
{
	stream->list = NULL;
}

static void json_ledger(struct event_stream *stream, const struct ledger_line *line)
{
	json_t *object = report_json_ledger(line);

	if (json_object_update(stream->object, object) < 0) {
		json_decref(stream->object);
		stream->object = NULL;
	}
	json_decref(object);
}

static void json_owner(struct event_stream *stream, const char *name, const struct row *row)
{
	if (stream->config.json)
		set(stream, name, report_json_column(COLUMN_OWNER, row));
}

/* Not json_dumpf(), which hands over each quote and comma for itself. */
static int json_end(struct event_stream *stream)
{
	const size_t flags = JSON_COMPACT | JSON_REAL_PRECISION(PRECISION);
	size_t size = stream->object ? json_dumpb(stream->object, stream->json, stream->json_size,
						  flags)
				     : 0;

	if (size > stream->json_size) {
		char *larger = realloc(stream->json, size);

		if (larger) {
			stream->json = larger;
			stream->json_size = size;
			(void)json_dumpb(stream->object, larger, size, flags);
		} else {
			size = 0;
		}
	}
	json_decref(stream->object);
	stream->object = NULL;
	return fwrite(stream->json, 1, size, stream->record) == size && size ? 0 : -ENOMEM;
}

#else /* event_stream_new() refuses JSON */

#define json_begin(...) ((void)0)
#define json_text(...) ((void)0)
#define json_number(...) ((void)0)
#define json_measure(...) ((void)0)
#define json_bool(...) ((void)0)
#define json_list(...) ((void)0)
#define json_ledger(...) ((void)0)
#define json_owner(...) ((void)0)
#define json_end(...) (-ENOTSUP)

void event_list_begin(struct event_stream *stream ATTR_UNUSED, const char *name ATTR_UNUSED)
{
}

void event_item_begin(struct event_stream *stream ATTR_UNUSED)
{
}

void event_item_end(struct event_stream *stream ATTR_UNUSED)
{
}

void event_list_end(struct event_stream *stream ATTR_UNUSED)
{
}

void event_put_columns(struct event_stream *stream ATTR_UNUSED,
		       const enum column_id *ids ATTR_UNUSED, size_t n_ids ATTR_UNUSED,
		       const struct row *row ATTR_UNUSED)
{
}

#endif

void event_record_begin(struct event_stream *stream, const char *type, uint64_t real_ns)
{
	char text[FMT_MAX];

	if (stream->config.json) {
		json_begin(stream, type, real_ns);
		return;
	}
	fmt_clock(text, sizeof(text), real_ns);
	fprintf(stream->record, "[%s] ", text);
	for (; *type; type++)
		fputc(toupper((unsigned char)*type), stream->record);
}

void event_put_words(struct event_stream *stream, const char *format, ...)
{
	va_list args;

	if (stream->config.json)
		return;
	va_start(args, format);
	(void)vfprintf(stream->record, format, args);
	va_end(args);
}

/* In quotes where it could be taken for more than one word. */
static void put_word(FILE *record, const char *text)
{
	bool quoted = !*text || strpbrk(text, " \"=,");

	if (quoted)
		fputc('"', record);
	for (; *text; text++) {
		if (*text == '"')
			fputc('\\', record);
		fputc(*text, record);
	}
	if (quoted)
		fputc('"', record);
}

void event_put_text(struct event_stream *stream, const char *name, const char *text)
{
	if (stream->config.json) {
		json_text(stream, name, text);
	} else if (text) {
		fprintf(stream->record, " %s=", name);
		put_word(stream->record, text);
	}
}

void event_put_number(struct event_stream *stream, const char *name, uint64_t value)
{
	if (stream->config.json)
		json_number(stream, name, value);
	else
		fprintf(stream->record, " %s=%" PRIu64, name, value);
}

/* As text to the microsecond, never with an exponent. */
static void put_measure(struct event_stream *stream, const char *name, double value, int decimals)
{
	if (stream->config.json)
		json_measure(stream, name, value);
	else
		fprintf(stream->record, " %s=%.*f", name, decimals, value);
}

void event_put_seconds(struct event_stream *stream, const char *name, uint64_t ns)
{
	put_measure(stream, name, (double)ns / NSEC_PER_SEC, 6);
}

void event_put_milliseconds(struct event_stream *stream, const char *name, uint64_t ns)
{
	put_measure(stream, name, (double)ns / NSEC_PER_MSEC, 3);
}

void event_put_bool(struct event_stream *stream, const char *name, bool value)
{
	if (stream->config.json)
		json_bool(stream, name, value);
	else if (value)
		fprintf(stream->record, " %s", name);
}

void event_put_null(struct event_stream *stream, const char *name)
{
	event_put_text(stream, name, NULL);
}

void event_put_list(struct event_stream *stream, const char *name, const char *const *texts,
		    size_t n_texts)
{
	if (stream->config.json) {
		json_list(stream, name, texts, n_texts);
		return;
	}
	for (size_t i = 0; i < n_texts; i++) {
		if (i)
			fputc(',', stream->record);
		else
			fprintf(stream->record, " %s=", name);
		put_word(stream->record, texts[i]);
	}
}

static void put_tally(struct event_stream *stream, const char *name, const struct tally *tally)
{
	event_put_words(stream, " %s=%" PRIu64 "/%" PRIu64, name, tally->packets, tally->bytes);
}

void event_put_ledger(struct event_stream *stream, const struct ledger_line *line)
{
	struct tally other = {0};

	if (stream->config.json) {
		json_ledger(stream, line);
		return;
	}
	for (size_t i = 0; i < OTHER_MAX; i++)
		tally_add(&other, &line->other[i]);
	event_put_words(stream, " %s %s", line->iface->name,
			flow_direction((uint8_t)line->direction));
	put_tally(stream, "total", &line->total);
	put_tally(stream, "flows", &line->flows);
	put_tally(stream, "folded", &line->folded);
	put_tally(stream, "other", &other);
}

void event_put_ends(struct event_stream *stream, const struct row *row)
{
	static const enum column_id ids[] = {
		COLUMN_IFACE,    COLUMN_DIRECTION, COLUMN_PROTO,    COLUMN_SRC_ADDR,
		COLUMN_SRC_PORT, COLUMN_DST_ADDR,  COLUMN_DST_PORT,
	};
	char src[FLOW_TEXT_MAX], dst[FLOW_TEXT_MAX];

	event_put_columns(stream, ids, ARRAY_SIZE(ids), row);
	flow_endpoint(src, sizeof(src), row->key, SIDE_SRC);
	flow_endpoint(dst, sizeof(dst), row->key, SIDE_DST);
	event_put_words(stream, " %s -> %s", src, dst);
}

void event_put_owner(struct event_stream *stream, const char *name, const struct row *row)
{
	char text[2 * OWNER_TEXT_SIZE];

	json_owner(stream, name, row);
	if (stream->config.json || !row->owner)
		return;
	owner_label(text, sizeof(text), row->owner);
	event_put_words(stream, " %s=\"%s%s\"", name, row->owner_estimated ? "~" : "", text);
	if (owner_pod(text, sizeof(text), row->owner) > 0)
		event_put_words(stream, " %s_pod=%s", name, text);
}

static int record_end(struct event_stream *stream,
		      int (*put)(struct event_sinks *sinks, const char *record, size_t size))
{
	int r = stream->config.json ? json_end(stream) : 0;

	fputc('\n', stream->record);
	if (fflush(stream->record) < 0 || ferror(stream->record))
		r = -ENOMEM;
	if (r == 0)
		r = put(stream->sinks, stream->text, stream->size);
	rewind(stream->record);
	return r;
}

int event_record_end(struct event_stream *stream)
{
	return record_end(stream, event_sinks_put);
}

int event_head_end(struct event_stream *stream)
{
	return record_end(stream, event_sinks_begin);
}

int event_end(struct event_stream *stream)
{
	int r = event_record_end(stream);

	stream->n_events++;
	if (stream->config.max_events && stream->n_events >= stream->config.max_events)
		stream->ended = true;
	return r;
}
