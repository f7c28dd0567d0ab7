/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The processes that the programs have seen, and the numbers that they have in this run. */
#ifndef CAPTURE_PROCESS_OWNER_H
#define CAPTURE_PROCESS_OWNER_H

#include <stdint.h>

struct process_owner;
struct process_owners;
struct sample_sink;

/* sink must outlive the result. */
int process_owners_new(const struct sample_sink *sink, struct process_owners **ret_owners);
void process_owners_free(struct process_owners *owners);
/* What the programs found out about a process: reported where it is new or has changed. */
void process_owners_add(struct process_owners *owners, uint64_t place,
			const struct process_owner *owner);
/*
 * The number of a process, which is reported with what its place says where nothing else is known.
 * 0: no process, or one more than there is room for.
 */
uint32_t process_owners_number(struct process_owners *owners, uint64_t place);
/* With every interval: some are looked at whether they live. */
void process_owners_tick(struct process_owners *owners);
/* Processes that have no number, since there were too many. */
uint64_t process_owners_refused(const struct process_owners *owners);

#endif
