# SPDX-License-Identifier: GPL-2.0-or-later
# What keys do: order, selection, hold, freeze, help.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/screen/screen.sh"

two_interfaces

screen "order by another column, and reversed" two 80x16 'tick
key <
show
key I
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s▼TX p/s   b/s
tcp   192.0.2.1:443       192.0.2.7:41234       1.20M  10.0M    120    900 11.2M
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000   416k  20.8k     40     41  437k
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k
icmp  192.0.2.1           203.0.113.5             784      0      1      0   784
arp   192.0.2.1           192.0.2.7               480      0      1      0   480



sorted by TX p/s: packets per second out, last interval
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s▲TX p/s   b/s
icmp  192.0.2.1           203.0.113.5             784      0      1      0   784
arp   192.0.2.1           192.0.2.7               480      0      1      0   480
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000   416k  20.8k     40     41  437k
tcp   192.0.2.1:443       192.0.2.7:41234       1.20M  10.0M    120    900 11.2M



sorted by TX p/s: packets per second out, last interval
--------------------------------------------------------------------------------
END

screen "the order has an end" two 80x12 'tick
key <
key <
key <
key <
key <
key <
key <
key <
key <
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO▲LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s   b/s
arp   192.0.2.1           192.0.2.7               480      0      1      0   480
icmp  192.0.2.1           203.0.113.5             784      0      1      0   784
tcp   192.0.2.1:443       192.0.2.7:41234       1.20M  10.0M    120    900 11.2M
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000   416k  20.8k     40     41  437k
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k
the first column already
--------------------------------------------------------------------------------
END

screen "the selected row is reversed, the heading underlined" two 80x14 'tick
key Down
key j
styles' <<'END'
--------------------------------------------------------------------------------
BBBBB  BBBB  DDDDD                                               DDDDD  DDDDDDDD
BBBBBBB  DDD                   DDD
BBBBBBB  DDD                   DDD
BBBBBBB  DDD                   DDD                   DDDDDDDDDDDDDDDDDDDDDDDDDD
                          DDDDDDDD  DDDDDDDD  DDDDDDDD
UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUBBBB

RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR






--------------------------------------------------------------------------------
END

screen "the selection stays with its flow" two 80x14 'tick
key Down
styles
tick
tick
show
styles' <<'END'
--------------------------------------------------------------------------------
BBBBB  BBBB  DDDDD                                               DDDDD  DDDDDDDD
BBBBBBB  DDD                   DDD
BBBBBBB  DDD                   DDD
BBBBBBB  DDD                   DDD                   DDDDDDDDDDDDDDDDDDDDDDDDDD
                          DDDDDDDD  DDDDDDDD  DDDDDDDD
UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUBBBB
RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR







--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:03  up 3s  every 1s
eth0     rx  202kb/s    25p/s  tx  720kb/s   300p/s           █▄▂           █▄▂
wg0      rx     0b/s     0p/s  tx     0b/s     0p/s           █▅            █
total    rx  202kb/s    25p/s  tx  720kb/s   300p/s  forwarded: counted on each
flows 3 active  11 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        198.51.100.9:53123        0   720k      0    300  720k
tcp   192.0.2.1:443       192.0.2.7:41234        200k      0     20      0  200k
tcp   192.0.2.1:443       192.0.2.99:1024       2.40k      0      5      0 2.40k
icmp  192.0.2.1           203.0.113.5               0      0      0      0     0
arp   192.0.2.1           192.0.2.7                 0      0      0      0     0
tcp   10.0.0.1:22         10.0.0.2:40000            0      0      0      0     0
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000      0      0      0      0     0
replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
BBBBB  BBBB  DDDDD                                               DDDDD  DDDDDDDD
BBBBBBB  DDD                   DDD
BBBBBBB  DDD                   DDD
BBBBBBB  DDD                   DDD                   DDDDDDDDDDDDDDDDDDDDDDDDDD
                         DDDDDDDD  DDDDDDDD  DDDDDDDD
UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUBBBB

RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR

