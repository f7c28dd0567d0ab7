# SPDX-License-Identifier: GPL-2.0-or-later
# Counts are exact: the totals are those of the kernel, and every flow has what was sent.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
need_command iperf3

new_ns a b
join a va 1 b vb 2 1
offloads a va off
offloads b vb off
to_b="to=02:00:00:00:01:02 from=02:00:00:00:01:01"
to_a="to=02:00:00:00:01:01 from=02:00:00:00:01:02"
modes="tcx clsact"
[ "$(in_ns a "$guest" query va)" != none ] || modes=clsact

from_a() { in_ns a "$spray" "$@"; }
from_b() { in_ns b "$spray" "$@"; }
# shellcheck disable=SC2086 # words
frames_to_b() {
	n=$1
	shift
	in_ns a "$spray" frames va "$n" $to_b "$@"
}

# Both ends count what passes between them. Nobody has the addresses ending in 99.
begin() {
	before_dropped="$(dropped a va) $(dropped b vb)"
	start_on left a va "$@" --json && start_on right b vb "$@" --json
}
end() {
	after_left=$(counters a va)
	after_right=$(counters b vb)
	stop left
	left_status=$status
	stop right
}

plain_traffic() {
	ok "$1: UDP" from_a udp 10.9.1.1 4001 10.9.1.99 5001 100 100
	from_a udp 10.9.1.1 4002 10.9.1.99 5001 17 1472
	from_a udp 10.9.1.1 4002 10.9.1.99 5002 1 0
	from_a udp fd09:1::1 4001 fd09:1::99 5001 90 100
	from_b udp 10.9.1.2 4001 10.9.1.99 5001 33 200
	from_b udp fd09:1::2 4001 fd09:1::99 5001 44 1452
	ok "$1: echo" from_a echo 10.9.1.2 20 56
	ok "$1: echo of 6" from_a echo fd09:1::2 21 56
	ok "$1: TCP" tcp a b 10.9.1.2 -n 3M
	ok "$1: TCP over 6, the other way" tcp a b fd09:1::2 -R -n 3M
}

# check_plain MODE IP_ONLY(0 or 1): bytes per frame are 14 less where only IP counts
check_plain() {
	l2=14
	[ "$2" = 0 ] || l2=0
	for end in left right; do
		[ $end = left ] && to_right=out to_left=in || to_right=in to_left=out
		is "$1, $end: UDP" "$(flow $end ".direction == \"$to_right\" and .proto == \"udp\" and
			.src_addr == \"10.9.1.1\" and .src_port == 4001 and
			.dst_addr == \"10.9.1.99\" and .dst_port == 5001")" \
			"100 $((100 * (l2 + 128)))"
		is "$1, $end: UDP of full size" "$(flow $end '.src_port == 4002 and .dst_port == 5001')" \
			"17 $((17 * (l2 + 1500)))"
		is "$1, $end: an empty datagram" "$(flow $end '.dst_port == 5002')" "1 $((l2 + 28))"
		is "$1, $end: UDP over 6" "$(flow $end ".direction == \"$to_right\" and
			.src_addr == \"fd09:1::1\" and .src_port == 4001 and
			.dst_addr == \"fd09:1::99\" and .dst_port == 5001")" \
			"90 $((90 * (l2 + 148)))"
		is "$1, $end: UDP back" "$(flow $end ".direction == \"$to_left\" and
			.src_addr == \"10.9.1.2\" and .dst_port == 5001")" "33 $((33 * (l2 + 228)))"
		is "$1, $end: UDP over 6 back" "$(flow $end ".direction == \"$to_left\" and
			.src_addr == \"fd09:1::2\" and .dst_port == 5001")" \
			"44 $((44 * (l2 + 1500)))"
		is "$1, $end: echo" "$(flow $end ".direction == \"$to_right\" and .proto == \"icmp\" and
			.detail == \"echo-request\"")" "20 $((20 * (l2 + 84)))"
		is "$1, $end: replies" "$(flow $end ".direction == \"$to_left\" and
			.proto == \"icmp\" and .detail == \"echo-reply\"")" "20 $((20 * (l2 + 84)))"
		is "$1, $end: echo of 6" "$(flow $end ".direction == \"$to_right\" and
			.proto == \"icmp6\" and .detail == \"echo-request\"")" \
			"21 $((21 * (l2 + 104)))"
		is "$1, $end: replies of 6" "$(flow $end ".direction == \"$to_left\" and
			.proto == \"icmp6\" and .detail == \"echo-reply\"")" \
			"21 $((21 * (l2 + 104)))"
	done
	check_ends "$1" "$2"
}

