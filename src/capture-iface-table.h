/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table in which programs look up the interface of a frame: "ifaces" of bpf/frame.bpf.h. */
#ifndef CAPTURE_IFACE_TABLE_H
#define CAPTURE_IFACE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "sample.h"

struct iface_table {
	volatile uint64_t *entries;   /* ABI_IFACE_TABLE of them, where the programs read */
	int places[SAMPLE_IFACE_MAX]; /* by slot; -1: none */
	uint16_t watched;             /* slot where a flow is watched; 0: nowhere */
};

void iface_table_init(struct iface_table *table, volatile uint64_t *entries);
/* -ENOSPC: every place that the interface may have is taken. */
int iface_table_enter(struct iface_table *table, const struct sample_iface *iface, bool layer_ip);
/* One that did not enter is no error. */
void iface_table_leave(struct iface_table *table, const struct sample_iface *iface);
/* Has the programs look for the watched flow in this slot, and in no other one; 0: in none. */
void iface_table_watch(struct iface_table *table, uint16_t slot);

#endif
