/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Opens Initial packets of QUIC (RFC 9001, 5). */
#include "config.h"

#include "l7-quic.h"

#include <errno.h>
#include <string.h>

#ifdef HAVE_NETTLE
#include <nettle/aes.h>
#include <nettle/gcm.h>
#include <nettle/hkdf.h>
#include <nettle/hmac.h>
#include <nettle/memops.h>
#endif

#include "l7-quic-data.h"
#include "macro.h"

#ifdef HAVE_NETTLE

#define NUMBER_MAX 4 /* octets of a packet number */

_Static_assert(sizeof(((struct quic_keys *)0)->key) == AES128_KEY_SIZE, "key");
_Static_assert(sizeof(((struct quic_keys *)0)->iv) == GCM_IV_SIZE, "iv");
_Static_assert(sizeof(((struct quic_keys *)0)->hp) == AES128_KEY_SIZE, "hp");

bool quic_supported(void)
{
	return true;
}

/* RFC 8446, 7.1, HKDF-Expand-Label without a context. */
static void expand_label(const uint8_t secret[SHA256_DIGEST_SIZE], const char *label, uint8_t *out,
			 size_t size)
{
	struct hmac_sha256_ctx hmac;
	size_t n = strlen(label);
	uint8_t info[64] = {0, (uint8_t)size, (uint8_t)n};

	memcpy(info + 3, label, n);
	hmac_sha256_set_key(&hmac, SHA256_DIGEST_SIZE, secret);
	hkdf_expand(&hmac, (nettle_hash_update_func *)hmac_sha256_update,
		    (nettle_hash_digest_func *)hmac_sha256_digest, SHA256_DIGEST_SIZE, 3 + n + 1,
		    info, size, out);
}

/* RFC 9001, 5.2. */
int quic_keys_make(uint32_t number, enum tls_side side, const uint8_t *cid, size_t cid_size,
		   struct quic_keys *ret_keys)
{
	const struct quic_version *version = quic_version_find(number);
	static const char *const labels[TLS_SIDE_MAX] = {"tls13 client in", "tls13 server in"};
	uint8_t initial[SHA256_DIGEST_SIZE], secret[SHA256_DIGEST_SIZE];
	struct hmac_sha256_ctx hmac;

	if (!version)
		return -EBADMSG;
	hmac_sha256_set_key(&hmac, sizeof(version->salt), version->salt);
	hkdf_extract(&hmac, (nettle_hash_update_func *)hmac_sha256_update,
		     (nettle_hash_digest_func *)hmac_sha256_digest, SHA256_DIGEST_SIZE, cid_size,
		     cid, initial);
	expand_label(initial, labels[side], secret, sizeof(secret));
	expand_label(secret, version->key_label, ret_keys->key, sizeof(ret_keys->key));
	expand_label(secret, version->iv_label, ret_keys->iv, sizeof(ret_keys->iv));
	expand_label(secret, version->hp_label, ret_keys->hp, sizeof(ret_keys->hp));
	ret_keys->version = number;
	return 0;
}

/*
 * Takes the protection off a header (RFC 9001, 5.4), which must fit. Returns its size, which is
 * known from then on alone.
 */
static size_t open_header(const struct quic_packet *packet, const uint8_t hp[AES128_KEY_SIZE],
			  uint8_t *header)
{
	uint8_t mask[AES_BLOCK_SIZE];
	struct aes128_ctx aes;
	size_t n;

	aes128_set_encrypt_key(&aes, hp);
	aes128_encrypt(&aes, sizeof(mask), mask, packet->data + packet->number_at + NUMBER_MAX);
	memcpy(header, packet->data, packet->number_at + NUMBER_MAX);
	header[0] ^= mask[0] & 0x0f;
	n = (header[0] & 3u) + 1;
	for (size_t i = 0; i < n; i++)
		header[packet->number_at + i] ^= mask[1 + i];
	return packet->number_at + n;
}

int quic_packet_open(const struct quic_packet *packet, const struct quic_keys *keys,
		     uint8_t ret_plain[QUIC_PACKET_MAX])
{
	size_t header_size, size;
	uint8_t tag[GCM_DIGEST_SIZE], iv[GCM_IV_SIZE];
	struct gcm_aes128_ctx gcm;

	if (packet->version != keys->version || packet->size > QUIC_PACKET_MAX ||
	    packet->size < packet->number_at + NUMBER_MAX + AES_BLOCK_SIZE)
		return -EBADMSG;
	header_size = open_header(packet, keys->hp, ret_plain);
	size = packet->size - header_size - sizeof(tag);
	memcpy(iv, keys->iv, sizeof(iv));
	/* numbers of Initials are small: what is left out of them is 0 */
	for (size_t i = 0; i < header_size - packet->number_at; i++)
		iv[sizeof(iv) - 1 - i] ^= ret_plain[header_size - 1 - i];
	gcm_aes128_set_key(&gcm, keys->key);
	gcm_aes128_set_iv(&gcm, sizeof(iv), iv);
	gcm_aes128_update(&gcm, header_size, ret_plain);
	gcm_aes128_decrypt(&gcm, size, ret_plain, packet->data + header_size);
	gcm_aes128_digest(&gcm, sizeof(tag), tag);
	if (!memeql_sec(tag, packet->data + packet->size - sizeof(tag), sizeof(tag)))
		return -EBADMSG;
	return (int)size;
}

#else

bool quic_supported(void)
{
	return false;
}

int quic_keys_make(uint32_t version ATTR_UNUSED, enum tls_side side ATTR_UNUSED,
		   const uint8_t *cid ATTR_UNUSED, size_t cid_size ATTR_UNUSED,
		   struct quic_keys *ret_keys ATTR_UNUSED)
{
	return -ENOTSUP;
}

int quic_packet_open(const struct quic_packet *packet ATTR_UNUSED,
		     const struct quic_keys *keys ATTR_UNUSED,
		     uint8_t ret_plain[QUIC_PACKET_MAX] ATTR_UNUSED)
{
	return -ENOTSUP;
}

#endif
