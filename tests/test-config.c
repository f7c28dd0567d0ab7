/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The configuration file: what it sets, what it is warned about, when it is not read. */
#include "config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend-stubs.h"
#include "capture.h"
#include "conf.h"
#include "log.h"
#include "macro.h"
#include "options-file.h"
#include "options.h"
#include "tap.h"

static struct options options;
static char directory[] = "/tmp/pktop-config.XXXXXX", path[64];
/* The last message without the name of the file, and how many there were. */
static char said[2048];
static int n_said;

static void hear(void *data ATTR_UNUSED, enum log_level level ATTR_UNUSED, const char *line)
{
	size_t n = strlen(path);

	snprintf(said, sizeof(said), "%s", strncmp(line, path, n) == 0 ? line + n : line);
	n_said++;
}

static void put_file(const char *text)
{
	FILE *file = fopen(path, "we");

	if (!file || fputs(text, file) < 0 || fclose(file) != 0 || chmod(path, 0600) < 0)
		abort();
}

/* The file of this text, and one more option with its value. */
static int parse(const char *text, char *option, char *value)
{
	char *argv[] = {(char[]){"pktop"}, (char[]){"--config"}, path, option, value, NULL};

	put_file(text);
	*said = '\0';
	n_said = 0;
	return options_parse(option ? 5 : 3, argv, &options);
}

static const struct ui_view_config *view_config(enum view_id view)
{
	return &options.ui.views[view];
}

static uint32_t first_key(const char *action, size_t place)
{
	for (size_t i = 0; i < ui_n_actions; i++)
		if (strcmp(ui_action_table[i].name, action) == 0)
			return options.ui.bindings->keys[i][place];
	return 0;
}

static void test_values(void)
{
	is_int(parse("# comment\n\n  theme =  dark \ngraph=braille\r\nascii = yes\nunit = bytes\n"
		     "interval = 2s\nview = src\ncolumns = group,pps\nsort = -pps\ncolor = never",
		     NULL, NULL),
	       0, "a file");
	is_int(n_said, 0, "without mistakes");
	is_int(options.ui.theme, UI_THEME_DARK, "theme");
	is_int(options.ui.graph, UI_GRAPH_BRAILLE, "graph, and a line that ends with CR");
	ok(options.ui.ascii, "ascii");
	is_int(options.ui.unit, UNIT_BYTES, "unit");
	is_u64(options.ui.interval_ns, 2000000000, "interval");
	is_int(options.ui.view, VIEW_ID_SRC, "view");
	is_u64(view_config(VIEW_ID_SRC)->n_columns, 2, "columns of the view of the file");
	is_int(view_config(VIEW_ID_SRC)->columns[1], COLUMN_PPS, "second column");
	is_int(view_config(VIEW_ID_SRC)->sort, COLUMN_PPS, "order");
	ok(view_config(VIEW_ID_SRC)->reverse, "turned round");
	is_int(options.ui.color, UI_COLOR_NEVER, "a last line without its end");
	is_u64(view_config(VIEW_ID_CONVERSATIONS)->n_columns, 0, "other views have their own");
	ok(!options.interval_given && !options.view_given && !options.report.n_columns,
	   "a report knows nothing of it");
	is_u64(options.interval_ns, 1000000000, "neither of its interval");

	is_int(parse("columns.dst = group,bytes\nsort.dst = -bytes\n", NULL, NULL), 0, "a view");
	is_int(options.ui.view, VIEW_ID_CONVERSATIONS, "is not chosen by its columns");
	is_u64(view_config(VIEW_ID_DST)->n_columns, 2, "columns by view");
	is_int(view_config(VIEW_ID_DST)->sort, COLUMN_BYTES, "order by view");
	ok(view_config(VIEW_ID_DST)->reverse, "turned round by view");
}

static void test_command_line(void)
{
	is_int(parse("theme = dark\n", (char[]){"--theme"}, (char[]){"mono"}), 0, "theme twice");
	is_int(options.ui.theme, UI_THEME_MONO, "the command line wins");
	is_int(parse("view = src\ncolumns = group,bps\nsort = -pps\n", (char[]){"--view"},
		     (char[]){"dst"}),
	       0, "another view");
	is_int(options.ui.view, VIEW_ID_DST, "view of the command line");
	is_u64(view_config(VIEW_ID_DST)->n_columns, 0, "the columns were for that of the file");
	is_u64(view_config(VIEW_ID_SRC)->n_columns, 2, "which keeps them");
	is_int(parse("sort = -pps\n", (char[]){"--sort"}, (char[]){"bytes"}), 0, "sort twice");
	is_int(view_config(VIEW_ID_CONVERSATIONS)->sort, COLUMN_BYTES, "by the command line");
	ok(!view_config(VIEW_ID_CONVERSATIONS)->reverse, "and not turned round");
}

