/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Back ends that count packets. One at a time; chosen by name, reports through a sample_sink.
 */
#ifndef CAPTURE_H
#define CAPTURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample.h"

struct loop;
struct capture;

/* How XDP is attached to a device. */
enum capture_xdp_mode {
	CAPTURE_XDP_AUTO,    /* by the driver, or generic where it cannot */
	CAPTURE_XDP_NATIVE,  /* by the driver */
	CAPTURE_XDP_GENERIC, /* by the kernel, behind the driver */
	CAPTURE_XDP_OFFLOAD, /* in the device */
};

enum capture_attach { CAPTURE_ATTACH_AUTO, CAPTURE_ATTACH_TCX, CAPTURE_ATTACH_CLSACT };

/* How the calls of processes are seen. */
enum capture_hooks {
	CAPTURE_HOOKS_AUTO,
	CAPTURE_HOOKS_TRACEPOINT,
	CAPTURE_HOOKS_FEXIT,
	CAPTURE_HOOKS_KPROBE,
};

struct capture_config {
	const char *const *ifaces; /* names or shell patterns; "any"; none: the default choice */
	size_t n_ifaces;
	enum capture_attach attach; /* tc */
	enum capture_xdp_mode xdp_mode;
	/*
	 * A TCX link waits for an RCU grace period, and hundreds of interfaces take many seconds:
	 * after this time open() goes on in the loop, in steps as long as this. 0: open() attaches
	 * to all of them.
	 */
	uint64_t attach_step_ns;
	uint32_t max_flows;       /* 0: chosen from memory and CPUs, see capture_default_flows() */
	bool layer_ip;            /* count IP octets instead of frames */
	bool no_arp;              /* ARP goes to OTHER_NOT_IP */
	bool no_l7;               /* do not look into payload */
	bool no_owners;           /* do not look for sockets and processes */
	uint32_t payload;         /* bits of enum sample_payload that are wanted; 0: none */
	enum capture_hooks hooks; /* process */
	const char *cgroup;       /* cgroup: path, unit or container id */
	const char *file;         /* replay */
	bool paced;               /* replay: as slowly as it was recorded */
};

/* How well begin and end of connections are told. */
struct capture_conns {
	bool works;
	const char *note; /* why not, or what is missing, a sentence for people, or "" */
	uint64_t n_lost;  /* of them, that there was no room for */
};

/* How well owners of traffic are found. */
struct capture_owners {
	uint8_t reason;     /* enum owner_reason: OWNER_KNOWN, or why no owner is found at all */
	const char *note;   /* what is missing, a sentence for people, or "" */
	uint64_t n_lost;    /* reports of sockets and addresses that there was no room for */
	uint64_t n_evicted; /* sockets forgotten since others came */
	uint64_t n_refused; /* processes past SAMPLE_OWNER_MAX at a time */
	struct capture_conns conns; /* where the sink wants them */
};

/* How well payload is passed. */
struct capture_segments {
	int result;           /* -errno: none is, for the reason in note */
	const char *note;     /* what is missing, a sentence for people, or "" */
	uint64_t n_full;      /* segments that there was no room for */
	uint64_t n_unread;    /* that the kernel did not give */
	uint64_t n_forgotten; /* connections that were not followed to their end, at least */
};

/* What one run says about itself, for headers and reports. Valid until capture_close(). */
struct capture_info {
	const char *backend; /* "tc" */
	const char *layer;   /* "l2", "ip"; "payload": packets are calls */
	const char *host;    /* escaped */
	uint32_t max_flows;
	uint64_t start_mono_ns; /* when counting began */
	uint64_t start_real_ns;
	uint64_t map_bytes; /* of kernel memory */
	const char *note;   /* a sentence for people, or "" */
	bool owners;        /* owners are looked for */
	uint32_t netns;     /* inode of the network namespace of the interfaces, 0: not known */
	/* How well; NULL: this back end does not look for them. See capture_owners(). */
	const struct capture_owners *owner_source;
	/* NULL: this back end passes none, or none is wanted. */
	const struct capture_segments *segments;
	const char *sizes_note; /* why sizes of packets are not told, for people; NULL: they are */
};

static inline const struct capture_owners *capture_owners(const struct capture_info *info)
{
	static const struct capture_owners off = {
		.reason = OWNER_OFF,
		.note = "",
		.conns.note = "this back end does not tell of connections",
	};

	return info->owner_source ? info->owner_source : &off;
}

/* What a back end counts and by what, in words for --backend=help, "pktop check" and the manual. */
struct capture_facts {
	bool sees_in, sees_out;
	const char *bytes;    /* what they can be */
	const char *owners;   /* how they are known */
	const char *attaches; /* to what, by what */
	const char *needs;    /* of the kernel */
};

struct capture_ops {
	const char *name; /* --backend, "backend" in JSON */
	const char *title;
	const char *help;
	struct capture_facts facts;
	/*
	 * Tries all that open() needs but the interfaces; attaches nothing. On failure writes a
	 * sentence that says what is missing to error. NULL: there is nothing to try.
	 */
	int (*probe)(const struct capture_config *config, char *error, size_t error_size);
	/*
	 * Opens, attaches, and reports the interfaces to the sink, which must outlive the capture.
	 * On failure writes a sentence that says what is missing to error.
	 */
	int (*open)(const struct capture_config *config, struct loop *loop,
		    const struct sample_sink *sink, struct capture **ret_capture, char *error,
		    size_t error_size);
	/* Asks for the end of the interval; the sink is called now or later from the loop. A
	 * request while one is under way is ignored. */
	int (*tick)(struct capture *capture);
	/* Ends the interval now: when it returns, everything counted so far has reached the sink.
	 */
	int (*finish)(struct capture *capture);
	/*
	 * From the next interval on tallies the packets of one direction of a flow by size, or of
	 * both, which are two keys of one interface; those watched before are forgotten. n_keys 0:
	 * of none. NULL where info()->sizes_note says why not.
	 */
	void (*watch)(struct capture *capture, const struct flow_key *keys, size_t n_keys);
	/* What came of it so far. */
	const struct sample_sizes *(*sizes)(const struct capture *capture);
	void (*close)(struct capture *capture);
	const struct capture_info *(*info)(const struct capture *capture);
};

/* First member of every back end's own structure. */
struct capture {
	const struct capture_ops *ops;
};

extern const struct capture_ops capture_tc_ops;
extern const struct capture_ops capture_xdp_ops;
extern const struct capture_ops capture_cgroup_ops;
extern const struct capture_ops capture_process_ops;
extern const struct capture_ops capture_sockets_ops;
extern const struct capture_ops capture_replay_ops;

/* Ended by NULL; the first is the default. */
extern const struct capture_ops *const capture_backends[];

/* "sees in and out; bytes of frames or IP packets; ..." Returns buf. */
const char *capture_facts_text(const struct capture_facts *facts, char *buf, size_t size);

/* Name of this machine, escaped. Returns buf. */
const char *capture_host(char *buf, size_t size);

/* Flows that fit an honest share of this machine's memory, given its CPUs. */
uint32_t capture_default_flows(void);
/* Kernel memory that a table for max_flows takes, in bytes. */
uint64_t capture_map_bytes(uint32_t max_flows);

#define CAPTURE_FLOWS_MIN 1024u
#define CAPTURE_FLOWS_MAX (4u << 20)

#endif
