# SPDX-License-Identifier: GPL-2.0-or-later
# What the head says when not all is well.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/screen/screen.sh"

# 3 packets that nothing accounts for
recording off <<'END'
iface 0 eth0
flow eth0 in udp 10.0.0.1:1000 192.0.2.1:53 packets=10 bytes=1000
flow eth0 out udp 192.0.2.1:53 10.0.0.1:1000 packets=10 bytes=1000
total eth0 out 13 1180
tick 1 slots=8192 used=2
end
END

screen "books that do not balance" off 80x12 'tick
show
styles' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 8.00kb/s    10p/s  tx 9.44kb/s    13p/s             █             █
 BOOKS OFF BY 3 PACKETS ON eth0 OUT   flows 2 active  2 kept  of 4.10k  folded 0
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        10.0.0.1:1000        8.00k  8.00k     10     10 16.0k






replay of off.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
BBBBB  BBBB  DDDDD                                               DDDDD  DDDDDDDD
BBBBBBB  DDD                   DDD
RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR                          DDDDDDDD  DDDDDDDD
UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUBBBBU








--------------------------------------------------------------------------------
END

screen "on a small screen" off 40x10 'tick
show' <<'END'
----------------------------------------
pktop  web1  Flows        LIVE  00:00:01
eth0     rx 8.00kb/s  tx 9.44kb/s
 BOOKS OFF BY 3 PACKETS ON eth0 OUT
REMOTE              RX b/s TX b/s  ▼b/s
10.0.0.1:1000        8.00k  8.00k 16.0k




replay of off.rec
----------------------------------------
END

# A flood from many sources: the kernel had no slots left
recording flood <<'END'
max_flows 2048
iface 0 eth0
flow eth0 in udp 10.0.0.1:1000 192.0.2.1:53 packets=10 bytes=1000
fold eth0 in tcp *:* 192.0.2.1:80 packets=90000 bytes=5400000 flags=SYN
other eth0 in not_ip 4 240
other eth0 in malformed 12 720
other eth0 in no_room 7000 420000
tick 1 slots=8192 used=7990
end
END

screen "slots run full" flood 80x18 'tick
show
styles' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 46.6Mb/s 97.0kp/s  tx     0b/s     0p/s             █
 SLOTS 97% FULL   flows 2 active  2 kept  of 2.05k  folded 90.0k (93%)
not IP 4  malformed 12  no room 7.00k (7.2%)  books balance
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:80        *                    43.2M      0  90.0k      0 43.2M
udp   192.0.2.1:53        10.0.0.1:1000        8.00k      0     10      0 8.00k










replay of flood.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
BBBBB  BBBB  DDDDD                                               DDDDD  DDDDDDDD
BBBBBBB  DDD                   DDD
RRRRRRRRRRRRRRRR                          DDDDDDDD  BBBBBBBBBBBBBBBBBB
                        BBBBBBBBBBBBBBBBBBBB
UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUBBBBU













--------------------------------------------------------------------------------
END

screen "in one line" flood 132x14 'tick
show' <<'END'
------------------------------------------------------------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                                                                            LIVE  00:00:01  up 1s  every 1s
eth0     rx 46.6Mb/s 97.0kp/s  tx     0b/s     0p/s                                       █
 SLOTS 97% FULL   flows 2 active  2 kept  of 2.05k  folded 90.0k (93%)  not IP 4  malformed 12  no room 7.00k (7.2%)  books balance
PROTO L7     LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s BYTES PACKETS IFACE  10s b/s FLAGS
tcp   http?  192.0.2.1:80        *                    43.2M      0  90.0k      0 43.2M 5.40M   90.0k eth0     43.2M SYN
udp   dns?   192.0.2.1:53        10.0.0.1:1000        8.00k      0     10      0 8.00k 1.00k      10 eth0     8.00k -







replay of flood.rec
------------------------------------------------------------------------------------------------------------------------------------
END

# More interfaces than there is room for
recording ifaces <<'END'
iface 0 eth0
iface 1 eth1
iface 2 eth2
iface 3 eth3
iface 4 eth4
iface 5 eth5
iface 6 eth6
iface 7 eth7
iface 8 veth8 state=down note=administratively down
iface 9 veth9 state=failed note=cannot attach: Operation not permitted
iface 10 ppp0 state=gone
flow eth0 in udp 10.0.0.1:1000 192.0.2.1:53 packets=5 bytes=500
flow eth1 in udp 10.0.0.2:1000 192.0.2.1:53 packets=300 bytes=30000
flow eth2 in udp 10.0.0.3:1000 192.0.2.1:53 packets=20 bytes=2000
flow eth3 in udp 10.0.0.4:1000 192.0.2.1:53 packets=7000 bytes=700000
flow eth4 in udp 10.0.0.5:1000 192.0.2.1:53 packets=1 bytes=100
flow eth5 in udp 10.0.0.6:1000 192.0.2.1:53 packets=90 bytes=9000
flow eth6 in udp 10.0.0.7:1000 192.0.2.1:53 packets=40 bytes=4000
flow eth7 in udp 10.0.0.8:1000 192.0.2.1:53 packets=12 bytes=1200
tick 1
end
END

