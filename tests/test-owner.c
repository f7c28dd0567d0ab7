/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Whose a flow is: sockets, namespaces, addresses, and what is forgotten. */
#include "config.h"

#include <netinet/in.h>

#include "flow-fixture.h"
#include "owner.h"

#define HOME 100
#define OTHER 200
#define THIRD 300

#define IN DIRECTION_IN
#define OUT DIRECTION_OUT

/* Addresses: the host is 10.0.0.1, a container of it 172.17.0.2; both are fd00::.. as well. */
#define HOST                                                                                       \
	{                                                                                          \
		10, 0, 0, 1                                                                        \
	}
#define CONTAINER                                                                                  \
	{                                                                                          \
		172, 17, 0, 2                                                                      \
	}
#define PEER                                                                                       \
	{                                                                                          \
		198, 51, 100, 7                                                                    \
	}
#define PEER2                                                                                      \
	{                                                                                          \
		198, 51, 100, 8                                                                    \
	}
#define LOOPBACK                                                                                   \
	{                                                                                          \
		127, 0, 0, 1                                                                       \
	}
#define HOST6                                                                                      \
	{                                                                                          \
		0xfd, [15] = 1                                                                     \
	}
#define PEER6                                                                                      \
	{                                                                                          \
		0x20, 1, [15] = 7                                                                  \
	}
#define MAPPED(a, b, c, d)                                                                         \
	{                                                                                          \
		[10] = 0xff, [11] = 0xff, [12] = a, [13] = b, [14] = c, [15] = d                   \
	}

static const struct sample_addr addrs[] = {
	{.addr = HOST, .family = FAMILY_IPV4, .netns = HOME},
	{.addr = LOOPBACK, .family = FAMILY_IPV4, .netns = HOME},
	{.addr = HOST6, .family = FAMILY_IPV6, .netns = HOME},
	{.addr = CONTAINER, .family = FAMILY_IPV4, .netns = OTHER},
	{.addr = LOOPBACK, .family = FAMILY_IPV4, .netns = OTHER},
};

static struct owner_table *table;

static void owner(uint32_t number, const char *comm, bool gone)
{
	owner_table_owner(table, &(struct sample_owner){.number = number,
							.pid = 1000 + number,
							.uid = number,
							.gone = gone,
							.comm = comm});
}

static void socket_is(const struct sample_socket *socket)
{
	owner_table_sockets(table, socket, 1);
}

static void start(void)
{
	if (owner_table_new(&table) < 0)
		abort();
	owner_table_begin(table, HOME, 0);
	for (size_t i = 0; i < ARRAY_SIZE(addrs); i++)
		owner_table_addr(table, &addrs[i]);
	for (uint32_t i = 1; i <= 9; i++)
		owner(i, "process", false);
}

static void done(void)
{
	owner_table_free(table);
	table = NULL;
}

#define TCP .family = FAMILY_IPV4, .proto = IPPROTO_TCP
#define UDP .family = FAMILY_IPV4, .proto = IPPROTO_UDP
#define TCP6 .family = FAMILY_IPV6, .proto = IPPROTO_TCP
#define UDP6 .family = FAMILY_IPV6, .proto = IPPROTO_UDP

/* The sockets of most cases, by owner. */
static const struct sample_socket sockets[] = {
	{TCP, .local = HOST, .remote = PEER, .lport = 443, .rport = 5000, .owner = 1,
	 .netns = HOME},
	{TCP, .kind = SOCKET_LISTENING, .lport = 443, .owner = 2, .netns = HOME},
	{UDP, .kind = SOCKET_BOUND, .lport = 53, .owner = 3, .netns = HOME, .estimated = true},
	{UDP, .kind = SOCKET_BOUND, .local = HOST, .lport = 53, .owner = 4, .netns = HOME},
	{UDP6, .kind = SOCKET_BOUND, .lport = 5353, .owner = 5, .netns = HOME},
	{TCP6, .local = MAPPED(10, 0, 0, 1), .remote = MAPPED(198, 51, 100, 7), .lport = 80,
	 .rport = 6000, .owner = 6, .netns = HOME},
	{TCP, .kind = SOCKET_LISTENING, .lport = 80, .owner = 7, .netns = OTHER},
	{TCP, .kind = SOCKET_LISTENING, .local = LOOPBACK, .lport = 9000, .owner = 7,
	 .netns = OTHER},
	{TCP, .local = LOOPBACK, .remote = LOOPBACK, .lport = 8000, .rport = 40000, .owner = 8,
	 .netns = HOME},
	{TCP, .local = LOOPBACK, .remote = LOOPBACK, .lport = 40000, .rport = 8000, .owner = 9,
	 .netns = HOME},
	{.family = FAMILY_IPV4,
	 .proto = IPPROTO_ICMP,
	 .kind = SOCKET_BOUND,
	 .lport = 17,
	 .owner = 8,
	 .netns = HOME},
	{.family = FAMILY_IPV4, .proto = 89, .kind = SOCKET_BOUND, .owner = 9, .netns = HOME},
	{TCP, .local = HOST, .remote = PEER, .lport = 22, .rport = 7000, .netns = HOME,
	 .reason = OWNER_NOT_PERMITTED},
	{TCP, .local = CONTAINER, .remote = PEER, .lport = 3000, .rport = 443, .owner = 7,
	 .netns = OTHER},
};

