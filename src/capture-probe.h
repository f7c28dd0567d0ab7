/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Finds out what works on this host by trying it. Nothing is attached to any hook; what is loaded
 * or made goes away before probe_run() returns.
 */
#ifndef CAPTURE_PROBE_H
#define CAPTURE_PROBE_H

struct capture_config;
struct capture_ops;

enum probe_section {
	PROBE_KERNEL,
	PROBE_PRIVS,
	PROBE_COUNTING,
	PROBE_IFACES,
	PROBE_BACKENDS, /* all there are, beside the chosen one */
	PROBE_OWNERS,
	PROBE_HOOKS,    /* that show processes */
	PROBE_SECTION_MAX
};

enum probe_state {
	PROBE_OK,
	PROBE_ABSENT,  /* not there or not needed; packets are counted all the same */
	PROBE_MISSING, /* no packet is counted without it */
	PROBE_STATE_MAX
};

/* One finding. Texts are escaped, and valid during the call alone. */
struct probe_item {
	enum probe_section section; /* never lower than that of the item before */
	enum probe_state state;
	const char *name;
	const char *text;   /* what was found, and what is lost where something was not */
	const char *remedy; /* what to do about a missing one: "run it as root"; else NULL */
};

typedef void (*probe_item_fn)(void *data, const struct probe_item *item);
/* The type of probe_run(), for those who are given it. */
typedef int (*probe_fn)(const struct capture_ops *backend, const struct capture_config *config,
			probe_item_fn fn, void *data);

/*
 * Tries everything that the back end needs with this configuration, and the table of the size that
 * it would have; and in short what the other back ends need. The findings are the result; an error
 * means that they are not complete.
 */
int probe_run(const struct capture_ops *backend, const struct capture_config *config,
	      probe_item_fn fn, void *data);

#endif
