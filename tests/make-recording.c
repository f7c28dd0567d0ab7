/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Writes the recording that a description on stdin asks for: make-recording FILE <DESCRIPTION
 *
 * One statement per line; words are separated by blanks; "#" begins a comment. First what the
 * recording says about itself, each with its default:
 *
 *   host NAME            host web1
 *   backend NAME         backend tc
 *   layer NAME           layer l2
 *   max_flows N          max_flows 4096
 *   note TEXT            none; the rest of the line
 *   sees in              both directions; "in": there are no hooks for what is sent
 *   start MONO REAL      start 1000 1767225600: seconds of both clocks when counting began
 *   owners [NETNS]       owners are not looked for; else in the namespace with this number
 *
 * Then the interfaces; slots are numbers from 0. KEY=VALUE words may be left out:
 *
 *   iface SLOT NAME [SPEED] [attach=tcx] [index=SLOT+2] [state=attached|down|gone|failed]
 *         [layer3] [note=the rest of the line]
 *
 * Who owns sockets, before the traffic that it is about. An owner is reported again to change it.
 * CONTAINER and the like are words; the command is the rest of the line. Ends are written as those
 * of flows; 0.0.0.0 and :: are any address:
 *
 *   owner NUMBER COMM [pid=N] [uid=N] [user=NAME] [cgroup=PATH] [runtime=NAME] [container=ID]
 *         [container_name=NAME] [image=NAME] [pod=NAME] [pod_namespace=NAME] [gone] [command=...]
 *   socket connected PROTO LOCAL REMOTE [owner=N] [netns=N] [cookie=N] [estimated] [gone]
 *         [reason=pending|forwarded|no-socket|gone|not-permitted|off]
 *   socket bound|listening PROTO LOCAL ...
 *   addr ADDRESS [netns=N] [gone]
 *
 * Traffic of the open interval. PROTO is a name or a number; addresses of protocols with ports have
 * one, IPv6 in brackets then; "arp" takes two IPv4 addresses:
 *
 *   flow NAME in|out PROTO SRC DST packets=N bytes=N [flags=SYN,ACK] [vlan=N] [sport=N] [dport=N]
 *        [owner=N] [retransmits=N] [l7=NAME]
 *   fold ...             the same; "*" stands for an address or a port that is left open
 *   other NAME in|out not_ip|malformed|no_room PACKETS BYTES
 *   tcp NAME in|out [syn=N] [syn_ack=N] [fin=N] [rst=N]
 *   total NAME in|out PACKETS BYTES     instead of the sum of the above: wrong books
 *
 *   flow eth0 in tcp 192.0.2.7:41234 192.0.2.1:443 packets=10 bytes=1500 flags=SYN,ACK vlan=5
 *   flow eth0 out icmp6 2001:db8::1 2001:db8::2 packets=1 bytes=118 sport=128
 *   fold eth0 in tcp *:* 192.0.2.1:80 packets=7 bytes=420 flags=SYN
 *
 * And its end. SPEED and counts take k M G. Without "end" the recording stops as if its writer had
 * been killed.
 *
 *   tick SECONDS [slots=N] [used=N]
 *   end
 */
#include "config.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "capture-record.h"
#include "capture.h"
#include "flow.h"
#include "macro.h"
#include "parse.h"
#include "sample.h"

#define IFACES 16
#define WORDS 16

static struct capture_info info = {
	.backend = "tc",
	.layer = "l2",
	.host = "web1",
	.max_flows = 4096,
	.start_mono_ns = 1000 * NSEC_PER_SEC,
	.start_real_ns = 1767225600 * NSEC_PER_SEC,
	.note = "",
};

static struct capture_record *record;
static const struct sample_sink *sink;
static bool begun, ended;
static unsigned int line_number;
static uint64_t now_ns; /* CLOCK_MONOTONIC */

static struct sample_iface ifaces[IFACES];
static struct sample_hook hooks[IFACES][DIRECTION_MAX];
static bool in_only;
static bool total_given[IFACES][DIRECTION_MAX];
static size_t n_ifaces;

