/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Tests what is said of filters that are wrong, where the limits are, and what Tab offers. */
#include "config.h"

#include <errno.h>

#include "filter.h"
#include "flow-place.h"
#include "ledger.h"
#include "macro.h"
#include "sample.h"
#include "tap.h"

#define ADDR "an address or a prefix, such as 192.0.2.1, 10.0.0.0/8 or 2001:db8::/32"
#define PORT "a port up to 65535, a range such as 1000-2000, or a service by name"
#define FLAGS "FIN, SYN, RST, PSH, ACK, URG, ECE, CWR, with commas, or none"

/* Column, whether more text may make it right, and the sentence. */
static const struct invalid {
	const char *text;
	unsigned int column;
	bool unfinished;
	const char *error;
} invalid[] = {
	{"prot = tcp", 1, false, "\"prot\" is not a field; did you mean port, proto?"},
	{"port 443 and prot = tcp", 14, false,
	 "\"prot\" is not a field; did you mean port, proto?"},
	{"prot tcp", 1, false, "\"prot\" is not a field; did you mean port, proto?"},
	{"prto = tcp", 1, false, "\"prto\" is not a field; did you mean proto?"},
	{"xyzzy = 3", 1, false, "\"xyzzy\" is not a field"},
	{"xyzzy \"a\"", 1, false,
	 "\"xyzzy\" is not a field; to search for two words, put and between them"},
	{"grüße = 3", 1, false, "\"grüße\" is not a field"},
	{"grüße and prot = 3", 11, false, "\"prot\" is not a field; did you mean port, proto?"},
	{"tcp prot 3", 5, false, "expected and, or, or the end, found \"prot\""},
	{"port", 5, true, "expected " PORT},
	{"port ", 6, true, "expected " PORT},
	{"port =", 7, true, "expected " PORT},
	{"port = and", 8, true, "port takes " PORT ", not \"and\""},
	{"port 443 and", 13, true, "expected a test, such as port 443"},
	{"port 443 or", 12, true, "expected a test, such as port 443"},
	{"not", 4, true, "expected a test, such as port 443"},
	{"(", 2, true, "expected a test, such as port 443"},
	{"(port 443", 10, true, "expected and, or, or \")\""},
	{"(port 443 or", 13, true, "expected a test, such as port 443"},
	{"port 443)", 9, false, "\")\" closes nothing"},
	{")", 1, false, "expected a test, such as port 443, found \")\""},
	{"()", 2, false, "expected a test, such as port 443, found \")\""},
	{"port 443 port 22", 10, false, "expected and, or, or the end, found \"port\""},
	{"port 443 443", 10, true, "expected and, or, or the end, found \"443\""},
	{"port 443 prot", 10, true, "expected and, or, or the end, found \"prot\""},
	{"and", 1, true, "expected a test, such as port 443, found \"and\""},
	{"or tcp", 1, false, "expected a test, such as port 443, found \"or\""},
	{"tcp and and udp", 9, false, "expected a test, such as port 443, found \"and\""},
	{"tcp or or udp", 8, false, "expected a test, such as port 443, found \"or\""},
	{"tcp not udp", 5, false, "expected and, or, or the end, found \"not\""},
	{"host 10.0.0", 6, true, "host takes " ADDR ", not \"10.0.0\""},
	{"host 10.0.0.256", 6, true, "host takes " ADDR ", not \"10.0.0.256\""},
	{"host 10.0.0.0/33", 6, true, "host takes " ADDR ", not \"10.0.0.0/33\""},
	{"host 10.0.0.0/", 6, true, "host takes " ADDR ", not \"10.0.0.0/\""},
	{"host 2001:db8::/129", 6, true, "host takes " ADDR ", not \"2001:db8::/129\""},
	{"host 2001:db8:::1", 6, true, "host takes " ADDR ", not \"2001:db8:::1\""},
	{"host example.com", 6, true,
	 "host takes " ADDR ", not \"example.com\"; for names the field is name"},
	{"src tcp", 5, true, "src takes " ADDR ", not \"tcp\"; for names the field is src_name"},
	{"host port", 6, true, "host takes " ADDR ", not \"port\"; for names the field is name"},
	{"host 1.2.3.4, x", 15, true,
	 "host takes " ADDR ", not \"x\"; for names the field is name"},
	{"net 10.0.0.0/8x", 5, true, "host takes " ADDR ", not \"10.0.0.0/8x\""},
	{"port 65536", 6, true, "port takes " PORT ", not \"65536\""},
	{"port 99999", 6, true, "port takes " PORT ", not \"99999\""},
	{"port -1", 6, true, "port takes " PORT ", not \"-1\""},
	{"port 443-", 6, true, "port takes " PORT ", not \"443-\""},
	{"port 500-400", 6, true, "\"500-400\" ends before it begins"},
	{"port 500..400", 6, true, "\"500..400\" ends before it begins"},
	{"port ..", 6, true, "port takes " PORT ", not \"..\""},
	{"port no-such-service", 6, true, "port takes " PORT ", not \"no-such-service\""},
	{"port 1.5", 6, true, "port takes " PORT ", not \"1.5\""},
	{"port 0x50", 6, true, "port takes " PORT ", not \"0x50\""},
	{"port ~ 80", 6, false, "port is no text: ~ does not go with it, and it takes " PORT},
	{"port in 80", 9, true, "expected \"(\", found \"80\""},
	{"port in (80", 12, true, "expected a comma or \")\""},
	{"port in (80,", 13, true, "expected " PORT},
	{"port in (80 443)", 13, false, "expected a comma or \")\", found \"443\""},
	{"port in ()", 10, false, "expected " PORT ", found \")\""},
	{"port (80)", 6, false, "expected " PORT ", found \"(\""},
	{"port not in 80", 13, true, "expected \"(\", found \"80\""},
	{"port < 80,443", 10, false, "expected and, or, or the end, found \",\""},
	{"port < 80-90", 8, true, "port takes " PORT ", not \"80-90\""},
	{"port <", 7, true, "expected " PORT},
	{"port <= http-x", 9, true, "port takes " PORT ", not \"http-x\""},
	{"proto tpc", 7, true,
	 "proto takes a protocol by name, such as tcp or icmp6, or by number up to 255, not "
	 "\"tpc\""},
	{"proto 256", 7, true,
	 "proto takes a protocol by name, such as tcp or icmp6, or by number up to 255, not "
	 "\"256\""},
	{"proto < 6", 7, false, "proto is no number: < does not go with it"},
	{"proto ~ (", 9, false,
	 "expected a regular expression, in quotes where it has blanks or parentheses, found "
	 "\"(\""},
	{"proto ~ \"(\"", 9, false, "\"(\" is no extended regular expression: Unmatched ( or \\("},
	{"proto ~ \"[a\"", 9, false,
	 "\"[a\" is no extended regular expression: Unmatched [, [^, [:, [., or [="},
	{"proto ~ \"a{2,1}\"", 9, false,
	 "\"a{2,1}\" is no extended regular expression: Invalid content of \\{\\}"},
	{"proto ~ \"a{256}\"", 9, false,
	 "a regular expression has a back-reference or repeats more than 255 times"},
	{"proto ~ \"(a{20}){20}\"", 9, false,
	 "a regular expression has a back-reference or repeats more than 255 times"},
	{"proto ~ \"(a)\\1\"", 9, false,
	 "a regular expression has a back-reference or repeats more than 255 times"},
	{"proto ~", 8, true,
	 "expected a regular expression, in quotes where it has blanks or parentheses"},
	{"dir sideways", 5, true, "dir takes in or out, not \"sideways\""},
	{"dir < in", 5, false, "dir is no number: < does not go with it"},
	{"dir ~ in", 5, false, "dir is no text: ~ does not go with it, and it takes in or out"},
	{"dir", 4, true, "expected in or out"},
	{"if", 3, true, "expected the name of an interface, or a pattern such as eth*"},
	{"if <  eth0", 4, false, "if is no number: < does not go with it"},
	{"if ~ \"*\"", 6, false,
	 "\"*\" is no extended regular expression: Invalid preceding regular expression"},
	{"vlan 4096", 6, true, "vlan takes a whole number up to 4095, not \"4096\""},
	{"vlan five", 6, true, "vlan takes a whole number up to 4095, not \"five\""},
	{"vlan ~ 5", 6, false,
	 "vlan is no text: ~ does not go with it, and it takes a whole number"},
	{"vlan -5", 6, true, "vlan takes a whole number up to 4095, not \"-5\""},
	{"flags has", 10, true, "expected " FLAGS},
	{"flags has SYNC", 11, true, "\"SYNC\" is no TCP flag; flags takes " FLAGS},
	{"flags has SYN,", 15, true, "expected " FLAGS},
	{"flags SYN ACK", 11, true, "expected and, or, or the end, found \"ACK\""},
	{"flags < SYN", 7, false, "flags is no number: < does not go with it"},
	{"flags ~ SYN", 7, false, "flags is no text: ~ does not go with it, and it takes " FLAGS},
	{"flags has has", 11, true, "\"has\" is no TCP flag; flags takes " FLAGS},
	{"flags in (SYN)", 7, false, "\"in\" is no TCP flag; flags takes " FLAGS},
	{"packets many", 9, true,
	 "packets takes a number such as 1000, 20k or 1k-2k, not \"many\""},
	{"packets 1.5", 9, true, "packets takes a number such as 1000, 20k or 1k-2k, not \"1.5\""},
	{"bytes 10MB", 7, true, "bytes takes a size such as 1500, 20k, 4Mi or 1M-2M, not \"10MB\""},
	{"bytes 10k-5k", 7, true, "\"10k-5k\" ends before it begins"},
	{"bps > 10kpps", 7, true,
	 "bps takes a rate such as 1M, 10Mbps, 2MB/s or 1M-10M, not \"10kpps\""},
	{"bps > fast", 7, true,
	 "bps takes a rate such as 1M, 10Mbps, 2MB/s or 1M-10M, not \"fast\""},
	{"pps > 10kbps", 7, true, "pps takes a rate such as 500, 20k or 20kpps, not \"10kbps\""},
	{"pps > 1MB/s", 7, true, "pps takes a rate such as 500, 20k or 20kpps, not \"1MB/s\""},
	{"age > 10x", 7, true, "age takes a time such as 500ms, 10s, 5m or 1m-1h, not \"10x\""},
	{"age > -1s", 7, true, "age takes a time such as 500ms, 10s, 5m or 1m-1h, not \"-1s\""},
	{"age 10s 5s", 9, true, "expected and, or, or the end, found \"5s\""},
	{"pid nginx", 5, true, "pid takes a whole number up to 4294967295, not \"nginx\""},
	{"pid -1", 5, true, "pid takes a whole number up to 4294967295, not \"-1\""},
	{"comm > nginx", 6, false, "comm is no number: > does not go with it"},
	{"container =", 12, true, "expected a text, or a pattern such as nginx*"},
	{"asn 64496", 1, false, "asn cannot be tested: there are no databases"},
	{"country = DE", 1, false, "country cannot be tested: there are no databases"},
	{"remote as_org x", 8, false, "remote_as_org cannot be tested: there are no databases"},
	{"local name web", 7, false,
	 "local takes " ADDR ", not \"name\"; for names the field is name"},
	{"l7 frob", 4, true,
	 "l7 takes an application protocol by name, such as http, tls or dns, or none, not "
	 "\"frob\""},
	{"l7_source 443", 11, true, "l7_source takes payload, port or none, not \"443\""},
	{"host \"10.0.0.0/8\" x", 19, true, "expected and, or, or the end, found \"x\""},
	{"\"abc", 1, true, "a quoted text has no end"},
	{"'abc", 1, true, "a quoted text has no end"},
	{"port 443 and \"abc", 14, true, "a quoted text has no end"},
	{"tcp & udp", 5, false, "\"&\" is no sign; and is \"and\" or \"&&\""},
	{"tcp | udp", 5, false, "\"|\" is no sign; or is \"or\" or \"||\""},
	{"tcp and port = = 3", 16, false, "expected " PORT ", found \"=\""},
	{"port == == 3", 9, false, "expected " PORT ", found \"=\""},
	{"port 443,", 10, true, "expected " PORT},
	{"port ,443", 6, false, "expected " PORT ", found \",\""},
	{",", 1, false, "expected a test, such as port 443, found \",\""},
	{"=", 1, false, "expected a test, such as port 443, found \"=\""},
	{"~ x", 1, false, "expected a test, such as port 443, found \"~\""},
	{"\"\"", 1, false, "a search for nothing"},
	{"tcp and \"\"", 9, false, "a search for nothing"},
	{"tcp ^ udp", 5, false, "expected and, or, or the end, found \"^\""},
	{"a b", 1, false, "\"a\" is not a field; to search for two words, put and between them"},
	{"nginx 443", 1, false,
	 "\"nginx\" is not a field; to search for two words, put and between them"},
	{"nginx = 3", 1, false, "\"nginx\" is not a field"},
	{"port 80 or or", 12, true, "expected a test, such as port 443, found \"or\""},
	{"!", 2, true, "expected a test, such as port 443"},
	{"! and", 3, true, "expected a test, such as port 443, found \"and\""},
	{"inbound = 3", 9, false, "expected and, or, or the end, found \"=\""},
	{"tcp = 3", 5, false, "expected and, or, or the end, found \"=\""},
};

