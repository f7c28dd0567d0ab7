/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Tells the application protocol from the first octets of a payload.
 *
 * A test must hardly ever be passed by chance, since connections are also looked into in the
 * middle: at least three octets are fixed or follow from the length. What is weaker than that
 * counts on the usual port only. No test looks past LABEL_SIZE octets, and none needs the octets
 * before.
 */
#ifndef LABEL_BPF_H
#define LABEL_BPF_H

#include "l7.h"
#include "method.bpf.h"

#define LABEL_SIZE 32
#define LABEL_WORDS (LABEL_SIZE / 8)

struct payload {
	__u64 words[LABEL_WORDS]; /* the first octet is the highest of words[0]; 0 past the end */
	__u32 len;                /* of the whole payload in the packet */
	__u16 sport, dport;
};

/* size octets, up to 8, as a number; constants only. */
static __always_inline __u64 part(const struct payload *p, __u32 at, __u32 size)
{
	__u64 value = p->words[at / 8] << at % 8 * 8;

	if (at % 8 + size > 8)
		value |= p->words[at / 8 + 1] >> (64 - at % 8 * 8);
	return value >> (64 - size * 8);
}

static __always_inline __u32 octet(const struct payload *p, __u32 at)
{
	return part(p, at, 1);
}

static __always_inline bool begins_with(const struct payload *p, __u32 at, const char *text,
					__u32 size)
{
	__u64 differs = 0;

#pragma unroll
	for (__u32 i = 0; i < size; i += 8) {
		__u32 n = size - i < 8 ? size - i : 8;
		__u64 word = 0;

#pragma unroll
		for (__u32 k = 0; k < n; k++)
			word = word << 8 | (__u8)text[i + k];
		differs |= part(p, at + i, n) ^ word;
	}
	return !differs;
}

#define BEGINS(p, at, text) begins_with(p, at, text, sizeof(text) - 1)

static __always_inline bool has_port(const struct payload *p, __u16 port)
{
	return p->sport == port || p->dport == port;
}

/* ---- texts ---- */

/* Those that HTTP has not. */
#define SIP_METHODS(X)                                                                             \
	X("ACK ")                                                                                  \
	X("BYE ")                                                                                  \
	X("INFO ")                                                                                 \
	X("REFER ")                                                                                \
	X("PRACK ")                                                                                \
	X("INVITE ")                                                                               \
	X("CANCEL ")                                                                               \
	X("NOTIFY ")                                                                               \
	X("MESSAGE ")                                                                              \
	X("PUBLISH ")                                                                              \
	X("REGISTER ")                                                                             \
	X("SUBSCRIBE ")

/* With the blank behind it; 0: there is none. */
static __always_inline __u32 method_size(const struct payload *p)
{
	if ((part(p, 0, 3) & 0xe0e0e0) != 0x404040) /* no capital letters: most payloads */
		return 0;
#define METHOD(text)                                                                               \
	if (BEGINS(p, 0, text))                                                                    \
		return sizeof(text) - 1;
	HTTP_METHODS(METHOD)
	SIP_METHODS(METHOD)
#undef METHOD
	return 0;
}

/* Eight octets from a place that is not a constant. */
static __always_inline __u64 word_at(const struct payload *p, __u32 at)
{
	__u32 bits = at % 8 * 8;
	__u64 word, next;

	/* not by a variable place on the stack: kernels before 5.12 (commit 01f810ace9ed) */
	word = at < 8 ? p->words[0] : at < 16 ? p->words[1] : p->words[2];
	next = at < 8 ? p->words[1] : at < 16 ? p->words[2] : p->words[3];
	return bits ? word << bits | next >> (64 - bits) : word;
}

/* What a method is asked for tells HTTP (RFC 9112, 3.2) from SIP (RFC 3261, 25.1) and others. */
static __always_inline __u32 label_request(const struct payload *p)
{
	__u32 size = method_size(p);
	struct payload target = {};

	if (!size)
		return L7_NONE;
	target.words[0] = word_at(p, size);
	if (octet(&target, 0) == '/' || BEGINS(&target, 0, "* ") || BEGINS(&target, 0, "http"))
		return L7_HTTP;
	if (BEGINS(&target, 0, "sip:") || BEGINS(&target, 0, "sips:") || BEGINS(&target, 0, "tel:"))
		return L7_SIP;
	return L7_NONE;
}

/* What follows is a host and a port (RFC 9110, 9.3.6); NATS has an object of JSON there. */
static __always_inline bool is_http_connect(const struct payload *p)
{
	__u32 first = octet(p, 8);

	return BEGINS(p, 0, "CONNECT ") &&
	       ((first | 0x20) - 'a' < 26 || first - '0' < 10 || first == '[' || first == '_');
}

