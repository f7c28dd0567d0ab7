/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Application protocols that a flow can be labelled with. Shared by the BPF programs and user
 * space, and written to recordings: new ones go to the end.
 */
#ifndef L7_H
#define L7_H

enum l7 {
	L7_NONE,
	L7_HTTP,
	L7_HTTP2,
	L7_TLS,
	L7_DTLS,
	L7_QUIC,
	L7_SSH,
	L7_RDP,
	L7_POSTGRESQL,
	L7_MQTT,
	L7_WIREGUARD,
	L7_MEMCACHED,
	L7_DNS,
	L7_NTP,
	L7_REDIS,
	L7_MYSQL,
	L7_SMTP,
	L7_IMAP,
	L7_FTP,
	L7_BITTORRENT,
	L7_STUN,
	L7_SIP,
	L7_MAX
};

#endif
