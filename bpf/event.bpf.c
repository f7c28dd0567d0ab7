/* SPDX-License-Identifier: GPL-2.0-or-later OR BSD-2-Clause */
/*
 * Programs for the tc hooks that pass payload to user space: of DNS by its port, of TCP connections
 * that begin like HTTP or TLS, and the datagrams that begin QUIC. They hold and change no packet.
 */
#include "vmlinux.h"

#include "abi-event.h"
#include "frame.bpf.h"
#include "method.bpf.h"

/* ABI_PAYLOAD_*; set before loading. */
const volatile __u32 wanted = 0;

#define PORT_DNS 53
#define TCP_ENDS (TCP_SYN | TCP_FIN | TCP_RST)

struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 4096);
} segments SEC(".maps");

/* A TCP connection on one interface, the same for both directions. */
struct connection {
	__u64 low[2]; /* the ends, that with the smaller address and port first */
	__u64 high[2];
	__u64 tuple; /* without the direction, ports in the order of the ends */
};

struct followed {
	__u32 begin[2]; /* sequence numbers at first: from the lower end, from the higher */
	__u8 what;
	__u8 fins; /* bits of directions that have ended */
	__u8 reserved[2];
};

/* The oldest make room for new ones. The size is set before loading. */
struct {
	__uint(type, BPF_MAP_TYPE_LRU_HASH);
	__uint(max_entries, 1);
	__type(key, struct connection);
	__type(value, struct followed);
} connections SEC(".maps");

struct scratch {
	struct packet packet;
	struct connection connection;
	struct event_segment segment;
	__u8 data[ABI_SEGMENT_SIZE]; /* behind the segment: they go out together */
};

struct {
	__uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
	__uint(max_entries, 1);
	__type(key, __u32);
	__type(value, struct scratch);
} scratches SEC(".maps");

volatile __u64 n_lost[ABI_LOST_MAX];
volatile __u64 n_made, n_removed; /* connections */
volatile __u64 woken_ns;

static __always_inline struct scratch *find_scratch(void)
{
	__u32 zero = 0;

	return bpf_map_lookup_elem(&scratches, &zero);
}

static __always_inline void count_lost(__u32 reason)
{
	__sync_fetch_and_add(&n_lost[reason], 1);
}

/* User space reads on for a while once it was woken: see capture-segment.c. */
static __always_inline __u64 choose_wakeup(__u64 now_ns)
{
	if (now_ns - woken_ns < ABI_WAKE_NS &&
	    bpf_ringbuf_query(&segments, BPF_RB_AVAIL_DATA) <
		    bpf_ringbuf_query(&segments, BPF_RB_RING_SIZE) / 2)
		return BPF_RB_NO_WAKEUP;
	woken_ns = now_ns;
	return BPF_RB_FORCE_WAKEUP;
}

/* Sends the segment in scratch with size octets that begin at offset of the packet. */
__noinline int put_segment(struct __sk_buff *skb, __u32 offset, __u32 size, __u32 wire_size)
{
	struct scratch *scratch = find_scratch();
	__u64 now_ns = bpf_ktime_get_ns();
	__u32 len = size;

	if (!scratch)
		return 0;
	if (size) {
		/* said in the way that every verifier follows */
		len = ((size - 1) & (ABI_SEGMENT_SIZE - 1)) + 1;
		if (bpf_skb_load_bytes(skb, offset, scratch->data, len)) {
			count_lost(ABI_LOST_LOAD);
			return 0;
		}
	}
	len &= 2 * ABI_SEGMENT_SIZE - 1;
	if (len > ABI_SEGMENT_SIZE)
		return 0;
	scratch->segment.time_ns = now_ns;
	scratch->segment.size = size;
	scratch->segment.wire_size = wire_size;
	if (bpf_ringbuf_output(&segments, &scratch->segment, sizeof(scratch->segment) + len,
			       choose_wakeup(now_ns)))
		count_lost(ABI_LOST_RING);
	return 0;
}

/*
 * Sends size octets of payload from offset on, in steps, each of which has its own sequence number.
 * The last one says how much is missing behind it.
 */