static const struct {
	const char *name;
	struct flow_key key;
	uint32_t owner;
	enum owner_reason reason;
	bool estimated;
} cases[] = {
	{"both ends, in",
	 {TCP, .src = PEER, .dst = HOST, .sport = 5000, .dport = 443, .direction = IN},
	 1,
	 OWNER_KNOWN,
	 false},
	{"both ends, out",
	 {TCP, .src = HOST, .dst = PEER, .sport = 443, .dport = 5000, .direction = OUT},
	 1,
	 OWNER_KNOWN,
	 false},
	{"both ends, with a VLAN tag",
	 {TCP, .src = PEER, .dst = HOST, .sport = 5000, .dport = 443, .vlan = 7},
	 1,
	 OWNER_KNOWN,
	 false},
	{"accepted by nobody yet",
	 {TCP, .src = PEER, .dst = HOST, .sport = 5001, .dport = 443},
	 2,
	 OWNER_KNOWN,
	 false},
	{"the ends of another protocol",
	 {UDP, .src = PEER, .dst = HOST, .sport = 5000, .dport = 443},
	 0,
	 OWNER_NO_SOCKET,
	 false},
	{"bound to the address, before any address",
	 {UDP, .src = PEER, .dst = HOST, .sport = 5000, .dport = 53},
	 4,
	 OWNER_KNOWN,
	 false},
	{"any address",
	 {UDP, .src = PEER, .dst = LOOPBACK, .sport = 5000, .dport = 53},
	 3,
	 OWNER_KNOWN,
	 true},
	{"any IPv6 address takes IPv4",
	 {UDP, .src = HOST, .dst = PEER, .sport = 5353, .dport = 5353, .direction = OUT},
	 5,
	 OWNER_KNOWN,
	 false},
	{"any IPv6 address",
	 {UDP6, .src = PEER6, .dst = HOST6, .sport = 5353, .dport = 5353},
	 5,
	 OWNER_KNOWN,
	 false},
	{"any IPv4 address does not take IPv6",
	 {UDP6, .src = PEER6, .dst = HOST6, .sport = 5353, .dport = 53},
	 0,
	 OWNER_NO_SOCKET,
	 false},
	{"multicast",
	 {UDP, .src = PEER, .dst = {224, 0, 0, 251}, .sport = 5353, .dport = 5353},
	 5,
	 OWNER_KNOWN,
	 false},
	{"multicast that nobody wants",
	 {UDP, .src = PEER, .dst = {224, 0, 0, 251}, .sport = 1900, .dport = 1900},
	 0,
	 OWNER_NO_SOCKET,
	 false},
	{"IPv4 in an IPv6 socket",
	 {TCP, .src = PEER, .dst = HOST, .sport = 6000, .dport = 80},
	 6,
	 OWNER_KNOWN,
	 false},
	{"a listener of another namespace does not own the host's port",
	 {TCP, .src = PEER, .dst = HOST, .sport = 6001, .dport = 80},
	 0,
	 OWNER_NO_SOCKET,
	 false},
	{"but that of its own address",
	 {TCP, .src = PEER, .dst = CONTAINER, .sport = 6001, .dport = 80},
	 7,
	 OWNER_KNOWN,
	 false},
	{"and the host's not that of a container",
	 {TCP, .src = PEER, .dst = CONTAINER, .sport = 5001, .dport = 443},
	 0,
	 OWNER_NO_SOCKET,
	 false},
	{"the loopback address of another namespace",
	 {TCP, .src = LOOPBACK, .dst = LOOPBACK, .sport = 6001, .dport = 9000},
	 0,
	 OWNER_NO_SOCKET,
	 false},
	{"loopback, in: who receives",
	 {TCP, .src = LOOPBACK, .dst = LOOPBACK, .sport = 40000, .dport = 8000, .direction = IN},
	 8,
	 OWNER_KNOWN,
	 false},
	{"loopback, out: who sends",
	 {TCP, .src = LOOPBACK, .dst = LOOPBACK, .sport = 40000, .dport = 8000, .direction = OUT},
	 9,
	 OWNER_KNOWN,
	 false},
	{"on the host's side of a container's link",
	 {TCP, .src = CONTAINER, .dst = PEER, .sport = 3000, .dport = 443, .direction = IN},
	 7,
	 OWNER_KNOWN,
	 false},
	{"forwarded",
	 {TCP, .src = PEER, .dst = PEER2, .sport = 5000, .dport = 443},
	 0,
	 OWNER_FORWARDED,
	 false},
	{"forwarded, out",
	 {TCP, .src = PEER, .dst = PEER2, .sport = 443, .dport = 5000, .direction = OUT},
	 0,
	 OWNER_FORWARDED,
	 false},
	{"nobody listens",
	 {TCP, .src = PEER, .dst = HOST, .sport = 5000, .dport = 444},
	 0,
	 OWNER_NO_SOCKET,
	 false},
	{"a socket whose owner may not be known",
	 {TCP, .src = HOST, .dst = PEER, .sport = 22, .dport = 7000, .direction = OUT},
	 0,
	 OWNER_NOT_PERMITTED,
	 false},
	{"ping, request out",
	 {.family = FAMILY_IPV4,
	  .proto = IPPROTO_ICMP,
	  .src = HOST,
	  .dst = PEER,
	  .sport = 8,
	  .direction = OUT},
	 8,
	 OWNER_KNOWN,
	 false},
	{"ping, reply in",
	 {.family = FAMILY_IPV4, .proto = IPPROTO_ICMP, .src = PEER, .dst = HOST, .sport = 0},
	 8,
	 OWNER_KNOWN,
	 false},
	{"pinged: the kernel answers",
	 {.family = FAMILY_IPV4,
	  .proto = IPPROTO_ICMP,
	  .src = HOST,
	  .dst = PEER,
	  .sport = 0,
	  .direction = OUT},
	 0,
	 OWNER_NO_SOCKET,
	 false},
	{"a raw socket, by protocol",
	 {.family = FAMILY_IPV4, .proto = 89, .src = PEER, .dst = HOST, .sport = 1, .dport = 2},
	 9,
	 OWNER_KNOWN,
	 false},
	{"ARP",
	 {.family = FAMILY_ARP, .src = PEER, .dst = HOST, .sport = 1},
	 0,
	 OWNER_NO_SOCKET,
	 false},
	{"folded, to a server",
	 {TCP, .dst = HOST, .dport = 443, .open = OPEN_SRC_ADDR | OPEN_SRC_PORT},
	 2,
	 OWNER_KNOWN,
	 true},
	{"folded, the near port open",
	 {TCP, .dst = HOST, .open = OPEN_SRC_ADDR | OPEN_SRC_PORT | OPEN_DST_PORT},
	 0,
	 OWNER_FOLDED,
	 false},
	{"what the back end says",
	 {TCP, .src = PEER, .dst = HOST, .sport = 5000, .dport = 443, .owner = 9},
	 9,
	 OWNER_KNOWN,
	 false},
	{"what it says, unknown",
	 {TCP, .src = PEER, .dst = HOST, .sport = 5000, .dport = 443, .owner = 77},
	 0,
	 OWNER_KNOWN,
	 false},
};

