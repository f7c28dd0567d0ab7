/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports as JSON, written piece by piece so that a million flows take no memory. */
#include "config.h"

#include <errno.h>
#include <math.h>
#include <string.h>

#ifdef HAVE_JANSSON
#include <jansson.h>
#endif

#include "capture.h"
#include "filter.h"
#include "flow-table.h"
#include "flow.h"
#include "fmt.h"
#include "geo.h"
#include "macro.h"
#include "owner.h"
#include "report-data.h"
#include "report-json.h"
#include "snapshot.h"
#include "text.h"

#ifdef HAVE_JANSSON

/* Digits of a number that was measured. */
#define PRECISION 12

struct json_out {
	FILE *stream;
	const struct report_data *data;
	bool one_line;
	bool begun; /* the object or array that is open has a member */
	int error;
};

/* Writes a value and frees it. */
static void out_value(struct json_out *out, json_t *value)
{
	size_t flags = JSON_ENCODE_ANY | JSON_REAL_PRECISION(PRECISION);

	if (!value || out->error) {
		if (!out->error)
			out->error = -ENOMEM;
		json_decref(value);
		return;
	}
	if (out->one_line)
		flags |= JSON_COMPACT;
	/* The caller finds errors of the stream. */
	if (json_dumpf(value, out->stream, flags) < 0 && !ferror(out->stream))
		out->error = -ENOMEM;
	json_decref(value);
}

static void out_separator(struct json_out *out, const char *indent)
{
	if (out->begun)
		fputc(',', out->stream);
	if (!out->one_line && (out->begun || indent[1]))
		fprintf(out->stream, "\n%s", indent);
	out->begun = true;
}

static void out_name(struct json_out *out, const char *name)
{
	out_separator(out, " ");
	fprintf(out->stream, "\"%s\":%s", name, out->one_line ? "" : " ");
}

/* A member of the document. name is plain. */
static void out_member(struct json_out *out, const char *name, json_t *value)
{
	out_name(out, name);
	out_value(out, value);
}

static void out_array(struct json_out *out, const char *name)
{
	out_name(out, name);
	fputc('[', out->stream);
	out->begun = false;
}

static void out_element(struct json_out *out, json_t *value)
{
	out_separator(out, "  ");
	out_value(out, value);
}

static void out_array_end(struct json_out *out)
{
	fputc(']', out->stream);
	out->begun = true;
}

static json_t *text_or_null(const char *text)
{
	return text && text[0] ? json_string(text) : json_null();
}

static json_t *integer_or_null(uint64_t value)
{
	return value ? json_integer((json_int_t)value) : json_null();
}

static json_t *number(double value)
{
	return isfinite(value) ? json_real(value) : json_null();
}

json_t *report_json_time(uint64_t real_ns)
{
	char text[FMT_MAX];

	fmt_time(text, sizeof(text), real_ns);
	return json_string(text);
}

static json_t *tally_json(const struct tally *tally)
{
	return json_pack("{s:I, s:I}", "packets", (json_int_t)tally->packets, "bytes",
			 (json_int_t)tally->bytes);
}

static json_t *iface_json(const struct sample_iface *iface)
{
	return json_pack("{s:s, s:o, s:s, s:o, s:o, s:o}", "name", iface->name, "index",
			 integer_or_null(iface->index), "state", report_state_name(iface->state),
			 "attach", text_or_null(iface->attach), "note", text_or_null(iface->note),
			 "speed_bps", integer_or_null(iface->speed_bps));
}

static json_t *other_json(const struct ledger_line *line)
{
	const struct tally sum = report_other(line);

	return json_pack("{s:I, s:I, s:o, s:o, s:o}", "packets", (json_int_t)sum.packets, "bytes",
			 (json_int_t)sum.bytes, "not_ip", tally_json(&line->other[OTHER_NOT_IP]),
			 "malformed", tally_json(&line->other[OTHER_MALFORMED]), "no_room",
			 tally_json(&line->other[OTHER_NO_ROOM]));
}

json_t *report_json_ledger(const struct ledger_line *line)
{
	return json_pack("{s:s, s:s, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o, s:o, s:I, s:I, s:I, "
			 "s:I}",
			 "interface", line->iface->name, "direction",
			 flow_direction((uint8_t)line->direction), "total",
			 tally_json(&line->total), "flows", tally_json(&line->flows), "folded",
			 tally_json(&line->folded), "other", other_json(line), "balanced",
			 line->balanced, "pps", number(line->pps), "bps", number(line->bps),
			 "pps_peak", number(line->peak_pps), "bps_peak", number(line->peak_bps),
			 "syn", (json_int_t)line->syn, "syn_ack", (json_int_t)line->syn_ack, "fin",
			 (json_int_t)line->fin, "rst", (json_int_t)line->rst);
}

