/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Reports of a small table, to the letter. */
#include "config.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef HAVE_JANSSON
#include <jansson.h>
#endif

#include "capture.h"
#include "flow-table.h"
#include "ledger.h"
#include "macro.h"
#include "report.h"
#include "tap.h"

#define MONO (1000 * NSEC_PER_SEC)
#define REAL (1767225600 * NSEC_PER_SEC) /* 2026-01-01T00:00:00Z */

static struct flow_table *table;
static struct ledger *ledger;
static struct capture_info info = {
	.backend = "tc",
	.layer = "l2",
	.host = "web1",
	.max_flows = 1024,
	.start_mono_ns = MONO,
	.start_real_ns = REAL,
	.note = "",
};

static void add(uint16_t iface, enum direction direction, uint8_t proto, const char *src,
		uint16_t sport, const char *dst, uint16_t dport, uint64_t packets, uint64_t bytes,
		uint8_t tcp_flags, uint8_t open)
{
	bool is_v6 = strchr(dst, ':') != NULL;
	struct sample_flow flow = {
		.key = {.sport = sport,
			.dport = dport,
			.iface = iface,
			.direction = (uint8_t)direction,
			.family = is_v6 ? FAMILY_IPV6 : FAMILY_IPV4,
			.proto = proto,
			.open = open},
		.count = {packets, bytes},
		.tcp_flags = tcp_flags,
	};

	if (!(open & OPEN_SRC_ADDR))
		inet_pton(is_v6 ? AF_INET6 : AF_INET, src, flow.key.src);
	inet_pton(is_v6 ? AF_INET6 : AF_INET, dst, flow.key.dst);
	flow_table_add(table, &flow, 1);
}

static void hook(uint16_t iface, enum direction direction, uint64_t packets, uint64_t bytes,
		 uint64_t not_ip, uint64_t syn)
{
	const struct sample_hook hook = {
		.iface = iface,
		.direction = (uint8_t)direction,
		.total = {packets, bytes},
		.other = {[OTHER_NOT_IP] = {not_ip, 60 * not_ip}},
		.syn = syn,
		.syn_ack = syn / 2,
	};

	ledger_hook(ledger, &hook);
}

static void tick(uint64_t start_s, uint64_t end_s)
{
	const struct sample_tick tick = {
		.start_ns = MONO + start_s * NSEC_PER_SEC,
		.end_ns = MONO + end_s * NSEC_PER_SEC,
		.real_ns = REAL + end_s * NSEC_PER_SEC,
		.slots = 8192,
		.slots_used = 4,
	};

	flow_table_tick(table, &tick);
	ledger_tick(ledger, &tick);
}

static void start(void)
{
	const struct sample_iface eth0 = {
		.slot = 0, .index = 2, .speed_bps = 1000000000, .name = "eth0", .attach = "tcx"};
	const struct sample_iface odd = {
		.slot = 1, .state = IFACE_FAILED, .name = "=x,\"y\"", .note = "no such link type"};

	if (flow_table_new(1024, &table) < 0 || ledger_new(&ledger) < 0)
		abort();
	ledger_iface(ledger, &eth0);
	ledger_iface(ledger, &odd);
}

static void done(void)
{
	flow_table_free(table);
	ledger_free(ledger);
}

/* Two seconds, the second of which has one flow. */
static void start_traffic(void)
{
	start();
	add(0, DIRECTION_IN, 6, "192.0.2.7", 41234, "192.0.2.1", 443, 10, 1500, 0x12, 0);
	add(0, DIRECTION_OUT, 6, "192.0.2.1", 443, "192.0.2.7", 41234, 20, 30000, 0x18, 0);
	add(0, DIRECTION_IN, 58, "2001:db8::1", 128, "2001:db8::2", 0, 2, 236, 0, 0);
	add(0, DIRECTION_IN, 6, "", 0, "192.0.2.1", 80, 7, 420, 0x02,
	    OPEN_SRC_ADDR | OPEN_SRC_PORT);
	hook(0, DIRECTION_IN, 22, 2336, 3, 8);
	hook(0, DIRECTION_OUT, 20, 30000, 0, 0);
	tick(0, 1);
	add(0, DIRECTION_IN, 6, "192.0.2.7", 41234, "192.0.2.1", 443, 5, 500, 0x01, 0);
	hook(0, DIRECTION_IN, 5, 500, 0, 0);
	hook(0, DIRECTION_OUT, 0, 0, 0, 0);
	tick(1, 2);
}

static char report_text[65536];
static int report_result;

static const char *report(const struct report_config *config)
{
	const struct report_input input = {&info, table, ledger};
	FILE *stream;

	memset(report_text, 0, sizeof(report_text));
	stream = fmemopen(report_text, sizeof(report_text), "w");
	report_result = report_write(stream, config, &input);
	fclose(stream);
	return report_text;
}

static void test_kinds(void)
{
	is_int(report_kind_find("text"), REPORT_TEXT, "text");
	is_int(report_kind_find("json"), REPORT_JSON, "json");
	is_int(report_kind_find("csv"), REPORT_CSV, "csv");
	is_int(report_kind_find("total"), REPORT_TOTAL, "total");
	is_int(report_kind_find("xml"), -ENOENT, "xml is none");
	is_int(report_kind_find(""), -ENOENT, "nor is nothing");
}

static void test_total(void)
{
	struct report_config config = {.kind = REPORT_TOTAL, .view = VIEW_ID_FLOWS};

	start_traffic();
	is_str(report(&config),
	       "total: in 27 packets 2836 bytes 13.5pps 11.3kbps, out 20 packets 30000 bytes 10pps "
	       "120kbps, both 47 packets 32836 bytes 23.5pps 131kbps\n",
	       "totals of the run");
	config.periodic = true;
	is_str(report(&config),
	       "total: in 27 packets 2836 bytes 5pps 4.00kbps, out 20 packets 30000 bytes 0pps "
	       "0bps, "
	       "both 47 packets 32836 bytes 5pps 4.00kbps\n",
	       "totals with the rates of the interval");
	done();
	start();
	is_str(report(&config),
	       "total: in 0 packets 0 bytes 0pps 0bps, out 0 packets 0 bytes 0pps 0bps, both 0 "
	       "packets 0 bytes 0pps 0bps\n",
	       "nothing counted yet");
	done();
}

