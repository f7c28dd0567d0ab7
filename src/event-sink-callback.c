/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Posts records to a URL: batches in order, one request at a time, each a JSON array of records.
 *
 * What the server does not take is tried again, ever more slowly, until it says that it never will
 * (a status from 400 to 499 but for those that speak of now). What is too large for it is sent in
 * pieces.
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "event-sink-data.h"
#include "macro.h"

#ifdef HAVE_CURL
#include <curl/curl.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sys/epoll.h>
#include <sys/random.h>
#include <unistd.h>

#include "cleanup.h"
#include "event-spool.h"
#include "log.h"
#include "loop.h"

#define BATCH_BYTES ((size_t)256 << 10)
#define MEMORY_BYTES ((uint64_t)16 << 20)
#define DIRECTORY_BYTES ((uint64_t)256 << 20)
#define BATCH_NS NSEC_PER_SEC
#define RETRY_MIN_NS NSEC_PER_SEC
#define RETRY_MAX_NS (60 * NSEC_PER_SEC)
#define RETRY_AFTER_MAX_S 600 /* that a server may ask for */
#define CONNECT_MS 10000L
#define REQUEST_MS 30000L
#define FINISH_MS 5000
#define POLL_MS 50
#define TOKEN_MAX 4096
#define HTTP_TOO_LARGE 413

struct callback_sink {
	struct event_sink sink;
	struct event_sink_config config;
	struct loop *loop;
	struct event_spool *spool;
	CURLM *multi;
	CURL *easy;
	struct curl_slist *headers;
	struct loop_source *timer; /* of libcurl */
	struct loop_source *flush; /* completes a batch, and sends the next one after a failure */
	char *body;                /* of the request under way; NULL: there is none */
	size_t size;               /* of the lines that are in it */
	uint64_t n_records;
	size_t max_size;           /* of lines in one request, as the server taught */
	bool refused;              /* the last request was, for good, and that was said */
	uint64_t retry_ns;         /* 0: the last request was taken */
	uint64_t retry_at_ns;
	char error[CURL_ERROR_SIZE];
};

static void callback_close(struct event_sink *base)
{
	struct callback_sink *sink = (struct callback_sink *)base;

	if (sink->multi && sink->body)
		(void)curl_multi_remove_handle(sink->multi, sink->easy);
	curl_easy_cleanup(sink->easy);
	(void)curl_multi_cleanup(sink->multi);
	curl_slist_free_all(sink->headers);
	loop_remove(sink->timer);
	loop_remove(sink->flush);
	event_spool_free(sink->spool);
	free(sink->body);
	free(sink);
}

static void callback_closep(struct callback_sink **sink)
{
	if (*sink)
		callback_close(&(*sink)->sink);
}

/* The response says nothing that matters beside its status. */
static size_t on_response(char *data ATTR_UNUSED, size_t size, size_t n, void *user ATTR_UNUSED)
{
	return size * n;
}

static int add_header(struct curl_slist **headers, const char *text)
{
	struct curl_slist *more = curl_slist_append(*headers, text);

	if (!more)
		return -ENOMEM;
	*headers = more;
	return 0;
}

/* "Authorization: Bearer ...", by what the file says now. */
static int add_token(const char *path, struct curl_slist **headers)
{
	cleanup(close_fdp) int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[TOKEN_MAX + sizeof("Authorization: Bearer ")] = "Authorization: Bearer ";
	size_t used = strlen(text);
	ssize_t n = fd < 0 ? -1 : read(fd, text + used, sizeof(text) - used);

	if (n < 0)
		return -errno;
	if (n == 0 || (size_t)n == sizeof(text) - used)
		return -EINVAL;
	text[used + (size_t)n] = '\0';
	text[used + strcspn(text + used, "\r\n")] = '\0';
	return add_header(headers, text);
}

static int make_headers(struct callback_sink *sink)
{
	int r;

	curl_slist_free_all(sink->headers);
	sink->headers = NULL;
	r = add_header(&sink->headers, "Content-Type: application/json");
	if (r == 0)
		r = add_header(&sink->headers, "Expect:");
	if (r == 0 && sink->config.token) {
		r = add_token(sink->config.token, &sink->headers);
		if (r < 0)
			(void)snprintf(sink->error, sizeof(sink->error), "%s: %s",
				       sink->config.token, strerror(-r));
	}
	return r;
}

/* Lines to an array: what ends a record becomes what separates two. */
static char *make_array(char *lines, size_t *size)
{
	char *body = malloc(*size + 2);

	if (!body)
		return NULL;
	body[0] = '[';
	memcpy(body + 1, lines, *size);
	for (size_t i = 1; i < *size; i++) {
		if (body[i] == '\n')
			body[i] = ',';
	}
	body[*size] = ']'; /* in place of the last newline */
	*size += 1;
	return body;
}

