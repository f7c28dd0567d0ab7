/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests what payloads are taken for, by the BPF programs' own code compiled for user space. */
#include "config.h"

#include <endian.h>
#include <linux/types.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <string.h>

#include "flow.h"
#include "label-cases.h"
#include "macro.h"
#include "tap.h"

#pragma GCC diagnostic ignored "-Wunknown-pragmas" /* "unroll" is of clang */
#include "label.bpf.h"

static unsigned int label_of(const struct label_case *c, size_t size)
{
	struct payload payload = {.sport = c->sport, .dport = c->dport, .len = (__u32)c->len};

	if (size < c->size)
		payload.len = (__u32)size;
	memcpy(payload.words, c->data, MIN(size, (size_t)LABEL_SIZE));
	for (int i = 0; i < LABEL_WORDS; i++)
		payload.words[i] = be64toh(payload.words[i]);
	return c->proto == IPPROTO_TCP ? label_tcp(&payload) : label_udp(&payload);
}

static void test_cases(void)
{
	bool seen[L7_MAX] = {false};

	for (const struct label_case *c = label_cases; c->name; c++) {
		is_str(flow_l7_name(label_of(c, c->size)), flow_l7_name(c->want), "%s", c->name);
		seen[c->want] = true;
	}
	for (unsigned int l7 = 0; l7 < L7_MAX; l7++)
		ok(seen[l7], "there is a payload of %s", flow_l7_name(l7));
}

/* What is cut short is what it was, or nothing: never another protocol. */
static void test_cuts(void)
{
	for (const struct label_case *c = label_cases; c->name; c++) {
		bool good = true;

		for (size_t size = 1; size < c->size; size++) {
			unsigned int label = label_of(c, size);

			good &= label == L7_NONE || label == c->want;
		}
		ok(good || !c->want, "%s, cut anywhere", c->name);
	}
}

/* Payload that means nothing: hardly ever more than nothing. */
static void test_noise(void)
{
	uint64_t state = 0x9e3779b97f4a7c15;
	unsigned int n = 0;

	for (int i = 0; i < 1000000; i++) {
		struct payload payload = {.sport = 40000, .dport = 9999, .len = 1400};

		for (int word = 0; word < LABEL_WORDS; word++) {
			state ^= state << 13;
			state ^= state >> 7;
			state ^= state << 17;
			payload.words[word] = state;
		}
		n += label_tcp(&payload) != L7_NONE;
		n += label_udp(&payload) != L7_NONE;
	}
	ok(n <= 2, "%u of two million random payloads have a label", n);
}

int main(void)
{
	test_cases();
	test_cuts();
	test_noise();
	return tap_done();
}
