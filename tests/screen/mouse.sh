# SPDX-License-Identifier: GPL-2.0-or-later
# What clicks and the wheel do.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/screen/screen.sh"

two_interfaces

screen "a heading orders by its column" two 80x10 'tick
click 57,4
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE               RX b/s▼TX b/s RX p/s TX p/s   b/s
tcp   192.0.2.1:443       192.0.2.7:41234       1.20M  10.0M    120    900 11.2M
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000   416k  20.8k     40     41  437k
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k
replay of two.rec
--------------------------------------------------------------------------------
END

screen "a second click turns the order round" two 80x10 'tick
click 57,4
click 57,4
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE               RX b/s▲TX b/s RX p/s TX p/s   b/s
icmp  192.0.2.1           203.0.113.5             784      0      1      0   784
arp   192.0.2.1           192.0.2.7               480      0      1      0   480
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000   416k  20.8k     40     41  437k
replay of two.rec
--------------------------------------------------------------------------------
END

screen "a row is selected" two 40x10 'tick
click 0,6
styles' <<'END'
----------------------------------------
BBBBB  BBBB
BBBBBBB  DDD          DDD
BBBBBBB  DDD          DDD

UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUBBBB

RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR



----------------------------------------
END

screen "other places do nothing" two 40x10 'tick
click 0,0
click 0,9
click 300,4
styles' <<'END'
----------------------------------------
BBBBB  BBBB
BBBBBBB  DDD          DDD
BBBBBBB  DDD          DDD

UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUBBBB





----------------------------------------
END

screen "the wheel scrolls" two 80x10 'tick
wheel down
show
wheel up
wheel up
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k
icmp  192.0.2.1           203.0.113.5             784      0      1      0   784
arp   192.0.2.1           192.0.2.7               480      0      1      0   480
replay of two.rec
--------------------------------------------------------------------------------
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
replay of two.rec
--------------------------------------------------------------------------------
END

screen "the wheel scrolls the help page" two 80x10 'tick
key ?
wheel down
click 0,4
show' <<'END'
--------------------------------------------------------------------------------
pktop: keys, views, columns
 PgUp C-b        one page up
 PgDn C-f        one page down
 C-u             half a page up
 C-d             half a page down
 Home g          first row
 End G           last row
 F               follow the selected row wherever it goes
 Enter           all about the selected flow; the flows of a group
replay of two.rec
--------------------------------------------------------------------------------
END

screen "a script that points nowhere" two 80x10 'click here' <<'END'
pktop: script: line 1: "here" is not a place such as 10,4
status 1
END

screen "a script that turns the wheel" two 80x10 'wheel left' <<'END'
pktop: script: line 1: "left" is neither up nor down
status 1
END

done_testing
