/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Programs that count what processes send and receive through their sockets: bytes by the return
 * value of the call, so that what failed or was cut short counts as what it was.
 *
 * Calls are seen in one of three ways, and user space loads the programs of one of them:
 * tracepoints of the socket layer (sock_send_length, sock_recv_length: Linux 6.3, commit
 * 6e6eda44b939); the ends of the functions that all calls pass through (inet_sendmsg and its
 * like); or their begins and ends by kprobes. The tracepoints do not say whom a datagram of an
 * unconnected UDP socket goes to or comes from, which programs of the root cgroup leave for them.
 */
#include "vmlinux.h"

#include "hash.bpf.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_tracing.h>

#define AF_INET 2
#define AF_INET6 10
#define SOCK_STREAM 1
#define SOCK_RAW 3
#define MSG_PEEK 2
#define MSG_ERRQUEUE 0x2000
#define PROTO_MPTCP 262 /* above what a packet can have: TCP on the wire */
#define NO_TYPE 255     /* of ICMP; raw sockets send and receive any */
#define TASKS_MAX 8192
#define SOCKETS_MAX 16384

/* Retransmits that found no room; calls of which the end was not seen (kprobes). */
volatile __u64 lost_retransmits;
volatile __u64 lost_calls;

HASH_OWNERS(owners, PROCESS_OWNERS);

/* The other end of a datagram, port in network order. */
struct peer {
	__u32 addr[4];
	__u32 set;
	__u16 port;
	__u16 ipv6;
};

/* Of the call that a thread is in, by thread. Used up by the tracepoint at the end of the call. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, TASKS_MAX);
	__type(key, __u64);
	__type(value, struct peer);
} peers SEC(".maps");

/* Who sent last on a TCP socket: what is sent again is sent by nobody. */
struct sender {
	__u64 place;
	__u32 ports;
	__u32 reserved;
};
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, SOCKETS_MAX);
	__type(key, __u64);
	__type(value, struct sender);
} senders SEC(".maps");

/* The ends of a socket, whichever way they were read. */
struct ends {
	__u32 local[4], remote[4];
	__u16 lport, rport; /* network order */
	__u16 family, type, proto;
};

/* trusted: the verifier knows what sk is, and it is read as it stands. */
#define GET(trusted, from, field) ((trusted) ? (from)->field : BPF_CORE_READ(from, field))

static __always_inline void read_ends(struct sock *sk, bool trusted, struct ends *ends)
{
	ends->family = GET(trusted, sk, __sk_common.skc_family);
	ends->type = GET(trusted, sk, sk_type);
	ends->proto = GET(trusted, sk, sk_protocol);
	ends->lport = bpf_htons(GET(trusted, sk, __sk_common.skc_num));
	ends->rport = GET(trusted, sk, __sk_common.skc_dport);
	if (ends->family == AF_INET) {
		ends->local[0] = GET(trusted, sk, __sk_common.skc_rcv_saddr);
		ends->remote[0] = GET(trusted, sk, __sk_common.skc_daddr);
	} else if (ends->family == AF_INET6 && trusted) {
#pragma unroll
		for (int i = 0; i < 4; i++) {
			ends->local[i] = sk->__sk_common.skc_v6_rcv_saddr.in6_u.u6_addr32[i];
			ends->remote[i] = sk->__sk_common.skc_v6_daddr.in6_u.u6_addr32[i];
		}
	} else if (ends->family == AF_INET6) {
		BPF_CORE_READ_INTO(&ends->local, sk, __sk_common.skc_v6_rcv_saddr);
		BPF_CORE_READ_INTO(&ends->remote, sk, __sk_common.skc_v6_daddr);
	}
}

static __always_inline bool is_mapped(const __u32 *addr)
{
	return !addr[0] && !addr[1] && addr[2] == bpf_htonl(0xffff);
}

/* IPv4 on an IPv6 socket is IPv4. */
static __always_inline void unmap(struct ends *ends)
{
	if (ends->family != AF_INET6 || !(is_mapped(ends->remote) || is_mapped(ends->local)))
		return;
	ends->family = AF_INET;
	ends->local[0] = is_mapped(ends->local) ? ends->local[3] : 0;
	ends->remote[0] = is_mapped(ends->remote) ? ends->remote[3] : 0;
}

static __always_inline void set_peer(struct ends *ends, const struct peer *peer)
{
	ends->rport = peer->port;
	if (ends->family == AF_INET6 && !peer->ipv6) {
		ends->remote[0] = ends->remote[1] = 0;
		ends->remote[2] = bpf_htonl(0xffff);
		ends->remote[3] = peer->addr[0];
		return;
	}
	ends->remote[0] = peer->addr[0];
	ends->remote[1] = peer->addr[1];
	ends->remote[2] = peer->addr[2];
	ends->remote[3] = peer->addr[3];
}

