/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reads the words of bpf/abi.h that say which flow something belongs to. */
#ifndef CAPTURE_TUPLE_H
#define CAPTURE_TUPLE_H

#include <stdint.h>

struct flow_key;

/* Sets ports, VLAN and protocol from a tuple word. */
void tuple_to_key(uint64_t tuple, struct flow_key *key);
/* The tuple word of a key, without hook. */
uint64_t tuple_of_key(const struct flow_key *key);
/*
 * For a folding row, whose other members are set: the far side is open, and its port field says
 * whether the near port is too.
 */
void tuple_open_key(struct flow_key *key);

#endif