static void test_csv(void)
{
	const enum column_id ids[] = {COLUMN_IFACE, COLUMN_SRC, COLUMN_SRC_PORT, COLUMN_BPS,
				      COLUMN_FLAGS};
	struct report_config config = {.kind = REPORT_CSV, .view = VIEW_ID_FLOWS};

	start_traffic();
	is_str(report(&config),
	       "in_if,direction,proto,src_addr,src_port,dst_addr,dst_port,detail,vlan,"
	       "packets,bytes,pps,bps,bps_10s,bps_60s,bps_peak,pps_10s,pps_60s,pps_peak,"
	       "tcp_flags,retransmits,first_seen,last_seen,age_s,idle_s,elsewhere,l7,l7_source,"
	       "community_id,"
	       "owner,owner_reason,owner_estimated,pid,comm,command,uid,user,cgroup,container,"
	       "container_id,image,pod,folded\n"
	       "eth0,out,tcp,192.0.2.1,443,192.0.2.7,41234,,,20,30000,10.000,120000.000,"
	       "114004.995,119000.023,240000.000,9.500,9.917,20.000,\"PSH,ACK\","
	       ",2026-01-01T00:00:00.000Z,2026-01-01T00:00:01.000Z,2.000,1.000,0,"
	       "tls,port,1:Ic493Kk/xU1RK794fsD/IMaNpOM=,off,off,0,,,,,,,,,,,0\n"
	       "eth0,in,tcp,192.0.2.7,41234,192.0.2.1,443,,,15,2000,7.500,8000.000,7800.167,"
	       "7966.667,12000.000,7.375,7.479,10.000,\"FIN,SYN,ACK\","
	       ",2026-01-01T00:00:00.000Z,2026-01-01T00:00:02.000Z,2.000,0.000,0,"
	       "tls,port,1:Ic493Kk/xU1RK794fsD/IMaNpOM=,off,off,0,,,,,,,,,,,0\n"
	       "eth0,in,tcp,,,192.0.2.1,80,,,7,420,3.500,1680.000,1596.070,1666.000,"
	       "3360.000,3.325,3.471,7.000,SYN,,2026-01-01T00:00:00.000Z,"
	       "2026-01-01T00:00:01.000Z,2.000,1.000,0,http,port,,off,off,0,,,,,,,,,,,1\n"
	       "eth0,in,icmp6,2001:db8::1,,2001:db8::2,,echo-request,,2,236,1.000,944.000,"
	       "896.839,936.134,1888.000,0.950,0.992,2.000,,,2026-01-01T00:00:00.000Z,"
	       "2026-01-01T00:00:01.000Z,2.000,1.000,0,,,1:u2vMS3HiWth2lIMKHB1fjELshpQ=,off,"
	       "off,0,,,,,,,,,,,0\n",
	       "all columns");
	config.columns = ids;
	config.n_columns = ARRAY_SIZE(ids);
	is_str(report(&config),
	       "in_if,src,src_port,bps,tcp_flags\n"
	       "eth0,192.0.2.1:443,443,120000.000,\"PSH,ACK\"\n"
	       "eth0,192.0.2.7:41234,41234,8000.000,\"FIN,SYN,ACK\"\n"
	       "eth0,*,,1680.000,SYN\n"
	       "eth0,2001:db8::1,,944.000,\n",
	       "some columns");
	config.periodic = true;
	config.top = 1;
	is_str(report(&config),
	       "time,in_if,src,src_port,bps,tcp_flags\n"
	       "2026-01-01T00:00:02.000Z,eth0,192.0.2.7:41234,41234,4000.000,\"FIN,SYN,"
	       "ACK\"\n",
	       "one of several: time in front, rates of the interval");
	config.continued = true;
	is_str(report(&config),
	       "2026-01-01T00:00:02.000Z,eth0,192.0.2.7:41234,41234,4000.000,\"FIN,SYN,"
	       "ACK\"\n",
	       "the next one: no names");
	done();

	start();
	add(1, DIRECTION_IN, 17, "192.0.2.7", 1, "192.0.2.1", 2, 1, 100, 0, 0);
	tick(0, 1);
	config = (struct report_config){
		.kind = REPORT_CSV, .view = VIEW_ID_FLOWS, .columns = ids, .n_columns = 2};
	is_str(report(&config),
	       "in_if,src\n"
	       "\"'=x,\"\"y\"\"\",192.0.2.7:1\n",
	       "commas and quotes are quoted, formulas guarded");
	config.view = VIEW_ID_IFACE;
	config.columns = NULL;
	is_str(report(&config),
	       "group,packets,bytes,pps,bps,bps_10s,bps_60s,bps_peak,pps_10s,pps_60s,"
	       "pps_peak,rx_bps,tx_bps,rx_pps,tx_pps,rx_bytes,tx_bytes,rx_packets,"
	       "tx_packets,tcp_flags,retransmits,first_seen,last_seen,age_s,idle_s,flows,peers,"
	       "share_percent,cumul_percent,elsewhere,l7,l7_source,"
	       "owner,owner_reason,owner_estimated,pid,comm,command,uid,user,cgroup,container,"
	       "container_id,image,pod\n"
	       "\"'=x,\"\"y\"\"\",1,100,1.000,800.000,800.000,800.000,800.000,1.000,1.000,"
	       "1.000,800.000,0.000,1.000,0.000,100,0,1,0,,,2026-01-01T00:00:00.000Z,"
	       "2026-01-01T00:00:01.000Z,1.000,0.000,1,1,100.000,100.000,0,,,off,off,0,,,,,,,,,,\n",
	       "groups");
	done();
}

