/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The command line: what each option sets, and the sentence that answers a wrong one. */
#include "config.h"

#include "options.h"

#include <errno.h>
#include <stdlib.h>

#include "log.h"
#include "macro.h"
#include "options-table.h"

#include "backend-stubs.h"
#include "tap.h"

#define ARGS_MAX 80

/* The last message and how many there were. */
static char said[2048];
static int n_said;

static void hear(void *data ATTR_UNUSED, enum log_level level ATTR_UNUSED, const char *line)
{
	snprintf(said, sizeof(said), "%s", line);
	n_said++;
}

static struct options options;
static char words[8192];

/* Splits text at blanks; an argument that is empty is written ''. */
static int parse(const char *text)
{
	char *argv[ARGS_MAX + 2] = {(char[]){"pktop"}}, *rest = words, *word;
	int argc = 1;

	snprintf(words, sizeof(words), "%s", text);
	while ((word = strsep(&rest, " "))) {
		if (*word && argc <= ARGS_MAX)
			argv[argc++] = strcmp(word, "''") == 0 ? word + 2 : word;
	}
	said[0] = '\0';
	n_said = 0;
	return options_parse(argc, argv, &options);
}

static void test_defaults(void)
{
	is_int(parse(""), 0, "no arguments");
	is_int(options.verb, VERB_TOP, "no verb is top");
	is_str(options.backend->name, "tc", "default back end");
	is_u64(options.interval_ns, 1000000000, "default interval");
	is_u64(options.ui.interval_ns, 1000000000, "default interval of the table");
	is_u64(options.timeout_ns, 0, "no timeout");
	is_u64(options.n_reports, 0, "no count");
	is_u64(options.capture.n_ifaces, 0, "no interfaces: the default choice");
	is_u64(options.capture.max_flows, 0, "flows are chosen");
	ok(!options.batch && !options.table && !options.interval_given, "nothing is forced");
	ok(!options.report.periodic, "one report");
	is_int(options.report.kind, REPORT_TEXT, "text");
	is_int(options.report.view, VIEW_ID_FLOWS, "a report has a row per direction");
	is_int(options.ui.view, VIEW_ID_CONVERSATIONS, "the table has a row per conversation");
	is_int(options.report.sort, view_table[VIEW_ID_FLOWS].sort, "sorted as the view says");
	ok(!options.report.columns && !options.ui.views[VIEW_ID_CONVERSATIONS].n_columns,
	   "columns of the view");
	is_int(options.script_columns, 80, "80 columns");
	is_int(options.script_lines, 24, "24 lines");
}

static const struct {
	const char *args;
	size_t offset;
	uint64_t want;
} numbers[] = {
#define N(args_, member_, want_)                                                                   \
	{                                                                                          \
		args_, offsetof(struct options, member_), want_                                    \
	}
	N("-t 10s", timeout_ns, 10000000000),
	N("-t10", timeout_ns, 10000000000),
	N("--timeout=1h30m", timeout_ns, 5400000000000),
	N("-t 0", timeout_ns, 0),
	N("-r 100ms", interval_ns, 100000000),
	N("--interval 1h", interval_ns, 3600000000000),
	N("--refresh 2s", interval_ns, 2000000000),
	N("-r 5s -r 3s", interval_ns, 3000000000),
	N("-r 250ms", ui.interval_ns, 250000000),
	N("-n 1", n_reports, 1),
	N("--count=4294967295", n_reports, 4294967295),
	N("--exit-over 10Mbps", exit_over, 10000000),
	N("--exit-over 20kpps", exit_over, 20000),
#undef N
};

static void test_numbers(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		uint64_t got;

		is_int(parse(numbers[i].args), 0, "%s: accepted", numbers[i].args);
		memcpy(&got, (char *)&options + numbers[i].offset, sizeof(got));
		is_u64(got, numbers[i].want, "%s: value", numbers[i].args);
	}
}

