/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keys have names, for help and messages, and by which scripts press them. */
#include "config.h"

#include "ui-keys.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "macro.h"
#include "text.h"

static const struct {
	uint32_t key;
	const char *name;
} key_names[] = {
	{UI_KEY_UP, "Up"},          {UI_KEY_DOWN, "Down"},
	{UI_KEY_LEFT, "Left"},      {UI_KEY_RIGHT, "Right"},
	{UI_KEY_PAGE_UP, "PgUp"},   {UI_KEY_PAGE_DOWN, "PgDn"},
	{UI_KEY_HOME, "Home"},      {UI_KEY_END, "End"},
	{UI_KEY_BACK_TAB, "S-Tab"}, {UI_KEY_BACKSPACE, "Backspace"},
	{UI_KEY_DELETE, "Delete"},  {UI_KEY_INSERT, "Insert"},
	{UI_KEY_ENTER, "Enter"},    {UI_KEY_TAB, "Tab"},
	{UI_KEY_ESC, "Esc"},        {' ', "Space"},
};

/* A character as UTF-8, made safe for the screen. */
static int character_name(char *buf, size_t size, uint32_t key)
{
	char bytes[TEXT_CHARACTER_MAX];

	if (key == '\\') /* which text_escape() would double */
		return snprintf(buf, size, "\\");
	return (int)text_escape(buf, size, bytes, text_encode(bytes, key));
}

int ui_key_name(char *buf, size_t size, uint32_t key)
{
	for (size_t i = 0; i < ARRAY_SIZE(key_names); i++)
		if (key_names[i].key == key)
			return snprintf(buf, size, "%s", key_names[i].name);
	if (key > UI_KEY_F0 && key <= UI_KEY_F12)
		return snprintf(buf, size, "F%u", (unsigned int)(key - UI_KEY_F0));
	if (key < ' ')
		return snprintf(buf, size, "C-%c", (char)(key | 0x60));
	if (key >= UI_KEY_FIRST)
		return snprintf(buf, size, "this key");
	return character_name(buf, size, key);
}

int64_t ui_key_find(const char *name)
{
	unsigned int number;
	char end;

	for (size_t i = 0; i < ARRAY_SIZE(key_names); i++)
		if (strcmp(key_names[i].name, name) == 0)
			return key_names[i].key;
	if (name[0] >= '!' && name[0] <= '~' && !name[1])
		return name[0];
	if (strncmp(name, "C-", 2) == 0 && name[2] >= 'a' && name[2] <= 'z' && !name[3])
		return UI_KEY_CTRL(name[2]);
	if (sscanf(name, "F%2u%c", &number, &end) == 1 && number >= 1 && number <= 12)
		return UI_KEY_F0 + number;
	return -ENOENT;
}
