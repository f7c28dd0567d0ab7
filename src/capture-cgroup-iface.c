/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The interfaces that the packets of a cgroup use, in any network namespace, as they appear. */
#include "config.h"

#include "capture-cgroup-iface.h"

#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "log.h"
#include "nl-link.h"
#include "sample.h"
#include "text.h"

struct cgroup_ifaces {
	const struct sample_sink *sink;
	struct nl_links *links;
	uint32_t netns; /* of this process */
	uint16_t n;     /* slots in use; 0 is not used */
	uint16_t last;  /* slot that was asked for last */
	bool full;      /* and said so */
	uint64_t places[SAMPLE_IFACE_MAX];
	struct sample_iface samples[SAMPLE_IFACE_MAX];
};

static const struct nl_link *find_link(const struct cgroup_ifaces *ifaces, uint32_t index)
{
	size_t n;
	const struct nl_link *links = nl_links_get(ifaces->links, &n);

	for (size_t i = 0; i < n; i++)
		if (links[i].index == index)
			return &links[i];
	return NULL;
}

static bool is_here(const struct cgroup_ifaces *ifaces, uint16_t slot)
{
	uint32_t netns = (uint32_t)(ifaces->places[slot] >> 32);

	return netns == ifaces->netns || netns == 0; /* 0: a kernel without namespaces */
}

/* Sets name and state; true where that changes anything. */
static bool update(struct cgroup_ifaces *ifaces, uint16_t slot)
{
	struct sample_iface *sample = &ifaces->samples[slot], before = *sample;
	uint32_t index = (uint32_t)ifaces->places[slot];
	const struct nl_link *link = is_here(ifaces, slot) ? find_link(ifaces, index) : NULL;

	sample->index = index;
	sample->state = IFACE_ATTACHED;
	if (link) {
		text_escape(sample->name, sizeof(sample->name), link->name, (size_t)-1);
		sample->state = link->up ? IFACE_ATTACHED : IFACE_DOWN;
	} else if (!is_here(ifaces, slot)) {
		(void)snprintf(sample->name, sizeof(sample->name), "%u@%u", index,
			       (uint32_t)(ifaces->places[slot] >> 32));
		(void)snprintf(sample->note, sizeof(sample->note),
			       "number %u in network namespace %u", index,
			       (uint32_t)(ifaces->places[slot] >> 32));
	} else {
		if (!*sample->name)
			(void)snprintf(sample->name, sizeof(sample->name), "%u", index);
		sample->state = IFACE_GONE;
		sample->index = 0;
	}
	return memcmp(&before, sample, sizeof(before)) != 0;
}

static void report(const struct cgroup_ifaces *ifaces, uint16_t slot)
{
	ifaces->sink->iface(ifaces->sink->data, &ifaces->samples[slot]);
}

static void on_links(void *data)
{
	struct cgroup_ifaces *ifaces = data;

	for (uint16_t slot = 1; slot < ifaces->n; slot++)
		if (update(ifaces, slot))
			report(ifaces, slot);
}

int cgroup_ifaces_open(struct loop *loop, const struct sample_sink *sink,
		       struct cgroup_ifaces **ret_ifaces)
{
	struct cgroup_ifaces *ifaces = calloc(1, sizeof(*ifaces));
	struct stat st;
	int r;

	if (!ifaces)
		return -ENOMEM;
	ifaces->sink = sink;
	ifaces->n = 1;
	if (stat("/proc/self/ns/net", &st) == 0)
		ifaces->netns = (uint32_t)st.st_ino;
	r = nl_links_open(loop, on_links, ifaces, &ifaces->links);
	if (r < 0) {
		cgroup_ifaces_close(ifaces);
		return r;
	}
	*ret_ifaces = ifaces;
	return 0;
}

void cgroup_ifaces_close(struct cgroup_ifaces *ifaces)
{
	if (!ifaces)
		return;
	nl_links_close(ifaces->links);
	free(ifaces);
}

uint16_t cgroup_ifaces_slot(struct cgroup_ifaces *ifaces, uint64_t place)
{
	uint16_t slot = ifaces->last;
	struct sample_iface *sample;

	if (slot && ifaces->places[slot] == place)
		return slot;
	for (slot = 1; slot < ifaces->n; slot++) {
		if (ifaces->places[slot] == place) {
			ifaces->last = slot;
			return slot;
		}
	}
	if (ifaces->n == SAMPLE_IFACE_MAX || !(uint32_t)place) {
		if ((uint32_t)place && !ifaces->full)
			(void)log_warn(0,
				       "more than %d interfaces: the rest is counted without name",
				       SAMPLE_IFACE_MAX - 1);
		ifaces->full |= (uint32_t)place != 0;
		return 0;
	}
	slot = ifaces->n++;
	ifaces->places[slot] = place;
	sample = &ifaces->samples[slot];
	sample->slot = slot;
	sample->layer3 = true;
	(void)snprintf(sample->attach, sizeof(sample->attach), "cgroup");
	(void)update(ifaces, slot);
	report(ifaces, slot);
	ifaces->last = slot;
	return slot;
}

uint64_t cgroup_ifaces_place(const struct cgroup_ifaces *ifaces, uint16_t slot)
{
	return ifaces->places[slot];
}