static void test_text(void)
{
	struct report_config config = {.kind = REPORT_TEXT, .view = VIEW_ID_FLOWS};

	start_traffic();
	is_str(report(&config),
	       "host     web1\n"
	       "backend  tc, layer l2\n"
	       "time     2026-01-01T00:00:00.000Z to 2026-01-01T00:00:02.000Z, 2.0s\n"
	       "rates    mean over all 2.0s\n"
	       "flows    4 of at most 1024, 0 evicted\n"
	       "\n"
	       "INTERFACE  STATE     ATTACH  DIR  PACKETS  BYTES   p/s    b/s  SYN  SYN-ACK "
	       " FIN  RST\n"
	       "eth0       attached  tcx     in        27   2836  13.5  11.3k    8        4 "
	       "   0    0\n"
	       "eth0       attached  tcx     out       20  30000    10   120k    0        0 "
	       "   0    0\n"
	       "=x,\"y\" is not counted: no such link type\n"
	       "\n"
	       "BOOKS  DIR  UNIT     FLOWS  + FOLDED  + NOT-IP  + MALFORMED  + NO-ROOM  = "
	       "TOTAL\n"
	       "eth0   in   packets     17         7         3            0          0      "
	       " 27  balanced\n"
	       "eth0   in   bytes     2236       420       180            0          0     "
	       "2836  balanced\n"
	       "eth0   out  packets     20         0         0            0          0      "
	       " 20  balanced\n"
	       "eth0   out  bytes    30000         0         0            0          0    "
	       "30000  balanced\n"
	       "\n"
	       "  b/s  p/s  PACKETS  BYTES  PROTO  L7     DIR  IFACE  SOURCE           DESTINATION "
	       "     FLAGS        DETAIL\n"
	       " 120k   10       20  30.0k  tcp    tls?   out  eth0   192.0.2.1:443    "
	       "192.0.2.7:41234  PSH,ACK\n"
	       "8.00k  7.5       15  2.00k  tcp    tls?   in   eth0   192.0.2.7:41234  "
	       "192.0.2.1:443    FIN,SYN,ACK\n"
	       "1.68k  3.5        7    420  tcp    http?  in   eth0   *                "
	       "192.0.2.1:80     SYN\n"
	       "  944    1        2    236  icmp6  -      in   eth0   2001:db8::1      2001:db8::2 "
	       "     -            echo-request\n",
	       "text");
	config.periodic = true;
	config.top = 2;
	config.unit = UNIT_BYTES;
	info.note = "replay of a.rec";
	is_str(report(&config),
	       "host     web1\n"
	       "backend  tc, layer l2\n"
	       "time     2026-01-01T00:00:00.000Z to 2026-01-01T00:00:02.000Z, 2.0s\n"
	       "rates    of the last 1.0s\n"
	       "flows    4 of at most 1024, 0 evicted\n"
	       "note     replay of a.rec\n"
	       "\n"
	       "INTERFACE  STATE     ATTACH  DIR  PACKETS  BYTES  p/s  B/s  SYN  SYN-ACK  "
	       "FIN  RST\n"
	       "eth0       attached  tcx     in        27   2836    5  500    8        4    "
	       "0    0\n"
	       "eth0       attached  tcx     out       20  30000    0    0    0        0    "
	       "0    0\n"
	       "=x,\"y\" is not counted: no such link type\n"
	       "\n"
	       "BOOKS  DIR  UNIT     FLOWS  + FOLDED  + NOT-IP  + MALFORMED  + NO-ROOM  = "
	       "TOTAL\n"
	       "eth0   in   packets     17         7         3            0          0      "
	       " 27  balanced\n"
	       "eth0   in   bytes     2236       420       180            0          0     "
	       "2836  balanced\n"
	       "eth0   out  packets     20         0         0            0          0      "
	       " 20  balanced\n"
	       "eth0   out  bytes    30000         0         0            0          0    "
	       "30000  balanced\n"
	       "\n"
	       "B/s  p/s  PACKETS  BYTES  PROTO  L7    DIR  IFACE  SOURCE           DESTINATION   "
	       "   FLAGS        DETAIL\n"
	       "500    5       15  2.00k  tcp    tls?  in   eth0   192.0.2.7:41234  192.0.2.1:443 "
	       "   FIN,SYN,ACK\n"
	       "  0    0       20  30.0k  tcp    tls?  out  eth0   192.0.2.1:443    "
	       "192.0.2.7:41234  PSH,ACK\n"
	       "2 more rows are left out, see --top\n"
	       "\n",
	       "text of an interval, two rows, bytes");
	info.note = "";
	done();

	const struct sample_iface eth1 = {
		.slot = 2, .index = 5, .name = "eth1", .attach = "clsact"};

	start();
	ledger_iface(ledger, &eth1);
	add(0, DIRECTION_IN, 17, "192.0.2.7", 53, "192.0.2.1", 2000, 1, 100, 0, 0);
	add(2, DIRECTION_OUT, 17, "192.0.2.7", 53, "192.0.2.1", 2000, 1, 100, 0, 0);
	hook(0, DIRECTION_IN, 2, 150, 0, 0);
	hook(2, DIRECTION_OUT, 0, 80, 0, 0);
	tick(0, 1);
	config = (struct report_config){.kind = REPORT_TEXT, .view = VIEW_ID_SRC};
	is_str(report(&config),
	       "host     web1\n"
	       "backend  tc, layer l2\n"
	       "time     2026-01-01T00:00:00.000Z to 2026-01-01T00:00:01.000Z, 1.0s\n"
	       "rates    mean over all 1.0s\n"
	       "flows    2 of at most 1024, 0 evicted\n"
	       "overlap  2 flows were seen on several interfaces and count on each\n"
	       "\n"
	       "INTERFACE  STATE     ATTACH  DIR  PACKETS  BYTES  p/s    b/s  SYN  SYN-ACK  "
	       "FIN  RST\n"
	       "eth0       attached  tcx     in         2    150    2  1.20k    0        0  "
	       "  0    0\n"
	       "eth0       attached  tcx     out        0      0    0      0    0        0  "
	       "  0    0\n"
	       "eth1       attached  clsact  in         0      0    0      0    0        0  "
	       "  0    0\n"
	       "eth1       attached  clsact  out        0     80    0    640    0        0  "
	       "  0    0\n"
	       "(all)                        in         2    150    2  1.20k    0        0  "
	       "  0    0\n"
	       "(all)                        out        0     80    0    640    0        0  "
	       "  0    0\n"
	       "=x,\"y\" is not counted: no such link type\n"
	       "\n"
	       "BOOKS  DIR  UNIT     FLOWS  + FOLDED  + NOT-IP  + MALFORMED  + NO-ROOM  = "
	       "TOTAL\n"
	       "eth0   in   packets      1         0         0            0          0      "
	       "  2  NOT BALANCED: 1 too few\n"
	       "eth0   in   bytes      100         0         0            0          0      "
	       "150  NOT BALANCED: 50 too few\n"
	       "eth0   out  packets      0         0         0            0          0      "
	       "  0  balanced\n"
	       "eth0   out  bytes        0         0         0            0          0      "
	       "  0  balanced\n"
	       "eth1   in   packets      0         0         0            0          0      "
	       "  0  balanced\n"
	       "eth1   in   bytes        0         0         0            0          0      "
	       "  0  balanced\n"
	       "eth1   out  packets      1         0         0            0          0      "
	       "  0  NOT BALANCED: 1 too many\n"
	       "eth1   out  bytes      100         0         0            0          0      "
	       " 80  NOT BALANCED: 20 too many\n"
	       "(all)  in   packets      1         0         0            0          0      "
	       "  2  NOT BALANCED: 1 too few\n"
	       "(all)  in   bytes      100         0         0            0          0      "
	       "150  NOT BALANCED: 50 too few\n"
	       "(all)  out  packets      1         0         0            0          0      "
	       "  0  NOT BALANCED: 1 too many\n"
	       "(all)  out  bytes      100         0         0            0          0      "
	       " 80  NOT BALANCED: 20 too many\n"
	       "\n"
	       "  b/s  p/s  PACKETS  BYTES  RX b/s  TX b/s  RX p/s  TX p/s  SHARE  CUMUL  "
	       "FLOWS  PEERS  SOURCE\n"
	       "1.60k    2        2    200     800     800       1       1   100%   100%  "
	       "    2      1  192.0.2.7\n",
	       "books that do not balance, two interfaces, groups");
	done();
}

