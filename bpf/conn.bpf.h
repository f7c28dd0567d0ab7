/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/* Begin and end of connections, told one by one. Nothing of it runs unless it is asked for. */
#ifndef CONN_BPF_H
#define CONN_BPF_H

#include "owner.bpf.h"

#define ECANCELED 125

enum {
	CONN_CONNECTING,
	CONN_WAITING, /* established by somebody else, and no process took it */
	CONN_OPEN,
};

/* A TCP connection. */
struct conn {
	struct socket_process process; /* tgid 0: none is known */
	struct socket_tuple tuple;     /* family 0: not known yet */
	__u64 start_ns;                /* of its state; 0: before the programs */
	__u32 netns;
	__u8 state;
	__u8 side; /* ABI_SIDE_* */
	__u8 reserved[2];
};

/* The connect() that a thread is in. */
struct attempt {
	__u64 cookie;
	__u64 start_ns;
	struct socket_tuple tuple;
	__u64 began; /* a connection: states of the socket tell what becomes of it */
};

/* Where a socket that is not connected has sent to. */
struct opened {
	__u64 cookie;
	__u32 remote[4];
	__u32 rport;
	__u32 reserved;
};

/* By cookie. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, __u64);
	__type(value, struct conn);
} conns SEC(".maps");

/* By thread. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, __u64);
	__type(value, struct attempt);
} attempts SEC(".maps");

struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, struct opened);
	__type(value, __u8);
} opened_to SEC(".maps");

/* Events that did not fit the ring. */
volatile __u64 n_lost_conns;

/* What happened to a connection; the rest of the event is for the caller to add. */
static __always_inline struct conn_event *conn_event(__u64 cookie, const struct conn *conn,
						     __u32 kind)
{
	struct conn_event *event = bpf_ringbuf_reserve(&events, sizeof(*event), 0);

	if (!event) {
		__sync_fetch_and_add(&n_lost_conns, 1);
		return NULL;
	}
	__builtin_memset(event, 0, sizeof(*event));
	event->socket.cookie = cookie;
	event->socket.what = ABI_EVENT_CONN;
	event->socket.entry.process = conn->process;
	event->socket.entry.tuple = conn->tuple;
	event->socket.entry.netns = conn->netns;
	event->time_ns = bpf_ktime_get_ns();
	event->kind = kind;
	event->side = conn->side;
	return event;
}

/* An event that nothing has to be added to but how long it took, and an error number or 0. */
static __noinline int tell_conn(__u64 cookie, const struct conn *conn, __u32 kind, __u32 error)
{
	struct conn_event *event = conn_event(cookie, conn, kind);

	if (!event)
		return 0;
	event->error = error;
	if (kind == ABI_CONN_CONNECT && conn->start_ns)
		event->duration_ns = event->time_ns - conn->start_ns;
	if (conn->process.tgid)
		is_new(&conn->process);
	bpf_ringbuf_submit(event, 0);
	return 0;
}

/* The FIN, which the kernel counts as an octet of payload, was received. */
static __always_inline bool has_fin(const struct sock *sk)
{
	return BPF_CORE_READ(sk, __sk_common.skc_flags) >>
		       bpf_core_enum_value(enum sock_flags, SOCK_DONE) &
	       1;
}

static __always_inline void tell_close(__u64 cookie, const struct conn *conn, const struct sock *sk)
{
	const struct tcp_sock *tcp = (const void *)sk;
	struct conn_event *event = conn_event(cookie, conn, ABI_CONN_CLOSE);

	if (!event)
		return;
	event->error = BPF_CORE_READ(sk, sk_err);
	if (conn->start_ns)
		event->duration_ns = event->time_ns - conn->start_ns;
	event->sent = BPF_CORE_READ(tcp, bytes_sent) - BPF_CORE_READ(tcp, bytes_retrans);
	event->received = BPF_CORE_READ(tcp, bytes_received) - has_fin(sk);
	bpf_ringbuf_submit(event, 0);
}

/* The ends of a socket that may have given its port back already. */
static __always_inline void read_ends(const struct sock *sk, struct socket_tuple *tuple)
{
	const struct inet_sock *inet = (const void *)sk;

	read_tuple(sk, tuple);
	tuple->kind = ABI_SOCKET_CONNECTED;
	if (!tuple->lport)
		tuple->lport = bpf_ntohs(BPF_CORE_READ(inet, inet_sport));
	unmap_tuple(tuple);
}

