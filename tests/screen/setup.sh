# SPDX-License-Identifier: GPL-2.0-or-later
# The page of settings: what it changes, and what it saves.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/screen/screen.sh"

two_interfaces
printf '# mine\ntheme = light\n' >a.conf
chmod 600 a.conf

screen "columns go, move and come" two 80x12 'tick
key F2
show
key Down
key Right
key PgDn
key Home
key Down
key Down
key Down
key Down
key Down
key Right
key Down
key Space
show
key s
key Esc
show' --config a.conf <<'END'
--------------------------------------------------------------------------------
pktop: setup  columns and order of the view Flows
    Theme         light: dark text on a light background
    Unit          rates in bits
    Interval      1s
    Order by      b/s
    Direction     largest first
[x] PROTO         IP protocol by name, or arp
[x] L7            application protocol; with ? where only a port says so
[x] LOCAL         near end: where packets that come in go to
[x] REMOTE        far end: where packets that come in are from
[x] PROCESS       whose it is: process and pid, c…named; ~ where it is estimated
replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop: setup  columns and order of the view Flows
    Theme         light: dark text on a light background
    Unit          rates in bytes
    Interval      1s
    Order by      B/s
    Direction     largest first
[x] L7            application protocol; with ? where only a port says so
[x] PROTO         IP protocol by name, or arp
[x] REMOTE        far end: where packets that come in are from
[x] PROCESS       whose it is: process and pid, c…named; ~ where it is estimated
[x] RX B/s        bits per second in, last interval
rates in bytes
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx  202kB/s   165p/s  tx 1.25MB/s   944p/s             █             █
all 2    rx  204kB/s   177p/s  tx 1.26MB/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO REMOTE                      PROCESS      RX B/s TX B/s RX p/s TX p/s  ▼B/s
tcp   192.0.2.7:41234             off            150k  1.25M    120    900 1.40M
tcp   [2001:db8:123…4:5678]:50000 off           52.0k  2.60k     40     41 54.6k
tcp   10.0.0.2:40000              off           1.20k  4.20k     12     10 5.40k
udp   198.51.100.9:53123          off             240    900      3      3 1.14k
icmp  203.0.113.5                 off              98      0      1      0    98
arp   192.0.2.7                   off              60      0      1      0    60
saved to a.conf
--------------------------------------------------------------------------------
END

is "the file" "$(cat a.conf)" "# mine
theme = light
unit = bytes
interval = 1s
columns.flows = l7,proto,remote,owner,rx_bps,tx_bps,rx_pps,tx_pps,bps,bytes,packets,in_if,bps_10s,bps_60s,bps_peak,age_s,idle_s,vlan,tcp_flags,detail"

screen "the saved file is read" two 80x12 'tick
show' --config a.conf <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx  202kB/s   165p/s  tx 1.25MB/s   944p/s             █             █
all 2    rx  204kB/s   177p/s  tx 1.26MB/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO REMOTE                      PROCESS      RX B/s TX B/s RX p/s TX p/s  ▼B/s
tcp   192.0.2.7:41234             off            150k  1.25M    120    900 1.40M
tcp   [2001:db8:123…4:5678]:50000 off           52.0k  2.60k     40     41 54.6k
tcp   10.0.0.2:40000              off           1.20k  4.20k     12     10 5.40k
udp   198.51.100.9:53123          off             240    900      3      3 1.14k
icmp  203.0.113.5                 off              98      0      1      0    98
arp   192.0.2.7                   off              60      0      1      0    60
replay of two.rec
--------------------------------------------------------------------------------
END

screen "on a small screen" two 40x10 'tick
key F2
key End
key Space
show
key u
key Left
key x
show
key q
show' --theme=mono <<'END'
----------------------------------------
pktop: setup
[x] POD           pod with it…space/name
[ ] DIR           direction a…ading flow
[ ] SRC ADDR      source addr…ading flow
[ ] SPORT         source port…ading flow
[ ] DST ADDR      destination…ading flow
[ ] DPORT         destination…ading flow
[ ] SRC NAME      name of the…th --names
[ ] DST NAME      name of the…th --names
replay of two.rec
----------------------------------------
----------------------------------------
pktop: setup
[ ] DIR           direction a…ading flow
[ ] SRC ADDR      source addr…ading flow
[ ] SPORT         source port…ading flow
[ ] DST ADDR      destination…ading flow
[ ] DPORT         destination…ading flow
[ ] SRC NAME      name of the…th --names
[ ] DST NAME      name of the…th --names
x does nothing here; Esc leaves the
setup
----------------------------------------
----------------------------------------
pktop  web1  Flows        LIVE  00:00:01
eth0     rx 1.62Mb/s  tx 10.0Mb/s
all 2    rx 1.63Mb/s  tx 10.1Mb/s
flows 10 active  10 kept  books balance
REMOTE               RX b/s TX b/s  ▼b/s
192.0.2.7:41234       1.20M  10.0M 11.2M
[2001:db8:…78]:50000   416k  20.8k  437k
10.0.0.2:40000        9.60k  33.6k 43.2k
x does nothing here; Esc leaves the
setup
----------------------------------------
END

screen "there is always a column" two 80x12 'tick
key 3
key F2
key Down
key Down
key Down
key Down
key Down
key Space
key Space
show' --columns=group --view=src <<'END'
--------------------------------------------------------------------------------
pktop: setup  columns and order of the view Sources
    Theme         default: the terminal's own text and background
    Unit          rates in bits
    Interval      1s
    Order by      b/s
    Direction     largest first
[x] SOURCE        what the flows of the row have in common
[ ] PACKETS       packets since first seen
[ ] BYTES         bytes since first seen
[ ] p/s           packets per second, last interval
[ ] b/s           bits per second, last interval
the last column stays
--------------------------------------------------------------------------------
END

screen "a new theme is seen at once" two 40x10 'tick
key F2
key Right
colors' --theme=default <<'END'
----------------------------------------
0 0-11 231/234
0 12-39 252/234
1 0-39 252/234
2 0-39 252/234
3 0-39 252/234
4 0-39 252/234
5 0-39 252/234
6 0-39 252/234
7 0-39 252/234
8 0-39 252/234
9 0-39 252/234
----------------------------------------
END

XDG_CONFIG_HOME=/dev/null
export XDG_CONFIG_HOME
screen "a file that cannot be" two 80x10 'tick
key F2
key s
key Esc
show' --sort=pps <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 1.62Mb/s   165p/s  tx 10.0Mb/s   944p/s             █             █
all 2    rx 1.63Mb/s   177p/s  tx 10.1Mb/s   954p/s  forwarded: counted on each
flows 10 active  10 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE                       RX b/s TX b/s   b/s  ▼p/s
tcp   192.0.2.1:443       192.0.2.7:41234               1.20M  10.0M 11.2M 1.02k
tcp   [2001:db8::1]:443   [2001:db8:1234…4:5678]:50000   416k  20.8k  437k    81
tcp   10.0.0.1:22         10.0.0.2:40000                9.60k  33.6k 43.2k    22
udp   192.0.2.1:53        198.51.100.9:53123            1.92k  7.20k 9.12k     6
/dev/null/pktop/pktop.conf is not written: Not a directory
--------------------------------------------------------------------------------
END

unset XDG_CONFIG_HOME HOME
screen "nowhere to save" two 80x10 'tick
key F2
key s
key Esc
show' --sort=bps <<'END'
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
not saved: neither XDG_CONFIG_HOME nor HOME names a directory
--------------------------------------------------------------------------------
END

done_testing