DDDDD DDDDDDDDDDDDDDDDDDD DDDDDDDDDDDDDDDDDDDD DDDDDD DDDDDD DDDDDD DDDDDD DDDDD
DDDDD DDDDDDDDDDDDDDDDDDD DDDDDDDDDDDDDDDDDDDD DDDDDD DDDDDD DDDDDD DDDDDD DDDDD
DDDDD DDDDDDDDDDDDDDDDDDD DDDDDDDDDDDDDDDDDDDD DDDDDD DDDDDD DDDDDD DDDDDD DDDDD
DDDDD DDDDDDDDDDDDDDDDDDD DDDDDDDDDDDDDDDDDDDD DDDDDD DDDDDD DDDDDD DDDDDD DDDDD

--------------------------------------------------------------------------------
END

screen "Esc takes the selection away" two 80x14 'tick
key Down
key Esc
styles' <<'END'
--------------------------------------------------------------------------------
BBBBB  BBBB  DDDDD                                               DDDDD  DDDDDDDD
BBBBBBB  DDD                   DDD
BBBBBBB  DDD                   DDD
BBBBBBB  DDD                   DDD                   DDDDDDDDDDDDDDDDDDDDDDDDDD
                          DDDDDDDD  DDDDDDDD  DDDDDDDD
UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUBBBB








--------------------------------------------------------------------------------
END

