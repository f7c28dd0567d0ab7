/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Prints what the tables know: options, columns, views, the version. */
#include "config.h"

#include "options-table.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "filter.h"
#include "log.h"
#include "options.h"
#include "ui-keys.h"

#define HELP_WIDTH 79
#define HELP_INDENT 25 /* of --help */
#define LIST_INDENT 17 /* of --columns=help and the like */
#define FORM_INDENT 18 /* of the forms of --filter=help */

static const char *const group_titles[GROUP_MAX] = {
	[GROUP_COUNT] = "What to count:", [GROUP_TIME] = "How long:",
	[GROUP_ROWS] = "Rows:",           [GROUP_REPORT] = "Reports instead of the table:",
	[GROUP_TABLE] = "The table:",     [GROUP_FILES] = "Recordings:",
	[GROUP_OTHER] = "Other:",         [GROUP_LOG] = "With the verb log:",
};

const struct verb_spec verb_table[VERB_MAX] = {
	[VERB_TOP] = {"", "the live table on a terminal, a report otherwise"},
	[VERB_LOG] = {"log",
		      "a stream of records, a line each; \"pktop log help\" lists the kinds"},
	[VERB_CHECK] = {"check", "say what works on this host, and why not"},
};

/* A full disk or a closed stdout is an error, not a short text. */
static int finish_stdout(void)
{
	if (fflush(stdout) == 0 && !ferror(stdout))
		return 1;
	return log_err(errno ? -errno : -EIO, "cannot write to stdout");
}

/* Writes text from indent on, with line breaks between words. column: where the line is. */
static void print_wrapped(int column, int indent, const char *text)
{
	if (column >= indent) {
		putchar('\n');
		column = 0;
	}
	column += printf("%*s", indent - column, "");
	while (*text) {
		int len = (int)strcspn(text, " ");

		if (column > indent && column + 1 + len > HELP_WIDTH)
			column = printf("\n%*s", indent, "") - 1;
		else if (column > indent)
			column += printf(" ");
		column += printf("%.*s", len, text);
		text += len;
		text += strspn(text, " ");
	}
	putchar('\n');
}

static void print_option(const struct option_spec *option)
{
	int column = option->letter ? printf("  -%c, ", option->letter) : printf("      ");

	column += printf("--%s", option->name);
	if (option->argument)
		column += printf(" %s", option->argument);
	print_wrapped(column, HELP_INDENT, option->help);
}

int options_print_help(void)
{
	puts("Usage: pktop [OPTION]...\n"
	     "       pktop log KIND... [OPTION]...\n"
	     "       pktop check [OPTION]...\n"
	     "Show who uses the network of this host: every flow, counted in the kernel.\n");
	for (int verb = 0; verb < VERB_MAX; verb++)
		print_wrapped(printf("  pktop %s", verb_table[verb].name), HELP_INDENT,
			      verb_table[verb].help);
	for (int group = 0; group < GROUP_MAX; group++) {
		printf("\n%s\n", group_titles[group]);
		for (size_t i = 0; i < option_table_n; i++) {
			if (option_table[i].group == (enum option_group)group)
				print_option(&option_table[i]);
		}
	}
	puts("\nTimes take ms, s, m, h; sizes and rates take k, M, G and Ki, Mi, Gi.\n"
	     "Exit status: 0 done, 1 failed, 2 wrong usage, 3 faster than --exit-over.");
	return finish_stdout();
}

int options_print_keys(void)
{
	for (size_t i = 0; i < ui_n_actions; i++) {
		const struct ui_action *action = &ui_action_table[i];
		char name[UI_KEY_NAME_MAX];
		int column = 0;

		for (size_t k = 0; k < UI_ACTION_KEYS && action->keys[k]; k++) {
			(void)ui_key_name(name, sizeof(name), action->keys[k]);
			column += printf("%s%s", k ? ", " : "", name);
		}
		print_wrapped(column, HELP_INDENT, action->help);
	}
	return finish_stdout();
}

