# SPDX-License-Identifier: GPL-2.0-or-later
# The pane of one flow.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/screen/screen.sh"

two_interfaces
recording owned <<'END'
owners
iface 0 eth0
owner 1 nginx pid=1234 uid=33 user=www-data cgroup=/system.slice/nginx.service runtime=docker container=0123456789abcdef0123 container_name=web image=nginx:1.25 pod=web-0 pod_namespace=default command=nginx: worker process with a long command line --that=goes --on=and --on=and --on
socket listening tcp 192.0.2.1:443 owner=1
addr 192.0.2.1
flow eth0 in tcp 192.0.2.7:41234 192.0.2.1:443 packets=120 bytes=150000 flags=SYN,ACK vlan=5
flow eth0 out tcp 192.0.2.1:443 192.0.2.7:41234 packets=900 bytes=1250000 flags=SYN,ACK vlan=5
tick 1
flow eth0 in tcp 192.0.2.7:41234 192.0.2.1:443 packets=10 bytes=1000 flags=ACK,PSH vlan=5 retransmits=2
tick 1
flow eth0 out tcp 192.0.2.1:443 192.0.2.7:41234 packets=20 bytes=20000 flags=ACK vlan=5
tick 1
tick 1
end
END

screen "a flow with an owner, as it goes on" owned 80x24 'tick
key Down
key Enter
show
tick
tick
tick
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  One flow                                             LIVE  00:00:01
 Local     192.0.2.1:443
 Remote    192.0.2.7:41234
 Protocol  tcp  tls?  flags seen SYN,ACK
 Interface eth0  vlan 5
 Owner     nginx  pid 1234  user www-data  uid 33
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
 Cgroup    /system.slice/nginx.service
 Container web  pod default/web-0  image nginx:1.25  id 0123456789abcdef0123
 Command   nginx: worker process with a long command line --that=goes --on=and
           --on=and --on
 Community 1:Ic493Kk/xU1RK794fsD/IMaNpOM=

replay of owned.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  One flow                                             LIVE  00:00:04
 Local     192.0.2.1:443
 Remote    192.0.2.7:41234
 Protocol  tcp  tls?  flags seen SYN,PSH,ACK  retransmits 2
 Interface eth0  vlan 5
 Owner     nginx  pid 1234  user www-data  uid 33
 Seen      first 00:00:00  last 00:00:03  age 4.0s  idle 1.0s
                b/s     10s     60s    PEAK PACKETS   BYTES     p/s    SIZE
 RX               0    258k    295k   1.20M     130    151k       0   1.16k
 TX               0   2.18M   2.48M   10.0M     920   1.27M       0   1.38k
 Both             0   2.44M   2.77M   10.0M   1.05k   1.42M       0   1.35k
 RX b/s                                                           █▁   max 1.20M
 TX b/s                                                           █ ▁  max 10.0M
 Mean size                                                        █▂▆  max 1.37k
           of the last 4s, since the row was selected
 Sizes     a recording has none
 Counted   by tc, tcx, layer l2
 Cgroup    /system.slice/nginx.service
 Container web  pod default/web-0  image nginx:1.25  id 0123456789abcdef0123
 Command   nginx: worker process with a long command line --that=goes --on=and
           --on=and --on
 Community 1:Ic493Kk/xU1RK794fsD/IMaNpOM=

replay of owned.rec
--------------------------------------------------------------------------------
END

screen "a small screen scrolls" owned 40x10 'tick
key Down
key Enter
show
key PgDn
show
key G
show' <<'END'
----------------------------------------
pktop  web1  One flow     LIVE  00:00:01
 Local     192.0.2.1:443
 Remote    192.0.2.7:41234
 Protocol  tcp  tls?  flags seen SYN,ACK
 Interface eth0  vlan 5
 Owner     nginx  pid 1234
           user www-data  uid 33
 Seen      first 00:00:00  last 00:00:01
           age 1.0s  idle 0.0s
