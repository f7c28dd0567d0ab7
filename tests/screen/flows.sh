# SPDX-License-Identifier: GPL-2.0-or-later
# What the views show of a recording, in all units.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/screen/screen.sh"

two_interfaces

screen "before the first interval" two 80x24 'show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                                         LIVE  every 1s
eth0     rx     0b/s     0p/s  tx     0b/s     0p/s
wg0      rx     0b/s     0p/s  tx     0b/s     0p/s
total    rx     0b/s     0p/s  tx     0b/s     0p/s  forwarded: counted on each
the first interval is being measured
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s

















replay of two.rec
--------------------------------------------------------------------------------
END

screen "conversations" two 80x24 'tick
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234       1.20M  10.0M    120    900 11.2M
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000   416k  20.8k     40     41  437k
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k
icmp  192.0.2.1           203.0.113.5             784      0      1      0   784
arp   192.0.2.1           192.0.2.7               480      0      1      0   480











replay of two.rec
--------------------------------------------------------------------------------
END

screen "directions" two 80x24 'tick
key d
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Directions                   LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO DIR SOURCE                        DESTINATION                   ▼b/s   p/s
tcp   out 192.0.2.1:443                 192.0.2.7:41234              10.0M   900
tcp   in  192.0.2.7:41234               192.0.2.1:443                1.20M   120
tcp   in  [2001:db8:1234…34:5678]:50000 [2001:db8::1]:443             416k    40
tcp   out 10.0.0.1:22                   10.0.0.2:40000               33.6k    10
tcp   out [2001:db8::1]:443             [2001:db8:1234…4:5678]:50000 20.8k    41
tcp   in  10.0.0.2:40000                10.0.0.1:22                  9.60k    12
udp   out 192.0.2.1:53                  198.51.100.9:53123           7.20k     3
udp   in  198.51.100.9:53123            192.0.2.1:53                 1.92k     3
icmp  in  203.0.113.5                   192.0.2.1                      784     1
arp   in  192.0.2.7                     192.0.2.1                      480     1







replay of two.rec
--------------------------------------------------------------------------------
END

screen "sources in bytes" two 80x24 'tick
key 3
key b
tick
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Sources                      LIVE  00:00:02  up 2s  every 1s
eth0     rx 75.0kB/s    60p/s  tx  625kB/s   450p/s            █▄            █▄
wg0      rx   600B/s     6p/s  tx     0B/s     0p/s            █▅            █
total    rx 75.6kB/s    66p/s  tx  625kB/s   450p/s  forwarded: counted on each
flows 3 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
SOURCE                                 FLOWS RX B/s TX B/s   p/s  ▼B/s  SHARE
192.0.2.1                                  2      0   625k   450  625k    89%
192.0.2.7                                  2  75.0k      0    60 75.0k    11%
10.0.0.2                                   1    600      0     6   600   0.1%
2001:db8::1                                1      0      0     0     0     0%
2001:db8:1234:5678:9abc:def0:1234:5678     1      0      0     0     0     0%
10.0.0.1                                   1      0      0     0     0     0%
198.51.100.9                               1      0      0     0     0     0%
203.0.113.5                                1      0      0     0     0     0%









rates in bytes
--------------------------------------------------------------------------------
END

screen "packets: columns of bits become columns of packets" two 80x16 'tick
key b
key b
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE                             RX p/s TX p/s  ▼p/s
tcp   192.0.2.1:443       192.0.2.7:41234                       120    900 1.02k
tcp   [2001:db8::1]:443   [2001:db8:1234:56…1234:5678]:50000     40     41    81
tcp   10.0.0.1:22         10.0.0.2:40000                         12     10    22
udp   192.0.2.1:53        198.51.100.9:53123                      3      3     6
icmp  192.0.2.1           203.0.113.5                             1      0     1
arp   192.0.2.1           192.0.2.7                               1      0     1



rates in packets
--------------------------------------------------------------------------------
END