int options_print_version(void)
{
	puts("pktop " PACKAGE_VERSION);
	return finish_stdout();
}

void options_list(void)
{
	for (size_t i = 0; i < option_table_n; i++) {
		const struct option_spec *option = &option_table[i];
		char letter[3] = {'-', option->letter};

		printf("--%s\t%s\t%s\t%s\n", option->name, letter,
		       option->argument ? option->argument : "-",
		       option->group == GROUP_HIDDEN ? "hidden" : "shown");
	}
}

int options_print_list(void)
{
	options_list();
	return finish_stdout();
}

int options_print_columns(void)
{
	for (int i = 0; i < COLUMN_MAX; i++)
		print_wrapped(printf("%s", column_table[i].name), LIST_INDENT,
			      column_table[i].help);
	return finish_stdout();
}

int options_print_views(void)
{
	for (int i = 0; i < VIEW_ID_MAX; i++)
		print_wrapped(printf("%s", view_table[i].name), LIST_INDENT, view_table[i].help);
	return finish_stdout();
}

int options_print_themes(void)
{
	for (int i = 0; i < UI_THEME_MAX; i++)
		print_wrapped(printf("%s", ui_theme_table[i].name), LIST_INDENT,
			      ui_theme_table[i].help);
	return finish_stdout();
}

int options_print_backends(void)
{
	char text[512];

	for (size_t i = 0; capture_backends[i]; i++)
		print_wrapped(printf("%s", capture_backends[i]->name), LIST_INDENT,
			      capture_facts_text(&capture_backends[i]->facts, text, sizeof(text)));
	return finish_stdout();
}

int options_print_kinds(void)
{
	for (int i = 0; i < EVENT_KIND_MAX; i++)
		print_wrapped(printf("%s", event_kinds[i].name), LIST_INDENT, event_kinds[i].help);
	return finish_stdout();
}

int options_print_groups(void)
{
	for (int i = 0; i < VIEW_ID_MAX; i++) {
		if (view_table[i].rows == VIEW_GROUPS)
			print_wrapped(printf("%s", view_table[i].name), LIST_INDENT,
				      view_table[i].help);
	}
	return finish_stdout();
}

static const struct {
	const char *form;
	const char *help;
} filter_forms[] = {
	{"A and B, A or B", "both, one of them; also && and ||; and comes before or"},
	{"not A, ( A )", "the opposite, a part; also !"},
	{"FIELD VALUE", "is it, or one of several: port 443, port 80,443, src 10.0.0.0/8"},
	{"= != < <= > >=", "compare: bps > 10M, age <= 5m; != is the opposite of ="},
	{"in (A, B)", "one of these; also \"not in\""},
	{"A-B, A..B, A..", "a range: port 1000-2000, bytes 1M..2M, age 1h.."},
	{"~ !~ ~* !~*", "extended regular expression, with * in letters of either case"},
	{"flags has SYN", "all of these flags; flags = SYN,ACK: these and no others"},
	{"src port 53", "also dst, local and remote, each with host, net, port"},
	{"tcp, ip6 ...", "ip ip6 arp tcp udp icmp icmp6 igmp sctp gre esp ah inbound outbound; "
			 "tcp port 80 means tcp and port 80"},
	{"WORD, \"TEXT\"", "any text of the flow contains it; an address is a host"},
};

int options_print_filter(void)
{
	puts("Fields:");
	for (size_t i = 0; i < filter_n_fields; i++) {
		struct filter_help field;
		char line[160];

		filter_field_help(i, &field);
		(void)snprintf(line, sizeof(line), "%s (%s)", field.help, field.takes);
		print_wrapped(printf("%s", field.name), LIST_INDENT, line);
	}
	puts("\nForms:");
	for (size_t i = 0; i < ARRAY_SIZE(filter_forms); i++)
		print_wrapped(printf("%s", filter_forms[i].form), FORM_INDENT,
			      filter_forms[i].help);
	return finish_stdout();
}
