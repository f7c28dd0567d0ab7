/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Who has which socket, as sock_diag(7) and /proc say: what programs could not see. */
#ifndef CAPTURE_OWNER_DIAG_H
#define CAPTURE_OWNER_DIAG_H

#include <stdint.h>

struct socket_event;

typedef void (*owner_diag_fn)(void *data, struct socket_event *event);

/* What could not be told of. */
struct owner_diag_result {
	int others;         /* 0, or why other network namespaces could not be entered */
	uint32_t n_refused; /* sockets past those that fit */
	uint32_t n_denied;  /* processes whose files may not be read */
};

/*
 * Calls fn for each socket of the network namespaces that processes are in, with the first process
 * that has it open; a socket whose process could not be found has none. All are estimated. -errno
 * where the kernel cannot tell.
 */
int owner_diag_scan(owner_diag_fn fn, void *data, struct owner_diag_result *ret_result);

#endif