static void check(const struct flow_key *key, uint32_t want, enum owner_reason reason,
		  bool estimated, const char *name)
{
	struct owner_match match;

	owner_find(table, key, &match);
	is_int(match.owner, want, "%s: owner", name);
	is_int(match.reason, reason, "%s: reason", name);
	is_int(match.estimated, estimated, "%s: estimated", name);
}

static void test_cases(void)
{
	start();
	owner_table_sockets(table, sockets, ARRAY_SIZE(sockets));
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check(&cases[i].key, cases[i].owner, cases[i].reason, cases[i].estimated,
		      cases[i].name);
	/* The order of the reports is of no account. */
	done();
	start();
	for (size_t i = ARRAY_SIZE(sockets); i-- > 0;)
		socket_is(&sockets[i]);
	for (size_t i = 0; i < ARRAY_SIZE(cases); i++)
		check(&cases[i].key, cases[i].owner, cases[i].reason, cases[i].estimated,
		      cases[i].name);
	done();
}

static const struct flow_key dns = {UDP, .src = PEER, .dst = HOST, .sport = 5000, .dport = 53};
static const struct flow_key https = {TCP, .src = PEER, .dst = HOST, .sport = 5000, .dport = 443};

static void test_off(void)
{
	if (owner_table_new(&table) < 0)
		abort();
	check(&https, 0, OWNER_OFF, false, "nobody looks");
	owner_table_off(table, OWNER_NOT_PERMITTED);
	check(&https, 0, OWNER_NOT_PERMITTED, false, "nobody may look");
	owner_table_begin(table, HOME, 0);
	check(&https, 0, OWNER_NO_SOCKET, false, "nothing is known of addresses");
	done();
}

