# SPDX-License-Identifier: GPL-2.0-or-later
# The filter of the table: typing it, what is wrong with it, taking it from a row, taking it away.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/screen/screen.sh"

two_interfaces

screen "the rows follow while it is typed" two 80x16 'tick
key /
show
type po
show
type rt 44
show
type 3
show
key Enter
show
tick
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


Enter keep  Esc undo  Tab complete
filter:
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


Enter keep  Esc undo  Tab complete
filter: po
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter port 44  shows 0 of 10 flows, 0% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
nothing passes the filter






Enter keep  Esc undo  Tab complete
filter: port 44
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter port 443  shows 4 of 10 flows, 99.5% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234       1.20M  10.0M    120    900 11.2M
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000   416k  20.8k     40     41  437k





Enter keep  Esc undo  Tab complete
filter: port 443
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter port 443  shows 4 of 10 flows, 99.5% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234       1.20M  10.0M    120    900 11.2M
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000   416k  20.8k     40     41  437k






replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:02  up 2s  every 1s
eth0     rx  600kb/s    60p/s  tx 5.00Mb/s   450p/s            █▄            █▄
wg0      rx 4.80kb/s     6p/s  tx     0b/s     0p/s            █▅            █
total    rx  605kb/s    66p/s  tx 5.00Mb/s   450p/s  forwarded: counted on each
flows 3 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter port 443  shows 4 of 10 flows, 99.7% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234        600k  5.00M     60    450 5.60M
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000      0      0      0      0     0






replay of two.rec
--------------------------------------------------------------------------------
END

screen "Esc brings the filter before back" two 80x12 'tick
key /
key C-u
type tcp port 22
show
key Esc
show' -f udp <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter tcp port 22  shows 2 of 10 flows, 0.4% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k



Enter keep  Esc undo  Tab complete
filter: tcp port 22
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter udp  shows 2 of 10 flows, 0.1% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k




replay of two.rec
--------------------------------------------------------------------------------
END

screen "a backslash takes it away" two 80x12 'tick
key \
show
key \
show' -f udp <<'END'
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
icmp  192.0.2.1           203.0.113.5             784      0      1      0   784
arp   192.0.2.1           192.0.2.7               480      0      1      0   480
there is no filter
--------------------------------------------------------------------------------
END

screen "what is wrong stands above, in the column that is named" two 80x24 'tick
type /tcp and prot = 6
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter tcp  shows 6 of 10 flows, 99.9% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234       1.20M  10.0M    120    900 11.2M
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000   416k  20.8k     40     41  437k
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k












column 9: "prot" is not a field; did you mean port, proto?
filter: tcp and prot = 6
--------------------------------------------------------------------------------
END

screen "Enter does not take what is wrong, and the old rows stay" two 80x12 'tick
type /udp and port
show
key Enter
show
key Backspace
show
key Esc
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter udp  shows 2 of 10 flows, 0.1% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k


column 13: expected a port up to 65535, a range such as 1000-2000, or a service
by name
filter: udp and port
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter udp  shows 2 of 10 flows, 0.1% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k


column 13: expected a port up to 65535, a range such as 1000-2000, or a service
by name
filter: udp and port
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter udp  shows 2 of 10 flows, 0.1% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k



Enter keep  Esc undo  Tab complete
filter: udp and por
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
icmp  192.0.2.1           203.0.113.5             784      0      1      0   784
arp   192.0.2.1           192.0.2.7               480      0      1      0   480
replay of two.rec
--------------------------------------------------------------------------------
END

screen "40 columns, 10 lines" two 40x10 'tick
type /port 443 and bps > 100
show
key Enter
show
type /
key C-u
type prot = tcp
show' <<'END'
----------------------------------------
pktop  web1  Flows        LIVE  00:00:01
eth0     rx 1.62Mb/s  tx 10.0Mb/s
all 2    rx 1.63Mb/s  tx 10.1Mb/s
flows 10 active  10 kept  books balance
filter port 443…ps > 100  4 of 10, 99.5%
REMOTE               RX b/s TX b/s  ▼b/s
192.0.2.7:41234       1.20M  10.0M 11.2M
[2001:db8:…78]:50000   416k  20.8k  437k
Enter keep  Esc undo  Tab complete
filter: port 443 and bps > 100
----------------------------------------
----------------------------------------
pktop  web1  Flows        LIVE  00:00:01
eth0     rx 1.62Mb/s  tx 10.0Mb/s
all 2    rx 1.63Mb/s  tx 10.1Mb/s
flows 10 active  10 kept  books balance
filter port 443…ps > 100  4 of 10, 99.5%
REMOTE               RX b/s TX b/s  ▼b/s
192.0.2.7:41234       1.20M  10.0M 11.2M
[2001:db8:…78]:50000   416k  20.8k  437k