screen "service ports" two 80x16 'tick
key 7
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Ports                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PORT                FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS
443/tcp                 4  1.62M  10.0M    160    941 11.6M  99.5%  99.5%     2
22/tcp                  2  9.60k  33.6k     12     10 43.2k   0.4%  99.9%     1
53/udp                  2  1.92k  7.20k      3      3 9.12k   0.1% >99.9%     1
icmp                    1    784      0      1      0   784  <0.1% >99.9%     1
arp                     1    480      0      1      0   480  <0.1%   100%     1




replay of two.rec
--------------------------------------------------------------------------------
END

screen "interfaces" two 80x16 'tick
key 8
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Interfaces                   LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
INTERFACE           FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS
eth0                    8  1.62M  10.0M    165    944 11.6M  99.6%  99.6%     4
wg0                     2  9.60k  33.6k     12     10 43.2k   0.4%   100%     1







replay of two.rec
--------------------------------------------------------------------------------
END

screen "options" two 80x16 'tick
show' --view directions --columns pps,src,dst --sort -pps <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Directions                   LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
 ▲p/s SOURCE                                DESTINATION
    1 203.0.113.5                           192.0.2.1
    1 192.0.2.7                             192.0.2.1
    3 198.51.100.9:53123                    192.0.2.1:53
    3 192.0.2.1:53                          198.51.100.9:53123
   10 10.0.0.1:22                           10.0.0.2:40000
   12 10.0.0.2:40000                        10.0.0.1:22
   40 [2001:db8:1234:567…0:1234:5678]:50000 [2001:db8::1]:443
   41 [2001:db8::1]:443                     [2001:db8:1234:567…:1234:5678]:50000
  120 192.0.2.7:41234                       192.0.2.1:443
replay of two.rec
--------------------------------------------------------------------------------
END

LC_ALL=C screen "a locale without UTF-8" two 80x16 'tick
tick
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:02  up 2s  every 1s
eth0     rx  600kb/s    60p/s  tx 5.00Mb/s   450p/s            #.            #-
wg0      rx 4.80kb/s     6p/s  tx     0b/s     0p/s            #-            #
total    rx  605kb/s    66p/s  tx 5.00Mb/s   450p/s  forwarded: counted on each
flows 3 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  vb/s
tcp   192.0.2.1:443       192.0.2.7:41234        600k  5.00M     60    450 5.60M
tcp   10.0.0.1:22         10.0.0.2:40000        4.80k      0      6      0 4.80k
udp   192.0.2.1:53        198.51.100.9:53123        0      0      0      0     0
icmp  192.0.2.1           203.0.113.5               0      0      0      0     0
arp   192.0.2.1           192.0.2.7                 0      0      0      0     0
tcp   [2001:db8::1]:443   [2001:db8:~78]:50000      0      0      0      0     0



replay of two.rec
--------------------------------------------------------------------------------
END

screen "ASCII on request" two 80x16 'tick
tick
show' --ascii <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:02  up 2s  every 1s
eth0     rx  600kb/s    60p/s  tx 5.00Mb/s   450p/s            #.            #-
wg0      rx 4.80kb/s     6p/s  tx     0b/s     0p/s            #-            #
total    rx  605kb/s    66p/s  tx 5.00Mb/s   450p/s  forwarded: counted on each
flows 3 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  vb/s
tcp   192.0.2.1:443       192.0.2.7:41234        600k  5.00M     60    450 5.60M
tcp   10.0.0.1:22         10.0.0.2:40000        4.80k      0      6      0 4.80k
udp   192.0.2.1:53        198.51.100.9:53123        0      0      0      0     0
icmp  192.0.2.1           203.0.113.5               0      0      0      0     0
arp   192.0.2.1           192.0.2.7                 0      0      0      0     0
tcp   [2001:db8::1]:443   [2001:db8:~78]:50000      0      0      0      0     0



replay of two.rec
--------------------------------------------------------------------------------
END

done_testing