__noinline int put_payload(struct __sk_buff *skb, __u32 offset, __u32 size, __u32 step)
{
	struct scratch *scratch = find_scratch();
	__u8 flags;

	if (!scratch)
		return 0;
	flags = scratch->segment.tcp_flags;
	for (__u32 i = 0; i < ABI_SEGMENTS_MAX; i++) {
		__u32 part = size < step ? size : step;

		if (!size)
			break;
		size -= part;
		scratch->segment.tcp_flags = size ? flags & ~TCP_FIN : flags;
		put_segment(skb, offset, part, i == ABI_SEGMENTS_MAX - 1 ? part + size : part);
		scratch->segment.seq += part;
		offset += part;
	}
	return 0;
}

/* The first four octets of a request or an answer. The compiler makes a search by halves of it. */
static __always_inline bool is_http(__u32 word)
{
#define FIRST(text) ((__u32)(text)[0] << 24 | (text)[1] << 16 | (text)[2] << 8 | (text)[3])
#define IS_METHOD(text) word == FIRST(text) ||
	return HTTP_METHODS(IS_METHOD) word == FIRST("CONNECT ") || word == FIRST("HTTP/1.");
#undef IS_METHOD
#undef FIRST
}

/* What a TCP connection is whose first octets stand at offset. */
static __always_inline __u8 judge_begin(struct __sk_buff *skb, __u32 offset)
{
	__u8 octets[6];

	if (bpf_skb_load_bytes(skb, offset, octets, sizeof(octets)))
		return 0;
	if (wanted & ABI_PAYLOAD_HTTP && is_http(bpf_ntohl(*(__u32 *)octets)))
		return ABI_PAYLOAD_HTTP;
	/* RFC 8446, 5.1 and 4: a record of handshake, version 3.x, with a ClientHello */
	if (wanted & ABI_PAYLOAD_TLS && octets[0] == 0x16 && octets[1] == 3 && octets[5] == 1)
		return ABI_PAYLOAD_TLS;
	return 0;
}

/* Fills in the connection of the packet in scratch. True when it comes from the higher end. */
static __always_inline bool set_connection(struct scratch *scratch)
{
	const __u32 *addrs = (const __u32 *)scratch->packet.addrs;
	struct connection *connection = &scratch->connection;
	__u64 tuple = scratch->segment.tuple;
	__u64 src[2] = {addrs[0], 0}, dst[2] = {addrs[1], 0};
	__u32 ports = tuple;
	bool higher;

	if (scratch->segment.family == 6) {
		src[0] = scratch->packet.addrs[0];
		src[1] = scratch->packet.addrs[1];
		dst[0] = scratch->packet.addrs[2];
		dst[1] = scratch->packet.addrs[3];
	}
	higher = src[0] > dst[0] ||
		 (src[0] == dst[0] &&
		  (src[1] > dst[1] || (src[1] == dst[1] && (ports & 0xffff) > ports >> 16)));
	if (higher)
		ports = ports >> 16 | ports << 16;
	connection->tuple = (tuple & ~(0xffffffffULL | 1ULL << ABI_HOOK_SHIFT)) | ports;
	connection->low[0] = higher ? dst[0] : src[0];
	connection->low[1] = higher ? dst[1] : src[1];
	connection->high[0] = higher ? src[0] : dst[0];
	connection->high[1] = higher ? src[1] : dst[1];
	return higher;
}

static __always_inline void forget(const struct connection *connection)
{
	if (!bpf_map_delete_elem(&connections, connection))
		__sync_fetch_and_add(&n_removed, 1);
}

/* What the segment in scratch is of, if it is to be passed; 0 if not. */
__noinline int follow(struct __sk_buff *skb, __u32 offset, __u32 size, __u32 ack)
{
	struct scratch *scratch = find_scratch();
	struct followed new = {}, *known;
	__u8 flags, what;
	bool higher;

	if (!scratch)
		return 0;
	flags = scratch->segment.tcp_flags;
	higher = set_connection(scratch);
	known = bpf_map_lookup_elem(&connections, &scratch->connection);
	if (known) {
		what = known->what;
		if (flags & TCP_FIN)
			known->fins |= higher ? 2 : 1;
		/* over, or the same ports are used again */
		if (flags & (TCP_RST | TCP_SYN) || known->fins == 3)
			forget(&scratch->connection);
		else if (what == ABI_PAYLOAD_TLS && !(flags & TCP_FIN) &&
			 scratch->segment.seq - known->begin[higher] >= ABI_TLS_OCTETS)
			return 0;
		return what;
	}
	what = size ? judge_begin(skb, offset) : 0;
	if (!what)
		return 0;
	new.begin[0] = higher ? ack : scratch->segment.seq;
	new.begin[1] = higher ? scratch->segment.seq : ack;
	new.what = what;
	if (!bpf_map_update_elem(&connections, &scratch->connection, &new, BPF_ANY))
		__sync_fetch_and_add(&n_made, 1);
	return what;
}

