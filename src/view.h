/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The views: what a row of the table is, one record each. */
#ifndef VIEW_H
#define VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "column.h"
#include "flow.h"

struct flow;
struct geo;
struct ledger;
struct owner_table;

/* What keys and labels are made with, besides a flow. */
struct view_context {
	const struct ledger *ledger;
	const struct owner_table *owners; /* NULL: the flows have none */
	const struct geo *geo;            /* NULL: places are not known */
};

enum view_rows {
	VIEW_FLOWS,         /* a row per flow and direction */
	VIEW_CONVERSATIONS, /* a row per pair of opposite flows */
	VIEW_GROUPS,        /* a row per group key */
};

#define VIEW_KEY_MAX 40   /* bytes of a group's key */
#define VIEW_LABEL_MAX 96 /* with the NUL; longer labels are cut */

enum view_id {
	VIEW_ID_CONVERSATIONS, /* "flows" on the screen: two-direction rows */
	VIEW_ID_FLOWS,         /* "directions": one-direction rows */
	VIEW_ID_SRC,
	VIEW_ID_DST,
	VIEW_ID_PAIR,
	VIEW_ID_PROTO,
	VIEW_ID_PORT, /* service port: the lower of both */
	VIEW_ID_IFACE,
	VIEW_ID_PID, /* from here on by owner: flows without one under the reason */
	VIEW_ID_COMM,
	VIEW_ID_USER,
	VIEW_ID_CGROUP,
	VIEW_ID_CONTAINER,
	VIEW_ID_POD,
	VIEW_ID_PREFIX, /* of the far end, see view-prefix.h */
	VIEW_ID_L7,
	VIEW_ID_COUNTRY, /* of the far end, see view-place.h */
	VIEW_ID_ASN,
	VIEW_ID_MAX
};

struct view {
	const char *name;  /* --view; groups also --by */
	const char *alias; /* another name for it, or NULL */
	const char *title;
	const char *heading; /* groups: of the column that says which one a row is */
	const char *help;
	enum view_rows rows;
	bool hosts;  /* groups: the label has addresses in it, or names */
	bool places; /* groups: says nothing without databases of places */
	/* Groups: the bytes that a flow is grouped by; returns how many were written to key, at
	 * most VIEW_KEY_MAX. */
	size_t (*key)(const struct flow *flow, const struct view_context *context, uint8_t *key);
	/* Groups: the end of a flow that is not what it is grouped by. */
	enum side (*peer)(const struct flow_key *key);
	/* Groups: the text of a group's key, from one of its flows. */
	int (*label)(char *buf, size_t size, const struct flow *flow,
		     const struct view_context *context);
	/* The text of a filter that passes what a row stands for: its group, or the far end of its
	 * flow. Returns the length, 0: there is no such text. */
	int (*filter)(char *buf, size_t size, const struct row *row);
	/* The same as tcpdump(8) takes it, as well as that can tell; of a row of flows, of these
	 * alone, which is a filter as well. NULL: tcpdump cannot tell. */
	int (*tcpdump)(char *buf, size_t size, const struct row *row);
	const enum column_id *columns;        /* on the screen, ended by COLUMN_MAX */
	const enum column_id *report_columns; /* in the text report */
	enum column_id sort;
};

extern const struct view view_table[VIEW_ID_MAX];

int view_find(const char *name); /* id, -ENOENT otherwise */
/*
 * One address as part of a key; returns the bytes. ARP speaks of the same hosts as IPv4. What
 * stands in place of an open address is of no account.
 */
size_t view_put_addr(uint8_t *key, const struct flow_key *flow, enum side side);
/* Asks for the names of hosts that a row of the view shows. */
void view_want_names(const struct view *view, const struct row *row);
/* Heading of a column: for the group what the view says, else column_title(). */
const char *view_heading(const struct view *view, enum column_id id, enum unit unit);
/* True where the column says something about the rows of the view. */
bool view_has_column(const struct view *view, enum column_id id);

#endif
