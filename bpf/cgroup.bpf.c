/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Programs for cgroup_skb: count every packet that the sockets of a cgroup send and receive, change
 * none. A packet begins with its IP header here. Egress runs in the context of the sending process,
 * or of whatever the packet waited for; so the maps are those of hash.bpf.h.
 */
#include "vmlinux.h"

#include "hash.bpf.h"
#include "watch.bpf.h"
#include <bpf/bpf_core_read.h>

/* By parity of the epoch and direction; written by user space. */
struct watch watches[2][2];

#define ALLOW 1 /* so that what else is attached decides */

/*
 * Interface in its network namespace: the number of the namespace above, the index below. A cgroup
 * may hold sockets of several namespaces, where the same index means different interfaces.
 */
static __always_inline __u64 place_of(struct __sk_buff *skb)
{
	struct sk_buff *kernel = (void *)skb; /* which it is, to a reader of memory */
	struct sock *sk = BPF_CORE_READ(kernel, sk);
	__u64 netns = 0;

	if (bpf_core_field_exists(sk->__sk_common.skc_net.net))
		netns = BPF_CORE_READ(sk, __sk_common.skc_net.net, ns.inum);
	return netns << 32 | skb->ifindex;
}

/*
 * Any packet. The IP header is in the linear part, since the kernel has read it; what follows may
 * lie outside and is loaded then (there is no pulling here).
 */
static __noinline int parse_skb(struct __sk_buff *skb, struct packet *packet)
{
	__u8 transport[20];
	int verdict = parse_frame((void *)(long)skb->data, (void *)(long)skb->data_end, true, 0,
				  skb->protocol, 0, false, packet);
	__u32 offset = packet->l4_offset, len = skb->len;
	bool ipv4 = skb->protocol == bpf_htons(ETHERTYPE_IPV4);

	if (likely(verdict != VERDICT_SHORT) || !offset || offset >= len)
		return verdict;
	if (len - offset >= 20 ? bpf_skb_load_bytes(skb, offset, transport, 20)
			       : bpf_skb_load_bytes(skb, offset, transport, 8))
		return verdict;
	/* the protocol is in the tuple, and is put there again */
	verdict = parse_transport(transport, transport + (len - offset >= 20 ? 20 : 8), offset,
				  packet->tuple >> ABI_PROTO_SHIFT, false, packet);
	return verdict == VERDICT_IPV4 && !ipv4 ? VERDICT_IPV6 : verdict;
}

/*
 * Bytes of all headers of a super-frame up to the payload that is cut into segments; a tunnel's
 * include the inner packet's. 0: not known. Global, so that the verifier looks at it once.
 */
__noinline __u32 find_headers(struct __sk_buff *skb)
{
	struct packet packet = {}, inner = {};
	__u16 ethertype = 0;
	__u32 offset;

	if (parse_skb(skb, &packet) > VERDICT_IPV6)
		return 0;
	offset = find_inner((void *)(long)skb->data, (void *)(long)skb->data_end, &packet,
			    &ethertype) &
		 0x3ff;
	if (!offset)
		return packet.header_len;
	if (parse_frame((void *)(long)skb->data + offset, (void *)(long)skb->data_end,
			ethertype != bpf_htons(ETHERTYPE_ETHERNET), 0, ethertype, 0, false,
			&inner) > VERDICT_IPV6 ||
	    !inner.header_len)
		return 0;
	return offset + inner.header_len;
}

/* What nearly every packet is, with its header in the linear part. */
static __always_inline int parse_common(struct __sk_buff *skb, struct packet *packet)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;

	if (skb->protocol == bpf_htons(ETHERTYPE_IPV4))
		return parse_ipv4(data, end, 0, true, packet);
	if (skb->protocol == bpf_htons(ETHERTYPE_IPV6) &&
	    parse_ipv6(data, end, 0, true, packet) == VERDICT_IPV4)
		return VERDICT_IPV6;
	return VERDICT_RARE;
}

static __always_inline int count_skb(struct __sk_buff *skb, bool out)
{
	__u64 now = epoch, place = place_of(skb);
	struct hash_hook_key hook = {.place = place, .direction = out};
	struct hash_count count = {.packets = 1, .bytes = skb->len};
	struct watch *watch = &watches[now & 1][out];
	struct packet packet = {};
	__u64 full = 0;
	bool is_new;
	int verdict = parse_common(skb, &packet);

	if (verdict > VERDICT_IPV6) {
		packet = (struct packet){};
		verdict = parse_skb(skb, &packet);
	}
	if (skb->gso_size) {
		__u32 header_len = find_headers(skb);

		count.packets = count_segments(skb->gso_segs, skb->gso_size, skb->len, header_len);
		count.bytes += (count.packets - 1) * header_len;
		full = header_len + skb->gso_size;
	}
	count.flags = packet.flags;
	if (unlikely(watch->ip_version) &&
	    watch_matches(watch, verdict, packet.addrs, packet.tuple | (__u64)out << ABI_HOOK_SHIFT,
			  place))
		watch_tally(watch, count.packets, count.bytes, full);
	hash_account(now, verdict, packet.addrs, packet.tuple, place, &hook, &count, &is_new);
	return ALLOW;
}

SEC("cgroup_skb/ingress")
int on_ingress(struct __sk_buff *skb)
{
	return count_skb(skb, false);
}

SEC("cgroup_skb/egress")
int on_egress(struct __sk_buff *skb)
{
	return count_skb(skb, true);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
