/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Attaches two programs, one for each direction, to the tc hooks of interfaces. */
#include "config.h"

#include "capture-tc-pair.h"

#include <linux/types.h>

#include <bpf/bpf.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cleanup.h"
#include "log.h"
#include "macro.h"
#include "nl-tc.h"

/* BPF_F_BEFORE without a neighbour: in front of all others, since one of them may drop or redirect.
 */
#define TCX_FIRST (1U << 3)
#define LOOPBACK 1 /* index of lo, in every network namespace */

struct tc_pair {
	struct nl_tc *tc; /* NULL where not permitted and not needed */
	bool use_tcx;
	tc_pair_lost_fn lost;
	void *data;
	int links[SAMPLE_IFACE_MAX][DIRECTION_MAX]; /* by slot: of TCX; -1: none */
};

DEFINE_CLEANUP(struct tc_pair *, tc_pair_close);

int tc_pair_try_tcx(void)
{
	__u32 n = 0;
	int r = bpf_prog_query(LOOPBACK, (enum bpf_attach_type)TCX_INGRESS, 0, NULL, NULL, &n);

	return r < 0 ? -errno : 0;
}

bool tc_pair_has_tcx(void)
{
	return tc_pair_try_tcx() != -EINVAL;
}

const char *tc_pair_name(const struct tc_pair *pair)
{
	return pair->use_tcx ? "tcx" : "clsact";
}

static int attach_tcx(int links[DIRECTION_MAX], const int program_fds[DIRECTION_MAX],
		      uint32_t index)
{
	const int types[DIRECTION_MAX] = {TCX_INGRESS, TCX_EGRESS};
	LIBBPF_OPTS(bpf_link_create_opts, opts, .flags = TCX_FIRST);

	for (int i = 0; i < DIRECTION_MAX; i++) {
		int fd = bpf_link_create(program_fds[i], (int)index, (enum bpf_attach_type)types[i],
					 &opts);

		if (fd < 0)
			return -errno;
		links[i] = fd;
	}
	return 0;
}

int tc_pair_attach(struct tc_pair *pair, const int program_fds[DIRECTION_MAX],
		   const struct sample_iface *iface)
{
	if (pair->use_tcx)
		return attach_tcx(pair->links[iface->slot], program_fds, iface->index);
	return nl_tc_attach(pair->tc, iface->index, program_fds[DIRECTION_IN],
			    program_fds[DIRECTION_OUT]);
}

void tc_pair_detach(struct tc_pair *pair, const struct sample_iface *iface)
{
	if (!pair->use_tcx) {
		int r = nl_tc_detach(pair->tc, iface->index);

		if (r < 0)
			(void)log_warn(r, "cannot detach from %s", iface->name);
	}
	for (int i = 0; i < DIRECTION_MAX; i++) {
		close_fdp(&pair->links[iface->slot][i]);
		pair->links[iface->slot][i] = -1;
	}
}

static int open_tc(struct tc_pair *pair, struct loop *loop)
{
	int r = nl_tc_open(&pair->tc);

	if (r == 0 && !pair->use_tcx)
		r = nl_tc_watch(pair->tc, loop, pair->lost, pair->data);
	return r < 0 && pair->use_tcx ? 0 : r;
}

int tc_pair_open(enum capture_attach attach, struct loop *loop, tc_pair_lost_fn lost, void *data,
		 struct tc_pair **ret_pair, char *error, size_t error_size)
{
	cleanup(tc_pair_closep) struct tc_pair *pair = malloc(sizeof(*pair));
	int swept = 0, r;

	if (!pair)
		return -ENOMEM;
	*pair = (struct tc_pair){.lost = lost, .data = data};
	memset(pair->links, -1, sizeof(pair->links));
	pair->use_tcx = attach != CAPTURE_ATTACH_CLSACT && tc_pair_has_tcx();
	r = open_tc(pair, loop);
	if (r < 0) {
		(void)snprintf(error, error_size,
			       "cannot talk to the traffic control of the kernel: %s",
			       strerror(-r));
		return r;
	}
	if (pair->tc)
		swept = nl_tc_sweep(pair->tc);
	if (swept > 0)
		log_info("removed what a killed run left on %d interfaces", swept);
	*ret_pair = take_ptr(pair);
	return 0;
}

void tc_pair_close(struct tc_pair *pair)
{
	if (!pair)
		return;
	for (size_t i = 0; i < SAMPLE_IFACE_MAX; i++)
		for (int j = 0; j < DIRECTION_MAX; j++)
			close_fdp(&pair->links[i][j]);
	nl_tc_close(pair->tc);
	free(pair);
}
