/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Attaches two programs, one for each direction, to the tc hooks of interfaces: by TCX links, or by
 * filters of a clsact qdisc where the kernel has no TCX. Both end without a trace.
 */
#ifndef CAPTURE_TC_PAIR_H
#define CAPTURE_TC_PAIR_H

#include <stdbool.h>
#include <stdint.h>

#include "capture.h"
#include "sample.h"

struct loop;
struct tc_pair;

/* Attach types of kernel commit e420bed02507 (6.6), which headers may not have yet. */
#define TCX_INGRESS 46
#define TCX_EGRESS 47

typedef void (*tc_pair_lost_fn)(void *data, uint32_t ifindex);

/* 0 where the kernel has TCX, -EINVAL where it has none: it does not know the attach type. Else why
 * it did not answer. */
int tc_pair_try_tcx(void);
/* True as well where it did not answer: attaching will say why. */
bool tc_pair_has_tcx(void);
/*
 * Nothing is attached yet; what killed runs left is removed. lost is called from the loop with each
 * interface where somebody else removed a program: detach and attach again. On failure writes a
 * sentence to error.
 */
int tc_pair_open(enum capture_attach attach, struct loop *loop, tc_pair_lost_fn lost, void *data,
		 struct tc_pair **ret_pair, char *error, size_t error_size);
/* Detaches from everything. NULL is allowed. */
void tc_pair_close(struct tc_pair *pair);
/* "tcx" or "clsact". */
const char *tc_pair_name(const struct tc_pair *pair);
/*
 * In front of what is attached already. Returns 1 where a filter of others stays in front, which
 * may take packets away before; -EBUSY where an ingress qdisc is in the way. What it leaves behind
 * when it fails, tc_pair_detach() undoes.
 */
int tc_pair_attach(struct tc_pair *pair, const int program_fds[DIRECTION_MAX],
		   const struct sample_iface *iface);
/* The interface may be gone, or was never attached. */
void tc_pair_detach(struct tc_pair *pair, const struct sample_iface *iface);

#endif
