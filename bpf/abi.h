/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * What the BPF programs and user space share. Included by both sides; needs <linux/types.h> before.
 *
 * One array map, "halves", holds everything that packets write. Its element number cpu * 2 + (epoch
 * & 1) is written by that CPU alone, during epochs of that parity alone. Where a program may
 * interrupt another one, the interrupting one takes the element of a CPU that there is not: number
 * cpu + n of n CPUs.
 *
 *	struct half_head | slots4[n4] | order4[n4] | slots6[n6] | order6[n6]
 *
 * A slot belongs to the epoch in its stamp. Slots of other epochs are free, so nothing is ever
 * cleared. order lists the slots in use in the order in which they were taken, so that a reader
 *does not have to look at empty ones. Totals per hook only grow, in each half apart.
 *
 * Words that stand for bytes of a packet (addresses, ports) keep the order they had in memory:
 * copy them out, do not shift them out.
 */
#ifndef ABI_H
#define ABI_H

#include "l7.h"
#include "size.h"

#define ABI_IFACE_MAX 1024               /* interfaces at a time */
#define ABI_HOOK_MAX (2 * ABI_IFACE_MAX) /* slot * 2 + direction (0 in, 1 out) */
#define ABI_IFACE_TABLE 4096             /* entries of the table from ifindex to slot */
#define ABI_IFACE_PROBES 8               /* places an ifindex may be at */

#define ABI_BUCKET 8    /* slots of a bucket; a flow has two buckets */
#define ABI_COARSE 2048 /* slots of each folding table */
#define ABI_SLOTS_MIN 1024u
#define ABI_SLOTS_MAX (8u << 20) /* 20 bits of buckets */

/*
 * The control word: epoch in the low 24 bits (never 0, which is what untouched memory says), then
 * 20 bits each for the mask of the buckets in use of slots4 and of slots6. One aligned store flips
 * all.
 */
#define ABI_EPOCH_BITS 24
#define ABI_EPOCH_MASK ((1u << ABI_EPOCH_BITS) - 1)
#define ABI_MASK_BITS 20
#define ABI_MASK_MASK ((1u << ABI_MASK_BITS) - 1)
/* In a program's own copy: it interrupts another one. No mask of slots6 has the bit. */
#define ABI_INNER (1ULL << 63)
#define ABI_CONTROL(epoch, mask4, mask6)                                                           \
	((__u64)(epoch) | (__u64)(mask4) << ABI_EPOCH_BITS |                                       \
	 (__u64)(mask6) << (ABI_EPOCH_BITS + ABI_MASK_BITS))

/*
 * The tuple word: both ports as they stand in the packet in the low 32 bits, then 8 bits of
 * protocol, 12 of VLAN id, 11 of hook, and 1 that says ARP.
 */
#define ABI_PROTO_SHIFT 32
#define ABI_VLAN_SHIFT 40
#define ABI_HOOK_SHIFT 52
#define ABI_ARP (1ULL << 63)

/*
 * Byte count in the low 50 bits, then 6 of label (enum l7), TCP flags above. 2^50 bytes are 2 hours
 * at 1 Tbit/s.
 */
#define ABI_LABEL_SHIFT 50
#define ABI_LABEL_BITS 6
#define ABI_FLAGS_SHIFT 56
/* Packet count in the low 40 bits, epoch above. 2^40 packets are 3 hours at 100 Mpps. */
#define ABI_STAMP_SHIFT 40

struct slot4 {
	__u64 addrs; /* source, destination */
	__u64 tuple;
	__u64 bytes;
	__u64 stamp;
};

struct slot6 {
	__u64 addrs[4]; /* source, destination */
	__u64 tuple;
	__u64 bytes;
	__u64 stamp;
	__u64 reserved;
};

/* Folding levels, in the port field of the side that is left open. */
enum {
	ABI_FOLD_PORT, /* address and port of the near side are kept */
	ABI_FOLD_ADDR, /* its address only */
};

enum { ABI_OTHER_NOT_IP, ABI_OTHER_MALFORMED, ABI_OTHER_NO_ROOM, ABI_OTHER_MAX };

struct hook_total {
	__u64 packets;
	__u64 bytes;
	__u64 syn; /* SYN without ACK */
	__u64 syn_ack;
	__u64 fin;
	__u64 rst;
	__u64 reserved[2];
	struct {
		__u64 packets;
		__u64 bytes;
	} other[ABI_OTHER_MAX];
	__u64 reserved2[2];
};

/*
 * One direction of a flow whose packets are tallied by size. User space writes all of it before the
 * epoch that it is for; the programs add to packets.
 */
