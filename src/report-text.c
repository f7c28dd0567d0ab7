/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports as text for people. */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "cleanup.h"
#include "filter.h"
#include "flow-place.h"
#include "flow-table.h"
#include "flow.h"
#include "fmt.h"
#include "geo.h"
#include "macro.h"
#include "report-data.h"
#include "snapshot.h"
#include "text.h"
#include "view.h"

#define CELL_MAX (2 * OWNER_TEXT_SIZE)
#define GAP 2
/* Row number of the headings. */
#define HEADING SIZE_MAX

/* A table whose cells are made twice: to be measured, and to be written. */
struct table {
	size_t n_rows;
	size_t n_columns;
	void *data;
	void (*cell)(void *data, size_t row, size_t column, char *buf, size_t size);
	bool (*is_right)(const void *data, size_t column);
};

/* Rows from the first heading on: HEADING, 0, 1 ... */
static size_t row_next(size_t row)
{
	return row == HEADING ? 0 : row + 1;
}

static void table_row(FILE *stream, const struct table *table, const size_t *widths, size_t row)
{
	size_t blanks = 0; /* put off, so that no line ends in some */

	for (size_t i = 0; i < table->n_columns; i++) {
		char cell[CELL_MAX];
		size_t width, fill;

		table->cell(table->data, row, i, cell, sizeof(cell));
		width = text_width(cell);
		fill = widths[i] - MIN(width, widths[i]);
		blanks += i > 0 ? GAP : 0;
		if (table->is_right(table->data, i))
			blanks += fill;
		if (width > 0) {
			fprintf(stream, "%*s%s", (int)blanks, "", cell);
			blanks = 0;
		}
		if (!table->is_right(table->data, i))
			blanks += fill;
	}
	fputc('\n', stream);
}

static void table_write(FILE *stream, const struct table *table)
{
	size_t widths[COLUMN_MAX] = {0};
	size_t n_columns = MIN(table->n_columns, ARRAY_SIZE(widths));

	for (size_t row = HEADING, n = 0; n <= table->n_rows; row = row_next(row), n++) {
		for (size_t i = 0; i < n_columns; i++) {
			char cell[CELL_MAX];

			table->cell(table->data, row, i, cell, sizeof(cell));

			size_t width = text_width(cell);

			widths[i] = MAX(widths[i], width);
		}
	}
	for (size_t row = HEADING, n = 0; n <= table->n_rows && !ferror(stream);
	     row = row_next(row), n++)
		table_row(stream, table, widths, row);
}

/* The lines of the ledger: those there are, and sums where there are several interfaces. */
struct lines {
	const struct report_data *data;
	struct {
		uint16_t slot;
		uint16_t direction;
		bool sum;
	} * refs;
	size_t n;
	size_t at; /* which one is in line */
	struct ledger_line line;
};

static void lines_done(struct lines *lines)
{
	free(lines->refs);
}

static int lines_init(struct lines *lines, const struct report_data *data)
{
	size_t n_slots = ledger_n_slots(data->input->ledger);
	size_t n_directions =
		(size_t)data->totals[DIRECTION_IN].seen + data->totals[DIRECTION_OUT].seen;

	lines->data = data;
	lines->at = SIZE_MAX;
	lines->refs = calloc((n_slots + 1) * DIRECTION_MAX, sizeof(*lines->refs));
	if (!lines->refs)
		return -ENOMEM;
	for (size_t i = 0; i < (n_slots + 1) * DIRECTION_MAX; i++) {
		uint16_t slot = (uint16_t)(i / DIRECTION_MAX), direction = i % DIRECTION_MAX;
		bool sum = slot == n_slots;

		if (sum && lines->n <= n_directions)
			break; /* one interface is the sum */
		if (sum && !data->totals[direction].seen)
			continue;
		if (!sum && !report_line(data, slot, (enum direction)direction, &lines->line))
			continue;
		lines->refs[lines->n].slot = slot;
		lines->refs[lines->n].direction = direction;
		lines->refs[lines->n++].sum = sum;
	}
	return 0;
}

static const struct ledger_line *lines_get(struct lines *lines, size_t i)
{
	if (i != lines->at) {
		enum direction direction = (enum direction)lines->refs[i].direction;

		if (lines->refs[i].sum)
			lines->line = lines->data->totals[direction];
		else
			(void)report_line(lines->data, lines->refs[i].slot, direction,
					  &lines->line);
		lines->at = i;
	}
	return &lines->line;
}

