/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Reads recordings back as a capture back end, capture_replay_ops in capture.h. Only whole
 * intervals are delivered, so that the books balance.
 *
 * Not paced, every tick() delivers the next interval before it returns and finish() delivers the
 * rest; paced, a timer of the loop delivers them at the distance they were recorded at, and tick()
 * and finish() deliver nothing. A recording that was cut short (its writer was killed) ends with a
 * sentence in info()->note; a damaged one as well, and tick() and finish() return -EBADMSG.
 */
#ifndef CAPTURE_REPLAY_H
#define CAPTURE_REPLAY_H

#include <stdbool.h>

struct capture;

/* True when every interval was delivered, or no more can be read. */
bool capture_replay_done(const struct capture *capture);
/* Why it ended before the end mark of the recording, naming the file; "" where it did not. Valid
 * until close(). */
const char *capture_replay_reason(const struct capture *capture);

#endif