# without_l2 COUNTERS
without_l2() {
	# shellcheck disable=SC2086 # words
	set -- $1
	echo "in $2 $(($3 - 14 * $2)) out $5 $(($6 - 14 * $5))"
}

# What one end sends the other one gets: every flow, by both ends, and the counters of the kernel.
check_ends() {
	is "$1: both end well" "$left_status $status" "0 0"
	is "$1: nothing to say" "$(cat "$dir/left.err" "$dir/right.err")" ""
	is "$1: the books balance" "$(unbalanced left)$(unbalanced right)" ""
	is "$1: nothing is dropped" "$(dropped a va) $(dropped b vb)" "$before_dropped"
	want_left=$(minus "$after_left" "$before_left")
	want_right=$(minus "$after_right" "$before_right")
	if [ "$2" = 1 ]; then
		want_left=$(without_l2 "$want_left") want_right=$(without_l2 "$want_right")
	fi
	is "$1, left: totals of the kernel" "$(ledger left va)" "$want_left"
	is "$1, right: totals of the kernel" "$(ledger right vb)" "$want_right"
	seen_left=$(report left '.flows[] | select(.direction == "out") |
		del(.in_if, .direction) | [.proto, .src_addr, .src_port, .dst_addr, .dst_port,
		.detail, .vlan, .packets, .bytes, .tcp_flags, .folded] | tojson' | sort)
	seen_right=$(report right '.flows[] | select(.direction == "in") |
		del(.in_if, .direction) | [.proto, .src_addr, .src_port, .dst_addr, .dst_port,
		.detail, .vlan, .packets, .bytes, .tcp_flags, .folded] | tojson' | sort)
	is "$1: both ends see the same flows" "$seen_left" "$seen_right"
}

strange_traffic() {
	frames_to_b 30 vlan=5 ip=10.9.1.1,10.9.1.99 udp=1000,2000 pad=50
	frames_to_b 20 qinq=7 vlan=8 ip=10.9.1.1,10.9.1.99 udp=1000,2000 pad=50
	frames_to_b 25 vlan=5 ip=fd09:1::1,fd09:1::99 udp=1000,2000 pad=50
	frames_to_b 6 ip=10.9.1.1,10.9.1.99 frag=0,1 udp=3000,4000 pad=1472
	frames_to_b 6 ip=10.9.1.1,10.9.1.99 frag=1480,0 proto=17 pad=100
	frames_to_b 7 ip=fd09:1::1,fd09:1::99 frag=0,1 udp=3000,4000 pad=1400
	frames_to_b 7 ip=fd09:1::1,fd09:1::99 frag=1408,0 proto=17 pad=100
	frames_to_b 8 ip=10.9.1.1,10.9.1.99 proto=89 pad=40
	frames_to_b 4 arp=2,10.9.1.1,10.9.1.99 pad=18
	frames_to_b 11 type=88b5 pad=46
	frames_to_b 3 type=88b5 pad=0
	frames_to_b 9 type=0800 pad=46                                # not version 4
	frames_to_b 5 ip=10.9.1.1,10.9.1.99 udp=1,2 cut=33            # in the IP header
	frames_to_b 6 ip=10.9.1.1,10.9.1.99 udp=1,2 cut=38            # in the UDP header
	frames_to_b 7 ip=fd09:1::1,fd09:1::99 tcp=1,2,2 cut=60        # in the TCP header
	frames_to_b 1 ip=10.9.1.1,10.9.1.99 udp=1,2 cut=14
}

# Of these the kernel drops all that come in before any hook.
cut_tags() { frames_to_b 2 vlan=5 cut=16; }

# check_strange MODE ARP_FLOWS(0 or 1)
check_strange() {
	for end in left right; do
		[ $end = left ] && direction=out || direction=in
		is "$1, $end: one tag" "$(flow $end '.vlan == 5 and .src_addr == "10.9.1.1"')" \
			"30 $((30 * (14 + 4 + 28 + 50)))"
		is "$1, $end: two tags, the outer one counts" "$(flow $end '.vlan == 7')" \
			"20 $((20 * (14 + 8 + 28 + 50)))"
		is "$1, $end: one tag, 6" "$(flow $end '.vlan == 5 and .src_addr == "fd09:1::1"')" \
			"25 $((25 * (14 + 4 + 48 + 50)))"
		is "$1, $end: first fragments" "$(flow $end '.src_port == 3000 and
			.src_addr == "10.9.1.1"')" "6 $((6 * (14 + 28 + 1472)))"
		is "$1, $end: later fragments" "$(flow $end '.proto == "udp" and .vlan == null and
			(.src_port // 0) == 0 and .src_addr == "10.9.1.1"')" "6 $((6 * (14 + 20 + 100)))"
		is "$1, $end: first fragments of 6" "$(flow $end '.src_port == 3000 and
			.src_addr == "fd09:1::1"')" "7 $((7 * (14 + 56 + 1400)))"
		is "$1, $end: later fragments of 6" "$(flow $end '.proto == "udp" and
			.vlan == null and (.src_port // 0) == 0 and .src_addr == "fd09:1::1"')" \
			"7 $((7 * (14 + 48 + 100)))"
		is "$1, $end: a protocol without ports" "$(flow $end '.proto == "ospf"')" \
			"8 $((8 * (14 + 20 + 40)))"
		arp=4
		[ "$2" = 1 ] || arp=0
		is "$1, $end: ARP" "$(flow $end '.proto == "arp"')" "$arp $((arp * 60))"
		other=$(report $end --arg direction "$direction" '.ledger[] |
			select(.direction == $direction) | .other |
			[.not_ip.packets, .not_ip.bytes, .malformed.packets, .malformed.bytes,
			.no_room.packets] | join(" ")')
		is "$1, $end: other" "$other" \
			"$((14 + 4 - arp)) $((11 * 60 + 3 * 14 + (4 - arp) * 60)) 28 $((9 * 60 + \
			5 * 33 + 6 * 38 + 7 * 60 + 14)) 0"
	done
	check_ends "$1" 0
}

for mode in $modes; do
	ok "$mode: start" begin --attach "$mode"
	plain_traffic "$mode"
	end
	is "$mode: attached as asked" "$(report left '.interfaces[0].attach')" "$mode"
	check_plain "$mode" 0

	ok "$mode, strange frames: start" begin --attach "$mode"
	strange_traffic
	end
	check_strange "$mode, strange frames" 1
done
[ "$modes" = clsact ] && pass "tcx # SKIP the kernel has no TCX"

ok "--layer ip: start" begin --layer ip
plain_traffic "--layer ip"
end
is "--layer ip: the report says so" "$(report left .layer)" ip
check_plain "--layer ip" 1

ok "--no-arp: start" begin --no-arp
strange_traffic
end
check_strange "--no-arp" 0

ok "frames that end in their tag: start" begin
cut_tags
end
is "frames that end in their tag: out" \
	"$(report left '.ledger[] | .other.malformed | "\(.packets) \(.bytes)"')" "0 0
2 32"
is "frames that end in their tag: dropped by the kernel before they come in" \
	"$(ledger right vb)" "in 0 0 out 0 0"

done_testing
