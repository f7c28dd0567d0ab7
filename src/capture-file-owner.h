/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The records of a recording that tell of owners, for the table of capture-file.c. */
#ifndef CAPTURE_FILE_OWNER_H
#define CAPTURE_FILE_OWNER_H

#include "capture-file.h"

/* The checks return NULL or what is wrong; the deliveries rely on them. */
const char *capture_file_check_owner(struct capture_file_reader *reader,
				     const struct capture_file_record *record);
void capture_file_deliver_owner(const struct capture_file_record *record,
				const struct sample_sink *sink);
const char *capture_file_check_sockets(struct capture_file_reader *reader,
				       const struct capture_file_record *record);
void capture_file_deliver_sockets(const struct capture_file_record *record,
				  const struct sample_sink *sink);
const char *capture_file_check_addrs(struct capture_file_reader *reader,
				     const struct capture_file_record *record);
void capture_file_deliver_addrs(const struct capture_file_record *record,
				const struct sample_sink *sink);

/* True where an owner with this number, or one that came later, was announced. */
bool capture_file_knows(const struct capture_file_reader *reader, uint32_t owner);

#endif
