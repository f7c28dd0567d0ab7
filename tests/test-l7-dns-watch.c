/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Queries with their answers, out of segments, and the names that addresses get by them. */
#include "config.h"

#include "l7-dns-watch.h"

#include <netinet/in.h>

#include "l7-dns-query.h"
#include "l7-dns.h"
#include "macro.h"
#include "name-seen.h"
#include "tap.h"

#define TEXT_MAX 8192
#define NAME "\3www\7example\3com\0"
#define QUERY "\1\0\0\1\0\0\0\0\0\0" NAME "\0\1\0\1"
#define ANSWER "\x81\x80\0\1\0\1\0\0\0\0" NAME "\0\1\0\1\xc0\x0c\0\1\0\1\0\0\1\x2c\0\4\xc0\0\2\7"
#define ALIASED                                                                                    \
	"\x81\x80\0\1\0\2\0\0\0\0" NAME "\0\1\0\1\xc0\x0c\0\5\0\1\0\0\1\x2c\0\6\3cdn\xc0\x10"      \
	"\xc0\x2d\0\1\0\1\0\1\x51\x80\0\4\xc0\0\2\x8"
#define REFUSED "\x80\5\0\0\0\0\0\0\0\0"

enum { CLIENT = 1, OTHER_CLIENT, SERVER = 9 };

static char told[TEXT_MAX];

static int on_query(void *data, const struct dns_query *query, const struct dns_message *answer,
		    uint64_t time_ns)
{
	size_t used = strlen(told);
	char code[DNS_WORD_SIZE];

	(void)snprintf(told + used, sizeof(told) - used, "%s%u %s %s after %llu tries %u",
		       used ? "; " : "", query->id, query->name,
		       answer ? dns_code_name(code, answer->code) : "unanswered",
		       (unsigned long long)(time_ns - query->time_ns), query->n_tries * query->seen);
	return *(int *)data;
}

static struct flow_key key_of(uint8_t src, uint8_t dst, uint16_t sport, uint16_t dport)
{
	return (struct flow_key){
		.src = {10, 0, 0, src},
		.dst = {10, 0, 0, dst},
		.sport = sport,
		.dport = dport,
		.family = FAMILY_IPV4,
		.proto = IPPROTO_UDP,
		.direction = sport == 53 ? DIRECTION_IN : DIRECTION_OUT,
	};
}

/* A datagram with an id in front of a text; id 0: without. */
static struct sample_segment datagram(struct flow_key key, uint16_t id, const char *text, size_t n,
				      uint64_t time_ns)
{
	static uint8_t octets[512];
	size_t head = id ? 2 : 0;

	octets[0] = (uint8_t)(id >> 8);
	octets[1] = (uint8_t)id;
	memcpy(octets + head, text, n);
	return (struct sample_segment){
		.key = key,
		.time_ns = time_ns,
		.what = PAYLOAD_DNS,
		.wire_size = (uint32_t)(n + head),
		.size = (uint32_t)(n + head),
		.data = octets,
	};
}

#define TEXT(text) text, sizeof(text) - 1

static int send_to(struct dns_watch *watch, struct flow_key key, uint16_t id, const char *text,
		   size_t n, uint64_t time_ns)
{
	const struct sample_segment segment = datagram(key, id, text, n, time_ns);

	return dns_watch_segment(watch, &segment);
}

static struct dns_watch *new_watch(int *result)
{
	struct dns_watch *watch = NULL;

	*told = '\0';
	if (dns_watch_new(on_query, result, &watch) < 0)
		exit(EXIT_FAILURE);
	return watch;
}

