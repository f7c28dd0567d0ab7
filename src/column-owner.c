/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Columns that say whose a row is. A group has what all of its flows have in common. */
#include "config.h"

#include "column-cell.h"

#include <inttypes.h>
#include <string.h>

#include "owner.h"

static bool has(const struct row *row, unsigned int same)
{
	return row->owner && (row->owner_same & same) == same;
}

/* ---- texts of the owner ---- */

static const char *text_of(const struct row *row, enum owner_text text)
{
	return has(row, 1u << text) ? row->owner->text[text] : "";
}

static void value_long(const struct row *row, enum owner_text text, struct column_value *ret_value)
{
	const char *longer = text_of(row, text);

	*ret_value = (struct column_value){.null = !*longer, .longer = longer};
}

#define DEFINE_OWNER_TEXT(name, id)                                                                \
	static int name##_text(char *buf, size_t size, const struct row *row)                      \
	{                                                                                          \
		return snprintf(buf, size, "%s", text_of(row, id));                                \
	}                                                                                          \
	DEFINE_COMPARE(name, strcmp(text_of(a, id), text_of(b, id)));                              \
	DEFINE_CELL(name, column_rank_text(row, name##_text), name##_text(buf, size, row),         \
		    value_long(row, id, ret_value))

DEFINE_OWNER_TEXT(comm, OWNER_COMM);
DEFINE_OWNER_TEXT(command, OWNER_COMMAND);
DEFINE_OWNER_TEXT(user, OWNER_USER);
DEFINE_OWNER_TEXT(cgroup, OWNER_CGROUP);
DEFINE_OWNER_TEXT(container_id, OWNER_CONTAINER);
DEFINE_OWNER_TEXT(image, OWNER_IMAGE);

#define DEFINE_TEXT_COMPARED(name)                                                                 \
	DEFINE_TEXT(name);                                                                         \
	DEFINE_COMPARE(name, column_compare_text(a, b, name##_text))

static int container_text(char *buf, size_t size, const struct row *row)
{
	if (!has(row, 1u << OWNER_CONTAINER | 1u << OWNER_CONTAINER_NAME))
		return column_no_text(buf, size);
	return owner_container(buf, size, row->owner);
}
DEFINE_TEXT_COMPARED(container);

static int pod_text(char *buf, size_t size, const struct row *row)
{
	if (!has(row, 1u << OWNER_POD | 1u << OWNER_POD_NAMESPACE))
		return column_no_text(buf, size);
	return owner_pod(buf, size, row->owner);
}
DEFINE_TEXT_COMPARED(pod);

/* ---- numbers ---- */

static uint64_t pid_of(const struct row *row)
{
	return has(row, ROW_SAME_PID) ? row->owner->pid : 0;
}

/* 0 where it is not known: root is 1. */
static uint64_t uid_rank(const struct row *row)
{
	if (!has(row, ROW_SAME_UID) || row->owner->uid == OWNER_UID_NONE)
		return 0;
	return (uint64_t)row->owner->uid + 1;
}

DEFINE_CELL(pid, pid_of(row), column_format_number(buf, size, pid_of(row) > 0, pid_of(row), format),
	    column_value_number(pid_of(row) > 0, pid_of(row), ret_value));
DEFINE_CELL(uid, uid_rank(row),
	    column_format_number(buf, size, uid_rank(row) > 0, uid_rank(row) - 1, format),
	    column_value_number(uid_rank(row) > 0, uid_rank(row) - 1, ret_value));

/* ---- the owner as a whole ---- */

static int reason_text(char *buf, size_t size, const struct row *row)
{
	return snprintf(buf, size, "%s", row->owner ? "" : owner_reason_text(row->owner_reason));
}

static int owner_text(char *buf, size_t size, const struct row *row)
{
	char label[COLUMN_TEXT_SIZE];

	if (!row->owner)
		return reason_text(buf, size, row);
	if (!has(row, ROW_SAME_OWNER))
		return column_no_text(buf, size);
	(void)owner_label(label, sizeof(label), row->owner);
	return snprintf(buf, size, "%s%s", row->owner_estimated ? "~" : "", label);
}
DEFINE_TEXT_COMPARED(owner);

DEFINE_CELL(owner_reason, column_rank_text(row, reason_text), reason_text(buf, size, row),
	    column_value_text(row, reason_text, ret_value));
DEFINE_COMPARE(owner_reason, column_compare_text(a, b, reason_text));

static int format_estimated(char *buf, size_t size, const struct row *row,
			    const struct column_format *format)
{
	if (format->exact)
		return snprintf(buf, size, "%d", row->owner_estimated);
	return snprintf(buf, size, "%s", row->owner_estimated ? "yes" : "");
}
DEFINE_CELL(owner_estimated, row->owner_estimated, format_estimated(buf, size, row, format),
	    column_value_integer(ret_value, row->owner_estimated));
