#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What counting, reading and showing cost. Run by "make bench" as root; PEER_OBJ=FILE.o measures the
# programs for tc and XDP of another object beside ours; BENCH="PART..." runs some parts only (hot
# sets xdp flood flip drain labels hooks model live frames events); ROUNDS=N (31) for the paired
# ratios. Compare figures of one run only.
set -eu
: "${top_builddir:=.}" "${ROUNDS:=31}"
: "${BENCH:=hot sets xdp flood flip drain labels hooks model live frames events}"

if [ "$(id -u)" != 0 ]; then
	echo "make bench: needs root to load programs; running the part that does not" >&2
	BENCH=model
fi
echo "$(uname -srm), $(nproc) CPUs, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"

# frames N: of a recording of N flows from as many sources
frames() {
	awk -v n="$1" 'BEGIN {
		print "max_flows", n + 1000
		print "iface 1 eth0"
		for (i = 0; i < n; i++) {
			address = i * 2654435 % 16777216
			printf "flow eth0 in tcp %d.%d.%d.7:%d 192.0.2.1:443 packets=%d bytes=%d\n",
				address / 65536, address / 256 % 256, address % 256,
				1024 + i % 60000, 1 + i % 100, 1000 + i % 99991
		}
		print "tick 1"
		print "end"
	}' | "$top_builddir/tests/make-recording" "$recording"
	"$top_builddir/tests/bench-live" -f "$recording" "$1" "$top_builddir/pktop"
}

for part in $BENCH; do
	case $part in
	events)
		records=$(mktemp "${TMPDIR:-/tmp}/events.XXXXXX")
		"$top_builddir/tests/bench-events" "$top_builddir/pktop" 100000 10 "$records"
		;;
	hooks) "$top_builddir/tests/bench-hooks" -r "$ROUNDS" "$top_builddir/pktop" ;;
	model) "$top_builddir/tests/bench-model" ;;
	frames)
		recording=$(mktemp "${TMPDIR:-/tmp}/frames.XXXXXX")
		trap 'rm -f "$recording"' EXIT
		echo
		for n in 10000 100000 1000000; do
			frames $n
		done
		;;
	live) "$top_builddir/tests/bench-live" "$top_builddir/pktop" ;;
	*) "$top_builddir/tests/bench-kernel" -r "$ROUNDS" ${PEER_OBJ:+-p "$PEER_OBJ"} "$part" ;;
	esac
done
