# SPDX-License-Identifier: GPL-2.0-or-later
# Whole screens as they were looked at: views, states and pages, small and large.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/screen/screen.sh"

every_kind

screen "80x24, a filter is typed and wrong so far" every 80x24 'tick
tick
key /
type tcp and dst prot 443
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1.example.org  tc l2  Flows            LIVE  00:00:07  up 7s  every 1s
eth0       rx 1.02Mb/s   100p/s  tx 5.00Mb/s   450p/s           █▄           █▃
wg-t…ch-9  rx     0b/s     0p/s  tx     0b/s     0p/s           █            █
total      rx 1.02Mb/s   100p/s  tx 5.00Mb/s   450p/s  counted on each
flows 3 active  11 kept  of 4.10k  slots 0%  folded 70 (0.6%)
not IP 3  books balance
filter tcp  shows 7 of 11 flows, 99.3% of bytes
PROTO LOCAL               REMOTE               PROCESS       RX b/s TX b/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234      nginx 1234      600k  5.00M 5.60M
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000 容器/…器进程    416k      0  416k
tcp   10.0.0.1:22         10.0.0.2:40000       forwarded          0      0     0
tcp   192.0.2.1:80        *                    folded             0      0     0









column 13: dst takes an address or a prefix, such as 192.0.2.1, 10.0.0.0/8 or
2001:db8::/32, not "prot"; for names the field is dst_name
filter: tcp and dst prot 443
--------------------------------------------------------------------------------
END

screen "80x24, pairs in a held order" every 80x24 'tick
key o
tick
show' --view pair <<'END'
--------------------------------------------------------------------------------
pktop  web1.example.org  tc l2  Pairs            HOLD  00:00:07  up 7s  every 1s
eth0       rx 1.02Mb/s   100p/s  tx 5.00Mb/s   450p/s           █▄           █▃
wg-t…ch-9  rx     0b/s     0p/s  tx     0b/s     0p/s           █            █
total      rx 1.02Mb/s   100p/s  tx 5.00Mb/s   450p/s  counted on each
flows 3 active  11 kept  of 4.10k  slots 0%  folded 70 (0.6%)
not IP 3  books balance
PAIR                                            FLOWS RX b/s TX b/s  ▼b/s  SHARE
192.0.2.1 <-> 192.0.2.7                             3   600k  5.00M 5.60M    93%
2001:db8::1 <-> 2001:db…678:9abc:def0:1234:5678     2   416k      0  416k   6.9%
192.0.2.1 <-> 198.51.100.9                          2      0      0     0     0%
10.0.0.1 <-> 10.0.0.2                               2      0      0     0     0%
192.0.2.1 <-> *                                     1      0      0     0     0%
192.0.2.1 <-> 203.0.113.5                           1      0      0     0     0%










? help  q quit  / filter  p freeze  o hold  Tab view  < > order         1-6 of 6
--------------------------------------------------------------------------------
END

screen "80x24, ports, frozen" every 80x24 'tick
key p
tick
show' --view port <<'END'
--------------------------------------------------------------------------------
pktop  web1.example.org  tc l2  Ports       FROZEN 1s  00:00:06  up 6s  every 1s
eth0       rx 2.73Mb/s   331p/s  tx 16.8Mb/s 1.62kp/s            █            █
wg-t…ch-9  rx 16.0kb/s    20p/s  tx 56.0kb/s  16.7p/s            █            █
total      rx 2.75Mb/s   351p/s  tx 16.9Mb/s 1.64kp/s  counted on each
flows 11 active  11 kept  of 4.10k  slots 0%  folded 70 (0.6%)
not IP 3  books balance
PORT                FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS
443/tcp                 4  2.69M  16.7M    267  1.57k 19.4M    99%    99%     2
53/udp                  2  32.0k   120k     50     50  152k   0.8%  99.6%     1
22/tcp                  2  16.0k  56.0k     20   16.7 72.0k   0.4% >99.9%     1
80/tcp                  1  5.60k      0   11.7      0 5.60k  <0.1% >99.9%     0
icmp                    1  1.31k      0   1.67      0 1.31k  <0.1% >99.9%     1
arp                     1     80      0   0.17      0    80  <0.1%   100%     1










? help  q quit  / filter  p freeze  o hold  Tab view  < > order         1-6 of 6
--------------------------------------------------------------------------------
END