static __always_inline bool is_dns(__u64 tuple)
{
	return wanted & ABI_PAYLOAD_DNS &&
	       ((tuple & PORT_SRC_MASK) == (PORTS(PORT_DNS, 0) & PORT_SRC_MASK) ||
		(tuple & PORT_DST_MASK) == (PORTS(0, PORT_DNS) & PORT_DST_MASK));
}

/* The packet is that in scratch, and its payload ends before end. */
__noinline int pass_tcp(struct __sk_buff *skb, __u32 end)
{
	struct scratch *scratch = find_scratch();
	__u32 header[5], offset, size;
	__u8 what;

	if (!scratch)
		return 0;
	offset = scratch->packet.header_len;
	if (offset < scratch->packet.l4_offset + sizeof(header) || offset > end ||
	    bpf_skb_load_bytes(skb, scratch->packet.l4_offset, header, sizeof(header)))
		return 0;
	size = end - offset;
	scratch->segment.tcp_flags = scratch->packet.flags;
	if (!size && !(scratch->packet.flags & TCP_ENDS))
		return 0;
	scratch->segment.seq = bpf_ntohl(header[1]);
	if (scratch->packet.flags & TCP_SYN)
		scratch->segment.seq++; /* of data; RFC 7413 */
	what = is_dns(scratch->segment.tuple) ? ABI_PAYLOAD_DNS
					      : follow(skb, offset, size, bpf_ntohl(header[2]));
	if (!what)
		return 0;
	scratch->segment.what = what;
	if (scratch->packet.flags & TCP_SYN) {
		scratch->segment.seq--;
		put_segment(skb, 0, 0, 0);
		scratch->segment.seq++;
		scratch->segment.tcp_flags &= ~TCP_SYN;
	} else if (!size) {
		put_segment(skb, 0, 0, 0);
	}
	put_payload(skb, offset, size, ABI_SEGMENT_SIZE);
	return 0;
}

/*
 * RFC 9000, 17.2.2; RFC 9369, 3.2: a packet with a long header, of type Initial. The fixed bit may be
 * any (RFC 9287).
 */
static __always_inline bool is_initial(struct __sk_buff *skb, __u32 offset)
{
	__u8 octets[5];
	__u32 version;

	if (bpf_skb_load_bytes(skb, offset, octets, sizeof(octets)))
		return false;
	version =
		(__u32)octets[1] << 24 | (__u32)octets[2] << 16 | (__u32)octets[3] << 8 | octets[4];
	return (version == 1 && (octets[0] & 0xb0) == 0x80) ||
	       (version == 0x6b3343cf && (octets[0] & 0xb0) == 0x90);
}

__noinline int pass_udp(struct __sk_buff *skb, __u32 end)
{
	struct scratch *scratch = find_scratch();
	__u32 offset, size, wire_size, step = skb->gso_size;
	__u16 header[4];

	if (!scratch)
		return 0;
	offset = scratch->packet.header_len;
	if (offset >= end ||
	    bpf_skb_load_bytes(skb, scratch->packet.l4_offset, header, sizeof(header)))
		return 0;
	scratch->segment.tcp_flags = 0;
	scratch->segment.seq = 0;
	if (is_dns(scratch->segment.tuple))
		scratch->segment.what = ABI_PAYLOAD_DNS;
	else if (wanted & ABI_PAYLOAD_TLS && is_initial(skb, offset))
		scratch->segment.what = ABI_PAYLOAD_TLS;
	else
		return 0;
	size = wire_size = end - offset;
	if (step) { /* each of the super-frame's datagrams */
		if (step > ABI_SEGMENT_SIZE) {
			count_lost(ABI_LOST_LOAD);
			return 0;
		}
		put_payload(skb, offset, size, step);
		return 0;
	}
	/* of a datagram in fragments, its length tells how much is in the others */
	if (bpf_ntohs(header[2]) > sizeof(header))
		wire_size = bpf_ntohs(header[2]) - sizeof(header);
	if (size > wire_size)
		size = wire_size;
	if (size > ABI_SEGMENT_SIZE)
		size = ABI_SEGMENT_SIZE;
	put_segment(skb, offset, size, wire_size);
	return 0;
}

