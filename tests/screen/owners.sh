# SPDX-License-Identifier: GPL-2.0-or-later
# Whose the traffic is, on the screen.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/screen/screen.sh"

# A web server, a name server that a scan found, a container, and traffic that is nobody's. In the
# second interval the web server has another name and the container's process ends.
recording owners <<'END'
owners 1
iface 0 eth0 10G
addr 192.0.2.1 netns=1
addr 2001:db8::1 netns=1
addr 172.17.0.2 netns=2
owner 1 nginx pid=1234 uid=33 user=www-data cgroup=/system.slice/nginx.service command=nginx: worker process
owner 2 named pid=801 uid=53 user=bind cgroup=/system.slice/named.service
owner 3 python3 pid=4242 uid=0 user=root runtime=docker container=0123456789abcdef0123456789abcdef container_name=web image=python:3.12 pod=web-1 pod_namespace=shop
owner 4 sshd pid=99 uid=0 user=root
socket listening tcp [::]:443 owner=1 netns=1
socket bound udp 0.0.0.0:53 owner=2 netns=1 estimated
socket connected tcp 172.17.0.2:40000 198.51.100.1:80 owner=3 netns=2
socket connected tcp 192.0.2.1:22 192.0.2.9:50000 owner=4 netns=1
socket connected tcp 192.0.2.1:25 192.0.2.9:50001 reason=not-permitted netns=1
flow eth0 in tcp 192.0.2.7:41234 192.0.2.1:443 packets=120 bytes=150000 flags=SYN,ACK
flow eth0 out tcp 192.0.2.1:443 192.0.2.7:41234 packets=900 bytes=1250000 flags=SYN,ACK
flow eth0 in tcp [2001:db8::7]:41234 [2001:db8::1]:443 packets=12 bytes=15000 flags=SYN,ACK
flow eth0 in udp 198.51.100.9:53123 192.0.2.1:53 packets=3 bytes=240
flow eth0 out udp 192.0.2.1:53 198.51.100.9:53123 packets=3 bytes=900
flow eth0 in tcp 172.17.0.2:40000 198.51.100.1:80 packets=40 bytes=52000 flags=ACK
flow eth0 out tcp 198.51.100.1:80 172.17.0.2:40000 packets=60 bytes=82000 flags=ACK
flow eth0 in tcp 10.9.9.9:40000 198.51.100.1:443 packets=40 bytes=42000 flags=ACK
flow eth0 in tcp 192.0.2.9:50000 192.0.2.1:22 packets=5 bytes=5000 flags=ACK
flow eth0 in tcp 192.0.2.9:50001 192.0.2.1:25 packets=4 bytes=4000 flags=ACK
flow eth0 in arp 192.0.2.7 192.0.2.1 packets=1 bytes=60 sport=1
fold eth0 in tcp *:* 192.0.2.1:443 packets=7 bytes=420 flags=SYN
tick 1 slots=8192 used=12
owner 1 caddy pid=1234 uid=33 user=www-data
owner 3 python3 pid=4242 uid=0 user=root container=0123456789abcdef0123456789abcdef container_name=web pod=web-1 pod_namespace=shop gone
socket connected tcp 172.17.0.2:40000 198.51.100.1:80 netns=2 gone
flow eth0 in tcp 192.0.2.7:41234 192.0.2.1:443 packets=60 bytes=75000 flags=ACK
flow eth0 in tcp 172.17.0.2:40000 198.51.100.1:80 packets=1 bytes=60 flags=FIN,ACK
tick 1 slots=8192 used=2
end
END

screen "conversations" owners 80x24 'tick
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 2.15Mb/s   232p/s  tx 10.7Mb/s   963p/s             █             █
flows 12 active  12 kept  of 4.10k  slots 0%  folded 7 (0.6%)  books balance
PROTO LOCAL               REMOTE              PROCESS       RX b/s TX b/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234     nginx 1234     1.20M  10.0M 11.2M
tcp   198.51.100.1:80     172.17.0.2:40000    web/python3     416k   656k 1.07M
tcp   198.51.100.1:443    10.9.9.9:40000      forwarded       336k      0  336k
tcp   [2001:db8::1]:443   [2001:db8::7]:41234 nginx 1234      120k      0  120k
tcp   192.0.2.1:22        192.0.2.9:50000     sshd 99        40.0k      0 40.0k
tcp   192.0.2.1:25        192.0.2.9:50001     not permitted  32.0k      0 32.0k
udp   192.0.2.1:53        198.51.100.9:53123  ~named 801     1.92k  7.20k 9.12k
tcp   192.0.2.1:443       *                   ~nginx 1234    3.36k      0 3.36k
arp   192.0.2.1           192.0.2.7           no socket        480      0   480










replay of owners.rec
--------------------------------------------------------------------------------
END