/* Ports as of a packet in that direction; of ICMP type and code, as far as they are certain. */
static __always_inline __u64 make_tuple(const struct ends *ends, bool out)
{
	__u16 sport = out ? ends->lport : ends->rport, dport = out ? ends->rport : ends->lport;
	__u32 proto = ends->proto == PROTO_MPTCP ? PROTO_TCP : ends->proto & 0xff;

	if (proto == PROTO_ICMP || proto == PROTO_ICMPV6) {
		__u8 type = proto == PROTO_ICMP ? (out ? 8 : 0) : (out ? 128 : 129);

		/* ping sockets send requests and receive replies alone */
		sport = bpf_htons(ends->type == SOCK_RAW ? NO_TYPE : type);
		dport = ends->type == SOCK_RAW ? bpf_htons(NO_TYPE) : 0;
	} else if (ends->type == SOCK_RAW) {
		sport = dport = 0; /* where the protocol number of the socket is kept */
	}
	return (__u64)proto << ABI_PROTO_SHIFT | PORTS(bpf_ntohs(sport), bpf_ntohs(dport));
}

static __always_inline void make_addrs(const struct ends *ends, bool out, __u64 *addrs)
{
	const __u32 *src = out ? ends->local : ends->remote;
	const __u32 *dst = out ? ends->remote : ends->local;

	if (ends->family == AF_INET) {
		__builtin_memcpy((__u8 *)addrs, src, 4);
		__builtin_memcpy((__u8 *)addrs + 4, dst, 4);
		return;
	}
	__builtin_memcpy(addrs, src, 16);
	__builtin_memcpy(addrs + 2, dst, 16);
}

static __always_inline __u64 current_place(__u64 *ret_start_ns)
{
	struct task_struct *task = (void *)bpf_get_current_task();

	*ret_start_ns = BPF_CORE_READ(task, group_leader, start_boottime);
	return PROCESS_PLACE(bpf_get_current_pid_tgid() >> 32, *ret_start_ns);
}

/* A process that is new in this interval, or has a new flow; where there is no room for its name
 * user space still knows its number. */
static __noinline int note_owner(__u64 now, __u64 place, __u64 start_ns)
{
	struct task_struct *task = (void *)bpf_get_current_task();
	struct process_owner owner = {
		.start_ns = start_ns,
		.cgroup_id = bpf_get_current_cgroup_id(),
		.tgid = PROCESS_TGID(place),
		.uid = bpf_get_current_uid_gid(),
	};

	BPF_CORE_READ_INTO(&owner.comm, task, group_leader, comm);
	if (now & 1)
		(void)bpf_map_update_elem(&owners_odd, &place, &owner, BPF_ANY);
	else
		(void)bpf_map_update_elem(&owners_even, &place, &owner, BPF_ANY);
	return 0;
}

static __always_inline void count_call(struct sock *sk, long ret, bool out, bool trusted,
				       const struct peer *peer)
{
	struct hash_hook_key hook = {.direction = out};
	struct hash_count count = {.packets = 1, .bytes = ret};
	struct ends ends = {};
	__u64 now = epoch, place, start_ns, tuple, addrs[4] = {};
	bool is_new = false;

	if (ret < 0)
		return;
	read_ends(sk, trusted, &ends);
	if (ends.family != AF_INET && ends.family != AF_INET6)
		return;
	if (ends.type == SOCK_STREAM && !ret)
		return; /* the end of the stream, or nothing to send */
	if (peer && peer->set && ends.type != SOCK_STREAM)
		set_peer(&ends, peer);
	unmap(&ends);
	place = current_place(&start_ns);
	tuple = make_tuple(&ends, out);
	make_addrs(&ends, out, addrs);
	hash_account(now, ends.family == AF_INET ? VERDICT_IPV4 : VERDICT_IPV6, addrs, tuple, place,
		     &hook, &count, &is_new);
	if (!is_new)
		return;
	note_owner(now, place, start_ns);
	if (out && ends.type == SOCK_STREAM) {
		struct sender sender = {.place = place, .ports = tuple};
		__u64 key = (__u64)sk;

		(void)bpf_map_update_elem(&senders, &key, &sender, BPF_ANY);
	}
}

