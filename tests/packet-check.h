/* SPDX-License-Identifier: GPL-2.0-or-later */
/* TAP for a test program of several files, which test-packet.c counts; and its parts. */
#ifndef PACKET_CHECK_H
#define PACKET_CHECK_H

#include <stdbool.h>
#include <stdint.h>

struct rig;

/* Stands before the names of all that is checked, until it is set to "". */
extern const char *check_prefix;

__attribute__((format(printf, 2, 3))) bool check(bool good, const char *format, ...);
__attribute__((format(printf, 3, 4))) bool check_u64(uint64_t got, uint64_t want,
						     const char *format, ...);
__attribute__((format(printf, 3, 4))) bool check_text(const char *got, const char *want,
						      const char *format, ...);
/* For programs that must load and run: ends the test when they do not. */
void must(int r, const char *what);

void test_parser(bool xdp);  /* packet-parse.c */
void test_garbage(bool xdp); /* packet-garbage.c */
void test_labels(bool xdp);  /* packet-label.c */
void test_xdp(void);         /* packet-xdp.c */
void test_devices(bool xdp); /* packet-device.c */
void test_floods(void);      /* packet-flood.c */
void test_epochs(void);      /* packet-epoch.c */
void test_interrupted(bool xdp);
void test_segments(void);    /* packet-segment.c */

#endif