/* A port that one process had at an address alone is used again, by another at any address. */
static void test_wider_reuse(void)
{
	struct sample_socket narrow = sockets[3], wide = sockets[2];

	start();
	socket_is(&narrow);
	narrow.gone = true;
	socket_is(&narrow);
	check(&dns, 4, OWNER_KNOWN, false, "the port at an address, closed");
	wide.estimated = false;
	socket_is(&wide);
	check(&dns, 3, OWNER_KNOWN, true, "another has the port, in the same interval");
	owner_table_tick(table, 20 * SEC);
	check(&dns, 3, OWNER_KNOWN, false, "in the next interval");
	wide.gone = true;
	socket_is(&wide);
	check(&dns, 3, OWNER_KNOWN, false, "both are closed: it was the last one's");
	owner_table_tick(table, 21 * SEC);
	narrow.gone = false;
	socket_is(&narrow);
	check(&dns, 4, OWNER_KNOWN, false, "the first has it again");
	done();
	start();
	socket_is(&narrow);
	narrow.gone = true;
	socket_is(&narrow);
	wide.gone = false;
	socket_is(&wide);
	wide.gone = true;
	socket_is(&wide);
	check(&dns, 4, OWNER_KNOWN, true, "both had it in one interval");
	done();
}

/* A socket is closed; its port is used again; and what comes too late. */
static void test_reuse(void)
{
	struct sample_socket socket = sockets[0];

	start();
	socket.cookie = 11;
	socket_is(&socket);
	socket.gone = true;
	socket.owner = 0;
	socket_is(&socket);
	check(&https, 1, OWNER_KNOWN, false, "closed: it was his");
	owner_table_tick(table, 20 * SEC);
	check(&https, 1, OWNER_KNOWN, false, "a while later");

	socket = sockets[0];
	socket.cookie = 12;
	socket.owner = 2;
	socket_is(&socket);
	check(&https, 2, OWNER_KNOWN, false, "the port is used again");
	socket.cookie = 11;
	socket.owner = 1;
	socket.gone = true;
	socket_is(&socket);
	check(&https, 2, OWNER_KNOWN, false, "the end of the first comes late");
	socket.cookie = 12;
	socket.owner = 2;
	socket_is(&socket);
	owner_table_tick(table, 60 * SEC);
	check(&https, 0, OWNER_NO_SOCKET, false, "closed long ago");

	/* The same of a socket that has the near end alone, and of its owner. */
	socket = sockets[1];
	socket_is(&socket);
	socket.gone = true;
	socket_is(&socket);
	owner(2, "process", true);
	check(&https, 2, OWNER_KNOWN, false, "the listener is closed");
	owner_table_tick(table, 70 * SEC);
	check(&https, 2, OWNER_KNOWN, false, "a while ago");
	owner_table_tick(table, 120 * SEC);
	check(&https, 0, OWNER_NO_SOCKET, false, "long ago");
	ok(!owner_get(table, 2), "and its owner is forgotten");

	socket = sockets[1];
	socket.owner = 3;
	socket_is(&socket);
	socket = sockets[0];
	socket.gone = true;
	socket.owner = 0;
	socket_is(&socket);
	check(&https, 3, OWNER_KNOWN, false, "the end of a socket that nobody knew says nothing");
	done();
}

