/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the words of bpf/abi.h that say which flow something belongs to. */
#include "config.h"

#include "capture-tuple.h"

#include <linux/types.h>

#include <stdbool.h>
#include <string.h>

#include "sample.h"

#include "abi.h"

void tuple_to_key(uint64_t tuple, struct flow_key *key)
{
	uint32_t ports = (uint32_t)tuple;
	uint8_t port[4];

	memcpy(port, &ports, sizeof(port));
	key->sport = (uint16_t)(port[0] << 8 | port[1]);
	key->dport = (uint16_t)(port[2] << 8 | port[3]);
	key->vlan = tuple >> ABI_VLAN_SHIFT & 0xfff;
	key->proto = (uint8_t)(tuple >> ABI_PROTO_SHIFT);
}

uint64_t tuple_of_key(const struct flow_key *key)
{
	const uint8_t port[4] = {(uint8_t)(key->sport >> 8), (uint8_t)key->sport,
				 (uint8_t)(key->dport >> 8), (uint8_t)key->dport};
	uint32_t ports;

	memcpy(&ports, port, sizeof(ports));
	return ports | (uint64_t)key->proto << ABI_PROTO_SHIFT |
	       (uint64_t)key->vlan << ABI_VLAN_SHIFT |
	       (key->family == FAMILY_ARP ? ABI_ARP : 0);
}

void tuple_open_key(struct flow_key *key)
{
	bool out = key->direction == DIRECTION_OUT;
	uint16_t level = out ? key->dport : key->sport;

	key->open = out ? OPEN_DST_ADDR | OPEN_DST_PORT : OPEN_SRC_ADDR | OPEN_SRC_PORT;
	if (level == ABI_FOLD_ADDR)
		key->open |= out ? OPEN_SRC_PORT : OPEN_DST_PORT;
	if (out)
		key->dport = 0;
	else
		key->sport = 0;
}
