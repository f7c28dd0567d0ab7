/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Owners by their numbers. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>

#include "owner-data.h"

#define HEADS_MIN 1024

static struct owner_entry **head_of(const struct owner_entries *entries, uint32_t number)
{
	/* numbers grow one by one: no two of a row share a chain */
	return &entries->heads[number & (entries->n_heads - 1)];
}

struct owner_entry *owner_entry_find(const struct owner_entries *entries, uint32_t number)
{
	struct owner_entry *entry = entries->n_heads ? *head_of(entries, number) : NULL;

	while (entry && entry->owner.number != number)
		entry = entry->next;
	return entry;
}

/* Twice the chains. */
static int grow(struct owner_entries *entries)
{
	struct owner_entries grown = {.n = entries->n, .n_heads = HEADS_MIN};

	if (entries->n_heads)
		grown.n_heads = 2 * entries->n_heads;
	grown.heads = calloc(grown.n_heads, sizeof(struct owner_entry *));
	if (!grown.heads)
		return -ENOMEM;
	for (uint32_t i = 0; i < entries->n_heads; i++)
		while (entries->heads[i]) {
			struct owner_entry *entry = entries->heads[i];
			struct owner_entry **head = head_of(&grown, entry->owner.number);

			entries->heads[i] = entry->next;
			entry->next = *head;
			*head = entry;
		}
	free(entries->heads);
	*entries = grown;
	return 0;
}

struct owner_entry *owner_entry_add(struct owner_entries *entries, uint32_t number)
{
	struct owner_entry *entry, **head;

	if (entries->n >= SAMPLE_OWNER_MAX || (entries->n >= entries->n_heads && grow(entries) < 0))
		return NULL;
	entry = calloc(1, sizeof(*entry));
	if (!entry)
		return NULL;
	head = head_of(entries, number);
	entry->owner.number = number;
	entry->next = *head;
	*head = entry;
	entries->n++;
	return entry;
}

void owner_entry_remove(struct owner_entries *entries, struct owner_entry *entry)
{
	struct owner_entry **link = head_of(entries, entry->owner.number);

	while (*link != entry)
		link = &(*link)->next;
	*link = entry->next;
	entries->n--;
}

struct owner_entry *owner_entry_next(const struct owner_entries *entries,
				     const struct owner_entry *entry)
{
	uint32_t i = 0;

	if (entry && entry->next)
		return entry->next;
	if (entry)
		i = (entry->owner.number & (entries->n_heads - 1)) + 1;
	while (i < entries->n_heads && !entries->heads[i])
		i++;
	return i < entries->n_heads ? entries->heads[i] : NULL;
}