/* Two processes with a socket of the same ends, one after the other and both at once. */
static void test_two(void)
{
	const struct flow_key question = {UDP, .src = PEER, .dst = HOST, .sport = 9, .dport = 99};
	struct sample_socket socket = {UDP,        .kind = SOCKET_BOUND, .lport = 99,
				       .owner = 1, .netns = HOME,        .cookie = 11};

	start();
	owner_table_tick(table, 1 * SEC);
	socket_is(&socket);
	check(&question, 1, OWNER_KNOWN, false, "the first");
	socket.gone = true;
	socket_is(&socket);
	socket.gone = false;
	socket.cookie = 12;
	socket_is(&socket);
	check(&question, 1, OWNER_KNOWN, false, "another one of the same process");
	socket.gone = true;
	socket_is(&socket);
	socket.gone = false;
	socket.owner = 2;
	socket.cookie = 13;
	socket_is(&socket);
	check(&question, 2, OWNER_KNOWN, true, "another process in the same interval");
	owner_table_tick(table, 2 * SEC);
	check(&question, 2, OWNER_KNOWN, false, "and in the next");
	socket.gone = true;
	socket_is(&socket);
	owner_table_tick(table, 3 * SEC);
	socket.gone = false;
	socket.owner = 3;
	socket.cookie = 14;
	socket_is(&socket);
	check(&question, 3, OWNER_KNOWN, false, "another process in the next interval");

	for (uint32_t i = 4; i < 6; i++) {
		socket.owner = 4;
		socket.cookie = 11 + i;
		socket_is(&socket);
		owner_table_tick(table, i * SEC);
		check(&question, 4, OWNER_KNOWN, true, "a port that two processes share");
	}
	socket.gone = true;
	socket_is(&socket);
	socket.gone = false;
	owner_table_tick(table, 7 * SEC);
	socket.cookie = 17;
	socket_is(&socket);
	check(&question, 4, OWNER_KNOWN, false, "and a process alone, later");
	done();
}

/* Reports of a scan against those of a hook. */
static void test_estimates(void)
{
	struct sample_socket socket = sockets[0];

	start();
	socket.cookie = 11;
	socket.estimated = true;
	socket.owner = 3;
	socket_is(&socket);
	check(&https, 3, OWNER_KNOWN, true, "a scan finds it");
	socket.estimated = false;
	socket.owner = 1;
	socket_is(&socket);
	check(&https, 1, OWNER_KNOWN, false, "a hook knows better");
	socket.estimated = true;
	socket.owner = 3;
	socket_is(&socket);
	check(&https, 1, OWNER_KNOWN, false, "the next scan does not");
	socket.estimated = false;
	socket.passed_on = true;
	socket.owner = 1;
	socket_is(&socket);
	check(&https, 1, OWNER_KNOWN, true, "a process that forked is one of two");
	socket.passed_on = false;
	socket_is(&socket);
	check(&https, 1, OWNER_KNOWN, false, "until a hook sees it");
	socket.estimated = true;
	socket.owner = 3;
	socket.cookie = 12;
	socket_is(&socket);
	check(&https, 3, OWNER_KNOWN, true, "but of another socket a scan does know");
	socket.owner = 0;
	socket.cookie = 0;
	socket.reason = OWNER_GONE;
	socket_is(&socket);
	check(&https, 3, OWNER_KNOWN, true, "a scan that finds nobody says nothing");
	done();
}

/* Without a namespace of the interfaces and of the addresses everything is one. */
static void test_no_netns(void)
{
	struct sample_socket socket = sockets[0];

	if (owner_table_new(&table) < 0)
		abort();
	owner_table_begin(table, 0, 0);
	owner_table_addr(table, &(struct sample_addr){.addr = HOST, .family = FAMILY_IPV4});
	owner(1, "a", false);
	socket.netns = 0;
	socket_is(&socket);
	check(&https, 1, OWNER_KNOWN, false, "namespaces are not known");
	owner_table_addr(table,
			 &(struct sample_addr){.addr = HOST, .family = FAMILY_IPV4, .gone = true});
	check(&https, 1, OWNER_KNOWN, false, "and the address is gone");
	done();
}

static struct flow_table *flows_with_owners(uint32_t n)
{
	struct flow_table *flows = new_table(n);

	start();
	flow_table_set_owners(flows, table);
	return flows;
}