replay of two.rec
----------------------------------------
----------------------------------------
pktop  web1  Flows        LIVE  00:00:01
eth0     rx 1.62Mb/s  tx 10.0Mb/s
all 2    rx 1.63Mb/s  tx 10.1Mb/s
flows 10 active  10 kept  books balance
REMOTE               RX b/s TX b/s  ▼b/s
192.0.2.7:41234       1.20M  10.0M 11.2M
[2001:db8:…78]:50000   416k  20.8k  437k
column 1: "prot" is not a field; did you
mean port, proto?
filter: prot = tcp
----------------------------------------
END

screen "editing: letters, words, ends, UTF-8" two 80x12 'tick
type /nd udp
key Home
type a
key C-e
key C-w
type or gr
key C-w
type grüße
key Left
key Backspace
type y
key C-a
key Right
key Delete
show
styles
key C-k
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter ad or grüye  shows 0 of 10 flows, 0% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
nothing passes the filter



Enter keep  Esc undo  Tab complete
filter: ad or grüye
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
BBBBB  BBBB  DDDDD                                               DDDDD  DDDDDDDD
BBBBBBB  DDD                   DDD
BBBBBBB  DDD                   DDD                   DDDDDDDDDDDDDDDDDDDDDDDDDD
                          DDDDDDDD  DDDDDDDD  DDDDDDDD
DDDDDDDBBBBBBBBBBB
UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUBBBB
DDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD



DDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDDD
BBBBBBBB R
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter ad or grüye  shows 0 of 10 flows, 0% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
nothing passes the filter



Enter keep  Esc undo  Tab complete
filter: a
--------------------------------------------------------------------------------
END

screen "a long line moves under the cursor" two 40x10 'tick
type /host 192.0.2.1 and port 443 and tcp and not icmp
show
key Home
show' <<'END'
----------------------------------------
pktop  web1  Flows        LIVE  00:00:01
eth0     rx 1.62Mb/s  tx 10.0Mb/s
all 2    rx 1.63Mb/s  tx 10.1Mb/s
flows 10 active  10 kept  books balance
filter host 192.… not icmp  2 of 10, 96%
REMOTE               RX b/s TX b/s  ▼b/s
192.0.2.7:41234       1.20M  10.0M 11.2M

Enter keep  Esc undo  Tab complete
filter: d port 443 and tcp and not icmp
----------------------------------------
----------------------------------------
pktop  web1  Flows        LIVE  00:00:01
eth0     rx 1.62Mb/s  tx 10.0Mb/s
all 2    rx 1.63Mb/s  tx 10.1Mb/s
flows 10 active  10 kept  books balance
filter host 192.… not icmp  2 of 10, 96%
REMOTE               RX b/s TX b/s  ▼b/s
192.0.2.7:41234       1.20M  10.0M 11.2M

Enter keep  Esc undo  Tab complete
filter: host 192.0.2.1 and port 443 and
----------------------------------------
END

screen "Tab completes what is known" two 80x12 'tick
type /prot
key Tab
type ud
key Tab
show
key C-u
type if w
key Tab
type and tx
key Tab
show
type nonsense
key Tab
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter proto udp  shows 2 of 10 flows, 0.1% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k



udp udplite
filter: proto udp
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter if wg0  shows 2 of 10 flows, 0.4% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k



tx_bps tx_pps tx_bytes tx_packets
filter: if wg0 and tx_
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter if wg0 and tx_nonsense  shows 0 of 10 flows, 0% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
nothing passes the filter



no word that is known fits here
filter: if wg0 and tx_nonsense
--------------------------------------------------------------------------------
END

screen "Up brings back what was kept, Down what is typed" two 80x12 'tick
type /udp
key Enter
type /
key C-u
type arp
key Enter
type /
key C-u
type icmp
key Up
key Up
show
key Up
key Down
show
key Down
show
key Down
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter udp  shows 2 of 10 flows, 0.1% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k



Enter keep  Esc undo  Tab complete
filter: udp
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter arp  shows 1 of 10 flows, <0.1% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
arp   192.0.2.1           192.0.2.7               480      0      1      0   480



Enter keep  Esc undo  Tab complete
filter: arp
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter icmp  shows 1 of 10 flows, <0.1% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
icmp  192.0.2.1           203.0.113.5             784      0      1      0   784



Enter keep  Esc undo  Tab complete
filter: icmp
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter icmp  shows 1 of 10 flows, <0.1% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
icmp  192.0.2.1           203.0.113.5             784      0      1      0   784



Enter keep  Esc undo  Tab complete
filter: icmp
--------------------------------------------------------------------------------
END

