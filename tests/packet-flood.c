/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests small tables under many more flows than they have room for. */
#include "config.h"

#include <linux/types.h>

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#include "macro.h"

#include "abi.h"
#include "packet-cases.h"
#include "packet-check.h"
#include "packet-rig.h"

#define FLOOD (10 * ABI_SLOTS_MIN)
#define N_HEAVY 20
#define HEAVY_PACKETS 1000

/* Frames whose addresses and ports are written over. near is the side of this host. */
struct flow {
	bool v6, out;
	uint32_t segments;            /* of a super-frame, 0: none */
	uint32_t far_addr, near_addr; /* the last 4 octets */
	uint16_t far_port, near_port;
};

static struct rig *rig;
static struct record record;

static void put(uint8_t *p, const struct flow *flow, bool far)
{
	uint32_t value = htonl(far ? flow->far_addr : flow->near_addr);

	memcpy(p, &value, sizeof(value));
}

static void put_port(uint8_t *p, const struct flow *flow, bool far)
{
	uint16_t value = htons(far ? flow->far_port : flow->near_port);

	memcpy(p, &value, sizeof(value));
}

static void send_flow(const struct flow *flow, uint32_t repeat)
{
	static const uint8_t frame4[] = {ETH(0x0800), IP4(17, 8), UDP(0)};
	static const uint8_t frame6[] = {ETH(0x86dd), IP6(17, 8), UDP(0)};
	size_t size = flow->v6 ? sizeof(frame6) : sizeof(frame4);
	size_t source = flow->v6 ? ETH_SIZE + 20 : ETH_SIZE + 12; /* its last 4 octets */
	size_t ports = size - 8;
	uint8_t data[sizeof(frame6)];
	struct rig_frame frame = {.data = data,
				  .size = size,
				  .repeat = repeat,
				  .gso_size = flow->segments > 0,
				  .gso_segs = flow->segments};

	memcpy(data, flow->v6 ? frame6 : frame4, size);
	put(data + source, flow, !flow->out);
	put(data + source + (flow->v6 ? 16 : 4), flow, flow->out);
	put_port(data + ports, flow, !flow->out);
	put_port(data + ports + 2, flow, flow->out);
	must(rig_run(rig, flow->out ? DIRECTION_OUT : DIRECTION_IN, &frame), "cannot run");
}

/* An odd factor: different numbers stay different. */
static uint32_t scatter(uint32_t i)
{
	return i * 2654435761u;
}

static uint64_t packets_of(const struct flow *flow)
{
	uint32_t near_addr = htonl(flow->near_addr), far_addr = htonl(flow->far_addr);
	size_t at = flow->v6 ? 12 : 0;

	for (size_t i = 0; i < record.n_flows; i++) {
		const struct flow_key *key = &record.flows[i].key;
		const uint8_t *near = flow->out ? key->src : key->dst;
		const uint8_t *far = flow->out ? key->dst : key->src;

		if (!key->open && memcmp(near + at, &near_addr, 4) == 0 &&
		    memcmp(far + at, &far_addr, 4) == 0 &&
		    (flow->out ? key->sport : key->dport) == flow->near_port &&
		    (flow->out ? key->dport : key->sport) == flow->far_port)
			return record.flows[i].count.packets;
	}
	return 0;
}

static const char *name_of(const struct flow *flow)
{
	static const char *const names[2][2] = {{"IPv4 in", "IPv4 out"}, {"IPv6 in", "IPv6 out"}};

	return names[flow->v6][flow->out];
}

static void start(void)
{
	static const struct rig_config config = {.slots4 = 0};

	must(rig_new(&config, &rig), "cannot load the programs");
	record_clear(&record);
}

/* Ends the interval; the books must balance, and the total be what was sent. */
static struct sample_hook finish(const struct flow *flow, uint64_t packets, const char *what)
{
	struct sample_hook hook;
	uint64_t size = flow->v6 ? 62 : 42;

	must(rig_collect(rig, true, &record), "cannot collect");
	record_sort(&record);
	hook = record_hook(&record, RIG_SLOT, flow->out ? DIRECTION_OUT : DIRECTION_IN);
	check(record_balances(&record), "%s: %s: the books balance", what, name_of(flow));
	check_u64(hook.total.packets, packets, "%s: %s: packets", what, name_of(flow));
	check_u64(hook.total.bytes, packets * size, "%s: %s: bytes", what, name_of(flow));
	rig_free(rig);
	rig = NULL;
	return hook;
}