replay of owned.rec
----------------------------------------
----------------------------------------
pktop  web1  One flow     LIVE  00:00:01
           user www-data  uid 33
 Seen      first 00:00:00  last 00:00:01
           age 1.0s  idle 0.0s
               b/s    10s    60s   PEAK
 RX          1.20M  1.20M  1.20M  1.20M
 TX          10.0M  10.0M  10.0M  10.0M
 Both        11.2M  11.2M  11.2M  11.2M
           PACKETS  BYTES    p/s   SIZE
replay of owned.rec
----------------------------------------
----------------------------------------
pktop  web1  One flow     LIVE  00:00:01
 Container web  pod default/web-0
           image nginx:1.25
           id 0123456789abcdef0123
 Command   nginx: worker process with a
           long command line --that=goes
           --on=and --on=and --on
 Community 1:Ic493Kk/xU1RK794fsD/IMaNpOM
           =
replay of owned.rec
----------------------------------------
END

screen "one direction; units; names of ports" two 80x24 'tick
key 2
key Down
key Enter
tick
key b
show
key b
key N
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  One flow                                          HOLD 1s  00:00:02
 From      192.0.2.1:443
 To        192.0.2.7:41234
 Protocol  tcp  tls?  flags seen SYN,ACK
 Interface eth0  out
 Owner     off
 Seen      first 00:00:00  last 00:00:02  age 2.0s  idle 0.0s
                B/s     10s     60s    PEAK PACKETS   BYTES     p/s    SIZE
 TX            625k    922k    935k   1.25M   1.35k   1.88M     450   1.39k
 TX B/s                                                             █▅ max 1.25M
 Mean size                                                          ██ max 1.39k
           of the last 2s, since the row was selected
 Sizes     a recording has none
 Counted   by tc, tcx, layer l2
 Community 1:Ic493Kk/xU1RK794fsD/IMaNpOM=








rates in bytes
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  One flow                                             LIVE  00:00:02
 From      192.0.2.1:443  192.0.2.1:https
 To        192.0.2.7:41234
 Protocol  tcp  tls?  flags seen SYN,ACK
 Interface eth0  out
 Owner     off
 Seen      first 00:00:00  last 00:00:02  age 2.0s  idle 0.0s
                p/s     10s     60s    PEAK PACKETS   BYTES     b/s    SIZE
 TX             450     664     673     900   1.35k   1.88M   5.00M   1.39k
 TX p/s                                                             █▅ max 900
 Mean size                                                          ██ max 1.39k
           of the last 2s, since the row was selected
 Sizes     a recording has none
 Counted   by tc, tcx, layer l2
 Community 1:Ic493Kk/xU1RK794fsD/IMaNpOM=








names of ports
--------------------------------------------------------------------------------
END

screen "a frozen table stays as it was, also for a row that is selected then" two 80x16 'tick
key p
tick
key Down
key Enter
show
key p
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  One flow                                        FROZEN 1s  00:00:01
 Local     192.0.2.1:443
 Remote    192.0.2.7:41234
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
replay of two.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  One flow                                          HOLD 2s  00:00:02
 Local     192.0.2.1:443
 Remote    192.0.2.7:41234
 Protocol  tcp  tls?  flags seen SYN,ACK
 Interface eth0
 Owner     off
 Seen      first 00:00:00  last 00:00:02  age 2.0s  idle 0.0s
                b/s     10s     60s    PEAK PACKETS   BYTES     p/s    SIZE
 RX            600k    885k    898k   1.20M     180    225k      60   1.25k
 TX           5.00M   7.38M   7.48M   10.0M   1.35k   1.88M     450   1.39k
 Both         5.60M   8.26M   8.38M   10.0M   1.53k   2.10M     510   1.37k
 RX b/s                                                              █ max 1.20M
 TX b/s                                                              █ max 10.0M
 Mean size                                                           █ max 1.37k
           of the last 1s, since the row was selected
replay of two.rec
--------------------------------------------------------------------------------
END