/* How a connection begins, or an answer. */
#define TEXTS(X)                                                                                   \
	X(L7_HTTP, "HTTP/1.")                                                                      \
	X(L7_HTTP2, "PRI * HTTP/2.0\r\n") /* RFC 9113, 3.4 */                                      \
	X(L7_SSH, "SSH-2.0-")             /* RFC 4253, 4.2 */                                      \
	X(L7_SSH, "SSH-1.")                                                                        \
	X(L7_SIP, "SIP/2.0 ")                                                                      \
	X(L7_SMTP, "EHLO ")                                                                        \
	X(L7_SMTP, "HELO ")                                                                        \
	X(L7_SMTP, "ehlo ")                                                                        \
	X(L7_SMTP, "helo ")                                                                        \
	X(L7_SMTP, "LHLO ")                                                                        \
	X(L7_IMAP, "* OK ") /* RFC 9051, 7.1 */                                                    \
	X(L7_IMAP, "* PREAUTH ")                                                                   \
	X(L7_FTP, "FEAT\r\n")                                                                      \
	X(L7_FTP, "SYST\r\n")                                                                      \
	X(L7_FTP, "EPSV\r\n")                                                                      \
	X(L7_FTP, "PASV\r\n")                                                                      \
	X(L7_FTP, "AUTH TLS\r\n")                                                                  \
	X(L7_REDIS, "+PONG\r\n")                                                                   \
	X(L7_REDIS, "-NOAUTH ")                                                                    \
	X(L7_REDIS, "-WRONGTYPE ")                                                                 \
	X(L7_MEMCACHED, "STORED\r\n")                                                              \
	X(L7_BITTORRENT, "\x13"                                                                    \
			 "BitTorrent protocol") /* BEP 3 */

/* Texts that other protocols have as well. */
#define TEXTS_OF_PORTS(X)                                                                          \
	X(L7_SMTP, 25, "220")                                                                      \
	X(L7_SMTP, 587, "220")                                                                     \
	X(L7_SMTP, 2525, "220")                                                                    \
	X(L7_FTP, 21, "220")                                                                       \
	X(L7_FTP, 21, "USER ")                                                                     \
	X(L7_REDIS, 6379, "+OK\r\n")                                                               \
	X(L7_REDIS, 6379, "PING\r\n")

static __always_inline __u32 label_text(const struct payload *p)
{
#define TEXT(label, text)                                                                          \
	if (BEGINS(p, 0, text))                                                                    \
		return label;
#define TEXT_OF_PORT(label, port, text)                                                            \
	if (BEGINS(p, 0, text) && has_port(p, port))                                               \
		return label;
	if (is_http_connect(p))
		return L7_HTTP;
	TEXTS(TEXT)
	TEXTS_OF_PORTS(TEXT_OF_PORT)
#undef TEXT
#undef TEXT_OF_PORT
	return label_request(p);
}

/* RESP: an array of bulk strings, "*2\r\n$3\r\n", which is what clients send. */
static __always_inline bool is_redis(const struct payload *p)
{
	return octet(p, 0) == '*' && (BEGINS(p, 2, "\r\n$") || BEGINS(p, 3, "\r\n$"));
}

/* Commands and answers with a key behind a blank. */
static __always_inline bool is_memcached_text(const struct payload *p, __u32 at)
{
	return BEGINS(p, at, "get ") || BEGINS(p, at, "gets ") || BEGINS(p, at, "set ") ||
	       BEGINS(p, at, "add ") || BEGINS(p, at, "delete ") || BEGINS(p, at, "incr ") ||
	       BEGINS(p, at, "stats") || BEGINS(p, at, "version") || BEGINS(p, at, "VALUE ") ||
	       BEGINS(p, at, "STAT ") || BEGINS(p, at, "VERSION ") || BEGINS(p, at, "END\r\n");
}

/* ---- TLS and what runs on it ---- */

#define TLS_RECORD_MAX (16384 + 2048) /* RFC 5246, 6.2.3 */

/* A record of RFC 8446, 5.1, or of an earlier version. */
static __always_inline bool is_tls(const struct payload *p)
{
	__u32 size = part(p, 3, 2);

	if (octet(p, 1) != 3 || octet(p, 2) > 4 || p->len < 6 || size > TLS_RECORD_MAX)
		return false;
	switch (octet(p, 0)) {
	case 20: /* change_cipher_spec */
		return size == 1 && octet(p, 5) == 1;
	case 21: /* alert, in the open or encrypted */
		return size == 2 ? octet(p, 5) - 1 < 2 : size > 16 && size <= 80;
	case 22: /* handshake: messages up to "finished", shorter than 2^16 */
		return size >= 4 && octet(p, 5) - 1 < 20 && !octet(p, 6);
	case 23: /* data, with a tag or padding */
		return size > 16;
	}
	return false;
}