static void test_json(void)
{
	struct report_config config = {.kind = REPORT_JSON, .view = VIEW_ID_FLOWS};

	start_traffic();
#ifndef HAVE_JANSSON
	is_str(report(&config), "", "this build has no JSON");
	is_int(report_result, -ENOTSUP, "and says so");
	done();
#else
	const enum column_id ids[] = {COLUMN_SRC_ADDR, COLUMN_SRC_PORT, COLUMN_BPS};

	is_str(report(&config),
	       "{\"schema\": \"pktop/1\",\n"
	       " \"host\": \"web1\",\n"
	       " \"backend\": \"tc\",\n"
	       " \"layer\": \"l2\",\n"
	       " \"note\": null,\n"
	       " \"start\": \"2026-01-01T00:00:00.000Z\",\n"
	       " \"end\": \"2026-01-01T00:00:02.000Z\",\n"
	       " \"duration_s\": 2.0,\n"
	       " \"interval_s\": 1.0,\n"
	       " \"rates\": \"run\",\n"
	       " \"interfaces\": [\n"
	       "  {\"name\": \"eth0\", \"index\": 2, \"state\": \"attached\", \"attach\": "
	       "\"tcx\", \"note\": null, \"speed_bps\": 1000000000},\n"
	       "  {\"name\": \"=x,\\\"y\\\"\", \"index\": null, \"state\": \"failed\", "
	       "\"attach\": null, \"note\": \"no such link type\", \"speed_bps\": null}],\n"
	       " \"ledger\": [\n"
	       "  {\"interface\": \"eth0\", \"direction\": \"in\", \"total\": {\"packets\": "
	       "27, \"bytes\": 2836}, \"flows\": {\"packets\": 17, \"bytes\": 2236}, "
	       "\"folded\": {\"packets\": 7, \"bytes\": 420}, \"other\": {\"packets\": 3, "
	       "\"bytes\": 180, \"not_ip\": {\"packets\": 3, \"bytes\": 180}, "
	       "\"malformed\": {\"packets\": 0, \"bytes\": 0}, \"no_room\": {\"packets\": "
	       "0, \"bytes\": 0}}, \"balanced\": true, \"pps\": 13.5, \"bps\": 11344.0, "
	       "\"pps_peak\": 22.0, \"bps_peak\": 18688.0, \"syn\": 8, \"syn_ack\": 4, "
	       "\"fin\": 0, \"rst\": 0},\n"
	       "  {\"interface\": \"eth0\", \"direction\": \"out\", \"total\": "
	       "{\"packets\": 20, \"bytes\": 30000}, \"flows\": {\"packets\": 20, "
	       "\"bytes\": 30000}, \"folded\": {\"packets\": 0, \"bytes\": 0}, \"other\": "
	       "{\"packets\": 0, \"bytes\": 0, \"not_ip\": {\"packets\": 0, \"bytes\": 0}, "
	       "\"malformed\": {\"packets\": 0, \"bytes\": 0}, \"no_room\": {\"packets\": "
	       "0, \"bytes\": 0}}, \"balanced\": true, \"pps\": 10.0, \"bps\": 120000.0, "
	       "\"pps_peak\": 20.0, \"bps_peak\": 240000.0, \"syn\": 0, \"syn_ack\": 0, "
	       "\"fin\": 0, \"rst\": 0}],\n"
	       " \"totals\": {\"in\": {\"packets\": 27, \"bytes\": 2836, \"pps\": 13.5, "
	       "\"bps\": 11344.0}, \"out\": {\"packets\": 20, \"bytes\": 30000, \"pps\": "
	       "10.0, \"bps\": 120000.0}, \"both\": {\"packets\": 47, \"bytes\": 32836, "
	       "\"pps\": 23.5, \"bps\": 131344.0}, \"overlap\": false, \"flows_elsewhere\": "
	       "0},\n"
	       " \"capacity\": {\"max_flows\": 1024, \"flows\": 4, \"evicted\": 0},\n"
	       " \"owners\": {\"looked_for\": false, \"reason\": \"off\", \"note\": null, "
	       "\"processes\": 0, \"sockets\": 0, \"addresses\": 0, "
	       "\"processes_refused\": 0, \"processes_dropped\": 0, \"sockets_refused\": 0, "
	       "\"sockets_dropped\": 0, \"sockets_evicted\": 0, \"addresses_refused\": 0, "
	       "\"texts_refused\": 0, \"reports_lost\": 0},\n"
	       " \"flows\": [\n"
	       "  {\"in_if\": \"eth0\", \"direction\": \"out\", \"proto\": \"tcp\", "
	       "\"src_addr\": \"192.0.2.1\", \"src_port\": 443, \"dst_addr\": "
	       "\"192.0.2.7\", \"dst_port\": 41234, \"detail\": null, \"vlan\": null, "
	       "\"packets\": 20, \"bytes\": 30000, \"pps\": 10.0, \"bps\": 120000.0, "
	       "\"bps_10s\": 114004.995005, \"bps_60s\": 119000.023148, \"bps_peak\": "
	       "240000.0, \"pps_10s\": 9.50041625042, \"pps_60s\": 9.91666859563, "
	       "\"pps_peak\": 20.0, \"tcp_flags\": [\"PSH\", \"ACK\"], \"retransmits\": null, "
	       "\"first_seen\": "
	       "\"2026-01-01T00:00:00.000Z\", \"last_seen\": \"2026-01-01T00:00:01.000Z\", "
	       "\"age_s\": 2.0, \"idle_s\": 1.0, \"elsewhere\": false, \"l7\": \"tls\", "
	       "\"l7_source\": \"port\", "
	       "\"community_id\": "
	       "\"1:Ic493Kk/xU1RK794fsD/IMaNpOM=\", \"owner\": null, \"owner_reason\": \"off\", "
	       "\"time_flow_start_ns\": "
	       "1767225600000000000, \"time_flow_end_ns\": 1767225601000000000, \"folded\": "
	       "false},\n"
	       "  {\"in_if\": \"eth0\", \"direction\": \"in\", \"proto\": \"tcp\", "
	       "\"src_addr\": \"192.0.2.7\", \"src_port\": 41234, \"dst_addr\": "
	       "\"192.0.2.1\", \"dst_port\": 443, \"detail\": null, \"vlan\": null, "
	       "\"packets\": 15, \"bytes\": 2000, \"pps\": 7.5, \"bps\": 8000.0, "
	       "\"bps_10s\": 7800.16650017, \"bps_60s\": 7966.66743825, \"bps_peak\": "
	       "12000.0, \"pps_10s\": 7.37510406261, \"pps_60s\": 7.47916714891, "
	       "\"pps_peak\": 10.0, \"tcp_flags\": [\"FIN\", \"SYN\", \"ACK\"], \"retransmits\": "
	       "null, "
	       "\"first_seen\": \"2026-01-01T00:00:00.000Z\", \"last_seen\": "
	       "\"2026-01-01T00:00:02.000Z\", \"age_s\": 2.0, \"idle_s\": 0.0, "
	       "\"elsewhere\": false, \"l7\": \"tls\", \"l7_source\": \"port\", "
	       "\"community_id\": \"1:Ic493Kk/xU1RK794fsD/IMaNpOM=\", "
	       "\"owner\": null, \"owner_reason\": \"off\", \"time_flow_start_ns\": "
	       "1767225600000000000, \"time_flow_end_ns\": "
	       "1767225602000000000, \"folded\": false},\n"
	       "  {\"in_if\": \"eth0\", \"direction\": \"in\", \"proto\": \"tcp\", "
	       "\"src_addr\": null, \"src_port\": null, \"dst_addr\": \"192.0.2.1\", "
	       "\"dst_port\": 80, \"detail\": null, \"vlan\": null, \"packets\": 7, "
	       "\"bytes\": 420, \"pps\": 3.5, \"bps\": 1680.0, \"bps_10s\": 1596.06993007, "
	       "\"bps_60s\": 1666.00032407, \"bps_peak\": 3360.0, \"pps_10s\": "
	       "3.32514568765, \"pps_60s\": 3.47083400847, \"pps_peak\": 7.0, "
	       "\"tcp_flags\": [\"SYN\"], \"retransmits\": null, \"first_seen\": "
	       "\"2026-01-01T00:00:00.000Z\", "
	       "\"last_seen\": \"2026-01-01T00:00:01.000Z\", \"age_s\": 2.0, \"idle_s\": "
	       "1.0, \"elsewhere\": false, \"l7\": \"http\", \"l7_source\": \"port\", "
	       "\"community_id\": null, \"owner\": null, "
	       "\"owner_reason\": \"off\", \"time_flow_start_ns\": "
	       "1767225600000000000, \"time_flow_end_ns\": 1767225601000000000, \"folded\": "
	       "true},\n"
	       "  {\"in_if\": \"eth0\", \"direction\": \"in\", \"proto\": \"icmp6\", "
	       "\"src_addr\": \"2001:db8::1\", \"src_port\": null, \"dst_addr\": "
	       "\"2001:db8::2\", \"dst_port\": null, \"detail\": \"echo-request\", "
	       "\"vlan\": null, \"packets\": 2, \"bytes\": 236, \"pps\": 1.0, \"bps\": "
	       "944.0, \"bps_10s\": 896.83929404, \"bps_60s\": 936.133515427, \"bps_peak\": "
	       "1888.0, \"pps_10s\": 0.950041625042, \"pps_60s\": 0.991666859563, "
	       "\"pps_peak\": 2.0, \"tcp_flags\": [], \"retransmits\": null, \"first_seen\": "
	       "\"2026-01-01T00:00:00.000Z\", \"last_seen\": \"2026-01-01T00:00:01.000Z\", "
	       "\"age_s\": 2.0, \"idle_s\": 1.0, \"elsewhere\": false, \"l7\": null, "
	       "\"l7_source\": null, "
	       "\"community_id\": "
	       "\"1:u2vMS3HiWth2lIMKHB1fjELshpQ=\", \"owner\": null, \"owner_reason\": \"off\", "
	       "\"time_flow_start_ns\": "
	       "1767225600000000000, \"time_flow_end_ns\": 1767225601000000000, \"folded\": "
	       "false}]}\n",
	       "a document");
	config.periodic = true;
	config.columns = ids;
	config.n_columns = ARRAY_SIZE(ids);
	config.top = 2;
	is_str(report(&config),
	       "{\"schema\":\"pktop/1\",\"host\":\"web1\",\"backend\":\"tc\","
	       "\"layer\":\"l2\",\"note\":null,\"start\":\"2026-01-01T00:00:00.000Z\","
	       "\"end\":\"2026-01-01T00:00:02.000Z\",\"duration_s\":2.0,\"interval_s\":1.0,"
	       "\"rates\":\"interval\",\"interfaces\":[{\"name\":\"eth0\",\"index\":2,"
	       "\"state\":\"attached\",\"attach\":\"tcx\",\"note\":null,"
	       "\"speed_bps\":1000000000},{\"name\":\"=x,\\\"y\\\"\",\"index\":null,"
	       "\"state\":\"failed\",\"attach\":null,\"note\":\"no such link "
	       "type\",\"speed_bps\":null}],\"ledger\":[{\"interface\":\"eth0\","
	       "\"direction\":\"in\",\"total\":{\"packets\":27,\"bytes\":2836},"
	       "\"flows\":{\"packets\":17,\"bytes\":2236},\"folded\":{\"packets\":7,"
	       "\"bytes\":420},\"other\":{\"packets\":3,\"bytes\":180,"
	       "\"not_ip\":{\"packets\":3,\"bytes\":180},\"malformed\":{\"packets\":0,"
	       "\"bytes\":0},\"no_room\":{\"packets\":0,\"bytes\":0}},\"balanced\":true,"
	       "\"pps\":5.0,\"bps\":4000.0,\"pps_peak\":22.0,\"bps_peak\":18688.0,\"syn\":8,"
	       "\"syn_ack\":4,\"fin\":0,\"rst\":0},{\"interface\":\"eth0\","
	       "\"direction\":\"out\",\"total\":{\"packets\":20,\"bytes\":30000},"
	       "\"flows\":{\"packets\":20,\"bytes\":30000},\"folded\":{\"packets\":0,"
	       "\"bytes\":0},\"other\":{\"packets\":0,\"bytes\":0,\"not_ip\":{\"packets\":0,"
	       "\"bytes\":0},\"malformed\":{\"packets\":0,\"bytes\":0},"
	       "\"no_room\":{\"packets\":0,\"bytes\":0}},\"balanced\":true,\"pps\":0.0,"
	       "\"bps\":0.0,\"pps_peak\":20.0,\"bps_peak\":240000.0,\"syn\":0,\"syn_ack\":0,"
	       "\"fin\":0,\"rst\":0}],\"totals\":{\"in\":{\"packets\":27,\"bytes\":2836,"
	       "\"pps\":5.0,\"bps\":4000.0},\"out\":{\"packets\":20,\"bytes\":30000,"
	       "\"pps\":0.0,\"bps\":0.0},\"both\":{\"packets\":47,\"bytes\":32836,"
	       "\"pps\":5.0,\"bps\":4000.0},\"overlap\":false,\"flows_elsewhere\":0},"
	       "\"capacity\":{\"max_flows\":1024,\"flows\":4,\"evicted\":0},"
	       "\"owners\":{\"looked_for\":false,\"reason\":\"off\",\"note\":null,"
	       "\"processes\":0,\"sockets\":0,\"addresses\":0,"
	       "\"processes_refused\":0,\"processes_dropped\":0,\"sockets_refused\":0,\"sockets_"
	       "dropped\":0,\"sockets_evicted\":0,\"addresses_refused\":0,"
	       "\"texts_refused\":0,\"reports_lost\":0},"
	       "\"rows_left_out\":2,\"flows\":[{\"src_addr\":\"192.0.2.7\","
	       "\"src_port\":41234,\"bps\":4000.0},{\"src_addr\":\"192.0.2.1\","
	       "\"src_port\":443,\"bps\":0.0}]}\n",
	       "one line of several");
	done();

	start();
	config = (struct report_config){.kind = REPORT_JSON, .view = VIEW_ID_DST};
	is_str(report(&config),
	       "{\"schema\": \"pktop/1\",\n"
	       " \"host\": \"web1\",\n"
	       " \"backend\": \"tc\",\n"
	       " \"layer\": \"l2\",\n"
	       " \"note\": null,\n"
	       " \"start\": \"2026-01-01T00:00:00.000Z\",\n"
	       " \"end\": \"2026-01-01T00:00:00.000Z\",\n"
	       " \"duration_s\": 0.0,\n"
	       " \"interval_s\": null,\n"
	       " \"rates\": \"run\",\n"
	       " \"interfaces\": [\n"
	       "  {\"name\": \"eth0\", \"index\": 2, \"state\": \"attached\", \"attach\": "
	       "\"tcx\", \"note\": null, \"speed_bps\": 1000000000},\n"
	       "  {\"name\": \"=x,\\\"y\\\"\", \"index\": null, \"state\": \"failed\", "
	       "\"attach\": null, \"note\": \"no such link type\", \"speed_bps\": null}],\n"
	       " \"ledger\": [\n"
	       "  {\"interface\": \"eth0\", \"direction\": \"in\", \"total\": {\"packets\": "
	       "0, \"bytes\": 0}, \"flows\": {\"packets\": 0, \"bytes\": 0}, \"folded\": "
	       "{\"packets\": 0, \"bytes\": 0}, \"other\": {\"packets\": 0, \"bytes\": 0, "
	       "\"not_ip\": {\"packets\": 0, \"bytes\": 0}, \"malformed\": {\"packets\": 0, "
	       "\"bytes\": 0}, \"no_room\": {\"packets\": 0, \"bytes\": 0}}, \"balanced\": "
	       "true, \"pps\": 0.0, \"bps\": 0.0, \"pps_peak\": 0.0, \"bps_peak\": 0.0, "
	       "\"syn\": 0, \"syn_ack\": 0, \"fin\": 0, \"rst\": 0},\n"
	       "  {\"interface\": \"eth0\", \"direction\": \"out\", \"total\": "
	       "{\"packets\": 0, \"bytes\": 0}, \"flows\": {\"packets\": 0, \"bytes\": 0}, "
	       "\"folded\": {\"packets\": 0, \"bytes\": 0}, \"other\": {\"packets\": 0, "
	       "\"bytes\": 0, \"not_ip\": {\"packets\": 0, \"bytes\": 0}, \"malformed\": "
	       "{\"packets\": 0, \"bytes\": 0}, \"no_room\": {\"packets\": 0, \"bytes\": "
	       "0}}, \"balanced\": true, \"pps\": 0.0, \"bps\": 0.0, \"pps_peak\": 0.0, "
	       "\"bps_peak\": 0.0, \"syn\": 0, \"syn_ack\": 0, \"fin\": 0, \"rst\": 0}],\n"
	       " \"totals\": {\"in\": {\"packets\": 0, \"bytes\": 0, \"pps\": 0.0, \"bps\": "
	       "0.0}, \"out\": {\"packets\": 0, \"bytes\": 0, \"pps\": 0.0, \"bps\": 0.0}, "
	       "\"both\": {\"packets\": 0, \"bytes\": 0, \"pps\": 0.0, \"bps\": 0.0}, "
	       "\"overlap\": false, \"flows_elsewhere\": 0},\n"
	       " \"capacity\": {\"max_flows\": 1024, \"flows\": 0, \"evicted\": 0},\n"
	       " \"owners\": {\"looked_for\": false, \"reason\": \"off\", \"note\": null, "
	       "\"processes\": 0, \"sockets\": 0, \"addresses\": 0, "
	       "\"processes_refused\": 0, \"processes_dropped\": 0, \"sockets_refused\": 0, "
	       "\"sockets_dropped\": 0, \"sockets_evicted\": 0, \"addresses_refused\": 0, "
	       "\"texts_refused\": 0, \"reports_lost\": 0},\n"
	       " \"groups\": []}\n",
	       "no interval yet");
	done();
#endif
}

