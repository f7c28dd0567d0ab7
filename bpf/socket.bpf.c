/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Watches which process makes, connects, binds and uses which socket. Nothing here runs per packet,
 * and each program may be missing: user space loads those that this kernel takes.
 */
#include "vmlinux.h"

#include <asm/unistd.h>
#include <bpf/bpf_tracing.h>

#include "addr.bpf.h"
#include "conn.bpf.h"
#include "owner.bpf.h"

/*
 * Tracing programs may ask for the cookie of a socket (5.12, commit c5dbb89fc2ac): without that it
 * has to have one already, from a program on the cgroup.
 */
const volatile bool asks_cookies = true;

/* The program on sock_release is attached: nothing else has to notice that a socket is closed. */
volatile bool has_release;

/* Files of a process that forks which are looked at. */
#define FORK_FILES 256

/* Entries made and taken away; those that are missing made room for others. */
volatile __u64 n_made, n_removed;

/* Fields of a context, which the verifier wants to see loaded one by one. */
#define copy_addr(to, from)                                                                        \
	do {                                                                                       \
		(to)[0] = *(volatile const __u32 *)&(from)[0];                                     \
		(to)[1] = *(volatile const __u32 *)&(from)[1];                                     \
		(to)[2] = *(volatile const __u32 *)&(from)[2];                                     \
		(to)[3] = *(volatile const __u32 *)&(from)[3];                                     \
	} while (0)

/* 0: not known. */
static __always_inline __u64 cookie_of(const struct sock *sk)
{
	if (asks_cookies)
		return bpf_get_socket_cookie((void *)sk);
	return BPF_CORE_READ(sk, __sk_common.skc_cookie.counter);
}

/* With a stack of its own: those of all calls in a row may have 512 bytes. */
static __noinline int tell(__u64 cookie, const struct socket_entry *entry, __u32 what, bool fresh)
{
	struct socket_event event = {.cookie = cookie, .what = what, .fresh = fresh};

	event.entry = *entry;
	emit(&event, is_new(&entry->process));
	return 0;
}

static __always_inline void store(__u64 cookie, const struct socket_entry *entry)
{
	if (!bpf_map_update_elem(&sockets, &cookie, entry, BPF_NOEXIST))
		__sync_fetch_and_add(&n_made, 1);
	else
		bpf_map_update_elem(&sockets, &cookie, entry, BPF_EXIST);
}

/*
 * Makes the current process the owner of an entry. False where that stays as it was: the same one,
 * a thread of the kernel, or a socket that many processes use in turn.
 */
static __always_inline bool change_owner(struct socket_entry *entry)
{
	struct task_struct *task = current_task();

	if (entry->process.tgid == bpf_get_current_pid_tgid() >> 32 && !entry->estimated)
		return false;
	if (BPF_CORE_READ(task, flags) & PF_KTHREAD || entry->n_moves > ABI_MOVES_MAX)
		return false;
	fill_process(&entry->process, task);
	entry->estimated = 0;
	entry->n_moves++;
	return true;
}

/* A socket has no longer the ends that user space was told of. */
static __always_inline void withdraw(__u64 cookie, const struct socket_entry *entry)
{
	if (entry->tuple.family)
		tell(cookie, entry, ABI_EVENT_CLOSED, false);
}

/* The current process works on the socket. Makes the entry where there is none. */
static __noinline int own(__u64 cookie, __u32 netns, __u32 proto)
{
	struct socket_entry entry = {}, *known = bpf_map_lookup_elem(&sockets, &cookie);

	if (known)
		entry = *known;
	if (!change_owner(&entry))
		return 0;
	if (known)
		withdraw(cookie, known);
	entry.tuple.family = 0; /* to be announced */
	entry.tuple.proto = proto;
	if (netns)
		entry.netns = netns;
	else if (!entry.netns)
		entry.netns = BPF_CORE_READ(current_task(), nsproxy, net_ns, ns.inum);
	store(cookie, &entry);
	return 0;
}

/* The socket has these ends now. */
static __always_inline void announce(__u64 cookie, struct socket_tuple *tuple, bool fresh)
{
	struct socket_entry entry, *known = bpf_map_lookup_elem(&sockets, &cookie);

	if (!known)
		return;
	unmap_tuple(tuple);
	if (same_tuple(tuple, &known->tuple))
		return;
	entry = *known;
	withdraw(cookie, &entry);
	entry.tuple = *tuple;
	entry.opened = 0;
	store(cookie, &entry);
	tell(cookie, &entry, ABI_EVENT_SOCKET, fresh);
}