/* The folding rows, which must be just one, as text without totals. */
static const char *folded_text(char *text, size_t size, uint16_t open)
{
	struct record rows = {.n_flows = 0};
	static struct sample_flow one;
	size_t n = 0;

	for (size_t i = 0; i < record.n_flows; i++) {
		if (record.flows[i].key.open == open) {
			one = record.flows[i];
			n++;
		}
	}
	rows.flows = &one;
	rows.n_flows = n > 0;
	record_text(&rows, RIG_SLOT, (enum direction)one.key.direction, text, size);
	*strchrnul(text, '=') = 0;
	(void)snprintf(text + strlen(text), size - strlen(text), "* %zu", n);
	return text;
}

/* Spoofed sources: one row says whom they meet. */
static void test_spoofed(bool v6, bool out)
{
	static const char *const want[2][2] = {
		{"v4 17 0.0.0.0:0 > 10.0.0.1:443 open 3 * 1",
		 "v4 17 10.0.0.1:443 > 0.0.0.0:0 open c * 1"},
		{"v6 17 [::]:0 > [2001:db8:f:e:d:c:a00:1]:443 open 3 * 1",
		 "v6 17 [2001:db8:102:304:506:708:a00:1]:443 > [::]:0 open c * 1"},
	};
	struct flow flow = {.v6 = v6, .out = out, .near_addr = 0x0a000001, .near_port = 443};
	struct sample_hook hook;
	struct tally flows, folded;
	char text[256];

	start();
	for (uint32_t i = 0; i < FLOOD; i++) {
		flow.far_addr = scatter(i);
		flow.far_port = (uint16_t)(i * 7);
		send_flow(&flow, 1);
	}
	hook = finish(&flow, FLOOD, "spoofed sources");
	flows = record_sum(&record, RIG_SLOT, (enum direction)out, false);
	folded = record_sum(&record, RIG_SLOT, (enum direction)out, true);
	check_text(folded_text(text, sizeof(text),
			       out ? OPEN_DST_ADDR | OPEN_DST_PORT : OPEN_SRC_ADDR | OPEN_SRC_PORT),
		   want[v6][out], "spoofed sources: %s: one row, the far side open",
		   name_of(&flow));
	/* two buckets of 8 of 128 each: nearly all slots are taken before anything is folded */
	check(flows.packets >= ABI_SLOTS_MIN * 9 / 10 && flows.packets <= ABI_SLOTS_MIN,
	      "spoofed sources: %s: the table is full", name_of(&flow));
	check_u64(flows.packets + folded.packets, FLOOD, "spoofed sources: %s: flows and folded",
		  name_of(&flow));
	check_u64(hook.other[OTHER_NO_ROOM].packets, 0, "spoofed sources: %s: room for all",
		  name_of(&flow));
	check_u64(record.used, flows.packets, "spoofed sources: %s: slots in use", name_of(&flow));
}

/* More ports than folding rows: past them the row of the address takes all. */
static void test_scan(bool v6, bool out)
{
	static const char *const want[2][2] = {
		{"v4 17 0.0.0.0:0 > 10.0.0.1:0 open b * 1",
		 "v4 17 10.0.0.1:0 > 0.0.0.0:0 open e * 1"},
		{"v6 17 [::]:0 > [2001:db8:f:e:d:c:a00:1]:0 open b * 1",
		 "v6 17 [2001:db8:102:304:506:708:a00:1]:0 > [::]:0 open e * 1"},
	};
	struct flow flow = {.v6 = v6, .out = out, .near_addr = 0x0a000001};
	struct sample_hook hook;
	char text[256];

	start();
	for (uint32_t i = 0; i < 2 * FLOOD; i++) {
		flow.far_addr = scatter(i);
		flow.near_port = (uint16_t)(i * 3);
		send_flow(&flow, 1);
	}
	hook = finish(&flow, 2 * FLOOD, "many ports");
	check_text(folded_text(text, sizeof(text),
			       out ? OPEN_DST_ADDR | OPEN_DST_PORT | OPEN_SRC_PORT
				   : OPEN_SRC_ADDR | OPEN_SRC_PORT | OPEN_DST_PORT),
		   want[v6][out], "many ports: %s: one row for the address", name_of(&flow));
	check_u64(hook.other[OTHER_NO_ROOM].packets, 0, "many ports: %s: room for all",
		  name_of(&flow));
}