__attribute__((format(printf, 1, 2), noreturn)) static void fail(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "make-recording: line %u: ", line_number);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	exit(EXIT_FAILURE);
}

static uint64_t number(const char *text)
{
	uint64_t value;

	if (parse_size(text, &value) < 0)
		fail("%s is no number", text);
	return value;
}

static uint64_t nanoseconds(const char *text)
{
	char *end;
	double seconds = strtod(text, &end);

	if (!*text || *end || !(seconds >= 0 && seconds < 9e9))
		fail("%s is no number of seconds", text);
	return (uint64_t)(seconds * 1e9 + 0.5);
}

/* The value of "key=value", NULL where word is something else. */
static const char *value_of(const char *word, const char *key)
{
	size_t n = strlen(key);

	return strncmp(word, key, n) == 0 && word[n] == '=' ? word + n + 1 : NULL;
}

static int index_of(const char *word, const char *const *names, size_t n, const char *what)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(word, names[i]) == 0)
			return (int)i;
	fail("%s is no %s", word, what);
}

static enum direction direction_of(const char *word)
{
	static const char *const names[] = {"in", "out"};

	return (enum direction)index_of(word, names, ARRAY_SIZE(names), "direction");
}

static size_t iface_of(const char *name)
{
	for (size_t i = 0; i < n_ifaces; i++)
		if (strcmp(ifaces[i].name, name) == 0)
			return i;
	fail("no interface is called %s", name);
}

static struct sample_hook *hook_of(char **words)
{
	return &hooks[iface_of(words[1])][direction_of(words[2])];
}

static void begin(void)
{
	if (begun)
		return;
	begun = true;
	now_ns = info.start_mono_ns;

	int r = capture_record_begin(record, &info);

	if (r < 0)
		fail("%s", strerror(-r));
}

static void do_text(char **words, size_t n)
{
	static const struct {
		const char *name;
		const char **text;
	} texts[] = {{"host", &info.host},
		     {"backend", &info.backend},
		     {"layer", &info.layer},
		     {"note", &info.note}};

	(void)n;
	for (size_t i = 0; i < ARRAY_SIZE(texts); i++)
		if (strcmp(texts[i].name, words[0]) == 0)
			*texts[i].text = strdup(words[1]);
}

static void do_max_flows(char **words, size_t n)
{
	(void)n;
	info.max_flows = (uint32_t)number(words[1]);
}

static void do_start(char **words, size_t n)
{
	(void)n;
	info.start_mono_ns = nanoseconds(words[1]);
	info.start_real_ns = nanoseconds(words[2]);
}

static void do_iface(char **words, size_t n)
{
	static const char *const states[] = {"attached", "down", "gone", "failed"};
	uint64_t slot = number(words[1]);
	struct sample_iface iface = {
		.slot = (uint16_t)slot, .index = (uint32_t)slot + 2, .attach = "tcx"};
	size_t place = 0;
	const char *value;

	snprintf(iface.name, sizeof(iface.name), "%s", words[2]);
	for (size_t i = 3; i < n; i++) {
		if ((value = value_of(words[i], "attach")))
			snprintf(iface.attach, sizeof(iface.attach), "%s", value);
		else if ((value = value_of(words[i], "index")))
			iface.index = (uint32_t)number(value);
		else if ((value = value_of(words[i], "state")))
			iface.state = (uint8_t)index_of(value, states, ARRAY_SIZE(states), "state");
		else if ((value = value_of(words[i], "note")))
			snprintf(iface.note, sizeof(iface.note), "%s", value);
		else if (strcmp(words[i], "layer3") == 0)
			iface.layer3 = true;
		else
			iface.speed_bps = number(words[i]);
	}
	while (place < n_ifaces && ifaces[place].slot != iface.slot)
		place++;
	if (place == IFACES)
		fail("more than %d interfaces", IFACES);
	n_ifaces = MAX(n_ifaces, place + 1);
	ifaces[place] = iface;
	sink->iface(sink->data, &iface);
}

