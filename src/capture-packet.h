/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * The part of a back end that is the same for every hook of a network interface: it loads
 * bpf/packet.bpf.c, follows the interfaces and delivers the intervals. How programs are attached is
 * what the back ends differ in (capture-tc.c, capture-xdp.c).
 */
#ifndef CAPTURE_PACKET_H
#define CAPTURE_PACKET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "capture-follow.h"
#include "capture-iface-table.h"
#include "capture-interval.h"
#include "capture.h"
#include "sample.h"

struct capture_packet;
struct loop;
struct nl_link;
struct owner_watch;
struct packet_bpf;
struct segment_watch;
struct store;

/* What a back end adds. */
struct packet_ops {
	bool in_only;     /* its programs see nothing of what is sent */
	const char *note; /* a sentence for people, or NULL */
	/* Says which programs and maps of the skeleton are to be loaded, before each attempt. */
	void (*choose)(struct packet_bpf *skel);
	/* Whether the kernel has what attach() needs; a sentence goes to error if not. */
	int (*check)(const struct capture_config *config, char *error, size_t error_size);
	/* Once, when the programs are loaded and nothing is attached; may be NULL. On failure
	 * writes a sentence to error. */
	int (*open)(struct capture_packet *packet, char *error, size_t error_size);
	/* As in struct follow_ops; link is the interface as rtnetlink has it. What attach() leaves
	 * behind when it fails, detach() undoes. */
	int (*attach)(struct capture_packet *packet, const struct nl_link *link,
		      struct sample_iface *iface);
	void (*detach)(struct capture_packet *packet, const struct sample_iface *iface);
	/* Frees what the back end has besides its structure, also after a failure of open() and
	 * where that was never called; may be NULL. */
	void (*close)(struct capture_packet *packet);
};

/* First member of the back end's own structure. The back end reads the first group alone. */
struct capture_packet {
	struct capture capture;
	struct capture_config config;
	struct packet_bpf *skel;

	const struct packet_ops *ops;
	struct capture_info info;
	struct loop *loop;
	const struct sample_sink *sink;
	struct store *store;
	struct interval interval;
	struct follow_ops follow_ops;
	struct follow *follow;
	struct owner_watch *owners;
	struct segment_watch *segments;
	struct iface_table ifaces;
	size_t note_len; /* of what stays in the note */
	bool attaching;  /* the note says that some interfaces follow */
	uint32_t slots;
	char host[256];
	char note[256];
};

extern const struct packet_ops capture_tc_hooks;
extern const struct packet_ops capture_xdp_hooks;

/* Loads the programs, with the smallest tables there are. */
int capture_packet_try(const struct packet_ops *ops);
/* probe() of a back end. */
int capture_packet_probe(const struct packet_ops *ops, const struct capture_config *config,
			 char *error, size_t error_size);

/*
 * open() of a back end: packet begins a structure from calloc(), NULL where that failed, and is
 * freed by capture_packet_close(), also on failure.
 */
int capture_packet_open(struct capture_packet *packet, const struct capture_ops *capture_ops,
			const struct packet_ops *ops, const struct capture_config *config,
			struct loop *loop, const struct sample_sink *sink,
			struct capture **ret_capture, char *error, size_t error_size);

/* The rest of struct capture_ops. */
int capture_packet_tick(struct capture *capture);
int capture_packet_finish(struct capture *capture);
void capture_packet_watch(struct capture *capture, const struct flow_key *keys, size_t n_keys);
const struct sample_sizes *capture_packet_sizes(const struct capture *capture);
void capture_packet_close(struct capture *capture);
const struct capture_info *capture_packet_info(const struct capture *capture);

#endif
