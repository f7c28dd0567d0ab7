/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Everything the program knows about a column: one record each. Screen, text report, CSV, JSON, the
 * sort options, help, completion and manual all come from or are checked against column_table.
 */
#ifndef COLUMN_H
#define COLUMN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sample.h"

struct geo_place;
struct ledger;
struct owner;

/* One direction's numbers of a row. */
struct row_side {
	struct tally count;
	double bps, pps;
	double average_bps[2], average_pps[2]; /* enum window of flow-table.h */
	/*
	 * The highest rate that is known to have been reached: of the flow; in a group the highest
	 * of a single flow, or the sum at this moment where that is more.
	 */
	double peak_bps, peak_pps;
};

/* Parts of a row: ranking fills only those that the column reads. key and id are always there. */
enum {
	ROW_COUNTS = 1 << 0,   /* side[].count */
	ROW_RATES = 1 << 1,    /* side[].bps, .pps */
	ROW_PEAKS = 1 << 2,    /* side[].peak_bps, .peak_pps; fills the rates too */
	ROW_AVERAGES = 1 << 3, /* side[].average_bps, .average_pps */
	ROW_STATE = 1 << 4,    /* times, n_flows, flags, l7, retransmits, elsewhere, iface */
	ROW_GROUP = 1 << 5,    /* the text of group; without it group only says whether it is one */
	ROW_OWNER = 1 << 6,    /* owner and what follows it */
	ROW_PEERS = 1 << 7,    /* n_peers */
	ROW_PLACE = 1 << 8,    /* places, same_country, same_asn */
	ROW_ALL = (1 << 9) - 1,
};

/* What all flows of a row have in common, besides texts: 1 << enum owner_text. */
enum {
	ROW_SAME_PID = 1 << 13,
	ROW_SAME_UID = 1 << 14,
	ROW_SAME_OWNER = 1 << 15,
	ROW_SAME_ALL = (1 << 16) - 1,
};

/* Which end of a flow; the far one is where packets that come in are from. */
enum row_end { ROW_END_SRC, ROW_END_DST, ROW_END_FAR, ROW_END_MAX };

/*
 * What a column reads. A row shows one flow in one direction, a conversation (both directions of a
 * flow on one interface), or a group of flows.
 */
struct row {
	const struct flow_key *key; /* of the flow that leads; in a group of the first one */
	struct row_side side[DIRECTION_MAX];
	uint64_t id;                /* identity, stable between snapshots */
	uint64_t first_ns, last_ns; /* CLOCK_MONOTONIC */
	uint64_t now_ns;            /* end of the interval shown */
	int64_t real_offset_ns;     /* CLOCK_REALTIME - CLOCK_MONOTONIC */
	uint64_t retransmits;
	uint32_t n_flows;
	uint32_t n_peers;               /* in a group: distinct addresses at the other end */
	double share, cumulative_share; /* in a group, up to 1; the other with all rows above */
	uint8_t tcp_flags;
	uint8_t l7, l7_source; /* as in struct flow; in a group none where they are not the same */
	bool elsewhere;
	const char *group;                /* text of the group's key; NULL: not a group */
	const struct sample_iface *iface; /* may be NULL in a group */
	const struct owner *owner;        /* of the first flow; NULL: not all flows have one */
	uint16_t owner_same;              /* ROW_SAME_*: what is true of the others as well */
	uint8_t owner_reason; /* enum owner_reason; OWNER_REASON_MAX: not the same for all */
	bool owner_estimated; /* of any flow */
	/* By enum row_end; NULL: not known. A group has that of the far end of its first flow. */
	const struct geo_place *places[ROW_END_MAX];
	bool same_country, same_asn; /* all far ends have the same */
};

enum column_type { COLUMN_TEXT, COLUMN_INTEGER, COLUMN_NUMBER, COLUMN_LIST, COLUMN_TYPE_MAX };

/* How people want to read rates. */
enum unit { UNIT_BITS, UNIT_BYTES, UNIT_PACKETS, UNIT_MAX };

struct column_format {
	enum unit unit; /* bytes per second in *bps columns; UNIT_PACKETS leaves them in bits */
	bool exact;     /* for machines (CSV): plain numbers, unit ignored, "" for what is absent */
};

/* Integer, number or text, as JSON wants it. */
struct column_value {
	bool null; /* the row has no such thing: a port of ICMP, an address left open */
	int64_t integer;
	double number;
	char text[160];     /* COLUMN_LIST: items separated by commas */
	const char *longer; /* the text instead, where it may be too long; else NULL */
};

struct column {
	const char *name;        /* --columns, --sort; JSON and CSV field */
	const char *title;       /* heading on the screen, see column_title() */
	const char *title_bytes; /* the same in UNIT_BYTES; NULL: no difference */
	const char *title_calls; /* the same where calls are counted; NULL: no difference */
	const char *help;
	uint8_t width;     /* columns wanted on the screen */
	uint8_t min_width; /* columns below which it is dropped; == width: fixed */
	uint8_t priority;  /* 0 stays longest on a narrow screen */
	bool right;        /* aligned */
	bool descending;   /* first press of the sort key */
	uint8_t rows;      /* bits 1 << enum view_rows: where it says something */
	uint16_t needs;    /* ROW_* that rank() and compare() read */
	enum column_type type;
	/* Larger first when descending. Rows with equal rank are compared, then ordered by id. */
	uint64_t (*rank)(const struct row *row);
	int (*compare)(const struct row *a, const struct row *b); /* may be NULL */
	/* Text for people; returns the length as snprintf(). */
	int (*format)(char *buf, size_t size, const struct row *row,
		      const struct column_format *format);
	/* The value for machines, by type. */
	void (*value)(const struct row *row, struct column_value *ret_value);
};