static __always_inline void close(__u64 cookie)
{
	struct socket_entry *known = bpf_map_lookup_elem(&sockets, &cookie);

	if (!known)
		return;
	withdraw(cookie, known);
	if (!bpf_map_delete_elem(&sockets, &cookie))
		__sync_fetch_and_add(&n_removed, 1);
}

/* On the root of the cgroups */

SEC("cgroup/sock_create")
int on_create(struct bpf_sock *ctx)
{
	struct socket_tuple tuple = {};
	__u64 cookie = bpf_get_socket_cookie(ctx);

	if (ctx->family != AF_INET && ctx->family != AF_INET6)
		return 1;
	tuple.proto = ctx->protocol;
	tuple.kind = ABI_SOCKET_BOUND;
	tuple.family = ctx->family == AF_INET ? 4 : 6;
	own(cookie, 0, tuple.proto);
	if (!has_ports(tuple.proto))
		announce(cookie, &tuple, true);
	return 1;
}

SEC("cgroup/connect4")
int on_connect4(struct bpf_sock_addr *ctx)
{
	__u64 cookie = bpf_get_socket_cookie(ctx);
	struct attempt attempt = {.tuple.family = 4, .tuple.proto = ctx->protocol};

	own(cookie, 0, ctx->protocol);
	attempt.tuple.remote[0] = ctx->user_ip4;
	attempt.tuple.rport = bpf_ntohs(ctx->user_port);
	if (wants_conns && ctx->protocol == IPPROTO_TCP)
		conn_attempt(cookie, &attempt);
	return 1;
}

SEC("cgroup/connect6")
int on_connect6(struct bpf_sock_addr *ctx)
{
	__u64 cookie = bpf_get_socket_cookie(ctx);
	struct attempt attempt = {.tuple.family = 6, .tuple.proto = ctx->protocol};

	own(cookie, 0, ctx->protocol);
	copy_addr(attempt.tuple.remote, ctx->user_ip6);
	attempt.tuple.rport = bpf_ntohs(ctx->user_port);
	if (wants_conns && ctx->protocol == IPPROTO_TCP)
		conn_attempt(cookie, &attempt);
	return 1;
}

/* A socket that has a local end alone, given by its port: TCP has to listen before that matters. */
static __always_inline int bound(__u64 cookie, struct socket_tuple *tuple)
{
	own(cookie, 0, tuple->proto);
	tuple->kind = ABI_SOCKET_BOUND;
	if (is_udp(tuple->proto))
		announce(cookie, tuple, true);
	return 1;
}

/* By its process, not by the kernel which chooses a port. */
static __always_inline void mark_bound(__u64 cookie)
{
	struct socket_entry *known = bpf_map_lookup_elem(&sockets, &cookie);

	if (known)
		known->bound = 1;
}

SEC("cgroup/post_bind4")
int on_bind4(struct bpf_sock *ctx)
{
	struct socket_tuple tuple = {.family = 4, .proto = ctx->protocol, .lport = ctx->src_port};
	__u64 cookie = bpf_get_socket_cookie(ctx);

	tuple.local[0] = ctx->src_ip4;
	bound(cookie, &tuple);
	mark_bound(cookie);
	return 1;
}

SEC("cgroup/post_bind6")
int on_bind6(struct bpf_sock *ctx)
{
	struct socket_tuple tuple = {.family = 6, .proto = ctx->protocol, .lport = ctx->src_port};
	__u64 cookie = bpf_get_socket_cookie(ctx);

	copy_addr(tuple.local, ctx->src_ip6);
	bound(cookie, &tuple);
	mark_bound(cookie);
	return 1;
}

