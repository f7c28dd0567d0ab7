/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The table in which programs look up the interface of a frame. */
#include "config.h"

#include "capture-iface-table.h"

#include <linux/types.h>

#include <errno.h>
#include <string.h>

#include "abi.h"

void iface_table_init(struct iface_table *table, volatile uint64_t *entries)
{
	table->entries = entries;
	memset(table->places, -1, sizeof(table->places));
}

int iface_table_enter(struct iface_table *table, const struct sample_iface *iface, bool layer_ip)
{
	uint64_t flags =
		(iface->layer3 ? ABI_IFACE_LAYER3 : 0) | (layer_ip ? ABI_IFACE_LAYER_IP : 0) |
		(iface->slot == table->watched ? ABI_IFACE_WATCH : 0);

	for (uint32_t i = 0; i < ABI_IFACE_PROBES; i++) {
		uint32_t place = (iface->index + i) & (ABI_IFACE_TABLE - 1);

		if (table->entries[place])
			continue;
		table->entries[place] = ABI_IFACE(iface->index, iface->slot, flags);
		table->places[iface->slot] = (int)place;
		return 0;
	}
	return -ENOSPC;
}

void iface_table_leave(struct iface_table *table, const struct sample_iface *iface)
{
	int *place = &table->places[iface->slot];

	if (*place >= 0)
		table->entries[*place] = 0;
	*place = -1;
}

void iface_table_watch(struct iface_table *table, uint16_t slot)
{
	const uint64_t flag = ABI_IFACE(0, 0, ABI_IFACE_WATCH);

	if (table->watched && table->places[table->watched] >= 0)
		table->entries[table->places[table->watched]] &= ~flag;
	table->watched = slot;
	if (slot && table->places[slot] >= 0)
		table->entries[table->places[slot]] |= flag;
}
