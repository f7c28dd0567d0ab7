# SPDX-License-Identifier: GPL-2.0-or-later
# Colours of the themes on a terminal of 256 colours, and the kinds of graphs.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/screen/screen.sh"

# 3 packets that nothing accounts for: there is an alarm
recording a <<'END'
iface 0 eth0
flow eth0 in udp 10.0.0.1:1000 192.0.2.1:53 packets=10 bytes=1000
flow eth0 out udp 192.0.2.1:53 10.0.0.1:1000 packets=10 bytes=1000
total eth0 out 13 1180
tick 1 slots=8192 used=2
flow eth0 in udp 10.0.0.1:1000 192.0.2.1:53 packets=10 bytes=500
tick 1 slots=8192 used=1
flow eth0 in udp 10.0.0.1:1000 192.0.2.1:53 packets=10 bytes=250
tick 1 slots=8192 used=1
tick 1 slots=8192 used=0
flow eth0 in udp 10.0.0.1:1000 192.0.2.1:53 packets=10 bytes=10
tick 1 slots=8192 used=1
end
END

screen "default" a 40x10 'tick
key Down
colors' --theme=default <<'END'
----------------------------------------
0 26-29 71/-
2 0-35 160/-
----------------------------------------
END

screen "dark" a 40x10 'tick
key Down
colors' --theme=dark <<'END'
----------------------------------------
0 0-4 231/234
0 5-6 252/234
0 7-10 231/234
0 11-25 252/234
0 26-29 114/234
0 30-39 252/234
1 0-6 231/234
1 7-8 252/234
1 9-11 246/234
1 12-21 252/234
1 22-24 246/234
1 25-39 252/234
2 0-35 210/234
2 36-39 252/234
3 0-34 110/234
3 35-38 117/234
3 39-39 110/234
4 0-39 252/234
5 0-39 252/234
6 0-39 252/234
7 0-39 252/234
8 0-39 252/234
9 0-39 252/234
----------------------------------------
END

screen "light" a 40x10 'tick
key Down
colors' --theme=light <<'END'
----------------------------------------
0 0-4 232/255
0 5-6 235/255
0 7-10 232/255
0 11-25 235/255
0 26-29 22/255
0 30-39 235/255
1 0-6 232/255
1 7-8 235/255
1 9-11 241/255
1 12-21 235/255
1 22-24 241/255
1 25-39 235/255
2 0-35 124/255
2 36-39 235/255
3 0-34 24/255
3 35-38 25/255
3 39-39 24/255
4 0-39 235/255
5 0-39 235/255
6 0-39 235/255
7 0-39 235/255
8 0-39 235/255
9 0-39 235/255
----------------------------------------
END

screen "high-contrast" a 40x10 'tick
key Down
colors' --theme=high-contrast <<'END'
----------------------------------------
0 0-25 231/16
0 26-29 46/16
0 30-39 231/16
1 0-39 231/16
2 0-35 226/16
2 36-39 231/16
3 0-39 231/16
4 0-39 231/16
5 0-39 231/16
6 0-39 231/16
7 0-39 231/16
8 0-39 231/16
9 0-39 231/16
----------------------------------------
END

screen "colour-blind" a 40x10 'tick
key Down
colors' --theme=colour-blind <<'END'
----------------------------------------
0 26-29 32/-
2 0-35 166/-
----------------------------------------
END

screen "without colour, everything is told by an attribute" a 40x10 'tick
key Down
colors
styles' --theme=mono <<'END'
----------------------------------------
----------------------------------------
----------------------------------------
BBBBB  BBBB
BBBBBBB  DDD          DDD
RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR
UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUBBBBU
RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR





----------------------------------------
END

screen "high contrast is never dim" a 40x10 'tick
key Down
styles' --theme=high-contrast <<'END'
----------------------------------------
BBBBB  BBBB
BBBBBBB
RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR
UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUBBBBU
RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR





----------------------------------------
END

screen "no colour, whatever the theme" a 40x10 'tick
colors' --theme=dark --color=never <<'END'
----------------------------------------
----------------------------------------
END

screen "blocks" a 80x10 'tick
tick
tick
tick
tick
show' --graph=block <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:05  up 5s  every 1s
eth0     rx    80b/s    10p/s  tx     0b/s     0p/s         █▅▃ ▁         █
 BOOKS OFF BY 3 PACKETS ON eth0 OUT   flows 1 active  2 kept  of 4.10k  folded 0
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        10.0.0.1:1000           80      0     10      0    80




? help  q quit  / filter  p freeze  o hold  Tab view  < > order         1-1 of 1
--------------------------------------------------------------------------------
END

screen "braille: two intervals in each character" a 80x10 'tick
tick
tick
tick
tick
show' --graph=braille <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:05  up 5s  every 1s
eth0     rx    80b/s    10p/s  tx     0b/s     0p/s           ⢸⣦⢀           ⢸
 BOOKS OFF BY 3 PACKETS ON eth0 OUT   flows 1 active  2 kept  of 4.10k  folded 0
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        10.0.0.1:1000           80      0     10      0    80




? help  q quit  / filter  p freeze  o hold  Tab view  < > order         1-1 of 1
--------------------------------------------------------------------------------
END

screen "ASCII" a 80x10 'tick
tick
tick
tick
tick
show' --graph=braille --ascii <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:05  up 5s  every 1s
eth0     rx    80b/s    10p/s  tx     0b/s     0p/s         #-. _         #
 BOOKS OFF BY 3 PACKETS ON eth0 OUT   flows 1 active  2 kept  of 4.10k  folded 0
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  vb/s
udp   192.0.2.1:53        10.0.0.1:1000           80      0     10      0    80




? help  q quit  / filter  p freeze  o hold  Tab view  < > order         1-1 of 1
--------------------------------------------------------------------------------
END

done_testing