static const struct {
	const char *args;
	size_t offset;
	unsigned int want; /* of an enum */
} enums[] = {
#define E(args_, member_, want_)                                                                   \
	{                                                                                          \
		args_, offsetof(struct options, member_), want_                                    \
	}
	E("log flows", verb, VERB_LOG),
	E("log flows --json -t 5s", verb, VERB_LOG),
	E("check", verb, VERB_CHECK),
	E("check -i eth0", verb, VERB_CHECK),
	E("-i eth0 check", verb, VERB_CHECK),
	E("--attach auto", capture.attach, CAPTURE_ATTACH_AUTO),
	E("--attach tcx", capture.attach, CAPTURE_ATTACH_TCX),
	E("--attach=clsact", capture.attach, CAPTURE_ATTACH_CLSACT),
	E("--max-flows 64k", capture.max_flows, 64000),
	E("--max-entries 1024", capture.max_flows, 1024),
	E("--max-flows 4Mi", capture.max_flows, 4194304),
	E("--max-flows 0", capture.max_flows, 0),
	E("-j", report.kind, REPORT_JSON),
	E("--csv", report.kind, REPORT_CSV),
	E("--total", report.kind, REPORT_TOTAL),
	E("--batch", report.kind, REPORT_TEXT),
	E("--unit bits", report.unit, UNIT_BITS),
	E("--unit bytes", report.unit, UNIT_BYTES),
	E("--unit packets", ui.unit, UNIT_PACKETS),
	E("--color always", ui.color, UI_COLOR_ALWAYS),
	E("--color never", ui.color, UI_COLOR_NEVER),
	E("--theme dark", ui.theme, UI_THEME_DARK),
	E("--theme color-blind", ui.theme, UI_THEME_COLOUR_BLIND),
	E("--graph braille", ui.graph, UI_GRAPH_BRAILLE),
	E("--view directions", report.view, VIEW_ID_FLOWS),
	E("--view flows", ui.view, VIEW_ID_CONVERSATIONS),
	E("--by src", report.view, VIEW_ID_SRC),
	E("--by src", ui.view, VIEW_ID_SRC),
	E("--sort pps", report.sort, COLUMN_PPS),
	E("--sort -pps", ui.views[VIEW_ID_CONVERSATIONS].sort, COLUMN_PPS),
	E("--replay f --script s --size 132x43", script_columns, 132),
	E("--replay f --script s --size 132x43", script_lines, 43),
#undef E
};

static void test_enums(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(enums); i++) {
		unsigned int got;

		is_int(parse(enums[i].args), 0, "%s: accepted", enums[i].args);
		memcpy(&got, (char *)&options + enums[i].offset, sizeof(got));
		is_int(got, enums[i].want, "%s: value", enums[i].args);
	}
}

static const struct {
	const char *args;
	size_t offset;
	bool want;
} flags[] = {
#define F(args_, member_, want_)                                                                   \
	{                                                                                          \
		args_, offsetof(struct options, member_), want_                                    \
	}
	F("--batch", batch, true),
	F("-j", batch, true),
	F("--csv", batch, true),
	F("--total", batch, true),
	F("-n 3", batch, true),
	F("--top 5", batch, true),
	F("-o f", batch, false),
	F("-t 5s", batch, false),
	F("-g", batch, false),
	F("-g", table, true),
	F("--tui", table, true),
	F("-r 2s", interval_given, true),
	F("-r 2s --batch", report.periodic, true),
	F("-n 2", report.periodic, true),
	F("-n 1", report.periodic, true),
	F("-j", report.periodic, false),
	F("--layer ip", capture.layer_ip, true),
	F("--layer l2", capture.layer_ip, false),
	F("--no-arp", capture.no_arp, true),
	F("--mouse", ui.mouse, true),
	F("--ascii", ui.ascii, true),
	F("--sort -pps", report.reverse, true),
	F("--sort pps", report.reverse, false),
	F("--reverse", ui.views[VIEW_ID_CONVERSATIONS].reverse, true),
	F("--sort pps", report.sort_given, true),
	F("--sort pps", ui.views[VIEW_ID_CONVERSATIONS].sort_given, true),
	F("--exit-over 10Mbps", exit_over_packets, false),
	F("--exit-over 20kpps", exit_over_packets, true),
	F("--by src", view_given, true),
	F("--no-a", capture.no_arp, true),
#undef F
};

