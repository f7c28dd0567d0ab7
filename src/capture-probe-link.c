/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Finds out which interfaces are there, which are chosen, and what is on their hooks. */
#include "config.h"

#include <errno.h>
#include <linux/if_link.h>
#include <stdlib.h>
#include <string.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "capture-bpf.h"
#include "capture-probe-data.h"
#include "capture-tc-pair.h"
#include "capture.h"
#include "cleanup.h"
#include "macro.h"
#include "nl-link.h"
#include "nl-tc.h"
#include "text.h"

#define NAMES_MAX 8 /* programs of a hook that are named */

DEFINE_CLEANUP(struct nl_tc *, nl_tc_close);
DEFINE_CLEANUP(struct nl_links *, nl_links_close);

/* What is on a hook: "; on tcx ingress: 1 program (NAME id 12)". */
static void append_hook(char *text, uint32_t index, int type, const char *hook)
{
	__u32 ids[NAMES_MAX], n = NAMES_MAX;
	int r = bpf_prog_query((int)index, (enum bpf_attach_type)type, 0, NULL, ids, &n);

	/* more than fit: the first ones and the number of all */
	if ((r < 0 && errno != ENOSPC) || n == 0)
		return;
	probe_append(text, "; on %s: %u program%s", hook, n, n == 1 ? "" : "s");
	for (__u32 i = 0; i < MIN(n, (__u32)NAMES_MAX); i++) {
		char name[4 * BPF_OBJ_NAME_LEN];

		capture_bpf_prog_name(ids[i], name, sizeof(name));
		probe_append(text, "%s%s%sid %u", i ? ", " : " (", name, *name ? " " : "", ids[i]);
	}
	probe_append(text, n > NAMES_MAX ? ", ...)" : ")");
}

static bool has_xdp(uint32_t index)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, opts);

	return bpf_xdp_query((int)index, 0, &opts) == 0 && opts.attach_mode != XDP_ATTACHED_NONE;
}

static void append_others(const struct probe *probe, struct nl_tc *tc, uint32_t index, char *text)
{
	int n = tc ? nl_tc_count_others(tc, index) : 0;

	if (probe->tcx) {
		append_hook(text, index, TCX_INGRESS, "tcx ingress");
		append_hook(text, index, TCX_EGRESS, "tcx egress");
	}
	if (n > 0)
		probe_append(text, "; on clsact: %d filter%s", n, n == 1 ? "" : "s");
	if (has_xdp(index) && probe->backend == &capture_xdp_ops)
		probe_append(text, "; an XDP program is there, and a device runs one");
	else if (has_xdp(index))
		probe_append(text,
			     "; an XDP program comes first, and what it drops or redirects is not "
			     "counted");
}

static const struct nl_link *find_link(const struct nl_link *links, size_t n, uint32_t index)
{
	for (size_t i = 0; index && i < n; i++)
		if (links[i].index == index)
			return &links[i];
	return NULL;
}

/* Why nl_link_choose_default() leaves a link out; its rules are in nl-link-choice.c. */
static void append_why_not(const struct probe *probe, char *text, const struct nl_link *links,
			   size_t n, const struct nl_link *link)
{
	const struct nl_link *master = find_link(links, n, link->master);
	const struct nl_link *lower = find_link(links, n, link->lower);
	const struct nl_link *other = master ? master : lower;
	char name[4 * IF_NAMESIZE] = "";
	bool known;

	(void)nl_link_layer3(link, &known);
	if (other)
		text_escape(name, sizeof(name), other->name, (size_t)-1);
	probe_append(text, "not chosen: ");
	if (probe->config->n_ifaces)
		probe_append(text, "does not match -i");
	else if (!link->up)
		probe_append(text, "down");
	else if (link->loopback)
		probe_append(text, "traffic of this host with itself");
	else if (!known)
		probe_append(text, "link type %u cannot be read", link->type);
	else if (other)
		probe_append(text, "%s %s", master ? "a port of" : "tied to", name);
	else
		probe_append(text, "its traffic is seen elsewhere, or is not this host's");
}

static void say_link(struct probe *probe, struct nl_tc *tc, const struct nl_link *links, size_t n,
		     const struct nl_link *link, bool chosen)
{
	char name[4 * IF_NAMESIZE], kind[4 * sizeof(link->kind)], text[PROBE_TEXT_SIZE] = "";
	bool taken = probe->backend == &capture_xdp_ops && has_xdp(link->index);
	bool known;

	text_escape(name, sizeof(name), link->name, (size_t)-1);
	text_escape(kind, sizeof(kind), *link->kind ? link->kind : "device", (size_t)-1);
	probe->name = name;
	probe_append(text, "%s; ", kind);
	if (!chosen) {
		append_why_not(probe, text, links, n, link);
	} else {
		(void)nl_link_layer3(link, &known);
		probe_append(text, "%s; ", link->up ? "up" : "down, counted when it comes up");
		probe_append(text,
			     probe->attach && !taken ? "chosen, by %s"
						     : "chosen, but cannot be attached to",
			     probe->attach);
		if (!known)
			probe_append(text, "; link type %u is read as Ethernet", link->type);
	}
	append_others(probe, tc, link->index, text);
	probe_say(probe, chosen && probe->attach && !taken ? PROBE_OK : PROBE_ABSENT, NULL, "%s",
		  text);
}

/* Patterns of -i that matched nothing, and no interface at all. */
static void say_unmatched(struct probe *probe, const bool *matched, bool any)
{
	const struct capture_config *config = probe->config;
	char name[256];

	for (size_t i = 0; i < config->n_ifaces; i++) {
		if (matched[i])
			continue;
		text_escape(name, sizeof(name), config->ifaces[i], (size_t)-1);
		probe->name = name;
		probe_say(probe, any ? PROBE_ABSENT : PROBE_MISSING,
			  "name an interface that is there (-i)", "matches no interface");
	}
	if (any || config->n_ifaces)
		return;
	probe->name = "interfaces";
	probe_say(probe, PROBE_MISSING, "bring an interface up, or name one with -i", "none is up");
}

int probe_links(struct probe *probe)
{
	const struct capture_config *config = probe->config;
	cleanup(nl_links_closep) struct nl_links *list = NULL;
	cleanup(nl_tc_closep) struct nl_tc *tc = NULL;
	cleanup(freep) bool *chosen = NULL;
	cleanup(freep) bool *matched = calloc(config->n_ifaces + 1, sizeof(*matched));
	const struct nl_link *links;
	bool any = false;
	size_t n;
	int r;

	probe->name = "interfaces";
	r = nl_links_open(NULL, NULL, NULL, &list);
	if (r < 0) {
		probe_say_refused(probe, r, 0,
				  "allow netlink sockets where this process is confined");
		return 0;
	}
	links = nl_links_get(list, &n);
	chosen = calloc(n + 1, sizeof(*chosen));
	if (!chosen || !matched)
		return -ENOMEM;
	if (config->n_ifaces)
		nl_link_choose(links, n, config->ifaces, config->n_ifaces, chosen, matched);
	else
		nl_link_choose_default(links, n, chosen);
	(void)nl_tc_open(&tc); /* without it, only the filters of others are not known */
	for (size_t i = 0; i < n; i++)
		any |= chosen[i];
	for (size_t i = 0; i < n; i++)
		if (chosen[i] || !config->n_ifaces || !any)
			say_link(probe, tc, links, n, &links[i], chosen[i]);
	say_unmatched(probe, matched, any);
	return 0;
}