/* The socket is seldom that of a running process here. */
SEC("raw_tp/tcp_retransmit_skb")
int on_retransmit(struct bpf_raw_tracepoint_args *ctx)
{
	struct sock *sk = (void *)ctx->args[0];
	struct hash_count count = {.retransmits = 1};
	__u64 now = epoch, tuple, key = (__u64)sk, addrs[4] = {};
	struct ends ends = {};
	const struct sender *sender = bpf_map_lookup_elem(&senders, &key);
	bool is_new;

	read_ends(sk, false, &ends);
	unmap(&ends);
	ends.type = SOCK_STREAM;
	ends.proto = PROTO_TCP;
	tuple = make_tuple(&ends, true);
	make_addrs(&ends, true, addrs);
	if (!hash_flow(now, ends.family == AF_INET, addrs, tuple | 1ULL << ABI_HOOK_SHIFT,
		       sender && sender->ports == (__u32)tuple ? sender->place : 0, &count,
		       &is_new))
		HASH_ADD(lost_retransmits, 1);
	return 0;
}

/* By tracepoints */

static __always_inline void count_traced(struct sock *sk, int ret, bool out)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct peer peer = {}, *found = NULL;

	if (sk->sk_type != SOCK_STREAM)
		found = bpf_map_lookup_elem(&peers, &thread);
	if (found && found->set) {
		peer = *found;
		found->set = 0;
	}
	count_call(sk, ret, out, true, &peer);
}

SEC("tp_btf/sock_send_length")
int BPF_PROG(on_send_length, struct sock *sk, int ret, int flags)
{
	count_traced(sk, ret, true);
	return 0;
}

SEC("tp_btf/sock_recv_length")
int BPF_PROG(on_recv_length, struct sock *sk, int ret, int flags)
{
	count_traced(sk, flags & (MSG_PEEK | MSG_ERRQUEUE) ? -1 : ret, false);
	return 0;
}

static __always_inline int note_peer(struct bpf_sock_addr *ctx, bool ipv6)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct peer peer = {.set = 1, .port = ctx->user_port, .ipv6 = ipv6};

	if (ipv6) {
		peer.addr[0] = ctx->user_ip6[0];
		peer.addr[1] = ctx->user_ip6[1];
		peer.addr[2] = ctx->user_ip6[2];
		peer.addr[3] = ctx->user_ip6[3];
	} else {
		peer.addr[0] = ctx->user_ip4;
	}
	(void)bpf_map_update_elem(&peers, &thread, &peer, BPF_ANY);
	return 1; /* allowed */
}

SEC("cgroup/sendmsg4")
int on_sendmsg4(struct bpf_sock_addr *ctx)
{
	return note_peer(ctx, false);
}

SEC("cgroup/sendmsg6")
int on_sendmsg6(struct bpf_sock_addr *ctx)
{
	return note_peer(ctx, true);
}

SEC("cgroup/recvmsg4")
int on_recvmsg4(struct bpf_sock_addr *ctx)
{
	return note_peer(ctx, false);
}

SEC("cgroup/recvmsg6")
int on_recvmsg6(struct bpf_sock_addr *ctx)
{
	return note_peer(ctx, true);
}

/* By the functions of the socket layer */

/* The name in a message, which is in memory of the kernel. */
static __always_inline void read_name(struct msghdr *msg, struct peer *peer)
{
	void *name = BPF_CORE_READ(msg, msg_name);
	int size = BPF_CORE_READ(msg, msg_namelen);
	struct sockaddr_in6 addr = {};

	if (!name || size < (int)sizeof(struct sockaddr_in) ||
	    bpf_probe_read_kernel(&addr, sizeof(struct sockaddr_in), name))
		return;
	peer->port = addr.sin6_port; /* as in struct sockaddr_in */
	if (addr.sin6_family == AF_INET) {
		peer->addr[0] = addr.sin6_flowinfo; /* where that has the address */
		peer->set = 1;
	} else if (addr.sin6_family == AF_INET6 && size >= 24 &&
		   !bpf_probe_read_kernel(&addr, 24, name)) {
		__builtin_memcpy(peer->addr, &addr.sin6_addr, 16);
		peer->ipv6 = 1;
		peer->set = 1;
	}
}

static __always_inline void count_message(struct sock *sk, struct msghdr *msg, long ret, bool out)
{
	struct peer peer = {};

	if (ret < 0)
		return;
	if (msg)
		read_name(msg, &peer);
	count_call(sk, ret, out, false, &peer);
}

/* sendfile() before Linux 6.5; what is neither TCP nor UDP goes on to inet_sendmsg(). */
static __always_inline bool has_sendpage(struct sock *sk)
{
	__u16 proto = BPF_CORE_READ(sk, sk_protocol);

	return proto == PROTO_TCP || proto == PROTO_UDP;
}

