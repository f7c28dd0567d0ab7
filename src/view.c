/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The views: what flows are grouped by, and which columns their rows show. */
#include "config.h"

#include "view.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "filter.h"
#include "flow-name.h"
#include "flow-table.h"
#include "flow.h"
#include "ledger.h"
#include "macro.h"
#include "view-owner.h"
#include "view-place.h"
#include "view-prefix.h"

/* ---- group keys: bytes that are equal for flows of one group ---- */

size_t view_put_addr(uint8_t *key, const struct flow_key *flow, enum side side)
{
	bool open = flow_addr_is_open(flow, side);

	key[0] = open ? UINT8_MAX : flow->family == FAMILY_ARP ? FAMILY_IPV4 : flow->family;
	memcpy(key + 1, flow_side_addr(flow, side), sizeof(flow->src));
	if (open)
		memset(key + 1, 0, sizeof(flow->src));
	return 1 + sizeof(flow->src);
}

/*
 * The lower port is the service, as far as ports can say it: those that clients are given are high.
 * -1 where there is none or it is open.
 */
static int service_port(const struct flow_key *key)
{
	bool src_open = flow_port_is_open(key, SIDE_SRC);
	bool dst_open = flow_port_is_open(key, SIDE_DST);

	if (!flow_has_ports(key) || (src_open && dst_open))
		return -1;
	if (src_open || dst_open)
		return src_open ? key->dport : key->sport;
	return MIN(key->sport, key->dport);
}

static size_t src_key(const struct flow *flow, const struct view_context *context ATTR_UNUSED,
		      uint8_t *key)
{
	return view_put_addr(key, &flow->key, SIDE_SRC);
}

static int src_label(char *buf, size_t size, const struct flow *flow,
		     const struct view_context *context ATTR_UNUSED)
{
	return flow_name_addr(buf, size, &flow->key, SIDE_SRC);
}

static size_t dst_key(const struct flow *flow, const struct view_context *context ATTR_UNUSED,
		      uint8_t *key)
{
	return view_put_addr(key, &flow->key, SIDE_DST);
}

static int dst_label(char *buf, size_t size, const struct flow *flow,
		     const struct view_context *context ATTR_UNUSED)
{
	return flow_name_addr(buf, size, &flow->key, SIDE_DST);
}

/* Near end first, so that both directions of what a host says to another are one group. */
static size_t pair_key(const struct flow *flow, const struct view_context *context ATTR_UNUSED,
		       uint8_t *key)
{
	size_t n = view_put_addr(key, &flow->key, flow_local_side(&flow->key));

	return n + view_put_addr(key + n, &flow->key, flow_remote_side(&flow->key));
}

static int pair_label(char *buf, size_t size, const struct flow *flow,
		      const struct view_context *context ATTR_UNUSED)
{
	char local[FLOW_TEXT_MAX], remote[FLOW_TEXT_MAX];

	(void)flow_name_addr(local, sizeof(local), &flow->key, flow_local_side(&flow->key));
	(void)flow_name_addr(remote, sizeof(remote), &flow->key, flow_remote_side(&flow->key));
	return snprintf(buf, size, "%s <-> %s", local, remote);
}

static size_t proto_key(const struct flow *flow, const struct view_context *context ATTR_UNUSED,
			uint8_t *key)
{
	key[0] = flow->key.family == FAMILY_ARP;
	key[1] = flow->key.proto;
	return 2;
}

static int proto_label(char *buf, size_t size, const struct flow *flow,
		       const struct view_context *context ATTR_UNUSED)
{
	return flow_proto_name(buf, size, &flow->key);
}

static size_t port_key(const struct flow *flow, const struct view_context *context ATTR_UNUSED,
		       uint8_t *key)
{
	size_t n = proto_key(flow, context, key);
	int port = service_port(&flow->key);

	memcpy(key + n, &port, sizeof(port));
	return n + sizeof(port);
}