static void test_udp(void)
{
	int result = 0;
	struct dns_watch *watch = new_watch(&result);
	struct flow_key ask = key_of(CLIENT, SERVER, 4000, 53);
	struct flow_key answer = key_of(SERVER, CLIENT, 53, 4000), elsewhere;
	struct dns_watch_counts counts;

	send_to(watch, ask, 7, TEXT(QUERY), 1000);
	is_str(told, "", "a query alone is not told of");
	elsewhere = ask;
	elsewhere.iface = 2;
	send_to(watch, elsewhere, 7, TEXT(QUERY), 1010);
	send_to(watch, ask, 7, TEXT(QUERY), 1020);
	send_to(watch, answer, 8, TEXT(ANSWER), 1100);
	is_str(told, "8 www.example.com NOERROR after 0 tries 0", "an answer with another id");
	*told = '\0';
	send_to(watch, answer, 7, TEXT(ANSWER), 1200);
	is_str(told, "7 www.example.com NOERROR after 200 tries 2",
	       "an answer, of what was sent again, and seen elsewhere");
	*told = '\0';
	send_to(watch, answer, 7, TEXT(ANSWER), 1300);
	elsewhere = answer;
	elsewhere.iface = 2;
	send_to(watch, elsewhere, 7, TEXT(ANSWER), 1310);
	is_str(told, "", "copies of the answer");
	send_to(watch, ask, 7, TEXT(QUERY), 1400);
	send_to(watch, answer, 7, TEXT(REFUSED), 1450);
	is_str(told, "7 www.example.com REFUSED after 50 tries 1",
	       "the same again, answered without the question");
	*told = '\0';
	send_to(watch, ask, 9, TEXT(QUERY), 2000);
	dns_watch_tick(watch, 2000 + DNS_WAIT_NS - 1);
	is_str(told, "", "it waits");
	dns_watch_tick(watch, 2000 + DNS_WAIT_NS);
	is_str(told, "9 www.example.com unanswered after 5000000000 tries 1", "it waited too long");
	send_to(watch, ask, 0, TEXT("junk"), 3000);
	dns_watch_get_counts(watch, &counts);
	is_u64(counts.unreadable, 1, "junk is counted");
	is_u64(counts.forgotten, 0, "nothing is forgotten");
	result = -5;
	send_to(watch, ask, 10, TEXT(QUERY), 4000);
	is_int(send_to(watch, answer, 10, TEXT(ANSWER), 4100), -5, "what the receiver returns");
	dns_watch_free(watch);
}

static void test_flood(void)
{
	int result = 0;
	struct dns_watch *watch = new_watch(&result);
	struct dns_watch_counts counts;

	for (unsigned int i = 0; i < DNS_QUERIES_MAX + 100; i++)
		send_to(watch, key_of(CLIENT, SERVER, (uint16_t)(1000 + i), 53), 7, TEXT(QUERY), i);
	dns_watch_get_counts(watch, &counts);
	is_u64(counts.forgotten, 100, "the oldest make room, and are counted");
	send_to(watch, key_of(SERVER, CLIENT, 53, 1100), 7, TEXT(ANSWER), 9999);
	is_str(told, "7 www.example.com NOERROR after 9899 tries 1", "the next one is there");
	dns_watch_free(watch);
}

/* Many names with the same ends and id: the newest are compared. */
static void test_same_id(void)
{
	static char query[] = QUERY, answer[] = ANSWER;
	int result = 0;
	struct dns_watch *watch = new_watch(&result);

	for (char i = 0; i < 65; i++) {
		query[11] = (char)('0' + i / 10);
		query[12] = (char)('0' + i % 10);
		send_to(watch, key_of(CLIENT, SERVER, 4000, 53), 7, query, sizeof(query) - 1,
			1000);
	}
	answer[11] = '0';
	answer[12] = '1';
	send_to(watch, key_of(SERVER, CLIENT, 53, 4000), 7, answer, sizeof(answer) - 1, 1100);
	is_str(told, "7 01w.example.com NOERROR after 100 tries 1", "the 64th with the same id");
	*told = '\0';
	answer[12] = '0';
	send_to(watch, key_of(SERVER, CLIENT, 53, 4000), 7, answer, sizeof(answer) - 1, 1100);
	is_str(told, "7 00w.example.com NOERROR after 0 tries 0", "the 65th is an answer alone");
	*told = '\0';
	dns_watch_tick(watch, UINT64_MAX);
	dns_watch_free(watch);
}

static void send_tcp(struct dns_watch *watch, struct flow_key key, uint32_t seq, uint8_t flags,
		     const uint8_t *octets, size_t n, uint64_t time_ns)
{
	const struct sample_segment segment = {
		.key = key,
		.time_ns = time_ns,
		.what = PAYLOAD_DNS,
		.seq = seq,
		.tcp_flags = flags,
		.wire_size = (uint32_t)n,
		.size = (uint32_t)n,
		.data = octets,
	};

	(void)dns_watch_segment(watch, &segment);
}