/* Sends without having been connected: the port was assigned just before. */
static __always_inline int sends(struct bpf_sock_addr *ctx, bool to_ipv4)
{
	struct socket_tuple tuple = {.proto = ctx->protocol};
	__u64 cookie = bpf_get_socket_cookie(ctx);
	struct bpf_sock *sk = ctx->sk;

	if (!sk)
		return 1;
	tuple.family = ctx->family == AF_INET ? 4 : 6;
	tuple.lport = sk->src_port;
	if (tuple.family == 4) {
		tuple.local[0] = sk->src_ip4;
	} else {
		copy_addr(tuple.local, sk->src_ip6);
	}
	bound(cookie, &tuple);
	if (!wants_conns || !is_udp(tuple.proto))
		return 1;
	if (!to_ipv4) {
		copy_addr(tuple.remote, ctx->user_ip6);
	} else if (tuple.family == 4) {
		tuple.remote[0] = ctx->user_ip4;
	} else {
		tuple.remote[2] = bpf_htonl(0xffff);
		tuple.remote[3] = ctx->user_ip4;
	}
	tuple.rport = bpf_ntohs(ctx->user_port);
	conn_sends(cookie, &tuple);
	return 1;
}

SEC("cgroup/sendmsg4")
int on_sendmsg4(struct bpf_sock_addr *ctx)
{
	return sends(ctx, true);
}

SEC("cgroup/sendmsg6")
int on_sendmsg6(struct bpf_sock_addr *ctx)
{
	return sends(ctx, false);
}

SEC("cgroup/sock_release")
int on_release(struct bpf_sock *ctx)
{
	__u64 cookie = bpf_get_socket_cookie(ctx);

	if (wants_conns && ctx->protocol == IPPROTO_TCP && ctx->state != TCP_CLOSE)
		conn_released(cookie);
	close(cookie);
	return 1;
}

/* connect() chose a port, and the SYN goes out next; or a connection is there to be accepted. */
SEC("sockops")
int on_operation(struct bpf_sock_ops *ctx)
{
	struct socket_tuple tuple = {.proto = IPPROTO_TCP, .kind = ABI_SOCKET_CONNECTED};
	__u64 cookie;

	if (ctx->op != BPF_SOCK_OPS_TCP_CONNECT_CB &&
	    ctx->op != BPF_SOCK_OPS_PASSIVE_ESTABLISHED_CB)
		return 1;
	cookie = bpf_get_socket_cookie(ctx); /* for on_accept(), too */
	if (ctx->op != BPF_SOCK_OPS_TCP_CONNECT_CB)
		return 1;
	tuple.lport = ctx->local_port;
	tuple.rport = bpf_ntohl(ctx->remote_port);
	if (ctx->family == AF_INET) {
		tuple.family = 4;
		tuple.local[0] = ctx->local_ip4;
		tuple.remote[0] = ctx->remote_ip4;
	} else {
		tuple.family = 6;
		copy_addr(tuple.local, ctx->local_ip6);
		copy_addr(tuple.remote, ctx->remote_ip6);
	}
	announce(cookie, &tuple, false);
	return 1;
}

/* Tracepoints */

static __always_inline void listens(__u64 cookie, const struct sock *sk)
{
	struct socket_tuple tuple = {};

	own(cookie, read_netns(sk), BPF_CORE_READ(sk, sk_protocol));
	read_tuple(sk, &tuple);
	tuple.kind = ABI_SOCKET_LISTENING; /* the state is not set yet */
	tuple.remote[0] = tuple.remote[1] = tuple.remote[2] = tuple.remote[3] = 0;
	tuple.rport = 0;
	announce(cookie, &tuple, true);
}

static __always_inline void established(__u64 cookie, const struct sock *sk)
{
	struct socket_tuple tuple = {};

	read_tuple(sk, &tuple);
	tuple.kind = ABI_SOCKET_CONNECTED;
	announce(cookie, &tuple, false);
}

SEC("tp_btf/inet_sock_set_state")
int BPF_PROG(on_state, struct sock *sk, int old, int new)
{
	bool logs = wants_conns && BPF_CORE_READ(sk, sk_protocol) == IPPROTO_TCP;
	__u64 cookie = cookie_of(sk);

	if (!cookie)
		return 0;
	switch (new) {
	case TCP_SYN_SENT: /* in connect(), which has not chosen a port yet */
		own(cookie, read_netns(sk), BPF_CORE_READ(sk, sk_protocol));
		if (logs)
			conn_begins(cookie, sk);
		break;
	case TCP_LISTEN:
		listens(cookie, sk);
		break;
	case TCP_ESTABLISHED:
		established(cookie, sk);
		if (logs)
			conn_established(cookie, sk, old == TCP_SYN_SENT);
		break;
	case TCP_CLOSE:
		if (logs && old != TCP_LISTEN && old != TCP_CLOSE)
			conn_closed(cookie, sk, old == TCP_SYN_SENT);
		if (!has_release)
			close(cookie);
		break;
	}
	return 0;
}

