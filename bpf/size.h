/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Classes of packet sizes: those of the etherStatsTable of RMON (RFC 2819). Shared by the BPF
 * programs and user space.
 */
#ifndef SIZE_H
#define SIZE_H

/* The largest size of each class; the last class has none. */
#define SIZE_ENDS                                                                                  \
	{                                                                                          \
		64, 127, 255, 511, 1023, 1518                                                      \
	}
#define SIZE_CLASSES 7

#endif