static void test_flags(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(flags); i++) {
		bool got;

		is_int(parse(flags[i].args), 0, "%s: accepted", flags[i].args);
		memcpy(&got, (char *)&options + flags[i].offset, sizeof(got));
		is_int(got, flags[i].want, "%s: value", flags[i].args);
	}
}

static void test_texts(void)
{
	is_int(parse("-i eth0,lo --iface wl* -o out.json --record run.rec"), 0, "names");
	is_u64(options.capture.n_ifaces, 3, "three interfaces");
	is_str(options.capture.ifaces[0], "eth0", "first of the list");
	is_str(options.capture.ifaces[1], "lo", "second of the list");
	is_str(options.capture.ifaces[2], "wl*", "the pattern");
	is_str(options.output, "out.json", "output");
	is_str(options.record, "run.rec", "record");

	is_int(parse("--replay run.rec"), 0, "replay");
	is_str(options.capture.file, "run.rec", "replay: file");
	is_str(options.backend->name, "replay", "replay: back end");
	is_int(parse("--backend replay --replay run.rec"), 0, "replay by name");
	is_str(options.backend->name, "replay", "replay by name: back end");
	is_int(parse("--backend tc"), 0, "tc by name");
	is_str(options.backend->name, "tc", "tc by name: back end");
	is_int(parse("log conns"), 0, "connections alone");
	is_str(options.backend->name, "sockets", "connections alone: counts nothing");
	is_int(parse("log conns -i eth0"), 0, "connections, with an interface");
	is_str(options.backend->name, "tc", "connections, with an interface: counts");
	is_int(parse("log conns flows"), 0, "connections and flows");
	is_str(options.backend->name, "tc", "connections and flows: counts");
	is_int(parse("-x"), 0, "-x");
	is_str(options.backend->name, "xdp", "-x: back end");
	is_int(options.capture.xdp_mode, CAPTURE_XDP_AUTO, "-x: mode");
	is_int(parse("--backend xdp --xdp"), 0, "xdp twice");
	is_str(options.backend->name, "xdp", "xdp twice: back end");
	is_int(parse("--xdp --xdp-mode native"), 0, "--xdp-mode native");
	is_int(options.capture.xdp_mode, CAPTURE_XDP_NATIVE, "--xdp-mode native: mode");
	is_int(parse("-x --xdp-mode generic"), 0, "--xdp-mode generic");
	is_int(options.capture.xdp_mode, CAPTURE_XDP_GENERIC, "--xdp-mode generic: mode");
	is_int(parse("-x --xdp-mode offload"), 0, "--xdp-mode offload");
	is_int(options.capture.xdp_mode, CAPTURE_XDP_OFFLOAD, "--xdp-mode offload: mode");
	/* as pktstat-bpf spells them */
	is_int(parse("-x --xdp_mode driver"), 0, "--xdp_mode driver");
	is_int(options.capture.xdp_mode, CAPTURE_XDP_NATIVE, "--xdp_mode driver: mode");
	is_int(parse("-x --xdp_mode hardware"), 0, "--xdp_mode hardware");
	is_int(options.capture.xdp_mode, CAPTURE_XDP_OFFLOAD, "--xdp_mode hardware: mode");
	is_int(parse("-x --xdp-mode generic --xdp_mode best"), 0, "--xdp_mode best");
	is_int(options.capture.xdp_mode, CAPTURE_XDP_AUTO, "--xdp_mode best: mode");
	is_int(parse("-c nginx.service"), 0, "-c");
	is_str(options.backend->name, "cgroup", "-c: back end");
	is_str(options.capture.cgroup, "nginx.service", "-c: name");
	is_int(parse("-k"), 0, "-k");
	is_str(options.backend->name, "process", "-k: back end");
	is_int(options.capture.hooks, CAPTURE_HOOKS_AUTO, "-k: hooks");
	is_int(parse("--kprobes --hooks kprobe"), 0, "--kprobes");
	is_int(options.capture.hooks, CAPTURE_HOOKS_KPROBE, "--kprobes: hooks");
	is_int(parse("check -x --xdp-mode native"), 0, "check -x");
	is_str(options.backend->name, "xdp", "check -x: back end");

	is_int(parse("--columns dst,bps,src"), 0, "columns");
	is_u64(options.report.n_columns, 3, "three columns");
	ok(options.report.columns == options.columns, "columns belong to the options");
	is_int(options.columns[0], COLUMN_DST, "first column");
	is_int(options.columns[1], COLUMN_BPS, "second column");
	is_int(options.columns[2], COLUMN_SRC, "third column");

	is_int(parse("--top 7"), 0, "top");
	is_u64(options.report.top, 7, "seven rows");
}