# 30 flows; in the second interval the smallest becomes the largest
recording many <<'END'
iface 0 eth0
flow eth0 in udp 10.0.0.1:1000 192.0.2.1:53 packets=1 bytes=100
flow eth0 in udp 10.0.0.2:1000 192.0.2.1:53 packets=2 bytes=200
flow eth0 in udp 10.0.0.3:1000 192.0.2.1:53 packets=3 bytes=300
flow eth0 in udp 10.0.0.4:1000 192.0.2.1:53 packets=4 bytes=400
flow eth0 in udp 10.0.0.5:1000 192.0.2.1:53 packets=5 bytes=500
flow eth0 in udp 10.0.0.6:1000 192.0.2.1:53 packets=6 bytes=600
flow eth0 in udp 10.0.0.7:1000 192.0.2.1:53 packets=7 bytes=700
flow eth0 in udp 10.0.0.8:1000 192.0.2.1:53 packets=8 bytes=800
flow eth0 in udp 10.0.0.9:1000 192.0.2.1:53 packets=9 bytes=900
flow eth0 in udp 10.0.0.10:1000 192.0.2.1:53 packets=10 bytes=1000
flow eth0 in udp 10.0.0.11:1000 192.0.2.1:53 packets=11 bytes=1100
flow eth0 in udp 10.0.0.12:1000 192.0.2.1:53 packets=12 bytes=1200
flow eth0 in udp 10.0.0.13:1000 192.0.2.1:53 packets=13 bytes=1300
flow eth0 in udp 10.0.0.14:1000 192.0.2.1:53 packets=14 bytes=1400
flow eth0 in udp 10.0.0.15:1000 192.0.2.1:53 packets=15 bytes=1500
flow eth0 in udp 10.0.0.16:1000 192.0.2.1:53 packets=16 bytes=1600
flow eth0 in udp 10.0.0.17:1000 192.0.2.1:53 packets=17 bytes=1700
flow eth0 in udp 10.0.0.18:1000 192.0.2.1:53 packets=18 bytes=1800
flow eth0 in udp 10.0.0.19:1000 192.0.2.1:53 packets=19 bytes=1900
flow eth0 in udp 10.0.0.20:1000 192.0.2.1:53 packets=20 bytes=2000
flow eth0 in udp 10.0.0.21:1000 192.0.2.1:53 packets=21 bytes=2100
flow eth0 in udp 10.0.0.22:1000 192.0.2.1:53 packets=22 bytes=2200
flow eth0 in udp 10.0.0.23:1000 192.0.2.1:53 packets=23 bytes=2300
flow eth0 in udp 10.0.0.24:1000 192.0.2.1:53 packets=24 bytes=2400
flow eth0 in udp 10.0.0.25:1000 192.0.2.1:53 packets=25 bytes=2500
flow eth0 in udp 10.0.0.26:1000 192.0.2.1:53 packets=26 bytes=2600
flow eth0 in udp 10.0.0.27:1000 192.0.2.1:53 packets=27 bytes=2700
flow eth0 in udp 10.0.0.28:1000 192.0.2.1:53 packets=28 bytes=2800
flow eth0 in udp 10.0.0.29:1000 192.0.2.1:53 packets=29 bytes=2900
flow eth0 in udp 10.0.0.30:1000 192.0.2.1:53 packets=30 bytes=3000
tick 1
flow eth0 in udp 10.0.0.1:1000 192.0.2.1:53 packets=500 bytes=50000
flow eth0 in udp 10.0.0.2:1000 192.0.2.1:53 packets=2 bytes=200
flow eth0 in udp 10.0.0.3:1000 192.0.2.1:53 packets=3 bytes=300
flow eth0 in udp 10.0.0.4:1000 192.0.2.1:53 packets=4 bytes=400
flow eth0 in udp 10.0.0.5:1000 192.0.2.1:53 packets=5 bytes=500
flow eth0 in udp 10.0.0.6:1000 192.0.2.1:53 packets=6 bytes=600
flow eth0 in udp 10.0.0.7:1000 192.0.2.1:53 packets=7 bytes=700
flow eth0 in udp 10.0.0.8:1000 192.0.2.1:53 packets=8 bytes=800
flow eth0 in udp 10.0.0.9:1000 192.0.2.1:53 packets=9 bytes=900
flow eth0 in udp 10.0.0.10:1000 192.0.2.1:53 packets=10 bytes=1000
flow eth0 in udp 10.0.0.11:1000 192.0.2.1:53 packets=11 bytes=1100
flow eth0 in udp 10.0.0.12:1000 192.0.2.1:53 packets=12 bytes=1200
flow eth0 in udp 10.0.0.13:1000 192.0.2.1:53 packets=13 bytes=1300
flow eth0 in udp 10.0.0.14:1000 192.0.2.1:53 packets=14 bytes=1400
flow eth0 in udp 10.0.0.15:1000 192.0.2.1:53 packets=15 bytes=1500
flow eth0 in udp 10.0.0.16:1000 192.0.2.1:53 packets=16 bytes=1600
flow eth0 in udp 10.0.0.17:1000 192.0.2.1:53 packets=17 bytes=1700
flow eth0 in udp 10.0.0.18:1000 192.0.2.1:53 packets=18 bytes=1800
flow eth0 in udp 10.0.0.19:1000 192.0.2.1:53 packets=19 bytes=1900
flow eth0 in udp 10.0.0.20:1000 192.0.2.1:53 packets=20 bytes=2000
flow eth0 in udp 10.0.0.21:1000 192.0.2.1:53 packets=21 bytes=2100
flow eth0 in udp 10.0.0.22:1000 192.0.2.1:53 packets=22 bytes=2200
flow eth0 in udp 10.0.0.23:1000 192.0.2.1:53 packets=23 bytes=2300
flow eth0 in udp 10.0.0.24:1000 192.0.2.1:53 packets=24 bytes=2400
flow eth0 in udp 10.0.0.25:1000 192.0.2.1:53 packets=25 bytes=2500
flow eth0 in udp 10.0.0.26:1000 192.0.2.1:53 packets=26 bytes=2600
flow eth0 in udp 10.0.0.27:1000 192.0.2.1:53 packets=27 bytes=2700
flow eth0 in udp 10.0.0.28:1000 192.0.2.1:53 packets=28 bytes=2800
flow eth0 in udp 10.0.0.29:1000 192.0.2.1:53 packets=29 bytes=2900
flow eth0 in udp 10.0.0.30:1000 192.0.2.1:53 packets=30 bytes=3000
tick 1
flow eth0 in udp 10.0.0.1:1000 192.0.2.1:53 packets=500 bytes=50000
flow eth0 in udp 10.0.0.2:1000 192.0.2.1:53 packets=2 bytes=200
flow eth0 in udp 10.0.0.3:1000 192.0.2.1:53 packets=3 bytes=300
flow eth0 in udp 10.0.0.4:1000 192.0.2.1:53 packets=4 bytes=400
flow eth0 in udp 10.0.0.5:1000 192.0.2.1:53 packets=5 bytes=500
flow eth0 in udp 10.0.0.6:1000 192.0.2.1:53 packets=6 bytes=600
flow eth0 in udp 10.0.0.7:1000 192.0.2.1:53 packets=7 bytes=700
flow eth0 in udp 10.0.0.8:1000 192.0.2.1:53 packets=8 bytes=800
flow eth0 in udp 10.0.0.9:1000 192.0.2.1:53 packets=9 bytes=900
flow eth0 in udp 10.0.0.10:1000 192.0.2.1:53 packets=10 bytes=1000
flow eth0 in udp 10.0.0.11:1000 192.0.2.1:53 packets=11 bytes=1100
flow eth0 in udp 10.0.0.12:1000 192.0.2.1:53 packets=12 bytes=1200
flow eth0 in udp 10.0.0.13:1000 192.0.2.1:53 packets=13 bytes=1300
flow eth0 in udp 10.0.0.14:1000 192.0.2.1:53 packets=14 bytes=1400
flow eth0 in udp 10.0.0.15:1000 192.0.2.1:53 packets=15 bytes=1500
flow eth0 in udp 10.0.0.16:1000 192.0.2.1:53 packets=16 bytes=1600
flow eth0 in udp 10.0.0.17:1000 192.0.2.1:53 packets=17 bytes=1700
flow eth0 in udp 10.0.0.18:1000 192.0.2.1:53 packets=18 bytes=1800
flow eth0 in udp 10.0.0.19:1000 192.0.2.1:53 packets=19 bytes=1900
flow eth0 in udp 10.0.0.20:1000 192.0.2.1:53 packets=20 bytes=2000
flow eth0 in udp 10.0.0.21:1000 192.0.2.1:53 packets=21 bytes=2100
flow eth0 in udp 10.0.0.22:1000 192.0.2.1:53 packets=22 bytes=2200
flow eth0 in udp 10.0.0.23:1000 192.0.2.1:53 packets=23 bytes=2300
flow eth0 in udp 10.0.0.24:1000 192.0.2.1:53 packets=24 bytes=2400
flow eth0 in udp 10.0.0.25:1000 192.0.2.1:53 packets=25 bytes=2500
flow eth0 in udp 10.0.0.26:1000 192.0.2.1:53 packets=26 bytes=2600
flow eth0 in udp 10.0.0.27:1000 192.0.2.1:53 packets=27 bytes=2700
flow eth0 in udp 10.0.0.28:1000 192.0.2.1:53 packets=28 bytes=2800
flow eth0 in udp 10.0.0.29:1000 192.0.2.1:53 packets=29 bytes=2900
flow eth0 in udp 10.0.0.30:1000 192.0.2.1:53 packets=30 bytes=3000
tick 1
end
END