screen "80x24, a container, drilled down to its flows" every 80x24 'tick
tick
key Down
key Down
key Enter
show' --view container <<'END'
--------------------------------------------------------------------------------
pktop  web1.example.org  tc l2  Flows            LIVE  00:00:07  up 7s  every 1s
eth0       rx 1.02Mb/s   100p/s  tx 5.00Mb/s   450p/s           █▄           █▃
wg-t…ch-9  rx     0b/s     0p/s  tx     0b/s     0p/s           █            █
total      rx 1.02Mb/s   100p/s  tx 5.00Mb/s   450p/s  counted on each
flows 3 active  11 kept  of 4.10k  slots 0%  folded 70 (0.6%)
not IP 3  books balance
filter container "容器"  shows 2 of 11 flows, 3.9% of bytes
PROTO LOCAL               REMOTE               PROCESS       RX b/s TX b/s  ▼b/s
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000 容器/…器进程    416k      0  416k














? help  q quit  / filter  p freeze  o hold  Tab view  < > order         1-1 of 1
--------------------------------------------------------------------------------
END

screen "80x24, application protocols, one followed" every 80x24 'tick
tick
key Down
key F
show' --view l7 <<'END'
--------------------------------------------------------------------------------
pktop  web1.example.org  tc l2  Applications   FOLLOW  00:00:07  up 7s  every 1s
eth0       rx 1.02Mb/s   100p/s  tx 5.00Mb/s   450p/s           █▄           █▃
wg-t…ch-9  rx     0b/s     0p/s  tx     0b/s     0p/s           █            █
total      rx 1.02Mb/s   100p/s  tx 5.00Mb/s   450p/s  counted on each
flows 3 active  11 kept  of 4.10k  slots 0%  folded 70 (0.6%)
not IP 3  books balance
APPLICATION         FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS
tls?                    4  1.02M  5.00M    100    450 6.02M   100%   100%     2
http?                   1      0      0      0      0     0     0%   100%     0
none                    2      0      0      0      0     0     0%   100%     2
dns?                    2      0      0      0      0     0     0%   100%     1
ssh?                    2      0      0      0      0     0     0%   100%     1











? help  q quit  / filter  p freeze  o hold  Tab view  < > order         1-5 of 5
--------------------------------------------------------------------------------
END

screen "80x24, help" every 80x24 'tick
key ?
show
key PgDn
show' --view src <<'END'
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
Esc back  Up Down PgUp PgDn scroll                              lines 1-22 of 88
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop: keys, views, columns
 I               reverse the order
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
Esc back  Up Down PgUp PgDn scroll                             lines 17-38 of 88
--------------------------------------------------------------------------------
END

screen "80x24, setup" every 80x24 'tick
key F2
show' --view pair <<'END'
--------------------------------------------------------------------------------
pktop: setup  columns and order of the view Pairs
    Theme         default: the terminal's own text and background
    Unit          rates in bits
    Interval      1s
    Order by      b/s
    Direction     largest first
[x] PAIR          what the flows of the row have in common
[x] FLOWS         flows in the row, each direction apart
[x] RX b/s        bits per second in, last interval
[x] TX b/s        bits per second out, last interval
[x] RX p/s        packets per second in, last interval
[x] TX p/s        packets per second out, last interval
[x] b/s           bits per second, last interval
[x] SHARE         part of the rate of all rows
[x] CUMUL         part of the row and all rows above it
[x] PEERS         distinct addresses at the other end of its flows
[x] BYTES         bytes since first seen
[x] PACKETS       packets since first seen
[x] p/s           packets per second, last interval
[x] 10s b/s       bits per second, average over 10 seconds
[x] 60s b/s       bits per second, average over 60 seconds
[x] PEAK b/s      bits per second, highest known … flow, or of the whole row now
[x] PEAK p/s      packets per second, highest kno… flow, or of the whole row now
Esc back  s save  Space show  Left Right change, move  u usual columns
--------------------------------------------------------------------------------
END

screen "40x10, prefixes" every 40x10 'tick
tick
show' --view prefix <<'END'
----------------------------------------
pktop  web1.example.org  Prefixes   LIVE
eth0       rx 1.02Mb/s  tx 5.00Mb/s
all 2      rx 1.02Mb/s  tx 5.00Mb/s
books balance
PREFIX               RX b/s TX b/s  ▼b/s
192.0.2.0/24           600k  5.00M 5.60M
2001:db8:1…5678::/64   416k      0  416k
*                         0      0     0
10.0.0.0/24               0      0     0
? help  q quit  / filter        1-4 of 6
----------------------------------------
END

screen "40x10, setup" every 40x10 'tick
key F2
show' --view flows <<'END'
----------------------------------------
pktop: setup
    Theme         default: th…background
    Unit          rates in bits
    Interval      1s
    Order by      b/s
    Direction     largest first