struct watch {
	__u64 addrs[4];              /* source, destination; IPv4 and ARP: the first word */
	__u64 tuple;                 /* with the hook */
	__u64 place;                 /* as in struct hash_key4; else 0 */
	__u64 ip_version;            /* 4 also for ARP; 0: nothing is watched */
	__u64 packets[SIZE_CLASSES]; /* on the wire, by size */
	__u64 reserved[2];
};

struct half_head {
	struct hook_total hooks[ABI_HOOK_MAX];
	__u64 epoch; /* that the next three belong to */
	__u32 n4;    /* slots taken */
	__u32 n6;
	__u32 n_folded; /* packets or flows that went to the folding tables */
	__u32 random;   /* state of a xorshift generator, never 0 once used */
	__u64 entered;  /* programs that are at it, where that may be more than one */
	__u64 reserved[4];
	__u64 scratch[40];       /* of the programs */
	struct watch watches[2]; /* by direction */
	struct slot4 coarse4[ABI_COARSE];
	struct slot6 coarse6[ABI_COARSE];
};

/*
 * Interface by index: entry (index + i) % ABI_IFACE_TABLE, i < ABI_IFACE_PROBES. A word, so that it
 * is read and written whole: index in the low 32 bits (0: empty), then 16 of slot and 16 of flags.
 */
#define ABI_IFACE(index, slot, flags) ((__u64)(index) | (__u64)(slot) << 32 | (__u64)(flags) << 48)
#define ABI_IFACE_LAYER3 1   /* frames start with the network header */
#define ABI_IFACE_LAYER_IP 2 /* count IP octets instead of frames without FCS */
#define ABI_IFACE_WATCH 4    /* a flow is watched here */

/* Offsets in a half, for tables of n4 and n6 slots. */
#define ABI_OFFSET_SLOTS4 sizeof(struct half_head)
#define ABI_OFFSET_ORDER4(n4) (ABI_OFFSET_SLOTS4 + (n4) * sizeof(struct slot4))
#define ABI_OFFSET_SLOTS6(n4) (ABI_OFFSET_ORDER4(n4) + (n4) * sizeof(__u32))
#define ABI_OFFSET_ORDER6(n4, n6) (ABI_OFFSET_SLOTS6(n4) + (n6) * sizeof(struct slot6))
#define ABI_HALF_SIZE(n4, n6) (ABI_OFFSET_ORDER6(n4, n6) + (n6) * sizeof(__u32))

_Static_assert(ABI_SLOTS_MAX / 2 / ABI_BUCKET <= 1 << (ABI_MASK_BITS - 1), "ABI_INNER");
_Static_assert(L7_MAX <= 1 << ABI_LABEL_BITS, "labels");
_Static_assert(sizeof(struct slot4) == 32, "slot4");
_Static_assert(sizeof(struct slot6) == 64, "slot6");
_Static_assert(sizeof(struct hook_total) == 128, "hook_total");
_Static_assert(sizeof(struct watch) == 128, "watch");
_Static_assert(sizeof(struct half_head) % 64 == 0, "half_head");

/*
 * The other shape, of bpf/hash.bpf.h: flows in per-CPU hash maps, one set for epochs of each
 * parity. The tuple word is as above, with the direction alone where the hook stands.
 */
struct hash_key4 {
	__u64 addrs;
	__u64 tuple;
	__u64 place; /* what the programs file the flow under, besides its ends */
};

struct hash_key6 {
	__u64 addrs[4];
	__u64 tuple;
	__u64 place;
};

struct hash_value {
	__u64 packets;
	__u64 bytes;
	__u64 retransmits;
	__u8 flags[8]; /* 1 for every TCP flag seen: setting a byte needs no atomic operation */
};

struct hash_hook_key {
	__u64 place;
	__u64 direction;
};

/*
 * What bpf/process.bpf.c files flows under: the process, by number and start time, which together
 * are never used again. A process number has 22 bits (PID_MAX_LIMIT of the kernel). 0: not known.
 */
#define PROCESS_PLACE(tgid, start_ns)                                                              \
	((__u64)(tgid) << 42 | ((__u64)(start_ns) >> 20 & ((1ULL << 42) - 1)))
#define PROCESS_TGID(place) ((__u32)((place) >> 42))
#define PROCESS_START_NS(place) (((place) & ((1ULL << 42) - 1)) << 20) /* about */

struct process_owner {
	__u64 start_ns;
	__u64 cgroup_id;
	__u32 tgid;
	__u32 uid;
	char comm[16];
};

#define PROCESS_OWNERS 16384 /* processes that appear in one interval, with their names */

#define HASH_COARSE 2048 /* rows of each folding map */

_Static_assert(sizeof(struct hash_key4) == 24, "hash_key4");
_Static_assert(sizeof(struct hash_key6) == 48, "hash_key6");
_Static_assert(sizeof(struct hash_value) == 32, "hash_value");
_Static_assert(sizeof(struct process_owner) == 40, "process_owner");

#endif
