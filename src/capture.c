/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The list of back ends. */
#include "config.h"

#include "capture.h"

#include <stddef.h>

const struct capture_ops *const capture_backends[] = {
	&capture_tc_ops,
	&capture_replay_ops,
	NULL,
};