static void test_views(void)
{
	start_traffic();
	for (int view = 0; view < VIEW_ID_MAX; view++) {
		struct report_config config = {.view = (enum view_id)view};

		for (int kind = 0; kind < REPORT_KIND_MAX; kind++) {
			config.kind = (enum report_kind)kind;
#ifndef HAVE_JANSSON
			if (kind == REPORT_JSON)
				continue;
#endif
			report(&config);
			is_int(report_result, 0, "view %s as kind %d", view_table[view].name, kind);
#ifdef HAVE_JANSSON
			if (kind != REPORT_JSON)
				continue;

			json_error_t error;
			json_t *json = json_loads(report_text, JSON_REJECT_DUPLICATES, &error);
			const char *name =
				view_table[view].rows == VIEW_GROUPS ? "groups" : "flows";

			ok(json && json_array_size(json_object_get(json, name)) > 0,
			   "view %s: one document with %s", view_table[view].name, name);
			json_decref(json);
#endif
		}
	}
	done();
}

/* Sorted by what the report shows: the mean over the run, not the last interval. */
static void test_order(void)
{
	const enum column_id ids[] = {COLUMN_DST_PORT};
	struct report_config config = {
		.kind = REPORT_CSV, .view = VIEW_ID_FLOWS, .columns = ids, .n_columns = 1};

	start_traffic();
	is_str(report(&config), "dst_port\n41234\n443\n80\n\n", "bits of the run");
	config.periodic = true;
	config.top = 1;
	is_str(report(&config), "time,dst_port\n2026-01-01T00:00:02.000Z,443\n",
	       "bits of the interval");
	config.periodic = false;
	config.top = 0;
	config.sort_given = true;
	config.sort = COLUMN_PACKETS;
	config.reverse = true;
	is_str(report(&config), "dst_port\n\n80\n443\n41234\n", "packets, reversed");
	done();
}

