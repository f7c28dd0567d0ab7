/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps the owner of a flow up to date, for the flow table. */
#ifndef FLOW_OWNER_H
#define FLOW_OWNER_H

#include <stdbool.h>
#include <stdint.h>

struct flow;
struct owner_table;

/*
 * The first time, and again when there may be another answer. True where there will be a better
 * one: nobody has accepted the connection yet.
 */
bool flow_owner_find(struct owner_table *owners, struct flow *flow);
/* The same where something changed for this flow since it was looked for; loose: the answer then.
 */
bool flow_owner_check(struct owner_table *owners, struct flow *flow, uint32_t version, bool loose);

#endif
