/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The back end that replays a recording. */
#include "config.h"

#include "capture-replay.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "capture-replay-file.h"
#include "capture.h"
#include "cleanup.h"
#include "loop.h"
#include "macro.h"

struct replay {
	struct capture capture;
	struct loop_source *timer; /* paced */
	bool paced;
	struct replay_file file;
};

static void replay_free(struct replay *replay)
{
	loop_remove(replay->timer);
	replay_file_done(&replay->file);
	free(replay);
}
DEFINE_CLEANUP(struct replay *, replay_free);

static int on_timer(void *data, uint64_t n_expired);

/* Asks for the time of the next interval; never 0, which would stop the timer. */
static int replay_pace(struct replay *replay, struct loop *loop)
{
	const struct sample_tick *tick = &replay->file.reader.tick;
	uint64_t from = MAX(replay->file.reader.last_end_ns, replay->file.info.start_mono_ns);
	uint64_t wait = tick->end_ns > from ? tick->end_ns - from : 1;

	if (!replay->timer)
		return loop_add_timer(loop, wait, 0, on_timer, replay, &replay->timer);
	return loop_set_timer(replay->timer, wait, 0);
}

static int on_timer(void *data, uint64_t n_expired ATTR_UNUSED)
{
	struct replay *replay = data;

	/* A damaged file ends the replay, not the program: the note says why. */
	(void)replay_file_step(&replay->file);
	return replay->file.ready ? replay_pace(replay, NULL) : 0;
}

static int replay_open(const struct capture_config *config, struct loop *loop,
		       const struct sample_sink *sink, struct capture **ret_capture, char *error,
		       size_t error_size)
{
	cleanup(replay_freep) struct replay *replay = calloc(1, sizeof(*replay));
	int r;

	if (!replay) {
		(void)snprintf(error, error_size, "no memory for the replay");
		return -ENOMEM;
	}
	replay->file.fd = -1;
	replay->capture.ops = &capture_replay_ops;
	replay->file.sink = sink;
	replay->paced = config->paced;
	if (!config->file) {
		(void)snprintf(error, error_size, "replay needs the file of a recording");
		return -EINVAL;
	}
	r = replay_file_open(&replay->file, config->file);
	if (r < 0) {
		(void)snprintf(error, error_size, "%s", replay->file.reason);
		return r;
	}
	replay->file.info.sizes_note = "a recording has none";
	if (config->max_flows > 0)
		replay->file.info.max_flows = config->max_flows;
	if (replay->paced && replay->file.ready)
		r = replay_pace(replay, loop);
	if (r < 0) {
		(void)snprintf(error, error_size, "cannot set a timer: %s", strerror(-r));
		return r;
	}
	*ret_capture = &take_ptr(replay)->capture;
	return 0;
}

static struct replay *replay_of(struct capture *capture)
{
	return (struct replay *)capture; /* its first member */
}

static int replay_tick(struct capture *capture)
{
	struct replay *replay = replay_of(capture);

	return replay->paced ? 0 : replay_file_step(&replay->file);
}

static int replay_finish(struct capture *capture)
{
	struct replay *replay = replay_of(capture);

	while (!replay->paced && replay->file.ready) {
		int r = replay_file_step(&replay->file);

		if (r < 0)
			return r;
	}
	return replay->file.error;
}

static void replay_close(struct capture *capture)
{
	if (capture)
		replay_free(replay_of(capture));
}

static const struct capture_info *replay_info(const struct capture *capture)
{
	return &((const struct replay *)capture)->file.info;
}

bool capture_replay_done(const struct capture *capture)
{
	const struct replay *replay = (const struct replay *)capture;

	return replay->file.done && !replay->file.ready;
}

const char *capture_replay_reason(const struct capture *capture)
{
	return ((const struct replay *)capture)->file.reason;
}

const struct capture_ops capture_replay_ops = {
	.name = "replay",
	.title = "recorded file",
	.help = "shows what --record wrote; needs no privileges",
	.facts =
		{
			.sees_in = true,
			.sees_out = true,
			.bytes = "bytes as recorded",
			.owners = "owners as recorded",
			.attaches = "to nothing",
			.needs = "any kernel",
		},
	.open = replay_open,
	.tick = replay_tick,
	.finish = replay_finish,
	.close = replay_close,
	.info = replay_info,
};
