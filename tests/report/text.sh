# SPDX-License-Identifier: GPL-2.0-or-later
# Text reports of recordings, to the letter.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/report/recording.sh"
small_recording

run "$pktop" --replay small.rec --batch
prints "the whole run" 'host     web1
backend  tc, layer l2
time     2026-01-01T00:00:00.000Z to 2026-01-01T00:00:02.000Z, 2.0s
rates    mean over all 2.0s
flows    4 of at most 4096, 0 evicted
note     replay of small.rec

INTERFACE  STATE     ATTACH  DIR  PACKETS  BYTES  p/s    b/s  SYN  SYN-ACK  FIN  RST
eth0       attached  tcx     in        28   2896   14  11.6k    8        4    0    0
eth0       attached  tcx     out       20  30000   10   120k    0        0    0    0

BOOKS  DIR  UNIT     FLOWS  + FOLDED  + NOT-IP  + MALFORMED  + NO-ROOM  = TOTAL
eth0   in   packets     17         7         3            1          0       28  balanced
eth0   in   bytes     2236       420       180           60          0     2896  balanced
eth0   out  packets     20         0         0            0          0       20  balanced
eth0   out  bytes    30000         0         0            0          0    30000  balanced

  b/s  p/s  PACKETS  BYTES  PROTO  L7     DIR  IFACE  SOURCE           DESTINATION      FLAGS        DETAIL
 120k   10       20  30.0k  tcp    tls?   out  eth0   192.0.2.1:443    192.0.2.7:41234  PSH,ACK
8.00k  7.5       15  2.00k  tcp    tls?   in   eth0   192.0.2.7:41234  192.0.2.1:443    FIN,SYN,ACK
1.68k  3.5        7    420  tcp    http?  in   eth0   *                192.0.2.1:80     SYN
  944    1        2    236  icmp6  -      in   eth0   2001:db8::1      2001:db8::2      -            echo-request'
run "$pktop" --replay small.rec --batch --by dst --top 2 --sort packets
prints "groups, two rows" 'host     web1
backend  tc, layer l2
time     2026-01-01T00:00:00.000Z to 2026-01-01T00:00:02.000Z, 2.0s
rates    mean over all 2.0s
flows    4 of at most 4096, 0 evicted
note     replay of small.rec

INTERFACE  STATE     ATTACH  DIR  PACKETS  BYTES  p/s    b/s  SYN  SYN-ACK  FIN  RST
eth0       attached  tcx     in        28   2896   14  11.6k    8        4    0    0
eth0       attached  tcx     out       20  30000   10   120k    0        0    0    0

BOOKS  DIR  UNIT     FLOWS  + FOLDED  + NOT-IP  + MALFORMED  + NO-ROOM  = TOTAL
eth0   in   packets     17         7         3            1          0       28  balanced
eth0   in   bytes     2236       420       180           60          0     2896  balanced
eth0   out  packets     20         0         0            0          0       20  balanced
eth0   out  bytes    30000         0         0            0          0    30000  balanced

  b/s  p/s  PACKETS  BYTES  RX b/s  TX b/s  RX p/s  TX p/s  SHARE  CUMUL  FLOWS  PEERS  DESTINATION
9.68k   11       22  2.42k   9.68k       0      11       0   7.4%   7.4%      2      1  192.0.2.1
 120k   10       20  30.0k       0    120k       0      10    92%  99.3%      1      1  192.0.2.7
1 more row is left out, see --top'
run "$pktop" --replay small.rec --batch --columns src,dst,packets --sort -packets
prints "some columns, order reversed" 'host     web1
backend  tc, layer l2
time     2026-01-01T00:00:00.000Z to 2026-01-01T00:00:02.000Z, 2.0s
rates    mean over all 2.0s
flows    4 of at most 4096, 0 evicted
note     replay of small.rec

INTERFACE  STATE     ATTACH  DIR  PACKETS  BYTES  p/s    b/s  SYN  SYN-ACK  FIN  RST
eth0       attached  tcx     in        28   2896   14  11.6k    8        4    0    0
eth0       attached  tcx     out       20  30000   10   120k    0        0    0    0

BOOKS  DIR  UNIT     FLOWS  + FOLDED  + NOT-IP  + MALFORMED  + NO-ROOM  = TOTAL
eth0   in   packets     17         7         3            1          0       28  balanced
eth0   in   bytes     2236       420       180           60          0     2896  balanced
eth0   out  packets     20         0         0            0          0       20  balanced
eth0   out  bytes    30000         0         0            0          0    30000  balanced

SOURCE           DESTINATION      PACKETS
2001:db8::1      2001:db8::2            2
*                192.0.2.1:80           7
192.0.2.7:41234  192.0.2.1:443         15
192.0.2.1:443    192.0.2.7:41234       20'

make two.rec <<'END'
host db2
note chosen by hand
iface 0 eth0
iface 1 veth1 attach=clsact
iface 2 can0 state=failed note=packets of this link type cannot be read
flow eth0 in udp 192.0.2.7:5000 192.0.2.1:53 packets=1 bytes=100
flow veth1 out udp 192.0.2.7:5000 192.0.2.1:53 packets=1 bytes=100
total eth0 in 3 250
tick 2
end
END
run "$pktop" --replay two.rec --batch
prints "two interfaces, one that failed, wrong books" 'host     db2
backend  tc, layer l2
time     2026-01-01T00:00:00.000Z to 2026-01-01T00:00:02.000Z, 2.0s
rates    mean over all 2.0s
flows    2 of at most 4096, 0 evicted
note     replay of two.rec; chosen by hand
overlap  2 flows were seen on several interfaces and count on each

