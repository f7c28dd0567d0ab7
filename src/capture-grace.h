/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Waits for grace periods in a thread of its own, so that a key press never waits for one. */
#ifndef CAPTURE_GRACE_H
#define CAPTURE_GRACE_H

struct grace;

/*
 * wait is called in the thread; its result is what grace_finish() returns. The thread starts with
 * the first wait, so that it has no more privileges than are left by then.
 */
int grace_new(int (*wait)(void *data), void *data, struct grace **ret_grace);
/* Ends the thread after the wait that is under way. */
void grace_free(struct grace *grace);
/* Readable when a wait that was started has ended. */
int grace_fd(const struct grace *grace);
/* One at a time. */
int grace_start(struct grace *grace);
/* Blocks until the wait has ended; returns its result. */
int grace_finish(struct grace *grace);

#endif
