/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Keeps names of addresses, and asks for those that are wanted. */
#include "config.h"

#include "resolve.h"

#include <errno.h>

#ifdef HAVE_CARES

#include <ares.h>
#include <arpa/inet.h>
#include <arpa/nameser.h>
#include <netdb.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <sys/socket.h>

#undef MIN /* <arpa/nameser.h> has plain ones */
#undef MAX

#include "cleanup.h"
#include "clock.h"
#include "loop.h"
#include "macro.h"
#include "mix.h"
#include "sample.h"
#include "text.h"

#define BUCKET 8 /* names that share a hash */
#define N_BUCKETS (RESOLVE_NAMES_MAX / BUCKET)
#define SOCKETS_MAX 64 /* c-ares opens two for each server and kind */

/* How long an answer is believed, whatever it says itself. */
#define TTL_MIN_S 10
#define TTL_MAX_S 3600
#define NO_NAME_S 60 /* what there is no name for */
#define FAILED_S 15  /* no answer: the server may come back */
#define HOSTS_S 60   /* from the hosts file, which may change */
#define TIMEOUT_MS 2000
#define TRIES 2

#define NAME_MAX_OCTETS 256 /* RFC 1035, 2.3.4 */
#define NAME_SIZE 1025      /* 255 octets (RFC 1035, 2.3.4), as \DDD each, and the NUL */
/* Nibbles with dots, "ip6.arpa" (RFC 3596, 2.5). */
#define QUESTION_SIZE (4 * 16 + sizeof("ip6.arpa"))

struct name {
	struct resolve *resolve;
	uint64_t until_ns; /* 0: never answered */
	char *text;        /* NULL: none */
	uint8_t addr[16];
	uint8_t family; /* FAMILY_NONE: free */
	bool asked;     /* a question is under way */
};

/* One that c-ares opened. */
struct watched {
	struct resolve *resolve;
	int fd; /* -1: free */
	struct loop_source *source;
};

struct resolve {
	struct resolve_config config;
	struct loop *loop;
	struct loop_source *timer;
	ares_channel dns, hosts;
	bool library; /* is initialised */
	uint64_t seed[2];
	struct watched sockets[SOCKETS_MAX];
	struct resolve_counts counts;
	struct name names[RESOLVE_NAMES_MAX];
};
DEFINE_CLEANUP(struct resolve *, resolve_free);

/* ---- the names ---- */

static size_t bucket_of(const struct resolve *resolve, const uint8_t addr[16])
{
	uint64_t words[2];

	memcpy(words, addr, sizeof(words));
	return (size_t)(mix(words[0] ^ resolve->seed[0], words[1] ^ resolve->seed[1]) % N_BUCKETS) *
	       BUCKET;
}

static const struct name *find(const struct resolve *resolve, uint8_t family,
			       const uint8_t addr[16])
{
	const struct name *names = &resolve->names[bucket_of(resolve, addr)];

	for (size_t i = 0; i < BUCKET; i++)
		if (names[i].family == family &&
		    memcmp(names[i].addr, addr, sizeof(names[i].addr)) == 0)
			return &names[i];
	return NULL;
}

/* A place for a new name, NULL where all that could be given up are being asked for. */
static struct name *make(struct resolve *resolve, uint8_t family, const uint8_t addr[16])
{
	struct name *names = &resolve->names[bucket_of(resolve, addr)], *place = NULL;

	for (size_t i = 0; i < BUCKET; i++) {
		if (names[i].asked)
			continue;
		if (!place || names[i].until_ns < place->until_ns)
			place = &names[i];
	}
	if (!place)
		return NULL;
	resolve->counts.evicted += place->family != FAMILY_NONE;
	free(place->text);
	*place = (struct name){.resolve = resolve, .family = family};
	memcpy(place->addr, addr, sizeof(place->addr));
	return place;
}

/* text may be NULL: there is none. */
static void set_name(struct name *name, const char *text, uint64_t seconds)
{
	char escaped[NAME_SIZE];

	free(take_ptr(name->text));
	name->until_ns = clock_mono_ns() + seconds * NSEC_PER_SEC;
	if (!text)
		return;
	/* a backslash is from the presentation form of a name (RFC 1035, 5.1) */
	text_clean(escaped, sizeof(escaped), text, strnlen(text, NAME_SIZE));
	name->text = strdup(escaped);
}

/* ---- answers ---- */