screen "only the far end of the selected row" two 80x14 'tick
key Down
key Down
key i
show
key \
key e
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter host 2001:db8:1234…abc:def0:1234:5678  shows 2 of 10 flows, 3.7% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000   416k  20.8k     40     41  437k





replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter not host 2001:db8:1…abc:def0:1234:5678  shows 8 of 10 flows, 96% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234       1.20M  10.0M    120    900 11.2M
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k
icmp  192.0.2.1           203.0.113.5             784      0      1      0   784
arp   192.0.2.1           192.0.2.7               480      0      1      0   480

replay of two.rec
--------------------------------------------------------------------------------
END

screen "a second test is added, in parentheses where it has to be" two 80x14 'tick
key Down
key Down
key e
show
type / or udp
key Enter
key Down
key e
show' -f tcp <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter tcp and not host 20…abc:def0:1234:5678  shows 4 of 10 flows, 96% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234       1.20M  10.0M    120    900 11.2M
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k




replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter (tcp and not host 2… host 198.51.100.9  shows 4 of 10 flows, 96% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234       1.20M  10.0M    120    900 11.2M
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k




replay of two.rec
--------------------------------------------------------------------------------
END

screen "groups" two 80x14 'tick
key 3
key Down
key i
show
key \
key 5
key Down
key e
show
key \
key 7
key Down
key i
key 8
show
key Down
key e
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Sources                      LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter src 192.0.2.1  shows 2 of 10 flows, 86% of bytes
SOURCE                                 FLOWS RX b/s TX b/s   p/s  ▼b/s  SHARE
192.0.2.1                                  2      0  10.0M   903 10.0M   100%





replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Pairs                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter not (local 192.0.2… remote 192.0.2.7)  shows 7 of 10 flows, 4.2% of bytes
PAIR                                            FLOWS RX b/s TX b/s  ▼b/s  SHARE
2001:db8::1 <-> 2001:db…678:9abc:def0:1234:5678     2   416k  20.8k  437k    89%
10.0.0.1 <-> 10.0.0.2                               2  9.60k  33.6k 43.2k   8.8%
192.0.2.1 <-> 198.51.100.9                          2  1.92k  7.20k 9.12k   1.9%
192.0.2.1 <-> 203.0.113.5                           1    784      0   784   0.2%


replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Interfaces                   LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter tcp and port 443  shows 4 of 10 flows, 99.5% of bytes
INTERFACE           FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS
eth0                    4  1.62M  10.0M    160    941 11.6M   100%   100%     2





replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Interfaces                   LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
wg0      rx 9.60kb/s    12p/s  tx 33.6kb/s    10p/s             █             █
total    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter tcp and port 443 and not if "eth0"  shows 0 of 10 flows, 0% of bytes
INTERFACE           FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS
nothing passes the filter





replay of two.rec
--------------------------------------------------------------------------------
END

screen "without a selection there is nothing to take" two 80x12 'tick
key i
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
select a row first, with Down
--------------------------------------------------------------------------------
END

screen "a frozen screen is filtered too" two 80x12 'tick
key p
tick
type /port 22
key Enter
show
key p
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                   FROZEN 1s  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter port 22  shows 2 of 10 flows, 0.4% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   10.0.0.1:22         10.0.0.2:40000        9.60k  33.6k     12     10 43.2k




replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:02  up 2s  every 1s
eth0     rx  600kb/s    60p/s  tx 5.00Mb/s   450p/s            █▄            █▄
all 2    rx  605kb/s    66p/s  tx 5.00Mb/s   450p/s  forwarded: counted on each
flows 3 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter port 22  shows 2 of 10 flows, 0.3% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   10.0.0.1:22         10.0.0.2:40000        4.80k      0      6      0 4.80k




replay of two.rec
--------------------------------------------------------------------------------
END

screen "a held order starts anew" two 80x12 'tick
key o
tick
type /tcp
key Enter
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        HOLD  00:00:02  up 2s  every 1s
eth0     rx  600kb/s    60p/s  tx 5.00Mb/s   450p/s            █▄            █▄
all 2    rx  605kb/s    66p/s  tx 5.00Mb/s   450p/s  forwarded: counted on each
flows 3 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter tcp  shows 6 of 10 flows, 99.9% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234        600k  5.00M     60    450 5.60M
tcp   10.0.0.1:22         10.0.0.2:40000        4.80k      0      6      0 4.80k
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000      0      0      0      0     0


replay of two.rec
--------------------------------------------------------------------------------
END

screen "keys of the table are letters while one types, but C-l and C-c" two 80x12 'tick
type /qpo1
key C-l
show
key C-c
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter qpo1  shows 0 of 10 flows, 0% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
nothing passes the filter



Enter keep  Esc undo  Tab complete
filter: qpo1
--------------------------------------------------------------------------------
END

screen "an option, in the view of directions" two 80x12 'tick
show' --view directions --filter host=192.0.2.7 <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Directions                   LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter host=192.0.2.7  shows 3 of 10 flows, 96% of bytes
PROTO L7     DIR SOURCE              DESTINATION          ▼b/s   p/s BYTES
tcp   tls?   out 192.0.2.1:443       192.0.2.7:41234     10.0M   900 1.25M
tcp   tls?   in  192.0.2.7:41234     192.0.2.1:443       1.20M   120  150k
arp   -      in  192.0.2.7           192.0.2.1             480     1    60


replay of two.rec
--------------------------------------------------------------------------------
END

screen "a terminal that is too small while one types" two 80x12 'tick
type /udp
resize 30x8
show
resize 80x12
show' <<'END'
------------------------------
terminal too small
30x8, needs 40x10






------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
filter udp  shows 2 of 10 flows, 0.1% of bytes
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        198.51.100.9:53123    1.92k  7.20k      3      3 9.12k



Enter keep  Esc undo  Tab complete
filter: udp
--------------------------------------------------------------------------------
END

# Groups of owners; one has a name that would be a pattern and end a quotation.
recording own <<'END'
owners
iface 0 eth0
addr 192.0.2.1
owner 1 ng*nx"x pid=1234 uid=33 user=www-data cgroup=/system.slice/nginx.service
owner 2 nginx pid=4321 uid=1000 user=alice
owner 3 node pid=77 uid=0 user=root runtime=containerd container=0123456789abcdef0123456789abcdef container_name=api pod=api-7d9 pod_namespace=shop
socket listening tcp 0.0.0.0:443 owner=1
socket connected tcp 192.0.2.1:40000 198.51.100.5:443 owner=2
socket connected tcp 192.0.2.1:5432 192.0.2.45:49437 owner=3
flow eth0 in tcp 192.0.2.7:41234 192.0.2.1:443 packets=10 bytes=90000
flow eth0 out tcp 192.0.2.1:40000 198.51.100.5:443 packets=5 bytes=500
flow eth0 in tcp 192.0.2.45:49437 192.0.2.1:5432 packets=100 bytes=1500
flow eth0 in udp 203.0.113.9:53 192.0.2.200:5353 packets=3 bytes=300
tick 1
end
END

# group VIEW ROW KEY <WANT: the filter, the names of the groups and the message, after that key on
# that row
group() {
	{
		echo tick
		yes 'key Down' | head -n "$2"
		printf 'key %s\nshow\n' "$3"
	} >script
	got=$(setsid -w "$pktop" --replay own.rec --script script --size 132x14 --view "$1" \
		--sort rx_bytes --columns group,rx_bytes </dev/null 2>&1 |
		sed '1,/^flows/d; /^GROUP/d; /^-*$/d; s/  .*//')
	is "$1, row $2, $3" "$got" "$(cat)"
}

group pid 1 i <<'END'
filter pid 1234
PROCESS
ng*nx"x 1234
replay of own.rec
END

group pid 2 e <<'END'
filter not pid 77
PROCESS
ng*nx"x 1234
(forwarded)
nginx 4321
replay of own.rec
END

group comm 1 i <<'END'
filter comm "ng*nx\"x"
PROGRAM
ng*nx"x
replay of own.rec
END

group comm 1 e <<'END'
filter not comm "ng*nx\"x"
PROGRAM
node
(forwarded)
nginx
replay of own.rec
END

group comm 4 i <<'END'
filter comm "nginx"
PROGRAM
nginx
replay of own.rec
END

group user 1 e <<'END'
filter not uid 33
USER
root
(forwarded)
alice
replay of own.rec
END

group cgroup 1 i <<'END'
filter cgroup "/system.slice/nginx.service"
CGROUP
/system.slice/nginx.service
replay of own.rec
END

group cgroup 2 i <<'END'
CGROUP
/system.slice/nginx.service
(cgroup not known)
(forwarded)
nothing tells this row from others
END

group container 1 e <<'END'
CONTAINER
(no container)
api
(forwarded)
nothing tells this row from others
END

group container 2 i <<'END'
filter container "0123456789abcdef0123456789abcdef"
CONTAINER
api
replay of own.rec
END

group pod 2 i <<'END'
filter pod "shop/api-7d9"
POD
shop/api-7d9
replay of own.rec
END

group pod 3 e <<'END'
filter not owner_reason "forwarded"
POD
(no pod)
shop/api-7d9
replay of own.rec
END

group pid 3 i <<'END'
filter owner_reason "forwarded"
PROCESS
(forwarded)
replay of own.rec
END

done_testing