static json_t *total_json(const struct ledger_line *line)
{
	if (!line->seen)
		return json_null();
	return json_pack("{s:I, s:I, s:o, s:o}", "packets", (json_int_t)line->total.packets,
			 "bytes", (json_int_t)line->total.bytes, "pps", number(line->pps), "bps",
			 number(line->bps));
}

/* Items separated by commas. */
static json_t *list_json(const char *text)
{
	json_t *list = json_array();

	while (*text) {
		size_t n = strcspn(text, ",");

		if (json_array_append_new(list, json_stringn(text, n)) < 0) {
			json_decref(list);
			return NULL;
		}
		text += n + (text[n] == ',');
	}
	return list;
}

/* What the flows of the row share of their owner; null where some of them have none. */
static json_t *owner_json(const struct row *row)
{
	static const struct {
		const char *name;
		enum owner_text text;
	} texts[] = {
		{"comm", OWNER_COMM},
		{"command", OWNER_COMMAND},
		{"user", OWNER_USER},
		{"cgroup", OWNER_CGROUP},
		{"runtime", OWNER_RUNTIME},
		{"container_id", OWNER_CONTAINER},
		{"container", OWNER_CONTAINER_NAME},
		{"image", OWNER_IMAGE},
		{"pod", OWNER_POD},
		{"pod_namespace", OWNER_POD_NAMESPACE},
	};
	const struct owner *owner = row->owner;
	bool has_uid;
	json_t *object;
	int r;

	if (!owner)
		return json_null();
	has_uid = row->owner_same & ROW_SAME_UID && owner->uid != OWNER_UID_NONE;
	object = json_pack("{s:o, s:o, s:b}", "pid",
			   integer_or_null(row->owner_same & ROW_SAME_PID ? owner->pid : 0), "uid",
			   has_uid ? json_integer(owner->uid) : json_null(), "estimated",
			   row->owner_estimated);
	r = object ? 0 : -1;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		bool same = row->owner_same >> texts[i].text & 1;

		r |= json_object_set_new_nocheck(
			object, texts[i].name,
			text_or_null(same ? owner->text[texts[i].text] : NULL));
	}
	if (r == 0)
		return object;
	json_decref(object);
	return NULL;
}

static json_t *owners_json(const struct report_data *data)
{
	const struct owner_stats *owners = &data->owners;
	const struct capture_info *info = data->input->info;
	const struct capture_owners *source = capture_owners(info);
	const struct {
		const char *name;
		uint64_t n;
	} counts[] = {
		{"processes", owners->n_owners},
		{"sockets", owners->n_sockets},
		{"addresses", owners->n_addrs},
		{"processes_refused", owners->owners_refused + source->n_refused},
		{"processes_dropped", owners->owners_dropped},
		{"sockets_refused", owners->sockets_refused},
		{"sockets_dropped", owners->sockets_dropped},
		{"sockets_evicted", source->n_evicted},
		{"addresses_refused", owners->addrs_refused},
		{"texts_refused", owners->texts_refused},
		{"reports_lost", source->n_lost},
	};
	json_t *object = json_pack("{s:b, s:o, s:o}", "looked_for", info->owners, "reason",
				   info->owners ? json_null()
						: json_string(owner_reason_text(source->reason)),
				   "note", text_or_null(source->note));
	int r = object ? 0 : -1;

	for (size_t i = 0; i < ARRAY_SIZE(counts); i++)
		r |= json_object_set_new_nocheck(object, counts[i].name,
						 json_integer((json_int_t)counts[i].n));
	if (r == 0)
		return object;
	json_decref(object);
	return NULL;
}

json_t *report_json_column(enum column_id id, const struct row *row)
{
	const struct column *column = &column_table[id];
	struct column_value value = {0};

	if (id == COLUMN_OWNER)
		return owner_json(row);
	column->value(row, &value);
	if (value.null)
		return json_null();
	if (id == COLUMN_ELSEWHERE || id == COLUMN_OWNER_ESTIMATED)
		return json_boolean(value.integer);
	if (column->type == COLUMN_INTEGER)
		return json_integer(value.integer);
	if (column->type == COLUMN_NUMBER)
		return number(value.number);
	if (column->type == COLUMN_LIST)
		return list_json(value.text);
	return json_string(value.longer ? value.longer : value.text);
}

static json_t *row_json(const struct report_data *data, const struct row *row)
{
	json_t *object = json_object();
	int r = object ? 0 : -1;

	for (size_t i = 0; i < data->n_columns; i++) {
		enum column_id id = data->columns[i];

		r |= json_object_set_new_nocheck(object, column_table[id].name,
						 report_json_column(id, row));
	}
	if (!data->config->columns) {
		r |= json_object_set_new_nocheck(
			object, "time_flow_start_ns",
			json_integer((json_int_t)row->first_ns + data->real_offset_ns));
		r |= json_object_set_new_nocheck(
			object, "time_flow_end_ns",
			json_integer((json_int_t)row->last_ns + data->real_offset_ns));
	}
	if (report_has_folded(data) && (!data->config->columns || row->key->open))
		r |= json_object_set_new_nocheck(object, "folded", json_boolean(row->key->open));
	if (r == 0)
		return object;
	json_decref(object);
	return NULL;
}