/* The first name of an answer and how long it may be kept. */
static bool read_answer(const unsigned char *answer, int length, char *name, uint64_t *ret_seconds)
{
	ns_msg message;
	ns_rr record;

	if (ns_initparse(answer, length, &message) < 0)
		return false;
	for (int i = 0; i < ns_msg_count(message, ns_s_an); i++) {
		if (ns_parserr(&message, ns_s_an, i, &record) < 0)
			return false;
		if (ns_rr_type(record) != ns_t_ptr || ns_rr_class(record) != ns_c_in)
			continue; /* the CNAMEs of RFC 2317 come first */
		*ret_seconds = MAX((uint64_t)ns_rr_ttl(record), (uint64_t)TTL_MIN_S);
		*ret_seconds = MIN(*ret_seconds, (uint64_t)TTL_MAX_S);
		return ns_name_uncompress(ns_msg_base(message), ns_msg_end(message),
					  ns_rr_rdata(record), name, NAME_SIZE) >= 0;
	}
	return false;
}

static void on_answer(void *data, int status, int n_timeouts ATTR_UNUSED, unsigned char *answer,
		      int length)
{
	struct name *name = data;
	struct resolve *resolve = name->resolve;
	char text[NAME_SIZE];
	uint64_t seconds = 0;

	name->asked = false;
	resolve->counts.n_pending--;
	if (status == ARES_EDESTRUCTION || status == ARES_ECANCELLED)
		return;
	if (status == ARES_SUCCESS && read_answer(answer, length, text, &seconds)) {
		resolve->counts.answered++;
		set_name(name, text, seconds);
	} else if (status == ARES_SUCCESS || status == ARES_ENOTFOUND || status == ARES_ENODATA) {
		resolve->counts.answered++;
		set_name(name, NULL, NO_NAME_S);
	} else {
		resolve->counts.failed++;
		/* what was known stays: the server may be gone for a moment */
		name->until_ns = clock_mono_ns() + FAILED_S * NSEC_PER_SEC;
	}
	if (resolve->config.changed)
		resolve->config.changed(resolve->config.data);
}

/* Called before ares_gethostbyaddr() returns: this channel knows no other source than the file. */
static void on_host(void *data, int status, int n_timeouts ATTR_UNUSED, struct hostent *host)
{
	struct name *name = data;

	if (status == ARES_SUCCESS && host->h_name && *host->h_name)
		set_name(name, host->h_name, HOSTS_S);
}

/* ---- sockets and time of c-ares ---- */

static void set_timer(struct resolve *resolve)
{
	struct timeval buf, *wait = ares_timeout(resolve->dns, NULL, &buf);

	(void)loop_set_timer(resolve->timer,
			     wait ? (uint64_t)wait->tv_sec * NSEC_PER_SEC +
					     (uint64_t)wait->tv_usec * 1000
				  : LOOP_NEVER,
			     0);
}

static int on_timer(void *data, uint64_t n_expired ATTR_UNUSED)
{
	struct resolve *resolve = data;

	ares_process_fd(resolve->dns, ARES_SOCKET_BAD, ARES_SOCKET_BAD);
	set_timer(resolve);
	return 0;
}

static int on_socket(void *data, uint32_t events)
{
	const struct watched *watched = data;
	struct resolve *resolve = watched->resolve;
	bool readable = events & (EPOLLIN | EPOLLERR | EPOLLHUP);

	ares_process_fd(resolve->dns, readable ? watched->fd : ARES_SOCKET_BAD,
			events & EPOLLOUT ? watched->fd : ARES_SOCKET_BAD);
	set_timer(resolve);
	return 0;
}

/* c-ares opens a socket, wants something else of it, or is about to close it. */
static void on_state(void *data, ares_socket_t fd, int readable, int writable)
{
	struct resolve *resolve = data;
	struct watched *place = NULL;

	for (size_t i = 0; i < SOCKETS_MAX; i++) {
		struct watched *watched = &resolve->sockets[i];

		if (watched->fd == fd) {
			loop_remove(take_ptr(watched->source));
			watched->fd = -1;
		}
		if (watched->fd < 0)
			place = watched;
	}
	/* a socket that nobody listens to times out */
	if ((!readable && !writable) || !place)
		return;
	if (loop_add_fd(resolve->loop, fd, (readable ? EPOLLIN : 0) | (writable ? EPOLLOUT : 0),
			on_socket, place, &place->source) == 0)
		place->fd = fd;
}

/* ---- life ---- */

static int open_channels(struct resolve *resolve)
{
	struct ares_options options = {
		.timeout = TIMEOUT_MS,
		.tries = TRIES,
		.sock_state_cb = on_state,
		.sock_state_cb_data = resolve,
	};
	char files[] = "f";
	int r;

	r = ares_library_init(ARES_LIB_INIT_ALL);
	if (r != ARES_SUCCESS)
		return -ENOMEM;
	resolve->library = true;
	r = ares_init_options(&resolve->dns, &options,
			      ARES_OPT_TIMEOUTMS | ARES_OPT_TRIES | ARES_OPT_SOCK_STATE_CB);
	if (r == ARES_SUCCESS && resolve->config.servers)
		r = ares_set_servers_ports_csv(resolve->dns, resolve->config.servers);
	if (r == ARES_SUCCESS) {
		options.lookups = files;
		r = ares_init_options(&resolve->hosts, &options, ARES_OPT_LOOKUPS);
	}
	if (r == ARES_SUCCESS)
		return 0;
	return r == ARES_ENOMEM ? -ENOMEM : -EINVAL;
}