screen "Esc goes back to the row, wherever it is now" two 80x10 'tick
key Down
key Down
key Down
key Enter
tick
tick
key x
show
key Esc
show
styles' <<'END'
--------------------------------------------------------------------------------
pktop  web1  One flow                                             LIVE  00:00:03
 Local     10.0.0.1:22
 Remote    10.0.0.2:40000
 Protocol  tcp  ssh?  flags seen ACK
 Interface wg0
 Owner     off
 Seen      first 00:00:00  last 00:00:02  age 3.0s  idle 1.0s
                b/s     10s     60s    PEAK PACKETS   BYTES     p/s    SIZE
 RX               0   4.48k   4.75k   9.60k      18   1.80k       0     100
x does nothing here; ? shows the keys
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:03  up 3s  every 1s
eth0     rx  202kb/s    25p/s  tx  720kb/s   300p/s           █▄▂           █▄▂
all 2    rx  202kb/s    25p/s  tx  720kb/s   300p/s  forwarded: counted on each
flows 3 active  11 kept  of 4.10k  slots 0%  folded 0  books balance
PROTO LOCAL               REMOTE               RX b/s TX b/s RX p/s TX p/s  ▼b/s
icmp  192.0.2.1           203.0.113.5               0      0      0      0     0
arp   192.0.2.1           192.0.2.7                 0      0      0      0     0
tcp   10.0.0.1:22         10.0.0.2:40000            0      0      0      0     0
tcp   [2001:db8::1]:443   [2001:db8:…78]:50000      0      0      0      0     0
x does nothing here; ? shows the keys
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
BBBBB  BBBB  DDDDD                                               DDDDD  DDDDDDDD
BBBBBBB  DDD                   DDD
BBBBBBB  DDD                   DDD                   DDDDDDDDDDDDDDDDDDDDDDDDDD
                         DDDDDDDD  DDDDDDDD  DDDDDDDD
UUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUUBBBB
DDDDD DDDDDDDDDDDDDDDDDDD DDDDDDDDDDDDDDDDDDDD DDDDDD DDDDDD DDDDDD DDDDDD DDDDD
DDDDD DDDDDDDDDDDDDDDDDDD DDDDDDDDDDDDDDDDDDDD DDDDDD DDDDDD DDDDDD DDDDDD DDDDD
RRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRRR
DDDDD DDDDDDDDDDDDDDDDDDD DDDDDDDDDDDDDDDDDDDD DDDDDD DDDDDD DDDDDD DDDDDD DDDDD

--------------------------------------------------------------------------------
END

screen "there must be a row" two 40x10 'tick
key Enter
show' <<'END'
----------------------------------------
pktop  web1  Flows        LIVE  00:00:01
eth0     rx 1.62Mb/s  tx 10.0Mb/s
all 2    rx 1.63Mb/s  tx 10.1Mb/s
flows 10 active  10 kept  books balance
REMOTE               RX b/s TX b/s  ▼b/s
192.0.2.7:41234       1.20M  10.0M 11.2M
[2001:db8:…78]:50000   416k  20.8k  437k
10.0.0.2:40000        9.60k  33.6k 43.2k
198.51.100.9:53123    1.92k  7.20k 9.12k
select a row first, with Down
----------------------------------------
END

{
	echo iface 0 eth0
	i=0
	while [ $i -lt 130 ]; do
		i=$((i + 1))
		echo "flow eth0 in udp 192.0.2.7:1000 192.0.2.1:53 packets=$i bytes=$((100 * i))"
		echo tick 1
	done
	echo end
} | recording long
screen "more intervals than columns" long 80x24 "tick
key Down
key Enter
$(i=0 && while [ $i -lt 129 ]; do i=$((i + 1)) && echo tick; done)
show" <<'END'
--------------------------------------------------------------------------------
pktop  web1  One flow                                             LIVE  00:02:10
 Local     192.0.2.1:53
 Remote    192.0.2.7:1000
 Protocol  udp  dns?
 Interface eth0
 Owner     off
 Seen      first 00:00:00  last 00:02:10  age 2m10s  idle 0.0s
                b/s     10s     60s    PEAK PACKETS   BYTES     p/s    SIZE
 RX            104k   96.4k   69.9k    104k   8.52k    852k     130     100
 TX               0       0       0       0       0       0       0       -
 Both          104k   96.4k   69.9k    104k   8.52k    852k     130     100
 RX b/s                   ▁▁▁▂▂▂▂▂▂▃▃▃▃▃▃▄▄▄▄▄▄▅▅▅▅▅▅▅▆▆▆▆▆▆▇▇▇▇▇▇████ max 104k
 TX b/s                                                                max 0
 Mean size                ████████████████████████████████████████████ max 100
           of the last 2m10s, since the row was selected
 Sizes     a recording has none
 Counted   by tc, tcx, layer l2
 Community 1:oHfnGlgrfrIJ5x6hHGvs0HPP3rs=