static const char *line_name(const struct ledger_line *line)
{
	return line->iface ? line->iface->name : "(all)";
}

/* Interfaces: what was counted on them. */
enum {
	I_NAME,
	I_STATE,
	I_ATTACH,
	I_DIR,
	I_PACKETS,
	I_BYTES,
	I_PPS,
	I_BPS,
	I_SYN,
	I_SYN_ACK,
	I_FIN,
	I_RST,
	I_MAX
};

static const char *const iface_headings[I_MAX] = {
	[I_NAME] = "INTERFACE",  [I_STATE] = "STATE",     [I_ATTACH] = "ATTACH", [I_DIR] = "DIR",
	[I_PACKETS] = "PACKETS", [I_BYTES] = "BYTES",     [I_PPS] = "p/s",       [I_BPS] = "b/s",
	[I_SYN] = "SYN",         [I_SYN_ACK] = "SYN-ACK", [I_FIN] = "FIN",       [I_RST] = "RST",
};

static void iface_number(const struct ledger_line *line, enum unit unit, size_t column, char *buf,
			 size_t size)
{
	const uint64_t counts[I_MAX] = {
		[I_PACKETS] = line->total.packets,
		[I_BYTES] = line->total.bytes,
		[I_SYN] = line->syn,
		[I_SYN_ACK] = line->syn_ack,
		[I_FIN] = line->fin,
		[I_RST] = line->rst,
	};

	if (column == I_PPS)
		fmt_count(buf, size, line->pps);
	else if (column == I_BPS)
		fmt_count(buf, size, unit == UNIT_BYTES ? line->bps / 8 : line->bps);
	else
		fmt_u64(buf, size, counts[column]);
}

static void iface_cell(void *data, size_t row, size_t column, char *buf, size_t size)
{
	struct lines *lines = data;
	enum unit unit = lines->data->config->unit;

	if (row == HEADING) {
		(void)snprintf(buf, size, "%s",
			       column == I_BPS && unit == UNIT_BYTES ? "B/s"
								     : iface_headings[column]);
		return;
	}

	const struct ledger_line *line = lines_get(lines, row);
	const char *const texts[] = {
		[I_NAME] = line_name(line),
		[I_STATE] = line->iface ? report_state_name(line->iface->state) : "",
		[I_ATTACH] = line->iface ? line->iface->attach : "",
		[I_DIR] = flow_direction((uint8_t)lines->refs[row].direction),
	};

	if (column < ARRAY_SIZE(texts))
		(void)snprintf(buf, size, "%s", texts[column]);
	else
		iface_number(line, unit, column, buf, size);
}

static bool iface_is_right(const void *data, size_t column)
{
	(void)data;
	return column >= I_PACKETS;
}

/* Books: a row for packets and one for bytes of each line. */
enum {
	B_NAME,
	B_DIR,
	B_UNIT,
	B_FLOWS,
	B_FOLDED,
	B_NOT_IP,
	B_MALFORMED,
	B_NO_ROOM,
	B_TOTAL,
	B_STATE,
	B_MAX
};

static const char *const book_headings[B_MAX] = {
	[B_NAME] = "BOOKS",
	[B_DIR] = "DIR",
	[B_UNIT] = "UNIT",
	[B_FLOWS] = "FLOWS",
	[B_FOLDED] = "+ FOLDED",
	[B_NOT_IP] = "+ NOT-IP",
	[B_MALFORMED] = "+ MALFORMED",
	[B_NO_ROOM] = "+ NO-ROOM",
	[B_TOTAL] = "= TOTAL",
	[B_STATE] = "",
};

static const char *const book_units[] = {"packets", "bytes"};

static uint64_t tally_part(const struct tally *tally, size_t unit)
{
	return unit == 0 ? tally->packets : tally->bytes;
}

static void book_state(const struct ledger_line *line, size_t unit, char *buf, size_t size)
{
	struct tally other = report_other(line);
	uint64_t total = tally_part(&line->total, unit);
	uint64_t parts = tally_part(&line->flows, unit) + tally_part(&line->folded, unit) +
			 tally_part(&other, unit);

	if (total == parts)
		(void)snprintf(buf, size, "balanced");
	else
		(void)snprintf(buf, size, "NOT BALANCED: %" PRIu64 " too %s",
			       total > parts ? total - parts : parts - total,
			       total > parts ? "few" : "many");
}