int resolve_new(const struct resolve_config *config, struct loop *loop,
		struct resolve **ret_resolve)
{
	cleanup(resolve_freep) struct resolve *resolve = calloc(1, sizeof(*resolve));
	int r;

	if (!resolve)
		return -ENOMEM;
	resolve->config = *config;
	resolve->loop = loop;
	for (size_t i = 0; i < SOCKETS_MAX; i++)
		resolve->sockets[i] = (struct watched){.resolve = resolve, .fd = -1};
	if (getrandom(resolve->seed, sizeof(resolve->seed), 0) < 0)
		return -errno;
	r = loop_add_timer(loop, LOOP_NEVER, 0, on_timer, resolve, &resolve->timer);
	if (r == 0)
		r = open_channels(resolve);
	if (r < 0)
		return r;
	*ret_resolve = take_ptr(resolve);
	return 0;
}

void resolve_free(struct resolve *resolve)
{
	if (!resolve)
		return;
	if (resolve->dns)
		ares_destroy(resolve->dns);
	if (resolve->hosts)
		ares_destroy(resolve->hosts);
	if (resolve->library)
		ares_library_cleanup();
	loop_remove(resolve->timer);
	for (size_t i = 0; i < RESOLVE_NAMES_MAX; i++)
		free(resolve->names[i].text);
	free(resolve);
}

/* ---- questions ---- */

static void write_question(char question[static QUESTION_SIZE], const struct name *name)
{
	const uint8_t *addr = name->addr;
	char *p = question;

	if (name->family == FAMILY_IPV4) {
		(void)snprintf(question, QUESTION_SIZE, "%u.%u.%u.%u.in-addr.arpa", addr[3],
			       addr[2], addr[1], addr[0]);
		return;
	}
	for (size_t i = sizeof(name->addr); i > 0; i--)
		p += snprintf(p, 5, "%x.%x.", addr[i - 1] & 15, addr[i - 1] >> 4);
	(void)snprintf(p, QUESTION_SIZE - (size_t)(p - question), "ip6.arpa");
}

static void ask(struct resolve *resolve, struct name *name)
{
	bool v6 = name->family == FAMILY_IPV6;
	uint64_t before_ns = name->until_ns;
	char question[QUESTION_SIZE];

	ares_gethostbyaddr(resolve->hosts, name->addr, v6 ? 16 : 4, v6 ? AF_INET6 : AF_INET,
			   on_host, name);
	if (name->until_ns != before_ns)
		return;
	write_question(question, name);
	name->asked = true;
	resolve->counts.asked++;
	resolve->counts.n_pending++;
	ares_query(resolve->dns, question, ns_c_in, ns_t_ptr, on_answer, name);
	set_timer(resolve);
}

void resolve_want(struct resolve *resolve, uint8_t family, const uint8_t addr[16])
{
	struct name *name;

	if (family != FAMILY_IPV4 && family != FAMILY_IPV6)
		return;
	name = (struct name *)find(resolve, family, addr);
	if (name && (name->asked || name->until_ns > clock_mono_ns()))
		return;
	if (resolve->counts.n_pending >= RESOLVE_ASKED_MAX)
		return;
	if (!name)
		name = make(resolve, family, addr);
	if (name)
		ask(resolve, name);
}

const char *resolve_find(const struct resolve *resolve, uint8_t family, const uint8_t addr[16])
{
	const struct name *name = resolve ? find(resolve, family, addr) : NULL;

	return name ? name->text : NULL;
}

void resolve_get_counts(const struct resolve *resolve, struct resolve_counts *ret_counts)
{
	*ret_counts = resolve->counts;
}

#else

int resolve_new(const struct resolve_config *config, struct loop *loop,
		struct resolve **ret_resolve)
{
	(void)config;
	(void)loop;
	(void)ret_resolve;
	return -ENOTSUP;
}

void resolve_free(struct resolve *resolve)
{
	(void)resolve;
}

void resolve_want(struct resolve *resolve, uint8_t family, const uint8_t addr[16])
{
	(void)resolve;
	(void)family;
	(void)addr;
}

const char *resolve_find(const struct resolve *resolve, uint8_t family, const uint8_t addr[16])
{
	(void)resolve;
	(void)family;
	(void)addr;
	return NULL;
}

void resolve_get_counts(const struct resolve *resolve, struct resolve_counts *ret_counts)
{
	(void)resolve;
	*ret_counts = (struct resolve_counts){0};
}

#endif