/* Where there are databases of places. */
static const struct invalid places[] = {
	{"country", 8, true, "expected a code of two letters such as DE, a pattern, or none"},
	{"country germany", 9, true,
	 "country takes a code of two letters such as DE, a pattern, or none, not \"germany\""},
	{"country > DE", 9, false, "country is no number: > does not go with it"},
	{"asn example", 5, true,
	 "asn takes a number such as 64496 or AS64496, or a range, not \"example\""},
	{"src asn AS", 9, true,
	 "src_asn takes a number such as 64496 or AS64496, or a range, not \"AS\""},
	{"asn 4294967296", 5, true,
	 "asn takes a number such as 64496 or AS64496, or a range, not \"4294967296\""},
	{"asn ~ 64", 5, false,
	 "asn is no text: ~ does not go with it, and it takes a number such as 64496 or AS64496, "
	 "or a range"},
	{"as_org >= x", 8, false, "as_org is no number: >= does not go with it"},
};

static void test_invalid(const struct invalid *cases, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct filter *filter = NULL;
		struct filter_error error;
		int r = filter_parse(cases[i].text, &filter, &error);

		is_int(r, -EINVAL, "%s", cases[i].text);
		is_str(error.text, cases[i].error, "%s: sentence", cases[i].text);
		is_int(error.column, cases[i].column, "%s: column", cases[i].text);
		is_int(error.unfinished, cases[i].unfinished, "%s: may go on", cases[i].text);
		ok(!filter, "%s: no filter", cases[i].text);
		filter_free(filter);
	}
}