static void test_keys(void)
{
	is_int(parse("key.quit = x F10\nkey.help = Q q\nkey.hold =\n", NULL, NULL), 0, "keys");
	is_int(n_said, 0, "without mistakes");
	is_int(first_key("quit", 0), 'x', "the first key");
	is_int(first_key("quit", 1), UI_KEY_F0 + 10, "the second key");
	is_int(first_key("quit", 2), 0, "no third one");
	is_int(first_key("help", 0), 'Q', "another action");
	is_int(first_key("hold", 0), 0, "an action without a key");
	is_int(first_key("up", 0), UI_KEY_UP, "others keep theirs");

	is_int(parse("key.quit = j\n", NULL, NULL), 0, "a key that another action had");
	is_int(first_key("quit", 0), 'j', "changes hands");
	is_int(first_key("down", 0), UI_KEY_DOWN, "the other keeps its first");
	is_int(first_key("down", 1), 0, "and loses the second");
	is_int(parse("key.quit = j\nkey.quit = j j\n", NULL, NULL), 0, "a key twice");
	is_int(first_key("quit", 1), 0, "is there once");
}

static const struct {
	const char *text, *sentence;
} mistakes[] = {
	{"\n# c\nfoo = 1\n", ": line 3: there is no option \"foo\""},
	{"foo\n", ": line 1: \"foo\" is not of the form NAME = VALUE"},
	{"= dark\n", ": line 1: there is no option \"\""},
	{"json = yes\n", ": line 1: \"json\" is an option of the command line alone"},
	{"filter = tcp\n", ": line 1: \"filter\" is an option of the command line alone"},
	{"config = x\n", ": line 1: \"config\" is an option of the command line alone"},
	{"theme = pink\n", ": line 1: theme: no theme \"pink\"; one of: default, dark, light, "
			   "high-contrast, colour-blind, mono"},
	{"theme = help\n", ": line 1: theme: lists are printed on the command line alone"},
	{"ascii = 1\n", ": line 1: ascii: \"1\" is neither yes nor no"},
	{"interval = 1ms\n", ": line 1: interval: \"1ms\" is not a duration from 100ms to 1h"},
	{"theme.src = dark\n", ": line 1: \"theme\" is the same for all views"},
	{"columns.frob = bps\n", ": line 1: columns: no view \"frob\"; see pktop --view=help"},
	{"columns. = bps\n", ": line 1: columns: no view \"\"; see pktop --view=help"},
	{"columns.src = local\n", ": columns: rows of the view \"src\" have no local"},
	{"sort.src = -local\n", ": sort: rows of the view \"src\" have no local"},
	{"key.quit = Nope\n", ": line 1: key.quit: no key is named \"Nope\"; keys are named as in "
			      "pktop --keys"},
	{"key.view = a\n", ": line 1: key.view: the keys of \"view\" are always the same"},
	{"key.interrupt = a\n",
	 ": line 1: key.interrupt: the keys of \"interrupt\" are always the same"},
	{"key.up = a b c d e f g h i j k\n", ": line 1: key.up: more than 10 keys"},
	{"\033[2J = 1\n", ": line 1: there is no option \"\\x1b[2J\""},
};

static void test_mistakes(void)
{
	char text[128];

	for (size_t i = 0; i < ARRAY_SIZE(mistakes); i++) {
		snprintf(text, sizeof(text), "%sunit = packets\n", mistakes[i].text);
		is_int(parse(text, NULL, NULL), 0, "mistake %zu is no error", i);
		is_str(said, mistakes[i].sentence, "mistake %zu: sentence", i);
		is_int(n_said, 1, "mistake %zu: one sentence", i);
		is_int(options.ui.unit, UNIT_PACKETS, "mistake %zu: the rest is used", i);
		ok(options.ui.warning && strstr(options.ui.warning, path) == options.ui.warning,
		   "mistake %zu: the table shows it", i);
	}
	is_int(parse("foo = 1\nbar = 1\n", NULL, NULL), 0, "two mistakes");
	is_int(n_said, 2, "two warnings");
	is_str(options.ui.warning + strlen(path), ": line 1: there is no option \"foo\"",
	       "the table shows the first");
}

