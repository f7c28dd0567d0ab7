/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds columns by name, by unit and in lists. */
#include "config.h"

#include "column.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "macro.h"
#include "text.h"

static bool counts_calls; /* of the one run that a process has */

void column_count_calls(void)
{
	counts_calls = true;
}

bool column_counts_calls(void)
{
	return counts_calls;
}

const char *column_title(const struct column *column, enum unit unit)
{
	if (counts_calls && column->title_calls)
		return column->title_calls;
	return unit == UNIT_BYTES && column->title_bytes ? column->title_bytes : column->title;
}

enum column_id column_in_unit(enum column_id id, enum unit unit)
{
	static const struct {
		enum column_id bps, pps;
	} pairs[] = {
		{COLUMN_BPS, COLUMN_PPS},         {COLUMN_BPS_10S, COLUMN_PPS_10S},
		{COLUMN_BPS_60S, COLUMN_PPS_60S}, {COLUMN_BPS_PEAK, COLUMN_PPS_PEAK},
		{COLUMN_RX_BPS, COLUMN_RX_PPS},   {COLUMN_TX_BPS, COLUMN_TX_PPS},
	};

	for (size_t i = 0; unit == UNIT_PACKETS && i < ARRAY_SIZE(pairs); i++)
		if (pairs[i].bps == id)
			return pairs[i].pps;
	return id;
}

static int find_n(const char *name, size_t n)
{
	for (int id = 0; id < COLUMN_MAX; id++)
		if (strlen(column_table[id].name) == n && !memcmp(column_table[id].name, name, n))
			return id;
	return -ENOENT;
}

int column_find(const char *name)
{
	return find_n(name, strlen(name));
}

static int unknown_column(const char *name, size_t n, char *error, size_t error_size)
{
	char escaped[64];
	int length;

	(void)text_escape(escaped, sizeof(escaped), name, n);
	length = snprintf(error, error_size, "unknown column \"%s\"; allowed are", escaped);
	for (int id = 0; id < COLUMN_MAX && length >= 0 && (size_t)length < error_size; id++)
		length += snprintf(error + length, error_size - (size_t)length, "%s %s",
				   id ? "," : "", column_table[id].name);
	return -ENOENT;
}

int column_parse_list(const char *text, enum column_id *ids, size_t n_ids, char *error,
		      size_t error_size)
{
	bool used[COLUMN_MAX] = {false};
	size_t n = 0;

	for (const char *part = text, *end; part; part = *end ? end + 1 : NULL) {
		int id;

		end = strchrnul(part, ',');
		if (end == part) {
			snprintf(error, error_size,
				 "empty name in the list of columns; give names separated by "
				 "single commas");
			return -EINVAL;
		}
		id = find_n(part, (size_t)(end - part));
		if (id < 0)
			return unknown_column(part, (size_t)(end - part), error, error_size);
		if (used[id]) {
			snprintf(error, error_size,
				 "column \"%s\" is named twice; name each column once",
				 column_table[id].name);
			return -EINVAL;
		}
		if (n == n_ids) {
			snprintf(error, error_size, "too many columns; at most %zu are allowed",
				 n_ids);
			return -E2BIG;
		}
		used[id] = true;
		ids[n++] = (enum column_id)id;
	}
	return (int)n;
}