/* ---- limits ---- */

/* n times part, with joint between them. */
static char *repeat(const char *part, const char *joint, size_t n)
{
	size_t size = n * (strlen(part) + strlen(joint)) + 1;
	char *text = malloc(size), *p = text;

	if (!text)
		abort();
	*p = '\0';
	for (size_t i = 0; i < n; i++)
		p += sprintf(p, "%s%s", i ? joint : "", part);
	return text;
}

/* The most of something is right, and one more is not. */
static const struct {
	const char *what;
	const char *begin, *part, *joint, *end;
	size_t most;
	const char *error;
} limits[] = {
	{"bytes", "\"", "x", "", "\"", FILTER_LENGTH_MAX - 2, "a filter is longer than 1024 bytes"},
	{"tests", "", "ip", "||", "", FILTER_TESTS_MAX,
	 "more than 128 tests; a bare word is several"},
	{"parentheses", "", "(", "", "udp))))))))))))))))))))))))))))))))", FILTER_DEPTH_MAX,
	 "more than 32 parentheses and nots within each other"},
	{"nots", "", "!", "", "udp", FILTER_DEPTH_MAX,
	 "more than 32 parentheses and nots within each other"},
	{"ports", "port ", "1", ",", "", FILTER_VALUES_MAX, "more than 256 values"},
	{"addresses", "host ", "::", ",", "", FILTER_VALUES_MAX, "more than 256 values"},
	{"names", "if ", "a", ",", "", FILTER_VALUES_MAX, "more than 256 values"},
	{"regular expressions", "", "if ~ a", " or ", "", FILTER_REGEX_MAX,
	 "more than 8 regular expressions"},
	{"bytes of a regular expression", "if ~ ", "a", "", "", FILTER_REGEX_LENGTH_MAX,
	 "a regular expression is longer than 256 bytes"},
};