static void book_cell(void *data, size_t row, size_t column, char *buf, size_t size)
{
	struct lines *lines = data;

	if (row == HEADING) {
		(void)snprintf(buf, size, "%s", book_headings[column]);
		return;
	}

	size_t unit = row % ARRAY_SIZE(book_units), i = row / ARRAY_SIZE(book_units);
	const struct ledger_line *line = lines_get(lines, i);
	const struct tally *const tallies[B_MAX] = {
		[B_FLOWS] = &line->flows,
		[B_FOLDED] = &line->folded,
		[B_NOT_IP] = &line->other[OTHER_NOT_IP],
		[B_MALFORMED] = &line->other[OTHER_MALFORMED],
		[B_NO_ROOM] = &line->other[OTHER_NO_ROOM],
		[B_TOTAL] = &line->total,
	};
	const char *const texts[B_MAX] = {
		[B_NAME] = line_name(line),
		[B_DIR] = flow_direction((uint8_t)lines->refs[i].direction),
		[B_UNIT] = book_units[unit],
	};

	if (tallies[column])
		fmt_u64(buf, size, tally_part(tallies[column], unit));
	else if (texts[column])
		(void)snprintf(buf, size, "%s", texts[column]);
	else
		book_state(line, unit, buf, size);
}

static bool book_is_right(const void *data, size_t column)
{
	(void)data;
	return column >= B_FLOWS && column <= B_TOTAL;
}

/* The rows of the view. */
struct rows {
	const struct report_data *data;
	size_t at; /* which one is in row */
	struct row row;
};

static void rows_cell(void *data, size_t row, size_t column, char *buf, size_t size)
{
	struct rows *rows = data;
	enum unit unit = rows->data->config->unit;
	const struct column_format format = {.unit = unit};
	enum column_id id = rows->data->columns[column];

	if (row == HEADING) {
		(void)snprintf(buf, size, "%s",
			       view_heading(&view_table[rows->data->config->view], id, unit));
		return;
	}
	if (row != rows->at) {
		report_row(rows->data, row, &rows->row);
		rows->at = row;
	}
	column_table[id].format(buf, size, &rows->row, &format);
}

static bool rows_is_right(const void *data, size_t column)
{
	const struct rows *rows = data;

	return column_table[rows->data->columns[column]].right;
}

static void put_filter(FILE *stream, const struct report_data *data)
{
	const struct snapshot_part *passed = snapshot_passed(data->snapshot);
	char text[4 * FILTER_LENGTH_MAX], share[FMT_MAX];

	(void)text_clean(text, sizeof(text), filter_text(data->config->filter), (size_t)-1);
	(void)fmt_percent(share, sizeof(share), passed->bytes,
			  data->totals[DIRECTION_MAX].total.bytes);
	fprintf(stream, "filter   %s: shows %" PRIu32 " of %" PRIu32 " flows, %s of bytes\n", text,
		passed->n_flows, data->n_flows, share);
}

static void put_owners(FILE *stream, const struct report_data *data)
{
	const struct owner_stats *owners = &data->owners;
	const struct capture_info *info = data->input->info;
	const struct capture_owners *source = capture_owners(info);
	const struct {
		uint64_t n;
		const char *what;
	} losses[] = {
		{owners->owners_refused + source->n_refused, "processes refused"},
		{owners->sockets_refused, "sockets refused"},
		{owners->sockets_dropped, "closed sockets dropped early"},
		{owners->addrs_refused, "addresses refused"},
		{owners->texts_refused, "texts refused"},
		{source->n_evicted, "sockets evicted"},
		{source->n_lost, "reports of sockets lost"},
	};

	if (!info->owners) {
		if (*source->note)
			fprintf(stream, "owners   %s: %s\n", owner_reason_text(source->reason),
				source->note);
		return;
	}
	fprintf(stream, "owners   %" PRIu32 " processes, %" PRIu32 " sockets", owners->n_owners,
		owners->n_sockets);
	for (size_t i = 0; i < ARRAY_SIZE(losses); i++)
		if (losses[i].n)
			fprintf(stream, ", %" PRIu64 " %s", losses[i].n, losses[i].what);
	fprintf(stream, "%s%s\n", *source->note ? "; " : "", source->note);
}