screen "the busiest interfaces" ifaces 80x24 'tick
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth1     rx  240kb/s   300p/s  tx     0b/s     0p/s             █
eth3     rx 5.60Mb/s 7.00kp/s  tx     0b/s     0p/s             █
eth5     rx 72.0kb/s    90p/s  tx     0b/s     0p/s             █
eth6     rx 32.0kb/s    40p/s  tx     0b/s     0p/s             █
7 more   rx 30.4kb/s    38p/s  tx     0b/s     0p/s  1 FAILED
total    rx 5.97Mb/s 7.47kp/s  tx     0b/s     0p/s  forwarded: counted on each
flows 8 active  8 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        10.0.0.4:1000        5.60M      0  7.00k      0 5.60M
udp   192.0.2.1:53        10.0.0.2:1000         240k      0    300      0  240k
udp   192.0.2.1:53        10.0.0.6:1000        72.0k      0     90      0 72.0k
udp   192.0.2.1:53        10.0.0.7:1000        32.0k      0     40      0 32.0k
udp   192.0.2.1:53        10.0.0.3:1000        16.0k      0     20      0 16.0k
udp   192.0.2.1:53        10.0.0.8:1000        9.60k      0     12      0 9.60k
udp   192.0.2.1:53        10.0.0.1:1000        4.00k      0      5      0 4.00k
udp   192.0.2.1:53        10.0.0.5:1000          800      0      1      0   800






replay of ifaces.rec
--------------------------------------------------------------------------------
END

screen "all interfaces, with their states" ifaces 80x50 'tick
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 4.00kb/s     5p/s  tx     0b/s     0p/s             █
eth1     rx  240kb/s   300p/s  tx     0b/s     0p/s             █
eth2     rx 16.0kb/s    20p/s  tx     0b/s     0p/s             █
eth3     rx 5.60Mb/s 7.00kp/s  tx     0b/s     0p/s             █
eth4     rx   800b/s     1p/s  tx     0b/s     0p/s             █
eth5     rx 72.0kb/s    90p/s  tx     0b/s     0p/s             █
eth6     rx 32.0kb/s    40p/s  tx     0b/s     0p/s             █
eth7     rx 9.60kb/s    12p/s  tx     0b/s     0p/s             █
veth8    DOWN: administratively down
veth9    FAILED: cannot attach: Operation not permitted
ppp0     GONE
total    rx 5.97Mb/s 7.47kp/s  tx     0b/s     0p/s  forwarded: counted on each
flows 8 active  8 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        10.0.0.4:1000        5.60M      0  7.00k      0 5.60M
udp   192.0.2.1:53        10.0.0.2:1000         240k      0    300      0  240k
udp   192.0.2.1:53        10.0.0.6:1000        72.0k      0     90      0 72.0k
udp   192.0.2.1:53        10.0.0.7:1000        32.0k      0     40      0 32.0k
udp   192.0.2.1:53        10.0.0.3:1000        16.0k      0     20      0 16.0k
udp   192.0.2.1:53        10.0.0.8:1000        9.60k      0     12      0 9.60k
udp   192.0.2.1:53        10.0.0.1:1000        4.00k      0      5      0 4.00k
udp   192.0.2.1:53        10.0.0.5:1000          800      0      1      0   800


























replay of ifaces.rec
--------------------------------------------------------------------------------
END

screen "one interface and all" ifaces 60x10 'tick
show' <<'END'
------------------------------------------------------------
pktop  web1  tc l2  Flows    LIVE  00:00:01  up 1s  every 1s
eth3     rx 5.60Mb/s 7.00kp/s  tx     0b/s     0p/s
all 11   rx 5.97Mb/s 7.47kp/s  tx     0b/s     0p/s
flows 8 active  8 kept  of 4.10k  folded 0  books balance
PROTO REMOTE              RX b/s TX b/s  ▼b/s
udp   10.0.0.4:1000        5.60M      0 5.60M
udp   10.0.0.2:1000         240k      0  240k
udp   10.0.0.6:1000        72.0k      0 72.0k
udp   10.0.0.7:1000        32.0k      0 32.0k
replay of ifaces.rec
------------------------------------------------------------
END

# Silence
recording none <<'END'
iface 0 eth0 10G
tick 1
end
END

screen "no packets" none 80x12 'tick
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx     0b/s     0p/s  tx     0b/s     0p/s
flows 0 active  0 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
no packets yet






replay of none.rec
--------------------------------------------------------------------------------
END

# Six seconds without news
recording noted <<'END'
iface 0 eth0
flow eth0 in udp 10.0.0.1:1000 192.0.2.1:53 packets=10 bytes=1000
tick 1
tick 4
tick 2
end
END

screen "a message goes after five seconds" noted 80x10 'tick
key x
show
tick
show
tick
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 8.00kb/s    10p/s  tx     0b/s     0p/s             █
flows 1 active  1 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        10.0.0.1:1000        8.00k      0     10      0 8.00k




x does nothing here; ? shows the keys
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:05  up 5s  every 1s
eth0     rx     0b/s     0p/s  tx     0b/s     0p/s            █
flows 0 active  1 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        10.0.0.1:1000            0      0      0      0     0