static void flow_is(const struct flow_table *flows, const struct flow_key *key, uint32_t want,
		    enum owner_reason reason, const char *name)
{
	const struct flow *flow = flow_table_find(flows, key);

	is_int(flow ? flow->owner : UINT32_MAX, want, "%s: owner", name);
	is_int(flow ? flow->owner_reason : -1, reason, "%s: reason", name);
}

/* When a flow of the table gets another owner. */
/* Two network namespaces may have the same address: nobody tells which of them a packet is for. */
static void test_same_address(void)
{
	static const struct sample_addr again = {
		.addr = CONTAINER, .family = FAMILY_IPV4, .netns = THIRD};
	static const struct sample_socket bound[] = {
		{UDP, .kind = SOCKET_BOUND, .lport = 53, .owner = 1, .netns = OTHER},
		{UDP, .kind = SOCKET_BOUND, .lport = 53, .owner = 2, .netns = THIRD},
	};
	static const struct flow_key query = {UDP,	      .src = PEER,   .dst = CONTAINER,
					      .sport = 5000, .dport = 53};
	struct owner_match match;

	start();
	socket_is(&bound[0]);
	socket_is(&bound[1]);
	check(&query, 1, OWNER_KNOWN, false, "one namespace has the address");
	owner_table_addr(table, &again);
	owner_find(table, &query, &match);
	ok(match.owner && match.estimated, "two have it: estimated");
	owner_find_end(table, &query, false, &match);
	ok(match.owner && match.estimated, "two have it: the end");
	done();
}

static void test_flows(void)
{
	struct flow_table *flows = flows_with_owners(1024), *frozen;
	struct sample_socket socket = sockets[0];
	uint64_t now = 0;

#define INTERVAL()                                                                                 \
	do {                                                                                       \
		tick(flows, now, now + SEC);                                                       \
		now += SEC;                                                                        \
		owner_table_tick(table, now);                                                      \
	} while (0)

	add(flows, &https, 1, 60);
	flow_is(flows, &https, 0, OWNER_NO_SOCKET, "before its socket is known");
	INTERVAL();
	socket_is(&sockets[1]);
	flow_is(flows, &https, 0, OWNER_NO_SOCKET, "nothing is looked for without packets");
	add(flows, &https, 1, 60);
	flow_is(flows, &https, 2, OWNER_KNOWN, "the listener");
	INTERVAL();
	for (int i = 0; i < 5; i++)
		INTERVAL();
	socket_is(&socket);
	for (int i = 0; i < 5; i++)
		INTERVAL();
	add(flows, &https, 1, 60);
	flow_is(flows, &https, 1, OWNER_KNOWN, "the accepted socket, after an idle time");
	INTERVAL();
	owner(1, "process", true);
	socket.gone = true;
	socket_is(&socket);
	for (int i = 0; i < 100; i++)
		INTERVAL();
	ok(owner_get(table, 1), "a flow keeps its owner");
	ok(owner_get(table, 1)->gone, "which has ended");
	owner_table_addr(table,
			 &(struct sample_addr){
				 .addr = HOST, .family = FAMILY_IPV4, .netns = HOME, .gone = true});
	add(flows, &https, 1, 60);
	flow_is(flows, &https, 1, OWNER_KNOWN, "it stays when nobody else takes the flow over");

	ok(flow_table_clone(flows, &frozen) == 0, "a copy for a frozen view");
	socket = sockets[0];
	socket.owner = 4;
	socket_is(&socket);
	INTERVAL();
	add(flows, &https, 1, 60);
	flow_is(flows, &https, 4, OWNER_KNOWN, "another socket with the same ends");
	for (int i = 0; i < 100; i++)
		INTERVAL();
	ok(!owner_get(table, 1), "nobody needs the first owner any more");
	flow_is(frozen, &https, 1, OWNER_KNOWN, "but the copy");
	ok(owner_get(flow_table_owners(frozen), 1), "knows him");
	is_str(owner_get(flow_table_owners(frozen), 1)->text[OWNER_COMM], "process", "by name");
	flow_table_free(frozen);
	flow_table_free(flows);
	done();
}