/* The line of a report that begins with these words, up to and without its end; "" for none. */
static const char *line_of(const char *text, const char *begin)
{
	static char line[1024];
	const char *found = strstr(text, begin);

	(void)snprintf(line, sizeof(line), "%.*s", found ? (int)strcspn(found, "\n") : 0,
		       found ? found : "");
	return line;
}

/* How well owners are found, and why none are. */
static void test_owner_source(void)
{
	static const struct {
		const char *what;
		bool owners;
		struct capture_owners source;
		const char *text, *json;
	} cases[] = {
		{"owners",
		 true,
		 {.note = ""},
		 "owners   0 processes, 0 sockets",
		 "\"owners\": {\"looked_for\": true, \"reason\": null, \"note\": null, "
		 "\"processes\": 0, \"sockets\": 0, \"addresses\": 0, \"processes_refused\": 0, "
		 "\"processes_dropped\": 0, \"sockets_refused\": 0, \"sockets_dropped\": 0, "
		 "\"sockets_evicted\": 0, \"addresses_refused\": 0, \"texts_refused\": 0, "
		 "\"reports_lost\": 0},"},
		{"losses",
		 true,
		 {.note = "some are missing", .n_lost = 3, .n_evicted = 4, .n_refused = 5},
		 "owners   0 processes, 0 sockets, 5 processes refused, 4 sockets evicted, "
		 "3 reports of sockets lost; some are missing",
		 "\"owners\": {\"looked_for\": true, \"reason\": null, \"note\": "
		 "\"some are missing\", \"processes\": 0, \"sockets\": 0, \"addresses\": 0, "
		 "\"processes_refused\": 5, \"processes_dropped\": 0, \"sockets_refused\": 0, "
		 "\"sockets_dropped\": 0, \"sockets_evicted\": 4, \"addresses_refused\": 0, "
		 "\"texts_refused\": 0, \"reports_lost\": 3},"},
		{"refused",
		 false,
		 {.reason = OWNER_NOT_PERMITTED, .note = "nobody may look"},
		 "owners   not permitted: nobody may look",
		 "\"owners\": {\"looked_for\": false, \"reason\": \"not permitted\", \"note\": "
		 "\"nobody may look\", \"processes\": 0, \"sockets\": 0, \"addresses\": 0, "
		 "\"processes_refused\": 0, \"processes_dropped\": 0, \"sockets_refused\": 0, "
		 "\"sockets_dropped\": 0, \"sockets_evicted\": 0, \"addresses_refused\": 0, "
		 "\"texts_refused\": 0, \"reports_lost\": 0},"},
		{"not here",
		 false,
		 {.reason = OWNER_OFF, .note = "no such kernel"},
		 "owners   off: no such kernel",
		 NULL},
		{"not wanted", false, {.reason = OWNER_OFF, .note = ""}, "", NULL},
	};
	struct report_config config = {.view = VIEW_ID_FLOWS};

	start_traffic();
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		info.owners = cases[i].owners;
		info.owner_source = &cases[i].source;
		config.kind = REPORT_TEXT;
		is_str(line_of(report(&config), "owners "), cases[i].text, "%s: text",
		       cases[i].what);
#ifdef HAVE_JANSSON
		config.kind = REPORT_JSON;
		if (cases[i].json)
			is_str(line_of(report(&config), "\"owners\""), cases[i].json, "%s: JSON",
			       cases[i].what);
#endif
	}
	info.owners = false;
	info.owner_source = NULL;
	done();
}