/* "443/tcp", "*" for a port left open; the protocol alone where it has no ports. */
static int port_label(char *buf, size_t size, const struct flow *flow,
		      const struct view_context *context ATTR_UNUSED)
{
	int port = service_port(&flow->key);
	char proto[FLOW_TEXT_MAX], name[FLOW_TEXT_MAX];

	(void)flow_proto_name(proto, sizeof(proto), &flow->key);
	if (!flow_has_ports(&flow->key))
		return snprintf(buf, size, "%s", proto);
	if (port < 0)
		return snprintf(buf, size, "*/%s", proto);
	(void)flow_name_port(name, sizeof(name), &flow->key, (uint16_t)port);
	return snprintf(buf, size, "%s/%s", name, proto);
}

static size_t l7_key(const struct flow *flow, const struct view_context *context ATTR_UNUSED,
		     uint8_t *key)
{
	key[0] = flow->l7;
	key[1] = flow->l7_source;
	return 2;
}

static int l7_label(char *buf, size_t size, const struct flow *flow,
		    const struct view_context *context ATTR_UNUSED)
{
	return flow_l7_text(buf, size, flow->l7, flow->l7_source);
}

static size_t iface_key(const struct flow *flow, const struct view_context *context ATTR_UNUSED,
			uint8_t *key)
{
	memcpy(key, &flow->key.iface, sizeof(flow->key.iface));
	return sizeof(flow->key.iface);
}

static int iface_label(char *buf, size_t size, const struct flow *flow,
		       const struct view_context *context)
{
	const struct sample_iface *iface = ledger_get_iface(context->ledger, flow->key.iface);

	return snprintf(buf, size, "%s", iface ? iface->name : "?");
}

/* ---- peers ---- */

static enum side src_peer(const struct flow_key *key ATTR_UNUSED)
{
	return SIDE_DST;
}

static enum side dst_peer(const struct flow_key *key ATTR_UNUSED)
{
	return SIDE_SRC;
}

/* ---- filters ---- */

static int addr_filter(char *buf, size_t size, const char *field, const struct flow_key *key,
		       enum side side)
{
	char addr[FLOW_TEXT_MAX];

	(void)flow_addr(addr, sizeof(addr), key, side);
	if (!*addr || *addr == '*')
		return 0;
	return snprintf(buf, size, "%s %s", field, addr);
}

static int remote_filter(char *buf, size_t size, const struct row *row)
{
	return addr_filter(buf, size, "host", row->key, flow_remote_side(row->key));
}

static int conversation_tcpdump(char *buf, size_t size, const struct row *row)
{
	return flow_expression(buf, size, row->key, true);
}

static int flow_tcpdump(char *buf, size_t size, const struct row *row)
{
	return flow_expression(buf, size, row->key, false);
}

static int src_filter(char *buf, size_t size, const struct row *row)
{
	return addr_filter(buf, size, "src", row->key, SIDE_SRC);
}

static int dst_filter(char *buf, size_t size, const struct row *row)
{
	return addr_filter(buf, size, "dst", row->key, SIDE_DST);
}

static int both_filter(char *buf, size_t size, const struct row *row, const char *local_field,
		       const char *remote_field)
{
	enum side near = flow_local_side(row->key), far = flow_remote_side(row->key);
	char local[FLOW_TEXT_MAX], remote[FLOW_TEXT_MAX];

	if (!addr_filter(local, sizeof(local), local_field, row->key, near) ||
	    !addr_filter(remote, sizeof(remote), remote_field, row->key, far))
		return 0;
	return snprintf(buf, size, "%s and %s", local, remote);
}

static int pair_filter(char *buf, size_t size, const struct row *row)
{
	return both_filter(buf, size, row, "local", "remote");
}

/* Which end is near depends on the interface: there tcpdump lets pass a little more. */
static int pair_tcpdump(char *buf, size_t size, const struct row *row)
{
	return both_filter(buf, size, row, "host", "host");
}

static int proto_filter(char *buf, size_t size, const struct row *row)
{
	return flow_expression_proto(buf, size, row->key);
}

