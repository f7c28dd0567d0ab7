# SPDX-License-Identifier: GPL-2.0-or-later
# Super-frames (GSO on the way out, GRO on the way in) count as the packets on the wire.
#
# Three hosts, a - m - b. The link from a to m takes super-frames, m forwards and has to cut them for
# its link to b, so that what b sees are the packets on the wire.
# shellcheck shell=sh disable=SC2034,SC2154

. "${top_srcdir:-.}/tests/netns/lib-netns.sh"
need_command iperf3 tcpdump

new_ns a m b
join a va 1 m ma 2 1
join m mb 1 b vb 2 2
for family in ipv4 ipv6; do
	in_ns m sh -c "echo 1 >/proc/sys/net/$family/conf/all/forwarding"
done
ip -n a route add default via 10.9.1.2
ip -n b route add default via 10.9.2.1
ip -n a -6 route add default via fd09:1::2
ip -n b -6 route add default via fd09:2::1
offloads a va on
offloads m ma on
offloads m mb off
offloads b vb off

captures() { grep -q "listening on" "$dir/tcpdump.err"; }
start_tcpdump() {
	: >"$dir/tcpdump.err"
	nsenter --net=/run/netns/b -- tcpdump -i vb -nU -s 96 -B 32768 -w "$dir/pcap" \
		2>"$dir/tcpdump.err" &
	tcpdump=$!
	pids="$pids $tcpdump"
	wait_for 10 captures
}
# A last frame, after which tcpdump has written all that came before.
has_mark() { [ -n "$(tcpdump -r "$dir/pcap" -n ether proto 0x88b5 2>/dev/null)" ]; }
end_tcpdump() {
	in_ns m "$spray" frames mb 1 to=02:00:00:00:02:02 from=02:00:00:00:02:01 type=88b5 pad=46
	ok "$1: tcpdump came to the end" wait_for 10 has_mark
	kill -TERM "$tcpdump"
	wait "$tcpdump"
	is "$1: tcpdump got everything" \
		"$(sed -n 's/^\([0-9]*\) packets dropped by kernel$/\1/p' "$dir/tcpdump.err")" 0
	tcpdump -r "$dir/pcap" -enn "$2" 2>/dev/null >"$dir/pcap.txt"
}
# pcap_count MAC: packets and bytes that came from it
pcap_count() {
	awk -v mac="$1" '$2 == mac { match($0, /, length [0-9]+:/)
		packets++; bytes += substr($0, RSTART + 9, RLENGTH - 10) }
		END { print packets + 0, bytes + 0 }' "$dir/pcap.txt"
}

all_dropped() { echo "$(dropped a va) $(dropped m ma) $(dropped m mb) $(dropped b vb)"; }
begin() {
	before_dropped=$(all_dropped)
	start left a -i va --json && start middle m -i 'm?' --json && start_on right b vb --json &&
		start_tcpdump
}
end() {
	end_tcpdump "$1" "$2"
	after_right=$(counters b vb)
	stop left
	stop middle
	stop right
}

# flows NAME DEVICE DIRECTION: of TCP and UDP, a line each
flows() {
	report "$1" --arg device "$2" --arg direction "$3" '.flows[] |
		select(.in_if == $device and .direction == $direction) |
		select(.proto == "tcp" or .proto == "udp") |
		[.proto, .src_addr, .src_port, .dst_addr, .dst_port, .packets, .bytes] | join(" ")' |
		sort
}

# sum: packets and bytes of flows on stdin
sum() { awk '{ packets += $6; bytes += $7 } END { print packets + 0, bytes + 0 }'; }

# largest: bytes of the flow on stdin with most of them
largest() { sort -k7n | tail -n 1 | cut -d' ' -f7; }

# check NAME
check() {
	right_in=$(flows right vb in) right_out=$(flows right vb out)
	is "$1: no drops" "$(all_dropped)" "$before_dropped"
	is "$1: the books balance" "$(unbalanced left)$(unbalanced middle)$(unbalanced right)" ""
	is "$1: what leaves a comes to b" "$(flows left va out)" "$right_in"
	is "$1: what leaves b comes to a" "$(flows left va in)" "$right_out"
	is "$1: and passes m, in" "$(flows middle ma in)" "$right_in"
	is "$1: and passes m, out" "$(flows middle mb out)" "$right_in"
	is "$1: and passes m the other way, in" "$(flows middle mb in)" "$right_out"
	is "$1: and passes m the other way, out" "$(flows middle ma out)" "$right_out"
	is "$1: tcpdump agrees, in" "$(pcap_count 02:00:00:00:02:01)" "$(echo "$right_in" | sum)"
	is "$1: tcpdump agrees, out" "$(pcap_count 02:00:00:00:02:02)" \
		"$(echo "$right_out" | sum)"
}

