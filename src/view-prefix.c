/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Groups flows by the network of their far end. */
#include "config.h"

#include "view-prefix.h"

#include <stdio.h>
#include <string.h>

#include "column.h"
#include "flow-table.h"
#include "flow.h"
#include "macro.h"
#include "view.h"

#define N_USUAL 4
static const uint8_t usual_v4[N_USUAL] = {8, 16, 24, 32}, usual_v6[N_USUAL] = {32, 48, 64, 128};

static struct view_prefix prefix = {24, 64};

void view_prefix_set(struct view_prefix new_prefix)
{
	prefix = new_prefix;
}

struct view_prefix view_prefix_get(void)
{
	return prefix;
}

static uint8_t next_length(uint8_t length, int step, const uint8_t usual[static N_USUAL])
{
	for (size_t i = 0; i < N_USUAL; i++) {
		uint8_t other = usual[step > 0 ? i : N_USUAL - 1 - i];

		if (step > 0 ? other > length : other < length)
			return other;
	}
	return length;
}

bool view_prefix_step(int step)
{
	const struct view_prefix before = prefix;

	prefix.v4 = next_length(before.v4, step, usual_v4);
	prefix.v6 = next_length(before.v6, step, usual_v6);
	return prefix.v4 != before.v4 || prefix.v6 != before.v6;
}

/* The key with the host's bits of its far end 0; returns which end that is. */
static enum side network(const struct flow_key *key, struct flow_key *ret_key, uint8_t *ret_length)
{
	enum side side = flow_remote_side(key);
	uint8_t length = key->family == FAMILY_IPV6 ? prefix.v6 : prefix.v4;
	uint8_t *addr;

	*ret_key = *key;
	addr = side == SIDE_SRC ? ret_key->src : ret_key->dst;
	for (size_t i = 0; i < sizeof(key->src); i++) {
		size_t n_before = MIN(8 * i, (size_t)length);

		addr[i] &= (uint8_t)(0xff00 >> MIN(length - n_before, (size_t)8));
	}
	*ret_length = length;
	return side;
}

size_t view_prefix_key(const struct flow *flow, const struct view_context *context ATTR_UNUSED,
		       uint8_t *key)
{
	struct flow_key masked;
	uint8_t length;
	enum side side = network(&flow->key, &masked, &length);

	return view_put_addr(key, &masked, side);
}

static int text(char *buf, size_t size, const struct flow_key *key)
{
	char addr[FLOW_TEXT_MAX];
	struct flow_key masked;
	uint8_t length;
	enum side side = network(key, &masked, &length);

	(void)flow_addr(addr, sizeof(addr), &masked, side);
	if (!*addr || *addr == '*')
		return snprintf(buf, size, "%s", addr);
	return snprintf(buf, size, "%s/%u", addr, length);
}

int view_prefix_label(char *buf, size_t size, const struct flow *flow,
		      const struct view_context *context ATTR_UNUSED)
{
	return text(buf, size, &flow->key);
}

static int filter(char *buf, size_t size, const char *field, const struct row *row)
{
	char network_text[FLOW_TEXT_MAX + 4];

	(void)text(network_text, sizeof(network_text), row->key);
	if (!strchr(network_text, '/'))
		return 0;
	return snprintf(buf, size, "%s %s", field, network_text);
}

int view_prefix_filter(char *buf, size_t size, const struct row *row)
{
	return filter(buf, size, "remote", row);
}

int view_prefix_tcpdump(char *buf, size_t size, const struct row *row)
{
	return filter(buf, size, "net", row);
}
