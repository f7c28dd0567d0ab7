/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Which interfaces are counted, and keeping that so while they change. */
#include "config.h"

#include "capture-follow.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture.h"
#include "cleanup.h"
#include "clock.h"
#include "log.h"
#include "loop.h"
#include "macro.h"
#include "nl-link.h"
#include "text.h"

#define PATTERNS_MAX 64

struct followed {
	struct sample_iface sample;
	char raw_name[IF_NAMESIZE];
	uint64_t serial; /* of the link: another device may get the same index */
	bool attached;
};

struct follow {
	const struct capture_config *config;
	const struct follow_ops *ops;
	const struct sample_sink *sink;
	struct nl_links *links;
	struct loop_source *timer;                /* for those that had to wait */
	size_t n_waiting;                         /* chosen, and to be attached in a later step */
	uint64_t step_ns;                         /* start of the step under way */
	struct followed ifaces[SAMPLE_IFACE_MAX]; /* by slot; 0 is not used */
	uint16_t n_ifaces;
	uint64_t slots[SAMPLE_IFACE_MAX / 64];
	bool full;                  /* and said so */
	bool matched[PATTERNS_MAX]; /* which of the configured names an interface has */
};

static void report(const struct follow *follow, const struct followed *iface)
{
	follow->sink->iface(follow->sink->data, &iface->sample);
}

static struct followed *find_by_index(struct follow *follow, uint32_t index)
{
	for (uint16_t i = 1; i < follow->n_ifaces; i++)
		if (follow->ifaces[i].sample.index == index &&
		    follow->ifaces[i].sample.state != IFACE_GONE)
			return &follow->ifaces[i];
	return NULL;
}

/* For a link that has none: the slot of a namesake that is gone, a new one, or any that is gone. */
static struct followed *take_slot(struct follow *follow, const struct nl_link *link)
{
	struct followed *iface, *gone = NULL;

	for (uint16_t i = 1; i < follow->n_ifaces; i++) {
		if (follow->ifaces[i].sample.state != IFACE_GONE)
			continue;
		gone = &follow->ifaces[i];
		if (strcmp(gone->raw_name, link->name) == 0)
			return gone;
	}
	if (follow->n_ifaces == SAMPLE_IFACE_MAX)
		return gone;
	iface = &follow->ifaces[follow->n_ifaces];
	iface->sample.slot = follow->n_ifaces++;
	follow->slots[iface->sample.slot / 64] |= 1ULL << iface->sample.slot % 64;
	return iface;
}

static void set_name(struct followed *iface, const struct nl_link *link)
{
	(void)snprintf(iface->raw_name, sizeof(iface->raw_name), "%s", link->name);
	text_escape(iface->sample.name, sizeof(iface->sample.name), link->name, (size_t)-1);
}

static void attach(struct follow *follow, struct followed *iface, const struct nl_link *link)
{
	struct sample_iface *sample = &iface->sample;
	bool again = sample->state == IFACE_FAILED && sample->index == link->index;
	bool known;
	int r;

	set_name(iface, link);
	iface->serial = link->serial;
	sample->index = link->index;
	sample->layer3 = nl_link_layer3(link, &known);
	sample->note[0] = 0;
	if (!known)
		(void)snprintf(sample->note, sizeof(sample->note),
			       "unknown link type %u: read as Ethernet", link->type);
	r = follow->ops->attach(follow->ops->data, link, sample);
	iface->attached = r >= 0;
	sample->state = r < 0 ? IFACE_FAILED : link->up ? IFACE_ATTACHED : IFACE_DOWN;
	if (r < 0) {
		if (!sample->note[0])
			(void)snprintf(sample->note, sizeof(sample->note), "not attached: %s",
				       strerror(-r));
		if (r != -ENODEV && !again) /* gone in the meantime: not worth a word */
			(void)log_warn(0, "%s is not counted: %s", sample->name, sample->note);
	}
	report(follow, iface);
}