screen "a page down and half a page up" many 80x12 'tick
key PgDn
show
key C-u
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx  372kb/s   465p/s  tx     0b/s     0p/s             █
flows 30 active  30 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        10.0.0.23:1000       18.4k      0     23      0 18.4k
udp   192.0.2.1:53        10.0.0.22:1000       17.6k      0     22      0 17.6k
udp   192.0.2.1:53        10.0.0.21:1000       16.8k      0     21      0 16.8k
udp   192.0.2.1:53        10.0.0.20:1000       16.0k      0     20      0 16.0k
udp   192.0.2.1:53        10.0.0.19:1000       15.2k      0     19      0 15.2k
udp   192.0.2.1:53        10.0.0.18:1000       14.4k      0     18      0 14.4k
udp   192.0.2.1:53        10.0.0.17:1000       13.6k      0     17      0 13.6k
replay of many.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx  372kb/s   465p/s  tx     0b/s     0p/s             █
flows 30 active  30 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        10.0.0.27:1000       21.6k      0     27      0 21.6k
udp   192.0.2.1:53        10.0.0.26:1000       20.8k      0     26      0 20.8k
udp   192.0.2.1:53        10.0.0.25:1000       20.0k      0     25      0 20.0k
udp   192.0.2.1:53        10.0.0.24:1000       19.2k      0     24      0 19.2k
udp   192.0.2.1:53        10.0.0.23:1000       18.4k      0     23      0 18.4k
udp   192.0.2.1:53        10.0.0.22:1000       17.6k      0     22      0 17.6k
udp   192.0.2.1:53        10.0.0.21:1000       16.8k      0     21      0 16.8k
replay of many.rec
--------------------------------------------------------------------------------
END

