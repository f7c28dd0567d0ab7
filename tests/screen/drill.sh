# SPDX-License-Identifier: GPL-2.0-or-later
# Groups that are opened, and the way back.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/screen/screen.sh"

two_interfaces

screen "a group, a group in it, and back beside the user's filter" two 80x14 'tick
key 3
key Down
key j
key Enter
show
key 7
key Down
key Enter
show
key Esc
show
key Esc
key Esc
tick
show
styles' --filter 'port 443 or arp' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter (port 443 or arp) and src 192.0.2.7  shows 3 of 10 flows, 96% of bytes
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234      1.20M  10.0M    120    900 11.2M
arp   192.0.2.1           192.0.2.7              480      0      1      0   480




replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter (port 443 or arp) a…d tcp and port 443  shows 2 of 10 flows, 96% of bytes
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234      1.20M  10.0M    120    900 11.2M





replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Ports                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter (port 443 or arp) and src 192.0.2.7  shows 2 of 10 flows, 10% of bytes
PORT                FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS
443/tcp                 1  1.20M      0    120      0 1.20M >99.9% >99.9%     1
arp                     1    480      0      1      0   480  <0.1%   100%     1




replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Sources                   HOLD 1s  00:00:02  up 2s  every 1s
eth0     rx  600kb/s    60p/s  tx 5.00Mb/s   450p/s            █▄            █▄
wg0      rx 4.80kb/s     6p/s  tx     0b/s     0p/s            █▅            █
total    rx  605kb/s    66p/s  tx 5.00Mb/s   450p/s  forwarded: counted on each
flows 3 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter port 443 or arp  shows 5 of 10 flows, 99.7% of bytes
SOURCE                                 FLOWS RX b/s TX b/s   p/s  ▼b/s  SHARE
192.0.2.1                                  1      0  5.00M   450 5.00M    89%
192.0.2.7                                  2   600k      0    60  600k    11%
2001:db8:1234:5678:9abc:def0:1234:5678     1      0      0     0     0     0%
2001:db8::1                                1      0      0     0     0     0%


replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
BBBBB  BBBB  DDDDD                            BBBBBBB            DDDDD  DDDDDDDD
BBBBBBB  DDD                   DDD
BBBBBBB  DDD                   DDD
BBBBBBB  DDD                   DDD                   DDDDDDDDDDDDDDDDDDDDDDDDDD
                         DDDDDDDD  DDDDDDDD  DDDDDDDD
DDDDDDDBBBBBBBBBBBBBBB
UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUBBBBUUUUUUUUUU

RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR
DDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD DDDDD DDDDDD DDDDDD DDDDD DDDDD DDDDDD
DDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD DDDDD DDDDDD DDDDDD DDDDD DDDDD DDDDDD



--------------------------------------------------------------------------------
END

screen "no row is selected" two 80x14 'tick
key 3
key Enter
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Sources                      LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
SOURCE                                 FLOWS RX b/s TX b/s   p/s  ▼b/s  SHARE
192.0.2.1                                  2      0  10.0M   903 10.0M    86%
192.0.2.7                                  2  1.20M      0   121 1.20M    10%
2001:db8:1234:5678:9abc:def0:1234:5678     1   416k      0    40  416k   3.6%
10.0.0.1                                   1      0  33.6k    10 33.6k   0.3%
2001:db8::1                                1      0  20.8k    41 20.8k   0.2%
10.0.0.2                                   1  9.60k      0    12 9.60k   0.1%
198.51.100.9                               1  1.92k      0     3 1.92k  <0.1%
select a row first, with Down
--------------------------------------------------------------------------------
END

screen "a freeze from before the group outlives it" two 80x14 'tick
key 6
key Down
key p
key Enter
tick
show
key Esc
show
key Esc
key Esc
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                   FROZEN 1s  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter tcp  shows 6 of 10 flows, 99.9% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234       1.20M  10.0M    120    900 11.2M
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000   416k  20.8k     40     41  437k
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k



replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Protocols               FROZEN 1s  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTOCOL            FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS
tcp                     6  1.63M  10.1M    172    951 11.7M  99.9%  99.9%     3
udp                     2  1.92k  7.20k      3      3 9.12k   0.1% >99.9%     1
icmp                    1    784      0      1      0   784  <0.1% >99.9%     1
arp                     1    480      0      1      0   480  <0.1%   100%     1



replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Protocols                 HOLD 1s  00:00:02  up 2s  every 1s
eth0     rx  600kb/s    60p/s  tx 5.00Mb/s   450p/s            █▄            █▄
wg0      rx 4.80kb/s     6p/s  tx     0b/s     0p/s            █▅            █
total    rx  605kb/s    66p/s  tx 5.00Mb/s   450p/s  forwarded: counted on each
flows 3 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTOCOL            FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS
tcp                     6   605k  5.00M     66    450 5.60M   100%   100%     3
udp                     2      0      0      0      0     0     0%   100%     1
icmp                    1      0      0      0      0     0     0%   100%     1
arp                     1      0      0      0      0     0     0%   100%     1



replay of two.rec
--------------------------------------------------------------------------------
END

screen "a freeze within the group ends first" two 80x14 'tick
key 6
key Down
key Enter
key p
key Esc
show
key Esc
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                     HOLD 2s  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter tcp  shows 6 of 10 flows, 99.9% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234       1.20M  10.0M    120    900 11.2M
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000   416k  20.8k     40     41  437k
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k



replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Protocols                    LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTOCOL            FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS
tcp                     6  1.63M  10.1M    172    951 11.7M  99.9%  99.9%     3
udp                     2  1.92k  7.20k      3      3 9.12k   0.1% >99.9%     1
icmp                    1    784      0      1      0   784  <0.1% >99.9%     1
arp                     1    480      0      1      0   480  <0.1%   100%     1



replay of two.rec
--------------------------------------------------------------------------------
END

screen "a selected row that was pushed off the screen comes back on it" two 80x10 'tick
key 3
key Down
key j
key j
key Enter
show
tick
tick
key Esc
show
styles' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter src 2001:db8:1234:…abc:def0:1234:5678  shows 2 of 10 flows, 3.7% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000   416k  20.8k     40     41  437k


replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Sources                      LIVE  00:00:03  up 3s  every 1s
eth0     rx  202kb/s    25p/s  tx  720kb/s   300p/s           █▄▂           █▄▂
all 2    rx  202kb/s    25p/s  tx  720kb/s   300p/s  forwarded: counted on each
flows 3 active  11 kept  of 4.10k  slots 0%  folded 0  books balance
SOURCE                                 FLOWS RX b/s TX b/s   p/s  ▼b/s  SHARE
10.0.0.2                                   1      0      0     0     0     0%
2001:db8:1234:5678:9abc:def0:1234:5678     1      0      0     0     0     0%
10.0.0.1                                   1      0      0     0     0     0%
198.51.100.9                               1      0      0     0     0     0%
replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
BBBBB  BBBB  DDDDD                                               DDDDD  DDDDDDDD
BBBBBBB  DDD                   DDD
BBBBBBB  DDD                   DDD                   DDDDDDDDDDDDDDDDDDDDDDDDDD
                         DDDDDDDD  DDDDDDDD  DDDDDDDD
UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUBBBBUUUUUUUUUU
DDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD DDDDD DDDDDD DDDDDD DDDDD DDDDD DDDDDD
RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR
DDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD DDDDD DDDDDD DDDDDD DDDDD DDDDD DDDDDD
DDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD DDDDD DDDDDD DDDDDD DDDDD DDDDD DDDDDD

--------------------------------------------------------------------------------
END

screen "eight deep" two 80x14 "tick$(yes '
key 3
key Down
key Enter' | head -n 36)
show$(yes '
key Esc
key Esc' | head -n 24)
show" <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Sources                      LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter src 192.0.2.1 and s… and src 192.0.2.1  shows 2 of 10 flows, 86% of bytes
SOURCE              FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS
192.0.2.1               2      0  10.0M      0    903 10.0M   100%   100%     2





8 groups within each other are the most; Esc goes back
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Sources                      LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
SOURCE                                 FLOWS RX b/s TX b/s   p/s  ▼b/s  SHARE
192.0.2.1                                  2      0  10.0M   903 10.0M    86%
192.0.2.7                                  2  1.20M      0   121 1.20M    10%
2001:db8:1234:5678:9abc:def0:1234:5678     1   416k      0    40  416k   3.6%
10.0.0.1                                   1      0  33.6k    10 33.6k   0.3%
2001:db8::1                                1      0  20.8k    41 20.8k   0.2%
10.0.0.2                                   1  9.60k      0    12 9.60k   0.1%
198.51.100.9                               1  1.92k      0     3 1.92k  <0.1%
8 groups within each other are the most; Esc goes back
--------------------------------------------------------------------------------
END

done_testing
