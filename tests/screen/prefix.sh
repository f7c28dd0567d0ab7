# SPDX-License-Identifier: GPL-2.0-or-later
# Networks of far ends, and the length of their prefixes.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/screen/screen.sh"

two_interfaces

screen "shorter prefixes, and the flows of one" two 80x14 'tick
key Tab
show
key -
key -
show
key Down
key Enter
show' --view pod <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Prefixes                     LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PREFIX                  FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL
192.0.2.0/24                3  1.20M  10.0M    121    900 11.2M    96%    96%
2001:db8:1234:5678::/64     2   416k  20.8k     40     41  437k   3.7%  99.5%
10.0.0.0/24                 2  9.60k  33.6k     12     10 43.2k   0.4%  99.9%
198.51.100.0/24             2  1.92k  7.20k      3      3 9.12k   0.1% >99.9%
203.0.113.0/24              1    784      0      1      0   784  <0.1%   100%


replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Prefixes                     LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PREFIX                  FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL
192.0.0.0/8                 3  1.20M  10.0M    121    900 11.2M    96%    96%
2001:db8::/32               2   416k  20.8k     40     41  437k   3.7%  99.5%
10.0.0.0/8                  2  9.60k  33.6k     12     10 43.2k   0.4%  99.9%
198.0.0.0/8                 2  1.92k  7.20k      3      3 9.12k   0.1% >99.9%
203.0.0.0/8                 1    784      0      1      0   784  <0.1%   100%


prefixes of /8, IPv6 /32
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter remote 192.0.0.0/8  shows 3 of 10 flows, 96% of bytes
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234      1.20M  10.0M    120    900 11.2M
arp   192.0.2.1           192.0.2.7              480      0      1      0   480




prefixes of /8, IPv6 /32
--------------------------------------------------------------------------------
END

screen "longer prefixes have a limit, the interval stays" two 80x14 'tick
key +
key +
key +
key +
show' --view prefix --prefix 20,33 <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Prefixes                     LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PREFIX                                     FLOWS RX b/s TX b/s  ▼b/s  SHARE
192.0.2.7/32                                   3  1.20M  10.0M 11.2M    96%
2001:db8:1234:5678:9abc:def0:1234:5678/128     2   416k  20.8k  437k   3.7%
10.0.0.2/32                                    2  9.60k  33.6k 43.2k   0.4%
198.51.100.9/32                                2  1.92k  7.20k 9.12k   0.1%
203.0.113.5/32                                 1    784      0   784  <0.1%


prefixes of /32, IPv6 /128: that is the limit
--------------------------------------------------------------------------------
END

done_testing