screen "the last rows, and the first" many 80x12 'tick
key G
show
key g
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx  372kb/s   465p/s  tx     0b/s     0p/s             █
flows 30 active  30 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        10.0.0.7:1000        5.60k      0      7      0 5.60k
udp   192.0.2.1:53        10.0.0.6:1000        4.80k      0      6      0 4.80k
udp   192.0.2.1:53        10.0.0.5:1000        4.00k      0      5      0 4.00k
udp   192.0.2.1:53        10.0.0.4:1000        3.20k      0      4      0 3.20k
udp   192.0.2.1:53        10.0.0.3:1000        2.40k      0      3      0 2.40k
udp   192.0.2.1:53        10.0.0.2:1000        1.60k      0      2      0 1.60k
udp   192.0.2.1:53        10.0.0.1:1000          800      0      1      0   800
replay of many.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx  372kb/s   465p/s  tx     0b/s     0p/s             █
flows 30 active  30 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        10.0.0.30:1000       24.0k      0     30      0 24.0k
udp   192.0.2.1:53        10.0.0.29:1000       23.2k      0     29      0 23.2k
udp   192.0.2.1:53        10.0.0.28:1000       22.4k      0     28      0 22.4k
udp   192.0.2.1:53        10.0.0.27:1000       21.6k      0     27      0 21.6k
udp   192.0.2.1:53        10.0.0.26:1000       20.8k      0     26      0 20.8k
udp   192.0.2.1:53        10.0.0.25:1000       20.0k      0     25      0 20.0k
udp   192.0.2.1:53        10.0.0.24:1000       19.2k      0     24      0 19.2k
replay of many.rec
--------------------------------------------------------------------------------
END

screen "the selection scrolls the rows" many 80x12 'tick
key Down
key End
styles
key k
key k
key k
key k
key k
key k
key k
show
styles' <<'END'
--------------------------------------------------------------------------------
BBBBB  BBBB  DDDDD                                               DDDDD  DDDDDDDD
BBBBBBB  DDD                   DDD
                          DDDDDDDD  DDDDDDDD  DDDDDDDD
UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUBBBBU






RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR

--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx  372kb/s   465p/s  tx     0b/s     0p/s             █
flows 30 active  30 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        10.0.0.8:1000        6.40k      0      8      0 6.40k
udp   192.0.2.1:53        10.0.0.7:1000        5.60k      0      7      0 5.60k
udp   192.0.2.1:53        10.0.0.6:1000        4.80k      0      6      0 4.80k
udp   192.0.2.1:53        10.0.0.5:1000        4.00k      0      5      0 4.00k
udp   192.0.2.1:53        10.0.0.4:1000        3.20k      0      4      0 3.20k
udp   192.0.2.1:53        10.0.0.3:1000        2.40k      0      3      0 2.40k
udp   192.0.2.1:53        10.0.0.2:1000        1.60k      0      2      0 1.60k
replay of many.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
BBBBB  BBBB  DDDDD                                               DDDDD  DDDDDDDD
BBBBBBB  DDD                   DDD
                          DDDDDDDD  DDDDDDDD  DDDDDDDD
UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUBBBBU
RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR







--------------------------------------------------------------------------------
END

screen "without following, the row leaves the screen" many 80x12 'tick
key G
key j
key G
tick
tick
show
styles' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:03  up 3s  every 1s
eth0     rx  771kb/s   964p/s  tx     0b/s     0p/s           ▄██
flows 30 active  30 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        10.0.0.8:1000        6.40k      0      8      0 6.40k
udp   192.0.2.1:53        10.0.0.7:1000        5.60k      0      7      0 5.60k
udp   192.0.2.1:53        10.0.0.6:1000        4.80k      0      6      0 4.80k
udp   192.0.2.1:53        10.0.0.5:1000        4.00k      0      5      0 4.00k
udp   192.0.2.1:53        10.0.0.4:1000        3.20k      0      4      0 3.20k
udp   192.0.2.1:53        10.0.0.3:1000        2.40k      0      3      0 2.40k
udp   192.0.2.1:53        10.0.0.2:1000        1.60k      0      2      0 1.60k
replay of many.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
BBBBB  BBBB  DDDDD                                               DDDDD  DDDDDDDD
BBBBBBB  DDD                   DDD
                          DDDDDDDD  DDDDDDDD  DDDDDDDD
UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUBBBBU








--------------------------------------------------------------------------------
END

