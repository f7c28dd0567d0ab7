/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports as CSV (RFC 4180, with LF at line ends). */
#include "config.h"

#include <string.h>

#include "fmt.h"
#include "report-data.h"

/* What a text may begin with to be taken for a formula. */
#define FORMULA_STARTS "=+-@\t\r"

static void put_text(FILE *stream, const char *text)
{
	bool guard = text[0] && strchr(FORMULA_STARTS, text[0]);

	if (!strpbrk(text, ",\"\r\n")) {
		fprintf(stream, "%s%s", guard ? "'" : "", text);
		return;
	}
	fputs(guard ? "\"'" : "\"", stream);
	for (; *text; text++) {
		if (*text == '"')
			fputc('"', stream);
		fputc(*text, stream);
	}
	fputc('"', stream);
}

static void put_cell(FILE *stream, const struct column *column, const struct row *row)
{
	static const struct column_format format = {.exact = true};
	char text[2 * OWNER_TEXT_SIZE]; /* no column is longer */

	column->format(text, sizeof(text), row, &format);
	if (column->type == COLUMN_INTEGER || column->type == COLUMN_NUMBER)
		fputs(text, stream);
	else
		put_text(stream, text);
}

/* A column that says which rows are folded goes with the full set of columns only. */
static bool wants_folded(const struct report_data *data)
{
	return !data->config->columns && report_has_folded(data);
}

static void put_names(FILE *stream, const struct report_data *data)
{
	const char *comma = "";

	if (data->config->periodic) {
		fputs("time", stream);
		comma = ",";
	}
	for (size_t i = 0; i < data->n_columns; i++, comma = ",")
		fprintf(stream, "%s%s", comma, column_table[data->columns[i]].name);
	fputs(wants_folded(data) ? ",folded\n" : "\n", stream);
}

static void put_row(FILE *stream, const struct report_data *data, const struct row *row)
{
	const char *comma = "";

	if (data->config->periodic) {
		char time[FMT_MAX];

		fmt_time(time, sizeof(time), data->end_real_ns);
		fputs(time, stream);
		comma = ",";
	}
	for (size_t i = 0; i < data->n_columns; i++, comma = ",") {
		fputs(comma, stream);
		put_cell(stream, &column_table[data->columns[i]], row);
	}
	if (wants_folded(data))
		fputs(row->key->open ? ",1" : ",0", stream);
	fputc('\n', stream);
}

int report_csv_write(FILE *stream, const struct report_data *data)
{
	if (!data->config->continued)
		put_names(stream, data);
	for (size_t i = 0; i < data->n_rows && !ferror(stream); i++) {
		struct row row;

		report_row(data, i, &row);
		put_row(stream, data, &row);
	}
	return 0;
}