static void test_full(void)
{
	const struct report_input input = {&info, table, ledger};

	start_traffic();
	for (int kind = 0; kind < REPORT_KIND_MAX; kind++) {
		const struct report_config config = {.kind = (enum report_kind)kind,
						     .view = VIEW_ID_FLOWS};
		FILE *full = fopen("/dev/full", "w");
		struct report_input now = input;

		now.table = table;
		now.ledger = ledger;
#ifndef HAVE_JANSSON
		if (kind == REPORT_JSON)
			continue;
#endif
		is_int(report_write(full, &config, &now), -ENOSPC, "kind %d to a full device",
		       kind);
		fclose(full);
		full = fopen("/dev/full", "w");
		setvbuf(full, NULL, _IONBF, 0);
		ok(report_write(full, &config, &now) < 0, "kind %d to a full device, unbuffered",
		   kind);
		fclose(full);
	}
	done();
}

static char dir[] = "/tmp/test-report.XXXXXX";

static size_t n_files(void)
{
	DIR *d = opendir(dir);
	size_t n = 0;

	while (readdir(d))
		n++;
	closedir(d);
	return n - 2;
}

static const char *slurp(const char *path)
{
	static char buf[64];
	FILE *f = fopen(path, "r");
	size_t n = f ? fread(buf, 1, sizeof(buf) - 1, f) : 0;

	if (f)
		fclose(f);
	buf[n] = '\0';
	return f ? buf : NULL;
}

