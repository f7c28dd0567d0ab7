/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which interfaces are counted, and keeping that so while they come, go, change their names and go
 * up and down. Knows nothing of how programs are attached: the back end does that when it is told
 * to.
 */
#ifndef CAPTURE_FOLLOW_H
#define CAPTURE_FOLLOW_H

#include <stddef.h>
#include <stdint.h>

#include "sample.h"

struct capture_config;
struct follow;
struct loop;
struct nl_link;

struct follow_ops {
	void *data; /* for attach and detach */
	/*
	 * Attaches to an interface, whose slot, index, name and layer3 are set; fills in attach and
	 * note. -errno: not attached.
	 */
	int (*attach)(void *data, const struct nl_link *link, struct sample_iface *iface);
	/* Undoes attach(); the interface may be gone. */
	void (*detach)(void *data, const struct sample_iface *iface);
};

/*
 * Chooses, attaches and reports the interfaces to the sink, then follows them in the loop. config,
 * ops and sink must outlive the result. When nothing could be attached a sentence goes to error.
 */
int follow_open(const struct capture_config *config, const struct follow_ops *ops,
		const struct sample_sink *sink, struct loop *loop, struct follow **ret_follow,
		char *error, size_t error_size);
/* Detaches from everything. NULL is allowed. */
void follow_close(struct follow *follow);
/* Somebody else removed what was attached to an interface: attaches again. */
void follow_renew(struct follow *follow, uint32_t index);
/* The interface of this index; NULL where nothing is attached to it. */
const struct sample_iface *follow_attached(struct follow *follow, uint32_t index);
/* Interfaces that are chosen, and will be attached to in later steps (attach_step_ns). */
size_t follow_n_waiting(const struct follow *follow);
/* Slots that ever had an interface, as a bitmap of SAMPLE_IFACE_MAX bits. Slot 0, which stands for
 * no known interface, is one of them. */
const uint64_t *follow_slots(const struct follow *follow);

#endif