/* A connection that is older than the programs: what is known of its socket. */
static __always_inline void adopt_conn(__u64 cookie, const struct sock *sk, struct conn *conn)
{
	const struct socket_entry *known = bpf_map_lookup_elem(&sockets, &cookie);

	if (known)
		conn->process = known->process;
	conn->netns = read_netns(sk);
	conn->state = CONN_OPEN;
}

static __always_inline struct attempt *current_attempt(__u64 cookie)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct attempt *attempt = bpf_map_lookup_elem(&attempts, &thread);

	return attempt && attempt->cookie == cookie ? attempt : NULL;
}

/* connect() of TCP begins. */
static __always_inline void conn_attempt(__u64 cookie, struct attempt *attempt)
{
	__u64 thread = bpf_get_current_pid_tgid();

	attempt->cookie = cookie;
	attempt->start_ns = bpf_ktime_get_ns();
	unmap_tuple(&attempt->tuple);
	bpf_map_update_elem(&attempts, &thread, attempt, BPF_ANY);
}

/* The SYN goes out next. */
static __noinline int conn_begins(__u64 cookie, const struct sock *sk)
{
	struct attempt *attempt = current_attempt(cookie);
	struct conn conn = {.state = CONN_CONNECTING, .side = ABI_SIDE_CONNECTED};

	if (attempt)
		attempt->began = true;
	if (!(BPF_CORE_READ(current_task(), flags) & PF_KTHREAD))
		fill_process(&conn.process, current_task());
	conn.start_ns = bpf_ktime_get_ns();
	conn.netns = read_netns(sk);
	bpf_map_update_elem(&conns, &cookie, &conn, BPF_ANY);
	return 0;
}

/* Established: from here if it was in SYN-SENT, else from elsewhere. */
static __noinline int conn_established(__u64 cookie, const struct sock *sk, bool from_here)
{
	struct conn conn = {}, *known = bpf_map_lookup_elem(&conns, &cookie);

	if (known) {
		conn = *known;
	} else if (from_here) {
		adopt_conn(cookie, sk, &conn);
		conn.side = ABI_SIDE_CONNECTED;
	} else {
		conn.netns = read_netns(sk);
		conn.side = ABI_SIDE_ACCEPTED;
	}
	conn.state = conn.side == ABI_SIDE_ACCEPTED ? CONN_WAITING : CONN_OPEN;
	read_ends(sk, &conn.tuple);
	if (conn.state == CONN_OPEN)
		tell_conn(cookie, &conn, ABI_CONN_CONNECT, 0);
	conn.start_ns = bpf_ktime_get_ns();
	bpf_map_update_elem(&conns, &cookie, &conn, BPF_ANY);
	return 0;
}

/* A process works on the socket. */
static __noinline int conn_used(__u64 cookie, const struct socket_process *process)
{
	struct conn *conn = bpf_map_lookup_elem(&conns, &cookie);

	if (!conn)
		return 0;
	conn->process = *process;
	if (conn->state != CONN_WAITING)
		return 0;
	conn->state = CONN_OPEN;
	tell_conn(cookie, conn, ABI_CONN_ACCEPT, 0);
	return 0;
}

/* accept() gave it to a process, which conn_used() tells of unless the connection is older. */
static __always_inline void conn_accepted(__u64 cookie, const struct sock *sk)
{
	struct conn conn = {.side = ABI_SIDE_ACCEPTED};

	/* one that has ended before it was accepted was told of then */
	if (bpf_map_lookup_elem(&conns, &cookie) ||
	    BPF_CORE_READ(sk, __sk_common.skc_state) == TCP_CLOSE)
		return;
	adopt_conn(cookie, sk, &conn);
	read_ends(sk, &conn.tuple);
	tell_conn(cookie, &conn, ABI_CONN_ACCEPT, 0);
	bpf_map_update_elem(&conns, &cookie, &conn, BPF_ANY);
}

