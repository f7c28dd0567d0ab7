/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups flows by what is known of their owners. */
#include "config.h"

#include "view-owner.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "column.h"
#include "filter.h"
#include "flow-table.h"
#include "macro.h"
#include "owner.h"
#include "view.h"

/* First byte of a key. */
enum { KEY_REASON, KEY_NUMBER, KEY_TEXT, KEY_NOTHING };

static const struct owner *owner_of(const struct flow *flow, const struct view_context *context)
{
	return flow->owner ? owner_get(context->owners, flow->owner) : NULL;
}

static size_t reason_key(const struct flow *flow, uint8_t *key)
{
	key[0] = KEY_REASON;
	key[1] = flow->owner_reason;
	return 2;
}

static int reason_label(char *buf, size_t size, const struct flow *flow)
{
	return snprintf(buf, size, "(%s)", owner_reason_text(flow->owner_reason));
}

static size_t number_key(uint32_t number, uint8_t *key)
{
	key[0] = KEY_NUMBER;
	memcpy(key + 1, &number, sizeof(number));
	return 1 + sizeof(number);
}

/* Two texts tell groups apart; a group for all that have neither. */
static size_t texts_key(const char *a, const char *b, uint8_t *key)
{
	const uint64_t ids[] = {owner_text_id(a), owner_text_id(b)};

	key[0] = *a || *b ? KEY_TEXT : KEY_NOTHING;
	memcpy(key + 1, ids, sizeof(ids));
	return 1 + sizeof(ids);
}

/* key_of and label_of are given owner, which is not NULL. */
#define DEFINE_VIEW(stem, key_of, label_of)                                                        \
	size_t view_##stem##_key(const struct flow *flow, const struct view_context *context,      \
				 uint8_t *key)                                                     \
	{                                                                                          \
		const struct owner *owner = owner_of(flow, context);                               \
                                                                                                   \
		return owner ? key_of : reason_key(flow, key);                                     \
	}                                                                                          \
	int view_##stem##_label(char *buf, size_t size, const struct flow *flow,                   \
				const struct view_context *context)                                \
	{                                                                                          \
		const struct owner *owner = owner_of(flow, context);                               \
                                                                                                   \
		return owner ? label_of : reason_label(buf, size, flow);                           \
	}                                                                                          \
	struct view_semicolon_

static int text_label(char *buf, size_t size, const char *text, const char *instead)
{
	return snprintf(buf, size, "%s", *text ? text : instead);
}

/* Always with the pid: in a container there may be several of a name. */
static int pid_label(char *buf, size_t size, const struct owner *owner)
{
	const char *comm = owner->text[OWNER_COMM];

	if (!owner->pid)
		return owner_label(buf, size, owner);
	return snprintf(buf, size, "%s%s%" PRIu32, comm, *comm ? " " : "pid ", owner->pid);
}

static int user_label(char *buf, size_t size, const struct owner *owner)
{
	if (*owner->text[OWNER_USER])
		return snprintf(buf, size, "%s", owner->text[OWNER_USER]);
	if (owner->uid == OWNER_UID_NONE)
		return snprintf(buf, size, "(user not known)");
	return snprintf(buf, size, "uid %" PRIu32, owner->uid);
}

static int container_label(char *buf, size_t size, const struct owner *owner)
{
	int n = owner_container(buf, size, owner);

	return n > 0 ? n : snprintf(buf, size, "(no container)");
}

static int pod_label(char *buf, size_t size, const struct owner *owner)
{
	int n = owner_pod(buf, size, owner);

	return n > 0 ? n : snprintf(buf, size, "(no pod)");
}

DEFINE_VIEW(pid, number_key(owner->number, key), pid_label(buf, size, owner));
DEFINE_VIEW(comm, texts_key(owner->text[OWNER_COMM], "", key),
	    text_label(buf, size, owner->text[OWNER_COMM], "(name not known)"));
DEFINE_VIEW(user, number_key(owner->uid, key), user_label(buf, size, owner));
DEFINE_VIEW(cgroup, texts_key(owner->text[OWNER_CGROUP], "", key),
	    text_label(buf, size, owner->text[OWNER_CGROUP], "(cgroup not known)"));
/* The name alone may be another container's after a while. */
DEFINE_VIEW(container,
	    texts_key(owner->text[OWNER_CONTAINER],
		      *owner->text[OWNER_CONTAINER] ? "" : owner->text[OWNER_CONTAINER_NAME], key),
	    container_label(buf, size, owner));
DEFINE_VIEW(pod, texts_key(owner->text[OWNER_POD_NAMESPACE], owner->text[OWNER_POD], key),
	    pod_label(buf, size, owner));

/* ---- filters: a group has one owner, which is that of every flow in it, or one reason ---- */

static int text_filter(char *buf, size_t size, const char *field, const char *text)
{
	char quoted[4 * OWNER_TEXT_SIZE + 3];

	if (!*text)
		return 0;
	(void)filter_quote(quoted, sizeof(quoted), text);
	return snprintf(buf, size, "%s %s", field, quoted);
}

static int reason_filter(char *buf, size_t size, const struct row *row)
{
	return text_filter(buf, size, "owner_reason", owner_reason_text(row->owner_reason));
}

int view_pid_filter(char *buf, size_t size, const struct row *row)
{
	if (!row->owner)
		return reason_filter(buf, size, row);
	if (!row->owner->pid)
		return 0;
	return snprintf(buf, size, "pid %" PRIu32, row->owner->pid);
}

int view_comm_filter(char *buf, size_t size, const struct row *row)
{
	return row->owner ? text_filter(buf, size, "comm", row->owner->text[OWNER_COMM])
			  : reason_filter(buf, size, row);
}

/* By number: that is what makes the group. */
int view_user_filter(char *buf, size_t size, const struct row *row)
{
	if (!row->owner)
		return reason_filter(buf, size, row);
	if (row->owner->uid == OWNER_UID_NONE)
		return 0;
	return snprintf(buf, size, "uid %" PRIu32, row->owner->uid);
}

int view_cgroup_filter(char *buf, size_t size, const struct row *row)
{
	return row->owner ? text_filter(buf, size, "cgroup", row->owner->text[OWNER_CGROUP])
			  : reason_filter(buf, size, row);
}

int view_container_filter(char *buf, size_t size, const struct row *row)
{
	const char *const *text;

	if (!row->owner)
		return reason_filter(buf, size, row);
	text = row->owner->text;
	return text_filter(buf, size, "container",
			   *text[OWNER_CONTAINER] ? text[OWNER_CONTAINER]
						  : text[OWNER_CONTAINER_NAME]);
}

int view_pod_filter(char *buf, size_t size, const struct row *row)
{
	char pod[2 * OWNER_TEXT_SIZE];

	if (!row->owner)
		return reason_filter(buf, size, row);
	(void)owner_pod(pod, sizeof(pod), row->owner);
	return text_filter(buf, size, "pod", pod);
}