/* Addresses that come late. */
static void test_address(void)
{
	const struct flow_key to_new = {TCP, .src = PEER, .dst = {10, 0, 0, 9}, .sport = 1,
					.dport = 443};
	struct flow_table *flows = flows_with_owners(16);

	socket_is(&sockets[1]);
	add(flows, &to_new, 1, 60);
	flow_is(flows, &to_new, 0, OWNER_FORWARDED, "before the address is known");
	tick(flows, 0, SEC);
	owner_table_addr(
		table,
		&(struct sample_addr){.addr = {10, 0, 0, 9}, .family = FAMILY_IPV4, .netns = HOME});
	add(flows, &to_new, 1, 60);
	flow_is(flows, &to_new, 2, OWNER_KNOWN, "and after");
	flow_table_free(flows);
	done();
}

/* A flow that leaves a full table gives its owner up. */
static void test_eviction(void)
{
	struct flow_table *flows = flows_with_owners(16);
	struct flow_key key = https;
	struct owner_stats stats;

	socket_is(&sockets[0]);
	add(flows, &https, 1, 60);
	owner(1, "process", true);
	socket_is(&(struct sample_socket){TCP, .local = HOST, .remote = PEER, .lport = 443,
					  .rport = 5000, .netns = HOME, .gone = true});
	tick(flows, 0, SEC);
	owner_table_tick(table, SEC);
	owner_table_tick(table, 100 * SEC);
	ok(owner_get(table, 1), "kept by a flow");
	for (uint16_t port = 6000; port < 6100; port++) {
		key.sport = port;
		add(flows, &key, 5, 300);
	}
	ok(!flow_table_find(flows, &https), "which is gone");
	ok(!owner_get(table, 1), "and he with it");
	owner_table_stats(table, &stats);
	is_u64(stats.owners_dropped, 1, "which is counted");
	flow_table_free(flows);
	done();
}

/* More short processes than there is room for at a time. */
static void test_many_owners(void)
{
	static const uint32_t n = SAMPLE_OWNER_MAX + 100000;
	struct owner_stats stats;
	char comm[32];

	start();
	for (uint32_t i = 10; i < 10 + n; i++) {
		(void)snprintf(comm, sizeof(comm), "short-%u", i);
		owner(i, comm, false);
		socket_is(&(struct sample_socket){UDP, .kind = SOCKET_BOUND,
						  .lport = (uint16_t)(i % 50000), .owner = i,
						  .netns = HOME});
		owner(i, comm, true);
		if (i % 1000 == 0)
			owner_table_tick(table, i / 1000 * SEC);
	}
	owner_table_stats(table, &stats);
	ok(stats.n_owners < 100000, "most are forgotten: %u are left", stats.n_owners);
	is_u64(stats.n_owners + stats.owners_dropped, n + 9, "and all are counted");
	is_u64(stats.owners_refused, 0, "none was refused");
	ok(owner_get(table, n + 9), "the last one is there");
	is_str(owner_get(table, n + 9)->text[OWNER_COMM], comm, "by its name");
	owner(0, "nobody", false);
	owner_table_stats(table, &stats);
	is_u64(stats.owners_refused, 1, "number 0 is refused");
	done();
}

/* As many as there is room for that live on. */
static void test_too_many_owners(void)
{
	struct owner_stats stats;

	start();
	owner_table_stats(table, &stats);
	for (uint32_t i = 1; i <= SAMPLE_OWNER_MAX + 1 - stats.n_owners; i++)
		owner(1000 + i, "daemon", false);
	owner_table_stats(table, &stats);
	is_u64(stats.n_owners, SAMPLE_OWNER_MAX, "there is room for so many at a time");
	is_u64(stats.owners_refused, 1, "one more is refused");
	done();
}

static void test_many_sockets(void)
{
	struct sample_socket socket = sockets[0];
	struct owner_stats stats;

	start();
	for (uint32_t i = 0; i < OWNER_SOCKETS_MAX + 10; i++) {
		memcpy(socket.remote + 4 * (i & 1), &i, sizeof(i));
		memcpy(socket.remote, &i, sizeof(i));
		socket_is(&socket);
	}
	owner_table_stats(table, &stats);
	ok(stats.n_sockets <= OWNER_SOCKETS_MAX, "sockets are bounded");
	is_u64(stats.n_sockets + stats.sockets_refused, OWNER_SOCKETS_MAX + 10,
	       "and those refused are counted");
	socket.gone = true;
	for (uint32_t i = 0; i < OWNER_CLOSED_MAX + 5; i++) {
		memcpy(socket.remote, &i, sizeof(i));
		socket_is(&socket);
	}
	owner_table_tick(table, SEC);
	owner_table_stats(table, &stats);
	ok(stats.sockets_dropped > 0, "closed sockets are bounded, and counted");
	done();
}