/* A process that has not been seen with this socket uses it, or its ends are new. */
static __noinline int take_over(__u64 cookie, const struct sock *sk)
{
	struct socket_entry entry = {}, *known = bpf_map_lookup_elem(&sockets, &cookie);
	struct socket_tuple tuple = {};

	if (known)
		entry = *known;
	read_tuple(sk, &tuple);
	unmap_tuple(&tuple);
	if (!change_owner(&entry) && (!known || same_tuple(&tuple, &entry.tuple)))
		return 0;
	if (!known || !same_tuple(&tuple, &known->tuple)) {
		entry.opened = 0;
		if (known)
			withdraw(cookie, known);
	}
	entry.tuple = tuple;
	entry.netns = read_netns(sk);
	store(cookie, &entry);
	tell(cookie, &entry, ABI_EVENT_SOCKET, true);
	if (wants_conns && tuple.proto == IPPROTO_TCP)
		conn_used(cookie, &entry.process);
	return 0;
}

/* Runs with every message: most sockets belong to the same process and have the same ends as
 * before. */
static __always_inline int use(const struct sock *sk)
{
	__u16 family = sk->__sk_common.skc_family;
	struct socket_entry *known;
	__u64 cookie;

	if (family != AF_INET && family != AF_INET6)
		return 0;
	cookie = cookie_of(sk);
	if (!cookie)
		return 0;
	known = bpf_map_lookup_elem(&sockets, &cookie);
	if (known && !known->estimated && known->tuple.family &&
	    (known->process.tgid == bpf_get_current_pid_tgid() >> 32 ||
	     known->n_moves > ABI_MOVES_MAX) &&
	    (!has_ports(known->tuple.proto) ||
	     (known->tuple.lport == sk->__sk_common.skc_num &&
	      known->tuple.rport == bpf_ntohs(sk->__sk_common.skc_dport))))
		return 0;
	return take_over(cookie, sk);
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(on_send, struct sock *sk, int ret)
{
	use(sk);
	if (wants_conns && ret >= 0 && sk->__sk_common.skc_dport && is_udp(sk->sk_protocol))
		conn_sent(cookie_of(sk));
	return 0;
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(on_receive, struct sock *sk)
{
	return use(sk);
}

/*
 * Where the kernel does not tell of messages: who accepts a connection, and which port it chose for
 * a socket of UDP that is connected.
 */

SEC("fexit/inet_accept")
int BPF_PROG(on_accept, struct socket *listener, struct socket *socket)
{
	struct sock *sk = socket->sk;

	return sk ? use(sk) : 0;
}

SEC("fexit/ip4_datagram_connect")
int BPF_PROG(on_datagram4, struct sock *sk)
{
	return use(sk);
}

SEC("fexit/ip6_datagram_connect")
int BPF_PROG(on_datagram6, struct sock *sk)
{
	return use(sk);
}

/* System calls: where they are not seen, connections are told of later, or by states alone. */

static __always_inline struct sock *sock_of_file(struct task_struct *task, __u32 number)
{
	struct fdtable *table = BPF_CORE_READ(task, files, fdt);
	struct file **files = BPF_CORE_READ(table, fd), *file = NULL;
	struct socket *socket;

	if (number >= BPF_CORE_READ(table, max_fds) ||
	    bpf_probe_read_kernel(&file, sizeof(file), files + number) < 0)
		return NULL;
	socket = BPF_CORE_READ(file, private_data);
	return BPF_CORE_READ(socket, file) == file ? BPF_CORE_READ(socket, sk) : NULL;
}

static __noinline int called(__u32 number, __u32 file, long ret)
{
	struct sock *sk = sock_of_file(current_task(), file);
	__u64 cookie = BPF_CORE_READ(sk, __sk_common.skc_cookie.counter);
	__u16 family = BPF_CORE_READ(sk, __sk_common.skc_family);

	if (!cookie || (family != AF_INET && family != AF_INET6) ||
	    BPF_CORE_READ(sk, sk_protocol) != IPPROTO_TCP)
		return 0;
	if (number == __NR_connect) {
		conn_called(cookie, sk, ret);
	} else {
		take_over(cookie, sk);
		conn_accepted(cookie, sk);
	}
	return 0;
}

SEC("tp_btf/sys_exit")
int BPF_PROG(on_call, struct pt_regs *regs, long ret)
{
	struct pt_regs___call *call = (void *)regs;
	bool x86 = bpf_core_field_exists(call->orig_ax);
	__u64 number = x86 ? call->orig_ax : call->syscallno;

	if (number == __NR_connect)
		called(number, x86 ? call->di : call->orig_x0, ret);
	else if ((number == __NR_accept || number == __NR_accept4) && ret >= 0)
		called(number, ret, ret);
	return 0;
}

/*
 * Where the kernel does not tell of messages: a process that forks passes on its connections, and
 * the child may be the one to use them. A function of its own, not static: the verifier looks at it
 * once. False past the last file.
 */
__noinline int pass_on(__u32 number)
{
	struct sock *sk = sock_of_file(current_task(), number);
	__u64 cookie = BPF_CORE_READ(sk, __sk_common.skc_cookie.counter);
	struct socket_entry *known = bpf_map_lookup_elem(&sockets, &cookie);

	if (known && !known->estimated && known->tuple.family &&
	    known->tuple.kind == ABI_SOCKET_CONNECTED &&
	    known->process.tgid == bpf_get_current_pid_tgid() >> 32) {
		known->estimated = ABI_ESTIMATED_PASSED_ON;
		tell(cookie, known, ABI_EVENT_SOCKET, false);
	}
	return number < BPF_CORE_READ(current_task(), files, fdt, max_fds);
}

SEC("tp_btf/sched_process_fork")
int BPF_PROG(on_fork, struct task_struct *parent, struct task_struct *child)
{
	__u32 tgid = parent->tgid;

	if (child->tgid == parent->tgid || !bpf_map_lookup_elem(&processes, &tgid))
		return 0;
	for (__u32 i = 0; i < FORK_FILES && pass_on(i); i++)
		;
	return 0;
}

/* Processes */

static __always_inline void tell_process(struct task_struct *task, __u32 what)
{
	struct socket_event event = {.what = what, .fresh = true};

	fill_process(&event.entry.process, task);
	emit(&event, what == ABI_EVENT_EXEC);
}

SEC("tp_btf/sched_process_exec")
int BPF_PROG(on_exec, struct task_struct *task)
{
	__u32 tgid = task->tgid;

	if (bpf_map_lookup_elem(&processes, &tgid))
		tell_process(task, ABI_EVENT_EXEC);
	return 0;
}

SEC("tp_btf/sched_process_exit")
int BPF_PROG(on_exit, struct task_struct *task)
{
	__u32 tgid = task->tgid;

	if (task->signal->live.counter || !bpf_map_lookup_elem(&processes, &tgid))
		return 0;
	bpf_map_delete_elem(&processes, &tgid);
	tell_process(task, ABI_EVENT_EXIT);
	return 0;
}

/* Sockets that were there before, with the first process that has them open. */
SEC("iter/task_file")
int on_file(struct bpf_iter__task_file *ctx)
{
	struct socket_event event = {.what = ABI_EVENT_SCANNED};
	struct task_struct *task = ctx->task;
	struct file *file = ctx->file;
	struct socket *socket;
	struct sock *sk;
	__u16 family;

	if (!task || !file)
		return 0;
	socket = bpf_sock_from_file(file);
	if (!socket)
		return 0;
	sk = socket->sk;
	if (!sk)
		return 0;
	family = sk->__sk_common.skc_family;
	if (family != AF_INET && family != AF_INET6)
		return 0;
	event.cookie = bpf_get_socket_cookie(sk);
	if (bpf_map_lookup_elem(&sockets, &event.cookie))
		return 0;
	fill_process(&event.entry.process, task);
	read_tuple(sk, &event.entry.tuple);
	unmap_tuple(&event.entry.tuple);
	event.entry.netns = read_netns(sk);
	event.entry.estimated = ABI_ESTIMATED_SCANNED;
	store(event.cookie, &event.entry);
	is_new(&event.entry.process);
	bpf_seq_write(ctx->meta->seq, &event, sizeof(event));
	return 0;
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