static void test_distrust(void)
{
	char *argv[] = {(char[]){"pktop"}, (char[]){"--config"}, path, NULL};

	put_file("theme = dark\n");
	if (chmod(path, 0620) < 0)
		abort();
	is_int(options_parse(3, argv, &options), -EPERM, "the group may write");
	is_str(said, " is not read: others than its owner may write to it", "says so");
	if (chmod(path, 0602) < 0)
		abort();
	is_int(options_parse(3, argv, &options), -EPERM, "others may write");
	if (chmod(path, 0600) < 0)
		abort();
	if (geteuid() == 0 && chown(path, 65534, 65534) == 0) {
		is_int(options_parse(3, argv, &options), -EPERM, "root, and another's file");
		is_str(said, " is not read: this runs as root, and another user owns it",
		       "says so");
	}
	if (unlink(path) < 0)
		abort();
	is_int(options_parse(3, argv, &options), -ENOENT, "no file");
	is_str(said, " is not read: No such file or directory", "says so");
	if (mkdir(path, 0700) < 0)
		abort();
	is_int(options_parse(3, argv, &options), -EPERM, "a directory");
	is_str(said, " is not read: it is not a file", "says so");
	if (rmdir(path) < 0 || mkfifo(path, 0600) < 0)
		abort();
	is_int(options_parse(3, argv, &options), -EPERM, "a FIFO does not hold it up");
	if (unlink(path) < 0)
		abort();
}

static void is_file(const char *want, const char *what)
{
	char got[1024] = "";
	FILE *file = fopen(path, "re");

	if (file) {
		got[fread(got, 1, sizeof(got) - 1, file)] = '\0';
		(void)fclose(file);
	}
	is_str(got, want, "%s", what);
}

static void test_write(void)
{
	static const struct conf_value values[] = {
		{"theme", "dark"}, {"sort", NULL}, {"unit", "bits"}};
	char deep[128], target[96];
	const char *why;

	put_file("# mine\n\n theme=mono\nfoo = 1\nsort = bps\ntheme = light\nno end");
	is_int(conf_write(path, values, 3, &why), 0, "written");
	is_file("# mine\n\ntheme = dark\nfoo = 1\nno end\nunit = bits\n",
		"other lines are as they were");
	is_int(conf_write(path, values, 3, &why), 0, "again");
	is_file("# mine\n\ntheme = dark\nfoo = 1\nno end\nunit = bits\n", "nothing changes");
	if (unlink(path) < 0)
		abort();
	is_int(conf_write(path, values, 3, &why), 0, "a new file");
	is_file("theme = dark\nunit = bits\n", "with the values");

	/* dotfiles are often links */
	snprintf(target, sizeof(target), "%s/target", directory);
	if (rename(path, target) < 0 || symlink(target, path) < 0)
		abort();
	is_int(conf_write(path, values, 1, &why), 0, "through a link");
	is_int(readlink(path, deep, sizeof(deep)), (int)strlen(target), "which stays one");
	if (unlink(path) < 0 || chmod(target, 0666) < 0)
		abort();
	is_int(conf_write(target, values, 1, &why), -EPERM, "others may write to the old file");
	is_str(why, "others than its owner may write to it", "says so");
	(void)unlink(target);

	snprintf(deep, sizeof(deep), "%s/b/c/a.conf", directory);
	is_int(conf_write(deep, values, 1, &why), 0, "directories are made");
	if (geteuid() == 0 && chown(strcat(strcpy(target, directory), "/b/c"), 65534, -1) == 0) {
		is_int(conf_write(deep, values, 1, &why), -EPERM, "root, and another's directory");
		is_str(why, "this runs as root, and another user owns the directory", "says so");
	}
	(void)unlink(deep);
	is_int(conf_write("/dev/null/a.conf", values, 1, &why), -ENOTDIR, "below a file");
	snprintf(deep, sizeof(deep), "%s/b/c", directory);
	is_int(rmdir(deep), 0, "no temporary file is left");
	snprintf(deep, sizeof(deep), "%s/b", directory);
	(void)rmdir(deep);
}

static void test_path(void)
{
	static const struct {
		const char *config_home, *home, *want;
	} paths[] = {
		{"/c", "/h", "/c/pktop/pktop.conf"},
		{NULL, "/h", "/h/.config/pktop/pktop.conf"},
		{"", "/h", "/h/.config/pktop/pktop.conf"},
		{"c", "/h", "/h/.config/pktop/pktop.conf"},
		{NULL, NULL, NULL},
		{NULL, "", NULL},
	};

	for (size_t i = 0; i < ARRAY_SIZE(paths); i++) {
		char buf[64];
		const char *got;

		(void)unsetenv("XDG_CONFIG_HOME");
		(void)unsetenv("HOME");
		if (paths[i].config_home)
			(void)setenv("XDG_CONFIG_HOME", paths[i].config_home, 1);
		if (paths[i].home)
			(void)setenv("HOME", paths[i].home, 1);
		got = options_file_path(buf, sizeof(buf));
		is_str(got ? got : "none", paths[i].want ? paths[i].want : "none", "path %zu", i);
	}
}

int main(void)
{
	if (!mkdtemp(directory))
		abort();
	snprintf(path, sizeof(path), "%s/a.conf", directory);
	log_set_sink(hear, NULL);
	test_values();
	test_command_line();
	test_keys();
	test_mistakes();
	test_distrust();
	test_path();
	test_write();
	is_int(rmdir(directory), 0, "nothing is left");
	return tap_done();
}