static void test_many_ifaces(void)
{
	char text[1024] = "-i a";

	for (int i = 1; i < 64; i++)
		strcat(text, ",a");
	is_int(parse(text), 0, "64 interfaces");
	is_u64(options.capture.n_ifaces, 64, "64 interfaces are kept");
	strcat(text, ",a");
	is_int(parse(text), -EINVAL, "65 interfaces");
	is_str(said, "--iface: more than 64 names; a pattern such as \"eth*\" or \"any\" is one",
	       "65 interfaces: sentence");
}

static void test_verbose(void)
{
	log_set_level(LOG_WARN);
	is_int(parse("-v"), 0, "verbose");
	is_int(log_get_level(), LOG_INFO, "verbose: info");
	log_set_level(LOG_WARN);
	is_int(parse("-vv"), 0, "twice verbose");
	is_int(log_get_level(), LOG_DEBUG, "twice verbose: debug");
	log_set_level(LOG_WARN);
}

#define SIZES "is not a size from 20x5 to 1000x1000"
#define FLOWS "is neither 0 (chosen) nor a number from 1024 to 4194304"
#define RATE "is not a rate above 0, such as 10Mbps, 1MB/s, 500kpps"
#define TIME "is not a duration up to a year, such as 500ms, 10s, 1h30m"
#define FORM "a report has one form"
#define NO_ROWS "the totals have no rows"
#define KINDS "one is for the table, one for a report"
#define XDP_MODES "one of: auto, native, generic, offload"
#define ONE_BACKEND "is chosen already, and there is one at a time"

