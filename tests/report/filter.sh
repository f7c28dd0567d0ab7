# SPDX-License-Identifier: GPL-2.0-or-later
# Reports of what passes a filter.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/report/recording.sh"
small_recording

run "$pktop" --replay small.rec --batch --filter 'tcp and dir in'
prints "text: the books are those of all traffic" 'host     web1
backend  tc, layer l2
time     2026-01-01T00:00:00.000Z to 2026-01-01T00:00:02.000Z, 2.0s
rates    mean over all 2.0s
flows    4 of at most 4096, 0 evicted
filter   tcp and dir in: shows 2 of 4 flows, 7.4% of bytes
note     replay of small.rec

INTERFACE  STATE     ATTACH  DIR  PACKETS  BYTES  p/s    b/s  SYN  SYN-ACK  FIN  RST
eth0       attached  tcx     in        28   2896   14  11.6k    8        4    0    0
eth0       attached  tcx     out       20  30000   10   120k    0        0    0    0

BOOKS  DIR  UNIT     FLOWS  + FOLDED  + NOT-IP  + MALFORMED  + NO-ROOM  = TOTAL
eth0   in   packets     17         7         3            1          0       28  balanced
eth0   in   bytes     2236       420       180           60          0     2896  balanced
eth0   out  packets     20         0         0            0          0       20  balanced
eth0   out  bytes    30000         0         0            0          0    30000  balanced

  b/s  p/s  PACKETS  BYTES  PROTO  L7     DIR  IFACE  SOURCE           DESTINATION    FLAGS        DETAIL
8.00k  7.5       15  2.00k  tcp    tls?   in   eth0   192.0.2.7:41234  192.0.2.1:443  FIN,SYN,ACK
1.68k  3.5        7    420  tcp    http?  in   eth0   *                192.0.2.1:80   SYN'

# rows OPTION...: the names of columns and the rows of a CSV report
rows() { run "$pktop" --replay small.rec --csv --columns src,dst,packets "$@" && cat out err; }

is "rows" "$(rows -f 'host 192.0.2.7')" 'src,dst,packets
192.0.2.1:443,192.0.2.7:41234,20
192.0.2.7:41234,192.0.2.1:443,15'
is "a part left open passes no test of it" "$(rows -f 'not src 192.0.2.0/24 and dst 192.0.2.0/24')" \
	'src,dst,packets
*,192.0.2.1:80,7'
is "the first of those that pass" "$(rows --filter=port\ 443 --top 1 --sort -packets)" \
	'src,dst,packets
192.0.2.7:41234,192.0.2.1:443,15'
is "nothing passes" "$(rows -f udp)" 'src,dst,packets'
is "blanks are no filter" "$(rows -f ' ' | wc -l | tr -d ' ')" 5
is "rates of a run are means" "$(rows -f 'bps = 8k')" 'src,dst,packets
192.0.2.7:41234,192.0.2.1:443,15'
is "groups of what passes" "$(run "$pktop" --replay small.rec --csv --columns group,packets --by dst \
	-f 'dst net 192.0.2.0/24 and not port 80' && cat out)" 'group,packets
192.0.2.7,20
192.0.2.1,15'
is "a conversation is shown whole" "$(run "$pktop" --replay small.rec --csv --view flows \
	--columns local,rx_packets,tx_packets -f 'dir out' && cat out)" 'local,rx_packets,tx_packets
192.0.2.1:443,15,20'
is "rates of an interval" "$(rows --interval 1s -f 'bps > 3k' | cut -d, -f2-)" 'src,dst,packets
192.0.2.1:443,192.0.2.7:41234,20
192.0.2.7:41234,192.0.2.1:443,10
*,192.0.2.1:80,7
192.0.2.7:41234,192.0.2.1:443,15'

run "$pktop" --replay small.rec --total -f tcp
prints "the totals of what passes" 'total: in 22 packets 2420 bytes 11pps 9.68kbps, out 20 packets 30000 bytes 10pps 120kbps, both 42 packets 32420 bytes 21pps 130kbps'
run "$pktop" --replay small.rec --total --interval 1s -f 'tcp dst port 443'
prints "in each interval" 'total: in 10 packets 1500 bytes 10pps 12.0kbps, out 0 packets 0 bytes 0pps 0bps, both 10 packets 1500 bytes 10pps 12.0kbps
total: in 15 packets 2000 bytes 5pps 4.00kbps, out 0 packets 0 bytes 0pps 0bps, both 15 packets 2000 bytes 5pps 4.00kbps'

# over WANT FILTER RATE: the status of --exit-over
over() {
	run "$pktop" --replay small.rec --total --exit-over "$3" --filter "$2"
	is "$2 over $3" "$status" "$1"
}
over 3 tcp 250kbps
over 0 'tcp and not sport 443' 250kbps
over 3 'tcp and not sport 443' 15kbps
over 0 udp 1bps
over 3 icmp6 1pps
over 0 icmp6 2pps

run "$pktop" --replay small.rec --json --filter 'port 443 and not "\"x" and if eth*'
grep -q "built without JSON" err && done_testing
is "JSON has the text and the sums" "$(sed -n '/"rates"/,/"interfaces"/p' out)" ' "rates": "run",
 "filter": "port 443 and not \"\\\"x\" and if eth*",
 "passed": {"flows": 2, "packets": 35, "bytes": 32000},
 "interfaces": ['
is "JSON: the totals stay" "$(sed -n 's/.*"both": {"packets": \([0-9]*\),.*/\1/p' out)" 48
run "$pktop" --replay small.rec --json --filter "if \"$(printf '\377')\""
like "bytes that are no UTF-8 are escaped" "$(cat out)" '"filter": "if \\"\\\\xff\\"",'
done_testing