/* "192.0.2.1:443", "[2001:db8::1]:443", "*:443", "192.0.2.1:*", or an address alone. */
static void read_endpoint(char *text, struct flow_key *key, enum side side)
{
	uint8_t *addr = side == SIDE_SRC ? key->src : key->dst;
	uint16_t *port = side == SIDE_SRC ? &key->sport : &key->dport;
	uint8_t open_addr = side == SIDE_SRC ? OPEN_SRC_ADDR : OPEN_DST_ADDR;
	uint8_t open_port = side == SIDE_SRC ? OPEN_SRC_PORT : OPEN_DST_PORT;

	if (flow_has_ports(key)) {
		char *colon = strrchr(text, ':');

		if (!colon)
			fail("%s has no port", text);
		*colon = '\0';
		if (strcmp(colon + 1, "*") == 0)
			key->open |= open_port;
		else
			*port = (uint16_t)number(colon + 1);
		if (text[0] == '[' && colon > text && colon[-1] == ']') {
			colon[-1] = '\0';
			text++;
		}
	}
	if (strcmp(text, "*") == 0) {
		key->open |= open_addr;
	} else if (inet_pton(AF_INET, text, addr) == 1) {
		key->family = key->family == FAMILY_ARP ? FAMILY_ARP : FAMILY_IPV4;
	} else if (inet_pton(AF_INET6, text, addr) == 1) {
		key->family = FAMILY_IPV6;
	} else {
		fail("%s is no address", text);
	}
}

static uint8_t flags_of(const char *text)
{
	uint8_t flags = 0;

	while (*text) {
		size_t n = strcspn(text, ",");
		unsigned int bit = 0;

		while (bit < 8 && (strlen(flow_tcp_flag(bit)) != n ||
				   strncmp(flow_tcp_flag(bit), text, n) != 0))
			bit++;
		if (bit == 8)
			fail("%s has an unknown flag", text);
		flags |= (uint8_t)(1u << bit);
		text += n + (text[n] == ',');
	}
	return flags;
}

static unsigned int l7_of(const char *text)
{
	unsigned int l7 = 0;

	while (l7 < L7_MAX && strcmp(flow_l7_name(l7), text) != 0)
		l7++;
	if (l7 == L7_MAX)
		fail("%s is no application protocol", text);
	return l7;
}

static void read_proto(const char *text, struct flow_key *key)
{
	uint64_t value;
	int proto = parse_u64(text, 0, 255, &value) == 0 ? (int)value : flow_proto_number(text);

	key->family = strcmp(text, "arp") == 0 ? FAMILY_ARP : FAMILY_NONE;
	if (key->family == FAMILY_ARP)
		return;
	if (proto < 0)
		fail("%s is no protocol", text);
	key->proto = (uint8_t)proto;
	key->family = FAMILY_IPV4; /* until an address says more */
}

static void do_owners(char **words, size_t n)
{
	info.owners = true;
	info.netns = n > 1 ? (uint32_t)number(words[1]) : 0;
}

static void do_owner(char **words, size_t n)
{
	struct sample_owner owner = {.number = (uint32_t)number(words[1]),
				     .uid = UINT32_MAX,
				     .comm = strcmp(words[2], "-") == 0 ? "" : words[2]};
	const struct {
		const char *name;
		const char **text;
	} texts[] = {
		{"user", &owner.user},
		{"cgroup", &owner.cgroup},
		{"runtime", &owner.runtime},
		{"container", &owner.container},
		{"container_name", &owner.container_name},
		{"image", &owner.image},
		{"pod", &owner.pod},
		{"pod_namespace", &owner.pod_namespace},
		{"command", &owner.command},
	};

	for (size_t i = 3; i < n; i++) {
		const char *value = NULL;
		size_t k = 0;

		while (k < ARRAY_SIZE(texts) && !(value = value_of(words[i], texts[k].name)))
			k++;
		if (value)
			*texts[k].text = value;
		else if ((value = value_of(words[i], "pid")))
			owner.pid = (uint32_t)number(value);
		else if ((value = value_of(words[i], "uid")))
			owner.uid = (uint32_t)number(value);
		else if (strcmp(words[i], "gone") == 0)
			owner.gone = true;
		else
			fail("%s is not known here", words[i]);
	}
	sink->owner(sink->data, &owner);
}

