# SPDX-License-Identifier: GPL-2.0-or-later
# Countries and autonomous systems of far ends.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/screen/screen.sh"

two_interfaces
geo=$top_srcdir/tests/geo.mmdb
"$pktop" --replay two.rec --geo "$geo" --total 2>&1 | grep -q "without libmaxminddb" &&
	skip_all "this pktop was built without libmaxminddb"

screen "countries, the flows of one, and back" two 80x24 'tick
show
key Down
key Down
key Enter
show
key Esc
show' --view country --geo "$geo" <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Countries                    LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
COUNTRY             FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS
DE                      2  1.20M  10.0M    120    900 11.2M    96%    96%     1
(country not known)     6   427k  54.4k     54     51  481k   4.1%  99.9%     4
SE                      2  1.92k  7.20k      3      3 9.12k   0.1%   100%     1














replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter remote_country none  shows 6 of 10 flows, 4.1% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000   416k  20.8k     40     41  437k
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k
icmp  192.0.2.1           203.0.113.5             784      0      1      0   784
arp   192.0.2.1           192.0.2.7               480      0      1      0   480












replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Countries                    LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
COUNTRY             FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS
DE                      2  1.20M  10.0M    120    900 11.2M    96%    96%     1
(country not known)     6   427k  54.4k     54     51  481k   4.1%  99.9%     4
SE                      2  1.92k  7.20k      3      3 9.12k   0.1%   100%     1














replay of two.rec
--------------------------------------------------------------------------------
END

screen "networks, with a hostile name, and the flows of one" two 80x24 'tick
show
key Down
key Down
key Down
key Down
key Enter
show' --view asn --geo "$geo" <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Networks                     LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
NETWORK                         FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE
AS64496 Example One                 2  1.20M  10.0M    120    900 11.2M    96%
(AS not known)                      5   426k  54.4k     53     51  480k   4.1%
AS64497 Example Two                 2  1.92k  7.20k      3      3 9.12k   0.1%
AS64498 Bad\x1b[31m\u{202e}Name     1    784      0      1      0   784  <0.1%













replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter remote_asn 64498  shows 1 of 10 flows, <0.1% of bytes
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
icmp  192.0.2.1           203.0.113.5            784      0      1      0   784















replay of two.rec
--------------------------------------------------------------------------------
END

screen "countries on a small screen" two 40x10 'tick
show' --view country --geo "$geo" <<'END'
----------------------------------------
pktop  web1  Countries    LIVE  00:00:01
eth0     rx 1.62Mb/s  tx 10.0Mb/s
all 2    rx 1.63Mb/s  tx 10.1Mb/s
flows 10 active  10 kept  books balance
COUNTRY             RX b/s TX b/s  ▼b/s
DE                   1.20M  10.0M 11.2M
(country not known)   427k  54.4k  481k
SE                   1.92k  7.20k 9.12k

replay of two.rec
----------------------------------------
END

screen "networks on a small screen" two 40x10 'tick
show' --view asn --geo "$geo" <<'END'
----------------------------------------
pktop  web1  Networks     LIVE  00:00:01
eth0     rx 1.62Mb/s  tx 10.0Mb/s
all 2    rx 1.63Mb/s  tx 10.1Mb/s
flows 10 active  10 kept  books balance
NETWORK              RX b/s TX b/s  ▼b/s
AS64496 Example One   1.20M  10.0M 11.2M
(AS not known)         426k  54.4k  480k
AS64497 Example Two   1.92k  7.20k 9.12k
AS64498 Ba…202e}Name    784      0   784
replay of two.rec
----------------------------------------
END

screen "0 is the tenth view" two 80x14 'tick
key 0
show' --geo "$geo" <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Programs                     LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROGRAM             FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS
(off)                  10  1.63M  10.1M    177    954 11.7M   100%   100%     5






replay of two.rec
--------------------------------------------------------------------------------
END

screen "without databases" two 80x14 'tick
show
type /country de
show' --view country --geo none <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Countries                    LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
COUNTRY             FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS
(country not known)    10  1.63M  10.1M    177    954 11.7M   100%   100%     5






nothing is looked up (--geo none)
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Countries                    LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
COUNTRY             FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS
(country not known)    10  1.63M  10.1M    177    954 11.7M   100%   100%     5





column 1: country cannot be tested: nothing is looked up (--geo none)
filter: country de
--------------------------------------------------------------------------------
END

screen "the page of a flow" two 80x24 'tick
key Down
key Enter
show' --geo "$geo" <<'END'
--------------------------------------------------------------------------------
pktop  web1  One flow                                             LIVE  00:00:01
 Local     192.0.2.1:443  DE  AS64496 Example One
 Remote    192.0.2.7:41234  DE  AS64496 Example One
 Protocol  tcp  tls?  flags seen SYN,ACK
 Interface eth0
 Owner     off
 Seen      first 00:00:00  last 00:00:01  age 1.0s  idle 0.0s
                b/s     10s     60s    PEAK PACKETS   BYTES     p/s    SIZE
 RX           1.20M   1.20M   1.20M   1.20M     120    150k     120   1.25k
 TX           10.0M   10.0M   10.0M   10.0M     900   1.25M     900   1.39k
 Both         11.2M   11.2M   11.2M   11.2M   1.02k   1.40M   1.02k   1.37k
 RX b/s                                                              █ max 1.20M
 TX b/s                                                              █ max 10.0M
 Mean size                                                           █ max 1.37k
           of the last 1s, since the row was selected
 Sizes     a recording has none
 Counted   by tc, tcx, layer l2
 Community 1:Ic493Kk/xU1RK794fsD/IMaNpOM=





replay of two.rec
--------------------------------------------------------------------------------
END

screen "columns" two 132x16 'tick
show' --geo "$geo" --columns proto,remote,country,asn,as_org,rx_bps --sort country <<'END'
------------------------------------------------------------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                                                                            LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s                                       █                                       █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s                                       █                                       █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  a packet crossing two interfaces is counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO REMOTE                                         CC▲   ASN AS ORG                  RX b/s
icmp  203.0.113.5                                        64498 Bad\x1b[31m\u{202e}Name    784
arp   192.0.2.7                                              -                            480
tcp   10.0.0.2:40000                                         -                          9.60k
tcp   [2001:db8:1234:5678:9abc:def0:1234:5678]:50000         -                           416k
tcp   192.0.2.7:41234                                DE  64496 Example One              1.20M
udp   198.51.100.9:53123                             SE  64497 Example Two              1.92k



replay of two.rec
------------------------------------------------------------------------------------------------------------------------------------
END

screen "fields are completed, and a filter is typed" two 80x14 'tick
type /remote_as_o
key Tab
show
type *Two
key Enter
show' --geo "$geo" <<'END'
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
column 15: expected a text, or a pattern such as Example*
filter: remote_as_org
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter remote_as_org *Two  shows 2 of 10 flows, 0.1% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k





replay of two.rec
--------------------------------------------------------------------------------
END

screen "frozen" two 80x14 'tick
key p
tick
show' --geo "$geo" --view country <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Countries               FROZEN 1s  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
COUNTRY             FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS
DE                      2  1.20M  10.0M    120    900 11.2M    96%    96%     1
(country not known)     6   427k  54.4k     54     51  481k   4.1%  99.9%     4
SE                      2  1.92k  7.20k      3      3 9.12k   0.1%   100%     1




replay of two.rec
--------------------------------------------------------------------------------
END

done_testing
