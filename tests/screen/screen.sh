# SPDX-License-Identifier: GPL-2.0-or-later
# For the tests of screens: recordings, and what keys make of them. There is no terminal: the screen
# exists in memory, and the clock is that of the recording.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/lib.sh"

need_command setsid

dir=$(mktemp -d "${TMPDIR:-/tmp}/screen.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
case $pktop in
/*) ;;
*) pktop=$PWD/$pktop ;;
esac
case $top_srcdir in /*) ;; *) top_srcdir=$PWD/$top_srcdir ;; esac
case $top_builddir in
/*) ;;
*) top_builddir=$PWD/$top_builddir ;;
esac
cd "$dir" || exit 1
unset NO_COLOR COLUMNS LINES TERM
LC_ALL=C.UTF-8 TZ=UTC0
export LC_ALL TZ

# recording NAME <DESCRIPTION: see make-recording.c
recording() {
	"$top_builddir/tests/make-recording" "$1.rec" || exit 1
}

# screen NAME RECORDING SIZE SCRIPT [OPTION...] <WANT: everything that the script writes
screen() {
	screen_name=$1 screen_recording=$2 screen_size=$3
	printf '%s\n' "$4" >script
	shift 4
	got=$(setsid -w "$pktop" --replay "$screen_recording.rec" --script script \
		--size "$screen_size" "$@" </dev/null 2>&1) || got="$got
status $?"
	is "$screen_name" "$got" "$(cat)"
}

# Two interfaces, both families, several protocols; 3 intervals of a second.
two_interfaces() {
	recording two <<'END'
host web1
max_flows 4096
start 1000 1767225600
iface 0 eth0 10G
iface 1 wg0 layer3
flow eth0 in tcp 192.0.2.7:41234 192.0.2.1:443 packets=120 bytes=150000 flags=SYN,ACK
flow eth0 out tcp 192.0.2.1:443 192.0.2.7:41234 packets=900 bytes=1250000 flags=SYN,ACK
flow eth0 in udp 198.51.100.9:53123 192.0.2.1:53 packets=3 bytes=240
flow eth0 out udp 192.0.2.1:53 198.51.100.9:53123 packets=3 bytes=900
flow eth0 in tcp [2001:db8:1234:5678:9abc:def0:1234:5678]:50000 [2001:db8::1]:443 packets=40 bytes=52000 flags=ACK
flow eth0 out tcp [2001:db8::1]:443 [2001:db8:1234:5678:9abc:def0:1234:5678]:50000 packets=41 bytes=2600 flags=ACK
flow eth0 in icmp 203.0.113.5 192.0.2.1 packets=1 bytes=98 sport=8
flow eth0 in arp 192.0.2.7 192.0.2.1 packets=1 bytes=60 sport=1
flow wg0 in tcp 10.0.0.2:40000 10.0.0.1:22 packets=12 bytes=1200 flags=ACK
flow wg0 out tcp 10.0.0.1:22 10.0.0.2:40000 packets=10 bytes=4200 flags=ACK
tick 1 slots=8192 used=10
flow eth0 in tcp 192.0.2.7:41234 192.0.2.1:443 packets=60 bytes=75000 flags=ACK
flow eth0 out tcp 192.0.2.1:443 192.0.2.7:41234 packets=450 bytes=625000 flags=ACK
flow wg0 in tcp 10.0.0.2:40000 10.0.0.1:22 packets=6 bytes=600 flags=ACK
tick 1 slots=8192 used=3
flow eth0 in tcp 192.0.2.7:41234 192.0.2.1:443 packets=20 bytes=25000 flags=ACK
flow eth0 out udp 192.0.2.1:53 198.51.100.9:53123 packets=300 bytes=90000
flow eth0 in tcp 192.0.2.99:1024 192.0.2.1:443 packets=5 bytes=300 flags=SYN
tick 1 slots=8192 used=3
end
END
}

# Long addresses, names of wide and of combining characters, and texts that programs chose badly.
every_kind() {
	recording every <<'END'
host web1.example.org
owners 1
max_flows 4096
start 1000 1767225600
iface 0 eth0 10G
iface 1 wg-to-branch-9 layer3
addr 192.0.2.1 netns=1
addr 2001:db8::1 netns=1
owner 1 nginx pid=1234 uid=33 user=www-data cgroup=/system.slice/nginx.service command=nginx: worker process
owner 2 数据库服务器进程 pid=801 uid=53 user=bind cgroup=/system.slice/容器.service container_name=容器
owner 3 e´é̈ pid=4242 uid=1000 user=üser runtime=docker container=0123456789abcdef0123456789abcdef container_name=web image=python:3.12 pod=web-1 pod_namespace=shop
socket listening tcp 192.0.2.1:443 owner=1 netns=1
socket listening tcp [2001:db8::1]:443 owner=2 netns=1
socket bound udp 192.0.2.1:53 owner=3 netns=1 estimated
flow eth0 in tcp 192.0.2.7:41234 192.0.2.1:443 packets=1200 bytes=1500000 flags=SYN,ACK vlan=5
flow eth0 out tcp 192.0.2.1:443 192.0.2.7:41234 packets=9000 bytes=12500000 flags=SYN,ACK vlan=5
flow eth0 in udp 198.51.100.9:53123 192.0.2.1:53 packets=300 bytes=24000
flow eth0 out udp 192.0.2.1:53 198.51.100.9:53123 packets=300 bytes=90000
flow eth0 in tcp [2001:db8:1234:5678:9abc:def0:1234:5678]:50000 [2001:db8::1]:443 packets=400 bytes=520000 flags=ACK
flow eth0 out tcp [2001:db8::1]:443 [2001:db8:1234:5678:9abc:def0:1234:5678]:50000 packets=410 bytes=26000 flags=ACK
flow eth0 in icmp 203.0.113.5 192.0.2.1 packets=10 bytes=980 sport=8
flow eth0 in arp 192.0.2.7 192.0.2.1 packets=1 bytes=60 sport=1
flow wg-to-branch-9 in tcp 10.0.0.2:40000 10.0.0.1:22 packets=120 bytes=12000 flags=ACK
flow wg-to-branch-9 out tcp 10.0.0.1:22 10.0.0.2:40000 packets=100 bytes=42000 flags=ACK
fold eth0 in tcp *:* 192.0.2.1:80 packets=70 bytes=4200 flags=SYN
other eth0 in not_ip 3 180
tick 6 slots=8192 used=12
flow eth0 in tcp 192.0.2.7:41234 192.0.2.1:443 packets=60 bytes=75000 flags=ACK vlan=5
flow eth0 out tcp 192.0.2.1:443 192.0.2.7:41234 packets=450 bytes=625000 flags=ACK vlan=5
flow eth0 in tcp [2001:db8:1234:5678:9abc:def0:1234:5678]:50000 [2001:db8::1]:443 packets=40 bytes=52000 flags=ACK
tick 1 slots=8192 used=3
end
END
}