/* RFC 6347, 4.1; DTLS 1.3 begins like 1.2. */
static __always_inline bool is_dtls(const struct payload *p)
{
	__u32 version = part(p, 1, 2), size = part(p, 11, 2);

	return octet(p, 0) - 20 < 7 && (version == 0xfeff || version == 0xfefd) && size &&
	       size + 13 <= p->len;
}

/* RFC 9000, 17.2; RFC 9369, 3.1. */
static __always_inline bool is_quic(const struct payload *p)
{
	__u32 version = part(p, 1, 4);

	if (p->len < 21 || octet(p, 5) > 20)
		return false;
	if (version == 0) /* version negotiation */
		return octet(p, 0) & 0x80 && has_port(p, 443);
	return octet(p, 0) >= 0xc0 && (version == 1 || version == 0x6b3343cf);
}

/* The SETTINGS that a server begins with: RFC 9113, 6.5. */
static __always_inline bool is_http2_settings(const struct payload *p)
{
	__u32 size = part(p, 0, 3);

	return size && size <= 96 && size % 6 == 0 && !part(p, 4, 5) && octet(p, 3) == 4;
}

/* ---- binary protocols over TCP ---- */

/* TPKT (RFC 1006) with a connection request or confirm (X.224), and what RDP has in them. */
static __always_inline bool is_rdp(const struct payload *p)
{
	__u32 code = octet(p, 5), more = octet(p, 11);

	if (part(p, 0, 2) != 0x0300 || part(p, 2, 2) != p->len || octet(p, 4) + 5 != p->len)
		return false;
	if (code == 0xe0)
		return !part(p, 6, 2) && (p->len == 11 || more == 1 || BEGINS(p, 11, "Cookie:"));
	return code == 0xd0 && (p->len == 11 || more == 2 || more == 3);
}

/* Startup, its special requests, a query, and the answers to a startup. */
static __always_inline bool is_postgresql(const struct payload *p)
{
	__u32 size = part(p, 0, 4), code = part(p, 4, 4);

	if (size == p->len)
		return code >> 16 == 3 ? size > 8 && size < 10000 : code - 80877101 - 1 < 3;
	if (octet(p, 0) == 'Q')
		return part(p, 1, 4) > 4 && part(p, 1, 4) + 1 == p->len;
	return octet(p, 0) == 'R' && part(p, 1, 4) - 8 < 64 && part(p, 5, 4) < 16;
}

/* CONNECT with a remaining length of one octet or two: MQTT 3.1, 3.1.1 and 5, section 3.1. */
static __always_inline bool is_mqtt(const struct payload *p)
{
	return octet(p, 0) == 0x10 && (BEGINS(p, 2, "\0\4MQTT") || BEGINS(p, 3, "\0\4MQTT") ||
				       BEGINS(p, 2, "\0\6MQIsdp") || BEGINS(p, 3, "\0\6MQIsdp"));
}

/* The binary protocol: magic, then lengths that agree. */
static __always_inline bool is_memcached_binary(const struct payload *p)
{
	__u32 body = part(p, 8, 4);

	return (octet(p, 0) & 0xfe) == 0x80 && !octet(p, 5) && octet(p, 1) <= 0x48 &&
	       body + 24 == p->len && part(p, 2, 2) + octet(p, 4) <= body;
}

/* The greeting of a server, the answer of a client, or a query. */
static __always_inline bool is_mysql(const struct payload *p)
{
	__u32 size = octet(p, 0) | octet(p, 1) << 8 | octet(p, 2) << 16;
	__u32 number = octet(p, 3), command = octet(p, 4);

	if (size + 4 != p->len)
		return false;
	if (number == 0 && command == 10) /* protocol 10, and a version such as 8.0.36 */
		return octet(p, 5) - '0' < 10 && (octet(p, 6) == '.' || octet(p, 7) == '.');
	if (number == 0 && command == 3) /* COM_QUERY */
		return size > 1;
	/* capabilities with CLIENT_PROTOCOL_41, and the filler */
	return number == 1 && size >= 32 && octet(p, 5) & 2 && !part(p, 13, 8) && !part(p, 21, 7);
}

/* ---- protocols over UDP, or over both ---- */

/* RFC 8489, 5. */
static __always_inline bool is_stun(const struct payload *p)
{
	return part(p, 4, 4) == 0x2112a442 && octet(p, 0) < 0x40 && !(octet(p, 3) & 3) &&
	       part(p, 2, 2) + 20 <= p->len;
}