# check_wire NAME: the right end sees the packets on the wire, and so does its kernel
check_wire() {
	is "$1: the kernel of b agrees" "$(ledger right vb)" "$(minus "$after_right" "$before_right")"
}

# super_frames NAME: that there were any, which the counters of veth count as one
super_frames() {
	ok "$1: super-frames were sent" [ "$(flows left va out | sum | cut -d' ' -f1)" -gt \
		"$(($(echo "$after_left" | cut -d' ' -f5) - $(echo "$before_left" | cut -d' ' -f5)))" ]
}

for family in 4 6; do
	[ $family = 4 ] && host=10.9.2.2 || host=fd09:2::2
	what="TCP over $family"
	ok "$what: start" begin
	before_left=$(counters a va)
	ok "$what: transfer" tcp a b $host -n 20M
	after_left=$(counters a va)
	end "$what" tcp
	super_frames "$what"
	ok "$what: it is all there" [ "$(flows right vb in | largest)" -gt 10000000 ]
	check "$what"
	check_wire "$what"
	ok "$what: in full segments" [ "$(flows right vb in | sort -k6n | tail -n 1 |
		awk '{ print int($7 / $6) }')" -gt 1400 ]
done

ok "TCP from b: start" begin
ok "TCP from b: transfer" tcp a b 10.9.2.2 -R -n 10M -P 2
end "TCP from b" tcp
check "TCP from b"
check_wire "TCP from b"

# UDP_SEGMENT: 20 datagrams of 1000 bytes and a last one of 500 in each, to an address of nobody
ok "UDP: start" begin
before_left=$(counters a va)
in_ns a "$spray" udp 10.9.1.1 6000 10.9.2.99 7000 50 20500 1000
in_ns a "$spray" udp fd09:1::1 6000 fd09:2::99 7000 40 20500 1000
in_ns a "$spray" udp 10.9.1.1 6001 10.9.2.99 7000 10 999 1000
after_left=$(counters a va)
end "UDP" udp
case $(in_ns a ethtool -k va) in
*"tx-udp-segmentation: on"*) super_frames "UDP" ;;
*) pass "UDP: super-frames # SKIP this kernel cuts datagrams up before the device" ;;
esac
check "UDP"
check_wire "UDP"
is "UDP: segments of 4" "$(flow right '.src_port == 6000 and .src_addr == "10.9.1.1"')" \
	"$((50 * 21)) $((50 * (20500 + 21 * 42)))"
is "UDP: segments of 6" "$(flow right '.src_port == 6000 and .src_addr == "fd09:1::1"')" \
	"$((40 * 21)) $((40 * (20500 + 21 * 62)))"
is "UDP: a single segment" "$(flow right '.src_port == 6001')" "10 $((10 * 1041))"

# GRO puts together what came as packets on the wire. A small window, since its queue is short.
in_ns b ethtool -K vb gro on
# not before Linux 5.12, as GRO on a veth is not before 5.13 (commit d3256efd8e8b)
in_ns b ethtool -K vb rx-udp-gro-forwarding on 2>/dev/null
gro=$?
for family in 4 6; do
	[ $family = 4 ] && host=10.9.2.2 || host=fd09:2::2
	what="GRO, TCP over $family"
	ok "$what: start" begin
	ok "$what: transfer" tcp a b $host -n 20M -w 128K
	end "$what" tcp
	is "$what: no drops" "$(all_dropped)" "$before_dropped"
	is "$what: what leaves a comes to b" "$(flows right vb in)" "$(flows left va out)"
	is "$what: what leaves b comes to a" "$(flows left va in)" "$(flows right vb out)"
	if [ $gro = 0 ]; then
		ok "$what: the hook saw super-frames" [ "$(wc -l <"$dir/pcap.txt")" -lt \
			"$(flows right vb in | sum | cut -d' ' -f1)" ]
	else
		pass "$what: super-frames # SKIP this kernel puts nothing together on a veth"
	fi
	is "$what: the books balance" "$(unbalanced left)$(unbalanced right)" ""
	# packets alone: of a veth with GRO the kernel counts bytes without the Ethernet header
	is "$what: the kernel agrees" "$(ledger right vb | cut -d' ' -f1-2)" \
		"$(minus "$after_right" "$before_right" | cut -d' ' -f1-2)"
done

done_testing