screen "followed, it takes the screen along" many 80x12 'tick
key G
key j
key G
key F
tick
tick
show
styles' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                      FOLLOW  00:00:03  up 3s  every 1s
eth0     rx  771kb/s   964p/s  tx     0b/s     0p/s           ▄██
flows 30 active  30 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        10.0.0.1:1000         400k      0    500      0  400k
udp   192.0.2.1:53        10.0.0.30:1000       24.0k      0     30      0 24.0k
udp   192.0.2.1:53        10.0.0.29:1000       23.2k      0     29      0 23.2k
udp   192.0.2.1:53        10.0.0.28:1000       22.4k      0     28      0 22.4k
udp   192.0.2.1:53        10.0.0.27:1000       21.6k      0     27      0 21.6k
udp   192.0.2.1:53        10.0.0.26:1000       20.8k      0     26      0 20.8k
udp   192.0.2.1:53        10.0.0.25:1000       20.0k      0     25      0 20.0k
replay of many.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
BBBBB  BBBB  DDDDD                             BBBBBB            DDDDD  DDDDDDDD
BBBBBBB  DDD                   DDD
                          DDDDDDDD  DDDDDDDD  DDDDDDDD
UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUBBBBU
RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR







--------------------------------------------------------------------------------
END

screen "hold: numbers change, rows stay" two 80x14 'tick
key o
tick
tick
show
key o
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        HOLD  00:00:03  up 3s  every 1s
eth0     rx  202kb/s    25p/s  tx  720kb/s   300p/s           █▄▂           █▄▂
wg0      rx     0b/s     0p/s  tx     0b/s     0p/s           █▅            █
total    rx  202kb/s    25p/s  tx  720kb/s   300p/s  forwarded: counted on each
flows 3 active  11 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234        200k      0     20      0  200k
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000      0      0      0      0     0
tcp   10.0.0.1:22         10.0.0.2:40000            0      0      0      0     0
udp   192.0.2.1:53        198.51.100.9:53123        0   720k      0    300  720k
icmp  192.0.2.1           203.0.113.5               0      0      0      0     0
arp   192.0.2.1           192.0.2.7                 0      0      0      0     0
tcp   192.0.2.1:443       192.0.2.99:1024       2.40k      0      5      0 2.40k
replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:03  up 3s  every 1s
eth0     rx  202kb/s    25p/s  tx  720kb/s   300p/s           █▄▂           █▄▂
wg0      rx     0b/s     0p/s  tx     0b/s     0p/s           █▅            █
total    rx  202kb/s    25p/s  tx  720kb/s   300p/s  forwarded: counted on each
flows 3 active  11 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        198.51.100.9:53123        0   720k      0    300  720k
tcp   192.0.2.1:443       192.0.2.7:41234        200k      0     20      0  200k
tcp   192.0.2.1:443       192.0.2.99:1024       2.40k      0      5      0 2.40k
icmp  192.0.2.1           203.0.113.5               0      0      0      0     0
arp   192.0.2.1           192.0.2.7                 0      0      0      0     0
tcp   10.0.0.1:22         10.0.0.2:40000            0      0      0      0     0
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000      0      0      0      0     0
replay of two.rec
--------------------------------------------------------------------------------
END

screen "freeze: nothing changes but its age" two 80x14 'tick
key p
tick
show
tick
show
key p
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                   FROZEN 1s  00:00:01  up 1s  every 1s
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
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                   FROZEN 2s  00:00:01  up 1s  every 1s
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
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:03  up 3s  every 1s
eth0     rx  202kb/s    25p/s  tx  720kb/s   300p/s           █▄▂           █▄▂
wg0      rx     0b/s     0p/s  tx     0b/s     0p/s           █▅            █
total    rx  202kb/s    25p/s  tx  720kb/s   300p/s  forwarded: counted on each
flows 3 active  11 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        198.51.100.9:53123        0   720k      0    300  720k
tcp   192.0.2.1:443       192.0.2.7:41234        200k      0     20      0  200k
tcp   192.0.2.1:443       192.0.2.99:1024       2.40k      0      5      0 2.40k
icmp  192.0.2.1           203.0.113.5               0      0      0      0     0
arp   192.0.2.1           192.0.2.7                 0      0      0      0     0
tcp   10.0.0.1:22         10.0.0.2:40000            0      0      0      0     0
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000      0      0      0      0     0
replay of two.rec
--------------------------------------------------------------------------------
END