/* Two queries and their answers, cut into segments of so many octets. */
static void test_tcp(size_t step)
{
	static const uint8_t asks[] = "\0\x21\0\7" QUERY "\0\x21\0\x8" QUERY;
	static const uint8_t answers[] = "\0\x31\0\x8" ANSWER "\0\x31\0\7" ANSWER;
	int result = 0;
	struct dns_watch *watch = new_watch(&result);
	struct flow_key ask = key_of(CLIENT, SERVER, 4000, 53);
	struct flow_key answer = key_of(SERVER, CLIENT, 53, 4000);
	size_t n_asks = sizeof(asks) - 1, n_answers = sizeof(answers) - 1;

	ask.proto = answer.proto = IPPROTO_TCP;
	send_tcp(watch, ask, 99, 0x02, NULL, 0, 1000);
	send_tcp(watch, answer, 499, 0x12, NULL, 0, 1000);
	for (size_t i = 0; i < n_asks; i += step)
		send_tcp(watch, ask, 100 + (uint32_t)i, 0x10, asks + i, MIN(step, n_asks - i), 1000);
	for (size_t i = 0; i < n_answers; i += step)
		send_tcp(watch, answer, 500 + (uint32_t)i, 0x10, answers + i,
			 MIN(step, n_answers - i), 1200);
	is_str(told,
	       "8 www.example.com NOERROR after 200 tries 1; "
	       "7 www.example.com NOERROR after 200 tries 1",
	       "TCP, %zu octets at a time", step);
	dns_watch_free(watch);
}

static const char *name_of(const struct name_seen *seen, uint8_t client, uint8_t last)
{
	struct flow_key key = key_of(client, 0, 5000, 443);
	const uint8_t addr[4] = {192, 0, 2, last};
	const struct name_found *found;

	memcpy(key.dst, addr, sizeof(addr));
	found = name_seen_find(seen, &key, SIDE_DST);
	return found ? found->name : "none";
}

static void see(struct name_seen *seen, struct flow_key key, const char *text, size_t n,
		uint64_t time_ns)
{
	const struct sample_segment segment = datagram(key, 7, text, n, time_ns);

	name_seen_segment(seen, &segment);
}

static void test_names(void)
{
	static const char other[] = "\1\0\0\1\0\0\0\0\0\0\5other\4test\0\0\1\0\1";
	static const char other_answer[] =
		"\x81\x80\0\1\0\1\0\0\0\0\5other\4test\0\0\1\0\1\xc0\x0c\0\1\0\1\0\0\0\0\0\4\xc0\0\2\7";
	struct flow_key answer = key_of(SERVER, CLIENT, 53, 4000);
	struct name_seen *seen = NULL;

	is_int(name_seen_new(PAYLOAD_DNS, NULL, &seen), 0, "names");
	is_str(name_of(seen, CLIENT, 7), "none", "no name at first");
	see(seen, answer, TEXT(ANSWER), 1000);
	is_str(name_of(seen, CLIENT, 7), "none", "nobody asked for this answer");
	see(seen, key_of(CLIENT, SERVER, 4001, 53), TEXT(QUERY), 1000);
	see(seen, key_of(SERVER, CLIENT, 53, 4001), TEXT(ANSWER), 1000);
	is_str(name_of(seen, CLIENT, 7), "www.example.com", "an answer gives its address a name");
	is_str(name_of(seen, OTHER_CLIENT, 7), "www.example.com", "for others as well");
	see(seen, key_of(OTHER_CLIENT, SERVER, 4000, 53), TEXT(other), 2000);
	see(seen, key_of(SERVER, OTHER_CLIENT, 53, 4000), TEXT(other_answer), 2000);
	is_str(name_of(seen, OTHER_CLIENT, 7), "other.test", "the name that the other end asked for");
	is_str(name_of(seen, CLIENT, 7), "www.example.com", "comes before those of others");
	is_str(name_of(seen, SERVER, 7), "other.test", "and else the newest");
	see(seen, key_of(CLIENT, SERVER, 4002, 53), TEXT(QUERY), 1000);
	see(seen, key_of(SERVER, CLIENT, 53, 4002), TEXT(ALIASED), 1000);
	is_str(name_of(seen, CLIENT, 8), "www.example.com", "by an alias: what was asked for");
	name_seen_tick(seen, 1000 + 600 * NSEC_PER_SEC - 1);
	is_str(name_of(seen, CLIENT, 7), "www.example.com", "is kept for ten minutes");
	name_seen_tick(seen, 1000 + 600 * NSEC_PER_SEC);
	is_str(name_of(seen, CLIENT, 7), "other.test", "but not longer, when it is good for less");
	is_str(name_of(seen, CLIENT, 8), "www.example.com", "one that is good for a day");
	name_seen_tick(seen, 1000 + 86400 * NSEC_PER_SEC);
	is_str(name_of(seen, CLIENT, 8), "none", "is kept for a day");
	name_seen_free(seen);
}

int main(void)
{
	test_udp();
	test_flood();
	test_same_id();
	test_tcp(1);
	test_tcp(3);
	test_tcp(40);
	test_tcp(1000);
	test_names();
	return tap_done();
}