static void test_limits(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(limits); i++)
		for (size_t more = 0; more < 2; more++) {
			char *middle =
				repeat(limits[i].part, limits[i].joint, limits[i].most + more);
			char text[4096];
			struct filter *filter = NULL;
			struct filter_error error;
			int r;

			(void)snprintf(text, sizeof(text), "%s%s%s", limits[i].begin, middle,
				       limits[i].end);
			r = filter_parse(text, &filter, &error);
			is_int(r, more ? -EINVAL : 0, "%s: %zu", limits[i].what,
			       limits[i].most + more);
			is_str(error.text, more ? limits[i].error : "", "%s: sentence",
			       limits[i].what);
			filter_free(filter);
			free(middle);
		}
}

/* ---- the filter as a text ---- */

static const struct {
	const char *text, *want;
	bool loose, begun;
} texts[] = {
	{"port 443", "port 443", false, false},
	{"  port  443 ", "port  443", false, false},
	{"udp or tcp", "udp or tcp", true, false},
	{"(udp or tcp)", "(udp or tcp)", false, false},
	{"udp and tcp", "udp and tcp", false, false},
	{"udp or tcp and ip", "udp or tcp and ip", true, false},
	{"not (udp or tcp)", "not (udp or tcp)", false, false},
	{"po", "po", false, true},
	{"po ", "po", false, true},
	{"tc", "tc", false, true},
	{"no", "no", false, true},
	{"tcp and por", "tcp and por", false, true},
	{"tcp", "tcp", false, false},
	{"nginx", "nginx", false, false},
	{"\"po\"", "\"po\"", false, false},
	{"port 443 and po", "port 443 and po", false, true},
	{"if po", "if po", false, false},
};