[x] PROTO         IP protocol…me, or arp
[x] L7            application…rt says so
[x] LOCAL         near end: w…e in go to
Esc back  s save  Space show
----------------------------------------
END

screen "40x10, a filter is wrong" every 40x10 'tick
key /
type prot tcp
key Enter
show' --view flows <<'END'
----------------------------------------
pktop  web1.example.org  Flows      LIVE
eth0       rx 2.73Mb/s  tx 16.8Mb/s
all 2      rx 2.75Mb/s  tx 16.9Mb/s
books balance
REMOTE               RX b/s TX b/s  ▼b/s
192.0.2.7:41234       2.00M  16.7M 18.7M
[2001:db8:…78]:50000   693k  34.7k  728k
column 1: "prot" is not a field; did you
mean port, proto?
filter: prot tcp
----------------------------------------
END

screen "132x43, interfaces" every 132x43 'tick
tick
show' --view iface <<'END'
------------------------------------------------------------------------------------------------------------------------------------
pktop  web1.example.org  tc l2  Interfaces                                                           LIVE  00:00:07  up 7s  every 1s
eth0            rx 1.02Mb/s   100p/s  tx 5.00Mb/s   450p/s                                   █▄                                   █▃
wg-to-branch-9  rx     0b/s     0p/s  tx     0b/s     0p/s                                   █                                    █
total           rx 1.02Mb/s   100p/s  tx 5.00Mb/s   450p/s  a packet crossing two interfaces is counted on each
flows 3 active  11 kept  of 4.10k  slots 0%  folded 70 (0.6%)  not IP 3  books balance
INTERFACE           FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS BYTES PACKETS   p/s 10s b/s 60s b/s PEAK b/s FLAGS
eth0                    9  1.02M  5.00M    100    450 6.02M   100%   100%     4 15.4M   12.2k   550   17.0M   17.5M    16.7M SYN,ACK
wg-to-branch-9          2      0      0      0      0     0     0%   100%     1 54.0k     220     0   58.4k   61.2k    56.0k ACK


































? help  q quit  / filter  p freeze  o hold  Tab view  < > order  d directions                                               1-2 of 2
------------------------------------------------------------------------------------------------------------------------------------
END

screen "132x43, protocols, in packets" every 132x43 'tick
tick
key b
key b
show' --view proto <<'END'
------------------------------------------------------------------------------------------------------------------------------------
pktop  web1.example.org  tc l2  Protocols                                                            LIVE  00:00:07  up 7s  every 1s
eth0            rx 1.02Mb/s   100p/s  tx 5.00Mb/s   450p/s                                   █▄                                   █▃
wg-to-branch-9  rx     0b/s     0p/s  tx     0b/s     0p/s                                   █                                    █
total           rx 1.02Mb/s   100p/s  tx 5.00Mb/s   450p/s  a packet crossing two interfaces is counted on each
flows 3 active  11 kept  of 4.10k  slots 0%  folded 70 (0.6%)  not IP 3  books balance
PROTOCOL            FLOWS RX p/s TX p/s  ▼p/s  SHARE  CUMUL PEERS BYTES PACKETS 10s p/s 60s p/s PEAK p/s    AGE   IDLE FLAGS
tcp                     7    100    450   550   100%   100%     3 15.4M   11.9k   1.63k   1.68k    1.50k   7.0s   0.0s SYN,ACK
udp                     2      0      0     0     0%   100%     1  114k     600    81.1      85       50   7.0s   1.0s -
arp                     1      0      0     0     0%   100%     1    60       1    0.14    0.14        0   7.0s   1.0s -
icmp                    1      0      0     0     0%   100%     1   980      10    1.35    1.42        2   7.0s   1.0s -
































rates in packets
------------------------------------------------------------------------------------------------------------------------------------
END

