/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests that no frame, however strange, gets lost: random bytes, and good frames with errors. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "macro.h"

#include "packet-cases.h"
#include "packet-check.h"
#include "packet-rig.h"

#define N_FRAMES 200000
#define BATCH 250 /* well below the slots of a table: nothing is folded */
#define SIZE_MAX_FRAME 160
#define SEED 20240607u

struct garbage {
	uint8_t data[SIZE_MAX_FRAME];
	size_t size;
};

static uint32_t state = SEED;

static uint32_t draw(uint32_t below)
{
	state ^= state << 13;
	state ^= state >> 17;
	state ^= state << 5;
	return state % below;
}

static void fill_random(struct garbage *frame)
{
	static const uint8_t types[][2] = {{0x08, 0x00}, {0x86, 0xdd}, {0x81, 0x00},
					   {0x88, 0xa8}, {0x08, 0x06}, {0x91, 0x00}};
	uint32_t type = draw(ARRAY_SIZE(types) + 1);

	frame->size = ETH_SIZE + draw(SIZE_MAX_FRAME - ETH_SIZE + 1);
	for (size_t i = 0; i < frame->size; i++)
		frame->data[i] = (uint8_t)draw(256);
	if (type < ARRAY_SIZE(types))
		memcpy(frame->data + 12, types[type], 2);
}

/* A frame of the table with some bytes or bits changed, and perhaps cut or longer. */
static void fill_mutated(struct garbage *frame)
{
	static size_t n_cases;
	const struct frame_case *c;

	while (frame_cases[n_cases].name)
		n_cases++;
	c = &frame_cases[draw((uint32_t)n_cases)];
	frame->size = MIN(c->size, (size_t)SIZE_MAX_FRAME);
	memcpy(frame->data, c->data, frame->size);
	for (uint32_t n = draw(4); n > 0; n--) {
		size_t place = 12 + draw((uint32_t)frame->size - 12);

		if (draw(2))
			frame->data[place] = (uint8_t)draw(256);
		else
			frame->data[place] ^= (uint8_t)(1 << draw(8));
	}
	if (draw(4) == 0)
		frame->size = ETH_SIZE + draw((uint32_t)frame->size - ETH_SIZE + 1);
}

/* Runs a batch; returns packets and bytes of the frames that the kernel took. */
static struct tally run_batch(struct rig *rig, const struct garbage *frames, uint16_t flags,
			      struct record *record)
{
	struct tally sent = {0, 0};

	rig_set_iface(rig, 1, RIG_SLOT, flags, 0);
	for (int i = 0; i < BATCH; i++) {
		struct rig_frame frame = {.data = frames[i].data, .size = frames[i].size};
		int r = rig_run(rig, DIRECTION_IN, &frame);

		if (r == -EINVAL)
			continue; /* IP without a whole header */
		must(r, "a program did not pass a frame on as it was");
		sent.packets++;
		sent.bytes += frame.size;
	}
	record_clear(record);
	must(rig_collect(rig, false, record), "cannot collect");
	record_sort(record);
	return sent;
}

static bool equal(const struct record *a, const struct record *b)
{
	struct sample_hook hook_a = record_hook(a, RIG_SLOT, DIRECTION_IN);
	struct sample_hook hook_b = record_hook(b, RIG_SLOT, DIRECTION_IN);

	if (a->n_flows != b->n_flows || memcmp(&hook_a, &hook_b, sizeof(hook_a)) != 0)
		return false;
	for (size_t i = 0; i < a->n_flows; i++)
		if (memcmp(&a->flows[i].key, &b->flows[i].key, sizeof(struct flow_key)) != 0 ||
		    a->flows[i].count.packets != b->flows[i].count.packets ||
		    a->flows[i].count.bytes != b->flows[i].count.bytes ||
		    a->flows[i].tcp_flags != b->flows[i].tcp_flags)
			return false;
	return true;
}

/* What has been seen, so that it shows when the garbage has become too plain. */
struct seen {
	uint64_t taken, other[OTHER_MAX], family[FAMILY_MAX];
};

static void look(struct seen *seen, const struct record *record)
{
	struct sample_hook hook = record_hook(record, RIG_SLOT, DIRECTION_IN);

	for (int i = 0; i < OTHER_MAX; i++)
		seen->other[i] += hook.other[i].packets;
	for (size_t i = 0; i < record->n_flows; i++)
		seen->family[record->flows[i].key.family] += record->flows[i].count.packets;
}

void test_garbage(bool xdp)
{
	const struct rig_config config = {.xdp = xdp};
	static struct garbage frames[BATCH];
	struct record shorter = {.n_flows = 0}, longer = {.n_flows = 0};
	struct seen seen = {.taken = 0};
	bool balances = true, exact = true, same = true;
	struct rig *rig;

	must(rig_new(&config, &rig), "cannot load the programs");
	for (int n = 0; n < N_FRAMES && same; n += BATCH) {
		struct tally sent;

		for (int i = 0; i < BATCH; i++)
			i % 2 ? fill_random(&frames[i]) : fill_mutated(&frames[i]);
		sent = run_batch(rig, frames, 0, &shorter);
		(void)run_batch(rig, frames, RIG_LONG_WAY, &longer);
		balances &= record_balances(&shorter) && record_balances(&longer);
		exact &= record_hook(&shorter, RIG_SLOT, DIRECTION_IN).total.packets ==
				 sent.packets &&
			 record_hook(&shorter, RIG_SLOT, DIRECTION_IN).total.bytes == sent.bytes;
		same = equal(&shorter, &longer);
		seen.taken += sent.packets;
		look(&seen, &shorter);
	}
	check(balances, "garbage: the books balance");
	check(exact, "garbage: the total is what was sent");
	check(same, "garbage: the short way and the long way agree");
	check(seen.taken > N_FRAMES * 3 / 4 && seen.family[FAMILY_IPV4] > N_FRAMES / 20 &&
		      seen.family[FAMILY_IPV6] > N_FRAMES / 20 &&
		      seen.family[FAMILY_ARP] > N_FRAMES / 1000 &&
		      seen.other[OTHER_NOT_IP] > N_FRAMES / 20 &&
		      seen.other[OTHER_MALFORMED] > N_FRAMES / 20 && seen.other[OTHER_NO_ROOM] == 0,
	      "garbage: of every kind there were many");
	record_done(&shorter);
	record_done(&longer);
	rig_free(rig);
}