Esc back  p freeze  b unit  Up Down PgUp PgDn scroll            lines 1-17 of 17
--------------------------------------------------------------------------------
END

recording small <<'END'
max_flows 4
iface 0 eth0
flow eth0 in udp 192.0.2.1:1 192.0.2.9:53 packets=1 bytes=100
tick 1
flow eth0 in udp 192.0.2.2:1 192.0.2.9:53 packets=2 bytes=200
flow eth0 in udp 192.0.2.3:1 192.0.2.9:53 packets=3 bytes=300
flow eth0 in udp 192.0.2.4:1 192.0.2.9:53 packets=4 bytes=400
flow eth0 in udp 192.0.2.5:1 192.0.2.9:53 packets=5 bytes=500
tick 1
end
END
screen "a flow that has left the table" small 80x10 'tick
key Down
key Enter
tick
show
key Esc
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  One flow                                          HOLD 1s  00:00:02
 Gone      the flow has made room for others in the table







replay of small.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                     HOLD 1s  00:00:02  up 2s  every 1s
eth0     rx 11.2kb/s    14p/s  tx     0b/s     0p/s            ▂█
flows 4 active  4 kept  of 4  folded 1 (6.7%)  evicted 1  books balance
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.9:53        192.0.2.5:1          4.00k      0      5      0 4.00k
udp   192.0.2.9:53        192.0.2.4:1          3.20k      0      4      0 3.20k
udp   192.0.2.9:53        192.0.2.3:1          2.40k      0      3      0 2.40k
udp   192.0.2.9:53        192.0.2.2:1          1.60k      0      2      0 1.60k

the selected row is gone
--------------------------------------------------------------------------------
END

screen "nothing can be done with it then, and that is said" small 80x10 'tick
key Down
tick
key y
show
key i
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                     HOLD 1s  00:00:02  up 2s  every 1s
eth0     rx 11.2kb/s    14p/s  tx     0b/s     0p/s            ▂█
flows 4 active  4 kept  of 4  folded 1 (6.7%)  evicted 1  books balance
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.9:53        192.0.2.5:1          4.00k      0      5      0 4.00k
udp   192.0.2.9:53        192.0.2.4:1          3.20k      0      4      0 3.20k
udp   192.0.2.9:53        192.0.2.3:1          2.40k      0      3      0 2.40k
udp   192.0.2.9:53        192.0.2.2:1          1.60k      0      2      0 1.60k

the selected row is gone
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                     HOLD 1s  00:00:02  up 2s  every 1s
eth0     rx 11.2kb/s    14p/s  tx     0b/s     0p/s            ▂█
flows 4 active  4 kept  of 4  folded 1 (6.7%)  evicted 1  books balance
PROTO LOCAL               REMOTE              RX b/s TX b/s RX p/s TX p/s  ▼b/s
udp   192.0.2.9:53        192.0.2.5:1          4.00k      0      5      0 4.00k
udp   192.0.2.9:53        192.0.2.4:1          3.20k      0      4      0 3.20k
udp   192.0.2.9:53        192.0.2.3:1          2.40k      0      3      0 2.40k
udp   192.0.2.9:53        192.0.2.2:1          1.60k      0      2      0 1.60k

the selected row is gone
--------------------------------------------------------------------------------
END

done_testing