static int port_filter(char *buf, size_t size, const struct row *row)
{
	int port = service_port(row->key), n = proto_filter(buf, size, row);

	return port < 0 ? n : n + snprintf(buf + n, size - (size_t)n, " and port %d", port);
}

static int port_tcpdump(char *buf, size_t size, const struct row *row)
{
	return flow_expression_has_ports(row->key) ? port_filter(buf, size, row)
						   : proto_filter(buf, size, row);
}

static int l7_filter(char *buf, size_t size, const struct row *row)
{
	return snprintf(buf, size, "l7 %s and l7_source %s", flow_l7_name(row->l7),
			flow_l7_source(row->l7_source));
}

static int iface_filter(char *buf, size_t size, const struct row *row)
{
	char quoted[2 * sizeof(row->iface->name) + 3];

	if (!row->iface)
		return 0;
	(void)filter_quote(quoted, sizeof(quoted), row->iface->name);
	return snprintf(buf, size, "if %s", quoted);
}

/* ---- names ---- */

void view_want_names(const struct view *view, const struct row *row)
{
	if (view->rows != VIEW_GROUPS || view->hosts)
		flow_name_want(row->key);
}

/* ---- columns: first what 80 columns hold, then what wider terminals add ---- */

static const enum column_id conversation_columns[] = {
	COLUMN_PROTO,    COLUMN_L7,      COLUMN_LOCAL,  COLUMN_REMOTE,  COLUMN_OWNER,
	COLUMN_RX_BPS,   COLUMN_TX_BPS,  COLUMN_RX_PPS, COLUMN_TX_PPS,  COLUMN_BPS,
	COLUMN_BYTES,    COLUMN_PACKETS, COLUMN_IFACE,  COLUMN_BPS_10S, COLUMN_BPS_60S,
	COLUMN_BPS_PEAK, COLUMN_AGE,     COLUMN_IDLE,   COLUMN_VLAN,    COLUMN_FLAGS,
	COLUMN_DETAIL,   COLUMN_MAX,
};

static const enum column_id flow_columns[] = {
	COLUMN_PROTO, COLUMN_L7,      COLUMN_DIRECTION, COLUMN_SRC,      COLUMN_DST,
	COLUMN_OWNER, COLUMN_BPS,     COLUMN_PPS,       COLUMN_BYTES,    COLUMN_PACKETS,
	COLUMN_IFACE, COLUMN_BPS_10S, COLUMN_BPS_60S,   COLUMN_BPS_PEAK, COLUMN_PPS_PEAK,
	COLUMN_AGE,   COLUMN_IDLE,    COLUMN_VLAN,      COLUMN_FLAGS,    COLUMN_DETAIL,
	COLUMN_MAX,
};

static const enum column_id group_columns[] = {
	COLUMN_GROUP,    COLUMN_FLOWS,    COLUMN_RX_BPS, COLUMN_TX_BPS,     COLUMN_RX_PPS,
	COLUMN_TX_PPS,   COLUMN_BPS,      COLUMN_SHARE,  COLUMN_CUMULATIVE, COLUMN_PEERS,
	COLUMN_BYTES,    COLUMN_PACKETS,  COLUMN_PPS,    COLUMN_BPS_10S,    COLUMN_BPS_60S,
	COLUMN_BPS_PEAK, COLUMN_PPS_PEAK, COLUMN_AGE,    COLUMN_IDLE,       COLUMN_FLAGS,
	COLUMN_MAX,
};

static const enum column_id process_columns[] = {
	COLUMN_GROUP,      COLUMN_USER,    COLUMN_CONTAINER, COLUMN_FLOWS,   COLUMN_RX_BPS,
	COLUMN_TX_BPS,     COLUMN_RX_PPS,  COLUMN_TX_PPS,    COLUMN_BPS,     COLUMN_SHARE,
	COLUMN_CUMULATIVE, COLUMN_PEERS,   COLUMN_BYTES,     COLUMN_PACKETS, COLUMN_PPS,
	COLUMN_BPS_10S,    COLUMN_BPS_60S, COLUMN_BPS_PEAK,  COLUMN_POD,     COLUMN_CGROUP,
	COLUMN_AGE,        COLUMN_IDLE,    COLUMN_IMAGE,     COLUMN_COMMAND, COLUMN_MAX,
};

