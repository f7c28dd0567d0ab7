# SPDX-License-Identifier: GPL-2.0-or-later
# Reports onto a full disk fail and leave no file; without /proc they take a temporary name.
# shellcheck shell=sh disable=SC2154

. "${top_srcdir:-.}/tests/report/recording.sh"
need_root
need_command unshare mount
unshare -m true 2>/dev/null || skip_all "mount namespaces are not permitted"

{
	echo "iface 0 eth0"
	n=0
	while [ "$n" -lt 1000 ]; do
		echo "flow eth0 in udp 192.0.2.1:$n 192.0.2.2:53 packets=1 bytes=100"
		n=$((n + 1))
	done
	echo "tick 1"
	echo end
} | make big.rec
small_recording
mkdir disk

# In a mount namespace of its own: what is mounted there is gone with it.
cat >inside.sh <<'END'
mount -t tmpfs -o size=16k none disk || exit 77
"$pktop" --replay big.rec --csv -o disk/report 2>err
echo "$?" >status
ls -A disk >files
echo old >disk/report
"$pktop" --replay big.rec --csv -o disk/report 2>>err
cat disk/report >contents
# where a file cannot stay without a name until it is whole
umount -l /proc || exit 77
# (a leak checker wants to read there, and complains)
"$pktop" --replay small.rec --total -o disk/other 2>/dev/null
cat disk/other >other
ls -A disk >>files
END
export pktop
status=0
unshare -m sh inside.sh || status=$?
[ "$status" != 77 ] || skip_all "a tmpfs cannot be mounted"
is "status" "$(cat status)" 1
is "sentence" "$(cat err)" "pktop: cannot write the report: No space left on device
pktop: cannot write the report: No space left on device"
is "no file is left" "$(cat files)" "other
report"
is "without /proc" "$(cat other)" "$("$pktop" --replay small.rec --total)"
is "an old file stays" "$(cat contents)" old
done_testing
