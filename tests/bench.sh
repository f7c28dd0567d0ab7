#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What counting, reading and showing cost. Run by "make bench" as root; PEER_OBJ=FILE.o measures the
# programs for tc and XDP of another object beside ours; BENCH="PART..." runs some parts only (hot
# sets xdp flood flip drain hooks model live); ROUNDS=N (31) for the paired ratios. Compare figures
# of one run only.
set -eu
: "${top_builddir:=.}" "${ROUNDS:=31}" "${BENCH:=hot sets xdp flood flip drain hooks model live}"

if [ "$(id -u)" != 0 ]; then
	echo "make bench: needs root to load programs; running the part that does not" >&2
	BENCH=model
fi
echo "$(uname -srm), $(nproc) CPUs, $(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)"
for part in $BENCH; do
	case $part in
	hooks) "$top_builddir/tests/bench-hooks" -r "$ROUNDS" "$top_builddir/pktop" ;;
	model) "$top_builddir/tests/bench-model" ;;
	live) "$top_builddir/tests/bench-live" "$top_builddir/pktop" ;;
	*) "$top_builddir/tests/bench-kernel" -r "$ROUNDS" ${PEER_OBJ:+-p "$PEER_OBJ"} "$part" ;;
	esac
done