/* RFC 1035, 4.1.1; mDNS (RFC 6762, 18) and LLMNR (RFC 4795) have the same header. */
static __always_inline bool is_dns(const struct payload *p, __u32 at, __u32 len)
{
	__u32 flags = part(p, at + 2, 2), opcode = flags >> 11 & 15, first = octet(p, at + 12);
	__u32 questions = part(p, at + 4, 2), answers = part(p, at + 6, 2);
	bool response = flags & 0x8000;

	if (len < 17 || opcode > 6 || flags & 0x40 || first > 63)
		return false;
	if (has_port(p, 53) || has_port(p, 5353) || has_port(p, 5355))
		return questions + answers && questions < 256 && answers < 256;
	if (questions != 1 || opcode || (first && octet(p, at + 13) - 0x21 > 0x5d))
		return false;
	if (!response)
		return !(flags & 0x40f) && !answers && !part(p, at + 8, 2) &&
		       part(p, at + 10, 2) < 3;
	return answers < 64 && part(p, at + 8, 2) < 64 && part(p, at + 10, 2) < 64;
}

/* RFC 5905, 7.3; modes 6 and 7 (control, private) are shorter. */
static __always_inline bool is_ntp(const struct payload *p)
{
	__u32 first = octet(p, 0), mode = first & 7;

	if (!has_port(p, 123) || (first >> 3 & 7) - 1 >= 4)
		return false;
	return mode >= 6 ? p->len >= 8 : mode && p->len >= 48;
}

/* Handshake messages and data: WireGuard, "Protocol & Cryptography", section 5.4. */
static __always_inline bool is_wireguard(const struct payload *p)
{
	switch (part(p, 0, 4)) {
	case 0x01000000:
		return p->len == 148;
	case 0x02000000:
		return p->len == 92;
	case 0x03000000:
		return p->len == 64;
	case 0x04000000: /* the counter is little-endian and far from full */
		return p->len >= 32 && p->len % 16 == 0 && !part(p, 13, 3);
	}
	return false;
}

/* The distributed table (BEP 5), with who asked as well (BEP 42), and trackers (BEP 15). */
static __always_inline bool is_bittorrent(const struct payload *p)
{
	return BEGINS(p, 0, "d1:ad2:id20:") || BEGINS(p, 0, "d1:rd2:id20:") ||
	       (BEGINS(p, 0, "d2:ip6:") && BEGINS(p, 13, "1:")) ||
	       (BEGINS(p, 0, "d2:ip18:") && BEGINS(p, 26, "1:")) ||
	       (p->len == 16 && part(p, 0, 8) == 0x41727101980ULL && !part(p, 8, 4));
}

/* A frame of one datagram, then text. */
static __always_inline bool is_memcached_udp(const struct payload *p)
{
	return has_port(p, 11211) && !part(p, 6, 2) && is_memcached_text(p, 8);
}

static __always_inline __u32 label_tcp(const struct payload *p)
{
	if (octet(p, 0) - 20 < 4)
		return is_tls(p) ? L7_TLS : L7_NONE;
	if (is_redis(p))
		return L7_REDIS;
	if (is_postgresql(p))
		return L7_POSTGRESQL;
	if (is_mysql(p))
		return L7_MYSQL;
	if (is_http2_settings(p))
		return L7_HTTP2;
	if (is_rdp(p))
		return L7_RDP;
	if (is_mqtt(p))
		return L7_MQTT;
	if (is_memcached_binary(p) || (has_port(p, 11211) && is_memcached_text(p, 0)))
		return L7_MEMCACHED;
	if (part(p, 0, 2) + 2 == p->len && is_dns(p, 2, p->len - 2))
		return L7_DNS;
	if (is_stun(p))
		return L7_STUN;
	return label_text(p);
}

static __always_inline __u32 label_udp(const struct payload *p)
{
	if (is_stun(p))
		return L7_STUN;
	if (is_dtls(p))
		return L7_DTLS;
	if (is_dns(p, 0, p->len))
		return L7_DNS;
	if (is_quic(p))
		return L7_QUIC;
	if (is_ntp(p))
		return L7_NTP;
	if (is_wireguard(p))
		return L7_WIREGUARD;
	if (is_bittorrent(p))
		return L7_BITTORRENT;
	if (is_memcached_udp(p))
		return L7_MEMCACHED;
	if (BEGINS(p, 0, "SIP/2.0 ") || label_request(p) == L7_SIP)
		return L7_SIP;
	return L7_NONE;
}

#endif