static void read_socket_word(const char *word, struct sample_socket *socket)
{
	static const char *const reasons[] = {[OWNER_KNOWN] = "known",
					      [OWNER_PENDING] = "pending",
					      [OWNER_FORWARDED] = "forwarded",
					      [OWNER_NO_SOCKET] = "no-socket",
					      [OWNER_GONE] = "gone",
					      [OWNER_NOT_PERMITTED] = "not-permitted",
					      [OWNER_OFF] = "off"};
	const char *value;

	if ((value = value_of(word, "owner")))
		socket->owner = (uint32_t)number(value);
	else if ((value = value_of(word, "reason")))
		socket->reason = (uint8_t)index_of(value, reasons, ARRAY_SIZE(reasons), "reason");
	else if ((value = value_of(word, "netns")))
		socket->netns = (uint32_t)number(value);
	else if ((value = value_of(word, "cookie")))
		socket->cookie = number(value);
	else if (strcmp(word, "estimated") == 0)
		socket->estimated = true;
	else if (strcmp(word, "gone") == 0)
		socket->gone = true;
	else
		fail("%s is not known here", word);
}

static void do_socket(char **words, size_t n)
{
	static const char *const kinds[] = {"connected", "bound", "listening"};
	struct sample_socket socket = {0};
	struct flow_key key = {0};

	socket.kind = (uint8_t)index_of(words[1], kinds, ARRAY_SIZE(kinds), "kind of socket");
	read_proto(words[2], &key);
	read_endpoint(words[3], &key, SIDE_SRC);
	if (socket.kind == SOCKET_CONNECTED) {
		if (n < 5)
			fail("a connected socket has two ends");
		read_endpoint(words[4], &key, SIDE_DST);
	}
	memcpy(socket.local, key.src, sizeof(socket.local));
	memcpy(socket.remote, key.dst, sizeof(socket.remote));
	socket.lport = key.sport;
	socket.rport = key.dport;
	socket.family = key.family;
	socket.proto = key.proto;
	for (size_t i = socket.kind == SOCKET_CONNECTED ? 5 : 4; i < n; i++)
		read_socket_word(words[i], &socket);
	sink->sockets(sink->data, &socket, 1);
}

static void do_addr(char **words, size_t n)
{
	struct flow_key key = {.family = FAMILY_IPV4};
	struct sample_addr addr = {0};

	read_endpoint(words[1], &key, SIDE_SRC);
	memcpy(addr.addr, key.src, sizeof(addr.addr));
	addr.family = key.family;
	for (size_t i = 2; i < n; i++) {
		const char *value = value_of(words[i], "netns");

		if (value)
			addr.netns = (uint32_t)number(value);
		else if (strcmp(words[i], "gone") == 0)
			addr.gone = true;
		else
			fail("%s is not known here", words[i]);
	}
	sink->addr(sink->data, &addr);
}

static void do_flow(char **words, size_t n)
{
	struct sample_hook *hook = hook_of(words);
	struct sample_flow flow = {0};
	struct flow_key *key = &flow.key;
	const char *value;

	begin();
	key->iface = ifaces[iface_of(words[1])].slot;
	key->direction = (uint8_t)direction_of(words[2]);
	read_proto(words[3], key);
	read_endpoint(words[4], key, SIDE_SRC);
	read_endpoint(words[5], key, SIDE_DST);
	if ((key->open != 0) != (strcmp(words[0], "fold") == 0))
		fail("\"fold\" needs a \"*\" and \"flow\" must have none");
	for (size_t i = 6; i < n; i++) {
		if ((value = value_of(words[i], "packets")))
			flow.count.packets = number(value);
		else if ((value = value_of(words[i], "bytes")))
			flow.count.bytes = number(value);
		else if ((value = value_of(words[i], "flags")))
			flow.tcp_flags = flags_of(value);
		else if ((value = value_of(words[i], "l7")))
			flow.l7 = (uint8_t)l7_of(value);
		else if ((value = value_of(words[i], "vlan")))
			key->vlan = (uint16_t)number(value);
		else if ((value = value_of(words[i], "sport")))
			key->sport = (uint16_t)number(value);
		else if ((value = value_of(words[i], "dport")))
			key->dport = (uint16_t)number(value);
		else if ((value = value_of(words[i], "owner")))
			key->owner = (uint32_t)number(value);
		else if ((value = value_of(words[i], "retransmits")))
			flow.retransmits = (uint32_t)number(value);
		else
			fail("%s is not known here", words[i]);
	}
	sink->flows(sink->data, &flow, 1);
	if (!total_given[iface_of(words[1])][key->direction])
		tally_add(&hook->total, &flow.count);
}

