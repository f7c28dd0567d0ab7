/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How large the tables of this machine are. */
#ifndef CAPTURE_SIZE_H
#define CAPTURE_SIZE_H

/* Flows kept in user space unless --max-flows says otherwise. */
#define CAPTURE_TABLE_FLOWS 131072u

/* CPUs that may ever be online: each has tables of its own. */
unsigned int capture_n_cpus(void);

#endif