#define FEXIT_SEND(function)                                                                       \
	SEC("fexit/" #function)                                                                    \
	int BPF_PROG(fexit_##function, struct socket *sock, struct msghdr *msg,                    \
		     unsigned long size, int ret)                                                  \
	{                                                                                          \
		count_message(BPF_CORE_READ(sock, sk), msg, ret, true);                            \
		return 0;                                                                          \
	}
#define FEXIT_RECV(function)                                                                       \
	SEC("fexit/" #function)                                                                    \
	int BPF_PROG(fexit_##function, struct socket *sock, struct msghdr *msg,                    \
		     unsigned long size, int flags, int ret)                                       \
	{                                                                                          \
		if (!(flags & (MSG_PEEK | MSG_ERRQUEUE)))                                          \
			count_message(BPF_CORE_READ(sock, sk), msg, ret, false);                   \
		return 0;                                                                          \
	}

FEXIT_SEND(inet_sendmsg)
FEXIT_SEND(inet6_sendmsg)
FEXIT_RECV(inet_recvmsg)
FEXIT_RECV(inet6_recvmsg)
FEXIT_RECV(sock_common_recvmsg)

SEC("fexit/inet_sendpage")
int BPF_PROG(fexit_inet_sendpage, struct socket *sock, void *page, int offset, unsigned long size,
	     int flags, long ret)
{
	struct sock *sk = BPF_CORE_READ(sock, sk);

	if (has_sendpage(sk))
		count_message(sk, NULL, ret, true);
	return 0;
}

SEC("fexit/tcp_splice_read")
int BPF_PROG(fexit_tcp_splice_read, struct socket *sock, void *position, void *pipe,
	     unsigned long size, unsigned int flags, long ret)
{
	count_message(BPF_CORE_READ(sock, sk), NULL, ret, false);
	return 0;
}

/* The same by kprobes: what a call began with, by thread, for its end. */

struct call {
	struct sock *sk;
	struct msghdr *msg;
	__u32 flags;
	__u32 under_way;
};
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, TASKS_MAX);
	__type(key, __u64);
	__type(value, struct call);
} calls SEC(".maps");

static __always_inline int begin_call(struct socket *sock, void *msg, __u32 flags, bool ignore)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct call call = {.sk = BPF_CORE_READ(sock, sk), .msg = msg, .flags = flags}, *before;

	before = bpf_map_lookup_elem(&calls, &thread);
	if (before && before->under_way)
		HASH_ADD(lost_calls, 1); /* too many calls were waiting for their end to be seen */
	call.under_way = !ignore;
	(void)bpf_map_update_elem(&calls, &thread, &call, BPF_ANY);
	return 0;
}

static __always_inline int end_call(long ret, bool out)
{
	__u64 thread = bpf_get_current_pid_tgid();
	struct call *found = bpf_map_lookup_elem(&calls, &thread), call;

	if (!found || !found->under_way)
		return 0;
	call = *found;
	found->under_way = 0;
	count_message(call.sk, call.msg, ret, out);
	return 0;
}

#define KPROBE(function, with_msg, flags, ignore, out)                                             \
	SEC("kprobe/" #function)                                                                   \
	int kprobe_##function(struct pt_regs *ctx)                                                 \
	{                                                                                          \
		struct socket *sock = (void *)PT_REGS_PARM1(ctx);                                  \
                                                                                                   \
		return begin_call(sock, with_msg ? (void *)PT_REGS_PARM2(ctx) : NULL, flags,       \
				  ignore);                                                         \
	}                                                                                          \
	SEC("kretprobe/" #function)                                                                \
	int kretprobe_##function(struct pt_regs *ctx)                                              \
	{                                                                                          \
		/* an int is the low half of the register; the others return no more */            \
		return end_call((int)PT_REGS_RC(ctx), out);                                        \
	}
#define IS_IGNORED(ctx) (PT_REGS_PARM4(ctx) & (MSG_PEEK | MSG_ERRQUEUE))

KPROBE(inet_sendmsg, true, 0, false, true)
KPROBE(inet6_sendmsg, true, 0, false, true)
KPROBE(inet_recvmsg, true, 0, IS_IGNORED(ctx), false)
KPROBE(inet6_recvmsg, true, 0, IS_IGNORED(ctx), false)
KPROBE(sock_common_recvmsg, true, 0, IS_IGNORED(ctx), false)
KPROBE(inet_sendpage, false, 0, !has_sendpage(BPF_CORE_READ(sock, sk)), true)
KPROBE(tcp_splice_read, false, 0, false, false)

char LICENSE[] SEC("license") = "Dual BSD/GPL";