x does nothing here; ? shows the keys
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:07  up 7s  every 1s
eth0     rx     0b/s     0p/s  tx     0b/s     0p/s           █
flows 0 active  1 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        10.0.0.1:1000            0      0      0      0     0




? help  q quit  / filter  p freeze  o hold  Tab view  < > order         1-1 of 1
--------------------------------------------------------------------------------
END

# what goes out is not seen
recording in <<'END'
backend xdp
sees in
iface 0 eth0 attach=xdp-native
iface 1 eth1 attach=xdp-generic
flow eth0 in udp 10.0.0.1:1000 192.0.2.1:53 packets=10 bytes=1000
flow eth1 in udp 10.0.0.2:1000 192.0.2.1:53 packets=20 bytes=2000
tick 1 slots=8192 used=2
end
END

screen "one direction alone" in 80x13 'tick
show
resize 40x10
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  xdp l2 IN ONLY  Flows               LIVE  00:00:01  up 1s  every 1s
eth0     rx 8.00kb/s    10p/s  tx not seen                      █
eth1     rx 16.0kb/s    20p/s  tx not seen                      █
total    rx 24.0kb/s    30p/s  tx not seen
flows 2 active  2 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.1:53        10.0.0.2:1000        16.0k      0     20      0 16.0k
udp   192.0.2.1:53        10.0.0.1:1000        8.00k      0     10      0 8.00k




replay of in.rec
--------------------------------------------------------------------------------
----------------------------------------
pktop  web1  xdp l2 IN ONLY  Flows  LIVE
eth1     rx 16.0kb/s  tx not seen
all 2    rx 24.0kb/s  tx not seen
flows 2 active  2 kept  books balance
REMOTE              RX b/s TX b/s  ▼b/s
10.0.0.2:1000        16.0k      0 16.0k
10.0.0.1:1000        8.00k      0 8.00k


replay of in.rec
----------------------------------------
END

# A server that answers a flood of SYN, and one that is only busy
recording syn <<'END'
iface 0 eth0
flow eth0 in tcp 10.0.0.1:1000 192.0.2.1:80 packets=400 bytes=24000 flags=SYN
flow eth0 out tcp 192.0.2.1:80 10.0.0.1:1000 packets=400 bytes=24000 flags=SYN,ACK
tcp eth0 in syn=400
tcp eth0 out syn_ack=400
tick 1
flow eth0 in tcp 10.0.0.1:1001 192.0.2.1:80 packets=1000 bytes=60000 flags=SYN,ACK
tcp eth0 in syn=100
tick 1
flow eth0 in tcp 10.0.0.1:1001 192.0.2.1:80 packets=1000 bytes=60000 flags=SYN,ACK
tcp eth0 in syn=99
tick 1
end
END
screen "connections that begin" syn 80x10 'tick
show
styles
tick
show
styles
resize 40x10
show
resize 80x10
tick
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows  SYN 400/s             LIVE  00:00:01  up 1s  every 1s
eth0     rx  192kb/s   400p/s  tx  192kb/s   400p/s             █             █
flows 2 active  2 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:80        10.0.0.1:1000         192k   192k    400    400  384k




replay of syn.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
BBBBB  BBBB  DDDDD         BBBBBBBBB                             DDDDD  DDDDDDDD
BBBBBBB  DDD                   DDD
                        DDDDDDDD  DDDDDDDD  DDDDDDDD
UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUBBBBU






--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows  SYN 100/s             LIVE  00:00:02  up 2s  every 1s
eth0     rx  480kb/s 1.00kp/s  tx     0b/s     0p/s            ▄█            █
flows 1 active  3 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:80        10.0.0.1:1001         480k      0  1.00k      0  480k
tcp   192.0.2.1:80        10.0.0.1:1000            0      0      0      0     0



replay of syn.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
BBBBB  BBBB  DDDDD         DDDDDDDDD                             DDDDD  DDDDDDDD
BBBBBBB  DDD                   DDD
                        DDDDDDDD  DDDDDDDD  DDDDDDDD
UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUBBBBU

DDDDD DDDDDDDDDDDDDDDDDDD DDDDDDDDDDDDDDDDDDD DDDDDD DDDDDD DDDDDD DDDDDD DDDDD




--------------------------------------------------------------------------------
----------------------------------------
pktop  web1  Flows  SYN 100/s       LIVE
eth0     rx  480kb/s  tx     0b/s
flows 1 active  3 kept  books balance
REMOTE              RX b/s TX b/s  ▼b/s
10.0.0.1:1001         480k      0  480k
10.0.0.1:1000            0      0     0



replay of syn.rec
----------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:03  up 3s  every 1s
eth0     rx  480kb/s 1.00kp/s  tx     0b/s     0p/s           ▄██           █
flows 1 active  3 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
tcp   192.0.2.1:80        10.0.0.1:1001         480k      0  1.00k      0  480k
tcp   192.0.2.1:80        10.0.0.1:1000            0      0      0      0     0



replay of syn.rec
--------------------------------------------------------------------------------
END

done_testing