INTERFACE  STATE     ATTACH  DIR  PACKETS  BYTES  p/s    b/s  SYN  SYN-ACK  FIN  RST
eth0       attached  tcx     in         3    250  1.5  1.00k    0        0    0    0
eth0       attached  tcx     out        0      0    0      0    0        0    0    0
veth1      attached  clsact  in         0      0    0      0    0        0    0    0
veth1      attached  clsact  out        1    100  0.5    400    0        0    0    0
(all)                        in         3    250  1.5  1.00k    0        0    0    0
(all)                        out        1    100  0.5    400    0        0    0    0
can0 is not counted: packets of this link type cannot be read

BOOKS  DIR  UNIT     FLOWS  + FOLDED  + NOT-IP  + MALFORMED  + NO-ROOM  = TOTAL
eth0   in   packets      1         0         0            0          0        3  NOT BALANCED: 2 too few
eth0   in   bytes      100         0         0            0          0      250  NOT BALANCED: 150 too few
eth0   out  packets      0         0         0            0          0        0  balanced
eth0   out  bytes        0         0         0            0          0        0  balanced
veth1  in   packets      0         0         0            0          0        0  balanced
veth1  in   bytes        0         0         0            0          0        0  balanced
veth1  out  packets      1         0         0            0          0        1  balanced
veth1  out  bytes      100         0         0            0          0      100  balanced
(all)  in   packets      1         0         0            0          0        3  NOT BALANCED: 2 too few
(all)  in   bytes      100         0         0            0          0      250  NOT BALANCED: 150 too few
(all)  out  packets      1         0         0            0          0        1  balanced
(all)  out  bytes      100         0         0            0          0      100  balanced

b/s  p/s  PACKETS  BYTES  PROTO  L7    DIR  IFACE  SOURCE          DESTINATION   FLAGS  DETAIL
400  0.5        1    100  udp    dns?  in   eth0   192.0.2.7:5000  192.0.2.1:53  -
400  0.5        1    100  udp    dns?  out  veth1  192.0.2.7:5000  192.0.2.1:53  -'

make killed.rec <<'END'
iface 0 eth0
tick 1
END
run "$pktop" --replay killed.rec --batch
prints "nothing counted, the writer was killed" 'host     web1
backend  tc, layer l2
time     2026-01-01T00:00:00.000Z to 2026-01-01T00:00:01.000Z, 1.0s
rates    mean over all 1.0s
flows    0 of at most 4096, 0 evicted
note     replay of killed.rec; the recording stops without an end mark at byte 566

INTERFACE  STATE     ATTACH  DIR  PACKETS  BYTES  p/s  b/s  SYN  SYN-ACK  FIN  RST
eth0       attached  tcx     in         0      0    0    0    0        0    0    0
eth0       attached  tcx     out        0      0    0    0    0        0    0    0

BOOKS  DIR  UNIT     FLOWS  + FOLDED  + NOT-IP  + MALFORMED  + NO-ROOM  = TOTAL
eth0   in   packets      0         0         0            0          0        0  balanced
eth0   in   bytes        0         0         0            0          0        0  balanced
eth0   out  packets      0         0         0            0          0        0  balanced
eth0   out  bytes        0         0         0            0          0        0  balanced

b/s  p/s  PACKETS  BYTES  PROTO  L7  DIR  IFACE  SOURCE  DESTINATION  FLAGS  DETAIL'

make in.rec <<'END'
backend xdp
sees in
iface 0 eth0 attach=xdp-native
iface 1 eth1 attach=xdp-generic
flow eth0 in udp 10.0.0.1:1000 192.0.2.1:53 packets=10 bytes=1000
flow eth1 in udp 10.0.0.2:1000 192.0.2.1:53 packets=20 bytes=2000
tick 1
end
END
run "$pktop" --replay in.rec --batch
prints "a direction that is not seen" 'host     web1
backend  xdp, layer l2, in only
time     2026-01-01T00:00:00.000Z to 2026-01-01T00:00:01.000Z, 1.0s
rates    mean over all 1.0s
flows    2 of at most 4096, 0 evicted
note     replay of in.rec

INTERFACE  STATE     ATTACH       DIR  PACKETS  BYTES  p/s    b/s  SYN  SYN-ACK  FIN  RST
eth0       attached  xdp-native   in        10   1000   10  8.00k    0        0    0    0
eth1       attached  xdp-generic  in        20   2000   20  16.0k    0        0    0    0
(all)                             in        30   3000   30  24.0k    0        0    0    0

BOOKS  DIR  UNIT     FLOWS  + FOLDED  + NOT-IP  + MALFORMED  + NO-ROOM  = TOTAL
eth0   in   packets     10         0         0            0          0       10  balanced
eth0   in   bytes     1000         0         0            0          0     1000  balanced
eth1   in   packets     20         0         0            0          0       20  balanced
eth1   in   bytes     2000         0         0            0          0     2000  balanced
(all)  in   packets     30         0         0            0          0       30  balanced
(all)  in   bytes     3000         0         0            0          0     3000  balanced

  b/s  p/s  PACKETS  BYTES  PROTO  L7    DIR  IFACE  SOURCE         DESTINATION   FLAGS  DETAIL
16.0k   20       20  2.00k  udp    dns?  in   eth1   10.0.0.2:1000  192.0.2.1:53  -
8.00k   10       10  1.00k  udp    dns?  in   eth0   10.0.0.1:1000  192.0.2.1:53  -'
done_testing
