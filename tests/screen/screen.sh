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