static void test_texts(void)
{
	struct filter *filter = NULL;
	struct filter_error error;

	for (size_t i = 0; i < ARRAY_SIZE(texts); i++) {
		int r = filter_parse(texts[i].text, &filter, &error);

		if (!ok(r == 0 && filter, "\"%s\" is read", texts[i].text))
			continue;
		is_str(filter_text(filter), texts[i].want, "\"%s\": text", texts[i].text);
		is_int(filter_is_loose(filter), texts[i].loose, "\"%s\": loose", texts[i].text);
		is_int(filter_is_begun(filter), texts[i].begun, "\"%s\": begun", texts[i].text);
		filter_free(filter);
	}
	filter = NULL;
	is_int(filter_parse("", &filter, &error), 0, "nothing is no filter");
	is_int(filter_parse(" \t ", &filter, &error), 0, "blanks are no filter");
	ok(!filter, "and everything passes");
}

/* ---- completion ---- */

static const struct {
	const char *text;
	size_t start;
	const char *want;
} completions[] = {
	{"por", 0, "port"},
	{"PO", 0, "port pod"},
	{"s", 0, "src src_name sport sctp"},
	{"tcp an", 4, "and"},
	{"tcp o", 4, "owner_reason outbound or"},
	{"port 443 a", 9, "and"},
	{"port 443 ", 9, "and or"},
	{"port 443", 5, ""},
	{"port 443 and d", 13, "dst dst_name dport dir"},
	{"(not d", 5, "dst dst_name dport dir"},
	{"proto ud", 6, "udp udplite"},
	{"proto = ud", 8, "udp udplite"},
	{"proto in (tcp, ud", 15, "udp udplite"},
	{"proto tcp,ud", 10, "udp udplite"},
	{"proto a", 6, "arp ah ax.25 aggfrag"},
	{"dir ", 4, "in out"},
	{"dir i", 4, "in"},
	{"dir in ", 7, "and or"},
	{"flags has S", 10, "SYN"},
	{"flags has SYN,a", 14, "ACK"},
	{"if ", 3, "eth0 wg0"},
	{"if w", 3, "wg0"},
	{"if = w", 5, "wg0"},
	{"if != wg0 and i", 14, "if idle image ip ip6 icmp icmp6 igmp inbound"},
	{"src 10.0.0.1 ", 13, "and or"},
	{"src port ", 9, ""},
	{"\"a", 2, ""},
	{"tcp & a", 7, ""},
	{"comm", 0, "comm command"},
	{"l7", 0, "l7 l7_source"},
	{"asn", 0, ""}, /* there are no databases */
};

static void on_word(void *data, const char *word)
{
	char *list = data;

	if (*list)
		strcat(list, " ");
	strcat(list, word);
}

static void test_completion(const char *text, size_t start, const char *want,
			    const struct ledger *ledger)
{
	char got[4096] = "";

	is_u64(filter_complete(text, ledger, on_word, got), start, "complete \"%s\": where", text);
	is_str(got, want, "complete \"%s\"", text);
}

static void test_completions(void)
{
	struct ledger *ledger;

	if (ledger_new(&ledger) < 0)
		abort();
	ledger_iface(ledger, &(struct sample_iface){.slot = 0, .name = "eth0"});
	ledger_iface(ledger, &(struct sample_iface){.slot = 1, .name = "wg0"});
	flow_place_set_off("there are no databases");
	for (size_t i = 0; i < ARRAY_SIZE(completions); i++)
		test_completion(completions[i].text, completions[i].start, completions[i].want,
				ledger);
	flow_place_set_off(NULL);
	test_completion("asn", 0, "asn", ledger);
	test_completion("src_", 0, "src_name src_country src_asn src_as_org", ledger);
	ledger_free(ledger);
}

int main(void)
{
	char names[FILTER_NAMES_MAX];

	filter_field_names(names, sizeof(names));
	ok(strncmp(names, "host src dst ", 13) == 0 && strlen(names) < sizeof(names) - 1,
	   "all fields fit into a line");
	flow_place_set_off("there are no databases");
	test_invalid(invalid, ARRAY_SIZE(invalid));
	flow_place_set_off(NULL);
	test_invalid(places, ARRAY_SIZE(places));
	test_limits();
	test_texts();
	test_completions();
	return tap_done();
}