static void do_other(char **words, size_t n)
{
	static const char *const names[OTHER_MAX] = {"not_ip", "malformed", "no_room"};
	struct sample_hook *hook = hook_of(words);
	const struct tally count = {number(words[4]), number(words[5])};

	(void)n;
	tally_add(&hook->other[index_of(words[3], names, OTHER_MAX, "reason")], &count);
	if (!total_given[iface_of(words[1])][direction_of(words[2])])
		tally_add(&hook->total, &count);
}

static void do_tcp(char **words, size_t n)
{
	struct sample_hook *hook = hook_of(words);
	const char *value;

	for (size_t i = 3; i < n; i++) {
		if ((value = value_of(words[i], "syn")))
			hook->syn += number(value);
		else if ((value = value_of(words[i], "syn_ack")))
			hook->syn_ack += number(value);
		else if ((value = value_of(words[i], "fin")))
			hook->fin += number(value);
		else if ((value = value_of(words[i], "rst")))
			hook->rst += number(value);
		else
			fail("%s is not known here", words[i]);
	}
}

static void do_total(char **words, size_t n)
{
	(void)n;
	hook_of(words)->total = (struct tally){number(words[3]), number(words[4])};
	total_given[iface_of(words[1])][direction_of(words[2])] = true;
}

static void do_tick(char **words, size_t n)
{
	struct sample_tick tick = {.start_ns = now_ns, .slots = 8192};
	const char *value;

	begin();
	tick.start_ns = now_ns;
	now_ns += nanoseconds(words[1]);
	tick.end_ns = now_ns;
	tick.real_ns = info.start_real_ns + (now_ns - info.start_mono_ns);
	for (size_t i = 2; i < n; i++) {
		if ((value = value_of(words[i], "slots")))
			tick.slots = (uint32_t)number(value);
		else if ((value = value_of(words[i], "used")))
			tick.slots_used = (uint32_t)number(value);
		else
			fail("%s is not known here", words[i]);
	}
	for (size_t i = 0; i < n_ifaces; i++) {
		for (unsigned int j = 0; j < (in_only ? DIRECTION_OUT : DIRECTION_MAX); j++) {
			hooks[i][j].iface = ifaces[i].slot;
			hooks[i][j].direction = (uint8_t)j;
			if (ifaces[i].state == IFACE_ATTACHED || hooks[i][j].total.packets > 0)
				sink->hook(sink->data, &hooks[i][j]);
		}
	}
	memset(hooks, 0, sizeof(hooks));
	memset(total_given, 0, sizeof(total_given));
	sink->tick(sink->data, &tick);
}

static void do_sees(char **words, size_t n)
{
	(void)n;
	if (strcmp(words[1], "in") != 0)
		fail("%s is not known here", words[1]);
	in_only = true;
}

static void do_end(char **words, size_t n)
{
	(void)words;
	(void)n;
	ended = true;
}