/* More addresses and ports than folding rows of both levels. */
static void test_no_room(bool v6, bool out)
{
	struct flow flow = {.v6 = v6, .out = out};
	struct sample_hook hook;
	struct tally flows, folded;

	start();
	for (uint32_t i = 0; i < 2 * FLOOD; i++) {
		flow.far_addr = scatter(i);
		flow.near_addr = scatter(i + 1);
		flow.near_port = (uint16_t)i;
		send_flow(&flow, 1);
	}
	hook = finish(&flow, 2 * FLOOD, "no room");
	flows = record_sum(&record, RIG_SLOT, (enum direction)out, false);
	folded = record_sum(&record, RIG_SLOT, (enum direction)out, true);
	check(hook.other[OTHER_NO_ROOM].packets > FLOOD, "no room: %s: counted as such",
	      name_of(&flow));
	check_u64(flows.packets + folded.packets + hook.other[OTHER_NO_ROOM].packets, 2 * FLOOD,
		  "no room: %s: packets of all three", name_of(&flow));
	check_u64(flows.bytes + folded.bytes + hook.other[OTHER_NO_ROOM].bytes,
		  2 * FLOOD * (v6 ? 62 : 42), "no room: %s: bytes of all three", name_of(&flow));
}

/* Flows with many packets keep their slots, and one that comes late gets one. */
static void test_heavy(bool v6)
{
	struct flow flow = {.v6 = v6, .near_addr = 0x0a000001, .near_port = 443};
	struct flow heavy = {.v6 = v6, .near_addr = 0x0a000001, .near_port = 22};
	uint64_t sent = 0, late;
	int n_kept = 0;

	start();
	for (uint32_t i = 0; i < N_HEAVY; i++, sent += HEAVY_PACKETS) {
		heavy.far_addr = i;
		send_flow(&heavy, HEAVY_PACKETS);
	}
	for (uint32_t i = 0; i < 2 * FLOOD; i++, sent++) {
		flow.far_addr = scatter(i);
		send_flow(&flow, 1);
	}
	heavy.far_addr = 0x0b000000; /* late */
	send_flow(&heavy, 5000);
	sent += 5000;
	(void)finish(&flow, sent, "heavy flows");
	for (uint32_t i = 0; i < N_HEAVY; i++) {
		heavy.far_addr = i;
		n_kept += packets_of(&heavy) == HEAVY_PACKETS;
	}
	check_u64((uint64_t)n_kept, N_HEAVY, "heavy flows: %s: those before the flood, exactly",
		  name_of(&flow));
	heavy.far_addr = 0x0b000000;
	late = packets_of(&heavy);
	check(late >= 4900 && late <= 5000, "heavy flows: %s: one after it, nearly all of it",
	      name_of(&flow));
}

/* A packet takes the place of a flow of 50 with probability 1/51, so that most of them stay. */
static void test_admission(bool v6)
{
	struct flow flow = {.v6 = v6, .near_port = 80, .segments = 50};
	uint64_t n_small = 0, sent = 0;

	start();
	for (uint32_t i = 0; i < 4 * ABI_SLOTS_MIN; i++, sent += 50) {
		flow.far_addr = scatter(i);
		send_flow(&flow, 1);
	}
	flow.segments = 0;
	for (uint32_t i = 0; i < ABI_SLOTS_MIN; i++, sent++) { /* 8 for each bucket */
		flow.far_addr = scatter(4 * ABI_SLOTS_MIN + i);
		send_flow(&flow, 1);
	}
	(void)finish(&flow, sent, "admission");
	for (size_t i = 0; i < record.n_flows; i++)
		n_small += !record.flows[i].key.open && record.flows[i].count.packets == 1;
	/* 128 * (1 - (50 / 51)^8) = 19 */
	check(n_small >= 5 && n_small <= 50, "admission: %s: some newcomers, not all",
	      name_of(&flow));
}

void test_floods(void)
{
	for (int i = 0; i < 4; i++) {
		test_spoofed(i & 2, i & 1);
		test_scan(i & 2, i & 1);
		test_no_room(i & 2, i & 1);
	}
	test_heavy(false);
	test_heavy(true);
	test_admission(false);
	test_admission(true);
	record_done(&record);
}