static void detach(struct follow *follow, struct followed *iface)
{
	if (iface->attached)
		follow->ops->detach(follow->ops->data, &iface->sample);
	iface->attached = false;
}

/* What has become of an interface that is counted. link NULL: it was removed. */
static void update(struct follow *follow, struct followed *iface, const struct nl_link *link,
		   bool chosen)
{
	struct sample_iface *sample = &iface->sample;
	uint8_t state = sample->state;
	bool renamed = false;

	/* one that only went down stays attached, and so does one that was asked for by name */
	if (!link || (!chosen && link->up && !follow->config->n_ifaces)) {
		detach(follow, iface);
		sample->state = IFACE_GONE;
		(void)snprintf(sample->note, sizeof(sample->note), "%s",
			       link ? "not among the chosen ones any more" : "");
		sample->index = 0;
		report(follow, iface);
		return;
	}
	if (strcmp(iface->raw_name, link->name) != 0) {
		set_name(iface, link);
		renamed = true;
	}
	if (iface->attached)
		sample->state = link->up ? IFACE_ATTACHED : IFACE_DOWN;
	if (renamed || sample->state != state)
		report(follow, iface);
}

static const struct nl_link *find_link(const struct nl_link *links, size_t n, uint32_t index,
				       size_t *ret_place)
{
	for (size_t i = 0; i < n; i++) {
		if (links[i].index == index) {
			*ret_place = i;
			return &links[i];
		}
	}
	return NULL;
}

/* Each step attaches to one interface at least, and a run begins with one that is attached. */
static bool has_to_wait(const struct follow *follow)
{
	uint64_t limit_ns = follow->config->attach_step_ns;

	return limit_ns && follow->n_ifaces > 1 && clock_mono_ns() - follow->step_ns > limit_ns;
}

void follow_renew(struct follow *follow, uint32_t index)
{
	struct followed *iface = find_by_index(follow, index);
	size_t n, place;
	const struct nl_link *links = nl_links_get(follow->links, &n);
	const struct nl_link *link = find_link(links, n, index, &place);

	if (!iface || !iface->attached || !link)
		return;
	detach(follow, iface);
	attach(follow, iface, link);
	if (iface->attached)
		(void)log_warn(0,
			       "%s: somebody removed what counts there; attached again, what "
			       "passed meanwhile is not in the books",
			       iface->sample.name);
}

const struct sample_iface *follow_attached(struct follow *follow, uint32_t index)
{
	const struct followed *iface = find_by_index(follow, index);

	return iface && iface->attached ? &iface->sample : NULL;
}

static void add_new(struct follow *follow, const struct nl_link *link)
{
	struct followed *iface;

	if (find_by_index(follow, link->index))
		return;
	if (has_to_wait(follow)) {
		follow->n_waiting++;
		return;
	}
	iface = take_slot(follow, link);
	if (iface) {
		attach(follow, iface, link);
	} else if (!follow->full) {
		(void)log_warn(0, "%s and more are not counted: %d interfaces are the most",
			       link->name, SAMPLE_IFACE_MAX - 1);
		follow->full = true;
	}
}

/* Brings what is attached in line with the interfaces there are. */
static void reconcile(struct follow *follow)
{
	const struct capture_config *config = follow->config;
	size_t n, place = 0;
	const struct nl_link *links = nl_links_get(follow->links, &n);
	cleanup(freep) bool *chosen = calloc(n + 1, sizeof(*chosen));

	if (!chosen) {
		(void)log_warn(-ENOMEM, "cannot follow the interfaces");
		return;
	}
	if (config->n_ifaces)
		nl_link_choose(links, n, config->ifaces,
			       MIN(config->n_ifaces, (size_t)PATTERNS_MAX), chosen,
			       follow->matched);
	else
		nl_link_choose_default(links, n, chosen);
	for (uint16_t i = 1; i < follow->n_ifaces; i++) {
		struct followed *iface = &follow->ifaces[i];
		const struct nl_link *link;

		if (iface->sample.state == IFACE_GONE)
			continue;
		link = find_link(links, n, iface->sample.index, &place);
		if (link && link->serial != iface->serial)
			link = NULL;
		if (link && chosen[place] && iface->sample.state == IFACE_FAILED)
			attach(follow, iface, link); /* what was in the way may be gone */
		update(follow, iface, link, link && chosen[place]);
	}
	follow->step_ns = clock_mono_ns();
	follow->n_waiting = 0;
	for (size_t i = 0; i < n; i++)
		if (chosen[i])
			add_new(follow, &links[i]);
	if (follow->n_waiting)
		(void)loop_set_timer(follow->timer, 0, 0);
}