/* Leaves the packet in scratch. Global, so that the verifier looks at it once. */
__noinline int parse_any(struct __sk_buff *skb, __u32 flags)
{
	struct scratch *scratch = find_scratch();

	return scratch ? parse_skb(skb, flags, false, &scratch->packet) : VERDICT_MALFORMED;
}

/* A packet that may be of interest. */
__noinline int pass_any(struct __sk_buff *skb, __u32 out)
{
	struct scratch *scratch = find_scratch();
	__u64 entry = find_iface(skb->ifindex);
	__u32 flags = entry >> 48, end = skb->len;
	enum verdict verdict;
	__u8 proto;

	if (!scratch)
		return 0;
	verdict = parse_any(skb, flags);
	if (verdict == VERDICT_SHORT && !pull_headers(skb))
		verdict = parse_any(skb, flags);
	if (verdict > VERDICT_IPV6 || !scratch->packet.header_len)
		return 0;
	if (!skb->gso_size && scratch->packet.l3_len &&
	    scratch->packet.l2_len + scratch->packet.l3_len < end)
		end = scratch->packet.l2_len + scratch->packet.l3_len; /* short frames are padded */
	scratch->segment.addrs[0] = scratch->packet.addrs[0];
	scratch->segment.addrs[1] = scratch->packet.addrs[1];
	scratch->segment.addrs[2] = scratch->packet.addrs[2];
	scratch->segment.addrs[3] = scratch->packet.addrs[3];
	scratch->segment.tuple = scratch->packet.tuple | ((entry >> 32 & 0xffff) * 2 + out)
								 << ABI_HOOK_SHIFT;
	scratch->segment.family = verdict == VERDICT_IPV6 ? 6 : 4;
	proto = scratch->packet.tuple >> ABI_PROTO_SHIFT;
	if (proto == PROTO_TCP)
		return pass_tcp(skb, end);
	if (proto == PROTO_UDP)
		return pass_udp(skb, end);
	return 0;
}

/* What needs no second look: a common packet of another protocol, or of another port. */
static __always_inline bool is_foreign(struct __sk_buff *skb)
{
	void *data = (void *)(long)skb->data, *end = (void *)(long)skb->data_end;
	struct packet packet = {};
	__u8 proto;

	if (data + 14 > end)
		return false;
	if (LOAD16(data + 12) == bpf_htons(ETHERTYPE_IPV4)) {
		if (parse_ipv4(data + 14, end, 14, true, &packet) != VERDICT_IPV4)
			return false;
	} else if (LOAD16(data + 12) == bpf_htons(ETHERTYPE_IPV6)) {
		if (parse_ipv6(data + 14, end, 14, true, &packet) != VERDICT_IPV4)
			return false;
	} else {
		return false;
	}
	proto = packet.tuple >> ABI_PROTO_SHIFT;
	return !is_dns(packet.tuple) &&
	       !(wanted & ABI_PAYLOAD_TLS || (wanted & ABI_PAYLOAD_HTTP && proto == PROTO_TCP));
}

static __always_inline int pass(struct __sk_buff *skb, __u32 out)
{
	if (!(find_iface(skb->ifindex) >> 48 & ABI_IFACE_LAYER3) && is_foreign(skb))
		return NEXT;
	(void)pass_any(skb, out);
	return NEXT;
}

SEC("tc")
int on_ingress(struct __sk_buff *skb)
{
	return pass(skb, 0);
}

SEC("tc")
int on_egress(struct __sk_buff *skb)
{
	return pass(skb, 1);
}

char LICENSE[] SEC("license") = "Dual BSD/GPL";