static void test_texts(void)
{
	static char text[3000];
	const struct owner *a, *b;

	start();
	memset(text, 'x', sizeof(text) - 1);
	memcpy(text + 1017, "\xc3\xa4\xc3\xa4\xc3\xa4", 6);
	owner(1, text, false);
	a = owner_get(table, 1);
	is_int((int)strlen(a->text[OWNER_COMM]), 1019 + 3, "a long text is cut at a character");
	is_str(a->text[OWNER_COMM] + 1016, "x\xc3\xa4...", "and says so");
	owner(2, "same", false);
	owner(3, "same", false);
	a = owner_get(table, 2);
	b = owner_get(table, 3);
	ok(a->text[OWNER_COMM] == b->text[OWNER_COMM], "equal texts are kept once");
	is_u64(owner_text_id(a->text[OWNER_COMM]), owner_text_id(b->text[OWNER_COMM]),
	       "and have the same number");
	is_u64(owner_text_id(a->text[OWNER_POD]), 0, "nothing has number 0");
	owner(2, "other", false);
	is_str(owner_get(table, 2)->text[OWNER_COMM], "other", "a process has another name");
	is_str(owner_get(table, 3)->text[OWNER_COMM], "same", "the other one has not");
	done();
}

static const struct {
	const char *name;
	struct owner owner;
	const char *label, *container, *pod;
} labels[] = {
	{"a process", {.pid = 7, .text = {[OWNER_COMM] = "nginx"}}, "nginx 7", "", ""},
	{"without a name", {.pid = 7}, "pid 7", "", ""},
	{"in a container",
	 {.pid = 7,
	  .text = {[OWNER_COMM] = "nginx",
		   [OWNER_CONTAINER_NAME] = "web",
		   [OWNER_CONTAINER] = "0123456789abcdef"}},
	 "web/nginx",
	 "web",
	 ""},
	{"with an id alone",
	 {.pid = 7, .text = {[OWNER_COMM] = "nginx", [OWNER_CONTAINER] = "0123456789abcdef"}},
	 "0123456789ab/nginx",
	 "0123456789ab",
	 ""},
	{"with a name for an id",
	 {.pid = 7, .text = {[OWNER_COMM] = "sh", [OWNER_CONTAINER] = "debian-machine-1"}},
	 "debian-machine-1/sh",
	 "debian-machine-1",
	 ""},
	{"in a pod",
	 {.pid = 7,
	  .text = {[OWNER_COMM] = "nginx", [OWNER_POD] = "web-1", [OWNER_POD_NAMESPACE] = "shop"}},
	 "web-1/nginx",
	 "",
	 "shop/web-1"},
	{"a cgroup alone",
	 {.uid = UINT32_MAX, .text = {[OWNER_CGROUP] = "/system.slice/ssh.service"}},
	 "ssh.service",
	 "",
	 ""},
	{"a user alone", {.uid = 33}, "uid 33", "", ""},
	{"a number alone", {.number = 5, .uid = UINT32_MAX}, "owner 5", "", ""},
};

static void test_labels(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(labels); i++) {
		struct owner one = labels[i].owner;
		char buf[OWNER_TEXT_SIZE];

		for (int text = 0; text < OWNER_TEXT_MAX; text++)
			one.text[text] = one.text[text] ? one.text[text] : "";
		owner_label(buf, sizeof(buf), &one);
		is_str(buf, labels[i].label, "%s: label", labels[i].name);
		owner_container(buf, sizeof(buf), &one);
		is_str(buf, labels[i].container, "%s: container", labels[i].name);
		owner_pod(buf, sizeof(buf), &one);
		is_str(buf, labels[i].pod, "%s: pod", labels[i].name);
	}
	for (uint8_t reason = 0; reason < OWNER_REASON_MAX; reason++)
		ok(*owner_reason_text(reason), "reason %u has a text", reason);
	is_str(owner_reason_text(OWNER_REASON_MAX), "", "several reasons have none");
}

int main(void)
{
	test_cases();
	test_off();
	test_reuse();
	test_wider_reuse();
	test_two();
	test_estimates();
	test_no_netns();
	test_same_address();
	test_flows();
	test_address();
	test_eviction();
	test_many_owners();
	test_too_many_owners();
	test_many_sockets();
	test_texts();
	test_labels();
	return tap_done();
}
