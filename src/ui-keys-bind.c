/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Gives actions other keys than those of the table. */
#include "config.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "ui-keys.h"

void ui_bindings_init(struct ui_bindings *bindings)
{
	assert(ui_n_actions <= UI_ACTIONS_MAX);
	memset(bindings, 0, sizeof(*bindings));
	for (size_t i = 0; i < ui_n_actions; i++)
		memcpy(bindings->keys[i], ui_action_table[i].keys, sizeof(bindings->keys[i]));
}

const uint32_t *ui_bindings_keys(const struct ui_bindings *bindings, size_t action)
{
	return bindings ? bindings->keys[action] : ui_action_table[action].keys;
}

static size_t count_keys(const uint32_t *keys)
{
	size_t n = 0;

	while (n < UI_ACTION_KEYS && keys[n])
		n++;
	return n;
}

/* Takes a key away from the action that has it. */
static void release_key(struct ui_bindings *bindings, uint32_t key)
{
	for (size_t i = 0; i < ui_n_actions; i++) {
		uint32_t *keys = bindings->keys[i];
		size_t n = count_keys(keys);

		for (size_t k = 0; k < n; k++) {
			if (keys[k] != key)
				continue;
			memmove(keys + k, keys + k + 1, (n - k - 1) * sizeof(*keys));
			keys[n - 1] = 0;
			return;
		}
	}
}

static int find_action(const char *name)
{
	for (size_t i = 0; i < ui_n_actions; i++)
		if (strcmp(ui_action_table[i].name, name) == 0)
			return (int)i;
	return -ENOENT;
}

/* "a, b, c" */
static const char *action_names(char *buf, size_t size)
{
	size_t used = 0;

	*buf = '\0';
	for (size_t i = 0; i < ui_n_actions && used < size; i++)
		used += (size_t)snprintf(buf + used, size - used, "%s%s", i ? ", " : "",
					 ui_action_table[i].name);
	return buf;
}

/* The keys named in a list with blanks. Returns how many, or -EINVAL. */
static int read_keys(char *names, uint32_t keys[UI_ACTION_KEYS], char *error, size_t size)
{
	int n = 0;
	char *rest;

	for (char *name = strtok_r(names, " \t", &rest); name;
	     name = strtok_r(NULL, " \t", &rest)) {
		int64_t key = ui_key_find(name);

		if (key < 0) {
			(void)snprintf(error, size,
				       "no key is named \"%s\"; keys are named as in pktop --keys",
				       name);
			return -EINVAL;
		}
		if (n == UI_ACTION_KEYS - 1) {
			(void)snprintf(error, size, "more than %d keys", UI_ACTION_KEYS - 1);
			return -EINVAL;
		}
		keys[n++] = (uint32_t)key;
	}
	return n;
}

int ui_bindings_set(struct ui_bindings *bindings, const char *action, char *names, char *error,
		    size_t size)
{
	uint32_t keys[UI_ACTION_KEYS] = {0};
	int i = find_action(action), n;
	char list[768];

	if (i < 0) {
		(void)snprintf(error, size, "no action \"%s\"; one of: %s", action,
			       action_names(list, sizeof(list)));
		return -EINVAL;
	}
	if (ui_action_table[i].fixed) {
		(void)snprintf(error, size, "the keys of \"%s\" are always the same", action);
		return -EINVAL;
	}
	n = read_keys(names, keys, error, size);
	if (n < 0)
		return n;
	memset(bindings->keys[i], 0, sizeof(bindings->keys[i]));
	for (int k = 0; k < n; k++) {
		release_key(bindings, keys[k]);
		bindings->keys[i][count_keys(bindings->keys[i])] = keys[k];
	}
	return 0;
}

const char *ui_bindings_first(const struct ui_bindings *bindings, const char *action, char *buf,
			      size_t size)
{
	int i = find_action(action);
	uint32_t key = i < 0 ? 0 : ui_bindings_keys(bindings, (size_t)i)[0];

	*buf = '\0';
	if (key)
		(void)ui_key_name(buf, size, key);
	return buf;
}
