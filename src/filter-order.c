/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Puts the tests of a filter in order, so that most flows are decided by a cheap one. */
#include "config.h"

#include "filter-data.h"

/* Relative; numbers lie in other cache lines than the key. */
static const uint32_t costs[TEST_MAX] = {
	[TEST_DIRECTION] = 1,   [TEST_FAMILY] = 1, [TEST_PROTO] = 2,  [TEST_PORT] = 3,
	[TEST_IFACE] = 3,       [TEST_ADDR] = 4,   [TEST_FLAGS] = 10, [TEST_NUMBER] = 12,
	[TEST_ADDR_TEXT] = 200, [TEST_OWNER] = 50, [TEST_NAME] = 100, [TEST_ASN] = 20,
	[TEST_PLACE] = 40,      [TEST_CHOICE] = 9,
};

/* Sorts the children by cost, those of equal cost as they came. */
static void sort_children(struct filter_tree *tree, struct filter_node *parent)
{
	uint16_t sorted = NO_NODE, child = parent->first;

	while (child != NO_NODE) {
		struct filter_node *node = &tree->nodes[child];
		uint16_t next = node->next, *place = &sorted;

		while (*place != NO_NODE && tree->nodes[*place].cost <= node->cost)
			place = &tree->nodes[*place].next;
		node->next = *place;
		*place = child;
		child = next;
	}
	parent->first = sorted;
}

static uint32_t estimate(struct filter *filter, struct filter_tree *tree, uint16_t index)
{
	struct filter_node *node = &tree->nodes[index];

	node->cost = 0;
	if (node->type == NODE_TEST)
		node->cost = costs[filter->tests[node->test].op] + filter->tests[node->test].n;
	for (uint16_t child = node->first; child != NO_NODE; child = tree->nodes[child].next)
		node->cost += estimate(filter, tree, child);
	sort_children(tree, node);
	return node->cost;
}

static uint16_t link_node(struct filter *filter, struct filter_tree *tree, uint16_t index,
			  uint16_t yes, uint16_t no);

/* The children from this one on; linked from the end, where it is known what follows. */
static uint16_t link_chain(struct filter *filter, struct filter_tree *tree, uint16_t child,
			   enum node_type type, uint16_t yes, uint16_t no)
{
	uint16_t next = tree->nodes[child].next, after;

	if (next == NO_NODE)
		return link_node(filter, tree, child, yes, no);
	after = link_chain(filter, tree, next, type, yes, no);
	if (type == NODE_AND)
		return link_node(filter, tree, child, after, no);
	return link_node(filter, tree, child, yes, after);
}

/* Returns the test to begin with for a node that leads to yes or no. */
static uint16_t link_node(struct filter *filter, struct filter_tree *tree, uint16_t index,
			  uint16_t yes, uint16_t no)
{
	const struct filter_node *node = &tree->nodes[index];
	struct filter_test *test = &filter->tests[node->test];

	if (node->type == NODE_NOT)
		return link_node(filter, tree, node->first, no, yes);
	if (node->type != NODE_TEST)
		return link_chain(filter, tree, node->first, node->type, yes, no);
	test->yes = yes;
	test->no = no;
	return node->test;
}

uint16_t filter_order(struct filter *filter, struct filter_tree *tree, uint16_t root)
{
	(void)estimate(filter, tree, root);
	return link_node(filter, tree, root, FILTER_PASS, FILTER_FAIL);
}