static const enum column_id conversation_report[] = {
	COLUMN_RX_BPS, COLUMN_TX_BPS, COLUMN_RX_PPS, COLUMN_TX_PPS, COLUMN_PACKETS,
	COLUMN_BYTES,  COLUMN_PROTO,  COLUMN_L7,     COLUMN_IFACE,  COLUMN_LOCAL,
	COLUMN_REMOTE, COLUMN_OWNER,  COLUMN_FLAGS,  COLUMN_DETAIL, COLUMN_MAX,
};

static const enum column_id flow_report[] = {
	COLUMN_BPS,   COLUMN_PPS,       COLUMN_PACKETS, COLUMN_BYTES, COLUMN_PROTO,
	COLUMN_L7,    COLUMN_DIRECTION, COLUMN_IFACE,   COLUMN_SRC,   COLUMN_DST,
	COLUMN_OWNER, COLUMN_FLAGS,     COLUMN_DETAIL,  COLUMN_MAX,
};

static const enum column_id group_report[] = {
	COLUMN_BPS,    COLUMN_PPS,    COLUMN_PACKETS, COLUMN_BYTES, COLUMN_RX_BPS,
	COLUMN_TX_BPS, COLUMN_RX_PPS, COLUMN_TX_PPS,  COLUMN_SHARE, COLUMN_CUMULATIVE,
	COLUMN_FLOWS,  COLUMN_PEERS,  COLUMN_GROUP,   COLUMN_MAX,
};

static const enum column_id process_report[] = {
	COLUMN_BPS,    COLUMN_PPS,        COLUMN_PACKETS,   COLUMN_BYTES,
	COLUMN_RX_BPS, COLUMN_TX_BPS,     COLUMN_RX_PPS,    COLUMN_TX_PPS,
	COLUMN_SHARE,  COLUMN_CUMULATIVE, COLUMN_FLOWS,     COLUMN_PEERS,
	COLUMN_GROUP,  COLUMN_USER,       COLUMN_CONTAINER, COLUMN_MAX,
};

#define GROUP_BY(stem, peer_)                                                                      \
	.name = #stem, .rows = VIEW_GROUPS, .key = stem##_key, .peer = peer_,                      \
	.label = stem##_label, .filter = stem##_filter, .columns = group_columns,                  \
	.report_columns = group_report, .sort = COLUMN_BPS

/* Functions of other files. */
#define VIEW_BY(stem)                                                                              \
	.name = #stem, .rows = VIEW_GROUPS, .key = view_##stem##_key, .peer = flow_remote_side,    \
	.label = view_##stem##_label, .filter = view_##stem##_filter, .columns = group_columns,    \
	.report_columns = group_report, .sort = COLUMN_BPS

