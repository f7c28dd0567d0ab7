/* SPDX-License-Identifier: GPL-2.0-or-later */
/* How large the tables of this machine are. */
#ifndef CAPTURE_SIZE_H
#define CAPTURE_SIZE_H

#include <stdint.h>

/* Flows kept in user space unless --max-flows says otherwise. */
#define CAPTURE_TABLE_FLOWS 131072u

/* What a default is chosen from, for tables in the kernel. */
#define CAPTURE_DEFAULT_FLOWS_MAX 131072u
#define CAPTURE_DEFAULT_FLOWS_MIN 4096u

/* Bytes of kernel memory that the tables may take by default. */
uint64_t capture_budget(void);

/* CPUs that may ever be online: each has tables of its own. */
unsigned int capture_n_cpus(void);
/* Programs that may count packets at a time: one for each CPU, or two where one may interrupt another
 * one (PREEMPT_RT, see account.bpf.h). */
unsigned int capture_n_writers(void);

#endif
