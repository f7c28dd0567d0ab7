/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The packet programs in the kernel, their store, and what came out of it. */
#ifndef PACKET_RIG_H
#define PACKET_RIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture-store.h"
#include "sample.h"

struct rig;

struct rig_config {
	uint32_t slots4, slots6; /* 0: the least there can be */
	bool no_arp;
	bool no_l7;
	bool no_membarrier; /* waits by way of a map of maps */
	bool xdp;           /* frames that come in go to the program for XDP */
	bool preemptible;   /* programs may interrupt one another */
	bool no_frags;      /* XDP: as in kernels that have one buffer for a frame */
};

/* The entry of a table of interfaces that means nothing, but leads to the long way. */
#define RIG_LONG_WAY 0x8000u

/* The slot that loopback has, where frames come from unless ifindex says otherwise. */
#define RIG_SLOT 1

/* -EPERM: not permitted. The seed of the hash is always the same. */
int rig_new(const struct rig_config *config, struct rig **ret_rig);
void rig_free(struct rig *rig);

/* Sets the entry of an interface, flags of abi.h; place is how far from its own place it stands. */
void rig_set_iface(struct rig *rig, uint32_t index, uint16_t slot, uint16_t flags,
		   unsigned int place);
void rig_clear_ifaces(struct rig *rig);
struct store *rig_store(const struct rig *rig);
/* As if so many programs were at their work on every CPU: outer ones, or those that interrupt. */
void rig_occupy(const struct rig *rig, bool inner, uint64_t entered);
/* Packets that found no place at all. */
uint64_t rig_uncounted(const struct rig *rig);
int rig_program(const struct rig *rig, enum direction direction);
/* Slots of the table for IPv4 that the control word lets the programs use. */
uint32_t rig_active4(const struct rig *rig);

/* One frame, or a number of times the same. */
struct rig_frame {
	const uint8_t *data;
	size_t size;
	uint32_t repeat;  /* 0: once */
	uint32_t ifindex; /* 0: loopback */
	uint32_t gso_size, gso_segs;
	size_t linear; /* XDP: octets in the first buffer; 0: as many as it has room for */
};

/*
 * Runs a program over a frame. -EINVAL: the kernel does not take such a frame (shorter than its
 * network header, or in that many buffers); -EPROTO: the program did not let it pass; -EBADMSG: it
 * changed the frame.
 */
int rig_run(const struct rig *rig, enum direction direction, const struct rig_frame *frame);

/* What one interval brought. */
struct record {
	struct sample_flow *flows;
	size_t n_flows, n_allocated;
	struct sample_hook hooks[16];
	size_t n_hooks;
	uint32_t used;
};

/* Adds the interval that ends now; a test that runs no program meanwhile need not wait. */
int rig_collect(struct rig *rig, bool wait, struct record *record);
void record_clear(struct record *record);
void record_done(struct record *record);
/* In an order that does not depend on where the flows were stored; equal keys become one. */
void record_sort(struct record *record);
/* Zeros where nothing was reported. */
struct sample_hook record_hook(const struct record *record, uint16_t iface,
			       enum direction direction);
/* Sum of the flows of a hook, those with open keys (folded) or the others. */
struct tally record_sum(const struct record *record, uint16_t iface, enum direction direction,
			bool folded);
/* flows + folded + other = total for every hook, and no flow without a hook. */
bool record_balances(const struct record *record);
/*
 * All of a record on one line:
 *	vlan 5 v4 6 192.0.2.7:41234 > 198.51.100.1:443 flags 02, syn = 1/54
 * flows or reasons of other, TCP counters of the hook, packets and bytes of the hook.
 */
void record_text(const struct record *record, uint16_t iface, enum direction direction, char *buf,
		 size_t size);

#endif