screen "200x60, sources" every 200x60 'tick
tick
key Down
show' --view src <<'END'
--------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------
pktop  web1.example.org  tc l2  Sources                                                                                                                                  LIVE  00:00:07  up 7s  every 1s
eth0            rx 1.02Mb/s   100p/s  tx 5.00Mb/s   450p/s                                                                     █▄                                                                     █▃
wg-to-branch-9  rx     0b/s     0p/s  tx     0b/s     0p/s                                                                     █                                                                      █
total           rx 1.02Mb/s   100p/s  tx 5.00Mb/s   450p/s  a packet crossing two interfaces is counted on each
flows 3 active  11 kept  of 4.10k  slots 0%  folded 70 (0.6%)  not IP 3  books balance
SOURCE                                 FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS BYTES PACKETS   p/s 10s b/s 60s b/s PEAK b/s PEAK p/s    AGE   IDLE FLAGS
192.0.2.1                                  2      0  5.00M      0    450 5.00M    83%    83%     2 13.2M   9.75k   450   14.6M   15.0M    16.7M    1.50k   7.0s   0.0s SYN,ACK
192.0.2.7                                  2   600k      0     60      0  600k    10%    93%     1 1.58M   1.26k    60   1.74M   1.79M    2.00M      200   7.0s   0.0s SYN,ACK
2001:db8:1234:5678:9abc:def0:1234:5678     1   416k      0     40      0  416k   6.9%   100%     1  572k     440    40    641k    652k     693k       67   7.0s   0.0s ACK
*                                          1      0      0      0      0     0     0%   100%     1 4.20k      70     0   4.54k   4.76k    5.60k       12   7.0s   1.0s SYN
2001:db8::1                                1      0      0      0      0     0     0%   100%     1 26.0k     410     0   28.1k   29.5k    34.7k       68   7.0s   1.0s ACK
10.0.0.2                                   1      0      0      0      0     0     0%   100%     1 12.0k     120     0   13.0k   13.6k    16.0k       20   7.0s   1.0s ACK
10.0.0.1                                   1      0      0      0      0     0     0%   100%     1 42.0k     100     0   45.4k   47.6k    56.0k       17   7.0s   1.0s ACK
198.51.100.9                               1      0      0      0      0     0     0%   100%     1 24.0k     300     0   26.0k   27.2k    32.0k       50   7.0s   1.0s -
203.0.113.5                                1      0      0      0      0     0     0%   100%     1   980      10     0   1.06k   1.11k    1.31k        2   7.0s   1.0s -












































? help  q quit  / filter  p freeze  o hold  Tab view  < > order  d directions                                                                                                                   1-9 of 9
--------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------------
END

if has_library MAXMINDDB; then
	screen "80x24, countries" every 80x24 'tick
tick
show' --view country --geo "$top_srcdir/tests/geo.mmdb" <<'END'
--------------------------------------------------------------------------------
pktop  web1.example.org  tc l2  Countries        LIVE  00:00:07  up 7s  every 1s
eth0       rx 1.02Mb/s   100p/s  tx 5.00Mb/s   450p/s           █▄           █▃
wg-t…ch-9  rx     0b/s     0p/s  tx     0b/s     0p/s           █            █
total      rx 1.02Mb/s   100p/s  tx 5.00Mb/s   450p/s  counted on each
flows 3 active  11 kept  of 4.10k  slots 0%  folded 70 (0.6%)
not IP 3  books balance
COUNTRY             FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS
DE                      2   600k  5.00M     60    450 5.60M    93%    93%     1
(country not known)     6   416k      0     40      0  416k   6.9%   100%     4
*                       1      0      0      0      0     0     0%   100%     0
SE                      2      0      0      0      0     0     0%   100%     1












? help  q quit  / filter  p freeze  o hold  Tab view  < > order         1-4 of 4
--------------------------------------------------------------------------------
END

	screen "132x43, networks" every 132x43 'tick
tick
show' --view asn --geo "$top_srcdir/tests/geo.mmdb" <<'END'
------------------------------------------------------------------------------------------------------------------------------------
pktop  web1.example.org  tc l2  Networks                                                             LIVE  00:00:07  up 7s  every 1s
eth0            rx 1.02Mb/s   100p/s  tx 5.00Mb/s   450p/s                                   █▄                                   █▃
wg-to-branch-9  rx     0b/s     0p/s  tx     0b/s     0p/s                                   █                                    █
total           rx 1.02Mb/s   100p/s  tx 5.00Mb/s   450p/s  a packet crossing two interfaces is counted on each
flows 3 active  11 kept  of 4.10k  slots 0%  folded 70 (0.6%)  not IP 3  books balance
NETWORK                         FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS BYTES PACKETS   p/s 10s b/s FLAGS
AS64496 Example One                 2   600k  5.00M     60    450 5.60M    93%    93%     1 14.7M   10.7k   510   16.2M SYN,ACK
(AS not known)                      5   416k      0     40      0  416k   6.9%   100%     3  652k   1.07k    40    727k ACK
AS64497 Example Two                 2      0      0      0      0     0     0%   100%     1  114k     600     0    123k -
*                                   1      0      0      0      0     0     0%   100%     0 4.20k      70     0   4.54k SYN
AS64498 Bad\x1b[31m\u{202e}Name     1      0      0      0      0     0     0%   100%     1   980      10     0   1.06k -































? help  q quit  / filter  p freeze  o hold  Tab view  < > order  d directions                                               1-5 of 5
------------------------------------------------------------------------------------------------------------------------------------
END
fi

done_testing
