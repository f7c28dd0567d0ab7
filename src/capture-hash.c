/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The part of a back end that is the same for all that count in hash maps. */
#include "config.h"

#include "capture-hash.h"

#include <linux/types.h>

#include <string.h>

#include "capture-bpf.h"
#include "capture-hash-store.h"
#include "capture-size.h"
#include "capture-watch.h"
#include "clock.h"
#include "macro.h"
#include "privs.h"
#include "sample.h"

static struct capture_hash *hash_of(struct capture *capture)
{
	return (struct capture_hash *)capture;
}

static uint32_t wanted_flows(const struct capture_config *config)
{
	return config->max_flows ? config->max_flows : hash_store_default_flows();
}

int capture_hash_size(const struct capture_config *config, struct bpf_object *object)
{
	return hash_store_size(object, wanted_flows(config));
}

int capture_hash_explain(const struct capture_config *config, int r, const char *what, char *error,
			 size_t error_size)
{
	const struct capture_bpf_needs needs = {
		.what = what,
		.privs = PRIV_BPF | PRIV_NET_ADMIN | PRIV_PERFMON,
		.map_bytes = hash_store_bytes(wanted_flows(config)),
		.sized = true,
	};

	return capture_bpf_explain(r, &needs, error, error_size);
}

/* Intervals */

static void on_flip(void *data)
{
	struct capture_hash *hash = data;

	hash_store_flip(hash->store);
}

static int on_wait(void *data)
{
	const struct capture_hash *hash = data;

	return hash_store_wait(hash->store);
}

static int on_deliver(void *data, uint64_t start_ns, uint64_t end_ns, uint64_t real_ns)
{
	struct capture_hash *hash = data;
	struct sample_tick tick = {
		.start_ns = start_ns,
		.end_ns = end_ns,
		.real_ns = real_ns,
		.slots = hash_store_slots(hash->store),
	};
	int r = hash->ops->before ? hash->ops->before(hash) : 0;

	if (r < 0)
		return r;
	r = hash_store_drain(hash->store, hash->sink, &tick.slots_used);
	if (r < 0)
		return r;
	watch_read(hash_store_watch(hash->store), start_ns, end_ns);
	hash->sink->tick(hash->sink->data, &tick);
	return 0;
}

static const struct interval_ops interval_ops = {
	.flip = on_flip,
	.wait = on_wait,
	.deliver = on_deliver,
};

static void place(void *data, uint64_t where, struct flow_key *key)
{
	struct capture_hash *hash = data;

	hash->ops->place(hash, where, key);
}

static uint16_t hook_place(void *data, uint64_t where)
{
	struct capture_hash *hash = data;

	return hash->ops->hook_place(hash, where);
}

int capture_hash_open(struct capture_hash *hash, struct bpf_object *object,
		      volatile uint64_t *epoch, struct watch *watches)
{
	const struct hash_store_config config = {
		.epoch = epoch,
		.watches = watches,
		.n_cpus = capture_n_cpus(),
		.max_flows = wanted_flows(&hash->config),
		.place = place,
		.hook_place = hook_place,
		.data = hash,
	};

	hash->info.backend = hash->capture.ops->name;
	hash->info.host = capture_host(hash->host, sizeof(hash->host));
	hash->info.note = hash->note;
	hash->info.map_bytes = hash_store_bytes(config.max_flows);
	hash->info.max_flows = hash->config.max_flows ? hash->config.max_flows
						      : MAX(config.max_flows, CAPTURE_TABLE_FLOWS);
	return hash_store_new(object, &config, &hash->store);
}

int capture_hash_start(struct capture_hash *hash, struct loop *loop)
{
	int r = interval_open(&hash->interval, &interval_ops, hash, loop);

	hash->info.start_mono_ns = hash->interval.start_ns;
	hash->info.start_real_ns = clock_real_ns();
	return r;
}

void capture_hash_done(struct capture_hash *hash)
{
	interval_close(&hash->interval);
	hash_store_free(hash->store);
}

int capture_hash_tick(struct capture *capture)
{
	return interval_tick(&hash_of(capture)->interval);
}

int capture_hash_finish(struct capture *capture)
{
	return interval_finish(&hash_of(capture)->interval);
}

const struct capture_info *capture_hash_info(const struct capture *capture)
{
	return &((const struct capture_hash *)capture)->info;
}
