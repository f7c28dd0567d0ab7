/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What JSON of reports and JSON of event streams have in common. With jansson alone. */
#ifndef REPORT_JSON_H
#define REPORT_JSON_H

#include <stdint.h>

#include "column.h"

struct json_t;
struct ledger_line;
struct row;

/* These return a new reference, or NULL without memory. */
struct json_t *report_json_column(enum column_id id, const struct row *row);
struct json_t *report_json_ledger(const struct ledger_line *line);
struct json_t *report_json_time(uint64_t real_ns); /* RFC 3339 */

#endif