enum column_id {
	COLUMN_IFACE,     /* in_if */
	COLUMN_DIRECTION, /* direction: in, out; "in,out" for a conversation is never shown */
	COLUMN_PROTO,     /* proto */
	COLUMN_SRC,       /* src: endpoint with port */
	COLUMN_DST,       /* dst */
	COLUMN_SRC_ADDR,  /* src_addr */
	COLUMN_SRC_PORT,  /* src_port: ports only where there are ports; JSON null else */
	COLUMN_DST_ADDR,
	COLUMN_DST_PORT,
	COLUMN_SRC_NAME, /* src_name: of the host, where it is known; JSON null else */
	COLUMN_DST_NAME,
	COLUMN_ASKED_BY, /* asked_by: who asked for the name, where that went past */
	COLUMN_RESOLVER, /* resolver: who was asked */
	COLUMN_LOCAL,  /* local: of a conversation */
	COLUMN_REMOTE, /* remote */
	COLUMN_DETAIL, /* detail: ICMP type, SPI ... */
	COLUMN_VLAN,
	COLUMN_PACKETS, /* of both directions in rows of two */
	COLUMN_BYTES,
	COLUMN_PPS,
	COLUMN_BPS,
	COLUMN_BPS_10S,
	COLUMN_BPS_60S,
	COLUMN_BPS_PEAK,
	COLUMN_PPS_10S,
	COLUMN_PPS_60S,
	COLUMN_PPS_PEAK,
	COLUMN_RX_BPS,
	COLUMN_TX_BPS,
	COLUMN_RX_PPS,
	COLUMN_TX_PPS,
	COLUMN_RX_BYTES,
	COLUMN_TX_BYTES,
	COLUMN_RX_PACKETS,
	COLUMN_TX_PACKETS,
	COLUMN_FLAGS, /* tcp_flags */
	COLUMN_RETRANSMITS,
	COLUMN_FIRST,      /* first_seen: RFC 3339; time of day on the screen */
	COLUMN_LAST,       /* last_seen */
	COLUMN_AGE,        /* age_s */
	COLUMN_IDLE,       /* idle_s */
	COLUMN_FLOWS,      /* flows: in a group */
	COLUMN_PEERS,      /* peers: in a group */
	COLUMN_SHARE,      /* share_percent: of a group */
	COLUMN_CUMULATIVE, /* cumul_percent */
	COLUMN_GROUP,      /* group: its text */
	COLUMN_ELSEWHERE,  /* elsewhere: also seen on another interface */
	COLUMN_L7,         /* l7: application protocol, with "?" for a guess; JSON without */
	COLUMN_L7_SOURCE,  /* l7_source: how it is known */
	COLUMN_COMMUNITY_ID,
	COLUMN_COUNTRY, /* country: of the far end */
	COLUMN_ASN,     /* asn: number of its autonomous system */
	COLUMN_AS_ORG,  /* as_org: who runs that */
	COLUMN_SRC_COUNTRY,
	COLUMN_SRC_ASN,
	COLUMN_SRC_AS_ORG,
	COLUMN_DST_COUNTRY,
	COLUMN_DST_ASN,
	COLUMN_DST_AS_ORG,
	COLUMN_OWNER,           /* owner: the shortest text, or the reason; in JSON an object */
	COLUMN_OWNER_REASON,    /* owner_reason: why there is none */
	COLUMN_OWNER_ESTIMATED, /* from here on members of that object */
	COLUMN_PID,
	COLUMN_COMM,
	COLUMN_COMMAND,
	COLUMN_UID,
	COLUMN_USER,
	COLUMN_CGROUP,
	COLUMN_CONTAINER, /* container: name, or short id */
	COLUMN_CONTAINER_ID,
	COLUMN_IMAGE,
	COLUMN_POD, /* pod: with namespace */
	COLUMN_MAX
};

extern const struct column column_table[COLUMN_MAX];

/* From now on headings say calls where a back end counts them instead of packets. */
void column_count_calls(void);
bool column_counts_calls(void);
/* Heading in this unit: "RX b/s" or "RX B/s". */
const char *column_title(const struct column *column, enum unit unit);
/* The column that a sort by id means: in UNIT_PACKETS *pps for *bps. */
enum column_id column_in_unit(enum column_id id, enum unit unit);
/* Id by name, -ENOENT otherwise. */
int column_find(const char *name);
/* "bps,proto,src" to ids; on error writes a sentence naming the bad part. Returns the number or
 * -errno. */
int column_parse_list(const char *text, enum column_id *ids, size_t n_ids, char *error,
		      size_t error_size);

/* Those that have nothing without names. */
static inline bool column_is_name(enum column_id id)
{
	return id >= COLUMN_SRC_NAME && id <= COLUMN_RESOLVER;
}

#endif