static void later(struct callback_sink *sink, uint64_t ns)
{
	(void)loop_set_timer(sink->flush, ns, 0);
}

/* The batch stays, and is sent again after a while that doubles, with some chance in it. */
static void retry(struct callback_sink *sink, const char *why, uint64_t at_least_ns)
{
	uint64_t wait_ns, chance = 0;

	if (!sink->retry_ns)
		(void)log_warn(0, "--callback: %s; records wait", why);
	sink->retry_ns = MAX(2 * sink->retry_ns, RETRY_MIN_NS);
	sink->retry_ns = MIN(sink->retry_ns, RETRY_MAX_NS);
	wait_ns = MAX(sink->retry_ns, at_least_ns);
	sink->retry_at_ns = clock_mono_ns() + wait_ns;
	(void)getrandom(&chance, sizeof(chance), GRND_NONBLOCK);
	later(sink, wait_ns + chance % (sink->retry_ns / 4));
}

/* The oldest batch that is something to send; those whose files are gone are dropped. */
static int first_batch(struct callback_sink *sink, char **ret_lines)
{
	int r;

	while ((r = event_spool_first(sink->spool, sink->max_size, ret_lines, &sink->size,
				      &sink->n_records)) != 0 ||
	       sink->size == 0) {
		if (r < 0 && r != -ESTALE)
			return r;
		if (r == 0)
			free(take_ptr(*ret_lines));
		sink->sink.n_dropped += sink->n_records;
		if (sink->n_records)
			(void)log_warn(0, "--spool: a file was removed or cut short; %" PRIu64
				       " records are dropped", sink->n_records);
		event_spool_drop(sink->spool, sink->size, sink->n_records);
	}
	return 0;
}

/* Sends the oldest batch, where none is on its way. */
static void send_next(struct callback_sink *sink)
{
	cleanup(freep) char *lines = NULL;
	size_t size;
	int r;

	if (sink->body || clock_mono_ns() < sink->retry_at_ns)
		return;
	r = first_batch(sink, &lines);
	if (r == -ENOENT)
		return;
	sink->error[0] = '\0';
	if (r == 0)
		r = make_headers(sink);
	if (r == 0) {
		size = sink->size;
		sink->body = make_array(lines, &size);
		r = sink->body ? 0 : -ENOMEM;
	}
	if (r < 0) {
		retry(sink, *sink->error ? sink->error : strerror(-r), 0);
		return;
	}
	(void)curl_easy_setopt(sink->easy, CURLOPT_HTTPHEADER, sink->headers);
	(void)curl_easy_setopt(sink->easy, CURLOPT_POSTFIELDS, sink->body);
	(void)curl_easy_setopt(sink->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)size);
	(void)curl_multi_add_handle(sink->multi, sink->easy);
}

/*
 * Not those that may be others later: RFC 9110, 15.5 and RFC 6585, 4; what is too large is so for
 * now alone where the server says for how long (RFC 9110, 15.5.14).
 */
static bool is_final(long status, curl_off_t after_s)
{
	return status >= 400 && status < 500 && status != 401 && status != 403 && status != 404 &&
	       status != 408 && status != 425 && status != 429 &&
	       !(status == HTTP_TOO_LARGE && after_s);
}

/* The request was answered; its records have had their turn. */
static void settle(struct callback_sink *sink, bool taken, const char *why)
{
	if (taken && (sink->retry_ns || sink->refused))
		log_info("--callback: the server takes records again");
	if (!taken && !sink->refused)
		(void)log_warn(0, "--callback: %s; records are dropped", why);
	if (!taken)
		sink->sink.n_dropped += sink->n_records;
	sink->refused = !taken;
	event_spool_drop(sink->spool, sink->size, sink->n_records);
	sink->retry_ns = sink->retry_at_ns = 0;
	if (event_spool_open_bytes(sink->spool)) /* begun while the timer was for a retry */
		later(sink, BATCH_NS);
}