static const struct {
	const char *args;
	const char *want;
} bad[] = {
	{"--frob", "--frob: no such option; see pktop --help"},
	{"--frob=1", "--frob=1: no such option; see pktop --help"},
	{"-Q", "-Q: no such option; see pktop --help"},
	{"-jQ", "-Q: no such option; see pktop --help"},
	{"--re 1", "--re: may be --refresh or --reverse; see pktop --help"},
	{"--json=1", "--json: takes no value"},
	{"-t", "--timeout: needs a value: TIME"},
	{"--sort", "--sort: needs a value: COLUMN"},
	{"frob", "\"frob\": no such verb; one of: log, check, see pktop --help"},
	{"check check", "\"check\": one verb is enough, and every option begins with a dash"},
	{"''", "\"\": no such verb; one of: log, check, see pktop --help"},

	{"-i ''", "--iface: an interface name is empty"},
	{"-i eth0,,lo", "--iface: an interface name is empty"},
	{"-i eth0,", "--iface: an interface name is empty"},
	{"-i abcdefghijklmnop",
	 "--iface: \"abcdefghijklmnop\" is longer than the 15 characters of an interface name"},
	{"-t 5x", "--timeout: \"5x\" " TIME},
	{"-t -1", "--timeout: \"-1\" " TIME},
	{"-t ''", "--timeout: \"\" " TIME},
	{"-t 9000h", "--timeout: \"9000h\" " TIME},
	{"-r 99ms", "--interval: \"99ms\" is not a duration from 100ms to 1h"},
	{"-r 61m", "--interval: \"61m\" is not a duration from 100ms to 1h"},
	{"-r 0", "--interval: \"0\" is not a duration from 100ms to 1h"},
	{"--refresh fast", "--refresh: \"fast\" is not a duration from 100ms to 1h"},
	{"-n 0", "--count: \"0\" is not a number from 1 to 4294967295"},
	{"-n 4294967296", "--count: \"4294967296\" is not a number from 1 to 4294967295"},
	{"-n 1k", "--count: \"1k\" is not a number from 1 to 4294967295"},
	{"--top -1", "--top: \"-1\" is not a number from 0 to 4294967295"},
	{"--max-flows 1023", "--max-flows: \"1023\" " FLOWS},
	{"--max-entries 5M", "--max-entries: \"5M\" " FLOWS},
	{"--max-flows many", "--max-flows: \"many\" " FLOWS},
	{"--exit-over 0", "--exit-over: \"0\" " RATE},
	{"--exit-over 10furlongs", "--exit-over: \"10furlongs\" " RATE},
	{"--layer 3", "--layer: no layer \"3\"; one of: l2, ip"},
	{"--attach xdp", "--attach: no way to attach \"xdp\"; one of: auto, tcx, clsact"},
	{"--backend frob",
	 "--backend: no back end \"frob\"; one of: tc, xdp, cgroup, process, sockets, replay"},
	{"--unit furlongs", "--unit: no unit \"furlongs\"; one of: bits, bytes, packets"},
	{"--theme pink", "--theme: no theme \"pink\"; one of: default, dark, light, high-contrast, "
			 "colour-blind, mono"},
	{"--graph dots", "--graph: no kind of graph \"dots\"; one of: block, braille"},
	{"--color maybe", "--color: no choice \"maybe\"; one of: auto, always, never"},
	{"-o ''", "--output: the name of the file is empty"},
	{"--record ''", "--record: the name of the file is empty"},
	{"--replay ''", "--replay: the name of the file is empty"},
	{"--replay f --script s --size 80", "--size: \"80\" " SIZES},
	{"--replay f --script s --size 80x", "--size: \"80x\" " SIZES},
	{"--replay f --script s --size 19x24", "--size: \"19x24\" " SIZES},
	{"--replay f --script s --size 80x4", "--size: \"80x4\" " SIZES},
	{"--replay f --script s --size 80x24x2", "--size: \"80x24x2\" " SIZES},
	{"--replay f --script s --size 0000000000000080x24",
	 "--size: \"0000000000000080x24\" " SIZES},
	{"--replay f --script s --size 1001x24", "--size: \"1001x24\" " SIZES},

	{"-x --xdp-mode skb", "--xdp-mode: no mode of XDP \"skb\"; " XDP_MODES},
	{"-x --xdp_mode ''", "--xdp_mode: no mode of XDP \"\"; " XDP_MODES},
	{"--xdp-mode native", "--xdp-mode is an option of the xdp back end, and this is tc"},
	{"--xdp_mode best", "--xdp_mode is an option of the xdp back end, and this is tc"},
	{"-x --attach tcx", "--attach is an option of the tc back end, and this is xdp"},
	{"-x --backend tc", "--backend: the xdp back end " ONE_BACKEND},
	{"--backend tc -x", "--xdp: the tc back end " ONE_BACKEND},
	{"-x --replay f", "--backend=xdp does not go with --replay"},
	{"-c ''", "--cgroup: the name of the cgroup is empty"},
	{"--backend cgroup", "--backend=cgroup needs --cgroup"},
	{"-c a -k", "--process: the cgroup back end " ONE_BACKEND},
	{"--hooks fexit", "--hooks is an option of the process back end, and this is tc"},
	{"-k --hooks perf",
	 "--hooks: no way to see calls \"perf\"; one of: auto, tracepoint, fexit, kprobe"},
	{"-k --attach tcx", "--attach is an option of the tc back end, and this is process"},

	{"--json --csv", "--json does not go with --csv: " FORM},
	{"--csv -j", "--json does not go with --csv: " FORM},
	{"--total --json", "--json does not go with --total: " FORM},
	{"--total --csv", "--csv does not go with --total: " FORM},
	{"--total --columns bps", "--total does not go with --columns: " NO_ROWS},
	{"--total --sort bps", "--total does not go with --sort: " NO_ROWS},
	{"--total --reverse", "--total does not go with --reverse: " NO_ROWS},
	{"--total --top 3", "--total does not go with --top: " NO_ROWS},
	{"--total --by src", "--total does not go with --by: " NO_ROWS},
	{"--total --view src", "--total does not go with --view: " NO_ROWS},
	{"--by src --view src", "--by does not go with --view: both choose what a row is"},
	{"--replay f -i eth0",
	 "--replay does not go with --iface: a recording has its own interfaces"},
	{"--replay f --attach tcx",
	 "--replay does not go with --attach: a recording is attached to nothing"},
	{"--replay f --no-arp",
	 "--replay does not go with --no-arp: a recording is shown as it was counted"},
	{"--replay f --layer ip",
	 "--replay does not go with --layer: a recording is shown as it was counted"},
	{"--replay f --record g",
	 "--replay does not go with --record: a recording can be copied as a file"},
	{"-g -j", "--tui does not go with --json: " KINDS},
	{"-g -n 3", "--tui does not go with --count: " KINDS},
	{"--replay f --script s --batch", "--script does not go with --batch: " KINDS},
	{"--by src --columns dst_port,bps",
	 "--columns: rows of the view \"src\" have no dst_port; these have: flows, directions"},
	{"--view directions --sort rx_bps", "--sort: rows of the view \"directions\" have no "
					    "rx_bps; these have: flows, src, dst, pair, "
					    "proto, port, iface, pid, comm, user, cgroup, "
					    "container, pod, prefix, l7, country, asn"},
	{"--batch --columns local",
	 "--columns: rows of the view \"directions\" have no local; these "
	 "have: flows"},
	{"--script s", "--script needs --replay"},
	{"--replay f --size 80x24", "--size needs --script"},
	{"--backend replay", "--backend=replay needs --replay"},
	{"--backend tc --replay f", "--backend=tc does not go with --replay"},
	{"check -t 1s", "--timeout does not go with the verb \"check\""},
	{"check --json", "--json does not go with the verb \"check\""},
};

