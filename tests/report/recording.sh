# SPDX-License-Identifier: GPL-2.0-or-later
# Sourced by the report tests: makes a directory for a test and recordings in it.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/lib.sh"

case $pktop in /*) ;; *) pktop=$PWD/$pktop ;; esac
case $top_builddir in /*) ;; *) top_builddir=$PWD/$top_builddir ;; esac
case $top_srcdir in /*) ;; *) top_srcdir=$PWD/$top_srcdir ;; esac
dir=$(mktemp -d "${TMPDIR:-/tmp}/report.XXXXXX") || exit 1
trap 'rm -rf "$dir"' EXIT
cd "$dir" || exit 1
export TZ=UTC LC_ALL=C

# make FILE: from a description on stdin, see tests/make-recording.c
make() { "$top_builddir/tests/make-recording" "$1"; }

# run COMMAND...: sets status; stdout and stderr go to files
run() {
	status=0
	"$@" >out 2>err </dev/null || status=$?
}

# prints NAME WANT: what run() did ended well and wrote this to stdout, nothing to stderr
prints() {
	is "$1: status" "$status" 0
	is "$1" "$(cat out)" "$2"
	is "$1: nothing on stderr" "$(cat err)" ""
}

# Two seconds on one interface; the second has one flow, and one packet that is not IP.
small_recording() {
	make small.rec <<-'END'
		iface 0 eth0 1000M
		flow eth0 in tcp 192.0.2.7:41234 192.0.2.1:443 packets=10 bytes=1500 flags=SYN,ACK vlan=5
		flow eth0 out tcp 192.0.2.1:443 192.0.2.7:41234 packets=20 bytes=30000 flags=PSH,ACK vlan=5
		flow eth0 in icmp6 2001:db8::1 2001:db8::2 packets=2 bytes=236 sport=128
		fold eth0 in tcp *:* 192.0.2.1:80 packets=7 bytes=420 flags=SYN
		other eth0 in not_ip 3 180
		tcp eth0 in syn=8 syn_ack=4
		tick 1.0 used=4
		flow eth0 in tcp 192.0.2.7:41234 192.0.2.1:443 packets=5 bytes=500 flags=FIN vlan=5
		other eth0 in malformed 1 60
		tick 1.0 used=1
		end
	END
}