static const struct {
	const char *name;
	size_t n_min, n_max; /* words */
	void (*run)(char **words, size_t n);
	bool early; /* only before the first interval */
} statements[] = {
	{"host", 2, 2, do_text, true},
	{"backend", 2, 2, do_text, true},
	{"layer", 2, 2, do_text, true},
	{"note", 2, 2, do_text, true},
	{"max_flows", 2, 2, do_max_flows, true},
	{"start", 3, 3, do_start, true},
	{"iface", 3, WORDS, do_iface, false},
	{"flow", 6, WORDS, do_flow, false},
	{"fold", 6, WORDS, do_flow, false},
	{"other", 6, 6, do_other, false},
	{"tcp", 3, WORDS, do_tcp, false},
	{"total", 5, 5, do_total, false},
	{"sees", 2, 2, do_sees, true},
	{"tick", 2, 4, do_tick, false},
	{"end", 1, 1, do_end, false},
	{"owners", 1, 2, do_owners, true},
	{"owner", 3, WORDS, do_owner, false},
	{"socket", 4, WORDS, do_socket, false},
	{"addr", 2, WORDS, do_addr, false},
};

/* A note or a command is the rest of its line. */
static size_t split(char *line, char **words)
{
	size_t n = 0;

	while (n < WORDS) {
		line += strspn(line, " \t");
		if (!*line || *line == '#')
			break;
		words[n++] = line;
		if (strncmp(line, "note=", 5) == 0 || strncmp(line, "command=", 8) == 0 ||
		    (n == 2 && strcmp(words[0], "note") == 0))
			break;
		line += strcspn(line, " \t");
		if (!*line)
			break;
		*line++ = '\0';
	}
	return n;
}

static void run(char *line)
{
	char *words[WORDS];
	size_t n = split(line, words);

	if (n == 0)
		return;
	if (ended)
		fail("nothing may follow \"end\"");
	for (size_t i = 0; i < ARRAY_SIZE(statements); i++) {
		if (strcmp(statements[i].name, words[0]) != 0)
			continue;
		if (n < statements[i].n_min || n > statements[i].n_max)
			fail("wrong number of words");
		if (statements[i].early && begun)
			fail("\"%s\" is too late here", words[0]);
		statements[i].run(words, n);
		return;
	}
	fail("%s is not known", words[0]);
}

static void ignore_iface(void *data, const struct sample_iface *iface)
{
	(void)data;
	(void)iface;
}

static void ignore_flows(void *data, const struct sample_flow *flows, size_t n_flows)
{
	(void)data;
	(void)flows;
	(void)n_flows;
}

static void ignore_owner(void *data, const struct sample_owner *owner)
{
	(void)data;
	(void)owner;
}

static void ignore_sockets(void *data, const struct sample_socket *sockets, size_t n_sockets)
{
	(void)data;
	(void)sockets;
	(void)n_sockets;
}

static void ignore_addr(void *data, const struct sample_addr *addr)
{
	(void)data;
	(void)addr;
}

static void ignore_hook(void *data, const struct sample_hook *hook)
{
	(void)data;
	(void)hook;
}

static void ignore_tick(void *data, const struct sample_tick *tick)
{
	(void)data;
	(void)tick;
}

int main(int argc, char **argv)
{
	static const struct sample_sink nobody = {.data = NULL,
						  .owner = ignore_owner,
						  .sockets = ignore_sockets,
						  .addr = ignore_addr,
						  .iface = ignore_iface,
						  .flows = ignore_flows,
						  .hook = ignore_hook,
						  .tick = ignore_tick};
	char line[1024];
	int r;

	if (argc != 2) {
		fprintf(stderr, "usage: make-recording FILE <DESCRIPTION\n");
		return EXIT_FAILURE;
	}
	(void)unlink(argv[1]);
	r = capture_record_new(argv[1], &nobody, &record);
	if (r < 0)
		fail("cannot create %s: %s", argv[1], strerror(-r));
	sink = capture_record_sink(record);
	while (fgets(line, sizeof(line), stdin)) {
		line_number++;
		line[strcspn(line, "\n")] = '\0';
		run(line);
	}
	begin();
	if (!ended) /* everything up to the last tick is in the file */
		return EXIT_SUCCESS;
	r = capture_record_close(record);
	if (r < 0)
		fail("cannot write %s: %s", argv[1], strerror(-r));
	return EXIT_SUCCESS;
}
