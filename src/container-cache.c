/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Remembers what was read of containers. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "cleanup.h"
#include "clock.h"
#include "container.h"
#include "macro.h"
#include "mix.h"
#include "text.h"

/* More than run on a node; what was not asked for the longest makes room. */
#define BUCKET 8
#define N_BUCKETS 256
/* Until names that were not there are looked for again. */
#define RETRY_NS NSEC_PER_SEC

struct entry {
	struct container_ref ref; /* id "": free */
	uint64_t read_ns, used_ns;
	bool named;
	struct container container;
};

struct containers {
	char *root;
	uint64_t seed[2];
	uint64_t evicted;
	struct entry entries[N_BUCKETS][BUCKET];
};
DEFINE_CLEANUP(struct containers *, containers_free);

int containers_new(const char *root, struct containers **ret_containers)
{
	cleanup(containers_freep) struct containers *containers = calloc(1, sizeof(*containers));

	if (!containers)
		return -ENOMEM;
	containers->root = strdup(root);
	if (!containers->root)
		return -ENOMEM;
	if (getrandom(containers->seed, sizeof(containers->seed), 0) < 0)
		return -errno;
	*ret_containers = take_ptr(containers);
	return 0;
}

void containers_free(struct containers *containers)
{
	if (!containers)
		return;
	free(containers->root);
	free(containers);
}

static struct entry *bucket_of(struct containers *containers, const char *id)
{
	uint64_t hash = containers->seed[0];

	for (; *id; id++)
		hash = mix(hash ^ (uint8_t)*id, containers->seed[1] | 1);
	return containers->entries[hash % N_BUCKETS];
}

/* The entry of a container, or one that becomes its. */
static struct entry *find(struct containers *containers, const struct container_ref *ref)
{
	struct entry *entries = bucket_of(containers, ref->id), *oldest = entries;

	for (size_t i = 0; i < BUCKET; i++) {
		if (entries[i].ref.runtime == ref->runtime &&
		    strcmp(entries[i].ref.id, ref->id) == 0)
			return &entries[i];
		if (entries[i].used_ns < oldest->used_ns)
			oldest = &entries[i];
	}
	containers->evicted += oldest->ref.id[0] != 0;
	*oldest = (struct entry){.ref = *ref};
	oldest->container.names.runtime = ref->runtime;
	text_escape(oldest->container.id, sizeof(oldest->container.id), ref->id, (size_t)-1);
	return oldest;
}

static void read_names(struct containers *containers, struct entry *entry, uint64_t now_ns)
{
	if (entry->named || (entry->read_ns && now_ns - entry->read_ns < RETRY_NS))
		return;
	entry->read_ns = now_ns;
	entry->named = container_read(containers->root, &entry->ref, &entry->container.names) == 0;
	entry->container.runtime = container_runtime_name(entry->container.names.runtime);
}

const struct container *containers_find(struct containers *containers, const char *path)
{
	uint64_t now_ns = clock_mono_ns();
	struct container_ref ref;
	struct entry *entry;

	if (!container_parse(path, &ref))
		return NULL;
	entry = find(containers, &ref);
	entry->used_ns = now_ns;
	read_names(containers, entry, now_ns);
	return &entry->container;
}

uint64_t containers_evicted(const struct containers *containers)
{
	return containers->evicted;
}