/* The last process closes the socket, of which more may be told later: who that was is kept. */
static __noinline int conn_released(__u64 cookie)
{
	const struct socket_entry *known = bpf_map_lookup_elem(&sockets, &cookie);
	struct conn conn = {.state = CONN_OPEN}, *old = bpf_map_lookup_elem(&conns, &cookie);
	__u64 thread = bpf_get_current_pid_tgid();

	/* of a connect() whose end was not seen: what fails from now on fails for another reason */
	if (current_attempt(cookie))
		bpf_map_delete_elem(&attempts, &thread);
	if (old && old->state == CONN_WAITING) {
		fill_process(&conn.process, current_task());
		conn_used(cookie, &conn.process);
	}
	if (old || !known || !known->tuple.family || known->tuple.kind != ABI_SOCKET_CONNECTED)
		return 0;
	conn.process = known->process;
	conn.tuple = known->tuple;
	conn.netns = known->netns;
	bpf_map_update_elem(&conns, &cookie, &conn, BPF_ANY);
	return 0;
}

/* It never came to be. Inside of connect() it is its end that knows why. */
static __always_inline void conn_fails(__u64 cookie, const struct conn *conn, __u32 error)
{
	struct attempt *attempt = error ? NULL : current_attempt(cookie);

	if (attempt) {
		attempt->began = false;
		attempt->tuple = conn->tuple;
		return;
	}
	tell_conn(cookie, conn, ABI_CONN_CONNECT, error ? error : ECANCELED);
}

static __noinline int conn_closed(__u64 cookie, const struct sock *sk, bool connecting)
{
	struct conn conn = {}, *known = bpf_map_lookup_elem(&conns, &cookie);

	if (known)
		conn = *known;
	else
		adopt_conn(cookie, sk, &conn);
	if (!conn.tuple.family)
		read_ends(sk, &conn.tuple);
	if (connecting || conn.state == CONN_CONNECTING) {
		conn.side = ABI_SIDE_CONNECTED;
		conn_fails(cookie, &conn, BPF_CORE_READ(sk, sk_err));
	} else {
		if (conn.state == CONN_WAITING)
			tell_conn(cookie, &conn, ABI_CONN_ACCEPT, 0);
		tell_close(cookie, &conn, sk);
	}
	bpf_map_delete_elem(&conns, &cookie);
	return 0;
}

/* connect() returned. */
static __always_inline void conn_called(__u64 cookie, const struct sock *sk, long ret)
{
	__u64 thread = bpf_get_current_pid_tgid();
	const struct attempt *attempt = current_attempt(cookie);
	struct conn conn = {.side = ABI_SIDE_CONNECTED};

	if (attempt && ret < 0 && !attempt->began) {
		fill_process(&conn.process, current_task());
		conn.tuple = attempt->tuple;
		conn.start_ns = attempt->start_ns;
		conn.netns = read_netns(sk);
		tell_conn(cookie, &conn, ABI_CONN_CONNECT, -ret);
	}
	bpf_map_delete_elem(&attempts, &thread);
}

/* The first datagram to there. */
static __always_inline void tell_open(__u64 cookie, const struct socket_entry *entry,
				      const struct socket_tuple *tuple)
{
	struct conn conn = {.side = ABI_SIDE_CONNECTED};

	conn.process = entry->process;
	conn.tuple = *tuple;
	conn.netns = entry->netns;
	tell_conn(cookie, &conn, ABI_CONN_OPEN, 0);
}

/*
 * A socket that is not connected sends: told once for each far address and port that is remembered.
 * One that its process has bound is that of a server: it answers many ports of a client, for which
 * once is enough.
 */
static __noinline int conn_sends(__u64 cookie, struct socket_tuple *tuple)
{
	const struct socket_entry *known = bpf_map_lookup_elem(&sockets, &cookie);
	struct opened to = {.cookie = cookie};
	__u8 one = 1;

	if (!known)
		return 0;
	unmap_tuple(tuple);
	__builtin_memcpy(to.remote, tuple->remote, sizeof(to.remote));
	if (!known->bound)
		to.rport = tuple->rport;
	if (bpf_map_lookup_elem(&opened_to, &to))
		return 0;
	bpf_map_update_elem(&opened_to, &to, &one, BPF_ANY);
	tell_open(cookie, known, tuple);
	return 0;
}

/* A connected socket has sent. */
static __noinline int conn_sent(__u64 cookie)
{
	struct socket_entry *known = bpf_map_lookup_elem(&sockets, &cookie);

	if (!known || known->opened || !known->tuple.rport)
		return 0;
	known->opened = 1;
	tell_open(cookie, known, &known->tuple);
	return 0;
}

#endif