screen "directions" owners 80x24 'tick
key d
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Directions                   LIVE  00:00:01  up 1s  every 1s
eth0     rx 2.15Mb/s   232p/s  tx 10.7Mb/s   963p/s             █             █
flows 12 active  12 kept  of 4.10k  slots 0%  folded 7 (0.6%)  books balance
PROTO DIR SOURCE              DESTINATION         PROCESS        ▼b/s   p/s
tcp   out 192.0.2.1:443       192.0.2.7:41234     nginx 1234    10.0M   900
tcp   in  192.0.2.7:41234     192.0.2.1:443       nginx 1234    1.20M   120
tcp   out 198.51.100.1:80     172.17.0.2:40000    web/python3    656k    60
tcp   in  172.17.0.2:40000    198.51.100.1:80     web/python3    416k    40
tcp   in  10.9.9.9:40000      198.51.100.1:443    forwarded      336k    40
tcp   in  [2001:db8::7]:41234 [2001:db8::1]:443   nginx 1234     120k    12
tcp   in  192.0.2.9:50000     192.0.2.1:22        sshd 99       40.0k     5
tcp   in  192.0.2.9:50001     192.0.2.1:25        not permitted 32.0k     4
udp   out 192.0.2.1:53        198.51.100.9:53123  ~named 801    7.20k     3
tcp   in  *                   192.0.2.1:443       ~nginx 1234   3.36k     7
udp   in  198.51.100.9:53123  192.0.2.1:53        ~named 801    1.92k     3
arp   in  192.0.2.7           192.0.2.1           no socket       480     1







replay of owners.rec
--------------------------------------------------------------------------------
END

screen "processes" owners 80x24 'tick
key 9
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Processes                    LIVE  00:00:01  up 1s  every 1s
eth0     rx 2.15Mb/s   232p/s  tx 10.7Mb/s   963p/s             █             █
flows 12 active  12 kept  of 4.10k  slots 0%  folded 7 (0.6%)  books balance
PROCESS             USER     CONTAINER   FLOWS RX b/s TX b/s   p/s  ▼b/s  SHARE
nginx 1234          www-data                 4  1.32M  10.0M 1.04k 11.3M    88%
python3 4242        root     web             2   416k   656k   100 1.07M   8.4%
(forwarded)                                  1   336k      0    40  336k   2.6%
sshd 99             root                     1  40.0k      0     5 40.0k   0.3%
(not permitted)                              1  32.0k      0     4 32.0k   0.2%
named 801           bind                     2  1.92k  7.20k     6 9.12k   0.1%
(no socket)                                  1    480      0     1   480  <0.1%












replay of owners.rec
--------------------------------------------------------------------------------
END

screen "every view by owner" owners 80x20 'tick
key 9
key t
show
key t
show
key t
show
key t
show
key t
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Programs                     LIVE  00:00:01  up 1s  every 1s
eth0     rx 2.15Mb/s   232p/s  tx 10.7Mb/s   963p/s             █             █
flows 12 active  12 kept  of 4.10k  slots 0%  folded 7 (0.6%)  books balance
PROGRAM             FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS
nginx                   4  1.32M  10.0M    139    900 11.3M    88%    88%     2
python3                 2   416k   656k     40     60 1.07M   8.4%    97%     1
(forwarded)             1   336k      0     40      0  336k   2.6%  99.4%     1
sshd                    1  40.0k      0      5      0 40.0k   0.3%  99.7%     1
(not permitted)         1  32.0k      0      4      0 32.0k   0.2%  99.9%     1
named                   2  1.92k  7.20k      3      3 9.12k   0.1% >99.9%     1
(no socket)             1    480      0      1      0   480  <0.1%   100%     1








replay of owners.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Users                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 2.15Mb/s   232p/s  tx 10.7Mb/s   963p/s             █             █
flows 12 active  12 kept  of 4.10k  slots 0%  folded 7 (0.6%)  books balance
USER                FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS
www-data                4  1.32M  10.0M    139    900 11.3M    88%    88%     2
root                    3   456k   656k     45     60 1.11M   8.7%    97%     2
(forwarded)             1   336k      0     40      0  336k   2.6%  99.7%     1
(not permitted)         1  32.0k      0      4      0 32.0k   0.2%  99.9%     1
bind                    2  1.92k  7.20k      3      3 9.12k   0.1% >99.9%     1
(no socket)             1    480      0      1      0   480  <0.1%   100%     1









