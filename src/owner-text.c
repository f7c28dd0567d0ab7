/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The texts of owners, each kept once however many owners have it. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "macro.h"
#include "mix.h"
#include "owner-data.h"

#define HEADS_MIN 256
#define CUT "..."

struct text {
	struct text *next; /* of its chain */
	uint64_t id;
	uint64_t hash;
	uint32_t refs;
	uint32_t length;
	char chars[];
};

struct owner_text_pool {
	struct text **heads;
	size_t n_heads; /* a power of 2 */
	size_t n;
	size_t bytes;
	uint64_t next_id;
	uint64_t refused;
	uint32_t refs;
};

static const char nothing[] = "";

int owner_text_pool_new(struct owner_text_pool **ret_pool)
{
	struct owner_text_pool *pool = calloc(1, sizeof(*pool));

	if (!pool)
		return -ENOMEM;
	pool->heads = calloc(HEADS_MIN, sizeof(*pool->heads));
	if (!pool->heads) {
		free(pool);
		return -ENOMEM;
	}
	pool->n_heads = HEADS_MIN;
	pool->next_id = 1;
	pool->refs = 1;
	*ret_pool = pool;
	return 0;
}

struct owner_text_pool *owner_text_pool_ref(struct owner_text_pool *pool)
{
	pool->refs++;
	return pool;
}

/* Who gives up the last reference has put back every text. */
void owner_text_pool_unref(struct owner_text_pool *pool)
{
	if (!pool || --pool->refs > 0)
		return;
	free(pool->heads);
	free(pool);
}

static struct text *text_of(const char *chars)
{
	return (struct text *)(uintptr_t)(chars - offsetof(struct text, chars));
}

static uint64_t hash_text(const char *text, size_t n)
{
	uint64_t hash = 0x9e3779b97f4a7c15, word;

	for (; n >= sizeof(word); text += sizeof(word), n -= sizeof(word)) {
		memcpy(&word, text, sizeof(word));
		hash = mix(hash ^ word, 0xd6e8feb86659fd93);
	}
	word = n;
	memcpy(&word, text, n);
	return mix(hash ^ word, 0xa0761d6478bd642f ^ n);
}

static struct text **head_of(const struct owner_text_pool *pool, uint64_t hash)
{
	return &pool->heads[hash >> 16 & (pool->n_heads - 1)];
}

/* Longer chains are all that it costs when there is no memory. */
static void grow(struct owner_text_pool *pool)
{
	struct owner_text_pool old = *pool;
	struct text **heads = calloc(2 * pool->n_heads, sizeof(*heads));

	if (!heads)
		return;
	pool->heads = heads;
	pool->n_heads *= 2;
	for (size_t i = 0; i < old.n_heads; i++)
		for (struct text *text = old.heads[i], *next; text; text = next) {
			struct text **head = head_of(pool, text->hash);

			next = text->next;
			text->next = *head;
			*head = text;
		}
	free(old.heads);
}

static struct text *find(const struct owner_text_pool *pool, uint64_t hash, const char *chars,
			 size_t n)
{
	struct text *text = *head_of(pool, hash);

	while (text && (text->hash != hash || text->length != n || memcmp(text->chars, chars, n)))
		text = text->next;
	return text;
}

static struct text *add(struct owner_text_pool *pool, uint64_t hash, const char *chars, size_t n)
{
	size_t size = sizeof(struct text) + n + 1;
	struct text *text = pool->bytes + size > OWNER_TEXT_BYTES_MAX ? NULL : malloc(size);
	struct text **head;

	if (!text) {
		pool->refused++;
		return NULL;
	}
	if (pool->n >= pool->n_heads)
		grow(pool);
	head = head_of(pool, hash);
	*text = (struct text){
		.next = *head, .id = pool->next_id++, .hash = hash, .length = (uint32_t)n};
	memcpy(text->chars, chars, n);
	text->chars[n] = '\0';
	*head = text;
	pool->n++;
	pool->bytes += size;
	return text;
}

/* Where to cut a text that is too long: not within a character of UTF-8. */
static size_t cut_at(const char *text, size_t n)
{
	while (n > 0 && ((unsigned char)text[n] & 0xc0) == 0x80)
		n--;
	return n;
}

const char *owner_text_get(struct owner_text_pool *pool, const char *chars)
{
	char cut[OWNER_TEXT_SIZE];
	size_t n = chars ? strnlen(chars, OWNER_TEXT_SIZE) : 0;
	struct text *text;
	uint64_t hash;

	if (n == 0)
		return nothing;
	if (n == OWNER_TEXT_SIZE) {
		n = cut_at(chars, OWNER_TEXT_SIZE - sizeof(CUT));
		memcpy(cut, chars, n);
		memcpy(cut + n, CUT, sizeof(CUT));
		n += strlen(CUT);
		chars = cut;
	}
	hash = hash_text(chars, n);
	text = find(pool, hash, chars, n);
	if (!text)
		text = add(pool, hash, chars, n);
	if (!text)
		return nothing;
	text->refs++;
	return text->chars;
}

const char *owner_text_ref(const char *text)
{
	if (*text)
		text_of(text)->refs++;
	return text;
}

void owner_text_put(struct owner_text_pool *pool, const char *chars)
{
	struct text *text, **link;

	if (!*chars)
		return;
	text = text_of(chars);
	if (--text->refs > 0)
		return;
	for (link = head_of(pool, text->hash); *link != text; link = &(*link)->next)
		;
	*link = text->next;
	pool->n--;
	pool->bytes -= sizeof(*text) + text->length + 1;
	free(text);
}

uint64_t owner_text_pool_refused(const struct owner_text_pool *pool)
{
	return pool->refused;
}

uint64_t owner_text_id(const char *text)
{
	return *text ? text_of(text)->id : 0;
}