screen "a frozen table can be ordered and scrolled" two 80x14 'tick
key p
tick
key <
key PgDn
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                   FROZEN 1s  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s▼TX p/s   b/s
tcp   192.0.2.1:443       192.0.2.7:41234       1.20M  10.0M    120    900 11.2M
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000   416k  20.8k     40     41  437k
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k
icmp  192.0.2.1           203.0.113.5             784      0      1      0   784
arp   192.0.2.1           192.0.2.7               480      0      1      0   480

sorted by TX p/s: packets per second out, last interval
--------------------------------------------------------------------------------
END

screen "interval" two 80x12 'tick
key +
show
key -
key -
key -
key -
key -
key -
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 2s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234       1.20M  10.0M    120    900 11.2M
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000   416k  20.8k     40     41  437k
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k
icmp  192.0.2.1           203.0.113.5             784      0      1      0   784
arp   192.0.2.1           192.0.2.7               480      0      1      0   480
a new measurement every 2s
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                      LIVE  00:00:01  up 1s  every 0.1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234       1.20M  10.0M    120    900 11.2M
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000   416k  20.8k     40     41  437k
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k
icmp  192.0.2.1           203.0.113.5             784      0      1      0   784
arp   192.0.2.1           192.0.2.7               480      0      1      0   480
0.1s is the limit
--------------------------------------------------------------------------------
END

screen "a key without action" two 80x12 'tick
key x
show
tick
tick
key F5
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234       1.20M  10.0M    120    900 11.2M
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000   416k  20.8k     40     41  437k
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k
icmp  192.0.2.1           203.0.113.5             784      0      1      0   784
arp   192.0.2.1           192.0.2.7               480      0      1      0   480
x does nothing here; ? shows the keys
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:03  up 3s  every 1s
eth0     rx  202kb/s    25p/s  tx  720kb/s   300p/s           █▄▂           █▄▂
all 2    rx  202kb/s    25p/s  tx  720kb/s   300p/s  forwarded: counted on each
flows 3 active  11 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        198.51.100.9:53123        0   720k      0    300  720k
tcp   192.0.2.1:443       192.0.2.7:41234        200k      0     20      0  200k
tcp   192.0.2.1:443       192.0.2.99:1024       2.40k      0      5      0 2.40k
icmp  192.0.2.1           203.0.113.5               0      0      0      0     0
arp   192.0.2.1           192.0.2.7                 0      0      0      0     0
tcp   10.0.0.1:22         10.0.0.2:40000            0      0      0      0     0
F5 does nothing here; ? shows the keys
--------------------------------------------------------------------------------
END

screen "help" two 80x24 'tick
key ?
show
key PgDn
show
key G
show
key Esc
show' <<'END'
--------------------------------------------------------------------------------
pktop: keys, views, columns
Move
 Up k            select the row above
 Down j          select the row below
 PgUp C-b        one page up
 PgDn C-f        one page down
 C-u             half a page up
 C-d             half a page down
 Home g          first row
 End G           last row
 F               follow the selected row wherever it goes
 Enter           all about the selected flow; the flows of a group
 Esc             back: leave page, freeze, follow, selection, then group

Rows and their order
 <               order by the column to the left
 >               order by the column to the right
 I               reverse the order
 o               hold the order: numbers change, rows stay in their places
 p Space         freeze the screen, or go on; counting never stops
 /               filter as you type
 \               no filter: show everything again
 i               filter: only the selected group, or row's far end
replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop: keys, views, columns
 o               hold the order: numbers change, rows stay in their places
 p Space         freeze the screen, or go on; counting never stops
 /               filter as you type
 \               no filter: show everything again
 i               filter: only the selected group, or row's far end
 e               filter: everything but that
 y               a filter for the row, also for tcpdump, to be copied
 w               write the rows to a file: text, .json, .csv
 d               rows of one direction, or of both
 Tab             next view
 S-Tab           previous view
 1 .. 0          view by number, see below
 t               sum up by the next key: source, destination, ...

Screen
 b               rates in bits, bytes or packets
 n               names of hosts, or addresses
 N               names of ports, or numbers
 +               measure over a longer interval; longer prefixes
 -               measure over a shorter interval; shorter prefixes
 F2              setup: columns, order, theme, unit; saved on request
 ? h F1          this page
replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop: keys, views, columns
Columns of this view; a wider terminal shows more of them
 PROTO           IP protocol by name, or arp
 L7              application protocol; with ? where only a port says so
 LOCAL           near end: where packets that come in go to
 REMOTE          far end: where packets that come in are from
 RX b/s          bits per second in, last interval
 TX b/s          bits per second out, last interval
 RX p/s          packets per second in, last interval
 TX p/s          packets per second out, last interval
 b/s             bits per second, last interval
 BYTES           bytes since first seen
 PACKETS         packets since first seen
 IFACE           interface
 10s b/s         bits per second, average over 10 seconds
 60s b/s         bits per second, average over 60 seconds
 PEAK b/s        bits per second, highest known of one direction, of one flow,
                 or of the whole row now
 AGE             time since first seen
 IDLE            time since last seen
 VLAN            id of the outermost VLAN tag
 FLAGS           TCP flags seen since first seen
 DETAIL          what protocols without ports have: ICMP type, SPI, operation
replay of two.rec
--------------------------------------------------------------------------------
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

screen "help on a small screen" two 40x10 'tick
key h
key j
key j
show' <<'END'
----------------------------------------
pktop: keys, views, columns
 Down j          select the row below
 PgUp C-b        one page up
 PgDn C-f        one page down
 C-u             half a page up
 C-d             half a page down
 Home g          first row
 End G           last row
 F               follow the selected row
replay of two.rec
----------------------------------------
END

screen "a page that opens has its own foot, not the message of the page before" two 40x10 'tick
key b
key ?
show' <<'END'
----------------------------------------
pktop: keys, views, columns
Move
 Up k            select the row above
 Down j          select the row below
 PgUp C-b        one page up
 PgDn C-f        one page down
 C-u             half a page up
 C-d             half a page down
 Home g          first row
Esc back                lines 1-8 of 155
----------------------------------------
END

screen "a script with mistakes" two 80x12 'tick
key Foo' <<'END'
pktop: script: line 2: no key is named "Foo"
status 1
END

screen "a script that wants too much" two 80x12 'tick
tick
tick
tick' <<'END'
pktop: script: line 4: the recording has no further interval
status 1
END

screen "an unknown command" two 80x12 'jump 3' <<'END'
pktop: script: line 1: "jump" is not a command; there are key, type, tick, resize, show, styles, colors, click, wheel
status 1
END

screen "a size that is none" two 80x12 'resize 80' <<'END'
pktop: script: line 1: "80" is not a size such as 80x24, at most 1000x1000
status 1
END

screen "quit ends the script" two 80x12 'key q
show' <<'END'
END

# What the screen says of keys follows the configuration file.
printf 'key.quit = x F10\nkey.help = Q\nkey.hold =\nsort.flows = -tx_bps\n' >keys.conf
chmod 600 keys.conf
recording long <<'END'
iface 0 eth0
flow eth0 in udp 10.0.0.1:1000 192.0.2.1:53 packets=10 bytes=1000
tick 1 slots=8192 used=1
tick 5 slots=8192 used=0
end
END
screen "keys of the configuration file" long 80x10 'tick
tick
show
key Q
key q
show
key x
show
key x
show' --config keys.conf <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:06  up 6s  every 1s
eth0     rx     0b/s     0p/s  tx     0b/s     0p/s            █
flows 0 active  1 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE              RX b/s▲TX b/s RX p/s TX p/s   b/s
udp   192.0.2.1:53        10.0.0.1:1000            0      0      0      0     0




Q help  x quit  / filter  p freeze  Tab view  < > order  d directions   1-1 of 1
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop: keys, views, columns
Move
 Up k            select the row above
 Down j          select the row below
 PgUp C-b        one page up
 PgDn C-f        one page down
 C-u             half a page up
 C-d             half a page down
 Home g          first row
q does nothing here; Q shows the keys
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:06  up 6s  every 1s
eth0     rx     0b/s     0p/s  tx     0b/s     0p/s            █
flows 0 active  1 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE              RX b/s▲TX b/s RX p/s TX p/s   b/s
udp   192.0.2.1:53        10.0.0.1:1000            0      0      0      0     0




q does nothing here; Q shows the keys
--------------------------------------------------------------------------------
END

printf 'tick\n' >script
want="--names: nobody is asked for names while a script is played"
has_library CARES || want="this pktop was built without names of hosts (c-ares)"
is "names: nobody is asked, and that is said" \
	"$(setsid -w "$pktop" --replay two.rec --script script --names </dev/null 2>&1)" \
	"pktop: $want"

done_testing