replay of owners.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Cgroups                      LIVE  00:00:01  up 1s  every 1s
eth0     rx 2.15Mb/s   232p/s  tx 10.7Mb/s   963p/s             █             █
flows 12 active  12 kept  of 4.10k  slots 0%  folded 7 (0.6%)  books balance
CGROUP                      FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE
/system.slice/nginx.service     4  1.32M  10.0M    139    900 11.3M    88%
(cgroup not known)              3   456k   656k     45     60 1.11M   8.7%
(forwarded)                     1   336k      0     40      0  336k   2.6%
(not permitted)                 1  32.0k      0      4      0 32.0k   0.2%
/system.slice/named.service     2  1.92k  7.20k      3      3 9.12k   0.1%
(no socket)                     1    480      0      1      0   480  <0.1%









replay of owners.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Containers                   LIVE  00:00:01  up 1s  every 1s
eth0     rx 2.15Mb/s   232p/s  tx 10.7Mb/s   963p/s             █             █
flows 12 active  12 kept  of 4.10k  slots 0%  folded 7 (0.6%)  books balance
CONTAINER           FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS
(no container)          7  1.37M  10.0M    147    903 11.4M    89%    89%     4
web                     2   416k   656k     40     60 1.07M   8.4%    97%     1
(forwarded)             1   336k      0     40      0  336k   2.6%  99.7%     1
(not permitted)         1  32.0k      0      4      0 32.0k   0.2% >99.9%     1
(no socket)             1    480      0      1      0   480  <0.1%   100%     1










replay of owners.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Pods                         LIVE  00:00:01  up 1s  every 1s
eth0     rx 2.15Mb/s   232p/s  tx 10.7Mb/s   963p/s             █             █
flows 12 active  12 kept  of 4.10k  slots 0%  folded 7 (0.6%)  books balance
POD                 FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS
(no pod)                7  1.37M  10.0M    147    903 11.4M    89%    89%     4
shop/web-1              2   416k   656k     40     60 1.07M   8.4%    97%     1
(forwarded)             1   336k      0     40      0  336k   2.6%  99.7%     1
(not permitted)         1  32.0k      0      4      0 32.0k   0.2% >99.9%     1
(no socket)             1    480      0      1      0   480  <0.1%   100%     1










replay of owners.rec
--------------------------------------------------------------------------------
END

screen "frozen, names stand still" owners 80x20 'tick
key p
tick
show
key Esc
show' <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                   FROZEN 1s  00:00:01  up 1s  every 1s
eth0     rx 2.15Mb/s   232p/s  tx 10.7Mb/s   963p/s             █             █
flows 12 active  12 kept  of 4.10k  slots 0%  folded 7 (0.6%)  books balance
PROTO LOCAL               REMOTE              PROCESS       RX b/s TX b/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234     nginx 1234     1.20M  10.0M 11.2M
tcp   198.51.100.1:80     172.17.0.2:40000    web/python3     416k   656k 1.07M
tcp   198.51.100.1:443    10.9.9.9:40000      forwarded       336k      0  336k
tcp   [2001:db8::1]:443   [2001:db8::7]:41234 nginx 1234      120k      0  120k
tcp   192.0.2.1:22        192.0.2.9:50000     sshd 99        40.0k      0 40.0k
tcp   192.0.2.1:25        192.0.2.9:50001     not permitted  32.0k      0 32.0k
udp   192.0.2.1:53        198.51.100.9:53123  ~named 801     1.92k  7.20k 9.12k
tcp   192.0.2.1:443       *                   ~nginx 1234    3.36k      0 3.36k
arp   192.0.2.1           192.0.2.7           no socket        480      0   480






replay of owners.rec
--------------------------------------------------------------------------------
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:02  up 2s  every 1s
eth0     rx  600kb/s    61p/s  tx     0b/s     0p/s            █▃            █
flows 2 active  12 kept  of 4.10k  slots 0%  folded 7 (0.6%)  books balance
PROTO LOCAL               REMOTE              PROCESS       RX b/s TX b/s  ▼b/s
tcp   192.0.2.1:443       192.0.2.7:41234     caddy 1234      600k      0  600k
tcp   198.51.100.1:80     172.17.0.2:40000    web/python3      480      0   480
udp   192.0.2.1:53        198.51.100.9:53123  ~named 801         0      0     0
tcp   198.51.100.1:443    10.9.9.9:40000      forwarded          0      0     0
tcp   192.0.2.1:22        192.0.2.9:50000     sshd 99            0      0     0
tcp   192.0.2.1:25        192.0.2.9:50001     not permitted      0      0     0
arp   192.0.2.1           192.0.2.7           no socket          0      0     0
tcp   192.0.2.1:443       *                   ~caddy 1234        0      0     0
tcp   [2001:db8::1]:443   [2001:db8::7]:41234 caddy 1234         0      0     0






replay of owners.rec
--------------------------------------------------------------------------------
END

