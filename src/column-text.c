/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What columns of text have in common. */
#include "config.h"

#include "column-cell.h"

#include <endian.h>
#include <string.h>

uint64_t column_rank_text(const struct row *row, column_text_fn text)
{
	char buf[COLUMN_TEXT_SIZE];
	uint64_t word = 0;

	(void)text(buf, sizeof(buf), row);
	memcpy(&word, buf, strnlen(buf, sizeof(word)));
	return be64toh(word);
}

int column_compare_text(const struct row *a, const struct row *b, column_text_fn text)
{
	char a_text[COLUMN_TEXT_SIZE], b_text[COLUMN_TEXT_SIZE];

	(void)text(a_text, sizeof(a_text), a);
	(void)text(b_text, sizeof(b_text), b);
	return strcmp(a_text, b_text);
}

void column_value_text(const struct row *row, column_text_fn text, struct column_value *ret_value)
{
	*ret_value = (struct column_value){.integer = 0};
	ret_value->null = text(ret_value->text, COLUMN_TEXT_SIZE, row) == 0;
}