static void done(struct callback_sink *sink, CURLcode code)
{
	char why[CURL_ERROR_SIZE + 64];
	curl_off_t after_s = 0; /* Retry-After: RFC 9110, 10.2.3 */
	long status = 0;

	(void)curl_easy_getinfo(sink->easy, CURLINFO_RESPONSE_CODE, &status);
	(void)curl_easy_getinfo(sink->easy, CURLINFO_RETRY_AFTER, &after_s);
	(void)curl_multi_remove_handle(sink->multi, sink->easy);
	free(take_ptr(sink->body));
	if (code != CURLE_OK) {
		retry(sink, *sink->error ? sink->error : curl_easy_strerror(code), 0);
		return;
	}
	(void)snprintf(why, sizeof(why), "the server answers with status %ld", status);
	if (status >= 200 && status < 300) {
		settle(sink, true, NULL);
	} else if (status == HTTP_TOO_LARGE && !after_s && sink->n_records > 1) {
		sink->max_size = sink->size / 2; /* for good: the limit is the server's */
	} else if (is_final(status, after_s)) {
		settle(sink, false, why);
	} else {
		after_s = MIN(after_s, RETRY_AFTER_MAX_S);
		if (after_s)
			(void)snprintf(why + strlen(why), sizeof(why) - strlen(why),
				       " for %lds", (long)after_s);
		retry(sink, why, (uint64_t)after_s * NSEC_PER_SEC);
	}
}

static void collect(struct callback_sink *sink)
{
	CURLMsg *message;
	int n;

	while ((message = curl_multi_info_read(sink->multi, &n))) {
		if (message->msg == CURLMSG_DONE)
			done(sink, message->data.result);
	}
	send_next(sink);
}

/* libcurl in the loop: it says which descriptors and what time it waits for */

struct callback_socket {
	struct callback_sink *sink;
	curl_socket_t fd;
	struct loop_source *source;
};

static int on_socket_ready(void *data, uint32_t epoll_events)
{
	const struct callback_socket *socket = data;
	struct callback_sink *sink = socket->sink;
	int running, bits = 0;

	if (epoll_events & EPOLLIN)
		bits |= CURL_CSELECT_IN;
	if (epoll_events & EPOLLOUT)
		bits |= CURL_CSELECT_OUT;
	if (epoll_events & (EPOLLERR | EPOLLHUP))
		bits |= CURL_CSELECT_ERR;
	(void)curl_multi_socket_action(sink->multi, socket->fd, bits, &running);
	collect(sink);
	return 0;
}

static int on_socket(CURL *easy ATTR_UNUSED, curl_socket_t fd, int what, void *user, void *data)
{
	struct callback_sink *sink = user;
	struct callback_socket *socket = data;
	uint32_t events = 0;

	if (socket)
		loop_remove(take_ptr(socket->source));
	if (what == CURL_POLL_REMOVE) {
		free(socket);
		return 0;
	}
	if (!socket) {
		socket = calloc(1, sizeof(*socket));
		if (!socket)
			return -1;
		socket->sink = sink;
		socket->fd = fd;
		(void)curl_multi_assign(sink->multi, fd, socket);
	}
	if (what & CURL_POLL_IN)
		events |= EPOLLIN;
	if (what & CURL_POLL_OUT)
		events |= EPOLLOUT;
	return loop_add_fd(sink->loop, fd, events, on_socket_ready, socket, &socket->source) < 0
		       ? -1
		       : 0;
}

static int on_timer(void *data, uint64_t n_expired ATTR_UNUSED)
{
	struct callback_sink *sink = data;
	int running;

	(void)curl_multi_socket_action(sink->multi, CURL_SOCKET_TIMEOUT, 0, &running);
	collect(sink);
	return 0;
}

static int on_timer_wanted(CURLM *multi ATTR_UNUSED, long timeout_ms, void *user)
{
	const struct callback_sink *sink = user;

	return loop_set_timer(sink->timer,
			      timeout_ms < 0 ? LOOP_NEVER : (uint64_t)timeout_ms * NSEC_PER_MSEC,
			      0) < 0
		       ? -1
		       : 0;
}

static int on_flush(void *data, uint64_t n_expired ATTR_UNUSED)
{
	struct callback_sink *sink = data;

	event_spool_cut(sink->spool);
	send_next(sink);
	return 0;
}

static int callback_put(struct event_sink *base, const char *record, size_t size)
{
	struct callback_sink *sink = (struct callback_sink *)base;
	bool first = !event_spool_open_bytes(sink->spool);

	if (event_spool_add(sink->spool, record, size) < 0) {
		sink->sink.n_dropped++;
		return 0;
	}
	if (event_spool_open_bytes(sink->spool) >= BATCH_BYTES) {
		event_spool_cut(sink->spool);
		send_next(sink);
	} else if (first && !sink->retry_ns) {
		later(sink, BATCH_NS);
	}
	return 0;
}

