# SPDX-License-Identifier: GPL-2.0-or-later
# Which lines and columns stay on small and on large screens.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/screen/screen.sh"

two_interfaces

screen "the smallest" two 40x10 'tick
tick
tick
show' <<'END'
----------------------------------------
pktop  web1  Flows        LIVE  00:00:03
eth0     rx  202kb/s  tx  720kb/s
all 2    rx  202kb/s  tx  720kb/s
flows 3 active  11 kept  books balance
REMOTE               RX b/s TX b/s  ▼b/s
198.51.100.9:53123        0   720k  720k
192.0.2.7:41234        200k      0  200k
192.0.2.99:1024       2.40k      0 2.40k
203.0.113.5               0      0     0
replay of two.rec
----------------------------------------
END

screen "too small by a column" two 39x10 'tick
show' <<'END'
---------------------------------------
terminal too small
39x10, needs 40x10








---------------------------------------
END

screen "too small by a line" two 80x9 'tick
show' <<'END'
--------------------------------------------------------------------------------
terminal too small
80x9, needs 40x10







--------------------------------------------------------------------------------
END

screen "one cell" two 40x10 'tick
resize 1x1
show' <<'END'
-
…
-
END

screen "the column of the order is never left out" two 40x10 'tick
key >
key >
key >
key >
show' <<'END'
----------------------------------------
pktop  web1  Flows        LIVE  00:00:01
eth0     rx 1.62Mb/s  tx 10.0Mb/s
all 2    rx 1.63Mb/s  tx 10.1Mb/s
flows 10 active  10 kept  books balance
REMOTE                    RX b/s▼10s b/s
192.0.2.7:41234            1.20M   11.2M
[2001:db8:12…:5678]:50000   416k    437k
10.0.0.2:40000             9.60k   43.2k
sorted by 10s b/s: bits per second,
average over 10 seconds
----------------------------------------
END

screen "60 columns" two 60x12 'tick
show' <<'END'
------------------------------------------------------------
pktop  web1  tc l2  Flows    LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s
flows 10 active  10 kept  of 4.10k  folded 0  books balance
PROTO REMOTE                             RX b/s TX b/s  ▼b/s
tcp   192.0.2.7:41234                     1.20M  10.0M 11.2M
tcp   [2001:db8:1234:56…1234:5678]:50000   416k  20.8k  437k
tcp   10.0.0.2:40000                      9.60k  33.6k 43.2k
udp   198.51.100.9:53123                  1.92k  7.20k 9.12k
icmp  203.0.113.5                           784      0   784
arp   192.0.2.7                             480      0   480
replay of two.rec
------------------------------------------------------------
END

screen "132 columns: addresses are whole" two 132x16 'tick
show' <<'END'
------------------------------------------------------------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                                                                            LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s                                       █                                       █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s                                       █                                       █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  a packet crossing two interfaces is counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO L7     LOCAL               REMOTE                                         RX b/s TX b/s RX p/s TX p/s  ▼b/s BYTES PACKETS
tcp   tls?   192.0.2.1:443       192.0.2.7:41234                                 1.20M  10.0M    120    900 11.2M 1.40M   1.02k
tcp   tls?   [2001:db8::1]:443   [2001:db8:1234:5678:9abc:def0:1234:5678]:50000   416k  20.8k     40     41  437k 54.6k      81
tcp   ssh?   10.0.0.1:22         10.0.0.2:40000                                  9.60k  33.6k     12     10 43.2k 5.40k      22
udp   dns?   192.0.2.1:53        198.51.100.9:53123                              1.92k  7.20k      3      3 9.12k 1.14k       6
icmp  -      192.0.2.1           203.0.113.5                                       784      0      1      0   784    98       1
arp   -      192.0.2.1           192.0.2.7                                         480      0      1      0   480    60       1



replay of two.rec
------------------------------------------------------------------------------------------------------------------------------------
END

screen "200 columns: everything" two 200x16 'tick
tick
show' <<'END'
--------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                                                                                                                                                LIVE  00:00:02  up 2s  every 1s
eth0     rx  600kb/s    60p/s  tx 5.00Mb/s   450p/s                                                                        █▄                                                                        █▄
wg0      rx 4.80kb/s     6p/s  tx     0b/s     0p/s                                                                        █▅                                                                        █
total    rx  605kb/s    66p/s  tx 5.00Mb/s   450p/s  a packet crossing two interfaces is counted on each
flows 3 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO L7     LOCAL               REMOTE                                         RX b/s TX b/s RX p/s TX p/s  ▼b/s BYTES PACKETS IFACE  10s b/s 60s b/s PEAK b/s    AGE   IDLE VLAN FLAGS   DETAIL
tcp   tls?   192.0.2.1:443       192.0.2.7:41234                                  600k  5.00M     60    450 5.60M 2.10M   1.53k eth0     8.26M   8.38M    10.0M   2.0s   0.0s    - SYN,ACK
tcp   ssh?   10.0.0.1:22         10.0.0.2:40000                                  4.80k      0      6      0 4.80k 6.00k      28 wg0      23.0k   23.8k    33.6k   2.0s   0.0s    - ACK
udp   dns?   192.0.2.1:53        198.51.100.9:53123                                  0      0      0      0     0 1.14k       6 eth0     4.33k   4.52k    7.20k   2.0s   1.0s    - -
icmp  -      192.0.2.1           203.0.113.5                                         0      0      0      0     0    98       1 eth0       372     389      784   2.0s   1.0s    - -       echo-request
arp   -      192.0.2.1           192.0.2.7                                           0      0      0      0     0    60       1 eth0       228     238      480   2.0s   1.0s    - -       request
tcp   tls?   [2001:db8::1]:443   [2001:db8:1234:5678:9abc:def0:1234:5678]:50000      0      0      0      0     0 54.6k      81 eth0      207k    217k     416k   2.0s   1.0s    - ACK



replay of two.rec
--------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------
END

screen "resized, and back" two 80x16 'tick
show
resize 44x10
show
resize 80x16
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
--------------------------------------------
pktop  web1  Flows  LIVE  00:00:01  every 1s
eth0     rx 1.62Mb/s  tx 10.0Mb/s
all 2    rx 1.63Mb/s  tx 10.1Mb/s
flows 10 active  10 kept  books balance
REMOTE                   RX b/s TX b/s  ▼b/s
192.0.2.7:41234           1.20M  10.0M 11.2M
[2001:db8:12…5678]:50000   416k  20.8k  437k
10.0.0.2:40000            9.60k  33.6k 43.2k
198.51.100.9:53123        1.92k  7.20k 9.12k
replay of two.rec
--------------------------------------------
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

done_testing