const struct view view_table[VIEW_ID_MAX] = {
	[VIEW_ID_CONVERSATIONS] = {.name = "flows",
				   .title = "Flows",
				   .help = "a row per conversation: both directions of a flow",
				   .rows = VIEW_CONVERSATIONS,
				   .filter = remote_filter,
				   .tcpdump = conversation_tcpdump,
				   .columns = conversation_columns,
				   .report_columns = conversation_report,
				   .sort = COLUMN_BPS},
	[VIEW_ID_FLOWS] = {.name = "directions",
			   .title = "Directions",
			   .help = "a row per flow, each direction apart",
			   .rows = VIEW_FLOWS,
			   .filter = remote_filter,
			   .tcpdump = flow_tcpdump,
			   .columns = flow_columns,
			   .report_columns = flow_report,
			   .sort = COLUMN_BPS},
	[VIEW_ID_SRC] = {GROUP_BY(src, src_peer), .tcpdump = src_filter, .hosts = true,
			 .title = "Sources", .heading = "SOURCE",
			 .help = "a row per source address"},
	[VIEW_ID_DST] = {GROUP_BY(dst, dst_peer), .tcpdump = dst_filter, .hosts = true,
			 .title = "Destinations", .heading = "DESTINATION",
			 .help = "a row per destination address"},
	[VIEW_ID_PAIR] = {GROUP_BY(pair, flow_remote_side), .tcpdump = pair_tcpdump, .hosts = true,
			  .title = "Pairs", .heading = "PAIR",
			  .help = "a row per pair of addresses, near end first"},
	[VIEW_ID_PROTO] = {GROUP_BY(proto, flow_remote_side), .tcpdump = proto_filter,
			   .title = "Protocols", .heading = "PROTOCOL",
			   .help = "a row per IP protocol"},
	[VIEW_ID_PORT] = {GROUP_BY(port, flow_remote_side), .tcpdump = port_tcpdump,
			  .title = "Ports", .heading = "PORT",
			  .help = "a row per service port: the lower of both ports"},
	[VIEW_ID_IFACE] = {GROUP_BY(iface, flow_remote_side), .title = "Interfaces",
			   .heading = "INTERFACE", .help = "a row per interface"},
	[VIEW_ID_PID] = {.name = "pid",
			 .title = "Processes",
			 .heading = "PROCESS",
			 .help = "a row per process; flows without one under the reason",
			 .rows = VIEW_GROUPS,
			 .key = view_pid_key,
			 .peer = flow_remote_side,
			 .label = view_pid_label,
			 .filter = view_pid_filter,
			 .columns = process_columns,
			 .report_columns = process_report,
			 .sort = COLUMN_BPS},
	[VIEW_ID_COMM] = {VIEW_BY(comm), .title = "Programs", .heading = "PROGRAM",
			  .help = "a row per name of processes"},
	[VIEW_ID_USER] = {VIEW_BY(user), .alias = "uid", .title = "Users", .heading = "USER",
			  .help = "a row per user"},
	[VIEW_ID_CGROUP] = {VIEW_BY(cgroup), .title = "Cgroups", .heading = "CGROUP",
			    .help = "a row per cgroup"},
	[VIEW_ID_CONTAINER] = {VIEW_BY(container), .title = "Containers", .heading = "CONTAINER",
			       .help = "a row per container"},
	[VIEW_ID_POD] = {VIEW_BY(pod), .title = "Pods", .heading = "POD", .help = "a row per pod"},
	[VIEW_ID_PREFIX] = {VIEW_BY(prefix), .tcpdump = view_prefix_tcpdump, .title = "Prefixes",
			    .heading = "PREFIX",
			    .help = "a row per network of far ends; + and - change its length"},
	[VIEW_ID_COUNTRY] = {VIEW_BY(country), .places = true, .title = "Countries",
			     .heading = "COUNTRY", .help = "a row per country of far ends"},
	[VIEW_ID_ASN] = {VIEW_BY(asn), .places = true, .title = "Networks", .heading = "NETWORK",
			 .help = "a row per autonomous system (AS) of far ends"},
	[VIEW_ID_L7] = {GROUP_BY(l7, flow_remote_side), .title = "Applications",
			.heading = "APPLICATION",
			.help = "a row per application protocol; with ? where only a port says so"},
};

int view_find(const char *name)
{
	for (int id = 0; id < VIEW_ID_MAX; id++)
		if (!strcmp(view_table[id].name, name))
			return id;
	return -ENOENT;
}

const char *view_heading(const struct view *view, enum column_id id, enum unit unit)
{
	if (id == COLUMN_GROUP && view->heading)
		return view->heading;
	return column_title(&column_table[id], unit);
}

bool view_has_column(const struct view *view, enum column_id id)
{
	return column_table[id].rows >> view->rows & 1;
}
