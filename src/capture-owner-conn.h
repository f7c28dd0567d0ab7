/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What programs tell of connections, in the terms of samples. */
#ifndef CAPTURE_OWNER_CONN_H
#define CAPTURE_OWNER_CONN_H

#include <stdint.h>

struct capture_conns;
struct conn_event;
struct owner_hooks;
struct sample_conn;

void owner_conn_read(const struct conn_event *event, uint32_t owner, struct sample_conn *ret_conn);
/* Whether connections are told of, and what is missing; hooks: NULL, none work, and why. */
void owner_conn_note(const struct owner_hooks *hooks, const char *why_no_hooks,
		     struct capture_conns *ret_conns);

#endif