static int on_timer(void *data, uint64_t n_expired ATTR_UNUSED)
{
	reconcile(data);
	return 0;
}

static void on_links(void *data)
{
	reconcile(data);
}

/* Why nothing is attached. */
static int explain(const struct follow *follow, char *error, size_t size)
{
	char list[256] = "", name[4 * IF_NAMESIZE];
	size_t n, used = 0;
	const struct nl_link *links = nl_links_get(follow->links, &n);

	for (uint16_t i = 1; i < follow->n_ifaces; i++) {
		if (follow->ifaces[i].sample.state == IFACE_FAILED) {
			(void)snprintf(error, size, "cannot count on any interface: %s: %s",
				       follow->ifaces[i].sample.name,
				       follow->ifaces[i].sample.note);
			return -EIO;
		}
	}
	for (size_t i = 0; i < n && used < sizeof(list); i++) {
		text_escape(name, sizeof(name), links[i].name, (size_t)-1);
		used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s", i ? " " : "",
					 name);
	}
	if (follow->config->n_ifaces)
		(void)snprintf(error, size, "no interface matches -i %s; there are: %s",
			       follow->config->ifaces[0], list);
	else
		(void)snprintf(error, size, "no interface is up; there are: %s", list);
	return -ENODEV;
}

/* Beside others that match; an interface with such a name may still come. */
static void warn_unmatched(const struct follow *follow)
{
	const struct capture_config *config = follow->config;

	for (size_t i = 0; i < MIN(config->n_ifaces, (size_t)PATTERNS_MAX); i++)
		if (!follow->matched[i])
			(void)log_warn(0, "no interface matches -i %s yet", config->ifaces[i]);
}

static void follow_closep(struct follow **follow)
{
	follow_close(*follow);
}

int follow_open(const struct capture_config *config, const struct follow_ops *ops,
		const struct sample_sink *sink, struct loop *loop, struct follow **ret_follow,
		char *error, size_t error_size)
{
	cleanup(follow_closep) struct follow *follow = calloc(1, sizeof(*follow));
	int r;

	if (!follow)
		return -ENOMEM;
	follow->config = config;
	follow->ops = ops;
	follow->sink = sink;
	follow->n_ifaces = 1;
	follow->slots[0] = 1;
	r = nl_links_open(loop, on_links, follow, &follow->links);
	if (r < 0) {
		(void)snprintf(error, error_size, "cannot list the interfaces: %s", strerror(-r));
		return r;
	}
	if (config->attach_step_ns) {
		r = loop_add_timer(loop, LOOP_NEVER, 0, on_timer, follow, &follow->timer);
		if (r < 0)
			return r;
	}
	reconcile(follow);
	for (uint16_t i = 1; i < follow->n_ifaces; i++) {
		if (follow->ifaces[i].attached) {
			warn_unmatched(follow);
			*ret_follow = take_ptr(follow);
			return 0;
		}
	}
	return explain(follow, error, error_size);
}

void follow_close(struct follow *follow)
{
	if (!follow)
		return;
	nl_links_close(follow->links);
	loop_remove(follow->timer);
	for (uint16_t i = 1; i < follow->n_ifaces; i++)
		detach(follow, &follow->ifaces[i]);
	free(follow);
}

size_t follow_n_waiting(const struct follow *follow)
{
	return follow->n_waiting;
}

const uint64_t *follow_slots(const struct follow *follow)
{
	return follow->slots;
}