static void test_bad(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		is_int(parse(bad[i].args), -EINVAL, "%s: refused", bad[i].args);
		is_str(said, bad[i].want, "%s: sentence", bad[i].args);
		is_int(n_said, 1, "%s: one sentence", bad[i].args);
	}
}

/* Sentences that list a table of other files: their beginning and one item. */
static const struct {
	const char *args;
	const char *begins, *contains;
} lists[] = {
	{"--sort frob", "--sort: no column \"frob\"; one of: in_if, ", ", bps, "},
	{"--sort -frob", "--sort: no column \"frob\"; one of: in_if, ", ", community_id"},
	{"--sort ''", "--sort: no column \"\"; one of: in_if, ", ", bps, "},
	{"--view frob", "--view: no view \"frob\"; one of: ", "flows, directions, src, "},
	{"--by frob", "--by: no key \"frob\"; one of: src, dst, ", ", proto"},
	{"--by flows", "--by: no key \"flows\"; one of: src, dst, ", ", proto"},
	{"--columns bps,frob", "--columns: ", "\"frob\""},
	{"--columns ''", "--columns: ", ""},
};

static void test_lists(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(lists); i++) {
		is_int(parse(lists[i].args), -EINVAL, "%s: refused", lists[i].args);
		ok(strncmp(said, lists[i].begins, strlen(lists[i].begins)) == 0 &&
			   strstr(said, lists[i].contains),
		   "%s: sentence: %.120s", lists[i].args, said);
		is_int(n_said, 1, "%s: one sentence", lists[i].args);
	}
}

static void test_table(void)
{
	for (size_t i = 0; i < option_table_n; i++) {
		const struct option_spec *option = &option_table[i];

		ok(option->read, "%s has a reader", option->name);
		ok(option->group == GROUP_HIDDEN || option->help, "%s has a help", option->name);
		for (size_t j = 0; j < i; j++) {
			if (strcmp(option->name, option_table[j].name) == 0 ||
			    (option->letter && option->letter == option_table[j].letter))
				ok(false, "%s and %s are the same", option->name,
				   option_table[j].name);
		}
	}
}

int main(void)
{
	/* whose test this is has settings that are none of its business */
	(void)setenv("XDG_CONFIG_HOME", "/nonexistent", 1);
	log_set_sink(hear, NULL);
	test_defaults();
	test_numbers();
	test_enums();
	test_flags();
	test_texts();
	test_many_ifaces();
	test_verbose();
	test_bad();
	test_lists();
	test_table();
	return tap_done();
}
