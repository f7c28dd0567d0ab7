/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Short texts that say who an owner is. */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "macro.h"
#include "owner.h"

#define SHORT_ID 12 /* digits of a container's id, as its tools show it */

const char *owner_reason_text(uint8_t reason)
{
	static const char *const texts[OWNER_REASON_MAX] = {
		[OWNER_KNOWN] = "not named",
		[OWNER_PENDING] = "not looked for yet",
		[OWNER_FORWARDED] = "forwarded",
		[OWNER_NO_SOCKET] = "no socket",
		[OWNER_GONE] = "gone",
		[OWNER_NOT_PERMITTED] = "not permitted",
		[OWNER_OFF] = "off",
		[OWNER_FOLDED] = "folded",
	};

	return reason < OWNER_REASON_MAX ? texts[reason] : "";
}

int owner_pod(char *buf, size_t size, const struct owner *owner)
{
	const char *space = owner->text[OWNER_POD_NAMESPACE], *pod = owner->text[OWNER_POD];

	if (!*pod)
		return snprintf(buf, size, "%s", "");
	return snprintf(buf, size, "%s%s%s", space, *space ? "/" : "", pod);
}

static bool is_id(const char *text)
{
	return strspn(text, "0123456789abcdef") == strlen(text) && strlen(text) > SHORT_ID;
}

int owner_container(char *buf, size_t size, const struct owner *owner)
{
	const char *id = owner->text[OWNER_CONTAINER];

	if (*owner->text[OWNER_CONTAINER_NAME])
		return snprintf(buf, size, "%s", owner->text[OWNER_CONTAINER_NAME]);
	/* Where the runtime has no ids it is a name. */
	if (is_id(id))
		return snprintf(buf, size, "%.*s", SHORT_ID, id);
	return snprintf(buf, size, "%s", id);
}

/* The last part of a path. */
static const char *base_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash && slash[1] ? slash + 1 : path;
}

int owner_label(char *buf, size_t size, const struct owner *owner)
{
	const char *comm = owner->text[OWNER_COMM], *cgroup = owner->text[OWNER_CGROUP];
	char container[OWNER_TEXT_SIZE];

	if (owner_container(container, sizeof(container), owner) > 0)
		return snprintf(buf, size, "%s%s%s", container, *comm ? "/" : "", comm);
	if (*owner->text[OWNER_POD])
		return snprintf(buf, size, "%s%s%s", owner->text[OWNER_POD], *comm ? "/" : "",
				comm);
	if (owner->pid)
		return snprintf(buf, size, "%s%s%" PRIu32, comm, *comm ? " " : "pid ", owner->pid);
	if (*comm || *cgroup)
		return snprintf(buf, size, "%s", *comm ? comm : base_of(cgroup));
	if (owner->uid != OWNER_UID_NONE)
		return snprintf(buf, size, "uid %" PRIu32, owner->uid);
	return snprintf(buf, size, "owner %" PRIu32, owner->number);
}
