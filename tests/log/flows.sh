# SPDX-License-Identifier: GPL-2.0-or-later
# The stream of active flows: lines, records, and what chooses them.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/report/recording.sh"
small_recording

tcp_in='[00:00:01] TCP 192.0.2.7 -> 192.0.2.1 41234->443 [SYN,ACK] packets=10 bytes=1500 dir=in if=eth0 vlan=5 l7=tls?'
tcp_out='[00:00:01] TCP 192.0.2.1 -> 192.0.2.7 443->41234 [PSH,ACK] packets=20 bytes=30000 dir=out if=eth0 vlan=5 l7=tls?'
folded='[00:00:01] TCP * -> 192.0.2.1 *->80 [SYN] packets=7 bytes=420 dir=in if=eth0 l7=http? folded'
icmp='[00:00:01] ICMP6 2001:db8::1 -> 2001:db8::2 type=128 code=0 packets=2 bytes=236 dir=in if=eth0'
first='[00:00:01] LEDGER eth0 in total=22/2336 flows=12/1736 folded=7/420 other=3/180'
tcp_later='[00:00:02] TCP 192.0.2.7 -> 192.0.2.1 41234->443 [FIN] packets=5 bytes=500 dir=in if=eth0 vlan=5 l7=tls?'
second='[00:00:02] LEDGER eth0 in total=28/2896 flows=17/2236 folded=7/420 other=4/240'
last="$second
[00:00:02] LEDGER eth0 out total=20/30000 flows=20/30000 folded=0/0 other=0/0"

run "$pktop" log flows --replay small.rec
prints "each interval: its counts and flags" "$tcp_in
$tcp_out
$folded
$icmp
$first
$tcp_later
$second
$last"
run "$pktop" log flows --replay small.rec --unique
prints "each connection once, in one direction" "$tcp_in
$folded
$icmp
$first
$second
$last"
run "$pktop" log flows --replay small.rec --max-events 2
prints "so many, then the end" "$tcp_in
$tcp_out
$last"
run "$pktop" log flows --replay small.rec -f 'dir out'
prints "what passes the filter; the books are of all" "$tcp_out
$first
$second
$last"
run "$pktop" log flows --replay small.rec --external --internal-networks 192.0.2.0/24
prints "what leaves the networks; an address left open may be anywhere" "$folded
$icmp
$first
$second
$last"

make internal.rec <<'END'
iface 0 eth0
flow eth0 out udp 10.0.0.1:1000 172.16.0.1:53 packets=1 bytes=100
flow eth0 out udp 10.0.0.1:1001 198.51.100.1:53 packets=1 bytes=100
flow eth0 in udp 203.0.113.1:53 100.64.0.1:1002 packets=1 bytes=100
flow eth0 in udp [fe80::1]:5353 [ff02::fb]:5353 packets=1 bytes=100
flow eth0 in udp [fd00::1]:1003 [2001:db8::1]:53 packets=1 bytes=100
flow eth0 in arp 10.0.0.1 10.0.0.2 packets=1 bytes=60 sport=1
tick 1
end
END
ends='[00:00:01] LEDGER eth0 in total=4/360 flows=4/360 folded=0/0 other=0/0
[00:00:01] LEDGER eth0 out total=2/200 flows=2/200 folded=0/0 other=0/0'
run "$pktop" log flows --replay internal.rec --external
prints "the networks that are internal by themselves" "[00:00:01] UDP 10.0.0.1 -> 198.51.100.1 1001->53 packets=1 bytes=100 dir=out if=eth0 l7=dns?
[00:00:01] UDP 203.0.113.1 -> 100.64.0.1 53->1002 packets=1 bytes=100 dir=in if=eth0 l7=dns?
[00:00:01] UDP fd00::1 -> 2001:db8::1 1003->53 packets=1 bytes=100 dir=in if=eth0 l7=dns?
$ends"
run "$pktop" log flows --replay internal.rec --external -f 'port 1000 or port 1001'
prints "a filter with \"or\" in it" "[00:00:01] UDP 10.0.0.1 -> 198.51.100.1 1001->53 packets=1 bytes=100 dir=out if=eth0 l7=dns?
$ends"

run "$pktop" log flows --replay small.rec --json --max-events 1 --geo none
if grep -q 'without JSON' err; then
	pass "JSON # SKIP built without libjansson"
else
	is "JSON: the first records" "$(head -n 2 out)" '{"type":"meta","time":"2026-01-01T00:00:00.000Z","time_ns":1767225600000000000,"schema":"pktop-log/1","version":"'"$("$pktop" --version | cut -d ' ' -f 2)"'","host":"web1","backend":"tc","layer":"l2","kinds":["flows"]}
{"type":"flow","time":"2026-01-01T00:00:01.000Z","time_ns":1767225601000000000,"in_if":"eth0","direction":"in","proto":"tcp","src_addr":"192.0.2.7","src_port":41234,"dst_addr":"192.0.2.1","dst_port":443,"detail":null,"vlan":5,"packets":10,"bytes":1500,"pps":10.0,"bps":12000.0,"tcp_flags":["SYN","ACK"],"elsewhere":false,"l7":"tls","l7_source":"port","owner":null,"community_id":"1:Ic493Kk/xU1RK794fsD/IMaNpOM=","src_name":null,"dst_name":null,"asked_by":null,"resolver":null,"icmp_type":null,"icmp_code":null,"time_flow_start_ns":1767225600000000000,"time_flow_end_ns":1767225601000000000,"folded":false}'
	is "JSON: the books" "$(sed -n 's/.*"type":"ledger".*"direction":"\([a-z]*\)","total":{"packets":\([0-9]*\),.*/\1 \2/p' out)" "in 28
out 20"
fi
done_testing