screen "sixty columns" owners 60x16 'tick
show' <<'END'
------------------------------------------------------------
pktop  web1  tc l2  Flows    LIVE  00:00:01  up 1s  every 1s
eth0     rx 2.15Mb/s   232p/s  tx 10.7Mb/s   963p/s
flows 12 active  12 kept  folded 7 (0.6%)  books balance
PROTO REMOTE              PROCESS       RX b/s TX b/s  ▼b/s
tcp   192.0.2.7:41234     nginx 1234     1.20M  10.0M 11.2M
tcp   172.17.0.2:40000    web/python3     416k   656k 1.07M
tcp   10.9.9.9:40000      forwarded       336k      0  336k
tcp   [2001:db8::7]:41234 nginx 1234      120k      0  120k
tcp   192.0.2.9:50000     sshd 99        40.0k      0 40.0k
tcp   192.0.2.9:50001     not permitted  32.0k      0 32.0k
udp   198.51.100.9:53123  ~named 801     1.92k  7.20k 9.12k
tcp   *                   ~nginx 1234    3.36k      0 3.36k
arp   192.0.2.7           no socket        480      0   480


replay of owners.rec
------------------------------------------------------------
END

screen "forty columns" owners 40x14 'tick
show' <<'END'
----------------------------------------
pktop  web1  Flows        LIVE  00:00:01
eth0     rx 2.15Mb/s  tx 10.7Mb/s
books balance
REMOTE              RX b/s TX b/s  ▼b/s
192.0.2.7:41234      1.20M  10.0M 11.2M
172.17.0.2:40000      416k   656k 1.07M
10.9.9.9:40000        336k      0  336k
[2001:db8::7]:41234   120k      0  120k
192.0.2.9:50000      40.0k      0 40.0k
192.0.2.9:50001      32.0k      0 32.0k
198.51.100.9:53123   1.92k  7.20k 9.12k
*                    3.36k      0 3.36k
192.0.2.7              480      0   480
replay of owners.rec
----------------------------------------
END

screen "wide, by process" owners 160x14 'tick
show' --view pid <<'END'
----------------------------------------------------------------------------------------------------------------------------------------------------------------
pktop  web1  tc l2  Processes                                                                                                    LIVE  00:00:01  up 1s  every 1s
eth0     rx 2.15Mb/s   232p/s  tx 10.7Mb/s   963p/s                                                     █                                                     █
flows 12 active  12 kept  of 4.10k  slots 0%  folded 7 (0.6%)  books balance
PROCESS             USER     CONTAINER   FLOWS RX b/s TX b/s RX p/s TX p/s  ▼b/s  SHARE  CUMUL PEERS BYTES PACKETS   p/s 10s b/s 60s b/s PEAK b/s POD
nginx 1234          www-data                 4  1.32M  10.0M    139    900 11.3M    88%    88%     2 1.42M   1.04k 1.04k   11.3M   11.3M    11.3M
python3 4242        root     web             2   416k   656k     40     60 1.07M   8.4%    97%     1  134k     100   100   1.07M   1.07M    1.07M shop/web-1
(forwarded)                                  1   336k      0     40      0  336k   2.6%  99.4%     1 42.0k      40    40    336k    336k     336k
sshd 99             root                     1  40.0k      0      5      0 40.0k   0.3%  99.7%     1 5.00k       5     5   40.0k   40.0k    40.0k
(not permitted)                              1  32.0k      0      4      0 32.0k   0.2%  99.9%     1 4.00k       4     4   32.0k   32.0k    32.0k
named 801           bind                     2  1.92k  7.20k      3      3 9.12k   0.1% >99.9%     1 1.14k       6     6   9.12k   9.12k    9.12k
(no socket)                                  1    480      0      1      0   480  <0.1%   100%     1    60       1     1     480     480      480


replay of owners.rec
----------------------------------------------------------------------------------------------------------------------------------------------------------------
END

screen "columns that were asked for" owners 80x20 'tick
show' --columns remote,pid,comm,uid,user,container,pod,bps <<'END'
--------------------------------------------------------------------------------
pktop  web1  tc l2  Flows                        LIVE  00:00:01  up 1s  every 1s
eth0     rx 2.15Mb/s   232p/s  tx 10.7Mb/s   963p/s             █             █
flows 12 active  12 kept  of 4.10k  slots 0%  folded 7 (0.6%)  books balance
REMOTE                  PID COMM       USER     CONTAINER   POD           ▼b/s
192.0.2.7:41234        1234 nginx      www-data                          11.2M
172.17.0.2:40000       4242 python3    root     web         shop/web-1   1.07M
10.9.9.9:40000            -                                               336k
[2001:db8::7]:41234    1234 nginx      www-data                           120k
192.0.2.9:50000          99 sshd       root                              40.0k
192.0.2.9:50001           -                                              32.0k
198.51.100.9:53123      801 named      bind                              9.12k
*                      1234 nginx      www-data                          3.36k
192.0.2.7                 -                                                480






replay of owners.rec
--------------------------------------------------------------------------------
END

done_testing
