/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Names of application protocols, and the ones that ports stand for. */
#include "config.h"

#include "flow.h"

#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>

#include "macro.h"

static const char *const l7_names[L7_MAX] = {
	[L7_NONE] = "none",
	[L7_HTTP] = "http",
	[L7_HTTP2] = "http2",
	[L7_TLS] = "tls",
	[L7_DTLS] = "dtls",
	[L7_QUIC] = "quic",
	[L7_SSH] = "ssh",
	[L7_RDP] = "rdp",
	[L7_POSTGRESQL] = "postgresql",
	[L7_MQTT] = "mqtt",
	[L7_WIREGUARD] = "wireguard",
	[L7_MEMCACHED] = "memcached",
	[L7_DNS] = "dns",
	[L7_NTP] = "ntp",
	[L7_REDIS] = "redis",
	[L7_MYSQL] = "mysql",
	[L7_SMTP] = "smtp",
	[L7_IMAP] = "imap",
	[L7_FTP] = "ftp",
	[L7_BITTORRENT] = "bittorrent",
	[L7_STUN] = "stun",
	[L7_SIP] = "sip",
};

static const char *const l7_sources[L7_SOURCE_MAX] = {
	[L7_SOURCE_NONE] = "none",
	[L7_SOURCE_PAYLOAD] = "payload",
	[L7_SOURCE_PORT] = "port",
};

/* In the order of port. IANA, "Service Name and Transport Protocol Port Number Registry", and what
 * servers use by default. */
static const struct port_l7 {
	uint16_t port;
	uint8_t tcp, udp;
} l7_ports[] = {
	{20, L7_FTP, L7_NONE},          {21, L7_FTP, L7_NONE},
	{22, L7_SSH, L7_NONE},          {25, L7_SMTP, L7_NONE},
	{53, L7_DNS, L7_DNS},           {80, L7_HTTP, L7_QUIC},
	{123, L7_NONE, L7_NTP},         {143, L7_IMAP, L7_NONE},
	{443, L7_TLS, L7_QUIC},         {465, L7_TLS, L7_NONE},
	{587, L7_SMTP, L7_NONE},        {636, L7_TLS, L7_NONE},
	{853, L7_TLS, L7_QUIC},         {989, L7_TLS, L7_NONE},
	{990, L7_TLS, L7_NONE},         {993, L7_TLS, L7_NONE},
	{995, L7_TLS, L7_NONE},         {1883, L7_MQTT, L7_NONE},
	{3306, L7_MYSQL, L7_NONE},      {3389, L7_RDP, L7_RDP},
	{3478, L7_STUN, L7_STUN},       {5060, L7_SIP, L7_SIP},
	{5061, L7_TLS, L7_DTLS},        {5349, L7_TLS, L7_DTLS},
	{5353, L7_NONE, L7_DNS},        {5355, L7_DNS, L7_DNS},
	{5432, L7_POSTGRESQL, L7_NONE}, {5684, L7_NONE, L7_DTLS},
	{6379, L7_REDIS, L7_NONE},      {6881, L7_BITTORRENT, L7_BITTORRENT},
	{8080, L7_HTTP, L7_NONE},       {8443, L7_TLS, L7_QUIC},
	{8883, L7_TLS, L7_NONE},        {11211, L7_MEMCACHED, L7_MEMCACHED},
	{51820, L7_NONE, L7_WIREGUARD},
};

const char *flow_l7_name(unsigned int l7)
{
	return l7_names[l7];
}

const char *flow_l7_source(unsigned int source)
{
	return l7_sources[source];
}

int flow_l7_text(char *buf, size_t size, unsigned int l7, unsigned int source)
{
	return snprintf(buf, size, "%s%s", l7_names[l7], source == L7_SOURCE_PORT ? "?" : "");
}

static int compare_port(const void *key, const void *element)
{
	return CMP(*(const uint16_t *)key, ((const struct port_l7 *)element)->port);
}

static uint8_t port_l7(uint8_t proto, uint16_t port)
{
	const struct port_l7 *found =
		bsearch(&port, l7_ports, ARRAY_SIZE(l7_ports), sizeof(l7_ports[0]), compare_port);

	if (!found)
		return L7_NONE;
	return proto == IPPROTO_TCP ? found->tcp : found->udp;
}

uint8_t flow_l7_guess(const struct flow_key *key)
{
	uint16_t low = MIN(key->sport, key->dport), high = MAX(key->sport, key->dport);
	uint8_t l7;

	if (key->family == FAMILY_ARP || (key->proto != IPPROTO_TCP && key->proto != IPPROTO_UDP))
		return L7_NONE;
	if (key->open & OPEN_SRC_PORT)
		low = high = key->dport;
	if (key->open & OPEN_DST_PORT)
		low = high = key->sport;
	l7 = key->open & OPEN_SRC_PORT && key->open & OPEN_DST_PORT ? L7_NONE
								    : port_l7(key->proto, low);
	return l7 || low == high ? l7 : port_l7(key->proto, high);
}
