/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the writers of the kinds of report share: the figures, taken once. */
#ifndef REPORT_DATA_H
#define REPORT_DATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "column.h"
#include "ledger.h"
#include "owner.h"
#include "report.h"

struct snapshot;

struct report_data {
	const struct report_config *config;
	const struct report_input *input;
	struct snapshot *snapshot; /* the rows: sorted, or those of config->shown */
	struct snapshot *sorted;
	enum column_id columns[COLUMN_MAX];
	size_t n_columns;
	size_t n_rows;  /* to write */
	size_t n_left;  /* rows that --top leaves out */
	double seconds; /* of the run */
	uint64_t start_real_ns, end_real_ns;
	int64_t real_offset_ns;
	struct sample_tick tick; /* the last one; all 0: none */
	/* DIRECTION_MAX: both. Rates as the report shows them; of all traffic. */
	struct ledger_line totals[DIRECTION_MAX + 1];
	struct owner_stats owners;
	uint32_t n_flows;     /* in the table */
	uint32_t n_elsewhere; /* of them, seen on more than one interface */
};

/* A row with rates as the report shows them. */
void report_row(const struct report_data *data, size_t place, struct row *ret_row);
/* A line of the ledger, the same way. False where there is none: no such slot, a direction that is
 * not seen, or an interface on which nothing could be counted. */
bool report_line(const struct report_data *data, uint16_t slot, enum direction direction,
		 struct ledger_line *ret_line);
/* Packets and bytes of all reasons together. */
struct tally report_other(const struct ledger_line *line);
/* True for rows of single flows or pairs of them, that may be folded. */
bool report_has_folded(const struct report_data *data);
const char *report_state_name(uint8_t state); /* of an interface */

/* Writers: 0 or -ENOMEM, -ENOTSUP; errors of the stream are found by the caller. */
int report_text_write(FILE *stream, const struct report_data *data);
int report_json_write(FILE *stream, const struct report_data *data);
int report_csv_write(FILE *stream, const struct report_data *data);

#endif