static int callback_finish(struct event_sink *base)
{
	struct callback_sink *sink = (struct callback_sink *)base;
	uint64_t until_ns = clock_mono_ns() + FINISH_MS * NSEC_PER_MSEC, n;
	int running = 0;

	event_spool_cut(sink->spool);
	sink->retry_at_ns = 0; /* once more */
	send_next(sink);
	while (event_spool_n_records(sink->spool) && clock_mono_ns() < until_ns) {
		if (!sink->body && sink->config.spool)
			break; /* there is a next time */
		(void)curl_multi_perform(sink->multi, &running);
		collect(sink);
		(void)curl_multi_poll(sink->multi, NULL, 0, POLL_MS, NULL);
	}
	n = event_spool_n_records(sink->spool);
	if (n && sink->config.spool) {
		(void)log_warn(0, "%" PRIu64 " records wait in %s for the next time", n,
			       sink->config.spool);
		n = 0;
	}
	sink->sink.n_dropped += n;
	if (!sink->sink.n_dropped)
		return 0;
	return log_warn(n ? -ETIMEDOUT : 0, "--callback: %" PRIu64 " records are lost",
			sink->sink.n_dropped);
}

static int setup(struct callback_sink *sink)
{
	CURL *easy = sink->easy = curl_easy_init();

	sink->multi = curl_multi_init();
	if (!easy || !sink->multi)
		return -ENOMEM;
	(void)curl_multi_setopt(sink->multi, CURLMOPT_SOCKETFUNCTION, on_socket);
	(void)curl_multi_setopt(sink->multi, CURLMOPT_SOCKETDATA, sink);
	(void)curl_multi_setopt(sink->multi, CURLMOPT_TIMERFUNCTION, on_timer_wanted);
	(void)curl_multi_setopt(sink->multi, CURLMOPT_TIMERDATA, sink);
	(void)curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
	(void)curl_easy_setopt(easy, CURLOPT_USERAGENT, "pktop/" PACKAGE_VERSION);
	(void)curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, CONNECT_MS);
	(void)curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, REQUEST_MS);
	(void)curl_easy_setopt(easy, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
	(void)curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, on_response);
	(void)curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, sink->error);
	if (sink->config.authority &&
	    curl_easy_setopt(easy, CURLOPT_CAINFO, sink->config.authority) != CURLE_OK)
		return -ENOMEM;
	return curl_easy_setopt(easy, CURLOPT_URL, sink->config.url) == CURLE_OK ? 0 : -ENOMEM;
}

/* What can be known to be wrong before the first request. */
static int check_files(struct callback_sink *sink, char *error, size_t error_size)
{
	const char *authority = sink->config.authority;
	int r = make_headers(sink);

	if (r < 0)
		(void)snprintf(error, error_size, "--callback-token: %s", sink->error);
	else if (authority && access(authority, R_OK) < 0) {
		r = -errno;
		(void)snprintf(error, error_size, "--callback-ca: cannot read %s: %s", authority,
			       strerror(-r));
	}
	return r;
}

static int callback_open(const struct event_sink_config *config, struct loop *loop,
			 struct event_sink **ret_sink, char *error, size_t error_size)
{
	cleanup(callback_closep) struct callback_sink *sink = calloc(1, sizeof(*sink));
	int r;

	if (!sink)
		return -ENOMEM;
	sink->config = *config;
	sink->loop = loop;
	sink->max_size = SIZE_MAX;
	r = check_files(sink, error, error_size);
	if (r == 0)
		r = event_spool_new(config->spool,
				    config->spool_bytes ? config->spool_bytes
				    : config->spool     ? DIRECTORY_BYTES
							: MEMORY_BYTES,
				    &sink->spool, error, error_size);
	if (r == 0)
		r = loop_add_timer(loop, LOOP_NEVER, 0, on_timer, sink, &sink->timer);
	if (r == 0) /* what an earlier run left is sent at once */
		r = loop_add_timer(loop, 0, 0, on_flush, sink, &sink->flush);
	if (r == 0)
		r = setup(sink);
	if (r < 0)
		return r;
	*ret_sink = &take_ptr(sink)->sink;
	return 0;
}

#else

static int callback_open(const struct event_sink_config *config ATTR_UNUSED,
			 struct loop *loop ATTR_UNUSED, struct event_sink **ret_sink ATTR_UNUSED,
			 char *error, size_t error_size)
{
	(void)snprintf(error, error_size, "this pktop was built without callbacks (libcurl)");
	return -ENOTSUP;
}

static int callback_put(struct event_sink *sink ATTR_UNUSED, const char *record ATTR_UNUSED,
			size_t size ATTR_UNUSED)
{
	return 0;
}

static void callback_close(struct event_sink *sink ATTR_UNUSED)
{
}

#define callback_finish NULL

#endif

static bool callback_wanted(const struct event_sink_config *config)
{
	return config->url;
}

const struct event_sink_ops event_sink_callback_ops = {
	.dropped = "callback_records_dropped",
	.wanted = callback_wanted,
	.open = callback_open,
	.put = callback_put,
	.finish = callback_finish,
	.close = callback_close,
};