static void test_file(void)
{
	char path[64], link_path[64];
	struct report_file *file;
	struct stat st;
	mode_t mask = umask(027);

	snprintf(path, sizeof(path), "%s/report", dir);
	snprintf(link_path, sizeof(link_path), "%s/link", dir);
	is_int(report_file_open(path, REPORT_FILE_ANY, &file), 0, "a file is opened");
	fputs("first\n", report_file_stream(file));
	ok(access(path, F_OK) < 0, "and not there yet");
	is_int(report_file_commit(file), 0, "it is finished");
	is_str(slurp(path), "first\n", "and there");
	is_int(stat(path, &st) == 0 ? st.st_mode & 0777 : 0, 0640, "with the mode of the umask");
	is_u64(n_files(), 1, "alone");

	report_file_open(path, REPORT_FILE_ANY, &file);
	fputs("second\n", report_file_stream(file));
	fflush(report_file_stream(file));
	is_str(slurp(path), "first\n", "the old contents stay");
	report_file_discard(file);
	is_str(slurp(path), "first\n", "when the new ones are discarded");
	is_u64(n_files(), 1, "no temporary file is left");
	is_int(symlink("report", link_path), 0, "a symbolic link");
	is_int(report_file_open(link_path, REPORT_FILE_ANY, &file), 0, "is opened");
	fputs("third\n", report_file_stream(file));
	is_int(report_file_commit(file), 0, "and finished");
	is_str(slurp(path), "third\n", "the file behind the link is replaced");
	is_int(report_file_open(link_path, REPORT_FILE_NEW, &file), -EEXIST, "not a new one");
	is_int(report_file_open(link_path, REPORT_FILE_REGULAR, &file), 0, "but a regular one");
	report_file_discard(file);
	is_int(lstat(link_path, &st) == 0 && S_ISLNK(st.st_mode), 1, "the link is still one");
	unlink(link_path);
	umask(mask);

	is_int(report_file_open(dir, REPORT_FILE_ANY, &file), -EISDIR, "a directory");
	is_int(report_file_open("/nowhere/at/all", REPORT_FILE_ANY, &file), -ENOENT,
	       "no directory");
	is_int(report_file_open("", REPORT_FILE_ANY, &file), -ENOENT, "no name");
	is_int(report_file_open("/dev/full", REPORT_FILE_ANY, &file), 0,
	       "a device is written directly");
	fputs("text\n", report_file_stream(file));
	is_int(report_file_commit(file), -ENOSPC, "and says when it is full");
	is_int(stat("/dev/full", &st) == 0 && S_ISCHR(st.st_mode), 1, "and stays a device");
	is_int(report_file_open("/dev/null", REPORT_FILE_ANY, &file), 0, "/dev/null");
	fputs("text\n", report_file_stream(file));
	is_int(report_file_commit(file), 0, "is never full");
	report_file_discard(NULL);
	unlink(path);
	/* nobody reads from it: to open it would block */
	is_int(mkfifo(path, 0600), 0, "a FIFO");
	is_int(report_file_open(path, REPORT_FILE_NEW, &file), -ENXIO, "is not new");
	is_int(report_file_open(path, REPORT_FILE_REGULAR, &file), -ENXIO, "and not regular");
	unlink(path);
	is_int(report_file_open(path, REPORT_FILE_NEW, &file), 0, "a new file");
	report_file_discard(file);
}

/* A limit on the size of files stands in for a full disk. */
static void test_file_full(void)
{
	struct rlimit old, limit;
	struct report_file *file;
	char path[64];

	snprintf(path, sizeof(path), "%s/report", dir);
	getrlimit(RLIMIT_FSIZE, &old);
	signal(SIGXFSZ, SIG_IGN);
	fflush(stdout);
	limit = old;
	limit.rlim_cur = 1;
	setrlimit(RLIMIT_FSIZE, &limit);

	int opened = report_file_open(path, REPORT_FILE_ANY, &file);

	fputs("much\n", report_file_stream(file));

	int committed = report_file_commit(file);

	setrlimit(RLIMIT_FSIZE, &old);
	is_int(opened, 0, "opened");
	is_int(committed, -EFBIG, "a file that does not fit");
	is_u64(n_files(), 0, "leaves nothing behind");
	rmdir(dir);
}

int main(void)
{
	if (!mkdtemp(dir))
		return EXIT_FAILURE;
	test_kinds();
	test_total();
	test_csv();
	test_text();
	test_json();
	test_views();
	test_order();
	test_owner_source();
	test_full();
	test_file();
	test_file_full();
	return tap_done();
}