/* The text as it is where it is UTF-8, which JSON has to be. */
static void put_filter(struct json_out *out)
{
	const struct snapshot_part *passed = snapshot_passed(out->data->snapshot);
	const char *text = filter_text(out->data->config->filter);
	char clean[4 * FILTER_LENGTH_MAX];
	json_t *value = json_string(text);

	if (!value) {
		(void)text_clean(clean, sizeof(clean), text, (size_t)-1);
		value = json_string(clean);
	}
	out_member(out, "filter", value);
	out_member(out, "passed",
		   json_pack("{s:I, s:I, s:I}", "flows", (json_int_t)passed->n_flows, "packets",
			     (json_int_t)passed->packets, "bytes", (json_int_t)passed->bytes));
}

static void put_head(struct json_out *out)
{
	const struct report_data *data = out->data;
	const struct capture_info *info = data->input->info;
	bool ticked = ledger_n_ticks(data->input->ledger) > 0;

	out_member(out, "schema", json_string("pktop/1"));
	out_member(out, "host", json_string(info->host));
	out_member(out, "backend", json_string(info->backend));
	out_member(out, "layer", json_string(info->layer));
	out_member(out, "note", text_or_null(info->note));
	out_member(out, "start", report_json_time(data->start_real_ns));
	out_member(out, "end", report_json_time(data->end_real_ns));
	out_member(out, "duration_s", number(data->seconds));
	out_member(out, "interval_s",
		   ticked ? number((double)(data->tick.end_ns - data->tick.start_ns) / NSEC_PER_SEC)
			  : json_null());
	out_member(out, "rates", json_string(data->config->periodic ? "interval" : "run"));
	if (data->config->filter)
		put_filter(out);
}

static json_t *places_json(const struct geo *geo)
{
	json_t *files = json_array();
	int r = files ? 0 : -1;

	for (size_t i = 0; i < geo_n_files(geo); i++) {
		struct geo_file file;

		geo_get_file(geo, i, &file);
		r |= json_array_append_new(files, json_string(file.type));
	}
	if (r == 0)
		return json_pack("{s:o, s:I}", "files", files, "refused",
				 (json_int_t)geo_refused(geo));
	json_decref(files);
	return NULL;
}

static void put_books(struct json_out *out)
{
	const struct report_data *data = out->data;
	const struct ledger *ledger = data->input->ledger;
	size_t n_slots = ledger_n_slots(ledger);

	out_array(out, "interfaces");
	for (size_t i = 0; i < n_slots; i++) {
		const struct sample_iface *iface = ledger_get_iface(ledger, (uint16_t)i);

		if (iface)
			out_element(out, iface_json(iface));
	}
	out_array_end(out);
	out_array(out, "ledger");
	for (size_t i = 0; i < n_slots * DIRECTION_MAX; i++) {
		struct ledger_line line;

		if (report_line(data, (uint16_t)(i / DIRECTION_MAX),
				(enum direction)(i % DIRECTION_MAX), &line))
			out_element(out, report_json_ledger(&line));
	}
	out_array_end(out);
	out_member(out, "totals",
		   json_pack("{s:o, s:o, s:o, s:b, s:I}", "in",
			     total_json(&data->totals[DIRECTION_IN]), "out",
			     total_json(&data->totals[DIRECTION_OUT]), "both",
			     total_json(&data->totals[DIRECTION_MAX]), "overlap",
			     data->n_elsewhere > 0, "flows_elsewhere",
			     (json_int_t)data->n_elsewhere));
	out_member(out, "capacity",
		   json_pack("{s:I, s:I, s:I}", "max_flows",
			     (json_int_t)flow_table_capacity(data->input->table), "flows",
			     (json_int_t)data->n_flows, "evicted",
			     (json_int_t)flow_table_evicted(data->input->table)));
	out_member(out, "owners", owners_json(data));
	if (flow_table_geo(data->input->table))
		out_member(out, "places", places_json(flow_table_geo(data->input->table)));
}

int report_json_write(FILE *stream, const struct report_data *data)
{
	struct json_out out = {.stream = stream, .data = data, .one_line = data->config->periodic};

	fputc('{', stream);
	put_head(&out);
	put_books(&out);
	if (data->config->top > 0)
		out_member(&out, "rows_left_out", json_integer((json_int_t)data->n_left));
	out_array(&out, report_has_folded(data) ? "flows" : "groups");
	for (size_t i = 0; i < data->n_rows && !out.error && !ferror(stream); i++) {
		struct row row;

		report_row(data, i, &row);
		out_element(&out, row_json(data, &row));
	}
	out_array_end(&out);
	fputs("}\n", stream);
	return out.error;
}

#else

int report_json_write(FILE *stream, const struct report_data *data)
{
	(void)stream;
	(void)data;
	return -ENOTSUP;
}

#endif