static bool wants_places(const struct report_data *data)
{
	for (size_t i = 0; i < data->n_columns; i++)
		if (column_table[data->columns[i]].needs & ROW_PLACE)
			return true;
	return false;
}

static void put_places(FILE *stream, const struct report_data *data)
{
	const struct geo *geo = flow_table_geo(data->input->table);

	for (size_t i = 0; i < geo_n_files(geo); i++) {
		struct geo_file file;

		geo_get_file(geo, i, &file);
		fprintf(stream, "%s%s", i ? ", " : "places   ", file.type);
	}
	if (geo_refused(geo))
		fprintf(stream, ", %" PRIu64 " refused", geo_refused(geo));
	if (geo)
		fputc('\n', stream);
	else if (wants_places(data) && flow_place_off())
		fprintf(stream, "places   %s\n", flow_place_off());
}

static void put_head(FILE *stream, const struct report_data *data)
{
	const struct capture_info *info = data->input->info;
	char start[FMT_MAX], end[FMT_MAX], seconds[FMT_MAX];
	uint64_t run_ns = (uint64_t)(data->seconds * NSEC_PER_SEC);

	fmt_time(start, sizeof(start), data->start_real_ns);
	fmt_time(end, sizeof(end), data->end_real_ns);
	fmt_duration(seconds, sizeof(seconds), run_ns);
	fprintf(stream, "host     %s\nbackend  %s, layer %s%s\n", info->host, info->backend,
		info->layer, data->totals[DIRECTION_OUT].seen ? "" : ", in only");
	fprintf(stream, "time     %s to %s, %s\n", start, end, seconds);
	fmt_duration(seconds, sizeof(seconds),
		     data->config->periodic ? data->tick.end_ns - data->tick.start_ns : run_ns);
	fprintf(stream, "rates    %s %s\n",
		data->config->periodic ? "of the last" : "mean over all", seconds);
	fprintf(stream, "flows    %" PRIu32 " of at most %" PRIu32 ", %" PRIu64 " evicted\n",
		data->n_flows, flow_table_capacity(data->input->table),
		flow_table_evicted(data->input->table));
	if (data->config->filter)
		put_filter(stream, data);
	put_owners(stream, data);
	put_places(stream, data);
	if (info->note && info->note[0])
		fprintf(stream, "note     %s\n", info->note);
	if (data->n_elsewhere > 0)
		fprintf(stream,
			"overlap  %" PRIu32 " flows were seen on several interfaces and count on "
			"each\n",
			data->n_elsewhere);
}

/* What is to be said of an interface: why it could not be counted, say. */
static void put_notes(FILE *stream, const struct report_data *data)
{
	const struct ledger *ledger = data->input->ledger;

	for (size_t i = 0; i < ledger_n_slots(ledger); i++) {
		const struct sample_iface *iface = ledger_get_iface(ledger, (uint16_t)i);

		if (iface && iface->state == IFACE_FAILED)
			fprintf(stream, "%s is not counted%s%s\n", iface->name,
				iface->note[0] ? ": " : "", iface->note);
		else if (iface && iface->note[0])
			fprintf(stream, "%s: %s\n", iface->name, iface->note);
	}
}

static void put_rows(FILE *stream, const struct report_data *data)
{
	struct rows rows = {.data = data, .at = SIZE_MAX};

	table_write(stream, &(struct table){data->n_rows, data->n_columns, &rows, rows_cell,
					    rows_is_right});
	if (data->n_left > 0)
		fprintf(stream, "%zu more %s left out, see --top\n", data->n_left,
			data->n_left == 1 ? "row is" : "rows are");
}

int report_text_write(FILE *stream, const struct report_data *data)
{
	cleanup(lines_done) struct lines lines = {0};
	int r = lines_init(&lines, data);

	if (r < 0)
		return r;
	put_head(stream, data);
	fputc('\n', stream);
	table_write(stream, &(struct table){lines.n, I_MAX, &lines, iface_cell, iface_is_right});
	put_notes(stream, data);
	fputc('\n', stream);
	table_write(stream, &(struct table){lines.n * ARRAY_SIZE(book_units), B_MAX, &lines,
					    book_cell, book_is_right});
	fputc('\n', stream);
	put_rows(stream, data);
	if (data->config->periodic)
		fputc('\n', stream); /* another report follows */
	return 0;
}
